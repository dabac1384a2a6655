"""Recognises what a candidate says by nearness to a case's own example sentences.

For each criterion a sentence is compared with sentences that cover it, with their centre, and with
near-misses of each kind that do not, by meaning and by words; a fitted head over these similarities and a
few features of the sentence itself gives the score. `evals/fit_matcher.py` fits the head and chooses its
two thresholds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.adapters.asked_facts import AskedFacts, bare
from app.adapters.discriminant import Discriminant
from app.adapters.embedding import whole_words
from app.adapters.examples import Examples, Nearest
from app.adapters.matcher_head import Head, fitted_head, in_surroundings
from app.adapters.sound_words import SoundWords, fitted_sound_words
from app.adapters.spelling import mended
from app.adapters.word_nearness import MISSED, OTHER, OWN, WORD_FEATURES, WordNearness, lead
from app.adapters.wrong_claims import WhatIsKnown, WrongClaims, fitted_claims_head, surely_made, within_reach
from app.domain.catalog import Brief
from app.domain.rejecting import weighing
from app.domain.rubric import NearMissKind
from app.domain.speech import STOPWORDS, negated, stems, words_of
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
# Choices have no labelled sentences yet; these were set on the calibration files.
_CHOICE, _CHOICE_OVER_UNLIKE, _CHOICE_CENTRE_LAG = 0.62, 0.05, 0.03
_CHOICE_IN_ITS_WORDS, _ITS_WORDS = 0.52, 2
_FEWEST_WORDS = 6
# A whole sentence that is at least this near bears out what a clause of it chooses.
_NEAR_CHOICE = 0.50
# What a sentence turns down is looked for from this nearness to a wrong claim on.
_MAY_REJECT = 0.50
# Of the choices found in the calibration sentences, most of those under the first centre were not made there; over the
# other pair hardly one was taken for its opposite.
_CHOICE_CENTRE = 0.50
_SURE_CHOICE, _SURE_CENTRE = 0.60, 0.60
_SAME_CHOICE = 0.80
_RESOLVES = 0.62


@dataclass(frozen=True)
class _Prepared:
    covers: Examples
    misses: dict[NearMissKind, Examples]
    claims: WrongClaims
    choices: Examples
    unlike: Examples
    resolves: Examples
    asks: AskedFacts
    topics: Vectors
    vocabulary: tuple[frozenset[str], ...]
    criterion_side: Discriminant
    sound_side: Discriminant
    by_words: WordNearness
    choice_words: tuple[frozenset[str], ...]
    words: frozenset[str]


class ExampleMatcher:
    """The built-in matcher (Matcher port). Holds the vectors of the cases it has met."""

    def __init__(
        self,
        embedder: ContentEmbedder,
        *,
        head: Head | None = None,
        sound_words: SoundWords | None = None,
        claims_head: Head | None = None,
    ) -> None:
        self._embedder = embedder
        self._head = head
        self._claims_head = claims_head
        self._sound_words = sound_words
        self._prepared: dict[str, _Prepared] = {}

    def prepare(self, brief: Brief) -> None:
        """Embed a case's sentences now, so that the first turn does not wait for it."""
        self._of(brief)

    def observe(self, brief: Brief, sentences: Sequence[str], *, within: Sequence[str] = ()) -> list[SentenceMatch]:
        """One match per sentence; what it covers is weighed in the text that it stands in."""
        if not sentences:
            return []
        prepared, head = self._of(brief), self._head or fitted_head()
        sentences = _spelt(sentences, prepared)
        vectors = self._embedder.embed(list(sentences))
        features = self._features(prepared, sentences, vectors)
        alone = head.scores(features)
        scores = in_surroundings(alone, self._around(brief, within)) if within else alone
        flags = prepared.claims.says.nearest(vectors)
        claims = self._claims_head or fitted_claims_head()
        known = _known(features, alone)
        made = claims.scores(prepared.claims.features(sentences, vectors, known, flags))
        made = np.where(within_reach(flags.first), made, 0.0)
        sure = surely_made(flags.first, prepared.claims.sound.nearest(vectors).first, known.covers)
        made = np.where(sure, np.maximum(made, claims.credit), made)
        choices, unlike = prepared.choices.nearest(vectors), prepared.unlike.nearest(vectors).first
        resolves = prepared.resolves.nearest(vectors).first
        rejected = self._rejected(prepared, sentences, flags)
        matches = []
        for row, sentence in enumerate(sentences):
            denies = negated(sentence)
            enough = len(words_of(sentence)) >= _FEWEST_WORDS
            flagged = (made[row] >= claims.credit) & enough & ~rejected[row]
            near_flag = (made[row] >= claims.doubt) & ~rejected[row]
            own = stems(sentence)
            in_words = np.array([len(own & words) >= _ITS_WORDS for words in prepared.choice_words], dtype=np.bool_)
            near = (choices.first[row] >= _CHOICE) | (in_words & (choices.first[row] >= _CHOICE_IN_ITS_WORDS))
            chosen = near & (choices.first[row] - unlike[row] >= _CHOICE_OVER_UNLIKE)
            chosen &= choices.denies[row] | (not denies)
            chosen &= choices.centre[row] >= choices.centre[row].max(initial=0.0) - _CHOICE_CENTRE_LAG
            chosen &= choices.centre[row] >= _CHOICE_CENTRE
            near_choice = (choices.first[row] >= _NEAR_CHOICE) & (choices.first[row] >= unlike[row])
            near_choice = chosen | (near_choice & (choices.centre[row] >= _CHOICE_CENTRE))
            sure = (choices.first[row] >= _SURE_CHOICE) & (choices.centre[row] >= _SURE_CENTRE)
            sure = chosen & (sure | (choices.first[row] >= _SAME_CHOICE))
            matches.append(
                SentenceMatch(
                    criteria=tuple(
                        CriterionMatch(
                            criterion=brief.criteria[column].id,
                            score=round(float(scores[row, column]), 4),
                            alone=round(float(alone[row, column]), 4),
                            credit=bool(scores[row, column] >= head.credit),
                            doubt=True,
                        )
                        for column in np.argsort(-scores[row], kind="stable")
                        if scores[row, column] >= head.doubt
                    ),
                    flags=_names(flagged, made[row], [flag.id for flag in brief.red_flags]),
                    near_flags=_names(near_flag, made[row], [flag.id for flag in brief.red_flags]),
                    choices=_names(chosen, choices.first[row], [choice.id for choice in brief.case.choices]),
                    near_choices=_names(near_choice, choices.first[row], [one.id for one in brief.case.choices]),
                    sure_choices=_names(sure, choices.first[row], [one.id for one in brief.case.choices]),
                    resolves=_names(resolves[row] >= _RESOLVES, resolves[row], [one.id for one in brief.case.tensions]),
                )
            )
        return matches

    def _around(self, brief: Brief, within: Sequence[str]) -> Vectors:
        """Scores of shape (sentences, criteria) of the text around each; what several share is looked at once."""
        texts = list(dict.fromkeys(within))
        places = {text: place for place, text in enumerate(texts)}
        return self.scores(brief, texts)[[places[text] for text in within]]

    def _rejected(self, prepared: _Prepared, sentences: Sequence[str], flags: Nearest) -> NDArray[np.bool_]:
        """Wrong claims that a sentence does not make, as what it rejects is nearer to them than what it upholds.

        Where it turns down the one that it is nearest to, it makes none of the others in its place.
        """
        found = np.zeros(flags.first.shape, dtype=np.bool_)
        for row, sentence in enumerate(sentences):
            weighed = weighing(sentence) if (flags.first[row] >= _MAY_REJECT).any() else None
            if weighed is None:
                continue
            sides = prepared.claims.says.nearest(
                self._embedder.embed([weighed.rejected, weighed.kept or weighed.rejected])
            )
            if weighed.kept:
                found[row] = sides.first[0] > sides.first[1]
            else:  # "a separate validation set is pointless" turns down what is sound
                found[row] = ~flags.rejects[row]
            found[row] |= found[row, flags.first[row].argmax()]
        return found

    def scores(self, brief: Brief, sentences: Sequence[str]) -> Vectors:
        """Every sentence against every criterion: shape (sentences, criteria), each 0 to 1."""
        return (self._head or fitted_head()).scores(self.features(brief, sentences))

    def features(self, brief: Brief, sentences: Sequence[str]) -> NDArray[np.float64]:
        """Shape (sentences, criteria, features), in the order of `FEATURES`."""
        prepared = self._of(brief)
        sentences = _spelt(sentences, prepared)
        return self._features(prepared, sentences, self._embedder.embed(list(sentences)))

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
        sentences = _spelt(sentences, prepared)
        vectors = self._embedder.embed(list(sentences))
        features = self._features(prepared, sentences, vectors)
        known = _known(features, (self._head or fitted_head()).scores(features))
        return prepared.claims.features(sentences, vectors, known, prepared.claims.says.nearest(vectors))

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
        choices=stacked([choice.says for choice in case.choices]),
        unlike=stacked([choice.unlike for choice in case.choices]),
        resolves=stacked([tension.resolved_by for tension in case.tensions]),
        asks=AskedFacts.of(case, embedder),
        words=_words(brief),
        topics=embedder.embed_content([subject_of(criterion) for criterion in criteria]),
        choice_words=tuple(_recurring((choice.label, *choice.says)) for choice in case.choices),
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


def _known(features: NDArray[np.float64], scores: Vectors) -> WhatIsKnown:
    """What the criteria say of sentences, from the features and the scores."""
    column = {name: features[:, :, place] for place, name in enumerate(FEATURES)}
    return WhatIsKnown(
        covers=column["nearest cover"],
        wrong=column["wrong near-miss"],
        negated=column["negated near-miss"],
        vague=column["vague near-miss"],
        scores=scores,
        sound_words=column["sound of the words"][:, 0],
        sound_side=column["side of what is sound"][:, :1],
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


def _spelt(sentences: Sequence[str], prepared: _Prepared) -> list[str]:
    known = whole_words()
    return [mended(sentence, words=prepared.words, known=known) for sentence in sentences]


def _recurring(texts: Sequence[str]) -> frozenset[str]:
    """Stems that several of the texts share: the words by which a thing is called."""
    counts = Counter(stem for text in texts for stem in stems(text))
    return frozenset(stem for stem, times in counts.items() if times > 1)


def _names(chosen: NDArray[np.bool_], scores: Vectors, ids: Sequence[str]) -> tuple[str, ...]:
    order = np.argsort(-scores, kind="stable")
    return tuple(ids[column] for column in order if chosen[column])
