"""The data behind which fact a question asks for: labels that exist, and held-out messages that no case lists."""

from __future__ import annotations

import pytest

from app.domain.catalog import Catalog
from evals.fit_asked import messages, questions

FILES = ("messages.jsonl", "heldout.jsonl")


def test_every_single_question_is_about_something_that_its_case_has(catalog: Catalog) -> None:
    for one in questions():
        brief = catalog.brief(one.case)
        assert one.fact is None or one.fact in brief.fact_by_id
        assert one.decision is None or one.decision in brief.decision_by_id
        assert one.fact is None or one.decision is None


@pytest.mark.parametrize("name", FILES)
def test_every_message_asks_for_what_its_case_has(name: str, catalog: Catalog) -> None:
    for one in messages(name):
        brief = catalog.brief(one.case)
        assert set(one.facts) <= set(brief.fact_by_id) and set(one.decisions) <= set(brief.decision_by_id)


def test_the_two_halves_are_of_different_cases_and_nothing_of_them_is_listed(catalog: Catalog) -> None:
    cases = [{one.case for one in messages(name)} for name in FILES]
    assert not cases[0] & cases[1]
    written = {one.q.lower() for one in questions()}
    for name in FILES:
        for one in messages(name):
            case = catalog.brief(one.case).case
            listed = {ask.lower() for topic in (*case.facts, *case.decisions) for ask in topic.asks}
            assert one.said.lower() not in listed | written
