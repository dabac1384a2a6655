"""How scores moved, as one HTML page that needs no network: styles, charts and the line of script are inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from app.adapters.html_templates import html_templates
from app.adapters.svg_trend import score_line
from app.domain.trend import Series
from app.domain.vocabulary import Level, Step

_MOST_POINTS = 20

THEME_SCRIPT = """document.documentElement.dataset.theme = localStorage.getItem("vite-ui-theme") ?? "system";"""
"""Follows the theme that was chosen on the interview page, which keeps it under this name."""


def progress_html(series: Sequence[Series], *, titles: Mapping[str, str]) -> str:
    """The page.

    Args:
        series: by case and by step, as `trend` gives them.
        titles: of the cases, by id.
    """
    levels = [level for level in Level if any(one.level is level for one in series)]
    return (
        html_templates()
        .get_template("progress.html.j2")
        .render(
            script=Markup(THEME_SCRIPT),
            levels=[
                {
                    "name": level.value,
                    "steps": [_line(step, series, level) for step in Step],
                    "cases": [
                        {"title": titles.get(one.case, one.case), **_moved(one)}
                        for one in series
                        if one.level is level and one.case is not None
                    ],
                }
                for level in levels
            ],
        )
    )


def _line(step: Step, series: Sequence[Series], level: Level) -> dict[str, object]:
    name = f"{step.number}. {step.heading}"
    found = next((one for one in series if one.level is level and one.step is step), None)
    if found is None:
        return {"name": name, "chart": None}
    scores = [point.score for point in found.points][-_MOST_POINTS:]
    chart = score_line(scores, title=f"{name}: scores at {level.value} level", name=f"{level.value}-{step.value}")
    return {"name": name, "chart": Markup(chart), **_moved(found)}


def _moved(one: Series) -> dict[str, object]:
    change = "first score" if one.change is None else "no change" if one.change == 0 else f"{one.change:+d}"
    return {"last": one.points[-1].score, "count": len(one.points), "change": change}
