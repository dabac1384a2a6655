"""Prints the timings that the README quotes: `make bench` (about two minutes; loopback only).

Times are medians of several runs on whatever machine this is; memory is the resident set of the page's
process at rest. Engine time is a whole turn with the built-in interviewer on the SQLite store: recording,
intake, observation, policy, wording and recording again.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from statistics import median, quantiles

from app.adapters.transcript_files import read_any
from app.bootstrap import App
from app.domain.vocabulary import Level
from app.services.conduct import Agreement
from app.services.speaking import CuratedSpeaker
from app.settings import Settings

_MESSAGES = Path(__file__).with_name("bench_messages.jsonl")
_HELP_RUNS, _TURN_ROUNDS, _PAGE_RUNS = 7, 6, 3
_PAGE_DEADLINE_S = 60.0


def main() -> None:
    """Run all benches and print a line for each, with its target."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        _print("mlsd --help", _help_seconds(home), "s", "0.5")
        scratch, unchanged = _index_seconds(home)
        _print("index of all content from scratch", scratch, "s", "30")
        _print("index, content unchanged", unchanged, "s", "1")
        turns = asyncio.run(_turn_seconds(home))
        _print(f"engine time a turn, p50 of {len(turns)}", 1000 * median(turns), "ms", "80")
        _print(f"engine time a turn, p95 of {len(turns)}", 1000 * quantiles(turns, n=20)[-1], "ms", "200")
        _print("scoring a 45-minute transcript", _score_seconds(home), "s", "3")
        ready, memory, shown = _page(home)
        _print("page ready", ready, "s", "8")
        if shown is not None:
            _print("start page in a browser, network cut", shown, "s", "3")
        _print("memory of the page at rest", memory, "MB", "600")


def _print(name: str, value: float, unit: str, target: str) -> None:
    print(f"{name:<42} {value:8.2f} {unit:<3} (target: under {target} {unit})", flush=True)


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLSD_", "OPENAI_"))}
    return kept | {"MLSD_HOME": str(home)}


def _help_seconds(home: Path) -> float:
    taken = []
    for _ in range(_HELP_RUNS):
        started = time.perf_counter()
        command = [sys.executable, "-m", "app", "--help"]
        subprocess.run(command, check=True, capture_output=True, env=_environment(home))
        taken.append(time.perf_counter() - started)
    return median(taken)


def _index_seconds(home: Path) -> tuple[float, float]:
    taken = []
    for _ in range(2):
        started = time.perf_counter()
        command = [sys.executable, "-m", "app", "index", "--json"]
        subprocess.run(command, check=True, capture_output=True, env=_environment(home))
        taken.append(time.perf_counter() - started)
    inner = json.loads(
        subprocess.run(
            [sys.executable, "-m", "app", "index", "--json"], check=True, capture_output=True, env=_environment(home)
        ).stdout
    )
    return taken[0], float(inner["seconds"])


async def _turn_seconds(home: Path) -> list[float]:
    rows = [json.loads(line) for line in _MESSAGES.read_text(encoding="utf-8").splitlines()]
    taken = []
    for _ in range(_TURN_ROUNDS):
        app = App(Settings(home=home))  # anew, for an embedder remembers the sentences that it has seen
        brief = app.catalog.brief(rows[0]["case"])
        app.matcher.prepare(brief)
        conductor = app.conductor(speaker=CuratedSpeaker())
        header = await conductor.begin(Agreement(case=brief.case.id, level=Level.SENIOR, minutes=None))
        await conductor.say(header.id, "How many users do we have?")
        for row in rows:
            started = time.perf_counter()
            await conductor.say(header.id, row["content"], may_end=False)
            taken.append(time.perf_counter() - started)
        await app.store.close()
    return taken


def _score_seconds(home: Path) -> float:
    """Median over three recordings, none of whose sentences the embedder has seen."""
    recorded = sorted((Path(__file__).parent / "transcripts" / "recorded").glob("*.rambling.*.jsonl"))[:3]
    app = App(Settings(home=home))
    taken = []
    for file in recorded:
        stored = read_any(file)[0]
        app.matcher.prepare(app.catalog.brief(stored.header.case))
        started = time.perf_counter()
        app.assessor.assess(stored)
        taken.append(time.perf_counter() - started)
    return median(taken)


def _page(home: Path) -> tuple[float, float, float | None]:
    """Seconds until the server answers, its memory at rest in MB, and seconds until a browser shows the start page."""
    ready, memory, shown = [], [], []
    for _ in range(_PAGE_RUNS):
        port = _free_port()
        command = [sys.executable, "-m", "app", "chat", "--no-browser", "--port", str(port)]
        started = time.perf_counter()
        server = subprocess.Popen(command, env=_environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(f"http://127.0.0.1:{port}/", until=started + _PAGE_DEADLINE_S)
            ready.append(time.perf_counter() - started)
            time.sleep(5)
            memory.append(_resident_mb(server.pid))
            shown += _shown_seconds(f"http://127.0.0.1:{port}/")
        finally:
            server.terminate()
            server.wait(timeout=20)
    return median(ready), median(memory), median(shown) if shown else None


def _shown_seconds(address: str) -> list[float]:
    """Until cases can be chosen, each time in a new profile without a network; none where there is no Chromium."""
    chromium = which("chromium")
    if chromium is None or find_spec("playwright") is None:
        return []
    from playwright.sync_api import sync_playwright

    taken = []
    cut = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", cut])
        for _ in range(_PAGE_RUNS):
            page = browser.new_context().new_page()
            started = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector("#starters")
            taken.append(time.perf_counter() - started)
            page.context.close()
        browser.close()
    return taken


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, *, until: float) -> None:
    while time.perf_counter() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise SystemExit(f"the page did not answer at {url}")


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


if __name__ == "__main__":
    main()
