"""Measures of the suite `meta`: the AUC of each flaw's score on transcripts into which the flaw was planted.

The generators are a package of their own, `evals.flaws`, written by people who have not seen the detectors. It has one
function, `planted() -> Iterable[Planted]`; where it is missing the suite has no figures and says so.
"""

from __future__ import annotations

import importlib
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import mean
from typing import Literal

import numpy as np

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from evals.metrics import FLAWS
from evals.report.bootstrap import Interval
from evals.samples import Transcript
from evals.score import Depth, Row, score_all
from evals.suites import NoFigures, Unit, load_suite
from evals.vocabulary import Flaw

Groups = dict[tuple[Flaw | None, str], list[tuple[Row, Row]]]
_RESAMPLES, _SEED = 500, 20_240_229
_IMPLIED = {Flaw.HINT_IS_SOLUTION: {Flaw.LEAKS_ANSWER}}


class Planted(Frozen):
    """A transcript before and after a change.

    Attributes:
        flaw: what was planted; None for a rewrite that changes nothing of substance.
        severity: how plainly; without meaning where nothing was planted.
    """

    flaw: Flaw | None
    severity: Literal["blatant", "medium", "subtle"] = "medium"
    before: Transcript
    after: Transcript


def measure(app: App) -> list[Unit]:
    """Per flaw: its AUC by severity, what the other flaws' scores make of it, and its AUC under no-op rewrites.

    Raises:
        NoFigures: the generators or the transcripts that they start from are not here.
    """
    try:
        module = importlib.import_module("evals.flaws")
    except ModuleNotFoundError as error:
        raise NoFigures("evals.flaws is not here, so there are no planted flaws; run the other suites") from error
    depth = Depth(home=app.settings.home, content=app.settings.content)
    return units_of(module.planted(app=app), depth=depth, workers=len(os.sched_getaffinity(0)))


def units_of(planted: Iterable[Planted], *, depth: Depth, workers: int = 1) -> list[Unit]:
    """The figures over pairs of transcripts.

    Beside the mean over the other flaws' scores come the lowest and the highest of them, since a mean hides one that
    is off; flaws that are declared to imply each other are left out.

    Args:
        planted: before and after; both are scored here, each transcript once.
        workers: processes.
    """
    return figures_of(scored(planted, depth=depth, workers=workers))


def scored(planted: Iterable[Planted], *, depth: Depth, workers: int = 1) -> Groups:
    """The rows of all pairs, by what was planted and how plainly; each transcript is scored once."""
    pairs_in = list(planted)
    wanted = list(dict.fromkeys(sample for each in pairs_in for sample in (each.before, each.after)))
    rows = dict(zip(wanted, score_all(wanted, depth=depth, workers=workers), strict=True))
    groups: Groups = defaultdict(list)
    for each in pairs_in:
        groups[each.flaw, each.severity].append((rows[each.before], rows[each.after]))
    return groups


def figures_of(groups: Groups) -> list[Unit]:
    """One unit a flaw."""
    units = []
    for flaw in Flaw:
        own = {severity: pairs for (planted_flaw, severity), pairs in groups.items() if planted_flaw is flaw}
        values: dict[str, float | None] = {f"meta/{severity}": _auc(pairs, flaw) for severity, pairs in own.items()}
        pairs = [pair for group in own.values() for pair in group]
        others = [_auc(pairs, other) for other in FLAWS if other is not flaw and other not in _IMPLIED.get(flaw, ())]
        values["meta/other_flaws"] = mean(others) if pairs else None
        values["meta/other_lowest"] = min(others) if pairs else None
        values["meta/other_highest"] = max(others) if pairs else None
        same = [pair for (planted_flaw, _), group in groups.items() if planted_flaw is None for pair in group]
        values["meta/no_op"] = _auc(same, flaw) if same else None
        values["meta/met"] = _met(values)
        units.append(Unit(id=str(flaw), values=values))
    return units


def auc_interval(pairs: list[tuple[Row, Row]], flaw: Flaw) -> Interval:
    """The AUC of a flaw's score, with a percentile bootstrap interval resampled by pair; n is the number of pairs."""
    before = np.array([row.flaw_scores[flaw] for row, _ in pairs])
    after = np.array([row.flaw_scores[flaw] for _, row in pairs])
    wins = (after[:, None] > before) + 0.5 * (after[:, None] == before)
    draws = np.random.default_rng(_SEED)
    found = []
    for _ in range(_RESAMPLES):
        chosen = draws.integers(0, len(pairs), size=len(pairs))
        found.append(wins[np.ix_(chosen, chosen)].mean())
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(mean=_auc(pairs, flaw), low=float(low), high=float(high), n=len(pairs))


def _met(values: Mapping[str, float | None]) -> float:
    """1 if every figure of a flaw is where the suite wants it, which their means over flaws would hide."""
    checks = [check for check in load_suite("meta").checks if check.measure in values]
    return float(all(check.met_by(values[check.measure]) is not False for check in checks))


def _auc(pairs: list[tuple[Row, Row]], flaw: Flaw) -> float:
    """The chance that a changed transcript scores above an unchanged one, ties counting half."""
    if not pairs:
        return 0.5
    before = np.array([row.flaw_scores[flaw] for row, _ in pairs])
    after = np.array([row.flaw_scores[flaw] for _, row in pairs])
    return float(((after[:, None] > before) + 0.5 * (after[:, None] == before)).mean())
