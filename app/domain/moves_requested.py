"""Moves that answer a request: to end, to go on, for a hint, for ground that is missing, for a score."""

from __future__ import annotations

import re

from app.domain import phrases, wordings
from app.domain.directive import Directive
from app.domain.events import Intake, InterviewerMessage
from app.domain.ground import ground_is_missing
from app.domain.interview import asks_to_stay
from app.domain.kinds import EndReason, IntakeKind, Move
from app.domain.moves_finishing import go_to, opener, return_or_finish
from app.domain.turn import TurnView
from app.domain.vocabulary import Step

_DECLINED = set(phrases.DECLINE)
_HIS_ANSWER = {IntakeKind.ASKS_ANSWER, IntakeKind.ASKS_OPINION}
_ASKING = {
    IntakeKind.QUESTION,
    IntakeKind.HINT_REQUEST,
    IntakeKind.ASKS_SCORE,
    IntakeKind.ASKS_ANSWER,
    IntakeKind.ASKS_BACK,
    IntakeKind.ASKS_OPINION,
    IntakeKind.ASKS_PROCEDURE,
    IntakeKind.ASKS_DECISION,
    IntakeKind.ASKS_LEAVE,
    IntakeKind.ASKS_MORE,
}
_A_WORD_OR_TWO = 5
"""Fewer words beside a question for facts say nothing of the design ("Data next.")."""
_THINKING = re.compile(
    r"[\W_]*(?:(?:h+m+|u+[hm]+|e+r+m*|m+h*m+|well|so|okay|ok|"
    r"(?:just )?(?:let me think|give me|one|a)(?: (?:moment|second|minute|for|a|about|this|that|it))*)[\W_]*)*",
    re.IGNORECASE,
)


def asked_to_end(view: TurnView) -> list[Directive]:
    """The candidate ends, or has nothing more to ask after the invitation."""
    if not (view.ends or (view.may_end and view.state.invited and view.wants_no_more)):
        return []
    return [_completed(view, reason=EndReason.CANDIDATE if view.ends else EndReason.COMPLETED)]


def _completed(view: TurnView, *, reason: EndReason = EndReason.COMPLETED) -> Directive:
    return Directive(move=Move.WRAP_UP, step=view.step, lead=wordings.rotate(phrases.WRAP_UP, view.state), ends=reason)


def time_is_up(view: TurnView) -> list[Directive]:
    """Time for the last questions, or time to stop."""
    total = view.budget.total
    if total is None or not view.may_end:
        return []
    if view.state.elapsed >= total:
        return [Directive(move=Move.WRAP_UP, step=view.step, lead=phrases.WRAP_UP_TIME, ends=EndReason.TIME)]
    if view.state.elapsed >= total - view.budget.wrap_up and not view.state.invited:
        return [Directive(move=Move.QUESTIONS, step=view.step, question=phrases.TIME_FOR_QUESTIONS)]
    return []


def closing(view: TurnView) -> list[Directive]:
    """After the invitation: what is said is noted, and the floor stays the candidate's while they say things."""
    if not view.state.invited or view.wants_hint:
        return []
    if view.wants_next and view.named_step not in {None, view.step} and view.adds_something:
        return [move.model_copy(update={"question": None}) for move in go_to(view, view.here)]
    if view.wants_next and not view.adds_something:
        return []
    if view.has(IntakeKind.ASKS_BACK) and not view.adds_something:
        return [Directive(move=Move.LISTEN, step=view.step, question=phrases.WHAT_IS_LEFT_TO_SAY)]
    if view.may_end and _had_their_say(view):
        return [_completed(view)]
    return [Directive(move=Move.LISTEN, step=view.step, question=view.handing_back(phrases.ANYTHING_ELSE))]


def _had_their_say(view: TurnView) -> bool:
    """Whether, since the invitation or something of substance, two messages or more have asked for nothing."""
    invitation = max(
        place
        for place, event in enumerate(view.state.events)
        if isinstance(event, InterviewerMessage) and event.move is Move.QUESTIONS
    )
    heard = [event for event in view.state.events[invitation:] if isinstance(event, Intake)]
    said = max((place for place, event in enumerate(heard, start=1) if view.is_substantial(event)), default=0)
    heard = heard[said:]
    asks_or_waits = [{segment.kind for segment in event.segments} for event in heard]
    quiet = [
        event
        for event, kinds in zip(heard, asks_or_waits, strict=True)
        if not kinds & _ASKING and not kinds <= {IntakeKind.PLEASANTRY}
    ]
    return len(quiet) >= 2 and quiet[-1] is heard[-1]


def _thinks(view: TurnView) -> bool:
    """Whether the candidate gave no more than a sign of thinking ("...", "hm", "one moment")."""
    return all(_THINKING.fullmatch(message.content) for message in view.messages)


def declined(view: TurnView) -> list[Directive]:
    """Nothing but requests that are declined: the refusal stands in the answers, the floor goes back."""
    if not (view.kinds & _DECLINED and view.only(_DECLINED)):
        return []
    lead = (
        ""
        if view.kinds & {IntakeKind.UNREADABLE, IntakeKind.ASKS_OPINION}
        else wordings.rotate(phrases.BACK_TO_YOU, view.state)
    )
    return [Directive(move=Move.DECLINE, step=view.step, lead=lead)]


def hint(view: TurnView) -> list[Directive]:
    """The next rung of the ladder that was asked for."""
    if not view.wants_hint:
        return []
    target = view.hint
    to = view.named_step or view.step
    opens = None if to is view.step else to
    if target.criterion is None or target.rung is None:
        lead = wordings.rotate(_no_hint(view, target.step), view.state)
        return [Directive(move=Move.HINT, step=to, opens=opens, lead=lead)]
    criterion = view.brief.criterion_by_id[target.criterion]
    return [
        Directive(
            move=Move.HINT,
            step=to,
            opens=opens,
            lead=criterion.hints.at(target.rung),
            criterion=criterion.id,
            rung=target.rung.number,
        )
    ]


def _no_hint(view: TurnView, step: Step) -> tuple[str, ...]:
    """What is true of a step without a hint to give: its hints were given, or what they are on was all spoken of."""
    given = any(view.state.ledger.entry(criterion.id).rung for criterion in view.brief.of_step(step))
    return phrases.NO_MORE_HINTS if given else phrases.NOTHING_TO_HINT_AT


def does_not_know(view: TurnView) -> list[Directive]:
    """Accept an "I don't know", or a silence that lasts, and offer a hint or moving on."""
    gives_up = view.has(IntakeKind.DONT_KNOW) or view.stays_silent
    if view.has(IntakeKind.ASKS_BACK) and view.state.question is not None and not view.was_offered:
        return []  # who is not sure what was asked is told
    if not gives_up or view.was_offered or view.learned or view.named_step not in {None, view.step}:
        return []
    target = view.hint
    if target.criterion is None or target.rung is None or view.went_deep_enough:
        return []
    offers = phrases.ACCEPT if view.has(IntakeKind.DONT_KNOW) else phrases.OFFER
    return [Directive(move=Move.ACCEPT, step=view.step, lead=view.handing_back(offers), criterion=target.criterion)]


def missing_ground(view: TurnView) -> list[Directive]:
    """A model before any goal or task leads to the question for the missing ground."""
    criterion = None if view.state.invited else ground_is_missing(view)
    if criterion is None:
        return []
    question = wordings.probe(criterion, view.state)
    if question is None:
        return []
    leads = phrases.BEFORE_THE_MODEL if view.follow in {None, Step.MODELING} else phrases.BEFORE_THAT
    lead = wordings.rotate(leads, view.state) if not view.answers else ""
    return [
        Directive(
            move=Move.ASK_GROUND,
            step=criterion.step,
            lead=lead,
            question=question.text,
            template=question.template,
            criterion=criterion.id,
            opens=criterion.step,
        )
    ]


def asked_to_advance(view: TurnView) -> list[Directive]:
    """The candidate's "next", with or without a step's name."""
    if not view.wants_next:
        return []
    if view.speaks_at_length:
        return return_or_finish(view) if view.says_it_is_all and view.next_step() is None else []
    target = view.named_step or view.next_step()
    if target is None:
        return return_or_finish(view)
    if target is view.step and view.named_step is not None:
        return _stay(view)
    if _nothing_yet(view):
        return []
    return go_to(view, target)


def _stay(view: TurnView) -> list[Directive]:
    """Asked to go where we are: the floor is the candidate's, and a question that waits goes on waiting."""
    if not asks_to_stay(view.state):
        return []
    lead = wordings.rotate(phrases.STAY, view.state).format(step=view.step.spoken)
    return [Directive(move=Move.LISTEN, step=view.step, lead=lead[0].upper() + lead[1:])]


def _nothing_yet(view: TurnView) -> bool:
    """Whether the first step would be left, by a mere "that's all", before anything was said or asked of it."""
    if view.step is not view.state.header.steps[0] or view.named_step is not None or not view.has(IntakeKind.ADVANCE):
        return False
    entries = [view.state.ledger.entry(criterion.id) for criterion in view.brief.of_step(view.step)]
    return not any(entry.covered or entry.doubts or entry.asked for entry in entries)


def asked_for_leave(view: TurnView) -> list[Directive]:
    """The candidate asks whether to go on in some way, and is let to; to another step, if one is named."""
    if not view.has(IntakeKind.ASKS_LEAVE):
        return []
    if view.asked_step is not None and view.asked_step is not view.step:
        return go_to(view, view.asked_step)
    return [Directive(move=Move.CLARIFY, step=view.step)] if view.answers else []


def wants_to_park(view: TurnView) -> list[Directive]:
    """The candidate wants to come back to the question later."""
    if not view.has(IntakeKind.PARK) or view.state.question is None or view.state.question.criterion is None:
        return []
    lead = wordings.rotate(phrases.PARKED, view.state)
    return [Directive(move=Move.PARK, step=view.step, lead=lead, parks=(view.state.question.criterion,))]


def only_asked(view: TurnView) -> list[Directive]:
    """Nothing but clarifying questions, or a pleasantry: answer, and leave the floor to the candidate."""
    asks = any(one.fact for one in view.answers) and view.own_words < _A_WORD_OR_TWO
    if view.speaks and (view.speaks_at_length or not asks):
        return []
    if view.answers and not (view.has(IntakeKind.DONT_KNOW) and view.kinds & _HIS_ANSWER):
        return [Directive(move=Move.CLARIFY, step=view.step)]
    if view.was_offered:
        return []
    if view.only({IntakeKind.PLEASANTRY, IntakeKind.CONSENT, IntakeKind.REFUSAL}) and view.state.listens < 2:
        waits = phrases.THINK if view.state.question is not None or _thinks(view) else phrases.LISTEN
        return [Directive(move=Move.LISTEN, step=view.step, lead=wordings.rotate(waits, view.state))]
    return []


def little_time(view: TurnView) -> list[Directive]:
    """One warning when the steps left need the time left."""
    total = view.budget.total
    target = view.next_step()
    if total is None or target is None or view.state.warned >= 1:
        return []
    remaining = total - view.state.elapsed
    left = remaining - view.budget.wrap_up
    needed = sum((view.budget.steps or {}).get(step, 0) for step in view.state.untouched)
    if remaining <= 0 or left > 0.27 * total or needed < 0.5 * left:
        return []
    question = opener(target, view.state, view.brief)
    minutes = round(remaining / 60)
    time = f"{minutes} minutes" if minutes > 1 else "a minute"
    lead = wordings.rotate(phrases.MINUTES_LEFT, view.state).format(time=time, step=target.spoken)
    return [
        Directive(
            move=Move.TIME_WARNING, step=target, lead=lead, question=question, opens=target, parks=view.left_open()
        )
    ]
