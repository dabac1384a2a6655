"""What the side panel and its compact form on a phone show: a projection of the log, sent as one element's props.

The element hangs on the opening message. Its script (public/elements/Interview.jsx) draws the panel at the
side, or a bar above the dialogue on a phone and where the panel was closed; it ticks by itself, so the element
is sent when a turn has changed something, never for the time. Nothing in it tells what is still missing.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote

from chainlit.element import ElementDict

from app.adapters.board_svg import draw, in_words
from app.domain.board import parse_board
from app.domain.catalog import Catalog
from app.domain.events import InterviewerMessage
from app.domain.interview import InterviewState, boards
from app.domain.phases import ClockPhase, Phase
from app.domain.vocabulary import Frozen, Level, Mode, Step
from app.errors import InputError
from app.services.notes import Notes, latest_notes
from app.services.status import InterviewStatus, StepStatus, status_of, until_now
from app.services.typed import MOST_NOTES

TITLE = "Interview"
"""The panel's title, and so the name of its file in public/elements."""


class Place(StrEnum):
    """Where a step stands, as the candidate may see it."""

    DONE = "done"
    OPEN = "open"
    AHEAD = "ahead"


class PanelStep(Frozen):
    """One step; seconds used and planned (None when untimed)."""

    id: Step
    number: int
    heading: str
    place: Place
    seconds: float
    budget: float | None


class PanelBoard(Frozen):
    """The text whiteboard: its text, its drawing as a `data:image/svg+xml` address, and the drawing in words."""

    text: str = ""
    image: str | None = None
    alt: str = ""


class PanelView(Frozen):
    """The element's props.

    Attributes:
        elapsed: seconds on the clock when this was made; the page counts on from there while `running`.
        total: seconds in all; None when untimed.
        stamp: differs whenever the clock was read anew.
        notes_seq: grows with every change of the notes, whoever made it.
        board: what is drawn; empty before anything is.
    """

    interview: str
    title: str
    level: Level
    mode: Mode
    steps: tuple[PanelStep, ...]
    elapsed: float
    total: float | None
    running: bool
    over: bool
    stamp: str
    hints: int
    notes: str
    notes_seq: int
    notes_most: int = MOST_NOTES
    board: PanelBoard


class NotesPayload(Frozen):
    """What the page sends to keep notes."""

    interview: str
    text: str


def panel_view(state: InterviewState, catalog: Catalog, *, now: datetime | None) -> PanelView:
    """An interview as its panel shows it.

    Args:
        state: the interview after its last event.
        catalog: for the case's title and the time plan; a case that is gone is called by its id.
        now: the time on the wall while somebody is there; None if nobody is, and the clock stands still.
    """
    over = state.phase is Phase.ENDED
    running = now is not None and not over and state.clock is ClockPhase.RUNNING
    status = status_of(state, catalog.levels)
    if running and now is not None and state.last_at is not None:
        status = until_now(status, max(0.0, (now - state.last_at).total_seconds()))
    header = state.header
    notes: Notes = latest_notes(state.events)
    return PanelView(
        interview=header.id,
        title=next((case.title for case in catalog.cases if case.id == header.case), header.case),
        level=header.level,
        mode=header.mode,
        steps=tuple(_step(line, status, over=over) for line in status.steps),
        elapsed=round(status.elapsed, 3),
        total=status.total,
        running=running,
        over=over,
        stamp=f"{state.seq} {now.isoformat() if now is not None else ''}",
        hints=status.hints,
        notes=notes.text,
        notes_seq=notes.seq,
        board=_board(state),
    )


def _board(state: InterviewState) -> PanelBoard:
    """The newest board; an empty one to begin with."""
    drawn = [message.content for message, _ in boards(state.events)]
    return _picture(drawn[-1]) if drawn else PanelBoard()


@lru_cache(maxsize=64)  # a board is drawn in some 30 ms, and shown with every turn after it
def _picture(text: str) -> PanelBoard:
    board = parse_board(text)
    address = f"data:image/svg+xml,{quote(draw(board, title='Your board'))}"
    return PanelBoard(text=text, image=address, alt=f"Your board. {in_words(board)}")


def _step(line: StepStatus, status: InterviewStatus, *, over: bool) -> PanelStep:
    if line.step is status.step and not over:
        place = Place.OPEN
    else:
        place = Place.DONE if line.opened else Place.AHEAD
    return PanelStep(
        id=line.step,
        number=line.step.number,
        heading=line.step.heading,
        place=place,
        seconds=round(line.seconds, 3),
        budget=line.budget,
    )


def panel_element(state: InterviewState, catalog: Catalog, *, now: datetime | None) -> list[ElementDict]:
    """The element that carries the panel, as Chainlit sends and resumes it; none before the opening was said."""
    opening = next((event for event in state.events if isinstance(event, InterviewerMessage)), None)
    if opening is None:
        return []
    view = panel_view(state, catalog, now=now)
    return [
        ElementDict(
            id=f"{view.interview}-panel",
            threadId=view.interview,
            type="custom",
            name=TITLE,
            display="inline",
            forId=opening.id,
            mime="application/json",
            url="",
            props=view.model_dump(mode="json"),
        )
    ]


def notes_payload(payload: object) -> NotesPayload:
    """The notes that a browser sent.

    Raises:
        InputError: it is not what the panel sends.
    """
    try:
        return NotesPayload.model_validate(payload)
    except ValueError as error:
        raise InputError("the notes did not arrive as the panel sends them; reload the page") from error
