"""What speaks for each step at a turn of the interviewer, and what speaks for staying in the step before it.

Numbers alone; how much each counts is fitted (`evals.infer.step_path`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.vocabulary import Step
from app.ports import Embedder, Vectors
from evals.infer.act_words import LISTENING, WHERE_NEXT
from evals.infer.meaning import turn_vectors
from evals.infer.questions import count_questions
from evals.infer.step_head import StepHead, fitted_step_head
from evals.infer.step_words import MOVES_ON, announces_step, begins_with_step, named_step, step_words
from evals.samples import Speaker, Turn

Matrix = NDArray[np.float64]
SAYS = (
    *(f"{what} {how}, {kind}" for kind in ("asks", "tells") for what in ("said", "answered", "heard") for how in ("words", "meaning")),
    "named, moving on",
    "named",
    "answer begins with its name",
)  # fmt: skip
"""What speaks for a step: the turn's own words, the candidate's next and last, for turns that ask and that do not."""
STAYS = (
    "always",
    "asked, and asks back",
    "answers",
    "asks nothing",
    "moves on",
    "names a step",
    "points back",
    "quotes or says you",
    "says now or next",
    "only listens",
    "asks where to go",
)
"""What speaks for staying, or against it."""
_FLOOR = -3.5
# The log share of one step in seven: with it a turn that says nothing speaks for no step.
_EVEN = float(np.log(7))
_LEAD = re.compile(
    r"^(?:(?:okay|ok|right|all right|alright|so|well|fine|good|great|got it|thanks|thank you|perfect|fair|fair enough|sure|now|then|next|very well|understood|noted|cool|nice|mm-hm|mhm|good enough|enough)\b[^.?!]{0,40}[.!,:]+\s*)+",
    re.IGNORECASE,
)
POINTS_BACK = re.compile(
    r"\b(?:that|this|those|these|it|its|them|they|he|she|there|each|one|same|such|instead|still|too|also|else)\b",
    re.IGNORECASE,
)
YOU_SAID = re.compile(
    r"[\"“]|\byou (?:said|mention\w*|want\w*|told|claim\w*|keep|just|also|say|call\w*|have)\b|\byour\b", re.IGNORECASE
)
NOW = re.compile(
    r"\b(?:now|next|then|last|finally|turn|move|onto|come to|remaining|left|on to|back to|start|begin|first|let's|let us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StepEvidence:
    """One interview's turns as numbers.

    Attributes:
        says: shape (turns, 7, len(SAYS)).
        stays: shape (turns, len(STAYS)).
    """

    says: Matrix
    stays: Matrix


def step_evidence(
    turns: Sequence[Turn], *, between: Sequence[int], answers: frozenset[int], meaning: Matrix | None
) -> StepEvidence:
    """The numbers of the interviewer's turns at the places `between`, in order.

    Args:
        turns: all turns, both sides.
        answers: places of those before which the candidate asked something.
        meaning: how much each turn speaks for each step by its meaning (`meaning_of`); None leaves that at 0.
    """
    words = np.array([step_words(turn.content) for turn in turns])
    if meaning is None:
        meaning = np.zeros((len(turns), len(Step)))
    nothing = np.zeros(len(Step))
    says, stays = [], []
    for place in between:
        text = turns[place].content
        asks, moves_on = count_questions(text) > 0, MOVES_ON.search(text) is not None or announces_step(text)
        rows: list[Matrix] = []
        for of_kind in (asks or moves_on, not (asks or moves_on)):
            for at in (place, _candidate(turns, place + 1), _candidate(turns, place - 1)):
                known = of_kind and at is not None
                rows += [words[at], meaning[at]] if known else [nothing, nothing]
        named = named_step(text)
        answer = _candidate(turns, place + 1)
        begun = begins_with_step(turns[answer].content) if answer is not None else None
        rows += [_at(named if moves_on else None), _at(None if moves_on else named), _at(begun)]
        says.append(np.stack(rows, axis=1))
        rest = after_lead_in(text)
        asked_before = place in answers
        stays.append(
            [
                True,
                asked_before and asks,
                asked_before and not asks,
                not asked_before and not asks,
                moves_on,
                named is not None,
                asks and POINTS_BACK.search(rest) is not None,
                asks and YOU_SAID.search(text) is not None,
                asks and NOW.search(text) is not None,
                LISTENING.match(text) is not None,
                WHERE_NEXT.search(text) is not None,
            ]
        )
    return StepEvidence(says=np.stack(says), stays=np.array(stays, dtype=np.float64))


def after_lead_in(text: str) -> str:
    """A turn without the words that only take up what was said: "Okay, got it."."""
    return _LEAD.sub("", text)


def meaning_of(turns: Sequence[Turn], embedder: Embedder | None) -> Matrix | None:
    """What turns mean by the head that ships; None where that was fitted on the vectors of another embedder."""
    if embedder is None or fitted_step_head().embedder != embedder.name:
        return None
    return meaning_by(fitted_step_head(), turn_vectors(turns, embedder))


def meaning_by(head: StepHead, vectors: Vectors) -> Matrix:
    """How much each turn speaks for each step: shape (turns, 7), 0 where it speaks for none more than for the others."""
    found: Matrix = np.maximum(head.log_shares(vectors), _FLOOR) + _EVEN
    return found


def _candidate(turns: Sequence[Turn], place: int) -> int | None:
    """The place, if a message of the candidate's is there."""
    there = 0 <= place < len(turns) and turns[place].speaker is Speaker.CANDIDATE
    return place if there else None


def _at(step: Step | None) -> Matrix:
    found = np.zeros(len(Step))
    if step is not None:
        found[step.number - 1] = 1.0
    return found
