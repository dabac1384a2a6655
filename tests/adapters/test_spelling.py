"""Slips of the keyboard are mended into words of the case, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.embedding import whole_words
from app.adapters.spelling import mended

WORDS = frozenset({"calibrated", "negatives", "downsample", "threshold", "embedding"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("keep the scores calibrtaed", "keep the scores calibrated"),
        ("downsmaple the negatvies", "downsample the negatives"),
        ("a treshold per countryy", "a threshold per countryy"),
        ("Embeddingg of the ad", "embedding of the ad"),
        ("whether the weather holds", "whether the weather holds"),
        ("Thompson, XGBoost and isotonic", "Thompson, XGBoost and isotonic"),
    ],
)
def test_a_slip_becomes_the_word_of_the_case(typed: str, meant: str) -> None:
    assert mended(typed, words=WORDS, known=whole_words()) == meant


@given(st.text(max_size=60))
def test_any_text_survives_and_what_is_known_stays(text: str) -> None:
    once = mended(text, words=WORDS, known=frozenset())
    assert mended(once, words=WORDS, known=frozenset()) == once
    assert mended(text, words=frozenset(), known=frozenset()) == text
