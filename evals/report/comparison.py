"""What a comparison with a baseline says of a measure."""

from __future__ import annotations

from enum import StrEnum

from app.domain.vocabulary import Frozen


class Change(StrEnum):
    """What a comparison says."""

    BETTER = "better"
    WORSE = "worse"
    SAME = "same"
    CANNOT_TELL = "cannot tell"


class Comparison(Frozen):
    """A measure against the baseline.

    Attributes:
        difference: mean of the paired differences, new minus old (of the distance from a half for neutrality).
        low: of its 95 % interval.
        pairs: transcripts that both reports have a figure of.
        change: "same" only where each transcript has the same figure as before.
        gates: whether the exit status goes by this measure, as it is validated.
        regression: worse beyond doubt, in a measure that gates.
    """

    measure: str
    difference: float | None
    low: float | None
    high: float | None
    pairs: int
    change: Change
    gates: bool = False
    regression: bool
