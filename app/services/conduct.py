"""One turn of an interview: record, understand, observe, decide, word, record.

A candidate's message is on disk before anything is done with it; everything that follows from it goes
to disk in one transaction with the reply. So a killed process leaves a message either answered or
waiting, and `answer` finishes what waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from app.domain.board import parse_board
from app.domain.catalog import Brief, Catalog
from app.domain.directive import Answer, Directive
from app.domain.events import (
    AdvanceRequested,
    AnyEvent,
    CandidateMessage,
    Ended,
    EndRequested,
    EvidenceFound,
    Header,
    HintRequested,
    Intake,
    InterviewerMessage,
    NotesKept,
    Parked,
    Paused,
    Resumed,
    Segment,
    StepStarted,
)
from app.domain.hinting import asked_about, last_asked, next_hint
from app.domain.interview import InterviewState, apply, boards, fold
from app.domain.kinds import EndReason, IntakeKind, Move, Observer
from app.domain.phases import ClockPhase, Phase
from app.domain.policy import decide, opening
from app.domain.vocabulary import Frozen, Level, Mode, Step
from app.errors import ConflictError, InputError
from app.ports import Aims, Clock, InterviewStore, Matcher
from app.services.clarify import answers_owed
from app.services.intake import IntakeReader, hints_there
from app.services.notes import append_behind_notes
from app.services.observe import observe
from app.services.speaking import Emit, Speaker, Spoken, discard
from app.services.typed import clean


class Agreement(Frozen):
    """What is agreed before an interview begins.

    Attributes:
        minutes: length, None for untimed.
        steps: the steps of a drill; empty for all.
        typing_allowance: share of extra time for typing.
        seed: varies equal wordings.
    """

    case: str
    level: Level = Level.SENIOR
    mode: Mode = Mode.MOCK
    minutes: float | None = 45
    steps: tuple[Step, ...] = ()
    typing_allowance: float = 0.0
    seed: int = 0


class Reply(Frozen):
    """What came back: the interviewer's message, whether that was the end, and what to tell beside it."""

    message: InterviewerMessage
    ended: EndReason | None
    notice: str | None = None


class Conductor:
    """Conducts interviews. Holds no interview's state: each call folds the stored events anew."""

    def __init__(
        self,
        *,
        catalog: Catalog,
        store: InterviewStore,
        matcher: Matcher,
        speaker: Speaker,
        clock: Clock,
        new_id: Callable[[], str],
        aims: Aims | None = None,
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._matcher = matcher
        self._reader = IntakeReader(matcher, aims)
        self._speaker = speaker
        self._clock = clock
        self._new_id = new_id

    async def begin(self, agreement: Agreement, *, owner: str = "local", interview_id: str | None = None) -> Header:
        """Create an interview and say the opening.

        Raises:
            InputError: there is no such case, or the drill names no step.
        """
        self._catalog.brief(agreement.case)
        steps = tuple(step for step in Step if step in agreement.steps) or tuple(Step)
        header = Header(
            id=interview_id or self._new_id(),
            case=agreement.case,
            level=agreement.level,
            mode=agreement.mode,
            interviewer=self._speaker.identity,
            started_at=self._clock.now(),
            content_hash=self._catalog.content_hash,
            minutes=agreement.minutes,
            steps=steps,
            typing_allowance=agreement.typing_allowance,
            seed=agreement.seed,
        )
        await self._store.create(header, owner=owner)
        await self.answer(header.id)
        return header

    async def state(self, interview_id: str) -> InterviewState:
        """The interview as it stands."""
        stored = await self._store.load(interview_id)
        return fold(stored.header, stored.events)

    async def latest(self, interview_id: str) -> Reply:
        """The interviewer's last message."""
        stored = await self._store.load(interview_id)
        last = next(event for event in reversed(stored.events) if isinstance(event, InterviewerMessage))
        ended = next((event.reason for event in stored.events if isinstance(event, Ended)), None)
        return Reply(message=last, ended=ended)

    async def say(self, interview_id: str, content: str, *, emit: Emit = discard, may_end: bool = True) -> Reply:
        """Record what the candidate says, and answer it.

        Raises:
            InputError: the message is empty or longer than 50,000 characters; nothing was recorded.
            TransitionNotAllowed: the interview has ended.
        """
        return await self._said(interview_id, clean(content), emit=emit, may_end=may_end)

    async def draw(self, interview_id: str, text: str, *, emit: Emit = discard, may_end: bool = True) -> Reply:
        """Record a board as the candidate typed it, whole; it takes the place of the one before. Answer it.

        Raises:
            InputError: the text draws no board; nothing was recorded.
            TransitionNotAllowed: the interview has ended.
        """
        content = clean(text)
        parse_board(content)
        return await self._said(interview_id, content, board=True, emit=emit, may_end=may_end)

    async def _said(self, interview_id: str, content: str, *, board: bool = False, emit: Emit, may_end: bool) -> Reply:
        message_id = self._new_id()
        while True:
            state = await self._awake(interview_id)
            message = CandidateMessage(
                seq=state.seq + 1,
                at=self._clock.now(),
                id=message_id,
                index=state.next_index,
                content=content,
                step=state.step,
                board=board,
            )
            try:
                state = await self._record(state, message)
            except ConflictError:  # a reply or another message came between; this one goes behind it
                continue
            return await self._answered(state, emit=emit, may_end=may_end)

    async def hint(
        self, interview_id: str, *, step: Step | None = None, criterion: str | None = None, emit: Emit = discard
    ) -> Reply:
        """Give the next hint for the open step, or for a named one.

        Raises:
            InputError: the step is not part of this interview.
        """
        state = await self._awake(interview_id)
        if step is not None and step not in state.header.steps:
            raise InputError(f"{step.value!r} is not part of this interview; it covers {_listed(state.header.steps)}")
        brief = self._catalog.brief(state.header.case)
        target = next_hint(state, brief, step=step, criterion=criterion)
        request = HintRequested(
            seq=state.seq + 1,
            at=self._clock.now(),
            step=target.step,
            rung=target.rung.number if target.rung is not None else None,
            criterion=target.criterion,
            named=step,
        )
        state = await self._record(state, request)
        return await self._answered(state, emit=emit)

    async def advance(
        self, interview_id: str, *, to: Step | None = None, emit: Emit = discard, may_end: bool = True
    ) -> Reply:
        """Go to the next step, or to a named one, as the candidate asked.

        Raises:
            InputError: the step is not part of this interview.
        """
        state = await self._awake(interview_id)
        if to is not None and to not in state.header.steps:
            raise InputError(f"{to.value!r} is not part of this interview; it covers {_listed(state.header.steps)}")
        request = AdvanceRequested(seq=state.seq + 1, at=self._clock.now(), step=state.step, to=to)
        state = await self._record(state, request)
        return await self._answered(state, emit=emit, may_end=may_end)

    async def end(self, interview_id: str, *, emit: Emit = discard, reason: EndReason = EndReason.CANDIDATE) -> Reply:
        """End the interview, as the candidate asked or because a script is over."""
        state = await self._awake(interview_id)
        state = await self._record(state, EndRequested(seq=state.seq + 1, at=self._clock.now()))
        return await self._answered(state, emit=emit, reason=reason)

    async def pause(self, interview_id: str) -> None:
        """Stop the clock; nothing happens if it stands still or the interview is over."""
        state = await self.state(interview_id)
        if state.clock is ClockPhase.RUNNING and state.phase is not Phase.ENDED:
            await self._record(state, Paused(seq=state.seq + 1, at=self._clock.now()))

    async def resume(self, interview_id: str, *, emit: Emit = discard) -> Reply | None:
        """Let the clock run again, and answer what was left unanswered.

        Returns:
            The reply that was owed; None if none was.
        """
        state = await self.state(interview_id)
        if state.phase is Phase.ENDED:
            return None
        if state.clock is ClockPhase.STOPPED:
            await self._record(state, Resumed(seq=state.seq + 1, at=self._clock.now()))
        return await self.answer(interview_id, emit=emit)

    async def answer(
        self, interview_id: str, *, emit: Emit = discard, may_end: bool = True, reason: EndReason | None = None
    ) -> Reply | None:
        """Give the reply that is owed, if one is; the opening counts as owed before it was said.

        Two processes may try at once, or another message may come in: one reply is recorded, and both return it.
        """
        state = await self.state(interview_id)
        if state.phase not in {Phase.READY, Phase.ANSWERING}:
            return None
        return await self._answered(state, emit=emit, may_end=may_end, reason=reason)

    # --- inside one turn ---

    async def _answered(
        self, state: InterviewState, *, emit: Emit, may_end: bool = True, reason: EndReason | None = None
    ) -> Reply:
        """The reply that the state owes, or the last one if another process gave it meanwhile."""
        interview_id = state.header.id
        while state.phase in {Phase.READY, Phase.ANSWERING}:
            expected = state.seq
            events, emitted = await self._reply(state, emit=emit, may_end=may_end, reason=reason)
            try:
                await append_behind_notes(self._store, interview_id, events, expected_seq=expected)
            except ConflictError:
                state = await self.state(interview_id)
            else:
                return emitted
        return await self.latest(interview_id)

    async def _awake(self, interview_id: str) -> InterviewState:
        """The state, opened and with the clock running; a request to a paused interview resumes it."""
        state = await self.state(interview_id)
        if state.clock is ClockPhase.STOPPED and state.phase is not Phase.ENDED:
            state = await self._record(state, Resumed(seq=state.seq + 1, at=self._clock.now()))
        if state.phase is Phase.READY:
            await self.answer(interview_id)
            state = await self.state(interview_id)
        return state

    async def _record(self, state: InterviewState, event: AnyEvent) -> InterviewState:
        """Append one event; a grader's evidence and notes that came meanwhile go before it and are no conflict.

        Returns:
            The state with the event.
        """
        while True:
            seen = state.seq
            numbered = event.model_copy(update={"seq": seen + 1})
            apply(state, numbered)
            try:
                await self._store.append(state.header.id, [numbered], expected_seq=seen)
            except ConflictError:
                state = await self.state(state.header.id)
                if not all(_goes_before(other) for other in state.events[seen:]):
                    raise
            else:
                return state

    async def _reply(
        self, state: InterviewState, *, emit: Emit, may_end: bool, reason: EndReason | None
    ) -> tuple[list[AnyEvent], Reply]:
        brief = self._catalog.brief(state.header.case)
        turn = _Turn(state=state, now=self._clock.now())
        if state.phase is Phase.READY:
            directive = opening(state, brief)
            await emit(directive.text)
            spoken = Spoken(text=directive.text, directive=directive, asks=directive.question)
            return turn.events, self._say(turn, spoken, facts=(), reason=None)
        # In a thread, for others wait for the loop: a message takes a tenth of a second of embedding.
        answers = await asyncio.to_thread(self._understand, turn, brief)
        decision = decide(state, brief, self._catalog.levels, answers=answers, may_end=may_end)
        spoken = await self._speaker.speak(decision, state=state, brief=brief, emit=emit)
        facts = tuple(answer.fact for answer in answers if answer.fact is not None)
        return turn.events, self._say(turn, spoken, facts=facts, reason=reason)

    def _understand(self, turn: _Turn, brief: Brief) -> tuple[Answer, ...]:
        """Intake and observation of everything that waits; the answers owed."""
        state = turn.state
        answers: list[Answer] = []
        for message in [event for event in state.pending if isinstance(event, CandidateMessage)]:
            offered = state.last_move is Move.ACCEPT
            said = state.ledger.said_by_interviewer
            segments = self._reader.read_message(
                message, brief, offered=offered, invited=state.invited, asked=said[-1] if said else ""
            )
            found = observe(
                message,
                segments,
                brief=brief,
                matcher=self._matcher,
                provenance=lambda criterion: state.ledger.entry(criterion).provenance(),
                plan=state.header.steps,
                asked=asked_about(state, brief),
                facts=state.ledger.facts,
                invited=state.invited,
                drawn=[one.content for one, _ in boards(state.events) if one.index < message.index],
                at=turn.now,
            )
            turn.add(Intake(seq=0, at=turn.now, turn=message.index, segments=segments))
            for event in found:
                turn.add(event)
            owed = answers_owed(message, segments, state=state, brief=brief)
            answers += [answer for answer in owed if answer not in answers]
            self._note_hint_request(turn, message, segments, brief)
        return tuple(answers)

    def _note_hint_request(
        self, turn: _Turn, message: CandidateMessage, segments: Sequence[Segment], brief: Brief
    ) -> None:
        """A hint asked for in words is recorded like one asked for by command."""
        state = turn.state
        for segment in segments:
            kind = segment.kind
            consent = kind is IntakeKind.CONSENT and state.last_move is Move.ACCEPT
            if kind is IntakeKind.HINT_REQUEST or consent:
                there = segment.step is None and hints_there(message.content[segment.start : segment.end])
                about = segment.criterion or (last_asked(state) if there else None)
                target = next_hint(state, brief, step=segment.step, criterion=about)
                turn.add(
                    HintRequested(
                        seq=0,
                        at=turn.now,
                        step=target.step,
                        rung=target.rung.number if target.rung is not None else None,
                        criterion=target.criterion,
                        named=segment.step,
                    )
                )
                return

    def _say(self, turn: _Turn, spoken: Spoken, *, facts: tuple[str, ...], reason: EndReason | None) -> Reply:
        directive: Directive = spoken.directive
        state = turn.state
        for criterion in directive.parks:
            turn.add(Parked(seq=0, at=turn.now, criterion=criterion, step=state.step))
        opens = directive.opens
        if opens is not None and (opens is not state.step or state.ledger.steps[opens].opened is None):
            turn.add(StepStarted(seq=0, at=turn.now, step=opens, by=_opened_by(state)))
        message = InterviewerMessage(
            seq=0,
            at=turn.now if spoken.first_sentence_ms is None else self._clock.now(),
            id=self._new_id(),
            index=state.next_index,
            content=spoken.text,
            step=directive.step,
            move=directive.move,
            criterion=directive.criterion,
            about=directive.about,
            rung=directive.rung,
            facts=facts,
            asks=spoken.asks,
            stands_for=_stands_for(directive, spoken),
            source=spoken.source,
            guard=spoken.guard,
            first_sentence_ms=spoken.first_sentence_ms,
        )
        turn.add(message)
        if directive.ends is not None:
            turn.add(Ended(seq=0, at=message.at, reason=reason or directive.ends))
        recorded = next(event for event in reversed(turn.events) if isinstance(event, InterviewerMessage))
        return Reply(message=recorded, ended=state.ended, notice=spoken.notice)


class _Turn:
    """The events of one turn, folded into the state as they come about."""

    def __init__(self, *, state: InterviewState, now: datetime) -> None:
        self.state = state
        self.now = now
        self.events: list[AnyEvent] = []

    def add(self, event: AnyEvent) -> None:
        """Number an event, fold it in and keep it."""
        numbered = event.model_copy(update={"seq": self.state.seq + 1})
        apply(self.state, numbered)
        self.events.append(numbered)


def _goes_before(event: AnyEvent) -> bool:
    return isinstance(event, NotesKept) or isinstance(event, EvidenceFound) and event.source is Observer.GRADER


def _stands_for(directive: Directive, spoken: Spoken) -> str | None:
    """The curated wording behind the question that was asked, where it differs."""
    curated = directive.template or directive.question
    return curated if spoken.asks not in {None, curated} else None


def _opened_by(state: InterviewState) -> Literal["next", "candidate", "interviewer"]:
    if any(isinstance(event, AdvanceRequested) for event in state.pending):
        return "next"
    return "interviewer"


def _listed(steps: Sequence[Step]) -> str:
    return ", ".join(step.value for step in steps)
