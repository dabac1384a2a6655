"""The candidate's notes: the last ones count, and no turn is disturbed by them."""

from __future__ import annotations

import pytest

from app.adapters.debrief_html import debrief_html
from app.adapters.matcher import ExampleMatcher
from app.adapters.memory_store import MemoryStore
from app.adapters.scripted_chat import ScriptedChat
from app.domain.catalog import Brief, Catalog
from app.domain.directive import Decision
from app.domain.events import CandidateMessage, NotesKept
from app.domain.interview import InterviewState, fold
from app.errors import ConflictError, InputError, UnknownInterview
from app.services.assess import Assessor
from app.services.debrief import interview_markdown
from app.services.debriefing import debrief_of
from app.services.model_speaker import ModelSpeaker
from app.services.notes import append_behind_notes, keep_notes, latest_notes
from app.services.speaking import CuratedSpeaker, Emit, Spoken
from app.services.typed import MOST_NOTES
from tests.services.conftest import Room

CASE = "ad-click-prediction"
NOTES = "calibration!\n<b>*k* fold</b>\n\n  - ask about hides"


async def test_the_last_notes_count_and_equal_ones_are_not_written_again(room: Room) -> None:
    await room.begin(CASE)
    assert latest_notes(await room.events()).text == ""
    first = await keep_notes(room.store, room.id, "AUC\x00?\r\n", clock=room.clock)
    assert first.text == "AUC?\n"
    before = await room.events()
    assert await keep_notes(room.store, room.id, "AUC?\n", clock=room.clock) == first
    assert await room.events() == before
    second = await keep_notes(room.store, room.id, "", clock=room.clock)
    assert (latest_notes(await room.events()), second.text) == (second, "") and second.seq > first.seq


async def test_what_is_too_long_or_nobodys_is_not_kept(room: Room) -> None:
    await room.begin(CASE)
    before = await room.events()
    with pytest.raises(InputError, match=f"{MOST_NOTES + 1:,} characters; {MOST_NOTES:,} is the most"):
        await keep_notes(room.store, room.id, "x" * (MOST_NOTES + 1), clock=room.clock)
    with pytest.raises(UnknownInterview):
        await keep_notes(room.store, "elsewhere", "x", clock=room.clock)
    assert await room.events() == before


class NotingSpeaker(CuratedSpeaker):
    """While it thinks, the candidate writes notes, twice."""

    def __init__(self) -> None:
        self.room: Room | None = None
        self.calls = 0

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        self.calls += 1
        if self.room is not None:
            for text in ("first", "second"):
                self.room.clock.sleep(2)
                await keep_notes(self.room.store, self.room.id, text, clock=self.room.clock)
        return await super().speak(decision, state=state, brief=brief, emit=emit)


async def test_notes_written_while_a_reply_is_worded_do_not_make_it_start_over(
    catalog: Catalog, matcher: ExampleMatcher
) -> None:
    speaker = NotingSpeaker()
    room = Room(catalog, matcher, speaker=speaker)
    await room.begin(CASE)
    speaker.room = room
    for line in ("How many people use the app?", "/hint", "/next"):
        await room.say(line)
    events = await room.events()
    assert speaker.calls == 3, "each reply was worded once"
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    assert latest_notes(events).text == "second"
    state = fold((await room.store.load(room.id)).header, events)
    assert state.elapsed == 98, "three times half a minute, and the thinking before the next line, counted once"
    assert state.next_index == 5


class Overtaken(MemoryStore):
    """Before the next append, something else gets in."""

    def __init__(self) -> None:
        super().__init__()
        self.first: list[object] = []

    async def append(self, interview_id, events, *, expected_seq):  # type: ignore[no-untyped-def]
        while self.first:
            event = self.first.pop(0)
            seq = (await self.load(interview_id)).seq + 1
            await super().append(interview_id, [event.model_copy(update={"seq": seq})], expected_seq=seq - 1)  # type: ignore[attr-defined]
        await super().append(interview_id, events, expected_seq=expected_seq)


async def test_notes_and_commands_go_behind_each_other(catalog: Catalog, matcher: ExampleMatcher) -> None:
    store = Overtaken()
    room = Room(catalog, matcher, store=store)
    await room.begin(CASE)
    note = NotesKept(seq=1, at=room.clock.now(), text="from another tab")
    store.first = [note]
    await keep_notes(store, room.id, "mine", clock=room.clock)
    assert latest_notes(await room.events()).text == "mine"
    store.first = [note]
    reply = await room.say("/hint")
    assert reply.message.rung == 1
    said = CandidateMessage(seq=1, at=room.clock.now(), id="c", index=3, content="Well.", step=reply.message.step)  # type: ignore[arg-type]
    stored = await store.load(room.id)
    mine = said.model_copy(update={"seq": stored.seq + 1, "id": "m"})
    store.first = [note, said]
    with pytest.raises(ConflictError):
        await append_behind_notes(store, room.id, [mine], expected_seq=stored.seq)
    with pytest.raises(ConflictError):
        await append_behind_notes(store, room.id, [mine], expected_seq=10_000)


async def test_exports_show_them_as_notes_and_never_as_something_said(
    room: Room, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    await room.begin(CASE)
    await room.say("I would maximise revenue per session.")
    await room.say("/end")
    assessor = Assessor(catalog=catalog, matcher=matcher)
    bare = await room.store.load(room.id)
    await keep_notes(room.store, room.id, NOTES, clock=room.clock)
    stored = await room.store.load(room.id)
    card = assessor.assess(stored)
    assert card == assessor.assess(bare), "notes change no score"
    markdown = interview_markdown(stored, card, catalog.brief(CASE))
    dialogue, notes = markdown.split("## Your notes\n\n")
    assert "calibration!" not in dialogue and "Your notes" not in interview_markdown(bare, card, catalog.brief(CASE))
    assert notes.splitlines() == ["> calibration!", r"> \<b\>\*k\* fold\</b\>", ">", "> - ask about hides"]
    debrief = debrief_of(stored, card, catalog)
    assert debrief.own_notes == NOTES
    assert all(line.content != NOTES for line in debrief.dialogue)
    page = debrief_html(debrief, card)
    assert "&lt;b&gt;*k* fold&lt;/b&gt;" in page and "<b>*k*" not in page
    assert 'id="own-notes"' not in debrief_html(debrief_of(bare, card, catalog), card)


async def test_a_model_is_not_shown_them(catalog: Catalog, matcher: ExampleMatcher) -> None:
    chat = ScriptedChat(["[listen]\nGo on."] * 4)
    room = Room(catalog, matcher, speaker=ModelSpeaker(chat))
    await room.begin(CASE)
    await keep_notes(room.store, room.id, "zebra", clock=room.clock)
    await room.say("I would maximise revenue per session.")
    await room.say("Then I would log every impression.")
    prompts = "".join(message.content for prompt in chat.prompts for message in prompt)
    assert "revenue per session" in prompts and "zebra" not in prompts
