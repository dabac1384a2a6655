"""How likely it is that an interviewer does not say a sentence in its place: what it means, and how it stands there.

The rules of the guard know wordings; this knows what sentences are like, and is asked where a rule guesses.
`evals/fit_manners.py` fits what the figures and the sentence's meaning are worth.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.kinds import Move
from app.services.course import brings_up_other_things
from app.services.plain_words import content_of
from app.services.surroundings import Surroundings

FIGURES = (
    "words of the turn",
    "new words",
    "share of new words",
    "brings up other things",
    "question mark",
    "words in all",
    "place in the reply",
    "the move asks nothing",
)
SURELY_MISPLACED, SURELY_IN_PLACE = 0.8, 0.2
"""Chosen by cross-validation in `evals/fit_manners.py`: from the first on a sentence is turned down, below the second a
rule that guesses is overruled."""


def figures_of(sentence: str, *, shown: Sequence[str], around: Surroundings) -> tuple[float, ...]:
    """How a sentence stands in its turn, in the order of `FIGURES`.

    Args:
        sentence: a model's, the candidate's own words in it masked.
        shown: the sentences of the same reply before it.
        around: the turn.
    """
    content = content_of(sentence)
    new = len(content - around.vocabulary)
    return (
        float(len(content) - new),
        float(new),
        new / max(1, len(content)),
        float(brings_up_other_things(sentence, shown, around)),
        float("?" in sentence),
        float(len(sentence.split())),
        float(len(shown)),
        float(around.directive.move in {Move.LISTEN, Move.HAND_OVER}),
    )


def misplaced(sentence: str, *, shown: Sequence[str], around: Surroundings) -> float | None:
    """The probability that no interviewer says it here; None where nobody knows how interviewers speak."""
    if around.manners is None:
        return None
    figures = figures_of(sentence, shown=shown, around=around)
    return around.manners.misplaced(sentence, curated=around.directive.text, figures=figures)
