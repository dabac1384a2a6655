"""Grades an interview that has ended, once, and keeps what came of it in its log."""

from __future__ import annotations

from app.domain.catalog import Catalog
from app.domain.events import Graded
from app.domain.grades import Grading
from app.errors import ConflictError
from app.ports import InterviewStore
from app.services.assess import Assessor
from app.services.grader import Grader


async def graded_once(
    store: InterviewStore, interview_id: str, *, grader: Grader, assessor: Assessor, catalog: Catalog
) -> Grading:
    """The grading in the log if there is one, else a new one, recorded if anything of it can be used.

    So an interview that is opened again shows the scorecard that it showed before, and costs nothing.

    Raises:
        UnknownInterview: there is no such interview.
        StoreError: the log is damaged, or the disk refused.
    """
    stored = await store.load(interview_id)
    kept = assessor.kept_grading(stored)
    if kept is not None:
        return kept
    grading = await grader.grade(stored, catalog.brief(stored.header.case))
    while grading.usable:
        stored = await store.load(interview_id)
        at = stored.events[-1].at  # the clock of the interview stands still
        event = Graded(seq=stored.seq + 1, at=at, content_hash=catalog.content_hash, grading=grading)
        try:
            await store.append(interview_id, [event], expected_seq=stored.seq)
        except ConflictError:
            continue
        break
    return grading
