"""The tables of the event log, and the check that this mlsd knows their version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    Column,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.adapters import sqlite_file
from app.errors import StoreError

SCHEMA_VERSION = 1
_SCHEMA_LOCK = 6_237_364
"""An arbitrary number of ours: PostgreSQL's advisory lock while the tables are made."""

_TABLES = MetaData()
_VERSION = Table("mlsd_schema", _TABLES, Column("version", Integer, nullable=False))
INTERVIEWS = Table(
    "interviews",
    _TABLES,
    Column("id", String, primary_key=True),
    Column("owner", String, nullable=False, index=True),
    Column("title", String),
    Column("created_at", String(32), nullable=False),
    Column("header", Text, nullable=False),
)
EVENTS = Table(
    "events",
    _TABLES,
    Column("interview", ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("type", String, nullable=False),
    Column("body", Text, nullable=False),
)


async def ensure_schema(engine: AsyncEngine, *, place: str) -> None:
    """Make the folder, the file and the tables where they are missing, whoever else does so just now.

    Args:
        place: the file or address, for the message.

    Raises:
        StoreError: another version of mlsd made the tables.
        sqlalchemy.exc.SQLAlchemyError, OSError: the database or the disk refused.
    """
    sqlite = engine.dialect.name == "sqlite"
    if sqlite:
        if engine.url.database and engine.url.database != ":memory:":
            Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)
        await sqlite_file.use_wal(engine)
    async with engine.connect() as connection:
        version = await _version(connection)
    if version is None:
        async with engine.connect() as plain:
            connection = await sqlite_file.beginning(plain, "BEGIN IMMEDIATE")
            async with connection.begin():
                version = await _create(connection, sqlite=sqlite)
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{place} was written by another version of mlsd (schema {version}, this one knows "
            f"{SCHEMA_VERSION}); update mlsd, or set MLSD_HOME to another folder"
        )


async def _create(connection: AsyncConnection, *, sqlite: bool) -> int:
    """The version, after the tables were made here or, a moment ago, elsewhere."""
    if not sqlite:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})"))
    version = await _version(connection)
    if version is not None:
        return version
    await connection.run_sync(_TABLES.create_all)
    await connection.execute(insert(_VERSION).values(version=SCHEMA_VERSION))
    return SCHEMA_VERSION


async def _version(connection: AsyncConnection) -> int | None:
    """The schema's version; None where there are no tables yet, 0 where they do not say."""
    if not await connection.run_sync(lambda plain: inspect(plain).has_table(_VERSION.name)):
        return None
    return int((await connection.execute(select(func.max(_VERSION.c.version)))).scalar_one() or 0)
