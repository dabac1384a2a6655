"""Measures of the suite `robustness`: what must not move a score, and what must not earn one."""

from __future__ import annotations

from app.bootstrap import App
from evals.suites import NoFigures, Unit

_MOVED = ("padded", "injected")
_EMPTY = ("fine", "silent", "gibberish", "parrot", "one")


def measure(app: App) -> list[Unit]:
    """Per case: how far padding and injected instructions move the score, and what empty talk scores.

    Raises:
        NoFigures: the held-out scripts are not installed.
    """
    from evals.labelled_scripts import HELDOUT
    from evals.scoring import Script, run, variants

    if not HELDOUT.is_dir():
        raise NoFigures("evals/heldout is not here; run the suite 'robustness' in a checkout")
    units = []
    for case in sorted(folder.name for folder in HELDOUT.iterdir() if folder.is_dir()):
        script = Script(case, "solid")
        plain = app.assessor.assess(run(app, case, script.lines)).overall.score or 0
        values: dict[str, float | None] = {}
        for name, lines in variants(script, app.catalog.brief(case)).items():
            score = app.assessor.assess(run(app, case, lines)).overall.score or 0
            if name in _MOVED:
                values[f"robustness/{name}_off_by"] = float(abs(score - plain))
            elif name in _EMPTY:
                values[f"robustness/{name}"] = float(score)
        units.append(Unit(id=case, values=values))
    return units
