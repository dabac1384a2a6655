"""The most likely path over the seven steps: a linear-chain conditional random field with few weights.

Each turn's evidence is weighed into scores for the steps; staying, going on by one, skipping and going back have
scores of their own. The weights do not know the steps by name, so that some two dozen interviews suffice to fit them
(`python -m evals.infer.fit_steps`). Model and fit after Lafferty, McCallum and Pereira, 2001.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.vocabulary import Frozen, Step
from evals.infer.step_features import SAYS, STAYS, Matrix, StepEvidence

FILE = Path(__file__).with_name("step_path.json")
_STEPS = len(Step)
_GAP = np.arange(_STEPS)[None, :] - np.arange(_STEPS)[:, None]
STAY = (_GAP == 0).astype(np.float64)
JUMPS = np.stack([_GAP > 1, np.maximum(_GAP - 2, 0), _GAP < 0, np.maximum(-_GAP - 1, 0)]).astype(np.float64)
"""What a jump is scored by, shape (4, 7, 7) from row to column: skipping, by how many more, going back, by how many more."""


class StepPath(Frozen):
    """The weights.

    Attributes:
        says: of what speaks for a step, in the order of `SAYS`.
        stays: of what speaks for staying, in the order of `STAYS`.
        jumps: of skipping and going back, in the order of `JUMPS`.
        start: of the seven steps at the first turn.
    """

    says: tuple[float, ...]
    stays: tuple[float, ...]
    jumps: tuple[float, ...]
    start: tuple[float, ...]

    @classmethod
    def of(cls, weights: Matrix, *, digits: int = 4) -> StepPath:
        """Of one row of numbers in the order of the attributes."""
        row = [round(float(each), digits) for each in weights]
        cuts = np.cumsum([0, len(SAYS), len(STAYS), len(JUMPS), _STEPS])
        parts = [tuple(row[left:right]) for left, right in zip(cuts, cuts[1:], strict=False)]
        return cls(says=parts[0], stays=parts[1], jumps=parts[2], start=parts[3])

    def turn_scores(self, evidence: StepEvidence) -> Matrix:
        """How much speaks for each step at each turn: shape (turns, 7)."""
        scores: Matrix = evidence.says @ np.array(self.says)
        scores[0] += np.array(self.start)
        return scores

    def change_scores(self, evidence: StepEvidence) -> Matrix:
        """How likely each change of step is before each turn: shape (turns, 7, 7), from row to column."""
        jumps = np.tensordot(np.array(self.jumps), JUMPS, axes=1)
        scores: Matrix = (evidence.stays @ np.array(self.stays))[:, None, None] * STAY + jumps
        return scores

    def best(self, evidence: StepEvidence) -> list[Step]:
        """The most likely step of each turn (Viterbi)."""
        turns, changes = self.turn_scores(evidence), self.change_scores(evidence)
        score, back = turns[0], []
        for row, change in zip(turns[1:], changes[1:], strict=True):
            total = score[:, None] + change
            came: NDArray[np.intp] = total.argmax(axis=0)
            back.append(came)
            score = total.max(axis=0) + row
        path = [int(score.argmax())]
        for came in reversed(back):
            path.append(int(came[path[-1]]))
        order = list(Step)
        return [order[state] for state in reversed(path)]


class StepPaths(Frozen):
    """The weights for reading with meaning, and for reading by words alone."""

    meaning: StepPath
    words: StepPath


@cache
def fitted_step_paths() -> StepPaths:
    """The weights that ship."""
    return StepPaths.model_validate_json(FILE.read_text(encoding="utf-8"))
