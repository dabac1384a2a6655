from __future__ import annotations

import pytest

from app.domain.pacing import clock
from app.domain.trend import Scored, StepPoint, sparkline, trend
from app.domain.vocabulary import Level, Mode, Step


def held(
    id: str, score: int | None, *, case: str = "ads", level: Level = Level.SENIOR, mode: Mode = Mode.MOCK, **steps: int
) -> Scored:
    points = tuple(StepPoint(step=step, score=steps.get(step.value)) for step in Step)
    return Scored(id=id, case=case, level=level, mode=mode, score=score, steps=points)


def test_the_change_is_against_the_one_before_at_the_same_level() -> None:
    found = trend(
        [
            held("a", 30, data=10),
            held("b", 80, level=Level.MID, data=70),
            held("c", None),
            held("d", 42, data=25),
            held("e", 50, case="video"),
        ]
    )
    shown = [(each.case, each.step, each.level, [point.score for point in each.points], each.change) for each in found]
    assert shown == [
        ("ads", None, "mid", [80], None),
        ("ads", None, "senior", [30, 42], 12),
        ("video", None, "senior", [50], None),
        (None, "data", "mid", [70], None),
        (None, "data", "senior", [10, 25], 15),
    ]


def test_a_drill_counts_for_its_steps_alone() -> None:
    (only,) = trend([held("a", 90, mode=Mode.DRILL, serving=90)])
    assert only.step is Step.SERVING and only.case is None and only.points[0].id == "a"


@pytest.mark.parametrize(("plain", "line"), [(False, "▁▂▅█"), (True, "_.+@")], ids=["blocks", "ascii"])
def test_a_sparkline_is_on_the_scale_from_0_to_100(plain: bool, line: str) -> None:
    assert sparkline([0, 20, 50, 100], ascii_only=plain) == line


@pytest.mark.parametrize(("seconds", "shown"), [(0, "0:00"), (59.6, "1:00"), (725, "12:05"), (-3, "0:00")])
def test_clock(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
