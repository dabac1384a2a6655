"""How well the index finds facts and notes: `python -m evals.retrieval` prints recall at 5 with intervals.

`evals/retrieval/questions.jsonl` holds questions by somebody who had each case's facts and the one-line
descriptions of its criteria, and had not seen the notes or the ways of asking that the cases list. A
question about a fact is answered when the fact is among the first five public hits of its case; one about a
criterion when a note section that names the criterion is among the first five notes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import typer

from app.bootstrap import App
from app.domain.case import section_ids
from app.domain.catalog import Brief
from app.domain.vocabulary import Visibility
from app.ports import Hit, NoteIndex
from app.settings import load_settings

QUESTIONS = Path(__file__).parent / "retrieval" / "questions.jsonl"
FIRST = 5
TARGETS = {"fact": 0.95, "note": 0.90}


def main(misses: bool = typer.Option(False, "--misses", help="List what was not found.")) -> None:
    """Print recall at 5 for facts and for notes."""
    app = App(load_settings())
    index = app.notes()
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
    found: dict[str, list[bool]] = {"fact": [], "note": []}
    for row in rows:
        brief = app.catalog.brief(row["case"])
        kind = "fact" if "fact" in row else "note"
        right = _fact_found(index, row) if kind == "fact" else _note_found(index, row, brief)
        found[kind].append(right)
        if misses and not right:
            typer.echo(f"missed {kind} {row['case']}/{row.get('fact') or row.get('criterion')}: {row['text']}")
    for kind, outcomes in found.items():
        low, high = _interval(outcomes)
        typer.echo(
            f"recall@{FIRST} {kind}s: {np.mean(outcomes):.3f} [{low:.3f}, {high:.3f}] of {len(outcomes)} "
            f"(target {TARGETS[kind]:.2f})"
        )


def _fact_found(index: NoteIndex, row: dict[str, Any]) -> bool:
    hits = index.search(row["text"], k=FIRST, case=row["case"], visibility=Visibility.PUBLIC, kind="fact")
    return any(hit.source == row["fact"] for hit in hits)


def _note_found(index: NoteIndex, row: dict[str, Any], brief: Brief) -> bool:
    hits = index.search(row["text"], k=FIRST, case=row["case"], kind="note")
    return any(row["criterion"] in _criteria_of(hit, brief) for hit in hits)


def _criteria_of(hit: Hit, brief: Brief) -> tuple[str, ...]:
    for note in brief.notes:
        for place, section in zip(section_ids(note), note.sections, strict=True):
            if hit.source == place:
                return section.criteria
    return ()


def _interval(outcomes: list[bool]) -> tuple[float, float]:
    """95 % bootstrap interval of the mean, 2,000 resamples, seeded."""
    draws = np.random.default_rng(0).choice(np.array(outcomes, dtype=float), size=(2000, len(outcomes)))
    low, high = np.percentile(draws.mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


if __name__ == "__main__":
    typer.run(main)
