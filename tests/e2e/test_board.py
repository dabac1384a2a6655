"""The board in a real browser: typed, drawn, the same after a reload, whatever is typed stays text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import ANSWER_MS, Interview, Server

pytestmark = pytest.mark.browser
BOARD = "Serving: app, retrieval, ranker\napp -> retrieval -> ranker -> app: 20 ads\nlogs -> trainer -> registry -> ranker: nightly\napp -> logs"


def test_a_board_is_typed_drawn_and_still_there_after_a_reload(interview: Interview, server: Server) -> None:
    interview.begin()
    reply = interview.say(f"/board\n{BOARD}")
    assert "?" in reply
    board = interview.page.locator(".mlsd-board svg")
    expect(board).to_have_count(1, timeout=ANSWER_MS)
    expect(board.locator("text", has_text="retrieval")).to_be_visible()
    assert "logs to trainer" in str(board.get_attribute("aria-label"))
    shapes = board.inner_html()
    interview.reload()
    expect(interview.page.locator(".mlsd-board svg")).to_have_count(1, timeout=ANSWER_MS)
    assert interview.page.locator(".mlsd-board svg").inner_html() == shapes


def test_the_button_waits_for_what_is_drawn_and_a_slip_is_told(interview: Interview) -> None:
    interview.begin()
    interview.page.locator("#command-board").click()
    interview.page.wait_for_timeout(400)  # the other buttons send by themselves after 150 ms
    assert interview.replies.count() == 1
    told = interview.say("logs ->")
    assert "has no name" in told and "Nothing was recorded" in told
    interview.page.locator("#command-board").click()
    reply = interview.say("logs & <b>bold-ish -> trainer".replace("<b>", "b"))
    assert reply
    expect(interview.page.locator(".mlsd-board svg")).to_have_count(1, timeout=ANSWER_MS)


def test_the_panel_s_field_draws_follows_and_ends_beside_the_reference(interview: Interview) -> None:
    interview.begin()
    place = interview.page.locator(".mlsd-draw")
    place.locator("summary").click()
    field, drawing = place.locator("textarea"), place.locator("img")
    before = interview.replies.count()
    field.fill("logs -> trainer")
    place.get_by_role("button", name="Draw").click()
    interview._reply_after(before)
    expect(drawing).to_have_attribute("alt", re.compile("logs to trainer"), timeout=ANSWER_MS)
    expect(interview.replies.last).to_be_in_viewport()

    interview.say(f"/board\n{BOARD}")
    expect(field).to_have_value(BOARD, timeout=ANSWER_MS)
    expect(drawing).to_have_attribute("alt", re.compile("retrieval to ranker"), timeout=ANSWER_MS)
    expect(interview.replies.last).to_be_in_viewport()

    interview.press("end")
    study = interview.page.locator(".mc-study")
    study.wait_for(timeout=ANSWER_MS)
    figures = study.locator("figure img")
    expect(figures).to_have_count(2)
    assert "retrieval to ranker" in str(figures.first.get_attribute("alt"))
    larger = study.get_by_role("button", name="One good architecture, of several: larger")
    small = figures.last.bounding_box()
    larger.click()
    expect(larger).to_have_attribute("aria-pressed", "true")
    large = figures.last.bounding_box()
    assert small is not None and large is not None and large["width"] > 1.5 * small["width"]
