"""Recognises a sentence that gives a criterion away in words of its own, without any of its terms.

What would earn a candidate credit must not be said by the interviewer first; so the matcher that reads the candidate
reads the model's sentences too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.catalog import Brief
from app.domain.speech import sentences
from app.ports import Matcher

Reveals = Callable[[tuple[str, ...], float], frozenset[str]]
"""The criteria that a text comes so near to."""

SAID = 0.35
"""From this score on a criterion counts as brought up by what was said before."""
FEWEST_WORDS = 8
"""Shorter sentences give nothing away but by their terms."""
REVEALED = 0.6
"""From this score on a sentence of the model's counts as saying it, set on the development half of `evals/guard`."""


def reveals_nothing(texts: tuple[str, ...], least: float) -> frozenset[str]:
    """Where there is no matcher."""
    return frozenset()


class Revealing:
    """Says which criteria of a case some texts come near to.

    Args:
        matcher: scores sentences against criteria.
        brief: the case.
    """

    def __init__(self, matcher: Matcher, brief: Brief) -> None:
        self._matcher = matcher
        self._brief = brief
        self._seen: dict[str, dict[str, float]] = {}

    def __call__(self, texts: tuple[str, ...], least: float) -> frozenset[str]:
        """The criteria that any sentence of the texts scores so high on."""
        spans = [span.text for text in texts for span in sentences(text)]
        self._read([text for text in dict.fromkeys(spans) if text not in self._seen])
        return frozenset(criterion for text in spans for criterion, score in self._seen[text].items() if score >= least)

    def _read(self, texts: Sequence[str]) -> None:
        for text, match in zip(texts, self._matcher.observe(self._brief, texts), strict=True):
            self._seen[text] = {found.criterion: found.score for found in match.criteria}
