"""Whether a question passes over the answer before it is told by what both have in common, not by its subject."""

from __future__ import annotations

import pytest

from app.adapters.embedding import CachedEmbedder, MiniLmEmbedder
from app.ports import Embedder
from evals.infer.passing_over import follows_answer, passes_over, shown_by
from evals.samples import Speaker, Turn

OPENING = "Design the ranking of a news feed. Where do you start?"
ANSWER = (
    "We log every post that was on the screen. A like within the session is a positive, and what was scrolled past is a "
    "negative."
)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return CachedEmbedder(MiniLmEmbedder(), tmp_path_factory.mktemp("vectors"))


def dialogue(question: str) -> tuple[Turn, ...]:
    said = [OPENING, "With the labels, if that's fine.", "Go on.", ANSWER, question]
    sides = [Speaker.INTERVIEWER, Speaker.CANDIDATE, Speaker.INTERVIEWER, Speaker.CANDIDATE, Speaker.INTERVIEWER]
    return tuple(
        Turn(index=place, speaker=side, content=text)
        for place, (side, text) in enumerate(zip(sides, said, strict=True))
    )


@pytest.mark.parametrize("lead", ["Whatever. ", "Noted. Next item: ", "Sorry, I wasn't listening. "])
def test_what_takes_the_answer_up_is_less_likely_to_pass_over_it(embedder: Embedder, lead: str) -> None:
    takes_up = "So a post that was scrolled past is a negative. What if it was on the screen for half a second?"
    passing = passes_over(dialogue(f"{lead}How would you roll out a new model?"), 4, embedder)
    assert (passing or 0.0) > 0.7 > 0.5 > (passes_over(dialogue(takes_up), 4, embedder) or 0.0)


def test_the_same_words_are_shared_or_not_by_what_was_said(embedder: Embedder) -> None:
    signs = shown_by(dialogue("And a post that was on the screen twice?"), 4, embedder).signs
    assert "question shares 2" in signs and "statements share 0" in signs and "states 0" in signs


def test_nothing_is_told_without_an_answer_or_an_embedder(embedder: Embedder) -> None:
    turns = dialogue("Why?")
    assert passes_over(turns, 4, None) is None
    assert passes_over(turns, 2, embedder) is not None and passes_over(turns, 0, embedder) is None
    assert not follows_answer(turns, 3)
