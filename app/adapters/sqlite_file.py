"""What SQLite has to be told to keep its promises, and what its errors mean for the user."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

BUSY_S = 5.0
"""How long a writer waits for another process's transaction; ours take milliseconds."""
_BEGIN = "mlsd_begin"
_ON_CONNECT = (
    # In WAL mode the default, NORMAL, may lose the last transactions when the power goes.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)
_MEANINGS = (
    ("SQLITE_FULL", "the disk is full; free some space"),
    ("SQLITE_READONLY", "the file or its folder is read-only; change its permissions or set MLSD_HOME"),
    ("SQLITE_CANTOPEN", "the file cannot be opened; check its folder's permissions or set MLSD_HOME"),
    ("SQLITE_PERM", "the file cannot be opened; check its permissions or set MLSD_HOME"),
    ("SQLITE_NOTADB", "the file is damaged or no database; move it away or restore a copy"),
    ("SQLITE_CORRUPT", "the file is damaged; move it away or restore a copy"),
    ("SQLITE_BUSY", "another program keeps it locked; end it and try again"),
    ("SQLITE_LOCKED", "another program keeps it locked; end it and try again"),
    ("SQLITE_IOERR", "the disk refused to read or write; check its free space and its health"),
)


def file_url(file: Path) -> URL:
    """The address of a SQLite file, whatever characters its name holds."""
    return URL.create("sqlite+aiosqlite", database=str(file))


def set_up(engine: AsyncEngine, *, busy_s: float) -> None:
    """Give every new connection its settings, and let transactions begin as `beginning` says."""

    def set_up_connection(connection: Any, _record: object) -> None:
        # The driver must not begin transactions by itself: `_begin` does, with the statement it is given.
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            for pragma in (f"PRAGMA busy_timeout = {int(busy_s * 1000)}", *_ON_CONNECT):
                cursor.execute(pragma)
        finally:
            cursor.close()

    event.listen(engine.sync_engine, "connect", set_up_connection)
    event.listen(engine.sync_engine, "begin", _begin)


async def beginning(connection: AsyncConnection, statement: str) -> AsyncConnection:
    """The connection, to begin its transaction with a statement.

    Args:
        statement: "BEGIN" to read, "BEGIN IMMEDIATE" to write: taking the lock at once is what makes a
            check and the insert after it one step; "" for a pragma that must stand outside of any.
    """
    return await connection.execution_options(**{_BEGIN: statement})


async def use_wal(engine: AsyncEngine) -> None:
    """Switch the file to write-ahead logging, once for its life.

    SQLite does not wait for other processes here as it does elsewhere, so it is tried again.
    """
    deadline = asyncio.get_running_loop().time() + BUSY_S
    async with engine.connect() as plain:
        connection = await beginning(plain, "")
        if (await connection.exec_driver_sql("PRAGMA journal_mode")).scalar_one() == "wal":
            return
        while True:
            try:
                await connection.exec_driver_sql("PRAGMA journal_mode = WAL")
            except OperationalError as error:
                if not _name(error).startswith("SQLITE_BUSY") or asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(0.02)
            else:
                return


async def empty_wal(engine: AsyncEngine) -> bool:
    """Move the write-ahead log into the file and truncate it; False when a reader held it up to the end."""
    async with engine.connect() as plain:
        connection = await beginning(plain, "")
        row = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    return not row[0]


def meaning(error: DBAPIError | sqlite3.Error) -> str | None:
    """What an error means and how to mend it; None when it is none of SQLite's."""
    name = _name(error)
    return next((text for prefix, text in _MEANINGS if name.startswith(prefix)), None)


def _name(error: DBAPIError | sqlite3.Error) -> str:
    """Such as SQLITE_FULL; "" where unknown."""
    one: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    while one is not None:
        name = getattr(one, "sqlite_errorname", None)
        if name:
            return str(name)
        one = one.__cause__ or one.__context__
    return ""


def _begin(connection: Connection) -> None:
    statement = connection.get_execution_options().get(_BEGIN, "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
