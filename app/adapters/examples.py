"""Example sentences as vectors, and how near other sentences are to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.domain.denying import denial
from app.domain.rejecting import weighing
from app.domain.speech import negated
from app.ports import ContentEmbedder, Vectors


@dataclass(frozen=True)
class Examples:
    """Example sentences of one kind, stacked, with the owner of each row."""

    vectors: Vectors
    owners: NDArray[np.intp]
    count: int
    denied: NDArray[np.bool_]
    rejected: NDArray[np.bool_]
    centres: Vectors

    @classmethod
    def stacked(cls, groups: Sequence[Sequence[str]], embedder: ContentEmbedder) -> Examples:
        """Embed groups of sentences; the place of a group is the owner of its sentences."""
        texts = [text for group in groups for text in group]
        owners = np.array([owner for owner, group in enumerate(groups) for _ in group], dtype=np.intp)
        vectors = embedder.embed_content(texts) if texts else np.zeros((0, 1), dtype=np.float32)
        return cls(
            vectors=vectors,
            owners=owners,
            count=len(groups),
            denied=np.array([negated(text) for text in texts], dtype=np.bool_),
            rejected=np.array([(weighing(text) or denial(text)) is not None for text in texts], dtype=np.bool_),
            centres=_centres(vectors, owners, len(groups)),
        )

    def sides(self, own: float, *, other: float) -> NDArray[np.float64]:
        """Targets of shape (examples, owners): `own` for the owner, `other` for the rest."""
        targets = np.full((len(self.owners), self.count), other)
        targets[np.arange(len(self.owners)), self.owners] = own
        return targets

    def nearest(self, sentences: Vectors) -> Nearest:
        """Per sentence and owner: the three best similarities, the centre's; whether the best denies, rejects."""
        shape = (len(sentences), self.count)
        first, second, third, centre = (np.zeros(shape, dtype=np.float32) for _ in range(4))
        denies, rejects = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        if len(self.vectors) == 0 or len(sentences) == 0:
            return Nearest(first, second, third, centre, denies, rejects)
        similar = sentences @ self.vectors.T
        centre = sentences @ self.centres.T
        for owner, (start, end) in enumerate(pairwise(self._bounds)):
            if start == end:
                continue
            block = similar[:, start:end]
            ranked = np.sort(block, axis=1)
            first[:, owner] = ranked[:, -1]
            second[:, owner] = ranked[:, -min(2, end - start)]
            third[:, owner] = ranked[:, -min(3, end - start)]
            best = start + block.argmax(axis=1)
            denies[:, owner], rejects[:, owner] = self.denied[best], self.rejected[best]
        return Nearest(first, second, third, centre, denies, rejects)

    @cached_property
    def _bounds(self) -> list[int]:
        """Where the rows of each owner begin, and last the end: they stand in the owners' order."""
        bounds: list[int] = np.searchsorted(self.owners, np.arange(self.count + 1)).tolist()
        return bounds


@dataclass(frozen=True)
class Nearest:
    """Similarities of shape (sentences, owners)."""

    first: Vectors
    second: Vectors
    third: Vectors
    centre: Vectors
    denies: NDArray[np.bool_]
    rejects: NDArray[np.bool_]


def _centres(vectors: Vectors, owners: NDArray[np.intp], count: int) -> Vectors:
    """The unit mean of each owner's vectors; zero for an owner without any."""
    centres = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    for owner in range(count):
        rows = owners == owner
        if rows.any():
            mean = vectors[rows].mean(axis=0)
            centres[owner] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return centres
