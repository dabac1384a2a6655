"""Compares a report with a baseline, transcript by transcript: better, worse, the same, or cannot tell."""

from __future__ import annotations

from evals.metrics import Better, better_way
from evals.report.bootstrap import interval
from evals.report.comparison import Change, Comparison
from evals.report.document import EvalReport, value_of

_LEAST_PAIRS = 5
_MIDDLE = 0.5


def compare(new: EvalReport, old: EvalReport) -> list[Comparison]:
    """One comparison per measure of the new report.

    Better or worse is said only if the interval leaves out 0 at 95 % over all measures together (Bonferroni), on
    five pairs or more: otherwise one measure in twenty would cry wolf. The same is said if no pair differs.
    """
    level = 1 - 0.05 / max(1, len(new.summary))
    return [_one(measure, new, old, level=level) for measure in new.summary]


def _one(measure: str, new: EvalReport, old: EvalReport, *, level: float) -> Comparison:
    way = better_way(measure)
    before, after = _values(old, measure), _values(new, measure)
    pairs = [(_distance(before[key], way), _distance(after[key], way)) for key in after if key in before]
    differences = [now - then for then, now in pairs]
    shown, sure = interval(differences), interval(differences, level=level)
    change = Change.CANNOT_TELL
    if pairs and not any(differences):
        change = Change.SAME
    elif (
        len(pairs) >= _LEAST_PAIRS
        and sure.low is not None
        and sure.high is not None
        and (sure.low > 0 or sure.high < 0)
    ):
        rose = sure.low > 0
        change = Change.BETTER if rose == (way is Better.HIGHER) else Change.WORSE
    return Comparison(
        measure=measure,
        difference=shown.mean,
        low=shown.low,
        high=shown.high,
        pairs=len(pairs),
        change=change,
        gates=new.summary[measure].validated,
        regression=change is Change.WORSE and new.summary[measure].validated,
    )


def _values(report: EvalReport, measure: str) -> dict[str, float]:
    """Figures by transcript (or unit), without those that have none."""
    found = {row.id: value_of(row, measure) for row in report.transcripts}
    for units in report.units.values():
        found |= {unit.id: unit.values[measure] for unit in units if measure in unit.values}
    return {key: value for key, value in found.items() if value is not None}


def _distance(value: float, way: Better) -> float:
    return abs(value - _MIDDLE) if way is Better.MIDDLE else value
