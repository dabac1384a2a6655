"""How much a turn asks for: the single turns to learn from, what a sentence shows, and the fitted rules."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from evals.infer.fit_linear import fitted_linear
from evals.infer.fit_questions import Example, fit_sentences
from evals.infer.linear import Linear
from evals.infer.question_features import MOST, SEVERAL, sentence_features, sentences_in, turn_features
from evals.infer.question_head import QuestionHead, beside_last, numbers_of, sum_of_likeliest
from evals.infer.readable import readable
from evals.infer.text import sentences
from evals.infer.written_turns import WrittenTurn, written_turns
from evals.vocabulary import Act

chances = st.tuples(*[st.floats(0.01, 1.0)] * (SEVERAL + 1)).map(lambda each: np.array(each) / sum(each))


def _turn(*said: tuple[str, str]) -> WrittenTurn:
    return WrittenTurn.model_validate({"hand": 1, "who": "somebody", "said": said})


def test_a_written_turn_is_put_together_as_it_was_said() -> None:
    turn = _turn(
        ("-", "Two things."), ("Q", "1. The loss?"), ("Q", "2. The data?"), ("~", ""), ("-", "Take your time.")
    )
    assert turn.text == "Two things.\n1. The loss?\n2. The data?\n\nTake your time."
    assert turn.questions == 2
    assert turn.asked() == (0, 1, 1, 0)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        pytest.param([("2", "What do you log, and who owns it?")], (2,), id="several in one sentence"),
        pytest.param([("Q", "Fair. So what do you log?")], (0, 1), id="two sentences written as one"),
        pytest.param([("Q", "Which one?"), ("C", "And why?")], (1, 0), id="a second end"),
        pytest.param([("2", "What's the loss? Who owns it?")], (1, 1), id="two questions written as one sentence"),
        pytest.param([("-", "okay so clicks yeah"), ("Q", "what about the rest of them")], (0, 1), id="dictated"),
    ],
)
def test_what_is_asked_falls_to_the_sentences_as_they_are_read(
    said: list[tuple[str, str]], asked: tuple[int, ...]
) -> None:
    turn = _turn(*said)
    assert len(turn.asked()) == len(sentences(readable(turn.text)))
    assert turn.asked() == asked


def test_of_every_written_turn_each_request_falls_to_a_sentence() -> None:
    assert len(written_turns()) > 3_000
    lost = [turn.text for turn in written_turns() if sum(turn.asked()) != turn.questions]
    assert lost == []


def test_a_tag_is_one_of_a_few_and_an_act_does_not_come_alone() -> None:
    with pytest.raises(ValidationError):
        _turn(("Q2x", "What do you log?"))
    with pytest.raises(ValidationError, match="none of them"):
        WrittenTurn.model_validate({"hand": 1, "who": "somebody", "said": [("Q", "Why?")], "act": "probe"})


def test_single_turns_that_have_an_act_say_what_was_before_them() -> None:
    whole = [turn for turn in written_turns() if turn.act is not None]
    assert {turn.act for turn in whole} == set(Act) - {Act.OPEN_PROBLEM, Act.CLOSE}
    assert all(turn.before and turn.case and turn.was and turn.step for turn in whole)


def test_a_sentence_shows_its_words_without_the_subject_and_what_stands_around_it() -> None:
    said = sentences_in("Clicks, hm. What happens to the *seventeen* others?")
    first, second = sentence_features(said)
    assert "own: what happens to" in second
    assert not any("seventeen" in name for name in second)
    assert {"question True, the one before False", "last", "words say 1"} <= second
    assert {"question False, the next True", "first", "words say 0"} <= first
    assert "opens" in sentence_features(said, opens=True)[0]


def test_what_a_turn_shows_says_both_counts_and_the_act() -> None:
    assert turn_features(counted=7, found=1, act=Act.PROBE) == (
        f"words say {MOST}",
        "sentences say 1",
        f"words say {MOST}, sentences 1",
        "act probe",
    )


@given(st.lists(chances, min_size=1, max_size=6))
def test_the_chances_of_a_sum_are_chances(each: list[np.ndarray]) -> None:
    numbers = numbers_of(each)
    total = numbers[: MOST + 1]
    assert total.sum() == pytest.approx(1.0)
    assert total[0] == pytest.approx(np.prod([one[0] for one in each]))
    assert numbers_of(each[::-1])[: MOST + 1] == pytest.approx(total)


def test_a_vector_stands_beside_that_of_the_sentence_before() -> None:
    vectors = np.eye(3, dtype=np.float32)
    assert beside_last(vectors).tolist() == [
        [1, 0, 0, 0, 0, 0],
        [0, 1, 0, 1, 0, 0],
        [0, 0, 1, 0, 1, 0],
    ]


def _example(counts: tuple[int, ...], *, known: bool, draws: np.random.Generator) -> Example:
    vectors = np.zeros((len(counts), 2))
    vectors[:, 0] = 4.0 * np.array(counts)
    return Example(
        hand=1,
        shown=tuple(frozenset({"ends in ?"}) for _ in counts),
        vectors=vectors + draws.normal(size=vectors.shape) * 0.1,
        questions=sum(counts),
        asked=counts if known else None,
        counted=(tuple(0 for _ in counts), 0),
    )


def test_where_a_turn_asks_is_learnt_though_only_its_total_is_known() -> None:
    draws = np.random.default_rng(4)
    turns = [_example((1, 0, 0), known=place % 3 == 0, draws=draws) for place in range(60)]
    turns += [_example((0, 2), known=True, draws=draws) for _ in range(20)]
    rule = fit_sentences(turns)
    heard = [int(rule.chances({"ends in ?"}, np.array([meant, 0.0])).argmax()) for meant in (0.0, 4.0, 8.0)]
    assert heard == [0, 1, 2]
    assert fit_sentences(turns) == rule


def test_signs_that_are_not_known_count_for_nothing() -> None:
    signs = ("tells", "asks", "asks a lot")
    shown = [frozenset({signs[place % 3]}) for place in range(60)]
    rule = fitted_linear(shown, np.zeros((60, 1)), [place % 3 for place in range(60)], strength=1.0)
    own = rule.chances({"asks"}, np.zeros(1))
    assert own.argmax() == 1
    assert rule.chances({"asks", "sings"}, np.zeros(1)).tolist() == own.tolist()


def test_a_long_list_counts_as_long_as_the_words_say() -> None:
    flat = Linear(bias=(0.0, 0.0, 0.0), signs={}, numbers=tuple((0.0, 0.0, 0.0) for _ in range(2)))
    more = Linear(bias=(0.0, 0.0, 0.0, 1.0), signs={}, numbers=tuple((0.0,) * 4 for _ in range(8)))
    head = QuestionHead(embedder="any", sentences=flat, turns=more)
    vectors = np.ones((2, 1), dtype=np.float32)
    assert head.count([frozenset(), frozenset()], vectors, counted=5, act=Act.PROBE) == 5
    assert head.count([frozenset(), frozenset()], vectors, counted=1, act=Act.PROBE) == MOST


def test_the_sum_of_sentences_takes_each_by_itself() -> None:
    assert sum_of_likeliest([np.array([0.2, 0.5, 0.3]), np.array([0.6, 0.3, 0.1]), np.array([0.1, 0.2, 0.7])]) == 3
