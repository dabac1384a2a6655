from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.grading import rating_of

NAMED = "I would split train and test by date"
REASONED = "I would split train and test by date, because otherwise a later scan of the parcel leaks"
NUMBERED = "I would hold back the last 14 days of scans, which is about a tenth of the whole year"
WEIGHED = (
    "I would split train and test by date because a later scan leaks, "
    "but the trade-off is that we lose two weeks of fresh rows"
)


@pytest.mark.parametrize(
    ("quotes", "rating"),
    [
        ([], None),
        ([NAMED], 2),
        ([NAMED, NAMED.upper()], 2),
        ([NAMED, "whole parcels go to one side"], 3),
        ([REASONED], 3),
        ([NUMBERED], 3),
        (["by date because it leaks"], 2),
        (["10 ms"], 2),
        ([WEIGHED], 4),
        ([REASONED, "but the trade-off is that we lose two weeks of rows"], 4),
        (["but it is expensive and it fails"], 2),
    ],
)
def test_depth_is_read_off_the_words(quotes: list[str], rating: int | None) -> None:
    assert rating_of(quotes).rating == rating


def test_every_rating_says_what_was_heard() -> None:
    reasons = [rating_of(quotes).reason for quotes in ([NAMED], [REASONED], [WEIGHED])]
    assert len(set(reasons)) == 3 and all(reasons)
    assert rating_of([]).reason == ""


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([NAMED, REASONED, NUMBERED, WEIGHED, "by date", "5 ms"]), min_size=1, max_size=5))
def test_saying_more_never_lowers_a_rating_and_repeating_never_lifts_it(quotes: list[str]) -> None:
    rating = rating_of(quotes).rating
    assert rating is not None and 2 <= rating <= 4
    assert rating_of([*quotes, *quotes]) == rating_of(quotes)
    shorter = rating_of(quotes[:-1]).rating
    assert shorter is None or shorter <= rating


def test_questions_earn_naming_and_are_no_second_point() -> None:
    asked = (
        "Also do we have labels?",
        "How many people review cases by hand, and because of what?",
        "And the latency?",
    )
    assert rating_of(asked).rating == 2
    assert rating_of((*asked, "I'd assume two thousand payments a second")).rating == 2
    assert rating_of((*asked, "Two thousand a second, so one machine", "and a copy of it elsewhere")).rating == 3
