"""Scores 100,000 transcripts in one process and watches the memory: part of `make soak`.

    python -m evals.soak_eval --transcripts 100000

The transcripts are the shipped recordings again and again, each under an id of its own and with a sentence of its own
in one of the candidate's turns, as no two interviews are the same. Rows are counted and dropped, as a program does that
writes them out; `mlsd eval` keeps them for its report.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated

import typer

import evals
from app.bootstrap import App
from app.settings import Settings
from evals.samples import Speaker, Transcript, read_samples
from evals.score import Depth, score_all

RECORDED = Path(evals.__file__).parent / "transcripts" / "recorded"
FIRST = 1_000
MOST_GROWTH_MB = 100.0
_POINTS = 10


def main(
    transcripts: Annotated[int, typer.Option(min=2 * FIRST, help="How many to score.")] = 100_000,
    longest: Annotated[float, typer.Option(help="Stop after so many seconds.")] = 600.0,
) -> None:
    """Print speed and memory as it goes; fail if memory grew by more than 100 MB after the first 1,000."""
    with tempfile.TemporaryDirectory() as home:
        app = App(Settings(home=Path(home)))
        files = sorted(RECORDED.glob("*.jsonl"))
        base = [each for each in read_samples(files, cases=app.catalog.case_ids()) if isinstance(each, Transcript)]
        depth = Depth(home=Path(home), vectors=False)
        at, sizes = 0, list[float]()
        marks = {FIRST, *(transcripts * point // _POINTS for point in range(1, _POINTS + 1))}
        started = time.monotonic()
        for at, _ in enumerate(score_all(islice(varied(base), transcripts), depth=depth), start=1):
            over = time.monotonic() - started > longest
            if at in marks or over:
                sizes.append(resident_mb())
                speed = at / (time.monotonic() - started)
                typer.echo(f"{at:>7} transcripts, {speed:.0f} a second, {sizes[-1]:.0f} MB")
            if over and at > FIRST:
                break
    growth = max(sizes) - sizes[0]
    typer.echo(f"memory grew by {growth:.0f} MB from {FIRST} to {at} (target: under {MOST_GROWTH_MB:.0f} MB)")
    if growth > MOST_GROWTH_MB:
        sys.exit(1)


def varied(base: list[Transcript]) -> Iterator[Transcript]:
    """The transcripts over and over, never twice the same."""
    for number, each in enumerate(cycle(base)):
        places = [place for place, turn in enumerate(each.turns) if turn.speaker is Speaker.CANDIDATE]
        place = places[number % len(places)]
        changed = each.turns[place].model_copy(
            update={"content": f"{each.turns[place].content} That makes {number} of them."}
        )
        turns = (*each.turns[:place], changed, *each.turns[place + 1 :])
        yield each.model_copy(update={"id": f"{each.id}-{number}", "turns": turns})


def resident_mb() -> float:
    """The resident memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    typer.run(main)
