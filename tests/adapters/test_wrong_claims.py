from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.adapters.embedding import CachedEmbedder, MiniLmEmbedder
from app.adapters.matcher import _FINDS_OUT, ExampleMatcher
from app.adapters.wrong_claims import (
    CLAIM_FEATURES,
    LEAST_NEAR,
    NEAREST_CLAIMS,
    fitted_claims_head,
    surely_made,
    within_reach,
)
from app.domain.catalog import Catalog
from tests.factories import make_catalog


def test_the_rule_that_ships_reads_these_figures() -> None:
    head = fitted_claims_head()
    assert head.features == CLAIM_FEATURES
    assert 0 < head.doubt < head.credit < 1


@pytest.fixture
def matcher(vectors: Path) -> ExampleMatcher:
    return ExampleMatcher(CachedEmbedder(MiniLmEmbedder(), vectors))


@pytest.mark.parametrize(
    ("nearest", "reached"),
    [
        ([0.9, 0.8, 0.7, 0.6, 0.5], [True, True, True, True, False]),
        ([0.9, LEAST_NEAR - 0.01, LEAST_NEAR], [True, False, True]),
        ([0.1, 0.2], [False, False]),
        ([], []),
    ],
)
def test_only_the_nearest_few_claims_are_looked_at(nearest: list[float], reached: list[bool]) -> None:
    assert within_reach(np.array([nearest])).tolist() == [reached]
    assert sum(reached) <= NEAREST_CLAIMS


def test_what_no_example_comes_near_to_is_no_claim(matcher: ExampleMatcher) -> None:
    brief = make_catalog().brief("parcel-eta")
    said = ["The weather in the mountains was lovely all through the last week of our holiday."]
    (match,) = matcher.observe(brief, said)
    assert match.flags == match.near_flags == ()


def test_a_case_may_have_no_wrong_claims(matcher: ExampleMatcher) -> None:
    brief = make_catalog().brief("parcel-eta").model_copy(update={"red_flags": ()})
    assert [one.flags for one in matcher.observe(brief, ["We shuffle all of the scans before the split."])] == [()]


def test_a_claim_in_the_words_of_its_example_is_heard_and_its_sound_twin_is_not(matcher: ExampleMatcher) -> None:
    brief = make_catalog().brief("parcel-eta")
    (flag,) = brief.red_flags
    matches = matcher.observe(brief, [flag.says[0], flag.sound[0]])
    assert [match.flags for match in matches] == [(flag.id,), ()]


def test_what_hardly_differs_from_an_example_is_a_claim_unless_something_sound_is_as_near() -> None:
    near, covers = np.array([[0.8, 0.8, 0.7]]), np.array([[0.3, 0.6]])
    assert surely_made(near, np.array([[0.5, 0.75, 0.1]]), covers).tolist() == [[True, False, False]]
    assert not surely_made(near, np.zeros((1, 3)), np.array([[0.75]])).any()


@pytest.mark.parametrize("case", ["news-feed", "rag-assistant"])
def test_to_ask_for_a_step_is_no_wrong_claim(case: str, catalog: Catalog, matcher: ExampleMatcher) -> None:
    said = [
        "Let's move on to the framing.",
        "Next, I'd like to go to the framing.",
        "I think we should go to framing next.",
        "Now on to framing, if that's okay with you.",
    ]
    assert [match.flags for match in matcher.observe(catalog.brief(case), said)] == [()] * len(said)


def test_a_claim_may_be_made_in_words_that_steps_are_called_by(catalog: Catalog, matcher: ExampleMatcher) -> None:
    brief = catalog.brief("event-recommendation")
    said = [
        "We just retrain the model and drift is handled.",
        "I'd split the data into training and evaluation at random.",
    ]
    heard = [match.flags for match in matcher.observe(brief, said)]
    assert heard == [("retraining-cures-all",), ("shuffled-split",)]


def test_what_somebody_wants_to_find_out_is_no_wrong_claim(catalog: Catalog, matcher: ExampleMatcher) -> None:
    said = [
        'I want to pin three things: what "look and leave" means in numbers, how big this is, and what the business wants.',
        "I'd like to understand what the business really wants from the page, is it watch time.",
        "So I need to know whether the goal is just more clicks on the home page.",
    ]
    matches = matcher.observe(catalog.brief("video-recommendation"), said)
    assert [match.flags for match in matches] == [()] * len(said)


@pytest.mark.parametrize(
    ("sentence", "finds_out"),
    [
        ("I want to clarify what the business wants from the page.", True),
        ("I want to learn which ad a user would click with a two tower model.", False),
        ("I'd like to know if the offline gain carries over online with an A/B test split by user.", False),
        ("I have to check if the transaction is fraud within 100 ms.", False),
        ("I need to know how big it is, so I'd guess ten million.", False),
    ],
)
def test_by_which_means_something_is_found_out_is_a_design(sentence: str, finds_out: bool) -> None:
    assert (_FINDS_OUT.match(sentence) is not None) is finds_out


def test_a_claim_behind_what_somebody_wants_is_heard(catalog: Catalog, matcher: ExampleMatcher) -> None:
    brief = catalog.brief("video-recommendation")
    flag = brief.flag_by_id["metric-is-the-goal"]
    claim = flag.says[0][0].lower() + flag.says[0][1:]
    (match,) = matcher.observe(brief, [f"I want to understand what they look at, but {claim}"])
    assert flag.id in match.near_flags
