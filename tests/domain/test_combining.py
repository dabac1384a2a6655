"""The rule by which a grader's rating enters the scorecard, row by row."""

from __future__ import annotations

from itertools import product

import pytest

from app.domain.combining import BESIDE_THE_POINT, Reading, combine, credible
from app.domain.grades import CriterionGrade
from app.domain.kinds import Observer
from app.domain.levels import LevelRules
from app.domain.scorecard import CriterionScore, Quote, Status, Weighed, rate
from app.domain.vocabulary import Level, Provenance, Step
from tests.factories import levels_fields, make_criterion, make_levels

V, P, H = Provenance.VOLUNTEERED, Provenance.PROMPTED, Provenance.HINTED
CRITERION = make_criterion("baseline", Step.MODELING, weight=3, core=True)
TWO = "start from the depot's median"
THREE = "we start from the depot's median transit time because it is cheap to compute and to explain"
FOUR = THREE + ", but it fails around Christmas, so the trade-off is freshness against noise in small depots"
BUILT_IN = {None: None, 2: TWO, 3: THREE, 4: FOUR}
ASKED_CAPS_AT_3 = LevelRules.model_validate(
    levels_fields()
    | {
        "levels": {
            level: rule | {"caps": {**rule["caps"], "prompted_rating": 3}}
            for level, rule in levels_fields()["levels"].items()
        }
    }
)


def combined(
    built_in: int | None,
    graded: int | None,
    *,
    supported: bool = True,
    how: Provenance = V,
    rules: LevelRules | None = None,
    problem: str = "",
    own: str = "the grader's own quote",
    **known: object,
) -> CriterionScore:
    rules = rules or make_levels()
    said = BUILT_IN[built_in]
    quotes = (Quote(turn=1, quote=said, provenance=how),) if said is not None else ()
    weighed = Weighed(criterion=CRITERION, quotes=quotes, **known)  # type: ignore[arg-type]
    line = rate(weighed, level=Level.SENIOR, rules=rules)
    found = (Quote(turn=3, quote=own, provenance=how, source=Observer.GRADER),) if graded is not None else ()
    grade = CriterionGrade(
        criterion="baseline",
        reason="It is applied.",
        rating=graded,
        votes=() if problem else (graded,),
        problem=problem,
    )
    reading = Reading(grade=grade, quotes=found, supported=supported)
    return combine(line, reading, weighed=weighed, level=Level.SENIOR, rules=rules)


@pytest.mark.parametrize(
    ("built_in", "graded", "supported", "counted"),
    [
        (2, 2, True, 2),
        (2, 3, True, 3),
        (2, 4, True, 3),
        (2, 1, True, 1),
        (2, None, True, 1),
        (3, 4, False, 4),
        (3, 1, True, 2),
        (3, None, True, 2),
        (4, 4, True, 4),
        (4, 2, True, 3),
        (4, None, True, 3),
        (None, 2, True, 2),
        (None, 3, True, 3),
        (None, 4, True, 3),
        (None, 1, True, None),
        (None, None, True, None),
        (None, 4, False, None),
    ],
)
def test_the_grader_moves_the_built_in_rating_by_one_at_most(
    built_in: int | None, graded: int | None, supported: bool, counted: int | None
) -> None:
    line = combined(built_in, graded, supported=supported)
    assert line.rating == counted
    assert line.builtin is not None and line.builtin.rating == built_in
    assert line.graded is not None and line.graded.rating == graded
    assert line.status is {None: Status.NOT_ASSESSED, 1: Status.PARTIAL, 2: Status.PARTIAL}.get(counted, Status.MET)


def test_both_sources_are_quoted_and_told_apart() -> None:
    line = combined(2, 3)
    assert [(quote.quote, quote.source) for quote in line.evidence] == [
        (TWO, Observer.MATCHER),
        ("the grader's own quote", Observer.GRADER),
    ]
    assert line.reason == "It is applied. (The grader gives it 3.)"
    assert line.next_level == CRITERION.anchors.r4


def test_the_same_place_is_not_quoted_twice() -> None:
    rules = make_levels()
    weighed = Weighed(criterion=CRITERION, quotes=(Quote(turn=3, quote=THREE, provenance=V),))
    quotes = [
        Quote(turn=turn, quote=text, provenance=V, source=Observer.GRADER)
        for turn, text in ((3, "transit time because it is cheap"), (3, "something else there"), (5, THREE))
    ]
    line = combine(
        rate(weighed, level=Level.SENIOR, rules=rules),
        Reading(
            grade=CriterionGrade(criterion="baseline", reason="Yes.", rating=3, votes=(3,)),
            quotes=tuple(quotes),
            supported=True,
        ),
        weighed=weighed,
        level=Level.SENIOR,
        rules=rules,
    )
    assert [(quote.turn, quote.quote) for quote in line.evidence] == [
        (3, THREE),
        (3, "something else there"),
        (5, THREE),
    ]


def test_what_the_matcher_does_not_find_at_all_is_shown_and_earns_nothing() -> None:
    line = combined(None, 4, supported=False, asked=True)
    assert (line.rating, line.status, line.evidence) == (None, Status.NOT_SHOWN, ())
    assert line.uncertain == "the grader's own quote" and "not credited" in line.reason
    assert combined(None, 4, supported=False, uncertain="his own doubt").uncertain == "his own doubt"


@pytest.mark.parametrize(("rung", "cap"), [(1, 3), (2, 2), (3, 1)])
def test_a_hint_caps_the_grader_too(rung: int, cap: int) -> None:
    line = combined(None, 4, how=H, rung=rung)
    assert line.rating is not None and line.rating <= cap


def test_a_cap_does_not_take_away_what_was_said_before_the_hint() -> None:
    weighed = Weighed(criterion=CRITERION, quotes=(Quote(turn=1, quote=THREE, provenance=V),), rung=3)
    rules = make_levels()
    built = rate(weighed, level=Level.SENIOR, rules=rules)
    line = combine(
        built,
        Reading(
            grade=CriterionGrade(criterion="baseline", reason="Yes.", rating=4, votes=(4,)),
            quotes=(Quote(turn=9, quote="after the hint", provenance=H, source=Observer.GRADER),),
            supported=True,
        ),
        weighed=weighed,
        level=Level.SENIOR,
        rules=rules,
    )
    assert (built.rating, line.rating) == (3, 3), "kept, and not lifted by what the hint gave"


def test_the_cap_on_what_had_to_be_asked_for_holds() -> None:
    assert combined(3, 4, how=P, rules=ASKED_CAPS_AT_3).rating == 3
    assert combined(3, 4, how=V, rules=ASKED_CAPS_AT_3).rating == 4


@pytest.mark.parametrize("built_in", [None, 4])
def test_a_wrong_claim_left_standing_stays_a_one(built_in: int | None) -> None:
    line = combined(built_in, 4, wrong=True)
    assert (line.rating, line.status) == (1, Status.WRONG)
    assert line.graded is not None and line.graded.rating == 4


def test_what_could_not_be_graded_keeps_the_built_in_rating_and_says_so() -> None:
    line = combined(3, None, problem="the reply leaves it out")
    assert line.rating == 3 and line.reason.endswith(
        "Not graded (the reply leaves it out); this is the built-in rating."
    )
    assert line.graded is not None and line.graded.problem == "the reply leaves it out"


def test_no_grader_lifts_above_the_caps_or_beyond_one() -> None:
    """Every combination: a model that gives 4 to everything is bounded by what the matcher heard."""
    for built_in, graded, supported, how, rung in product(
        BUILT_IN, (None, 1, 2, 3, 4), (True, False), (V, P, H), (1, 2, 3)
    ):
        known = {"rung": rung} if how is H else {}
        line = combined(built_in, graded, supported=supported, how=how, **known)  # type: ignore[arg-type]
        before = line.builtin.rating if line.builtin is not None else None
        if line.rating is None:
            assert before is None
            continue
        cap = {1: 3, 2: 2, 3: 1}[rung] if how is H else 4
        assert line.rating <= cap
        assert line.rating <= (3 if before is None else before + 1)
        assert before is not None or supported
        assert line.evidence, "credit needs a quote"


def readings(*supported: bool, rating: int | None = 4) -> list[Reading]:
    return [
        Reading(grade=CriterionGrade(criterion=f"c{n}", rating=rating), supported=s) for n, s in enumerate(supported)
    ]


@pytest.mark.parametrize(
    ("given", "believed"),
    [
        ([], True),
        (readings(*[False] * 5), True),
        (readings(*[False] * 6), False),
        (readings(*[True] * 3, *[False] * 3), True),
        (readings(*[True] * 3, *[False] * 4), False),
        (readings(*[True] * 27), True),
        (readings(*[False] * 9, rating=None), True),
        (readings(*[False] * 9, rating=1), True),
    ],
)
def test_a_grader_whose_quotes_are_mostly_beside_the_point_is_not_believed(
    given: list[Reading], believed: bool
) -> None:
    assert credible(given) is believed


def test_what_is_discarded_keeps_the_built_in_rating() -> None:
    rules, weighed = make_levels(), Weighed(criterion=CRITERION, quotes=(Quote(turn=1, quote=TWO, provenance=V),))
    (reading,) = readings(True)
    line = rate(weighed, level=Level.SENIOR, rules=rules)
    kept = combine(line, reading.discarded(), weighed=weighed, level=Level.SENIOR, rules=rules)
    assert kept.rating == 2 and BESIDE_THE_POINT in kept.reason
