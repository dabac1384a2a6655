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
from app.services import cues
from app.services.intake import bare, delegates

_NAMED_BY = 10
"""Words of a question that is quoted in its answer, at most."""
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
    assumption of the candidate's, if they have not made one already. Among several answers those two
    name the question that they answer.
    """
    answers: list[Answer] = []
    questions = [segment for segment in segments if segment.kind is IntakeKind.QUESTION]
    unknown = [
        segment
        for segment in questions
        if segment.fact is None and segment.decision is None and not _is_assumed(message, segment, segments)
    ]
    for segment in questions:
        if segment.fact is not None and all(answer.fact != segment.fact for answer in answers):
            fact = brief.fact_by_id[segment.fact]
            before = f"{phrases.AS_BEFORE} " if segment.fact in state.ledger.facts else ""
            answers.append(Answer(text=before + _lowered(fact.answer, bool(before)), fact=fact.id))
    handed = {segment.decision: segment for segment in questions if segment.decision is not None}
    several = len(answers) + len(handed) + bool(unknown) > 1
    for place, (decision_id, segment) in enumerate(handed.items()):
        decision = brief.decision_by_id[decision_id]
        about = _about(message, [segment]) if several else ""
        if place == len(handed) - 1 and not _has_content(segments):
            text = about + _lowered(decision.reply, bool(about))
            answers.append(Answer(text=text, decision=decision.id, asks="?" in decision.reply))
        else:
            text = about + _lowered(rotate(phrases.YOUR_CALL, state, salt=place), bool(about))
            answers.append(Answer(text=text, decision=decision.id))
    if unknown and not (handed and all(delegates(message.content[part.start : part.end]) for part in unknown)):
        answer = _unknown(message, unknown, state=state)
        about = _about(message, unknown) if several else ""
        answers.append(answer.model_copy(update={"text": about + _lowered(answer.text, bool(about))}))
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


def _about(message: CandidateMessage, questions: Sequence[Segment]) -> str:
    """Words that name what is answered, where it was asked in few words."""
    asked = [bare(message.content[part.start : part.end]).strip(" ?.!,;:\"'") for part in questions]
    short = [text for text in asked if len(text.split()) <= _NAMED_BY]
    return f'As for "{short[0]}": ' if len(short) == len(asked) == 1 else ""


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
