"""Vectors of turns: an interviewer's as a whole, a candidate's as the mean of the sentences; all asked for at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from app.ports import Vectors
from evals.infer.meaning import embed_ahead, message_vector, turn_vectors
from evals.infer.step_features import meaning_of
from evals.samples import Speaker, Transcript, Turn, read_samples

DEV = Path(__file__).parents[2] / "evals" / "dev"


class Remembering:
    """Vectors of the letters, and what was asked for."""

    name = "letters"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.array([[1.0 + text.count(letter) for letter in "aeinost"] for text in texts])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def turn(index: int, side: Speaker, content: str) -> Turn:
    return Turn(index=index, speaker=side, content=content)


def test_a_message_is_the_mean_of_its_sentences_and_a_turn_is_whole() -> None:
    embedder = Remembering()
    text = "Clicks are the label. Negatives are sampled."
    both = turn_vectors([turn(0, Speaker.INTERVIEWER, text), turn(1, Speaker.CANDIDATE, text)], embedder)
    mean = embedder.embed(["Clicks are the label.", "Negatives are sampled."]).mean(axis=0)
    assert np.allclose(both[0], embedder.embed([text])[0])
    assert np.allclose(both[1], mean / np.linalg.norm(mean))
    assert np.allclose(message_vector(text, embedder), both[1])


def test_an_empty_turn_has_a_vector_too() -> None:
    vectors = turn_vectors([turn(0, Speaker.CANDIDATE, ""), turn(1, Speaker.INTERVIEWER, "")], Remembering())
    assert vectors.shape == (2, 7) and np.isfinite(vectors).all()


def test_what_steps_are_told_by_was_asked_for_ahead() -> None:
    [sample] = read_samples([DEV / "brisk-ads.json"], cases={"ad-click-prediction"})
    assert isinstance(sample, Transcript)
    embedder = Remembering()
    embed_ahead([sample], embedder)
    ahead = set(embedder.asked)
    embedder.asked.clear()
    turn_vectors(sample.turns, embedder)
    assert set(embedder.asked) <= ahead
    assert meaning_of(sample.turns, embedder) is None  # the head that ships knows another embedder
