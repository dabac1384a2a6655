"""Which step each turn of an interviewer leaves the candidate in, from the words of both sides.

A hidden path over the seven steps: each turn's evidence is what it asks, what the candidate says next, and a
little of what was said before; the path prefers to stay, then to go on by one. Viterbi finds the best.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.domain.vocabulary import Step
from app.ports import Embedder
from evals.infer.questions import count_questions
from evals.infer.step_head import StepHead, fitted_step_head
from evals.infer.step_words import MOVES_ON, named_step, step_words
from evals.samples import Speaker, Turn

Matrix = NDArray[np.float64]
_STEPS = len(Step)
# Chosen on evals/dev, in steps of a half.
_ANSWERED, _HEARD, _ANSWER = 1.0, 0.35, 0.3
_WORDS, _VECTORS, _NAMED = 1.0, 0.8, 4.0
_FLOOR = -3.5
_LEAVES, _KEEPS, _FARTHER, _ANSWERS_KEEP = 2.0, 2.0, 0.5, 2.0
_STAY, _ON, _SKIP, _BACK = np.log(0.62), np.log(0.30), np.log(0.05), np.log(0.012)
_START = np.log(np.array([0.72, 0.14, 0.04, 0.05, 0.02, 0.02, 0.01]))


def infer_steps(
    turns: Sequence[Turn], *, between: Sequence[int], answers: frozenset[int], embedder: Embedder | None
) -> dict[int, Step]:
    """The step of each interviewer's turn between opening and closing, by the turn's index.

    Args:
        turns: all turns, both sides.
        between: places in `turns` of the interviewer's turns to label, in order.
        answers: places of those that answer a clarifying question: they stay where they are.
        embedder: adds what the words mean; None leaves the plain words alone.
    """
    if not between:
        return {}
    evidence = _evidence(turns, embedder)
    rows, pulls = [], []
    for place in between:
        text = turns[place].content
        moves_on = MOVES_ON.search(text) is not None
        asks = count_questions(text) > 0
        said, heard = evidence[place], _heard(turns, evidence, range(place - 1, -1, -1))
        if place in answers:
            row = _ANSWER * said + _HEARD * heard
        elif asks or moves_on:
            answered = _heard(turns, evidence, range(place + 1, len(turns)))
            row = said + _ANSWERED * answered + (0.0 if moves_on else _HEARD) * heard
        else:  # it leaves the candidate where he is, whatever he does with it next
            row = said + heard
        rows.append(row + _by_name(text))
        if moves_on and named_step(text) is not None:
            pulls.append(-_LEAVES)
        else:
            stays = _ANSWERS_KEEP if place in answers else _KEEPS
            pulls.append(0.0 if moves_on or (asks and place not in answers) else stays)
    path = _best_path(np.stack(rows), pulls)
    order = list(Step)
    return {turns[place].index: order[state] for place, state in zip(between, path, strict=True)}


def _evidence(turns: Sequence[Turn], embedder: Embedder | None) -> Matrix:
    """How much each turn speaks of each step: shape (turns, 7)."""
    words = np.array([step_words(turn.content) for turn in turns]) * _WORDS
    head = _head_for(embedder)
    if embedder is None or head is None:
        return words
    shares = np.maximum(head.log_shares(embedder.embed([turn.content or " " for turn in turns])), _FLOOR)
    meaning: Matrix = words + _VECTORS * shares
    return meaning


def _head_for(embedder: Embedder | None) -> StepHead | None:
    """The fitted head, where it was fitted on the vectors of this embedder."""
    if embedder is None:
        return None
    head = fitted_step_head()
    return head if head.embedder == embedder.name else None


def _by_name(content: str) -> Matrix:
    bonus = np.zeros(_STEPS)
    named = named_step(content)
    if named is not None:
        bonus[named.number - 1] = _NAMED if MOVES_ON.search(content) else _NAMED / 2
    return bonus


def _heard(turns: Sequence[Turn], evidence: Matrix, places: range) -> Matrix:
    """What the nearest candidate's message in a direction speaks of, if the interviewer does not speak before."""
    for place in places:
        if turns[place].speaker is Speaker.CANDIDATE:
            row: Matrix = evidence[place]
            return row
        break
    return np.zeros(_STEPS)


def _best_path(rows: Matrix, pulls: Sequence[float]) -> list[int]:
    """The most likely states; rows of shape (turns, 7), and how much each turn pulls to the step before it."""
    gap = np.arange(_STEPS)[None, :] - np.arange(_STEPS)[:, None]
    move = np.where(gap == 0, _STAY, np.where(gap == 1, _ON, np.where(gap > 1, _SKIP - _FARTHER * (gap - 2), _BACK)))
    score = _START + rows[0]
    back: list[NDArray[np.intp]] = []
    for row, pull in zip(rows[1:], pulls[1:], strict=True):
        total = score[:, None] + move + pull * np.eye(_STEPS)
        back.append(total.argmax(axis=0))
        score = total.max(axis=0) + row
    path = [int(score.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]
