"""Where everything on a board goes: boxes in layers from top to bottom, frames in columns, arrows, labels.

fast-sugiyama (Sugiyama's method: cycles broken, layers by network simplex, few crossings) says which layer
a box is in and in what order. It knows no groups, so each group is laid out by itself and the groups are
set side by side; arrows are led around the boxes by `board_routes`, and labelled by `board_labels`.
All lengths are in px, whole multiples of `UNIT`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import permutations, product

from fast_sugiyama import from_edges

from app.adapters.board_labels import Label, place_labels, wrapped
from app.adapters.board_routes import Place, Rim, Router
from app.domain.board import Board, BoardEdge
from app.domain.vocabulary import Frozen

UNIT = 12
_WIDE, _APART, _BETWEEN, _BLOCKS_APART = 12, 5, 6, 7
_WIDEST, _MOST_TRIED = 100, 5
_MARGIN, _FRAME, _TITLE = 3, 2, 2
_PAD = 14
_LETTERS = 18
"""Letters of a box's line; at 13 px a letter is about 7 px wide."""


class Box(Frozen):
    """A component; the corner is the upper left one."""

    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]


class Frame(Frozen):
    """A group."""

    x: int
    y: int
    width: int
    height: int
    title: str


class Arrow(Frozen):
    """An arrow as the corners of its way."""

    points: tuple[tuple[int, int], ...]
    both: bool


class Drawing(Frozen):
    """A board, drawn; in px. All of it lies within `left`, `top`, `width` and `height`."""

    left: int
    top: int
    width: int
    height: int
    frames: tuple[Frame, ...]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]


def lay_out(board: Board) -> Drawing:
    """The drawing of a board; the same each time."""
    names = [one.name for one in board.components]
    lines = {name: wrapped(name, _LETTERS) for name in names}
    groups: dict[str | None, list[str]] = defaultdict(list)
    for one in board.components:
        groups[one.group].append(one.name)
    blocks = {group: _block(own, board.edges, lines) for group, own in groups.items()}
    corners = _arranged(blocks, board.edges)
    rims = {
        name: Rim(left=x + left, top=y + top, right=x + right, bottom=y + bottom)
        for group, (x, y) in corners.items()
        for name, (left, top, right, bottom) in blocks[group].rims.items()
    }
    frames = [
        Frame(x=x * UNIT, y=y * UNIT, width=blocks[group].width * UNIT, height=blocks[group].height * UNIT, title=group)
        for group, (x, y) in corners.items()
        if group is not None
    ]
    width = max(rim.right for rim in rims.values()) + _MARGIN + _FRAME
    height = max(rim.bottom for rim in rims.values()) + _MARGIN + _FRAME
    titles = {
        (x, y)
        for frame in frames
        for x in range(frame.x // UNIT, (frame.x + 8 * len(frame.title)) // UNIT + 2)
        for y in range(frame.y // UNIT, frame.y // UNIT + 3)
    }
    router = Router(width=width + 1, height=height + 1, rims=rims, closed=titles, borders=_borders(frames))
    ways: dict[int, list[Place]] = {}
    for place in sorted(range(len(board.edges)), key=lambda place: _distance(board.edges[place], rims)):
        edge = board.edges[place]
        ways[place] = router.route(edge.source, edge.target)
    arrows = [
        Arrow(points=tuple((x * UNIT, y * UNIT) for x, y in ways[place]), both=edge.both)
        for place, edge in enumerate(board.edges)
    ]
    boxes = [
        Box(
            x=rims[name].left * UNIT,
            y=rims[name].top * UNIT,
            width=(rims[name].right - rims[name].left) * UNIT,
            height=(rims[name].bottom - rims[name].top) * UNIT,
            lines=lines[name],
        )
        for name in names
    ]
    labels = place_labels(
        [edge.label for edge in board.edges],
        [arrow.points for arrow in arrows],
        boxes=[(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
        + [(frame.x, frame.y, frame.x + 8 * len(frame.title) + 12, frame.y + 26) for frame in frames],
    )
    sides = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in boxes]
    sides += [(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height) for frame in frames]
    sides += [(x, y, x, y) for arrow in arrows for x, y in arrow.points]
    spread = [(one.x - one.width / 2, one.x + one.width / 2) for one in labels]
    left = round(min([side[0] for side in sides] + [start for start, _ in spread])) - _PAD
    right = round(max([side[2] for side in sides] + [end for _, end in spread])) + _PAD
    top, bottom = min(side[1] for side in sides) - _PAD, max(side[3] for side in sides) + _PAD
    return Drawing(
        left=left,
        top=top,
        width=right - left,
        height=bottom - top,
        frames=tuple(frames),
        boxes=tuple(boxes),
        arrows=tuple(arrows),
        labels=tuple(labels),
    )


def _layers(names: Sequence[str], edges: Sequence[BoardEdge]) -> dict[str, tuple[int, float]]:
    """The layer of each component, 0 at the top, and its place in it, from left to right."""
    number = {name: place for place, name in enumerate(names)}
    ends = _without_cycles([(number[e.source], number[e.target]) for e in edges if {e.source, e.target} <= set(names)])
    found: dict[str, tuple[int, float]] = {}
    right = 0.0
    for positions, *_ in from_edges(ends, vertex_spacing=1, dummy_vertices=True, check_layout=False) if ends else ():
        top = max(y for _, (_, y) in positions)
        first = min(x for _, (x, _) in positions)
        for id, (x, y) in positions:
            if isinstance(id, int) and id < len(names):
                found[names[id]] = (round(top - y), right + x - first)
        right += max(x for _, (x, _) in positions) - first + 1
    below = max((layer for layer, _ in found.values()), default=-1) + 1
    row = 2 if below else max(1, min(4, round(len(names) ** 0.5)))
    for place, name in enumerate(name for name in names if name not in found):
        found[name] = (below + place // row, float(place % row))
    return found


def _without_cycles(ends: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The arrows with those turned round that lead back, seen from what was named first."""
    after: dict[int, list[int]] = defaultdict(list)
    for source, target in ends:
        after[source].append(target)
    state: dict[int, int] = {}
    turned: set[tuple[int, int]] = set()

    def visit(here: int) -> None:
        state[here] = 1
        for there in after[here]:
            if state.get(there) == 1:
                turned.add((here, there))
            elif there not in state:
                visit(there)
        state[here] = 2

    for here in sorted({end for pair in ends for end in pair}):
        if here not in state:
            visit(here)
    return list(dict.fromkeys((pair[1], pair[0]) if pair in turned else pair for pair in ends))


class _Block(Frozen):
    """The boxes of a group by themselves: places on the grid, from the upper left corner of their frame."""

    rims: dict[str, tuple[int, int, int, int]]
    width: int
    height: int


def _block(names: Sequence[str], edges: Sequence[BoardEdge], lines: Mapping[str, Sequence[str]]) -> _Block:
    layers = _layers(names, edges)
    slots, tops = _slots(names, layers), _tops(layers, lines)
    rims = {}
    for name in names:
        left, top = _FRAME + round(slots[name] * (_WIDE + _APART)), tops[layers[name][0]]
        rims[name] = (left, top, left + _WIDE, top + _tall(lines[name]))
    width = max(rim[2] for rim in rims.values()) + _FRAME
    return _Block(rims=rims, width=width, height=max(rim[3] for rim in rims.values()) + _FRAME)


def _slots(names: Sequence[str], layers: Mapping[str, tuple[int, float]]) -> dict[str, float]:
    """Places across a block, in box widths, that keep the order of each layer and stay near the layout's own."""
    rows: dict[int, list[str]] = defaultdict(list)
    for name in sorted(names, key=lambda name: layers[name][1]):
        rows[layers[name][0]].append(name)
    widest = max(len(row) for row in rows.values())
    xs = [layers[name][1] for name in names]
    low, high = min(xs), max(xs)
    stretch = (widest - 1) / (high - low) if high > low else 0.0
    slots: dict[str, float] = {}
    for row in rows.values():
        placed: list[float] = []
        for place, name in enumerate(row):
            least = placed[-1] + 1 if placed else 0.0
            most = float(widest - len(row) + place)
            placed.append(min(max(round((layers[name][1] - low) * stretch * 2) / 2, least), most))
        slots |= dict(zip(row, placed, strict=True))
    return slots


def _tops(layers: Mapping[str, tuple[int, float]], lines: Mapping[str, Sequence[str]]) -> dict[int, int]:
    tops: dict[int, int] = {}
    y = _FRAME + _TITLE
    for layer in range(max(layer for layer, _ in layers.values()) + 1):
        tops[layer] = y
        y += max((_tall(lines[name]) for name, (own, _) in layers.items() if own == layer), default=0) + _BETWEEN
    return tops


def _arranged(blocks: Mapping[str | None, _Block], edges: Sequence[BoardEdge]) -> dict[str | None, tuple[int, int]]:
    """Where the blocks go: in columns, so that arrows between them are short and the whole is not too wide.

    All orders and all ways to cut them into columns are tried while there are few; else the order as it is.
    """
    groups = list(blocks)
    of = {name: group for group, block in blocks.items() for name in block.rims}
    between = [edge for edge in edges if of[edge.source] != of[edge.target]]
    orders = permutations(groups) if len(groups) <= _MOST_TRIED else [tuple(groups)]
    best: tuple[float, dict[str | None, tuple[int, int]]] | None = None
    for order in orders:
        for cuts in product((False, True), repeat=len(order) - 1):
            corners, width, height = _columns(order, cuts, blocks)
            cost = 1.5 * max(width, 2 * height // 3) + 6 * max(0, width - _WIDEST) + 0.02 * width * height
            for edge in between:
                (x1, y1), (x2, y2) = (_middle(edge_end, of, blocks, corners) for edge_end in (edge.source, edge.target))
                cost += abs(x1 - x2) + abs(y1 - y2) + (0.3 * max(0.0, y1 - y2))
            if best is None or cost < best[0]:
                best = (cost, corners)
    assert best is not None
    return best[1]


def _columns(
    order: Sequence[str | None], cuts: Sequence[bool], blocks: Mapping[str | None, _Block]
) -> tuple[dict[str | None, tuple[int, int]], int, int]:
    corners: dict[str | None, tuple[int, int]] = {}
    x = y = _MARGIN
    widest = tallest = 0
    for place, group in enumerate(order):
        if place and cuts[place - 1]:
            x, y, widest = x + widest + _BLOCKS_APART, _MARGIN, 0
        corners[group] = (x, y)
        y += blocks[group].height + _BLOCKS_APART
        widest, tallest = max(widest, blocks[group].width), max(tallest, y)
    return corners, x + widest, tallest


def _middle(
    name: str,
    of: Mapping[str, str | None],
    blocks: Mapping[str | None, _Block],
    corners: Mapping[str | None, tuple[int, int]],
) -> tuple[float, float]:
    left, top, right, bottom = blocks[of[name]].rims[name]
    x, y = corners[of[name]]
    return x + (left + right) / 2, y + (top + bottom) / 2


def _tall(lines: Sequence[str]) -> int:
    return 2 + len(lines) + (len(lines) > 2)


def _borders(frames: Sequence[Frame]) -> set[Place]:
    found: set[Place] = set()
    for frame in frames:
        left, top = frame.x // UNIT, frame.y // UNIT
        right, bottom = left + frame.width // UNIT, top + frame.height // UNIT
        found |= {(x, y) for x in range(left, right + 1) for y in (top, bottom)}
        found |= {(x, y) for x in (left, right) for y in range(top, bottom + 1)}
    return found


def _distance(edge: BoardEdge, rims: Mapping[str, Rim]) -> float:
    (x1, y1), (x2, y2) = rims[edge.source].middle, rims[edge.target].middle
    return abs(x1 - x2) + abs(y1 - y2)
