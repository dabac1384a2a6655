"""Two small charts as inline SVG: a radar of scores by step, and bars of time against plan.

Colours are CSS classes, so that the page's light and dark themes apply; each chart has a title and a
description for those who do not see it. Texts are escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import cos, pi, sin

from app.domain.vocabulary import Frozen

_SIZE, _RADIUS, _LABEL = 420, 118.0, 24.0
_ROW, _BAR = 46, 460


class Axis(Frozen):
    """One axis of a radar; `score` 0-100, `high` with what is disputed, None where nothing was assessed."""

    label: str
    score: int | None
    high: int | None = None


class TimeBar(Frozen):
    """Seconds used and planned, None where unknown or untimed; `says` is both in words."""

    label: str
    used: float | None
    planned: float | None
    says: str


def radar(axes: Sequence[Axis], *, title: str, name: str) -> str:
    """A radar chart. An axis without a score is dashed, has no point, and the outline has a gap there.

    Args:
        axes: three or more, clockwise from the top.
        title: what it shows, for screen readers.
        name: prefix of the ids in it, unique in the page.
    """
    count, middle = len(axes), _SIZE / 2
    parts = [
        f'<svg class="radar" viewBox="0 0 {_SIZE} {_SIZE - 60}" role="img" aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(title)}</title>',
        f'<desc id="{name}-d">{escape("; ".join(_spoken(axis) for axis in axes))}.</desc>',
        '<g transform="translate(0 -30)">',
    ]
    for ring in (25, 50, 75, 100):
        points = " ".join(_point(place, count, ring) for place in range(count))
        parts.append(f'<polygon class="ring" points="{points}"/>')
    for place, axis in enumerate(axes):
        x, y = _at(place, count, 100)
        kind = "axis" if axis.score is not None else "axis none"
        parts.append(f'<line class="{kind}" x1="{middle}" y1="{middle}" x2="{x:.1f}" y2="{y:.1f}"/>')
    if any(axis.high is not None for axis in axes):
        parts.append(_outline([axis.score if axis.high is None else axis.high for axis in axes], "claimed"))
    parts.append(_outline([axis.score for axis in axes], "shape"))
    for place, axis in enumerate(axes):
        if axis.score is not None:
            x, y = _at(place, count, axis.score)
            parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
        parts.append(_label(place, count, axis))
    return "".join([*parts, "</g></svg>"])


def _spoken(axis: Axis) -> str:
    if axis.score is None:
        return f"{axis.label}: not assessed"
    high = f", {axis.high} with what is disputed" if axis.high is not None else ""
    return f"{axis.label}: {axis.score} of 100{high}"


def _outline(scores: Sequence[int | None], kind: str) -> str:
    """A closed shape where every axis has a score; else lines between neighbours that both have one."""
    count = len(scores)
    known = [(place, score) for place, score in enumerate(scores) if score is not None]
    if len(known) == count:
        points = " ".join(_point(place, count, score) for place, score in known)
        return f'<polygon class="{kind}" points="{points}"/>'
    lines = []
    for place, score in known:
        other = scores[(place + 1) % count]
        if other is not None:
            start, end = _at(place, count, score), _at((place + 1) % count, count, other)
            lines.append(
                f'<line class="{kind}" x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"/>'
            )
    return "".join(lines)


def _values(axis: Axis) -> list[str]:
    """What stands under a label, a row each: a long row would run over the edge."""
    if axis.score is None:
        return ["not", "assessed"] if axis.high is None else [f"up to {axis.high}"]
    return [str(axis.score) if axis.high in (None, axis.score) else f"{axis.score}–{axis.high}"]


def _label(place: int, count: int, axis: Axis) -> str:
    x, y = _at(place, count, 100 * (_RADIUS + _LABEL) / _RADIUS)
    middle = _SIZE / 2
    anchor = "middle" if abs(x - middle) < 1 else "start" if x > middle else "end"
    words = axis.label.split()
    half = (len(words) + 1) // 2
    lines = [axis.label] if len(axis.label) <= 12 else [" ".join(words[:half]), " ".join(words[half:])]
    rows = [("label", line) for line in lines if line] + [("value", value) for value in _values(axis)]
    top = y - 8 * (len(rows) - 1) + 4
    spans = "".join(
        f'<tspan class="{kind}" x="{x:.1f}" y="{top + 16 * row:.1f}">{escape(text)}</tspan>'
        for row, (kind, text) in enumerate(rows)
    )
    return f'<text text-anchor="{anchor}">{spans}</text>'


def _at(place: int, count: int, score: float) -> tuple[float, float]:
    angle = 2 * pi * place / count - pi / 2
    reach = _RADIUS * score / 100
    return _SIZE / 2 + reach * cos(angle), _SIZE / 2 + reach * sin(angle)


def _point(place: int, count: int, score: float) -> str:
    x, y = _at(place, count, score)
    return f"{x:.1f},{y:.1f}"


def time_bars(rows: Sequence[TimeBar], *, title: str, name: str) -> str:
    """Horizontal bars of the time used, each with a mark at what was planned.

    Args:
        rows: in order.
        title: what it shows, for screen readers.
        name: prefix of the ids in it, unique in the page.
    """
    longest = max([value for row in rows for value in (row.used, row.planned) if value is not None], default=1) or 1
    parts = [
        f'<svg class="times" viewBox="0 0 {_BAR} {_ROW * len(rows)}" role="img" aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(title)}</title>',
        f'<desc id="{name}-d">{escape("; ".join(f"{row.label}: {row.says}" for row in rows))}.</desc>',
    ]
    for place, row in enumerate(rows):
        top = _ROW * place
        parts.append(f'<text class="label" x="0" y="{top + 15}">{escape(row.label)}</text>')
        parts.append(f'<text class="value" x="{_BAR}" y="{top + 15}" text-anchor="end">{escape(row.says)}</text>')
        if row.planned is not None:
            width = _BAR * row.planned / longest
            parts.append(f'<rect class="planned" x="0" y="{top + 21}" width="{width:.1f}" height="16" rx="3"/>')
        if row.used is not None:
            width = _BAR * row.used / longest
            over = " over" if row.planned is not None and row.used > row.planned else ""
            parts.append(f'<rect class="used{over}" x="0" y="{top + 25}" width="{width:.1f}" height="8" rx="3"/>')
    return "".join([*parts, "</svg>"])
