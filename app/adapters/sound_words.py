"""How a sentence sounds: worked out, or vague, brushed off and over-sure, by the words it uses.

A rule over words and pairs of words, fitted by `evals/fit_matcher.py` on all shipped example sentences
(those that cover a criterion and the sound twins of red flags, against near-misses and red flags).
"""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

from app.domain.speech import words_of
from app.domain.vocabulary import Frozen


class SoundWords(Frozen):
    """Weights of words and pairs of words; above zero speaks for a point that is made."""

    bias: float
    weights: dict[str, float]

    def score(self, sentence: str) -> float:
        """The log-odds that a sentence makes its point, as far as words tell."""
        grams = grams_of(sentence)
        return self.bias + sum(self.weights.get(gram, 0.0) for gram in sorted(grams)) / math.sqrt(max(1, len(grams)))


def grams_of(sentence: str) -> set[str]:
    """Words and neighbouring pairs of words, in lower case, numbers as one token."""
    words = ["#" if word[0].isdigit() else word for word in words_of(sentence)]
    return {*words, *(f"{left} {right}" for left, right in zip(words, words[1:], strict=False))}


def sound_words_file() -> Path:
    """Where the fitted weights lie."""
    return Path(__file__).with_name("sound_words.json")


@cache
def fitted_sound_words() -> SoundWords:
    """The weights that ship."""
    return SoundWords.model_validate_json(sound_words_file().read_text(encoding="utf-8"))
