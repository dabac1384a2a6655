"""What the parts of a board say, each as a sentence that a matcher can hold against the criteria.

An arrow is spoken ("The logs feed the trainer: daily."), and quoted as it was typed ("logs -> trainer: daily").
A name alone is weak evidence: that a feature store is on the board does not show what it is for. So a
component is never credited; what an arrow that says no more can earn is limited in `app/domain/grading.py`.
Nothing that is drawn is taken for a wrong claim: the matcher finds some in sound reference architectures.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.domain.board import Board, BoardEdge, identity, parse_board
from app.domain.catalog import Brief
from app.domain.speech import Span
from app.errors import InputError
from app.ports import Matcher, SentenceMatch

WEAK = 0.35
"""The most that a component's name can score: below what is credited, asked for or not."""


@dataclass(frozen=True)
class Part:
    """Something drawn.

    Attributes:
        span: as typed.
        spoken: as a sentence.
        edge: whether it is an arrow.
    """

    span: Span
    spoken: str
    edge: bool


def new_parts(text: str, *, drawn: Collection[str] = ()) -> list[Part]:
    """What a board draws that earlier ones did not: arrows first, then components.

    Args:
        text: of the board.
        drawn: the texts of the earlier boards of the interview; drawing the same again says nothing new.
    """
    board = _read(text)
    if board is None:
        return []
    earlier = [found for each in drawn if (found := _read(each)) is not None]
    known = {ends for before in earlier for edge in before.edges for ends in _ends(edge)}
    labels = {(*ends, identity(edge.label)) for before in earlier for edge in before.edges for ends in _ends(edge)}
    names = {identity(one.name) for before in earlier for one in before.components}
    parts = [
        Part(span=edge.span, spoken=spoken(edge), edge=True)
        for edge in board.edges
        if not (_key(edge) in known if not edge.label else (*_key(edge), identity(edge.label)) in labels)
    ]
    parts += [
        Part(span=one.span, spoken=f"There is a {one.name}.", edge=False)
        for one in board.components
        if identity(one.name) not in names
    ]
    return parts


def spoken(edge: BoardEdge) -> str:
    """An arrow as a sentence."""
    says = f": {edge.label}" if edge.label else ""
    verb = "and" if edge.both else "feeds"
    after = " feed each other" if edge.both else ""
    return f"The {edge.source} {verb} the {edge.target}{after}{says}."


def observe_parts(parts: Sequence[Part], *, brief: Brief, matcher: Matcher) -> list[SentenceMatch]:
    """One match per part, with what a drawing cannot show taken out."""
    matches = matcher.observe(brief, [part.spoken for part in parts])
    return [_tempered(match, part) for match, part in zip(matches, parts, strict=True)]


def _tempered(match: SentenceMatch, part: Part) -> SentenceMatch:
    if part.edge:
        return match.model_copy(update={"flags": ()})
    weak = tuple(
        found.model_copy(update={"credit": False, "score": min(found.score, WEAK), "alone": min(found.alone, WEAK)})
        for found in match.criteria
    )
    return match.model_copy(update={"criteria": weak, "flags": (), "resolves": ()})


def _read(text: str) -> Board | None:
    try:
        return parse_board(text)
    except InputError:
        return None


def _key(edge: BoardEdge) -> tuple[str, str]:
    return identity(edge.source), identity(edge.target)


def _ends(edge: BoardEdge) -> list[tuple[str, str]]:
    """An arrow that points both ways is two."""
    source, target = _key(edge)
    return [(source, target), (target, source)] if edge.both else [(source, target)]
