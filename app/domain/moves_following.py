"""Moves that follow what was just said: press, deepen, ask to elaborate, listen, probe."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from app.domain import phrases, wordings
from app.domain.case import Choice
from app.domain.directive import Directive
from app.domain.hinting import asked_about
from app.domain.kinds import IntakeKind, Move
from app.domain.moves_finishing import finish_step, go_to, return_or_finish
from app.domain.quoting import holds_number
from app.domain.speech import stems, weight, words_of
from app.domain.turn import NOT_FAINT, TurnView
from app.domain.vocabulary import Step
from app.domain.wordings import Question

_RAMBLING = 350
"""Words: about three minutes of speech."""
_SUBSTANTIAL = 12
"""Words from which an answer counts as one even if nothing in it was recognised."""
_CHANGES = re.compile(
    r"\b(?:that|this|it|what|which|nothing|everything|step|most|more|less)\b.{0,30}\bchang(?:es?|ed|ing)\b"
    r"|\bchanges? (?:nothing|everything|the most)\b",
    re.IGNORECASE,
)
"""What a changed constraint is answered with, in whatever words."""
_ON_TOPIC = 0.4
"""Of a point's words in a sentence, by weight: of another point's examples 9 in 10 have less, of its own 1 in 100."""
_LIKELY, _SURE = 0.5, 0.6
"""The matcher's scores from which a point of another step is taken up with a question, or dug into.

Of the calibration sentences in doubt at half or more, 4 in 5 were on the criterion; at less, 2 in 5.
"""
_DEEPEST, _DEEPEST_BESIDE = 3, 2
"""Questions of a deep dive, and of one beside those that are planned."""
_TIME_TO_DIG = 0.7
"""Share of the time up to which whoever is fast is asked something in each step that they have covered."""
_PRESSES_APART = 3
"""Messages, both sides counted, between a press and the next one, but for what is held on to.

With two presses in a row allowed, neutrality on the recordings was no better and fewer criteria were probed.
"""


def _ask(
    view: TurnView,
    move: Move,
    question: Question,
    *,
    criterion: str | None = None,
    about: str | None = None,
    lead: str = "",
) -> Directive:
    """A move that asks a question where the candidate now is."""
    return Directive(
        move=move,
        step=view.here,
        lead=lead,
        question=question.text,
        template=question.template,
        criterion=criterion,
        about=about,
        opens=view.follow,
    )


def _press_claim(view: TurnView, flags: Iterable[str], *, at_once: bool = True) -> list[Directive]:
    for flag_id in flags:
        flag = view.brief.flag_by_id.get(flag_id)
        if flag is None or view.state.ledger.pressed.get(flag_id, 0) >= len(flag.presses):
            continue
        said = view.state.ledger.flags[flag_id][-1].quote
        quoter = view.brief.flag_quoter(flag_id)
        question = wordings.press_flag(flag, view.state, said=said, quoter=quoter, earlier=not at_once)
        if question is not None:
            asked_for = flag.criterion if flag.criterion in view.brief.criterion_by_id else None
            return [_ask(view, Move.PRESS, question, criterion=asked_for, about=flag_id)]
    return []


def tension(view: TurnView) -> list[Directive]:
    """Ask about two choices that do not go together, once both were surely heard."""
    ledger = view.state.ledger
    sure = ledger.sure_choices
    for tension in view.brief.case.tensions:
        first, second = tension.between
        if tension.id in ledger.resolved or tension.id in ledger.pressed:
            continue
        if first not in sure or second not in sure or not {first, second} & set(view.new_choices):
            continue
        quoters = (view.brief.choice_quoter(first), view.brief.choice_quoter(second))
        question = wordings.press_tension(tension, (sure[first], sure[second]), view.state, quoters=quoters)
        if question is not None:
            return [_ask(view, Move.PRESS, question, criterion=tension.criterion, about=tension.id)]
    return []


def rambles(view: TurnView) -> list[Directive]:
    """Interrupt a message of several minutes, with a question that leads on."""
    if view.words < _RAMBLING or view.answers:
        return []
    lead = wordings.rotate(phrases.INTERRUPT, view.state)
    following = _probe(view) or _deepen(view)
    if not following:
        return []
    first = following[0]
    return [first.model_copy(update={"move": Move.INTERRUPT, "lead": lead})]


def asked_for_more(view: TurnView) -> list[Directive]:
    """The candidate asks whether anything else is wanted: what is open here, the next step, what was left open."""
    if not view.has(IntakeKind.ASKS_MORE) or view.state.invited or any(one.fact for one in view.answers):
        return []
    target = view.next_step()
    following = _probe(view) or ([] if target is None else go_to(view, target)) or return_or_finish(view)
    if not following or following[0].move is Move.QUESTIONS:
        return following
    lead = wordings.rotate(phrases.ONE_MORE_THING, view.state)
    if following[0].move is Move.FEEDBACK:
        lead = f"{lead} {following[0].lead}"
    return [following[0].model_copy(update={"lead": lead})]


def talk(view: TurnView) -> list[Directive]:
    """Follow the latest point before changing topic: press, deepen, ask to elaborate, listen, probe."""
    order: list[Callable[[TurnView], list[Directive]]]
    if view.out_of_questions or view.step_time_is_up:
        order = [_press, finish_step]
    elif _passes_over_twist(view):
        text = wordings.rotate(phrases.WITH_THE_TWIST, view.state)
        return [_ask(view, Move.CLARIFY, Question(text=text, template=text))]
    elif view.leads:
        order = [_press, _dive_on, _elaborate, _deepen, _listen, _again, _probe, finish_step]
    else:
        order = [_press, _dive_on, _deepen, _elaborate, _listen, _again, _probe, finish_step]
    moves: list[Directive] = []
    for rule in order:
        if rule is finish_step and moves:
            break
        moves += rule(view)
    return moves


def _passes_over_twist(view: TurnView) -> bool:
    """Whether a constraint has just changed and what is said has no word of it, of a change, nor of its point."""
    asked = view.state.question
    if asked is None or asked.move is not Move.TWIST or asked.text in phrases.WITH_THE_TWIST:
        return False
    if view.own_words < _SUBSTANTIAL or view.wants_next:
        return False
    if asked.criterion in (*view.new_evidence, *view.new_doubts):
        return False
    if any(_CHANGES.search(message.content) for message in view.messages):
        return False
    said = {word for message in view.messages for word in stems(message.content)}
    return not said & stems(asked.text)


def _dive_on(view: TurnView) -> list[Directive]:
    """Stay with a deep dive up to three questions deep, while the candidate keeps answering."""
    dive = view.state.dive
    deepest = _DEEPEST if len(view.state.ledger.dives) <= view.budget.dives else _DEEPEST_BESIDE
    if dive is None or view.state.dive_depth >= deepest or not view.speaks or dive not in view.brief.criterion_by_id:
        return []
    if view.goes_to not in {None, view.brief.criterion_by_id[dive].step}:
        return []
    on_topic = dive in (*view.new_evidence, *view.new_doubts)
    if not on_topic and (view.new_evidence or view.words < _SUBSTANTIAL or not _speaks_of(view, dive)):
        return []
    if dive in view.new_evidence:
        return _deeper(view, dive, said=view.quote_of(dive))
    return _deeper(view, dive, said=view.doubt_of(dive) if dive in view.new_doubts else view.latest_words)


def _speaks_of(view: TurnView, criterion: str) -> bool:
    """Whether the latest words hold some of those in which a criterion is spoken of."""
    return weight(stems(view.latest_words), view.brief.criterion_topics[criterion]) >= _ON_TOPIC


def _deepen(view: TurnView) -> list[Directive]:
    if view.state.dive is not None:
        return []
    for criterion_id in view.new_evidence:
        criterion = view.brief.criterion_by_id[criterion_id]
        if criterion_id in view.state.ledger.dives or not (criterion.core or criterion.weight == 3):
            continue
        if not _may_dive(view, criterion.step):
            continue
        if view.goes_to not in {None, criterion.step}:
            continue
        if criterion.step.number < Step.DATA.number:  # a goal is not a place to dig
            continue
        if criterion.step not in {view.step, view.follow} and view.evidence_score(criterion_id) < _SURE:
            continue
        found = _deeper(view, criterion_id, said=view.quote_of(criterion_id))
        if found:
            return found
    return []


def _may_dive(view: TurnView, step: Step) -> bool:
    """Whether a dive is left; beside it, while there is time, one for a step in which nothing was asked.

    Where the interviewer leads, it asks in each step as it is.
    """
    if len(view.state.ledger.dives) < view.budget.dives:
        return True
    if view.leads:
        return False
    total = view.budget.total
    in_time = total is None or view.state.elapsed < _TIME_TO_DIG * total
    dived = {
        view.brief.criterion_by_id[dive].step for dive in view.state.ledger.dives if dive in view.brief.criterion_by_id
    }
    return in_time and step not in dived and not view.state.ledger.steps[step].probes


def _deeper(view: TurnView, criterion_id: str, *, said: str) -> list[Directive]:
    criterion = view.brief.criterion_by_id[criterion_id]
    waits = view.state.question
    beside = waits.text if waits is not None and criterion_id in asked_about(view.state, view.brief) else ""
    quoter = view.brief.criterion_quoter(criterion_id)
    question = wordings.follow_up(
        criterion, view.state, said=said, quoter=quoter, beside=beside, in_numbers=view.in_numbers
    )
    if question is None:
        return []
    if view.answers or _went_on(view, said):
        question = wordings.grounded(question, view.state, said=said, quoter=quoter)
    return [_ask(view, Move.DEEPEN, question, criterion=criterion_id)]


def _went_on(view: TurnView, said: str) -> bool:
    """Whether more than a few words were said after something."""
    content = next((message.content for message in reversed(view.messages) if said in message.content), "")
    return len(words_of(content.rpartition(said)[2])) >= _SUBSTANTIAL


def _press(view: TurnView) -> list[Directive]:
    """Press what is held on to, or what was just said or a little before and is still unpressed, wrong or sound alike.

    Whether one presses at all does not depend on what was said, so that being pressed tells little.
    """
    if not view.speaks or not view.may_press:
        return []
    presses = view.state.presses
    too_soon = bool(presses) and view.state.next_index - presses[-1] < _PRESSES_APART
    return _press_claim(view, view.held_on) or ([] if too_soon else _press_unpressed(view))


def _press_unpressed(view: TurnView) -> list[Directive]:
    return (
        _press_claim(view, view.new_flags)
        or _press_claim(view, view.waiting_flags, at_once=False)
        or _press_choice(view, view.new_sure_choices)
        or _press_choice(view, view.waiting_choices, at_once=False)
    )


def _press_choice(view: TurnView, choices: Iterable[str], *, at_once: bool = True) -> list[Directive]:
    """Sound choices are pressed in the words of wrong claims, again when made again, so that pressing tells little."""
    for choice_id in choices:
        choice: Choice = view.brief.choice_by_id[choice_id]
        if view.state.ledger.pressed.get(choice_id, 0) >= len(choice.presses):
            continue
        quoter = view.brief.choice_quoter(choice_id)
        question = wordings.press_choice(choice, view.state, quoter=quoter, earlier=not at_once)
        if question is not None:
            return [_ask(view, Move.PRESS, question, about=choice_id)]
    return []


def _elaborate(view: TurnView) -> list[Directive]:
    """On a doubtful match, ask to elaborate instead of asking as if nothing had been said."""
    for criterion_id in view.new_doubts:
        criterion = view.brief.criterion_by_id[criterion_id]
        entry = view.state.ledger.entry(criterion_id)
        if entry.covered or entry.asked or entry.given_up or not (criterion.core or criterion.weight >= 2):
            continue
        likely = view.doubt_score(criterion_id)
        if likely < NOT_FAINT:  # a clarifying question among them, which is not to be elaborated on
            continue
        if criterion.step not in {view.step, view.follow} and (view.leads or likely < _LIKELY):
            continue
        said = view.doubt_of(criterion_id)
        quote = view.brief.criterion_quoter(criterion_id).pick(said) if said is not None else None
        if quote is None:
            continue
        options = phrases.ELABORATE_ON_AMOUNT if holds_number(quote) else phrases.ELABORATE[criterion.step]
        question = wordings.quoting(wordings.rotated(options, view.state), view.state, quote=quote)
        if question is not None:
            return [_ask(view, Move.PROBE, question, criterion=criterion_id)]
    return []


def _listen(view: TurnView) -> list[Directive]:
    if not view.productive or view.state.listens >= view.budget.listens or view.step_is_done:
        return []
    if view.leads and len(view.new_evidence) < 2:
        return []
    last = view.here is view.state.header.steps[-1] and len(view.state.header.steps) > 1
    if last and len(view.new_evidence) >= 2:  # much of it was said at once
        return []
    return [Directive(move=Move.LISTEN, step=view.here, lead=view.encouragement(), opens=view.follow)]


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
    return [_ask(view, Move.NUDGE, question, criterion=asked, lead=lead)]


def _probe(view: TurnView) -> list[Directive]:
    step = view.follow or view.step
    if view.state.ledger.steps[step].probes >= view.budget.step_probes[step]:
        return []
    moves: list[Directive] = []
    for criterion in view.open_criteria(step):
        question = wordings.probe(criterion, view.state)
        if question is not None:
            moves.append(_ask(view, Move.PROBE, question, criterion=criterion.id, lead=view.acknowledgement()))
        if len(moves) == 2:
            break
    return moves
