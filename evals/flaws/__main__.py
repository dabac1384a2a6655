"""The figures of planted flaws in a table, of either half: `python -m evals.flaws --half dev`."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from app.bootstrap import App
from app.settings import load_settings
from evals.flaws import PER_SEVERITY, planted
from evals.flaws.wordings import Half
from evals.score import Depth
from evals.suites.meta import units_of


def main(
    half: Annotated[Half, typer.Option(help="Detectors may be tuned on dev alone.")] = Half.DEV,
    per_severity: Annotated[int, typer.Option("--per-severity", min=1)] = PER_SEVERITY,
    lexical: Annotated[bool, typer.Option("--lexical", help="Go by words alone.")] = False,
    seed: Annotated[int, typer.Option(help="Draws other turns and wordings.")] = 6,
) -> None:
    """Print the AUC of each flaw's score, and what the other scores and rewrites without a flaw do."""
    app = App(load_settings())
    found = planted(half=half, per_severity=per_severity, seed=seed, app=app)
    depth = Depth(home=app.settings.home, content=app.settings.content, vectors=not lexical)
    units = units_of(found, depth=depth, workers=len(os.sched_getaffinity(0)))
    names = list(units[0].values)
    table = Table("flaw", *(name.removeprefix("meta/") for name in names))
    for unit in units:
        table.add_row(unit.id, *("-" if (v := unit.values[name]) is None else f"{v:.2f}" for name in names))
    Console(width=200).print(table)


if __name__ == "__main__":
    typer.run(main)
