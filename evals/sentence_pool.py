"""What a simulated candidate can say about a case: the case's own sentences, each used once.

The sentences are those by which the matcher recognises what candidates say, so a recording of a persona
tests how the interviewer behaves, and not how well the matcher understands people: for that see
`evals.scoring`, whose candidates were written by people.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

from app.domain.catalog import Brief
from app.domain.rubric import NearMiss, RedFlag
from app.domain.vocabulary import Step
from app.ports import ContentEmbedder
from evals.persona import Kind

_NEAREST = 2
_PLAINEST = 3


class SentencePool:
    """Sentences of one case, drawn without repetition.

    Args:
        embedder: finds the sentences that are nearest to a question.
        rng: breaks ties.
    """

    def __init__(self, brief: Brief, *, embedder: ContentEmbedder, rng: random.Random) -> None:
        self._brief = brief
        self._embedder = embedder
        self._rng = rng
        self._said: set[str] = set()
        self._asked: set[str] = set()
        self._own = {use.use: use for use in brief.case.shared}

    def has(self, criterion: str, kind: Kind) -> bool:
        """Whether a sentence of that kind is left."""
        return bool(self._fresh(self._of(criterion, kind)))

    def take(self, criterion: str, weights: Mapping[Kind, float], *, near: str | None = None) -> str | None:
        """A sentence about a criterion, of a kind drawn by weight; None when nothing is left.

        Args:
            near: a question; one of the sentences nearest to it is taken.
        """
        left = {kind: weight for kind, weight in weights.items() if weight > 0 and self.has(criterion, kind)}
        if not left:
            return None
        kind = self._rng.choices(list(left), weights=list(left.values()))[0]
        return self._draw(self._of(criterion, kind), near=near)

    def take_nearest(self, question: str, weights: Mapping[Kind, float], *, steps: Iterable[Step]) -> str | None:
        """A sentence that fits a question which belongs to no criterion."""
        plan = set(steps)
        kinds = [kind for kind, weight in weights.items() if weight > 0]
        options = [
            sentence
            for criterion in self._brief.criteria
            if criterion.step in plan
            for kind in kinds
            for sentence in self._of(criterion.id, kind)
        ]
        return self._draw(options, near=question)

    def resolution(self, tension: str, *, near: str) -> str | None:
        """A sentence that deals with a tension."""
        return self._draw(self._brief.tension_by_id[tension].resolved_by, near=near)

    def claim(self, flag: str) -> str | None:
        """Another wording of a wrong claim."""
        return self._draw(self._brief.flag_by_id[flag].says, near=None)

    def correction(self, flag: str, *, near: str) -> str | None:
        """A sentence that takes a wrong claim back."""
        found = self._brief.flag_by_id[flag]
        own = found in self._brief.case.red_flags
        return self._draw(found.sound if own else self._of(found.criterion, Kind.COVERS), near=near)

    def choice(self, step: Step) -> str | None:
        """A design choice in a step."""
        options = [
            says for choice in self._brief.case.choices if choice.step is step for says in _statements(choice.says)
        ]
        return self._draw(options, near=None)

    def questions(self, number: int) -> list[str]:
        """Clarifying questions about different facts, not asked before while there are such."""
        facts = [fact for fact in self._brief.case.facts if fact.id not in self._asked]
        first = facts[: 2 * number]  # a case lists what people ask first at the top
        chosen = self._rng.sample(first, min(number, len(first)))
        self._asked.update(fact.id for fact in chosen)
        return [_as_question(self._rng.choice(fact.asks[:_PLAINEST])) for fact in chosen]

    def delegations(self, number: int) -> list[str]:
        """Questions that are the candidate's own to decide."""
        chosen = self._rng.sample(self._brief.case.decisions, min(number, len(self._brief.case.decisions)))
        return [_as_question(self._rng.choice(decision.asks)) for decision in chosen]

    def _of(self, criterion: str, kind: Kind) -> Sequence[str]:
        """The case's own sentences; those of the rubric, which come from other cases, only without such."""
        found = self._brief.criterion_by_id.get(criterion)
        if found is None:
            return ()
        own = self._own.get(criterion)
        match kind:
            case Kind.COVERS:
                return _statements(own.covers if own is not None and own.covers else found.covers)
            case Kind.FLAG:
                return _claims(self._brief.case.red_flags, criterion) or _claims(self._brief.red_flags, criterion)
            case _:
                return _misses(own.near_misses if own is not None else (), kind) or _misses(found.near_misses, kind)

    def _fresh(self, options: Iterable[str]) -> list[str]:
        return [option for option in dict.fromkeys(options) if option not in self._said]

    def _draw(self, options: Iterable[str], *, near: str | None) -> str | None:
        fresh = self._fresh(options)
        if not fresh:
            return None
        if near is not None and len(fresh) > _NEAREST:
            likeness = self._embedder.embed_content(fresh) @ self._embedder.embed([near])[0]
            order = sorted(range(len(fresh)), key=lambda place: (-round(float(likeness[place]), 4), place))
            fresh = [fresh[place] for place in order[:_NEAREST]]
        chosen = self._rng.choice(fresh)
        self._said.add(chosen)
        return chosen


def _claims(flags: Iterable[RedFlag], criterion: str) -> list[str]:
    return [says for flag in flags if flag.criterion == criterion for says in flag.says]


def _statements(sentences: Iterable[str]) -> list[str]:
    return [sentence for sentence in sentences if "?" not in sentence]


def _misses(misses: Iterable[NearMiss], kind: Kind) -> list[str]:
    return [miss.text for miss in misses if miss.kind.value == kind.value]


def _as_question(ask: str) -> str:
    text = ask.strip().rstrip("?")
    return f"{text[0].upper()}{text[1:]}?"
