"""One recorded interview on its way through today's conductor, turn by turn.

What the candidate said stays as it was and is understood anew; what the interviewer said stays as it was
and is only set beside what it would say today. The conductor is the production's, on a store that hands it
the dialogue so far and catches what it would append.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.adapters.memory_store import MemoryStore
from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.directive import Decision, Directive
from app.domain.events import (
    AdvanceRequested,
    AnyEvent,
    CandidateMessage,
    Ended,
    EndRequested,
    EvidenceFound,
    Graded,
    HintRequested,
    Intake,
    Interviewer,
    InterviewerMessage,
    NotesKept,
    Parked,
    Paused,
    Resumed,
    StepStarted,
    UnknownEvent,
)
from app.domain.interview import InterviewState
from app.domain.kinds import CandidateKind, EndReason, InterviewerKind, Observer
from app.domain.vocabulary import Frozen
from app.ports import StoredInterview
from app.services.conduct import Conductor
from app.services.speaking import CuratedSpeaker, Emit, Speaker, Spoken
from evals.differences import Hearing, hearings

_SPEECH = (Parked, StepStarted)
_REQUESTS = (CandidateMessage, AdvanceRequested, EndRequested, Paused, Resumed, UnknownEvent)


class Made(Frozen):
    """A turn made anew.

    Attributes:
        before: the events before it.
        said: what the candidate said or asked for; commands in brackets.
        allowed: the moves that the policy left, the most fitting first.
        hearings: what the candidate's words were taken for now and not then, or the other way round.
    """

    message: InterviewerMessage
    before: tuple[AnyEvent, ...]
    said: str
    allowed: tuple[str, ...]
    hearings: tuple[Hearing, ...]


class Retelling:
    """One interview on its way through the conductor; `prefix` is what has been said, as understood today."""

    def __init__(self, parts: App, stored: StoredInterview, *, speaker: Speaker) -> None:
        self._header = stored.header
        self._tape = _Tape(stored)
        self._clock = _StillClock(stored.header.started_at)
        self._watched = _Watched(speaker)
        self._conductor = self._conductor_on(parts, self._watched)
        self._quiet = self._conductor_on(parts, CuratedSpeaker())
        made = stored.header.made_by
        ended = next((event.reason for event in stored.events if isinstance(event, Ended)), None)
        self._scripted = ended is EndReason.SCRIPT or (made is not None and made.candidate_kind is CandidateKind.SCRIPT)
        self._requests: list[AnyEvent] = []
        self._batch: list[AnyEvent] = []

    @property
    def prefix(self) -> list[AnyEvent]:
        """The events so far."""
        return self._tape.prefix

    def _conductor_on(self, parts: App, speaker: Speaker) -> Conductor:
        return parts.conductor(speaker=speaker, store=self._tape, clock=self._clock, ids=lambda: "replayed")

    async def step(self, event: AnyEvent, *, wanted: bool) -> Made | None:
        """Take in the next recorded event; the turn made anew where it is the interviewer's.

        Args:
            wanted: whether the turn is looked at; if not, no model is asked for it.
        """
        if isinstance(event, InterviewerMessage):
            return await self._turn(event, wanted=wanted)
        by_command = isinstance(event, HintRequested) and not any(isinstance(e, Intake) for e in self._batch)
        if isinstance(event, _REQUESTS) or by_command:
            if not self.prefix and isinstance(event, CandidateMessage):
                await self._opened_by_somebody(event)
            self._tape.add(event)
            self._requests.append(event)
        elif isinstance(event, Ended | Graded | NotesKept) or _is_graders(event):
            self._tape.add(event)
        else:
            self._batch.append(event)
        return None

    async def _opened_by_somebody(self, first: CandidateMessage) -> None:
        """An import that begins with the candidate: the problem was stated before it."""
        for event in await self._answer(self._quiet, at=first.at, may_end=True):
            hidden = event.model_copy(update={"index": -1}) if isinstance(event, InterviewerMessage) else event
            self._tape.add(hidden)

    async def _turn(self, event: InterviewerMessage, *, wanted: bool) -> Made | None:
        if self.prefix and not self._requests:
            return None  # a second message in a row, in an import: nothing was said that it could answer
        may_end = not self._scripted or any(isinstance(request, EndRequested) for request in self._requests)
        at = self._batch[0].at if self._batch else event.at
        self._watched.recorded = event
        before = tuple(self.prefix)
        fresh = await self._answer(self._conductor if wanted else self._quiet, at=at, may_end=may_end)
        message = next(each for each in fresh if isinstance(each, InterviewerMessage))
        understood = [each for each in fresh if not isinstance(each, (*_SPEECH, InterviewerMessage, Ended))]
        known = self._header.interviewer.kind is not InterviewerKind.EXTERNAL
        spoken = [each for each in (self._batch if known else fresh) if isinstance(each, _SPEECH)]
        made = Made(
            message=message,
            before=before,
            said=_said(self._requests),
            allowed=self._watched.allowed if wanted else (),
            hearings=hearings(self._batch, understood) if known else (),
        )
        for each in (*understood, *spoken, event):
            self._tape.add(each)
        self._requests, self._batch = [], []
        return made

    async def _answer(self, conductor: Conductor, *, at: datetime, may_end: bool) -> list[AnyEvent]:
        self._clock.time = at
        self._tape.caught = []
        self._watched.allowed = ()
        await conductor.answer(self._header.id, may_end=may_end)
        return self._tape.caught


class AsRecorded:
    """Words the recorded move where today's policy still allows it, and the most fitting one where not.

    It stands in for a model that is not at hand: its moves can be compared, its words cannot.
    """

    def __init__(self, identity: Interviewer) -> None:
        self._identity = identity
        self.recorded: InterviewerMessage | None = None

    @property
    def identity(self) -> Interviewer:
        """The recorded model's."""
        return self._identity

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        """The recorded move in curated words."""
        same = (move for move in decision.moves if self.recorded is not None and _is(move, self.recorded))
        directive = next(same, decision.moves[0])
        return Spoken(text=decision.curated(directive), directive=directive, asks=directive.question)


class _Watched:
    """A speaker, and what it was allowed to do."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self.allowed: tuple[str, ...] = ()
        self.recorded: InterviewerMessage | None = None

    @property
    def identity(self) -> Interviewer:
        return self._speaker.identity

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        self.allowed = tuple(
            " ".join(part for part in (move.move.value, move.criterion or move.about) if part)
            for move in decision.moves
        )
        if isinstance(self._speaker, AsRecorded):
            self._speaker.recorded = self.recorded
        return await self._speaker.speak(decision, state=state, brief=brief, emit=emit)


class _Tape(MemoryStore):
    """The dialogue so far; what would be appended to it is caught, and added only by `add`."""

    def __init__(self, stored: StoredInterview) -> None:
        super().__init__()
        self._header = stored.header
        self.prefix: list[AnyEvent] = []
        self.caught: list[AnyEvent] = []

    def add(self, event: AnyEvent) -> None:
        """Append an event under the next number."""
        self.prefix.append(event.model_copy(update={"seq": len(self.prefix) + 1}))

    async def load(self, interview_id: str) -> StoredInterview:
        return StoredInterview(header=self._header, events=tuple(self.prefix))

    async def append(self, interview_id: str, events: Sequence[AnyEvent], *, expected_seq: int) -> None:
        self.caught = list(events)


class _StillClock:
    """Says the time at which the recorded turn was made."""

    def __init__(self, time: datetime) -> None:
        self.time = time

    def now(self) -> datetime:
        return self.time


def _is(move: Directive, recorded: InterviewerMessage) -> bool:
    return (move.move, move.criterion, move.about) == (recorded.move, recorded.criterion, recorded.about)


def _is_graders(event: AnyEvent) -> bool:
    """What a grader found arrives between the turns, and is not found anew."""
    return isinstance(event, EvidenceFound) and event.source is Observer.GRADER


def _said(requests: Sequence[AnyEvent]) -> str:
    """The requests as a person would write them down."""
    parts: list[str] = []
    for request in requests:
        match request:
            case CandidateMessage(content=content):
                parts.append(content)
            case HintRequested(step=step):
                parts.append(f"[hint on {step.spoken}]")
            case AdvanceRequested(to=to):
                parts.append(f"[next: {to.spoken}]" if to is not None else "[next]")
            case EndRequested():
                parts.append("[end]")
            case _:
                pass
    return "\n".join(parts)
