"""Mends slips of the keyboard before a sentence is compared: people type fast in an interview.

Only a word that neither the case nor the embedder's own list of whole words knows is looked at, and it is
changed only into a word of the case that is one slip away. What is quoted stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_lowercase

_WORD = re.compile(r"[A-Za-z]{5,}")


def mended(text: str, *, words: frozenset[str], known: frozenset[str]) -> str:
    """The text with slips mended.

    Args:
        text: what was typed.
        words: words of the case, in lower case; only these are put in the place of others.
        known: further words that are right as they are.
    """

    def mend(match: re.Match[str]) -> str:
        word = match.group().lower()
        if word in words or word in known:
            return match.group()
        return next((slip for slip in _one_slip_away(word) if slip in words), match.group())

    return _WORD.sub(mend, text)


def _one_slip_away(word: str) -> Iterator[str]:
    """Words from which one slip leads here, the commonest slips first: swapped, extra, left out, replaced."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    yield from (left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1)
    yield from (left + right[1:] for left, right in cuts if right)
    yield from (left + letter + right for left, right in cuts for letter in ascii_lowercase)
    yield from (left + letter + right[1:] for left, right in cuts if right for letter in ascii_lowercase)
