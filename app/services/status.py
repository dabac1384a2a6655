"""Where an interview stands, as the candidate may see it: nothing here tells what is still missing."""

from __future__ import annotations

from app.domain.interview import InterviewState
from app.domain.levels import LevelRules
from app.domain.pacing import budget
from app.domain.vocabulary import Frozen, Step


class StepStatus(Frozen):
    """One step: whether it was opened, and its time in seconds against its budget (None when untimed)."""

    step: Step
    opened: bool
    seconds: float
    budget: float | None


class InterviewStatus(Frozen):
    """The whole: times in seconds; `total` is None when untimed."""

    step: Step
    elapsed: float
    total: float | None
    hints: int
    steps: tuple[StepStatus, ...]


def status_of(state: InterviewState, rules: LevelRules) -> InterviewStatus:
    """Where an interview stands after its last event."""
    shares = budget(state.header, rules.pacing)
    return InterviewStatus(
        step=state.step,
        elapsed=state.elapsed,
        total=shares.total,
        hints=sum(entry.rung for entry in state.ledger.criteria.values()),
        steps=tuple(
            StepStatus(
                step=step,
                opened=state.ledger.steps[step].opened is not None,
                seconds=state.ledger.steps[step].seconds,
                budget=None if shares.steps is None else shares.steps[step],
            )
            for step in state.header.steps
        ),
    )


def until_now(status: InterviewStatus, seconds: float) -> InterviewStatus:
    """The status some seconds after the last event, while the clock runs."""
    steps = tuple(
        line.model_copy(update={"seconds": line.seconds + seconds}) if line.step is status.step else line
        for line in status.steps
    )
    return status.model_copy(update={"elapsed": status.elapsed + seconds, "steps": steps})


def status_line(status: InterviewStatus) -> str:
    """One line for terminal and page: "Data and features (step 3). 12 of 45 min. 1 hint taken."."""
    minutes = round(status.elapsed / 60)
    clock = f"{minutes} min, untimed" if status.total is None else f"{minutes} of {round(status.total / 60)} min"
    hints = f"{status.hints} hint{'' if status.hints == 1 else 's'} taken"
    return f"{status.step.heading} (step {status.step.number}). {clock}. {hints}."
