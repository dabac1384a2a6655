"""What has to be answered before anything else: facts, questions handed back, requests declined."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain import phrases
from app.domain.catalog import Brief
from app.domain.directive import Answer
from app.domain.events import CandidateMessage, Segment
from app.domain.interview import InterviewState
from app.domain.kinds import IntakeKind
from app.domain.wordings import once, rotate
from app.services.intake import delegates

_DECLINED = (
    IntakeKind.UNREADABLE,
    IntakeKind.MANIPULATION,
    IntakeKind.ASKS_ANSWER,
    IntakeKind.ASKS_SCORE,
    IntakeKind.OFF_TOPIC,
)


def answers_owed(
    message: CandidateMessage, segments: Sequence[Segment], *, state: InterviewState, brief: Brief
) -> tuple[Answer, ...]:
    """The answers to a message's questions, in the order in which they were asked; one refusal at most.

    Facts come in the words of the case, the same each time. A decision is handed back; the last one as
    a question, if nothing else in the message calls for one. What the case does not say becomes an
    assumption of the candidate's.
    """
    answers: list[Answer] = []
    questions = [segment for segment in segments if segment.kind is IntakeKind.QUESTION]
    unknown = [segment for segment in questions if segment.fact is None and segment.decision is None]
    for segment in questions:
        if segment.fact is not None and all(answer.fact != segment.fact for answer in answers):
            fact = brief.fact_by_id[segment.fact]
            before = f"{phrases.AS_BEFORE} " if segment.fact in state.ledger.facts else ""
            answers.append(Answer(text=before + _lowered(fact.answer, bool(before)), fact=fact.id))
    handed = [segment.decision for segment in questions if segment.decision is not None]
    for place, decision_id in enumerate(dict.fromkeys(handed)):
        decision = brief.decision_by_id[decision_id]
        last = place == len(dict.fromkeys(handed)) - 1
        if last and not _has_content(segments):
            answers.append(Answer(text=decision.reply, decision=decision.id, asks="?" in decision.reply))
        else:
            answers.append(Answer(text=rotate(phrases.YOUR_CALL, state, salt=place), decision=decision.id))
    if unknown and not (handed and all(delegates(message.content[part.start : part.end]) for part in unknown)):
        answers.append(_unknown(message, unknown, state=state))
    if any(segment.kind is IntakeKind.ASSUMPTION and _is_asked(message, segment) for segment in segments):
        answers.append(Answer(text=rotate(phrases.TAKE_AS_GIVEN, state)))
    refused = next((kind for kind in _DECLINED if any(segment.kind is kind for segment in segments)), None)
    if refused is not None:
        answers.insert(
            0, Answer(text=once(phrases.DECLINE[refused], state, again=phrases.DECLINE_AGAIN[refused]), declines=True)
        )
    return tuple(answers)


def _unknown(message: CandidateMessage, unknown: Sequence[Segment], *, state: InterviewState) -> Answer:
    texts = [message.content[segment.start : segment.end] for segment in unknown]
    if state.invited:
        return Answer(text=rotate(phrases.NOT_MINE, state))
    if all(delegates(text) for text in texts):
        return Answer(text=rotate(phrases.YOUR_CALL, state))
    return Answer(text=once(phrases.ASSUME, state, again=phrases.ASSUME_AGAIN))


def _has_content(segments: Sequence[Segment]) -> bool:
    """Whether more was said than questions, so that what follows may hold a question of its own."""
    return any(segment.kind not in {IntakeKind.QUESTION, IntakeKind.PLEASANTRY, *_DECLINED} for segment in segments)


def _is_asked(message: CandidateMessage, segment: Segment) -> bool:
    return message.content[segment.start : segment.end].rstrip("\"') ").endswith("?")


def _lowered(text: str, follows: bool) -> str:
    first = text.split(" ", 1)[0]
    keep = not follows or first.isupper() or any(ch.isdigit() for ch in first)
    return text if keep else text[0].lower() + text[1:]
