"""A short run of the soak: five interviews on one page at the same time."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.domain.catalog import Catalog
from evals.page_clients import FEWEST_WORDS, MOST_WORDS, messages_about
from evals.page_soak import MOST_GROWTH_MB, Soaked, soak


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.timeout(400)
def test_five_interviews_at_once_lose_nothing(tmp_path: Path, vectors: Path) -> None:
    found = soak(tmp_path, count=5, messages=3, every_s=3.0, vectors=vectors)
    assert (found.messages, found.lost, found.errors) == (15, 0, ())
    assert found.growth_mb < MOST_GROWTH_MB


def test_what_the_clients_say_is_as_long_as_what_people_say_and_differs(catalog: Catalog) -> None:
    for case_id in random.Random(0).sample(catalog.case_ids(), 3):
        said = messages_about(catalog.brief(case_id), count=30, seed=1)
        assert len(set(said)) == 30
        assert all(FEWEST_WORDS <= len(message.split()) <= MOST_WORDS for message in said)
        assert said != messages_about(catalog.brief(case_id), count=30, seed=2)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, None),
        ({"p95_s": 1.0}, "p95 is 1.00 s"),
        ({"growth_mb": 100.0}, "memory grew by 100 MB"),
        ({"lost": 1}, "1 messages lost"),
        ({"errors": ("TimeoutError: ",)}, "1 errors, the first: TimeoutError: "),
    ],
)
def test_what_misses_a_target_is_told(changes: dict[str, object], fault: str | None) -> None:
    fine = {"messages": 9, "p50_s": 0.1, "p95_s": 0.2, "longest_s": 0.3, "growth_mb": 1.0, "lost": 0, "errors": ()}
    assert Soaked.model_validate({**fine, **changes}).faults == ([fault] if fault else [])
