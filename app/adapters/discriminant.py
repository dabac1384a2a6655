"""Kernel ridge regression on a case's own sentences: what tells one class of them from the others.

Nearness asks which example is closest; this asks which side of all examples a sentence falls on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.ports import Vectors

# Chosen by leaving one case out of the fit; the figures hardly change between half and twice of each.
_WIDTH, _RIDGE = 1.0, 0.3


@dataclass(frozen=True)
class Discriminant:
    """Weights of shape (examples, outputs) on the examples' unit vectors."""

    examples: Vectors
    weights: NDArray[np.float64]

    @classmethod
    def fitted(cls, examples: Sequence[Vectors], targets: NDArray[np.float64]) -> Discriminant:
        """Fit outputs to targets.

        Args:
            examples: blocks of unit vectors, each of shape (rows, dimensions); empty ones are left out.
            targets: shape (rows of all blocks, outputs).
        """
        filled = [block for block in examples if len(block)]
        if not filled:
            return cls(np.zeros((0, 1), dtype=np.float32), np.zeros((0, targets.shape[1])))
        stacked = np.concatenate(filled)
        kernel = _kernel(stacked, stacked)
        weights = np.linalg.solve(kernel + _RIDGE * np.eye(len(stacked)), targets)
        return cls(stacked, np.asarray(weights, dtype=np.float64))

    def outputs(self, sentences: Vectors) -> NDArray[np.float64]:
        """Shape (sentences, outputs); zero where there was nothing to fit."""
        if not len(self.examples):
            return np.zeros((len(sentences), self.weights.shape[1]))
        outputs: NDArray[np.float64] = _kernel(sentences, self.examples) @ self.weights
        return outputs


def _kernel(left: Vectors, right: Vectors) -> NDArray[np.float64]:
    """The Gaussian kernel of unit vectors."""
    similar = (left @ right.T).astype(np.float64)
    kernel: NDArray[np.float64] = np.exp(-_WIDTH * (2 - 2 * similar))
    return kernel
