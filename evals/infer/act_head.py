"""A linear rule from what a turn shows and means (`act_features`) to its act; fitted by `python -m evals.infer.fit_acts`."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from app.domain.vocabulary import Frozen
from app.ports import Vectors
from evals.vocabulary import Act

FILE = Path(__file__).with_name("act_head.json")


class ActHead(Frozen):
    """Weights of what is shown and of what is meant, each with one number for every act, and the acts' biases.

    Attributes:
        acts: the order of the numbers.
        weights: by the name of what is shown.
        meaning: shape (4 * dimension, acts), for the vectors of a turn one after the other; empty where it goes by
            words alone.
        embedder: the name of the embedder that made the vectors.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    acts: tuple[Act, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]
    meaning: tuple[tuple[float, ...], ...] = ()
    embedder: str | None = None

    def best(self, shown: Collection[str], vectors: Vectors | None = None) -> Act:
        """The act that most speaks for; what the head does not know counts for nothing.

        Args:
            vectors: of the turn, shape (4, dimension); None for a head that goes by words alone.

        Raises:
            ValueError: a head that goes by meaning has no vectors, or one that does not has some.
        """
        if (vectors is not None) is not bool(self.meaning):
            raise ValueError("a head for meaning needs the turn's vectors, and one for words alone has no use for them")
        known = [self.weights[name] for name in sorted(shown) if name in self.weights]
        scores = np.array([self.bias, *known]).sum(axis=0)
        if vectors is not None:
            scores = scores + vectors.ravel() @ self._meant
        return self.acts[int(scores.argmax())]

    @cached_property
    def _meant(self) -> NDArray[np.float64]:
        return np.array(self.meaning)


class ActHeads(Frozen):
    """The heads for reading with meaning, and for reading by words alone."""

    meaning: ActHead
    words: ActHead


@cache
def fitted_act_heads() -> ActHeads:
    """The heads that ship."""
    return ActHeads.model_validate_json(FILE.read_text(encoding="utf-8"))
