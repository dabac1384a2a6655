"""The page for others, and with a network that hangs, in a real browser."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, WebSocketRoute, expect

from app.adapters.users_file import UsersFile
from tests.e2e.conftest import ANSWER_MS, CHROMIUM, FLAGS, Interview, Server

pytestmark = pytest.mark.browser
PASSWORDS = {"ann": "correct horse battery", "bob": "staple wrong battery"}
MOST_SLOWER = 1.5


@pytest.fixture
def hosted(own: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The page behind a public address, which here is the loopback one, so that a login is demanded."""
    own.kill()
    for name, password in PASSWORDS.items():
        UsersFile(own.home / "users.json").add(name, password)
    monkeypatch.setenv("MLSD_ORIGINS", own.address)
    own.start()
    return own


def log_in(tab: Interview, server: Server, name: str, password: str | None = None) -> None:
    tab.page.goto(f"{server.address}/login")
    tab.page.locator("#email").fill(name)
    tab.page.locator("#password").fill(password or PASSWORDS[name])
    tab.page.get_by_role("button", name="Log in", exact=True).click()


def test_users_log_in_and_see_only_their_own(browser: Browser, hosted: Server) -> None:
    with browser.new_context() as hers, browser.new_context() as his:
        ann, bob = Interview(hers.new_page(), hosted), Interview(his.new_page(), hosted)
        log_in(ann, hosted, "ann", "wrong wrong wrong")
        expect(ann.page.get_by_text("Name or password is wrong")).to_be_visible(timeout=ANSWER_MS)
        log_in(ann, hosted, "ann")
        ann.page.wait_for_selector("#starters", timeout=ANSWER_MS)
        ann.begin()
        ann.say("I would never tell anybody about the zebra.")
        log_in(bob, hosted, "bob")
        bob.page.wait_for_selector("#starters", timeout=ANSWER_MS)
        expect(ann.page.locator(f"#thread-{ann.id}")).to_have_count(1, timeout=ANSWER_MS)
        expect(bob.page.get_by_text("No interviews yet")).to_be_visible(timeout=ANSWER_MS)
        expect(bob.page.locator(f"#thread-{ann.id}")).to_have_count(0)
        for thread in (ann.id, "00000000-0000-4000-8000-000000000000"):
            bob.page.goto(f"{hosted.address}/thread/{thread}")
            bob.page.wait_for_selector("#starters", timeout=ANSWER_MS)
            assert "zebra" not in bob.page.content()
        assert "No scores yet" in his.request.get(f"{hosted.address}/progress").text()
        UsersFile(hosted.home / "users.json").remove("ann")
        ann.page.goto(hosted.address)
        ann.page.wait_for_url("**/login*", timeout=ANSWER_MS)


@contextmanager
def black_hole() -> Iterator[int]:
    """A listener that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        held: list[socket.socket] = []

        def take() -> None:
            while True:
                try:
                    held.append(listener.accept()[0])
                except OSError:
                    return

        threading.Thread(target=take, daemon=True).start()
        yield int(listener.getsockname()[1])
        for each in held:
            each.close()


@pytest.mark.parametrize("network", ["cut", "hangs"])
def test_the_page_is_ready_as_soon_without_a_network(browser: Browser, shared: Server, network: str) -> None:
    """In turns with a browser whose network is as it is: what the machine does beside it slows both of a round."""
    with black_hole() as port:
        to = "~NOTFOUND" if network == "cut" else f"127.0.0.1:{port}"
        rules = f"--host-resolver-rules=MAP * {to}, EXCLUDE 127.0.0.1"
        chromium = browser.browser_type.launch(executable_path=str(CHROMIUM), args=[*FLAGS, rules])
        rounds = [(_ready_after(browser, shared), _ready_after(chromium, shared)) for _ in range(4)]
        chromium.close()
    assert any(without < MOST_SLOWER * plain + 0.5 for plain, without in rounds), rounds


def _ready_after(browser: Browser, server: Server) -> float:
    """Seconds until one can type."""
    page = browser.new_context().new_page()
    began = time.monotonic()
    page.goto(server.address, wait_until="commit")
    page.wait_for_selector("#chat-input", timeout=ANSWER_MS)
    taken = time.monotonic() - began
    page.context.close()
    return taken


def test_the_header_leads_to_the_progress_page(interview: Interview, context: BrowserContext, server: Server) -> None:
    interview.open()
    interview.page.locator('a[href="/progress"]').first.wait_for()
    page = context.new_page()
    page.goto(f"{server.address}/progress")
    expect(page.get_by_role("heading", name="Progress")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for theme, paper in (("dark", "rgb(18, 22, 28)"), ("light", "rgb(246, 247, 249)")):
        page.evaluate("theme => localStorage.setItem('vite-ui-theme', theme)", theme)
        page.reload()
        expect(page.locator("body")).to_have_css("background-color", paper)


def test_a_double_click_sends_a_message_once(interview: Interview, server: Server) -> None:
    interview.begin()
    before = interview.replies.count()
    interview.page.locator("#chat-input").fill("How many people use the app?")
    interview.page.locator("#chat-submit").dblclick()
    expect(interview.replies).to_have_count(before + 1, timeout=ANSWER_MS)
    interview.say("How tight is the latency budget?")
    texts = interview.texts()
    assert texts.count("How many people use the app?") == 1
    interview.reload()
    assert interview.texts() == texts


def test_what_is_stopped_as_it_is_sent_is_recorded_and_answered(interview: Interview) -> None:
    interview.begin()
    before = interview.replies.count()
    interview.page.locator("#chat-input").fill("How many people use the app?")
    interview.page.wait_for_selector("#chat-submit:not([disabled])")
    interview.page.evaluate(
        """() => {
            const watch = new MutationObserver(() => {
                const stop = document.querySelector("#stop-button");
                if (stop) { watch.disconnect(); window.stopped = true; stop.click(); }
            });
            watch.observe(document.body, { childList: true, subtree: true });
            document.querySelector("#chat-submit").click();
        }"""
    )
    expect(interview.replies.filter(has_text="million")).to_have_count(before, timeout=ANSWER_MS)
    assert interview.page.evaluate("window.stopped"), "it was stopped on the way"
    interview.reload()
    assert "How many people use the app?" in interview.texts()
    expect(interview.replies.filter(has_text="million")).to_have_count(before)


def test_a_paste_that_is_too_long_is_refused_in_words_and_stays_on_the_page(interview: Interview) -> None:
    interview.begin()
    pasted = "I would log what was shown. " * 1_800
    assert len(pasted) > 50_000
    assert "50,000 is the most" in interview.say(pasted)
    assert " ".join(interview.texts()[-2].split()) == pasted.strip()
    assert "100 milliseconds" in interview.say("How tight is the latency budget?")


def test_the_address_of_a_deleted_interview_leads_to_the_start(interview: Interview, server: Server) -> None:
    interview.begin()
    address, gone = interview.page.url, interview.id
    answer = interview.page.request.delete(
        f"{server.address}/project/thread", data={"threadId": gone}, headers={"Origin": server.address}
    )
    assert answer.ok
    interview.page.goto(address)
    interview.page.wait_for_selector("#starters", timeout=ANSWER_MS)
    interview.begin()
    assert interview.id != gone


def test_settings_lost_with_a_connection_come_with_the_next(interview: Interview) -> None:
    lost: list[str] = []

    def relay(page_side: WebSocketRoute) -> None:
        server_side = page_side.connect_to_server()

        def to_page(message: str | bytes) -> None:
            if not lost and "chat_settings" in str(message):
                lost.append(str(message))
                page_side.close()
            else:
                page_side.send(message)

        server_side.on_message(to_page)

    def answer(route: Route) -> None:
        response = route.fetch()
        if not lost and "chat_settings" in response.text():
            lost.append(response.text())
            route.abort()
        else:
            route.fulfill(response=response)

    interview.page.route_web_socket("**/ws/socket.io/**", relay)
    interview.page.route("**/ws/socket.io/*transport=polling*", answer)
    interview.open()
    interview.choose("Level", "Staff")
    assert lost, "the first settings were never sent"
