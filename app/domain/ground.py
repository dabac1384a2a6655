"""The one jump that is not followed: a model before any goal or task was named."""

from __future__ import annotations

from app.domain.events import AdvanceRequested, Intake, InterviewerMessage
from app.domain.kinds import IntakeKind, Move
from app.domain.rubric import Criterion
from app.domain.turn import TurnView, ground_steps
from app.domain.vocabulary import Step

_LIKELY = 0.5
"""The matcher's score from which what may be a goal counts as one; below it, it is often the model's own sentence."""


def ground_is_missing(view: TurnView) -> Criterion | None:
    """The criterion to ask for before the candidate's model, or None if the ground is laid or no model was named.

    The goal is asked for once. Whoever was asked for it and still names a model, or moves past the framing, before any
    task is asked for that once too; whoever goes on regardless, or names a step to go to again, is followed.
    """
    ground = ground_steps(view.state.header.steps)
    if not ground or view.step not in ground or (view.named_step is not None and _was_held_back(view)):
        return None
    criteria = [criterion for step in ground for criterion in view.brief.of_step(step)]
    if _was_asked_for(criteria, view):
        return _task(view) if Step.FRAMING in ground else None
    if not _names_a_model(view):
        return None
    ledger = view.state.ledger
    chosen = any(view.brief.choice_by_id[choice].step in ground for choice in ledger.choices)
    if chosen or ledger.assumptions or any(_laid(criterion, view) for criterion in criteria):
        return None
    return max(
        criteria,
        key=lambda criterion: (criterion.core, criterion.step is Step.REQUIREMENTS, criterion.weight),
        default=None,
    )


def _was_asked_for(criteria: list[Criterion], view: TurnView) -> bool:
    ids = {criterion.id for criterion in criteria}
    events = view.state.events
    return any(
        isinstance(event, InterviewerMessage) and event.move is Move.ASK_GROUND and event.criterion in ids
        for event in events
    )


def _was_held_back(view: TurnView) -> bool:
    """Whether a request to go to a step by its name was answered, once, by asking for the ground."""
    named = False
    for event in view.state.events:
        match event:
            case AdvanceRequested(to=to):
                named = named or to is not None
            case Intake(segments=segments):
                named = named or any(part.kind is IntakeKind.ADVANCE and part.step is not None for part in segments)
            case InterviewerMessage(move=move):
                if named and move is Move.ASK_GROUND:
                    return True
                named = False
            case _:
                pass
    return False


def _task(view: TurnView) -> Criterion | None:
    """The task, where nothing at all was said of it and the candidate is off to what rests on it."""
    criteria = view.brief.of_step(Step.FRAMING)
    chosen = any(view.brief.choice_by_id[choice].step is Step.FRAMING for choice in view.state.ledger.choices)
    if chosen or any(_laid(criterion, view) for criterion in criteria):
        return None
    later = view.follow is not None and view.follow.number > Step.FRAMING.number
    named = [view.brief.criterion_by_id[criterion].step for criterion in view.new_evidence]
    if not later and Step.MODELING not in named:
        return None
    return max(criteria, key=lambda criterion: (criterion.core, criterion.weight), default=None)


def _laid(criterion: Criterion, view: TurnView) -> bool:
    """Whether a criterion of the ground was spoken of; a question about a limit or a number is not yet a goal."""
    entry = view.state.ledger.entry(criterion.id)
    if entry.covered or criterion.asking is not None:
        return entry.covered
    likely = any(doubt.score is not None and doubt.score >= _LIKELY for doubt in entry.doubts)
    return likely or bool(entry.asked)


def _names_a_model(view: TurnView) -> bool:
    if view.named_step is not None and view.named_step.number >= Step.MODELING.number:
        return True
    evidence = [view.brief.criterion_by_id[criterion].step for criterion in (*view.new_evidence, *view.new_doubts[:3])]
    choices = [view.brief.choice_by_id[choice].step for choice in view.new_choices]
    return Step.MODELING in choices or Step.MODELING in evidence
