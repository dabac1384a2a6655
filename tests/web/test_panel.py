"""The panel: what its element says, when it is sent, and the notes that it sends back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import chainlit as cl
import pytest
from chainlit.user import PersistedUser

from app.bootstrap import App
from app.domain.events import Interviewer, InterviewerMessage, NotesKept
from app.domain.interview import fold
from app.domain.kinds import InterviewerKind
from app.domain.vocabulary import Level, Mode, Step
from app.ports import StoredInterview
from app.services.conduct import Agreement
from app.services.notes import latest_notes
from app.services.typed import MOST_NOTES
from app.web import panel
from app.web.furnishing import furnish
from app.web.page import Page
from tests.services.conftest import HandClock
from tests.web.test_page_handlers import Tab, begun, log_of


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def page(parcels: App, tmp_path: Path) -> Page:
    return Page(parcels, log_file=tmp_path / "page.log")


def shown(tab: Tab) -> dict[str, Any]:
    """The panel's props as the tab has them."""
    element = [each for each in tab.emitted("element") if each["name"] == panel.TITLE][-1]
    assert (element["type"], element["display"]) == ("custom", "inline")
    return dict(element["props"])


def places(props: dict[str, Any]) -> str:
    return " ".join(step["place"] for step in props["steps"])


async def keep(tab: Tab, payload: dict[str, Any]) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []

    async def work() -> None:
        answers.append(await tab.page.keep_notes(cl.Action(name="keep_notes", payload=payload)))

    await tab.do(work)
    return answers[0]


async def test_it_hangs_on_the_opening_and_follows_each_turn(parcels: App, page: Page) -> None:
    tab = await begun(page)
    first = tab.emitted("element")[0]
    opening = next(event for event in (await log_of(parcels, tab)).events if isinstance(event, InterviewerMessage))
    assert (first["id"], first["forId"]) == (f"{tab.session.thread_id}-panel", opening.id)
    assert places(shown(tab)) == "open" + 6 * " ahead"
    await tab.send("", command="next")
    assert places(shown(tab)) == "done open" + 5 * " ahead"
    await tab.send("", command="hint")
    assert shown(tab)["hints"] == 1
    sent = len(tab.emitted("element"))
    await tab.send("", command="status")
    assert len(tab.emitted("element")) == sent, "nothing changed, so nothing is sent"
    await tab.send("", command="end")
    over = shown(tab)
    assert (over["over"], over["running"], "open" in places(over)) == (True, False, False)


async def test_untimed_and_drilled(page: Page) -> None:
    props = shown(await begun(page, profile="Drill", length="untimed", steps=["data", "serving"], level="staff"))
    assert [(step["id"], step["number"], step["budget"]) for step in props["steps"]] == [
        ("data", 3, None),
        ("serving", 6, None),
    ]
    assert (props["total"], props["mode"], props["level"], props["title"]) == (
        None,
        "drill",
        "staff",
        "Parcel arrival times",
    )


@pytest.mark.parametrize("mode", list(Mode))
async def test_it_gives_nothing_away(parcels: App, page: Page, mode: Mode) -> None:
    """Nothing in it differs by what was said well: only steps, times, hints and the candidate's own notes."""
    brief = parcels.catalog.brief("parcel-eta")
    told = []
    for line in ("It is fine.", " ".join(example for criterion in brief.criteria for example in criterion.covers)):
        tab = await begun(page, profile=mode.value.capitalize())
        await tab.send(line)
        await tab.send("", command="hint")
        props = shown(tab)
        text = json.dumps(props)
        secrets = [
            one for each in brief.criteria for one in (each.id, each.name, *each.covers, *dict(each.anchors).values())
        ]
        secrets += [rung for each in brief.criteria for rung in (each.hints.nudge, each.hints.pointer)]
        assert not [secret for secret in secrets if secret in text]
        told.append({name: value for name, value in props.items() if name not in {"interview", "stamp", "elapsed"}})
    for props in told:
        for step in props["steps"]:
            assert set(step) == {"id", "number", "heading", "place", "seconds", "budget"}
            del step["seconds"]
    assert [set(props) for props in told] == [set(told[0])] * 2


async def state_after(app: App, clock: HandClock, *, seconds: float) -> StoredInterview:
    conductor = app.conductor(speaker=app.speaker("builtin"), clock=clock)
    await conductor.begin(Agreement(case="parcel-eta"), interview_id="one")
    clock.sleep(30)
    await conductor.advance("one")
    clock.sleep(seconds)
    return await app.store.load("one")


async def test_the_clock_goes_on_from_the_last_event_and_stands_while_nobody_is_there(
    parcels: App, clock: HandClock
) -> None:
    stored = await state_after(parcels, clock, seconds=12)

    def view(now: datetime | None) -> panel.PanelView:
        return panel.panel_view(fold(stored.header, stored.events), parcels.catalog, now=now)

    running, away = view(clock.now()), view(None)
    assert (running.elapsed, running.running, running.total) == (42, True, 2700)
    assert [step.seconds for step in running.steps[:3]] == [30, 12, 0]
    assert (away.elapsed, away.running) == (30, False)
    assert view(clock.now() - timedelta(hours=1)).elapsed == 30, "a clock that is set back takes nothing away"
    assert running.stamp != view(clock.now() + timedelta(seconds=1)).stamp
    await parcels.conductor(speaker=parcels.speaker("builtin"), clock=clock).pause("one")
    clock.sleep(3600)
    stored = await parcels.store.load("one")
    paused = view(clock.now())
    assert (paused.elapsed, paused.running) == (42, False)


async def test_a_reload_and_a_restart_find_it_again(parcels: App, page: Page, tmp_path: Path) -> None:
    tab = await begun(page)
    interview = tab.session.thread_id
    await tab.send("", command="next")
    await keep(tab, {"interview": interview, "text": "ask about scans"})
    await tab.close()
    (projected,) = (await page.history.get_thread(interview) or {})["elements"]
    assert (projected["props"]["running"], projected["props"]["notes"]) == (False, "ask about scans")
    again = Tab(Page(parcels, log_file=tmp_path / "page.log"), thread_id=interview)
    again.session.thread_id_to_resume = interview
    thread = await again.resume()
    (element,) = thread["elements"] or []
    assert element["id"] == projected["id"]
    props = element["props"]
    assert props is not None and props["running"] and props["notes"] == "ask about scans"
    assert places(props) == "done open" + 5 * " ahead"
    assert props["elapsed"] == pytest.approx(projected["props"]["elapsed"], abs=5)


async def test_a_chat_held_elsewhere_has_no_panel(parcels: App, page: Page, clock: HandClock) -> None:
    stored = await state_after(parcels, clock, seconds=1)
    external = Interviewer(kind=InterviewerKind.EXTERNAL)
    header = stored.header.model_copy(update={"id": "two", "interviewer": external})
    message = next(event for event in stored.events if isinstance(event, InterviewerMessage))
    await parcels.store.create(header)
    twice = [message.model_copy(update={"seq": seq, "index": seq - 1, "id": str(seq)}) for seq in (1, 2)]
    await parcels.store.append("two", twice, expected_seq=0)
    assert (await page.history.get_thread("two") or {})["elements"] == []
    assert page.history.elements(StoredInterview(header=header, events=())) == []


async def test_a_case_that_is_gone_is_called_by_its_id(parcels: App, clock: HandClock) -> None:
    stored = await state_after(parcels, clock, seconds=1)
    gone = stored.header.model_copy(update={"case": "long-gone"})
    view = panel.panel_view(fold(gone, stored.events), parcels.catalog, now=None)
    assert view.title == "long-gone"


# --- notes ---


async def test_notes_are_kept_and_told_to_the_other_tab_only(parcels: App, page: Page) -> None:
    tab = await begun(page)
    interview = tab.session.thread_id
    other = Tab(page, thread_id=interview)
    other.session.thread_id_to_resume = interview
    await other.resume()
    before = len(tab.emitted("element"))
    answer = await keep(tab, {"interview": interview, "text": "AUC is not enough"})
    stored = await log_of(parcels, tab)
    assert answer == {"saved": True, "seq": stored.seq}
    assert len(tab.emitted("element")) == before, "an update for one's own typing would come too late"
    props = shown(other)
    assert (props["notes"], props["notes_seq"]) == ("AUC is not enough", stored.seq)
    await keep(tab, {"interview": interview, "text": "AUC is not enough"})
    assert (await log_of(parcels, tab)).seq == stored.seq and len(other.emitted("element")) == 1
    await other.send("How many countries?")
    assert "reload" not in other.last, "notes do not make the other tab's turn stale"


async def test_notes_do_not_wait_for_a_turn(parcels: App, page: Page) -> None:
    tab = await begun(page)
    interview = tab.session.thread_id
    async with page._presence.turn(interview):  # a turn is under way
        assert (await keep(tab, {"interview": interview, "text": "quick"}))["saved"]
    await tab.send("How many countries?")
    assert latest_notes((await log_of(parcels, tab)).events).text == "quick"


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"text": "x" * (MOST_NOTES + 1)}, "10,000 is the most"),
        ({"text": None}, "reload the page"),
        ({"text": "x", "html": "<b>"}, "reload the page"),
        ({"text": "x", "interview": "another"}, "no longer shows"),
        ({}, "reload the page"),
    ],
)
async def test_what_the_panel_would_not_send_is_refused(
    parcels: App, page: Page, payload: dict[str, Any], why: str
) -> None:
    tab = await begun(page)
    before = (await log_of(parcels, tab)).seq
    answer = await keep(tab, {"interview": tab.session.thread_id, **payload})
    assert not answer["saved"] and why in answer["why"]
    assert (await log_of(parcels, tab)).seq == before and tab.messages[-1]["name"] != "mlsd"


async def test_only_the_owner_keeps_notes(parcels: App, page: Page) -> None:
    tab = await begun(page)
    tab.session.user = PersistedUser(id="eve", identifier="eve", createdAt="2026-01-01T00:00:00Z")
    answer = await keep(tab, {"interview": tab.session.thread_id, "text": "mine now"})
    assert not answer["saved"] and "deleted" in answer["why"]
    tab.session.user = None
    assert not (await keep(tab, {"interview": tab.session.thread_id, "text": "mine now"}))["saved"]
    assert not any(isinstance(event, NotesKept) for event in (await log_of(parcels, tab)).events)


async def test_a_tab_without_an_interview_keeps_none(page: Page) -> None:
    tab = Tab(page)
    await tab.open()
    assert "no longer shows" in (await keep(tab, {"interview": tab.session.thread_id, "text": "x"}))["why"]


def test_the_script_lies_where_the_panel_looks_for_it(tmp_path: Path) -> None:
    furnish(tmp_path, origins=["http://127.0.0.1:1"])
    script = tmp_path / "public" / "elements" / f"{panel.TITLE}.jsx"
    assert script.is_file()
    wanted = {name for name in panel.PanelView.model_fields if f".{name}" not in script.read_text(encoding="utf-8")}
    assert not wanted, "the script does not show these"


def test_the_board_has_its_place() -> None:
    board = panel.PanelBoard(text="logs -> trainer", image="data:image/svg+xml;utf8,x", alt="logs to trainer")
    view = panel.PanelView(
        interview=str(uuid4()),
        title="t",
        level=Level.MID,
        mode=Mode.MOCK,
        steps=(panel.PanelStep(id=Step.DATA, number=3, heading="h", place=panel.Place.OPEN, seconds=0, budget=None),),
        elapsed=0,
        total=None,
        running=True,
        over=False,
        stamp="1",
        hints=0,
        notes="",
        notes_seq=0,
        board=board,
    )
    assert view.model_dump(mode="json")["board"] == board.model_dump()
