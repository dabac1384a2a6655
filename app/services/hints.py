"""Hints outside an interview: the same ladder, entered where the caller says."""

from __future__ import annotations

from datetime import UTC, datetime

from app.domain.catalog import Brief
from app.domain.events import Header, Interviewer
from app.domain.hinting import next_hint
from app.domain.interview import InterviewState
from app.domain.kinds import InterviewerKind
from app.domain.vocabulary import Frozen, Level, Rung, Slug, Step
from app.errors import InputError


class HintText(Frozen):
    """One hint, as `mlsd hint --json` prints it."""

    case: Slug
    step: Step
    criterion: Slug
    rung: int
    name: str
    hint: str
    caps_at: int


def hint_outside(
    brief: Brief, *, step: Step, criterion: str | None = None, rung: int = 1, caps: tuple[int, int, int] = (3, 2, 1)
) -> HintText:
    """A rung of the ladder of a criterion; of the step's heaviest one when none is named.

    Args:
        brief: the case.
        step: the step.
        criterion: a criterion of that step.
        rung: 1 to 3.
        caps: what each rung would cap later evidence at.

    Raises:
        InputError: the case has no such criterion in that step, or no criterion in it at all.
    """
    if criterion is not None:
        known = [found.id for found in brief.of_step(step)]
        if criterion not in known:
            raise InputError(
                f"{brief.case.id!r} has no criterion {criterion!r} in {step.value}; it has {', '.join(known)}"
            )
    state = InterviewState(header=_header(brief), step=step)
    target = next_hint(state, brief, step=step, criterion=criterion)
    if target.criterion is None:
        raise InputError(f"{brief.case.id!r} has no criterion in {step.value}, so there is no hint")
    found = brief.criterion_by_id[target.criterion]
    wanted = list(Rung)[rung - 1]
    return HintText(
        case=brief.case.id,
        step=found.step,
        criterion=found.id,
        rung=rung,
        name=found.name,
        hint=found.hints.at(wanted),
        caps_at=caps[rung - 1],
    )


def _header(brief: Brief) -> Header:
    return Header(
        id="outside",
        case=brief.case.id,
        level=Level.SENIOR,
        interviewer=Interviewer(kind=InterviewerKind.BUILTIN),
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        content_hash="",
    )
