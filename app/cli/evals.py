"""`mlsd eval`: suites over recorded transcripts, with intervals, targets and a comparison with a baseline."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import console, print_json
from app.cli.parts import parts_of

if TYPE_CHECKING:
    from app.bootstrap import App
    from evals.judge import Judge
    from evals.report.document import EvalReport
    from evals.samples import Skipped, Transcript
    from evals.score import Row
    from evals.suites import Suite, Unit

_SHIPPED = "transcripts"
_WORTH_PROCESSES = 500_000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("eval")(evaluate)


def evaluate(
    context: typer.Context,
    suites: Annotated[list[str] | None, typer.Argument(help="Suites; conduct and hints if none.")] = None,
    transcripts: Annotated[
        list[str] | None,
        typer.Option("--transcripts", help="A file, folder or quoted pattern; those that ship if none."),
    ] = None,
    judge: Annotated[str | None, typer.Option(help="A model that rates the interviews in addition.")] = None,
    against: Annotated[
        list[str] | None,
        typer.Option(help="With --judge: earlier interviews under the same ids, to be judged side by side."),
    ] = None,
    baseline: Annotated[Path | None, typer.Option(help="Compare with this earlier report.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report here (JSON).")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page here that works offline.")] = None,
    lexical: Annotated[
        bool, typer.Option("--lexical", help="Go by words and recorded moves alone: much faster, sees less.")
    ] = False,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one per core if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Evaluate an interviewer on transcripts; exit status 1 is a real regression against the baseline."""
    from app.cli import EXIT_FINDINGS
    from evals.report.compare import compare
    from evals.report.document import read_report, versions_of
    from evals.report.table import show
    from evals.suites import BY_DEFAULT, TRANSCRIPTS, load_suite

    parts = parts_of(context)
    chosen = [load_suite(name) for name in dict.fromkeys(suites or BY_DEFAULT)]
    before = read_report(baseline) if baseline is not None else None
    if before is not None and baseline is not None and any(suite.source == TRANSCRIPTS for suite in chosen):
        _check_baseline(before, baseline, versions_of(parts, vectors=not lexical))
    jury = _judge(parts, judge) if judge is not None else None
    found = _run(parts, chosen, transcripts or [], judge=jury, against=against, lexical=lexical, workers=workers)
    if before is not None:
        found = found.model_copy(update={"comparison": tuple(compare(found, before))})
    if report is not None:
        _write(report, found.model_dump_json(indent=1) + "\n", option="--report")
    if html is not None:
        from evals.report.page import page

        _write(html, page(found), option="--html")
    if as_json:
        print_json(found)
    else:
        show(found, console())
    sys.stdout.flush()
    if jury is not None and jury.stopped_by is not None:
        sys.stderr.write(
            f"mlsd: warning: the judge was no longer asked, as it failed again and again ({jury.stopped_by}); "
            "the same command goes on from what it has said\n"
        )
    if any(each.regression for each in found.comparison):
        raise typer.Exit(EXIT_FINDINGS)
    _check_it_says_something(found, baseline)


def _check_baseline(before: EvalReport, file: Path, now: dict[str, str]) -> None:
    """Warn of a baseline on other content.

    Raises:
        InputError: the baseline's transcripts were read in another way, so that its figures mean something else.
    """
    from app.errors import InputError

    then = now | before.versions
    if then["reading"] != now["reading"]:
        by_words = "words" in {then["reading"], now["reading"]}
        mend = "run both with --lexical or both without --lexical" if by_words else "run both with the same embedder"
        raise InputError(
            f"{file}: was read by {then['reading']!r} and these would be by {now['reading']!r}, "
            f"which cannot be compared; {mend}"
        )
    if then["content"] != now["content"]:
        sys.stderr.write(
            f"mlsd: warning: {file} was scored with other content ({then['content']}, now {now['content']}); "
            "differences may come from that\n"
        )


def _check_it_says_something(found: EvalReport, baseline: Path | None) -> None:
    """A run that scored or compared nothing must not look as if all were well.

    Raises:
        InputError: it did not.
    """
    from app.errors import InputError

    if not any(figure.n for figure in found.summary.values()) or (found.skipped and not found.transcripts):
        raise InputError("nothing was scored: no transcript could be used; name others with --transcripts")
    judged = found.units.get("judge", ())
    if judged and all(value is None for unit in judged for value in unit.values.values()):
        raise InputError("the judge rated nothing; see `mlsd doctor` for its endpoint, or leave out --judge")
    if baseline is not None and not any(each.pairs for each in found.comparison):
        raise InputError(
            f"nothing was compared: {baseline} has no transcript with an id of these; record both under the same ids"
        )


def _run(
    parts: App,
    suites: list[Suite],
    wanted: list[str],
    *,
    judge: Judge | None,
    against: list[str] | None,
    lexical: bool,
    workers: int | None,
) -> EvalReport:
    from app.errors import InputError
    from evals.report.document import EvalReport, summarise, versions_of
    from evals.suites import TRANSCRIPTS, NoFigures, run_program

    if against and judge is None:
        raise InputError("--against compares by a judge; name one with --judge")
    rows: list[Row] = []
    skipped: list[Skipped] = []
    if any(suite.source == TRANSCRIPTS for suite in suites):
        rows, skipped = _score(parts, wanted, lexical=lexical, workers=workers)
    units: dict[str, tuple[Unit, ...]] = {}
    missing: dict[str, str] = {}
    for suite in suites:
        if suite.source != TRANSCRIPTS:
            try:
                units[suite.id] = tuple(run_program(suite, parts))
            except NoFigures as error:
                missing[suite.id] = str(error)
    if judge is not None:
        from evals.judge import judge_suite, pairwise_suite

        suites = [*suites, judge_suite()]
        if against:
            suites = [*suites, pairwise_suite()]
        units |= asyncio.run(_judged(judge, _readable(parts, wanted), _readable(parts, against) if against else None))
    return EvalReport(
        transcripts=tuple(rows),
        summary=summarise(suites, rows, units),
        skipped=tuple(skipped),
        versions=versions_of(parts, vectors=not lexical),
        units=units,
        missing=missing,
    )


def _score(parts: App, wanted: list[str], *, lexical: bool, workers: int | None) -> tuple[list[Row], list[Skipped]]:
    from app.adapters.embedding import anything_kept
    from evals.samples import Skipped, read_samples
    from evals.score import Depth, score_all

    skipped: list[Skipped] = []
    depth = Depth(home=parts.settings.home, content=parts.settings.content, vectors=not lexical)

    files = _files(wanted)
    cores = workers or len(os.sched_getaffinity(0))
    if workers is None and sum(file.stat().st_size for file in files) < _WORTH_PROCESSES:
        cores = 1  # starting a process takes as long as reading some twenty interviews

    def usable() -> Iterator[Transcript]:
        for each in read_samples(files, cases=parts.catalog.case_ids()):
            if isinstance(each, Skipped):
                skipped.append(each)
            else:
                yield each

    if not lexical and not anything_kept(parts.settings.home / "cache"):
        sys.stderr.write("mlsd: the content is embedded, once on this machine; that takes a minute or two\n")
    rows = list(score_all(usable(), depth=depth, workers=cores))
    return rows, skipped


async def _judged(
    judge: Judge, transcripts: list[Transcript], against: list[Transcript] | None
) -> dict[str, tuple[Unit, ...]]:
    """Ratings, and preferences where there is something to compare with, in one event loop as the judge has a gate."""
    from app.errors import InputError
    from evals.judge import judge_all, prefer_all

    earlier = {each.id: each for each in against or ()}
    pairs = [(each, earlier[each.id]) for each in transcripts if each.id in earlier]
    if against is not None and not pairs:
        raise InputError("--against holds no interview with an id of the others; record both under the same ids")
    units = {"judge": tuple(await judge_all(judge, transcripts))}
    if against is not None:
        units["pairwise"] = tuple(await prefer_all(judge, pairs))
    return units


def _judge(parts: App, name: str) -> Judge:
    from app.settings import writable_home
    from evals.judge import Judge

    return Judge(parts.chat(name), folder=writable_home(parts.settings) / "judge")


def _readable(parts: App, wanted: list[str]) -> list[Transcript]:
    from evals.samples import Transcript, read_samples

    found = read_samples(_files(wanted), cases=parts.catalog.case_ids())
    return [each for each in found if isinstance(each, Transcript)]


def _files(wanted: list[str]) -> list[Path]:
    import evals
    from app.errors import InputError
    from evals.samples import files_of

    if not wanted:
        shipped = Path(evals.__file__).parent / _SHIPPED
        if not shipped.is_dir():
            raise InputError("no transcripts are shipped here; name some with --transcripts")
        wanted = [str(shipped)]
    return files_of(wanted)


def _write(file: Path, text: str, *, option: str) -> None:
    from app.errors import InputError

    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}); name another file with {option}") from error
