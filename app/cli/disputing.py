"""Commands for "I said that": dispute a line of the scorecard, and give disputes away as labelled examples."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import console, print_json
from app.cli.parts import parts_of
from app.cli.scoring import ID_FORMS, file_named, find_interview, print_written, write_text

if TYPE_CHECKING:
    from app.bootstrap import App
    from app.domain.scorecard import Scorecard
    from app.ports import StoredInterview

_CONSENT = (
    "This gives away the sentences that you dispute, each with the case, the criterion and your claim; no name, id or "
    "time.\nRead them before you pass them on: what a sentence itself says stays in it."
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(dispute)
    app.command("export-labels")(export_labels)


def dispute(
    context: typer.Context,
    transcript: Annotated[str, typer.Argument(help=f"A transcript of ours, or a stored interview: {ID_FORMS}.")],
    criterion: Annotated[str, typer.Argument(help="The criterion, by its name on the scorecard or its id.")],
    quote: Annotated[str | None, typer.Option(help="The sentence of yours that shows it, word for word.")] = None,
    turn: Annotated[int | None, typer.Option(min=0, help="Index of its message, as in the JSON, from 0.")] = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Take back what is disputed about it.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scorecard as one JSON document.")] = False,
) -> None:
    """Say "I said that": the score stays, and is shown as a range with what it would be if you are right."""
    from app.bootstrap import SystemClock
    from app.domain.dispute import unmoved
    from app.domain.events import Disputed, DisputeWithdrawn
    from app.errors import InputError
    from app.services import disputes

    if withdraw is (quote is not None):
        raise InputError("say which sentence with --quote, or --withdraw to take back what is disputed")
    parts = parts_of(context)
    file = file_named(transcript)
    stored = _our_own(file) if file is not None else find_interview(parts, transcript, case=None)
    brief, now = parts.catalog.brief(stored.header.case), SystemClock().now()
    event: Disputed | DisputeWithdrawn
    if quote is None:
        event = disputes.withdraw(stored, disputes.criterion_named(criterion, brief), at=now)
    else:
        card = parts.assessor.assess(stored, grading=parts.assessor.kept_grading(stored))
        event = disputes.dispute(stored, criterion, quote=quote, turn=turn, card=card, brief=brief, at=now)
    after = stored.model_copy(update={"events": (*stored.events, event)})
    _keep(parts, stored, after, file)
    card = parts.assessor.assess(after, grading=parts.assessor.kept_grading(after))
    if as_json:
        print_json(card)
    else:
        console().print(_outcome(card), unmoved(card, event.criterion), markup=False)


def export_labels(
    context: typer.Context,
    transcripts: Annotated[
        list[str] | None, typer.Argument(help="Transcripts or ids; every stored interview if none is named.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the terminal.")] = None,
    agreed: Annotated[bool, typer.Option("--i-agree", help="Agree without being asked.")] = False,
) -> None:
    """Write what you dispute as labelled examples (JSONL), without identity, if you agree."""
    from app.errors import InputError
    from app.services.disputes import labelled

    if not agreed:
        if not sys.stdin.isatty():
            raise InputError("your sentences are given away only if you agree; say so with --i-agree")
        typer.echo(_CONSENT, err=True)
        if not typer.confirm("Do you agree?", err=True):
            raise InputError("nothing was written, since you did not agree")
    parts = parts_of(context)
    if transcripts:
        found = [find_interview(parts, each, case=None) for each in transcripts]
    else:
        found = asyncio.run(_all(parts))
    lines = "".join(f"{example.model_dump_json()}\n" for example in labelled(found))
    if out is None:
        sys.stdout.write(lines)
    else:
        write_text(out, lines)
        print_written(out)


async def _all(parts: App) -> list[StoredInterview]:
    """Every stored interview that can be read."""
    from app.errors import InterviewError

    found = []
    try:
        for header in await parts.store.headers():
            try:
                found.append(await parts.store.load(header.id))
            except InterviewError as error:
                typer.echo(f"mlsd: left out {header.id}: {error}", err=True)
    finally:
        await parts.store.close()
    return found


def _our_own(file: Path) -> StoredInterview:
    from app.adapters.transcript_files import read_any, read_transcript
    from app.errors import InputError

    try:
        return read_transcript(file)
    except InputError:
        read_any(file)
        raise InputError(
            f"{file}: is a chat, which cannot hold a dispute; `mlsd import` makes a transcript of it"
        ) from None


def _keep(parts: App, stored: StoredInterview, after: StoredInterview, file: Path | None) -> None:
    from app.adapters.transcript_files import write_transcript

    if file is not None:
        write_transcript(after, file)
        return

    async def append() -> None:
        try:
            await parts.store.append(stored.header.id, after.events[-1:], expected_seq=stored.seq)
        finally:
            await parts.store.close()

    asyncio.run(append())


def _outcome(card: Scorecard) -> str:
    from app.services.debriefing import VERDICTS

    whole = card.overall
    score = "There is no score" if whole.score is None else f"The score stays {whole.score} of 100"
    if whole.range is None or whole.claimed_verdict is None:
        return f"{score}; nothing is disputed."
    high = "none" if whole.range.high is None else f"{whole.range.high}"
    return f"{score}. With what you dispute credited it would be {high}: {VERDICTS[whole.claimed_verdict].lower()}."
