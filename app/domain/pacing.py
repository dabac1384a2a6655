"""How time and questions are shared out over an interview."""

from __future__ import annotations

from math import ceil

from app.domain.events import Header
from app.domain.levels import Pacing
from app.domain.vocabulary import Frozen, Level, Step

# 12-15 probes in 45 minutes is what an attentive interviewer gets in; see docs/interviewing.md.
_PROBES_IN_45 = {Level.MID: 16, Level.SENIOR: 14, Level.STAFF: 12}
_UNTIMED_MINUTES = 60.0


class Budget(Frozen):
    """Seconds and questions for one interview.

    Attributes:
        steps: seconds for each step of the plan; None when untimed.
        total: seconds in all, None when untimed.
        wrap_up: seconds kept for the end.
        probes: questions in all.
        step_probes: questions at most in each step.
        listens: turns in a row in which the interviewer may only listen.
        dives: deep dives in all.
        twists: changed constraints in all.
    """

    steps: dict[Step, float] | None
    total: float | None
    wrap_up: float
    probes: int
    step_probes: dict[Step, int]
    listens: int
    dives: int
    twists: int


def budget(header: Header, pacing: Pacing) -> Budget:
    """Share out the agreed length over the steps of the plan."""
    minutes = header.minutes if header.minutes is not None else _UNTIMED_MINUTES
    share = {step: pacing.steps[step] for step in header.steps}
    total = _with_typing(minutes, header)
    wrap_up = total * pacing.wrap_up / pacing.total
    scale = (total - wrap_up) / sum(share.values())
    full = len(header.steps) == len(Step)
    probes = max(len(header.steps) * 2, round(_PROBES_IN_45[header.level] * minutes / 45))
    probes = probes if full else max(probes, 4 * len(header.steps))
    weight = sum(share.values())
    return Budget(
        steps=None if header.minutes is None else {step: value * scale for step, value in share.items()},
        total=agreed_seconds(header),
        wrap_up=wrap_up,
        probes=probes,
        step_probes={step: max(2, ceil(probes * value / weight)) for step, value in share.items()},
        listens={Level.MID: 1, Level.SENIOR: 2, Level.STAFF: 3}[header.level],
        dives={Level.MID: 1, Level.SENIOR: 2, Level.STAFF: 3}[header.level],
        twists={Level.MID: 1, Level.SENIOR: 1, Level.STAFF: 2}[header.level],
    )


def agreed_seconds(header: Header) -> float | None:
    """The agreed length with what is allowed for typing; None for an interview without a clock."""
    return None if header.minutes is None else _with_typing(header.minutes, header)


def _with_typing(minutes: float, header: Header) -> float:
    return minutes * 60 * (1 + header.typing_allowance)


def clock(seconds: float) -> str:
    """Seconds as "12:05"."""
    whole = max(0, int(seconds + 0.5))  # as the page does; `round` would take 6.5 for 6
    return f"{whole // 60}:{whole % 60:02d}"
