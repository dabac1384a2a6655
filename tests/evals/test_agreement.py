"""What sounds like agreement is heard in words that no list holds, and nothing is heard without the embedder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.adapters.embedding import CachedEmbedder, MiniLmEmbedder
from app.ports import Vectors
from evals.infer.agreement import agreement
from evals.infer.fit_agreement import fit


class Elsewhere:
    """An embedder that the head was not fitted to."""

    name = "elsewhere"

    def embed(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 2), dtype=np.float32)

    embed_content = embed


def test_the_head_that_ships_tells_agreement_from_listening(tmp_path: Path) -> None:
    embedder = CachedEmbedder(MiniLmEmbedder(), tmp_path)
    turns = [
        "I'd have gone the same way. What comes next?",
        "Yes, that convinces me.",
        "You said the logs are late. What do you do until they come?",
        "Let me write that down.",
        "What would you log?",
    ]
    convinced, agrees, takes_up, listens, asks = agreement(turns, embedder=embedder)
    assert min(convinced, agrees) > 0.5 > max(takes_up, listens)
    assert asks == 0.0


def test_without_its_embedder_nothing_is_heard() -> None:
    assert agreement(["Yes, that convinces me."], embedder=None) == [0.0]
    assert agreement(["Yes, that convinces me."], embedder=Elsewhere()) == [0.0]
    assert agreement([], embedder=None) == []


def test_the_fit_tells_two_sorts_apart() -> None:
    draws = np.random.default_rng(5)
    agrees = np.arange(60) % 2 == 0
    vectors = draws.normal(size=(60, 6)) * 0.2
    vectors[:, 0] += np.where(agrees, 1.0, -1.0)
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    likely = fit(unit, [bool(each) for each in agrees], embedder="any").likely(unit)
    assert likely[agrees].min() > 0.5 > likely[~agrees].max()
