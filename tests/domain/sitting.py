"""An interview without a store, a matcher or a clock: the test says what a message holds, the policy answers.

sitting = Sitting(level=Level.MID)
sitting.say("We could shuffle the scans.", flags=["shuffled-scans"])
assert sitting.move is Move.PRESS
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from app.domain.catalog import Brief, Catalog
from app.domain.directive import Answer, Decision, Directive
from app.domain.events import (
    AdvanceRequested,
    AnyEvent,
    CandidateMessage,
    ChoiceMade,
    DoubtNoted,
    Ended,
    EndRequested,
    EvidenceFound,
    Header,
    HintRequested,
    Intake,
    Interviewer,
    InterviewerMessage,
    Parked,
    RedFlagSeen,
    Segment,
    StepStarted,
    TensionResolved,
)
from app.domain.hinting import next_hint
from app.domain.interview import InterviewState, apply
from app.domain.kinds import IntakeKind, InterviewerKind, Move
from app.domain.phases import Phase
from app.domain.policy import decide, opening
from app.domain.vocabulary import Level, Mode, Step
from tests.factories import OWN, make_case, make_catalog, make_criterion

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def make_header(**changes: Any) -> Header:
    """The header of an interview about parcels."""
    fields: dict[str, Any] = {
        "id": "i1",
        "case": "parcel-eta",
        "level": Level.SENIOR,
        "mode": Mode.MOCK,
        "interviewer": Interviewer(kind=InterviewerKind.BUILTIN),
        "started_at": BEGAN,
        "content_hash": "0123456789abcdef",
        **changes,
    }
    return Header(**fields)


def rich_catalog() -> Catalog:
    """The parcels case with four criteria a step, of different weights."""
    more = [make_criterion(id, theme.step) for id, theme in OWN.items()]
    for step in Step:
        more += [
            make_criterion(f"{step}-heavy", step, weight=3, core=True, probes=_probes(step, "heavy")),
            make_criterion(f"{step}-second", step, weight=2, core=False, probes=_probes(step, "second")),
            make_criterion(f"{step}-light", step, weight=1, core=False, probes=_probes(step, "light")),
        ]
    return make_catalog(make_case(criteria=more))


def _probes(step: Step, which: str) -> list[str]:
    return [f"{opener} {which} {step.value} question?" for opener in ("What of the", "How about the", "And the")]


class Sitting:
    """One interview, driven by hand.

    Attributes:
        replies: the interviewer's messages, the opening first.
        decisions: what the policy allowed, one per reply after the opening.
        events: all events so far.
    """

    def __init__(self, catalog: Catalog | None = None, **header: Any) -> None:
        self.catalog = catalog or make_catalog()
        self.brief: Brief = self.catalog.brief("parcel-eta")
        made = make_header(**header)
        self.state = InterviewState(header=made, step=made.steps[0])
        self.now = BEGAN
        self.events: list[AnyEvent] = []
        self.replies: list[InterviewerMessage] = []
        self.decisions: list[Decision] = []
        self._reply(opening(self.state, self.brief), ())

    @property
    def last(self) -> InterviewerMessage:
        """The interviewer's last message."""
        return self.replies[-1]

    @property
    def move(self) -> Move:
        """The interviewer's last move."""
        return self.last.move

    @property
    def over(self) -> bool:
        """Whether the interview has ended."""
        return self.state.phase is Phase.ENDED

    def add(self, event: AnyEvent) -> None:
        """Number an event and fold it in."""
        numbered = event.model_copy(update={"seq": self.state.seq + 1})
        apply(self.state, numbered)
        self.events.append(numbered)

    def say(
        self,
        content: str = "We would do it by the book, with care.",
        *kinds: IntakeKind,
        seconds: float = 30,
        evidence: Iterable[str] = (),
        doubts: Iterable[str] = (),
        flags: Iterable[str] = (),
        choices: Iterable[str] = (),
        resolves: Iterable[str] = (),
        answers: Iterable[Answer] = (),
        step: Step | None = None,
        may_end: bool = True,
        quote: str | None = None,
        score: float | None = None,
        sure: bool = True,
        board: bool = False,
    ) -> InterviewerMessage:
        """The candidate says something that holds what the arguments say; without kinds it is an answer."""
        self.now += timedelta(seconds=seconds)
        index = self.state.next_index
        self.add(
            CandidateMessage(
                seq=0, at=self.now, id=f"c{index}", index=index, content=content, step=self.state.step, board=board
            )
        )
        segments = tuple(
            Segment(kind=kind, start=0, end=len(content), step=step if kind is not IntakeKind.ANSWER else None)
            for kind in kinds or (IntakeKind.ANSWER,)
        )
        self.add(Intake(seq=0, at=self.now, turn=index, segments=segments))
        common: dict[str, Any] = {"seq": 0, "at": self.now, "turn": index, "quote": quote or content}
        for criterion in evidence:
            at = self.brief.criterion_by_id[criterion].step
            how = self.state.ledger.entry(criterion).provenance()
            self.add(EvidenceFound(criterion=criterion, step=at, provenance=how, score=score, **common))
        for criterion in doubts:
            at = self.brief.criterion_by_id[criterion].step
            self.add(DoubtNoted(criterion=criterion, step=at, score=score, **common))
        for flag in flags:
            self.add(RedFlagSeen(flag=flag, **common))
        for choice in choices:
            self.add(ChoiceMade(choice=choice, sure=sure, **common))
        for tension in resolves:
            self.add(TensionResolved(tension=tension, **common))
        consents = IntakeKind.CONSENT in kinds and self.state.last_move is Move.ACCEPT
        if IntakeKind.HINT_REQUEST in kinds or consents:
            self._request_hint(step)
        return self._answer(tuple(answers), may_end=may_end)

    def hint(self, step: Step | None = None, *, criterion: str | None = None) -> InterviewerMessage:
        """The candidate asks for a hint by command."""
        self._request_hint(step, criterion)
        return self._answer(())

    def next(self, to: Step | None = None, *, seconds: float = 5, may_end: bool = True) -> InterviewerMessage:
        """The candidate asks for the next step by command."""
        self.now += timedelta(seconds=seconds)
        self.add(AdvanceRequested(seq=0, at=self.now, step=self.state.step, to=to))
        return self._answer((), may_end=may_end)

    def end(self) -> InterviewerMessage:
        """The candidate ends by command."""
        self.add(EndRequested(seq=0, at=self.now))
        return self._answer(())

    def _request_hint(self, step: Step | None, criterion: str | None = None) -> None:
        target = next_hint(self.state, self.brief, step=step, criterion=criterion)
        rung = None if target.rung is None else target.rung.number
        self.add(HintRequested(seq=0, at=self.now, step=target.step, rung=rung, criterion=target.criterion, named=step))

    def _answer(self, answers: tuple[Answer, ...], *, may_end: bool = True) -> InterviewerMessage:
        decision = decide(self.state, self.brief, self.catalog.levels, answers=answers, may_end=may_end)
        self.decisions.append(decision)
        return self._reply(decision.moves[0], answers)

    def _reply(self, directive: Directive, answers: tuple[Answer, ...]) -> InterviewerMessage:
        for criterion in directive.parks:
            self.add(Parked(seq=0, at=self.now, criterion=criterion, step=self.state.step))
        opens = directive.opens
        if opens is not None and (opens is not self.state.step or self.state.ledger.steps[opens].opened is None):
            self.add(StepStarted(seq=0, at=self.now, step=opens))
        said = " ".join(part for part in (*(answer.text for answer in answers), directive.text) if part)
        self.add(
            InterviewerMessage(
                seq=0,
                at=self.now,
                id=f"i{self.state.next_index}",
                index=self.state.next_index,
                content=said,
                step=directive.step,
                move=directive.move,
                criterion=directive.criterion,
                about=directive.about,
                rung=directive.rung,
                facts=tuple(answer.fact for answer in answers if answer.fact is not None),
                asks=directive.question,
                stands_for=directive.template,
            )
        )
        message = self.events[-1]
        assert isinstance(message, InterviewerMessage)
        self.replies.append(message)
        if directive.ends is not None:
            self.add(Ended(seq=0, at=self.now, reason=directive.ends))
        return message
