"""Moves that a board calls for: press on one of its arrows, or on a component that hangs in the air.

Only what is drawn is asked about, so no question tells what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain import phrases, wordings
from app.domain.board import Board, BoardEdge, edge_identity
from app.domain.board_comparison import counterparts
from app.domain.directive import Directive
from app.domain.events import DoubtNoted, EvidenceFound
from app.domain.interview import board_of, boards
from app.domain.kinds import Move
from app.domain.speech import stem, words_of
from app.domain.turn import TurnView

_LIKELY = 0.4
"""The matcher's score from which an arrow is taken to be about a criterion."""
_MOST = 3


def drawn(view: TurnView) -> list[Directive]:
    """A question about what was just drawn, if the message that waits is a board with something new on it."""
    board = board_of(view.messages[-1]) if view.messages else None
    if board is None or view.out_of_questions or view.step_time_is_up:
        return []
    return [*_on_criteria(view, board), *_on_arrows(view, board), *_on_lonely(view, board)][:_MOST]


def _new_edges(view: TurnView, board: Board) -> list[BoardEdge]:
    last = view.messages[-1].index
    known = {
        edge_identity(edge)
        for message, before in boards(view.state.events)
        if message.index < last
        for edge in before.edges
    }
    return [edge for edge in board.edges if edge_identity(edge) not in known]


def _on_criteria(view: TurnView, board: Board) -> Iterator[Directive]:
    """An arrow that is about a point of the case: that point's own question, on the arrow."""
    new = {edge.span.text for edge in _new_edges(view, board)}
    for event in view.state.recent:
        if not isinstance(event, DoubtNoted | EvidenceFound) or event.quote not in new:
            continue
        criterion = view.brief.criterion_by_id.get(event.criterion)
        if criterion is None or (event.score or 0.0) < _LIKELY or not (criterion.core or criterion.weight >= 2):
            continue
        entry = view.state.ledger.entry(criterion.id)
        if entry.asked or entry.spent or entry.deepened:
            continue
        credited = isinstance(event, EvidenceFound)
        for template in wordings.unasked(criterion.follow_ups if credited else criterion.probes, view.state)[:1]:
            text = on_edge(template, event.quote)
            yield _ask(view, text, template, move=Move.DEEPEN if credited else Move.PROBE, criterion=criterion.id)


def _on_arrows(view: TurnView, board: Board) -> Iterator[Directive]:
    """A question for the kind of arrow; else one that suits any."""
    edges = _new_edges(view, board)
    for edge in edges:
        for kind in phrases.BOARD_ARROWS:
            if _is_of(edge, kind.source, kind.target):
                yield from _first(view, kind.asks, edge.span.text)
    for edge in _known_first(view, board, edges):
        yield from _first(view, phrases.BOARD_ANY, edge.span.text)


def _on_lonely(view: TurnView, board: Board) -> Iterator[Directive]:
    said = view.state.ledger.said_by_interviewer
    for one in board.alone if board.edges else ():
        if all(f'"{one.span.text}"' not in text for text in said):
            yield from _first(view, phrases.BOARD_ALONE, one.span.text)


def _known_first(view: TurnView, board: Board, edges: list[BoardEdge]) -> list[BoardEdge]:
    """Arrows between components that the case knows of come before others."""
    reference = view.brief.case.architecture
    known = counterparts([one.name for one in board.components], reference) if reference is not None else {}
    return sorted(edges, key=lambda edge: (edge.source in known) + (edge.target in known), reverse=True)[:1]


def _is_of(edge: BoardEdge, source: frozenset[str], target: frozenset[str]) -> bool:
    return bool(_stems(edge.source) & source) and bool(_stems(edge.target) & target)


def _stems(name: str) -> set[str]:
    return {stem(part) for word in words_of(name) for part in word.split("-")}


def _first(view: TurnView, options: tuple[str, ...], quote: str) -> Iterator[Directive]:
    fresh = wordings.unasked(options, view.state)
    if fresh:
        yield _ask(view, on_edge(fresh[0], quote), fresh[0], move=Move.PRESS)


def on_edge(template: str, quote: str) -> str:
    """A question with what was drawn quoted in it, or put before it."""
    quote = " ".join(quote.split())
    if "{quote}" in template:
        return template.replace("{quote}", quote)
    first, _, _ = template.partition(" ")
    lowered = template[:1].lower() + template[1:] if first[1:].islower() or first == "A" else template
    return f'On "{quote}": {lowered}'


def _ask(view: TurnView, text: str, template: str, *, move: Move, criterion: str | None = None) -> Directive:
    return Directive(
        move=move, step=view.here, question=text, template=template, criterion=criterion, opens=view.follow
    )
