"""Short true answers to questions about how the interview goes: what to cover, how, and in which time."""

from __future__ import annotations

from app.domain import phrases
from app.domain.catalog import Brief
from app.domain.interview import InterviewState
from app.domain.pacing import agreed_seconds
from app.domain.step_names import named_step
from app.domain.vocabulary import Step
from app.domain.wordings import rotate
from app.services.put_back import Procedure, procedure


def about_procedure(text: str, *, state: InterviewState, brief: Brief) -> str:
    """The answer to one question about the course of the interview."""
    match procedure(text):
        case Procedure.FORM:
            return rotate(phrases.SAY_OR_DRAW, state)
        case Procedure.COVERED:
            return _covered(named_step(text), state=state, brief=brief)
        case Procedure.TIME:
            return _time_left(state)
        case Procedure.LEARNING:
            return rotate(phrases.WHAT_TO_LEARN, state)
        case Procedure.ASKING:
            return rotate(phrases.ASK_AWAY, state)
        case _:
            return _scope(state)


def _covered(step: Step | None, *, state: InterviewState, brief: Brief) -> str:
    """Whether a step came up; what else there would be to say is the candidate's to name."""
    if step is None or step not in state.header.steps:
        return rotate(phrases.NO_LIST, state)
    entries = [state.ledger.entry(criterion.id) for criterion in brief.of_step(step)]
    came_up = any(entry.covered or entry.asked for entry in entries)
    text = rotate(phrases.WE_TOUCHED_ON if came_up else phrases.NOT_YET_ON, state).format(step=step.spoken)
    return text[0].upper() + text[1:]


def _scope(state: InterviewState) -> str:
    if state.header.steps == tuple(Step):
        return rotate(phrases.WHOLE_DESIGN, state)
    named = " and ".join(step.spoken for step in state.header.steps)
    return rotate(phrases.PART_OF_DESIGN, state).format(steps=named)


def _time_left(state: InterviewState) -> str:
    """How much of the agreed time is left, in minutes."""
    agreed = agreed_seconds(state.header)
    if agreed is None:
        return rotate(phrases.NO_CLOCK, state)
    minutes = max(0, round((agreed - state.elapsed) / 60))
    time = f"{minutes} minutes" if minutes != 1 else "a minute"
    return rotate(phrases.TIME_LEFT, state).format(time=time)
