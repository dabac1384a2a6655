"""A small line of scores over time as inline SVG; colours are CSS classes, as in `svg_charts`."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _SIDE, _TOP = 300, 96, 36, 12


def score_line(scores: Sequence[int], *, title: str, name: str) -> str:
    """Scores from 0 to 100, oldest first, evenly spaced, with lines at 0, 50 and 100 and the last one marked.

    Args:
        scores: one or more.
        title: what it shows, for screen readers.
        name: prefix of the ids in it, unique in the page.
    """
    places = [_at(place, len(scores), score) for place, score in enumerate(scores)]
    rings = "".join(
        f'<line class="ring" x1="{_SIDE}" x2="{_WIDTH - 8}" y1="{_y(score):.1f}" y2="{_y(score):.1f}"/>'
        f'<text class="value" text-anchor="end" x="{_SIDE - 8}" y="{_y(score) + 4:.1f}">{score}</text>'
        for score in (0, 50, 100)
    )
    dots = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    said = ", ".join(str(score) for score in scores)
    return (
        f'<svg class="trend" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">Oldest to newest: {said}.</desc>'
        f'{rings}<polyline class="line-of-scores" points="{points}"/>{dots}</svg>'
    )


def _at(place: int, count: int, score: int) -> tuple[float, float]:
    share = 0.5 if count == 1 else place / (count - 1)
    return _SIDE + 8 + share * (_WIDTH - _SIDE - 24), _y(score)


def _y(score: int) -> float:
    return _TOP + (_HEIGHT - 2 * _TOP) * (100 - score) / 100
