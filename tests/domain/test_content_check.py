"""Every fault that `mlsd check` looks for is found, where it is, and sound content has none."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.case import Case
from app.domain.content_check import (
    Finding,
    Severity,
    check_case,
    check_catalog,
    check_rubric,
    contains_term,
    evaluate,
)
from app.domain.rubric import StepRubric
from app.domain.vocabulary import Step
from tests.factories import (
    FACTS,
    OWN,
    SHARED,
    case_fields,
    make_case,
    make_catalog,
    make_criterion,
    make_fact,
    make_flag,
    make_note,
    make_rubrics,
    make_shared_criterion,
)

STEPS = {criterion: theme.step for criterion, theme in SHARED.items()}
NOTES = [make_note(step) for step in Step]
HINTS = {
    "nudge": "Think about dates.",
    "pointer": "Some rows know the future.",
    "bottom_out": "Split by date.",
}


def findings(case: Case, notes: Any = NOTES) -> list[Finding]:
    return check_case(case, notes=notes, shared=STEPS, file="case.yaml")


def own(**changes: Any) -> Case:
    """The case with a changed criterion `interval`."""
    criteria = [make_criterion(id, theme.step) for id, theme in OWN.items() if id != "interval"]
    return make_case(criteria=[make_criterion("interval", Step.FRAMING, **changes), *criteria])


def changed(part: str, **changes: Any) -> Case:
    """The case with its first fact, tension, twist and so on changed."""
    first, *rest = case_fields()[part]
    return make_case(**{part: [{**first, **changes}, *rest]})


def rubric_of(**changes: Any) -> StepRubric:
    criterion = make_shared_criterion("time-split", Step.DATA, **changes)
    return StepRubric(step=Step.DATA, criteria=(criterion,))


def test_sound_content_has_no_finding() -> None:
    assert check_catalog(make_catalog()) == []


def test_an_empty_catalog_has_no_finding() -> None:
    assert check_catalog(make_catalog(cases=(), notes=())) == []


FAULTS: list[tuple[str, Callable[[], Case], str, str]] = [
    (
        "shared criterion that does not exist",
        lambda: make_case(shared=[*case_fields()["shared"], {"use": "time-splat"}]),
        "shared.time-splat",
        "did you mean 'time-split'?",
    ),
    (
        "shared criterion that is like none",
        lambda: make_case(shared=[*case_fields()["shared"], {"use": "xyz"}]),
        "shared.xyz",
        "there are baseline, business-goal, drift",
    ),
    (
        "own criterion with a shared id",
        lambda: make_case(criteria=[make_criterion("drift", Step.MONITORING)], shared=[{"use": "ml-task"}]),
        "criteria.drift",
        "shared criterion",
    ),
    (
        "tension between unknown choices",
        lambda: changed("tensions", between=["gps-features", "gps"]),
        "tensions.gps-at-booking.between",
        "'gps'",
    ),
    (
        "tension of a choice with itself",
        lambda: changed("tensions", between=["gps-features", "gps-features"]),
        "tensions.gps-at-booking.between",
        "twice",
    ),
    (
        "tension about an unknown criterion",
        lambda: changed("tensions", criterion="splitting"),
        "tensions.gps-at-booking.criterion",
        "'splitting'",
    ),
    (
        "tension that asks nothing",
        lambda: changed("tensions", asks=['You said "{a}", and "{b}".']),
        "tensions.gps-at-booking.asks",
        "one question",
    ),
    (
        "tension that asks twice",
        lambda: changed("tensions", asks=["How do those fit? Do they?"]),
        "tensions.gps-at-booking.asks",
        "one question",
    ),
    (
        "tension with a placeholder that is not filled",
        lambda: changed("tensions", asks=['How does "{quote}" fit?']),
        "tensions.gps-at-booking.asks",
        "{quote}",
    ),
    (
        "twist about an unknown criterion",
        lambda: changed("twists", criterion="windows"),
        "twists.no-location.criterion",
        "'windows'",
    ),
    (
        "twist without a question",
        lambda: changed("twists", text="Live location has been ruled out."),
        "twists.no-location.text",
        "one question",
    ),
    (
        "red flag about an unknown criterion",
        lambda: make_case(red_flags=[make_flag(criterion="splits")]),
        "red_flags.shuffled-scans.criterion",
        "'splits'",
    ),
    (
        "red flag whose press asks twice",
        lambda: make_case(red_flags=[make_flag(presses=["Where do they go? And why?"])]),
        "red_flags.shuffled-scans.presses",
        "one question",
    ),
    (
        "choice with a placeholder that is not filled",
        lambda: changed("choices", presses=["Why {a}?"]),
        "choices.gps-features.presses",
        "{a}",
    ),
    (
        "component listed twice",
        lambda: make_case(
            architecture={
                "components": [{"id": "scans", "name": "Scans", "group": "Data"}] * 2,
                "edges": [{"source": "scans", "target": "scans"}],
            }
        ),
        "architecture.components.scans",
        "twice",
    ),
    (
        "edge to nowhere",
        lambda: make_case(
            architecture={
                **case_fields()["architecture"],
                "edges": [{"source": "scans", "target": "ranker"}],
            }
        ),
        "architecture.edges",
        "'ranker'",
    ),
    (
        "one id for two things",
        lambda: make_case(decisions=[{**case_fields()["decisions"][0], "id": "latency"}]),
        "latency",
        "2 times",
    ),
    (
        "one question for two facts",
        lambda: changed("facts", asks=["Is it global?"]),
        "countries.asks",
        "'volume'",
    ),
    (
        "derived number that is off",
        lambda: changed("facts", values={"parcels_per_day": 2e6, "depots": 400, "parcels_per_depot": 6000}),
        "facts.volume.derived.parcels_per_depot",
        "gives 5000, the fact states 6000",
    ),
    (
        "derived number that is not stated",
        lambda: changed("facts", values={"parcels_per_day": 2e6, "depots": 400}),
        "facts.volume.derived.parcels_per_depot",
        "no stated value",
    ),
    (
        "derived number from an unknown one",
        lambda: changed("facts", derived={"parcels_per_depot": "parcels_per_day / hubs"}),
        "facts.volume.derived.parcels_per_depot",
        "'hubs'",
    ),
    (
        "division by zero",
        lambda: changed("facts", values={"parcels_per_day": 2e6, "depots": 0, "parcels_per_depot": 5000}),
        "facts.volume.derived.parcels_per_depot",
        "cannot be computed",
    ),
    (
        "number that two facts state differently",
        lambda: make_case(facts=[*FACTS, make_fact("depots", values={"depots": 390})]),
        "facts.depots.values.depots",
        "390 here and 400 elsewhere",
    ),
    (
        "probe that gives away",
        lambda: own(probes=["Which quantiles would you show?"]),
        "criteria.interval.probes",
        "gives away 'quantile'",
    ),
    (
        "follow-up that gives away",
        lambda: own(follow_ups=["Which quantile?"]),
        "criteria.interval.probes",
        "gives away 'quantile'",
    ),
    (
        "shared probe that gives away",
        lambda: make_case(shared=[{"use": "drift", "probes": ["When do you retrain?"], "giveaways": ["retrain"]}]),
        "shared.drift.probes",
        "gives away 'retrain'",
    ),
    (
        "shared hint that gives away",
        lambda: make_case(shared=[{"use": "time-split", "hints": HINTS, "giveaways": ["dates"]}]),
        "shared.time-split.hints.nudge",
        "gives away 'dates'",
    ),
    (
        "shared follow-up with a placeholder that is not filled",
        lambda: make_case(shared=[{"use": "drift", "follow_ups": ["Why {b}?"]}]),
        "shared.drift.follow_ups",
        "{b}",
    ),
    (
        "pointer that gives away",
        lambda: own(hints={**HINTS, "pointer": "Look at the ninetieth quantile."}),
        "criteria.interval.hints.pointer",
        "bottom-out",
    ),
    (
        "two questions in a probe",
        lambda: own(probes=["What do you promise? To whom?"]),
        "criteria.interval.probes",
        "one question",
    ),
    (
        "placeholder in a probe",
        lambda: own(probes=['Why "{quote}"?']),
        "criteria.interval.probes",
        "{quote}",
    ),
    (
        "placeholder of another kind in a follow-up",
        lambda: own(follow_ups=['Why "{a}"?']),
        "criteria.interval.follow_ups",
        "{a}",
    ),
    (
        "sentence that both covers and misses",
        lambda: own(
            near_misses=[
                {
                    "kind": "vague",
                    "text": "I'd predict the tenth and ninetieth quantile and show the window.",
                },
                {"kind": "wrong", "text": "one minute is enough"},
            ]
        ),
        "criteria.interval",
        "twice",
    ),
    (
        "opener missing",
        lambda: make_case(openers={step: ["One.", "Two."] for step in Step if step is not Step.DATA}),
        "openers.data",
        "0 wordings",
    ),
    (
        "opener that asks twice",
        lambda: make_case(openers={**case_fields()["openers"], "data": ["What? Why?", "And the data?"]}),
        "openers.data",
        "one question",
    ),
]


@pytest.mark.parametrize(
    ("build", "field", "says"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
def test_a_fault_in_a_case_is_found_where_it_is(build: Callable[[], Case], field: str, says: str) -> None:
    found = [f for f in findings(build()) if f.field == field and says in f.message]
    assert found and found[0].severity is Severity.ERROR and found[0].file == "case.yaml"


def test_a_finding_reads_as_one_line() -> None:
    finding = Finding(severity=Severity.ERROR, file="case.yaml", field="facts", message="has 0")
    assert str(finding) == "case.yaml: facts: has 0"


@pytest.mark.parametrize("share", [0.951, 1.0, 1.049])
def test_derived_numbers_may_be_rounded_to_five_percent(share: float) -> None:
    values = {"parcels_per_day": 2e6, "depots": 400, "parcels_per_depot": 5000 * share}
    assert findings(changed("facts", values=values)) == []


def test_a_press_may_hold_the_candidates_words() -> None:
    assert findings(make_case(red_flags=[make_flag(presses=['Why "{quote}"?'])])) == []


def test_a_bottom_out_may_name_the_remedy_but_is_no_essay() -> None:
    assert findings(own(hints={**HINTS, "bottom_out": "Predict a quantile."})) == []
    (found,) = findings(own(hints={**HINTS, "bottom_out": "word " * 61}))
    assert (found.severity, found.field) == (Severity.WARNING, "criteria.interval.hints.bottom_out")


@pytest.mark.parametrize("part", ["prompt", "openers"])
def test_an_opening_that_gives_away_is_a_warning(part: str) -> None:
    said = "Show our customers the quantile of the arrival."
    value: Any = said if part == "prompt" else {**case_fields()["openers"], "data": [said, "And the data?"]}
    (found,) = findings(make_case(**{part: value}))
    assert found.severity is Severity.WARNING and found.field.startswith(part)


class TestTiers:
    @pytest.mark.parametrize(("field", "least"), [("facts", 8), ("criteria", 6), ("tensions", 1), ("choices", 2)])
    def test_the_minimal_tier_has_counts(self, field: str, least: int) -> None:
        changes: dict[str, Any] = {"criteria": [], "shared": []} if field == "criteria" else {field: []}
        assert f"has 0; {least} or more are needed" in {
            f.message for f in findings(make_case(**changes)) if f.field == field
        }

    @pytest.mark.parametrize(("part", "least"), [("covers", 3), ("near_misses", 2)])
    def test_own_criteria_of_the_minimal_tier_have_counts(self, part: str, least: int) -> None:
        enough = make_criterion("interval", Step.FRAMING).model_dump()[part][:least]
        assert findings(own(**{part: enough})) == []
        assert [f.field for f in findings(own(**{part: enough[:-1]}))] == [f"criteria.interval.{part}"]

    def test_a_short_case_does_not_make_the_full_tier(self) -> None:
        fields = {finding.field for finding in findings(make_case(full=True), notes=())}
        assert fields >= {
            "facts",
            "criteria",
            "tensions",
            "choices",
            "twists",
            "red_flags",
            "reading",
            "criteria of evaluation",
            "facts.labels.asks",
            "choices.gps-features.says",
            "choices.gps-features.unlike",
            "tensions.gps-at-booking.asks",
            "shared.drift.probes",
            *(f"{step}.md" for step in Step),
        }

    def test_the_full_tier_has_no_more_than_28_criteria(self) -> None:
        many = [make_criterion(f"own-{n}", list(Step)[n % 7], core=True) for n in range(22)]
        found = {f.field: f.message for f in findings(make_case(full=True, criteria=many))}
        assert "28 at most" in found["criteria"]
        few = {f.field for f in findings(make_case(full=True, criteria=many[:21]))}
        assert "criteria" not in few and not any(field.startswith("criteria of") for field in few)

    def test_the_full_tier_wants_an_architecture_and_a_core_criterion_per_step(self) -> None:
        shared = [{"use": use, "core": use != "drift"} for use in SHARED]
        found = {f.field: f.message for f in findings(make_case(full=True, architecture=None, shared=shared))}
        assert found["architecture"] == "is missing"
        messages = {f.message for f in findings(make_case(full=True, shared=shared))}
        assert "has no core criterion; mark one" in messages

    def test_a_long_answer_is_a_warning(self) -> None:
        case = make_case(full=True, facts=[make_fact("depots", answer="depot " * 31)])
        found = [f for f in findings(case) if f.field == "facts.depots.answer"]
        assert [f.severity for f in found] == [Severity.WARNING]


class TestRubrics:
    @pytest.mark.parametrize(("part", "least"), [("covers", 6), ("near_misses", 5), ("probes", 3), ("follow_ups", 2)])
    def test_shared_criteria_have_counts(self, part: str, least: int) -> None:
        enough = make_shared_criterion("time-split", Step.DATA).model_dump()[part][:least]
        assert check_rubric(rubric_of(**{part: enough})) == []
        found = check_rubric(rubric_of(**{part: enough[:-1]}))
        assert f"time-split.{part}" in {f.field for f in found}

    def test_near_misses_are_of_three_kinds(self) -> None:
        misses = [{"kind": "vague", "text": f"we need to look at how the data is divided {n}"} for n in range(6)]
        (found,) = check_rubric(rubric_of(near_misses=misses))
        assert found.field == "time-split.near_misses" and "three kinds" in found.message

    def test_length_must_not_tell_covers_from_near_misses(self) -> None:
        kinds = ("vague", "negated", "wrong", "vague", "wrong")
        misses = [{"kind": kind, "text": f"no {n}"} for n, kind in enumerate(kinds)]
        (found,) = check_rubric(rubric_of(near_misses=misses))
        assert found.severity is Severity.WARNING and "length" in found.message

    @pytest.mark.parametrize(("part", "kept"), [("says", 3), ("sound", 2), ("presses", 1)])
    def test_shared_red_flags_have_counts(self, part: str, kept: int) -> None:
        rubric = make_rubrics()[2].model_dump()
        rubric["red_flags"][0][part] = rubric["red_flags"][0][part][:kept]
        (found,) = check_rubric(StepRubric.model_validate(rubric))
        assert found.field == f"red_flags.shuffled-scans.{part}"

    def test_a_shared_id_in_two_rubrics(self) -> None:
        rubrics = list(make_rubrics())
        again = make_shared_criterion("drift", Step.SERVING)
        rubrics[5] = rubrics[5].model_copy(update={"criteria": (*rubrics[5].criteria, again)})
        found = check_catalog(make_catalog(cases=(), notes=(), rubrics=tuple(rubrics)))
        assert [(f.file, f.field) for f in found] == [("rubrics/monitoring.yaml", "drift")]
        assert "rubrics/serving.yaml" in found[0].message

    def test_a_shared_red_flag_about_an_unknown_criterion(self) -> None:
        rubric = make_rubrics()[2].model_dump()
        rubric["red_flags"][0]["criterion"] = "splits"
        rubrics = (*make_rubrics()[:2], StepRubric.model_validate(rubric), *make_rubrics()[3:])
        (found,) = check_catalog(make_catalog(cases=(), notes=(), rubrics=rubrics))
        assert found.field == "red_flags.shuffled-scans.criterion" and "'splits'" in found.message


class TestNotes:
    def test_a_criterion_that_no_section_helps_with(self) -> None:
        section = {"heading": "On scans", "criteria": ["time-split"], "text": "Divide by date."}
        found = findings(make_case(), [make_note(Step.DATA, sections=[section])])
        assert [(f.field, "'scan-gaps'" in f.message) for f in found] == [("data.md", True)]

    def test_a_section_for_an_unknown_criterion(self) -> None:
        sections = [*make_note(Step.DATA).sections, {"heading": "More", "criteria": ["splits"], "text": "x"}]
        (found,) = findings(make_case(), [make_note(Step.DATA, sections=sections)])
        assert found.field == "data.md" and "'splits'" in found.message

    def test_the_length_of_a_full_cases_notes(self) -> None:
        found = [f for f in findings(make_case(full=True)) if f.field == "data.md"]
        assert [f.severity for f in found] == [Severity.WARNING] and "300 to 600" in found[0].message


NUMBERS = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3))
FORMULAS = st.recursive(
    st.one_of(NUMBERS.map(lambda number: f"({number!r})"), st.sampled_from(["a", "b", "c"])),
    lambda inner: st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
    max_leaves=8,
)
VALUES = {"a": 2.0, "b": -0.5, "c": 1e3}


class TestEvaluate:
    @given(FORMULAS)
    def test_it_computes_what_python_would(self, formula: str) -> None:
        code = compile(ast.parse(formula, mode="eval"), "formula", "eval")
        try:
            expected = eval(code, {"__builtins__": {}}, dict(VALUES))  # our own grammar, in a test
        except ZeroDivisionError:
            with pytest.raises(ZeroDivisionError):
                evaluate(formula, VALUES)
        else:
            assert evaluate(formula, VALUES) == pytest.approx(expected, nan_ok=True)

    @given(st.text(max_size=40))
    def test_any_text_is_a_number_or_a_named_error(self, text: str) -> None:
        try:
            assert isinstance(evaluate(text, VALUES), float)
        except (ValueError, ZeroDivisionError):
            pass

    @pytest.mark.parametrize(
        ("formula", "number"), [("2 ** 3", 8), ("-a * 3", -6), ("1_000 / c", 1), ("(a + a) * a", 8)]
    )
    def test_examples(self, formula: str, number: float) -> None:
        assert evaluate(formula, VALUES) == number

    @pytest.mark.parametrize(
        "formula",
        [
            "",
            "a +",
            "a if b else c",
            "__import__('os')",
            "a.real",
            "[1]",
            "'x'",
            "True and a",
            "a // b",
            "d",
            "~1",
        ],
    )
    def test_anything_but_arithmetic_is_refused(self, formula: str) -> None:
        with pytest.raises(ValueError):
            evaluate(formula, VALUES)

    @pytest.mark.parametrize("formula", ["9 ** 9 ** 9", "b ** 0.5", "1" + "0" * 400])
    def test_a_number_beyond_all_bounds_is_refused(self, formula: str) -> None:
        with pytest.raises(ValueError):
            evaluate(formula, VALUES)


WORDS = st.from_regex(r"[a-z]{1,3}|[a-z]{3,9}[a-rt-z]", fullmatch=True)
TERMS = st.lists(WORDS, min_size=1, max_size=3)


class TestContainsTerm:
    @given(st.lists(WORDS), TERMS, st.lists(WORDS), st.sampled_from([" ", "-", ", ", "_", "\n"]))
    def test_a_term_is_found_whatever_joins_its_words(
        self, before: list[str], term: list[str], after: list[str], joint: str
    ) -> None:
        text = " ".join([*before, joint.join(term).upper(), *after])
        assert contains_term(text, " ".join(term))

    @given(TERMS.filter(lambda term: len(term[-1]) > 3))
    def test_a_plural_is_the_same_term(self, term: list[str]) -> None:
        singular = " ".join(term)
        assert contains_term(f"our {singular}s", singular) and contains_term(f"our {singular}", f"{singular}s")

    @given(st.text(), TERMS)
    def test_what_is_found_has_the_terms_letters(self, text: str, term: list[str]) -> None:
        if contains_term(text, " ".join(term)):
            assert all(word[:-1] in text.lower() for word in term)

    @pytest.mark.parametrize(
        ("text", "term", "found"),
        [
            ("Which quantiles?", "quantile", True),
            ("a time-based split", "time based", True),
            ("the catalog", "cat", False),
            ("split the time", "time split", False),
            ("class weights", "clas", False),
            ("a bus", "bu", False),
            ("anything", "", False),
            ("anything", "?!", False),
        ],
    )
    def test_examples(self, text: str, term: str, found: bool) -> None:
        assert contains_term(text, term) is found


def test_a_prompt_that_asks_is_found() -> None:
    case = make_case().model_copy(
        update={"prompt": "We deliver parcels. How would you tell people when theirs will come?"}
    )
    assert [finding.field for finding in check_case(case, notes=(), shared=STEPS, file="case.yaml")] == ["prompt"]
