"""`mlsd history`: the interviews that are stored here, and how their scores moved."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import console, print_json
from app.cli.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from app.cli.documents import HistoryRow
    from app.domain.trend import Series

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(history)


def history(context: typer.Context, as_json: Json = False) -> None:
    """List the stored interviews, newest first, with their scores; from two at one level on also how these moved."""
    from app.cli.documents import History, HistoryRow
    from app.services.naming import short_ids
    from app.services.past import past_interviews, trend_of

    parts = parts_of(context)

    async def listed() -> tuple[HistoryRow, ...]:
        try:
            found = await past_interviews(parts.store, parts.assessor)
        finally:
            await parts.store.close()
        return tuple(HistoryRow.model_validate(row.model_dump()) for row in found)

    rows = asyncio.run(listed())
    if as_json:
        print_json(History(interviews=rows, series=trend_of(rows)))
        return
    from rich.table import Table

    screen = console()
    if not rows:
        screen.print("No interview is stored here yet; `mlsd` or `mlsd interview CASE` begins one.")
        return
    table = Table(box=None, pad_edge=False)
    for column in ("id", "case", "level", "mode", "began"):
        table.add_column(column, no_wrap=True)
    table.add_column("score", justify="right")
    table.add_column("verdict")
    shown = short_ids([row.id for row in rows])
    for row in rows:
        score = "" if row.score is None else str(row.score)
        began = row.started_at.strftime("%m-%d %H:%M")
        table.add_row(shown[row.id], row.case, row.level.value, row.mode.value, began, score, _outcome(row))
    screen.print(table)
    _print_trend(trend_of(rows), screen)


def _outcome(row: HistoryRow) -> str:
    """The verdict in words; of an interview without one, what became of it."""
    from app.services.debriefing import VERDICTS

    return row.state.value if row.verdict is None else VERDICTS[row.verdict]


def _print_trend(found: Sequence[Series], screen: Console) -> None:
    """The last scores by case and step; where there are no two to compare, what it takes."""
    from rich.table import Table
    from rich.text import Text

    from app.domain.trend import sparkline

    moved = [series for series in found if series.change is not None]
    if not moved:
        screen.print()
        screen.print("How scores move is shown once a step was scored in two interviews at one level.", style="dim")
        return
    plain = not screen.encoding.lower().startswith("utf")
    table = Table(box=None, pad_edge=False, title="How the scores moved, oldest to newest", title_justify="left")
    for column in ("case or step", "level", "scores", "last", "change"):
        table.add_column(column, overflow="fold")
    for series in moved:
        scores = [point.score for point in series.points][-12:]
        name = series.case if series.step is None else f"{series.step.number} {series.step.heading}"
        line = Text(sparkline(scores, ascii_only=plain))
        table.add_row(name, series.level.value, line, str(scores[-1]), f"{series.change:+d}")
    screen.print()
    screen.print(table)
