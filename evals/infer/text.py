"""What the detectors ask of one text again and again, remembered: sentences, stems, the plain form, the word count."""

from __future__ import annotations

from functools import lru_cache

from app.domain import interview, speech

# Enough for what interviewers repeat; more would only keep what candidates said once.
_REMEMBERED = 8_192


@lru_cache(maxsize=_REMEMBERED)
def sentences(text: str) -> tuple[speech.Span, ...]:
    """The sentences of a text."""
    return tuple(speech.sentences(text))


@lru_cache(maxsize=_REMEMBERED)
def stems(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning."""
    return frozenset(speech.stems(text))


@lru_cache(maxsize=_REMEMBERED)
def normalise(text: str) -> str:
    """The text without case, punctuation and spacing."""
    return interview.normalise(text)


@lru_cache(maxsize=_REMEMBERED)
def spoken_words(text: str) -> int:
    """How many words a text has."""
    return len(speech.words_of(text))
