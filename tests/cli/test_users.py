"""`mlsd users`: adding, changing, removing; passwords never stand on the command line."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest

from app.adapters.users_file import UsersFile
from app.bootstrap import App
from app.cli.users import _password
from app.errors import InputError
from app.services.conduct import Agreement
from app.settings import load_settings
from tests.cli.conftest import Mlsd

PASSWORD = "correct horse battery"
OTHER = "staple wrong battery"


@pytest.fixture
def users(mlsd_home: Path) -> UsersFile:
    return UsersFile(mlsd_home / "users.json")


def test_a_user_comes_and_goes(mlsd: Mlsd, users: UsersFile, mlsd_home: Path) -> None:
    assert "Nobody may log in yet" in mlsd("users", "list").out
    assert mlsd("users", "add", "Ann", typed=f"{PASSWORD}\n").out == "ann may log in.\n"
    assert stat.S_IMODE((mlsd_home / "users.json").stat().st_mode) == 0o600
    assert users.checked("ann", PASSWORD) == "ann"
    mlsd("users", "change", "ann", typed=f"{OTHER}\n")
    assert users.checked("ann", PASSWORD) is None and users.checked("ann", OTHER) == "ann"
    assert mlsd("users", "list").out == "ann\n"
    assert "ann may not log in any more" in mlsd("users", "remove", "ann").out
    assert users.names() == []


@pytest.mark.parametrize(
    ("arguments", "typed", "complaint"),
    [
        (("add", "ann"), "", "no password on standard input"),
        (("add", "ann"), "short\n", "needs 15 to 1024"),
        (("add", "a b"), "", "cannot be a user's name"),
        (("add", "local"), PASSWORD, "choose another name"),
        (("change", "ann"), PASSWORD, "no user 'ann'"),
        (("remove", "ann"), "", "no user 'ann'"),
    ],
)
def test_faults_are_one_line_and_change_nothing(
    mlsd: Mlsd, users: UsersFile, arguments: tuple[str, ...], typed: str, complaint: str
) -> None:
    ran = mlsd("users", *arguments, typed=typed)
    assert ran.status == 2 and complaint in ran.complaint
    assert "short" not in ran.complaint
    assert users.names() == []


def test_a_password_on_the_command_line_is_bad_usage(mlsd: Mlsd, users: UsersFile) -> None:
    assert mlsd("users", "add", "ann", PASSWORD).status == 2
    assert mlsd("users", "add", "ann", "--password", PASSWORD).status == 2
    assert users.names() == []


def test_typing_at_a_terminal_asks_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([PASSWORD, OTHER, PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(answers))

    class Terminal:
        @staticmethod
        def isatty() -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal)
    with pytest.raises(InputError, match="differ"):
        _password("ann")
    assert _password("ann") == PASSWORD


@pytest.mark.slow
def test_interviews_stay_unless_they_are_to_go(mlsd: Mlsd, mlsd_home: Path) -> None:
    async def begin(owner: str) -> None:
        app = App(load_settings())
        await app.conductor().begin(Agreement(case="fraud-detection"), owner=owner)
        await app.store.close()

    for owner in ("ann", "ann", "local"):
        asyncio.run(begin(owner))
    mlsd("users", "add", "bob", typed=PASSWORD)
    added = mlsd("users", "add", "ann", typed=PASSWORD)
    assert "2 interviews of an earlier ann" in added.out
    assert "2 interviews stay" in mlsd("users", "remove", "ann").out
    mlsd("users", "add", "ann", typed=PASSWORD)
    assert "2 interviews were deleted" in mlsd("users", "remove", "ann", "--interviews").out
    assert len(json.loads(mlsd("history", "--json").out)["interviews"]) == 1
