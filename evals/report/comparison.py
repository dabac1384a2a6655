"""What a comparison with a baseline says of a measure."""

from __future__ import annotations

from enum import StrEnum

from app.domain.vocabulary import Frozen


class Change(StrEnum):
    """What a comparison says."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"


class Comparison(Frozen):
    """A measure against the baseline.

    Attributes:
        difference: mean of the paired differences, new minus old (of the distance from a half for neutrality).
        low: of its 95 % interval.
        pairs: transcripts that both reports have a figure of.
        regression: worse beyond doubt, in a measure that is validated.
    """

    measure: str
    difference: float | None
    low: float | None
    high: float | None
    pairs: int
    change: Change
    regression: bool
