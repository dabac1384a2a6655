from __future__ import annotations

import numpy as np
import pytest

from app.adapters.word_nearness import WORD_FEATURES, WordNearness, lead

COVERS = [
    ["Split by time and not at random.", "Train on last month, test on this week."],
    ["Precompute the scores and cache them.", "A cache in front of the ranker."],
]
MISSES = [["A random split is fine."], []]
NEAREST = WORD_FEATURES.index("nearest cover by words")
MISSED = WORD_FEATURES.index("nearest miss by words")
SIDE = WORD_FEATURES.index("side of the criterion by words")
SOUND = WORD_FEATURES.index("side of what is sound by words")


@pytest.fixture(scope="module")
def nearness() -> WordNearness:
    return WordNearness.fitted(COVERS, MISSES)


def test_an_example_is_at_its_own_place(nearness: WordNearness) -> None:
    for owner, group in enumerate(COVERS):
        for text in group:
            row = nearness.features([text])[0]
            assert row[owner, NEAREST] == pytest.approx(1.0)
            assert row[:, NEAREST].argmax() == row[:, SIDE].argmax() == owner
            assert row[owner, SIDE] > 0 < row[owner, SOUND]


def test_a_miss_is_on_the_other_side(nearness: WordNearness) -> None:
    row = nearness.features(["A random split is fine."])[0]
    assert row[0, MISSED] == pytest.approx(1.0)
    assert row[0, SIDE] < 0 > row[0, SOUND]


def test_words_that_no_example_has_take_their_share(nearness: WordNearness) -> None:
    short, long = nearness.features(["Split by time.", "Split by time, then quantise weights for phones."])
    assert 0 < long[0, NEAREST] < short[0, NEAREST] <= 1


def test_the_order_of_the_words_counts(nearness: WordNearness) -> None:
    one, other = nearness.features(["not at random", "random at not"])[:, 0, NEAREST]
    assert one > other


@pytest.mark.parametrize("text", ["", "...", "Quantise phones!"])
def test_nothing_in_common_is_zero(nearness: WordNearness, text: str) -> None:
    assert not nearness.features([text])[:, :, [NEAREST, MISSED, SIDE, SOUND]].any()


def test_neighbours_change_nothing(nearness: WordNearness) -> None:
    texts = ["Split by time.", "A cache.", "", "A random split is fine."]
    together = nearness.features(texts)
    assert np.array_equal(together, np.concatenate([nearness.features([text]) for text in texts]))


def test_without_examples_or_sentences_there_are_zeros() -> None:
    assert WordNearness.fitted([[], []], [[], []]).features(["Split by time."]).shape == (1, 2, len(WORD_FEATURES))
    assert WordNearness.fitted(COVERS, MISSES).features([]).shape == (0, 2, len(WORD_FEATURES))


def test_lead_is_over_the_best_other_one() -> None:
    assert lead(np.array([[0.5, 0.9, 0.2]]))[0].tolist() == pytest.approx([-0.4, 0.4, -0.7])
    assert lead(np.array([[0.5]])).tolist() == [[0.5]]
