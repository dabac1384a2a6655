"""Which wrong claims a sentence denies, or sees the fault of, and so does not make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.adapters.examples import Examples
from app.domain.denying import admits, denial
from app.domain.rejecting import weighing
from app.domain.rubric import Criterion, RedFlag
from app.domain.speech import negated
from app.ports import ContentEmbedder

_DENIES_FROM = 0.40
"""How near what is denied is to a claim. Farther off is what claims deny that are made by denying ("so I wouldn't stop
early"): of the examples' own, six in eight; of some 40 denials by other hands, hardly one."""
_ABOUT = 0.05
"""By how much what is denied may be nearer to what is sound: a cover often names the fault that it avoids."""


def affirmed(flags: Sequence[RedFlag], criteria: Sequence[Criterion], embedder: ContentEmbedder) -> Examples:
    """By flag, what covers its criterion without turning anything down: who denies that denies something sound."""
    covers = {one.id: [text for text in one.covers if not negated(text) and weighing(text) is None] for one in criteria}
    return Examples.stacked([covers[flag.criterion] for flag in flags], embedder)


def denied(
    sentence: str, *, says: Examples, sound: Examples, rejects: NDArray[np.bool_], embedder: ContentEmbedder
) -> NDArray[np.bool_]:
    """The flags whose claim a sentence denies.

    Args:
        sentence: what is said.
        says: the sentences that make the claims.
        sound: what `affirmed` gave.
        rejects: by flag, whether the claim nearest to the sentence turns something down itself.
        embedder: makes the vectors.
    """
    if admits(sentence):
        return np.ones(rejects.shape, dtype=np.bool_)
    said = denial(sentence)
    if said is None:
        return np.zeros(rejects.shape, dtype=np.bool_)
    vectors = embedder.embed([said.denied, said.before or said.denied, said.after or said.denied])
    near, before, after = says.nearest(vectors).first
    beside = sound.nearest(vectors[:1]).first[0]
    found: NDArray[np.bool_] = (near >= _DENIES_FROM) & (near + _ABOUT >= beside) & ~rejects
    if said.before:  # a reason may be near to what it speaks against
        found &= near > before
    if said.after:  # "we don't rebuild the old ones, the new ones can be compared with them"
        found &= after < _DENIES_FROM
    return found
