"""Recognises what a candidate says by nearness to a case's own example sentences.

For each criterion a sentence is compared with sentences that cover it, with their centre, and with
near-misses of each kind that do not, by meaning and by words; a fitted head over these similarities and a
few features of the sentence itself gives the score. `evals/fit_matcher.py` fits the head and chooses its
two thresholds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.adapters.asked_facts import AskedFacts, bare
from app.adapters.choices import Choices
from app.adapters.denied_claims import affirmed, rejected
from app.adapters.discriminant import Discriminant
from app.adapters.embedding import whole_words
from app.adapters.examples import Examples
from app.adapters.matcher_head import Head, fitted_head, in_surroundings
from app.adapters.sound_words import SoundWords, fitted_sound_words
from app.adapters.spelling import mended
from app.adapters.word_nearness import MISSED, OTHER, OWN, WORD_FEATURES, WordNearness, lead
from app.adapters.wrong_claims import LITTLE_DOUBT, WhatIsKnown, WrongClaims, fitted_claims_head
from app.domain.catalog import Brief
from app.domain.rubric import NearMissKind
from app.domain.speech import STOPWORDS, negated, stems, words_of
from app.domain.step_names import STEP_NAME, STEP_WORDS
from app.domain.vocabulary import Step
from app.domain.wordings import subject_of
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
    "side of the criterion",
    "side of what is sound",
    "sound of the words",
    *WORD_FEATURES,
)
_FEWEST_WORDS, _FEWEST_WITH_MEANING = 6, 2
# Somebody claims that it is not needed; whoever only names it is not to be taken for that.
_OF_ML = re.compile(r"\bml (?:part|side)\b", re.IGNORECASE)
_FRAMING = re.compile(rf"\b(?:{STEP_WORDS[Step.FRAMING]})\b", re.IGNORECASE)
# "Let me move on to the framing unless you object." claims nothing.
_NAVIGATES = re.compile(
    r"\b(?:let me|let['’]?s|i['’]?ll|i(?:['’]d| would) like to|i want to|(?:shall|can|may) (?:i|we))\b[^.?!]{0,20}"
    r"\b(?:move|go|turn|jump|switch|frame|start|begin|get|talk)\b",
    re.IGNORECASE,
)
# "So the question is whether a vector learned per event is ever good."
_WONDERS = re.compile(
    r"^\W*(?:(?:so|and|but|then|now)\b\W*)*(?:the|my|one|another|a (?:second|third|next|last)) (?:\w+ )?"
    r"(?:question|issue)"
    r" (?:here |then )?(?:is|would be)\b(?=.{0,12}\b(?:whether|if|how|what|which)\b)"
    r"(?!.*,\s*(?:and|so|but)\s+(?:i|we)\b)",
    re.IGNORECASE,
)
# "I want to pin down what that means in numbers, and how big it is."
_FINDS_OUT = re.compile(
    r"^\W*(?:(?:so|and|but|then|now|first|ok|okay)\b\W*)*i(?:['’]d (?:like|love|want)| would like| want| need| have)"
    r" to (?:first |really |quickly )?"
    r"(?:pin|nail|know|understand|clarify|clear up|ask|settle|be clear|get clear)\b"
    r"(?=.{0,25}\b(?:what|which|how|whether|if|who|where|when|why)\b)"
    r"(?!.*,\s*(?:and|so|but)\s+(?:i|we|the|that|then|it)\b)"
    r"(?!.*\b(?:by|with|using|through|via|within|on (?:the|a|our|my))\b)",  # by which means: a design
    re.IGNORECASE,
)
_MOST_TO_NAVIGATE = 14
_RESOLVES = 0.62
_NO_LENGTH = 1e-9


@dataclass(frozen=True)
class _Prepared:
    covers: Examples
    misses: dict[NearMissKind, Examples]
    claims: WrongClaims
    affirmed: Examples
    choices: Choices
    resolves: Examples
    asks: AskedFacts
    topics: Vectors
    vocabulary: tuple[frozenset[str], ...]
    criterion_side: Discriminant
    sound_side: Discriminant
    by_words: WordNearness
    words: frozenset[str]


class ExampleMatcher:
    """The built-in matcher (Matcher port). Holds the vectors of the cases it has met."""

    def __init__(
        self,
        embedder: ContentEmbedder,
        *,
        head: Head | None = None,
        sound_words: SoundWords | None = None,
    ) -> None:
        self._embedder = embedder
        self._head = head
        self._sound_words = sound_words
        self._prepared: dict[str, _Prepared] = {}

    def prepare(self, brief: Brief) -> None:
        """Embed a case's sentences now, so that the first turn does not wait for it."""
        self._of(brief)

    def observe(
        self, brief: Brief, sentences: Sequence[str], *, within: Sequence[Sequence[str]] = ()
    ) -> list[SentenceMatch]:
        """One match per sentence; what it covers is weighed among those that it stands among."""
        if not sentences:
            return []
        prepared, head, claims = self._of(brief), self._head or fitted_head(), fitted_claims_head()
        known, scores = self._where_they_stand(prepared, sentences, within)
        made = self._made(prepared, known, claims)
        claims_something = [_may_claim(sentence) for sentence in known.sentences]
        chosen = prepared.choices.chosen(known.sentences, known.vectors)
        resolves = prepared.resolves.nearest(known.vectors).first
        flags = [flag.id for flag in brief.red_flags]
        choices = [choice.id for choice in brief.case.choices]
        tensions = [tension.id for tension in brief.case.tensions]
        return [
            SentenceMatch(
                criteria=_criteria(brief, head, scores=scores[row], alone=known.scores[row]),
                flags=_names((made[row] >= claims.credit) & claims_something[row], made[row], flags),
                near_flags=_names(made[row] >= claims.doubt, made[row], flags),
                sure_flags=_names((made[row] >= LITTLE_DOUBT) & claims_something[row], made[row], flags),
                choices=_names(chosen.made[row], chosen.nearness[row], choices),
                near_choices=_names(chosen.near[row], chosen.nearness[row], choices),
                sure_choices=_names(chosen.sure[row], chosen.nearness[row], choices),
                resolves=_names(resolves[row] >= _RESOLVES, resolves[row], tensions),
            )
            for row in range(len(sentences))
        ]

    def _made(self, prepared: _Prepared, known: WhatIsKnown, head: Head) -> Vectors:
        """How likely each wrong claim is made, of shape (sentences, flags): not at all by one that rejects it."""
        says = prepared.claims.says.nearest(known.vectors)
        made = prepared.claims.made(known, head=head, says=says)
        turned_down = rejected(
            known.sentences, near=says, says=prepared.claims.says, sound=prepared.affirmed, embedder=self._embedder
        )
        return np.where(turned_down, 0.0, made)

    def scores(self, brief: Brief, sentences: Sequence[str], *, within: Sequence[Sequence[str]] = ()) -> Vectors:
        """Each sentence against each criterion: shape (sentences, criteria), 0 to 1; `within` is as for `observe`."""
        return self._where_they_stand(self._of(brief), sentences, within)[1]

    def _where_they_stand(
        self, prepared: _Prepared, sentences: Sequence[str], within: Sequence[Sequence[str]]
    ) -> tuple[WhatIsKnown, Vectors]:
        """What is known of sentences, and their scores among those around each."""
        groups = list(dict.fromkeys(map(tuple, within)))
        vectors = self._vectors(prepared, sentences, groups)
        both = self._known(prepared, [*sentences, *map(" ".join, groups)], vectors)
        known = both.first(len(sentences))
        if not within:
            return known, known.scores
        place = {group: len(sentences) + at for at, group in enumerate(groups)}
        return known, in_surroundings(known.scores, both.scores[[place[tuple(group)] for group in within]])

    def features(self, brief: Brief, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Shape (sentences, criteria, features), in the order of `FEATURES`."""
        prepared = self._of(brief)
        sentences = _spelt(sentences, prepared)
        return self._features(prepared, sentences, self._embedder.embed(sentences))

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
        words = self._sound_words or fitted_sound_words()
        sounds = np.array([words.score(sentence) for sentence in sentences])
        columns = (
            covers.first,
            covers.second,
            covers.third,
            covers.centre,
            misses[NearMissKind.VAGUE],
            misses[NearMissKind.NEGATED],
            misses[NearMissKind.WRONG],
            lead(covers.first),
            lead(covers.centre),
            vectors @ prepared.topics.T,
            np.broadcast_to(denial[:, None], shape),
            np.broadcast_to(share[:, None], shape),
            shared.reshape(shape),
            prepared.criterion_side.outputs(vectors),
            np.broadcast_to(prepared.sound_side.outputs(vectors), shape),
            np.broadcast_to(sounds[:, None], shape),
        )
        by_meaning = np.stack([np.asarray(column, dtype=np.float64) for column in columns], axis=2)
        return np.concatenate([by_meaning, prepared.by_words.features(sentences)], axis=2)

    def claim_features(self, brief: Brief, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Shape (sentences, red flags, features), in the order of `CLAIM_FEATURES`."""
        prepared = self._of(brief)
        return prepared.claims.features(self._known(prepared, sentences, self._vectors(prepared, sentences)))

    def _vectors(
        self, prepared: _Prepared, sentences: Sequence[str], groups: Sequence[tuple[str, ...]] = ()
    ) -> Vectors:
        """Unit vectors, those of sentences first, then those of groups of sentences.

        The vector of a group is the mean of its sentences', the longer ones more: in labelled scripts and messages of
        cases that nothing was fitted on, that finds what a vector of the whole text finds, at a third fewer tokens.
        """
        each = list(dict.fromkeys((*sentences, *(sentence for group in groups for sentence in group))))
        vectors = dict(zip(each, self._embedder.embed(_spelt(each, prepared)), strict=True))
        return np.stack(
            [vectors[sentence] for sentence in sentences]
            + [_mean([vectors[sentence] for sentence in group], group) for group in groups]
        )

    def _known(self, prepared: _Prepared, sentences: Sequence[str], vectors: Vectors) -> WhatIsKnown:
        """Sentences as they are read, and what the criteria say of them."""
        sentences = _spelt(sentences, prepared)
        features = self._features(prepared, sentences, vectors)
        column = {name: features[:, :, place] for place, name in enumerate(FEATURES)}
        return WhatIsKnown(
            sentences=sentences,
            vectors=vectors,
            covers=column["nearest cover"],
            wrong=column["wrong near-miss"],
            negated=column["negated near-miss"],
            vague=column["vague near-miss"],
            scores=(self._head or fitted_head()).scores(features),
            sound_words=column["sound of the words"][:, 0],
            sound_side=column["side of what is sound"][:, :1],
        )

    def asks(self, brief: Brief, questions: Sequence[str]) -> list[AskMatch]:
        """One match per clarifying question."""
        if not questions:
            return []
        prepared = self._of(brief)
        asked = [bare(question) for question in _spelt(questions, prepared)]
        return prepared.asks.match(asked, self._embedder.embed(asked))

    def topic(self, brief: Brief, text: str) -> list[str]:
        """Ids of the criteria that a topic is about, nearest first."""
        similar = (self._embedder.embed([text]) @ self._of(brief).topics.T)[0]
        return [brief.criteria[column].id for column in np.argsort(-similar, kind="stable")]

    def _of(self, brief: Brief) -> _Prepared:
        if brief.case.id not in self._prepared:
            self._prepared[brief.case.id] = _prepare(brief, self._embedder)
        return self._prepared[brief.case.id]


def _prepare(brief: Brief, embedder: ContentEmbedder) -> _Prepared:
    case, criteria = brief.case, brief.criteria

    def stacked(groups: Sequence[Sequence[str]]) -> Examples:
        return Examples.stacked(groups, embedder)

    covers = stacked([criterion.covers for criterion in criteria])
    misses = {
        kind: stacked([[miss.text for miss in one.near_misses if miss.kind is kind] for one in criteria])
        for kind in NearMissKind
    }
    claims = WrongClaims.of(brief.red_flags, [criterion.id for criterion in criteria], embedder)
    flags, sound = claims.says, claims.sound
    missed = list(misses.values())
    return _Prepared(
        covers=covers,
        misses=misses,
        claims=claims,
        affirmed=affirmed(brief.red_flags, criteria, embedder),
        choices=Choices.of(case.choices, embedder),
        resolves=stacked([tension.resolved_by for tension in case.tensions]),
        asks=AskedFacts.of(case, embedder),
        words=_words(brief),
        topics=embedder.embed_content([subject_of(criterion) for criterion in criteria]),
        vocabulary=tuple(
            frozenset(stems(" ".join((criterion.name, criterion.description, *criterion.giveaways))))
            for criterion in criteria
        ),
        criterion_side=Discriminant.fitted(
            [covers.vectors, *(one.vectors for one in missed)],
            np.concatenate([covers.sides(OWN, other=OTHER), *(one.sides(MISSED, other=OTHER) for one in missed)]),
        ),
        by_words=WordNearness.fitted(
            [criterion.covers for criterion in criteria],
            [[miss.text for miss in criterion.near_misses] for criterion in criteria],
        ),
        sound_side=Discriminant.fitted(
            [covers.vectors, sound.vectors, *(one.vectors for one in missed), flags.vectors],
            np.concatenate(
                [
                    np.ones((len(covers.owners) + len(sound.owners), 1)),
                    -np.ones((sum(len(one.owners) for one in missed) + len(flags.owners), 1)),
                ]
            ),
        ),
    )


def _words(brief: Brief) -> frozenset[str]:
    """The words of everything that is said in a case or about it."""
    case = brief.case
    texts = [case.title, case.prompt]
    for criterion in brief.criteria:
        texts += [criterion.name, criterion.description, *criterion.covers, *criterion.giveaways]
        texts += [miss.text for miss in criterion.near_misses]
    texts += [text for flag in brief.red_flags for text in (*flag.says, *flag.sound)]
    texts += [text for choice in case.choices for text in (choice.label, *choice.says, *choice.unlike)]
    texts += [text for fact in case.facts for text in (fact.answer, *fact.asks)]
    return frozenset(word for text in texts for word in words_of(text) if word.isalpha())


def _mean(vectors: Sequence[Vectors], texts: Sequence[str]) -> Vectors:
    """The unit mean of the texts' unit vectors, weighted by their lengths."""
    if len(vectors) == 1:
        return vectors[0]
    mean = np.average(np.stack(vectors), axis=0, weights=[len(text) for text in texts])
    unit: Vectors = (mean / max(float(np.linalg.norm(mean)), _NO_LENGTH)).astype(np.float32)
    return unit


def _spelt(sentences: Sequence[str], prepared: _Prepared) -> list[str]:
    known = whole_words()
    return [mended(sentence, words=prepared.words, known=known) for sentence in sentences]


def _criteria(brief: Brief, head: Head, *, scores: Vectors, alone: Vectors) -> tuple[CriterionMatch, ...]:
    """What a sentence may cover, the likeliest first; both scores are of shape (criteria,)."""
    return tuple(
        CriterionMatch(
            criterion=brief.criteria[column].id,
            score=round(float(scores[column]), 4),
            alone=round(float(alone[column]), 4),
            credit=bool(scores[column] >= head.credit),
            doubt=True,
        )
        for column in np.argsort(-scores, kind="stable")
        if scores[column] >= head.doubt
    )


def _may_claim(sentence: str) -> bool:
    """Whether a sentence says enough to claim something; "let's go on with the framing" does not."""
    if _WONDERS.match(sentence) or _FINDS_OUT.match(sentence):
        return False
    if len(words_of(sentence)) <= _MOST_TO_NAVIGATE and _NAVIGATES.search(sentence):
        if STEP_NAME.search(sentence) or _OF_ML.search(sentence):
            return False
    meaning = [word for word in words_of(_FRAMING.sub(" ", sentence)) if word not in STOPWORDS]
    return len(words_of(sentence)) >= _FEWEST_WORDS and len(meaning) >= _FEWEST_WITH_MEANING


def _names(chosen: NDArray[np.bool_], scores: Vectors, ids: Sequence[str]) -> tuple[str, ...]:
    order = np.argsort(-scores, kind="stable")
    return tuple(ids[column] for column in order if chosen[column])
