from __future__ import annotations

from evals.rating_figures import Read, agreement, depth_told, interval, readings

NAMED = "I would split the data by time into the parts that we need here."
WEIGHED = (
    "I split by time because a shuffle lets later rows leak into training, but that costs us the freshest week of data, "
    "which is the price of an honest test."
)


def row(interview: str, quote: str, rating: int) -> Read:
    return Read(interview=interview, case="parcel-eta", criterion="time-split", quotes=(quote,), ratings=(rating,))


def test_what_agrees_and_what_is_told_apart() -> None:
    rows = [row("a", NAMED, 2), row("a", WEIGHED, 4), row("b", NAMED, 3), row("b", WEIGHED, 4)]
    assert agreement(rows) == 0.75
    assert depth_told(rows) == 1.0
    assert depth_told([row("a", WEIGHED, 3), row("a", WEIGHED, 4)]) == 0.5


def test_the_interval_holds_the_figure_and_is_the_same_each_time() -> None:
    rows = [row(name, quote, rating) for name in "abcd" for quote, rating in ((NAMED, 2), (WEIGHED, 3))]
    rows += [row("e", NAMED, 2)] * 4
    low, high = interval(rows, agreement)
    assert low <= agreement(rows) <= high and low < high
    assert interval(rows, agreement) == (low, high)


def test_what_ships_can_be_read() -> None:
    assert any(len(each.ratings) > 1 for each in readings()), "some points were marked twice"
