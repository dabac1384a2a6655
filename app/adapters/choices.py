"""Which of a case's choices a sentence makes, comes near to making, and surely makes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.adapters.examples import Examples
from app.domain.case import Choice
from app.domain.speech import negated, stems
from app.ports import ContentEmbedder, Vectors

# Choices have no labelled sentences yet; these were set on the calibration files.
_CHOICE, _OVER_UNLIKE, _CENTRE_LAG = 0.62, 0.05, 0.03
_IN_ITS_WORDS, _ITS_WORDS = 0.52, 2
# A whole sentence that is at least this near bears out what a clause of it chooses.
_NEAR = 0.50
# Of the choices found in the calibration sentences, most of those under the first centre were not made there; over the
# other pair hardly one was taken for its opposite.
_CENTRE = 0.50
_SURE, _SURE_CENTRE = 0.60, 0.60
# Of 130 sentences in recordings, none of them an example, for which this alone was held to be enough, 86 made the
# choice; of the 82 that also share so many of its words, or fewer and are nearer to its centre, 69 did.
_SURE_WORDS, _FEWER_WORDS, _NEARER_CENTRE = 3, 2, 0.68
_SAME = 0.80


@dataclass(frozen=True)
class Chosen:
    """What sentences choose, all of shape (sentences, choices).

    Attributes:
        nearness: to the sentences that make each choice.
        near: whether a sentence comes near to making it, or makes it.
        sure: whether it makes it beyond doubt.
    """

    nearness: Vectors
    made: NDArray[np.bool_]
    near: NDArray[np.bool_]
    sure: NDArray[np.bool_]


@dataclass(frozen=True)
class Choices:
    """Sentences that make each of a case's choices, others that only sound like it, and the words it is called by."""

    says: Examples
    unlike: Examples
    words: tuple[frozenset[str], ...]

    @classmethod
    def of(cls, choices: Sequence[Choice], embedder: ContentEmbedder) -> Choices:
        """Embed them."""
        return cls(
            says=Examples.stacked([choice.says for choice in choices], embedder),
            unlike=Examples.stacked([choice.unlike for choice in choices], embedder),
            words=tuple(_recurring((choice.label, *choice.says)) for choice in choices),
        )

    def chosen(self, sentences: Sequence[str], vectors: Vectors) -> Chosen:
        """What each of the sentences chooses; `vectors` are theirs, one row each."""
        says, unlike = self.says.nearest(vectors), self.unlike.nearest(vectors).first
        nearness, centre = says.first, says.centre
        said = [stems(sentence) for sentence in sentences]
        shared = np.array([[len(own & words) for words in self.words] for own in said]).reshape(nearness.shape)
        denies = np.array([[negated(sentence)] for sentence in sentences], dtype=np.bool_)
        central = centre >= _CENTRE
        made = (nearness >= _CHOICE) | ((shared >= _ITS_WORDS) & (nearness >= _IN_ITS_WORDS))
        made &= central & (nearness - unlike >= _OVER_UNLIKE) & (says.denies | ~denies)
        made &= centre >= centre.max(axis=1, initial=0.0, keepdims=True) - _CENTRE_LAG
        near = made | (central & (nearness >= _NEAR) & (nearness >= unlike))
        in_words = (shared >= _SURE_WORDS) | ((shared >= _FEWER_WORDS) & (centre >= _NEARER_CENTRE))
        sure = made & (((nearness >= _SURE) & (centre >= _SURE_CENTRE) & in_words) | (nearness >= _SAME))
        return Chosen(nearness=nearness, made=made, near=near, sure=sure)


def _recurring(texts: Sequence[str]) -> frozenset[str]:
    """Stems that several of the texts share: the words by which a thing is called."""
    counts = Counter(stem for text in texts for stem in stems(text))
    return frozenset(stem for stem, times in counts.items() if times > 1)
