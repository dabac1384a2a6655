"""What a candidate made of the answers: numbers that were told, or that follow from them, used in a later sentence."""

from __future__ import annotations

import pytest

from app.services.made_use import Sentence, Told, best_use

TODAY = "Three hundred rules. They block one percent of payments, 400,000 a day; about one block in seven is fraud."
COSTS = (
    "A missed fraud costs the amount plus a twenty-dollar fee, 120 on average; a good payment turned down ten dollars."
)
REVIEW = "120 analysts, fifty cases a day each, so 6,000 a day at about four dollars."
PAYMENTS = "Forty million payments a day, fifty dollars on average, so two billion dollars."
TOLD = [Told(turn=1, answer=answer) for answer in (TODAY, COSTS, REVIEW, PAYMENTS)]


def used(*texts: str, turn: int = 3) -> str | None:
    found = best_use(TOLD, [Sentence(turn=turn, text=text) for text in texts])
    return None if found is None else found.text


@pytest.mark.parametrize(
    "text",
    [
        "The rules block about 340,000 good payments a day, and those customers are lost for all of us.",
        "Review is a fourth action: 6,000 cases out of 40 million is next to nothing, for the expensive ones.",
        "A team that sees 6,000 cases a day cannot be the default, so they get only what is dear and doubtful.",
        "With 40 million payments in a day the model has to be cheap, because every millisecond is paid that often.",
        "Some 57,000 of the 400,000 blocks a day are fraud, and the others are people who wanted to buy something.",
        "So two billion dollars a day pass by us, since the average payment is fifty dollars in all of the shops.",
    ],
)
def test_a_number_that_was_told_or_follows_is_put_to_use(text: str) -> None:
    assert used(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Features are the velocity of the card, the age of the device and the country of the shop.",
        "If a look-up isn't back within 20 milliseconds I score with missing values, so nobody has to wait.",
        "We have 6,000 cases a day.",
        "We said that there are 40 million payments in a day that come through the system from shops.",
        "I'd keep 300 trees with a depth of 6, so that scoring one row takes a millisecond at the most.",
    ],
)
def test_another_number_or_one_that_is_only_named_again_is_no_use(text: str) -> None:
    assert used(text) is None


def test_what_was_said_before_the_answer_is_no_use_of_it() -> None:
    text = "A team that sees 6,000 cases a day cannot be the default, so they get only what is dear and doubtful."
    assert used(text, turn=1) is None and best_use([], [Sentence(turn=3, text=text)]) is None


def test_the_sentence_that_does_most_is_taken() -> None:
    named = "With 40 million payments in a day the model has to be cheap, because every millisecond counts there."
    worked_out = "The rules block about 340,000 good payments a day, so that's 3.4 million dollars in lost customers."
    assert used(named, worked_out) == used(worked_out, named) == worked_out
