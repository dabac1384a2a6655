"""Measures of the suite `grading`: scripts of known quality, scored by the same function as the page."""

from __future__ import annotations

from itertools import pairwise

from app.bootstrap import App
from evals.suites import NoFigures, Unit


def measure(app: App) -> list[Unit]:
    """Per case: whether strong, solid and weak come in this order, by how much, and the AUC of single sentences.

    Raises:
        NoFigures: the held-out scripts are not installed.
    """
    from sklearn.metrics import roc_auc_score

    from evals.labelled_scripts import HELDOUT, KINDS
    from evals.scoring import Script, pair_scores, run

    if not HELDOUT.is_dir():
        raise NoFigures("evals/heldout is not here; run the suite 'grading' in a checkout")
    units = []
    for case in sorted(folder.name for folder in HELDOUT.iterdir() if folder.is_dir()):
        score: dict[str, int] = {}
        for kind in KINDS:
            stored = run(app, case, Script(case, kind).lines)
            score[kind] = app.assessor.assess(stored).overall.score or 0
        values: dict[str, float | None] = {
            "grading/order": float(all(better > worse for better, worse in pairwise([score[k] for k in KINDS[:3]]))),
            "grading/strong_over_solid": float(score["strong"] - score["solid"]),
            "grading/solid_over_weak": float(score["solid"] - score["weak"]),
            "grading/solid_over_wrong": float(score["solid"] - score["wrong"]),
            "grading/sentence_auc": None,
        }
        if (HELDOUT / case / "pairs.jsonl").exists():
            scores, truth, _ = pair_scores(app, case)
            values["grading/sentence_auc"] = float(roc_auc_score(truth, scores))
        units.append(Unit(id=case, values=values))
    return units
