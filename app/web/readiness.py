"""Gets cases ready in a thread: embedding a case's sentences takes seconds the first time."""

from __future__ import annotations

import asyncio

from app.bootstrap import App


class Readiness:
    """Prepares the matcher, one case at a time; what is ready stays so."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lock = asyncio.Lock()
        self._ready: set[str] = set()

    async def of(self, case_id: str) -> None:
        """Wait until a case is ready.

        Raises:
            InputError: there is no such case.
            SettingsError: the embedding model cannot be used.
        """
        brief = self._app.catalog.brief(case_id)
        async with self._lock:
            if case_id not in self._ready:
                await asyncio.to_thread(lambda: self._app.matcher.prepare(brief))
                self._ready.add(case_id)

    async def of_all(self) -> None:
        """Get all cases ready; whoever chooses one meanwhile waits for the one at work at most."""
        for case_id in self._app.catalog.case_ids():
            await self.of(case_id)
