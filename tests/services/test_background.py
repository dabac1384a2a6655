"""Reading along: evidence arrives as later events, and no turn ever waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import pytest

from app.adapters.matcher import ExampleMatcher
from app.adapters.memory_store import MemoryStore
from app.adapters.scripted_chat import Late, Reply, ScriptedChat
from app.domain.catalog import Catalog
from app.domain.events import AnyEvent, CandidateMessage, EvidenceFound, HintRequested, Paused
from app.domain.interview import fold
from app.domain.kinds import Observer
from app.domain.vocabulary import Provenance, Step
from app.errors import ConflictError, ModelError, ReplyError
from app.services.assess import Assessor
from app.services.background import BackgroundObserver
from tests.services.conftest import Room

CASE = "video-recommendation"


class Doubted(NamedTuple):
    """A sentence that the matcher doubts for a criterion and does not credit."""

    criterion: str
    text: str


@pytest.fixture(scope="module")
def doubted(catalog: Catalog, matcher: ExampleMatcher) -> Doubted:
    brief = catalog.brief(CASE)
    for criterion in brief.criteria:
        for text in (f"I would {cover[: len(cover) // 2].lower()}." for cover in criterion.covers):
            (match,) = matcher.observe(brief, [text])
            if any(one.criterion == criterion.id and not one.credit for one in match.criteria):
                return Doubted(criterion.id, text)
    raise AssertionError("the matcher doubts nothing")


def found(criterion: str, turn: int, quote: str) -> dict[str, Any]:
    return {"found": [{"turn": turn, "quote": quote, "criterion": criterion}]}


def observer(room: Room, matcher: ExampleMatcher, chat: ScriptedChat, **known: Any) -> BackgroundObserver:
    return BackgroundObserver(chat, store=room.store, catalog=room.catalog, matcher=matcher, clock=room.clock, **known)


async def by_the_grader(room: Room) -> list[EvidenceFound]:
    events = await room.events()
    return [one for one in events if isinstance(one, EvidenceFound) and one.source is Observer.GRADER]


async def test_what_it_finds_arrives_as_a_later_event(
    room: Room, matcher: ExampleMatcher, catalog: Catalog, doubted: Doubted
) -> None:
    await room.begin(CASE)
    await room.say(doubted.text)
    reader = observer(room, matcher, ScriptedChat([found(doubted.criterion, 1, doubted.text)]))
    reader.soon(room.id)
    await reader.settled()
    (event,) = await by_the_grader(room)
    assert (event.criterion, event.turn, event.quote) == (doubted.criterion, 1, doubted.text)
    assert event.provenance is Provenance.VOLUNTEERED
    events = await room.events()
    assert events[-1] == event and [one.seq for one in events] == list(range(1, len(events) + 1))
    assert (await room.conductor.state(room.id)).ledger.covered(doubted.criterion), "it is not asked for again"
    await room.say("Next I'd look at something else.")
    card = Assessor(catalog=catalog, matcher=matcher).assess(await room.store.load(room.id), recorded=True)
    quotes = [quote for step in card.steps for line in step.criteria for quote in line.evidence]
    assert Observer.GRADER in {quote.source for quote in quotes}


BAD: dict[str, Reply] = {
    "unreachable": ModelError("the endpoint cannot be reached", retryable=True),
    "not json": ReplyError("the model did not reply in JSON", retryable=True),
    "too slow": Late(seconds=30, reply={}),
    "empty": {},
    "another shape": {"found": "all"},
    "no entries": {"found": [1, None, "x"]},
    "unknown criterion": found("charm", 1, "TEXT"),
    "criterion of another type": {"found": [{"turn": 1, "quote": "TEXT", "criterion": ["x"]}]},
    "made-up quote": found("CRITERION", 1, "words that nobody said here"),
    "wrong turn": found("CRITERION", 0, "TEXT"),
    "no turn": {"found": [{"quote": "TEXT", "criterion": "CRITERION"}]},
    "unsupported": found("OTHER", 1, "TEXT"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_nothing_bad_gets_into_the_log(
    kind: str, room: Room, matcher: ExampleMatcher, catalog: Catalog, doubted: Doubted
) -> None:
    (match,) = matcher.observe(catalog.brief(CASE), [doubted.text])
    near = {one.criterion for one in match.criteria}
    other = next(one.id for one in catalog.brief(CASE).criteria if one.id not in near)
    words = {"TEXT": doubted.text, "CRITERION": doubted.criterion, "OTHER": other}

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: filled(one) for key, one in value.items()}
        if isinstance(value, list):
            return [filled(one) for one in value]
        return words.get(value, value) if isinstance(value, str) else value

    await room.begin(CASE)
    await room.say(doubted.text)
    before = await room.events()
    reader = observer(room, matcher, ScriptedChat([filled(BAD[kind])]), deadline_s=0.3)
    reader.soon(room.id)
    await reader.settled()
    assert await room.events() == before


async def test_no_turn_waits_and_one_reading_is_under_way_at_most(
    room: Room, matcher: ExampleMatcher, doubted: Doubted
) -> None:
    await room.begin(CASE)
    chat = ScriptedChat([Late(seconds=60, reply={}), {"found": []}])
    reader = observer(room, matcher, chat)
    began = time.monotonic()
    for _ in range(4):
        await room.say(doubted.text)
        reader.soon(room.id)
        await asyncio.sleep(0)
    assert time.monotonic() - began < 20 and len(chat.prompts) == 1
    reader.drop(room.id)
    await reader.settled()
    assert not await by_the_grader(room)


async def test_turns_that_came_meanwhile_are_read_together(room: Room, matcher: ExampleMatcher) -> None:
    await room.begin(CASE)
    chat = ScriptedChat([Late(seconds=0.2, reply={"found": []}), {"found": []}])
    reader = observer(room, matcher, chat)
    for text in ("I would begin with the logs.", "Then the features.", "Then a model."):
        await room.say(text)
        reader.soon(room.id)
        await asyncio.sleep(0.01)
    await reader.settled()
    assert len(chat.prompts) == 2
    assert "Then the features." in chat.prompts[1][1].content and "Then a model." in chat.prompts[1][1].content
    assert "begin with the logs" not in chat.prompts[1][1].content


async def test_while_a_reply_is_owed_it_holds_back(room: Room, matcher: ExampleMatcher, doubted: Doubted) -> None:
    await room.begin(CASE)
    await room.say(doubted.text)
    chat = ScriptedChat([Late(seconds=0.1, reply=found(doubted.criterion, 1, doubted.text)), {"found": []}])
    reader = observer(room, matcher, chat)
    reader.soon(room.id)
    state = await room.conductor.state(room.id)
    waiting = CandidateMessage(
        seq=state.seq + 1, at=room.clock.now(), id="w", index=state.next_index, content="Let me think.", step=state.step
    )
    await room.store.append(room.id, [waiting], expected_seq=state.seq)
    await reader.settled()
    assert (await room.events())[-1] == waiting, "the log belongs to the turn that is being answered"
    await room.conductor.answer(room.id)
    reader.soon(room.id)
    await reader.settled()
    assert len(await by_the_grader(room)) == 1


async def test_after_the_end_nothing_is_appended(room: Room, matcher: ExampleMatcher, doubted: Doubted) -> None:
    await room.begin(CASE)
    await room.say(doubted.text)
    reader = observer(room, matcher, ScriptedChat([Late(seconds=0.1, reply=found(doubted.criterion, 1, doubted.text))]))
    reader.soon(room.id)
    await asyncio.sleep(0)
    await room.say("/end")
    before = await room.events()
    await reader.settled()
    assert await room.events() == before


async def test_after_a_hint_it_is_hinted(room: Room, matcher: ExampleMatcher, doubted: Doubted) -> None:
    await room.begin(CASE)
    await room.conductor.hint(room.id, criterion=doubted.criterion)
    await room.say(doubted.text)
    turn = next(one.index for one in reversed(await room.events()) if isinstance(one, CandidateMessage))
    reader = observer(room, matcher, ScriptedChat([found(doubted.criterion, turn, doubted.text)]))
    reader.soon(room.id)
    await reader.settled()
    assert [event.provenance for event in await by_the_grader(room)] == [Provenance.HINTED]


class Busy(MemoryStore):
    """A store into which somebody else's event slips just before the next append."""

    def __init__(self) -> None:
        super().__init__()
        self.slips: list[AnyEvent] = []

    async def append(self, interview_id: str, events: Sequence[AnyEvent], *, expected_seq: int) -> None:
        if self.slips:
            slip = self.slips.pop().model_copy(update={"seq": expected_seq + 1})
            await super().append(interview_id, [slip], expected_seq=expected_seq)
        await super().append(interview_id, events, expected_seq=expected_seq)


async def test_a_command_merges_with_late_evidence_and_with_nothing_else(
    catalog: Catalog, matcher: ExampleMatcher
) -> None:
    store = Busy()
    room = Room(catalog, matcher, store=store)
    await room.begin(CASE)
    criterion = catalog.brief(CASE).criteria[0]
    store.slips.append(
        EvidenceFound(
            seq=0,
            at=room.clock.now(),
            criterion=criterion.id,
            step=criterion.step,
            turn=0,
            quote="x",
            provenance=Provenance.VOLUNTEERED,
            source=Observer.GRADER,
        )
    )
    await room.say("/hint data")
    events = (await store.load(room.id)).events
    kinds = [type(event) for event in events]
    assert kinds.index(EvidenceFound) < kinds.index(HintRequested)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert fold((await store.load(room.id)).header, events).step is not None
    store.slips.append(Paused(seq=0, at=room.clock.now()))
    with pytest.raises(ConflictError):
        await room.say("/next serving")
    assert Step.SERVING not in {getattr(event, "step", None) for event in (await store.load(room.id)).events[-2:]}
