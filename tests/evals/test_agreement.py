"""What sounds like agreement is heard in words that no list holds, and nothing is heard without the embedder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.adapters.embedding import CachedEmbedder, MiniLmEmbedder
from app.ports import Vectors
from evals.infer.agreement import agreement, agreement_features
from evals.infer.fit_agreement import Statement, fit


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
    convinced, agrees, *others = (each or 0.0 for each in agreement(turns, embedder=embedder))
    assert min(convinced, agrees) > 0.5 > max(others)
    assert others[-1] == 0.0


def test_a_look_alike_is_no_agreement(tmp_path: Path) -> None:
    embedder = CachedEmbedder(MiniLmEmbedder(), tmp_path)
    heard = agreement(["No rush.", "Okay, noted, one more thing.", "Sure, you may assume that."], embedder=embedder)
    assert max(each for each in heard if each is not None) < 0.5


def test_without_its_embedder_nothing_is_heard() -> None:
    assert agreement(["Yes, that convinces me."], embedder=None) == [None]
    assert agreement(["Yes, that convinces me."], embedder=Elsewhere()) == [None]
    assert agreement([], embedder=None) == []


def test_the_fit_tells_degrees_apart() -> None:
    draws = np.random.default_rng(5)
    degrees = [0, 1, 2] * 20
    vectors = draws.normal(size=(60, 6)) * 0.2
    vectors[np.arange(60), degrees] += 1.0
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    said = [Statement(text="So be it.", source="one", kind="any", degree=each) for each in degrees]
    rule = fit(said, unit)
    likeliest = [int(rule.chances(agreement_features("So be it."), row).argmax()) for row in unit]
    assert likeliest == degrees
