"""The report in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from evals.report.comparison import Change, Comparison
from evals.report.document import EvalReport, Figure, unscored_by_judges

_NUMBERS = {"mean", "difference", "n", "pairs"}
_SIGNS = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}
_COLOURS = {Change.BETTER: "green", Change.WORSE: "red", Change.SAME: "dim", Change.CANNOT_TELL: "dim"}


def show(report: EvalReport, console: Console) -> None:
    """Print the figures of each suite, the comparison, and what was skipped or is missing."""
    console.print(f"{len(report.transcripts)} transcripts, {len(report.skipped)} files skipped")
    for suite in dict.fromkeys(figure.suite for figure in report.summary.values()):
        table = _table(suite, ("measure", "mean", "95 % interval", "n", "target", "ok"))
        for name, figure in report.summary.items():
            if figure.suite == suite:
                cells = (_number(figure.mean), _interval(figure), str(figure.n), figure.target or "", _SIGNS[figure.ok])
                table.add_row(name, *cells)
        console.print(table)
    if report.comparison:
        table = _table("against the baseline", ("measure", "difference", "95 % interval", "pairs", ""))
        for each in report.comparison:
            table.add_row(each.measure, *_change(each))
        console.print(table)
        worse = [each.measure for each in report.comparison if each.regression]
        if worse:
            console.print(f"a real regression (exit status 1) in {', '.join(worse)}", soft_wrap=True)
    for unscored in unscored_by_judges(report):
        console.print(escape(unscored.said), soft_wrap=True)
    for suite, reason in report.missing.items():
        console.print(escape(f"{suite}: no figures, {reason}"), soft_wrap=True)
    for skipped in report.skipped:
        console.print(escape(f"skipped {skipped.file}: {skipped.reason}"), soft_wrap=True)


def _table(title: str, columns: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(
            name, justify="right" if name in {"mean", "difference", "n", "pairs"} else "left", no_wrap=True
        )
    return table


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _interval(figure: Figure) -> str:
    if figure.ci_low is None or figure.ci_high is None:
        return "-"
    return f"{figure.ci_low:.3f} to {figure.ci_high:.3f}"


def _change(comparison: Comparison) -> tuple[str, ...]:
    if comparison.difference is None:
        return ("-", "-", "0", "[dim]no pairs[/]")
    between = "-" if comparison.low is None else f"{comparison.low:+.3f} to {comparison.high:+.3f}"
    said = f"[{_COLOURS[comparison.change]}]{comparison.change}{', gates' if comparison.regression else ''}[/]"
    return (f"{comparison.difference:+.3f}", between, str(comparison.pairs), said)
