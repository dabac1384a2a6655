"""What only a database on a disk meets: death in mid-write, full, read-only, locked and damaged files."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

from app.adapters.sql_store import SqlStore
from app.domain.events import CandidateMessage
from app.domain.vocabulary import Step
from app.errors import ConflictError, SettingsError, StoreError
from tests.adapters.test_store_contract import NOW, header, pauses

ROOT = Path(__file__).resolve().parents[2]
PRELUDE = """
import asyncio, ctypes, os, resource, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
from app.adapters.sql_store import SqlStore
from app.errors import StoreError
from tests.adapters.test_store_contract import header, pauses
file = Path(sys.argv[1])
"""


def said(seq: int, text: str) -> CandidateMessage:
    return CandidateMessage(seq=seq, at=NOW, id=f"m{seq}", index=seq - 1, content=text, step=Step.DATA)


def child(script: str, file: Path) -> subprocess.Popen[str]:
    """A process of its own, for what cannot be done to this one."""
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, str(file)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def outcome(script: str, file: Path) -> str:
    """What a script prints; it must end by itself and well."""
    process = child(script, file)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return output


@contextmanager
def raw(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "mlsd.db"


@pytest.fixture
async def store(file: Path) -> AsyncIterator[SqlStore]:
    opened = SqlStore.open(file, busy_s=0.2)
    yield opened
    await opened.close()


def test_opening_touches_nothing(file: Path) -> None:
    SqlStore.open(file)
    assert not file.parent.exists()


async def test_what_is_accepted_is_synced(store: SqlStore, file: Path) -> None:
    seen: dict[str, Any] = {}

    def look(connection: Connection) -> None:
        for pragma in ("synchronous", "foreign_keys", "secure_delete", "journal_mode"):
            seen[pragma] = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar()

    event.listen(Engine, "commit", look)
    try:
        await store.create(header())
    finally:
        event.remove(Engine, "commit", look)
    assert seen == {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "journal_mode": "wal"}


async def test_deleted_words_are_on_the_disk_no_more(store: SqlStore, file: Path) -> None:
    def on_disk(word: str) -> bool:
        return any(word.encode() in path.read_bytes() for path in file.parent.iterdir())

    for name in ("gone", "kept"):
        await store.create(header(name), owner=f"owner-{name}")
        await store.rename(name, f"title-{name}")
        for seq in range(1, 30):
            # Some longer than a page, which SQLite keeps in overflow pages.
            await store.append(name, [said(seq, f"words-{name} " * (seq * 40))], expected_seq=seq - 1)
    assert on_disk("words-gone") and on_disk("title-gone") and on_disk("owner-gone")
    await store.delete("gone")
    assert not (on_disk("words-gone") or on_disk("title-gone") or on_disk("owner-gone"))
    assert on_disk("words-kept")
    assert (await store.load("kept")).seq == 29


async def test_deleting_while_another_program_reads_says_what_is_left(store: SqlStore, file: Path) -> None:
    await store.create(header())
    with raw(file) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM interviews").fetchone()
        with pytest.raises(StoreError, match="'i1' is deleted, but another program is reading"):
            await store.delete("i1")
    assert await store.headers() == []


KILLED_AT_COMMIT = """
async def main():
    store = SqlStore.open(file)
    await store.create(header())
    await store.append("i1", pauses(1, 3), expected_seq=0)
    event.listen(Engine, "commit", lambda connection: os.kill(os.getpid(), signal.SIGKILL))
    await store.append("i1", pauses(4, 500), expected_seq=3)
asyncio.run(main())
"""
KILLED_ANYWHERE = """
async def main():
    store = SqlStore.open(file)
    await store.create(header())
    seq = 0
    while True:
        await store.append("i1", pauses(seq + 1, 7), expected_seq=seq)
        seq += 7
        print(seq, flush=True)
asyncio.run(main())
"""


async def test_killed_before_the_commit_leaves_nothing_of_it(store: SqlStore, file: Path) -> None:
    process = child(KILLED_AT_COMMIT, file)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert (await store.load("i1")).seq == 3
    await store.append("i1", pauses(4, 1), expected_seq=3)


@pytest.mark.parametrize("after", [1, 13])
async def test_killed_anywhere_keeps_all_that_was_accepted(store: SqlStore, file: Path, after: int) -> None:
    with child(KILLED_ANYWHERE, file) as process:
        assert process.stdout is not None
        accepted = [process.stdout.readline() for _ in range(after)]
        process.kill()
        accepted += process.stdout.readlines()
    last = max(int(line) for line in accepted if line.endswith("\n"))
    seq = (await store.load("i1")).seq
    assert seq in {last, last + 7}
    with raw(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


FULL_DISK = """
async def main():
    store = SqlStore.open(file)
    await store.create(header())
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    seq = 0
    try:
        while True:
            await store.append("i1", pauses(seq + 1, 100), expected_seq=seq)
            seq += 100
    except StoreError as error:
        print(type(error).__name__, error)
    print(seq, (await store.load("i1")).seq)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await store.append("i1", pauses(seq + 1, 100), expected_seq=seq)
    print((await store.load("i1")).seq - seq)
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")
def test_a_full_disk_refuses_whole_appends_and_is_got_over(file: Path) -> None:
    error, counts, after = outcome(FULL_DISK, file).splitlines()
    assert error.startswith("StoreError")
    assert str(file) in error and "free" in error and "space" in error
    accepted, stored = counts.split()
    assert int(accepted) > 0
    assert accepted == stored
    assert after == "100"


async def test_a_database_at_its_size_limit_is_full(store: SqlStore, file: Path) -> None:
    await store.create(header())

    def shrink(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    event.listen(Engine, "begin", shrink)
    try:
        with pytest.raises(StoreError, match="the disk is full; free some space"):
            await store.append("i1", pauses(1, 5000), expected_seq=0)
    finally:
        event.remove(Engine, "begin", shrink)
    assert (await store.load("i1")).events == ()


READ_ONLY = """
def obey_permissions():
    # The superuser's right to overlook permission bits is given up, if this is the superuser.
    class Head(ctypes.Structure):
        _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]
    none = (ctypes.c_uint32 * 6)()
    head = Head(0x20080522, 0)
    assert ctypes.CDLL(None, use_errno=True).capset(ctypes.byref(head), ctypes.byref(none)) == 0
async def main():
    obey_permissions()
    store = SqlStore.open(file)
    try:
        await store.create(header("another"))
    except StoreError as error:
        print(error)
asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="gives up the superuser's rights as Linux does")
@pytest.mark.parametrize("exists", [True, False])
async def test_a_read_only_folder_is_named(store: SqlStore, file: Path, exists: bool) -> None:
    if exists:
        await store.create(header())
        await store.close()
        file.chmod(0o400)
    else:
        file.parent.mkdir()
    file.parent.chmod(0o500)
    try:
        message = outcome(READ_ONLY, file)
    finally:
        file.parent.chmod(0o700)
    assert str(file) in message
    assert "permissions" in message and "MLSD_HOME" in message


async def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    store = SqlStore.open(tmp_path / "home" / "mlsd.db")
    with pytest.raises(StoreError, match="cannot be reached .*MLSD_HOME"):
        await store.headers()


@pytest.mark.parametrize("content", [b"Dear diary, this is no database. " * 200, b"SQLite format 3\0" + b"\xff" * 8000])
async def test_a_file_that_is_no_database(store: SqlStore, file: Path, content: bytes) -> None:
    file.parent.mkdir()
    file.write_bytes(content)
    with pytest.raises(StoreError, match="mlsd.db: the file is damaged or no database; move it away"):
        await store.headers()
    assert file.read_bytes() == content


async def test_damaged_pages_are_reported_not_returned(store: SqlStore, file: Path) -> None:
    await store.create(header())
    await store.append("i1", pauses(1, 400), expected_seq=0)
    await store.close()
    content = bytearray(file.read_bytes())
    for page in range(4096 * 3, len(content), 4096):
        content[page : page + 200] = os.urandom(200)
    file.write_bytes(content)
    with pytest.raises(StoreError, match="damaged.*restore a copy"):
        await store.load("i1")


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("UPDATE events SET body = substr(body, 1, 20) WHERE seq = 2", "event 2 of .* is damaged"),
        ("UPDATE events SET body = '[]' WHERE seq = 2", "event 2 of .* is damaged"),
        ("UPDATE events SET body = replace(body, 'seq\":2', 'seq\":9')", "event 2 of .* is damaged"),
        ("UPDATE events SET body = replace(body, 'at\"', 'when\"') WHERE seq = 2", "event 2 of interview"),
        ("DELETE FROM events WHERE seq = 2", "event 2 of 'i1' is missing"),
        ("UPDATE interviews SET header = '{'", "its header of interview 'i1' is damaged"),
    ],
)  # fmt: skip
async def test_a_damaged_row_is_named(store: SqlStore, file: Path, damage: str, named: str) -> None:
    await store.create(header())
    await store.append("i1", pauses(1, 3), expected_seq=0)
    with raw(file) as connection:
        connection.execute(damage)
    with pytest.raises(StoreError, match=named):
        await store.load("i1")


async def test_a_lock_that_is_kept_is_waited_for_and_then_named(store: SqlStore, file: Path) -> None:
    await store.create(header())
    with raw(file) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(StoreError, match="another program keeps it locked") as caught:
            await store.append("i1", pauses(1, 1), expected_seq=0)
        assert not isinstance(caught.value, ConflictError)
        assert 0.2 <= time.monotonic() - began < 2
        assert (await store.load("i1")).seq == 0, "readers do not wait for a writer"
        other.execute("ROLLBACK")
    await store.append("i1", pauses(1, 1), expected_seq=0)


async def test_tables_of_another_version_are_left_alone(store: SqlStore, file: Path) -> None:
    await store.create(header())
    with raw(file) as connection:
        connection.execute("UPDATE mlsd_schema SET version = 2")
    later = SqlStore.open(file)
    with pytest.raises(StoreError, match="schema 2, this one knows 1.*update mlsd"):
        await later.create(header("i2"))
    await later.close()


def test_many_may_use_a_new_file_first(file: Path) -> None:
    results: list[BaseException | None] = []

    async def create(name: str) -> None:
        store = SqlStore.open(file)
        await store.create(header(name))
        await store.close()

    def run(name: str) -> None:
        try:
            asyncio.run(create(name))
            results.append(None)
        except StoreError as error:
            results.append(error)

    threads = [threading.Thread(target=run, args=(f"i{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [None] * 8


def test_a_program_that_forgets_to_close_still_ends(file: Path) -> None:
    began = time.monotonic()
    assert outcome("asyncio.run(SqlStore.open(file).create(header())); print('done')", file) == "done\n"
    assert time.monotonic() - began < 30


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("postgresql+nodriver://ada:hush@db/mlsd", "no driver"),
        ("martian://ada:hush@db/mlsd", "no driver"),
        ("sqlite:///x.db", "async driver"),
        ("://", "no database address"),
    ],
)
def test_an_address_that_cannot_be_used(where: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        SqlStore.open(where)
    assert "hush" not in str(caught.value)


async def test_a_url_names_a_file_as_well(file: Path) -> None:
    file.parent.mkdir()
    store = SqlStore.open(f"sqlite+aiosqlite:///{file}")
    await store.create(header())
    await store.close()
    assert file.is_file()
