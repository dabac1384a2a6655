"""Commands about transcripts and hints: score, export, import, hint."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.interview import level_named
from app.cli.output import console, print_json
from app.cli.parts import parts_of
from app.cli.scorecard import print_scorecard

if TYPE_CHECKING:
    from app.bootstrap import App
    from app.domain.grades import Grading
    from app.ports import StoredInterview

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
ID_FORMS = "its id, the beginning of it, or `last`"
CaseOption = Annotated[str | None, typer.Option("--case", help="The case, for chat JSON of another product.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(score)
    app.command()(export)
    app.command("import")(import_chat)
    app.command()(hint)


def score(
    context: typer.Context,
    transcript: Annotated[
        str, typer.Argument(help=f"A transcript, ours or chat JSON, or a stored interview: {ID_FORMS}.")
    ],
    level: Annotated[str | None, typer.Option(help="Score for this level instead of the interview's own.")] = None,
    model: Annotated[
        str | None,
        typer.Option(help="Who grades: builtin, or a model's name; MLSD_GRADER_MODEL if that is set, else builtin."),
    ] = None,
    votes: Annotated[
        int | None, typer.Option(min=1, max=9, help="How often the model is asked for each step; the median counts.")
    ] = None,
    recorded: Annotated[bool, typer.Option("--recorded", help="Use the evidence that was recorded.")] = False,
    case: CaseOption = None,
    as_json: Json = False,
) -> None:
    """Score a transcript with today's content."""
    from app.adapters.transcript_files import is_chat
    from app.services.naming import short_name

    at = level_named(level) if level else None
    parts = parts_of(context)
    stored = find_interview(parts, transcript, case=case)
    grading = _grading(parts, stored, model=model, votes=votes)
    card = parts.assessor.assess(stored, level=at, recorded=recorded, grading=grading)
    if as_json:
        print_json(card)
        return
    file = file_named(transcript)
    name = transcript if file is not None else short_name(stored.header.id)
    given = (("--case", case), ("--level", level))
    options = [part for option, value in given if value is not None for part in (option, value)]
    print_scorecard(parts, stored, card, name=name, options=options, chat=file is not None and is_chat(file))


def _grading(parts: App, stored: StoredInterview, *, model: str | None, votes: int | None) -> Grading | None:
    """What the named model makes of it; without a name, what the log holds, else what the configured one makes."""
    from app.bootstrap import BUILTIN

    kept = parts.assessor.kept_grading(stored)
    if model is None and votes is None and kept is not None:
        return kept
    grader = parts.grader(model, votes=votes)
    if grader is None:
        if votes is not None:
            from app.errors import InputError

            raise InputError(f"--votes asks a model, and {BUILTIN!r} is none; name one with --model")
        return None
    return asyncio.run(grader.grade(stored, parts.catalog.brief(stored.header.case)))


def export(
    context: typer.Context,
    transcript: Annotated[str, typer.Argument(help=f"A transcript, or a stored interview: {ID_FORMS}.")],
    format: Annotated[str, typer.Option("--format", help="md, html, json or jsonl.")] = "md",
    out: Annotated[Path | None, typer.Option(help="Write here instead of to the terminal.")] = None,
    level: Annotated[str | None, typer.Option(help="Debrief for this level instead of the interview's own.")] = None,
    case: CaseOption = None,
) -> None:
    """Export an interview: md and html are debrief, scorecard and dialogue, json the data, jsonl the transcript."""
    from app.adapters.transcript_files import dump_transcript
    from app.domain.export import ExportForm
    from app.errors import InputError

    if format not in {"md", "html", "json", "jsonl"}:
        raise InputError(f"there is no format {format!r}; use md, html, json or jsonl")
    at = level_named(level) if level else None
    parts = parts_of(context)
    stored = find_interview(parts, transcript, case=case)
    if format != "jsonl" and file_named(transcript) is None:
        _require_end(stored)
    if format == "jsonl":
        text = dump_transcript(stored)
    else:
        text = parts.exported(stored, ExportForm(format), level=at)
    if out is None:
        sys.stdout.write(text)
    else:
        write_text(out, text)
        print_written(out)


def _require_end(stored: StoredInterview) -> None:
    """A debrief reveals the notes, so an interview that can still be gone on with has none."""
    from app.errors import InputError
    from app.services.disputes import is_over

    if not is_over(stored):
        raise InputError(
            f"interview {stored.header.id!r} has not ended, and a debrief comes after the end; end it first, "
            "or take --format jsonl"
        )


def import_chat(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="OpenAI-style chat messages, JSON or JSONL.")],
    case: Annotated[str, typer.Option("--case", help="The case that was discussed.")],
    out: Annotated[Path, typer.Option("--out", help="The transcript to write (.jsonl).")],
    level: Annotated[str | None, typer.Option(help="The level it was for.")] = None,
) -> None:
    """Turn a chat of another product into a transcript."""
    from app.adapters.transcript_files import read_imported, write_transcript

    at = level_named(level) if level else None
    found = read_imported(file, case=case, level=at)
    parts_of(context).catalog.brief(case)
    if len(found) == 1:
        write_transcript(found[0], out)
        print_written(out)
        return
    for number, stored in enumerate(found, start=1):
        file = out.with_name(f"{out.stem}-{number}{out.suffix}")
        write_transcript(stored, file)
        print_written(file)


def hint(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="The case.")],
    step: Annotated[str | None, typer.Option(help="The step, by id or number; must be given.")] = None,
    criterion: Annotated[str | None, typer.Option(help="A criterion of that step; the heaviest if none.")] = None,
    rung: Annotated[int, typer.Option(min=1, max=3, help="1 nudge, 2 pointer, 3 bottom-out.")] = 1,
    as_json: Json = False,
) -> None:
    """Give a hint outside an interview."""
    from app.domain.vocabulary import Rung, Step
    from app.errors import InputError
    from app.services.commands import step_named
    from app.services.hints import hint_outside

    catalog = parts_of(context).catalog
    brief = catalog.brief(case)
    if step is None:
        steps = ", ".join(f"{each.number} {each.value}" for each in Step)
        raise InputError(f"name a step with --step, as in `mlsd hint {case} --step data`; there are {steps}")
    found = hint_outside(brief, step=step_named(step), criterion=criterion, rung=rung, caps=catalog.levels.hint_caps)
    if as_json:
        print_json(found)
        return
    console().print(found.hint, markup=False)
    if rung < len(Rung):
        more = f"mlsd hint {found.case} --step {found.step.value} --criterion {found.criterion} --rung {rung + 1}"
        typer.echo(f"(rung {rung} of {len(Rung)}; the next one: {more})", err=True)


def find_interview(parts: App, transcript: str, *, case: str | None) -> StoredInterview:
    """A transcript file if there is one of that name, else a stored interview.

    Raises:
        InputError: it is neither, or the file holds several conversations.
    """
    from app.adapters.transcript_files import read_any
    from app.errors import InputError, UnknownInterview
    from app.services.naming import interview_named

    file = file_named(transcript)
    if file is not None:
        found = read_any(file, case=case)
        if len(found) != 1:
            raise InputError(
                f"{file}: holds {len(found)} conversations; this command takes one, `mlsd import` splits them"
            )
        return found[0]

    async def load() -> StoredInterview:
        try:
            return await parts.store.load(await interview_named(parts.store, transcript))
        finally:
            await parts.store.close()

    try:
        return asyncio.run(load())
    except UnknownInterview as error:
        raise InputError(
            f"{transcript!r} is neither a file nor a stored interview; `mlsd history` lists those"
        ) from error


def file_named(transcript: str) -> Path | None:
    """The file that is meant; None for an id. A name that no file can have, or that may not be looked at, is none."""
    file = Path(transcript)
    try:
        exists = file.exists()
    except OSError:
        exists = False
    return file if exists or file.suffix in {".json", ".jsonl"} else None


def write_text(file: Path, text: str) -> None:
    """Write a file that --out names.

    Raises:
        InputError: it cannot be written.
    """
    from app.errors import InputError

    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}); name another file with --out") from error


def print_written(file: Path) -> None:
    """Say which file was written, beside what goes to a pipe."""
    typer.echo(f"Wrote {file}", err=True)
