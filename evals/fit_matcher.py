"""Fits the matcher's head on labelled sentences and prints how well it does on cases it has not seen.

    python -m evals.fit_matcher            # cross-validated figures only
    python -m evals.fit_matcher --write    # and write app/adapters/matcher_head.json

The data (`evals/calibration/<case>.jsonl`) are sentences written by people who had a case's prompt and the
one-line descriptions of its criteria, and nothing else: {"text", "covers": [ids], "misses": [{"criterion",
"kind"}]}. Every sentence is paired with every criterion of its case. Figures are for a case that was left
out of the fit; the head that is written is fitted on all of them. They are for tuning, not for reporting:
the thresholds are chosen on the same predictions.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.matcher import FEATURES, ExampleMatcher, Head, head_file
from app.bootstrap import App
from app.settings import load_settings

CALIBRATION = Path(__file__).parent / "calibration"
CREDIT_PRECISION = 0.85
# The files hold as many near-misses as covering sentences; in an interview most of what is said is meant well.
# For choosing thresholds a near-miss therefore counts a quarter.
NEAR_MISS_SHARE = 0.25
DOUBT_RECALL = 0.85


class Labelled:
    """All pairs: features of shape (pairs, features), labels and case of each, and the kind of each miss."""

    def __init__(self, matcher: ExampleMatcher, app: App) -> None:
        features, labels, cases, kinds, weights = [], [], [], [], []
        for file in sorted(CALIBRATION.glob("*.jsonl")):
            brief = app.catalog.brief(file.stem)
            rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
            block = matcher.features(brief, [row["text"] for row in rows])
            for place, row in enumerate(rows):
                missed = {miss["criterion"]: miss["kind"] for miss in row["misses"]}
                for column, criterion in enumerate(brief.criteria):
                    features.append(block[place, column])
                    labels.append(criterion.id in row["covers"])
                    cases.append(file.stem)
                    kinds.append(missed.get(criterion.id, "unrelated"))
                    weights.append(NEAR_MISS_SHARE if missed else 1.0)
        self.features: NDArray[np.float64] = np.array(features, dtype=np.float64)
        self.labels = np.array(labels)
        self.cases = np.array(cases)
        self.kinds = np.array(kinds)
        self.weights = np.array(weights)


def main(write: Annotated[bool, typer.Option("--write", help="Write the head.")] = False) -> None:
    """Fit, print, and write if asked."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import precision_recall_curve, roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    app = App(load_settings())
    data = Labelled(app.matcher, app)

    def fit(chosen: NDArray[np.bool_]):  # type: ignore[no-untyped-def]
        return make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=3000)).fit(
            data.features[chosen], data.labels[chosen]
        )

    scores = np.zeros(len(data.labels))
    for case in np.unique(data.cases):
        out = data.cases == case
        scores[out] = fit(~out).predict_proba(data.features[out])[:, 1]
    precision, recall, thresholds = precision_recall_curve(data.labels, scores, sample_weight=data.weights)
    credit = float(thresholds[np.flatnonzero(precision[:-1] >= CREDIT_PRECISION)[0]])
    doubt = float(thresholds[np.flatnonzero(recall[:-1] >= DOUBT_RECALL)[-1]])
    typer.echo(
        f"{len(data.labels)} pairs, {data.labels.sum()} positive, {len(np.unique(data.cases))} cases, one left out"
    )
    typer.echo(f"AUC {roc_auc_score(data.labels, scores):.3f}")
    for kind in sorted(set(data.kinds)):
        chosen = data.labels | (data.kinds == kind)
        typer.echo(f"AUC against {kind}: {roc_auc_score(data.labels[chosen], scores[chosen]):.3f}")
    typer.echo(
        f"credit from {credit:.3f}: precision {CREDIT_PRECISION}, "
        f"recall {recall[np.searchsorted(thresholds, credit)]:.2f}"
    )
    typer.echo(
        f"doubt from {doubt:.3f}: recall {DOUBT_RECALL}, precision {precision[np.searchsorted(thresholds, doubt)]:.2f}"
    )
    whole = fit(np.ones(len(data.labels), dtype=bool))
    head = Head(
        features=FEATURES,
        mean=tuple(np.round(whole[0].mean_, 6)),
        scale=tuple(np.round(whole[0].scale_, 6)),
        weights=tuple(np.round(whole[1].coef_[0], 6)),
        bias=round(float(whole[1].intercept_[0]), 6),
        credit=round(credit, 3),
        doubt=round(doubt, 3),
    )
    if write:
        head_file().write_text(head.model_dump_json(indent=1) + "\n", encoding="utf-8")
        typer.echo(f"wrote {head_file().name}")


if __name__ == "__main__":
    typer.run(main)
