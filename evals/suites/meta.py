"""Measures of the suite `meta`: the AUC of each flaw's score on transcripts into which the flaw was planted.

The generators are a package of their own, `evals.flaws`, written by people who have not seen the detectors. It has one
function, `planted() -> Iterable[Planted]`; where it is missing the suite has no figures and says so.
"""

from __future__ import annotations

import importlib
import os
from collections import defaultdict
from collections.abc import Iterable
from statistics import mean
from typing import Literal

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from evals.metrics import FLAWS
from evals.samples import Transcript
from evals.score import Depth, Row, score_all
from evals.suites import NoFigures, Unit
from evals.vocabulary import Flaw

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
    pairs_in = list(planted)
    wanted = list(dict.fromkeys(sample for each in pairs_in for sample in (each.before, each.after)))
    rows = dict(zip(wanted, score_all(wanted, depth=depth, workers=workers), strict=True))
    groups: dict[tuple[Flaw | None, str], list[tuple[Row, Row]]] = defaultdict(list)
    for each in pairs_in:
        groups[each.flaw, each.severity].append((rows[each.before], rows[each.after]))
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
        units.append(Unit(id=str(flaw), values=values))
    return units


def _auc(pairs: list[tuple[Row, Row]], flaw: Flaw) -> float:
    """The chance that a changed transcript scores above an unchanged one, ties counting half."""
    before = [row.flaw_scores[flaw] for row, _ in pairs]
    after = [row.flaw_scores[flaw] for _, row in pairs]
    won = sum((high > low) + 0.5 * (high == low) for high in after for low in before)
    return won / (len(before) * len(after)) if pairs else 0.5
