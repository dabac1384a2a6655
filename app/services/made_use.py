"""Finds what a candidate made of an answer: a later sentence with a number that was told, or that follows from such.

Whoever asks how many payments there are and later says what that many mean for the design has made something of the
answer, wherever in the interview that is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations

from app.domain.grading import rating_of, without_numbers
from app.domain.speech import stem, stems
from app.domain.vocabulary import Frozen
from app.services.quantities import NUMBER_WORDS, Quantity, quantities

_UNIT = re.compile(r"\d[ -](?:(?:thousand|million|billion)[ -])?([a-z]+)")
_NEAR = 0.02  # how far off a number in one's head may be, as a share
_LEAST_COMPUTED = 100
"""Below it too many numbers can be had from two others by chance."""
_UNMISTAKABLE = 1000
"""From here on a number that was told is known again, whatever it is said of."""
_SEVERAL = 2
_WORKED_OUT = 3  # of 4


class Told(Frozen):
    """An answer of the interviewer's to a question that was put in message `turn`, or in reply to it."""

    turn: int
    answer: str


class Sentence(Frozen):
    """A sentence of the candidate's that is no question, with its message."""

    turn: int
    text: str


def best_use(told: Iterable[Told], said: Iterable[Sentence]) -> Sentence | None:
    """The sentence that does most with the numbers that were told before it; None if none does anything.

    To name one number again is not enough: another must follow from it, or a reason be given, or several be held
    against each other.
    """
    answers = list(told)
    best: tuple[tuple[int, bool, int], Sentence] | None = None
    for sentence in said:
        worth = _worth(sentence.text, [each.answer for each in answers if each.turn < sentence.turn])
        if worth is not None and (best is None or worth > best[0]):
            best = worth, sentence
    return None if best is None else best[1]


def _worth(text: str, answers: Sequence[str]) -> tuple[int, bool, int] | None:
    """How many numbers follow from what was told, whether a reason is given, how many were told; None for no use."""
    used = [found for found in quantities(text) if found.telling]
    if not used or (rating_of([text]).rating or 0) < _WORKED_OUT:
        return None
    near = [found for answer in answers if _same_matter(answer, text) for found in quantities(answer)]
    told = near + [found for answer in answers for found in quantities(answer) if found.value >= _UNMISTAKABLE]
    direct = [found for found in used if any(each.telling and each.value == found.value for each in told)]
    rest = [found for found in used if found not in direct and found.value >= _LEAST_COMPUTED]
    computed = {found.value for found in rest if _follows(found.value, [*near, *direct])}
    reasoned = (rating_of([without_numbers(text)]).rating or 0) >= _WORKED_OUT
    named = {found.value for found in direct}
    if not computed and not (reasoned and named) and len(named) < _SEVERAL:
        return None
    return len(computed), reasoned, len(named)


def _same_matter(answer: str, text: str) -> bool:
    """Whether both speak of one thing: "20 milliseconds" is no use of "a fee of twenty dollars"."""
    shared = {word for word in stems(answer) & stems(text) if word not in NUMBER_WORDS and not word[0].isdigit()}
    return len(shared) >= _SEVERAL or any(stem(unit) in shared for unit in _UNIT.findall(text.lower()))


def _follows(value: float, known: Sequence[Quantity]) -> bool:
    """Whether two known numbers make it: their product, quotient or difference, a share of one, or what is left."""
    return any(
        abs(made - value) <= _NEAR * value
        for one, other in permutations(known, 2)
        if one.telling
        for made in _made(one.value, other.value)
    )


def _made(one: float, other: float) -> Iterator[float]:
    yield one * other
    yield one - other
    if other > 1:
        yield one / other
        yield one - one / other  # all but one in so many
        yield one * other / 100  # percent
        yield one * (1 - other / 100)
