"""The candidate's commands, the same in the terminal, the page and scripts: /hint, /next, /board, /status, /end."""

from __future__ import annotations

import re
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
from app.domain.step_names import STEP_NAME, STEP_WORDS, named_step
from app.domain.vocabulary import Frozen, Step
from app.errors import InputError
from app.services import cues, steering
from app.services.typed import clean

_LONGEST_NAME = 60
_STEP_WORD = "|".join(STEP_WORDS.values())
_NOTHING_BUT_STEP = re.compile(
    r"(?:(?:go |move |on |over )*(?:to|on|onto|for|about|with) )?(?:the |our )?"
    rf"(?P<name>(?:step )?[1-9]|(?:{_STEP_WORD})(?:(?: and | ?[,/&] ?| )(?:{_STEP_WORD}))*)"
    r"(?:,? (?:step|part|stage|section|phase|side|please|now|then|next|first|instead|thanks))*[ .,!?]*",
    cues.ANY_CASE,
)
_CHATTER = re.compile(
    r"(?:(?:please|now|then|thanks|thank you|it|this|here|step|one|question|the interview)(?:[ .,!?]+|$))*",
    cues.ANY_CASE,
)
_ASKED_SHORTLY = 14
"""Words up to which "let's move on" is what a text is about."""


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
        said: what was typed behind the command and is none of it: the candidate's words.
    """

    name: CommandName
    step: Step | None = None
    text: str = ""
    said: str = ""


class Speech(Frozen):
    """What the candidate says."""

    content: str


Act = Command | Speech


def acts_of(content: str, *, also: Iterable[str] = ()) -> tuple[Act, ...]:
    """What a message does, in order: a command, words, or both, so that words typed behind a command are heard.

    The next step is opened before the words for it; words come before a hint, which would count against them, and
    before the end.

    Raises:
        InputError: as for `parse_command`; or the words behind a command are too long.
    """
    command = parse_command(content, also=also)
    if command is None:
        return (Speech(content=content),)
    if not command.said:
        return (command,)
    speech, bare = Speech(content=clean(command.said)), command.model_copy(update={"said": ""})
    match command.name:
        case CommandName.STATUS:
            return bare, speech
        case CommandName.NEXT if not _asks_to_move(command.said):
            return bare, speech
        case _:
            return speech, bare


def _asks_to_move(text: str) -> bool:
    """Whether words behind /next say the same once more ("let's move on"), and would move on twice."""
    asks = (steering.DONE, steering.ADVANCE, steering.GO_TO, steering.GO_BACK, steering.TAKE_ON)
    return len(text.split()) <= _ASKED_SHORTLY and any(cue.search(text) for cue in asks)


def parse_command(content: str, *, also: Iterable[str] = ()) -> Command | None:
    """The command that a message is; None if it is speech.

    Args:
        also: further commands that the place has where it is typed; named with the others where none is meant.

    Raises:
        InputError: it begins with a slash and is no command, or has behind it one word that names no step.
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
    if _CHATTER.fullmatch(rest):
        return Command(name=name)
    if name in {CommandName.STATUS, CommandName.END}:
        return Command(name=name, said=rest)
    step = _nothing_but_step(rest)
    if step is None and len(rest.split()) > 1:
        return Command(name=name, said=rest)
    return Command(name=name, step=step or step_named(rest))


def _nothing_but_step(text: str) -> Step | None:
    """The step that a text names and says nothing else ("the model", "evaluation please"); None if it says more."""
    found = _NOTHING_BUT_STEP.fullmatch(" ".join(text.split())) if len(text) <= _LONGEST_NAME else None
    if found is None:
        return None
    name = found["name"]
    if name[-1].isdigit():
        return step_named(name.split()[-1])
    *_, last = STEP_NAME.finditer(name)  # in "training data" the last word is the thing
    return named_step(last.group())


def _known(also: Iterable[str]) -> str:
    return ", ".join(f"/{command}" for command in (*CommandName, *also))


def shown(act: Act) -> str:
    """An act as the candidate would have typed it by itself."""
    if isinstance(act, Speech):
        return act.content
    return " ".join(filter(None, [f"/{act.name.value}", act.step.value if act.step else "", act.text]))


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
