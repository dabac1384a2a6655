"""Past interviews with their scores, for `mlsd history` and the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.interview import fold
from app.domain.phases import Phase
from app.domain.trend import Scored, Series, StepPoint, trend
from app.domain.vocabulary import Frozen, Level, Mode
from app.errors import InputError, InterviewError
from app.ports import InterviewStore
from app.services.assess import Assessor


class PastInterview(Frozen):
    """One line of the history; `score` and `verdict` are None while it runs or when its case is gone, `steps` empty."""

    id: str
    title: str | None
    case: str
    level: Level
    mode: Mode
    started_at: datetime
    state: str
    score: int | None
    verdict: str | None
    steps: tuple[StepPoint, ...] = ()


async def past_interviews(
    store: InterviewStore, assessor: Assessor, *, owner: str | None = None
) -> list[PastInterview]:
    """All interviews, newest first; one that cannot be read is listed as damaged."""
    rows = []
    for header in await store.headers(owner=owner):
        state, score, verdict = "running", None, None
        steps: tuple[StepPoint, ...] = ()
        try:
            stored = await store.load(header.id)
            if fold(stored.header, stored.events).phase is Phase.ENDED:
                state = "ended"
                card = assessor.assess(stored, grading=assessor.kept_grading(stored))
                score, verdict = card.overall.score, card.overall.verdict.value
                steps = tuple(StepPoint(step=step.step, score=step.score) for step in card.steps)
        except InputError:
            state = "case missing"
        except InterviewError:
            state = "damaged"
        rows.append(
            PastInterview(
                id=header.id,
                title=await store.title(header.id),
                case=header.case,
                level=header.level,
                mode=header.mode,
                started_at=header.started_at,
                state=state,
                score=score,
                verdict=verdict,
                steps=steps,
            )
        )
    return rows


def trend_of(rows: Sequence[PastInterview]) -> tuple[Series, ...]:
    """How the scores moved.

    Args:
        rows: newest first, as `past_interviews` gives them.
    """
    return trend(
        Scored(id=row.id, case=row.case, level=row.level, mode=row.mode, score=row.score, steps=row.steps)
        for row in reversed(rows)
    )
