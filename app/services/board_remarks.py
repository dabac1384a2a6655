"""What the debrief says of a candidate's board beside the reference architecture, which is one of several good ones."""

from __future__ import annotations

from app.domain.board_comparison import BoardComparison, compare
from app.domain.catalog import Brief
from app.domain.debrief import DrawnBoard
from app.domain.interview import boards
from app.ports import StoredInterview

_MOST = 8


def drawn_board(stored: StoredInterview, brief: Brief) -> DrawnBoard | None:
    """The last board of an interview, compared with the reference; None if nothing was drawn."""
    drawn = list(boards(stored.events))
    if not drawn:
        return None
    message, board = drawn[-1]
    reference = brief.case.architecture
    found = compare(board, reference) if reference is not None else None
    return DrawnBoard(
        turn=message.index,
        text=message.content,
        comparison=found,
        remarks=remarks(found) if found is not None else (),
    )


def remarks(found: BoardComparison) -> tuple[str, ...]:
    """A comparison in sentences."""
    both = len({pair.reference for pair in found.matched})
    said = [
        f"The reference is one of several good ones. Your board and it have {both} of its "
        f"{both + len(found.missing)} components in common, as far as the names tell."
    ]
    renamed = [
        f"{one.drawn} for {one.reference}" for one in found.matched if one.drawn.lower() != one.reference.lower()
    ]
    if renamed:
        said.append(f"Taken for the same: {_listed(renamed)}.")
    if found.missing:
        said.append(f"In the reference and not on your board: {_listed(found.missing)}.")
    if found.extra:
        said.append(
            f"On your board and not in the reference, which is fine if you know what for: {_listed(found.extra)}."
        )
    if found.edges_matched:
        said.append(f"Arrows that both have: {_listed(found.edges_matched)}.")
    if found.edges_missing:
        said.append(f"Between components that you drew, the reference also has: {_listed(found.edges_missing)}.")
    if found.edges_extra:
        said.append(f"Arrows of your own: {_listed(found.edges_extra)}.")
    return tuple(said)


def _listed(names: tuple[str, ...] | list[str]) -> str:
    shown = "; ".join(names[:_MOST])
    return shown if len(names) <= _MOST else f"{shown}; and {len(names) - _MOST} more"
