"""Gets cases and models ready ahead of time, and knows which models there are to choose from.

Embedding a case's sentences takes seconds the first time, and so does loading what a model is called with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from app.adapters.local_servers import find_servers, models_of
from app.bootstrap import BUILTIN, App
from app.errors import InterviewError
from app.services.model_speaker import ModelSpeaker
from app.services.speaking import Speaker

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
        self._spawn(self._one_by_one(case_ids))

    def model_soon(self, speaker: Speaker) -> None:
        """Load what a model needs in the background; the built-in interviewer needs nothing."""
        if isinstance(speaker, ModelSpeaker):
            self._spawn(speaker.warm_up())

    async def models(self) -> tuple[str, ...]:
        """The models to choose from beside the built-in interviewer: the named one, then those on this machine."""
        named = self._app.settings.model
        first = () if named in {None, BUILTIN} else (str(named),)
        found = models_of(await find_servers(self._app.local_ports))
        return tuple(dict.fromkeys((*first, *found)))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
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
