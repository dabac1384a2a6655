from __future__ import annotations

import pytest

from app.domain.levels import LevelRules
from app.domain.pacing import budget, clock
from app.domain.vocabulary import Level, Mode, Step
from tests.domain.sitting import make_header
from tests.factories import make_levels

RULES: LevelRules = make_levels()
MINUTES = dict(zip(Step, (6, 4, 9, 9, 6, 5, 3), strict=True))


def test_forty_five_minutes_are_split_as_agreed() -> None:
    shares = budget(make_header(), RULES.pacing)
    assert shares.steps == pytest.approx({step: 60 * minutes for step, minutes in MINUTES.items()})
    assert (shares.total, shares.wrap_up) == (45 * 60, 3 * 60)


@pytest.mark.parametrize("minutes", [10, 30, 45, 90])
@pytest.mark.parametrize("allowance", [0.0, 0.25, 2.0])
@pytest.mark.parametrize("steps", [tuple(Step), (Step.DATA, Step.SERVING), (Step.MONITORING,)])
def test_the_shares_add_up_to_the_whole(minutes: float, allowance: float, steps: tuple[Step, ...]) -> None:
    header = make_header(minutes=minutes, typing_allowance=allowance, steps=steps, mode=Mode.DRILL)
    shares = budget(header, RULES.pacing)
    assert shares.steps is not None and shares.total == pytest.approx(minutes * 60 * (1 + allowance))
    assert tuple(shares.steps) == steps
    assert sum(shares.steps.values()) + shares.wrap_up == pytest.approx(shares.total)


@pytest.mark.parametrize(("seconds", "shown"), [(606.5, "10:07"), (606.49, "10:06"), (0, "0:00"), (-3, "0:00")])
def test_half_a_second_is_a_second_here_as_on_the_page(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown


def test_without_a_clock_there_are_questions_and_no_seconds() -> None:
    shares = budget(make_header(minutes=None), RULES.pacing)
    assert shares.steps is None and shares.total is None
    assert shares.probes > budget(make_header(minutes=45), RULES.pacing).probes


@pytest.mark.parametrize(
    ("level", "probes", "listens", "dives", "twists"),
    [(Level.MID, 16, 1, 1, 1), (Level.SENIOR, 14, 2, 2, 1), (Level.STAFF, 14, 3, 3, 2)],
)
def test_the_level_sets_how_much_is_asked(level: Level, probes: int, listens: int, dives: int, twists: int) -> None:
    shares = budget(make_header(level=level), RULES.pacing)
    assert (shares.probes, shares.listens, shares.dives, shares.twists) == (probes, listens, dives, twists)


def test_even_a_short_interview_asks_twice_a_step() -> None:
    shares = budget(make_header(minutes=5), RULES.pacing)
    assert shares.probes == 2 * len(Step)
    assert min(shares.step_probes.values()) >= 2


def test_a_drill_asks_more_of_its_steps() -> None:
    drill = budget(make_header(minutes=10, steps=(Step.DATA,), mode=Mode.DRILL), RULES.pacing)
    assert drill.probes == 4 and drill.step_probes == {Step.DATA: 4}
