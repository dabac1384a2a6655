"""A server of its own for each test, in a subprocess, and a real Chromium that may talk to it alone."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_S = 60.0
ANSWER_MS = 45_000
_ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")
_REPLIES = '[data-step-type="assistant_message"]'


class Server:
    """`mlsd chat` on a home of its own, with settings such as MLSD_MODEL; the same port again after a restart."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self._settings = settings
        self.port = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "app", "chat", "--no-browser", "--port", str(self.port)]
        environment = {**os.environ, "MLSD_HOME": str(self.home), **self._settings}
        self._process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        lines: Queue[str] = Queue()
        threading.Thread(target=_read, args=(self._process, lines), daemon=True).start()
        said = ""
        while True:
            try:
                line = lines.get(timeout=START_S)
            except Empty:
                self.kill()
                pytest.fail(f"the server did not start within {START_S:.0f} s; it said {said!r}")
            said += line
            found = _ADDRESS.search(line)
            if found is not None:
                self.port = int(found.group(1))
                return
            if not line:
                pytest.fail(f"the server ended before it was up; it said {said!r}")

    def kill(self, how: int = signal.SIGKILL) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        return self._process.wait(timeout=20)


def _read(process: subprocess.Popen[str], lines: Queue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put("")


class Interview:
    """The page in one tab, in the words of somebody who uses it.

    Attributes:
        patience_ms: how long a reply may take.
    """

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.patience_ms = ANSWER_MS
        self._server = server

    def open(self) -> None:
        self.page.goto(self._server.address)
        self.page.wait_for_selector("#starters", timeout=ANSWER_MS)

    def begin(self, category: str = "Advertising", *, interviewer: str | None = None) -> None:
        """Begin with a category's first case; the interviewer is chosen in the settings if one is named."""
        self.open()
        if interviewer is not None:
            self.choose("Interviewer", interviewer)
        self.start(category)

    def start(self, category: str = "Advertising") -> None:
        """From the start page, begin with a category's first case, and wait for its address."""
        self.page.get_by_role("button", name=category, exact=True).click()
        self.page.locator("button[id^=starter-]").first.click()
        self.page.wait_for_selector(_REPLIES, timeout=ANSWER_MS)
        self.page.wait_for_url("**/thread/*", timeout=ANSWER_MS)
        self.page.wait_for_selector("#command-hint", timeout=ANSWER_MS)

    def choose(self, label: str, option: str) -> list[str]:
        """Choose in the settings, and return what was on offer."""
        self.page.locator("#chat-settings-open-modal").click()
        settings = self.page.locator("#chat-settings")
        # The labels name fields by ids that the boxes below them carry too, but no role.
        box = (
            settings.locator("div.space-y-2")
            .filter(has=self.page.get_by_text(label, exact=True))
            .get_by_role("combobox")
        )
        box.click()
        offered = self.page.get_by_role("option").all_inner_texts()
        self.page.get_by_role("option", name=option, exact=True).click()
        settings.locator("#confirm").click()
        settings.wait_for(state="detached")
        return offered

    def send(self, text: str) -> None:
        """Send a message and wait for nothing."""
        self.page.locator("#chat-input").fill(text)
        self.page.locator("#chat-submit").click()

    def say(self, text: str) -> str:
        """Send a message and return the reply."""
        before = self.replies.count()
        self.send(text)
        return self._reply_after(before)

    def press(self, command: str, text: str = "") -> str:
        """Use a command's button: alone it acts at once, with text it waits for the text to be sent."""
        before = self.replies.count()
        self.page.locator("#chat-input").fill(text)
        self.page.locator(f"#command-{command}").click()
        if text:
            self.page.locator("#chat-submit").click()
        return self._reply_after(before)

    def enter(self, text: str) -> None:
        """Send a message with the keyboard, as soon as the page takes it."""
        box = self.page.locator("#chat-input")
        box.fill(text)
        for _ in range(100):
            box.press("Enter")
            if box.input_value() == "":
                return
            self.page.wait_for_timeout(200)
        pytest.fail("the page takes no message")

    def reload(self) -> None:
        self.page.reload()
        self.page.wait_for_selector(_REPLIES, timeout=ANSWER_MS)

    def texts(self) -> list[str]:
        """All messages, in order."""
        return [step.inner_text().strip() for step in self.page.locator("[data-step-type$=_message]").all()]

    @property
    def id(self) -> str:
        return urlsplit(self.page.url).path.rsplit("/", 1)[-1]

    @property
    def replies(self) -> Locator:
        return self.page.locator(_REPLIES)

    def _reply_after(self, count: int) -> str:
        self.page.wait_for_function(
            "([css, count]) => document.querySelectorAll(css).length > count",
            arg=[_REPLIES, count],
            timeout=self.patience_ms,
        )
        self.page.wait_for_selector("#chat-submit", timeout=self.patience_ms)
        return self.replies.last.inner_text().strip()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; without it the tests are skipped, in CI they fail."""
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must test in a browser, but {CHROMIUM} is missing")
        pytest.skip(f"{CHROMIUM} is missing")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, vectors: Path) -> Iterator[Server]:
    """A server for the tests that leave it running; its home has the vectors of the content that were kept."""
    running = Server(tmp_path_factory.mktemp("home"))
    (running.home / "cache").symlink_to(vectors, target_is_directory=True)
    running.start()
    yield running
    running.kill()


@pytest.fixture
def own(tmp_path: Path, shared: Server) -> Iterator[Server]:
    """A server to kill; it has the shared one's content vectors and none of its interviews."""
    with beside(shared, tmp_path / "home") as running:
        yield running


@contextmanager
def beside(shared: Server, home: Path, **settings: str) -> Iterator[Server]:
    """Another server, which need not make the shared one's content vectors again."""
    journal = shutil.ignore_patterns("*-journal", "*-wal", "*-shm")  # the shared server may be writing
    shutil.copytree(shared.home / "cache", home / "cache", ignore=journal)
    running = Server(home, **settings)
    running.start()
    try:
        yield running
    finally:
        running.kill()


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    """The server of a test: `own` if the test asks for it, else the shared one."""
    chosen: Server = request.getfixturevalue("own" if "own" in request.fixturenames else "shared")
    return chosen


@pytest.fixture
def context(browser: Browser, server: Server) -> Iterator[BrowserContext]:
    """A browser profile in which a request to any other host fails the test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(ANSWER_MS)
    elsewhere: list[str] = []
    ours = (server.address, server.address.replace("http", "ws"), "data:", "blob:")
    context.on("request", lambda request: None if request.url.startswith(ours) else elsewhere.append(request.url))
    yield context
    context.close()
    assert not elsewhere, f"the page asked other hosts: {elsewhere}"


@pytest.fixture
def interview(context: BrowserContext, server: Server) -> Interview:
    return Interview(context.new_page(), server)
