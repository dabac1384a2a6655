"""How a grader model's rating enters the scorecard: one explicit rule that a model cannot bend.

The built-in reading stays the anchor, and the grader moves it by one level at most:

* A criterion that the matcher credited: the grader's rating counts, at most one above and one below the
  built-in rating. "Nothing shown" counts as one below.
* One that the matcher did not credit: the grader's rating counts, up to 3, if the matcher at least doubts one of
  its quotes (its do-not-ask threshold, which is there to miss little). Otherwise the quote is shown as
  uncertain and earns nothing.
* What could not be graded keeps the built-in rating, and says so.
* The caps of level and hints, taken from when each quote was said, hold for the grader's rating too; a wrong
  claim left standing stays a 1.

* If for most of what it credits the matcher does not even doubt the quotes, none of its ratings enter.

So a model that does whatever a candidate's text tells it can lift no more than one level on what was really
said, and nothing on what was not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.grades import CriterionGrade
from app.domain.levels import LevelRules
from app.domain.scorecard import (
    BuiltinReading,
    CriterionScore,
    GradedReading,
    Quote,
    Status,
    Weighed,
    ceiling,
    next_level,
)
from app.domain.vocabulary import Frozen, Level

BESIDE_THE_POINT = "most of its quotes do not bear on the points that it gave them for"
_MOST_IN_DOUBT = 3
_LEAST_RATED = 6
_LEAST_SUPPORTED = 0.5


class Reading(Frozen):
    """What a grader made of one criterion, as it stands after its quotes were checked.

    Attributes:
        quotes: those that stand in the candidate's messages, with their provenance.
        supported: whether the matcher at least doubts one of them.
    """

    grade: CriterionGrade
    quotes: tuple[Quote, ...] = ()
    supported: bool = False

    def discarded(self) -> Reading:
        """The same without effect."""
        return Reading(grade=CriterionGrade(criterion=self.grade.criterion, problem=BESIDE_THE_POINT))


def credible(readings: Iterable[Reading]) -> bool:
    """Whether a grader's readings as a whole may be used.

    Of six or more that it rates 2 or better the matcher must support half. The matcher's do-not-ask threshold is set
    for a recall of .85, so a grader that reads what is there stays far above; one that was told to credit
    everything quotes the same few sentences for all of it and stays far below.
    """
    rated = [reading for reading in readings if (reading.grade.rating or 0) >= 2]
    return len(rated) < _LEAST_RATED or sum(one.supported for one in rated) >= _LEAST_SUPPORTED * len(rated)


def combine(
    line: CriterionScore,
    reading: Reading,
    *,
    weighed: Weighed,
    level: Level,
    rules: LevelRules,
) -> CriterionScore:
    """A line of the scorecard with the grader's reading in it, both kept apart beside the result.

    Args:
        line: as the built-in rating has it.
        reading: the grader's.
        weighed: what the built-in rating was made from.
        level: the level that is scored for.
        rules: `rubrics/levels.yaml`.
    """
    grade, quotes = reading.grade, reading.quotes
    kept = line.model_copy(
        update={
            "builtin": BuiltinReading(rating=line.rating, reason=line.reason),
            "graded": GradedReading(
                reason=grade.reason,
                rating=grade.rating,
                votes=grade.votes,
                evidence=quotes,
                problem=grade.problem or None,
            ),
        }
    )
    if grade.problem:
        return _saying(kept, f"Not graded ({grade.problem}); this is the built-in rating.")
    if weighed.wrong or (line.rating is None and (grade.rating or 0) < 2):
        return kept
    if line.rating is None and not reading.supported:
        said = f"The grader gives it {grade.rating} for words in which the matcher does not find it; not credited."
        if line.uncertain is None:
            kept = kept.model_copy(update={"uncertain": quotes[0].quote, "reason": ""})
        return _saying(kept, said)
    most = ceiling(quotes, weighed=weighed, level=level, rules=rules)
    if line.rating is None:
        rating = min(grade.rating or 0, most, _MOST_IN_DOUBT)
    else:
        wanted = grade.rating if grade.rating is not None else line.rating - 1
        wanted = min(wanted, max(most, line.rating))
        rating = max(1, line.rating - 1, min(wanted, line.rating + 1))
    rated = _rated(kept, rating, grade=grade, quotes=quotes)
    return rated.model_copy(update={"next_level": next_level(weighed.criterion, rating)})


def _rated(line: CriterionScore, rating: int, *, grade: CriterionGrade, quotes: Sequence[Quote]) -> CriterionScore:
    built_in = "did not credit it" if line.rating is None else f"gives it {line.rating}"
    given = "found nothing of it" if grade.rating is None else f"gives it {grade.rating}"
    counted = f"; counted as {rating}, as the built-in reading {built_in}" if rating != grade.rating else ""
    return line.model_copy(
        update={
            "rating": rating,
            "status": Status.MET if rating >= 3 else Status.PARTIAL,
            "reason": f"{grade.reason} (The grader {given}{counted}.)",
            "evidence": (*line.evidence, *(quote for quote in quotes if not _known(quote, line.evidence))),
            "uncertain": None,
        }
    )


def _known(quote: Quote, among: Sequence[Quote]) -> bool:
    """Whether the matcher already quotes the same place."""
    return any(
        quote.turn == other.turn and (quote.quote in other.quote or other.quote in quote.quote) for other in among
    )


def _saying(line: CriterionScore, more: str) -> CriterionScore:
    return line.model_copy(update={"reason": f"{line.reason} {more}".strip()})
