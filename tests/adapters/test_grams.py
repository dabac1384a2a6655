"""Weights of words and pairs of words."""

from __future__ import annotations

import math

import pytest

from app.adapters.grams import GramWeights, grams_of, grams_with_ends
from evals.fit_grams import fitted_grams


def test_words_and_neighbouring_pairs_count_and_numbers_are_one_token() -> None:
    assert grams_of("Wait 30 minutes.") == {"wait", "#", "minutes", "wait #", "# minutes"}


def test_a_question_ends_unlike_a_statement_of_the_same_words() -> None:
    asked, stated = grams_with_ends("You would wait?"), grams_with_ends("You would wait.")
    assert asked - stated == {"?", "wait ?"} and stated - asked == {".", "wait ."}
    assert "^ you" in asked & stated


def test_the_log_odds_of_a_text_do_not_grow_with_its_length_alone() -> None:
    weights = GramWeights(bias=-1.0, weights={"lovely": 2.0})
    assert weights.log_odds(["lovely"]) == pytest.approx(1.0)
    assert weights.log_odds(["lovely", "a", "b", "c"]) == pytest.approx(-1 + 2 / math.sqrt(4))
    assert weights.log_odds([]) == -1.0


def test_the_fit_is_the_same_each_time_and_knows_only_what_is_frequent_enough() -> None:
    texts = [grams_of(text) for text in ("a lovely plan", "a lovely idea", "which plan", "which rare idea")]
    made = fitted_grams(texts, [True, True, False, False], strength=100.0, fewest=2)
    assert made == fitted_grams(texts, [True, True, False, False], strength=100.0, fewest=2)
    assert made.log_odds(grams_of("lovely")) > made.log_odds(grams_of("which"))
    assert "rare" not in made.weights
