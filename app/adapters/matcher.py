"""Recognises what a candidate says by nearness to a case's own example sentences.

For each criterion a sentence is compared with sentences that cover it, with their centre, and with
near-misses of each kind that do not; a logistic head over these similarities and two features of the
sentence itself gives the score. `evals/fit_matcher.py` fits the head and chooses its two thresholds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.domain.catalog import Brief
from app.domain.rubric import NearMissKind
from app.domain.speech import STOPWORDS, negated, stems, words_of
from app.domain.vocabulary import Frozen
from app.ports import AskMatch, ContentEmbedder, CriterionMatch, SentenceMatch, Vectors

FEATURES = (
    "nearest cover",
    "second cover",
    "third cover",
    "centre of the covers",
    "vague near-miss",
    "negated near-miss",
    "wrong near-miss",
    "lead of the nearest cover over other criteria",
    "lead of the centre over other criteria",
    "description",
    "denial",
    "share of words that carry meaning",
    "words of the criterion's vocabulary",
)
# Red flags, choices and questions have no labelled sentences yet; these were set on the calibration files so
# that at most 1 sound sentence in 70 is taken for a wrong claim.
_FLAG, _FLAG_OVER_SOUND, _FLAG_OVER_COVERS = 0.60, 0.04, 0.02
_CHOICE, _CHOICE_OVER_UNLIKE, _CHOICE_CENTRE_LAG = 0.62, 0.05, 0.03
_CHOICE_IN_ITS_WORDS, _ITS_WORDS = 0.52, 2
_FEWEST_WORDS = 6
_RESOLVES = 0.62
_ASK = 0.58


class Head(Frozen):
    """A logistic rule over `FEATURES`, standardised by mean and scale, with its two thresholds.

    Attributes:
        credit: score from which a match counts as evidence (precision first).
        doubt: score from which a criterion is not asked for as if nothing had been said (recall first).
    """

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    credit: float
    doubt: float


def head_file() -> Path:
    """Where the fitted head lies."""
    return Path(__file__).with_name("matcher_head.json")


@cache
def fitted_head() -> Head:
    """The head that ships."""
    return Head.model_validate_json(head_file().read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Examples:
    """Example sentences of one kind, stacked, with the owner of each row."""

    vectors: Vectors
    owners: NDArray[np.intp]
    count: int
    denied: NDArray[np.bool_]
    centres: Vectors

    def nearest(self, sentences: Vectors) -> _Nearest:
        """Per sentence and owner: the three best similarities, the centre's, and whether the best example denies."""
        shape = (len(sentences), self.count)
        first, second, third, centre = (np.zeros(shape, dtype=np.float32) for _ in range(4))
        denies = np.zeros(shape, dtype=np.bool_)
        if len(self.vectors) == 0 or len(sentences) == 0:
            return _Nearest(first, second, third, centre, denies)
        similar = sentences @ self.vectors.T
        centre = sentences @ self.centres.T
        for owner in range(self.count):
            rows = np.flatnonzero(self.owners == owner)
            if rows.size == 0:
                continue
            block = similar[:, rows]
            ranked = np.sort(block, axis=1)
            first[:, owner] = ranked[:, -1]
            second[:, owner] = ranked[:, -min(2, rows.size)]
            third[:, owner] = ranked[:, -min(3, rows.size)]
            denies[:, owner] = self.denied[rows][block.argmax(axis=1)]
        return _Nearest(first, second, third, centre, denies)


@dataclass(frozen=True)
class _Nearest:
    """Similarities of shape (sentences, owners)."""

    first: Vectors
    second: Vectors
    third: Vectors
    centre: Vectors
    denies: NDArray[np.bool_]


@dataclass(frozen=True)
class _Prepared:
    covers: _Examples
    misses: dict[NearMissKind, _Examples]
    flags: _Examples
    sound: _Examples
    choices: _Examples
    unlike: _Examples
    resolves: _Examples
    asks: _Examples
    topics: Vectors
    vocabulary: tuple[frozenset[str], ...]
    choice_words: tuple[frozenset[str], ...]


class ExampleMatcher:
    """The built-in matcher (Matcher port). Holds the vectors of the cases it has met."""

    def __init__(self, embedder: ContentEmbedder, *, head: Head | None = None) -> None:
        self._embedder = embedder
        self._head = head
        self._prepared: dict[str, _Prepared] = {}

    def prepare(self, brief: Brief) -> None:
        """Embed a case's sentences now, so that the first turn does not wait for it."""
        self._of(brief)

    def observe(self, brief: Brief, sentences: Sequence[str]) -> list[SentenceMatch]:
        """One match per sentence."""
        if not sentences:
            return []
        prepared, head = self._of(brief), self._head or fitted_head()
        vectors = self._embedder.embed(list(sentences))
        features = self._features(prepared, sentences, vectors)
        scores = self._scores(features, head)
        flags, sound = prepared.flags.nearest(vectors), prepared.sound.nearest(vectors).first
        choices, unlike = prepared.choices.nearest(vectors), prepared.unlike.nearest(vectors).first
        resolves = prepared.resolves.nearest(vectors).first
        best_cover = features[:, :, 0].max(axis=1, initial=0.0)
        matches = []
        for row, sentence in enumerate(sentences):
            denies = negated(sentence)
            flagged = (flags.first[row] >= _FLAG) & (flags.first[row] - sound[row] >= _FLAG_OVER_SOUND)
            flagged &= len(words_of(sentence)) >= _FEWEST_WORDS
            flagged &= (flags.first[row] >= best_cover[row] + _FLAG_OVER_COVERS) & (flags.denies[row] == denies)
            own = stems(sentence)
            in_words = np.array([len(own & words) >= _ITS_WORDS for words in prepared.choice_words], dtype=np.bool_)
            near = (choices.first[row] >= _CHOICE) | (in_words & (choices.first[row] >= _CHOICE_IN_ITS_WORDS))
            chosen = near & (choices.first[row] - unlike[row] >= _CHOICE_OVER_UNLIKE)
            chosen &= choices.denies[row] | (not denies)
            chosen &= choices.centre[row] >= choices.centre[row].max(initial=0.0) - _CHOICE_CENTRE_LAG
            matches.append(
                SentenceMatch(
                    criteria=tuple(
                        CriterionMatch(
                            criterion=brief.criteria[column].id,
                            score=round(float(scores[row, column]), 4),
                            credit=bool(scores[row, column] >= head.credit),
                            doubt=True,
                        )
                        for column in np.argsort(-scores[row], kind="stable")
                        if scores[row, column] >= head.doubt
                    ),
                    flags=_names(flagged, flags.first[row], [flag.id for flag in brief.red_flags]),
                    choices=_names(chosen, choices.first[row], [choice.id for choice in brief.case.choices]),
                    resolves=_names(resolves[row] >= _RESOLVES, resolves[row], [one.id for one in brief.case.tensions]),
                )
            )
        return matches

    def scores(self, brief: Brief, sentences: Sequence[str]) -> Vectors:
        """Every sentence against every criterion: shape (sentences, criteria), each 0 to 1."""
        return self._scores(self.features(brief, sentences), self._head or fitted_head())

    def features(self, brief: Brief, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Shape (sentences, criteria, features), in the order of `FEATURES`."""
        return self._features(self._of(brief), sentences, self._embedder.embed(list(sentences)))

    def _scores(self, features: NDArray[np.float64], head: Head) -> Vectors:
        logit = ((features - np.array(head.mean)) / np.array(head.scale)) @ np.array(head.weights) + head.bias
        scored: Vectors = (1 / (1 + np.exp(-logit))).astype(np.float32)
        return scored

    def _features(self, prepared: _Prepared, sentences: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
        covers = prepared.covers.nearest(vectors)
        misses = {kind: examples.nearest(vectors).first for kind, examples in prepared.misses.items()}
        shape = covers.first.shape
        meaning = [[word for word in words_of(sentence) if word not in STOPWORDS] for sentence in sentences]
        counts = [max(1, len(words_of(sentence))) for sentence in sentences]
        share = np.array([len(kept) / count for kept, count in zip(meaning, counts, strict=True)])
        denial = np.array([float(negated(sentence)) for sentence in sentences])
        said = [stems(sentence) for sentence in sentences]
        shared = np.array([[len(own & vocabulary) for vocabulary in prepared.vocabulary] for own in said])
        columns = (
            covers.first,
            covers.second,
            covers.third,
            covers.centre,
            misses[NearMissKind.VAGUE],
            misses[NearMissKind.NEGATED],
            misses[NearMissKind.WRONG],
            _lead(covers.first),
            _lead(covers.centre),
            vectors @ prepared.topics.T,
            np.broadcast_to(denial[:, None], shape),
            np.broadcast_to(share[:, None], shape),
            shared.reshape(shape),
        )
        return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=2)

    def asks(self, brief: Brief, questions: Sequence[str]) -> list[AskMatch]:
        """One match per clarifying question."""
        if not questions:
            return []
        prepared = self._of(brief)
        best = prepared.asks.nearest(self._embedder.embed([_bare(question) for question in questions])).first
        facts = [fact.id for fact in brief.case.facts]
        decisions = [decision.id for decision in brief.case.decisions]
        matches = []
        for row in best:
            column = int(row.argmax()) if row.size else -1
            if column < 0 or row[column] < _ASK:
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
                misses={
                    kind: self._stack(
                        [
                            [miss.text for miss in criterion.near_misses if miss.kind is kind]
                            for criterion in brief.criteria
                        ]
                    )
                    for kind in NearMissKind
                },
                flags=self._stack([flag.says for flag in brief.red_flags]),
                sound=self._stack([flag.sound for flag in brief.red_flags]),
                choices=self._stack([choice.says for choice in case.choices]),
                unlike=self._stack([choice.unlike for choice in case.choices]),
                resolves=self._stack([tension.resolved_by for tension in case.tensions]),
                asks=self._stack(
                    [
                        *([_bare(ask) for ask in fact.asks] for fact in case.facts),
                        *([_bare(ask) for ask in decision.asks] for decision in case.decisions),
                    ]
                ),
                topics=self._embedder.embed_content(
                    [f"{criterion.name}. {criterion.description}" for criterion in brief.criteria]
                ),
                choice_words=tuple(_recurring((choice.label, *choice.says)) for choice in case.choices),
                vocabulary=tuple(
                    frozenset(stems(" ".join((criterion.name, criterion.description, *criterion.giveaways))))
                    for criterion in brief.criteria
                ),
            )
        return self._prepared[brief.case.id]

    def _stack(self, groups: Sequence[Sequence[str]]) -> _Examples:
        texts = [text for group in groups for text in group]
        owners = np.array([owner for owner, group in enumerate(groups) for _ in group], dtype=np.intp)
        vectors = self._embedder.embed_content(texts) if texts else np.zeros((0, 1), dtype=np.float32)
        return _Examples(
            vectors=vectors,
            owners=owners,
            count=len(groups),
            denied=np.array([negated(text) for text in texts], dtype=np.bool_),
            centres=_centres(vectors, owners, len(groups)),
        )


def _recurring(texts: Sequence[str]) -> frozenset[str]:
    """Stems that several of the texts share: the words by which a thing is called."""
    counts = Counter(stem for text in texts for stem in stems(text))
    return frozenset(stem for stem, times in counts.items() if times > 1)


def _centres(vectors: Vectors, owners: NDArray[np.intp], count: int) -> Vectors:
    """The unit mean of each owner's vectors; zero for an owner without any."""
    centres = np.zeros((count, vectors.shape[1]), dtype=np.float32)
    for owner in range(count):
        rows = owners == owner
        if rows.any():
            mean = vectors[rows].mean(axis=0)
            centres[owner] = mean / max(float(np.linalg.norm(mean)), 1e-9)
    return centres


def _lead(similar: Vectors) -> Vectors:
    """How far each criterion is ahead of the best other one."""
    if similar.shape[1] < 2:
        return similar
    ranked = np.sort(similar, axis=1)
    best, second = ranked[:, -1:], ranked[:, -2:-1]
    lead: Vectors = np.where(similar == best, similar - second, similar - best)
    return lead


def _bare(question: str) -> str:
    return question.lower().strip(" ?.!,")


def _names(chosen: NDArray[np.bool_], scores: Vectors, ids: Sequence[str]) -> tuple[str, ...]:
    order = np.argsort(-scores, kind="stable")
    return tuple(ids[column] for column in order if chosen[column])
