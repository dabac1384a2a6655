"""Reads along with a grader model while an interview runs; what it finds arrives as later events.

Nothing waits for it: a turn is answered first, then its message is read, one reading at a time for each
interview. Evidence is appended only while no reply is owed, under the store's check of the sequence, so it can never
make a turn start over. What was not appended when the interview ends, or the process, is dropped; the
scorecard reads everything anew.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.catalog import Brief, Catalog
from app.domain.events import CandidateMessage, EvidenceFound
from app.domain.grades import GraderQuote
from app.domain.interview import InterviewState, fold
from app.domain.kinds import Observer
from app.domain.ledger import CriterionEntry
from app.domain.phases import Phase
from app.domain.rubric import Criterion
from app.domain.vocabulary import Provenance
from app.errors import ConflictError, InterviewError, ModelError
from app.ports import ChatModel, Clock, InterviewStore, Matcher
from app.prompts.grading import observing_prompt
from app.services.grader_reply import verbatim
from app.services.redaction import redacted

_MOST_MESSAGES = 3
_log = logging.getLogger("mlsd.grader")


@dataclass
class _Reading:
    """What is known of one interview.

    Attributes:
        read: index of the last message that was read.
        again: whether a turn came while a reading was under way.
        found: quotes by criterion that wait until they can be appended.
    """

    read: int = -1
    again: bool = False
    task: asyncio.Task[None] | None = None
    found: dict[str, GraderQuote] = field(default_factory=dict)


class BackgroundObserver:
    """Appends a grader model's evidence to the logs of running interviews.

    Args:
        chat: the grader model.
        store: the event log.
        catalog: the content.
        matcher: evidence counts only where it at least doubts the quote, as in the scorecard.
        clock: the time of the new events.
        deadline_s: seconds for one reading.
        max_tokens: of a reply.
    """

    def __init__(
        self,
        chat: ChatModel,
        *,
        store: InterviewStore,
        catalog: Catalog,
        matcher: Matcher,
        clock: Clock,
        deadline_s: float = 30.0,
        max_tokens: int = 800,
    ) -> None:
        self._chat = chat
        self._store = store
        self._catalog = catalog
        self._matcher = matcher
        self._clock = clock
        self._deadline_s = deadline_s
        self._max_tokens = max_tokens
        self._readings: dict[str, _Reading] = {}

    def soon(self, interview_id: str) -> None:
        """A turn was answered: read it, or remember to once the reading under way is done. Returns at once."""
        reading = self._readings.setdefault(interview_id, _Reading())
        if reading.task is not None and not reading.task.done():
            reading.again = True
            return
        reading.task = asyncio.create_task(self._follow(interview_id, reading))

    def drop(self, interview_id: str) -> None:
        """The interview is over: stop reading."""
        reading = self._readings.pop(interview_id, None)
        if reading is not None and reading.task is not None:
            reading.task.cancel()

    async def settled(self) -> None:
        """Wait until nothing is read."""
        while tasks := [one.task for one in self._readings.values() if one.task is not None and not one.task.done()]:
            await asyncio.wait(tasks)

    async def _follow(self, interview_id: str, reading: _Reading) -> None:
        try:
            while True:
                reading.again = False
                await self._read(interview_id, reading)
                await self._append(interview_id, reading)
                if not reading.again:
                    return
        except ModelError as error:  # the turn stays unread; the next one is tried anew
            _log.info("the grader did not read along: %s", error)
        except InterviewError as error:
            _log.warning("reading along stopped: %s", error)

    async def _state(self, interview_id: str) -> InterviewState:
        stored = await self._store.load(interview_id)
        return fold(stored.header, stored.events)

    async def _read(self, interview_id: str, reading: _Reading) -> None:
        """Ask what the messages show that were not read yet, the latest of them."""
        state = await self._state(interview_id)
        brief = self._catalog.brief(state.header.case)
        messages = [one for one in state.events if isinstance(one, CandidateMessage) and one.index > reading.read]
        messages = messages[-_MOST_MESSAGES:]
        criteria = [
            one for one in brief.criteria if one.step in state.header.steps and not state.ledger.covered(one.id)
        ]
        if not messages or not criteria or state.phase is Phase.ENDED:
            return
        reading.read = messages[-1].index
        try:
            async with asyncio.timeout(self._deadline_s):
                value = await self._chat.complete_json(
                    observing_prompt(messages, criteria=criteria, readable=redacted),
                    schema=_schema(criteria),
                    schema_name="evidence",
                    max_tokens=self._max_tokens,
                )
        except TimeoutError as error:
            raise ModelError("the grader did not read the turn in time", retryable=True) from error
        said = {message.index: redacted(message.content) for message in messages}
        found = _found(value, criteria=criteria, said=said)
        reading.found |= await asyncio.to_thread(self._supported, brief, found)

    def _supported(self, brief: Brief, found: Mapping[str, GraderQuote]) -> dict[str, GraderQuote]:
        matches = self._matcher.observe(brief, [quote.quote for quote in found.values()]) if found else []
        return {
            criterion: quote
            for (criterion, quote), match in zip(found.items(), matches, strict=True)
            if any(one.criterion == criterion for one in match.criteria)
        }

    async def _append(self, interview_id: str, reading: _Reading) -> None:
        """Append what was found, unless a reply is owed: then it waits until that turn is answered."""
        while reading.found:
            state = await self._state(interview_id)
            if state.phase is Phase.ENDED:
                reading.found.clear()
            if state.phase in {Phase.READY, Phase.ANSWERING, Phase.ENDED}:
                return
            events = self._events(state, reading.found)
            try:
                if events:
                    await self._store.append(interview_id, events, expected_seq=state.seq)
            except ConflictError:
                continue
            reading.found.clear()

    def _events(self, state: InterviewState, found: Mapping[str, GraderQuote]) -> list[EvidenceFound]:
        """The evidence that is still news."""
        brief = self._catalog.brief(state.header.case)
        news = {id: quote for id, quote in found.items() if not state.ledger.covered(id)}
        return [
            EvidenceFound(
                seq=seq,
                at=max(self._clock.now(), state.last_at) if state.last_at is not None else self._clock.now(),
                criterion=id,
                step=brief.criterion_by_id[id].step,
                turn=quote.turn,
                quote=quote.quote,
                provenance=_provenance(state.ledger.entry(id), quote.turn),
                source=Observer.GRADER,
            )
            for seq, (id, quote) in enumerate(news.items(), start=state.seq + 1)
        ]


def _provenance(entry: CriterionEntry, turn: int) -> Provenance:
    """How what was said in some turn came about."""
    if any(hinted < turn for hinted in entry.hint_turns):
        return Provenance.HINTED
    return Provenance.PROMPTED if any(asked < turn for asked in entry.asked) else Provenance.VOLUNTEERED


def _schema(criteria: Sequence[Criterion]) -> dict[str, Any]:
    fields = {
        "turn": {"type": "integer"},
        "quote": {"type": "string"},
        "criterion": {"type": "string", "enum": [criterion.id for criterion in criteria]},
    }
    one = {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
    found = {"type": "array", "items": one}
    return {"type": "object", "properties": {"found": found}, "required": ["found"], "additionalProperties": False}


def _found(
    value: Mapping[str, Any], *, criteria: Sequence[Criterion], said: Mapping[int, str]
) -> dict[str, GraderQuote]:
    """The first verbatim quote for each known criterion; the rest is dropped."""
    known = {criterion.id for criterion in criteria}
    entries = value.get("found")
    found: dict[str, GraderQuote] = {}
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, Mapping) or entry.get("criterion") not in known:
            continue
        quote = verbatim({"turn": entry.get("turn"), "quote": entry.get("quote")}, said)
        if quote is not None:
            found.setdefault(str(entry["criterion"]), quote)
    return found
