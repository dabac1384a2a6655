"""What gives an answer away, and how plainly: advised, said, asked about, or in a fact that was asked for."""

from __future__ import annotations

import pytest

from app.domain.catalog import Catalog
from evals.infer.case_words import CaseWords
from evals.infer.leaks import Leak, find_leaks
from evals.samples import Speaker, Turn

_ANSWER_AT = 3


@pytest.fixture(scope="module")
def words(catalog: Catalog) -> CaseWords:
    return CaseWords(catalog.brief("harmful-content-detection"), None)


def leaks(
    words: CaseWords, said: str, *, answers: bool = False, heard: str = "I'd take text and pictures."
) -> list[Leak]:
    turns = (
        Turn(index=0, speaker=Speaker.INTERVIEWER, content="Find harmful posts."),
        Turn(index=2, speaker=Speaker.CANDIDATE, content=heard),
        Turn(index=_ANSWER_AT, speaker=Speaker.INTERVIEWER, content=said),
    )
    return find_leaks(
        turns,
        words=words,
        exempt=frozenset({0}),
        answers=frozenset({_ANSWER_AT} if answers else ()),
        hints=frozenset(),
        embedder=None,
    )


def test_a_term_weighs_the_more_the_plainer_it_is_told(words: CaseWords) -> None:
    advised, said, asked = (
        leaks(words, text)[0].weight
        for text in (
            "You should use a small model here.",
            "A colleague of mine came in with a small model.",
            "And where does the small model sit?",
        )
    )
    assert 0.5 <= said == asked < advised == 1.0


def test_a_fact_that_was_asked_for_may_need_the_word(words: CaseWords) -> None:
    [unasked] = leaks(words, "There's a small model in place.")
    [asked_for] = leaks(words, "There's a small model in place.", answers=True)
    assert asked_for.weight < 0.5 <= unasked.weight


@pytest.mark.parametrize("said", ["You should use a small model here.", "Have you considered a small model here?"])
def test_advice_is_no_fact_though_a_question_came_before(words: CaseWords, said: str) -> None:
    assert leaks(words, said, answers=True)[0].weight == 1.0


def test_what_the_candidate_said_is_no_secret(words: CaseWords) -> None:
    assert leaks(words, "You should use a small model here.", heard="I'd run it on a small model.") == []


def test_framing_is_a_step_and_frames_are_an_answer(words: CaseWords) -> None:
    assert leaks(words, "Sure, let's do the framing.") == []
    [leak] = leaks(words, "You should cut it into frames.", heard="Let me start with the framing.")
    assert leak.term == "fram"
