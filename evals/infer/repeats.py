"""Finds the turns in which an interviewer says again what it said before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from app.domain.speech import is_question, words_of
from app.ports import Embedder
from app.services import cues
from evals.infer.act_words import asks_interviewer
from evals.infer.questions import count_questions
from evals.infer.request_words import QUOTED
from evals.infer.text import normalise, sentences, stems
from evals.samples import Speaker, Turn

_LEAST_STEMS, _LEAST_WORDS = 3, 5
_SAME_WORDS = 0.6
# Two different probes of one criterion stay below; paraphrases of one question are mostly above (evals/dev).
_SAID_SO = 0.6
_AGAIN = re.compile(
    r"\b(?:(?:ask|asking|tell me|say|explain|describe|go (?:over|through|into)|talk(?: me| us)? (?:about|through)|walk me through|look at|discuss|cover|hear)\b[^.?!]{0,60}\b(?:again|once more|one more time|another time|a second time)|(?:once|one) more(?: time)?[,:]|again[,:]|^(?:so,? |and |okay,? )?again\b|(?<!\byou )(?:come|coming|came|go|going|circl\w+|get|getting|head|turn\w*|jump\w*) back (?:a little|a bit|to)|back to (?:my|the|our|what|how|where|this|that)|return(?:ing)? to\b|revisit(?:ing)? (?:the|this|that|my|your|our)\b|(?:as|like|what) i (?:asked|said) (?:before|earlier|already)|i (?:may|might) have asked|(?<!should )i(?:'ve| have) (?:already )?asked|asked (?:you )?(?:this|that) (?:before|already|earlier)|remind me|to repeat|repeat(?:ing)? (?:my|the|that)|(?:still|not) (?:clear|sure|have|see|got) [^.?!]{0,40}\b(?:on|about|sheet|list))\b",
    re.IGNORECASE | re.MULTILINE,
)
_SAME_MEANING, _CERTAIN = 0.80, 0.92


def find_repeats(turns: Sequence[Turn], *, embedder: Embedder | None) -> dict[int, float]:
    """How surely each interviewer's turn repeats an earlier one of its own, 0 to 1, where above 0.

    Compared are sentences that ask, and statements of five words or more; short phrases such as "Go on." do not
    count. A statement said again to a candidate who has just asked something does not count either: somebody who asks
    for a fact twice gets it twice from a good interviewer. A question said again always counts. Words that are
    quoted from the candidate tell nothing of where the interviewer goes ("people come back to a post").

    Args:
        embedder: finds paraphrases of questions; None leaves exact and near-exact repeats.
    """
    seen: list[tuple[str, frozenset[str]]] = []
    found: dict[int, float] = {}
    asked: list[tuple[int, str]] = []
    questions: dict[tuple[str, ...], list[tuple[str, ...]]] = {}  # by their last words
    wants_to_know = False
    for turn in turns:
        if turn.speaker is not Speaker.INTERVIEWER:
            wants_to_know = asks_interviewer(turn.content) or _lists_questions(turn.content)
            continue
        own: list[tuple[str, frozenset[str]]] = []
        own_questions: list[tuple[str, ...]] = []
        for span in sentences(turn.content):
            meaning = frozenset(stems(span.text))
            wording = _words(span.text)
            if count_questions(span.text) and len(wording) >= _LEAST_WORDS:
                if any(_ends_alike(wording, other) for other in questions.get(wording[-_LEAST_WORDS:], ())):
                    found[turn.index] = 1.0
                own_questions.append(wording)
            if len(meaning) < _LEAST_STEMS or len(wording) < _LEAST_WORDS:
                continue
            plain = normalise(span.text)
            strength = max((_alike(plain, meaning, *other) for other in seen), default=0.0)
            if strength and (count_questions(span.text) or not wants_to_know):
                found[turn.index] = max(strength, found.get(turn.index, 0.0))
            own.append((plain, meaning))
            if count_questions(span.text):
                if seen and _again(turn.content):
                    found[turn.index] = max(_SAID_SO, found.get(turn.index, 0.0))
                asked.append((turn.index, span.text))
        seen += own
        for wording in own_questions:
            questions.setdefault(wording[-_LEAST_WORDS:], []).append(wording)
    if embedder is not None and len(asked) > 1:
        for index, strength in _paraphrased(asked, embedder).items():
            found[index] = max(strength, found.get(index, 0.0))
    return found


@lru_cache(maxsize=8_192)
def _lists_questions(message: str) -> bool:
    """Whether a candidate says what he wants to know without a mark ("let me ask for daily users, posts a day")."""
    return any(cues.ASKS_FOR.match(span.text) or is_question(span) for span in sentences(message))


@lru_cache(maxsize=8_192)
def _again(text: str) -> bool:
    """Whether a turn says that it comes back to something."""
    return _AGAIN.search(QUOTED.sub("", text)) is not None


@lru_cache(maxsize=8_192)
def _words(text: str) -> tuple[str, ...]:
    return tuple(words_of(text))


def _ends_alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two questions are the same but for how one of them begins."""
    size = min(len(one), len(other))
    return one[-size:] == other[-size:]


def _alike(plain: str, meaning: frozenset[str], other: str, others: frozenset[str]) -> float:
    if plain == other:
        return 1.0
    sizes = len(meaning), len(others)
    if min(sizes) < _SAME_WORDS * max(sizes):  # however many they share
        return 0.0
    common = len(meaning & others)
    shared = common / (sum(sizes) - common)
    return min(1.0, 0.5 + (shared - _SAME_WORDS) * 1.25) if shared >= _SAME_WORDS else 0.0


def _paraphrased(asked: list[tuple[int, str]], embedder: Embedder) -> dict[int, float]:
    vectors = embedder.embed([text for _, text in asked])
    similar = vectors @ vectors.T
    found: dict[int, float] = {}
    for place, (index, _) in enumerate(asked):
        earlier = [float(similar[place, other]) for other in range(place) if asked[other][0] != index]
        best = max(earlier, default=0.0)
        if best >= _SAME_MEANING:
            strength = min(1.0, 0.4 + 0.6 * (best - _SAME_MEANING) / (_CERTAIN - _SAME_MEANING))
            found[index] = max(found.get(index, 0.0), strength)
    return found
