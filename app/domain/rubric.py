"""What is looked for: criteria with their anchors, probes and hints, and red flags.

A criterion is either shared (in `rubrics/`, one file per step) or a case's own. Sentences that cover
it and near-misses that do not are how the matcher recognises it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.domain.vocabulary import Frozen, Level, Rung, Sentence, Slug, Step


class NearMissKind(StrEnum):
    """Why a sentence that sounds right does not cover a criterion."""

    VAGUE = "vague"
    NEGATED = "negated"
    WRONG = "wrong"
    NEIGHBOUR = "neighbour"


class NearMiss(Frozen):
    """A sentence on the topic that does not cover the criterion."""

    kind: NearMissKind
    text: Sentence


class Anchors(Frozen):
    """What each rating, 1 to 4, looks like."""

    r1: Sentence
    r2: Sentence
    r3: Sentence
    r4: Sentence

    def at(self, rating: int) -> str:
        """The anchor of a rating.

        Args:
            rating: 1 to 4.
        """
        return (self.r1, self.r2, self.r3, self.r4)[rating - 1]


class ByLevel(Frozen):
    """What a candidate of each level shows."""

    mid: Sentence
    senior: Sentence
    staff: Sentence

    def at(self, level: Level) -> str:
        """The expectation at a level."""
        return {Level.MID: self.mid, Level.SENIOR: self.senior, Level.STAFF: self.staff}[level]


class HintLadder(Frozen):
    """Three hints, each usable alone, none giving more than its rung."""

    nudge: Sentence
    pointer: Sentence
    bottom_out: Sentence

    def at(self, rung: Rung) -> str:
        """The text of a rung."""
        return {Rung.NUDGE: self.nudge, Rung.POINTER: self.pointer, Rung.BOTTOM_OUT: self.bottom_out}[rung]


class Criterion(Frozen):
    """One thing that an interviewer listens for, as it applies in a case.

    Attributes:
        id: unique within a case, shared criteria included.
        name: a noun phrase for the scorecard.
        description: one line that says what is shown, without saying how.
        subject: a few words that name it in passing, before a question on it where nothing fit to quote was said;
            they give nothing away. Empty where there are none.
        weight: 1 (nice) to 3 (heavy).
        core: whether the interview is incomplete without it.
        probes: questions that ask for it without naming it, in several wordings.
        follow_ups: questions that go deeper; may hold {quote} for the candidate's own words.
        giveaways: terms that would give the answer away if the interviewer said them first.
        asking: it is also shown by clarifying questions about so many different facts.
    """

    id: Slug
    step: Step
    name: Sentence
    description: Sentence
    subject: Sentence | Literal[""] = ""
    weight: int = Field(ge=1, le=3)
    core: bool = False
    anchors: Anchors
    levels: ByLevel
    covers: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    near_misses: tuple[NearMiss, ...] = ()
    probes: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    follow_ups: tuple[Sentence, ...] = ()
    hints: HintLadder
    giveaways: tuple[Sentence, ...] = ()
    asking: int | None = Field(default=None, ge=1)

    @property
    def spoken_of(self) -> tuple[str, ...]:
        """The sentences and terms in which it is spoken of."""
        return (self.name, self.description, *self.covers, *self.giveaways)


class SharedCriterion(Frozen):
    """A criterion in `rubrics/`, before a case has chosen it. Fields as in `Criterion`."""

    id: Slug
    name: Sentence
    description: Sentence
    subject: Sentence | Literal[""] = ""
    weight: int = Field(ge=1, le=3)
    anchors: Anchors
    levels: ByLevel
    covers: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    near_misses: tuple[NearMiss, ...]
    probes: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    follow_ups: tuple[Sentence, ...] = ()
    hints: HintLadder
    giveaways: tuple[Sentence, ...]
    asking: int | None = Field(default=None, ge=1)


class RedFlag(Frozen):
    """A wrong but fluent claim that people really make.

    Attributes:
        claim: what is wrong with it, in one line, for the scorecard.
        subject: as of `Criterion`.
        criterion: the criterion whose rating it lowers.
        says: sentences in which people make the claim.
        sound: sentences that sound alike and are right.
        presses: what the interviewer asks in reply; the second when the candidate holds on. None of
            them tells whether the claim is wrong.
    """

    id: Slug
    step: Step
    claim: Sentence
    subject: Sentence | Literal[""] = ""
    criterion: Slug
    says: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    sound: tuple[Sentence, ...] = ()
    presses: Annotated[tuple[Sentence, ...], Field(min_length=1)]


class SharedRedFlag(Frozen):
    """A red flag in `rubrics/`; its step is the file's. Fields as in `RedFlag`."""

    id: Slug
    claim: Sentence
    subject: Sentence | Literal[""] = ""
    criterion: Slug
    says: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    sound: tuple[Sentence, ...]
    presses: Annotated[tuple[Sentence, ...], Field(min_length=1)]


class StepRubric(Frozen):
    """One file of `rubrics/`: what the cases share about a step."""

    step: Step
    criteria: Annotated[tuple[SharedCriterion, ...], Field(min_length=1)]
    red_flags: tuple[SharedRedFlag, ...] = ()

    @model_validator(mode="after")
    def _ids_once(self) -> StepRubric:
        seen: set[str] = set()
        ids = [criterion.id for criterion in self.criteria] + [flag.id for flag in self.red_flags]
        for item in ids:
            if item in seen:
                raise ValueError(f"id {item!r} is used twice; give one of the two another id")
            seen.add(item)
        return self
