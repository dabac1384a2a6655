"""Scores over time: the page /progress, and the last score of each case for the start page.

Scoring an interview takes a second or so. It is done in a thread, one interview at a time, and remembered
for as long as the interview's log does not grow.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute

from app.adapters.progress_html import THEME_SCRIPT, progress_html
from app.domain.interview import fold
from app.domain.phases import Phase
from app.domain.trend import Scored, StepPoint, trend
from app.domain.vocabulary import Mode
from app.errors import InterviewError
from app.ports import InterviewStore
from app.services.assess import Assessor

_PATIENCE_S = 0.5
_SCRIPT = base64.b64encode(hashlib.sha256(THEME_SCRIPT.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{_SCRIPT}'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}


class Progress:
    """The scores of an owner's interviews."""

    def __init__(self, store: InterviewStore, assessor: Assessor) -> None:
        self._store = store
        self._assessor = assessor
        self._scored: dict[str, tuple[int, Scored]] = {}
        self._reading: dict[str, asyncio.Task[list[Scored]]] = {}

    async def scored(self, owner: str) -> list[Scored]:
        """An owner's interviews that have ended and can be scored, oldest first."""
        task = self._reading.get(owner)
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._reading[owner] = asyncio.create_task(self._read(owner))
        return await asyncio.shield(task)

    async def last_scores(self, owner: str) -> dict[str, str]:
        """By case id, the newest score of a whole interview and its level; what takes long comes the next time."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                found = await self.scored(owner)
        except TimeoutError:
            return {}
        whole = [one for one in found if one.mode is not Mode.DRILL and one.score is not None]
        return {one.case: f"{one.score} at {one.level.value} level" for one in whole}

    async def _read(self, owner: str) -> list[Scored]:
        found: list[Scored] = []
        for header in reversed(await self._store.headers(owner=owner)):
            try:
                stored = await self._store.load(header.id)
                kept = self._scored.get(header.id)
                if kept is None or kept[0] != stored.seq:
                    if fold(stored.header, stored.events).phase is not Phase.ENDED:
                        continue
                    grading = self._assessor.kept_grading(stored)
                    card = await asyncio.to_thread(self._assessor.assess, stored, grading=grading)
                    steps = tuple(StepPoint(step=step.step, score=step.score) for step in card.steps)
                    one = Scored(
                        id=header.id,
                        case=header.case,
                        level=header.level,
                        mode=header.mode,
                        score=card.overall.score,
                        steps=steps,
                    )
                    kept = self._scored[header.id] = (stored.seq, one)
            except InterviewError:  # its case is gone, it is damaged, or it was deleted meanwhile
                continue
            found.append(kept[1])
        return found

    async def page(self, owner: str, *, titles: dict[str, str]) -> str:
        """The page in HTML."""
        return progress_html(trend(await self.scored(owner)), titles=titles)


def add_progress(
    app: FastAPI, progress: Progress, *, owner: Callable[[], str | None], titles: dict[str, str] | None = None
) -> None:
    """Serve the page at /progress, in front of Chainlit's route for everything.

    Args:
        app: Chainlit's server.
        progress: the scores.
        owner: the name of whoever asks; None for nobody, who is sent to the login.
        titles: of the cases, by id.
    """

    async def show() -> Response:
        name = owner()
        if name is None:
            return RedirectResponse("/login", status_code=303)
        return HTMLResponse(await progress.page(name, titles=titles or {}), headers=_HEADERS)

    route: Any = APIRoute("/progress", show, methods=["GET"], include_in_schema=False)
    app.router.routes.insert(0, route)
