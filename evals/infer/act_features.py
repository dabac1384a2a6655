"""What an interviewer's turn shows of its act: where it stands, how it is put, and its little words.

Content words are masked, so that what is learnt of a question holds for any case: "what _ if that _ is _".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np

from app.domain.speech import words_of
from app.domain.vocabulary import Frozen, Step
from app.ports import Embedder, Vectors
from evals.infer.act_words import (
    CHALLENGE,
    GUSHES,
    HINT,
    LISTENING,
    OFFERS,
    STRONG_HINT,
    WANTS_HINT,
    WHERE_NEXT,
    answers,
    asks_interviewer,
    begs,
    confronts,
    is_content,
    praises,
    praises_at_length,
    speaks_of_time,
)
from evals.infer.masked_runs import masked_runs
from evals.infer.meaning import message_vector
from evals.infer.questions import count_questions
from evals.infer.step_features import NOW, POINTS_BACK, YOU_SAID, after_lead_in
from evals.infer.step_words import MOVES_ON, announces_step, named_step, step_words
from evals.infer.text import sentences, spoken_words, stems
from evals.samples import Turn


class Surroundings(Frozen):
    """What an act is judged by, beside the turn's own words.

    Attributes:
        before: the candidate's message right before it; empty where there is none.
        step: where the turn leaves the candidate; None while that is not known.
        previous: where the turn before it left them.
        candidate_moved: the candidate's message before it speaks of the new step already.
    """

    before: str = ""
    step: Step | None = None
    previous: Step | None = None
    candidate_moved: bool = False


_I = re.IGNORECASE
OPENS, PRAISES_WRONG = "opens step", "praises what is wrong"
_LENGTHS = (8, 20, 38, 60, 100)
_THIN_ANSWER = 14
_SHORT_QUESTION = 6
_GRAMS = 3
_REMEMBERED = 8_192
_OPEN_QUESTION = re.compile(r"\b(?:how|what|which)\b[^?]{0,20}\b(?:would|do|will|did) you\b", _I)
_TELL_ME = re.compile(r"\b(?:(?:walk|talk|take|tell) (?:me|us)|describe|explain)\b", _I)
_DENIED = re.compile(r"n't\b|\b(?:not|never|without)\b", _I)
_IF = re.compile(r"\b(?:if|when)\b", _I)
_WHY = re.compile(r"\bwhy\b", _I)


def opens_step(turn: Turn, around: Surroundings, asked: int) -> bool:
    """Whether a turn asks about a step that it is the first to come to."""
    if around.step is None or around.step == around.previous or not asked:
        return False
    return not around.candidate_moved or MOVES_ON.search(turn.content) is not None


def act_features(turn: Turn, around: Surroundings, *, praises_wrong: Callable[[], bool]) -> frozenset[str]:
    """The names of what a turn shows: its signs, and runs of its words with content words masked.

    Args:
        praises_wrong: whether what the candidate said before is wrong; asked only where the turn praises.
    """
    shown = signs(turn, around, praises_wrong=praises_wrong)
    return _runs(turn.content).union(name for name, shows in shown.items() if shows)


def act_vectors(turn: Turn, around: Surroundings, embedder: Embedder) -> Vectors:
    """What tells of an act by its meaning: the turn, its last and its first sentence, and the message before it.

    Shape (4, dimension).
    """
    spans = [span.text for span in sentences(turn.content)] or [turn.content]
    own = embedder.embed([text or " " for text in (turn.content, spans[-1], spans[0])])
    return np.vstack([own, message_vector(around.before, embedder)])


@lru_cache(maxsize=_REMEMBERED)
def _runs(text: str) -> frozenset[str]:
    """Runs of words of the last question, or else of the last sentence, and of the first statement."""
    questions, statements = _parted(text)
    found: set[str] = set()
    if questions:
        found.update(masked_runs(questions[-1], "asks", longest=_GRAMS))
    elif statements:
        found.update(masked_runs(statements[-1], "ends", longest=_GRAMS - 1))
    if statements:
        found.update(masked_runs(statements[0], "begins", longest=_GRAMS - 1))
    return frozenset(found)


def signs(turn: Turn, around: Surroundings, *, praises_wrong: Callable[[], bool]) -> dict[str, bool]:
    """Every sign by its name, and whether a turn shows it; arguments as of `act_features`."""
    return {
        **_place(turn, around),
        **_wording(turn.content),
        **_answering(turn.content, around.before),
        **_praising(turn, around, praises_wrong),
    }


@lru_cache(maxsize=_REMEMBERED)
def _parted(text: str) -> tuple[list[str], list[str]]:
    """The sentences that ask, with a mark or without ("walk me through it"), and the others."""
    spans = [span.text for span in sentences(text)]
    asking = [each.endswith("?") or count_questions(each) > 0 for each in spans]
    return (
        [each for each, asks in zip(spans, asking, strict=True) if asks],
        [each for each, asks in zip(spans, asking, strict=True) if not asks],
    )


def _place(turn: Turn, around: Surroundings) -> dict[str, bool]:
    """How a turn stands to the steps."""
    text, asks = turn.content, count_questions(turn.content) > 0
    changed, named, words = around.step != around.previous, named_step(text), step_words(text)
    moves = MOVES_ON.search(text) is not None
    return {
        "step changed": changed,
        "candidate moved": around.candidate_moved,
        "step changed by candidate": changed and around.candidate_moved,
        "asks on changed step": changed and asks,
        OPENS: opens_step(turn, around, count_questions(text)),
        "ends by asking on changed step": changed and asks and text.rstrip().endswith("?"),
        "moves on": moves,
        "moves on without asking": moves and not asks,
        "announces step": announces_step(text),
        "names a step": named is not None,
        "names its step": named is not None and named is around.step,
        "words of its step": around.step is not None and words[around.step.number - 1] > 0,
        "words of a step": max(words) > 0,
        "asks where next": WHERE_NEXT.search(text) is not None,
        "says now": NOW.search(text) is not None,
        "time": speaks_of_time(text),
    }


@lru_cache(maxsize=_REMEMBERED)
def _wording(text: str) -> Mapping[str, bool]:
    """How a turn is put."""
    questions, statements = _parted(text)
    asked, stated = count_questions(text), sum(len(each.split()) for each in statements)
    last = questions[-1] if questions else ""
    count = len(questions) + len(statements)
    confronting, challenging, rest = confronts(text), CHALLENGE.search(text) is not None, after_lead_in(text)
    return {
        "asks": asked > 0,
        "asks nothing": asked == 0,
        "asks several": asked > 1,
        "asks without mark": asked > 0 and "?" not in text,
        "ends in question": text.rstrip().endswith("?"),
        "short question": bool(questions) and len(words_of(last)) <= _SHORT_QUESTION,
        "states nothing": stated == 0,
        **{f"states over {length}": stated >= length for length in _LENGTHS},
        "one sentence": count == 1,
        "two sentences": count == 2,
        "more sentences": count > 2,
        "states figures": any(mark.isdigit() for each in statements for mark in each),
        "states something": is_content(" ".join(statements)),
        "challenges": challenging,
        "challenges by question": challenging and asked > 0,
        "confronts": confronting,
        "confronts without moving on": confronting and MOVES_ON.search(text) is None,
        "points back": POINTS_BACK.search(rest) is not None,
        "quotes": YOU_SAID.search(text) is not None,
        "why": _WHY.search(text) is not None,
        "denies in question": _DENIED.search(last) is not None,
        "if in question": _IF.search(last) is not None,
        "how would you": _OPEN_QUESTION.search(text) is not None,
        "tell me": _TELL_ME.search(text) is not None,
        "hints": HINT.search(text) is not None,
        "hints without asking": asked == 0 and HINT.search(text) is not None,
        "hints plainly": STRONG_HINT.search(text) is not None,
        "offers hint": OFFERS.search(text) is not None,
        "listens": LISTENING.match(text) is not None,
    }


def _answering(text: str, before: str) -> dict[str, bool]:
    """How a turn stands to what the candidate said or asked right before."""
    _, statements = _parted(text)
    asks, wanted = count_questions(text) > 0, asks_interviewer(before)
    own, said = stems(text), stems(before)
    begged = begs(before)
    return {
        "candidate asked": wanted,
        "candidate asked, and asks back": wanted and asks,
        "candidate asked, nothing asked back": wanted and not asks,
        "answers": wanted and answers(text),
        "answers at length": wanted and sum(len(each.split()) for each in statements) > _LENGTHS[-1],
        "candidate begged": begged,
        "candidate begged, nothing asked back": begged and not asks,
        "candidate stuck": WANTS_HINT.search(before) is not None,
        "own words only": not own & said,
        "shares half its words": 2 * len(own & said) >= max(1, len(own)),
        "long message before": spoken_words(before) >= _LENGTHS[2],
    }


def _praising(turn: Turn, around: Surroundings, praises_wrong: Callable[[], bool]) -> dict[str, bool]:
    """How a turn praises, and what."""
    text, asked = turn.content, count_questions(turn.content)
    gushes = GUSHES.search(text) is not None
    lauds = gushes or praises(text)
    return {
        "praises": praises(text),
        "gushes": gushes,
        "gushes over little": gushes and spoken_words(around.before) <= _THIN_ANSWER,
        PRAISES_WRONG: lauds and bool(around.before) and praises_wrong(),
        "praises at length": praises_at_length(text),
        "praises without asking": lauds and asked == 0,
        "praises and opens step": lauds and opens_step(turn, around, asked),
    }
