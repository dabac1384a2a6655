"""How likely it is that an interviewer does not say a sentence in its place: what it means, and how it stands there.

The rules of the guard know wordings; this knows what sentences are like, and weighs what the rules guess.
`evals/fit_manners.py` fits what the figures and the sentence's meaning are worth.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.kinds import Move
from app.domain.speech import sentences, stems
from app.domain.wordings import subject_of
from app.services.course import brings_up_other_things
from app.services.plain_words import content_of
from app.services.surroundings import Surroundings, requests_so_far

FIGURES = (
    "words of the turn",
    "new words",
    "share of new words",
    "brings up other things",
    "question mark",
    "words in all",
    "place in the reply",
    "the move asks nothing",
    "words of the answer",
    "words beyond the question",
    "rules that guess",
    "requests so far",
)
SPOKEN = ("the move's words", "the candidate's latest message")
CONTENT = ("its answers", "its questions", "its criterion", "its step", "other steps", "answers of the case")
MISPLACED, SUSPECTED = 0.7, 0.5
"""From the first on a sentence is turned down, from the second on where a rule guesses that it should be. Chosen by
cross-validation over writers (`evals/fit_manners.py`), where a curated wording counts less than a bad sentence."""


def figures_of(sentence: str, *, shown: Sequence[str], around: Surroundings, guessed: int) -> tuple[float, ...]:
    """How a sentence stands in its turn, in the order of `FIGURES`.

    Args:
        sentence: a model's, the candidate's own words in it masked.
        shown: the sentences of the same reply before it.
        around: the turn.
        guessed: how many rules guess that it breaks them.
    """
    content = content_of(sentence)
    new = len(content - around.vocabulary)
    beyond = stems(sentence) - around.asked_about
    answer = stems(" ".join(around.criterion.covers if around.criterion else ()))
    return (
        float(len(content) - new),
        float(new),
        new / max(1, len(content)),
        float(brings_up_other_things(sentence, shown, around)),
        float("?" in sentence),
        float(len(sentence.split())),
        float(len(shown)),
        float(around.directive.move in {Move.LISTEN, Move.HAND_OVER}),
        float(len(beyond & answer)),
        float(len(beyond)),
        float(guessed),
        float(requests_so_far(sentence, shown)),
    )


def spoken_near(around: Surroundings) -> tuple[tuple[str, ...], ...]:
    """What a sentence may be near to of what is said, in the order of `SPOKEN`."""
    latest = around.candidate[-1] if around.candidate else ""
    return ((around.directive.text,), tuple(span.text for span in sentences(latest)))


def content_near(around: Surroundings) -> tuple[tuple[str, ...], ...]:
    """What it may be near to of the case, in the order of `CONTENT`."""
    every, step = around.brief.criteria, around.directive.step
    own = (around.criterion,) if around.criterion else ()
    return (
        tuple(text for one in own for text in one.covers),
        tuple(text for one in own for text in one.probes),
        tuple(map(subject_of, own)),
        tuple(subject_of(one) for one in every if one.step is step),
        tuple(subject_of(one) for one in every if one.step is not step),
        tuple(text for one in every for text in one.covers),
    )


def misplaced(sentence: str, *, shown: Sequence[str], around: Surroundings, guessed: int) -> float | None:
    """The probability that no interviewer says it here; None where nobody knows how interviewers speak."""
    if around.manners is None:
        return None
    return around.manners.misplaced(
        sentence,
        spoken=spoken_near(around),
        content=content_near(around),
        figures=figures_of(sentence, shown=shown, around=around, guessed=guessed),
    )
