"""What has to be answered before anything else: facts, questions handed back, requests declined."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain import phrases
from app.domain.case import Fact
from app.domain.catalog import Brief
from app.domain.directive import Answer
from app.domain.events import CandidateMessage, InterviewerMessage, Segment
from app.domain.interview import InterviewState
from app.domain.kinds import IntakeKind
from app.domain.moves_asked_back import ALL_THE_SAME, offers_readings, seeks_more
from app.domain.speech import sentences, stems
from app.domain.turn import count_words
from app.domain.wordings import once, rotate
from app.services import cues, steering
from app.services.intake import bare, delegates
from app.services.procedure import about_procedure

_NAMED_BY = 10
"""Words of a question that is quoted in its answer, at most."""
_ONCE_MORE = 0.6
"""Of a question's words in a fact and in the questions that it answers: as many or more ask for the fact."""
_REMEMBERED = 0.6
_LEAST_RECALLED = 3
"""Of the words in which a fact is recalled those that are in it, as a share and as a number: fewer recall another."""
_HIS_ANSWER = {IntakeKind.ASKS_OPINION, IntakeKind.ASKS_ANSWER}
_GOES_ON = {
    IntakeKind.HINT_REQUEST,
    IntakeKind.CONSENT,
    IntakeKind.DONT_KNOW,
    IntakeKind.ADVANCE,
    IntakeKind.PARK,
    IntakeKind.END,
}
"""Beside these, whoever doubts a choice gets what they ask for, and no question about the doubt."""
_DECLINED = (
    IntakeKind.UNREADABLE,
    IntakeKind.MANIPULATION,
    IntakeKind.ASKS_ANSWER,
    IntakeKind.ASKS_SCORE,
    IntakeKind.ASKS_OPINION,
    IntakeKind.OFF_TOPIC,
)


def answers_owed(
    message: CandidateMessage, segments: Sequence[Segment], *, state: InterviewState, brief: Brief
) -> tuple[Answer, ...]:
    """The answers to a message's questions, in the order in which they were asked; one refusal at most.

    Facts come in the words of the case, the same each time; the nearest one, so called, where it is not sure which
    was asked for. A decision is handed back; the last one as a question, if nothing else in the message calls for
    one. What the case does not say becomes an assumption of the candidate's, if they have not made one already.
    Among several answers those two name the question that they answer. Where something is declined, nothing else
    is refused beside it.
    """
    questions = [segment for segment in segments if segment.kind is IntakeKind.QUESTION]
    open_ones = [
        segment
        for segment in questions
        if segment.fact is None and segment.decision is None and not _is_assumed(message, segment, segments)
    ]
    beyond = [one for one in questions if _goes_beyond(message, one, state=state, brief=brief)]
    questions = [one for one in questions if one not in beyond]
    answers = _facts(message, questions, state=state, brief=brief)
    put_right = _misremembered(message, segments, answers, state=state, brief=brief)
    answers += put_right
    if beyond:
        answers.append(Answer(text=rotate(phrases.NOT_MINE if state.invited else phrases.NOTHING_BEYOND, state)))
    answers += _procedure(message, segments, state=state, brief=brief)
    answers += [] if put_right else _leave(message, segments, state=state)
    answers += _nothing_narrower(message, segments, state=state)
    answers += _either_reading(message, segments, state=state)
    given = [answer.fact for answer in answers if answer.fact is not None]
    unknown = [segment for segment in open_ones if not _asks_on(message, segment, segments, given, state=state)]
    if len(unknown) < len(open_ones) and not beyond:
        answers += _of_what_was_said(
            message, [s for s in open_ones if s not in unknown], given, state=state, brief=brief
        )
    unknown = [segment for segment in unknown if segment.near not in given]
    if any(segment.kind is IntakeKind.HINT_REQUEST for segment in segments):
        unknown = [one for one in unknown if one.near is not None]  # a guess beside it; the hint is the answer
    nearly = _nearest(unknown, given, state=state, brief=brief)
    if nearly is not None:
        answers.append(nearly)
        unknown = [segment for segment in unknown if segment.near != nearly.fact]
    refused = next((kind for kind in _DECLINED if any(segment.kind is kind for segment in segments)), None)
    sorry_before = any(text in said for said in state.ledger.said_by_interviewer[-1:] for text in phrases.SORRY)
    if any(segment.kind is IntakeKind.OBJECTION for segment in segments) and not sorry_before:
        answers.insert(0, Answer(text=rotate(phrases.SORRY, state)))
    if refused is None:
        left = _left_to_the_candidate(message, questions, unknown, segments, answers, state=state, brief=brief)
        if any(answer.decision is not None for answer in left):  # says it of all that is theirs to decide
            answers = [answer for answer in answers if answer.text not in phrases.YOUR_CALL]
        answers += left
    if any(segment.kind is IntakeKind.ASSUMPTION and _is_asked(message, segment) for segment in segments):
        answers.append(Answer(text=rotate(phrases.TAKE_AS_GIVEN, state)))
    if refused is not None:
        no = _refusal(refused, message, segments, state=state)
        answers.insert(len(answers) if no.asks else 0, no)
    return tuple(answers)


def _leave(message: CandidateMessage, segments: Sequence[Segment], *, state: InterviewState) -> list[Answer]:
    """A word to who asks how to go on, or for a decision in the design; where to go is said by the move."""
    said: list[str] = []
    for one in segments:
        if one.kind is IntakeKind.ASKS_LEAVE and not _is_elsewhere(one, state):
            text = message.content[one.start : one.end]
            said.append(rotate(_granted(text), state))
        elif one.kind is IntakeKind.ASKS_DECISION:
            said.append(rotate(phrases.YOUR_CALL, state))
    return [Answer(text=text) for text in dict.fromkeys(said)]


def _granted(text: str) -> tuple[str, ...]:
    """What is said to who asks for leave: a guess may stand, going on is granted, anything else is theirs to decide."""
    if cues.ASKS_IF_MEANT.search(text):
        return phrases.NO_SET_ANSWER
    if cues.asks_for_a_nod(text):
        return phrases.LET_IT_STAND
    if cues.OFFERS_SUMS.search(text):
        return phrases.GRANTED
    one_way = cues.EITHER_OR.search(text) is None or steering.OR_GO_ON.search(text) is not None
    return phrases.GRANTED if one_way and steering.OF_THE_COURSE.search(text) is not None else phrases.YOUR_CALL


def _is_elsewhere(asks: Segment, state: InterviewState) -> bool:
    """Whether leave is asked for to go to another step of the plan, which the move says."""
    return asks.step is not None and asks.step is not state.step and asks.step in state.header.steps


def _refusal(
    kind: IntakeKind, message: CandidateMessage, segments: Sequence[Segment], *, state: InterviewState
) -> Answer:
    """No, in words for what was asked for; who doubts a choice of their own is asked why, a few times at most.

    Half a sentence to who does not know and asks for the interviewer's answer, as the offer of a hint follows.
    """
    asked = [message.content[one.start : one.end] for one in segments if one.kind is kind]
    stays = not any(segment.kind in _GOES_ON for segment in segments) and not state.invited
    if kind is IntakeKind.ASKS_OPINION and stays and any(map(cues.DOUBTS_OWN.match, asked)):
        text = once(phrases.WHY_DOUBT, state, again=phrases.DECLINE_AGAIN[kind])
        return Answer(text=text, declines=True, asks=text in phrases.WHY_DOUBT)
    if kind in _HIS_ANSWER and any(segment.kind is IntakeKind.DONT_KNOW for segment in segments):
        return Answer(text=rotate(phrases.DECLINE_BESIDE, state), declines=True)
    gave_his = any(segment.kind is IntakeKind.ANSWER for segment in segments) and not state.invited
    if kind is IntakeKind.ASKS_OPINION and gave_his:
        return Answer(text=rotate(phrases.GO_WITH_YOURS, state), declines=True)
    return Answer(text=once(phrases.DECLINE[kind], state, again=phrases.DECLINE_AGAIN[kind]), declines=True)


def _facts(
    message: CandidateMessage, questions: Sequence[Segment], *, state: InterviewState, brief: Brief
) -> list[Answer]:
    answers: list[Answer] = []
    asked = {segment.fact: segment for segment in reversed(questions) if segment.fact is not None}
    for fact_id in dict.fromkeys(segment.fact for segment in questions if segment.fact is not None):
        fact = brief.fact_by_id[fact_id]
        if fact_id in _last_facts(state) and _is_what_it_says(message, asked[fact_id], fact):
            answers.append(Answer(text=rotate(phrases.YES_THE_SAME, state), fact=fact.id))
            continue
        before = f"{phrases.AS_BEFORE} " if fact_id in state.ledger.facts else ""
        answers.append(Answer(text=before + _lowered(fact.answer, bool(before)), fact=fact.id))
    return answers


def _misremembered(
    message: CandidateMessage,
    segments: Sequence[Segment],
    given: Sequence[Answer],
    *,
    state: InterviewState,
    brief: Brief,
) -> list[Answer]:
    """Facts that were given and are recalled as their opposite ("since you said the inputs are kept"), once more."""
    known = [brief.fact_by_id[fact] for fact in state.ledger.facts if fact not in {one.fact for one in given}]
    answers: dict[str, Answer] = {}
    for segment in segments:
        recalled = cues.BY_WHAT_YOU_SAID.search(message.content, segment.start, segment.end)
        if recalled is None or state.invited:
            continue
        what = recalled["what"].split(",")[0]
        fact = next((fact for fact in known if _is_turned_round(what, fact)), None)
        if fact is not None:
            answers[fact.id] = Answer(text=f"{phrases.AS_BEFORE} {_lowered(fact.answer, True)}", fact=fact.id)
    return list(answers.values())


def _is_turned_round(recalled: str, fact: Fact) -> bool:
    """Whether words recall a fact and affirm what a sentence of it denies."""
    asked = stems(recalled)
    if cues.DENIES.search(recalled) or len(asked & stems(fact.answer)) < max(_LEAST_RECALLED, _REMEMBERED * len(asked)):
        return False
    denied = [one.text for one in sentences(fact.answer) if cues.DENIES.search(one.text)]
    affirmed = stems(" ".join(one.text for one in sentences(fact.answer) if one.text not in denied))
    return any((stems(one) & asked) - affirmed for one in denied)


def _goes_beyond(message: CandidateMessage, question: Segment, *, state: InterviewState, brief: Brief) -> bool:
    """Whether a question is near to a fact that was given, but asks for something else than it once more."""
    fact = brief.fact_by_id.get(question.fact or "")
    if fact is None or fact.id not in state.ledger.facts:
        return False
    text = message.content[question.start : question.end]
    if cues.AGAIN.search(text) or (fact.id in _last_facts(state) and _is_what_it_says(message, question, fact)):
        return False
    asked = stems(text)
    known = stems(" ".join((fact.topic, fact.answer, *fact.asks)))
    return len(asked & known) < _ONCE_MORE * len(asked)


def _procedure(
    message: CandidateMessage, segments: Sequence[Segment], *, state: InterviewState, brief: Brief
) -> list[Answer]:
    """What is said of the course of the interview, once each."""
    asked = [segment for segment in segments if segment.kind is IntakeKind.ASKS_PROCEDURE]
    texts = [about_procedure(message.content[one.start : one.end], state=state, brief=brief) for one in asked]
    return [Answer(text=text) for text in dict.fromkeys(texts)]


def _is_what_it_says(message: CandidateMessage, question: Segment, fact: Fact) -> bool:
    """Whether a check of the fact that was just given ("is that what runs today?") is answered by its own words."""
    text = message.content[question.start : question.end]
    if not cues.CHECKS_FACT.search(text) or any(asks.search(text) for asks, _ in cues.FIGURES):
        return False
    asked = stems(text)
    return bool(asked) and asked <= stems(" ".join((fact.topic, fact.answer, *fact.asks)))


def _nothing_narrower(message: CandidateMessage, segments: Sequence[Segment], *, state: InterviewState) -> list[Answer]:
    """That nothing more is wanted, to who asks if something is; once invited, that is what the floor is for."""
    asked = [one for one in segments if one.kind is IntakeKind.ASKS_BACK]
    if state.invited or not any(seeks_more(message.content[one.start : one.end]) for one in asked):
        return []
    speaks = any(one.kind in {IntakeKind.ANSWER, IntakeKind.ASSUMPTION} for one in segments)
    return [Answer(text=rotate(phrases.NOTHING_NARROWER if speaks else phrases.IT_IS_OPEN, state))]


def _either_reading(message: CandidateMessage, segments: Sequence[Segment], *, state: InterviewState) -> list[Answer]:
    """That both will do, to who asks which of two things was meant and answers at length on one of them."""
    asked = [message.content[one.start : one.end] for one in segments if one.kind is IntakeKind.ASKS_BACK]
    own = count_words(message.content, [one for one in segments if one.kind is IntakeKind.ANSWER])
    if state.invited or own < ALL_THE_SAME or not any(map(offers_readings, asked)):
        return []
    return [Answer(text=rotate(phrases.EITHER_READING, state))]


def _asks_on(
    message: CandidateMessage,
    question: Segment,
    segments: Sequence[Segment],
    given: Sequence[str],
    *,
    state: InterviewState,
) -> bool:
    """Whether a question is about a fact that was just asked for, or given in the last reply ("is that p99?")."""
    if not cues.ASKS_ON_FACT.search(message.content[question.start : question.end]):
        return False
    before = any(one.fact is not None and one.start < question.start for one in segments)
    return before or (not given and bool(_last_facts(state)))


def _last_facts(state: InterviewState) -> tuple[str, ...]:
    """The facts in the interviewer's last message."""
    replies = (event for event in reversed(state.events) if isinstance(event, InterviewerMessage))
    last = next(replies, None)
    return last.facts if last is not None else ()


def _of_what_was_said(
    message: CandidateMessage,
    questions: Sequence[Segment],
    given: Sequence[str],
    *,
    state: InterviewState,
    brief: Brief,
) -> list[Answer]:
    """The fact again if it was given a message ago, and that there is no more where it leaves the question open."""
    answers: list[Answer] = []
    facts = list(given)
    if not facts:
        facts = list(_last_facts(state)[-1:])
        fact = brief.fact_by_id[facts[0]]
        answers.append(Answer(text=f"{phrases.AS_BEFORE} {_lowered(fact.answer, True)}", fact=fact.id))
    said = " ".join(brief.fact_by_id[fact].answer for fact in facts)
    if not all(_covers(said, message.content[one.start : one.end]) for one in questions):
        answers.append(Answer(text=rotate(phrases.NOTHING_BEYOND, state)))
    return answers


def _covers(fact: str, question: str) -> bool:
    """Whether a fact speaks of the kind of figure that a question is after (a percentile, a peak, a day)."""
    return any(asks.search(question) and states.search(fact) for asks, states in cues.FIGURES)


def _nearest(unknown: Sequence[Segment], given: Sequence[str], *, state: InterviewState, brief: Brief) -> Answer | None:
    """The fact that is nearest to a question, called no more than that; none that was given before."""
    if state.invited:
        return None
    near = [one.near for one in unknown if one.near not in {None, *given, *state.ledger.facts}]
    fact = brief.fact_by_id.get(near[0] or "") if near else None
    if fact is None:
        return None
    return Answer(
        text=f"{once(phrases.NEARLY, state, again=phrases.NEARLY)} {_lowered(fact.answer, True)}", fact=fact.id
    )


def _left_to_the_candidate(
    message: CandidateMessage,
    questions: Sequence[Segment],
    unknown: Sequence[Segment],
    segments: Sequence[Segment],
    answers: Sequence[Answer],
    *,
    state: InterviewState,
    brief: Brief,
) -> list[Answer]:
    """Decisions handed back, and what the case does not say."""
    if state.invited and any(answer.fact is not None for answer in answers):
        unknown = ()
    handed = {segment.decision: segment for segment in questions if segment.decision is not None}
    if state.invited and handed:  # asks how the company does it, as a guest would
        return [Answer(text=rotate(phrases.NOT_MINE, state))]
    asked = [segment for segment in segments if segment.kind in {IntakeKind.QUESTION, IntakeKind.ASKS_PROCEDURE}]
    several = len(asked) > 1 and len(answers) + len(handed) + bool(unknown) > 1
    left: list[Answer] = []
    if len(handed) + bool(unknown) > 1:
        return [Answer(text=rotate(phrases.ALL_YOURS, state), decision=next(iter(handed)))]
    for decision_id, segment in handed.items():
        decision = brief.decision_by_id[decision_id]
        about = _about(message, [segment], state=state) if several else ""
        asks = not _has_content(segments)
        text = decision.reply if asks else rotate(phrases.YOUR_CALL, state)
        left.append(
            Answer(text=about + _lowered(text, bool(about)), decision=decision.id, asks=asks and "?" in decision.reply)
        )
    if unknown:
        answer = _unknown(message, unknown, state=state)
        about = _about(message, unknown, state=state) if several else ""
        if several and not about and len(unknown) > 1:
            about = f"{rotate(phrases.AS_FOR_THE_REST, state)} "
        left.append(answer.model_copy(update={"text": about + _lowered(answer.text, bool(about))}))
    return left


def _unknown(message: CandidateMessage, unknown: Sequence[Segment], *, state: InterviewState) -> Answer:
    texts = [message.content[segment.start : segment.end] for segment in unknown]
    if state.invited:
        return Answer(text=rotate(phrases.NOT_MINE, state))
    if all(delegates(text) for text in texts):
        return Answer(text=rotate(phrases.YOUR_CALL, state))
    return Answer(text=once(phrases.ASSUME, state, again=phrases.ASSUME_AGAIN))


def _about(message: CandidateMessage, questions: Sequence[Segment], *, state: InterviewState) -> str:
    """Words that name what is answered, where it was asked in few words."""
    asked = [bare(message.content[part.start : part.end]).split(": ")[-1].strip(" ?.!,;:\"'") for part in questions]
    short = [text for text in asked if len(text.split()) <= _NAMED_BY]
    named = rotate(phrases.AS_FOR, state).replace("{asked}", short[0]) if len(short) == len(asked) == 1 else ""
    return f"{named} " if named else ""


def _has_content(segments: Sequence[Segment]) -> bool:
    """Whether more was said than questions, so that what follows may hold a question of its own."""
    return any(segment.kind not in {IntakeKind.QUESTION, IntakeKind.PLEASANTRY, *_DECLINED} for segment in segments)


def _is_assumed(message: CandidateMessage, question: Segment, segments: Sequence[Segment]) -> bool:
    """Whether the candidate goes on to assume something in the place of an answer, so that they need not be told to."""
    after = [one for one in segments if one.start > question.start and one.kind is not IntakeKind.QUESTION]
    if not after or after[0].kind is not IntakeKind.ASSUMPTION or _is_asked(message, after[0]):
        return False
    return cues.ASSUMES_INSTEAD.search(message.content[after[0].start : after[0].end]) is not None


def _is_asked(message: CandidateMessage, segment: Segment) -> bool:
    return message.content[segment.start : segment.end].rstrip("\"') ").endswith("?")


def _lowered(text: str, follows: bool) -> str:
    first = text.split(" ", 1)[0]
    keep = not follows or first.isupper() or first.startswith(("I'", "I’")) or any(ch.isdigit() for ch in first)
    return text if keep else text[0].lower() + text[1:]
