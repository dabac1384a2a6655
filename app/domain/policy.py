"""Decides what the interviewer may do next: a short ordered list of moves, most fitting first.

Pure: from the state of the interview (with the latest message's intake and observations folded in) and
the case to a decision. The built-in interviewer takes the first move; a model may pick any of them and
words its pick. Rules are tried in the order of `_RULES`; the first that applies decides, and rules that
leave room add what else would be fine.
"""

from __future__ import annotations

from collections.abc import Callable

from app.domain import phrases, wordings
from app.domain.case import Choice
from app.domain.catalog import Brief
from app.domain.directive import Answer, Decision, Directive
from app.domain.events import EndReason, IntakeKind, Move
from app.domain.ground import ground_is_missing
from app.domain.interview import InterviewState
from app.domain.levels import LevelRules
from app.domain.pacing import budget
from app.domain.turn import TurnView
from app.domain.vocabulary import Level, Mode, Step

Rule = Callable[[TurnView], list[Directive]]


def decide(
    state: InterviewState, brief: Brief, rules: LevelRules, *, answers: tuple[Answer, ...] = (), may_end: bool = True
) -> Decision:
    """What the interviewer may do now.

    Args:
        state: the interview; it must owe a reply.
        brief: the case.
        rules: levels and pacing.
        answers: what has to be said first: facts asked for, questions handed back, requests declined.
        may_end: False while a script has lines left; the interview then goes on past its time.
    """
    view = TurnView(state=state, brief=brief, budget=budget(state.header, rules.pacing), answers=answers, may_end=may_end)
    for rule in _RULES:
        moves = rule(view)
        if moves:
            return Decision(answers=answers, moves=tuple(_once(_quiet_if_asked(move, answers) for move in moves)))
    raise AssertionError("the last rule always applies")


def opening(state: InterviewState, brief: Brief) -> Directive:
    """The first words: the problem, and who drives."""
    level = state.header.level
    lead = f"{brief.case.prompt.strip()} {phrases.OPEN[level]}"
    first = state.header.steps[0]
    question = None
    if level is Level.MID or first is not Step.REQUIREMENTS:
        question = _opener(first, state, brief)
    return Directive(move=Move.OPEN, step=first, lead=lead, question=question, opens=first)


def _once(moves: object) -> list[Directive]:
    seen: list[Directive] = []
    for move in moves:  # type: ignore[attr-defined]
        if all((move.move, move.criterion, move.about) != (other.move, other.criterion, other.about) for other in seen):
            seen.append(move)
    return seen[:4]


def _quiet_if_asked(move: Directive, answers: tuple[Answer, ...]) -> Directive:
    """One question a turn: when an answer already asks one, what follows asks none."""
    if any(answer.asks for answer in answers) and move.move in {Move.LISTEN, Move.CLARIFY, Move.HAND_OVER, Move.PROBE, Move.DEEPEN}:
        return Directive(move=Move.CLARIFY, step=move.step, opens=move.opens, parks=move.parks)
    return move


def _opener(step: Step, state: InterviewState, brief: Brief) -> str | None:
    fresh = wordings.unasked(brief.case.openers.get(step, ()), state)
    return fresh[0] if fresh else None


# --- endings ---------------------------------------------------------------------------------------------------


def _asked_to_end(view: TurnView) -> list[Directive]:
    if not (view.ends or (view.may_end and view.state.invited and view.wants_no_more)):
        return []
    reason = EndReason.CANDIDATE if view.ends else EndReason.COMPLETED
    return [Directive(move=Move.WRAP_UP, step=view.step, lead=wordings.rotate(phrases.WRAP_UP, view.state), ends=reason)]


def _time_is_up(view: TurnView) -> list[Directive]:
    total = view.budget.total
    if total is None or not view.may_end:
        return []
    if view.state.elapsed >= total:
        return [Directive(move=Move.WRAP_UP, step=view.step, lead=phrases.WRAP_UP_TIME, ends=EndReason.TIME)]
    if view.state.elapsed >= total - view.budget.wrap_up and not view.state.invited:
        return [Directive(move=Move.QUESTIONS, step=view.step, question=phrases.TIME_FOR_QUESTIONS)]
    return []


def _closing(view: TurnView) -> list[Directive]:
    if not view.state.invited or view.wants_hint or view.wants_next:
        return []
    return [Directive(move=Move.LISTEN, step=view.step, question=wordings.rotate(phrases.ANYTHING_ELSE, view.state))]


# --- requests --------------------------------------------------------------------------------------------------


def _declined(view: TurnView) -> list[Directive]:
    if not view.only({IntakeKind.MANIPULATION, IntakeKind.ASKS_SCORE, IntakeKind.ASKS_ANSWER, IntakeKind.OFF_TOPIC, IntakeKind.UNREADABLE}):
        return []
    lead = "" if view.has(IntakeKind.UNREADABLE) else wordings.rotate(phrases.BACK_TO_YOU, view.state)
    return [Directive(move=Move.DECLINE, step=view.step, lead=lead)]


def _hint(view: TurnView) -> list[Directive]:
    if not view.wants_hint:
        return []
    target = view.hint
    if target.criterion is None or target.rung is None:
        return [Directive(move=Move.HINT, step=view.step, lead=wordings.rotate(phrases.NO_MORE_HINTS, view.state))]
    criterion = view.brief.criterion_by_id[target.criterion]
    return [
        Directive(
            move=Move.HINT,
            step=view.step,
            lead=criterion.hints.at(target.rung),
            criterion=criterion.id,
            rung=target.rung.number,
        )
    ]


def _does_not_know(view: TurnView) -> list[Directive]:
    if not view.has(IntakeKind.DONT_KNOW) or view.was_offered or view.learned:
        return []
    target = view.hint
    if target.criterion is None or target.rung is None:
        return []
    question = wordings.rotate(phrases.ACCEPT, view.state)
    return [Directive(move=Move.ACCEPT, step=view.step, lead=question, criterion=target.criterion)]


def _missing_ground(view: TurnView) -> list[Directive]:
    criterion = ground_is_missing(view)
    if criterion is None:
        return []
    question = wordings.probe(criterion, view.state)
    if question is None:
        return []
    lead = wordings.rotate(phrases.BEFORE_THE_MODEL, view.state) if not view.answers else ""
    return [Directive(move=Move.ASK_GROUND, step=criterion.step, lead=lead, question=question.text, criterion=criterion.id, opens=criterion.step)]


def _asked_to_advance(view: TurnView) -> list[Directive]:
    if not view.wants_next or view.speaks_at_length:
        return []
    target = view.named_step or view.next_step()
    if target is None:
        return _return_or_finish(view)
    if target is view.step and view.named_step is not None:
        return []
    opener = _opener(target, view.state, view.brief)
    lead = wordings.rotate(phrases.FOLLOW, view.state).format(step=target.spoken) if view.named_step else "Okay."
    return [_with_feedback(view, Directive(move=Move.ADVANCE, step=target, lead=lead, question=opener, opens=target, parks=view.left_open()))]


def _wants_to_park(view: TurnView) -> list[Directive]:
    if not view.has(IntakeKind.PARK) or view.state.question is None or view.state.question.criterion is None:
        return []
    lead = wordings.rotate(phrases.PARKED, view.state)
    return [Directive(move=Move.PARK, step=view.step, lead=lead, parks=(view.state.question.criterion,))]


# --- what was just said ----------------------------------------------------------------------------------------


def _wrong_claim(view: TurnView) -> list[Directive]:
    for flag_id in (*view.new_flags, *view.held_on):
        flag = view.brief.flag_by_id.get(flag_id)
        if flag is None or view.state.ledger.pressed.get(flag_id, 0) >= len(flag.presses):
            continue
        said = view.state.ledger.flags[flag_id][-1].quote
        question = wordings.press_flag(flag, view.state, said=said)
        if question is not None:
            asked_for = flag.criterion if flag.criterion in view.brief.criterion_by_id else None
            return [
                Directive(
                    move=Move.PRESS, step=view.step, question=question.text, criterion=asked_for, about=flag_id, opens=view.follow
                )
            ]
    return []


def _tension(view: TurnView) -> list[Directive]:
    ledger = view.state.ledger
    for tension in view.brief.case.tensions:
        first, second = tension.between
        if tension.id in ledger.resolved or tension.id in ledger.pressed:
            continue
        if first not in ledger.choices or second not in ledger.choices or not {first, second} & set(view.new_choices):
            continue
        sides = (view.brief.choice_by_id[first], view.brief.choice_by_id[second])
        question = wordings.press_tension(tension, sides, (ledger.choices[first], ledger.choices[second]), view.state)
        if question is not None:
            return [
                Directive(
                    move=Move.PRESS,
                    step=view.step,
                    question=question.text,
                    criterion=tension.criterion,
                    about=tension.id,
                    opens=view.follow,
                )
            ]
    return []


def _rambles(view: TurnView) -> list[Directive]:
    if view.words < 350 or view.answers:
        return []
    lead = wordings.rotate(phrases.INTERRUPT, view.state)
    following = _probe(view) or _deepen(view)
    if not following:
        return []
    first = following[0]
    return [first.model_copy(update={"move": Move.INTERRUPT, "lead": lead})]


def _little_time(view: TurnView) -> list[Directive]:
    total = view.budget.total
    target = view.next_step()
    if total is None or target is None or view.state.warned >= 1:
        return []
    left = total - view.budget.wrap_up - view.state.elapsed
    needed = sum((view.budget.steps or {}).get(step, 0) for step in view.state.untouched)
    if left > 0.27 * total or needed < 0.5 * left:
        return []
    opener = _opener(target, view.state, view.brief)
    minutes = max(1, round((left + view.budget.wrap_up) / 60))
    lead = wordings.rotate(phrases.MINUTES_LEFT, view.state).format(minutes=minutes, step=target.spoken)
    return [Directive(move=Move.TIME_WARNING, step=target, lead=lead, question=opener, opens=target, parks=view.left_open())]


def _only_asked(view: TurnView) -> list[Directive]:
    """Nothing but clarifying questions, or a pleasantry: answer, and leave the floor to the candidate."""
    if view.speaks:
        return []
    if view.answers:
        return [Directive(move=Move.CLARIFY, step=view.step)]
    if view.was_offered:
        return []
    if view.only({IntakeKind.PLEASANTRY, IntakeKind.CONSENT, IntakeKind.REFUSAL}) and view.state.listens < 2 and not view.state.question:
        return [Directive(move=Move.LISTEN, step=view.step, lead=wordings.rotate(phrases.LISTEN, view.state))]
    return []


def _talk(view: TurnView) -> list[Directive]:
    """Follow the latest point before changing topic: deepen, press a choice, ask to elaborate, listen, probe."""
    order: list[Callable[[TurnView], list[Directive]]]
    if view.out_of_questions or view.step_time_is_up:
        order = [_finish_step]
    elif view.leads:
        order = [_dive_on, _elaborate, _press_choice, _deepen, _listen, _again, _probe, _finish_step]
    else:
        order = [_dive_on, _press_choice, _elaborate, _listen, _deepen, _again, _probe, _finish_step]
    moves: list[Directive] = []
    for rule in order:
        if rule is _finish_step and moves:
            break
        moves += rule(view)
    return moves


def _dive_on(view: TurnView) -> list[Directive]:
    """Stay with a deep dive up to three questions deep, while the candidate keeps answering."""
    dive = view.state.dive
    if dive is None or view.state.dive_depth >= 3 or not view.speaks or dive not in view.brief.criterion_by_id:
        return []
    return _deeper(view, dive, said=view.latest_words)


def _deepen(view: TurnView) -> list[Directive]:
    if view.state.dive is not None or len(view.state.ledger.dives) >= view.budget.dives:
        return []
    for criterion_id in view.new_evidence:
        criterion = view.brief.criterion_by_id[criterion_id]
        if criterion_id in view.state.ledger.dives or not (criterion.core or criterion.weight == 3):
            continue
        found = _deeper(view, criterion_id, said=view.quote_of(criterion_id))
        if found:
            return found
    return []


def _deeper(view: TurnView, criterion_id: str, *, said: str) -> list[Directive]:
    criterion = view.brief.criterion_by_id[criterion_id]
    question = wordings.follow_up(criterion, view.state, said=said)
    if question is None:
        return []
    return [Directive(move=Move.DEEPEN, step=view.step, question=question.text, criterion=criterion_id, opens=view.follow)]


def _press_choice(view: TurnView) -> list[Directive]:
    """Sound choices are pressed in the words in which wrong ones are, so that being pressed tells nothing."""
    if view.state.presses and view.state.next_index - view.state.presses[-1] < 5:
        return []
    for choice_id in view.new_choices:
        choice: Choice = view.brief.choice_by_id[choice_id]
        if choice_id in view.state.ledger.pressed or not choice.presses:
            continue
        question = wordings.press_choice(choice, view.state)
        if question is not None:
            return [Directive(move=Move.PRESS, step=view.step, question=question.text, about=choice_id, opens=view.follow)]
    return []


def _elaborate(view: TurnView) -> list[Directive]:
    """On a doubtful match, ask to elaborate instead of asking as if nothing had been said."""
    for criterion_id in view.new_doubts:
        criterion = view.brief.criterion_by_id[criterion_id]
        entry = view.state.ledger.entry(criterion_id)
        if entry.covered or entry.spent or len(entry.asked) >= 2 or not (criterion.core or criterion.weight >= 2):
            continue
        if criterion.step not in {view.step, view.follow}:
            continue
        said = view.doubt_of(criterion_id)
        question = wordings.fill(phrases.ELABORATE, view.state, said=said, topic=wordings.topic_of(criterion))
        if question is not None and question.quote is not None:
            return [Directive(move=Move.PROBE, step=view.step, question=question.text, criterion=criterion_id, opens=view.follow)]
    return []


def _listen(view: TurnView) -> list[Directive]:
    if not view.productive or view.state.listens >= view.budget.listens or view.step_is_done:
        return []
    if view.leads and len(view.new_evidence) < 2:
        return []
    return [Directive(move=Move.LISTEN, step=view.follow or view.step, lead=wordings.rotate(phrases.LISTEN, view.state), opens=view.follow)]


def _again(view: TurnView) -> list[Directive]:
    """A push that failed is tried once more from another side, then the subject is dropped."""
    asked = view.failed_push
    if asked is None or not view.brief.criterion_by_id[asked].core:
        return []
    criterion = view.brief.criterion_by_id[asked]
    question = wordings.probe(criterion, view.state)
    if question is None:
        return []
    lead = wordings.rotate(phrases.ANOTHER_SIDE, view.state)
    return [Directive(move=Move.NUDGE, step=view.step, lead=lead, question=question.text, criterion=asked, opens=view.follow)]


def _probe(view: TurnView) -> list[Directive]:
    step = view.follow or view.step
    if view.state.ledger.steps[step].probes >= view.budget.step_probes[step]:
        return []
    moves: list[Directive] = []
    for criterion in view.open_criteria(step):
        question = wordings.probe(criterion, view.state)
        if question is not None:
            lead = view.acknowledgement()
            moves.append(Directive(move=Move.PROBE, step=step, lead=lead, question=question.text, criterion=criterion.id, opens=view.follow))
        if len(moves) == 2:
            break
    return moves


# --- the end of a step -----------------------------------------------------------------------------------------


def _finish_step(view: TurnView) -> list[Directive]:
    return _twist(view) or _hand_over(view) or _advance(view) or _return_or_finish(view)


def _twist(view: TurnView) -> list[Directive]:
    ledger = view.state.ledger
    if len(ledger.twists) >= view.budget.twists or view.out_of_questions or view.step_time_is_up:
        return []
    for twist in view.brief.case.twists:
        if twist.id not in ledger.twists and twist.after is view.step and ledger.steps[view.step].probes:
            criterion = twist.criterion if twist.criterion in view.brief.criterion_by_id else None
            return [Directive(move=Move.TWIST, step=view.step, question=twist.text, criterion=criterion, about=twist.id)]
    return []


def _hand_over(view: TurnView) -> list[Directive]:
    if view.leads or view.state.listens or view.next_step() is None or view.step_time_is_up:
        return []
    if view.state.header.mode is not Mode.MOCK or view.was_offered:
        return []
    return [Directive(move=Move.HAND_OVER, step=view.step, lead=wordings.rotate(phrases.HAND_OVER, view.state))]


def _advance(view: TurnView) -> list[Directive]:
    target = view.next_step()
    if target is None:
        return []
    lead = view.acknowledgement()
    if view.step_time_is_up:
        lead = wordings.rotate(phrases.OUT_OF_TIME, view.state).format(step=view.step.spoken)
    opener = _opener(target, view.state, view.brief)
    return [_with_feedback(view, Directive(move=Move.ADVANCE, step=target, lead=lead, question=opener, opens=target, parks=view.left_open()))]


def _with_feedback(view: TurnView, directive: Directive) -> Directive:
    """In Coach mode a step is left with what was heard in it and what was not."""
    if view.state.header.mode is not Mode.COACH or view.step in view.state.feedback_given:
        return directive
    heard = [criterion.name for criterion in view.brief.of_step(view.step) if view.state.ledger.covered(criterion.id)]
    missed = [criterion.name for criterion in view.brief.of_step(view.step) if not view.state.ledger.touched(criterion.id)]
    parts = [f"On {view.step.spoken} I heard: {_listed(heard)}." if heard else f"On {view.step.spoken} I heard little that I could note."]
    if missed:
        parts.append(f"Not heard: {_listed(missed[:3])}.")
    return directive.model_copy(update={"move": Move.FEEDBACK, "lead": " ".join([*parts, directive.lead]).strip()})


def _listed(names: list[str]) -> str:
    lowered = [name[0].lower() + name[1:] if not name[:2].isupper() else name for name in names]
    return ", ".join(lowered)


def _return_or_finish(view: TurnView) -> list[Directive]:
    """All steps were opened: come back to what was left open, then to the candidate's own questions."""
    if view.state.invited:
        if view.may_end:
            return [Directive(move=Move.WRAP_UP, step=view.step, lead=wordings.rotate(phrases.WRAP_UP, view.state), ends=EndReason.COMPLETED)]
        return [Directive(move=Move.LISTEN, step=view.step, question=wordings.rotate(phrases.ANYTHING_ELSE, view.state))]
    if not view.out_of_questions:
        for criterion in view.left_over():
            question = wordings.probe(criterion, view.state)
            if question is not None:
                lead = wordings.rotate(phrases.LEFT_OPEN, view.state).format(step=criterion.step.spoken)
                opens = criterion.step if criterion.step is not view.step else None
                return [
                    Directive(
                        move=Move.PROBE,
                        step=criterion.step,
                        lead=lead if opens else view.acknowledgement(),
                        question=question.text,
                        criterion=criterion.id,
                        opens=opens,
                    )
                ]
    return [Directive(move=Move.QUESTIONS, step=view.step, lead="", question=wordings.rotate(phrases.QUESTIONS, view.state))]


_RULES: tuple[Rule, ...] = (
    _asked_to_end,
    _time_is_up,
    _declined,
    _hint,
    _closing,
    _does_not_know,
    _missing_ground,
    _wants_to_park,
    _asked_to_advance,
    _wrong_claim,
    _tension,
    _only_asked,
    _little_time,
    _rambles,
    _talk,
)
