"""The scorecard in a real browser: quotes that lead to their message, notes, "I said that", files, drills."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from app.bootstrap import App
from app.domain.events import CandidateMessage, Disputed
from app.domain.export import ExportForm
from app.domain.vocabulary import Mode, Step
from app.settings import load_settings
from tests.e2e.conftest import ANSWER_MS, Interview, Server
from tests.e2e.test_page import log

pytestmark = pytest.mark.browser
HATS = "Every driver of ours wears a hat, and I would like to keep it that way."
MARKUP = "I'd log <img src=x onerror=alert(1)> and **hides** as they come, never later."


def covering(step: Step) -> str:
    """A sentence that shows the first criterion of a step."""
    return App(load_settings()).catalog.brief("ad-click-prediction").of_step(step)[0].covers[0]


def play(interview: Interview, *said: str) -> Locator:
    """An interview with one sentence to the point, ended; its card."""
    interview.begin()
    for words in (covering(Step.REQUIREMENTS), *said):
        interview.say(words)
    box = interview.page.locator("#chat-input")
    box.fill("/end")
    interview.page.locator("#chat-submit").click()
    return card(interview.page)


def card(page: Page) -> Locator:
    """The scorecard, once all of it is drawn."""
    page.locator(".mc-study").wait_for(timeout=ANSWER_MS)
    return page.locator("[data-mlsd-card]")


def scrollers(page: Page) -> int:
    """How many of the boxes around the card have something to scroll."""
    found: int = page.evaluate(
        """() => {
          let count = 0;
          for (let box = document.querySelector("[data-mlsd-card]"); box; box = box.parentElement) {
            const scrolls = /auto|scroll/.test(getComputedStyle(box).overflowY);
            if (scrolls && box.scrollHeight > box.clientHeight + 1) count++;
          }
          return count;
        }"""
    )
    return found


def at_the_head(page: Page) -> None:
    """The head of the card is what one sees."""
    page.wait_for_function(
        """() => {
          const top = document.querySelector("[data-mlsd-card]").getBoundingClientRect().top;
          return top >= 0 && top < window.innerHeight / 3;
        }""",
        timeout=ANSWER_MS,
    )


def opened(page: Page, step: Step) -> Locator:
    """A step of the card, opened with the keyboard."""
    part = page.locator(f"details[data-step={step.value}]")
    if part.get_attribute("open") is None:
        part.locator("summary").press("Enter")
    expect(part).to_have_attribute("open", "")
    return part


def command(server: Server, *arguments: str) -> bytes:
    """What a command prints, in a process of its own."""
    environment = {**os.environ, "MLSD_HOME": str(server.home)}
    ran = subprocess.run([sys.executable, "-m", "app", *arguments], env=environment, capture_output=True, check=True)
    return ran.stdout


def test_a_quote_leads_to_its_message_and_back(interview: Interview, server: Server) -> None:
    dialogs: list[str] = []
    interview.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    play(interview, MARKUP, *(f"And then there is point {number} of what I would do." for number in range(6)))
    page = interview.page
    at_the_head(page)
    assert scrollers(page) == 1
    part = opened(page, Step.REQUIREMENTS)
    quote = part.locator(".mc-quote button").first
    said = log(server, interview.id).events
    turn = int(quote.get_attribute("data-turn") or "-1")
    (message,) = [event for event in said if isinstance(event, CandidateMessage) and event.index == turn]
    words = re.sub(r"^“|”$", "", quote.locator(".words").inner_text())
    assert words in message.content
    quote.press("Enter")
    anchor = page.locator(f"#step-{message.id}")
    expect(anchor).to_be_focused()
    expect(anchor).to_be_in_viewport()
    expect(anchor).to_have_class(re.compile("mc-found"))
    assert page.evaluate("[...CSS.highlights.get('mlsd-quote')][0].toString()") == words
    page.get_by_role("button", name="Back to the scorecard").press("Enter")
    expect(quote).to_be_focused()
    expect(quote).to_be_in_viewport()
    assert dialogs == [] and page.locator(".message-content img").count() == 0


def test_a_note_is_opened_in_place(interview: Interview) -> None:
    play(interview)
    study = interview.page.locator(".mc-study")
    reads = study.locator(".mc-gap .mc-link").first
    heading = reads.inner_text().removeprefix("Read: ")
    reads.press("Enter")
    note = study.locator("details[data-note]", has=interview.page.get_by_role("heading", name=heading, exact=True))
    expect(note).to_have_attribute("open", "")
    expect(note.locator("summary")).to_be_focused()
    expect(note.locator("summary")).to_be_in_viewport()
    expect(note.locator(".mc-prose p").nth(1)).to_be_visible()
    day = study.locator("details[data-day='1']")
    day.locator("summary").press("Enter")
    expect(day.locator("li").first).to_be_visible()
    assert study.locator("details[data-day]").count() == 7


def test_i_said_that_shows_a_range_at_once_and_after_a_reload(interview: Interview, server: Server) -> None:
    page = interview.page
    play(interview, HATS)
    total = page.locator(".mc-total")
    before = total.inner_text()
    line = opened(page, Step.REQUIREMENTS).locator(".mc-line.not_shown").first
    criterion = line.get_attribute("data-criterion")
    claim = line.get_by_role("button", name="I said that")
    claim.press("Enter")
    search = line.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press("Escape")
    expect(claim).to_be_focused()
    claim.press("Enter")
    search.fill("hat way")
    expect(line.locator(".mc-sentence")).to_have_count(1)
    line.get_by_role("radio").check()
    line.get_by_role("button", name="Point at this sentence").press("Enter")
    expect(page.locator(".mc-points [role=status]")).to_contain_text("with what you dispute", timeout=ANSWER_MS)
    expect(line.locator(".mc-disputed")).to_contain_text(HATS)
    expect(total.locator(".high")).to_have_count(1)
    (event,) = [each for each in log(server, interview.id).events if isinstance(each, Disputed)]
    assert (event.criterion, event.quote) == (criterion, HATS)
    whole = json.loads(command(server, "score", interview.id, "--json"))["overall"]
    low, high = whole["range"]["low"], whole["range"]["high"]
    expect(total).to_have_text(f"{low}–{high} of 100")
    page.reload()
    card(page)
    at_the_head(page)
    expect(total).to_have_text(f"{low}–{high} of 100")
    line = opened(page, Step.REQUIREMENTS).locator(f"[data-criterion='{criterion}']")
    line.get_by_role("button", name="Take it back").press("Enter")
    expect(line.locator(".mc-disputed")).to_have_count(0, timeout=ANSWER_MS)
    expect(total).to_have_text(before)


def test_downloads_are_what_the_command_exports(interview: Interview, server: Server, tmp_path: Path) -> None:
    play(interview, HATS)
    shown = interview.page.locator(".mc-total b").first.inner_text()
    for form, label in ((ExportForm.MD, "Markdown"), (ExportForm.HTML, "HTML"), (ExportForm.JSON, "JSON")):
        with interview.page.expect_download() as found:
            interview.page.locator(".mc-downloads a", has_text=label).click()
        file = tmp_path / found.value.suggested_filename
        assert re.fullmatch(rf"mlsd-ad-click-prediction-senior-\d{{4}}-\d\d-\d\d\.{form.value}", file.name)
        found.value.save_as(file)
        assert file.read_bytes() == command(server, "export", interview.id, "--format", form.value)
    assert str(json.loads(file.read_text("utf-8"))["overall"]["score"]) == shown
    stranger = interview.page.context.browser
    assert stranger is not None
    elsewhere = stranger.new_context()
    path = f"{server.address}/interviews/{interview.id}/debrief.md"
    assert elsewhere.request.get(path).status == 401
    elsewhere.close()


def test_a_step_is_practised_again_in_a_thread_of_its_own(interview: Interview, server: Server) -> None:
    play(interview)
    page, first = interview.page, interview.id
    before = log(server, first)
    opened(page, Step.SERVING).get_by_role("button", name="Practise this step again").press("Enter")
    page.wait_for_url(lambda url: "/thread/" in url and first not in url, timeout=ANSWER_MS)
    page.wait_for_selector("#command-hint", timeout=ANSWER_MS)
    expect(interview.replies).to_have_count(1, timeout=ANSWER_MS)
    drill = log(server, interview.id)
    assert (drill.header.mode, drill.header.steps) == (Mode.DRILL, (Step.SERVING,))
    assert drill.header.case == before.header.case
    interview.say(HATS)
    assert len([event for event in log(server, interview.id).events if isinstance(event, CandidateMessage)]) == 1
    assert log(server, first) == before
    page.goto(f"{server.address}/thread/{first}")
    card(page)
    at_the_head(page)


def test_on_a_phone_and_in_the_dark_nothing_is_cut(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    play(Interview(page, server), HATS)
    at_the_head(page)
    page.get_by_role("button", name="Open all").click()
    page.locator(".mc-study details").evaluate_all("parts => parts.forEach((part) => (part.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wide = page.locator(".mc *:not(.mc-hidden):not(.mc-table *)").evaluate_all(
        "all => all.filter((one) => one.getBoundingClientRect().right > 391).map((one) => one.outerHTML.slice(0, 90))"
    )
    assert wide == []
