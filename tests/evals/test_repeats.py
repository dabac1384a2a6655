"""What counts as saying something again."""

from __future__ import annotations

import pytest

from evals.infer.repeats import find_repeats
from evals.samples import Speaker, Turn

FACT = "Sixty million people a day, each of them sees about twenty ads."
QUESTION = "Which of yesterday's impressions count as a zero in your training data?"


def turns(*said: str) -> list[Turn]:
    """The interviewer begins; then both take turns."""
    sides = (Speaker.INTERVIEWER, Speaker.CANDIDATE)
    return [Turn(index=place, speaker=sides[place % 2], content=text) for place, text in enumerate(said)]


@pytest.mark.parametrize(
    ("said", "repeated"),
    [
        ((FACT, "I'd log every impression with its request id.", FACT), {2}),
        ((FACT, "Sorry, how many people were that?", f"As I said: {FACT}"), set()),
        ((QUESTION, "Every ad that was sent.", QUESTION), {2}),
        ((QUESTION, "How do you mean that?", QUESTION), {2}),
        ((QUESTION, "Every ad that was sent.", 'On "people come back to a post": what does that do?'), set()),
        ((QUESTION, "A deep network.", "What would make you go back to something smaller?"), set()),
        ((QUESTION, "Five percent of cards.", "What do the two sides still have in common?"), set()),
        ((QUESTION, "A deep network.", "Let me come back to the features, what do they hold?"), {2}),
    ],
)
def test_a_fact_given_again_on_request_is_no_loop(said: tuple[str, ...], repeated: set[int]) -> None:
    assert set(find_repeats(turns(*said), embedder=None)) == repeated
