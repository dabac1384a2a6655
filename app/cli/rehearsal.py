"""`mlsd simulate`: interviews with simulated candidates, recorded."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.interview import level_named, mode_named
from app.cli.output import console, print_json
from app.cli.parts import parts_of
from app.cli.progress import ProgressBar

if TYPE_CHECKING:
    from app.bootstrap import App
    from app.domain.vocabulary import Level
    from evals.simulate import CandidateSpec, Planned, Recorded

_ALL = "all"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(simulate)


def simulate(
    context: typer.Context,
    case: Annotated[list[str], typer.Option("--case", help="A case; several times, or `all`.")],
    candidate: Annotated[
        list[str], typer.Option("--candidate", help="A persona or a script's file; several times, or `all` personas.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The folder for the recordings.")],
    model: Annotated[str, typer.Option(help="The interviewer: builtin, or a model's name.")] = "builtin",
    n: Annotated[
        int, typer.Option("--n", min=1, max=10_000, help="Interviews of each kind, with seeds counted up.")
    ] = 1,
    level: Annotated[list[str] | None, typer.Option("--level", help="mid, senior or staff; several, or `all`.")] = None,
    mode: Annotated[str, typer.Option(help="mock or coach.")] = "mock",
    minutes: Annotated[float, typer.Option(min=1, max=600, help="Length, in the candidate's virtual time.")] = 45,
    untimed: Annotated[bool, typer.Option("--untimed", help="No clock.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="The first seed.")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, max=256, help="Processes; all cores if not given.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Play finished recordings again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Record interviews with simulated candidates; what is finished in the folder is kept."""
    from app.cli import EXIT_INTERRUPTED
    from app.services.conduct import Agreement
    from evals.simulate import Planned, file_name, run_all

    parts = parts_of(context)
    cases = _cases(parts, case)
    chosen_mode = mode_named(mode, drilled=False)
    _make_folder(out)
    plan: list[Planned] = []
    for spec, name, at, number in product(_candidates(parts, candidate), cases, _levels(level), range(n)):
        if spec.case not in {None, name}:
            continue
        agreement = Agreement(
            case=name, level=at, mode=chosen_mode, minutes=None if untimed else minutes, seed=seed + number
        )
        file = out / file_name(agreement, candidate=spec.name, model=model)
        plan.append(Planned(agreement=agreement, candidate=spec, model=model, file=file))
    _check_plan(plan)
    try:
        with ProgressBar("recording", total=len(plan)) as bar:

            def told(recorded: Recorded) -> None:
                complaint = f"{recorded.file}: {recorded.reason}" if recorded.reason is not None else None
                bar.advance(recorded.file.name, complaint=complaint)

            done = run_all(plan, parts, jobs=jobs or os.cpu_count() or 1, fresh=fresh, told=told)
    except KeyboardInterrupt:
        kept = sum(each.file.exists() for each in plan)  # another process may have finished one a moment ago
        said = f"{kept} of {len(plan)} kept in {out}; run the same command again to go on"
        sys.stderr.write(f"\nmlsd: {said}\n")
        raise SystemExit(EXIT_INTERRUPTED) from None
    _report(done, out, as_json=as_json)


def _cases(parts: App, names: Sequence[str]) -> list[str]:
    if _ALL in names:
        return list(parts.catalog.case_ids())
    return [parts.catalog.brief(name).case.id for name in dict.fromkeys(names)]


def _levels(names: Sequence[str] | None) -> list[Level]:
    from app.domain.vocabulary import Level

    if names and _ALL in names:
        return list(Level)
    return [level_named(name) for name in dict.fromkeys(names or ["senior"])]


def _candidates(parts: App, names: Sequence[str]) -> list[CandidateSpec]:
    from evals.persona import load_personas
    from evals.simulate import candidate_named

    wanted = [each for name in names for each in (load_personas() if name == _ALL else [name])]
    return [candidate_named(name, cases=parts.catalog.case_ids()) for name in dict.fromkeys(wanted)]


def _make_folder(out: Path) -> None:
    from app.errors import InputError

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: is no folder to write to ({error.strerror}); name another with --out") from error


def _check_plan(plan: Sequence[Planned]) -> None:
    from app.errors import InputError

    if not plan:
        raise InputError("nothing to play: the scripts are for other cases; name theirs with --case, or --case all")
    twice = {planned.file for planned in plan if sum(other.file == planned.file for other in plan) > 1}
    if twice:
        raise InputError(f"{min(twice)}: two candidates would be recorded there; give the scripts different names")


def _report(done: Sequence[Recorded], out: Path, *, as_json: bool) -> None:
    from app.cli.documents import RecordingRow, Simulated
    from evals.simulate import Outcome

    if as_json:
        print_json(
            Simulated(recordings=tuple(RecordingRow.model_validate(row.model_dump(mode="json")) for row in done))
        )
    else:
        counts = {outcome: sum(row.outcome is outcome for row in done) for outcome in Outcome}
        screen = console()
        screen.print(
            f"{counts[Outcome.PLAYED]} played, {counts[Outcome.KEPT] + counts[Outcome.OUTDATED]} kept, "
            f"{counts[Outcome.FAILED]} failed: {out}",
            markup=False, soft_wrap=True,
        )  # fmt: skip
        if counts[Outcome.OUTDATED]:
            screen.print(
                f"{counts[Outcome.OUTDATED]} of those kept were made with other content or another version of the "
                "candidate; --fresh plays them again.",
                soft_wrap=True,
            )
    sys.stdout.flush()
    if any(row.outcome is Outcome.FAILED for row in done):
        raise typer.Exit(1)
