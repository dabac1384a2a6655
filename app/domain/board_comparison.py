"""Sets a candidate's board beside a case's reference architecture, which is one of several good ones.

Names are compared by the stems of their words with the reference's names and the other names it goes by.
An arrow counts in either direction, for people draw calls and flows alike; one that leaps over reference
components that were not drawn counts too. What is on the board and not in the reference is no fault.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from app.domain.board import Board, BoardComponent, BoardEdge
from app.domain.case import Architecture, Edge
from app.domain.speech import Span, stem, words_of
from app.domain.vocabulary import Frozen

ALIKE = 0.5
"""Least share of stems that two names must have in common; set on the reference architectures' own other names."""
_SAY_LITTLE = frozenset(
    "a an the of for and with in on our service system server store module step layer model".split()
)


class ComponentPair(Frozen):
    """A component of the board, and what the reference calls it."""

    drawn: str
    reference: str


class BoardComparison(Frozen):
    """What a board and the reference have in common, by name; an arrow reads "logs → trainer".

    Attributes:
        matched: components that both have.
        missing: components that only the reference has.
        extra: components that only the board has.
        edges_matched: arrows of the board that the reference has, or leads along.
        edges_missing: arrows of the reference between components that the board has, without a way on the board.
        edges_extra: arrows of the board that the reference does not have.
    """

    matched: tuple[ComponentPair, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    edges_matched: tuple[str, ...]
    edges_missing: tuple[str, ...]
    edges_extra: tuple[str, ...]


def compare(board: Board, reference: Architecture) -> BoardComparison:
    """What is common to both, and what is not."""
    found = counterparts([one.name for one in board.components], reference)
    here = set(found.values())
    names = {one.id: one.name for one in reference.components}
    drawn_pairs = {pair for edge in board.edges if (pair := _pair(edge, found)) is not None}
    common = [edge for edge in board.edges if (pair := _pair(edge, found)) and _leads(pair, reference.edges, here)]
    drawn = [Edge(source=ends[0], target=ends[1]) for ends in sorted(drawn_pairs)]
    between = [edge for edge in reference.edges if {edge.source, edge.target} <= here and edge.source != edge.target]
    return BoardComparison(
        matched=tuple(ComponentPair(drawn=name, reference=names[id]) for name, id in found.items()),
        missing=tuple(one.name for one in reference.components if one.id not in here),
        extra=tuple(one.name for one in board.components if one.name not in found),
        edges_matched=tuple(_arrow(edge.source, edge.target) for edge in common),
        edges_missing=tuple(
            _arrow(names[edge.source], names[edge.target])
            for edge in between
            if not _leads((edge.source, edge.target), drawn, set())
        ),
        edges_extra=tuple(_arrow(edge.source, edge.target) for edge in board.edges if edge not in common),
    )


def reference_board(reference: Architecture) -> Board:
    """The reference as a board, so that both are drawn alike; it has no text to point into."""
    nowhere = Span(start=0, end=0, text="")
    names = {one.id: one.name for one in reference.components}
    return Board(
        components=tuple(BoardComponent(name=one.name, group=one.group, span=nowhere) for one in reference.components),
        edges=tuple(
            BoardEdge(source=names[edge.source], target=names[edge.target], label=edge.label, both=False, span=nowhere)
            for edge in reference.edges
        ),
    )


def counterparts(drawn: Sequence[str], reference: Architecture) -> dict[str, str]:
    """Of the drawn names those that the reference has, with the reference's ids; the surest are settled first."""
    scored = sorted(
        (
            (-score, place, other, name, one.id)
            for place, name in enumerate(drawn)
            for other, one in enumerate(reference.components)
            if (score := max(alike(name, alias) for alias in (one.name, *one.also))) >= ALIKE
        )
    )
    found: dict[str, str] = {}
    for _, _, _, name, id in scored:  # each reference component once, as long as others wait for a name
        if name not in found and id not in found.values():
            found[name] = id
    for _, _, _, name, id in scored:
        found.setdefault(name, id)
    return {name: found[name] for name in drawn if name in found}


def alike(one: str, other: str) -> float:
    """The share of stems that two names have in common, 0 to 1; words that say little count only if nothing else is."""
    first, second = _stems(one), _stems(other)
    return len(first & second) / len(first | second)


def _stems(name: str) -> set[str]:
    words = [part for word in words_of(name) for part in word.replace("/", "-").split("-") if part]
    telling = [word for word in words if word not in _SAY_LITTLE] or words or [name.casefold()]
    return {stem(word).rstrip("e") for word in telling}  # "phones" and "phone"


def _pair(edge: BoardEdge, found: Mapping[str, str]) -> tuple[str, str] | None:
    source, target = found.get(edge.source), found.get(edge.target)
    return (source, target) if source is not None and target is not None and source != target else None


def _leads(ends: tuple[str, str], edges: Collection[Edge], barred: Collection[str]) -> bool:
    """Whether a way leads from one end to the other, or back, through nothing that is barred."""
    return any(_reaches(source, target, edges, barred) for source, target in (ends, ends[::-1]))


def _reaches(source: str, target: str, edges: Collection[Edge], barred: Collection[str]) -> bool:
    waiting, seen = [source], {source}
    while waiting:
        here = waiting.pop()
        for edge in edges:
            if edge.source != here or edge.target in seen:
                continue
            if edge.target == target:
                return True
            if edge.target not in barred:
                seen.add(edge.target)
                waiting.append(edge.target)
    return False


def _arrow(source: str, target: str) -> str:
    return f"{source} → {target}"
