"""Which fact a question is about: that exact ways are found, others told apart, and the shipped head fits its features."""

from __future__ import annotations

import pytest

from app.adapters.asked_facts import ASKED_FEATURES, AskedFacts, bare, fitted_asked_head
from app.domain.catalog import Catalog
from app.ports import ContentEmbedder, Matcher


def test_what_ships_fits_the_features() -> None:
    head = fitted_asked_head()
    assert head.features == ASKED_FEATURES
    assert 0 < head.doubt < head.credit < 1


@pytest.mark.parametrize("case", ["news-feed", "video-recommendation"])
def test_nearly_every_way_of_asking_finds_its_own_topic(case: str, catalog: Catalog, matcher: Matcher) -> None:
    brief = catalog.brief(case)
    ways = [(ask, fact.id) for fact in brief.case.facts for ask in fact.asks]
    found = matcher.asks(brief, [ask for ask, _ in ways])
    right = sum(match.fact == fact for match, (_, fact) in zip(found, ways, strict=True))
    assert right >= 0.97 * len(ways)


@pytest.mark.parametrize(
    ("case", "question", "fact"),
    [
        ("news-feed", "at the busiest moment of the day, how many requests would hit us in a second", "traffic"),
        ("fraud-detection", "if a stolen card slips through, is that our loss or the shop's", "error-costs"),
        ("video-search", "do the graded labels come from trained people", "judgements"),
    ],
)
def test_it_is_found_in_other_words(case: str, question: str, fact: str, catalog: Catalog, matcher: Matcher) -> None:
    assert matcher.asks(catalog.brief(case), [question])[0].fact == fact


@pytest.mark.parametrize(
    "question", ["can I do it shortly after?", "what do you mean by that?", "is there a canteen?", "", "?"]
)
def test_what_no_fact_tells_is_about_none(question: str, catalog: Catalog, matcher: Matcher) -> None:
    match = matcher.asks(catalog.brief("street-view-blurring"), [question])[0]
    assert not match.known and not match.sure


def test_what_a_case_is_without_it_does_not_know(catalog: Catalog, embedder: ContentEmbedder) -> None:
    case = catalog.brief("news-feed").case
    ask = case.facts[0].asks[0]
    whole, without = AskedFacts.of(case, embedder), AskedFacts.of(case, embedder, without={ask})
    question = [bare(ask)]
    nearest = [known.features(question, embedder.embed(question))[0, 0, 0] for known in (whole, without)]
    assert nearest[0] == pytest.approx(1.0, abs=1e-4) and nearest[1] < 0.999


def test_a_case_without_facts_answers_nothing(catalog: Catalog, embedder: ContentEmbedder) -> None:
    case = catalog.brief("news-feed").case.model_copy(update={"facts": (), "decisions": ()})
    question = ["how many users"]
    assert not AskedFacts.of(case, embedder).match(question, embedder.embed(question))[0].known
