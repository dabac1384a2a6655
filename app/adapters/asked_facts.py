"""Which fact or decision of a case a clarifying question is about: surely, perhaps, or none.

Nearness in meaning to the ways of asking alone takes "how many comments are there" for "how many likes are
there". So it counts besides how much of what the question says, in words that are rare in the case, is said of that
fact at all, and by how much it is nearer than the next one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.adapters.examples import Examples
from app.domain.case import Case
from app.domain.speech import stems
from app.ports import AskMatch, ContentEmbedder, Vectors

# Set on the cases' own ways of asking, each left out in turn: as many are found as by nearness of .58 alone,
# three in ten fewer of a wrong fact, and a fifth fewer where the fact itself is taken away.
_IN_ITS_WORDS, _LEAD, _MOST_LEAD = 0.20, 0.60, 0.15
_SURE, _SURE_NEARNESS = 0.75, 0.54
_PERHAPS, _PERHAPS_NEARNESS = 0.72, 0.54


@dataclass(frozen=True)
class AskedFacts:
    """The ways of asking for a case's facts, then for its decisions, with the words of each."""

    facts: tuple[str, ...]
    decisions: tuple[str, ...]
    asks: Examples
    words: tuple[frozenset[str], ...]
    weights: dict[str, float]
    unheard_of: float

    @classmethod
    def of(cls, case: Case, embedder: ContentEmbedder) -> AskedFacts:
        """Those of a case."""
        asks = [[bare(ask) for ask in fact.asks] for fact in case.facts]
        asks += [[bare(ask) for ask in decision.asks] for decision in case.decisions]
        said = [f"{fact.topic} {fact.answer}" for fact in case.facts] + [one.reply for one in case.decisions]
        words = tuple(frozenset(stems(" ".join([text, *group]))) for text, group in zip(said, asks, strict=True))
        times = Counter(word for group in words for word in group)
        count = len(words) + 1
        return cls(
            facts=tuple(fact.id for fact in case.facts),
            decisions=tuple(decision.id for decision in case.decisions),
            asks=Examples.stacked(asks, embedder),
            words=words,
            weights={word: math.log(count / (number + 0.5)) for word, number in times.items()},
            unheard_of=math.log(count / 0.5),
        )

    def match(self, questions: Sequence[str], vectors: Vectors) -> list[AskMatch]:
        """What each question is about.

        Args:
            questions: in lower case, without the mark at the end.
            vectors: their embeddings, one row each.
        """
        near = self.asks.nearest(vectors).first
        return [self._match(question, row) for question, row in zip(questions, near, strict=True)]

    def _match(self, question: str, near: Vectors) -> AskMatch:
        if not near.size:
            return AskMatch()
        column = int(near.argmax())
        score = float(near[column])
        second = float(np.sort(near)[-2]) if near.size > 1 else 0.0
        assurance = score + _IN_ITS_WORDS * self._share(question, column) + _LEAD * min(score - second, _MOST_LEAD)
        if score >= _SURE_NEARNESS and assurance >= _SURE:
            if column < len(self.facts):
                return AskMatch(fact=self.facts[column], score=score)
            return AskMatch(decision=self.decisions[column - len(self.facts)], score=score)
        perhaps = score >= _PERHAPS_NEARNESS and assurance >= _PERHAPS and column < len(self.facts)
        return AskMatch(near=self.facts[column] if perhaps else None, score=score)

    def _share(self, question: str, column: int) -> float:
        """How much of what a question says belongs to a fact or decision, 0 to 1; rare words weigh more."""
        weights = {word: self.weights.get(word, self.unheard_of) for word in stems(question)}
        total = sum(weights.values())
        return sum(weight for word, weight in weights.items() if word in self.words[column]) / total if total else 0.5


def bare(question: str) -> str:
    """A question in lower case, without the mark at its end."""
    return question.lower().strip(" ?.!,")
