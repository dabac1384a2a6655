"""What counts as taking something back, and what is taken back."""

from __future__ import annotations

from time import perf_counter

import pytest

from app.domain.speech import Span
from app.domain.taking_back import opens_by_taking_back, opens_with_regret, taken_back, takes_back, what_stands


@pytest.mark.parametrize(
    "sentence",
    [
        "Scratch that, I'd cut at a date.",
        "Hmm, I take that back.",
        "No, sorry, that leaks: the model sees it all.",
        "You’re right, that wouldn’t work.",
        "On second thought a tree is enough.",
        "I was wrong about the window.",
        "Let me correct myself.",
        "Actually, let me change my mind.",
        "I've changed my mind about the trees.",
        "Let me change that, I'd embed them.",
        "Let me switch to an index.",
        "Thinking about it again, people report out of revenge.",
        "Forget about what I said.",
        "No, let me rethink that.",
    ],
)
def test_regret_is_heard(sentence: str) -> None:
    assert takes_back(sentence) and opens_with_regret(sentence) and opens_by_taking_back(f"Hmm. {sentence}")


@pytest.mark.parametrize(
    "sentence", ["Actually no, most never vote.", "Wait, no, that's wrong.", "So rather the tickets."]
)
def test_what_may_answer_a_question_is_no_regret(sentence: str) -> None:
    assert takes_back(sentence) and not opens_with_regret(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Rather than averaging I'd take the maximum.",
        "That would leak the future.",
        "No, that is handled by the gateway.",
        "Actually, not only the home page.",
        "Sorry, what was the latency?",
        "Wait for the results, then decide.",
        "No need for more.",
        "Right, next the features.",
        "Thinking about it again, I'd also log the slot.",
        "I'd change the window at weekends.",
    ],
)
def test_other_talk_takes_nothing_back(sentence: str) -> None:
    assert not takes_back(sentence)


def test_a_message_may_first_say_what_is_wrong() -> None:
    assert opens_by_taking_back("Hmm, if it's new the softmax doesn't know it. Let me change that.")
    assert not opens_by_taking_back("I'd train a softmax. Let me change that.")
    assert not opens_by_taking_back("Hmm, if it's new the softmax doesn't know it.")


def test_a_message_of_sounds_takes_nothing_back() -> None:
    assert not opens_by_taking_back("Hmm. Okay.")


@pytest.mark.parametrize(
    ("spoken", "gone"),
    [
        (["Thumbs up.", "Hmm, but few click it.", "So rather the tickets avoided."], {0}),
        (["Thumbs up.", "I'd rather wait.", "But few click it."], set()),
        (["One.", "Two.", "Scratch that."], {1}),
        (["Scratch that.", "One."], set()),
        (["One.", "Two.", "Scratch that.", "Scratch that as well."], {1, 2}),
        (["One.", "Or rather two."], {0}),
        (["Keep twelve.", "Hmm, then the row could be empty; better to store more."], {0}),
    ],
)
def test_the_sentence_before_is_taken_back(spoken: list[str], gone: set[int]) -> None:
    assert taken_back(spoken, bears=[True] * len(spoken)) == gone


def test_filler_does_not_stand_between_a_claim_and_its_correction() -> None:
    spoken = ["Thumbs up.", "So, you know.", "Hmm, but few click it.", "So, you know.", "So rather the tickets."]
    assert taken_back(spoken, bears=[True, False, False, False, True]) == {0}


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("I'd use accuracy, no wait, recall at a budget", "recall at a budget"),
        ("I'd use accuracy, or rather recall", "recall"),
        ("I'd use accuracy, I think", "I'd use accuracy, I think"),
        ("I'd use accuracy, no wait, ", "I'd use accuracy, no wait, "),
    ],
)
def test_a_sentence_may_take_back_its_own_first_half(text: str, stands: str) -> None:
    kept = what_stands(Span(start=5, end=5 + len(text), text=text))
    assert (kept.text, kept.end - kept.start) == (stands, len(stands))
    assert kept.end == 5 + len(text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Correction of the odds is needed because of the sampling.",
        "Correction for position bias comes from a randomised slice.",
        "Let me correct the odds for the sampling.",
        "I correct this with inverse propensity weights.",
        "I'm not wrong often.",
        "Better, and second: monitor the skew.",
        "Instead, I'd split by time.",
    ],
)
def test_words_of_the_trade_take_nothing_back(sentence: str) -> None:
    assert not takes_back(sentence)
    assert taken_back(["I split by time.", sentence], bears=[True, True]) == set()


def test_a_hyphen_is_no_second_thought() -> None:
    for text in (
        "I'd train with position-bias-correction, as the slot decides.",
        "Add error-correction to transcripts.",
    ):
        assert what_stands(Span(start=0, end=len(text), text=text)).text == text


def test_the_claim_is_taken_back_and_not_the_reason_for_it() -> None:
    said = ["I promise 97 precision on hate.", "So 97 is meaningless if the raters disagree.", "I take it back."]
    assert taken_back(said, bears=[True, True, True]) == {0}


@pytest.mark.parametrize("filler", ["hmm ", " ", "-", "—", "so, ", "I log age, city, "])
def test_long_messages_are_read_in_no_time(filler: str) -> None:
    text = f"{filler * (20_000 // len(filler))}well x"
    began = perf_counter()
    takes_back(text)
    taken_back([text, text], bears=[True, True])
    what_stands(Span(start=0, end=len(text), text=text))
    assert perf_counter() - began < 1.0
