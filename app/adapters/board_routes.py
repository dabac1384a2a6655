"""Leads arrows around boxes: shortest ways on a grid, with few bends, few crossings and room between them.

Each way runs from a free place on the rim of one box to one on the rim of another. Ways may cross each
other but not run on top of each other, and none runs through a box. A* over (place, direction).
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

Place = tuple[int, int]
_STEPS: tuple[Place, ...] = ((1, 0), (0, 1), (-1, 0), (0, -1))
_RIGHT, _DOWN, _LEFT, _UP = range(4)
_BEND, _CROSS, _SHARED, _NEAR, _TAKEN, _BORDER = 4.0, 5.0, 60.0, 1.2, 40.0, 2.5
_SIDE, _AGAINST = 5.0, 12.0
_FROM_CENTRE = 0.6


@dataclass(frozen=True)
class Rim:
    """A box on the grid, its rim included: what lies from left to right and top to bottom belongs to it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> tuple[float, float]:
        """Its centre."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def ports(self) -> Iterator[tuple[Place, int, float]]:
        """Places for an arrow on the rim, with the way out and the distance from the middle of the side."""
        across, down = self.middle
        for x in range(self.left + 1, self.right):
            yield (x, self.top), _UP, abs(x - across)
            yield (x, self.bottom), _DOWN, abs(x - across)
        for y in range(self.top + 1, self.bottom):
            yield (self.left, y), _LEFT, abs(y - down)
            yield (self.right, y), _RIGHT, abs(y - down)


@dataclass
class Router:
    """Routes one arrow after the other; those that are routed make later ones dearer where they are.

    Attributes:
        width: of the grid.
        height: of the grid.
        rims: the boxes by name.
        closed: further places that no arrow may take.
        borders: places along which no arrow should run, for it would lie upon a frame.
    """

    width: int
    height: int
    rims: Mapping[str, Rim]
    closed: Collection[Place] = ()
    borders: Collection[Place] = ()
    _blocked: set[Place] = field(default_factory=set)
    _runs: set[tuple[Place, bool]] = field(default_factory=set)
    _bends: set[Place] = field(default_factory=set)
    _ports: set[Place] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._blocked = set(self.closed)
        for rim in self.rims.values():
            self._blocked |= {(x, y) for x in range(rim.left, rim.right + 1) for y in range(rim.top, rim.bottom + 1)}

    def route(self, source: str, target: str) -> list[Place]:
        """The corners of the way from one box to another, its ends included; straight through if there is no way."""
        start, goal = self.rims[source], self.rims[target]
        found = self._search(start, goal)
        if not found:
            return [(start.right, round(start.middle[1])), (goal.left, round(goal.middle[1]))]
        self._keep(found)
        return _corners(found)

    def _search(self, start: Rim, goal: Rim) -> list[Place]:
        rim = {place for place, _, _ in start.ports()}
        downwards = goal.top > start.bottom
        upwards = goal.bottom < start.top
        out, into = (_DOWN, _UP) if downwards else (_UP, _DOWN) if upwards else (-1, -1)
        ends = {place: (way, self._port_cost(place, way, off, into)) for place, way, off in goal.ports()}
        heap: list[tuple[float, float, Place, int]] = []
        best: dict[tuple[Place, int], float] = {}
        came: dict[tuple[Place, int], tuple[Place, int] | None] = {}
        for place, way, off in start.ports():
            cost = self._port_cost(place, way, off, out)
            best[place, way], came[place, way] = cost, None
            heapq.heappush(heap, (cost + self._left(place, goal), cost, place, way))
        last: tuple[float, tuple[Place, int], Place] | None = None
        while heap:
            estimate, cost, place, way = heapq.heappop(heap)
            if last is not None and estimate >= last[0]:
                break
            if cost > best[place, way]:
                continue
            for turn in (way,) if place in rim else self._turns(way):
                step = _STEPS[turn]
                there = (place[0] + step[0], place[1] + step[1])
                if there in ends and ends[there][0] == (turn + 2) % 4:
                    total = cost + 1 + (_BEND if turn != way else 0) + ends[there][1]
                    if last is None or total < last[0]:
                        came_key = (place, way)
                        last = (total, came_key, there)
                    continue
                if not (0 <= there[0] < self.width and 0 <= there[1] < self.height) or there in self._blocked:
                    continue
                total = cost + 1 + (_BEND if turn != way else 0) + self._dear(there, upright=bool(step[1]))
                if turn != way and self._crowded(place):
                    total += _SHARED  # two bends in one place look like a junction
                if total < best.get((there, turn), float("inf")):
                    best[there, turn], came[there, turn] = total, (place, way)
                    heapq.heappush(heap, (total + self._left(there, goal), total, there, turn))
        if last is None:
            return []
        path = [last[2]]
        key: tuple[Place, int] | None = last[1]
        while key is not None:
            path.append(key[0])
            key = came[key]
        return path[::-1]

    @staticmethod
    def _turns(way: int) -> tuple[int, int, int]:
        return way, (way + 1) % 4, (way + 3) % 4

    @staticmethod
    def _left(place: Place, goal: Rim) -> float:
        """The least that is left to go."""
        across = max(goal.left - place[0], 0, place[0] - goal.right)
        down = max(goal.top - place[1], 0, place[1] - goal.bottom)
        return float(across + down)

    def _port_cost(self, place: Place, way: int, off: float, wanted: int) -> float:
        cost = _FROM_CENTRE * off + (_TAKEN if place in self._ports else 0.0)
        step = _STEPS[(way + 1) % 4]
        cost += sum(
            6.0 / abs(far)
            for far in (-4, -3, -2, -1, 1, 2, 3, 4)
            if (place[0] + far * step[0], place[1] + far * step[1]) in self._ports
        )
        if wanted < 0:
            return cost + (0.0 if way in {_LEFT, _RIGHT} else _SIDE)
        return cost + (0.0 if way == wanted else _AGAINST if way == (wanted + 2) % 4 else _SIDE)

    def _dear(self, place: Place, *, upright: bool) -> float:
        cost = _SHARED if (place, upright) in self._runs or place in self._bends else 0.0
        cost += _BORDER if place in self.borders else 0.0
        cost += _CROSS if (place, not upright) in self._runs else 0.0
        for far in (1, 2, 3):
            for sign in (-1, 1):
                beside = (place[0] + sign * far, place[1]) if upright else (place[0], place[1] + sign * far)
                if (beside, upright) in self._runs:
                    cost += _NEAR / far
                elif far == 1 and beside in self._blocked:
                    cost += 1.5
        return cost

    def _crowded(self, place: Place) -> bool:
        return place in self._bends or (place, True) in self._runs or (place, False) in self._runs

    def _keep(self, path: Sequence[Place]) -> None:
        self._ports |= {path[0], path[-1]}
        for before, place, after in zip(path, path[1:], path[2:], strict=False):
            upright_in, upright_out = before[0] == place[0], place[0] == after[0]
            if upright_in != upright_out:
                self._bends.add(place)
            for upright in {upright_in, upright_out}:
                self._runs.add((place, upright))


def _corners(path: Sequence[Place]) -> list[Place]:
    """A way without the places at which it goes straight on."""
    kept = [path[0]]
    for before, place, after in zip(path, path[1:], path[2:], strict=False):
        if (before[0] == place[0]) != (place[0] == after[0]):
            kept.append(place)
    return [*kept, path[-1]]
