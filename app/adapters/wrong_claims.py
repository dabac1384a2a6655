"""Which wrong claims a sentence makes: how near it is to sentences that make them and to sound ones that are like them.

Nearness alone heard hardly anybody who made a claim in other words: of sentences by other hands than those of the
examples 8 in 100 of a case's own claims and 6 in 100 of the shared ones, at 1 other sentence in 65 taken for one.
`evals/fit_claims.py` fits what the nearnesses, the criteria's own covers and near-misses, and the words are worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.adapters.discriminant import Discriminant
from app.adapters.examples import Examples, Nearest
from app.adapters.matcher_head import Head
from app.adapters.word_nearness import MISSED, OTHER, OWN, WORD_FEATURES, WordNearness, lead
from app.domain.rubric import RedFlag
from app.domain.speech import negated, words_of
from app.ports import ContentEmbedder, Vectors

CLAIM_FEATURES = (
    "nearest claim",
    "second claim",
    "third claim",
    "centre of the claims",
    "nearest sound twin",
    "centre of the sound twins",
    "lead of the nearest claim over others",
    "lead of the centre over others",
    "nearest cover of the criterion",
    "nearest cover of any",
    "wrong near-miss of the criterion",
    "wrong near-miss of any",
    "negated near-miss of the criterion",
    "vague near-miss of any",
    "score of the criterion",
    "score of any",
    "denial",
    "denies as the nearest claim does",
    "sound of the words",
    "side of the claim",
    "side of what is sound",
    "words",
    *(f"{name}, claims for covers" for name in WORD_FEATURES),
)
NEAREST_CLAIMS, LEAST_NEAR = 4, 0.35
"""The rule was fitted on a sentence and the nearest few claims, and knows nothing of those that are farther away."""
# Examples that were learnt from had no other one so near; what hardly differs from one needs no weighing.
_SURELY, _SURELY_OVER = 0.75, 0.10
LITTLE_DOUBT = 0.94
"""The score from which a claim is held against who makes it.

Of the sentences of twelve cases' scripts and messages that nobody calls wrong one in 250 has as much; from `credit` on,
where a claim is pressed, it is one in 100. Of the wrong ones 11 and 18 in 100 have it.
"""
_MOST_WORDS = 30


@dataclass(frozen=True)
class WhatIsKnown:
    """n sentences as they are read, and what the criteria say of them.

    Attributes:
        vectors: of shape (n, dimensions).
        covers, wrong, negated, vague: nearness to covers and near-misses, of shape (n, criteria).
        scores: that each is covered, of shape (n, criteria).
        sound_words: of shape (n,).
        sound_side: of shape (n, 1).
    """

    sentences: Sequence[str]
    vectors: Vectors
    covers: NDArray[np.float64]
    wrong: NDArray[np.float64]
    negated: NDArray[np.float64]
    vague: NDArray[np.float64]
    scores: Vectors
    sound_words: NDArray[np.float64]
    sound_side: NDArray[np.float64]

    def first(self, count: int) -> WhatIsKnown:
        """What is known of the first sentences."""
        return WhatIsKnown(
            sentences=self.sentences[:count],
            vectors=self.vectors[:count],
            covers=self.covers[:count],
            wrong=self.wrong[:count],
            negated=self.negated[:count],
            vague=self.vague[:count],
            scores=self.scores[:count],
            sound_words=self.sound_words[:count],
            sound_side=self.sound_side[:count],
        )


@dataclass(frozen=True)
class WrongClaims:
    """A case's red flags as examples.

    Attributes:
        criteria: of each flag, the place of its criterion among the case's.
    """

    says: Examples
    sound: Examples
    side: Discriminant
    by_words: WordNearness
    criteria: NDArray[np.intp]

    @classmethod
    def of(cls, flags: Sequence[RedFlag], criteria: Sequence[str], embedder: ContentEmbedder) -> WrongClaims:
        """Embed them; `criteria` are the ids of the case's, in its order."""
        says, sound = [flag.says for flag in flags], [flag.sound for flag in flags]
        makes, twins = Examples.stacked(says, embedder), Examples.stacked(sound, embedder)
        return cls(
            says=makes,
            sound=twins,
            side=Discriminant.fitted(
                [makes.vectors, twins.vectors],
                np.concatenate([makes.sides(OWN, other=OTHER), twins.sides(MISSED, other=OTHER)]),
            ),
            by_words=WordNearness.fitted(says, sound),
            criteria=np.array([criteria.index(flag.criterion) for flag in flags], dtype=np.intp),
        )

    def made(self, known: WhatIsKnown, *, head: Head, says: Nearest) -> Vectors:
        """How likely each claim is made, of shape (n, flags): 0 out of reach, `LITTLE_DOUBT` at least where surely.

        Args:
            known: the sentences.
            head: the fitted rule.
            says: how near they are to `self.says`.
        """
        sound = self.sound.nearest(known.vectors)
        scores = np.where(within_reach(says.first), head.scores(self._features(known, says, sound)), 0.0)
        sure = surely_made(says.first, sound.first, known.covers)
        made: Vectors = np.where(sure, np.maximum(scores, LITTLE_DOUBT), scores)
        return made

    def features(self, known: WhatIsKnown) -> NDArray[np.float64]:
        """Shape (n, flags, features), in the order of `CLAIM_FEATURES`."""
        return self._features(known, self.says.nearest(known.vectors), self.sound.nearest(known.vectors))

    def _features(self, known: WhatIsKnown, nearest: Nearest, twins: Nearest) -> NDArray[np.float64]:
        own, sentences = self.criteria, known.sentences
        shape = nearest.first.shape
        denial = np.array([negated(sentence) for sentence in sentences], dtype=np.bool_)
        length = np.array([min(_MOST_WORDS, len(words_of(sentence))) for sentence in sentences], dtype=np.float64)
        columns = (
            nearest.first,
            nearest.second,
            nearest.third,
            nearest.centre,
            twins.first,
            twins.centre,
            lead(nearest.first),
            lead(nearest.centre),
            known.covers[:, own],
            known.covers.max(axis=1, keepdims=True),
            known.wrong[:, own],
            known.wrong.max(axis=1, keepdims=True),
            known.negated[:, own],
            known.vague.max(axis=1, keepdims=True),
            known.scores[:, own],
            known.scores.max(axis=1, keepdims=True),
            denial[:, None],
            nearest.denies == denial[:, None],
            known.sound_words[:, None],
            self.side.outputs(known.vectors),
            known.sound_side,
            length[:, None],
        )
        by_meaning = np.stack([np.broadcast_to(np.asarray(one, dtype=np.float64), shape) for one in columns], axis=2)
        return np.concatenate([by_meaning, self.by_words.features(sentences)], axis=2)


def surely_made(nearest: NDArray[Any], twins: NDArray[Any], covers: NDArray[Any]) -> NDArray[np.bool_]:
    """Which claims a sentence makes nearly in the words of an example.

    Args:
        nearest: to the sentences that make each claim, of shape (sentences, flags).
        twins: to its sound twins, of the same shape.
        covers: to what covers each criterion, of shape (sentences, criteria).
    """
    beside = np.maximum(twins, covers.max(axis=1, keepdims=True))
    made: NDArray[np.bool_] = (nearest >= _SURELY) & (nearest >= beside + _SURELY_OVER)
    return made


def within_reach(nearest: NDArray[Any]) -> NDArray[np.bool_]:
    """Which claims a sentence may make at all, by how near each is: both of shape (sentences, flags)."""
    if not nearest.shape[1]:
        return np.zeros(nearest.shape, dtype=np.bool_)
    ranked = np.sort(nearest, axis=1)[:, ::-1]
    least = ranked[:, [min(NEAREST_CLAIMS, nearest.shape[1]) - 1]]
    near: NDArray[np.bool_] = (nearest >= least) & (nearest >= LEAST_NEAR)
    return near


def claims_head_file() -> Path:
    """Where the fitted rule lies."""
    return Path(__file__).with_name("claims_head.json")


@cache
def fitted_claims_head() -> Head:
    """The rule that ships: `credit` is where a sentence makes a claim, `doubt` where it is near to making it."""
    return Head.model_validate_json(claims_head_file().read_text(encoding="utf-8"))
