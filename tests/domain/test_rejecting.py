"""What a sentence upholds and what it turns down."""

from __future__ import annotations

import pytest

from app.domain.rejecting import weighing


@pytest.mark.parametrize(
    ("sentence", "kept", "rejected"),
    [
        ("Recall at a budget is better than accuracy since fraud is rare.", "Recall at a budget is", "accuracy"),
        ("I'd cut at a date rather than shuffle.", "I'd cut at a date", "shuffle"),
        ("A date beats a random split, obviously", "", "a random split"),
        ("I'd report precision and recall, not accuracy.", "I'd report precision and recall", "accuracy"),
        ("I prefer watch time over clicks", "prefer watch time over", "clicks"),
        ("Accuracy would be useless here, fraud is rare", "", "Accuracy"),
        ("Accuracy tells us nothing, so I'd look at recall instead.", "so I'd look at recall instead", "Accuracy"),
        ("I'd scan the whole index, so retrieval is pointless.", "I'd scan the whole index", "so retrieval"),
        ("We could shuffle all of it, but that would be a mistake.", "", "We could shuffle all of it, but that"),
        ("It would be wrong to shuffle, so I'd cut at a date.", "so I'd cut at a date", "shuffle"),
    ],
)
def test_both_sides_are_told_apart(sentence: str, kept: str, rejected: str) -> None:
    found = weighing(sentence)
    assert found is not None
    assert (found.kept, found.rejected) == (kept, rejected)


@pytest.mark.parametrize(
    "sentence",
    [
        "Accuracy is 99.5%, so it's strong.",
        "More than 99 percent of the payments are right.",
        "It returns not only a score but a reason.",
        "Is useless",
        "I'd use a larger model than that, no wait.",
    ],
)
def test_what_turns_nothing_down_has_no_sides(sentence: str) -> None:
    assert weighing(sentence) is None
