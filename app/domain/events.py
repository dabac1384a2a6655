"""The events of an interview: the only thing that is stored, and all that its state is made from.

An event is what happened, never what follows from it. Events are immutable; unknown types and fields
written by a newer version are kept as they are (`UnknownEvent`, and `model_extra` on known ones).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter

from app.domain.grades import Grading
from app.domain.kinds import CandidateKind, EndReason, IntakeKind, InterviewerKind, Move, Observer, Source
from app.domain.vocabulary import Level, Mode, Provenance, Step

FORMAT = "mlsd-transcript/1"


class Kept(BaseModel):
    """Base of what is stored: immutable, and fields of a newer version survive."""

    model_config = ConfigDict(frozen=True, extra="allow")


class Interviewer(Kept):
    """What plays the interviewer, and which model, if one."""

    kind: InterviewerKind
    model: str | None = None


class MadeBy(Kept):
    """How a recording was made, where no person sat in the candidate's place.

    Attributes:
        tool: the command that made it.
        version: of mlsd.
        candidate: the persona's id or the script's file name.
        candidate_hash: 16 hex digits over the persona's definition or the script's lines.
        seed: what the persona left open was drawn with it.
    """

    tool: str
    version: str
    candidate: str
    candidate_kind: CandidateKind
    candidate_hash: str
    seed: int = 0


class Header(Kept):
    """The first line of a transcript: what was agreed when the interview began.

    Attributes:
        minutes: length; None is untimed.
        steps: the steps that are interviewed, in order (all seven, unless it is a drill).
        typing_allowance: share of extra time for typing, 0.25 being a quarter more.
        seed: varies the choice among equal wordings; 0 in scripted runs.
        made_by: how a simulated interview was made; None where somebody was interviewed.
    """

    format: Literal["mlsd-transcript/1"] = "mlsd-transcript/1"
    id: str
    case: str
    level: Level
    mode: Mode = Mode.MOCK
    interviewer: Interviewer
    started_at: AwareDatetime
    content_hash: str
    minutes: float | None = 45
    steps: tuple[Step, ...] = tuple(Step)
    typing_allowance: float = Field(default=0.0, ge=0, le=2)
    seed: int = 0
    made_by: MadeBy | None = None


class Event(Kept):
    """Base of all events. `seq` counts from 1 within an interview; `at` is UTC."""

    seq: int = Field(ge=0)
    at: AwareDatetime


class CandidateMessage(Event):
    """The candidate said something, or drew a board; on disk before anything is done with it.

    Attributes:
        board: whether the content is the text of a board (`app/domain/board.py`); the newest one is the current one.
    """

    type: Literal["candidate_message"] = "candidate_message"
    id: str
    index: int
    content: str
    step: Step
    board: bool = False


class GuardReport(Kept):
    """What the guard dropped from a model's reply, by rule."""

    rules: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    attempts: int = 1
    failure: str | None = None


class InterviewerMessage(Event):
    """The interviewer's reply.

    Attributes:
        step: the step that the turn leaves the candidate in.
        move: the main move.
        criterion: what it asks for or hints at, where it does.
        about: the id of the red flag, choice, tension, twist or decision it is about.
        rung: of a hint, 1 to 3.
        facts: ids of the facts it states.
        asks: the question it asks, as asked.
        stands_for: the curated question that a model's wording stands for; neither is asked again.
        first_sentence_ms: from the message to the first shown sentence.
    """

    type: Literal["interviewer_message"] = "interviewer_message"
    id: str
    index: int
    content: str
    step: Step | None
    move: Move
    criterion: str | None = None
    about: str | None = None
    rung: int | None = None
    facts: tuple[str, ...] = ()
    asks: str | None = None
    stands_for: str | None = None
    source: Source = Source.CURATED
    guard: GuardReport | None = None
    first_sentence_ms: int | None = None


class StepStarted(Event):
    """A step was opened, by the interviewer, by the candidate's words, or by the candidate's "next"."""

    type: Literal["step_started"] = "step_started"
    step: Step
    by: Literal["interviewer", "candidate", "next"] = "interviewer"


class Segment(Kept):
    """A part of a message and what it is; `start` and `end` are character offsets into the content.

    Attributes:
        fact: the fact that a question asks for.
        near: the fact that it may ask for, where that is not sure.
    """

    kind: IntakeKind
    start: int
    end: int
    fact: str | None = None
    near: str | None = None
    decision: str | None = None
    step: Step | None = None
    criterion: str | None = None


class Intake(Event):
    """How a message was understood."""

    type: Literal["intake"] = "intake"
    turn: int
    segments: tuple[Segment, ...]


class EvidenceFound(Event):
    """A verbatim span of the candidate's words covers a criterion."""

    type: Literal["evidence"] = "evidence"
    criterion: str
    step: Step
    turn: int
    quote: str
    provenance: Provenance
    rating: int | None = None
    source: Observer = Observer.MATCHER
    score: float | None = None


class DoubtNoted(Event):
    """A span may cover a criterion: not sure enough to credit, too sure to ask as if nothing had been said.

    Attributes:
        score: the matcher's, 0 to 1.
    """

    type: Literal["doubt"] = "doubt"
    criterion: str
    step: Step
    turn: int
    quote: str
    score: float | None = None


class RedFlagSeen(Event):
    """A wrong claim was made; one that is not sure may be pressed, and is held against nobody who made it once."""

    type: Literal["red_flag"] = "red_flag"
    flag: str
    turn: int
    quote: str
    sure: bool = True


class ChoiceMade(Event):
    """A design choice was made; only a sure one is pressed, or put beside another one."""

    type: Literal["choice"] = "choice"
    choice: str
    turn: int
    quote: str
    sure: bool = True


class TensionResolved(Event):
    """The candidate dealt with a tension without being asked, or when asked."""

    type: Literal["tension_resolved"] = "tension_resolved"
    tension: str
    turn: int
    quote: str


class AssumptionStated(Event):
    """The candidate assumed something that the facts do not hold."""

    type: Literal["assumption"] = "assumption"
    turn: int
    quote: str


class NumberStated(Event):
    """The candidate put a number on the table."""

    type: Literal["number"] = "number"
    turn: int
    quote: str


class Parked(Event):
    """A criterion was left open, to come back to."""

    type: Literal["parked"] = "parked"
    criterion: str
    step: Step


class HintRequested(Event):
    """The candidate asked for a hint.

    Attributes:
        step: the step it was asked on.
        rung: the rung that the reply gives; None when the ladders of the step are used up.
        criterion: what the hint is about.
        named: the step that the candidate named, if one was named.
    """

    type: Literal["hint_requested"] = "hint_requested"
    step: Step
    rung: int | None
    criterion: str | None = None
    named: Step | None = None


class AdvanceRequested(Event):
    """The candidate asked for the next step, by button or command."""

    type: Literal["advance_requested"] = "advance_requested"
    step: Step
    to: Step | None = None


class EndRequested(Event):
    """The candidate asked to end."""

    type: Literal["end_requested"] = "end_requested"


class Paused(Event):
    """The clock was stopped."""

    type: Literal["paused"] = "paused"


class Resumed(Event):
    """The clock goes on."""

    type: Literal["resumed"] = "resumed"


class Ended(Event):
    """The interview is over."""

    type: Literal["ended"] = "ended"
    reason: EndReason


class Disputed(Event):
    """After the end, the candidate says that a sentence of theirs shows a criterion.

    Attributes:
        turn: index of the candidate's message.
        quote: verbatim span of it.
    """

    type: Literal["disputed"] = "disputed"
    criterion: str
    turn: int
    quote: str


class DisputeWithdrawn(Event):
    """The candidate takes back what they disputed about a criterion."""

    type: Literal["dispute_withdrawn"] = "dispute_withdrawn"
    criterion: str


class Graded(Event):
    """After the end, a grader model read the whole interview.

    Attributes:
        content_hash: of the content that it was graded by; with other content it does not count.
    """

    type: Literal["graded"] = "graded"
    content_hash: str
    grading: Grading


class NotesKept(Event):
    """The candidate's own notes, as they stood; the last ones count. No time, no turn and no credit hangs on them."""

    type: Literal["notes_kept"] = "notes_kept"
    text: str


class UnknownEvent(Event):
    """An event of a newer version; kept, and without effect."""

    type: str


KNOWN_EVENTS: tuple[type[Event], ...] = (
    CandidateMessage,
    InterviewerMessage,
    StepStarted,
    Intake,
    EvidenceFound,
    DoubtNoted,
    RedFlagSeen,
    ChoiceMade,
    TensionResolved,
    AssumptionStated,
    NumberStated,
    Parked,
    HintRequested,
    AdvanceRequested,
    EndRequested,
    Paused,
    Resumed,
    Ended,
    Disputed,
    DisputeWithdrawn,
    Graded,
    NotesKept,
)
EVENT_TYPES: Mapping[str, type[Event]] = {str(event.model_fields["type"].default): event for event in KNOWN_EVENTS}


def _tag(value: Any) -> str:
    kind = value.get("type") if isinstance(value, Mapping) else getattr(value, "type", None)
    return kind if isinstance(kind, str) and kind in EVENT_TYPES else "unknown"


AnyEvent = Annotated[
    Annotated[CandidateMessage, Tag("candidate_message")]
    | Annotated[InterviewerMessage, Tag("interviewer_message")]
    | Annotated[StepStarted, Tag("step_started")]
    | Annotated[Intake, Tag("intake")]
    | Annotated[EvidenceFound, Tag("evidence")]
    | Annotated[DoubtNoted, Tag("doubt")]
    | Annotated[RedFlagSeen, Tag("red_flag")]
    | Annotated[ChoiceMade, Tag("choice")]
    | Annotated[TensionResolved, Tag("tension_resolved")]
    | Annotated[AssumptionStated, Tag("assumption")]
    | Annotated[NumberStated, Tag("number")]
    | Annotated[Parked, Tag("parked")]
    | Annotated[HintRequested, Tag("hint_requested")]
    | Annotated[AdvanceRequested, Tag("advance_requested")]
    | Annotated[EndRequested, Tag("end_requested")]
    | Annotated[Paused, Tag("paused")]
    | Annotated[Resumed, Tag("resumed")]
    | Annotated[Ended, Tag("ended")]
    | Annotated[Disputed, Tag("disputed")]
    | Annotated[DisputeWithdrawn, Tag("dispute_withdrawn")]
    | Annotated[Graded, Tag("graded")]
    | Annotated[NotesKept, Tag("notes_kept")]
    | Annotated[UnknownEvent, Tag("unknown")],
    Discriminator(_tag),
]

_ADAPTER: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)


def parse_event(value: Mapping[str, Any]) -> AnyEvent:
    """One event from its JSON form.

    Raises:
        pydantic.ValidationError: a known type lacks a field or holds a wrong one.
    """
    return _ADAPTER.validate_python(value)
