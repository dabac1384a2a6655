"""What is measured of an interviewer: one pure function a metric or flaw, from a reading to a number.

Every docstring says what the figure is, its range, which way is better, where it comes from and where it has been
validated. A metric that has not been validated is reported and never gated on (`VALIDATED`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from evals.infer.reading import Reading
from evals.metrics.agenda import closing, coverage, depth, pacing, prerequisites, probe_coverage
from evals.metrics.asking import loops, reask, single_question
from evals.metrics.bearing import neutrality, non_sycophancy, talk_share, uptake
from evals.metrics.flaws import (
    hint_is_solution,
    ignores_answer,
    leaks_answer,
    looping,
    multi_question,
    skips_steps,
    sycophantic,
    talks_too_much,
)
from evals.metrics.giving_away import hint_ladder, leakage
from evals.vocabulary import Flaw

METRICS: Mapping[str, Callable[[Reading], float | None]] = {
    "coverage": coverage,
    "prerequisites": prerequisites,
    "probe_coverage": probe_coverage,
    "single_question": single_question,
    "uptake": uptake,
    "leakage": leakage,
    "hint_ladder": hint_ladder,
    "non_sycophancy": non_sycophancy,
    "neutrality": neutrality,
    "loops": loops,
    "reask": reask,
    "talk_share": talk_share,
    "depth": depth,
    "pacing": pacing,
    "closing": closing,
}
FLAWS: Mapping[Flaw, Callable[[Reading], float]] = {
    Flaw.LEAKS_ANSWER: leaks_answer,
    Flaw.SKIPS_STEPS: skips_steps,
    Flaw.MULTI_QUESTION: multi_question,
    Flaw.IGNORES_ANSWER: ignores_answer,
    Flaw.SYCOPHANTIC: sycophantic,
    Flaw.LOOPS: looping,
    Flaw.HINT_IS_SOLUTION: hint_is_solution,
    Flaw.TALKS_TOO_MUCH: talks_too_much,
}


class Better(StrEnum):
    """Which way a figure is better."""

    HIGHER = "higher"
    LOWER = "lower"
    MIDDLE = "middle"


_LOWER = {"leakage", "loops", "reask", "talk_share", "meta/other_highest"}
_MIDDLE = {"neutrality", "meta/other_flaws", "meta/no_op"}


def better_way(name: str) -> Better:
    """Which way a figure of the report is better; flaw scores are better when lower, neutrality at a half."""
    if name in _MIDDLE:
        return Better.MIDDLE
    return Better.LOWER if name in _LOWER or name.startswith(FLAW_PREFIX) else Better.HIGHER


FLAW_PREFIX = "flaw/"
"""A flaw's score in summaries, since a metric and a flaw are both called loops."""
VALIDATED = frozenset({"single_question", "leakage", "loops", "talk_share"})
"""The metrics that a regression may fail on: right on labelled transcripts or planted flaws, or exact by definition."""
BY_RECORD = frozenset({"coverage", "prerequisites", "hint_ladder", "closing"})
"""They rest on steps and acts: validated where those are on record, not where they are inferred (docs/evals.md)."""
