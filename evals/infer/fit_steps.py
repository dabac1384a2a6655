"""Fits the head of meanings and the weights of the path over the steps, and says how right steps are on other hands.

    python -m evals.infer.fit_steps             # cross-validation: every hand's interviews by what the others' taught
    python -m evals.infer.fit_steps --write     # and writes step_head.json and step_path.json, fitted on all of them

Fitted on `evals/dev` and on those interviews of `evals/transcripts/authored` that have odd numbers. The path is fitted on
what heads of other hands say of a turn, as it will have to rely on a head that has not seen the interviewer either. In
cross-validation the 37 weights of a path are those of the other hands' labels, but the heads that these weights were
fitted behind have seen all hands but one each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Annotated

import numpy as np
import typer

import evals
from app.bootstrap import App
from app.domain.vocabulary import Step
from app.ports import Vectors
from app.settings import load_settings
from evals.infer.fit_linear import write_fitted
from evals.infer.fit_step_head import Texts, fit_head
from evals.infer.labels import Places, places_of
from evals.infer.meaning import turn_vectors
from evals.infer.readable import readable_turns
from evals.infer.step_features import SAYS, STAYS, Matrix, StepEvidence, meaning_by, step_evidence
from evals.infer.step_head import FILE as STEP_HEAD_FILE
from evals.infer.step_head import StepHead
from evals.infer.step_path import FILE, JUMPS, STAY, StepPath, StepPaths
from evals.samples import Speaker, Transcript, Turn, read_samples
from evals.vocabulary import Act

_FOLDER = Path(evals.__file__).parent
# Per interview; of .02, .1, .3 and 1 the best in cross-validation.
_PENALTY = 0.1


@dataclass(frozen=True)
class Loss:
    """Minus the log likelihood of one interview's written steps, and its slope by weight."""

    loss: float
    slope: Matrix


@dataclass(frozen=True)
class Interview:
    """An interview to fit on, with the steps that people wrote beside it.

    Attributes:
        hand: who wrote it; 0 for those of `evals/dev`.
        turns: both sides'.
        vectors: of the turns; None for telling steps by words alone.
        steps: of the interviewer's turns that have one (0 to 6), by their place.
        acts: of all the interviewer's turns, by their place.
        questions: how many requests to answer each of them holds, by its author.
        contents: of all turns, as they were written.
    """

    name: str
    case: str
    hand: int
    turns: tuple[Turn, ...]
    places: Places
    vectors: Vectors | None
    steps: Mapping[int, int]
    acts: Mapping[int, Act]
    questions: Mapping[int, int]
    contents: tuple[str, ...]

    @property
    def authored(self) -> bool:
        """Whether it is one of the author-written interviews, with labels by their authors."""
        return self.hand > 0

    def texts(self) -> Texts:
        """What is said and answered in a step: the interviewer's turns and the candidate's next."""
        assert self.vectors is not None
        found: list[tuple[int, int]] = []
        for place, step in self.steps.items():
            found.append((place, step))
            if place + 1 < len(self.turns) and self.turns[place + 1].speaker is Speaker.CANDIDATE:
                found.append((place + 1, step))
        return Texts(vectors=self.vectors[[place for place, _ in found]], steps=np.array([step for _, step in found]))

    def evidence(self, head: StepHead | None, *, between: Sequence[int] | None = None) -> StepEvidence:
        """Its evidence at the turns that have a step, or at others; by words alone where there is no head."""
        return step_evidence(
            self.turns,
            between=tuple(self.steps) if between is None else between,
            answers=self.places.answers,
            meaning=None if head is None or self.vectors is None else meaning_by(head, self.vectors),
        )


@dataclass(frozen=True)
class Labelled:
    """An interview's evidence, and the steps that people wrote beside it (0 to 6)."""

    hand: int
    evidence: StepEvidence
    truth: tuple[int, ...]


def files_to_fit() -> list[Path]:
    """The interviews that anything may be fitted on."""
    authored = sorted((_FOLDER / "transcripts" / "authored").glob("*.json"))
    return [*sorted((_FOLDER / "dev").glob("*.json")), *(each for each in authored if int(each.stem[-2:]) % 2)]


def interviews_to_fit(app: App, *, meaning: bool = True) -> list[Interview]:
    """The interviews to fit on, with their turns' vectors or without."""
    found = []
    for file in files_to_fit():
        sample = next(iter(read_samples([file], cases=app.catalog.case_ids())))
        if not isinstance(sample, Transcript):
            continue
        written = json.loads(file.read_text(encoding="utf-8"))
        steps = {each["index"]: Step(each["step"]).number - 1 for each in written["labels"] if each["step"]}
        acts = {each["index"]: Act(each["act"]) for each in written["labels"]}
        questions = {each["index"]: each["questions"] for each in written["labels"]}
        turns = readable_turns(sample.turns)
        places = places_of(turns)
        found.append(
            Interview(
                name=file.stem,
                case=sample.case,
                hand=0 if file.parent.name == "dev" else written["hand"],
                turns=turns,
                places=places,
                vectors=turn_vectors(turns, app.embedder) if meaning else None,
                steps={place: steps[turns[place].index] for place in places.between if turns[place].index in steps},
                acts={place: acts[turn.index] for place, turn in enumerate(turns) if turn.index in acts},
                questions={place: questions[turn.index] for place, turn in enumerate(turns) if turn.index in acts},
                contents=tuple(turn.content for turn in sample.turns),
            )
        )
    return found


class Fitter:
    """Fits on the interviews of all hands or of all but one.

    Attributes:
        heads: by hand the head that was fitted on the content and on the other hands' interviews; empty where
            steps are told by words alone.
    """

    def __init__(self, app: App, interviews: Sequence[Interview], *, meaning: bool = True) -> None:
        self._interviews = interviews
        self._content = Texts.of_content(app) if meaning else None
        self._embedder = app.embedder.name
        self.heads = (
            {hand: self.head(but=hand) for hand in sorted({each.hand for each in interviews})} if meaning else {}
        )
        self._labelled = [
            Labelled(
                hand=each.hand, evidence=each.evidence(self.heads.get(each.hand)), truth=tuple(each.steps.values())
            )
            for each in interviews
        ]

    def head(self, *, but: int | None = None) -> StepHead:
        """The head fitted on all hands, or on all but one."""
        assert self._content is not None
        turns = [each.texts() for each in self._interviews if each.hand != but]
        return fit_head(self._content, turns, embedder=self._embedder)

    def path(self, *, but: int | None = None) -> StepPath:
        """The path's weights fitted on all hands, or on all but one."""
        return fit([each for each in self._labelled if each.hand != but])

    def by_others(self) -> dict[str, dict[int, Step]]:
        """Of each interview the steps at all places between opening and closing, by what other hands taught."""
        paths = {hand: self.path(but=hand) for hand in sorted({each.hand for each in self._interviews})}
        found = {}
        for each in self._interviews:
            between = each.places.between
            evidence = each.evidence(self.heads.get(each.hand), between=between)
            found[each.name] = dict(zip(between, paths[each.hand].best(evidence), strict=True))
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


def main(write: Annotated[bool, typer.Option("--write", help="Write the head and the weights.")] = False) -> None:
    """Cross-validate by hand, print the share of turns in the right step, and write head and weights if asked."""
    app = App(load_settings())
    interviews = interviews_to_fit(app)
    fitters = {name: Fitter(app, interviews, meaning=name == "meaning") for name in ("meaning", "words")}
    for name, fitter in fitters.items():
        found = fitter.by_others()
        for authored in (True, False):
            right = [
                found[each.name][place].number - 1 == step
                for each in interviews
                if each.authored is authored
                for place, step in each.steps.items()
            ]
            of = "authored" if authored else "dev"
            typer.echo(f"{name}, {of}: {mean(right):.3f} of {len(right)} turns in the right step")
    if write:
        write_fitted(fitters["meaning"].head(), STEP_HEAD_FILE)
        paths = StepPaths(meaning=fitters["meaning"].path(), words=fitters["words"].path())
        FILE.write_text(paths.model_dump_json(indent=1) + "\n", encoding="utf-8")
        typer.echo(f"written: the head of meanings and {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
