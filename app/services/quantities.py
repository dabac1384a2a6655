"""Finds the numbers in a text, in digits or in words, so that two texts can be compared by them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from app.domain.vocabulary import Frozen

_TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[A-Za-z_]\w*|%")
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
_TEENS = ("seventeen", "eighteen", "nineteen")
_WORDS: dict[str, float] = {
    **{word: float(value) for value, word in enumerate([*_UNITS, "fifteen", "sixteen", *_TEENS])},
    **{
        word: 10.0 * value
        for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
    },
}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "million": 1e6,
    "millions": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
    "billions": 1e9,
}
NUMBER_WORDS = frozenset([*_WORDS, *(word for word in _SCALES if len(word) > 2)])


class Quantity(Frozen):
    """A number as it stands in a text.

    Attributes:
        value: with its scale; 20,000,000 for "20 million".
        bare: without its scale; 20 for "20 million".
        telling: False for the small numbers of plain speech ("one question", "two of them", "step 3").
    """

    value: float
    bare: float
    telling: bool


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text, in order; ordinals and numbers inside of words ("F1") are none."""
    return list(_read(_TOKEN.findall(text)))


def values_of(texts: Iterable[str]) -> set[float]:
    """All numbers of some texts, with and without their scale."""
    return {number for text in texts for found in quantities(text) for number in (found.value, found.bare)}


def _read(tokens: list[str]) -> Iterator[Quantity]:
    place = 0
    while place < len(tokens):
        token = tokens[place].lower()
        in_digits = token[0].isdigit()
        after = tokens[place + 1].lower() if place + 1 < len(tokens) else ""
        if in_digits:
            bare = float(token.replace(",", ""))
        elif token in _WORDS:
            bare = _WORDS[token]
            if bare >= 20 and 0 < _WORDS.get(after, 0) < 10:
                bare += _WORDS[after]
                place += 1
        elif token in {"a", "an"} and len(after) > 2 and after in _SCALES:
            bare = 1.0
        else:
            place += 1
            continue
        place += 1
        value = bare
        while place < len(tokens) and tokens[place].lower() in _SCALES:
            value *= _SCALES[tokens[place].lower()]
            place += 1
        share = place < len(tokens) and tokens[place].lower() in {"%", "percent"}
        telling = share or value != bare or value > (3 if in_digits else 10)
        yield Quantity(value=round(value, 6), bare=round(bare, 6), telling=telling)
