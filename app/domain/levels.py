"""How ratings become a verdict, by level: the numbers live in `rubrics/levels.yaml`."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from app.domain.vocabulary import Frozen, Level, Mode, Sentence, Step


class Verdict(StrEnum):
    """What the scorecard says, from worst to best, and when too little was seen."""

    STRONG_NO_HIRE = "strong_no_hire"
    NO_HIRE = "no_hire"
    LEAN_NO_HIRE = "lean_no_hire"
    LEAN_HIRE = "lean_hire"
    HIRE = "hire"
    STRONG_HIRE = "strong_hire"
    INSUFFICIENT_EVIDENCE = "insufficient_evidence"


class Thresholds(Frozen):
    """The least score, 0 to 100, for each verdict above strong_no_hire."""

    no_hire: float
    lean_no_hire: float
    lean_hire: float
    hire: float
    strong_hire: float

    @model_validator(mode="after")
    def _rising(self) -> Thresholds:
        rungs = [self.no_hire, self.lean_no_hire, self.lean_hire, self.hire, self.strong_hire]
        if sorted(rungs) != rungs:
            raise ValueError("the thresholds must rise from no_hire to strong_hire")
        return self


class Caps(Frozen):
    """What holds a verdict down whatever the score.

    Attributes:
        weak_step: a step whose score is below this caps the verdict at `weak_step_verdict`.
        unmet_core: so many core criteria without a rating of 2 or more cap it at `unmet_core_verdict`.
        red_flags: so many red flags that stood uncorrected cap it at `red_flags_verdict`.
        led_share: an interview in which more than this share of the credit had to be asked for caps
            it at `led_verdict`; 1 switches it off.
        prompted_rating: the highest rating for what had to be asked for (4 switches it off).
    """

    weak_step: float
    weak_step_verdict: Verdict
    unmet_core: int
    unmet_core_verdict: Verdict
    red_flags: int
    red_flags_verdict: Verdict
    led_share: float = Field(ge=0, le=1)
    led_verdict: Verdict
    prompted_rating: int = Field(ge=1, le=4)


class LevelRule(Frozen):
    """What is expected at a level and how it is judged."""

    expects: Sentence
    thresholds: Thresholds
    caps: Caps


class Pacing(Frozen):
    """The clock of a 45-minute interview, in minutes; other lengths scale it."""

    steps: dict[Step, float]
    wrap_up: float

    @property
    def total(self) -> float:
        """Minutes in all."""
        return sum(self.steps.values()) + self.wrap_up


class LevelRules(Frozen):
    """The whole of `rubrics/levels.yaml`."""

    levels: dict[Level, LevelRule]
    pacing: Pacing
    hint_caps: Annotated[tuple[int, int, int], Field()]
    assessed_share: float = Field(ge=0, le=1)
    modes: dict[Mode, Sentence]
