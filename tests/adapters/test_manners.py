"""The guard's ear: a small network over what a sentence means and how it stands in its turn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from app.adapters.embedding import MiniLmEmbedder
from app.adapters.grams import GramWeights
from app.adapters.manners import WORDS_SHARE, FittedManners, MannersHead, Network, fitted_head
from app.ports import Vectors
from app.services.misplaced import CONTENT, FIGURES, SPOKEN


class Axes:
    """Each text is a direction of its own."""

    name = "axes"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1.0, 0.0] if text == "right" else [0.0, 1.0] for text in texts], dtype=np.float32)

    embed_content = embed


def ear(*weights: float, words: dict[str, float] | None = None) -> FittedManners:
    """One unit over the vector's two numbers, one figure, and nearness to one spoken and one content group."""
    unit = Network(hidden=(weights,), hidden_bias=(0.0,), out=(1.0,), out_bias=0.0)
    none = (0.0, 0.0, 0.0)
    head = MannersHead(
        figures=("one", "spoken", "content"),
        mean=none,
        scale=(1.0, 1.0, 1.0),
        networks=(unit, unit),
        words=GramWeights(bias=0.0, weights=words or {}),
    )
    return FittedManners(Axes(), head=head)


def score(of: FittedManners, sentence: str, *, spoken: Sequence[str] = (), content: Sequence[str] = ()) -> float:
    return of.misplaced(sentence, spoken=[spoken], content=[content], figures=[0.0])


def likely(networks: float) -> float:
    """The probability for these log-odds of the networks, where the words say nothing."""
    return float(1 / (1 + np.exp(-(1 - WORDS_SHARE) * networks)))


def test_the_score_is_the_networks_average_probability() -> None:
    of = ear(1.0, 0.0, 0.0, 0.0, 0.0)
    assert score(of, "right") == pytest.approx(likely(3))
    assert score(of, "left") == pytest.approx(0.5)


def test_words_have_their_share() -> None:
    of = ear(0.0, 0.0, 0.0, 0.0, 0.0, words={"lovely": 2.0})
    assert score(of, "lovely") > score(of, "lovely evening, by the way") > score(of, "evening") == pytest.approx(0.5)


def test_the_nearest_of_a_group_counts_and_an_empty_group_is_far() -> None:
    of = ear(0.0, 0.0, 0.0, 1.0, 2.0)
    assert score(of, "right") == pytest.approx(0.5)
    assert score(of, "right", spoken=["left", "right"]) == pytest.approx(likely(1))
    assert score(of, "right", content=["right", "left"]) == pytest.approx(likely(2))


def test_what_ships_fits_the_embedder_and_the_figures() -> None:
    shipped = fitted_head()
    assert shipped.figures[: len(FIGURES)] == FIGURES
    assert len(shipped.figures) == len(FIGURES) + len(SPOKEN) + len(CONTENT)
    inputs = MiniLmEmbedder().embed(["x"]).shape[1] + len(shipped.figures)
    for network in shipped.networks:
        assert {len(row) for row in network.hidden} == {inputs}
        assert len(network.hidden) == len(network.hidden_bias) == len(network.out)
