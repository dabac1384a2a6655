"""Linear rules for how much each sentence of a turn asks for, and the turn as a whole; `evals.infer.fit_questions` fits them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from app.domain.vocabulary import Frozen
from app.ports import Vectors
from evals.infer.linear import Linear, Numbers
from evals.infer.question_features import MOST, SEVERAL, turn_features
from evals.vocabulary import Act

FILE = Path(__file__).with_name("question_head.json")
_FAINTEST = 1e-3


class QuestionHead(Frozen):
    """The rule for sentences, and that for turns which stands on it.

    Attributes:
        embedder: the name of what makes a sentence's vector.
        sentences: by `sentence_features` and the vectors of a sentence and of the one before it; for nothing, one thing
            and several.
        turns: by `turn_features` and what the sentences say; for 0, 1, 2 and more requests.
    """

    embedder: str
    sentences: Linear
    turns: Linear

    def count(self, shown: Sequence[Collection[str]], vectors: Vectors, *, counted: int, act: Act) -> int:
        """How many requests to answer a turn holds.

        Args:
            shown: the features of each of its sentences, one at least.
            vectors: of its sentences, shape (sentences, dimension).
            counted: what the words alone say.
            act: what the turn does as a whole.
        """
        chances = self.sentences.chances_of_each(shown, beside_last(vectors))
        return count_of_turn(self.turns, chances, counted=counted, act=act)


def count_of_turn(rule: Linear, chances: Sequence[Numbers], *, counted: int, act: Act) -> int:
    """What the rule for turns makes of the chances of its sentences, of the words' count and of the act."""
    shown = turn_features(counted=counted, found=sum_of_likeliest(chances), act=act)
    several = int(rule.chances(shown, numbers_of(chances)).argmax())
    return several if several < MOST else max(MOST, counted)


def beside_last(vectors: Vectors) -> Vectors:
    """Beside each sentence's vector that of the one before it, zeros for the first: shape (sentences, 2 * dimension)."""
    last = np.vstack([np.zeros_like(vectors[:1]), vectors[:-1]])
    return np.hstack([vectors, last])


def sum_of_likeliest(chances: Sequence[Numbers]) -> int:
    """How many requests begin in the sentences, each taken by itself."""
    return sum(int(each.argmax()) for each in chances)


def numbers_of(chances: Sequence[Numbers]) -> Numbers:
    """The probabilities that the sentences ask for 0, 1, 2 and more things together, and logarithms of these plus .001.

    Args:
        chances: of each sentence, shape (3,).
    """
    total = np.zeros(MOST + 1)
    total[0] = 1.0
    for each in chances:
        longer = np.zeros_like(total)
        for more in range(SEVERAL + 1):
            for so_far in range(MOST + 1):
                longer[min(MOST, so_far + more)] += total[so_far] * each[more]
        total = longer
    return np.concatenate([total, np.log(total + _FAINTEST)])


@cache
def fitted_question_head() -> QuestionHead:
    """The head that ships."""
    return QuestionHead.model_validate_json(FILE.read_text(encoding="utf-8"))
