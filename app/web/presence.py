"""Who is looking at which interview, in this process: one turn at a time, and a clock that stops when all left."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class _Room:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    present: set[str] = field(default_factory=set)
    waiting: int = 0


class Presence:
    """Rooms by interview; a room is gone when nobody is in it and nothing happens there."""

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}

    def enter(self, interview_id: str, session_id: str) -> None:
        """A tab shows the interview."""
        self._rooms.setdefault(interview_id, _Room()).present.add(session_id)

    def leave(self, interview_id: str, session_id: str) -> None:
        """A tab was closed, lost its connection, or went on to another interview."""
        room = self._rooms.get(interview_id)
        if room is not None:
            room.present.discard(session_id)
            self._tidy(interview_id, room)

    def others(self, interview_id: str, session_id: str) -> bool:
        """Whether another tab shows the interview."""
        return bool(self.elsewhere(interview_id, session_id))

    def elsewhere(self, interview_id: str, session_id: str) -> tuple[str, ...]:
        """The other tabs that show the interview."""
        room = self._rooms.get(interview_id)
        return () if room is None else tuple(sorted(room.present - {session_id}))

    def empty(self, interview_id: str) -> bool:
        """Whether no tab shows the interview."""
        room = self._rooms.get(interview_id)
        return room is None or not room.present

    @asynccontextmanager
    async def turn(self, interview_id: str) -> AsyncIterator[None]:
        """Wait until nothing else happens in the interview, and keep it so."""
        room = self._rooms.setdefault(interview_id, _Room())
        room.waiting += 1
        try:
            async with room.lock:
                yield
        finally:
            room.waiting -= 1
            self._tidy(interview_id, room)

    def _tidy(self, interview_id: str, room: _Room) -> None:
        if not room.present and room.waiting == 0:
            self._rooms.pop(interview_id, None)
