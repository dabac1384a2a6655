"""Makes the recordings in evals/transcripts/recorded: `python -m evals.record_shipped`.

Every case is played five times against the built-in interviewer (four personas and the script of one held-out
candidate), and once against a model where one is named. Levels and candidates go round, so that each meets
each. What is finished is kept; `--fresh` plays all of it again, as is due when the content has changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from app.bootstrap import BUILTIN, App
from app.domain.vocabulary import Level
from app.services.conduct import Agreement
from app.settings import load_settings
from evals.persona import load_personas
from evals.simulate import Outcome, Planned, Recorded, candidate_named, file_name, run_all

RECORDED = Path(__file__).parent / "transcripts" / "recorded"
HELDOUT = Path(__file__).parent / "heldout"
_SCRIPTS = ("strong", "solid", "weak", "wrong")
_PERSONAS_A_CASE = 4
_WITH_MODEL = (
    *("solid", "strong", "weak", "wrong", "rambling", "drives-hard"),
    *("asks-much", "manipulating", "non-native", "jumps-ahead", "silent", "solid"),
)
_MODEL_MINUTES = 10.0
"""A small model on a small machine takes ten seconds a turn, so its interviews are short."""


def plan(parts: App, *, model: str = BUILTIN) -> list[Planned]:
    """What ships: the candidates go round the cases, the levels go round both."""
    personas, levels = list(load_personas()), list(Level)
    cases = parts.catalog.case_ids()
    found: list[Planned] = []
    for place, case in enumerate(cases):
        if model == BUILTIN:
            here = [personas[(place * _PERSONAS_A_CASE + number) % len(personas)] for number in range(_PERSONAS_A_CASE)]
            chosen = [candidate_named(name) for name in here]
            script = HELDOUT / case / f"{_SCRIPTS[place % len(_SCRIPTS)]}.jsonl"
            chosen.append(candidate_named(str(script)))
        else:
            chosen = [candidate_named(_WITH_MODEL[place % len(_WITH_MODEL)])]
        for number, candidate in enumerate(chosen):
            level = levels[(place + number + (model != BUILTIN)) % len(levels)]
            agreement = Agreement(
                case=case,
                level=level,
                minutes=45 if model == BUILTIN else _MODEL_MINUTES,
                seed=number if candidate.persona is not None else 0,
            )
            file = RECORDED / file_name(agreement, candidate=candidate.name, model=model)
            found.append(Planned(agreement=agreement, candidate=candidate, model=model, file=file))
    return found


def main(
    model: Annotated[str, typer.Option(help="The interviewer: builtin, or the name of an endpoint's model.")] = BUILTIN,
    jobs: Annotated[int | None, typer.Option(min=1, help="Processes; all cores if not given.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Play finished recordings again.")] = False,
) -> None:
    """Record what is missing."""
    parts = App(load_settings())

    def told(recorded: Recorded) -> None:
        typer.echo(f"{recorded.outcome.value:<9}{recorded.file.name}  {recorded.reason or ''}".rstrip())

    RECORDED.mkdir(parents=True, exist_ok=True)
    done = run_all(plan(parts, model=model), parts, jobs=jobs or os.cpu_count() or 1, fresh=fresh, told=told)
    if any(recorded.outcome is Outcome.FAILED for recorded in done):
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
