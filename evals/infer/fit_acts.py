"""Fits the head for acts, and says how right acts are on interviews that it was not fitted on.

    python -m evals.infer.fit_acts             # cross-validation: every interview by the head of the others
    python -m evals.infer.fit_acts --write     # and writes act_head.json, fitted on all of them

Fitted on `evals/dev` and on those interviews of `evals/transcripts/authored` that have odd numbers, each with the steps
inferred as they are when an interview is scored.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from statistics import mean
from typing import Annotated

import numpy as np
import typer

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from app.settings import load_settings
from evals.infer.act_features import act_features
from evals.infer.act_head import FILE, ActHead
from evals.infer.acts import sure_act, weighed_act
from evals.infer.fit_steps import files_to_fit
from evals.infer.labels import places_of, surroundings
from evals.infer.readable import readable_turns
from evals.infer.soundness import Soundness
from evals.infer.steps import infer_steps
from evals.samples import Transcript, read_samples
from evals.suites.labels import macro_f1
from evals.vocabulary import Act

# Best of .1, .3 and 1 in cross-validation, and when fitted on the first half of the interviews for the second.
_STRENGTH = 0.1
_SEEN_AT_LEAST = 6
_DIGITS = 3
_ITERATIONS = 500


class Example(Frozen):
    """A turn of an interview, and the act that somebody wrote beside it.

    Attributes:
        sure: the act by the rules that come before the head; None where they leave it to the head.
    """

    interview: str
    shown: frozenset[str]
    sure: Act | None
    act: Act


def examples(app: App) -> list[Example]:
    """The turns to fit on: all but those that open and close."""
    found: list[Example] = []
    for file in files_to_fit():
        sample = next(iter(read_samples([file], cases=app.catalog.case_ids())))
        if not isinstance(sample, Transcript):
            continue
        acts = {each["index"]: Act(each["act"]) for each in json.loads(file.read_text(encoding="utf-8"))["labels"]}
        turns = readable_turns(sample.turns)
        places = places_of(turns)
        steps = infer_steps(turns, between=places.between, answers=places.answers, embedder=app.embedder)
        sound = Soundness(app.catalog.brief(sample.case), app.embedder)
        for place, around in surroundings(turns, places, steps).items():
            turn = turns[place]
            wrong = sound.wrong(around.before)
            shown = act_features(turn, around, praises_wrong=lambda is_wrong=wrong: is_wrong)  # type: ignore[misc]
            found.append(Example(interview=file.stem, shown=shown, sure=sure_act(turn, around), act=acts[turn.index]))
    return found


def fit(turns: Sequence[Example]) -> ActHead:
    """Logistic regression, rare acts counting as much as common ones; what is shown by few turns is left out."""
    from sklearn.linear_model import LogisticRegression

    shown = Counter(name for each in turns for name in each.shown)
    names = sorted(name for name, count in shown.items() if count >= _SEEN_AT_LEAST)
    column = {name: place for place, name in enumerate(names)}
    matrix = np.zeros((len(turns), len(names)))
    for row, each in enumerate(turns):
        matrix[row, [column[name] for name in each.shown if name in column]] = 1.0
    fitted = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS, class_weight="balanced")
    fitted.fit(matrix, [each.act.value for each in turns])
    return ActHead(
        acts=tuple(Act(each) for each in fitted.classes_),
        bias=tuple(round(float(each), _DIGITS) for each in fitted.intercept_),
        weights={
            name: tuple(round(float(each), _DIGITS) for each in fitted.coef_[:, place])
            for place, name in enumerate(names)
        },
    )


def cross_validated(turns: Sequence[Example]) -> list[Act]:
    """The act of each turn by the rules, else by the head fitted on all the other interviews."""
    heads = {
        name: fit([each for each in turns if each.interview != name]) for name in {each.interview for each in turns}
    }
    return [each.sure or weighed_act(each.shown, head=heads[each.interview]) for each in turns]


def main(write: Annotated[bool, typer.Option("--write", help="Write the head.")] = False) -> None:
    """Cross-validate, print how right the acts are, and write the head if asked."""
    turns = examples(App(load_settings()))
    found = cross_validated(turns)
    for kind in ("authored", "dev"):
        pairs = [
            (each.act, act)
            for each, act in zip(turns, found, strict=True)
            if each.interview.startswith("authored") is (kind == "authored")
        ]
        truth, got = [one for one, _ in pairs], [two for _, two in pairs]
        right = mean(one is two for one, two in pairs)
        typer.echo(f"{kind}: {right:.3f} of {len(pairs)} turns right, macro-F1 {macro_f1(truth, got):.3f}")
    if write:
        FILE.write_text(json.dumps(fit(turns).model_dump(mode="json"), indent=0) + "\n", encoding="utf-8")
        typer.echo(f"written: {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
