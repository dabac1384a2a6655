"""The panel at the side, and its bar on a phone, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from app.bootstrap import App
from app.domain.events import AdvanceRequested, EndRequested, HintRequested
from app.services.notes import latest_notes
from app.settings import load_settings
from tests.e2e.conftest import ANSWER_MS, Interview, Server
from tests.e2e.test_page import log

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}

# Texts in a place whose colour stands out by less than WCAG's 4.5 (3 for large ones) from what is behind them.
_FAINT = """place => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255)
    .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const faint = [];
  for (const node of place.querySelectorAll("*")) {
    if (![...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim())) continue;
    const style = getComputedStyle(node);
    const [a, b] = [light(channels(style.color)), light(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) faint.push(`${node.textContent} ${ratio.toFixed(2)}`);
  }
  return faint;
}"""


class Panel:
    """The panel of an interview, in the words of somebody who uses it."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self.page: Page = interview.page
        self.whole = self.page.locator("aside .mlsd-panel")
        self.bar = self.page.locator(".mlsd-bar")
        self.notes = self.page.get_by_label("Notes", exact=True)
        self.kept = self.page.locator(".mlsd-kept")
        self.open_step = self.page.locator(".mlsd-steps [aria-current=step]")
        self.announced = self.page.locator(".mlsd-news")

    def button(self, name: str) -> Locator:
        return self.page.locator(".mlsd-actions").get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> str:
        before = self.interview.replies.count()
        self.button(name).click()
        return self.interview._reply_after(before)

    def note(self, text: str) -> None:
        self.notes.fill(text)
        expect(self.kept).to_have_text("Saved", timeout=ANSWER_MS)

    def time(self) -> str:
        return self.page.get_by_role("timer").inner_text()

    def ticks(self) -> None:
        """Wait until the time that is shown has changed, twice."""
        for _ in range(2):
            self.page.wait_for_function(
                "before => document.querySelector('[role=timer]').innerText !== before", arg=self.time()
            )

    def focus_with_tab(self, name: str) -> None:
        for _ in range(80):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(
                "(({ariaLabel, innerText}) => ariaLabel || (innerText || '').trim())(document.activeElement)"
            )
            if focused == name:
                return
        pytest.fail(f"{name!r} cannot be reached with the Tab key")


@pytest.fixture
def panel(interview: Interview) -> Panel:
    return Panel(interview)


@pytest.fixture
def phone(context: BrowserContext, server: Server) -> Panel:
    page = context.new_page()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    return Panel(Interview(page, server))


@pytest.fixture
def dark(browser: Browser, server: Server) -> Iterator[Panel]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.add_init_script("localStorage.setItem('vite-ui-theme', 'dark')")
    context.set_default_timeout(ANSWER_MS)
    yield Panel(Interview(context.new_page(), server))
    context.close()


def test_it_ticks_and_its_buttons_act_like_the_commands(panel: Panel, server: Server) -> None:
    panel.interview.begin()
    expect(panel.open_step).to_contain_text("1. Requirements and business goal")
    expect(panel.whole).to_contain_text("left of 45:00")
    panel.ticks()
    assert panel.announced.inner_text() == "", "the time is not read out"
    hint = panel.press("Hint")
    assert hint
    expect(panel.page.locator(".mlsd-hints")).to_have_text("Hints taken1")
    panel.press("Next step")
    expect(panel.open_step).to_contain_text("2. Framing as an ML task")
    expect(panel.announced).to_have_text("Step 2 of 7: Framing as an ML task.")
    panel.ticks()
    expect(panel.announced).to_have_text("Step 2 of 7: Framing as an ML task.")
    requests = [type(event) for event in log(server, panel.interview.id).events if "requested" in event.type]
    assert requests == [HintRequested, AdvanceRequested]
    texts = [text.removeprefix("/") for text in panel.interview.texts()]
    panel.interview.reload()
    assert [text.removeprefix("/") for text in panel.interview.texts()] == texts
    expect(panel.open_step).to_contain_text("2. Framing as an ML task")
    expect(panel.page.locator(".mlsd-hints")).to_have_text("Hints taken1")


def test_the_end_is_asked_for_in_place(panel: Panel, server: Server) -> None:
    panel.interview.begin()
    panel.button("End").click()
    expect(panel.button("Keep going")).to_be_focused()
    panel.page.keyboard.press("Escape")
    expect(panel.button("End")).to_be_focused()
    assert not any(isinstance(event, EndRequested) for event in log(server, panel.interview.id).events)
    panel.button("End").dblclick()
    expect(panel.button("End now")).to_be_visible()
    panel.press("End now")
    panel.page.locator(".mc-study").wait_for(timeout=ANSWER_MS)
    expect(panel.whole).to_contain_text("This interview is over")
    expect(panel.announced).to_have_text("The interview is over.")
    expect(panel.page.locator(".mlsd-actions")).to_have_count(0)
    stands = panel.time()
    panel.interview.reload()
    expect(panel.whole).to_contain_text("This interview is over")
    assert panel.time() == stands
    panel.note("Study calibration.")
    assert latest_notes(log(server, panel.interview.id).events).text == "Study calibration."


def test_notes_outlive_reload_and_restart(panel: Panel, own: Server) -> None:
    panel.interview.begin()
    panel.note("AUC is not enough <b>\n- calibration")
    panel.interview.reload()
    expect(panel.notes).to_have_value("AUC is not enough <b>\n- calibration", timeout=ANSWER_MS)
    own.kill()
    panel.notes.fill("written while the server was away")
    expect(panel.kept).to_have_text("Not saved yet", timeout=ANSWER_MS)
    own.start()
    expect(panel.kept).to_have_text("Saved", timeout=ANSWER_MS)
    expect(panel.notes).to_have_value("written while the server was away")
    panel.interview.reload()
    expect(panel.notes).to_have_value("written while the server was away", timeout=ANSWER_MS)
    expect(panel.page.locator(".mlsd-badge")).to_have_count(0)
    assert panel.interview.texts()[1:] and "written while" not in " ".join(panel.interview.texts())


def test_typing_goes_on_while_turns_come_and_the_page_is_left(panel: Panel, server: Server) -> None:
    panel.interview.begin()
    panel.notes.press_sequentially("one ")
    panel.interview.press("hint")
    panel.notes.press_sequentially("two")
    expect(panel.notes).to_have_value("one two")
    panel.interview.reload()  # at once: what is not saved yet is sent on the way out
    expect(panel.notes).to_have_value("one two", timeout=ANSWER_MS)
    expect(panel.kept).to_have_text("Saved")


def test_a_second_tab_has_the_same_notes(panel: Panel, context: BrowserContext, server: Server) -> None:
    panel.interview.begin()
    second = Panel(Interview(context.new_page(), server))
    second.page.goto(panel.page.url)
    second.notes.wait_for()
    panel.note("from the first")
    expect(second.notes).to_have_value("from the first")
    second.note("from the second")
    expect(panel.notes).to_have_value("from the second")


def test_a_closed_panel_stays_closed_and_opens_again(panel: Panel) -> None:
    panel.interview.begin()
    panel.note("kept")
    panel.page.get_by_role("button", name="Close the panel").click()
    expect(panel.whole).to_have_count(0)
    expect(panel.page.get_by_role("button", name="Panel", exact=True)).to_be_focused()
    panel.press("Next step")
    expect(panel.bar).to_contain_text("2/7")
    expect(panel.whole).to_have_count(0)
    panel.interview.reload()
    expect(panel.bar).to_contain_text("2/7", timeout=ANSWER_MS)
    expect(panel.whole).to_have_count(0)
    panel.page.get_by_role("button", name="Panel", exact=True).press("Enter")
    expect(panel.notes).to_have_value("kept")
    expect(panel.bar).to_have_count(0)
    panel.interview.reload()
    expect(panel.notes).to_have_value("kept", timeout=ANSWER_MS)


def test_on_a_phone_a_bar_stands_above_the_dialogue(phone: Panel, server: Server) -> None:
    phone.interview.begin()
    expect(phone.bar).to_contain_text("1/7")
    expect(phone.page.locator("#side-view-content, [role=dialog]")).to_have_count(0)
    bar, first = phone.bar.bounding_box(), phone.page.locator("[data-step-type]").first.bounding_box()
    assert bar is not None and first is not None
    assert bar["height"] < 60 and bar["y"] + bar["height"] <= first["y"], "it covers nothing"
    phone.ticks()
    texts = phone.interview.texts()
    phone.press("Hint")
    expect(phone.bar).to_contain_text("1 hint")
    assert phone.interview.texts()[: len(texts)] == texts
    fold = phone.page.get_by_role("button", name="Steps and notes")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "true")
    phone.note("on the train")
    fold.click()
    expect(phone.notes).to_have_count(0)
    phone.button("End").dblclick()
    expect(phone.button("End")).to_be_visible()
    assert not any(isinstance(event, EndRequested) for event in log(server, phone.interview.id).events)
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.interview.reload()
    fold.click()
    expect(phone.notes).to_have_value("on the train", timeout=ANSWER_MS)
    phone.page.set_viewport_size({"width": 1440, "height": 900})
    expect(phone.whole).to_be_visible()
    expect(phone.bar).to_have_count(0)


def test_the_keyboard_is_enough(panel: Panel) -> None:
    panel.interview.begin()
    before = panel.interview.replies.count()
    panel.focus_with_tab("Next step")
    outline = panel.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "one sees where one is"
    panel.page.keyboard.press("Enter")
    panel.interview._reply_after(before)
    expect(panel.open_step).to_contain_text("2.")
    expect(panel.button("Next step")).to_be_focused()
    panel.focus_with_tab("End")
    panel.page.keyboard.press("Space")
    expect(panel.button("Keep going")).to_be_focused()
    panel.page.keyboard.press("Enter")
    expect(panel.button("End")).to_be_focused()
    panel.focus_with_tab("Board")
    panel.page.keyboard.press("Tab")
    panel.page.keyboard.type("typed")
    expect(panel.notes).to_have_value("typed")


def test_nothing_is_given_away(panel: Panel) -> None:
    panel.interview.begin()
    panel.interview.say("I would use accuracy, and that is all there is to it.")
    panel.press("Next step")
    expect(panel.open_step).to_contain_text("2.")
    shown = panel.whole.inner_text().casefold()
    brief = App(load_settings()).catalog.brief("ad-click-prediction")
    secrets = {word for each in brief.criteria for word in (each.id, each.name, each.hints.nudge, *each.covers)}
    assert not [secret for secret in secrets if secret.casefold() in shown]
    assert "missing" not in shown and "score" not in shown.replace("not scored", "")


@pytest.mark.parametrize("look", ["panel", "dark"])
def test_it_is_legible_in_both_themes(request: pytest.FixtureRequest, look: str) -> None:
    panel: Panel = request.getfixturevalue(look)
    panel.interview.begin()
    panel.press("Next step")
    expect(panel.open_step).to_contain_text("2.")
    assert panel.page.locator("html.dark").count() == (1 if look == "dark" else 0)
    panel.button("End").click()
    panel.page.mouse.move(0, 0)
    assert panel.whole.evaluate(_FAINT) == []
    assert len(panel.page.screenshot()) > 20_000
    panel.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    panel.page.get_by_role("button", name="Steps and notes").click()
    panel.page.mouse.move(0, 400)
    assert panel.bar.evaluate(_FAINT) == []
    assert len(panel.page.screenshot()) > 20_000
