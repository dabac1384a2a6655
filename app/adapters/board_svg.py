"""A board as an SVG picture that needs nothing else, in light and dark; all texts are escaped.

Colours are CSS variables with a fallback for each theme, so that a page can set its own. The description
tells the arrows in words for those who do not see the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app.adapters.board_labels import Label
from app.adapters.board_layout import Arrow, Box, Frame, lay_out
from app.domain.board import Board

_ROUND = 6
_STYLE = """
.board{--paper:var(--board-paper,#fff);--ink:var(--board-ink,#1c2430);--line:var(--board-line,#5b6778);\
--box:var(--board-box,#f4f7fb);--rim:var(--board-rim,#8796aa);--frame:var(--board-frame,#b9c4d2);\
--soft:var(--board-soft,#465264);font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media (prefers-color-scheme:dark){.board{--paper:var(--board-paper,#12161c);--ink:var(--board-ink,#e8edf4);\
--line:var(--board-line,#9aa7b8);--box:var(--board-box,#1d2530);--rim:var(--board-rim,#66758a);\
--frame:var(--board-frame,#3d4a5b);--soft:var(--board-soft,#b3bfce)}}
.board tspan{fill:inherit;font-size:inherit}
.board .paper{fill:var(--paper)}.board .frame{fill:none;stroke:var(--frame);stroke-dasharray:5 4}
.board .title{fill:var(--soft);font-size:12px;font-weight:600;letter-spacing:.02em}
.board .box{fill:var(--box);stroke:var(--rim)}.board .name{fill:var(--ink);font-size:13px;text-anchor:middle}
.board .arrow{fill:none;stroke:var(--line);stroke-width:1.4}.board .head{fill:var(--line)}
.board .behind{fill:var(--paper)}.board .edge-label{fill:var(--soft);font-size:11.5px;text-anchor:middle}
"""


def draw(board: Board, *, title: str = "Board", name: str = "board") -> str:
    """The picture of a board.

    Args:
        board: what to draw.
        title: what it is, for screen readers.
        name: prefix of the ids in it, unique in the page.
    """
    drawing = lay_out(board)
    left, top, width, height = drawing.left, drawing.top, drawing.width, drawing.height
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="board" width="{width}" height="{height}" '
        f'viewBox="{left} {top} {width} {height}" role="img" aria-labelledby="{name}-t {name}-d">',
        f'<title id="{name}-t">{escape(title)}</title>',
        f'<desc id="{name}-d">{escape(in_words(board))}</desc>',
        f"<style>{_STYLE}</style>",
        f'<rect class="paper" x="{left}" y="{top}" width="{width}" height="{height}" rx="8"/>',
        *(_frame(frame) for frame in drawing.frames),
        *(_arrow(arrow) for arrow in drawing.arrows),
        *(_box(box) for box in drawing.boxes),
        *(_label(label) for label in drawing.labels),
        "</svg>",
    ]
    return "".join(parts)


def in_words(board: Board) -> str:
    """The board in a few sentences."""
    said = [
        f"{group}: {', '.join(one.name for one in board.components if one.group == group)}." for group in board.groups
    ]
    for edge in board.edges:
        label = f" ({edge.label})" if edge.label else ""
        said.append(f"{edge.source} {'to and from' if edge.both else 'to'} {edge.target}{label}.")
    if board.alone:
        said.append(f"Without arrows: {', '.join(one.name for one in board.alone)}.")
    return " ".join(said)


def arrow_path(arrow: Arrow) -> str:
    """The way of an arrow with round corners, as the `d` of an SVG path."""
    points = arrow.points
    steps = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        steps.append(f"L{start[0]:g} {start[1]:g}Q{corner[0]} {corner[1]} {end[0]:g} {end[1]:g}")
    return "".join([*steps, f"L{points[-1][0]} {points[-1][1]}"])


def heads(arrow: Arrow) -> list[str]:
    """The points of the triangles at the ends of an arrow that point somewhere."""
    ends = [arrow.points[-2:]] + ([arrow.points[1::-1]] if arrow.both else [])
    return [_head(before, tip) for before, tip in ends]


def _towards(corner: tuple[int, int], other: tuple[int, int]) -> tuple[float, float]:
    length = abs(other[0] - corner[0]) + abs(other[1] - corner[1])
    share = min(_ROUND, length / 2) / length
    return corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share


def _head(before: tuple[int, int], tip: tuple[int, int]) -> str:
    dx, dy = tip[0] - before[0], tip[1] - before[1]
    length = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / length, dy / length
    left = (tip[0] - 9 * ux - 4.5 * uy, tip[1] - 9 * uy + 4.5 * ux)
    right = (tip[0] - 9 * ux + 4.5 * uy, tip[1] - 9 * uy - 4.5 * ux)
    return " ".join(f"{x:g},{y:g}" for x, y in (tip, left, right))


def _arrow(arrow: Arrow) -> str:
    tips = "".join(f'<polygon class="head" points="{points}"/>' for points in heads(arrow))
    return f'<path class="arrow" d="{arrow_path(arrow)}"/>{tips}'


def _frame(frame: Frame) -> str:
    return (
        f'<rect class="frame" x="{frame.x}" y="{frame.y}" width="{frame.width}" height="{frame.height}" rx="10"/>'
        f'<text class="title" x="{frame.x + 10}" y="{frame.y + 18}">{escape(frame.title)}</text>'
    )


def _box(box: Box) -> str:
    middle, centre = box.x + box.width / 2, box.y + box.height / 2
    return f'<rect class="box" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}" rx="6"/>' + _lines(
        box.lines, middle, centre, kind="name", step=16
    )


def _label(label: Label) -> str:
    return (
        f'<rect class="behind" x="{label.x - label.width / 2:g}" y="{label.y - label.height / 2:g}" '
        f'width="{label.width:g}" height="{label.height:g}" rx="3"/>'
        + _lines(label.lines, label.x, label.y, kind="edge-label", step=14)
    )


def _lines(lines: Sequence[str], x: float, y: float, *, kind: str, step: int) -> str:
    top = y - step * (len(lines) - 1) / 2 + 4
    spans = "".join(
        f'<tspan x="{x:g}" y="{top + step * row:g}">{escape(line)}</tspan>' for row, line in enumerate(lines)
    )
    return f'<text class="{kind}">{spans}</text>'
