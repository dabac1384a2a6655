"""The file of users and their password hashes."""

from __future__ import annotations

import hashlib
import json
import stat
import time
from base64 import b64encode
from pathlib import Path
from statistics import median

import pytest

from app.adapters.password_hash import LONGEST, hash_password, is_password
from app.adapters.users_file import UsersFile
from app.errors import InputError, SettingsError

PASSWORD = "correct horse battery"
OTHER = "staple wrong battery"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "users.json"


def test_a_user_is_let_in_with_the_password_alone(file: Path) -> None:
    users = UsersFile(file)
    assert users.add(" Ann ", PASSWORD) == "ann"
    assert users.names() == ["ann"]
    assert users.checked("ANN", PASSWORD) == "ann"
    assert users.checked("ann", OTHER) is None
    assert users.checked("ann", "") is None
    assert users.checked("bob", PASSWORD) is None
    assert PASSWORD not in file.read_text()


def test_the_file_is_its_owners_alone_and_stays_so(file: Path) -> None:
    users = UsersFile(file)
    users.add("ann", PASSWORD)
    file.chmod(0o644)
    users.change("ann", OTHER)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["users.json"]


def test_what_another_process_writes_counts_at_once(file: Path) -> None:
    users = UsersFile(file)
    assert users.names() == []
    UsersFile(file).add("ann", PASSWORD)
    before = users.stamp("ann")
    assert before is not None
    UsersFile(file).change("ann", OTHER)
    assert users.stamp("ann") not in {None, before}
    assert users.checked("ann", PASSWORD) is None
    assert users.checked("ann", OTHER) == "ann"
    UsersFile(file).remove("ann")
    assert users.stamp("ann") is None
    assert users.checked("ann", OTHER) is None


@pytest.mark.parametrize("name", ["", "local", "Local ", "../etc", "a b", "ann\n\nbob", "-x", "é", "x" * 65])
def test_names_that_cannot_be_one(file: Path, name: str) -> None:
    with pytest.raises(InputError, match="choose another|cannot be a user's name"):
        UsersFile(file).add(name, PASSWORD)
    assert not file.exists()


@pytest.mark.parametrize("password", ["", "fourteen chars", "x" * (LONGEST + 1)])
def test_passwords_that_are_too_short_or_too_long(file: Path, password: str) -> None:
    with pytest.raises(InputError, match="needs 15 to 1024") as told:
        UsersFile(file).add("ann", password)
    assert not password or password not in str(told.value)


def test_a_name_is_added_once_and_only_a_known_one_is_changed_or_removed(file: Path) -> None:
    users = UsersFile(file)
    users.add("ann", PASSWORD)
    with pytest.raises(InputError, match="users change ann"):
        users.add("Ann", OTHER)
    for change in (lambda: users.change("bob", OTHER), lambda: users.remove("bob")):
        with pytest.raises(InputError, match="no user 'bob'"):
            change()
    assert users.checked("ann", PASSWORD) == "ann"


@pytest.mark.parametrize(
    "content",
    ["", "[]", '{"format": "mlsd-users/2", "users": []}', '{"format": "mlsd-users/1", "users": [{"name": "a"}]}'],
)
def test_a_damaged_file_lets_nobody_in_and_says_so(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    with pytest.raises(SettingsError, match="no list of users"):
        UsersFile(file).names()


@pytest.mark.parametrize("hashed", ["", "plain", "md5$1$2$3$a$b", "scrypt$15$8$3$!$a"])
def test_a_damaged_hash_lets_nobody_in_and_says_so(file: Path, hashed: str) -> None:
    file.parent.mkdir()
    file.write_text(json.dumps({"format": "mlsd-users/1", "users": [{"name": "ann", "password": hashed}]}))
    with pytest.raises(SettingsError, match="no list of users"):
        UsersFile(file).checked("ann", PASSWORD)


def test_hashes_are_salted_and_their_parameters_are_read_from_them() -> None:
    one, other = hash_password(PASSWORD), hash_password(PASSWORD)
    assert one != other and one.startswith("scrypt$15$8$3$")
    salt, hashed = b"salt", hashlib.scrypt(PASSWORD.encode(), salt=b"salt", n=2**4, r=8, p=1, dklen=32)
    older = f"scrypt$4$8$1${b64encode(salt).decode()}${b64encode(hashed).decode()}"
    assert is_password(PASSWORD, older) and not is_password(OTHER, older)


def test_letters_may_be_composed_either_way() -> None:
    assert is_password("cafe\u0301 au lait bitte", hash_password("caf\u00e9 au lait bitte"))


@pytest.mark.slow
@pytest.mark.alone
def test_an_unknown_name_takes_as_long_as_a_known_one(file: Path) -> None:
    users = UsersFile(file)
    users.add("ann", PASSWORD)

    def taken(name: str, password: str) -> float:
        times = []
        for _ in range(5):
            before = time.process_time()
            users.checked(name, password)
            times.append(time.process_time() - before)
        return median(times)

    known, unknown, long = taken("ann", OTHER), taken("bob", OTHER), taken("bob", "x" * 100_000)
    assert known / 2 < unknown < known * 2
    assert known / 2 < long < known * 2
