"""The scorecard in the page: props from the log, what a candidate does on it, and who may."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import chainlit as cl
import httpx
import pytest
from chainlit.auth import get_current_user
from chainlit.user import PersistedUser
from fastapi import FastAPI

from app.bootstrap import App
from app.cli import main
from app.domain.events import CandidateMessage, Disputed, DisputeWithdrawn, Paused
from app.domain.export import ExportForm
from app.domain.vocabulary import Level, Mode, Step
from app.ports import StoredInterview
from app.settings import Settings, load_settings
from app.web import debrief_view
from app.web.card_actions import DRILL_MINUTES
from app.web.page import Page
from tests.factories import make_case, make_catalog
from tests.web.conftest import WordEmbedder
from tests.web.test_page_handlers import Tab, begun, log_of, of_type, without_panel

SPLIT = "I would split train and test by date so that no future scan leaks."
OTHER = "Every driver wears a hat, and that is a good thing."
MARKUP = '<img src=x onerror=alert(1)> ![](http://x/y) **bold** "quoted" precision:recall'


@pytest.fixture
def page(parcels: App, tmp_path: Path) -> Page:
    return Page(parcels, log_file=tmp_path / "page.log")


async def over(page: Page, *said: str, **settings: object) -> Tab:
    """A tab with an interview that has ended."""
    tab = await begun(page, **settings)
    for words in said:
        await tab.send(words)
    await tab.send("/end")
    return tab


def shown(tab: Tab) -> dict[str, Any]:
    """The props that the tab draws, the latest of each element."""
    return {data["name"]: data["props"] for data in tab.cards}


def lines(props: dict[str, Any]) -> dict[str, Any]:
    return {line["id"]: line for step in props["card"]["steps"] for line in step["criteria"]}


async def act(tab: Tab, handler: Callable[[cl.Action], Awaitable[dict[str, Any]]], payload: Any) -> dict[str, Any]:
    """What a press of a button on the card answers."""
    answers: list[dict[str, Any]] = []

    async def work() -> None:
        answers.append(await handler(cl.Action(name="any", payload=payload)))

    await tab.do(work)
    return answers[0]


def not_shown(props: dict[str, Any]) -> str:
    return next(id for id, line in lines(props).items() if line["status"] == "not_shown")


async def test_the_elements_are_the_log_s_at_the_end_and_whenever_it_is_opened(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT, OTHER)
    stored = await log_of(parcels, tab)
    props = shown(tab)
    assert list(props) == [debrief_view.SCORECARD, debrief_view.POINTS, debrief_view.STUDY]
    card = parcels.assessor.assess(stored)
    assert props["Scorecard"]["card"] == card.model_dump(mode="json")
    assert props["Points"]["scores"] == props["Scorecard"]["card"]["steps"]
    quotes = [quote for line in lines(props["Scorecard"]).values() for quote in line["evidence"]]
    messages = {event.index: event for event in stored.events if isinstance(event, CandidateMessage)}
    assert quotes
    for quote in quotes:
        message = messages[quote["turn"]]
        assert quote["quote"] in message.content
        assert props["Points"]["messages"][str(quote["turn"])] == message.id
    assert [each["text"] for each in props["Points"]["said"]] == [SPLIT, OTHER]
    assert all(each["text"] in messages[each["turn"]].content for each in props["Points"]["said"])
    elements = tab.cards
    assert {element["forId"] for element in elements} == {tab.messages[-1]["id"]}
    again = Tab(page, thread_id=tab.session.thread_id)
    thread = await again.resume()
    assert without_panel(thread["elements"]) == elements
    assert thread["steps"][-1]["output"] == tab.last
    assert json.loads(json.dumps(thread["elements"]))  # as the socket sends it


async def test_a_running_interview_has_no_card(page: Page) -> None:
    tab = await begun(page)
    await tab.send(SPLIT)
    assert tab.cards == []
    thread = await Tab(page, thread_id=tab.session.thread_id).resume()
    assert not without_panel(thread["elements"])


async def test_one_that_was_ended_at_once_says_so_calmly(page: Page) -> None:
    tab = await over(page)
    card, points, study = shown(tab).values()
    assert (card["tone"], card["card"]["overall"]["verdict"]) == ("low", "strong_no_hire")
    assert points["said"] == [] and study["plan"]


async def test_too_little_for_a_verdict_is_no_verdict(page: Page, parcels: App) -> None:
    tab = await begun(page, length="15")
    stored = await log_of(parcels, tab)
    shares = parcels.assessor.assess(stored)  # running, so nothing was passed by
    props = debrief_view.scorecard_props(
        shares, debrief_view_of(parcels, stored), interview_id=stored.header.id
    ).model_dump(mode="json")
    assert (props["tone"], props["card"]["overall"]["score"]) == ("open", None)
    assert "no score" in debrief_view.summary(debrief_view_of(parcels, stored))


def debrief_view_of(app: App, stored: StoredInterview) -> Any:
    from app.services.debriefing import debrief_of

    return debrief_of(stored, app.assessor.assess(stored), app.catalog)


async def test_a_coached_interview_and_a_drill_say_what_their_score_is(page: Page) -> None:
    coached = await over(page, SPLIT, profile="Coach")
    assert "unofficial" in coached.last and any("unofficial" in why for why in shown(coached)["Scorecard"]["reasons"])
    drilled = await over(page, SPLIT, profile="Drill", steps=["data"])
    assert "of these steps alone" in drilled.last
    assert [step["step"] for step in shown(drilled)["Points"]["scores"]] == ["data"]


async def test_a_case_that_is_gone_is_told_in_one_clear_sentence(page: Page, parcels: App, tmp_path: Path) -> None:
    tab = await over(page, SPLIT)
    parcels.catalog = make_catalog(make_case(id="parcel-theft", title="Parcel theft", category="Risk"))
    del parcels.assessor
    thread = await Tab(Page(parcels, log_file=tmp_path / "page.log"), thread_id=tab.session.thread_id).resume()
    assert not without_panel(thread["elements"])
    last = thread["steps"][-1]
    assert "“parcel-eta” is not among the content any more" in last["output"] and not last["isError"]


async def test_what_was_typed_stays_text_and_notes_arrive_as_blocks(page: Page) -> None:
    tab = await over(page, f"{MARKUP} and I would split by date, so that no future scan leaks.")
    props = shown(tab)
    assert props["Points"]["said"][0]["text"].startswith("<img src=x")
    assert "<img" not in tab.last
    kinds = {block["kind"] for note in props["StudyPlan"]["notes"] for block in note["blocks"]}
    assert "paragraph" in kinds
    assert "#" not in "".join(
        block["pieces"][0]["text"][:2] for note in props["StudyPlan"]["notes"] for block in note["blocks"][:1]
    )


async def test_i_said_that_is_recorded_and_shown_as_a_range_until_it_is_taken_back(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT, OTHER)
    before = shown(tab)["Scorecard"]
    criterion = not_shown(before)
    turn = shown(tab)["Points"]["said"][1]["turn"]
    actions = page.card_actions
    answer = await act(tab, actions.dispute, {"criterion": criterion, "quote": OTHER, "turn": turn})
    assert answer["ok"] and "credited it would be" in answer["says"]
    (event,) = of_type(await log_of(parcels, tab), Disputed)
    assert (event.criterion, event.turn, event.quote) == (criterion, turn, OTHER)
    after = shown(tab)["Scorecard"]
    low, high = after["card"]["overall"]["range"].values()
    assert low == before["card"]["overall"]["score"] == after["card"]["overall"]["score"] < high
    assert lines(after)[criterion]["disputed"][0]["quote"] == OTHER
    ids = [element["id"] for element in tab.cards]
    assert ids[:3] == ids[3:], "the later card takes the place of the earlier one"
    thread = await Tab(page, thread_id=tab.session.thread_id).resume()
    assert without_panel(thread["elements"])[0]["props"] == after
    assert f"{high} with what you dispute" in thread["steps"][-1]["output"]
    taken = await act(tab, actions.withdraw, {"criterion": criterion})
    assert taken["ok"] and "nothing is disputed" in taken["says"]
    assert len(of_type(await log_of(parcels, tab), DisputeWithdrawn)) == 1
    assert shown(tab)["Scorecard"] == before


async def test_a_pasted_part_of_a_message_is_found(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT, OTHER, OTHER)
    criterion = not_shown(shown(tab)["Scorecard"])
    answer = await act(
        tab, page.card_actions.dispute, {"criterion": criterion, "quote": " Every driver wears a hat ", "turn": None}
    )
    assert answer["ok"], answer
    (event,) = of_type(await log_of(parcels, tab), Disputed)
    said = [each for each in of_type(await log_of(parcels, tab), CandidateMessage) if OTHER in each.content]
    assert (event.turn, event.quote) == (said[0].index, "Every driver wears a hat")


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        ({}, "could not be read"),
        ({"criterion": "split", "quote": "x", "turn": 1, "rating": 4}, "could not be read"),
        ({"criterion": "<b>", "quote": "x", "turn": 1}, "could not be read"),
        ({"criterion": "time-split", "quote": "", "turn": 1}, "could not be read"),
        ({"criterion": "time-split", "quote": "x" * 50_001, "turn": 1}, "could not be read"),
        ({"criterion": "time-split", "quote": SPLIT, "turn": -1}, "could not be read"),
        ({"criterion": "time-split", "quote": ["a"], "turn": "one"}, "could not be read"),
        ({"criterion": "no-such-thing", "quote": SPLIT, "turn": None}, "There is no criterion 'no-such-thing'"),
        ({"criterion": "*", "quote": "I never said anything like this"}, "is in none of the candidate's messages"),
        ({"criterion": "*", "quote": SPLIT, "turn": 0}, "is not in message 0"),
        ({"criterion": "*", "quote": "split"}, "too short"),
    ],
)
async def test_what_a_browser_sends_is_not_believed(page: Page, parcels: App, payload: Any, says: str) -> None:
    tab = await over(page, SPLIT)
    criterion = not_shown(shown(tab)["Scorecard"])
    before, sent = await log_of(parcels, tab), len(tab.cards)
    if payload.get("criterion") == "*":
        payload = {**payload, "criterion": criterion}
    answer = await act(tab, page.card_actions.dispute, payload)
    assert not answer["ok"] and says in answer["says"]
    assert await log_of(parcels, tab) == before and len(tab.cards) == sent


async def test_a_running_interview_can_neither_be_disputed_nor_practised(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send(SPLIT)
    before = await log_of(parcels, tab)
    actions = page.card_actions
    for handler, payload in (
        (actions.dispute, {"criterion": "time-split", "quote": SPLIT}),
        (actions.withdraw, {"criterion": "time-split"}),
        (actions.practise, {"step": "data"}),
    ):
        answer = await act(tab, handler, payload)
        assert not answer["ok"] and "not over yet" in answer["says"]
    assert await log_of(parcels, tab) == before and len(await parcels.store.headers()) == 1


async def test_another_user_s_interview_is_out_of_reach(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT)
    criterion = not_shown(shown(tab)["Scorecard"])
    stored = await log_of(parcels, tab)
    for who in (PersistedUser(id="eve", identifier="eve", createdAt="2026-01-01T00:00:00Z"), None):
        eve = Tab(page, thread_id=tab.session.thread_id)
        eve.session.user = who
        actions = page.card_actions
        for handler, payload in (
            (actions.dispute, {"criterion": criterion, "quote": SPLIT}),
            (actions.withdraw, {"criterion": criterion}),
            (actions.practise, {"step": "data"}),
        ):
            answer = await act(eve, handler, payload)
            assert not answer["ok"] and "recorded" in answer["says"]
        assert eve.cards == []
    assert await log_of(parcels, tab) == stored and len(await parcels.store.headers()) == 1


async def test_a_step_is_practised_in_an_interview_of_its_own(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT, level="staff", typing="0.5")
    before = await log_of(parcels, tab)
    answer = await act(tab, page.card_actions.practise, {"step": "evaluation"})
    assert answer["ok"] and answer["thread"] != before.header.id
    drill = await parcels.store.load(answer["thread"])
    header = drill.header
    assert (header.case, header.level, header.mode) == (before.header.case, Level.STAFF, Mode.DRILL)
    assert (header.steps, header.minutes, header.typing_allowance) == ((Step.EVALUATION,), DRILL_MINUTES, 0.5)
    assert await parcels.store.owner(answer["thread"]) == "local"
    assert isinstance(drill.events[-1], Paused), "its clock stands still until somebody looks"
    assert await log_of(parcels, tab) == before
    there = Tab(page, thread_id=answer["thread"])
    thread = await there.resume()
    assert len(thread["steps"]) == 2
    await there.send(SPLIT)
    assert len(of_type(await log_of(parcels, there), CandidateMessage)) == 1


async def test_a_step_that_is_none_is_not_practised(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT)
    assert not (await act(tab, page.card_actions.practise, {"step": "lunch"}))["ok"]
    assert len(await parcels.store.headers()) == 1


async def test_an_untimed_interview_is_practised_untimed(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT, length="untimed")
    answer = await act(tab, page.card_actions.practise, {"step": "data"})
    assert (await parcels.store.load(answer["thread"])).header.minutes is None


def client(page: Page, user: str | None) -> httpx.AsyncClient:
    """A browser of some user's, on the routes that the page adds."""
    server = FastAPI()

    @server.get("/{rest:path}")
    async def rest(rest: str) -> str:
        return "the chat"

    page.extend(server)
    who = None if user is None else PersistedUser(id=user, identifier=user, createdAt="2026-01-01T00:00:00Z")
    server.dependency_overrides[get_current_user] = lambda: who
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=server), base_url="http://127.0.0.1")


async def test_downloads_are_for_the_owner_and_after_the_end(page: Page, parcels: App) -> None:
    tab = await over(page, SPLIT)
    running = await begun(page)
    paths = [each["href"] for each in shown(tab)["Scorecard"]["downloads"]]
    assert [path.rsplit(".")[-1] for path in paths] == [form.value for form in ExportForm]
    async with client(page, "local") as mine:
        stored = await log_of(parcels, tab)
        for form, path in zip(ExportForm, paths, strict=True):
            got = await mine.get(path)
            assert got.content == parcels.exported(stored, form).encode()
            day = f"{stored.header.started_at:%Y-%m-%d}"
            assert got.headers["content-disposition"] == (
                f'attachment; filename="mlsd-parcel-eta-senior-{day}.{form.value}"'
            )
            assert got.headers["x-content-type-options"] == "nosniff" and got.headers["cache-control"] == "no-store"
        early = await mine.get(debrief_view.export_path(running.session.thread_id, ExportForm.MD))
        assert (early.status_code, "after the end" in early.text) == (409, True)
        unknown = await mine.get(debrief_view.export_path("nobody", ExportForm.MD))
        assert (await mine.get(paths[0].replace(".md", ".exe"))).status_code == 422
        assert (await mine.get("/anything")).text == '"the chat"'
    async with client(page, "eve") as eve:
        foreign = await eve.get(paths[0])
        assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text) == (404, foreign.text)
    async with client(page, None) as nobody:
        assert (await nobody.get(paths[0])).status_code == 401


async def test_a_download_without_its_case_says_why(page: Page, parcels: App, tmp_path: Path) -> None:
    tab = await over(page, SPLIT)
    parcels.catalog = make_catalog(make_case(id="parcel-theft", title="Parcel theft", category="Risk"))
    async with client(Page(parcels, log_file=tmp_path / "page.log"), "local") as mine:
        got = await mine.get(debrief_view.export_path(tab.session.thread_id, ExportForm.JSON))
        assert (got.status_code, "'parcel-eta'" in got.text) == (410, True)


def small(settings: Settings) -> App:
    """The product on small content, with the log in MLSD_HOME."""
    app = App(settings)
    app.catalog = make_catalog()
    app.embedder = WordEmbedder()
    return app


def printed(*arguments: str) -> str:
    """What a command prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        main(list(arguments), make=small)
    return out.getvalue()


def test_an_interview_of_the_page_is_exported_and_scored_from_the_command_line_with_the_same_result(
    tmp_path: Path, mlsd_home: Path
) -> None:
    async def play() -> tuple[str, dict[str, Any], dict[ExportForm, bytes]]:
        app = small(load_settings())
        page = Page(app, log_file=tmp_path / "page.log")
        tab = await over(page, SPLIT, OTHER, "/hint", "I would measure success by fewer where-is-my-parcel calls.")
        criterion = not_shown(shown(tab)["Scorecard"])
        assert (await act(tab, page.card_actions.dispute, {"criterion": criterion, "quote": OTHER}))["ok"]
        async with client(page, "local") as mine:
            files = {
                form: (await mine.get(debrief_view.export_path(tab.session.thread_id, form))).content
                for form in ExportForm
            }
        await page.settled()
        await app.store.close()
        return tab.session.thread_id, shown(tab)["Scorecard"]["card"], files

    interview_id, card, files = asyncio.run(play())
    assert card["overall"]["range"] is not None and card["hints"]
    assert json.loads(printed("score", interview_id, "--json")) == card
    transcript = tmp_path / "mine.jsonl"
    printed("export", interview_id, "--format", "jsonl", "--out", str(transcript))
    assert json.loads(printed("score", str(transcript), "--json")) == card
    for form, content in files.items():
        assert printed("export", interview_id, "--format", form.value).encode() == content
