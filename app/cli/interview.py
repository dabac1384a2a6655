"""`mlsd interview`: the same interview as the page's, in a terminal, typed or from a script."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.offer import offer
from app.cli.output import console
from app.cli.parts import parts_of
from app.cli.scorecard import print_scorecard
from app.cli.streamed_reply import INDENT, StreamedReply, print_speaker, typing_prompt
from app.cli.typed_message import drop_unread, read_message

if TYPE_CHECKING:
    from rich.console import Console

    from app.bootstrap import App
    from app.domain.board import Board
    from app.domain.events import InterviewerMessage
    from app.domain.grades import Grading
    from app.domain.vocabulary import Level, Mode
    from app.services.commands import Act
    from app.services.conduct import Agreement, Conductor, Reply
    from app.services.script import ScriptLine
    from app.services.speaking import Speaker

_PAUSE = "pause"
_HELP = (
    "/hint [step], /next [step], /board a -> b; b -> c, /status, /end; /pause leaves it for later. "
    "Enter sends; a text that you paste is one message, however many lines it has"
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(interview)


def interview(
    context: typer.Context,
    case: Annotated[str | None, typer.Argument(help="The case; `mlsd cases` lists them.")] = None,
    level: Annotated[str, typer.Option(help="mid, senior or staff.")] = "senior",
    mode: Annotated[str | None, typer.Option(help="mock, coach or drill.")] = None,
    minutes: Annotated[float, typer.Option(min=1, max=600, help="Length.")] = 45,
    untimed: Annotated[bool, typer.Option("--untimed", help="No clock.")] = False,
    steps: Annotated[str | None, typer.Option(help="Only these steps, as in data,serving; makes it a drill.")] = None,
    model: Annotated[str | None, typer.Option(help="The interviewer: builtin, or a model's name.")] = None,
    script: Annotated[Path | None, typer.Option(help="Play the candidate from this file, in virtual time.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the transcript here.")] = None,
    resume: Annotated[
        str | None, typer.Option(help="Go on with an interview: its id, the beginning of it, or `last`.")
    ] = None,
) -> None:
    """Do an interview in the terminal. /hint [step], /next [step], /board, /status and /end work as in the page."""
    from app.errors import InputError

    if out is not None:
        _check_target(out)
    if resume is not None and (case is not None or script is not None):
        raise InputError("--resume goes with neither a case nor a script; leave them out")
    if resume is None and case is None:
        raise InputError("name a case; `mlsd cases` lists them")
    lines = _script_lines(script) if script is not None else []
    parts = parts_of(context)
    if case is None:
        _talk(parts, None, resume=resume, model=model, out=out)
        return
    agreement = _agreement(parts, case, level=level, mode=mode, minutes=None if untimed else minutes, steps=steps)
    if script is not None:
        asyncio.run(_play(parts, agreement, lines, model=model, out=out))
        return
    if (line := offer(parts, model=model)) is not None:
        console().print(line, style="dim", markup=False, highlight=False, soft_wrap=True)
    _talk(parts, agreement, resume=None, model=model, out=out)


def _agreement(
    parts: App, case: str, *, level: str, mode: str | None, minutes: float | None, steps: str | None
) -> Agreement:
    from app.services.commands import step_named
    from app.services.conduct import Agreement

    chosen = tuple(step_named(part) for part in steps.split(",")) if steps else ()
    return Agreement(
        level=level_named(level),
        mode=mode_named(mode, drilled=bool(chosen)),
        minutes=minutes,
        steps=chosen,
        case=parts.catalog.brief(case).case.id,
    )


def _check_target(out: Path) -> None:
    """Fail before the interview, and not after it, where the transcript plainly cannot be written."""
    from app.errors import InputError

    try:
        fits = out.parent.is_dir() and not out.is_dir()
    except OSError:
        fits = False
    if not fits:
        raise InputError(f"{out}: cannot be written (its folder is missing, or it is a folder); name another file")


def level_named(text: str) -> Level:
    """A level by name.

    Raises:
        InputError: there is no such level.
    """
    from app.domain.vocabulary import Level
    from app.errors import InputError

    if text.lower() not in set(Level):
        raise InputError(f"there is no level {text!r}; use mid, senior or staff")
    return Level(text.lower())


def mode_named(text: str | None, *, drilled: bool) -> Mode:
    """A mode by name; mock if none is named, or drill where steps are.

    Raises:
        InputError: there is no such mode, or it does not go with the steps.
    """
    from app.domain.vocabulary import Mode
    from app.errors import InputError

    if text is None:
        return Mode.DRILL if drilled else Mode.MOCK
    if text.lower() not in set(Mode):
        raise InputError(f"there is no mode {text!r}; use mock, coach or drill")
    if Mode(text.lower()) is Mode.DRILL and not drilled:
        raise InputError("a drill needs steps; name them, as in --steps data,serving")
    return Mode(text.lower())


def _script_lines(script: Path) -> list[ScriptLine]:
    from app.errors import InputError
    from app.services.script import parse_script

    try:
        text = script.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{script}: cannot be read ({error.strerror}); name another file") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{script}: is not UTF-8 text; save it as UTF-8") from error
    return parse_script(text, name=str(script))


async def _play(
    parts: App, agreement: Agreement, lines: list[ScriptLine], *, model: str | None, out: Path | None
) -> None:
    from app.adapters.memory_store import MemoryStore
    from app.adapters.transcript_files import write_transcript
    from app.bootstrap import VirtualClock, new_id
    from app.errors import UnknownInterview
    from app.services.script import play

    screen, store, clock, interview_id = console(), MemoryStore(), VirtualClock(), new_id()
    conductor = parts.conductor(speaker=parts.speaker(model or "builtin"), store=store, clock=clock)

    async def heard(content: str | None, reply: Reply) -> None:
        if content is not None:
            said = not content.startswith("/") or content.startswith("/board")
            _print_turn(screen, "You", content, number=reply.message.index if said else None)  # the one before, from 1
        _print_reply(parts, screen, reply)

    try:
        await play(lines, agreement, conductor, clock=clock, heard=heard, interview_id=interview_id)
    finally:
        if out is not None:
            try:
                write_transcript(await store.load(interview_id), out)
            except UnknownInterview:
                pass
    stored = await store.load(interview_id)
    print_scorecard(parts, stored, parts.assessor.assess(stored), name=str(out) if out is not None else None)


def _talk(parts: App, agreement: Agreement | None, *, resume: str | None, model: str | None, out: Path | None) -> None:
    """The typed interview: one asyncio loop, and prompts between its turns."""
    from app.adapters.transcript_files import write_transcript
    from app.domain.phases import Phase
    from app.errors import InterviewError
    from app.services.naming import short_name

    screen = console()
    with asyncio.Runner() as runner:
        speaker = parts.speaker(model)
        _warm_up(speaker)
        conductor = parts.conductor(speaker=speaker)
        interview_id = runner.run(_opened(parts, conductor, agreement, resume, screen))
        try:
            while (state := runner.run(conductor.state(interview_id))).phase is not Phase.ENDED:
                try:
                    content = read_message(typing_prompt(screen, number=state.next_index + 1))
                    word, *said = content.strip().split(maxsplit=1) or [""]
                    pauses = word.lower() == f"/{_PAUSE}"
                    if said or not pauses:
                        runner.run(_turns(parts, conductor, interview_id, said[0] if pauses else content, screen))
                    if not pauses or runner.run(conductor.state(interview_id)).phase is Phase.ENDED:
                        continue
                    gap = ""
                except (EOFError, KeyboardInterrupt):
                    gap = "\n"
                except InterviewError as error:
                    screen.print(f"({error})", style="dim", markup=False)
                    if content.strip().lower().startswith("/board"):  # nothing was recorded, and nothing is lost
                        screen.print(content, style="dim", markup=False, highlight=False, soft_wrap=True)
                    continue
                runner.run(conductor.pause(interview_id))
                with suppress(OSError):  # the terminal may be gone
                    screen.print(f"{gap}Paused. Go on with: mlsd interview --resume {interview_id}", soft_wrap=True)
                return
            grading = runner.run(_graded(parts, interview_id, screen))
            stored = runner.run(parts.store.load(interview_id))
            card = parts.assessor.assess(stored, grading=grading)
            print_scorecard(parts, stored, card, name=short_name(interview_id))
        finally:
            if out is not None:
                write_transcript(runner.run(parts.store.load(interview_id)), out)
            runner.run(parts.store.close())
            drop_unread()


async def _opened(
    parts: App, conductor: Conductor, agreement: Agreement | None, resume: str | None, screen: Console
) -> str:
    from app.domain.events import CandidateMessage, InterviewerMessage
    from app.services.commands import dialogue_of, request_text
    from app.services.naming import interview_named

    if agreement is not None:
        header = await conductor.begin(agreement)
        screen.print(f"Interview {header.id}. {_HELP}.", style="dim", markup=False)
        _print_message(parts, (await conductor.latest(header.id)).message, screen)
        return header.id
    assert resume is not None
    resume = await interview_named(parts.store, resume)
    stored = await parts.store.load(resume)
    for event in dialogue_of(stored.events):
        match event:
            case CandidateMessage():
                content = f"/board\n{event.content}" if event.board else event.content
                _print_turn(screen, "You", content, number=event.index + 1)
            case InterviewerMessage():
                _print_message(parts, event, screen)
            case request:
                _print_turn(screen, "You", request_text(request))
    streamed = StreamedReply(screen, number=(await conductor.state(resume)).next_index + 1)
    try:
        reply = await conductor.resume(resume, emit=streamed.emit)
    finally:
        streamed.end()
    if reply is not None:
        _print_reply(parts, screen, reply, streamed=streamed.text)
    return resume


async def _turns(parts: App, conductor: Conductor, interview_id: str, content: str, screen: Console) -> None:
    """What one message does, a turn for each of it."""
    from app.services.commands import acts_of
    from app.services.script import is_settled

    acts = acts_of(content, also=[_PAUSE])
    reply: Reply | None = None
    for place, act in enumerate(acts, start=1):
        if reply is None or not is_settled(act, reply):
            reply = await _turn(parts, conductor, interview_id, act, screen, may_end=place == len(acts))


async def _turn(
    parts: App, conductor: Conductor, interview_id: str, act: Act, screen: Console, *, may_end: bool
) -> Reply | None:
    """One turn; None where only something was shown."""
    from app.services.commands import Command, CommandName
    from app.services.script import obey
    from app.services.status import status_line, status_of

    command = act.name if isinstance(act, Command) else None
    if command is CommandName.STATUS:
        state = await conductor.state(interview_id)
        screen.print(status_line(status_of(state, parts.catalog.levels)), style="dim", markup=False)
        return None
    drawn = command is CommandName.BOARD
    if drawn and isinstance(act, Command) and not act.text:
        _print_board((await conductor.state(interview_id)).ledger.board, screen)
        return None
    number = (await conductor.state(interview_id)).next_index + 1
    streamed = StreamedReply(screen, number=number + (command is None or drawn))

    async def emit(piece: str) -> None:
        if drawn and not streamed.text:
            _print_board((await conductor.state(interview_id)).ledger.board, screen)
        await streamed.emit(piece)

    try:
        reply = await obey(conductor, interview_id, act, emit=emit, may_end=may_end)
    finally:
        streamed.end()
    _print_reply(parts, screen, reply, streamed=streamed.text)
    return reply


def _print_board(board: Board | None, screen: Console) -> None:
    from app.domain.board import lines_of

    lines = (
        list(lines_of(board)) if board is not None else ["Nothing is drawn yet. Try: /board logs -> trainer -> ranker"]
    )
    for line in lines:
        screen.print(line, style="dim", markup=False, highlight=False, soft_wrap=True)


def _warm_up(speaker: Speaker) -> None:
    """Load what a model needs while the candidate reads the opening; there is no loop to do it in between turns."""
    from app.services.model_speaker import ModelSpeaker

    if isinstance(speaker, ModelSpeaker):
        threading.Thread(target=lambda: asyncio.run(speaker.warm_up()), daemon=True).start()


def _print_reply(parts: App, screen: Console, reply: Reply, *, streamed: str = "") -> None:
    """What of a reply was not shown while it came: all of it, where another was recorded meanwhile."""
    _print_message(parts, reply.message, screen, shown=streamed == reply.message.content)
    if reply.notice is not None:
        screen.print(f"({reply.notice})", style="dim", markup=False, highlight=False)


def _print_message(parts: App, message: InterviewerMessage, screen: Console, *, shown: bool = False) -> None:
    """An interviewer's message, unless it is shown already; below a hint its rung and what that costs."""
    from app.domain.vocabulary import Rung

    if not shown:
        _print_turn(screen, "Interviewer", message.content, number=message.index + 1)
    if message.rung is not None:
        name, cap = list(Rung)[message.rung - 1].value, parts.catalog.levels.hint_caps[message.rung - 1]
        label = f"(hint, rung {message.rung} of {len(Rung)}, {name}: this point can still earn {cap} of 4)"
        screen.print(label, style="dim", markup=False, highlight=False)


def _print_turn(screen: Console, who: str, content: str, *, number: int | None = None) -> None:
    from rich.padding import Padding
    from rich.text import Text

    print_speaker(screen, who, number=number)
    screen.print(Padding(Text(content), (0, 0, 0, INDENT)))


async def _graded(parts: App, interview_id: str, screen: Console) -> Grading | None:
    """What the grader makes of the interview, where one is configured."""
    from app.services.final_grading import graded_once

    grader = parts.grader()
    if grader is None:
        return None
    screen.print(f"({grader.name} reads the interview, {grader.deadline_s:.0f} s at most)", style="dim", markup=False)
    return await graded_once(parts.store, interview_id, grader=grader, assessor=parts.assessor, catalog=parts.catalog)
