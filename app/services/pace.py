"""Where an interview's time went, against the budget that it was planned with."""

from __future__ import annotations

from typing import Literal

from app.domain.debrief import Pace, StepTime
from app.domain.events import InterviewerMessage
from app.domain.interview import InterviewState, fold
from app.domain.kinds import InterviewerKind
from app.domain.levels import LevelRules
from app.domain.pacing import budget, clock
from app.domain.scorecard import Scorecard
from app.domain.vocabulary import Step
from app.errors import TransitionNotAllowed
from app.ports import StoredInterview

# A step is called long or short only where a coach would: by more than these shares of its plan, and a minute.
_LONG, _SHORT, _MATTERS = 1.4, 0.4, 60.0
_UNUSED = 0.25
_WEAK = 50
_NOT_OPENED = {
    "unasked": "Never asked about, and scored by what you said of it unasked",
    "elsewhere": "Never opened as a step, and scored by what you said of it in others",
    None: "The interview ended before these were opened",
}


def pace_of(stored: StoredInterview, card: Scorecard, rules: LevelRules) -> Pace:
    """Seconds in each step against its budget, pauses left out, with what is worth a remark.

    An imported chat has no times, nor has a script without seconds; then everything but the budget is unknown.
    """
    shares = budget(stored.header, rules.pacing)
    state = _clocked(stored)
    steps = tuple(
        StepTime(
            step=step,
            opened=state is None or state.ledger.steps[step].opened is not None,
            seconds=None if state is None or state.elapsed == 0 else round(state.ledger.steps[step].seconds, 1),
            budget=None if shares.steps is None else round(shares.steps[step], 1),
            heard=None if state is None or state.ledger.steps[step].opened is not None else _heard(step, stored, card),
        )
        for step in stored.header.steps
    )
    elapsed = None if state is None or state.elapsed == 0 else round(state.elapsed, 1)
    total = None if shares.total is None else round(shares.total, 1)
    return Pace(elapsed=elapsed, total=total, steps=steps, remarks=_remarks(steps, elapsed, total, card))


def _clocked(stored: StoredInterview) -> InterviewState | None:
    """The interview with its clock; None for one that was held elsewhere or is not whole."""
    if stored.header.interviewer.kind is InterviewerKind.EXTERNAL:
        return None
    try:
        return fold(stored.header, stored.events)
    except TransitionNotAllowed:
        return None


def _heard(step: Step, stored: StoredInterview, card: Scorecard) -> Literal["unasked", "elsewhere"] | None:
    """How what is scored of a step that was not opened came up; None where nothing of it is."""
    lines = [line for one in card.steps if one.step is step for line in one.criteria]
    if not any(line.evidence for line in lines):
        return None
    asked = {event.criterion for event in stored.events if isinstance(event, InterviewerMessage)}
    return "elsewhere" if any(line.id in asked for line in lines) else "unasked"


def hurried(pace: Pace) -> bool:
    """Whether steps came short because others took too long."""
    known = [(line.seconds, line.budget) for line in pace.steps if line.seconds is not None and line.budget is not None]
    long = any(seconds > _LONG * planned and seconds - planned > _MATTERS for seconds, planned in known)
    return long and any(seconds < _SHORT * planned for seconds, planned in known)


def _remarks(
    steps: tuple[StepTime, ...], elapsed: float | None, total: float | None, card: Scorecard
) -> tuple[str, ...]:
    scores = {step.step: step.score for step in card.steps}
    said: list[str] = []
    for line in steps:
        if line.seconds is None or line.budget is None or abs(line.seconds - line.budget) < _MATTERS:
            continue
        if line.seconds > _LONG * line.budget:
            said.append(
                f"{_name(line.step)} took {clock(line.seconds)} where {clock(line.budget)} were planned; the other "
                "steps paid for it."
            )
        score = scores.get(line.step)
        if line.opened and line.seconds < _SHORT * line.budget and score is not None and score < _WEAK:
            said.append(
                f"{_name(line.step)} got {clock(line.seconds)} of {clock(line.budget)}, and the score shows it."
            )
    for heard, words in _NOT_OPENED.items():
        if left_out := [line.step.spoken for line in steps if not line.opened and line.heard == heard]:
            said.append(f"{words}: {', '.join(left_out)}.")
    if elapsed is not None and total is not None and elapsed < (1 - _UNUSED) * total:
        said.append(
            f"{clock(total - elapsed)} of {clock(total)} were left at the end; time that is left earns nothing."
        )
    return tuple(said)


def _name(step: Step) -> str:
    return step.spoken[0].upper() + step.spoken[1:]
