from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.speech import (
    Span,
    clauses,
    is_question,
    negated,
    questions,
    sentences,
    short_quote,
    stem,
    stems,
    words_of,
)


def equally(words: set[str]) -> dict[str, float]:
    """A topic whose words all weigh the same."""
    return dict.fromkeys(words, 1.0)


def span(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("We log, e.g. clicks, i.e. taps. Then we train.", ["We log, e.g. clicks, i.e. taps.", "Then we train."]),
        ("They tap, they don't. Then we train.", ["They tap, they don't.", "Then we train."]),
        ("It isn’t. We can’t. So no.", ["It isn’t.", "We can’t.", "So no."]),
        ("Trees vs. nets. Trees.", ["Trees vs. nets.", "Trees."]),
        ("0.5 ms or 1.5 ms. Fine.", ["0.5 ms or 1.5 ms.", "Fine."]),
        ("- logs -> trainer\n- trainer -> ranker", ["logs -> trainer", "trainer -> ranker"]),
        ("1. split by date\n2) drop the rest\n\n• done", ["split by date", "drop the rest", "done"]),
        ('He said "go." Then left.', ['He said "go."', "Then left."]),
        ("100 ms. So no. Then two towers.", ["100 ms.", "So no.", "Then two towers."]),
        ("no full stop\nnext line", ["no full stop", "next line"]),
        ("...\n!!!\n—", []),
        ("", []),
        ("   padded.   ", ["padded."]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert [part.text for part in sentences(text)] == parts


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("I'd split by date", ["I'd split by date"]),
        (
            "I'd split the data by date and then train a small tree; the baseline is the depot's median",
            ["I'd split the data by date", "and then train a small tree", "the baseline is the depot's median"],
        ),
        ("we log it all because the labels come late", ["we log it all", "because the labels come late"]),
        ("cheap, fast, good", ["cheap, fast, good"]),
        (", ; ", []),
    ],
)
def test_clauses(text: str, parts: list[str]) -> None:
    assert [part.text for part in clauses(span(text))] == parts


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("How many users?", True),
        ('Is that "live"?', True),
        ("how many users do we have", True),
        ("So, what's the latency", True),
        ("can I assume ten million users", True),
        ("any constraints on cost", True),
        ("What matters is calibration", False),
        ("I'd ask how many users there are.", False),
        (
            "how we would do that is simple because the data is there and everybody knows how it is laid out anyway",
            False,
        ),
        ("Two towers.", False),
        ("", False),
    ],
)
def test_what_is_a_question(text: str, asks: bool) -> None:
    assert is_question(span(text)) is asks


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "How many users, are dislikes logged, what do we optimise?",
            ["How many users", "are dislikes logged", "what do we optimise?"],
        ),
        ("How many users and how many videos?", ["How many users", "how many videos?"]),
        ("Do we have clicks and likes?", ["Do we have clicks and likes?"]),
        ("Given a budget, what do we optimise?", ["Given a budget, what do we optimise?"]),
        ("What is the latency; why?", ["What is the latency; why?"]),
    ],
)
def test_several_questions_in_one_sentence(text: str, parts: list[str]) -> None:
    assert [part.text for part in questions(span(text))] == parts


@pytest.mark.parametrize(
    ("text", "denies"),
    [
        ("we don't shuffle", True),
        ("without a baseline", True),
        ("trees instead of nets", True),
        ("I wouldn't", True),
        ("we skip the ranker", True),
        ("nothing notable in the notes", False),
        ("we note it now", False),
        ("a knot", False),
    ],
)
def test_denial(text: str, denies: bool) -> None:
    assert negated(text) is denies


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("features", "featur"),
        ("trained", "train"),
        ("training", "train"),
        ("queries", "quer"),
        ("bus", "bus"),
        ("user’s", "user"),
    ],
)
def test_stems_are_crude_and_enough(word: str, root: str) -> None:
    assert stem(word) == root


def test_stems_leave_out_what_carries_no_meaning() -> None:
    assert stems("We would use the trained models and train them") == {"train", "model"}
    assert words_of("It's 99.5% of 10k/day.") == ["it's", "99.5%", "of", "10k/day"]


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
    assert short_quote(span(text), equally(stems(topic))) == quote


@pytest.mark.parametrize(
    ("text", "topic", "quote"),
    [
        ("Similarity doesn't change by the minute so I'd do it in batch and look it up.", "batch look", None),
        ("After each full run I'd diff old and new neighbours for a sample.", "full run diff old", None),
        ("It gets the documents so it knows what to say.", "documents knows", None),
        ("It knows the page.", "knows page", None),
        ("I'd look at how many bookings each page loses to the row.", "bookings page", None),
        ("We'd run an A/B test where users are randomly split.", "A/B test users", "run an A/B test"),
        ("A large fraction of clicks is noise.", "large fraction", "large fraction of clicks"),
        ("I'd keep the raw counts, and the ranker sees them.", "ranker sees", None),
        ("They want fresh posts we never saw.", "want fresh posts", "fresh posts"),
        ("I’d show what we’ve learnt there.", "show learnt", None),
        ("I wait ten minutes before the row is written.", "wait minutes before", "wait ten minutes"),
        (
            "A small index for the last day's two million videos that take inserts.",
            "index last day",
            "last day's two million videos",
        ),
        ("Or half a percent of impressions at random.", "percent impressions random", "half a percent of impressions"),
        ("Nobody's in Paris and in Lima within an hour.", "lima hour", None),
        ("I'd cut a hundred ads before dropping any request.", "hundred ads request", "cut a hundred ads"),
        ("The keyword search brought the old five hundred.", "keyword search brought", None),
        ("Calendars are checked live against the service.", "checked live against", "checked live against the service"),
        ("Rebalance by throwing away ninety-five percent of it.", "rebalance throwing percent", None),
        ("Otherwise attack waves sit in both.", "otherwise attack both", None),
        ("The auction multiplies it by the bid.", "auction bid", "auction multiplies it by the bid"),
        ("A small tree model trims 1,500 to 400.", "tree model trims", None),
        ("The label is graded relevance 0-4 by raters.", "graded relevance", "label is graded relevance 0-4"),
        ("Five thousand ads at a tenth of a millisecond.", "ads tenth five", "Five thousand ads"),
        ("I'd split train, validation and test by date.", "train test", "test by date"),
        ("It returns accept, challenge or decline.", "accept decline", None),
        ("I'd log the raw impressions, clicks and shares.", "log the raw impressions", "log the raw impressions"),
        ("Features: the raw counts, age and country.", "raw counts", "raw counts"),
        ("I'd train boosted trees, which are cheap and fast.", "train boosted trees", "train boosted trees"),
        ("I'd split by date, so train and test never mix.", "split by date", "split by date"),
        ("I'd use boosted trees—they are fast.", "boosted trees", "boosted trees"),
        ("A small tree model trims 1,500 to 400.", "400", None),
        ("Retrieval returns 10,000 candidates per request.", "candidates request", None),
        ("A positive is at least thirty seconds watched.", "least thirty seconds", None),
        ("Features, besides raw content: account age.", "besides raw content", None),
        ("We'd use boosted trees on twenty features.", "boosted tree feature", "boosted trees on twenty features"),
    ],
)
def test_a_quote_is_a_phrase_that_a_listener_would_pick(text: str, topic: str, quote: str | None) -> None:
    assert short_quote(span(text), equally(stems(topic))) == quote


WORDS = st.sampled_from(
    "we I'd not never the of depot scans, scans by date. negatives; 10% \"live\" and calibrated scores no don't — median\n".split(
        " "
    )
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(WORDS, max_size=25).map(" ".join))
def test_a_short_quote_is_two_to_six_verbatim_words_and_denies_nothing(text: str) -> None:
    quote = short_quote(span(text), equally(stems("depot scans date negatives calibrated scores median")))
    if quote is not None:
        assert quote in text
        assert 2 <= len(words_of(quote)) <= 6
        assert not negated(quote)
        assert not set(quote) & set(',;:.!?()"—\n')


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_every_span_lies_where_it_says(text: str) -> None:
    last = 0
    for sentence in sentences(text):
        assert last <= sentence.start < sentence.end
        assert text[sentence.start : sentence.end] == sentence.text
        last = sentence.end
        for part in (*clauses(sentence), *questions(sentence)):
            assert sentence.start <= part.start < part.end <= sentence.end
            assert text[part.start : part.end] == part.text
