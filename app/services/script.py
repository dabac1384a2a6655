"""Plays a candidate's side from a file against an interviewer, in virtual time."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from pydantic import Field, ValidationError

from app.domain.kinds import EndReason, Move
from app.domain.phases import Phase
from app.domain.vocabulary import Frozen, Step
from app.errors import InputError
from app.services.commands import Act, Command, CommandName, Speech, acts_of, shown, step_named
from app.services.conduct import Agreement, Conductor, Reply
from app.services.speaking import Emit, discard

Heard = Callable[[str | None, Reply], Awaitable[None]]


class ScriptLine(Frozen):
    """One line of a script.

    Attributes:
        step: the step it belongs to; the interview is advanced there first if it is a later one.
        seconds: virtual time that it takes.
    """

    content: str = Field(min_length=1)
    step: Step | None = None
    seconds: float = Field(default=0.0, ge=0)


class Sleeper(Protocol):
    """A clock that can be moved forward."""

    def sleep(self, seconds: float) -> None:
        """Move it."""
        ...


def parse_script(text: str, *, name: str) -> list[ScriptLine]:
    """The lines of a script.

    Args:
        text: JSONL.
        name: how errors call the file.

    Raises:
        InputError: a line is damaged; it is named.
    """
    lines: list[ScriptLine] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        try:
            value = json.loads(raw)
        except json.JSONDecodeError as error:
            raise InputError(
                f'{name}:{number}: is not JSON ({error.msg}); a line is an object like {{"content": "..."}}'
            ) from error
        try:
            if isinstance(value, dict) and isinstance(value.get("step"), int | str):
                value["step"] = step_named(str(value["step"]))
            lines.append(ScriptLine.model_validate(value))
        except InputError as error:
            raise InputError(f"{name}:{number}: step: {error}") from error
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            field = ".".join(str(part) for part in first["loc"]) or "line"
            raise InputError(
                f"{name}:{number}: {field}: {first['msg'].lower()} (found {first.get('input')!r})"
            ) from error
    if not lines:
        raise InputError(f"{name}: holds no line; a script needs one or more")
    return lines


async def play(
    lines: list[ScriptLine],
    agreement: Agreement,
    conductor: Conductor,
    *,
    clock: Sleeper,
    heard: Heard,
    interview_id: str | None = None,
) -> str:
    """Play a script to its end, and end the interview.

    Args:
        lines: the candidate's side.
        agreement: what is agreed before.
        conductor: on a clock that `clock` moves.
        clock: virtual.
        heard: told each line with the reply to it; the opening comes with no line.
        interview_id: the id to use.

    Returns:
        The interview's id.

    Raises:
        InputError: a line is left after the interview has ended, or cannot be said; it is named.
    """
    header = await conductor.begin(agreement, interview_id=interview_id)
    await heard(None, await conductor.latest(header.id))
    for number, line in enumerate(lines, start=1):
        state = await conductor.state(header.id)
        if state.phase is Phase.ENDED:
            raise InputError(
                f"line {number} of the script is left after the interview has ended: {line.content[:60]!r}; remove it"
            )
        try:
            await _catch_up(conductor, header.id, line, heard)
            clock.sleep(line.seconds)
            await _play_line(conductor, header.id, line.content, heard)
        except InputError as error:
            raise InputError(f"line {number} of the script: {error}") from error
    state = await conductor.state(header.id)
    if state.phase is not Phase.ENDED:
        await heard("/end", await conductor.end(header.id, reason=EndReason.SCRIPT))
    return header.id


async def _catch_up(conductor: Conductor, interview_id: str, line: ScriptLine, heard: Heard) -> None:
    """Advance to the line's step as by "next", opening each step on the way."""
    if line.step is None:
        return
    state = await conductor.state(interview_id)
    if line.step not in state.header.steps:
        raise InputError(f"the script names the step {line.step.value!r}, which is not part of this interview")
    for step in state.header.steps:
        if state.step.number < step.number <= line.step.number:
            await heard("/next", await conductor.advance(interview_id, to=step, may_end=False))


async def _play_line(conductor: Conductor, interview_id: str, content: str, heard: Heard) -> None:
    acts = acts_of(content)
    done: Reply | None = None
    for act in acts:
        if done is not None and is_settled(act, done):
            return
        done = await obey(conductor, interview_id, act, may_end=False)
        await heard(content if len(acts) == 1 else shown(act), done)


async def obey(
    conductor: Conductor, interview_id: str, act: Act, *, may_end: bool = True, emit: Emit = discard
) -> Reply:
    """Do what the candidate says; /status, and /board without a text, change nothing and have the last reply.

    Args:
        emit: is given the pieces of the reply as they may be shown.

    Raises:
        InputError: the words cannot be recorded, or the command names a step that is not part of the interview, or
            draws a board that cannot be read.
    """
    match act:
        case Speech(content=content):
            return await conductor.say(interview_id, content, emit=emit, may_end=may_end)
        case Command(name=CommandName.HINT, step=step):
            return await conductor.hint(interview_id, step=step, emit=emit)
        case Command(name=CommandName.NEXT, step=step):
            return await conductor.advance(interview_id, to=step, emit=emit, may_end=may_end)
        case Command(name=CommandName.END):
            return await conductor.end(interview_id, emit=emit)
        case Command(name=CommandName.BOARD, text=text) if text:
            return await conductor.draw(interview_id, text, emit=emit, may_end=may_end)
        case _:
            return await conductor.latest(interview_id)


def is_settled(act: Act, before: Reply) -> bool:
    """Whether an act need not be done after the reply to the one before it, which was the same message's words.

    They may have ended the interview, or asked for what the command then asks for once more.
    """
    if before.ended is not None:
        return True
    if not isinstance(act, Command):
        return False
    moved = before.message.move in {Move.ADVANCE, Move.FEEDBACK}
    return (act.name is CommandName.HINT and before.message.move is Move.HINT) or (
        act.name is CommandName.NEXT and moved
    )
