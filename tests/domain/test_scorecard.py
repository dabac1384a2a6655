from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.levels import LevelRules, Thresholds, Verdict
from app.domain.scorecard import CriterionScore, Quote, Status, StepScore, Weighed, overall, rate, step_score
from app.domain.vocabulary import Level, Provenance, Step
from tests.factories import levels_fields, make_criterion, make_levels

V, P, H = Provenance.VOLUNTEERED, Provenance.PROMPTED, Provenance.HINTED
CRITERION = make_criterion("baseline", Step.MODELING, weight=3, core=True)
RULES = make_levels()
TWO = "start from the depot's median"
THREE = "we start from the depot's median transit time because it is cheap to compute and to explain"
FOUR = THREE + ", but it fails around Christmas, so the trade-off is freshness against noise in small depots"


def rules(**caps: Any) -> LevelRules:
    fields = levels_fields()
    for level in fields["levels"].values():
        level["caps"] = {**level["caps"], **caps}
    return LevelRules.model_validate(fields)


def rated(*quotes: tuple[str, Provenance], using: LevelRules = RULES, **known: Any) -> CriterionScore:
    said = tuple(Quote(turn=place, quote=text, provenance=how) for place, (text, how) in enumerate(quotes))
    return rate(Weighed(criterion=CRITERION, quotes=said, **known), level=Level.SENIOR, rules=using)


def line(
    rating: int | None, *, weight: int = 1, core: bool = False, status: Status | None = None, how: Provenance = V
) -> CriterionScore:
    if status is None:
        status = Status.NOT_ASSESSED if rating is None else Status.MET if rating >= 3 else Status.PARTIAL
    evidence = (Quote(turn=1, quote="words", provenance=how),) if rating is not None else ()
    return CriterionScore(
        id="x",
        name="X",
        weight=weight,
        core=core,
        rating=rating,
        status=status,
        evidence=evidence,
        reason="",
        next_level="",
    )


def card(*lines: CriterionScore, flags: int = 0, using: LevelRules = RULES, split: bool = False) -> Any:
    steps = (
        [step_score(step, [one]) for step, one in zip(Step, lines, strict=False)]
        if split
        else [step_score(Step.DATA, lines)]
    )
    return overall(steps, flags=flags, level=Level.SENIOR, rules=using)


@pytest.mark.parametrize(
    ("known", "quotes", "status", "rating"),
    [
        ({}, [], Status.NOT_ASSESSED, None),
        ({"asked": True}, [], Status.NOT_SHOWN, None),
        ({"passed": True}, [], Status.NOT_SHOWN, None),
        ({"asked": True, "passed": True}, [], Status.NOT_SHOWN, None),
        ({"rung": 3}, [], Status.NOT_ASSESSED, None),
        ({}, [(TWO, V)], Status.PARTIAL, 2),
        ({}, [(THREE, V)], Status.MET, 3),
        ({}, [(FOUR, V)], Status.MET, 4),
        ({"asked": True}, [(FOUR, P)], Status.MET, 4),
        ({"rung": 1}, [(FOUR, H)], Status.MET, 3),
        ({"rung": 2}, [(FOUR, H)], Status.PARTIAL, 2),
        ({"rung": 3}, [(FOUR, H)], Status.PARTIAL, 1),
        ({"rung": 3}, [(FOUR, V), (TWO, H)], Status.MET, 4),
        ({"rung": 2}, [(TWO, V), (FOUR, H)], Status.PARTIAL, 2),
        ({"rung": 1}, [(TWO, V), (FOUR, H)], Status.MET, 3),
        ({"wrong": True}, [], Status.WRONG, 1),
        ({"wrong": True}, [(FOUR, V)], Status.WRONG, 1),
        ({"wrong": True, "asked": True}, [(TWO, P)], Status.WRONG, 1),
    ],
)
def test_status_and_rating(
    known: dict[str, Any], quotes: list[tuple[str, Provenance]], status: Status, rating: int | None
) -> None:
    found = rated(*quotes, **known)
    assert (found.status, found.rating) == (status, rating)
    assert found.reason
    assert found.assessed is (status is not Status.NOT_ASSESSED)
    assert [quote.quote for quote in found.evidence] == [text for text, _ in quotes]


def test_a_cap_says_why() -> None:
    assert "Capped at 2 after a hint of rung 2" in rated((FOUR, H), rung=2).reason
    capped = rated((FOUR, P), using=rules(prompted_rating=3))
    assert capped.rating == 3 and "it should come unasked" in capped.reason
    assert rated((FOUR, V), using=rules(prompted_rating=3)).rating == 4
    assert rated((FOUR, V), (TWO, P), using=rules(prompted_rating=3)).rating == 4


def test_what_to_aim_for_is_the_next_anchor_and_never_one_that_names_a_fault() -> None:
    assert (rated().next_level, rated().next_label) == (CRITERION.anchors.r3, "For a 3")
    assert (rated((TWO, V)).next_level, rated((TWO, V)).next_label) == (CRITERION.anchors.r3, "For a 3")
    assert rated((FOUR, V), using=rules(prompted_rating=3)).next_level == ""
    capped = rated((FOUR, P), using=rules(prompted_rating=3))
    assert (capped.next_level, capped.next_label) == (CRITERION.anchors.r4, "For a 4")


def test_what_may_have_been_meant_is_told_and_not_credited() -> None:
    assert rated(asked=True, uncertain="the median, say").uncertain == "the median, say"
    assert rated((TWO, V), uncertain="the median, say").uncertain is None


@pytest.mark.parametrize(
    ("lines", "score"),
    [
        ([line(4)], 100),
        ([line(1)], 0),
        ([line(2)], 33),
        ([line(3)], 67),
        ([line(4, weight=3), line(1, weight=1)], 75),
        ([line(4, weight=1), line(2, weight=2)], 56),
        ([line(4), line(None)], 100),
        ([line(4), line(None, status=Status.NOT_SHOWN)], 50),
        ([line(1, status=Status.WRONG), line(4)], 50),
        ([line(None)], None),
        ([], None),
    ],
)
def test_a_score_is_the_weighted_mean_of_what_was_assessed(lines: list[CriterionScore], score: int | None) -> None:
    assert step_score(Step.DATA, lines).score == score


@pytest.mark.parametrize(
    ("score_lines", "verdict"),
    [
        ([line(1)] * 9 + [line(2)], Verdict.STRONG_NO_HIRE),
        ([line(1)] + [line(2)], Verdict.NO_HIRE),
        ([line(2)] * 10, Verdict.LEAN_NO_HIRE),
        ([line(2), line(3)], Verdict.LEAN_HIRE),
        ([line(3)], Verdict.HIRE),
        ([line(4)], Verdict.STRONG_HIRE),
    ],
)
def test_the_score_sets_the_verdict(score_lines: list[CriterionScore], verdict: Verdict) -> None:
    free = rules(weak_step=0, unmet_core=99, red_flags=99)
    assert card(*score_lines, using=free).verdict is verdict


@pytest.mark.parametrize(
    ("lines", "flags", "verdict", "why"),
    [
        ([line(4), line(4), line(4), line(4), line(1)], 0, Verdict.LEAN_NO_HIRE, "weak signal"),
        ([line(4, weight=3)] * 4 + [line(2)] * 3, 0, Verdict.STRONG_HIRE, ""),
        ([line(4)], 1, Verdict.STRONG_HIRE, ""),
        ([line(4)], 2, Verdict.LEAN_NO_HIRE, "2 wrong claims"),
    ],
)
def test_caps_change_the_verdict_and_never_the_score(
    lines: list[CriterionScore], flags: int, verdict: Verdict, why: str
) -> None:
    uncapped = card(*lines, split=True, using=rules(weak_step=0, unmet_core=99, red_flags=99))
    found = card(*lines, flags=flags, split=True)
    assert found.verdict is verdict and found.score == uncapped.score
    assert why in found.reasons[-1]
    assert (len(found.reasons) > 1) is bool(why)


def test_too_many_core_points_not_shown_cap_the_verdict() -> None:
    missing = line(None, core=True, status=Status.NOT_SHOWN)
    assert card(*[line(4, weight=3)] * 4, missing, missing).verdict is Verdict.STRONG_HIRE
    found = card(*[line(4, weight=3)] * 4, missing, missing, missing)
    assert found.verdict is Verdict.LEAN_NO_HIRE and found.reasons[-1] == (
        "3 core points were not shown, which holds the verdict at lean no hire."
    )


def test_core_points_that_never_came_up_are_not_held_against_anybody() -> None:
    lines = [line(4, weight=3)] * 3 + [line(None, core=True)] * 3
    assert card(*lines).verdict is Verdict.STRONG_HIRE


def test_an_interview_in_which_all_had_to_be_asked_for_is_capped() -> None:
    led = rules(led_share=0.5, led_verdict="lean_hire")
    assert card(line(4, how=P), line(4, how=P), line(4), using=led).verdict is Verdict.LEAN_HIRE
    assert card(line(4, how=P), line(4), using=led).verdict is Verdict.STRONG_HIRE
    assert card(line(None, status=Status.NOT_SHOWN), using=led).verdict is Verdict.STRONG_NO_HIRE


def test_a_cap_never_lifts_a_verdict() -> None:
    assert card(line(1), line(1), flags=5).verdict is Verdict.STRONG_NO_HIRE
    assert len(card(line(1), line(1), flags=5).reasons) == 1


@pytest.mark.parametrize(
    ("lines", "enough"),
    [
        ([line(4), line(None)], True),
        ([line(4), line(None), line(None)], False),
        ([line(None, status=Status.NOT_SHOWN), line(None)], True),
        ([line(4, weight=1), line(None, weight=3)], False),
        ([], False),
    ],
)
def test_too_little_seen_is_no_verdict_and_no_zero(lines: list[CriterionScore], enough: bool) -> None:
    found = card(*lines)
    assert (found.score is not None) is enough
    assert (found.verdict is Verdict.INSUFFICIENT_EVIDENCE) is not enough
    assert enough or "a score needs 50%" in found.reasons[0]


LINES = st.lists(
    st.builds(
        line,
        st.sampled_from((None, 1, 2, 3, 4)),
        weight=st.integers(1, 3),
        core=st.booleans(),
        how=st.sampled_from((V, P, H)),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(LINES, st.integers(0, 3))
def test_the_arithmetic_of_any_card(lines: list[CriterionScore], flags: int) -> None:
    found = card(*lines, flags=flags)
    counted = [one for one in lines if one.status is not Status.NOT_ASSESSED]
    weight = sum(one.weight for one in counted)
    if 2 * weight < sum(one.weight for one in lines):
        assert (found.score, found.verdict) == (None, Verdict.INSUFFICIENT_EVIDENCE)
        return
    worth = sum(one.weight * ((one.rating or 1) - 1) / 3 for one in counted)
    assert found.score == round(100 * worth / weight)
    assert found.verdict is not Verdict.INSUFFICIENT_EVIDENCE


def test_thresholds_must_rise() -> None:
    with pytest.raises(ValueError, match="must rise"):
        Thresholds(no_hire=20, lean_no_hire=10, lean_hire=30, hire=40, strong_hire=50)


def test_a_step_keeps_its_lines() -> None:
    lines = [line(4), line(None)]
    assert step_score(Step.DATA, lines) == StepScore(step=Step.DATA, score=100, criteria=tuple(lines))
