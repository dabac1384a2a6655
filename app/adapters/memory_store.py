"""An event log in memory, for tests and for scripted runs that keep nothing.

It behaves as `SqlStore` does; one suite of tests holds both to the contract.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic_core import PydanticSerializationError

from app.domain.events import AnyEvent, Header
from app.errors import ConflictError, StoreError, UnknownInterview
from app.ports import StoredInterview


@dataclass
class _Log:
    header: Header
    owner: str
    title: str | None = None
    events: list[AnyEvent] = field(default_factory=list)


class MemoryStore:
    """An `InterviewStore` that is gone with the process.

    No method waits in its middle, so each is one transaction among the tasks of a loop.
    """

    def __init__(self) -> None:
        self._logs: dict[str, _Log] = {}

    async def create(self, header: Header, *, owner: str = "local") -> None:
        """Begin an interview.

        Raises:
            ConflictError: the id exists.
        """
        if header.id in self._logs:
            raise ConflictError(f"an interview {header.id!r} exists already; choose another id")
        self._logs[header.id] = _Log(header, owner)

    async def append(self, interview_id: str, events: Sequence[AnyEvent], *, expected_seq: int) -> None:
        """Append events, all or none.

        Raises:
            ConflictError: somebody appended meanwhile.
            UnknownInterview: there is no such interview.
            StoreError: the events' seqs do not follow `expected_seq` one by one, or one holds a lone
                surrogate.
        """
        log = self._log(interview_id)
        last = log.events[-1].seq if log.events else 0
        if last != expected_seq:
            raise ConflictError(f"interview {interview_id!r} is at event {last}, not {expected_seq}; read it again")
        if [event.seq for event in events] != list(range(last + 1, last + 1 + len(events))):
            raise StoreError(f"the new events of {interview_id!r} must be numbered on from {last}")
        try:
            for event in events:
                event.model_dump_json()
        except PydanticSerializationError as error:
            raise StoreError("an event cannot be stored as text; replace its lone surrogates") from error
        log.events.extend(events)

    async def load(self, interview_id: str) -> StoredInterview:
        """The whole interview.

        Raises:
            UnknownInterview: there is no such interview.
        """
        log = self._log(interview_id)
        return StoredInterview(header=log.header, events=tuple(log.events))

    async def headers(self, *, owner: str | None = None) -> list[Header]:
        """All interviews, or an owner's, newest first."""
        found = [log.header for log in self._logs.values() if owner is None or log.owner == owner]
        return sorted(found, key=lambda header: (header.started_at, header.id), reverse=True)

    async def owner(self, interview_id: str) -> str:
        """Whose interview it is."""
        return self._log(interview_id).owner

    async def rename(self, interview_id: str, title: str) -> None:
        """Give it a name of the owner's."""
        self._log(interview_id).title = title

    async def title(self, interview_id: str) -> str | None:
        """The owner's name for it, if one was given."""
        return self._log(interview_id).title

    async def delete(self, interview_id: str) -> None:
        """Remove it for good."""
        self._log(interview_id)
        del self._logs[interview_id]

    async def close(self) -> None:
        """Nothing to release."""

    def _log(self, interview_id: str) -> _Log:
        try:
            return self._logs[interview_id]
        except KeyError as error:
            raise UnknownInterview(interview_id) from error
