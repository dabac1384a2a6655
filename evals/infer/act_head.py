"""A linear rule from what a turn shows (`act_features`) to its act; fitted by `python -m evals.infer.fit_acts`."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from math import fsum
from pathlib import Path

from app.domain.vocabulary import Frozen
from evals.vocabulary import Act

FILE = Path(__file__).with_name("act_head.json")


class ActHead(Frozen):
    """Weights of what is shown, each with one number for every act, and the acts' biases.

    Attributes:
        acts: the order of the numbers.
        weights: by the name of what is shown.
    """

    acts: tuple[Act, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]

    def best(self, shown: Collection[str]) -> Act:
        """The act that most speaks for; what the head does not know counts for nothing."""
        known = [self.weights[name] for name in shown if name in self.weights]
        scores = [fsum(column) for column in zip(self.bias, *known, strict=True)]
        return self.acts[scores.index(max(scores))]


@cache
def fitted_act_head() -> ActHead:
    """The head that ships."""
    return ActHead.model_validate_json(FILE.read_text(encoding="utf-8"))
