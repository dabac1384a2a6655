"""What a case says in numbers is compared with what it declares."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.content_numbers import check_numbers
from app.domain.spoken_numbers import spoken_numbers
from tests.factories import FACTS, case_fields, make_case, make_fact


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Two million parcels a day, from 400 depots; so about 5,000 a depot.", [2e6, 400, 5000]),
        ("1.2 billion rows, 0.3% of them ours", [1.2e9, 0.3]),
        ("Sixty-five thousand, and a hundred thousand more", [65_000, 100_000]),
        ("Half a million, or half a day, or a few", [5e5]),
        ("fewer than eighty, five thousand is the limit", [80, 5000]),
        ("twenty ten fifteen", [20, 10, 15]),
        ("One in two thousand, 999 of 1,000, five in every ten thousand", [1, 999, 5]),
        ("some hundred million of ours, half", [1e8]),
        ("nothing to see", []),
    ],
)
def test_numbers_are_read_as_they_are_spoken(text: str, numbers: list[float]) -> None:
    assert spoken_numbers(text) == pytest.approx(numbers)


def volume(**changes: Any) -> list[dict[str, Any]]:
    """The facts, with that about volume changed."""
    return [{**FACTS[0], **changes}, *FACTS[1:]]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        (
            {"facts": volume(answer="Three million parcels a day, from 400 depots; so about 5,000 a depot.")},
            "facts.volume.answer",
            "3,000,000",
        ),
        (
            {"facts": [*FACTS, make_fact("machines", answer="At 9,000 a depot, 40.", values={"machines": 40})]},
            "facts.machines.answer",
            "9,000",
        ),
        ({"prompt": "We deliver seven million parcels a day, and people ask when."}, "prompt", "7,000,000"),
        (
            {"facts": [*FACTS, make_fact("lost", answer="Two percent.", values={"lost_share": 2})]},
            "facts.lost.values.lost_share",
            "between 0 and 1",
        ),
    ],
)
def test_a_number_that_contradicts_the_declared_ones_is_found(changes: dict[str, Any], field: str, said: str) -> None:
    (finding,) = check_numbers(make_case(**changes), file="case.yaml")
    assert finding.field == field and said in finding.message


def test_what_agrees_or_declares_nothing_is_no_finding() -> None:
    assert check_numbers(make_case(), file="case.yaml") == []
    agreeing = make_fact("cost", answer="At 2,000,000 a day, 90 dollars.", values={"cost": 90, "late_rate": 0.5})
    assert check_numbers(make_case(facts=[*FACTS, agreeing]), file="case.yaml") == []
    bare = [{**fact, "values": {}, "derived": {}} for fact in case_fields()["facts"]]
    undeclared = make_case(facts=bare, prompt="We deliver seven million parcels a day, and people ask when.")
    assert check_numbers(undeclared, file="case.yaml") == []
