from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.guard import check
from app.services.spelling import begun, disguised, spelling
from tests.services.test_guard import AROUND, BRIEF

TERMS = sorted({term for criterion in BRIEF.criteria for term in criterion.giveaways})
NOTHING = spelling("")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p-o-s-i-t-i-o-n  b-i-a-s", True),
        ("positionBias", True),
        ("POSITION_BIAS=true", True),
        ("p o s i t i o n b i a s", True),
        ("pos1ti0n b1as", True),
        ("positi\u200bon bias", True),
        ("pósition bías", True),
        ("a position of bias", False),
        ("the position is biased", False),
        ("", False),
    ],
)
def test_a_term_is_found_in_any_spelling(text: str, found: bool) -> None:
    assert bool(disguised(spelling(text), ["position bias"], known=NOTHING)) is found


@pytest.mark.parametrize("text", ["calibraton", "calibrattion", "calibartion", "calibretion", "calibration"])
def test_a_long_word_may_have_one_letter_wrong(text: str) -> None:
    assert disguised(spelling(f"Think of {text} here."), ["calibration"], known=NOTHING)


@pytest.mark.parametrize(
    "text", ["inverse propensty weighting", "inverse propensity wheighting", "invers propensity weighting"]
)
def test_so_may_a_long_term(text: str) -> None:
    assert disguised(spelling(text), ["inverse propensity weighting"], known=NOTHING)


@pytest.mark.parametrize(
    ("text", "found"), [("H N S W", True), ("h.n.s.w.", True), ("useHNSW", True), ("hands wide", False)]
)
def test_short_terms_are_found_as_words(text: str, found: bool) -> None:
    assert bool(disguised(spelling(text), ["HNSW"], known=NOTHING)) is found


def test_what_was_said_in_any_spelling_is_known() -> None:
    assert not disguised(spelling("positionBias"), ["position bias"], known=spelling("I fear position-bias"))


def test_a_term_without_letters_is_nowhere() -> None:
    assert not disguised(spelling("..."), ["..."], known=NOTHING)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.sampled_from(TERMS),
    st.lists(st.booleans(), min_size=1, max_size=12),
    st.sampled_from(["-", "_", " ", ".", "", " - "]),
)
def test_no_casing_or_hyphenation_gets_a_term_through(term: str, upper: list[bool], between: str) -> None:
    cased = "".join(ch.upper() if upper[place % len(upper)] else ch.lower() for place, ch in enumerate(term))
    spelled = between.join(cased.replace("-", " ").split())
    assert check(f"How would {spelled} do here?", shown=(), around=AROUND) is not None


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_the_guard_reads_anything(text: str) -> None:
    check(text, shown=(), around=AROUND)
    disguised(spelling(text), TERMS, known=spelling(text[::-1]))


@pytest.mark.parametrize(
    ("said", "term", "is_begun"),
    [
        ("YOLOv8, the large one", "yolo", True),
        ("I would fine-tune it", "fine-tuning", True),
        ("the index is sharded", "shard", True),
        ("we share the index", "shard", False),
        ("a positive rate", "position", False),
        ("position bias", "position bias", False),
        ("an IVF index", "iv", False),
    ],
)
def test_a_word_that_begins_like_a_term_makes_it_known(said: str, term: str, is_begun: bool) -> None:
    assert begun(term, spelling(said)) is is_begun
