"""The guard's ear: a small network over what a sentence means and how it stands in its turn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from app.adapters.embedding import MiniLmEmbedder
from app.adapters.manners import FittedManners, MannersHead, Network, fitted_head
from app.ports import Vectors
from app.services.misplaced import FIGURES


class Axes:
    """Each text is a direction of its own."""

    name = "axes"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.array([[1.0, 0.0] if text == "right" else [0.0, 1.0] for text in texts], dtype=np.float32)


def head(out: float) -> MannersHead:
    unit = Network(hidden=((1.0, 0.0, 0.0, 0.0),), hidden_bias=(0.0,), out=(out,), out_bias=0.0)
    return MannersHead(figures=("one", "nearness"), mean=(0.0, 0.0), scale=(1.0, 1.0), networks=(unit, unit))


def test_the_score_is_the_networks_average_probability() -> None:
    ear = FittedManners(Axes(), head=head(1.0))
    assert ear.misplaced("right", curated="left", figures=[0.0]) == pytest.approx(1 / (1 + np.exp(-3)))
    assert ear.misplaced("left", curated="right", figures=[0.0]) == pytest.approx(0.5)


def test_what_ships_fits_the_embedder_and_the_figures() -> None:
    shipped = fitted_head()
    assert shipped.figures[:-1] == FIGURES
    inputs = MiniLmEmbedder().embed(["x"]).shape[1] + len(shipped.figures)
    for network in shipped.networks:
        assert {len(row) for row in network.hidden} == {inputs}
        assert len(network.hidden) == len(network.hidden_bias) == len(network.out)
