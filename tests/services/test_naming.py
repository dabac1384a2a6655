"""Which stored interview a name means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.adapters.memory_store import MemoryStore
from app.domain.events import Header, Interviewer
from app.domain.kinds import InterviewerKind
from app.domain.vocabulary import Level
from app.errors import InputError, UnknownInterview
from app.services.naming import interview_named, short_ids, short_name

OLD, MIDDLE, NEW = "d3963996-0a1f-4c55", "d3963996-77aa-4c55", "1c0ffee0-77aa-4c55"


async def store_of(*ids: str) -> MemoryStore:
    store = MemoryStore()
    for minutes, id in enumerate(ids):
        began = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
        by = Interviewer(kind=InterviewerKind.BUILTIN)
        await store.create(Header(id=id, case="c", level=Level.MID, interviewer=by, started_at=began, content_hash=""))
    return store


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        (OLD, OLD),
        ("d3963996-0", OLD),
        ("d3963996-7", MIDDLE),
        ("1C0FFEE0", NEW),
        ("1c0f", NEW),
        ("last", NEW),
        ("LAST", NEW),
        (short_name(NEW), NEW),
    ],
)
async def test_it_is_found_by_id_beginning_or_as_the_last(name: str, meant: str) -> None:
    assert await interview_named(await store_of(OLD, MIDDLE, NEW), name) == meant


async def test_an_id_that_begins_another_is_itself() -> None:
    assert await interview_named(await store_of("chats-1", "chats-10"), "chats-1") == "chats-1"


@pytest.mark.parametrize("name", ["1c0", "", "nobody", f"{OLD}-more", "c0ffee"])
async def test_none_is_meant_by_what_begins_none_or_is_too_short(name: str) -> None:
    with pytest.raises(UnknownInterview):
        await interview_named(await store_of(OLD, MIDDLE, NEW), name)


async def test_there_is_no_last_one_of_none() -> None:
    with pytest.raises(UnknownInterview):
        await interview_named(await store_of(), "last")


async def test_a_beginning_that_several_have_names_them() -> None:
    with pytest.raises(InputError, match=f"2 interviews .*{OLD}.*give more of the id"):
        await interview_named(await store_of(OLD, MIDDLE, NEW), "d396")


def test_ids_are_shown_as_short_as_tells_them_apart() -> None:
    assert short_ids([OLD, NEW]) == {OLD: "d3963996", NEW: "1c0ffee0"}
    assert short_ids([OLD, MIDDLE]) == {OLD: "d3963996-0", MIDDLE: "d3963996-7"}
    assert short_ids(["a", "a-b"]) == {"a": "a", "a-b": "a-b"} and short_ids([]) == {}
