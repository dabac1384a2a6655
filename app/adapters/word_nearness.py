"""How near sentences are to a case's own examples by their words, beside what they mean to the embedder.

The bundled embedder knows few terms of the trade and blurs short sentences; shared words and pairs of words tell
"split by time" from "split by user". With these columns the recall of the fitted head on the labelled scripts of
cases left out of the fit went from .48 to .60 at a precision of .85.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.domain.speech import stem, stems, words_of

WORD_FEATURES = (
    "side of the criterion by words",
    "side of what is sound by words",
    "nearest cover by words",
    "three nearest covers by words",
    "nearest miss by words",
    "lead of the nearest cover by words",
)
# Chosen by leaving one case out of the fit. A ridge on this scale keeps rare words from deciding alone.
_RIDGE = 0.3
_ONCE = 0.5  # counts of examples with a word are smoothed by this
_NEAREST = 3
_ROWS = 64
# What a criterion's own covers, its near-misses and everything else are fitted to, by words as by meaning.
OWN, MISSED, OTHER = 1.0, -1.0, -0.2


@dataclass(frozen=True)
class _Entries:
    """Sparse rows, one entry after the other."""

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    values: NDArray[np.float64]

    @classmethod
    def of(cls, rows: Sequence[dict[int, float]]) -> _Entries:
        return cls(
            rows=np.repeat(np.arange(len(rows)), [len(row) for row in rows]),
            columns=np.array([column for row in rows for column in row], dtype=np.intp),
            values=np.array([value for row in rows for value in row.values()], dtype=np.float64),
        )


@dataclass(frozen=True)
class WordNearness:
    """Examples of a case as unit vectors over stems and pairs of stems, weighted by how rare these are in the case.

    Attributes:
        columns: the place of each stem and pair.
        rarity: of each column, and last of whatever occurs in no example.
        holders: the examples with an entry in a column, one column after the other.
        values: their entries there.
        begins: where each column begins in `holders`, and last the end.
        owners: the criterion of each example; those of the covers come first.
        covers: how many examples cover their criterion.
        sides: shape (examples, criteria + 1), the last column for what is sound.
    """

    columns: dict[str, int]
    rarity: NDArray[np.float64]
    holders: NDArray[np.intp]
    values: NDArray[np.float64]
    begins: NDArray[np.intp]
    owners: NDArray[np.intp]
    covers: int
    sides: NDArray[np.float64]

    @classmethod
    def fitted(cls, covers: Sequence[Sequence[str]], misses: Sequence[Sequence[str]]) -> WordNearness:
        """From the sentences that cover each criterion and those that just miss it, both in the criteria's order."""
        texts = [text for group in (*covers, *misses) for text in group]
        owners = [owner for groups in (covers, misses) for owner, group in enumerate(groups) for _ in group]
        said = [_grams(text) for text in texts]
        counts = Counter(gram for grams in said for gram in sorted(grams))
        columns = {gram: column for column, gram in enumerate(sorted(counts))}
        rarity = np.array(
            [math.log((len(said) + 1) / (count + _ONCE)) for count in (*(counts[gram] for gram in columns), 0)]
        )
        rows = [_row(grams, columns=columns, rarity=rarity) for grams in said]
        entries = _Entries.of(rows)
        by_column = np.argsort(entries.columns, kind="stable")
        bare = cls(
            columns=columns,
            rarity=rarity,
            holders=entries.rows[by_column],
            values=entries.values[by_column],
            begins=np.searchsorted(entries.columns[by_column], np.arange(len(rarity) + 1)),
            owners=np.array(owners, dtype=np.intp),
            covers=sum(len(group) for group in covers),
            sides=np.zeros((len(rows), len(covers) + 1)),
        )
        if not rows:
            return bare
        targets = np.full(bare.sides.shape, OTHER)
        side = np.where(np.arange(len(rows)) < bare.covers, OWN, MISSED)
        targets[np.arange(len(rows)), bare.owners] = side
        targets[:, -1] = side
        sides = np.linalg.solve(bare._similar(rows) + _RIDGE * np.eye(len(rows)), targets)
        return replace(bare, sides=sides)

    def features(self, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Shape (sentences, criteria, features), in the order of `WORD_FEATURES`."""
        count = self.sides.shape[1] - 1
        if not len(self.owners) or not sentences:
            return np.zeros((len(sentences), count, len(WORD_FEATURES)))
        similar = self._similar([_row(_grams(text), columns=self.columns, rarity=self.rarity) for text in sentences])
        sides = np.round(similar @ self.sides, 9)  # the last digits depend on how many sentences there are
        first, nearest, missed = (np.zeros((len(sentences), count)) for _ in range(3))
        to_covers, to_misses = similar[:, : self.covers], similar[:, self.covers :]
        for owner, (covers, misses) in enumerate(self._bounds):
            own = np.sort(to_covers[:, covers], axis=1)[:, -_NEAREST:]
            beside = to_misses[:, misses]
            first[:, owner] = own.max(axis=1, initial=0.0)
            nearest[:, owner] = own.sum(axis=1) / max(1, own.shape[1])
            missed[:, owner] = beside.max(axis=1, initial=0.0)
        sound = np.broadcast_to(sides[:, -1:], first.shape)
        return np.stack([sides[:, :-1], sound, first, nearest, missed, lead(first)], axis=2)

    @cached_property
    def _bounds(self) -> list[tuple[slice, slice]]:
        """Where each criterion's covers lie, and among the others its near-misses; both are in the criteria's order."""
        places = np.arange(self.sides.shape[1])
        covers, misses = (
            np.searchsorted(own, places).tolist() for own in (self.owners[: self.covers], self.owners[self.covers :])
        )
        return list(zip(map(slice, covers, covers[1:]), map(slice, misses, misses[1:]), strict=True))

    def _similar(self, rows: Sequence[dict[int, float]]) -> NDArray[np.float64]:
        """Cosines of shape (rows, examples); some rows at a time, as what they share takes memory."""
        blocks = [self._shared(rows[start : start + _ROWS]) for start in range(0, len(rows), _ROWS)]
        return np.concatenate(blocks) if blocks else np.zeros((0, len(self.owners)))

    def _shared(self, rows: Sequence[dict[int, float]]) -> NDArray[np.float64]:
        """Cosines of shape (rows, examples); only what a row and an example share is looked at."""
        asked = _Entries.of(rows)
        found = self.begins[asked.columns + 1] - self.begins[asked.columns]
        # The examples of each entry's column, by counting up from where the column begins.
        ends = np.cumsum(found)
        shared = np.arange(found.sum()) + np.repeat(self.begins[asked.columns] - (ends - found), found)
        examples = len(self.owners)
        similar: NDArray[Any] = np.bincount(
            np.repeat(asked.rows, found) * examples + self.holders[shared],
            weights=np.repeat(asked.values, found) * self.values[shared],
            minlength=len(rows) * examples,
        )
        return similar.reshape(len(rows), examples)


def lead(similar: NDArray[Any]) -> NDArray[Any]:
    """How far each column is ahead of the best other one."""
    if similar.shape[1] < 2:
        return similar
    ranked = np.sort(similar, axis=1)
    best, second = ranked[:, -1:], ranked[:, -2:-1]
    ahead: NDArray[Any] = np.where(similar == best, similar - second, similar - best)
    return ahead


def _grams(text: str) -> set[str]:
    """Stems that carry meaning, and neighbouring pairs of all stems."""
    whole = [stem(word) for word in words_of(text)]
    return stems(text) | {f"{left} {right}" for left, right in zip(whole, whole[1:], strict=False)}


def _row(grams: set[str], *, columns: dict[str, int], rarity: NDArray[np.float64]) -> dict[int, float]:
    """The entries of a text's unit vector; words that no example has take their share of its length."""
    whole = sum(rarity[columns.get(gram, -1)] for gram in sorted(grams))
    found = {columns[gram]: math.sqrt(rarity[columns[gram]] / whole) for gram in sorted(grams) if gram in columns}
    return found or {len(columns): 0.0}
