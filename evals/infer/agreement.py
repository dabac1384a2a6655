"""How much an interviewer's statements sound like agreement, whatever their words.

A linear rule from a sentence's vector, fitted by `python -m evals.infer.fit_agreement`. It hears what lists of phrases
do not hold ("I can live with that"), and takes some harmless sentences for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.adapters.matcher_head import probabilities
from app.domain.vocabulary import Frozen
from app.ports import ContentEmbedder, Vectors
from evals.infer.text import sentences

FILE = Path(__file__).with_name("agreement_head.json")


class AgreementHead(Frozen):
    """Weights of shape (dimension,) and the bias of the log-odds.

    Attributes:
        embedder: the name of the embedder that made the vectors; with another one the head means nothing.
    """

    embedder: str
    weights: tuple[float, ...]
    bias: float

    def likely(self, vectors: Vectors) -> NDArray[np.float64]:
        """Probability of agreement: shape (len(vectors),)."""
        return probabilities(vectors @ np.array(self.weights) + self.bias)


@cache
def fitted_agreement_head() -> AgreementHead:
    """The head that ships."""
    return AgreementHead.model_validate_json(FILE.read_text(encoding="utf-8"))


def statements(text: str) -> list[str]:
    """The sentences of a turn that do not end in a question mark."""
    return [span.text for span in sentences(text) if not span.text.endswith("?")]


def agreement(turns: Sequence[str], *, embedder: ContentEmbedder | None) -> list[float]:
    """For each turn how probably its plainest statement agrees.

    0 where nothing is stated, and everywhere without the embedder that the head was fitted to.
    """
    head = fitted_agreement_head()
    said = [statements(turn) for turn in turns]
    flat = list(dict.fromkeys(each for turn in said for each in turn))
    if embedder is None or embedder.name != head.embedder or not flat:
        return [0.0] * len(turns)
    likely = dict(zip(flat, head.likely(embedder.embed(flat)), strict=True))
    return [max((float(likely[each]) for each in turn), default=0.0) for turn in said]
