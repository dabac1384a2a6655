"""Measures of the suite `labels`: what is inferred of each turn, against labels by other people.

    mlsd eval labels                           # both halves
    python -m evals.suites.labels              # both halves with intervals, resampled by interview
    python -m evals.suites.labels --wrong      # and the turns of the tuning half that come out wrong

Files with odd numbers may be looked at and tuned on; of those with even numbers only the figures are ever printed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean
from typing import Annotated

import numpy as np
import typer

import evals
from app.bootstrap import App
from app.domain.vocabulary import Frozen
from app.settings import load_settings
from evals.report.bootstrap import Interval, resamples
from evals.samples import Transcript, read_samples
from evals.score import Depth, Row, Scorer, TurnRow
from evals.suites import NoFigures, Unit
from evals.vocabulary import Act, Flaw

_RESAMPLES = 1000
FOLDER = Path(evals.__file__).parent / "transcripts" / "authored"


class Labelled(Frozen):
    """One turn, as inferred and as labelled."""

    file: str
    content: str
    found: TurnRow
    step: str | None
    act: Act
    questions: int


class Half(Frozen):
    """The turns of one half, and its transcripts with the flaws that they were written to have."""

    turns: tuple[Labelled, ...]
    rows: tuple[Row, ...]
    flaws: tuple[frozenset[Flaw], ...]


def measure(app: App) -> list[Unit]:
    """Shares of turns that are right, pooled over turns, and macro-F1 of acts; one unit a half.

    Raises:
        NoFigures: the author-written interviews are not here.
    """
    depth = Depth(home=app.settings.home, content=app.settings.content)
    scorer = Scorer(depth)
    tuned, heldout = half_of(scorer, odd=True), half_of(scorer, odd=False)
    return [
        Unit(id="held-out", values=figures(heldout, prefix="labels/")),
        Unit(id="tuning", values=figures(tuned, prefix="labels/tuned_")),
    ]


def half_of(scorer: Scorer, *, odd: bool) -> Half:
    """The labelled turns of the files with odd or with even numbers.

    Raises:
        NoFigures: there are none.
    """
    files = [file for file in sorted(FOLDER.glob("authored-*.json")) if int(file.stem[-2:]) % 2 == odd]
    if not files:
        raise NoFigures("evals/transcripts/authored is not here; run the suite 'labels' in a checkout")
    turns: list[Labelled] = []
    rows: list[Row] = []
    flaws: list[frozenset[Flaw]] = []
    for file in files:
        written = json.loads(file.read_text(encoding="utf-8"))
        for sample in read_samples([file], cases=scorer.app.catalog.case_ids()):
            if not isinstance(sample, Transcript):
                continue
            rows.append(scorer.row(sample))
            flaws.append(frozenset(Flaw(each) for each in written["flaws"]))
            found = {each.index: each for each in rows[-1].turns}
            content = {turn.index: turn.content for turn in sample.turns}
            turns += [
                Labelled(
                    file=file.stem,
                    content=content[each["index"]],
                    found=found[each["index"]],
                    step=each["step"],
                    act=each["act"],
                    questions=each["questions"],
                )
                for each in written["labels"]
            ]
    return Half(turns=tuple(turns), rows=tuple(rows), flaws=tuple(flaws))


def figures(half: Half, *, prefix: str) -> dict[str, float | None]:
    """The figures of a half by their names.

    `flaws` is the mean over the flaws of the AUC of a flaw's score: interviews written to have it against the others.
    """
    return {f"{prefix}{name}": value for name, value in _rates(half.turns).items()} | {
        f"{prefix}coverage_off_by": _off_by(
            half, "coverage", lambda turns: len({each.step for each in turns} - {None}) / 7
        ),
        f"{prefix}single_question_off_by": _off_by(
            half,
            "single_question",
            lambda turns: _share_of_single([each.questions for each in turns if each.questions]),
        ),
        f"{prefix}flaws": _mean_auc(half),
    }


def intervals(half: Half) -> dict[str, Interval]:
    """Questions, step and act macro-F1 with percentile bootstrap intervals, resampled by interview."""
    by_file: dict[str, list[Labelled]] = {}
    for each in half.turns:
        by_file.setdefault(each.file, []).append(each)
    drawn = [_rates(turns) for turns in resamples(list(by_file.values()), rounds=_RESAMPLES)]
    found = {}
    for name, value in _rates(half.turns).items():
        low, high = np.quantile([each[name] for each in drawn], [0.025, 0.975])
        found[name] = Interval(mean=value, low=float(low), high=float(high), n=len(by_file))
    return found


def _rates(turns: Sequence[Labelled]) -> dict[str, float]:
    return {
        "questions": mean(each.found.questions == each.questions for each in turns),
        "step": mean(each.found.step == each.step for each in turns),
        "act_f1": macro_f1([each.act for each in turns], [each.found.act for each in turns]),
    }


def macro_f1(truth: Sequence[Act], found: Sequence[Act]) -> float:
    """F1 averaged over the acts that were labelled, each counting the same, whatever its share of the turns."""
    scores = []
    for act in sorted(set(truth)):
        right = sum(one is two is act for one, two in zip(truth, found, strict=True))
        named = sum(one is act for one in truth) + sum(two is act for two in found)
        scores.append(2 * right / named)
    return mean(scores)


def _share_of_single(questions: Sequence[int]) -> float | None:
    return mean(each == 1 for each in questions) if questions else None


def _off_by(half: Half, metric: str, by_labels: Callable[[list[Labelled]], float | None]) -> float | None:
    """How far a metric is from what it would be with the labels, on average over the interviews that have it."""
    gaps = []
    for row in half.rows:
        found = row.metrics[metric]
        turns = [each for each in half.turns if each.file == Path(row.file).stem]
        written = by_labels(turns)
        if written is not None:
            gaps.append(abs((0.0 if found is None else found) - written))
    return mean(gaps) if gaps else None


def _mean_auc(half: Half) -> float | None:
    found = []
    for flaw in Flaw:
        have = [row.flaw_scores[flaw] for row, flaws in zip(half.rows, half.flaws, strict=True) if flaw in flaws]
        lack = [row.flaw_scores[flaw] for row, flaws in zip(half.rows, half.flaws, strict=True) if flaw not in flaws]
        if have and lack:
            won = sum((high > low) + 0.5 * (high == low) for high in have for low in lack)
            found.append(won / (len(have) * len(lack)))
    return mean(found) if found else None


def main(
    wrong: Annotated[bool, typer.Option("--wrong", help="Print the turns that come out wrong.")] = False,
    lexical: Annotated[bool, typer.Option("--lexical", help="Go by words alone.")] = False,
) -> None:
    """The figures of both halves with 95 % intervals, and of the tuning half the turns that come out wrong."""
    settings = load_settings()
    scorer = Scorer(Depth(home=settings.home, content=settings.content, vectors=not lexical))
    for name, half in (("held-out", half_of(scorer, odd=False)), ("tuning", half_of(scorer, odd=True))):
        bounds = intervals(half)
        said = (
            f"{each} {bounds[each].mean:.3f} ({bounds[each].low:.3f} to {bounds[each].high:.3f})" for each in bounds
        )
        typer.echo(f"{name}: {len(half.turns)} turns of {len(half.rows)} interviews; {', '.join(said)}")
    for each in half.turns if wrong else ():
        found = each.found
        differs = [
            f"{name}: {one} for {two}"
            for name, one, two in (
                ("step", found.step, each.step),
                ("act", found.act, each.act),
                ("questions", found.questions, each.questions),
            )
            if one != two
        ]
        if differs:
            typer.echo(f"{each.file}[{found.index}] {'; '.join(differs)} | {each.content[:240]}")


if __name__ == "__main__":
    typer.run(main)
