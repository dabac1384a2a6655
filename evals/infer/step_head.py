"""A linear rule from a text's vector to the step that it belongs to; fitted by `python -m evals.infer.fit_steps`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.vocabulary import Frozen
from app.ports import Vectors

FILE = Path(__file__).with_name("step_head.json")


class StepHead(Frozen):
    """Weights of shape (7, dimension) and biases of shape (7,), in the order of the steps.

    Attributes:
        embedder: the name of the embedder that made the vectors; with another one the head means nothing.
    """

    embedder: str
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]

    def log_shares(self, vectors: Vectors) -> NDArray[np.float64]:
        """Log probability of each step: shape (len(vectors), 7)."""
        logits = vectors @ np.array(self.weights, dtype=np.float64).T + np.array(self.bias)
        logits -= logits.max(axis=1, keepdims=True)
        shares: NDArray[np.float64] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return shares


@cache
def fitted_step_head() -> StepHead:
    """The head that ships."""
    return StepHead.model_validate_json(FILE.read_text(encoding="utf-8"))
