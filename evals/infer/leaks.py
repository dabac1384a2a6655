"""Finds the sentences of an interviewer that give an answer away.

Two signs, each on text from any product: a give-away term of a criterion that the candidate has not said, no hint has
released and the case does not state in public (the guard's rule), the plainer the more it is advised; and a statement
that means what covers a criterion, in words that are new to the dialogue, and is no nearer to a curated question or a
fact of the case. What a curated interviewer may say word for word is no leak.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from app.domain.speech import Span, words_of
from app.domain.vocabulary import Frozen
from app.ports import ContentEmbedder
from app.services.tells import shows
from evals.infer.case_words import LONGEST_TERM, CaseWords, forms_of
from evals.infer.text import normalise, sentences, stems
from evals.samples import Speaker, Turn

_QUOTED = re.compile(r"[\"“][^\"“”]{1,400}[\"”]")
_SUGGESTS = re.compile(
    r"\b(?:have you (?:thought|considered|looked)|wouldn't (?:you|it|a|an|the)|shouldn't|don't you think|couldn't you"
    r"|why not|what about \w+ing|how about|isn't (?:it|the)|would(?:n't)? it (?:help|be better)|could you (?:use|not)"
    r"|could it be that)\b",
    re.IGNORECASE,
)
_DIRECTS = re.compile(
    r"\b(?:should|need to|have to|must|ought to|best|better|works? (?:well|best|better|really)|the (?:answer|trick|key|idea|way|right)"
    r"|you (?:can|could|would|want)|i(?:'d| would)|typically|usually|normally|standard|in practice|industry|common(?:ly)?"
    r"|most (?:teams|companies|people)|use|using|instead|so that|because|which means)\b",
    re.IGNORECASE,
)
# Where a statement begins to tell, and where it tells plainly, by its nearness to what covers a criterion.
NEAR, SURE = 0.50, 0.72
_LEAST_WORDS, _NEW_WORDS = 7, 3
# How plainly a give-away term tells where no advice goes with it: several words, or one that a hint asks about; one word
# that is asked about, or said; any in a fact that the candidate asked for. Tuned on the planted leaks of the tuning half,
# and held against what authors call a leak in their odd interviews; from .5 on a turn counts as one.
_TERM, _WORD_ASKED, _WORD_SAID, _IN_ANSWER = 0.7, 0.4, 0.5, 0.1
# What is added to the nearness of a statement that advises, and of one that does not.
_ADVISES, _STATES = 0.03, -0.12
_BY_WORDS_ALONE, _SHARED = 0.5, 4


class Leak(Frozen):
    """A sentence that gives something away.

    Attributes:
        weight: how plainly, above 0 to 1.
        term: the give-away term in it, if it was found by one.
    """

    index: int
    sentence: str
    weight: float
    term: str | None = None


class _Known:
    """What was said so far: its forms in order, and its stems."""

    def __init__(self) -> None:
        self._forms = " "
        self.stems: set[str] = set()

    def hear(self, text: str) -> None:
        self._forms += f"{' '.join(forms_of(text))} | "
        self.stems |= stems(text)

    def says(self, run: tuple[str, ...]) -> bool:
        return f" {' '.join(run)} " in self._forms


def find_leaks(
    turns: Sequence[Turn],
    *,
    words: CaseWords,
    exempt: frozenset[int],
    answers: frozenset[int],
    hints: frozenset[int],
    embedder: ContentEmbedder | None,
) -> list[Leak]:
    """All leaks, in order.

    Args:
        turns: both sides.
        exempt: indexes of turns that may say anything: opening and closing.
        answers: indexes of answers to clarifying questions, which state facts.
        hints: indexes of hints; what they say is released for later turns.
        embedder: None goes by words alone, which finds less.
    """
    known, found = _Known(), list[Leak]()
    doubtful: list[tuple[int, str, bool]] = []
    for turn in turns:
        if turn.speaker is Speaker.CANDIDATE:
            known.hear(turn.content)
            continue
        if turn.index not in exempt:
            for span in sentences(_QUOTED.sub("that", turn.content)):
                plain = normalise(span.text)
                if plain in words.allowed:
                    continue
                term = _term_in(span.text, words, known)
                asks = span.text.rstrip("\"') ").endswith("?")
                if term is not None:
                    weight = _weight_of_term(
                        term, span=span, asks=asks, answers=turn.index in answers, hints=turn.index in hints
                    )
                    found.append(Leak(index=turn.index, sentence=span.text, weight=weight, term=term))
                elif plain in words.bottom_outs:
                    found.append(Leak(index=turn.index, sentence=span.text, weight=1.0))
                elif turn.index not in answers and _may_tell(span, asks, known, words):
                    if turn.index in hints and not _advises(span.text):
                        continue  # a hint may point at the subject
                    doubtful.append((turn.index, span.text, asks))
        if turn.index in hints:
            known.hear(turn.content)
    found += _by_meaning(doubtful, words, embedder)
    return sorted(found, key=lambda leak: leak.index)


def _weight_of_term(term: str, *, span: Span, asks: bool, answers: bool, hints: bool) -> float:
    suggests = _SUGGESTS.search(span.text) is not None
    if asks and not suggests:
        return _TERM if hints or " " in term else _WORD_ASKED
    if answers and not suggests and not shows("advice", span.text):
        return _IN_ANSWER
    if suggests or _advises(span.text):
        return 1.0
    return _TERM if " " in term else _WORD_SAID


def _advises(sentence: str) -> bool:
    return _DIRECTS.search(sentence) is not None or shows("advice", sentence)


def _term_in(sentence: str, words: CaseWords, known: _Known) -> str | None:
    forms = forms_of(sentence)
    begins = [at for at, form in enumerate(forms) if form in words.first_of_terms]
    for size in range(1, LONGEST_TERM + 1):
        for at in begins:
            run = tuple(forms[at : at + size])
            if len(run) == size and run in words.terms and not known.says(run):
                return " ".join(run)
    return None


def _may_tell(span: Span, asks: bool, known: _Known, words: CaseWords) -> bool:
    """Whether a sentence states or suggests something in words that are new."""
    if span.words < _LEAST_WORDS or (asks and not _SUGGESTS.search(span.text)):
        return False
    own = stems(span.text)
    new = own - known.stems - words.public_stems
    return len(new) >= _NEW_WORDS and len(new) >= 0.4 * len(own)


def _by_meaning(
    doubtful: list[tuple[int, str, bool]], words: CaseWords, embedder: ContentEmbedder | None
) -> list[Leak]:
    if not doubtful:
        return []
    if embedder is None:
        return [
            Leak(index=index, sentence=text, weight=_BY_WORDS_ALONE)
            for index, text, _ in doubtful
            if _advises(text) and any(len(stems(text) & cover) >= _SHARED for cover in words.covering_stems)
        ]
    vectors = embedder.embed([text for _, text, _ in doubtful])
    near = (vectors @ words.answers.T).max(axis=1)
    harmless = np.maximum((vectors @ words.asking.T).max(axis=1), (vectors @ words.facts.T).max(axis=1))
    found = []
    for (index, text, _), tells, tells_nothing in zip(doubtful, near, harmless, strict=True):
        strength = (float(tells) + (_ADVISES if _advises(text) else _STATES) - NEAR) / (SURE - NEAR)
        if strength > 0 and tells > tells_nothing and len(words_of(text)) >= _LEAST_WORDS:
            found.append(Leak(index=index, sentence=text, weight=round(min(1.0, 0.3 + 0.7 * strength), 3)))
    return found
