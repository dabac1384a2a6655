"""Interviews in a real browser: from the start page to the scorecard, through reloads and crashes."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import threading
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, expect

from app.adapters.sql_store import SqlStore
from app.bootstrap import App
from app.domain.events import CandidateMessage, HintRequested, InterviewerMessage
from app.domain.interview import fold
from app.domain.vocabulary import Step
from app.ports import StoredInterview
from app.settings import load_settings
from tests.e2e.conftest import ANSWER_MS, Interview, Server

pytestmark = pytest.mark.browser
T = TypeVar("T")
IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
MARKUP = "I'd watch <img src=x onerror=alert(1)> and **hides**, `logs -> trainer` ![](http://127.0.0.1:1/x.png)"


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine beside Playwright, which keeps a loop in this thread."""
    result: list[T] = []
    thread = threading.Thread(target=lambda: result.append(asyncio.run(work)))
    thread.start()
    thread.join()
    return result[0]


async def load(server: Server, interview_id: str) -> StoredInterview:
    store = SqlStore.open(server.home / "interviews.sqlite3")
    try:
        return await store.load(interview_id)
    finally:
        await store.close()


def log(server: Server, interview_id: str) -> StoredInterview:
    return run(load(server, interview_id))


def test_from_the_starter_to_the_scorecard(interview: Interview, server: Server) -> None:
    dialogs: list[str] = []
    interview.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    interview.begin()
    answer = interview.say("How tight is the latency budget, and how many people use the app?")
    assert "100 milliseconds" in answer
    interview.say(MARKUP)
    assert MARKUP in interview.texts()[-2]
    open_step = interview.say("/hint")
    other_step = interview.say("/hint data")
    again = interview.press("hint", "data")
    assert len({open_step, other_step, again}) == 3
    status = interview.say("/status")
    assert "Requirements and business goal is open." in status
    requests = [event for event in log(server, interview.id).events if isinstance(event, HintRequested)]
    assert [event.named for event in requests] == [None, Step.DATA, Step.DATA]
    assert requests[1].rung is not None
    assert (requests[2].criterion, requests[2].rung) == (requests[1].criterion, requests[1].rung + 1)
    for step, count in Counter(event.step for event in requests).items():
        assert f"{count} on {step.spoken}" in status
    interview.say("/next serving")
    interview.say(App(load_settings()).catalog.brief("ad-click-prediction").of_step(Step.SERVING)[0].covers[0])
    before = interview.replies.count()
    interview.page.locator("#chat-input").fill("/end")
    interview.page.locator("#chat-submit").click()
    interview.page.locator(".mc-study").wait_for()
    card = interview.page.locator("[data-mlsd-card]")
    assert interview.replies.count() == before + 2
    assert "Ad click prediction" in card.inner_text()
    interview.page.get_by_role("button", name="Open all").click()
    points = interview.page.locator(".mc-points")
    shown = points.inner_text()
    for step in Step:
        assert f"{step.number} {step.heading}" in shown
    for part in ("Hints taken", "What to study first"):
        assert part in shown + interview.page.locator(".mc-study").inner_text()
    assert interview.page.locator("#command-hint").count() == 0
    assert dialogs == []
    assert interview.page.locator(".message-content img").count() == 0
    stored = log(server, interview.id)
    ids = [event.id for event in stored.events if isinstance(event, CandidateMessage | InterviewerMessage)]
    for message_id in ids:
        assert interview.page.locator(f"#step-{message_id}").count() == 1, message_id
    quotes = [
        (quote.locator(".words").inner_text().strip("“”"), int(quote.get_attribute("data-turn") or "-1"))
        for quote in points.locator(".mc-quote button").all()
    ]
    assert quotes
    said = {event.index: event.content for event in stored.events if isinstance(event, CandidateMessage)}
    for words, turn in quotes:
        assert words in said[turn]
    interview.say("One more thing")
    assert "over" in interview.texts()[-1]
    interview.page.locator(".mc").evaluate_all("cards => cards.forEach((card) => card.remove())")
    texts = [
        text for text in interview.texts()[:-2] if "Hints taken: " not in text.splitlines()[-1] and text != "/status"
    ]
    interview.reload()
    interview.page.locator(".mc-study").wait_for()
    interview.page.locator(".mc").evaluate_all("cards => cards.forEach((card) => card.remove())")
    assert [flat(text) for text in interview.texts()] == [flat(text) for text in texts]


def flat(text: str) -> str:
    """A command sent with its button is shown in another shape than one that was typed."""
    return " ".join(text.removeprefix("/").split())


def test_reload_and_crash_go_on_at_the_same_turn(interview: Interview, own: Server) -> None:
    """kill -9 comes between a message and its reply, the worst moment; the reply is given once."""
    interview.begin()
    interview.say("How many people use the app?")
    texts = interview.texts()
    interview.reload()
    assert interview.texts() == texts
    own.kill()
    run(leave_waiting(own, interview.id, "How tight is the latency budget?"))
    own.start()
    interview.reload()
    expect(interview.replies).to_have_count(3, timeout=ANSWER_MS)
    interview.reload()
    shown = interview.texts()
    assert shown[:-1] == [*texts, "How tight is the latency budget?"]
    assert "100 milliseconds" in shown[-1]
    interview.say("I would optimise revenue per session, with a guardrail on hides.")
    assert interview.texts()[: len(shown)] == shown
    texts = interview.texts()
    own.kill()  # and now the tab stays open, and finds back without a reload
    own.start()
    interview.enter("Let's talk about the data.")  # perhaps before the thread is taken up
    expect(interview.replies).to_have_count(5, timeout=ANSWER_MS)
    assert interview.texts()[len(texts)] == "Let's talk about the data."
    assert interview.texts()[: len(texts)] == texts
    messages = [
        event for event in log(own, interview.id).events if isinstance(event, CandidateMessage | InterviewerMessage)
    ]
    assert [event.index for event in messages] == list(range(9))
    assert own.kill(signal.SIGINT) == 0


async def leave_waiting(server: Server, interview_id: str, content: str) -> None:
    """Record a message as the server does before it answers."""
    store = SqlStore.open(server.home / "interviews.sqlite3")
    stored = await store.load(interview_id)
    state = fold(stored.header, stored.events)
    waiting = CandidateMessage(
        seq=state.seq + 1,
        at=datetime.now(UTC),
        id=str(uuid4()),
        index=state.next_index,
        content=content,
        step=state.step,
    )
    await store.append(interview_id, [waiting], expected_seq=state.seq)
    await store.close()


def test_history_is_renamed_and_deleted_for_good(interview: Interview, server: Server) -> None:
    interview.begin()
    interview.say("I would never tell anybody about the zebra.")
    gone = interview.id
    row = interview.page.locator(f"#thread-{gone}")
    expect(row).to_contain_text(re.compile(r"\d+ \w+ \d\d:\d\d, Ad click prediction, senior"))
    api = interview.page.request
    origin = {"Origin": server.address}
    assert api.put(f"{server.address}/project/thread", data={"threadId": gone, "name": "Second try"}, headers=origin).ok
    interview.reload()
    interview.page.wait_for_selector("#command-hint", timeout=ANSWER_MS)
    expect(row).to_contain_text("Second try")
    row.hover()
    row.locator("#thread-options").click()
    interview.page.locator("#delete-thread").click()
    interview.page.get_by_role("button", name="Confirm").click()
    expect(row).to_have_count(0, timeout=ANSWER_MS)
    interview.open()
    expect(interview.page.locator("[id^=thread-]").filter(has_text="Second try")).to_have_count(0)
    assert b"zebra" not in b"".join(file.read_bytes() for file in server.home.glob("interviews.sqlite3*"))


def test_the_second_tab_is_told_to_reload(interview: Interview, context: BrowserContext, server: Server) -> None:
    interview.begin()
    second = Interview(context.new_page(), server)
    second.page.goto(interview.page.url)
    second.page.wait_for_selector("#command-hint")
    interview.say("How many people use the app?")
    assert "reload this page" in second.say("How tight is the latency budget?")
    box = second.page.locator("#chat-input")
    expect(box).to_have_value("How tight is the latency budget?")
    second.reload()
    expect(box).to_have_value("How tight is the latency budget?")
    assert "100 milliseconds" in second.say("How tight is the latency budget?")
    said = [event for event in log(server, interview.id).events if isinstance(event, CandidateMessage)]
    assert len(said) == 2


_TYPES_AT_THE_FIRST_MESSAGE = """() => new MutationObserver((_, watching) => {
  const box = document.getElementById("chat-input");
  if (!box || !document.querySelector("[data-step-type=assistant_message]")) return;
  watching.disconnect();
  box.focus();
  document.execCommand("insertText", false, "What do we");
}).observe(document, { childList: true, subtree: true })"""


def test_what_is_typed_before_an_interview_has_its_address_stays_in_the_box(interview: Interview) -> None:
    box = interview.page.locator("#chat-input")
    interview.open()
    interview.page.evaluate(_TYPES_AT_THE_FIRST_MESSAGE)
    interview.start()
    expect(box).to_have_value("What do we")
    expect(box).to_be_focused()
    box.press_sequentially(" optimise?")
    expect(box).to_have_value("What do we optimise?")


def test_a_draft_does_not_go_along_to_another_interview(interview: Interview) -> None:
    interview.begin()
    first = interview.page.url
    interview.say("How many people use the app?")
    interview.begin()
    interview.page.locator("#chat-input").fill("A draft")
    interview.page.locator(f"a[href='{urlsplit(first).path}']").click()
    interview.page.wait_for_url(first)
    expect(interview.page.get_by_text("How many people use the app?")).to_be_visible()
    expect(interview.page.locator("#chat-input")).to_have_value("")
    interview.page.go_back()
    expect(interview.page.locator("#chat-input")).to_have_value("A draft")


def test_a_draft_outlives_a_reload_and_what_was_said_does_not_come_back(interview: Interview) -> None:
    interview.begin()
    box = interview.page.locator("#chat-input")
    box.press_sequentially("I would begin with")
    interview.reload()
    expect(box).to_have_value("I would begin with")
    interview.say("How many people use the app?")
    interview.reload()
    expect(interview.page.get_by_text("How many people use the app?")).to_be_visible()
    expect(box).to_have_value("")


def test_on_a_phone_a_reload_finds_the_interview(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    phone = Interview(page, server)
    phone.begin()
    phone.say("How many people use the app?")
    texts = phone.texts()
    phone.reload()
    assert phone.texts() == texts
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@pytest.mark.skipif(os.environ.get("MLSD_SCREENSHOTS") != "1", reason="pictures are taken with MLSD_SCREENSHOTS=1")
def test_take_the_pictures_for_the_documentation(interview: Interview) -> None:
    interview.begin()
    interview.say("How tight is latency? I'd start from a two-tower retrieval, then a ranker.")
    interview.say(
        "The auction multiplies the score by the bid, so it must be calibrated. I'd keep 10% of the negatives."
    )
    interview.say("/hint")
    take(interview, "page.png")
    interview.say("/board Serving: retrieval, ranker\nlogs -> trainer -> ranker: hourly\nretrieval -> ranker: 300 ads")
    take(interview, "board.png")
    interview.say("/end")
    interview.page.locator(".mc-study").wait_for(timeout=ANSWER_MS)
    take(interview, "scorecard.png")


def take(interview: Interview, name: str) -> None:
    interview.page.mouse.move(0, 0)
    interview.page.wait_for_timeout(1500)  # what fades and scrolls has come to rest
    IMAGES.mkdir(parents=True, exist_ok=True)
    interview.page.screenshot(path=IMAGES / name)
