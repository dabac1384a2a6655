"""Fits the head from a text's meaning to its step; `python -m evals.infer.fit_steps` runs it, as the path stands on it.

Fitted on the sentences of rubrics and cases (what covers a criterion, probes, hints, openers, claims), each with its
criterion's step, and on the turns of labelled interviews: what the interviewer says, and what the candidate says next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.rubric import NearMissKind
from app.domain.vocabulary import Step
from app.ports import Vectors
from evals.infer.step_head import StepHead

_STRENGTH = 1.0
# A turn counts as two sentences of the content; of strengths 1 and 3 and weights 1, 2 and 3 these did best on new hands.
_WEIGHT_OF_TURN = 2.0
_DIGITS = 3


@dataclass(frozen=True)
class Texts:
    """Texts with their steps.

    Attributes:
        vectors: shape (texts, dimension).
        steps: 0 to 6 of each.
    """

    vectors: Vectors
    steps: NDArray[np.intp]

    @classmethod
    def of_content(cls, app: App) -> Self:
        """All sentences of the content."""
        found: dict[str, Step] = {}
        for case in app.catalog.case_ids():
            found |= sentences_of(app.catalog.brief(case))
        return cls(
            vectors=app.embedder.embed_content(list(found)),
            steps=np.array([step.number - 1 for step in found.values()], dtype=np.intp),
        )


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


def fit_head(content: Texts, turns: Sequence[Texts], *, embedder: str) -> StepHead:
    """Logistic regression over the content and the turns of interviews, all steps counting the same."""
    from sklearn.linear_model import LogisticRegression

    told = [np.ones(len(content.steps)), *(np.full(len(each.steps), _WEIGHT_OF_TURN) for each in turns)]
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2000, class_weight="balanced")
    fitted.fit(
        np.vstack([content.vectors, *(each.vectors for each in turns)]),
        np.concatenate([content.steps, *(each.steps for each in turns)]),
        sample_weight=np.concatenate(told),
    )
    return StepHead(
        embedder=embedder,
        weights=tuple(tuple(round(float(each), _DIGITS) for each in row) for row in fitted.coef_),
        bias=tuple(round(float(each), _DIGITS) for each in fitted.intercept_),
    )
