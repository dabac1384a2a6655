"""The event log in a database: SQLite in a file by default, any other by SQLAlchemy's async URL.

An append is accepted once the transaction is on the disk (synchronous=FULL), so killing the process
loses nothing that was accepted. Events are kept as JSON text: what a newer version wrote comes back
whole, and NUL characters, which PostgreSQL refuses in text, stay escaped.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    event,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from app.adapters.sqlite_faults import explain_sqlite
from app.domain.events import AnyEvent, Header, parse_event
from app.errors import ConflictError, SettingsError, StoreError, UnknownInterview
from app.ports import StoredInterview

SCHEMA_VERSION = 1
BUSY_S = 5.0
"""How long a writer waits for another process's transaction; ours take milliseconds."""

_TABLES = MetaData()
_VERSION = Table("mlsd_schema", _TABLES, Column("version", Integer, nullable=False))
_INTERVIEWS = Table(
    "interviews",
    _TABLES,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False, index=True),
    Column("title", String),
    Column("created_at", String(32), nullable=False),
    Column("header", Text, nullable=False),
)
_EVENTS = Table(
    "events",
    _TABLES,
    Column("interview", ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("type", String, nullable=False),
    Column("body", Text, nullable=False),
)


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

    @classmethod
    def open(cls, where: Path | str) -> SqlStore:
        """A store in a SQLite file, or behind a SQLAlchemy async URL such as postgresql+asyncpg://host/db.

        Raises:
            SettingsError: the URL cannot be used, or its driver is not installed.
        """
        try:
            url = make_url(where) if isinstance(where, str) and "://" in where else _file_url(Path(where))
        except ArgumentError as error:
            raise SettingsError(f"{str(where)!r} is no database address; mend it") from error
        place = url.render_as_string(hide_password=True)
        sqlite = url.get_backend_name() == "sqlite"
        if sqlite and url.database:
            place = url.database
        try:
            engine = create_async_engine(url, pool_pre_ping=not sqlite)
        except (NoSuchModuleError, ImportError) as error:
            raise SettingsError(f"no driver for {place!r} is installed ({error}); install it") from error
        except SQLAlchemyError as error:
            raise SettingsError(f"{place!r} cannot be used ({error}); name an async driver in it") from error
        if sqlite:
            event.listen(engine.sync_engine, "connect", _set_up_sqlite)
            event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return cls(engine, place=place)

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
        try:
            async with self._writing() as connection:
                await connection.execute(insert(_INTERVIEWS).values(row))
        except IntegrityError as error:
            raise ConflictError(f"an interview {header.id!r} exists already; choose another id") from error

    async def append(self, interview_id: str, events: Sequence[AnyEvent], *, expected_seq: int) -> None:
        """Append events in one transaction.

        Raises:
            ConflictError: somebody appended meanwhile.
            UnknownInterview: there is no such interview.
            StoreError: the disk refused, or the events' seqs do not follow `expected_seq` one by one;
                nothing was written.
        """
        rows = [
            {
                "interview": interview_id,
                "seq": each.seq,
                "at": _sortable(each.at),
                "type": each.type,
                "body": each.model_dump_json(),
            }
            for each in events
        ]
        newest = select(func.coalesce(func.max(_EVENTS.c.seq), 0)).where(_EVENTS.c.interview == interview_id)
        try:
            async with self._writing() as connection:
                await self._row(connection, interview_id)
                last = int((await connection.execute(newest)).scalar_one())
                if last != expected_seq:
                    raise ConflictError(
                        f"interview {interview_id!r} is at event {last}, not {expected_seq}; "
                        "read it again and retry"
                    )
                if [each.seq for each in events] != list(range(last + 1, last + 1 + len(events))):
                    raise StoreError(f"the new events of {interview_id!r} must be numbered on from {last}")
                if rows:
                    await connection.execute(insert(_EVENTS), rows)
        except IntegrityError as error:
            raise ConflictError(
                f"somebody else appended to interview {interview_id!r}; read it again and retry"
            ) from error

    async def load(self, interview_id: str) -> StoredInterview:
        """The whole interview.

        Raises:
            UnknownInterview: there is no such interview.
            StoreError: the log is damaged.
        """
        bodies = (
            select(_EVENTS.c.seq, _EVENTS.c.body)
            .where(_EVENTS.c.interview == interview_id)
            .order_by(_EVENTS.c.seq)
        )
        async with self._reading() as connection:
            header = (await self._row(connection, interview_id)).header
            rows = (await connection.execute(bodies)).all()
        events: list[AnyEvent] = []
        for number, (seq, body) in enumerate(rows, start=1):
            if seq != number:
                raise StoreError(f"{self._place}: event {number} of {interview_id!r} is missing; restore a copy")
            events.append(self._event(body, interview_id=interview_id, seq=seq))
        return StoredInterview(header=self._header(header, interview_id=interview_id), events=tuple(events))

    async def headers(self, *, owner: str | None = None) -> list[Header]:
        """All interviews, or an owner's, newest first."""
        query = select(_INTERVIEWS.c.id, _INTERVIEWS.c.header)
        if owner is not None:
            query = query.where(_INTERVIEWS.c.owner == owner)
        query = query.order_by(_INTERVIEWS.c.created_at.desc(), _INTERVIEWS.c.id.desc())
        async with self._reading() as connection:
            rows = (await connection.execute(query)).all()
        return [self._header(row.header, interview_id=row.id) for row in rows]

    async def owner(self, interview_id: str) -> str:
        """Whose interview it is."""
        async with self._reading() as connection:
            return str((await self._row(connection, interview_id)).owner)

    async def rename(self, interview_id: str, title: str) -> None:
        """Give it a name of the owner's."""
        change = update(_INTERVIEWS).where(_INTERVIEWS.c.id == interview_id).values(title=title)
        async with self._writing() as connection:
            await self._row(connection, interview_id)
            await connection.execute(change)

    async def title(self, interview_id: str) -> str | None:
        """The owner's name for it, if one was given."""
        async with self._reading() as connection:
            title = (await self._row(connection, interview_id)).title
        return None if title is None else str(title)

    async def delete(self, interview_id: str) -> None:
        """Remove it for good: rows purged, freed pages overwritten, the write-ahead log emptied.

        Raises:
            UnknownInterview: there is no such interview.
            StoreError: another process is reading, so its words are still in the write-ahead log.
        """
        async with self._writing() as connection:
            await self._row(connection, interview_id)
            await connection.execute(delete(_EVENTS).where(_EVENTS.c.interview == interview_id))
            await connection.execute(delete(_INTERVIEWS).where(_INTERVIEWS.c.id == interview_id))
        if self._engine.dialect.name == "sqlite":
            await self._empty_wal(interview_id)

    async def close(self) -> None:
        """Release the connections."""
        await self._engine.dispose()

    async def _empty_wal(self, interview_id: str) -> None:
        with self._explained():
            async with self._engine.connect() as connection:
                outside = await connection.execution_options(mlsd_begin="")
                result = await outside.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                busy = result.one()[0]
        if busy:
            raise StoreError(
                f"interview {interview_id!r} is deleted, but another program is reading {self._place}; "
                "its words leave the disk once that program ends"
            )
