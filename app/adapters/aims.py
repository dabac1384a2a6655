"""What somebody is after with a sentence that looks like a question, told by a fitted linear rule: the Aims port.

It looks at what the sentence means to the bundled embedder, at its words, and at what stands around it;
`evals/fit_aims.py` fits it on sentences with their surroundings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from app.domain.kinds import Aim
from app.domain.speech import stems, words_of
from app.domain.vocabulary import Frozen
from app.ports import Aside, Embedder

SPREAD = 3.0
"""Unit vectors times this have about as much to say as the words."""
_WORDS = re.compile(r"[a-z']+|\d+|\?")


class AimsHead(Frozen):
    """The rule: of each aim a bias, and weights of signs and numbers.

    Attributes:
        aims: the order of all that follows.
        bias: of each.
        signs: by a sign's name, one weight an aim.
        numbers: shape (dimension + numbers, aims).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    aims: tuple[Aim, ...]
    bias: tuple[float, ...]
    signs: dict[str, tuple[float, ...]]
    numbers: tuple[tuple[float, ...], ...]

    @cached_property
    def _numbers(self) -> NDArray[np.float64]:
        return np.array(self.numbers)

    def chances(self, signs: Sequence[str], numbers: NDArray[np.float64]) -> dict[Aim, float]:
        """The probability of each aim; signs that it does not know count for nothing."""
        known = [self.signs[sign] for sign in sorted(set(signs)) if sign in self.signs]
        scores = np.array([self.bias, *known]).sum(axis=0) + numbers @ self._numbers
        raised = np.exp(scores - scores.max())
        return dict(zip(self.aims, (float(each) for each in raised / raised.sum()), strict=True))


def aims_head_file() -> Path:
    """Where the fitted rule lies."""
    return Path(__file__).with_name("aims_head.json")


@cache
def fitted_aims() -> AimsHead:
    """The rule that ships."""
    return AimsHead.model_validate_json(aims_head_file().read_text(encoding="utf-8"))


def signs_of(aside: Aside) -> list[str]:
    """Words in a row, one to three, and how what stands around the sentence begins and ends."""
    words = _words(aside.said)
    after, before, asked = _words(aside.after), _words(aside.before), _words(aside.asked)
    return [
        *(" ".join(words[place : place + length]) for length in (1, 2, 3) for place in range(len(words) - length + 1)),
        f"after: {' '.join(after[1:2])}",
        f"after: {' '.join(after[1:3])}",
        f"before: {' '.join(before[-2:-1])}",
        f"asked: {asked[1]}",
        f"asked: {'?' in asked}",
    ]


def numbers_of(asides: Sequence[Aside], embedder: Embedder) -> NDArray[np.float64]:
    """What sentences mean and how they stand: shape (asides, dimension + numbers).

    How near the sentence is to those around it, by meaning, told a writer's aims no better who was left out of the fit.
    """
    meant = SPREAD * embedder.embed([aside.said for aside in asides]).astype(np.float64)
    return np.concatenate([meant, np.array([_standing(aside) for aside in asides])], axis=1)


def _standing(aside: Aside) -> list[float]:
    """The share of its words in what was asked, whether it is followed and preceded, its mark, its tens of words."""
    own = stems(aside.said)
    return [
        len(own & stems(aside.asked)) / max(1, len(own)),
        float(bool(aside.after)),
        float(bool(aside.before)),
        float("?" in aside.said),
        len(words_of(aside.said)) / 10,
    ]


class FittedAims:
    """The shipped rule over an embedder's vectors.

    Args:
        embedder: the one that it was fitted to.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def told(self, asides: Sequence[Aside]) -> list[dict[Aim, float]]:
        """Of each sentence the probability of each aim."""
        if not asides:
            return []
        numbers = numbers_of(asides, self._embedder)
        return [fitted_aims().chances(signs_of(aside), row) for aside, row in zip(asides, numbers, strict=True)]


def _words(text: str) -> list[str]:
    """The words with a mark at either end; a number is one word, whichever it is."""
    found = _WORDS.findall(text.lower().replace("’", "'"))
    return ["^", *("#" if word.isdigit() else word for word in found), "$"]
