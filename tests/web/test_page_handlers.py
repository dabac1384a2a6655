"""The page's handlers, called as Chainlit calls them, with what goes to the browser collected."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import chainlit as cl
import pytest
from chainlit.config import config
from chainlit.context import init_ws_context
from chainlit.session import WebsocketSession
from chainlit.types import ThreadDict
from chainlit.user import PersistedUser

from app.adapters.scripted_chat import Late, ScriptedChat
from app.bootstrap import App, SystemClock
from app.domain.events import AnyEvent, CandidateMessage, Ended, HintRequested, InterviewerMessage, Paused, Resumed
from app.domain.interview import fold
from app.domain.vocabulary import Level, Mode, Step
from app.ports import StoredInterview, Vectors
from app.services.background import BackgroundObserver
from app.services.conduct import Agreement
from app.services.grader import Grader
from app.settings import load_settings
from app.web import render
from app.web.page import Page
from tests.servers import StubEndpoint, say


def without_panel(elements: list[Any]) -> list[Any]:
    """A thread's elements but for the side panel, which every interview has."""
    return [element for element in elements if element["name"] != "Interview"]


class Tab:
    """A browser's tab: a session and what it was sent."""

    def __init__(self, page: Page, *, thread_id: str | None = None, profile: str | None = None) -> None:
        self.page = page
        self.sent: list[tuple[str, Any]] = []
        self.session = WebsocketSession(
            id=str(uuid4()),
            socket_id=str(uuid4()),
            emit=self._collect,
            emit_call=self._collect,
            user_env={},
            client_type="webapp",
            user=PersistedUser(id="local", identifier="local", createdAt="2026-01-01T00:00:00Z"),
            thread_id=thread_id,
        )
        self.session.chat_profile = profile

    async def _collect(self, event: str, data: Any) -> None:
        self.sent.append((event, data))

    async def do(self, work: Callable[[], Awaitable[Any]]) -> None:
        """Run a handler as this tab."""

        async def inside() -> None:
            init_ws_context(self.session)
            await work()

        await asyncio.create_task(inside())

    async def open(self) -> None:
        await self.do(self.page.start)

    async def send(self, content: str, *, command: str | None = None) -> str:
        message_id = str(uuid4())

        async def work() -> None:
            message = cl.Message(content=content, id=message_id, type="user_message", command=command)
            async with cl.Step(name="on_message", type="run", parent_id=message.id):  # as Chainlit does
                await self.page.message(message)

        await self.do(work)
        return message_id

    async def resume(self) -> ThreadDict:
        thread = await self.page.history.get_thread(self.session.thread_id)
        assert thread is not None

        async def work() -> None:
            await self.page.resume(thread)

        await self.do(work)
        return thread

    async def close(self) -> None:
        await self.do(self.page.leave)

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What the tab shows, later versions of a message replacing earlier ones."""
        shown: dict[str, dict[str, Any]] = {}
        for event, data in self.sent:
            if event in {"new_message", "stream_start"} and data["type"] != "run":
                shown[data["id"]] = data
            elif event == "delete_message":
                shown.pop(data["id"], None)
        return list(shown.values())

    @property
    def last(self) -> str:
        return str(self.messages[-1]["output"])

    def emitted(self, name: str) -> list[Any]:
        return [data for event, data in self.sent if event == name]

    @property
    def cards(self) -> list[Any]:
        """The elements that were sent, without the panel."""
        return without_panel(self.emitted("element"))


@pytest.fixture
def page(parcels: App, tmp_path: Path) -> Page:
    return Page(parcels, log_file=tmp_path / "page.log")


async def begun(page: Page, **settings: object) -> Tab:
    tab = Tab(page, profile=str(settings.pop("profile", "Mock")))
    await tab.open()
    tab.session.chat_settings.update(settings)
    await tab.send("Parcel arrival times")
    return tab


async def log_of(app: App, tab: Tab) -> StoredInterview:
    return await app.store.load(tab.session.thread_id)


def of_type(stored: StoredInterview, kind: type[AnyEvent]) -> list[Any]:
    return [event for event in stored.events if isinstance(event, kind)]


async def test_the_start_page_offers_cases_modes_and_settings(page: Page) -> None:
    tab = Tab(page, profile="Drill")
    await tab.open()
    categories = await page.starters(None)
    assert [(category.label, [starter.message for starter in category.starters]) for category in categories] == [
        ("Forecasting", ["Parcel arrival times"]),
        ("Risk", ["Parcel theft"]),
    ]
    assert [profile.name for profile in await page.profiles(None)] == ["Mock", "Coach", "Drill"]
    assert [widget["id"] for widget in tab.emitted("chat_settings")[-1]] == [
        "steps",
        "level",
        "length",
        "typing",
        "model",
    ]
    assert tab.messages == []


async def test_a_starter_begins_and_is_not_a_message_of_the_candidate(page: Page, parcels: App) -> None:
    tab = await begun(page)
    stored = await log_of(parcels, tab)
    assert of_type(stored, CandidateMessage) == []
    opening = of_type(stored, InterviewerMessage)[0]
    assert tab.messages[-1]["id"] == opening.id
    assert tab.last == render.spoken(opening.content)
    assert [command["id"] for command in tab.emitted("set_commands")[-1]] == ["hint", "next", "board", "status", "end"]
    assert await parcels.store.owner(tab.session.thread_id) == "local"


async def test_settings_and_mode_are_agreed(page: Page, parcels: App) -> None:
    tab = await begun(page, profile="Drill", level="staff", length="untimed", typing="0.25", steps=["serving", "data"])
    header = (await log_of(parcels, tab)).header
    assert (header.level, header.mode, header.minutes) == (Level.STAFF, Mode.DRILL, None)
    assert (header.typing_allowance, header.steps) == (0.25, (Step.DATA, Step.SERVING))
    again = Tab(page, profile="Drill")
    await again.open()
    initial = {widget["id"]: widget["initial"] for widget in again.emitted("chat_settings")[-1]}
    assert initial == {
        "level": "staff",
        "length": "untimed",
        "typing": "0.25",
        "model": "builtin",
        "steps": ["data", "serving"],
    }


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"profile": "Drill", "steps": []}, "A drill needs at least one step"),
        ({"level": "principal"}, "not offered"),
        ({"length": "-1"}, "not offered"),
    ],
)
async def test_settings_that_cannot_be_agreed_are_told_and_begin_nothing(
    page: Page, parcels: App, settings: dict[str, object], says: str
) -> None:
    tab = await begun(page, **settings)
    assert says in tab.last
    assert await parcels.store.headers() == []


async def test_words_before_a_case_is_chosen_lead_to_the_cases(page: Page, parcels: App) -> None:
    tab = Tab(page)
    await tab.open()
    await tab.send("Hello, I'd like to be interviewed")
    assert tab.last == render.NO_CASE_YET
    actions = tab.emitted("action")
    assert [action["label"] for action in actions] == ["Parcel arrival times", "Parcel theft"]
    action = cl.Action(name="begin", label="Parcel theft", payload=actions[1]["payload"])
    await tab.do(lambda: page.begin(action))
    assert (await log_of(parcels, tab)).header.case == "parcel-theft"


async def test_ids_of_messages_are_ids_of_events(page: Page, parcels: App) -> None:
    tab = await begun(page)
    sent = await tab.send("What scale are we at?")
    stored = await log_of(parcels, tab)
    assert [event.id for event in of_type(stored, CandidateMessage)] == [sent]
    assert [message["id"] for message in tab.messages] == [event.id for event in of_type(stored, InterviewerMessage)]
    assert "Two million parcels" in tab.last


async def test_replies_are_streamed_and_end_as_recorded(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("What scale are we at?")
    reply = of_type(await log_of(parcels, tab), InterviewerMessage)[-1]
    assert [data["id"] for data in tab.emitted("stream_start")] == [reply.id]
    assert [data["output"] for data in tab.emitted("new_message") if data["id"] == reply.id] == [
        render.spoken(reply.content)
    ]


@pytest.mark.parametrize(
    ("content", "command"), [("/hint data", None), ("data", "hint"), ("3", "hint"), ("features", "hint")]
)
async def test_a_hint_for_a_named_step_typed_or_by_button(
    page: Page, parcels: App, content: str, command: str | None
) -> None:
    tab = await begun(page)
    await tab.send(content, command=command)
    stored = await log_of(parcels, tab)
    assert [(event.named, event.step, event.rung) for event in of_type(stored, HintRequested)] == [
        (Step.DATA, Step.DATA, 1)
    ]
    assert of_type(stored, CandidateMessage) == []


async def test_a_button_needs_no_text(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("", command="hint")
    await tab.send("", command="next")
    stored = await log_of(parcels, tab)
    assert len(of_type(stored, HintRequested)) == 1
    assert fold(stored.header, stored.events).step is Step.FRAMING


@pytest.mark.parametrize("command", ["hint", "next", "status", "end"])
async def test_what_is_typed_to_a_lit_command_is_said_too(page: Page, parcels: App, command: str) -> None:
    tab = await begun(page)
    said = "For training data I would use the scans of the last year."
    sent = await tab.send(said, command=command)
    stored = await log_of(parcels, tab)
    assert [(event.id, event.content) for event in of_type(stored, CandidateMessage)] == [(sent, said)]
    types = {event.type for event in stored.events}
    asked = {"hint": "hint_requested", "next": "advance_requested", "end": "ended", "status": "intake"}
    assert asked[command] in types
    assert fold(stored.header, stored.events).step is (Step.FRAMING if command == "next" else Step.REQUIREMENTS)
    await tab.send("And they are labelled by when the parcel came.")
    assert (tab.last == render.OVER) is (command == "end")


async def test_status_tells_where_we_are_and_records_nothing(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("/hint")
    before = await log_of(parcels, tab)
    await tab.send("/status")
    assert "**1. Requirements and business goal** is open." in tab.last
    assert "Hints taken: 1 on the requirements." in tab.last
    assert await log_of(parcels, tab) == before


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("\x00\x07", "The message is empty"),
        ("x" * 50_001, "50,000 is the most"),
        ("/bogus", "There is no command"),
        ("/hint quantum", "There is no step"),
    ],
)
async def test_what_cannot_be_recorded_is_told(page: Page, parcels: App, content: str, says: str) -> None:
    tab = await begun(page)
    before = await log_of(parcels, tab)
    await tab.send(content)
    assert says in tab.last
    assert tab.messages[-1]["isError"]
    assert await log_of(parcels, tab) == before
    await tab.send("What scale are we at?")
    assert "Two million parcels" in tab.last


async def test_the_end_brings_the_scorecard_and_takes_the_commands_away(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("I would split train and test by date so that no future scan leaks.")
    await tab.send("/end")
    stored = await log_of(parcels, tab)
    assert len(of_type(stored, Ended)) == 1
    assert tab.last.endswith("of 100.")
    assert [element["name"] for element in tab.cards] == ["Scorecard", "Points", "StudyPlan"]
    assert tab.emitted("set_commands")[-1] == []
    await tab.send("One more thing")
    assert tab.last == render.OVER
    assert await log_of(parcels, tab) == stored


async def test_the_clock_stops_when_the_last_tab_is_closed(page: Page, parcels: App) -> None:
    tab = await begun(page)
    other = Tab(page, thread_id=tab.session.thread_id)
    await other.resume()
    await tab.close()
    assert of_type(await log_of(parcels, tab), Paused) == []
    await other.close()
    assert len(of_type(await log_of(parcels, tab), Paused)) == 1
    back = Tab(page, thread_id=tab.session.thread_id)
    await back.resume()
    assert len(of_type(await log_of(parcels, tab), Resumed)) == 1


async def test_an_old_interview_is_shown_as_it_was_and_goes_on(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("What scale are we at?")
    shown = [message["id"] for message in tab.messages]
    await tab.close()
    back = Tab(page, thread_id=tab.session.thread_id)
    thread = await back.resume()
    assert [step["id"] for step in thread["steps"] if step["type"] == "assistant_message"] == shown
    await back.send("And how far back does the data go?")
    assert "three years" in back.last


async def test_a_reply_that_is_owed_is_given_once(page: Page, parcels: App) -> None:
    """As after kill -9 between a message and its reply; an hour passes before anybody comes back."""
    tab = await begun(page)
    stored = await log_of(parcels, tab)
    state = fold(stored.header, stored.events)
    waiting = CandidateMessage(
        seq=state.seq + 1,
        at=SystemClock().now() - timedelta(hours=1),
        id=str(uuid4()),
        index=state.next_index,
        content="What scale are we at?",
        step=state.step,
    )
    await parcels.store.append(tab.session.thread_id, [waiting], expected_seq=state.seq)
    fresh = Page(parcels, log_file=Path("page.log"))
    thread = await Tab(fresh, thread_id=tab.session.thread_id).resume()
    again = await Tab(fresh, thread_id=tab.session.thread_id).resume()
    assert "Two million parcels" in thread["steps"][-1]["output"]
    assert again["steps"] == thread["steps"]
    assert fold(stored.header, (await log_of(parcels, tab)).events).elapsed < 60


async def test_all_messages_stand_at_one_level(page: Page) -> None:
    tab = await begun(page)
    for content in ("What scale are we at?", "/status", "/bogus", "/end"):
        await tab.send(content)
    assert len(tab.messages) >= 6
    assert {message["parentId"] for message in tab.messages} == {None}


async def test_a_message_that_overtakes_the_taking_up_of_a_lost_connection_is_not_lost(
    page: Page, parcels: App
) -> None:
    tab = await begun(page)
    await tab.close()
    back = Tab(page, thread_id=tab.session.thread_id)
    sent = asyncio.create_task(back.send("What scale are we at?"))
    await asyncio.sleep(0.05)
    await back.resume()
    message_id = await sent
    assert "Two million parcels" in back.last
    assert [message["id"] for message in back.messages][-2:-1] == [message_id]
    assert [event.id for event in of_type(await log_of(parcels, tab), CandidateMessage)] == [message_id]


async def test_an_ended_interview_is_opened_with_its_scorecard(page: Page) -> None:
    tab = await begun(page)
    await tab.send("/end")
    card = tab.messages[-1]
    back = Tab(page, thread_id=tab.session.thread_id)
    thread = await back.resume()
    assert (thread["steps"][-1]["id"], thread["steps"][-1]["output"]) == (card["id"], card["output"])
    assert back.emitted("set_commands")[-1] == []


async def test_the_second_of_two_tabs_is_told_to_reload(page: Page, parcels: App) -> None:
    tab = await begun(page)
    other = Tab(page, thread_id=tab.session.thread_id)
    await other.resume()
    await tab.send("What scale are we at?")
    await other.send("And how far back does the data go?")
    assert other.last == render.STALE
    assert len(of_type(await log_of(parcels, tab), CandidateMessage)) == 1
    await other.resume()
    await other.send("And how far back does the data go?")
    assert "three years" in other.last


async def test_a_deleted_interview_is_told_and_leaving_it_is_quiet(page: Page) -> None:
    tab = await begun(page)
    await page.history.delete_thread(tab.session.thread_id)
    await tab.send("What scale are we at?")
    assert tab.last == render.GONE
    count = len(tab.messages)
    await tab.close()
    assert len(tab.messages) == count


async def test_two_clicks_on_a_starter_begin_one_interview(page: Page, parcels: App) -> None:
    tab = Tab(page)
    await tab.open()
    await asyncio.gather(tab.send("Parcel arrival times"), tab.send("Parcel arrival times"))
    assert len(await parcels.store.headers()) == 1
    stored = await log_of(parcels, tab)
    assert of_type(stored, CandidateMessage) == []
    assert len(tab.messages) == 1


async def test_a_click_that_comes_before_the_page_is_ready_keeps_what_was_chosen_last(page: Page, parcels: App) -> None:
    await begun(page, level="staff", length="15")
    headers = parcels.store.headers
    slow = asyncio.Event()

    async def slowly(*, owner: str | None = None) -> Any:
        found = await headers(owner=owner)
        await slow.wait()
        return found

    parcels.store.headers = slowly  # type: ignore[method-assign]
    tab = Tab(page)
    opening = asyncio.create_task(tab.open())
    await asyncio.sleep(0)
    clicked = asyncio.create_task(tab.send("Parcel theft"))
    await asyncio.sleep(0.01)
    slow.set()
    await asyncio.gather(opening, clicked)
    header = (await log_of(parcels, tab)).header
    assert (header.level, header.minutes) == (Level.STAFF, 15)
    assert [command["id"] for command in tab.emitted("set_commands")[-1]] == ["hint", "next", "board", "status", "end"]


async def test_what_nobody_foresaw_is_told_without_a_traceback(page: Page, parcels: App) -> None:
    tab = await begun(page)

    class Broken(type(parcels.store)):  # type: ignore[misc]
        async def load(self, interview_id: str) -> StoredInterview:
            raise RuntimeError("secret internals")

    broken = Broken()
    parcels.store = broken
    await tab.send("What scale are we at?")
    assert "Something went wrong" in tab.last
    assert "secret internals" not in tab.last


async def test_a_cancelled_turn_leaves_no_stray_words_and_can_go_on(page: Page, parcels: App) -> None:
    tab = await begun(page)
    stopped = asyncio.create_task(tab.send("What scale are we at?"))
    while not tab.session.thread_id or len((await log_of(parcels, tab)).events) < 3:
        await asyncio.sleep(0)
    stopped.cancel()
    await asyncio.gather(stopped, return_exceptions=True)
    await tab.send("And how far back does the data go?")
    assert tab.last != render.STALE
    said = [event.content for event in of_type(await log_of(parcels, tab), CandidateMessage)]
    assert said == ["What scale are we at?", "And how far back does the data go?"]


async def test_the_login_is_the_local_user_and_history_is_ours(page: Page) -> None:
    page.register()
    user = await page.user({})  # type: ignore[arg-type]
    assert user.identifier == "local"
    assert config.code.data_layer() is page.history


async def test_cases_are_made_ready_before_they_are_chosen(page: Page, parcels: App) -> None:
    embedded: list[int] = []
    embed_content = parcels.embedder.embed_content

    def counted(texts: Sequence[str]) -> Vectors:
        embedded.append(len(texts))
        return embed_content(texts)

    parcels.embedder.embed_content = counted  # type: ignore[method-assign]
    await page.warm_up()
    async with asyncio.timeout(20):
        await page.settled()
    before = len(embedded)
    assert before > 0
    tab = await begun(page)
    await tab.send("What scale are we at?")
    assert len(embedded) == before


async def test_an_agreement_of_another_program_can_be_gone_on_with(page: Page, parcels: App) -> None:
    header = await parcels.conductor().begin(Agreement(case="parcel-eta", minutes=None))
    tab = Tab(page, thread_id=header.id)
    await tab.resume()
    await tab.send("What scale are we at?")
    assert "Two million parcels" in tab.last


async def with_a_model_that_is_away(parcels: App, tmp_path: Path) -> Page:
    parcels.settings = load_settings(model="openai/small")
    parcels.chat = lambda model: ScriptedChat(name=model)  # type: ignore[method-assign]
    return Page(parcels, log_file=tmp_path / "page.log")


async def test_where_the_model_does_not_answer_the_builtin_interviewer_does_and_says_so_once(
    parcels: App, tmp_path: Path
) -> None:
    page = await with_a_model_that_is_away(parcels, tmp_path)
    tab = await begun(page)
    assert (await log_of(parcels, tab)).header.interviewer.model == "openai/small"
    await tab.send("I would measure success by fewer calls about lost parcels.")
    await tab.send("I would frame it as regression on the minutes until delivery.")
    for _ in range(3):  # where there is no question to word, the model is not asked
        await tab.send("I would split train and test by date so that no future scan leaks.")
    asked = [
        reply.guard for reply in of_type(await log_of(parcels, tab), InterviewerMessage) if reply.guard is not None
    ]
    assert len(asked) > 1
    notices = [message for message in tab.messages if message["name"] == "mlsd"]
    assert len(notices) == 1
    assert "openai/small" in notices[0]["output"]
    replies = of_type(await log_of(parcels, tab), InterviewerMessage)
    assert [message["id"] for message in tab.messages if message["name"] == "Interviewer"] == [
        reply.id for reply in replies
    ]


async def test_a_reply_that_a_model_owes_comes_after_the_thread_is_drawn(parcels: App, tmp_path: Path) -> None:
    page = await with_a_model_that_is_away(parcels, tmp_path)
    tab = await begun(page)
    stored = await log_of(parcels, tab)
    state = fold(stored.header, stored.events)
    waiting = CandidateMessage(
        seq=state.seq + 1,
        at=SystemClock().now(),
        id=str(uuid4()),
        index=1,
        content="What scale are we at?",
        step=state.step,
    )
    await parcels.store.append(tab.session.thread_id, [waiting], expected_seq=state.seq)
    await tab.close()
    back = Tab(page, thread_id=tab.session.thread_id)
    thread = await back.resume()
    assert thread["steps"][-1]["output"] == "What scale are we at?"
    await page.settled()
    assert any("Two million parcels" in message["output"] for message in back.messages)
    await back.send("And how far back does the data go?")
    assert any("three years" in message["output"] for message in back.messages)
    assert len(of_type(await log_of(parcels, tab), InterviewerMessage)) == 3


async def test_what_is_typed_while_the_browser_draws_the_thread_is_shown_below_it(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The browser draws the thread when it gets it, over what was typed until then."""
    tab = await begun(page)
    await tab.close()
    back = Tab(page, thread_id=tab.session.thread_id)
    await back.resume()
    said = await back.send("What scale are we at?")
    assert [message["id"] for message in back.messages][0] == said
    monkeypatch.setattr("app.web.page._LONGEST_DRAWING_S", -1.0)
    await back.close()
    back = Tab(page, thread_id=tab.session.thread_id)
    await back.resume()
    later = await back.send("And how far back does the data go?")
    assert later not in {message["id"] for message in back.messages}


async def test_what_is_typed_as_the_thread_is_about_to_be_sent_is_in_it(page: Page) -> None:
    """Chainlit sends the thread some moments after it was put together; what was shown before that is drawn over."""
    tab = await begun(page)
    await tab.close()
    back = Tab(page, thread_id=tab.session.thread_id)
    sending = asyncio.create_task(back.send("What scale are we at?"))
    await asyncio.sleep(0)
    thread = await back.resume()
    said = await sending
    assert [step["id"] for step in thread["steps"]].count(said) == 1
    assert said in {message["id"] for message in back.messages}


async def with_a_grader(parcels: App, tmp_path: Path, chat: ScriptedChat) -> Page:
    parcels.grader = lambda model=None, votes=None: Grader(chat, at_once=1, step_deadline_s=0.5)  # type: ignore[method-assign]
    return Page(parcels, log_file=tmp_path / "page.log")


async def test_a_configured_grader_reads_the_interview_once_when_it_is_over(parcels: App, tmp_path: Path) -> None:
    brief = parcels.catalog.brief("parcel-eta")
    nothing = {"quotes": [], "reason": "Nothing of it was said.", "rating": None}
    replies = [{"criteria": {one.id: nothing for one in brief.of_step(step)}} for step in Step]
    chat = ScriptedChat(replies, name="big")
    page = await with_a_grader(parcels, tmp_path, chat)
    tab = await begun(page)
    await tab.send("I would split train and test by date so that no future scan leaks.")
    assert chat.prompts == []
    await tab.send("/end")
    assert any("big reads the interview" in message["output"] for message in tab.messages)
    reasons = tab.cards[0]["props"]["reasons"]
    assert any("big graded 9 of 9 points" in why for why in reasons)
    thread = await Tab(page, thread_id=tab.session.thread_id).resume()
    assert without_panel(thread["elements"])[0]["props"]["reasons"] == reasons and len(chat.prompts) == 7


@pytest.mark.slow
async def test_a_grader_that_is_away_does_not_keep_the_scorecard_back(parcels: App, tmp_path: Path) -> None:
    page = await with_a_grader(parcels, tmp_path, ScriptedChat([Late(seconds=60, reply={})] * 7, name="big"))
    tab = await begun(page)
    await tab.send("I would split train and test by date so that no future scan leaks.")
    async with asyncio.timeout(20):
        await tab.send("/end")
    assert "The grader big could not be used" in " ".join(tab.cards[0]["props"]["reasons"])


async def test_a_grader_reads_along_after_each_turn_and_never_before_it(parcels: App, tmp_path: Path) -> None:
    said = "I would split train and test by date so that no future scan leaks."
    chat = ScriptedChat([Late(seconds=0.3, reply={"found": []}), {"found": []}], name="big")
    parcels.background = lambda: BackgroundObserver(  # type: ignore[method-assign]
        chat, store=parcels.store, catalog=parcels.catalog, matcher=parcels.matcher, clock=SystemClock()
    )
    page = Page(parcels, log_file=tmp_path / "page.log")
    tab = await begun(page)
    await tab.send(said)
    assert len(of_type(await log_of(parcels, tab), InterviewerMessage)) == 2, "answered while the reading is under way"
    await page.settled()
    assert len(chat.prompts) == 1 and said in chat.prompts[0][1].content
    await tab.send("/end")
    await page.settled()
    assert len(chat.prompts) == 1


def interviewers(tab: Tab) -> dict[str, Any]:
    """The setting that picks the interviewer, as it was sent to the browser last."""
    [found] = [each for each in tab.emitted("chat_settings")[-1] if each["id"] == "model"]
    return dict(found)


async def test_models_on_this_machine_can_be_picked_and_none_is_by_itself(
    page: Page, parcels: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StubEndpoint(say("MOVE: listen\nGo on."), models=("small",)) as server:
        parcels.settings = load_settings(llama_cpp_port=server.port, model="openai/named", api_key="sk-0123456789")
        tab = Tab(page)
        await tab.open()
        offered = interviewers(tab)
        assert [item["value"] for item in offered["items"]] == ["builtin", "openai/named", "llama.cpp:small"]
        parcels.settings = load_settings(llama_cpp_port=server.port, api_key="sk-0123456789")
        first = await begun(page)
        assert interviewers_before(first) == "builtin"
        assert (await log_of(parcels, first)).header.interviewer.model is None
        picked = await begun(page, model="llama.cpp:small")
        assert (await log_of(parcels, picked)).header.interviewer.model == "llama.cpp:small"
        again = Tab(page)
        await again.open()
        assert interviewers(again)["initial"] == "llama.cpp:small", "what was picked last is picked again"
        await page.settled()


def interviewers_before(tab: Tab) -> str:
    """The interviewer that was set when the page was opened."""
    sent = next(each for each in tab.emitted("chat_settings") if each)
    return str(next(each for each in sent if each["id"] == "model")["initial"])


async def test_a_model_that_is_not_offered_is_not_called(page: Page) -> None:
    tab = await begun(page, model="openai/gpt-costly")
    assert "'openai/gpt-costly' is not offered" in tab.last


async def test_an_interview_with_a_model_that_is_named_no_more_goes_on_with_the_built_in_interviewer(
    parcels: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await with_a_model_that_is_away(parcels, tmp_path)
    tab = await begun(page, model="openai/small")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-costs-money-0123")
    parcels.settings = load_settings()

    def forbidden(model: str) -> ScriptedChat:
        raise AssertionError(f"{model} must not be called")

    parcels.chat = forbidden  # type: ignore[method-assign]
    for _ in range(2):
        await tab.send("I would split by date.")
    notices = [message["output"] for message in tab.messages if message["name"] == "mlsd"]
    assert len(notices) == 1 and "openai/small" in notices[0] and "no longer name" in notices[0]
