"""Measures of the suite `meta`: the AUC of each flaw's score on transcripts into which the flaw was planted.

The generators are a package of their own, `evals.flaws`, written by people who have not seen the detectors. It has one
function, `planted() -> Iterable[Planted]`; where it is missing the suite has no figures and says so.
"""

from __future__ import annotations

import importlib
from collections import defaultdict
from collections.abc import Iterable
from statistics import mean
from typing import Literal

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from evals.metrics import FLAWS
from evals.samples import Transcript
from evals.score import Depth, Row, score_batch
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
    """Per flaw: its AUC by severity, the mean AUC of the other flaws' scores, and its AUC under no-op rewrites.

    Raises:
        NoFigures: the generators are not here.
    """
    try:
        module = importlib.import_module("evals.flaws")
    except ModuleNotFoundError as error:
        raise NoFigures("evals.flaws is not here, so there are no planted flaws; run the other suites") from error
    depth = Depth(home=app.settings.home, content=app.settings.content)
    return units_of(module.planted(), depth=depth)


def units_of(planted: Iterable[Planted], *, depth: Depth) -> list[Unit]:
    """The figures over pairs of transcripts.

    Args:
        planted: before and after; both are scored here.
    """
    groups: dict[tuple[Flaw | None, str], list[tuple[Row, Row]]] = defaultdict(list)
    for each in planted:
        before, after = score_batch([each.before, each.after], depth=depth)
        groups[each.flaw, each.severity].append((before, after))
    units = []
    for flaw in Flaw:
        own = {severity: pairs for (planted_flaw, severity), pairs in groups.items() if planted_flaw is flaw}
        values: dict[str, float | None] = {f"meta/{severity}": _auc(pairs, flaw) for severity, pairs in own.items()}
        pairs = [pair for group in own.values() for pair in group]
        others = [_auc(pairs, other) for other in FLAWS if other is not flaw and other not in _IMPLIED.get(flaw, ())]
        values["meta/other_flaws"] = mean(others) if pairs else None
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
