from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.domain.grades import MOST_QUOTES, CriterionGrade, GraderQuote, Grading, Vote, median_of


def vote(rating: int | None, *quotes: str) -> Vote:
    return Vote(reason=f"reads as {rating}", rating=rating, quotes=tuple(GraderQuote(turn=1, quote=q) for q in quotes))


@pytest.mark.parametrize(
    ("ratings", "median"),
    [
        ([3], 3),
        ([None], None),
        ([2, 4, 3], 3),
        ([4, 1, 4], 4),
        ([2, 3], 2),
        ([None, 4], None),
        ([None, 4, 4], 4),
        ([None, None, 4], None),
        ([1, 2, 3, 4], 2),
        ([4, 4, 1, 1, 3], 3),
    ],
)
def test_the_median_counts_and_the_lower_of_two_middle_votes(ratings: list[int | None], median: int | None) -> None:
    grade = median_of("baseline", [vote(rating, "my own words") for rating in ratings], problem="")
    assert grade.rating == median and grade.votes == tuple(ratings)
    assert grade.reason == f"reads as {median}"
    assert bool(grade.quotes) == (median is not None)


def test_without_a_vote_there_is_a_problem_and_no_rating() -> None:
    grade = median_of("baseline", [], problem="the reply leaves it out")
    assert (grade.rating, grade.problem, grade.votes) == (None, "the reply leaves it out", ())


def test_quotes_of_all_votes_are_kept_once_and_not_without_end() -> None:
    grade = median_of("baseline", [vote(3, "one two three", "b"), vote(3, "b", "c"), vote(3, "d", "e")], problem="")
    assert [quote.quote for quote in grade.quotes] == ["one two three", "b", "c", "d"]
    assert len(grade.quotes) == MOST_QUOTES


def test_a_grading_knows_what_it_graded() -> None:
    grading = Grading(
        model="m", votes=1, grades=(CriterionGrade(criterion="a", rating=2), CriterionGrade(criterion="b", problem="x"))
    )
    assert grading.usable == 1
    found, missing = grading.of("b"), grading.of("c")
    assert found is not None and found.problem == "x" and missing is None


def test_a_rating_beyond_the_scale_cannot_be_made() -> None:
    with pytest.raises(ValidationError):
        vote(5)
