"""Fits the rule for passing over an answer, and says how well it tells turns that it was not fitted on.

    python -m evals.infer.fit_passing_over             # cross-validation
    python -m evals.infer.fit_passing_over --write     # and writes passing_over_head.json, fitted on all of them

Fitted on the development half of the flaws: clean interviews, whose questions mostly take up what was said, and turns
with a wording of `evals/flaws/dev.yaml` planted into them. A wording is told by what the others taught, an interview's own
turns by other interviews. What the question itself says is left out, as planted ones are all drawn from the cases: only
how it stands to the answer counts. The last line is about turns that authors of flawed interviews said pass over an
answer; nothing is fitted on those.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from typing import Annotated

import numpy as np
import typer

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from app.ports import Embedder
from app.settings import load_settings
from evals.flaws.bases import Base, load_bases
from evals.flaws.material import Material
from evals.flaws.plant import plant
from evals.flaws.wordings import SEVERITIES, Half, load_wordings
from evals.infer.fit_linear import fitted_linear, unscaled, write_fitted
from evals.infer.fit_steps import files_to_fit
from evals.infer.linear import Linear
from evals.infer.passing_over import FILE, FOLLOWING, PassingOverHead, Shown, chance, follows_answer, shown_by
from evals.samples import Transcript, read_samples
from evals.vocabulary import Flaw

_STRENGTH, _SCALE = 0.3, 3.0
_FOLDS = 6
_PLANTED = 240
_SEED = 11
_DEGREES = {"subtle": 1, "medium": 2, "blatant": 2}


class Example(Frozen):
    """A turn that asks.

    Attributes:
        source: the interview that it is of, or the wording that was planted.
        kind: "clean", a severity, or "labelled".
    """

    source: str
    kind: str
    shown: Shown

    @property
    def degree(self) -> int:
        """0 takes the answer up, 1 passes over it with an everyday phrase, 2 plainly."""
        return _DEGREES.get(self.kind, 0)


def examples(app: App) -> list[Example]:
    """Turns of clean interviews, and as many with a wording planted."""
    bases = load_bases(app, half=Half.DEV)
    return [*_clean(bases, app.embedder), *_planted(app, bases)]


def _clean(bases: Sequence[Base], embedder: Embedder) -> Iterator[Example]:
    for base in bases:
        turns = base.transcript.turns
        for place, turn in enumerate(turns):
            follows = base.acts.get(turn.index) in FOLLOWING and follows_answer(turns, place)
            if follows and "?" in turn.content:
                yield Example(source=base.transcript.id, kind="clean", shown=shown_by(turns, place, embedder))


def _planted(app: App, bases: Sequence[Base]) -> Iterator[Example]:
    wordings = load_wordings(Half.DEV)
    material = {base.transcript.case: Material(app.catalog.brief(base.transcript.case)) for base in bases}
    for severity in SEVERITIES:
        rng, made = random.Random(f"{_SEED}/{severity}"), 0
        texts = wordings.of(Flaw.IGNORES_ANSWER, severity)
        while made < _PLANTED:
            base, wording = rng.choice(bases), rng.choice(texts)
            about = material[base.transcript.case]
            pair = plant(base, Flaw.IGNORES_ANSWER, severity, [wording], material=about, rng=rng, name=severity)
            if pair is None:
                continue
            old, new = pair.before.turns, pair.after.turns
            place = next(place for place, turn in enumerate(new) if turn.content != old[place].content)
            yield Example(source=wording, kind=severity, shown=shown_by(new, place, app.embedder))
            made += 1


def _labelled(app: App) -> Iterator[Example]:
    """Turns of interviews of the development half of which their authors said so."""
    for file in files_to_fit():
        written = json.loads(file.read_text(encoding="utf-8"))
        flawed = {each["index"] for each in written.get("labels", ()) if Flaw.IGNORES_ANSWER in each.get("flaws", ())}
        for sample in read_samples([file], cases=app.catalog.case_ids()) if flawed else ():
            if isinstance(sample, Transcript):
                for place, turn in enumerate(sample.turns):
                    if turn.index in flawed and follows_answer(sample.turns, place) and "?" in turn.content:
                        shown = shown_by(sample.turns, place, app.embedder)
                        yield Example(source=sample.id, kind="labelled", shown=shown)


def fit(turns: Sequence[Example]) -> Linear:
    """Logistic regression over the three degrees."""
    numbers = _SCALE * np.array([each.shown.numbers for each in turns])
    signs = [each.shown.signs for each in turns]
    return unscaled(
        fitted_linear(signs, numbers, [each.degree for each in turns], strength=_STRENGTH),
        by=_SCALE,
    )


def main(write: Annotated[bool, typer.Option("--write", help="Write the head.")] = False) -> None:
    """Cross-validate, print how often passing over is told in what, and write the head if asked."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    app = App(load_settings())
    turns = examples(app)
    likely = np.zeros(len(turns))
    for rest, fold in GroupKFold(_FOLDS).split(turns, groups=[each.source for each in turns]):
        rule = fit([turns[at] for at in rest])
        for at in fold:
            likely[at] = chance(rule, turns[at].shown)
    kinds = np.array([each.kind for each in turns])
    clean = likely[kinds == "clean"]
    typer.echo(f"clean: {len(clean)} turns, {(clean > 1 / 2).mean():.3f} told to pass over")
    for severity in SEVERITIES:
        found = likely[kinds == severity]
        truth = np.arange(len(clean) + len(found)) >= len(clean)
        auc = roc_auc_score(truth, np.concatenate([clean, found]))
        typer.echo(f"{severity}: {len(found)} turns, {(found > 1 / 2).mean():.3f} told to pass over, AUC {auc:.3f}")
    whole = fit(turns)
    labelled = np.array([chance(whole, each.shown) for each in _labelled(app)])
    truth = np.arange(len(clean) + len(labelled)) >= len(clean)
    auc = roc_auc_score(truth, np.concatenate([clean, labelled]))
    typer.echo(f"said by authors: {len(labelled)} turns, {(labelled > 1 / 2).mean():.3f} told so, AUC {auc:.3f}")
    if write:
        head = PassingOverHead(embedder=app.embedder.name, rule=whole)
        write_fitted(head, FILE)
        typer.echo(f"written: {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
