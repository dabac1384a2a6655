"""Which fact or decision of a case a clarifying question is about: surely, perhaps, or none.

A question is compared with the ways in which people ask for each fact and decision, by meaning and by words, and with
what is said in reply; a fitted head over these gives the probability (`evals/fit_asked.py`). Nearness alone takes "how
many comments are there" for "how many likes are there", and hardly knows a question with a reason or an example in it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.adapters.discriminant import Discriminant
from app.adapters.examples import Examples
from app.adapters.matcher_head import Head
from app.adapters.word_nearness import OTHER, OWN, WordNearness, lead
from app.domain.case import Case
from app.domain.speech import stems, words_of
from app.ports import AskMatch, ContentEmbedder, Vectors

ASKED_FEATURES = (
    "nearest way of asking",
    "second way",
    "third way",
    "centre of the ways",
    "lead of the nearest over other topics",
    "lead of the centre over other topics",
    "reply",
    "lead of the reply over other topics",
    "side",
    "lead of the side over other topics",
    "side by words",
    "nearest by words",
    "three nearest by words",
    "lead of the nearest by words",
    "share of its words that belong to the topic",
    "share of its words that belong to none",
    "words",
    "decision",
    "leaves it to the interviewer",
)
_HANDS_OVER = re.compile(
    r"\b(?:(?:should|shall|may|must|could|can|do|am|would) (?:i|we)|do you (?:want|prefer)|would you"
    r"|(?:is|are) (?:it|that|there) (?:ok|okay|fine)"
    r"|supposed to|up to me|my (?:call|choice)|free to|preference|rather)\b",
    re.IGNORECASE,
)
_LEADS_UP = re.compile(
    r"^(?:(?:(?:and|also|so|but|ok|okay|well|um+|hm+|right|just|quick(?:ly)?|roughly|approximately|first|second|third"
    r"|finally|lastly|by the way|one more|one last thing|quick (?:question|one)|another (?:question|one|thing))\b"
    r"|one thing i['’]?m (?:still )?wondering)"
    r"(?:\s*[,:–—-]+\s*|\s+))+"
)
_LEADS_AWAY = re.compile(
    r"(?<![\s,–—-])[\s,–—-]{1,4}(?:by the way|roughly|exactly|please|if any|at all|if i may ask|can you (?:say|tell me)"
    r"|(?:are|would) (?:we|you) (?:be )?(?:talking|speaking)(?: about| of)?|(?:that )?i should know(?: about| of)?)$"
)
_FEWEST_WORDS = 2
_ONCE = 0.5
_LEAST_NEARNESS, _SURE_NEARNESS = 0.45, 0.54
"""To some way of asking: a question of few words, all of which a topic has, may still ask for nothing that it says."""


@dataclass(frozen=True)
class AskedFacts:
    """The ways of asking for a case's facts, then for its decisions, with the words of each."""

    facts: tuple[str, ...]
    decisions: tuple[str, ...]
    asks: Examples
    replies: Vectors
    side: Discriminant
    by_words: WordNearness
    words: tuple[frozenset[str], ...]
    weights: dict[str, float]
    unheard_of: float

    @classmethod
    def of(cls, case: Case, embedder: ContentEmbedder, *, without: Collection[str] = ()) -> AskedFacts:
        """Those of a case; for a fit, without some ways of asking."""
        ways = [fact.asks for fact in case.facts] + [decision.asks for decision in case.decisions]
        asks = [[bare(ask) for ask in of_topic if ask not in without] for of_topic in ways]
        replies = [f"{fact.topic}: {fact.answer}" for fact in case.facts] + [one.reply for one in case.decisions]
        words = tuple(frozenset(stems(" ".join([text, *group]))) for text, group in zip(replies, asks, strict=True))
        times = Counter(word for group in words for word in group)
        count = len(words) + 1
        stacked = Examples.stacked(asks, embedder)
        return cls(
            facts=tuple(fact.id for fact in case.facts),
            decisions=tuple(decision.id for decision in case.decisions),
            asks=stacked,
            replies=embedder.embed_content(replies),
            side=Discriminant.fitted([stacked.vectors], stacked.sides(OWN, other=OTHER)),
            by_words=WordNearness.fitted(asks, [[] for _ in asks]),
            words=words,
            weights={word: math.log(count / (number + _ONCE)) for word, number in times.items()},
            unheard_of=math.log(count / _ONCE),
        )

    def match(self, questions: Sequence[str], vectors: Vectors) -> list[AskMatch]:
        """What each question is about.

        Args:
            questions: in lower case, without the mark at the end.
            vectors: their embeddings, one row each.
        """
        if not len(self.words):
            return [AskMatch() for _ in questions]
        head = fitted_asked_head()
        features = self.features(questions, vectors)
        likely = head.scores(features)
        return [self._match(row, near, head) for row, near in zip(likely, features[:, :, 0], strict=True)]

    def _match(self, likely: Vectors, near: NDArray[np.float64], head: Head) -> AskMatch:
        column = int(likely.argmax())
        score = round(float(likely[column]), 4)
        is_fact = column < len(self.facts)
        if score >= head.credit and near[column] >= _LEAST_NEARNESS:
            sure = bool(near[column] >= _SURE_NEARNESS)
            if is_fact:
                return AskMatch(fact=self.facts[column], score=score, sure=sure)
            return AskMatch(decision=self.decisions[column - len(self.facts)], score=score, sure=sure)
        return AskMatch(near=self.facts[column] if is_fact and score >= head.doubt else None, score=score)

    def features(self, questions: Sequence[str], vectors: Vectors) -> NDArray[np.float64]:
        """Shape (questions, facts and decisions, features), in the order of `ASKED_FEATURES`."""
        near = self.asks.nearest(vectors)
        shape = near.first.shape
        replies = vectors @ self.replies.T
        side = self.side.outputs(vectors)
        by_words = self.by_words.features(questions)
        said = [stems(question) for question in questions]
        belongs = np.array([[self._share(own, topic) for topic in self.words] for own in said])
        foreign = np.array([self._foreign(own) for own in said])
        length = np.array([math.log(1 + len(words_of(question))) for question in questions])
        decides = np.arange(shape[1]) >= len(self.facts)
        hands_over = np.array([float(_HANDS_OVER.search(question) is not None) for question in questions])

        def each(column: NDArray[Any]) -> NDArray[Any]:
            return np.broadcast_to(column[:, None], shape)

        columns = (
            near.first,
            near.second,
            near.third,
            near.centre,
            lead(near.first),
            lead(near.centre),
            replies,
            lead(replies),
            side,
            lead(side),
            by_words[:, :, 0],
            by_words[:, :, 2],
            by_words[:, :, 3],
            by_words[:, :, 5],
            belongs.reshape(shape),
            each(foreign),
            each(length),
            np.broadcast_to(decides[None, :], shape),
            each(hands_over),
        )
        return np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=2)

    def _share(self, said: Collection[str], topic: Collection[str]) -> float:
        """How much of what a question says belongs to a topic, 0 to 1; rare words weigh more."""
        weights = {word: self.weights.get(word, self.unheard_of) for word in said}
        total = sum(weights.values())
        return sum(weight for word, weight in weights.items() if word in topic) / total if total else _ONCE

    def _foreign(self, said: Collection[str]) -> float:
        """The share of a question's words that is said of no fact or decision."""
        return sum(word not in self.weights for word in said) / len(said) if said else 0.0


def bare(question: str) -> str:
    """A question in lower case, without the mark at its end and the words that only lead up to it or away from it."""
    text = question.lower().strip(" ?.!,")
    said = _LEADS_UP.sub("", _LEADS_AWAY.sub("", text))
    return said if len(words_of(said)) >= _FEWEST_WORDS else text


def asked_head_file() -> Path:
    """Where the fitted head lies."""
    return Path(__file__).with_name("asked_head.json")


@cache
def fitted_asked_head() -> Head:
    """The head that ships."""
    return Head.model_validate_json(asked_head_file().read_text(encoding="utf-8"))
