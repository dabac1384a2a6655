from __future__ import annotations

import pytest

from evals.shares import wilson


@pytest.mark.parametrize(("hits", "of", "low", "high"), [(0, 0, 0.0, 1.0), (0, 100, 0.0, 0.037), (5, 10, 0.237, 0.763)])
def test_the_interval_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=0.001)
