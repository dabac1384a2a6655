"""What every InterviewStore promises, asked of the real one and of the fake alike."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from app.adapters.memory_store import MemoryStore
from app.adapters.sql_store import SqlStore
from app.domain.events import EVENT_TYPES, AnyEvent, CandidateMessage, Header, Paused, UnknownEvent, parse_event
from app.domain.vocabulary import Step
from app.errors import ConflictError, StoreError, UnknownInterview
from app.ports import InterviewStore

NOW = datetime(2026, 5, 4, 12, 30, 0, 123456, tzinfo=UTC)

SAMPLES: dict[str, dict[str, Any]] = {
    "candidate_message": {"id": "m1", "index": 1, "content": "Zeile\n\0\u2028 π 😀", "step": "data"},
    "interviewer_message": {
        "id": "m2", "index": 2, "content": "Go on.", "step": None, "move": "listen", "facts": ["latency"],
        "guard": {"rules": ["length"], "dropped": ["Great!"], "attempts": 2, "failure": None, "later": [1]},
        "first_sentence_ms": 12,
    },
    "step_started": {"step": "framing", "by": "next"},
    "intake": {"turn": 1, "segments": [{"kind": "question", "start": 0, "end": 5, "later": {"a": None}}]},
    "evidence": {
        "criterion": "goal", "step": "requirements", "turn": 1, "quote": "Zeile", "provenance": "hinted",
        "rating": 3, "source": "grader",
    },
    "doubt": {"criterion": "goal", "step": "requirements", "turn": 1, "quote": "Zeile"},
    "red_flag": {"flag": "accuracy", "turn": 1, "quote": "99.5%"},
    "choice": {"choice": "two-tower", "turn": 1, "quote": "two towers"},
    "tension_resolved": {"tension": "calibration", "turn": 1, "quote": "correct the odds"},
    "assumption": {"turn": 1, "quote": "I assume"},
    "number": {"turn": 1, "quote": "10 million"},
    "parked": {"criterion": "goal", "step": "requirements"},
    "hint_requested": {"step": "serving", "rung": 2, "criterion": "goal"},
    "advance_requested": {"step": "data", "to": "modeling"},
    "end_requested": {},
    "paused": {},
    "resumed": {},
    "ended": {"reason": "time"},
    "disputed": {"criterion": "goal", "turn": 1, "quote": "Zeile"},
    "dispute_withdrawn": {"criterion": "goal"},
    "notes_kept": {"text": "Zeile\n\n - \u2028 π 😀 "},
    "graded": {
        "content_hash": "0" * 16,
        "grading": {
            "model": "big",
            "votes": 1,
            "grades": [{"criterion": "drift", "reason": "π", "rating": 3, "votes": [3, None], "problem": "", "later": 1}],
        },
    },
    "telepathy": {"strength": 0.5, "of": [{"a": None}, "b", 3], "text": "wie \"das\" \\ hier"},
}  # fmt: skip


def header(name: str = "i1", *, at: datetime = NOW, **more: Any) -> Header:
    return Header.model_validate(
        {
            "id": name,
            "case": "ad-click-prediction",
            "level": "senior",
            "interviewer": {"kind": "builtin"},
            "started_at": at,
            "content_hash": "0" * 16,
            **more,
        }
    )


def pauses(first: int, count: int) -> list[AnyEvent]:
    return [Paused(seq=seq, at=NOW) for seq in range(first, first + count)]


Opener = Callable[[], InterviewStore]


@pytest.fixture(params=["sql", "memory"])
async def opener(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Opener]:
    """Gives stores that share one log: the real one over and over from the disk, the fake itself."""
    opened: list[InterviewStore] = []
    fake = MemoryStore()

    def again() -> InterviewStore:
        if request.param == "memory":
            return fake
        opened.append(SqlStore.open(tmp_path / "new folder" / "mlsd.db"))
        return opened[-1]

    yield again
    for store in opened:
        await store.close()


@pytest.fixture
def store(opener: Opener) -> InterviewStore:
    return opener()


async def test_a_new_interview_has_its_header_and_no_events(opener: Opener) -> None:
    given = header(minutes=None, steps=("data",), invented={"by": ["a", "newer"]})
    await opener().create(given)
    stored = await opener().load("i1")
    assert stored.header == given
    assert stored.header.model_extra == {"invented": {"by": ["a", "newer"]}}
    assert stored.events == ()
    assert stored.seq == 0


def test_there_is_a_sample_of_every_event() -> None:
    assert set(EVENT_TYPES) < set(SAMPLES)


@pytest.mark.parametrize("kind", SAMPLES)
async def test_every_event_comes_back_as_it_was(opener: Opener, kind: str) -> None:
    event = parse_event({"seq": 1, "at": NOW.isoformat(), "type": kind, **SAMPLES[kind], "from_the_future": [1.5]})
    store = opener()
    await store.create(header())
    await store.append("i1", [event], expected_seq=0)
    [back] = (await opener().load("i1")).events
    assert back == event
    assert type(back) is EVENT_TYPES.get(kind, UnknownEvent)
    assert back.model_dump_json() == event.model_dump_json()
    assert (back.model_extra or {})["from_the_future"] == [1.5]


async def test_order_is_the_order_of_appending(opener: Opener) -> None:
    store = opener()
    await store.create(header())
    await store.append("i1", pauses(1, 9), expected_seq=0)
    await store.append("i1", pauses(10, 3), expected_seq=9)
    stored = await opener().load("i1")
    assert [event.seq for event in stored.events] == list(range(1, 13))
    assert stored.seq == 12


async def test_times_keep_their_moment(opener: Opener) -> None:
    east = datetime(2026, 1, 1, 3, 0, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    store = opener()
    await store.create(header(at=east))
    await store.append("i1", [Paused(seq=1, at=east)], expected_seq=0)
    stored = await opener().load("i1")
    assert stored.header.started_at == east
    assert stored.events[0].at == east
    assert stored.events[0].at.utcoffset() is not None


async def test_the_second_writer_is_told(store: InterviewStore) -> None:
    await store.create(header())
    await store.append("i1", pauses(1, 2), expected_seq=0)
    for stale in (0, 1, 3):
        with pytest.raises(ConflictError, match="read it again"):
            await store.append("i1", pauses(stale + 1, 1), expected_seq=stale)
    assert (await store.load("i1")).seq == 2


@pytest.mark.parametrize("seqs", [[2], [1, 1], [1, 3], [0]])
async def test_events_that_do_not_follow_are_refused_whole(store: InterviewStore, seqs: list[int]) -> None:
    await store.create(header())
    with pytest.raises(StoreError, match="numbered on from 0"):
        await store.append("i1", [Paused(seq=seq, at=NOW) for seq in seqs], expected_seq=0)
    assert (await store.load("i1")).events == ()


async def test_what_no_file_can_hold_is_refused_whole(store: InterviewStore) -> None:
    await store.create(header())
    lone = CandidateMessage(seq=2, at=NOW, id="m", index=0, content="a \ud800 b", step=Step.DATA)
    with pytest.raises(StoreError, match="lone surrogate"):
        await store.append("i1", [*pauses(1, 1), lone], expected_seq=0)
    assert (await store.load("i1")).events == ()


async def test_appending_nothing_still_checks(store: InterviewStore) -> None:
    await store.create(header())
    await store.append("i1", [], expected_seq=0)
    with pytest.raises(ConflictError):
        await store.append("i1", [], expected_seq=1)


async def test_an_id_is_taken_once(store: InterviewStore) -> None:
    await store.create(header(), owner="ada")
    with pytest.raises(ConflictError, match="'i1' exists already"):
        await store.create(header(case="video-recommendation"), owner="bob")
    assert (await store.load("i1")).header.case == "ad-click-prediction"
    assert await store.owner("i1") == "ada"


async def test_of_two_appenders_exactly_one_wins_each_round(opener: Opener) -> None:
    one, two = opener(), opener()
    await one.create(header())
    wins = {"one": 0, "two": 0}

    async def appender(name: str, store: InterviewStore) -> None:
        while True:
            seen = (await store.load("i1")).seq
            if seen >= 40:
                return
            message = CandidateMessage(seq=seen + 1, at=NOW, id=name, index=seen, content=name, step=Step.DATA)
            try:
                await store.append("i1", [message, *pauses(seen + 2, 1)], expected_seq=seen)
            except ConflictError:
                continue
            wins[name] += 1

    await asyncio.gather(appender("one", one), appender("two", two))
    events = (await opener().load("i1")).events
    assert [event.seq for event in events] == list(range(1, 41))
    assert sum(wins.values()) == 20
    said = [event.id for event in events if isinstance(event, CandidateMessage)]
    assert {name: said.count(name) for name in wins} == wins


async def test_simultaneous_appends_leave_one(opener: Opener) -> None:
    stores = [opener() for _ in range(4)]
    await stores[0].create(header())
    results = await asyncio.gather(
        *(store.append("i1", pauses(1, 3), expected_seq=0) for store in stores), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["ConflictError"] * 3 + ["NoneType"]
    assert (await opener().load("i1")).seq == 3


async def test_a_cancelled_append_leaves_all_or_nothing_and_a_usable_store(store: InterviewStore) -> None:
    await store.create(header())
    began = time.monotonic()
    for number in range(40):
        seen = (await store.load("i1")).seq
        task = asyncio.create_task(store.append("i1", pauses(seen + 1, 5), expected_seq=seen))
        await asyncio.sleep(number * 0.0003)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        after = (await store.load("i1")).seq
        assert after in {seen, seen + 5}
    seen = (await store.load("i1")).seq
    await store.append("i1", pauses(seen + 1, 1), expected_seq=seen)
    assert time.monotonic() - began < 5, "a cancelled append kept the database locked"


async def test_headers_are_newest_first_and_by_owner(store: InterviewStore) -> None:
    assert await store.headers() == []
    for number, (name, owner) in enumerate([("a", "ada"), ("c", "bob"), ("b", "ada")]):
        # Written in other zones, so that only the moment can tell the order.
        zone = timezone(timedelta(hours=-6 * number))
        await store.create(header(name, at=(NOW + timedelta(hours=number)).astimezone(zone)), owner=owner)
    assert [each.id for each in await store.headers()] == ["b", "c", "a"]
    assert [each.id for each in await store.headers(owner="ada")] == ["b", "a"]
    assert await store.headers(owner="eve") == []


async def test_owner_and_title(store: InterviewStore) -> None:
    await store.create(header())
    assert await store.owner("i1") == "local"
    assert await store.title("i1") is None
    await store.rename("i1", "Ads, zweiter Versuch")
    await store.rename("i1", "Ads, third try")
    assert await store.title("i1") == "Ads, third try"
    assert (await store.load("i1")).header == header()


async def test_deleting_removes_one_interview_and_frees_its_id(store: InterviewStore) -> None:
    for name in ("i1", "i2"):
        await store.create(header(name))
        await store.append(name, pauses(1, 3), expected_seq=0)
    await store.delete("i1")
    assert [each.id for each in await store.headers()] == ["i2"]
    assert (await store.load("i2")).seq == 3
    await store.create(header("i1"))
    assert (await store.load("i1")).events == ()


async def test_an_unknown_interview_is_named_by_every_method(store: InterviewStore) -> None:
    await store.create(header("other"))
    for call in (
        lambda: store.append("nope", pauses(1, 1), expected_seq=0),
        lambda: store.load("nope"),
        lambda: store.owner("nope"),
        lambda: store.title("nope"),
        lambda: store.rename("nope", "x"),
        lambda: store.delete("nope"),
    ):
        with pytest.raises(UnknownInterview, match="no interview 'nope'"):
            await call()
