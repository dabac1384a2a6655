"""The closed vocabularies of the evals: what an interviewer's turn does, and what can be wrong with an interview."""

from __future__ import annotations

from enum import StrEnum


class Act(StrEnum):
    """The main act of an interviewer's turn.

    Acknowledging, moving on and asking the first question of a step is `open-step`. `praise` is praise of
    a wrong statement.
    """

    OPEN_PROBLEM = "open-problem"
    ANSWER_CLARIFICATION = "answer-clarification"
    OPEN_STEP = "open-step"
    PROBE = "probe"
    CHALLENGE = "challenge"
    HINT = "hint"
    TRANSITION = "transition"
    ACKNOWLEDGE_ONLY = "acknowledge-only"
    TIME_CHECK = "time-check"
    CLOSE = "close"
    LECTURE = "lecture"
    PRAISE = "praise"


class Flaw(StrEnum):
    """What can be wrong with an interviewer; a turn's flags are the flaws that show in it."""

    LEAKS_ANSWER = "leaks-answer"
    SKIPS_STEPS = "skips-steps"
    MULTI_QUESTION = "multi-question"
    IGNORES_ANSWER = "ignores-answer"
    SYCOPHANTIC = "sycophantic"
    LOOPS = "loops"
    HINT_IS_SOLUTION = "hint-is-solution"
    TALKS_TOO_MUCH = "talks-too-much"
