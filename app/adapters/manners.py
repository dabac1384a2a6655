"""How interviewers speak, as small fitted networks and the words themselves tell: the Manners port.

The networks look at what a sentence means to the bundled embedder, how near that is to what is said and to the case,
and how the sentence stands in its turn; several that began differently are averaged, as one alone depends on where it
began. A turn of phrase that meaning passes over ("a no-brainer") is known by its words. `evals/fit_manners.py` fits
both on good and bad replies.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.adapters.grams import GramWeights, grams_with_ends
from app.adapters.matcher_head import probabilities, standardised
from app.domain.vocabulary import Frozen
from app.ports import ContentEmbedder

SPREAD = 3.0
"""Unit vectors times this have about as much to say as the standardised figures."""
WORDS_SHARE = 0.35
"""What the words weigh in the log-odds beside the networks; chosen by cross-validation over writers."""
_FARTHEST = 1e-4


class Network(Frozen):
    """One hidden layer of rectified units.

    Attributes:
        hidden: weights of shape (units, inputs).
        hidden_bias: of each unit.
        out: weight of each unit.
        out_bias: of the log-odds.
    """

    hidden: tuple[tuple[float, ...], ...]
    hidden_bias: tuple[float, ...]
    out: tuple[float, ...]
    out_bias: float


class MannersHead(Frozen):
    """The networks, what standardises the figures, of which the nearnesses are the last, and the weights of words.

    Attributes:
        figures: their names.
        mean: of each figure.
        scale: standard deviation of each.
        words: of words, pairs of them, and how a sentence begins and ends.
    """

    figures: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    networks: tuple[Network, ...]
    words: GramWeights

    @cached_property
    def _hidden(self) -> list[NDArray[np.float64]]:
        """Each network's hidden weights, shape (inputs, units): thousands of numbers, asked for with every sentence."""
        return [np.array(network.hidden).T for network in self.networks]

    def scores(
        self, sentences: Sequence[str], vectors: NDArray[np.float32], figures: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Probabilities of shape (n,) for n sentences, their unit vectors, and figures of shape (n, figures)."""
        inputs = inputs_of(vectors, standardised(figures, mean=np.array(self.mean), scale=np.array(self.scale)))
        each = []
        for network, hidden in zip(self.networks, self._hidden, strict=True):
            units = np.maximum(0.0, inputs @ hidden + np.array(network.hidden_bias))
            each.append(probabilities(units @ np.array(network.out) + network.out_bias))
        averaged = np.clip(np.mean(each, axis=0), _FARTHEST, 1 - _FARTHEST)
        worded = np.array([self.words.log_odds(grams_with_ends(sentence)) for sentence in sentences])
        return probabilities((1 - WORDS_SHARE) * np.log(averaged / (1 - averaged)) + WORDS_SHARE * worded)


def inputs_of(vectors: NDArray[np.float32], figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the networks read: shape (n, dimension + figures), the figures standardised."""
    read: NDArray[np.float64] = np.concatenate([SPREAD * vectors.astype(np.float64), figures], axis=1)
    return read


def head_file() -> Path:
    """Where the fitted networks lie."""
    return Path(__file__).with_name("manners_head.json")


@cache
def fitted_head() -> MannersHead:
    """The networks that ship."""
    return MannersHead.model_validate_json(head_file().read_text(encoding="utf-8"))


class FittedManners:
    """The shipped networks over an embedder's vectors, and the words.

    Args:
        embedder: the one that they were fitted to.
        head: other networks than those that ship.
    """

    def __init__(self, embedder: ContentEmbedder, *, head: MannersHead | None = None) -> None:
        self._embedder = embedder
        self._head = head

    def misplaced(
        self,
        sentence: str,
        *,
        spoken: Sequence[Sequence[str]],
        content: Sequence[Sequence[str]],
        figures: Sequence[float],
    ) -> float:
        """The probability that a sentence is none that an interviewer says in this place."""
        meant = self._embedder.embed([sentence])
        row = np.array([[*figures, *self.nearness(meant[0], spoken=spoken, content=content)]])
        return float((self._head or fitted_head()).scores([sentence], meant, row)[0])

    def nearness(
        self, meant: NDArray[np.float32], *, spoken: Sequence[Sequence[str]], content: Sequence[Sequence[str]]
    ) -> list[float]:
        """The cosine of a unit vector and the nearest text of each group; 0 where a group holds none."""
        groups = [self._embedder.embed(texts) if texts else None for texts in spoken]
        groups += [self._embedder.embed_content(texts) if texts else None for texts in content]
        return [0.0 if vectors is None else float((vectors @ meant).max()) for vectors in groups]
