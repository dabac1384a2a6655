"""How sure a share of independent outcomes is."""

from __future__ import annotations

from math import sqrt

_Z = 1.96


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927)."""
    if not of:
        return (0.0, 1.0)
    share, square = hits / of, _Z * _Z
    centre = (share + square / (2 * of)) / (1 + square / of)
    reach = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return (max(0.0, centre - reach), min(1.0, centre + reach))
