"""Reads the numbers in a spoken answer: "1.2 billion", "Forty million", "half a million", "3,500"."""

from __future__ import annotations

import re

_ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[a-z]+|[,.;:]")
_PROPORTION = {"in", "of", "every", "per"}


def spoken_numbers(text: str) -> list[float]:
    """The numbers that a text says, in figures or in words, in their order.

    Fractions ("a third") are not read, nor is what a proportion is of ("one in two thousand").
    """
    words = _TOKEN.findall(text.lower())
    numbers: list[float] = []
    at = 0
    while at < len(words):
        start, number = at, 0.0
        word = words[at]
        if word[0].isdigit():
            number, at = float(word.replace(",", "")), at + 1
        elif word in _TENS:
            number, at = _TENS[word], at + 1
            if at < len(words) and 0 < _ONES.get(words[at], 0) < 10:
                number, at = number + _ONES[words[at]], at + 1
        elif word in _ONES:
            number, at = _ONES[word], at + 1
        elif word == "half" and words[at + 1 : at + 2] == ["a"] and _has_scale(words, at + 2):
            number, at = 0.5, at + 2
        elif word in {"a", "some"} and _has_scale(words, at + 1):
            number, at = 1.0, at + 1
        if at == start:
            at += 1
            continue
        while _has_scale(words, at):
            number, at = number * _SCALES[words[at]], at + 1
        if start == 0 or words[start - 1] not in _PROPORTION:
            numbers.append(number)
    return numbers


def _has_scale(words: list[str], at: int) -> bool:
    return at < len(words) and words[at] in _SCALES
