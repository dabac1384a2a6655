"""Past interviews with their scores, for `mlsd history` and the page."""

from __future__ import annotations

from datetime import datetime

from app.domain.interview import fold
from app.domain.phases import Phase
from app.domain.vocabulary import Frozen, Level, Mode
from app.errors import InputError, InterviewError
from app.ports import InterviewStore
from app.services.assess import Assessor


class PastInterview(Frozen):
    """One line of the history; `score` and `verdict` are None while it runs or when its case is gone."""

    id: str
    title: str | None
    case: str
    level: Level
    mode: Mode
    started_at: datetime
    state: str
    score: int | None
    verdict: str | None


async def past_interviews(
    store: InterviewStore, assessor: Assessor, *, owner: str | None = None
) -> list[PastInterview]:
    """All interviews, newest first; one that cannot be read is listed as damaged."""
    rows = []
    for header in await store.headers(owner=owner):
        state, score, verdict = "running", None, None
        try:
            stored = await store.load(header.id)
            if fold(stored.header, stored.events).phase is Phase.ENDED:
                state = "ended"
                card = assessor.assess(stored, grading=assessor.kept_grading(stored))
                score, verdict = card.overall.score, card.overall.verdict.value
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
            )
        )
    return rows
