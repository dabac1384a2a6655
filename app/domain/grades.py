"""What a grader model said of an interview: ratings, reasons and verbatim quotes, before anything is made of them.

Kept in the event log, so fields of a newer version survive. How they enter the scorecard is in `combining.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MOST_QUOTES = 4


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow")


class GraderQuote(_Kept):
    """A verbatim span of a candidate's message; `turn` is that message's index."""

    turn: int
    quote: str


class Vote(_Kept):
    """One reading of one criterion: 1 to 4 with at least one quote, or None for "nothing of it was said"."""

    reason: str
    rating: Annotated[int, Field(ge=1, le=4)] | None
    quotes: tuple[GraderQuote, ...] = ()


class CriterionGrade(_Kept):
    """What the votes on a criterion come to.

    Attributes:
        reason: of the first vote that gave the median.
        rating: the median, the lower of the two middle ones if the votes are even; None for nothing shown.
        votes: the usable votes, in order.
        quotes: what they quoted, in order, each once.
        problem: why there is no usable vote; empty if there is one.
    """

    criterion: str
    reason: str = ""
    rating: Annotated[int, Field(ge=1, le=4)] | None = None
    votes: tuple[int | None, ...] = ()
    quotes: tuple[GraderQuote, ...] = ()
    problem: str = ""


class Grading(_Kept):
    """A grader's reading of a whole interview.

    Attributes:
        model: its name.
        votes: how often each step was asked.
        grades: by criterion.
        problems: what went wrong, a sentence each.
    """

    model: str
    votes: int
    grades: tuple[CriterionGrade, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def usable(self) -> int:
        """How many criteria it graded."""
        return sum(1 for grade in self.grades if not grade.problem)

    def of(self, criterion: str) -> CriterionGrade | None:
        """The grade of a criterion, None if it was not looked at."""
        return next((grade for grade in self.grades if grade.criterion == criterion), None)


def median_of(criterion: str, votes: Sequence[Vote], *, problem: str) -> CriterionGrade:
    """What the votes on a criterion come to; "nothing shown" counts as the lowest.

    Args:
        criterion: its id.
        votes: the usable ones, in order.
        problem: why there is none, used when there is none.
    """
    if not votes:
        return CriterionGrade(criterion=criterion, problem=problem)
    ranked = sorted(vote.rating or 0 for vote in votes)
    median = ranked[(len(ranked) - 1) // 2]
    reason = next(vote.reason for vote in votes if (vote.rating or 0) == median)
    quotes = list(dict.fromkeys(quote for vote in votes for quote in vote.quotes)) if median else []
    return CriterionGrade(
        criterion=criterion,
        reason=reason,
        rating=median or None,
        votes=tuple(vote.rating for vote in votes),
        quotes=tuple(quotes[:MOST_QUOTES]),
    )
