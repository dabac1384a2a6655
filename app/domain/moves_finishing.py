"""Moves that end a step or the interview: a twist, handing over, advancing, coming back to what was left open."""

from __future__ import annotations

from app.domain import phrases, wordings
from app.domain.catalog import Brief
from app.domain.directive import Directive
from app.domain.interview import InterviewState
from app.domain.kinds import Move
from app.domain.rubric import Criterion
from app.domain.turn import TurnView
from app.domain.vocabulary import Mode, Step
from app.domain.wordings import Question

_HAND_OVERS_APART = 3


def opener(step: Step, state: InterviewState, brief: Brief) -> str | None:
    """How a step is opened in this case, in a wording that was not used yet."""
    fresh = wordings.unasked(brief.case.openers.get(step, ()), state)
    return fresh[0] if fresh else None


def finish_step(view: TurnView) -> list[Directive]:
    """The open step has given what it will: change a constraint, hand over, or go on, to where the candidate asked."""
    if view.wants_next and view.named_step is not None and view.named_step is not view.step:
        return go_to(view, view.named_step)
    return _heard_out(view) or _twist(view) or _hand_over(view) or _advance(view) or return_or_finish(view)


def go_to(view: TurnView, target: Step) -> list[Directive]:
    """To a step as the candidate asked; whoever comes back to one has something to say, and is asked nothing."""
    back = target.number < view.step.number and view.state.ledger.steps[target].opened is not None
    question = None if back else opener(target, view.state, view.brief)
    lead = "Okay."
    if view.named_step is not None:
        lead = wordings.rotate(phrases.BACK if back else phrases.FOLLOW, view.state).format(step=target.spoken)
    return [
        with_feedback(
            view,
            Directive(
                move=Move.ADVANCE, step=target, lead=lead, question=question, opens=target, parks=view.left_open()
            ),
        )
    ]


def _heard_out(view: TurnView) -> list[Directive]:
    """Whoever names the open step is not done with it: it is left one turn later at the earliest."""
    if not view.wants_next or view.named_step is None or view.state.listens:
        return []
    return [Directive(move=Move.LISTEN, step=view.step, lead=view.encouragement())]


def _twist(view: TurnView) -> list[Directive]:
    ledger = view.state.ledger
    if len(ledger.twists) >= view.budget.twists or view.out_of_questions or view.step_time_is_up:
        return []
    if any(answer.fact for answer in view.answers):
        return []
    for twist in view.brief.case.twists:
        if twist.id not in ledger.twists and twist.after is view.step and ledger.steps[view.step].probes:
            criterion = twist.criterion if twist.criterion in view.brief.criterion_by_id else None
            return [
                Directive(move=Move.TWIST, step=view.step, question=twist.text, criterion=criterion, about=twist.id)
            ]
    return []


def _hand_over(view: TurnView) -> list[Directive]:
    if view.leads or view.state.listens or view.next_step() is None or view.step_time_is_up:
        return []
    if view.state.header.mode is not Mode.MOCK or view.was_offered:
        return []
    if view.state.last_hand_over is not None and view.state.turns - view.state.last_hand_over < _HAND_OVERS_APART:
        return []
    return [Directive(move=Move.HAND_OVER, step=view.step, lead=view.handing_back(_hand_overs(view.state)))]


def _hand_overs(state: InterviewState) -> tuple[str, ...]:
    """Ways to hand over: what is left is asked for once half of the steps or more were opened."""
    late = 2 * len(state.untouched) <= len(state.header.steps)
    return (*phrases.HAND_OVER, *phrases.HAND_OVER_LATE) if late else phrases.HAND_OVER


def _advance(view: TurnView) -> list[Directive]:
    target = view.next_step()
    if target is None:
        return []
    lead = view.acknowledgement()
    if view.step_time_is_up:
        lead = wordings.rotate(phrases.OUT_OF_TIME, view.state).format(step=view.here.spoken)
    pick_up = _pick_up(view, target, lead=lead)
    if pick_up is not None:
        return [with_feedback(view, pick_up)]
    question = opener(target, view.state, view.brief)
    return [
        with_feedback(
            view,
            Directive(
                move=Move.ADVANCE, step=target, lead=lead, question=question, opens=target, parks=view.left_open()
            ),
        )
    ]


def _pick_up(view: TurnView, target: Step, *, lead: str) -> Directive | None:
    """A step of which something was said already is gone on with, not opened as if nothing had been."""
    if not view.begun(target):
        return None
    said = wordings.rotate(phrases.BEGUN, view.state).format(step=target.spoken)
    for criterion in view.open_criteria(target):
        question = wordings.probe(criterion, view.state)
        if question is not None:
            asks = _asks(criterion, question, lead=f"{lead} {said}".strip(), opens=target)
            return asks.model_copy(update={"parks": view.left_open()})
    return None


def _asks(criterion: Criterion, question: Question, *, lead: str, opens: Step | None) -> Directive:
    """A question for a criterion, in its step; `opens` where that is not the open one."""
    return Directive(
        move=Move.PROBE,
        step=criterion.step,
        lead=lead,
        question=question.text,
        template=question.template,
        criterion=criterion.id,
        opens=opens,
    )


def with_feedback(view: TurnView, directive: Directive) -> Directive:
    """In Coach mode a step is left with what was heard in it, what was not, and what was surely wrong in it."""
    if view.state.header.mode is not Mode.COACH or view.step in view.state.feedback_given:
        return directive
    ledger, criteria = view.state.ledger, view.brief.of_step(view.step)
    heard = [criterion.name for criterion in criteria if ledger.covered(criterion.id)]
    missed = [criterion.name for criterion in criteria if not ledger.touched(criterion.id)]
    wrong = dict.fromkeys(_claimed_on(flag, view.brief) for flag in view.standing_flags(view.step))
    parts = [
        f"On {view.step.spoken} I heard: {_listed(heard)}."
        if heard
        else f"On {view.step.spoken} I heard little that I could note."
    ]
    if wrong:
        parts.append(f"Look again at what you said on {' and '.join(wrong)}.")
    if missed:
        parts.append(f"Not heard: {_listed(missed[:3])}.")
    return directive.model_copy(update={"move": Move.FEEDBACK, "lead": " ".join([*parts, directive.lead]).strip()})


def _claimed_on(flag: str, brief: Brief) -> str:
    """What a wrong claim is about, in passing."""
    claim = brief.flag_by_id[flag]
    return claim.subject or brief.criterion_by_id[claim.criterion].subject


def _listed(names: list[str]) -> str:
    """Names in a row; some hold a comma."""
    return "; ".join(name[0].lower() + name[1:] if not name[:2].isupper() else name for name in names)


def return_or_finish(view: TurnView) -> list[Directive]:
    """All steps were opened: come back to what was left open, then to the candidate's own questions.

    Once invited, only the candidate's "next" in a script comes here; the end itself is `asked_to_end`'s.
    """
    if view.state.invited:
        return [Directive(move=Move.LISTEN, step=view.step, question=view.handing_back(phrases.ANYTHING_ELSE))]
    if not view.out_of_questions:
        for criterion in view.left_over():
            question = wordings.probe(criterion, view.state)
            if question is not None:
                leads = phrases.NOT_OPENED if criterion.step in view.state.untouched else phrases.LEFT_OPEN
                lead = wordings.rotate(leads, view.state).format(step=criterion.step.spoken)
                opens = criterion.step if criterion.step is not view.step else None
                return [_asks(criterion, question, lead=lead if opens else view.acknowledgement(), opens=opens)]
    invitation = wordings.rotate(_invitations(view.state), view.state)
    return [Directive(move=Move.QUESTIONS, step=view.step, lead="", question=invitation)]


def _invitations(state: InterviewState) -> tuple[str, ...]:
    """Ways to invite questions; the end is near only by a clock and when every step was opened."""
    near = state.header.minutes is not None and not state.untouched
    return (*phrases.QUESTIONS, phrases.NEARLY_AT_THE_END) if near else phrases.QUESTIONS
