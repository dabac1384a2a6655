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
    stem,
    stems,
    words_of,
)


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
