"""Recognises what a candidate says by nearness to a case's own example sentences.

For each criterion the sentence is compared with sentences that cover it and with near-misses that do
not; a small logistic rule turns both similarities, a negation check and the length into a score. The
weights come from `evals/fit_matcher.py`, which leaves out the sentence that is being judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.catalog import Brief
from app.domain.speech import negated, words_of
from app.domain.vocabulary import Frozen
from app.ports import AskMatch, ContentEmbedder, CriterionMatch, SentenceMatch, Vectors


class Weights(Frozen):
    """The logistic rule over (nearest covers, nearest near-misses, negation, length), and its two thresholds.

    Attributes:
        credit: score from which a match counts as evidence (precision first).
        doubt: score from which the criterion is not asked for as if nothing had been said (recall first).
        flag: least similarity to a wrong claim, and `flag_margin` over the sound ones.
        choice: least similarity to a choice, and `choice_margin` over what is unlike it.
        ask: least similarity of a question to a way of asking for a fact.
    """

    bias: float = -6.0
    near: float = 10.0
    nearest: float = 4.0
    miss: float = -5.0
    denial: float = -1.5
    short: float = -1.5
    credit: float = 0.62
    doubt: float = 0.35
    flag: float = 0.62
    flag_margin: float = 0.06
    choice: float = 0.56
    choice_margin: float = 0.03
    resolve: float = 0.55
    ask: float = 0.58


@dataclass(frozen=True)
class _Examples:
    """Example sentences of one kind, stacked, with the owner of each row."""

    vectors: Vectors
    owners: NDArray[np.intp]
    count: int
    denied: NDArray[np.bool_]

    def best(self, sentences: Vectors) -> tuple[Vectors, Vectors, NDArray[np.bool_]]:
        """Per sentence and owner: the best and second-best similarity, and whether the best example denies."""
        shape = (len(sentences), self.count)
        first = np.full(shape, -1.0, dtype=np.float32)
        second = np.full(shape, -1.0, dtype=np.float32)
        denies = np.zeros(shape, dtype=np.bool_)
        if len(self.vectors) == 0 or len(sentences) == 0:
            return first, second, denies
        similar = sentences @ self.vectors.T
        for owner in range(self.count):
            rows = np.flatnonzero(self.owners == owner)
            if rows.size == 0:
                continue
            block = similar[:, rows]
            top = block.argmax(axis=1)
            first[:, owner] = block[np.arange(len(sentences)), top]
            denies[:, owner] = self.denied[rows][top]
            if rows.size > 1:
                second[:, owner] = np.partition(block, -2, axis=1)[:, -2]
            else:
                second[:, owner] = first[:, owner]
        return first, second, denies


@dataclass(frozen=True)
class _Prepared:
    covers: _Examples
    misses: _Examples
    flags: _Examples
    sound: _Examples
    choices: _Examples
    unlike: _Examples
    resolves: _Examples
    asks: _Examples
    topics: Vectors


class ExampleMatcher:
    """The built-in matcher (Matcher port). Holds the vectors of the cases it has met."""

    def __init__(self, embedder: ContentEmbedder, *, weights: Weights | None = None) -> None:
        self._embedder = embedder
        self._weights = weights or Weights()
        self._prepared: dict[str, _Prepared] = {}

    def prepare(self, brief: Brief) -> None:
        """Embed a case's sentences now, so that the first turn does not wait for it."""
        self._of(brief)

    def observe(self, brief: Brief, sentences: Sequence[str]) -> list[SentenceMatch]:
        """One match per sentence."""
        if not sentences:
            return []
        prepared, weights = self._of(brief), self._weights
        vectors = self._embedder.embed(list(sentences))
        scores = self.scores(brief, sentences, vectors=vectors)
        flags, _, flag_denied = prepared.flags.best(vectors)
        sound, _, _ = prepared.sound.best(vectors)
        choices, _, choice_denied = prepared.choices.best(vectors)
        unlike, _, _ = prepared.unlike.best(vectors)
        resolves, _, _ = prepared.resolves.best(vectors)
        matches = []
        for row, sentence in enumerate(sentences):
            denies = negated(sentence)
            flagged = (flags[row] >= weights.flag) & (flags[row] - sound[row] >= weights.flag_margin)
            flagged &= flag_denied[row] == denies
            chosen = (choices[row] >= weights.choice) & (choices[row] - unlike[row] >= weights.choice_margin)
            chosen &= choice_denied[row] | (not denies)
            matches.append(
                SentenceMatch(
                    criteria=tuple(
                        CriterionMatch(
                            criterion=brief.criteria[column].id,
                            score=round(float(scores[row, column]), 4),
                            credit=bool(scores[row, column] >= weights.credit),
                            doubt=True,
                        )
                        for column in np.argsort(-scores[row], kind="stable")
                        if scores[row, column] >= weights.doubt
                    ),
                    flags=_names(flagged, flags[row], [flag.id for flag in brief.red_flags]),
                    choices=_names(chosen, choices[row], [choice.id for choice in brief.case.choices]),
                    resolves=_names(
                        resolves[row] >= weights.resolve, resolves[row], [tension.id for tension in brief.case.tensions]
                    ),
                )
            )
        return matches

    def scores(self, brief: Brief, sentences: Sequence[str], *, vectors: Vectors | None = None) -> Vectors:
        """Every sentence against every criterion: shape (sentences, criteria), each 0 to 1."""
        prepared, weights = self._of(brief), self._weights
        if vectors is None:
            vectors = self._embedder.embed(list(sentences))
        first, second, denied = prepared.covers.best(vectors)
        missed, _, _ = prepared.misses.best(vectors)
        denies = np.array([negated(sentence) for sentence in sentences])[:, None]
        short = np.array([max(0.0, (6 - len(words_of(sentence))) / 6) for sentence in sentences])[:, None]
        logit = (
            weights.bias
            + weights.near * (first + second) / 2
            + weights.nearest * first
            + weights.miss * missed
            + weights.denial * (denies & ~denied)
            + weights.short * short
        )
        scored: Vectors = (1 / (1 + np.exp(-logit))).astype(np.float32)
        return scored

    def asks(self, brief: Brief, questions: Sequence[str]) -> list[AskMatch]:
        """One match per clarifying question."""
        if not questions:
            return []
        prepared = self._of(brief)
        best, _, _ = prepared.asks.best(self._embedder.embed([_bare(question) for question in questions]))
        facts = [fact.id for fact in brief.case.facts]
        decisions = [decision.id for decision in brief.case.decisions]
        matches = []
        for row in best:
            column = int(row.argmax()) if row.size else -1
            if column < 0 or row[column] < self._weights.ask:
                matches.append(AskMatch(score=float(row.max()) if row.size else 0.0))
            elif column < len(facts):
                matches.append(AskMatch(fact=facts[column], score=float(row[column])))
            else:
                matches.append(AskMatch(decision=decisions[column - len(facts)], score=float(row[column])))
        return matches

    def topic(self, brief: Brief, text: str) -> list[str]:
        """Ids of the criteria that a topic is about, nearest first."""
        similar = (self._embedder.embed([text]) @ self._of(brief).topics.T)[0]
        return [brief.criteria[column].id for column in np.argsort(-similar, kind="stable")]

    def _of(self, brief: Brief) -> _Prepared:
        if brief.case.id not in self._prepared:
            case = brief.case
            self._prepared[case.id] = _Prepared(
                covers=self._stack([criterion.covers for criterion in brief.criteria]),
                misses=self._stack([[miss.text for miss in criterion.near_misses] for criterion in brief.criteria]),
                flags=self._stack([flag.says for flag in brief.red_flags]),
                sound=self._stack([flag.sound for flag in brief.red_flags]),
                choices=self._stack([choice.says for choice in case.choices]),
                unlike=self._stack([choice.unlike for choice in case.choices]),
                resolves=self._stack([tension.resolved_by for tension in case.tensions]),
                asks=self._stack([[_bare(ask) for ask in owner.asks] for owner in (*case.facts, *case.decisions)]),
                topics=self._embedder.embed_content(
                    [f"{criterion.name}. {criterion.description}" for criterion in brief.criteria]
                ),
            )
        return self._prepared[brief.case.id]

    def _stack(self, groups: Sequence[Sequence[str]]) -> _Examples:
        texts = [text for group in groups for text in group]
        owners = [owner for owner, group in enumerate(groups) for _ in group]
        return _Examples(
            vectors=self._embedder.embed_content(texts) if texts else np.zeros((0, 1), dtype=np.float32),
            owners=np.array(owners, dtype=np.intp),
            count=len(groups),
            denied=np.array([negated(text) for text in texts], dtype=np.bool_),
        )


def _bare(question: str) -> str:
    return question.lower().strip(" ?.!,")


def _names(chosen: NDArray[np.bool_], scores: Vectors, ids: Sequence[str]) -> tuple[str, ...]:
    order = np.argsort(-scores, kind="stable")
    return tuple(ids[column] for column in order if chosen[column])
