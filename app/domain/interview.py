"""The state of an interview: a fold over its events, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.board import Board, parse_board
from app.domain.events import (
    AdvanceRequested,
    AnyEvent,
    AssumptionStated,
    CandidateMessage,
    ChoiceMade,
    DoubtNoted,
    Ended,
    EndRequested,
    EvidenceFound,
    Header,
    HintRequested,
    Intake,
    InterviewerMessage,
    NotesKept,
    NumberStated,
    Parked,
    Paused,
    RedFlagSeen,
    Resumed,
    StepStarted,
    TensionResolved,
)
from app.domain.kinds import EndReason, IntakeKind, Move
from app.domain.ledger import Ledger, Said
from app.domain.phases import ClockPhase, Phase, Trigger, next_clock, next_phase
from app.domain.speech import words_of
from app.domain.vocabulary import Step
from app.errors import InputError, TransitionNotAllowed

_ASKING = {Move.PROBE, Move.ASK_GROUND, Move.NUDGE, Move.PRESS, Move.TWIST}
_TELLING, _FEW_WORDS = 3, 25
"""Messages after which it shows, and words a message on average. A question of the interviewer's has some 18."""
_Request = CandidateMessage | HintRequested | AdvanceRequested | EndRequested


@dataclass(frozen=True)
class OpenQuestion:
    """The interviewer's last question, while it waits for an answer."""

    turn: int
    move: Move
    text: str
    criterion: str | None
    about: str | None


@dataclass(frozen=True)
class Heard:
    """How much the candidate has said."""

    messages: int = 0
    words: int = 0

    def and_also(self, message: str) -> Heard:
        """With one message more."""
        return Heard(messages=self.messages + 1, words=self.words + len(words_of(message)))

    @property
    def is_little(self) -> bool:
        """Whether the candidate is one of few words, which shows from the third message on."""
        return self.messages >= _TELLING and self.words < _FEW_WORDS * self.messages


@dataclass
class InterviewState:
    """Everything that is known of an interview after some events.

    Attributes:
        step: the open step.
        left: the step that was open before it.
        seq: seq of the last event.
        next_index: index of the next message, the candidate's or the interviewer's.
        pending: what the candidate said or asked and was not answered yet.
        question: the question that waits for an answer.
        target: the criterion that a hint or a "don't know" is about, when no question names one.
        listens: turns in a row in which the interviewer only listened.
        presses: turns in which it pressed.
        heard: how many messages the candidate has sent, and how many words they hold together.
        dive: the criterion under a deep dive, with the number of questions so far.
        elapsed: seconds on the clock, pauses left out.
        invited: whether the candidate's own questions were invited.
        turns: interviewer's messages so far, the opening included.
        recent: events since the first message that waits for a reply.
        events: all events so far.
        last_hand_over: the value of `turns` after the last time the floor was handed over with a question.
    """

    header: Header
    phase: Phase = Phase.READY
    clock: ClockPhase = ClockPhase.RUNNING
    step: Step = Step.REQUIREMENTS
    left: Step | None = None
    seq: int = 0
    next_index: int = 0
    ledger: Ledger = field(default_factory=Ledger)
    pending: list[_Request] = field(default_factory=list)
    question: OpenQuestion | None = None
    target: str | None = None
    listens: int = 0
    presses: list[int] = field(default_factory=list)
    heard: Heard = Heard()
    dive: str | None = None
    dive_depth: int = 0
    elapsed: float = 0.0
    last_at: datetime | None = None
    invited: bool = False
    warned: int = 0
    turns: int = 0
    probes: int = 0
    last_move: Move | None = None
    ended: EndReason | None = None
    intake: Intake | None = None
    recent: list[AnyEvent] = field(default_factory=list)
    events: list[AnyEvent] = field(default_factory=list)
    last_hand_over: int | None = None
    feedback_given: set[Step] = field(default_factory=set)

    @property
    def untouched(self) -> list[Step]:
        """Steps of the plan that were never opened, in order."""
        return [step for step in self.header.steps if self.ledger.steps[step].opened is None]


def fold(header: Header, events: Iterable[AnyEvent]) -> InterviewState:
    """The state after some events.

    Raises:
        TransitionNotAllowed: an event does not fit the phase that the events before it led to.
    """
    state = InterviewState(header=header, step=header.steps[0])
    for event in events:
        apply(state, event)
    return state


def apply(state: InterviewState, event: AnyEvent) -> None:
    """Advance a state by one event, in place.

    Raises:
        TransitionNotAllowed: the event does not fit the phase; the state is then unchanged.
    """
    _move_phase(state, event)
    _run_clock(state, event)
    state.seq = event.seq
    ledger = state.ledger
    match event:
        case CandidateMessage():
            if not state.pending:
                state.recent = []
            state.pending.append(event)
            state.next_index = event.index + 1
            state.heard = state.heard.and_also(event.content)
            ledger.board = board_of(event) or ledger.board
        case InterviewerMessage():
            _hear_interviewer(state, event)
        case HintRequested() | AdvanceRequested() | EndRequested():
            if not state.pending:
                state.recent = []
            state.pending.append(event)
            if isinstance(event, AdvanceRequested) and passes_by(state.step, to=event.to):
                ledger.steps[state.step].passed = True
            if isinstance(event, EndRequested):
                for step in state.header.steps:
                    ledger.steps[step].passed = True
        case StepStarted(step=step):
            entry = ledger.steps[step]
            entry.opened = state.next_index if entry.opened is None else entry.opened
            if step is not state.step:
                state.dive, state.dive_depth = None, 0
                state.left = state.step
            state.step = step
        case Intake(segments=segments):
            state.intake = event
            kinds = {segment.kind for segment in segments}
            if IntakeKind.DONT_KNOW in kinds and (asked := _asked_about(state)) is not None:
                ledger.entry(asked).given_up.append(event.turn)
            if IntakeKind.END in kinds:
                for step in state.header.steps:
                    ledger.steps[step].passed = True
            jumps = [part.step for part in segments if part.kind is IntakeKind.ADVANCE]
            if any(passes_by(state.step, to=to) for to in jumps) and state.last_move is not Move.HAND_OVER:
                ledger.steps[state.step].passed = True
        case EvidenceFound(criterion=criterion):
            ledger.entry(criterion).evidence.append(event)
            ledger.entry(criterion).parked = False
        case DoubtNoted(criterion=criterion):
            ledger.entry(criterion).doubts.append(event)
        case RedFlagSeen(flag=flag, turn=turn, quote=quote):
            ledger.flags.setdefault(flag, []).append(Said(turn, quote))
        case ChoiceMade(choice=choice, turn=turn, quote=quote, sure=sure):
            ledger.choices[choice] = Said(turn, quote)
            if sure:
                ledger.sure_choices[choice] = Said(turn, quote)
        case TensionResolved(tension=tension):
            ledger.resolved.add(tension)
        case AssumptionStated(turn=turn, quote=quote):
            ledger.assumptions.append(Said(turn, quote))
        case NumberStated(turn=turn, quote=quote):
            ledger.numbers.append(Said(turn, quote))
        case Parked(criterion=criterion):
            ledger.entry(criterion).parked = True
        case Ended(reason=reason):
            state.ended = reason
        case _:
            pass
    state.recent.append(event)
    state.events.append(event)


def passes_by(step: Step, *, to: Step | None) -> bool:
    """Whether who asks to go somewhere leaves a step behind; who stays in it or goes back does not.

    Args:
        step: the open step.
        to: the step that was named; None for the next one.
    """
    return to is None or to.number > step.number


def board_of(message: CandidateMessage) -> Board | None:
    """What a message draws; None for speech, and for a board of a file that was edited beyond reading."""
    if not message.board:
        return None
    try:
        return parse_board(message.content)
    except InputError:
        return None


def boards(events: Iterable[AnyEvent]) -> Iterator[tuple[CandidateMessage, Board]]:
    """The boards among some events, oldest first, each with the message that drew it."""
    for event in events:
        if isinstance(event, CandidateMessage) and (board := board_of(event)) is not None:
            yield event, board


def _hear_interviewer(state: InterviewState, event: InterviewerMessage) -> None:
    ledger = state.ledger
    state.next_index = event.index + 1
    state.turns += 1
    state.pending = []
    ledger.said_by_interviewer.append(event.content)
    state.last_move = event.move
    for fact in event.facts:
        ledger.facts.setdefault(fact, event.index)
    if event.asks is not None:
        ledger.questions.add(normalise(event.asks))
        if event.stands_for is not None:
            ledger.questions.add(normalise(event.stands_for))
        state.question = _now_open(state.question, event)
    elif event.move not in {Move.HINT, Move.DECLINE, Move.CLARIFY, Move.ACCEPT, Move.TIME_WARNING}:
        if not (event.move is Move.LISTEN and (_still_thinks(state) or asks_to_stay(state))):
            state.question = None
    state.listens = state.listens + 1 if event.move in {Move.LISTEN, Move.HAND_OVER, Move.CLARIFY} else 0
    state.target = event.criterion or (state.target if event.move in {Move.ACCEPT, Move.HINT, Move.CLARIFY} else None)
    if event.about is not None and event.move in {Move.PRESS, Move.CLARIFY}:
        ledger.pressed[event.about] = ledger.pressed.get(event.about, 0) + 1
    if event.criterion is not None and event.move in _ASKING:
        ledger.entry(event.criterion).asked.append(event.index)
    match event.move:
        case Move.PROBE | Move.ASK_GROUND | Move.NUDGE | Move.DEEPEN | Move.PRESS:
            state.probes += 1
            ledger.steps[state.step].probes += 1
        case Move.TWIST if event.about is not None:
            ledger.twists.append(event.about)
        case Move.HINT if event.criterion is not None and event.rung is not None:
            entry = ledger.entry(event.criterion)
            entry.rung = max(entry.rung, event.rung)
            entry.hint_turns.append(event.index)
        case Move.QUESTIONS:
            state.invited = True
        case Move.HAND_OVER:
            state.last_hand_over = state.turns
        case Move.TIME_WARNING:
            state.warned += 1
        case Move.FEEDBACK:
            state.feedback_given.add(state.left or state.step)
        case _:
            pass
    if event.move is Move.PRESS:
        state.presses.append(event.index)
    _follow_dive(state, event)


def _now_open(before: OpenQuestion | None, event: InterviewerMessage) -> OpenQuestion:
    """The question that waits from now on; one that was only put in other words stays what it was."""
    text = event.asks or ""
    if event.move is Move.CLARIFY and before is not None:
        return replace(before, turn=event.index, text=text)
    return OpenQuestion(event.index, event.move, text, event.criterion, event.about)


def _still_thinks(state: InterviewState) -> bool:
    """Whether the candidate only said something like "let me think", so that the question goes on waiting."""
    kinds = {segment.kind for segment in state.intake.segments} if state.intake is not None else set()
    return kinds == {IntakeKind.PLEASANTRY}


def asks_to_stay(state: InterviewState) -> bool:
    """Whether all that waits, or was answered last, is the request to go where we are."""
    named = [event.to for event in state.recent if isinstance(event, AdvanceRequested)]
    parts = [part for event in state.recent if isinstance(event, Intake) for part in event.segments]
    named += [part.step for part in parts if part.kind is IntakeKind.ADVANCE]
    kinds = {part.kind for part in parts}
    return bool(named) and set(named) == {state.step} and kinds <= {IntakeKind.ADVANCE, IntakeKind.PLEASANTRY}


def _follow_dive(state: InterviewState, event: InterviewerMessage) -> None:
    if event.move is Move.DEEPEN and event.criterion is not None:
        state.ledger.entry(event.criterion).deepened.append(event.index)
        if state.dive == event.criterion:
            state.dive_depth += 1
        else:
            state.dive, state.dive_depth = event.criterion, 1
            state.ledger.dives.append(event.criterion)
    elif event.move in {Move.PROBE, Move.ADVANCE, Move.HAND_OVER, Move.TWIST, Move.QUESTIONS, Move.ACCEPT}:
        state.dive, state.dive_depth = None, 0


def _asked_about(state: InterviewState) -> str | None:
    if state.question is not None and state.question.criterion is not None:
        return state.question.criterion
    return state.target


def trigger_of(event: AnyEvent, phase: Phase, *, invited: bool) -> Trigger | None:
    """What an event does to the floor; None if nothing."""
    match event:
        case CandidateMessage() | HintRequested() | AdvanceRequested() | EndRequested():
            return Trigger.SPOKE
        case InterviewerMessage(move=move):
            if phase is Phase.READY:
                return Trigger.OPENED
            if move is Move.WRAP_UP:
                return Trigger.PARTED
            if move is Move.ACCEPT:
                return Trigger.OFFERED
            if move is Move.QUESTIONS or invited:
                return Trigger.INVITED
            return Trigger.REPLIED
        case Ended():
            return Trigger.ENDED
        case _:
            return None


def _move_phase(state: InterviewState, event: AnyEvent) -> None:
    if isinstance(event, Paused | Resumed):
        if state.phase is Phase.ENDED:
            raise TransitionNotAllowed(event.type, state.phase.value)
        state.clock = next_clock(state.clock, Trigger.PAUSED if isinstance(event, Paused) else Trigger.RESUMED)
        return
    trigger = trigger_of(event, state.phase, invited=state.invited)
    if trigger is None:
        return
    if state.clock is ClockPhase.STOPPED:
        raise TransitionNotAllowed(event.type, "paused")
    try:
        state.phase = next_phase(state.phase, trigger)
    except TransitionNotAllowed as error:
        raise TransitionNotAllowed(event.type, error.state) from error


def _run_clock(state: InterviewState, event: AnyEvent) -> None:
    if isinstance(event, NotesKept) or state.ended is not None:  # written beside the dialogue, or after it
        return
    if state.last_at is not None and (state.clock is ClockPhase.RUNNING or isinstance(event, Paused)):
        if not isinstance(event, Resumed):
            seconds = max(0.0, (event.at - state.last_at).total_seconds())
            state.elapsed += seconds
            state.ledger.steps[state.step].seconds += seconds
    state.last_at = event.at


def normalise(text: str) -> str:
    """A question without case, punctuation and spacing, to see whether it was asked before."""
    return " ".join("".join(ch if ch.isalnum() else " " for ch in text.lower()).split())
