"""The candidate's commands, the same in the terminal, the page and scripts: /hint, /next, /board, /status, /end."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from app.domain.events import (
    AdvanceRequested,
    AnyEvent,
    CandidateMessage,
    EndRequested,
    HintRequested,
    Intake,
    InterviewerMessage,
)
from app.domain.vocabulary import Frozen, Step
from app.errors import InputError
from app.services.intake import named_step


class CommandName(StrEnum):
    """What a candidate can command."""

    HINT = "hint"
    NEXT = "next"
    BOARD = "board"
    STATUS = "status"
    END = "end"


class Command(Frozen):
    """A command, with the step it names, if one.

    Attributes:
        text: what a board draws; empty to see the current one.
    """

    name: CommandName
    step: Step | None = None
    text: str = ""


def parse_command(content: str, *, also: Iterable[str] = ()) -> Command | None:
    """The command that a message is; None if it is speech.

    Args:
        also: further commands that the place has where it is typed; named with the others where none is meant.

    Raises:
        InputError: it begins with a slash and is no command, or names no step that exists.
    """
    text = content.strip()
    if not text.startswith("/"):
        return None
    word, *more = text[1:].split(maxsplit=1) or [""]  # a board's text often begins on the next line
    rest = more[0] if more else ""
    try:
        name = CommandName(word.lower())
    except ValueError:
        raise InputError(f"there is no command {'/' + word!r}; use {_known(also)}, or leave out the slash") from None
    if name is CommandName.BOARD:
        return Command(name=name, text=rest)
    if not rest.strip() or name in {CommandName.STATUS, CommandName.END}:
        return Command(name=name)
    return Command(name=name, step=step_named(rest))


def _known(also: Iterable[str]) -> str:
    return ", ".join(f"/{command}" for command in (*CommandName, *also))


def request_text(event: HintRequested | AdvanceRequested | EndRequested) -> str:
    """A command as the candidate would have typed it."""
    match event:
        case HintRequested(named=named):
            return f"/hint {named.value}" if named is not None else "/hint"
        case AdvanceRequested(to=to):
            return f"/next {to.value}" if to is not None else "/next"
        case EndRequested():
            return "/end"


Said = CandidateMessage | InterviewerMessage | HintRequested | AdvanceRequested | EndRequested


def dialogue_of(events: Iterable[AnyEvent]) -> Iterable[Said]:
    """Messages and commands. A request that came after an intake was made in words, and is left to those."""
    understood = False
    for event in events:
        match event:
            case CandidateMessage():
                yield event
            case InterviewerMessage():
                understood = False
                yield event
            case Intake():
                understood = True
            case HintRequested() | AdvanceRequested() | EndRequested() if not understood:
                yield event
            case _:
                pass


def step_named(text: str) -> Step:
    """A step by id, number, or a word that people use for it ("features" is the data step).

    Raises:
        InputError: there is no such step.
    """
    wanted = text.strip().lower()
    for step in Step:
        if wanted in {step.value, str(step.number)}:
            return step
    spoken = named_step(wanted)
    if spoken is None:
        raise InputError(
            f"there is no step {text.strip()!r}; use {', '.join(f'{step.number} {step.value}' for step in Step)}"
        )
    return spoken
