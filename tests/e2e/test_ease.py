"""What gets in nobody's way: a double click, the keyboard, the dark, one place to scroll."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import ANSWER_MS, Interview, Server

pytestmark = pytest.mark.browser


def test_a_double_click_on_a_category_begins_nothing(interview: Interview) -> None:
    page = interview.page
    interview.open()
    for category in ("Recommendation", "Computer vision", "Advertising"):
        page.get_by_role("button", name=category, exact=True).dblclick(delay=20)
        page.wait_for_timeout(700)
        assert interview.replies.count() == 0 and page.locator("button[id^=starter-]").count() > 0
        page.reload()
        page.wait_for_selector("#starters")


def test_the_interview_s_menu_and_the_gear_are_for_the_keyboard_too(interview: Interview) -> None:
    page = interview.page
    interview.open()
    expect(page.get_by_role("button", name="Level, length and interviewer")).to_be_visible()
    interview.start()
    page.wait_for_timeout(1000)  # the box for typing takes the focus when the interview gets its address
    page.locator("[aria-label='Rename or delete']").first.press("Enter")
    page.get_by_role("menuitem", name="Rename").wait_for()
    page.keyboard.press("Enter")
    page.locator("[role=dialog] input#name").fill("My first one")
    page.keyboard.press("Enter")
    page.locator("[role=dialog]").wait_for(state="detached")
    page.get_by_text("My first one").first.wait_for()
    page.locator("[aria-label='Rename or delete']").first.press("Enter")
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Confirm").click()
    page.get_by_text("Interview deleted").wait_for()
    page.wait_for_selector("#starters", timeout=ANSWER_MS)
    page.wait_for_timeout(1500)
    expect(page.get_by_text("Thread not found").locator("visible=true")).to_have_count(0)


def delete(interview: Interview, place: int) -> None:
    """Delete an interview by its place in the side bar, with the keyboard, and wait until that is told."""
    page = interview.page
    told = page.get_by_text("Interview deleted")
    page.locator("[aria-label='Rename or delete']").nth(place).press("Enter")
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Confirm").click()
    told.first.wait_for()
    told.first.wait_for(state="detached")


def test_what_was_on_its_way_does_not_lead_back_to_a_deleted_interview(interview: Interview) -> None:
    page = interview.page
    interview.begin()
    interview.begin()
    open_one = interview.id
    delete(interview, 1)
    assert interview.id == open_one
    delete(interview, 0)
    page.evaluate("gone => history.replaceState(null, '', `/thread/${gone}`)", open_one)
    page.wait_for_url(re.compile("/$"), timeout=ANSWER_MS)
    page.wait_for_selector("#starters", timeout=ANSWER_MS)


def test_the_system_s_dark_is_followed_until_one_chooses(browser: Browser, shared: Server) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(shared.address)
    page.wait_for_selector("#starters", timeout=ANSWER_MS)
    dark = page.evaluate("document.documentElement.classList.contains('dark')")
    page.goto(f"{shared.address}/progress")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert dark and paper == "rgb(18, 22, 28)"
