"""Fits the linear rules that tell counts or degrees apart (`evals.infer.linear`)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from app.ports import Vectors
from evals.infer.linear import Linear, Numbers

_SEEN_AT_LEAST = 5
_ITERATIONS = 400
_DIGITS = 3


def fitted_linear(
    shown: Sequence[frozenset[str]], numbers: Vectors | Numbers, counts: Sequence[int], *, strength: float
) -> Linear:
    """Logistic regression; what few show is left out.

    Args:
        shown: of each example the names of its signs.
        numbers: shape (examples, numbers).
        counts: from 0 to 2 at least, each of which some example has.
    """
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    seen = Counter(name for each in shown for name in each)
    names = sorted(name for name, count in seen.items() if count >= _SEEN_AT_LEAST)
    column = {name: place for place, name in enumerate(names)}
    rows, columns = [], []
    for row, each in enumerate(shown):
        for name in sorted(each):
            if name in column:
                rows.append(row)
                columns.append(column[name])
    signs = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(shown), len(names)))
    fitted = LogisticRegression(C=strength, max_iter=_ITERATIONS)
    fitted.fit(hstack([signs, csr_matrix(numbers)]).tocsr(), counts)
    weights = rounded_rows(fitted.coef_.T)
    return Linear(
        bias=rounded_rows(fitted.intercept_[None, :])[0],
        signs=dict(zip(names, weights[: len(names)], strict=True)),
        numbers=weights[len(names) :],
    )


def rounded_rows(matrix: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    """The numbers of a matrix as they are written down."""
    return tuple(tuple(round(float(each), _DIGITS) for each in row) for row in matrix)


def write_fitted(head: BaseModel, file: Path) -> None:
    """Write what was fitted to the file that ships."""
    file.write_text(json.dumps(head.model_dump(mode="json"), separators=(",", ":")) + "\n", encoding="utf-8")


def unscaled(rule: Linear, *, by: float) -> Linear:
    """A rule for numbers as they come, of one for numbers times a scale."""
    return rule.model_copy(update={"numbers": rounded_rows(by * np.array(rule.numbers))})
