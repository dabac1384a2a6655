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
from evals.flaws.wordings import SEVERITIES, Half
from evals.score import Depth, Row
from evals.suites.meta import Groups, auc_interval, scored
from evals.vocabulary import Flaw


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
    groups = scored(found, depth=depth, workers=len(os.sched_getaffinity(0)))
    console = Console(width=200)
    console.print(own_table(groups))
    console.print(other_table(groups))


def own_table(groups: Groups) -> Table:
    """Each flaw's own score: AUC with its 95 % interval, by severity and on rewrites without a flaw."""
    table = Table("flaw", "planted", *SEVERITIES, "no-op")
    same = [pair for (planted_flaw, _), pairs in groups.items() if planted_flaw is None for pair in pairs]
    for flaw in Flaw:
        own = [groups.get((flaw, severity), []) for severity in SEVERITIES]
        table.add_row(flaw, str(sum(map(len, own))), *(_cell(pairs, flaw) for pairs in [*own, same]))
    return table


def other_table(groups: Groups) -> Table:
    """What each flaw, planted in all severities, does to the scores of all flaws: AUC."""
    table = Table("planted", *(str(flaw) for flaw in Flaw))
    for flaw in Flaw:
        pairs = [pair for severity in SEVERITIES for pair in groups.get((flaw, severity), [])]
        table.add_row(flaw, *(f"{auc_interval(pairs, other).mean:.2f}" if pairs else "-" for other in Flaw))
    return table


def _cell(pairs: list[tuple[Row, Row]], flaw: Flaw) -> str:
    if not pairs:
        return "-"
    found = auc_interval(pairs, flaw)
    return f"{found.mean:.2f} ({found.low:.2f}-{found.high:.2f})"


if __name__ == "__main__":
    typer.run(main)
