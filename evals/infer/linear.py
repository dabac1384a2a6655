"""A linear rule that tells counts or degrees of something apart, by named signs and by numbers; `fit_linear` fits it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict

from app.domain.vocabulary import Frozen
from app.ports import Vectors

Rows = tuple[tuple[float, ...], ...]
Numbers = NDArray[np.float64]


class Linear(Frozen):
    """Weights that tell apart 0, 1, 2 ... of something, by named signs and by numbers.

    Attributes:
        bias: of each count.
        signs: by a sign's name, one weight a count.
        numbers: shape (numbers, counts).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    bias: tuple[float, ...]
    signs: dict[str, tuple[float, ...]]
    numbers: Rows

    @cached_property
    def _numbers(self) -> Numbers:
        return np.array(self.numbers)

    def chances(self, shown: Collection[str], numbers: Numbers) -> Numbers:
        """The probability of each count; signs that it does not know count for nothing."""
        known = [self.signs[name] for name in sorted(shown) if name in self.signs]
        scores = np.array([self.bias, *known]).sum(axis=0) + numbers @ self._numbers
        raised = np.exp(scores - scores.max())
        return np.asarray(raised / raised.sum())

    def chances_of_each(self, shown: Sequence[Collection[str]], numbers: Vectors | Numbers) -> list[Numbers]:
        """The same of several, whose numbers are the rows."""
        return [self.chances(own, row) for own, row in zip(shown, numbers, strict=True)]
