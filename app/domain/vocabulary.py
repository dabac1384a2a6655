"""The closed vocabularies of the product: steps, levels, modes, provenance and the like."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=600)]


class Frozen(BaseModel):
    """Base of all value objects: immutable, and no field that nobody declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Step(StrEnum):
    """The seven steps of the framework, in order."""

    REQUIREMENTS = "requirements"
    FRAMING = "framing"
    DATA = "data"
    MODELING = "modeling"
    EVALUATION = "evaluation"
    SERVING = "serving"
    MONITORING = "monitoring"

    @property
    def number(self) -> int:
        """1 to 7."""
        return _NUMBERS[self]

    @property
    def heading(self) -> str:
        """How the step is called on the page."""
        return _HEADINGS[self]

    @property
    def spoken(self) -> str:
        """How an interviewer refers to the step in a sentence."""
        return _SPOKEN[self]


_NUMBERS = {step: number for number, step in enumerate(Step, start=1)}
_HEADINGS = {
    Step.REQUIREMENTS: "Requirements and business goal",
    Step.FRAMING: "Framing as an ML task",
    Step.DATA: "Data and features",
    Step.MODELING: "Model development",
    Step.EVALUATION: "Evaluation",
    Step.SERVING: "Deployment and serving",
    Step.MONITORING: "Monitoring and infrastructure",
}
_SPOKEN = {
    Step.REQUIREMENTS: "the requirements",
    Step.FRAMING: "the framing",
    Step.DATA: "the data and features",
    Step.MODELING: "the model",
    Step.EVALUATION: "evaluation",
    Step.SERVING: "serving",
    Step.MONITORING: "monitoring",
}


class Level(StrEnum):
    """The level that the candidate is interviewed for."""

    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


class Mode(StrEnum):
    """Mock: no feedback before the end. Coach: feedback after each step. Drill: chosen steps only."""

    MOCK = "mock"
    COACH = "coach"
    DRILL = "drill"


class Provenance(StrEnum):
    """How a piece of evidence came about."""

    VOLUNTEERED = "volunteered"
    PROMPTED = "prompted"
    HINTED = "hinted"


class Rung(StrEnum):
    """The three rungs of a hint ladder."""

    NUDGE = "nudge"
    POINTER = "pointer"
    BOTTOM_OUT = "bottom-out"

    @property
    def number(self) -> int:
        """1 to 3."""
        return list(Rung).index(self) + 1


class Visibility(StrEnum):
    """Who may see a piece of content: the candidate during the interview, or nobody before its end."""

    PUBLIC = "public"
    PRIVATE = "private"
