"""The event log in a database: SQLite in a file by default, any other by SQLAlchemy's async URL.

An append is accepted once the transaction is on the disk (synchronous=FULL), so killing the process
loses nothing that was accepted. Events are kept as JSON text: what a newer version wrote comes back
whole, and NUL characters, which PostgreSQL refuses in text, stay escaped.
"""

from __future__ import annotations

import asyncio
import functools
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import (
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Row, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.adapters import sqlite_file
from app.adapters.sql_schema import EVENTS, INTERVIEWS, ensure_schema
from app.domain.events import AnyEvent, Header, parse_event
from app.errors import ConflictError, SettingsError, StoreError, UnknownInterview
from app.ports import StoredInterview

P = ParamSpec("P")
T = TypeVar("T")


def _uninterrupted(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Let a method that was begun come to its end, even when its caller is cancelled.

    SQLAlchemy abandons the connection of a cancelled call as it is, and SQLite's write lock with it: the
    next writer waited 5 s. The caller still gets its CancelledError, once the outcome is certain.
    """

    @functools.wraps(method)
    async def whole(*args: P.args, **kwargs: P.kwargs) -> T:
        task = asyncio.create_task(method(*args, **kwargs))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # looked at, so that asyncio does not report it as forgotten
            raise

    return whole


class SqlStore:
    """An `InterviewStore` in a database. Build it with `open`; the first call connects.

    Args:
        engine: an engine whose connections begin transactions as `open` sets them up.
        place: the file or address, for messages; without a password.
    """

    def __init__(self, engine: AsyncEngine, *, place: str) -> None:
        self._engine = engine
        self._place = place
        self._ready = False
        self._writers: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()

    @classmethod
    def open(cls, where: Path | str, *, busy_s: float = sqlite_file.BUSY_S) -> SqlStore:
        """A store in a SQLite file, or behind a SQLAlchemy async URL such as postgresql+asyncpg://host/db.

        Args:
            busy_s: seconds that SQLite waits for another program's lock.

        Raises:
            SettingsError: the URL cannot be used, or its driver is not installed.
        """
        try:
            given = isinstance(where, str) and "://" in where
            url = make_url(str(where)) if given else sqlite_file.file_url(Path(where))
            sqlite = url.get_backend_name() == "sqlite"
            engine = create_async_engine(url, pool_pre_ping=not sqlite)
        except (NoSuchModuleError, ImportError) as error:
            raise SettingsError(f"no driver for {_shown(where)!r} is installed ({error}); add it") from error
        except ArgumentError as error:
            raise SettingsError(f"{_shown(where)!r} is no database address; mend it") from error
        except SQLAlchemyError as error:
            raise SettingsError(f"{_shown(where)!r} cannot be used; name an async driver in it") from error
        if sqlite:
            sqlite_file.set_up(engine, busy_s=busy_s)
        place = url.database if sqlite and url.database else url.render_as_string(hide_password=True)
        return cls(engine, place=place)

    @_uninterrupted
    async def create(self, header: Header, *, owner: str = "local") -> None:
        """Begin an interview.

        Raises:
            ConflictError: the id exists.
            StoreError: the disk refused.
        """
        row = {
            "id": header.id,
            "owner": owner,
            "created_at": _sortable(header.started_at),
            "header": header.model_dump_json(),
        }
        conflict = f"an interview {header.id!r} exists already; choose another id"
        async with self._writing(conflict=conflict) as connection:
            await connection.execute(insert(INTERVIEWS).values(row))

    @_uninterrupted
    async def append(self, interview_id: str, events: Sequence[AnyEvent], *, expected_seq: int) -> None:
        """Append events in one transaction.

        Raises:
            ConflictError: somebody appended meanwhile.
            UnknownInterview: there is no such interview.
            StoreError: the disk refused, the events' seqs do not follow `expected_seq` one by one, or one
                holds a lone surrogate; nothing was written.
        """
        rows = [
            {
                "interview": interview_id,
                "seq": each.seq,
                "at": _sortable(each.at),
                "type": each.type,
                "body": _body(each),
            }
            for each in events
        ]
        newest = select(func.coalesce(func.max(EVENTS.c.seq), 0)).where(EVENTS.c.interview == interview_id)
        async with self._writing() as connection:
            await self._row(connection, interview_id)
            last = int((await connection.execute(newest)).scalar_one())
            if last != expected_seq:
                raise ConflictError(f"interview {interview_id!r} is at event {last}, not {expected_seq}; read it again")
            if [each.seq for each in events] != list(range(last + 1, last + 1 + len(events))):
                raise StoreError(f"the new events of {interview_id!r} must be numbered on from {last}")
            if rows:
                await connection.execute(insert(EVENTS), rows)

    @_uninterrupted
    async def load(self, interview_id: str) -> StoredInterview:
        """The whole interview.

        Raises:
            UnknownInterview: there is no such interview.
            StoreError: the log is damaged.
        """
        bodies = select(EVENTS.c.seq, EVENTS.c.body).where(EVENTS.c.interview == interview_id).order_by(EVENTS.c.seq)
        async with self._reading() as connection:
            header = (await self._row(connection, interview_id)).header
            rows = (await connection.execute(bodies)).all()
        events: list[AnyEvent] = []
        for number, (seq, body) in enumerate(rows, start=1):
            if seq != number:
                raise StoreError(f"{self._place}: event {number} of {interview_id!r} is missing; restore a copy")
            events.append(self._event(body, interview_id=interview_id, seq=seq))
        return StoredInterview(header=self._header(header, interview_id=interview_id), events=tuple(events))

    @_uninterrupted
    async def headers(self, *, owner: str | None = None) -> list[Header]:
        """All interviews, or an owner's, newest first."""
        query = select(INTERVIEWS.c.id, INTERVIEWS.c.header)
        if owner is not None:
            query = query.where(INTERVIEWS.c.owner == owner)
        query = query.order_by(INTERVIEWS.c.created_at.desc(), INTERVIEWS.c.id.desc())
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        return [self._header(row.header, interview_id=row.id) for row in rows]

    @_uninterrupted
    async def owner(self, interview_id: str) -> str:
        """Whose interview it is."""
        async with self._reading() as connection:
            return str((await self._row(connection, interview_id)).owner)

    @_uninterrupted
    async def rename(self, interview_id: str, title: str) -> None:
        """Give it a name of the owner's."""
        change = update(INTERVIEWS).where(INTERVIEWS.c.id == interview_id).values(title=title)
        async with self._writing() as connection:
            await self._row(connection, interview_id)
            await connection.execute(change)

    @_uninterrupted
    async def title(self, interview_id: str) -> str | None:
        """The owner's name for it, if one was given."""
        async with self._reading() as connection:
            title = (await self._row(connection, interview_id)).title
        return None if title is None else str(title)

    @_uninterrupted
    async def delete(self, interview_id: str) -> None:
        """Remove it for good: rows purged, freed pages overwritten, the write-ahead log emptied.

        Raises:
            UnknownInterview: there is no such interview.
            StoreError: another process is reading, so its words are still in the write-ahead log.
        """
        async with self._writing() as connection:
            await self._row(connection, interview_id)
            await connection.execute(delete(EVENTS).where(EVENTS.c.interview == interview_id))
            await connection.execute(delete(INTERVIEWS).where(INTERVIEWS.c.id == interview_id))
        if self._sqlite:
            with self._explained():
                emptied = await sqlite_file.empty_wal(self._engine)
            if not emptied:
                raise StoreError(
                    f"interview {interview_id!r} is deleted, but another program is reading {self._place}; "
                    "its words leave the disk once that program ends"
                )

    async def close(self) -> None:
        """Release the connections."""
        await self._engine.dispose()

    @property
    def _sqlite(self) -> bool:
        return self._engine.dialect.name == "sqlite"

    @asynccontextmanager
    async def _writing(
        self, *, conflict: str = "somebody else wrote to this interview; read it again and retry"
    ) -> AsyncIterator[AsyncConnection]:
        """One transaction that holds the write lock from its beginning; committed at the end, or nothing."""
        # One writer at a time: those of one process would else wait for each other in SQLite, where waiting ends.
        writers = self._writers.setdefault(asyncio.get_running_loop(), asyncio.Lock())
        with self._explained(conflict=conflict):
            await self._prepare()
            async with writers, self._engine.connect() as plain:
                connection = await sqlite_file.beginning(plain, "BEGIN IMMEDIATE")
                async with connection.begin():
                    yield connection

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with self._explained():
            await self._prepare()
            async with self._engine.connect() as connection:
                yield connection

    async def _prepare(self) -> None:
        if not self._ready:
            await ensure_schema(self._engine, place=self._place)
            self._ready = True

    async def _row(self, connection: AsyncConnection, interview_id: str) -> Row[Any]:
        found = await connection.execute(select(INTERVIEWS).where(INTERVIEWS.c.id == interview_id))
        row = found.one_or_none()
        if row is None:
            raise UnknownInterview(interview_id)
        return row

    def _header(self, body: str, *, interview_id: str) -> Header:
        try:
            return Header.model_validate_json(body)
        except ValidationError as error:
            raise self._damaged(interview_id, "its header") from error

    def _event(self, body: str, *, interview_id: str, seq: int) -> AnyEvent:
        try:
            event = parse_event(json.loads(body))
        except (
            ValueError,
            TypeError,
        ) as error:  # pydantic's is a ValueError; TypeError: a type that is a list
            raise self._damaged(interview_id, f"event {seq}") from error
        if event.seq != seq:
            raise self._damaged(interview_id, f"event {seq}")
        return event

    def _damaged(self, interview_id: str, what: str) -> StoreError:
        return StoreError(f"{self._place}: {what} of interview {interview_id!r} is damaged; restore a copy of the file")

    @contextmanager
    def _explained(self, *, conflict: str = "") -> Iterator[None]:
        """Turn what the database or the disk raises into one sentence."""
        try:
            yield
        except IntegrityError as error:
            raise ConflictError(conflict or f"{self._place}: {_first_line(error)}; try again") from error
        except (DBAPIError, sqlite3.Error) as error:
            said = sqlite_file.meaning(error) or f"the database refused ({_first_line(error)}); see its log"
            raise StoreError(f"{self._place}: {said}") from error
        except SQLAlchemyError as error:
            raise StoreError(f"{self._place}: cannot be used ({_first_line(error)}); try again") from error
        except OSError as error:
            reason = error.strerror or _first_line(error)
            raise StoreError(f"{self._place}: cannot be reached ({reason}); check it or set MLSD_HOME") from error


def _body(event: AnyEvent) -> str:
    try:
        return event.model_dump_json()
    except PydanticSerializationError as error:
        raise StoreError(f"event {event.seq} cannot be stored as text; replace its lone surrogates") from error


def _sortable(moment: datetime) -> str:
    """ISO 8601 in UTC and of one length, so that text order is time order."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _first_line(error: BaseException) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _shown(where: Path | str) -> str:
    """An address as it may be printed: without its password."""
    return re.sub(r"(?<=:)[^:/@]+(?=@)", "***", str(where))
