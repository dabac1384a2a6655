"""Many interviews one after another on one process: `make soak` (at most ten minutes; stops by itself).

Plays the held-out scripts against the built-in interviewer on the SQLite store, again and again, and prints
the time of a turn and the memory as it goes. Fails if memory keeps growing or a turn fails.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from app.bootstrap import App
from app.domain.vocabulary import Level
from app.services.conduct import Agreement, Conductor
from app.services.speaking import CuratedSpeaker
from app.settings import Settings

HELDOUT = Path(__file__).parent / "heldout"
LONGEST_S = 600.0
ROUNDS = 12
MOST_GROWTH_MB = 100.0


def main() -> None:
    """Run, print a line a round, and fail on growth."""
    with tempfile.TemporaryDirectory() as folder:
        sizes = asyncio.run(_soak(Path(folder)))
    growth = sizes[-1] - sizes[min(1, len(sizes) - 1)]
    print(
        f"{len(sizes)} rounds; memory grew by {growth:.0f} MB after the first (target: under {MOST_GROWTH_MB:.0f} MB)"
    )
    if growth > MOST_GROWTH_MB:
        sys.exit(1)


async def _soak(home: Path) -> list[float]:
    app = App(Settings(home=home))
    conductor = app.conductor(speaker=CuratedSpeaker())
    scripts = [(file.parent.name, _contents(file)) for file in sorted(HELDOUT.glob("*/solid.jsonl"))]
    sizes: list[float] = []
    started = time.monotonic()
    for number in range(1, ROUNDS + 1):
        taken: list[float] = []
        for case, contents in scripts:
            taken += await _interview(conductor, case, contents)
            if time.monotonic() - started > LONGEST_S:
                break
        sizes.append(_resident_mb())
        print(
            f"round {number}: {len(taken)} turns, median {1000 * median(taken):.0f} ms, {sizes[-1]:.0f} MB", flush=True
        )
        if time.monotonic() - started > LONGEST_S:
            break
    await app.store.close()
    return sizes


def _contents(file: Path) -> list[str]:
    return [json.loads(line)["content"] for line in file.read_text(encoding="utf-8").splitlines()]


async def _interview(conductor: Conductor, case: str, contents: list[str]) -> list[float]:
    header = await conductor.begin(Agreement(case=case, level=Level.SENIOR, minutes=None))
    taken = []
    for content in contents:
        before = time.perf_counter()
        await conductor.say(header.id, content, may_end=False)
        taken.append(time.perf_counter() - before)
    await conductor.end(header.id)
    return taken


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
