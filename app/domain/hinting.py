"""Which hint comes next: for a criterion of the open or a named step, each request one rung up."""

from __future__ import annotations

from app.domain.catalog import Brief
from app.domain.events import InterviewerMessage
from app.domain.interview import InterviewState
from app.domain.kinds import Move
from app.domain.vocabulary import Frozen, Rung, Slug, Step

_RUNGS = tuple(Rung)
_ASKS = {Move.PROBE, Move.ASK_GROUND, Move.NUDGE, Move.DEEPEN, Move.PRESS, Move.TWIST}


class HintTarget(Frozen):
    """The criterion and rung of the next hint; both None when the ladders of the step are used up."""

    step: Step
    criterion: Slug | None = None
    rung: Rung | None = None


def next_hint(
    state: InterviewState, brief: Brief, *, step: Step | None = None, criterion: str | None = None
) -> HintTarget:
    """The next hint.

    A hint is about the question that waits for an answer; else about what was hinted at last in the
    step; else about the heaviest criterion of the step that was not surely said.

    Args:
        state: the interview.
        brief: the case.
        step: the step that the candidate named; None for the open one.
        criterion: the criterion that the candidate's words point to, if they do.
    """
    at = step or state.step
    if criterion not in brief.criterion_by_id:
        criterion = None  # the content has changed since it was named
    if criterion is not None:
        at = brief.criterion_by_id[criterion].step
    for candidate in _in_order(state, brief, at, step_named=step is not None, criterion=criterion):
        rung = state.ledger.entry(candidate).rung
        if rung < len(_RUNGS) and not state.ledger.covered(candidate):
            return HintTarget(step=brief.criterion_by_id[candidate].step, criterion=candidate, rung=_RUNGS[rung])
    return HintTarget(step=at)


def asked_about(state: InterviewState, brief: Brief) -> tuple[str, ...]:
    """The criteria that the question that waits is about: its own one, or those that the pressed choice is like."""
    question = state.question
    if question is None:
        return ()
    if question.criterion is not None:
        return (question.criterion,) if question.criterion in brief.criterion_by_id else ()
    return brief.choice_criteria.get(question.about or "", ())


def last_asked(state: InterviewState) -> str | None:
    """The criterion that was asked for last in the open step, whether the question still waits or not."""
    replies = (event for event in reversed(state.events) if isinstance(event, InterviewerMessage))
    asked = (event.criterion for event in replies if event.move in _ASKS and event.step is state.step)
    return next((criterion for criterion in asked if criterion is not None), None)


def _in_order(state: InterviewState, brief: Brief, at: Step, *, step_named: bool, criterion: str | None) -> list[str]:
    begun = [found.id for found in brief.of_step(at) if 0 < state.ledger.entry(found.id).rung < len(_RUNGS)]
    begun.sort(key=lambda found: -max(state.ledger.entry(found).hint_turns, default=0))
    order: list[str] = []
    if criterion is not None:
        order.append(criterion)
    for preferred in (*asked_about(state, brief), state.target):
        if (
            preferred is not None
            and preferred in brief.criterion_by_id
            and (not step_named or brief.criterion_by_id[preferred].step is at)
        ):
            order.append(preferred)
    order += begun
    order += [found.id for found in sorted(brief.of_step(at), key=lambda found: (not found.core, -found.weight))]
    return list(dict.fromkeys(order))
