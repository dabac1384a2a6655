"""The interviewer behind an endpoint: a model words the policy's moves, a guard reads every sentence first.

A language model is never trusted with more than the wording: what has to be said verbatim is said without
it, what it writes is shown sentence by sentence as the guard lets it pass, and whatever goes wrong ends in
the curated wording of the same moves.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.catalog import Brief
from app.domain.directive import Decision, Directive
from app.domain.events import AdvanceRequested, CandidateMessage, GuardReport, Interviewer, InterviewerMessage
from app.domain.interview import InterviewState, normalise
from app.domain.kinds import InterviewerKind, Move, Source
from app.domain.speech import sentences
from app.errors import ModelError, PromptTooLong
from app.ports import ChatMessage, ChatModel, Manners, Matcher
from app.prompts.conversation import directive_text, instructions, messages, note_words, tagged
from app.services.guard import Rule, Surroundings, Verdict, asks, check, hands_over
from app.services.reply_reader import ReplyReader, finished
from app.services.revealing import Revealing, Reveals, reveals_nothing
from app.services.speaking import CuratedSpeaker, Emit, Spoken

WORDED = frozenset(
    {
        Move.LISTEN,
        Move.HAND_OVER,
        Move.ASK_GROUND,
        Move.PROBE,
        Move.DEEPEN,
        Move.PRESS,
        Move.NUDGE,
        Move.INTERRUPT,
        Move.ADVANCE,
    }
)
"""The moves that a model may word. Hints, twists, refusals, times and farewells are said as written."""
_LED_UP = re.compile(r'[^"?]{0,40}"(?P<quote>[^"]+)"[:.,] (?P<asked>[^"]+\?)$')
"""A curated question after some words of the candidate's ("Stay with "the log": who reads it?")."""
_LONGEST_REST = 4
_LONGEST_QUIET_S = 900.0
"""Longer waits that an endpoint asks for are cut to this: whoever mends it should not have to start anew."""


class ModelSpeaker:
    """Words decisions with a language model.

    One object serves all interviews of a process, so that all of them learn when the endpoint is down:
    after a failure the model is tried again at the next turn, then one turn later, then two, then four; and not
    before the time that it asked for.

    Args:
        chat: the model.
        deadline_s: seconds until the model's first sentence is shown, over both attempts together; each later
            sentence has as long again.
        max_tokens: of a reply. Far more than one needs, as some models spend most of them on thinking; a
            reply that grows too long is cut by the guard, not by this.
        history_characters: how much dialogue a prompt holds; halved, down to an eighth, for a model that turns
            out to read less.
        matcher: recognises a sentence that gives a criterion away in words of its own; without it only terms are.
        manners: knows how interviewers speak; without it the guard goes by its rules alone.
    """

    def __init__(
        self,
        chat: ChatModel,
        *,
        deadline_s: float = 20.0,
        max_tokens: int = 1200,
        history_characters: int = 24_000,
        matcher: Matcher | None = None,
        manners: Manners | None = None,
    ) -> None:
        self._chat = chat
        self._matcher = matcher
        self._manners = manners
        self._deadline_s = deadline_s
        self._max_tokens = max_tokens
        self._history_characters = history_characters
        self._least_history = history_characters // 8
        self._curated = CuratedSpeaker()
        self._failures = 0
        self._resting = 0
        self._quiet_until = 0.0
        self._reason = ""
        self._told: set[str] = set()

    @property
    def identity(self) -> Interviewer:
        """The header's entry."""
        return Interviewer(kind=InterviewerKind.MODEL, model=self._chat.name)

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        """Word one of the decision's moves; answers come first and at once."""
        if not _leaves_room(decision, state):
            return await self._curated.speak(decision, state=state, brief=brief, emit=emit)
        if self._rests():
            spoken = await self._curated.speak(decision, state=state, brief=brief, emit=emit)
            report = GuardReport(attempts=0, failure=self._reason)
            return spoken.model_copy(update={"guard": report, "notice": self._notice(state)})
        stage = _Stage(emit)
        await stage.say(" ".join(answer.text for answer in decision.answers))
        drafts = await self._drafts(decision, state=state, brief=brief, stage=stage)
        return await self._finish(drafts, decision, state=state, stage=stage)

    async def warm_up(self) -> None:
        """Get ready for the first turn, so that the candidate does not wait for it."""
        await self._chat.warm_up()

    def _rests(self) -> bool:
        """Whether the model is left alone in this turn."""
        if self._resting:
            self._resting -= 1
            return True
        return asyncio.get_running_loop().time() < self._quiet_until

    # --- drafts ---

    async def _drafts(self, decision: Decision, *, state: InterviewState, brief: Brief, stage: _Stage) -> list[_Draft]:
        """One draft, and a second if the guard turned down the first before anything of it was shown.

        A prompt that is too long for the model is no draft: it is cut shorter and sent again.
        """
        said = [event for event in state.events if isinstance(event, CandidateMessage | InterviewerMessage)]
        turn = _Turn(
            options=tagged([move for move in decision.moves if move.move in WORDED]),
            brief=brief,
            candidate=tuple(event.content for event in said if isinstance(event, CandidateMessage)),
            interviewer=(
                *(event.content for event in said if isinstance(event, InterviewerMessage)),
                *(answer.text for answer in decision.answers),
            ),
            asked=frozenset(state.ledger.questions),
            instructions=f"{instructions(state.header, brief)}\n{note_words()}",
            reveals=Revealing(self._matcher, brief) if self._matcher is not None else reveals_nothing,
            manners=self._manners,
        )
        deadline = asyncio.get_running_loop().time() + self._deadline_s
        drafts: list[_Draft] = []
        while not drafts or (len(drafts) == 1 and drafts[0].may_be_tried_again):
            rejected = drafts[0].verdict.rule.value if drafts and drafts[0].verdict is not None else None
            prompt = messages(
                state.events,
                header=state.header,
                brief=brief,
                directive=directive_text(turn.options, answers=decision.answers, rejected=rejected),
                budget=self._history_characters,
            )
            draft = await self._draft(prompt, turn=turn, stage=stage, deadline=deadline)
            if draft.overflowed and not draft.shown and self._history_characters > self._least_history:
                self._history_characters //= 2
                continue
            drafts.append(draft)
        return drafts

    async def _draft(self, prompt: Sequence[ChatMessage], *, turn: _Turn, stage: _Stage, deadline: float) -> _Draft:
        """Stream one reply, showing each sentence that the guard lets pass, up to the first question."""
        draft = _Draft()
        reader = ReplyReader()
        pieces = self._chat.stream(prompt, max_tokens=self._max_tokens)
        limit = deadline
        try:
            while not draft.is_done:
                piece = await self._next_piece(pieces, draft, limit=limit)
                if draft.failure is not None:
                    break
                shown = len(draft.shown)
                await self._read(piece, reader=reader, draft=draft, turn=turn, stage=stage)
                if len(draft.shown) > shown:
                    limit = asyncio.get_running_loop().time() + self._deadline_s
        finally:
            if isinstance(pieces, AsyncGenerator):
                await pieces.aclose()
        return draft

    async def _next_piece(self, pieces: AsyncIterator[str], draft: _Draft, *, limit: float) -> str | None:
        """The next piece, None at the end; a failure is noted in the draft."""
        try:
            async with asyncio.timeout_at(limit):
                return await anext(pieces, None)
        except TimeoutError:
            draft.failure = f"nothing to show came within {self._deadline_s:g} s"
        except ModelError as error:
            draft.failure = str(error)
            draft.retry_after = error.retry_after
            draft.overflowed = isinstance(error, PromptTooLong)
        return None

    async def _read(self, piece: str | None, *, reader: ReplyReader, draft: _Draft, turn: _Turn, stage: _Stage) -> None:
        """Read one piece into the draft; None ends the reply."""
        found = reader.rest() if piece is None else reader.feed(piece)
        if reader.untagged:
            draft.reject(Rule.NO_MOVE)
            return
        if reader.tag is not None and draft.directive is None:
            draft.directive = turn.options.get(reader.tag)
            if draft.directive is None:
                draft.reject(Rule.ILLEGAL_MOVE)
                return
            draft.around = turn.around(draft.directive)
        for place, sentence in enumerate(found, start=1):
            assert draft.around is not None  # sentences come after a legal tag
            if piece is None and place == len(found) and not finished(sentence):
                draft.reject(Rule.UNFINISHED, sentence)
                return
            draft.verdict = check(sentence, shown=draft.shown, around=draft.around)
            if draft.verdict is not None:
                return
            await stage.say(sentence)
            draft.shown.append(sentence)
            if draft.is_done:
                return
        if reader.overflows:
            draft.reject(Rule.TOO_LONG)
        elif piece is None:
            draft.ended = True
            if not draft.shown:
                draft.reject(Rule.UNFINISHED)

    # --- what becomes of them ---

    async def _finish(
        self, drafts: Sequence[_Draft], decision: Decision, *, state: InterviewState, stage: _Stage
    ) -> Spoken:
        last = drafts[-1]
        notice = None
        if last.failure is None:
            self._failures = 0
            self._told.clear()
        else:
            self._failures += 1
            self._resting = min(2 ** (self._failures - 1) // 2, _LONGEST_REST)
            self._quiet_until = asyncio.get_running_loop().time() + min(last.retry_after or 0.0, _LONGEST_QUIET_S)
            self._reason = last.failure
            notice = self._notice(state)
        shown = bool(last.shown)
        directive = last.directive if shown and last.directive is not None else decision.moves[0]
        question = last.question
        if not shown:
            await stage.say(directive.text)
            question = directive.question
        elif question is None and (closing := _closing_question(directive)):
            before = normalise(" ".join(last.shown))
            question = closing
            if normalise(closing) not in before:  # it may ask without a question mark
                question = _without_words_of(closing, before)
                await stage.say(question)
        verdicts = [draft.verdict for draft in drafts if draft.verdict is not None]
        return Spoken(
            text=stage.text,
            directive=directive,
            asks=question if directive.question is not None else None,
            source=Source.MODEL if shown else Source.CURATED,
            guard=GuardReport(
                rules=tuple(verdict.rule.value for verdict in verdicts),
                dropped=tuple(verdict.sentence for verdict in verdicts if verdict.sentence),
                attempts=len(drafts),
                failure=last.failure,
            ),
            first_sentence_ms=stage.first_ms,
            notice=notice,
        )

    def _notice(self, state: InterviewState) -> str | None:
        """What the user of an interview is told, once for each time that the model is away."""
        if state.header.id in self._told:
            return None
        self._told.add(state.header.id)
        return (
            f"The model {self._chat.name!r} did not answer ({self._reason.rstrip('.')}). "
            "The built-in interviewer takes over for now."
        )


@dataclass(frozen=True)
class _Turn:
    """What both drafts of a turn share."""

    options: Mapping[str, Directive]
    brief: Brief
    candidate: tuple[str, ...]
    interviewer: tuple[str, ...]
    asked: frozenset[str]
    instructions: str
    reveals: Reveals
    manners: Manners | None

    def around(self, directive: Directive) -> Surroundings:
        """What sentences are judged against once the move is known."""
        return Surroundings(
            brief=self.brief,
            directive=directive,
            candidate=self.candidate,
            interviewer=self.interviewer,
            asked=self.asked,
            instructions=self.instructions,
            reveals=self.reveals,
            manners=self.manners,
        )


@dataclass
class _Draft:
    """One attempt of the model's; `shown` holds its sentences that passed and were emitted."""

    directive: Directive | None = None
    around: Surroundings | None = None
    shown: list[str] = field(default_factory=list)
    verdict: Verdict | None = None
    failure: str | None = None
    retry_after: float | None = None
    overflowed: bool = False
    ended: bool = False

    def reject(self, rule: Rule, sentence: str = "") -> None:
        """Turn the draft down."""
        self.verdict = Verdict(rule=rule, sentence=sentence)

    @property
    def question(self) -> str | None:
        """The latest request that was shown."""
        return next((sentence for sentence in reversed(self.shown) if asks(sentence)), None)

    @property
    def is_done(self) -> bool:
        """Whether nothing more is read: the reply failed, ended, asked something, or said the curated request."""
        return self.ended or self.verdict is not None or self._asked

    @property
    def _asked(self) -> bool:
        curated = normalise((self.directive.question if self.directive else None) or "")
        said_as_curated = bool(curated) and curated in normalise(" ".join(self.shown))
        return said_as_curated or (bool(self.shown) and hands_over(self.shown[-1]))

    @property
    def may_be_tried_again(self) -> bool:
        """Whether the guard turned it down before anything was shown."""
        return self.verdict is not None and not self.shown and self.failure is None


class _Stage:
    """Emits, and keeps what was emitted."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._begun = asyncio.get_running_loop().time()
        self.text = ""
        self.first_ms: int | None = None

    async def say(self, text: str) -> None:
        """Emit a text, with a space before it if something came first."""
        if not text:
            return
        piece = f" {text}" if self.text else text
        self.text += piece
        if self.first_ms is None:
            self.first_ms = round(1000 * (asyncio.get_running_loop().time() - self._begun))
        await self._emit(piece)


def _leaves_room(decision: Decision, state: InterviewState) -> bool:
    """Whether there is anything for a model to word: a move with a question, in the middle of the interview.

    A jump by button is answered as in every run of a script; once the candidate's own questions were invited,
    only short courtesies are left; and when an answer already asks something, nothing more is asked.
    """
    if decision.moves[0].move not in WORDED or state.invited:
        return False
    if any(isinstance(event, AdvanceRequested) for event in state.pending):
        return False
    if any(answer.asks for answer in decision.answers):
        return False
    return any(move.question is not None for move in decision.moves if move.move in WORDED)


def _closing_question(directive: Directive) -> str | None:
    """The curated question that a reply without one is closed with."""
    if directive.question is not None or directive.move is not Move.HAND_OVER:
        return directive.question
    return sentences(directive.lead)[-1].text if directive.lead else None


def _without_words_of(question: str, before: str) -> str:
    """A question without the quote that leads up to it, where the same words were said just before it."""
    led_up = _LED_UP.match(question)
    if led_up is None or f" {normalise(led_up['quote'])} " not in f" {before} ":
        return question
    asked = led_up["asked"]
    return asked[0].upper() + asked[1:]
