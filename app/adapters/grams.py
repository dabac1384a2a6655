"""Words and pairs of words with weights: a linear rule over how something is said."""

from __future__ import annotations

import math
from collections.abc import Collection

from app.domain.speech import words_of
from app.domain.vocabulary import Frozen


class GramWeights(Frozen):
    """Weights of words and pairs of words, fitted by logistic regression; above zero speaks for what was asked.

    Attributes:
        bias: the log-odds of a text without any known word.
        weights: of each word or pair.
    """

    bias: float
    weights: dict[str, float]

    def log_odds(self, grams: Collection[str]) -> float:
        """The log-odds of a text that holds these words and pairs."""
        return self.bias + sum(self.weights.get(gram, 0.0) for gram in sorted(grams)) / math.sqrt(max(1, len(grams)))


def grams_of(sentence: str) -> set[str]:
    """Words and neighbouring pairs of words, in lower case, numbers as one token."""
    return _grams(_words(sentence))


def grams_with_ends(sentence: str) -> set[str]:
    """The same, and how the sentence begins and ends: with which word, and whether with a question mark."""
    return _grams(["^", *_words(sentence), "?" if sentence.rstrip().endswith("?") else "."])


def _words(sentence: str) -> list[str]:
    return ["#" if word[0].isdigit() else word for word in words_of(sentence)]


def _grams(words: list[str]) -> set[str]:
    return {*words, *(f"{left} {right}" for left, right in zip(words, words[1:], strict=False))}
