from __future__ import annotations

from app.adapters.quote_head import fitted_quotes
from app.domain.quoting import Quoter
from app.domain.topics import topics

SPLIT = ("split by date", "train on old months and test on new ones", "no later row in training")
SERVING = ("answer within fifty milliseconds", "train nightly and answer from a cache", "a cache for the first page")
BOTH = topics({"split": SPLIT, "serving": SERVING})


def quote(text: str, point: str) -> str | None:
    return Quoter(BOTH[point], fitted_quotes()).pick(text)


def test_a_word_weighs_by_how_much_more_often_it_is_said_of_this_point() -> None:
    assert BOTH["serving"]["cache"] == 1.0 and "cache" not in BOTH["split"]
    assert 0.0 < BOTH["serving"]["train"] < BOTH["split"]["train"] < BOTH["split"]["date"]


def test_a_word_in_few_of_many_sentences_weighs_less() -> None:
    many = tuple(f"sentence about cache number{n}" for n in range(19))
    weights = topics({"cache": (*many, "a millisecond here"), "other": ("nothing of it",)})["cache"]
    assert weights["cache"] == 1.0 > weights["millisecond"] > 0.0


def test_what_is_quoted_is_about_the_point_and_not_a_common_word() -> None:
    said = "We train a bigger tower, cut the sessions by date, and the pages come from a cache."
    assert quote(said, "split") == "cut the sessions by date"
    assert quote(said, "serving") == "pages come from a cache"
    assert quote("We like tall towers of blocks.", "serving") is None
