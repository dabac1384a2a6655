"""Tells whether what a candidate says is wrong, by nearness to a case's wrong and sound sentences."""

from __future__ import annotations

import numpy as np

from app.domain.catalog import Brief
from app.domain.rubric import NearMissKind
from app.domain.speech import negated, words_of
from app.ports import ContentEmbedder
from evals.infer.text import sentences

# Chosen on evals/dev: of its 100 candidate messages two sound ones are taken for wrong, one wrong one is missed.
_NEAR, _LEAD = 0.48, 0.05
_FEWEST_WORDS = 5


class Soundness:
    """A case's wrong claims against its sound sentences; embeds them when first asked.

    Args:
        embedder: None makes every answer False: wrongness cannot be told without it.
    """

    def __init__(self, brief: Brief, embedder: ContentEmbedder | None) -> None:
        self._brief = brief
        self._embedder = embedder
        self._known: dict[str, float] = {}

    @property
    def available(self) -> bool:
        """Whether wrongness can be told at all."""
        return self._embedder is not None

    def wrong(self, message: str) -> bool:
        """Whether some sentence of a message makes a wrong claim."""
        return self.margin(message) >= _LEAD

    def margin(self, message: str) -> float:
        """How much nearer the most suspect sentence is to a wrong claim than to any sound one; -1 for none near."""
        if self._embedder is None:
            return -1.0
        if message not in self._known:
            if len(self._known) > 4096:
                self._known.clear()
            self._known[message] = self._margin(message, self._embedder)
        return self._known[message]

    def _margin(self, message: str, embedder: ContentEmbedder) -> float:
        said = [span.text for span in sentences(message)]
        said = [text for text in said if len(words_of(text)) >= _FEWEST_WORDS and not text.endswith("?")]
        if not said:
            return -1.0
        criteria, flags = self._brief.criteria, self._brief.red_flags
        wrong = [miss.text for each in criteria for miss in each.near_misses if miss.kind is NearMissKind.WRONG]
        wrong += [text for flag in flags for text in flag.says]
        sound = [text for each in criteria for text in each.covers] + [text for flag in flags for text in flag.sound]
        vectors = embedder.embed(said)
        near = vectors @ embedder.embed_content(wrong).T
        lead = near.max(axis=1) - (vectors @ embedder.embed_content(sound).T).max(axis=1)
        denies = np.array([negated(text) for text in said])
        matched = np.array([negated(wrong[column]) for column in near.argmax(axis=1)])
        lead = np.where((near.max(axis=1) >= _NEAR) & (denies == matched), lead, -1.0)
        return float(lead.max())
