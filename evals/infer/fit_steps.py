"""Fits the weights of the path over the steps, and says how right it is on interviews that it was not fitted on.

    python -m evals.infer.fit_steps             # cross-validation: every interview by the weights of the others
    python -m evals.infer.fit_steps --write     # and writes step_path.json, fitted on all of them

Fitted on `evals/dev` and on those interviews of `evals/transcripts/authored` that have odd numbers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Annotated

import numpy as np
import typer

import evals
from app.bootstrap import App
from app.domain.vocabulary import Step
from app.ports import Embedder
from app.settings import load_settings
from evals.infer.labels import places_of
from evals.infer.readable import readable_turns
from evals.infer.step_features import SAYS, STAYS, Matrix, StepEvidence, step_evidence
from evals.infer.step_path import FILE, JUMPS, STAY, StepPath, StepPaths
from evals.samples import Transcript, read_samples

_FOLDER = Path(evals.__file__).parent
# Per interview; of .02, .1, .3 and 1 the best in cross-validation.
_PENALTY = 0.1


@dataclass(frozen=True)
class Loss:
    """Minus the log likelihood of one interview's written steps, and its slope by weight."""

    loss: float
    slope: Matrix


@dataclass(frozen=True)
class Labelled:
    """An interview's evidence, and the steps that people wrote beside it (0 to 6)."""

    name: str
    evidence: StepEvidence
    truth: tuple[int, ...]


def files_to_fit() -> list[Path]:
    """The interviews that anything may be fitted on."""
    authored = sorted((_FOLDER / "transcripts" / "authored").glob("*.json"))
    return [*sorted((_FOLDER / "dev").glob("*.json")), *(each for each in authored if int(each.stem[-2:]) % 2)]


def labelled(app: App, *, embedder: Embedder | None) -> list[Labelled]:
    """The interviews to fit on."""
    found = []
    for file in files_to_fit():
        sample = next(iter(read_samples([file], cases=app.catalog.case_ids())))
        if not isinstance(sample, Transcript):
            continue
        steps = {each["index"]: each["step"] for each in json.loads(file.read_text(encoding="utf-8"))["labels"]}
        turns = readable_turns(sample.turns)
        places = places_of(turns)
        kept = [place for place in places.between if steps[turns[place].index]]
        evidence = step_evidence(turns, between=kept, answers=places.answers, embedder=embedder)
        truth = tuple(Step(steps[turns[place].index]).number - 1 for place in kept)
        found.append(Labelled(name=file.stem, evidence=evidence, truth=truth))
    return found


def fit(interviews: Sequence[Labelled]) -> StepPath:
    """The weights under which the written steps are most likely, kept small by a quadratic penalty."""
    from scipy.optimize import minimize

    def cost(weights: Matrix) -> tuple[float, Matrix]:
        total = 0.5 * _PENALTY * len(interviews) * float(weights @ weights)
        slope = _PENALTY * len(interviews) * weights
        path = StepPath.of(weights, digits=12)
        for each in interviews:
            one = loss_of(path, each)
            total, slope = total + one.loss, slope + one.slope
        return total, slope

    start = np.zeros(len(SAYS) + len(STAYS) + len(JUMPS) + len(Step))
    return StepPath.of(minimize(cost, start, jac=True, method="L-BFGS-B").x)


def loss_of(path: StepPath, interview: Labelled) -> Loss:
    """How unlikely a path makes the written steps (by the forward and backward sums over all paths)."""
    evidence, truth = interview.evidence, np.array(interview.truth)
    turns, changes = path.turn_scores(evidence), path.change_scores(evidence)
    count = len(truth)
    ahead, behind = np.zeros_like(turns), np.zeros_like(turns)
    ahead[0] = turns[0]
    for at in range(1, count):
        ahead[at] = np.logaddexp.reduce(ahead[at - 1][:, None] + changes[at], axis=0) + turns[at]
    for at in range(count - 2, -1, -1):
        behind[at] = np.logaddexp.reduce(changes[at + 1] + (turns[at + 1] + behind[at + 1])[None, :], axis=1)
    whole = float(np.logaddexp.reduce(ahead[-1]))
    off = np.exp(ahead + behind - whole)
    off[np.arange(count), truth] -= 1
    between = np.zeros_like(changes)
    score = float(turns[np.arange(count), truth].sum())
    for at in range(1, count):
        between[at] = np.exp(ahead[at - 1][:, None] + changes[at] + (turns[at] + behind[at])[None, :] - whole)
        between[at, truth[at - 1], truth[at]] -= 1
        score += float(changes[at, truth[at - 1], truth[at]])
    slope = np.concatenate(
        [
            np.einsum("ts,tsf->f", off, evidence.says),
            (between * STAY).sum(axis=(1, 2)) @ evidence.stays,
            np.einsum("tij,kij->k", between, JUMPS),
            off[0],
        ]
    )
    return Loss(loss=whole - score, slope=slope)


def cross_validated(interviews: Sequence[Labelled]) -> dict[str, list[bool]]:
    """Of each interview, which turns are right by the weights fitted on all the others."""
    found = {}
    for place, each in enumerate(interviews):
        path = fit([*interviews[:place], *interviews[place + 1 :]])
        got = [step.number - 1 for step in path.best(each.evidence)]
        found[each.name] = [one == two for one, two in zip(got, each.truth, strict=True)]
    return found


def main(write: Annotated[bool, typer.Option("--write", help="Write the weights.")] = False) -> None:
    """Cross-validate, print the share of turns in the right step, and write the weights if asked."""
    app = App(load_settings())
    fitted = {}
    for name, embedder in (("meaning", app.embedder), ("words", None)):
        interviews = labelled(app, embedder=embedder)
        right = cross_validated(interviews)
        for kind in ("authored", "dev"):
            turns = [
                turn
                for file, each in right.items()
                if file.startswith("authored") is (kind == "authored")
                for turn in each
            ]
            typer.echo(f"{name}, {kind}: {mean(turns):.3f} of {len(turns)} turns in the right step")
        fitted[name] = fit(interviews)
    if write:
        FILE.write_text(StepPaths.model_validate(fitted).model_dump_json(indent=1) + "\n", encoding="utf-8")
        typer.echo(f"written: {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
