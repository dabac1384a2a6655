"""A linear rule from a sentence's vector to the step that it belongs to, and how it was fitted.

    python -m evals.infer.step_head --write     # fits on all content and writes step_head.json

Fitted on the sentences of rubrics and cases alone (what covers a criterion, probes, hints, openers, claims),
each with its criterion's step. On the sentences of `evals/calibration`, which other people wrote and which it has
not seen, it names the right one of seven steps for 66 of 100 single sentences.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.rubric import NearMissKind
from app.domain.vocabulary import Frozen, Step
from app.ports import Vectors
from app.settings import load_settings

_FILE = Path(__file__).with_name("step_head.json")
_DIGITS = 3


class StepHead(Frozen):
    """Weights of shape (7, dimension) and biases of shape (7,), in the order of the steps.

    Attributes:
        embedder: the name of the embedder that made the vectors; with another one the head means nothing.
    """

    embedder: str
    weights: tuple[tuple[float, ...], ...]
    bias: tuple[float, ...]

    def log_shares(self, vectors: Vectors) -> NDArray[np.float64]:
        """Log probability of each step: shape (len(vectors), 7)."""
        logits = vectors @ np.array(self.weights, dtype=np.float64).T + np.array(self.bias)
        logits -= logits.max(axis=1, keepdims=True)
        shares: NDArray[np.float64] = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        return shares


@cache
def fitted_step_head() -> StepHead:
    """The head that ships."""
    return StepHead.model_validate_json(_FILE.read_text(encoding="utf-8"))


def sentences_of(brief: Brief) -> dict[str, Step]:
    """A case's sentences, each with the step it belongs to."""
    found: dict[str, Step] = {}
    for step, openers in brief.case.openers.items():
        found |= dict.fromkeys(openers, step)
    for criterion in brief.criteria:
        said = [miss.text for miss in criterion.near_misses if miss.kind is not NearMissKind.NEIGHBOUR]
        hints = (criterion.hints.nudge, criterion.hints.pointer, criterion.hints.bottom_out)
        asked = (*criterion.probes, *criterion.follow_ups)
        summary = f"{criterion.name}. {criterion.description}"
        for text in (*criterion.covers, *said, *hints, *asked, summary):
            found[text.replace("{quote}", "that")] = criterion.step
    for choice in brief.case.choices:
        found |= {text.replace("{quote}", "that"): choice.step for text in (*choice.says, *choice.presses)}
    for flag in brief.red_flags:
        found |= {text.replace("{quote}", "that"): flag.step for text in (*flag.says, *flag.presses)}
    for fact in brief.case.facts:
        found |= dict.fromkeys(fact.asks, Step.REQUIREMENTS)
    return found


def main(write: Annotated[bool, typer.Option("--write", help="Write the head.")] = False) -> None:
    """Fit on all cases, print how well it does on the calibration sentences, and write if asked."""
    from sklearn.linear_model import LogisticRegression

    app = App(load_settings())
    found: dict[str, Step] = {}
    for case in app.catalog.case_ids():
        found |= sentences_of(app.catalog.brief(case))
    order = list(Step)
    labels = np.array([order.index(step) for step in found.values()])
    vectors = app.embedder.embed_content(list(found))
    fitted = LogisticRegression(C=3.0, max_iter=2000, class_weight="balanced").fit(vectors, labels)
    head = StepHead(
        embedder=app.embedder.name,
        weights=tuple(tuple(round(float(each), _DIGITS) for each in row) for row in fitted.coef_),
        bias=tuple(round(float(each), _DIGITS) for each in fitted.intercept_),
    )
    right = total = 0
    for file in sorted((_FILE.parent.parent / "calibration").glob("*.jsonl")):
        brief = app.catalog.brief(file.stem)
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        rows = [row for row in rows if row["covers"]]
        best = head.log_shares(app.embedder.embed([row["text"] for row in rows])).argmax(axis=1)
        right += sum(
            order[column] is brief.criterion_by_id[row["covers"][0]].step
            for row, column in zip(rows, best, strict=True)
        )
        total += len(rows)
    typer.echo(f"{len(found)} sentences; right step for {right} of {total} sentences of the calibration files")
    if write:
        _FILE.write_text(json.dumps(head.model_dump(), separators=(",", ":")) + "\n", encoding="utf-8")
        typer.echo(f"written: {_FILE.name}")


if __name__ == "__main__":
    typer.run(main)
