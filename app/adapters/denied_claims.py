"""Which wrong claims a sentence denies, turns down or sees the fault of, and so does not make."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.adapters.examples import Examples, Nearest
from app.domain.denying import Denial, admits, denial
from app.domain.rejecting import Weighing, weighing
from app.domain.rubric import Criterion, RedFlag
from app.domain.speech import negated
from app.ports import ContentEmbedder, Vectors

# What a sentence weighs against something else is looked for from this nearness to a wrong claim on.
_MAY_REJECT = 0.50
_DENIES_FROM = 0.40
"""How near what is denied is to a claim. Farther off is what claims deny that are made by denying ("so I wouldn't stop
early"): of the examples' own, six in eight; of some 40 denials by other hands, hardly one."""
_ABOUT = 0.05
"""By how much what is denied may be nearer to what is sound: a cover often names the fault that it avoids."""


def affirmed(flags: Sequence[RedFlag], criteria: Sequence[Criterion], embedder: ContentEmbedder) -> Examples:
    """By flag, what covers its criterion without turning anything down: who denies that denies something sound."""
    covers = {one.id: [text for text in one.covers if not negated(text) and weighing(text) is None] for one in criteria}
    return Examples.stacked([covers[flag.criterion] for flag in flags], embedder)


def rejected(
    sentences: Sequence[str], *, near: Nearest, says: Examples, sound: Examples, embedder: ContentEmbedder
) -> NDArray[np.bool_]:
    """The wrong claims that sentences do not make, as what they reject is nearer to them than what they uphold.

    A sentence that turns down the one that it is nearest to makes none of the others in its place.

    Args:
        sentences: what is said.
        near: how near each is to `says`.
        says: the sentences that make the claims.
        sound: what `affirmed` gave.
        embedder: makes the vectors of what is turned down, in one call.

    Returns:
        Shape (sentences, flags).
    """
    found = np.zeros(near.first.shape, dtype=np.bool_)
    if not found.size:
        return found
    weighs: NDArray[np.bool_] = np.any(near.first >= _MAY_REJECT, axis=1)
    turns_down: dict[int, Weighing | Denial] = {}
    for row, sentence in enumerate(sentences):
        if weighs[row] and (weighed := weighing(sentence)):
            turns_down[row] = weighed
        elif admits(sentence):
            found[row] = True
        elif said := denial(sentence):
            turns_down[row] = said
    texts = list(dict.fromkeys(text for one in turns_down.values() for text in _sides(one)))
    vectors = dict(zip(texts, embedder.embed(texts), strict=True))
    for row, one in turns_down.items():
        sides = np.stack([vectors[text] for text in _sides(one)])
        if isinstance(one, Weighing):
            found[row] = _weighed(one, sides, says=says, rejects=near.rejects[row])
        else:
            found[row] = _denied(one, sides, says=says, sound=sound) & ~near.rejects[row]
        found[row] |= found[row, near.first[row].argmax()]
    return found


def _sides(one: Weighing | Denial) -> tuple[str, ...]:
    """What is turned down, then what is said beside it; the same again where that is not said."""
    if isinstance(one, Weighing):
        return one.rejected, one.kept or one.rejected
    return one.denied, one.before or one.denied, one.after or one.denied


def _weighed(one: Weighing, sides: Vectors, *, says: Examples, rejects: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The flags whose claim is turned down for something else.

    Args:
        one: how the sentence weighs.
        sides: the vectors of its sides.
        says: the sentences that make the claims.
        rejects: by flag, whether the claim nearest to the sentence turns something down itself.
    """
    if not one.kept:  # "a separate validation set is pointless" turns down what is sound
        return ~rejects
    down, kept = says.nearest(sides).first
    nearer: NDArray[np.bool_] = down > kept
    return nearer


def _denied(one: Denial, sides: Vectors, *, says: Examples, sound: Examples) -> NDArray[np.bool_]:
    """The flags whose claim is denied; the arguments are those of `_weighed`."""
    near, before, after = says.nearest(sides).first
    beside = sound.nearest(sides[:1]).first[0]
    found: NDArray[np.bool_] = (near >= _DENIES_FROM) & (near + _ABOUT >= beside)
    if one.before:  # a reason may be near to what it speaks against
        found &= near > before
    if one.after:  # "we don't rebuild the old ones, the new ones can be compared with them"
        found &= after < _DENIES_FROM
    return found
