"""How a sentence sounds: worked out, or vague, brushed off and over-sure, by the words it uses.

A rule over words and pairs of words, fitted by `evals/fit_matcher.py` on all shipped example sentences
(those that cover a criterion and the sound twins of red flags, against near-misses and red flags).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.adapters.grams import GramWeights, grams_of


class SoundWords(GramWeights):
    """Above zero speaks for a point that is made."""

    def score(self, sentence: str) -> float:
        """The log-odds that a sentence makes its point, as far as words tell."""
        return self.log_odds(grams_of(sentence))


def sound_words_file() -> Path:
    """Where the fitted weights lie."""
    return Path(__file__).with_name("sound_words.json")


@cache
def fitted_sound_words() -> SoundWords:
    """The weights that ship."""
    return SoundWords.model_validate_json(sound_words_file().read_text(encoding="utf-8"))
