"""Gets cases ready in a thread: embedding a case's sentences takes seconds the first time."""

from __future__ import annotations

import asyncio
import logging

from app.bootstrap import App
from app.errors import InterviewError

_log = logging.getLogger("mlsd.page")


class Readiness:
    """Prepares the matcher, one case at a time; what is ready stays so."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = asyncio.Lock()
        self._ready: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def of(self, case_id: str) -> None:
        """Wait until a case is ready.

        Raises:
            InputError: there is no such case.
            SettingsError: the embedding model cannot be used.
        """
        brief = self._app.catalog.brief(case_id)
        if case_id in self._ready:
            return
        async with self._lock:
            if case_id not in self._ready:
                await asyncio.to_thread(lambda: self._app.matcher.prepare(brief))
                self._ready.add(case_id)

    def soon(self, *case_ids: str) -> None:
        """Get cases ready in the background, each as soon as the one at work is done.

        What goes wrong is told to whoever waits for the case.
        """
        task = asyncio.create_task(self._one_by_one(case_ids))
        self._tasks.add(task)  # the loop itself keeps no hold on tasks
        task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until nothing is at work."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    async def _one_by_one(self, case_ids: tuple[str, ...]) -> None:
        for case_id in case_ids:
            try:
                await self.of(case_id)
            except InterviewError as error:
                _log.warning("case %r could not be made ready: %s", case_id, error)
