"""Runs of words with content words masked, so that what is learnt of a turn holds for any case: "what _ if that _ is _"."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.speech import STOPWORDS, words_of

_SPOKEN_OUT = STOPWORDS | frozenset(
    """whether against without versus enough still instead rather exactly either both never always suppose imagine assume
    happens happen changes hurt break breaks fail fails wrong sure hold lose cost costs pay defend convince prove worry
    tell walk describe explain choose pick handle define measure know learn mean trust expect believe worth care last
    part section topic move turn begin start hint minutes time left""".split()
)  # fmt: skip


def masked_runs(text: str, where: str, *, longest: int) -> Iterator[str]:
    """The names of runs of one to `longest` words with content words masked, those of masks alone left out.

    Args:
        where: begins each name.
    """
    words = [_masked(word) for word in words_of(text.lower())]
    bounded = ["<", *words, ">"]
    for size in range(1, longest + 1):
        for start in range(len(bounded) - size + 1):
            run = bounded[start : start + size]
            if any(word not in "_<>" for word in run):
                yield f"{where}: {' '.join(run)}"


def _masked(word: str) -> str:
    if any(mark.isdigit() for mark in word):
        return "#"
    return word if word in _SPOKEN_OUT else "_"
