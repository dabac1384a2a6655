"""How the built-in rating agrees with readers: `python -m evals.rating_figures`.

`evals/ratings/read.jsonl` holds what was credited in practice interviews, and how readers who saw the whole interview
and the anchors, but not the rating, marked the same points: 2, 3 or 4. Intervals resample interviews.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer
from pydantic import Field
from sklearn.metrics import roc_auc_score

from app.domain.grading import rating_of
from app.domain.vocabulary import Frozen, Slug
from evals.report.bootstrap import resamples

_READ = Path(__file__).parent / "ratings" / "read.jsonl"
_SCALE = (2, 3, 4)


class Read(Frozen):
    """A point of an interview.

    Attributes:
        quotes: what was credited, in order.
        ratings: the readers', one each.
    """

    interview: str
    case: Slug
    criterion: Slug
    quotes: Annotated[tuple[str, ...], Field(min_length=1)]
    ratings: Annotated[tuple[Literal[2, 3, 4], ...], Field(min_length=1)]

    @cached_property
    def built_in(self) -> int:
        """By what the quotes hold; no cap and no wrong claim enters."""
        return rating_of(self.quotes).rating or 0


def readings() -> list[Read]:
    """All that were marked."""
    return [Read.model_validate_json(line) for line in _READ.read_text(encoding="utf-8").splitlines()]


def agreement(rows: Sequence[Read]) -> float:
    """The share in which the rating is the first reader's, 0 to 1."""
    return sum(row.built_in == row.ratings[0] for row in rows) / len(rows)


def depth_told(rows: Sequence[Read]) -> float:
    """The AUC of the built-in rating over points that the first reader gave a 4 or a 3; .5 is chance."""
    told = [row for row in rows if row.ratings[0] >= 3]
    return float(roc_auc_score([row.ratings[0] == 4 for row in told], [row.built_in for row in told]))


def interval(rows: Sequence[Read], figure: Callable[[Sequence[Read]], float]) -> tuple[float, float]:
    """The 95 % interval of a figure, by resampling interviews, the same on every run."""
    by_interview = [[row for row in rows if row.interview == name] for name in sorted({row.interview for row in rows})]
    low, high = np.quantile([figure(drawn) for drawn in resamples(by_interview)], [0.025, 0.975])
    return float(low), float(high)


def main() -> None:
    """Print a table of both ratings, and how far they agree."""
    rows = readings()
    table = Counter[tuple[int, int]]((row.ratings[0], row.built_in) for row in rows)
    typer.echo(f"{len(rows)} points; a row for each reader's rating, by built-in rating 2, 3, 4")
    for read in _SCALE:
        typer.echo(f"  {read}: " + " ".join(f"{table[read, ours]:4d}" for ours in _SCALE))
    twice = [row.ratings for row in rows if len(row.ratings) > 1]
    typer.echo(f"two readers agree on {sum(len(set(each)) == 1 for each in twice)} of {len(twice)}")
    for name, figure in (("the same rating", agreement), ("4 told from 3, AUC", depth_told)):
        low, high = interval(rows, figure)
        typer.echo(f"{name}: {figure(rows):.2f} [{low:.2f}, {high:.2f}]")


if __name__ == "__main__":
    typer.run(main)
