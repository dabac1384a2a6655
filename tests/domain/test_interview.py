from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from app.domain.events import (
    AdvanceRequested,
    AnyEvent,
    AssumptionStated,
    CandidateMessage,
    ChoiceMade,
    Disputed,
    DoubtNoted,
    Ended,
    EndRequested,
    EvidenceFound,
    HintRequested,
    Intake,
    InterviewerMessage,
    NotesKept,
    NumberStated,
    Parked,
    Paused,
    RedFlagSeen,
    Resumed,
    Segment,
    StepStarted,
    TensionResolved,
    UnknownEvent,
)
from app.domain.interview import InterviewState, apply, fold, normalise
from app.domain.kinds import EndReason, IntakeKind, Move
from app.domain.phases import ClockPhase, Phase
from app.domain.vocabulary import Provenance, Step
from app.errors import TransitionNotAllowed
from tests.domain.sitting import BEGAN, make_header


class Log:
    """Builds numbered events, a second apart unless said otherwise."""

    def __init__(self) -> None:
        self.events: list[AnyEvent] = []
        self.now = BEGAN
        self.index = 0

    def add(self, kind: type[Any], *, after: float = 1.0, **fields: Any) -> Log:
        self.now += timedelta(seconds=after)
        if kind in (CandidateMessage, InterviewerMessage):
            fields = {"id": f"m{self.index}", "index": self.index, "content": "words", "step": Step.DATA} | fields
            self.index += 1
        self.events.append(kind(seq=len(self.events) + 1, at=self.now, **fields))
        return self

    def candidate(self, *kinds: IntakeKind, after: float = 1.0, **fields: Any) -> Log:
        self.add(CandidateMessage, after=after, **fields)
        if kinds:
            parts = tuple(Segment(kind=kind, start=0, end=5) for kind in kinds)
            self.add(Intake, after=0, turn=self.index - 1, segments=parts)
        return self

    def interviewer(self, move: Move, *, after: float = 1.0, **fields: Any) -> Log:
        return self.add(InterviewerMessage, after=after, move=move, **fields)

    def state(self, **header: Any) -> InterviewState:
        return fold(make_header(**header), self.events)


def begun() -> Log:
    return Log().add(StepStarted, step=Step.REQUIREMENTS).interviewer(Move.OPEN)


def asked(criterion: str = "baseline", move: Move = Move.PROBE, **fields: Any) -> Log:
    log = begun().candidate(IntakeKind.ANSWER)
    return log.interviewer(move, criterion=criterion, asks="What first?", **fields)


def test_an_interview_begins_with_nothing() -> None:
    state = fold(make_header(steps=(Step.DATA, Step.SERVING)), [])
    assert (state.phase, state.step, state.seq, state.next_index) == (Phase.READY, Step.DATA, 0, 0)
    assert state.untouched == [Step.DATA, Step.SERVING]


def test_a_message_waits_until_it_is_answered() -> None:
    log = begun().candidate(IntakeKind.ANSWER).candidate(IntakeKind.QUESTION)
    waiting = log.state()
    assert waiting.phase is Phase.ANSWERING
    assert [event.index for event in waiting.pending if isinstance(event, CandidateMessage)] == [1, 2]
    assert [event.seq for event in waiting.recent] == [3, 4, 5, 6]
    answered = log.interviewer(Move.LISTEN).state()
    assert answered.phase is Phase.LISTENING and answered.pending == []


@pytest.mark.parametrize(
    ("move", "phase"),
    [
        (Move.LISTEN, Phase.LISTENING),
        (Move.ACCEPT, Phase.OFFERING),
        (Move.QUESTIONS, Phase.CLOSING),
        (Move.WRAP_UP, Phase.PARTING),
    ],
)
def test_the_move_decides_the_phase(move: Move, phase: Phase) -> None:
    assert begun().candidate().interviewer(move).state().phase is phase


def test_after_the_invitation_every_reply_keeps_the_closing() -> None:
    log = begun().candidate().interviewer(Move.QUESTIONS).candidate().interviewer(Move.LISTEN)
    assert log.state().phase is Phase.CLOSING


@pytest.mark.parametrize("move", [Move.HINT, Move.DECLINE, Move.CLARIFY, Move.ACCEPT])
def test_a_question_waits_through_hints_and_answers(move: Move) -> None:
    state = asked().candidate().interviewer(move).state()
    assert state.question is not None and state.question.criterion == "baseline"


def test_a_question_is_gone_once_the_interviewer_goes_on() -> None:
    assert asked().candidate().interviewer(Move.LISTEN).state().question is None


def test_what_a_models_wording_stands_for_counts_as_asked() -> None:
    state = asked(stands_for="What would you run first, at all?").state()
    assert state.ledger.questions == {"what first", "what would you run first at all"}


def test_i_dont_know_is_about_the_question_that_waits() -> None:
    state = asked().candidate(IntakeKind.DONT_KNOW).state()
    assert state.ledger.entry("baseline").given_up == [3]
    assert begun().candidate(IntakeKind.DONT_KNOW).state().ledger.criteria == {}


def test_i_dont_know_after_a_hint_is_about_the_hint() -> None:
    log = begun().candidate().interviewer(Move.HINT, criterion="drift", rung=1).candidate(IntakeKind.DONT_KNOW)
    assert log.state().ledger.entry("drift").given_up == [3]


def test_next_and_end_leave_steps_by_the_candidates_own_will() -> None:
    def passed(log: Log) -> list[Step]:
        return [step for step, entry in log.state().ledger.steps.items() if entry.passed]

    assert passed(asked()) == []
    assert passed(begun().add(AdvanceRequested, step=Step.REQUIREMENTS)) == [Step.REQUIREMENTS]
    assert passed(begun().candidate(IntakeKind.ADVANCE)) == [Step.REQUIREMENTS]
    assert passed(begun().add(EndRequested)) == list(Step)
    assert passed(begun().candidate(IntakeKind.END)) == list(Step)


def test_taking_the_floor_when_it_was_handed_over_passes_nothing_by() -> None:
    log = begun().candidate().interviewer(Move.HAND_OVER).candidate(IntakeKind.ADVANCE)
    assert not log.state().ledger.steps[Step.REQUIREMENTS].passed


def test_evidence_takes_a_criterion_off_the_list_of_what_was_left() -> None:
    log = begun().add(Parked, criterion="drift", step=Step.DATA)
    assert log.state().ledger.entry("drift").parked
    common = {"step": Step.DATA, "turn": 1, "quote": "words"}
    log.candidate().add(DoubtNoted, criterion="drift", **common)
    assert log.state().ledger.entry("drift").doubtful
    log.add(EvidenceFound, criterion="drift", provenance=Provenance.VOLUNTEERED, **common)
    entry = log.state().ledger.entry("drift")
    assert entry.covered and not entry.parked and not entry.doubtful


def test_provenance_follows_what_the_interviewer_did() -> None:
    assert begun().state().ledger.entry("baseline").provenance() is Provenance.VOLUNTEERED
    assert asked().state().ledger.entry("baseline").provenance() is Provenance.PROMPTED
    hinted = asked().candidate().interviewer(Move.HINT, criterion="baseline", rung=1)
    assert hinted.state().ledger.entry("baseline").provenance() is Provenance.HINTED


def test_the_ledger_keeps_a_choice_in_its_latest_words() -> None:
    log = begun().candidate()
    for number, quote in enumerate(("first words", "later words")):
        log.add(RedFlagSeen, flag="shuffled-scans", turn=number, quote=quote)
        log.add(ChoiceMade, choice="gps-features", turn=number, quote=quote)
        log.add(AssumptionStated, turn=number, quote=quote)
        log.add(NumberStated, turn=number, quote=quote)
    log.add(TensionResolved, tension="gps-at-booking", turn=1, quote="words")
    ledger = log.state().ledger
    assert ledger.choices["gps-features"].quote == "later words"
    assert [said.quote for said in ledger.flags["shuffled-scans"]] == ["first words", "later words"]
    assert [said.turn for said in ledger.assumptions] == [said.turn for said in ledger.numbers] == [0, 1]
    assert ledger.resolved == {"gps-at-booking"}


def test_a_dive_counts_its_questions_and_ends_with_the_step() -> None:
    log = begun()
    for _ in range(2):
        log.candidate().interviewer(Move.DEEPEN, criterion="baseline", asks="Why?")
    assert (log.state().dive, log.state().dive_depth) == ("baseline", 2)
    assert log.state().ledger.dives == ["baseline"]
    assert log.state().probes == 2
    moved = log.candidate().add(StepStarted, step=Step.SERVING).state()
    assert (moved.dive, moved.dive_depth, moved.step) == (None, 0, Step.SERVING)


def test_another_criterion_is_another_dive() -> None:
    log = begun()
    for criterion in ("baseline", "drift"):
        log.candidate().interviewer(Move.DEEPEN, criterion=criterion, asks="Why?")
    assert log.state().ledger.dives == ["baseline", "drift"]
    assert log.state().dive_depth == 1


def test_a_step_is_opened_once() -> None:
    log = begun().add(StepStarted, step=Step.DATA).candidate().add(StepStarted, step=Step.REQUIREMENTS)
    opened = {step: entry.opened for step, entry in log.state().ledger.steps.items()}
    assert (opened[Step.REQUIREMENTS], opened[Step.DATA], opened[Step.SERVING]) == (0, 1, None)


def test_facts_twists_presses_hints_and_warnings_are_remembered() -> None:
    log = begun().candidate().interviewer(Move.CLARIFY, facts=("volume",))
    log.candidate().interviewer(Move.CLARIFY, facts=("volume", "latency"))
    log.candidate().interviewer(Move.TWIST, about="no-location", asks="And now?")
    log.candidate().interviewer(Move.PRESS, about="shuffled-scans", criterion="time-split", asks="Where do those go?")
    log.candidate().interviewer(Move.HINT, criterion="time-split", rung=2)
    log.candidate().interviewer(Move.TIME_WARNING)
    log.candidate().interviewer(Move.FEEDBACK, step=None)
    state = log.state()
    assert state.ledger.facts == {"volume": 2, "latency": 4}
    assert state.ledger.twists == ["no-location"]
    assert state.ledger.pressed == {"shuffled-scans": 1} and state.presses == [8]
    assert (state.ledger.entry("time-split").rung, state.ledger.entry("time-split").hint_turns) == (2, [10])
    assert (state.warned, state.feedback_given) == (1, {Step.REQUIREMENTS})


def test_events_of_a_newer_version_change_nothing_but_the_count() -> None:
    log = begun()
    before = log.state()
    after = log.add(UnknownEvent, after=0, type="sketch_drawn", boxes=3).state()
    assert after.seq == before.seq + 1 and after.phase is before.phase and after.ledger == before.ledger


def test_paused_time_does_not_count() -> None:
    log = begun().candidate(after=10).interviewer(Move.LISTEN, after=5)
    assert log.state().elapsed == 16
    log.add(Paused, after=20)
    assert log.state().elapsed == 36
    log.add(Resumed, after=3600).candidate(after=4)
    state = log.state()
    assert state.elapsed == 40 and state.ledger.steps[Step.REQUIREMENTS].seconds == 40


def test_notes_cost_no_time_and_nothing_does_after_the_end() -> None:
    plain = begun().candidate(after=10).interviewer(Move.LISTEN, after=5).candidate(after=7).state()
    noted = begun().candidate(after=10).add(NotesKept, after=3, text="AUC?").interviewer(Move.LISTEN, after=2)
    noted.add(NotesKept, after=4, text="AUC? Calibration!").candidate(after=3)
    assert noted.state().elapsed == plain.elapsed == 23
    assert (noted.state().next_index, noted.state().phase) == (plain.next_index, plain.phase)
    noted.interviewer(Move.WRAP_UP, after=1).add(Ended, after=0, reason=EndReason.CANDIDATE)
    for after in (60, 86_400):
        noted.add(UnknownEvent, after=after, type="looked_back_on").add(NotesKept, after=1, text="")
    assert noted.state().elapsed == 24


def test_an_interview_that_is_over_cannot_be_paused() -> None:
    over = begun().add(EndRequested).interviewer(Move.WRAP_UP).add(Ended, reason=EndReason.CANDIDATE)
    with pytest.raises(TransitionNotAllowed, match="'paused' is not possible while the interview is 'ended'"):
        over.add(Paused).state()


def test_what_is_recorded_after_the_end_takes_no_time() -> None:
    over = begun().add(EndRequested).interviewer(Move.WRAP_UP).add(Ended, after=9, reason=EndReason.CANDIDATE)
    before = over.state()
    after = over.add(Disputed, after=86_400, criterion="time-split", turn=1, quote="I said that").state()
    assert before.elapsed == after.elapsed > 9
    assert before.ledger.steps == after.ledger.steps and after.seq == before.seq + 1


def test_a_clock_that_is_set_back_costs_nothing() -> None:
    log = begun().candidate(after=10).interviewer(Move.LISTEN, after=-500)
    assert log.state().elapsed == 11


def test_time_counts_for_the_step_that_was_open() -> None:
    log = begun().add(StepStarted, step=Step.DATA, after=30).candidate(after=7)
    seconds = {step: entry.seconds for step, entry in log.state().ledger.steps.items() if entry.seconds}
    assert seconds == {Step.REQUIREMENTS: 31, Step.DATA: 7}


def test_normalised_questions_are_equal_whatever_their_dress() -> None:
    assert normalise("What — first?") == normalise("what first") != normalise("what's first")


MOVES_THAT_GO_ON = sorted(set(Move) - {Move.WRAP_UP})
CRITERIA = ("baseline", "drift")


class FoldMachine(RuleBasedStateMachine):
    """Any order of events: what fits is folded in, what does not is refused and changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.log = Log()
        self.state = fold(make_header(), [])
        self.paused_for = 0.0
        self.paused_at = BEGAN

    def offer(self, kind: type[Any], *, after: float = 1.0, legal: bool, **fields: Any) -> None:
        self.log.add(kind, after=after, **fields)
        event = self.log.events[-1]
        if legal:
            apply(self.state, event)
            return
        before = deepcopy(self.state)
        with pytest.raises(TransitionNotAllowed):
            apply(self.state, event)
        assert self.state == before
        self.log.events.pop()
        if kind in (CandidateMessage, InterviewerMessage):
            self.log.index -= 1

    @property
    def may_speak(self) -> bool:
        floor = {Phase.LISTENING, Phase.ANSWERING, Phase.OFFERING, Phase.CLOSING}
        return self.state.phase in floor and self.state.clock is ClockPhase.RUNNING

    @rule(seconds=st.floats(0, 600))
    def candidate_speaks(self, seconds: float) -> None:
        self.offer(CandidateMessage, after=seconds, legal=self.may_speak)

    @rule(kind=st.sampled_from([HintRequested, AdvanceRequested, EndRequested]))
    def candidate_requests(self, kind: type[Any]) -> None:
        fields: dict[type[Any], dict[str, Any]] = {
            HintRequested: {"step": Step.DATA, "rung": 1, "criterion": "drift"},
            AdvanceRequested: {"step": Step.DATA},
        }
        self.offer(kind, legal=self.may_speak, **fields.get(kind, {}))

    @rule(move=st.sampled_from(MOVES_THAT_GO_ON), criterion=st.sampled_from(CRITERIA), asks=st.booleans())
    def interviewer_replies(self, move: Move, criterion: str, asks: bool) -> None:
        legal = self.state.phase in {Phase.READY, Phase.ANSWERING} and self.state.clock is ClockPhase.RUNNING
        question = f"Question {self.log.index}?" if asks else None
        self.offer(InterviewerMessage, move=move, criterion=criterion, asks=question, rung=1, legal=legal)

    @precondition(lambda self: self.log.index > 12)
    @rule()
    def interviewer_wraps_up(self) -> None:
        legal = self.state.phase is Phase.ANSWERING and self.state.clock is ClockPhase.RUNNING
        self.offer(InterviewerMessage, move=Move.WRAP_UP, legal=legal)

    @rule()
    def ends(self) -> None:
        legal = self.state.phase is Phase.PARTING and self.state.clock is ClockPhase.RUNNING
        self.offer(Ended, reason=EndReason.COMPLETED, legal=legal)

    @rule(seconds=st.floats(0, 600))
    def pauses(self, seconds: float) -> None:
        legal = self.state.clock is ClockPhase.RUNNING and self.state.phase is not Phase.ENDED
        self.offer(Paused, after=seconds, legal=legal)
        if legal:
            self.paused_at = self.log.now

    @rule(seconds=st.floats(0, 86_400))
    def resumes(self, seconds: float) -> None:
        legal = self.state.clock is ClockPhase.STOPPED and self.state.phase is not Phase.ENDED
        self.offer(Resumed, after=seconds, legal=legal)
        if legal:
            self.paused_for += (self.log.now - self.paused_at).total_seconds()

    @rule(step=st.sampled_from(Step))
    def a_step_starts(self, step: Step) -> None:
        self.offer(StepStarted, step=step, legal=True)
        assert self.state.step is step

    @rule(criterion=st.sampled_from(CRITERIA))
    def something_is_observed(self, criterion: str) -> None:
        fields: dict[str, Any] = {"criterion": criterion, "step": Step.DATA, "turn": 0, "quote": "words"}
        self.offer(EvidenceFound, provenance=Provenance.VOLUNTEERED, legal=True, **fields)
        assert self.state.ledger.covered(criterion)

    @invariant()
    def folding_at_once_is_folding_one_by_one(self) -> None:
        if len(self.log.events) % 5 == 0:
            assert fold(make_header(), self.log.events) == self.state

    @invariant()
    def the_clock_shows_the_time_that_was_not_paused(self) -> None:
        events = self.log.events
        if not events:
            return
        last = self.paused_at if self.state.clock is ClockPhase.STOPPED else events[-1].at
        expected = (last - events[0].at).total_seconds() - self.paused_for
        assert self.state.elapsed == pytest.approx(expected, abs=1e-3)
        assert sum(entry.seconds for entry in self.state.ledger.steps.values()) == pytest.approx(self.state.elapsed)

    @invariant()
    def a_reply_is_owed_exactly_while_something_waits(self) -> None:
        assert (self.state.phase is Phase.ANSWERING) == bool(self.state.pending)


FoldMachine.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None, derandomize=True, print_blob=False
)
TestFold = FoldMachine.TestCase
