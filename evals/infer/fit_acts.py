"""Fits the heads for acts, and says how right acts are on interviews of hands that they were not fitted on.

    python -m evals.infer.fit_acts             # cross-validation: every hand's interviews by the heads of the others
    python -m evals.infer.fit_acts --write     # and writes act_head.json, fitted on all of them

Fitted on `evals/dev` and on those interviews of `evals/transcripts/authored` that have odd numbers, each with the steps
as they are inferred of a hand that nothing was fitted on; and on the single turns of `written_turns.jsonl` that have an
act, with the steps that their authors wrote. The latter's hands wrote none of the interviews.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Annotated

import numpy as np
import typer

from app.bootstrap import App
from app.ports import ContentEmbedder, Vectors
from app.settings import load_settings
from evals.infer.act_features import Surroundings, act_features, act_vectors
from evals.infer.act_head import FILE, ActHead, ActHeads
from evals.infer.acts import sure_act, weighed_act
from evals.infer.fit_linear import rounded_rows, write_fitted
from evals.infer.fit_steps import Fitter, interviews_to_fit
from evals.infer.labels import speaks_of, surroundings
from evals.infer.readable import readable
from evals.infer.soundness import Soundness
from evals.infer.written_turns import written_turns
from evals.samples import Speaker, Turn
from evals.suites.labels import macro_f1
from evals.vocabulary import Act

# Strength: of .03, .1, .3 and 1; a vector's scale: of 2, 4, 6 and 8. Best in cross-validation by hand.
_STRENGTH = 0.1
_SCALE = 6.0
_SEEN_AT_LEAST = 6
_ITERATIONS = 500


@dataclass(frozen=True)
class Example:
    """A turn of an interview, and the act that somebody wrote beside it.

    Attributes:
        hand: who wrote it; 0 for those of `evals/dev`.
        sure: the act by the rules that come before the head; None where they leave it to the head.
        vectors: `act_vectors` of the turn, shape (4, dimension); None for reading by words alone.
        at: the interview's name and the turn's place in it; None for a single turn.
    """

    hand: int
    shown: frozenset[str]
    sure: Act | None
    act: Act
    vectors: Vectors | None = None
    at: tuple[str, int] | None = None


def examples(app: App, *, meaning: bool) -> list[Example]:
    """The turns to fit on: of interviews all but those that open and close, then the single ones."""
    embedder = app.embedder if meaning else None
    interviews = interviews_to_fit(app, meaning=meaning)
    steps = Fitter(app, interviews, meaning=meaning).by_others()
    found: list[Example] = []
    for own in interviews:
        by_index = {own.turns[place].index: step for place, step in steps[own.name].items()}
        sound = Soundness(app.catalog.brief(own.case), embedder)
        for place, around in surroundings(own.turns, own.places, by_index).items():
            turn, act = own.turns[place], own.acts[place]
            found.append(_example(turn, around, act, sound, embedder, hand=own.hand, at=(own.name, place)))
    return found + _single_turns(app, embedder)


def _single_turns(app: App, embedder: ContentEmbedder | None) -> list[Example]:
    sound = {case: Soundness(app.catalog.brief(case), embedder) for case in app.catalog.case_ids()}
    found = []
    for written in written_turns():
        if written.act is None or written.case is None or written.was is None:
            continue
        turn = Turn(index=1, speaker=Speaker.INTERVIEWER, content=readable(written.text))
        before = readable(written.before)
        around = Surroundings(
            before=before,
            step=written.step,
            previous=written.was,
            candidate_moved=speaks_of(before, written.step, than=written.was),
        )
        found.append(_example(turn, around, written.act, sound[written.case], embedder, hand=written.hand))
    return found


def _example(
    turn: Turn,
    around: Surroundings,
    act: Act,
    sound: Soundness,
    embedder: ContentEmbedder | None,
    *,
    hand: int,
    at: tuple[str, int] | None = None,
) -> Example:
    return Example(
        hand=hand,
        shown=act_features(turn, around, praises_wrong=lambda: sound.wrong(around.before)),
        sure=sure_act(turn, around),
        act=act,
        vectors=None if embedder is None else act_vectors(turn, around, embedder),
        at=at,
    )


def fit(turns: Sequence[Example], *, embedder: str | None = None) -> ActHead:
    """Logistic regression, rare acts counting as much as common ones; what is shown by few turns is left out.

    Args:
        embedder: the name of what made the vectors of the turns; None where they have none.
    """
    from sklearn.linear_model import LogisticRegression

    shown = Counter(name for each in turns for name in each.shown)
    names = sorted(name for name, count in shown.items() if count >= _SEEN_AT_LEAST)
    column = {name: place for place, name in enumerate(names)}
    matrix = np.zeros((len(turns), len(names)))
    for row, each in enumerate(turns):
        matrix[row, [column[name] for name in each.shown if name in column]] = 1.0
    vectors = [each.vectors.ravel() for each in turns if each.vectors is not None]
    if vectors:
        matrix = np.hstack([matrix, _SCALE * np.stack(vectors)])
    fitted = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS, class_weight="balanced")
    fitted.fit(matrix, [each.act.value for each in turns])
    weights = rounded_rows(fitted.coef_.T[: len(names)])
    return ActHead(
        acts=tuple(Act(each) for each in fitted.classes_),
        bias=rounded_rows(fitted.intercept_[None, :])[0],
        weights=dict(zip(names, weights, strict=True)),
        meaning=rounded_rows(_SCALE * fitted.coef_.T[len(names) :]),
        embedder=embedder,
    )


def cross_validated(turns: Sequence[Example]) -> dict[tuple[str, int], Act]:
    """The act of each turn of an interview by the rules, else by the head fitted on all the other hands' turns."""
    own = [(each, each.at) for each in turns if each.at is not None]
    hands = sorted({each.hand for each, _ in own})
    heads = {hand: fit([each for each in turns if each.hand != hand]) for hand in hands}
    return {at: each.sure or weighed_act(each.shown, head=heads[each.hand], vectors=each.vectors) for each, at in own}


def main(write: Annotated[bool, typer.Option("--write", help="Write the heads.")] = False) -> None:
    """Cross-validate by hand, print how right the acts are, and write the heads if asked."""
    app = App(load_settings())
    fitted = {}
    for name in ("meaning", "words"):
        turns = examples(app, meaning=name == "meaning")
        found = cross_validated(turns)
        for authored in (True, False):
            pairs = [
                (each.act, found[each.at]) for each in turns if each.at is not None and (each.hand > 0) is authored
            ]
            truth, got = [one for one, _ in pairs], [two for _, two in pairs]
            right = mean(one is two for one, two in pairs)
            of = "authored" if authored else "dev"
            typer.echo(f"{name}, {of}: {right:.3f} of {len(pairs)} turns right, macro-F1 {macro_f1(truth, got):.3f}")
        fitted[name] = fit(turns, embedder=app.embedder.name if name == "meaning" else None)
    if write:
        heads = ActHeads(meaning=fitted["meaning"], words=fitted["words"])
        write_fitted(heads, FILE)
        typer.echo(f"written: {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
