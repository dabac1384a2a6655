"""Which step each turn of an interviewer leaves the candidate in, from the words of both sides.

A hidden path over the seven steps: each turn's evidence is what it asks, what the candidate says next, and a
little of what was said before (`step_features`); the most likely path is taken (`step_path`).
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.vocabulary import Step
from app.ports import Embedder
from evals.infer.step_features import meaning_of, step_evidence
from evals.infer.step_path import fitted_step_paths
from evals.samples import Turn


def infer_steps(
    turns: Sequence[Turn], *, between: Sequence[int], answers: frozenset[int], embedder: Embedder | None
) -> dict[int, Step]:
    """The step of each interviewer's turn between opening and closing, by the turn's index.

    Args:
        turns: all turns, both sides.
        between: places in `turns` of the interviewer's turns to label, in order.
        answers: places of those before which the candidate asked something.
        embedder: adds what the words mean; None leaves the plain words alone.
    """
    if not between:
        return {}
    fitted, meaning = fitted_step_paths(), meaning_of(turns, embedder)
    path = fitted.words if meaning is None else fitted.meaning
    steps = path.best(step_evidence(turns, between=between, answers=answers, meaning=meaning))
    return {turns[place].index: step for place, step in zip(between, steps, strict=True)}
