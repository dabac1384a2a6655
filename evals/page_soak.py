"""Many interviews on one page at the same time: `make soak` (six minutes; loopback only; stops by itself).

Socket clients talk to `mlsd chat` with the built-in interviewer, each at an even pace and all of them out of
step. Fails if an answer takes too long, anything goes wrong, a message is missing from the log, or memory grows.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from app.bootstrap import App
from app.domain.events import CandidateMessage
from app.domain.vocabulary import Frozen
from app.settings import Settings
from evals.page_clients import Tally, clients, messages_about

MOST_P95_S = 1.0
MOST_GROWTH_MB = 100.0
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_START_S = 60.0

_STILL_S, _SETTLES_WITHIN_S = 4, 60


class Soaked(Frozen):
    """What a run came to. Seconds are from a message to its whole answer; memory is the server's, in MB."""

    messages: int
    p50_s: float
    p95_s: float
    longest_s: float
    growth_mb: float
    lost: int
    errors: tuple[str, ...]

    @property
    def faults(self) -> list[str]:
        """What misses its target."""
        found = [f"{len(self.errors)} errors, the first: {self.errors[0]}"] if self.errors else []
        if self.lost:
            found.append(f"{self.lost} messages lost")
        if self.p95_s >= MOST_P95_S:
            found.append(f"p95 is {self.p95_s:.2f} s")
        if self.growth_mb >= MOST_GROWTH_MB:
            found.append(f"memory grew by {self.growth_mb:.0f} MB")
        return found


def main() -> None:
    """Fifty clients, thirty messages each, one every ten seconds."""
    with tempfile.TemporaryDirectory() as folder:
        found = soak(Path(folder), count=50, messages=30, every_s=10.0)
    print(
        f"{found.messages} messages of 50 interviews at once: p50 {found.p50_s:.2f} s, p95 {found.p95_s:.2f} s "
        f"(target: under {MOST_P95_S:.0f} s), longest {found.longest_s:.2f} s; {len(found.errors)} errors, "
        f"{found.lost} lost; memory grew by {found.growth_mb:.0f} MB (target: under {MOST_GROWTH_MB:.0f} MB)"
    )
    if found.faults:
        sys.exit("; ".join(found.faults))


def soak(home: Path, *, count: int, messages: int, every_s: float, vectors: Path | None = None) -> Soaked:
    """Run the clients against a server of their own.

    Args:
        home: an empty MLSD_HOME.
        count: clients at the same time.
        messages: how many each says.
        every_s: seconds between two messages of a client.
        vectors: a cache folder of another home, to save the time of embedding the cases.
    """
    app = App(Settings(home=home))
    if vectors is not None:
        shutil.copytree(vectors, home / "cache", ignore=shutil.ignore_patterns("*-journal", "*-wal", "*-shm"))
    for brief in map(app.catalog.brief, app.catalog.case_ids()):
        app.matcher.prepare(brief)  # its vectors are then on disk, and the server has nothing to do but talk
    tally = Tally()
    with _server(home) as server:
        asyncio.run(_talk(server.address, app, tally, count=2, messages=2, every_s=0.0))
        before = _settled_mb(server.pid)
        warm = len(tally.seconds)
        asyncio.run(_talk(server.address, app, tally, count=count, messages=messages, every_s=every_s))
        growth = _resident_mb(server.pid) - before
    seconds = sorted(tally.seconds[warm:])
    return Soaked(
        messages=len(seconds),
        p50_s=median(seconds) if seconds else float("inf"),
        p95_s=quantiles(seconds, n=20)[-1] if len(seconds) > 1 else float("inf"),
        longest_s=max(seconds, default=float("inf")),
        growth_mb=growth,
        lost=asyncio.run(_lost(app, tally)),
        errors=tuple(tally.errors),
    )


async def _talk(address: str, app: App, tally: Tally, *, count: int, messages: int, every_s: float) -> None:
    tabs = clients(address, app.catalog, count=count, tally=tally)
    ids = app.catalog.case_ids()
    async with asyncio.TaskGroup() as group:
        for number, tab in enumerate(tabs):
            brief = app.catalog.brief(app.catalog.cases[number % len(ids)].id)
            said = messages_about(brief, count=messages, seed=number)
            group.create_task(tab.talk(said, every_s=every_s, after_s=every_s * number / count))


async def _lost(app: App, tally: Tally) -> int:
    """How many messages were sent and are not in the log under their id."""
    missing = 0
    for interview_id, sent in tally.sent.items():
        stored = await app.store.load(interview_id)
        recorded = {event.id for event in stored.events if isinstance(event, CandidateMessage)}
        missing += len(set(sent) - recorded)
    await app.store.close()
    return missing


class _Server(Frozen):
    address: str
    pid: int


@contextmanager
def _server(home: Path) -> Iterator[_Server]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("MLSD_", "OPENAI_"))}
    away = {f"MLSD_{name}_PORT": "0" for name in ("OLLAMA", "LM_STUDIO", "LLAMA_CPP")}
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "chat", "--no-browser", "--port", "0"],
        env=kept | away | {"MLSD_HOME": str(home), "MLSD_MODEL": "builtin", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    late = threading.Timer(_START_S, process.kill)
    late.start()
    try:
        assert process.stdout is not None
        found = next((match for line in process.stdout if (match := _ADDRESS.search(line))), None)
        late.cancel()
        if found is None:
            sys.exit("the page did not start; `mlsd chat` says why")
        yield _Server(address=found.group(), pid=process.pid)
    finally:
        late.cancel()
        process.terminate()
        process.wait(timeout=30)


def _settled_mb(pid: int) -> float:
    """What a server holds once it has started: it imports and prepares in the background for a while."""
    last = _resident_mb(pid)
    for _ in range(_SETTLES_WITHIN_S // _STILL_S):
        time.sleep(_STILL_S)
        now = _resident_mb(pid)
        if abs(now - last) < 1:
            break
        last = now
    return last


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
