"""The latest turn as the policy looks at it: what was said, what it showed, what is still open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from app.domain import phrases, wordings
from app.domain.catalog import Brief
from app.domain.directive import Answer
from app.domain.events import (
    AdvanceRequested,
    CandidateMessage,
    ChoiceMade,
    DoubtNoted,
    EndRequested,
    EvidenceFound,
    HintRequested,
    Intake,
    NumberStated,
    RedFlagSeen,
    Segment,
)
from app.domain.hinting import HintTarget, asked_about, next_hint
from app.domain.interview import InterviewState
from app.domain.kinds import IntakeKind, Move
from app.domain.pacing import Budget
from app.domain.rubric import Criterion
from app.domain.speech import words_of
from app.domain.vocabulary import Level, Step

_NOD = re.compile(r"^(?:Noted|Okay|All right|Understood)\. ")
_SPEECH = {IntakeKind.ANSWER, IntakeKind.OBJECTION, IntakeKind.ASSUMPTION}
_GROUND_STEPS = (Step.REQUIREMENTS, Step.FRAMING)
_AT_LENGTH = 9
_AT_SOME_LENGTH = 15
"""Words beside a request to go somewhere that are a thought on it, whatever it is."""
_SEVERAL = 2
_A_SENTENCE = 7
"""Words from which a remark after the invitation counts as a thought."""
NOT_FAINT = 0.2
"""The matcher's score from which a point that was perhaps made is taken for a sign of it."""
_STILL_FRESH = 16
"""Messages, both sides counted, for which something unpressed may be come back to."""
_PRESSING = 0.3
"""Share of turns in which something unpressed may be pressed, whatever was just said.

Three times 60 interviews, with the recordings' seeds and two others: neutrality .51, .54, .54, and half of the wrong
claims are pressed; with .4 .57, .55, .54 and nearly six in ten. With sound choices pressed whenever they were made, and
wrong claims at once in three of ten cases: .55, .58, .57 and nearly two in three.
"""
_Seen = EvidenceFound | DoubtNoted | ChoiceMade | RedFlagSeen


@dataclass(frozen=True)
class TurnView:
    """Questions that the policy's rules ask of the latest turn. Read only."""

    state: InterviewState
    brief: Brief
    budget: Budget
    answers: tuple[Answer, ...]
    may_end: bool

    # --- what was asked for ---

    @cached_property
    def kinds(self) -> set[IntakeKind]:
        """What the pending messages hold."""
        return {segment.kind for segment in self._segments}

    @cached_property
    def _segments(self) -> list[Segment]:
        return [segment for event in self.state.recent if isinstance(event, Intake) for segment in event.segments]

    def has(self, kind: IntakeKind) -> bool:
        """Whether the pending messages hold a part of this kind."""
        return kind in self.kinds

    def only(self, kinds: Iterable[IntakeKind]) -> bool:
        """Whether they hold nothing but parts of these kinds."""
        return bool(self.kinds) and self.kinds <= {*kinds, IntakeKind.PLEASANTRY}

    @property
    def ends(self) -> bool:
        """Whether the candidate asked to end."""
        return self.has(IntakeKind.END) or any(isinstance(event, EndRequested) for event in self.state.pending)

    @property
    def was_offered(self) -> bool:
        """Whether "Hint, or move on?" was just asked."""
        return self.last_move is Move.ACCEPT

    @property
    def last_move(self) -> Move | None:
        """The interviewer's last move."""
        return self.state.last_move

    @property
    def wants_no_more(self) -> bool:
        """After the invitation to ask: whether the candidate has nothing more."""
        declines = self.has(IntakeKind.REFUSAL) or (self.wants_next and self.named_step is None)
        takes_leave = bool(self._segments) and self._segments[-1].kind is IntakeKind.REFUSAL
        return (declines and (takes_leave or not self.adds_something)) or self._silent_twice

    @property
    def goes_to(self) -> Step | None:
        """The step that the last words ask to go to, with nothing said on it yet."""
        last = next(reversed(self._segments), None)
        if last is None or last.kind is not IntakeKind.ADVANCE or _is_long_jump(last):
            return None
        return last.step

    @property
    def says_it_is_all(self) -> bool:
        """Whether the last words ask to go on, and to no step ("I'm done here."); thanks may follow."""
        beside = {IntakeKind.ASKS_SCORE, IntakeKind.PLEASANTRY}
        last = next((one for one in reversed(self._segments) if one.kind not in beside), None)
        return last is not None and last.kind is IntakeKind.ADVANCE and last.step is None and not _is_long_jump(last)

    @property
    def stays_silent(self) -> bool:
        """Whether a question still waits after two messages in a row without substance."""
        return self.state.question is not None and self.only(()) and self._silent_twice

    @property
    def _silent_twice(self) -> bool:
        """Whether nothing of substance was said, twice in a row ("ok", "ok")."""
        heard = [event for event in self.state.events if isinstance(event, Intake)][-2:]
        kinds = {segment.kind for event in heard for segment in event.segments}
        return len(heard) == 2 and kinds <= {IntakeKind.PLEASANTRY, IntakeKind.DONT_KNOW}

    @property
    def wants_hint(self) -> bool:
        """Whether a hint was asked for, in words, by command, or by a yes to the offer."""
        asked = self.has(IntakeKind.HINT_REQUEST) or any(
            isinstance(event, HintRequested) for event in self.state.pending
        )
        return asked or (self.was_offered and self.has(IntakeKind.CONSENT))

    @cached_property
    def hint(self) -> HintTarget:
        """The hint that would come next."""
        for event in reversed(self.state.pending):
            if isinstance(event, HintRequested):
                return next_hint(self.state, self.brief, step=event.named, criterion=event.criterion)
        return next_hint(self.state, self.brief)

    @property
    def wants_next(self) -> bool:
        """Whether the candidate asked for the next step, in words or by command."""
        asked = any(isinstance(event, AdvanceRequested) for event in self.state.pending)
        return asked or (self.has(IntakeKind.ADVANCE) and not (self.was_offered and self.named_step is None))

    @cached_property
    def named_step(self) -> Step | None:
        """The step that the candidate asked to go to, if one was named and is in the plan."""
        named = [event.to for event in self.state.pending if isinstance(event, AdvanceRequested)]
        return self._in_plan([*named, *self._steps_of(IntakeKind.ADVANCE)])

    @property
    def asked_step(self) -> Step | None:
        """The step that the candidate asked leave to go to, if one was named and is in the plan."""
        return self._in_plan(self._steps_of(IntakeKind.ASKS_LEAVE))

    def _steps_of(self, kind: IntakeKind) -> list[Step | None]:
        return [segment.step for segment in self._segments if segment.kind is kind]

    def _in_plan(self, steps: Iterable[Step | None]) -> Step | None:
        return next((step for step in steps if step is not None and step in self.state.header.steps), None)

    # --- what was said ---

    @cached_property
    def messages(self) -> list[CandidateMessage]:
        """The candidate's messages that wait for a reply."""
        return [event for event in self.state.pending if isinstance(event, CandidateMessage)]

    @cached_property
    def words(self) -> int:
        """How many words wait for a reply."""
        return sum(len(words_of(message.content)) for message in self.messages)

    @property
    def speaks(self) -> bool:
        """Whether the candidate said something of substance, beyond questions and requests."""
        return bool(self.kinds & _SPEECH) or self.speaks_at_length

    @cached_property
    def speaks_at_length(self) -> bool:
        """Whether a jump came together with content ("Next, features: I'd use ...")."""
        if self.kinds & _SPEECH and (self.learned or self.own_words >= _AT_SOME_LENGTH):
            return True
        return any(_is_long_jump(segment) for segment in self._segments)

    @cached_property
    def own_words(self) -> int:
        """How many words of the pending messages are neither questions nor requests."""
        return sum(
            count_words(message.content, [part for part in event.segments if part.kind in _SPEECH])
            for message in self.messages
            for event in self.state.recent
            if isinstance(event, Intake) and event.turn == message.index
        )

    def encouragement(self) -> str:
        """What leaves the floor to who asked to go to a step, was told a fact just before, or was just speaking."""
        if self.goes_to in self.state.header.steps and not self.answers:
            return wordings.rotate(phrases.GRANTED, self.state)
        return wordings.rotate(phrases.AFTER_FACTS if self.answers else phrases.LISTEN, self.state)

    @property
    def adds_something(self) -> bool:
        """Whether something of substance about the design was said."""
        return any(self.is_substantial(event) for event in self.state.recent if isinstance(event, Intake))

    def is_substantial(self, heard: Intake) -> bool:
        """Whether a message, of any turn, holds own words: a sentence of them, or fewer that were recognised."""
        spoken = [part for part in heard.segments if part.kind in _SPEECH or _is_long_jump(part)]
        if not spoken:
            return False
        events = [event for event in self.state.events if isinstance(event, _Seen) and event.turn == heard.turn]
        if any(not isinstance(event, DoubtNoted) or _is_likely(event) for event in events):
            return True
        content = next(
            event.content
            for event in self.state.events
            if isinstance(event, CandidateMessage) and event.index == heard.turn
        )
        return count_words(content, spoken) >= _A_SENTENCE

    @property
    def latest_words(self) -> str:
        """The last sentence of substance, to follow it up."""
        for message in reversed(self.messages):
            spoken = [
                segment for segment in self._segments if segment.kind in _SPEECH and segment.end <= len(message.content)
            ]
            if spoken:
                return message.content[spoken[-1].start : spoken[-1].end]
        return ""

    @cached_property
    def new_evidence(self) -> list[str]:
        """Criteria credited by the pending messages, heaviest first."""
        found = [event.criterion for event in self.state.recent if isinstance(event, EvidenceFound)]
        return sorted(
            (criterion for criterion in dict.fromkeys(found) if criterion in self.brief.criterion_by_id),
            key=lambda criterion: (
                not self.brief.criterion_by_id[criterion].core,
                -self.brief.criterion_by_id[criterion].weight,
            ),
        )

    @cached_property
    def new_doubts(self) -> list[str]:
        """Criteria that the pending messages may cover, heaviest first."""
        found = [event.criterion for event in self.state.recent if isinstance(event, DoubtNoted)]
        return sorted(
            (c for c in dict.fromkeys(found) if c in self.brief.criterion_by_id and c not in self.new_evidence),
            key=lambda criterion: (
                not self.brief.criterion_by_id[criterion].core,
                -self.brief.criterion_by_id[criterion].weight,
            ),
        )

    @cached_property
    def new_choices(self) -> list[str]:
        """Choices made in the pending messages."""
        found = [event.choice for event in self.state.recent if isinstance(event, ChoiceMade)]
        return [choice for choice in dict.fromkeys(found) if choice in self.brief.choice_by_id]

    @cached_property
    def new_flags(self) -> list[str]:
        """Wrong claims made in the pending messages."""
        return list(dict.fromkeys(event.flag for event in self.state.recent if isinstance(event, RedFlagSeen)))

    @property
    def in_numbers(self) -> bool:
        """Whether the pending messages give several numbers."""
        return len({event.quote for event in self.state.recent if isinstance(event, NumberStated)}) >= _SEVERAL

    @property
    def new_sure_choices(self) -> list[str]:
        """Choices made in the pending messages that leave little doubt."""
        sure = {event.choice for event in self.state.recent if isinstance(event, ChoiceMade) and event.sure}
        return [choice for choice in self.new_choices if choice in sure]

    def standing_flags(self, step: Step) -> list[str]:
        """Wrong claims that were surely made about a step and not put right since."""
        sure = {event.flag for event in self.state.events if isinstance(event, RedFlagSeen) and event.sure}
        of_step = (flag for flag in self.state.ledger.flags if flag in sure and flag in self.brief.flag_by_id)
        return [f for f in of_step if self.brief.flag_by_id[f].step is step and not self._put_right(f)]

    def _put_right(self, flag: str) -> bool:
        """Whether what the claim gets wrong was credited after it was last made."""
        evidence = self.state.ledger.entry(self.brief.flag_by_id[flag].criterion).evidence
        return any(found.turn > self.state.ledger.flags[flag][-1].turn for found in evidence)

    @property
    def waiting_flags(self) -> list[str]:
        """Wrong claims of the last few messages that were neither pressed nor put right, the latest first."""
        flags = self.state.ledger.flags
        made = {flag: said[-1].turn for flag, said in flags.items() if flag in self.brief.flag_by_id}
        return self._waiting({flag: turn for flag, turn in made.items() if not self._put_right(flag)})

    @property
    def waiting_choices(self) -> list[str]:
        """Sure choices of the last few messages that were not pressed, the latest first."""
        return self._waiting({choice: said.turn for choice, said in self.state.ledger.sure_choices.items()})

    def _waiting(self, said: Mapping[str, int]) -> list[str]:
        oldest, newest = self.state.next_index - _STILL_FRESH, min(message.index for message in self.messages)
        waiting = [
            one for one, turn in said.items() if oldest <= turn < newest and one not in self.state.ledger.pressed
        ]
        return sorted(waiting, key=lambda one: -said[one])

    @property
    def may_press(self) -> bool:
        """Whether this is a turn for pressing: by chance, alike at each replay."""
        return Random(f"{self.state.next_index} {self.state.header.seed}").random() < _PRESSING

    @cached_property
    def held_on(self) -> list[str]:
        """The wrong claim that was just pressed and not taken back."""
        question = self.state.question
        if question is None or question.move is not Move.PRESS or question.about is None:
            return []
        flag = self.brief.flag_by_id.get(question.about)
        if flag is None or flag.id not in self.state.ledger.flags:
            return []
        if self.has(IntakeKind.DONT_KNOW) or self.new_evidence or not self.speaks:
            return []
        return [flag.id]

    @property
    def went_deep_enough(self) -> bool:
        """Whether what the candidate does not know goes beyond what was already shown, or beyond the hints for it."""
        question = self.state.question
        if question is None or not self.has(IntakeKind.DONT_KNOW):
            return False
        asked = asked_about(self.state, self.brief)
        return question.move is Move.DEEPEN or bool(asked and self.hint.criterion not in asked)

    @property
    def learned(self) -> bool:
        """Whether the pending messages showed anything."""
        return bool(self.new_evidence or self.new_choices or self.new_flags)

    @property
    def productive(self) -> bool:
        """Whether the candidate is under way, so that listening is better than asking."""
        return self.speaks and (self.learned or bool(self.new_doubts) or self.words >= 25)

    def quote_of(self, criterion: str) -> str:
        """The span that was credited for a criterion."""
        return next(e.quote for e in self.state.recent if isinstance(e, EvidenceFound) and e.criterion == criterion)

    def doubt_of(self, criterion: str) -> str:
        """The span that may cover a criterion."""
        return next(e.quote for e in self.state.recent if isinstance(e, DoubtNoted) and e.criterion == criterion)

    def doubt_score(self, criterion: str) -> float:
        """How likely it is that the span covers the criterion, 0 to 1."""
        found = [e.score for e in self.state.recent if isinstance(e, DoubtNoted) and e.criterion == criterion]
        return max((1.0 if score is None else score for score in found), default=0.0)

    def evidence_score(self, criterion: str) -> float:
        """How sure it is that the criterion was covered, 0 to 1."""
        found = (e.score for e in self.state.recent if isinstance(e, EvidenceFound) and e.criterion == criterion)
        return max((score for score in found if score is not None), default=1.0)

    # --- where we are ---

    @property
    def step(self) -> Step:
        """The open step."""
        return self.state.step

    @property
    def leads(self) -> bool:
        """Whether the interviewer leads step by step."""
        return self.state.header.level is Level.MID

    @cached_property
    def follow(self) -> Step | None:
        """The later step that the candidate has moved to by speaking of it, or named; None to stay."""
        if self.named_step is not None and self.named_step is not self.step:
            return self.named_step
        weight: dict[Step, int] = {}
        for criterion in self.new_evidence:
            step = self.brief.criterion_by_id[criterion].step
            weight[step] = weight.get(step, 0) + 2
        for choice in self.new_choices:
            step = self.brief.choice_by_id[choice].step
            weight[step] = weight.get(step, 0) + 1
        answers_a_question = self.state.question is not None and self.state.question.criterion is not None
        if answers_a_question or self.step in weight:
            return None
        later = [step for step in self.state.header.steps if step.number > self.step.number]
        best = max(later, key=lambda step: weight.get(step, 0), default=None)
        if best is None:
            return None
        near = best is self.next_in_plan
        enough = weight.get(best, 0) >= (3 if near else 4) and weight.get(best, 0) >= 0.6 * sum(weight.values())
        return best if enough else None

    @property
    def here(self) -> Step:
        """The step that the candidate is in once it is followed."""
        return self.follow or self.step

    @property
    def next_in_plan(self) -> Step | None:
        """The step after the open one in the plan."""
        return next((step for step in self.state.header.steps if step.number > self.step.number), None)

    def next_step(self) -> Step | None:
        """The next step of the plan that was never opened; to one that was skipped a question of it leads back."""
        later = [step for step in self.state.untouched if step.number > self.here.number]
        return next((step for step in later if self.leads or not self._spoken_of(step)), None)

    def _spoken_of(self, step: Step) -> bool:
        """Whether two points of a step or more, and all core ones, were said or asked for: opening it would sound deaf.

        Of a core point a sign that is not faint will do.
        """
        entries = [(criterion, self.state.ledger.entry(criterion.id)) for criterion in self.brief.of_step(step)]
        dealt_with = [criterion for criterion, entry in entries if entry.covered or entry.asked or entry.spent]
        likely = [criterion for criterion, entry in entries if entry.doubts and not entry.faint]
        core = [criterion for criterion, _ in entries if criterion.core]
        return len(dealt_with) >= 2 and all(criterion in (*dealt_with, *likely) for criterion in core)

    def begun(self, step: Step) -> bool:
        """Whether something of a step was surely said before it was opened."""
        return any(self.state.ledger.covered(criterion.id) for criterion in self.brief.of_step(step))

    def open_criteria(self, step: Step) -> list[Criterion]:
        """Criteria of a step that may be asked for, core ones first."""
        found = []
        for criterion in self.brief.of_step(step):
            entry = self.state.ledger.entry(criterion.id)
            if entry.covered or entry.doubts or entry.asked or entry.given_up or entry.rung:
                continue
            if criterion.core or criterion.weight >= 2:
                found.append(criterion)
        return found

    @property
    def step_is_done(self) -> bool:
        """Whether nothing core is left to ask in the open step."""
        step = self.here
        return not any(criterion.core for criterion in self.open_criteria(step)) and bool(
            self.state.ledger.steps[step].probes
        )

    def left_open(self) -> tuple[str, ...]:
        """Core criteria of the open step that nobody has spoken of yet; leaving the step parks them."""
        return tuple(criterion.id for criterion in self.open_criteria(self.step) if criterion.core)

    def left_over(self) -> list[Criterion]:
        """What to come back to at the end: what was parked, what nothing or little was heard of, steps never opened."""
        ledger = self.state.ledger
        plan = [
            criterion for step in self.state.header.steps for criterion in self.open_criteria(step) if criterion.core
        ]
        parked = [
            criterion
            for criterion in self.brief.criteria
            if ledger.entry(criterion.id).parked
            and not ledger.covered(criterion.id)
            and not ledger.entry(criterion.id).spent
        ]
        never_opened = [
            criterion for step in self.state.untouched for criterion in self.open_criteria(step) if not criterion.core
        ]
        faint = [
            criterion
            for criterion in self.brief.criteria
            if criterion.core
            and criterion.step in self.state.header.steps
            and self.state.ledger.entry(criterion.id).faint
        ]
        return list({criterion.id: criterion for criterion in (*parked, *plan, *faint, *never_opened)}.values())

    @property
    def failed_push(self) -> str | None:
        """The criterion that was just asked for without result, if it may be asked once more."""
        question = self.state.question
        if question is None or question.criterion is None or question.criterion not in self.brief.criterion_by_id:
            return None
        if question.move not in {Move.PROBE, Move.ASK_GROUND}:
            return None
        entry = self.state.ledger.entry(question.criterion)
        if entry.covered or entry.spent or self.was_offered:
            return None
        if question.criterion in self.new_doubts or self.learned:
            return None
        return question.criterion

    @property
    def out_of_questions(self) -> bool:
        """Whether the questions of the whole interview are spent."""
        return self.state.probes >= self.budget.probes + 4

    @property
    def step_time_is_up(self) -> bool:
        """Whether the step that the candidate is in has had its time, and a little more."""
        if self.budget.steps is None:
            return False
        return self.state.ledger.steps[self.here].seconds > 1.25 * self.budget.steps[self.here]

    def handing_back(self, options: Sequence[str]) -> str:
        """One of several ways to leave the floor to the candidate, without its nod when an answer came first."""
        bare = {_NOD.sub("", option): option for option in options}  # said with it or without it is said
        chosen = wordings.rotate(list(bare), self.state)
        return chosen if self.answers else bare[chosen]

    def acknowledgement(self) -> str:
        """A neutral word before a question, every other turn, and none when an answer came first."""
        if self.went_deep_enough:
            return wordings.rotate(phrases.ACCEPT_AND_GO, self.state)
        if self.answers or not self.messages or (self.state.turns + self.state.header.seed) % 2:
            return ""
        return wordings.rotate(phrases.ACKNOWLEDGE, self.state)


def count_words(content: str, parts: Iterable[Segment]) -> int:
    """How many words some parts of a message have."""
    return sum(len(words_of(content[part.start : part.end])) for part in parts)


def _is_long_jump(part: Segment) -> bool:
    return part.kind is IntakeKind.ADVANCE and part.end - part.start > 6 * _AT_LENGTH


def _is_likely(doubt: DoubtNoted) -> bool:
    return doubt.score is None or doubt.score >= NOT_FAINT


def ground_steps(plan: Iterable[Step]) -> tuple[Step, ...]:
    """The steps of a plan on which the model rests."""
    return tuple(step for step in _GROUND_STEPS if step in set(plan))
