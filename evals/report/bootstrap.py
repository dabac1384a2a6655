"""Percentile bootstrap intervals of a mean, resampled by transcript, the same on every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np

from app.domain.vocabulary import Frozen

_RESAMPLES = 2000
_SEED = 20_240_229
_BLOCK = 2_000_000
T = TypeVar("T")


class Interval(Frozen):
    """A mean with its interval; `low` and `high` are None where a single value allows none."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


def resamples(groups: Sequence[Sequence[T]], *, rounds: int = _RESAMPLES) -> Iterator[list[T]]:
    """As many groups as there are, drawn with replacement: what they hold, once for each round."""
    draws = np.random.default_rng(_SEED)
    for _ in range(rounds):
        yield [each for place in draws.integers(0, len(groups), size=len(groups)) for each in groups[place]]


def interval(values: Sequence[float | None], *, level: float = 0.95) -> Interval:
    """The mean of what could be computed, and its percentile bootstrap interval.

    Args:
        values: one per transcript; None where there is no figure.
        level: 0.95 leaves 2.5 % out at each end.
    """
    found = np.array([value for value in values if value is not None], dtype=np.float64)
    if found.size == 0:
        return Interval(mean=None, low=None, high=None, n=0)
    centre = float(found.mean())
    if found.size == 1:
        return Interval(mean=centre, low=None, high=None, n=1)
    draws = np.random.default_rng(_SEED)
    rows = max(1, min(_RESAMPLES, _BLOCK // found.size))
    means = [
        found[draws.integers(0, found.size, size=(min(rows, _RESAMPLES - done), found.size))].mean(axis=1)
        for done in range(0, _RESAMPLES, rows)
    ]
    low, high = np.quantile(np.concatenate(means), [(1 - level) / 2, (1 + level) / 2])
    return Interval(mean=centre, low=float(low), high=float(high), n=int(found.size))
