from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.quote_head import fitted_quotes
from app.domain.quoting import NO_QUOTE, Phrase, QuoteHead, Quoter, holds_number, phrases_of
from app.domain.speech import negated, stems, words_of


def equally(words: set[str]) -> dict[str, float]:
    """A topic whose words all weigh the same."""
    return dict.fromkeys(words, 1.0)


def picked(text: str, topic: str) -> str | None:
    return Quoter(equally(stems(topic)), fitted_quotes()).pick(text)


@pytest.mark.parametrize(
    ("text", "topic", "quote"),
    [
        ("I'd show a bit of traffic random.", "random traffic", "bit of traffic random"),
        ("We keep 10% of negatives.", "negatives sampled", "keep 10% of negatives"),
        ("We never keep negatives.", "negatives", None),
        ("I wouldn't split train and test by date.", "split date", None),
        ("Never mind, we split by date.", "split date", "split by date"),
        ("We split by date so that no scan leaks.", "split date", "split by date"),
        ("Something else entirely.", "negatives", None),
        ("negatives", "negatives", None),
        ("", "negatives", None),
    ],
)
def test_short_quotes(text: str, topic: str, quote: str | None) -> None:
    assert picked(text, topic) == quote


@pytest.mark.parametrize(
    ("text", "topic", "quote"),
    [
        ("I'd do it in batch overnight and look it up.", "batch look", "look it up"),
        ("They want fresh posts we never saw.", "want fresh posts", "fresh posts"),
        ("A large fraction of clicks is noise.", "large fraction", "large fraction of clicks"),
        ("I wait ten minutes before the row is written.", "wait minutes before", "wait ten minutes"),
        ("Nobody's in Paris and in Lima within an hour.", "lima hour", None),
        ("I'd cut a hundred ads before dropping any request.", "hundred ads request", "cut a hundred ads"),
        ("Calendars are checked live against the service.", "checked live against", "checked live against the service"),
        ("The label is graded relevance 0-4 by raters.", "graded relevance", "graded relevance 0-4 by raters"),
        ("Five thousand ads at a tenth of a millisecond.", "ads tenth five", "Five thousand ads"),
        ("I'd log the raw impressions, clicks and shares.", "log the raw impressions", "log the raw impressions"),
        ("Features: the raw counts, age and country.", "raw counts", "raw counts"),
        ("I'd train boosted trees, which are cheap and fast.", "train boosted trees", "train boosted trees"),
        ("I'd split by date, so train and test never mix.", "split by date", "split by date"),
        ("I'd use boosted trees—they are fast.", "boosted trees", "boosted trees"),
        ("Retrieval returns 10,000 candidates per request.", "candidates request", "10,000 candidates per request"),
        ("Reaction rates over 1, 7 and 28 days.", "reaction rates", "Reaction rates"),
        (
            "We score a thousand or two candidate posts per person.",
            "candidate posts person",
            "candidate posts per person",
        ),
        (
            "Positives are each reaction within, say, 24 hours of the view.",
            "positives reaction",
            "Positives are each reaction",
        ),
        ("I wouldn't sample 1,000 posts at random for the test set.", "posts random test set", None),
        ("I don’t want to optimise clicks alone.", "optimise clicks", None),
        ("We'd use boosted trees on twenty features.", "boosted tree feature", "boosted trees on twenty features"),
        ("A Lisbon flat gets set against other Lisbon flats.", "lisbon flat", "set against other Lisbon flats"),
        (
            "High recall first, so the confidence cut-off goes down to maybe 0.1.",
            "confidence cut-off",
            "confidence cut-off",
        ),
        ("nDCG on a golden set labelled by humans.", "golden set", "golden set labelled by humans"),
        (
            "Each day's decisions become the next day's training labels.",
            "day training label",
            "next day's training labels",
        ),
    ],
)
def test_a_quote_is_a_phrase_that_a_listener_would_pick(text: str, topic: str, quote: str | None) -> None:
    assert picked(text, topic) == quote


def test_without_a_rule_nothing_is_quoted() -> None:
    assert Quoter(equally({"split", "date"}), QuoteHead()).pick("We split by date.") is None


WORDS = st.sampled_from(
    "we I'd not never the of depot scans, scans by date. negatives; 10% \"live\" and calibrated scores no don't — median\n".split(
        " "
    )
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_a_short_quote_is_two_to_seven_verbatim_words_and_denies_nothing(text: str) -> None:
    quote = picked(text, "depot scans date negatives calibrated scores median")
    if quote is not None:
        assert quote in text
        assert 2 <= len(words_of(quote)) <= 7
        assert not negated(quote)
        assert not set(quote) & set(',;:.!?()"—\n')


def test_one_of_several_equal_phrases_is_not_likely_enough() -> None:
    head = QuoteHead(weights={"whole": 1.0, NO_QUOTE: -5.0})
    phrases = [Phrase(text=text, signs={"whole": 1.0}) for text in ("split by date", "by date and depot", "the depot")]
    assert head.best(phrases) == "split by date"
    assert head.best(phrases, least=0.3) == "split by date"
    assert head.best(phrases, least=0.4) is None
    assert head.best([*phrases, Phrase(text="each week", signs={"whole": 3.0})], least=0.4) == "each week"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("only 500 positives", True),
        ("two million rows", True),
        ("two tower retrieval", False),
        ("2-stage ranker", False),
    ],
)
def test_an_amount_is_told_from_a_name(text: str, amount: bool) -> None:
    assert holds_number(text) is amount


def test_no_quote_ends_in_the_subject_of_another_clause() -> None:
    text = "The positives are the posts with an action and negatives are the ones that were seen."
    topic = equally(stems("action negatives precision recall"))
    assert "action and negatives" not in {phrase.text for phrase in phrases_of(text, topic, verbs=frozenset())}
    text = "Precision and recall are read at the cut."
    assert "Precision and recall" in {phrase.text for phrase in phrases_of(text, topic, verbs=frozenset())}
    text = "I think latency and cost are the main constraints."
    topic = equally(stems("latency cost"))
    assert "latency and cost" in {phrase.text for phrase in phrases_of(text, topic, verbs=frozenset())}
