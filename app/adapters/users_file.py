"""Who may log in where the page is hosted: names and password hashes in one file, readable by its owner only.

The file is read again when it changes, so a user who is added or removed while the page runs is let in
or kept out at once.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from app.adapters.password_hash import hash_password, is_password
from app.domain.vocabulary import Frozen
from app.errors import InputError, SettingsError

LOCAL = "local"
_NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,63}")


class User(Frozen):
    """A name, and the hash of its password."""

    name: str
    password: str


class Users(Frozen):
    """What the file holds."""

    format: Literal["mlsd-users/1"] = "mlsd-users/1"
    users: tuple[User, ...] = ()


class UsersFile:
    """The users of a hosted page.

    Args:
        file: made when the first user is added.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read: dict[str, str] = {}
        self._version: tuple[int, ...] | None = None

    def names(self) -> list[str]:
        """Who may log in, in order of the alphabet.

        Raises:
            SettingsError: the file cannot be read, or is damaged.
        """
        return sorted(self._known())

    def add(self, name: str, password: str) -> str:
        """Let somebody in.

        Returns:
            The name as it is kept, in lower case.

        Raises:
            InputError: the name cannot be one or is taken, or the password is too short or too long.
            SettingsError: the file cannot be read or written.
        """
        name = checked_name(name)
        if name in self._known():
            raise InputError(f"{name!r} is a user already; `mlsd users change {name}` sets another password")
        self._write({**self._known(), name: hash_password(password)})
        return name

    def change(self, name: str, password: str) -> None:
        """Set another password; whoever is logged in under the name is logged out.

        Raises:
            InputError: there is no such user, or the password is too short or too long.
            SettingsError: the file cannot be read or written.
        """
        name = self.known_name(name)
        self._write({**self._known(), name: hash_password(password)})

    def remove(self, name: str) -> None:
        """Let somebody in no more; whoever is logged in under the name is logged out.

        Raises:
            InputError: there is no such user.
            SettingsError: the file cannot be read or written.
        """
        name = self.known_name(name)
        self._write({other: hashed for other, hashed in self._known().items() if other != name})

    def known_name(self, name: str) -> str:
        """The name as it is kept.

        Raises:
            InputError: there is no such user.
        """
        kept = name.strip().lower()
        if kept not in self._known():
            raise InputError(f"there is no user {name!r}; `mlsd users list` names them")
        return kept

    def checked(self, name: str, password: str) -> str | None:
        """Whom name and password let in; None for nobody. A name that is not known takes as long.

        Raises:
            SettingsError: the file cannot be read, or is damaged.
        """
        name = name.strip().lower()
        try:
            return name if is_password(password, self._known().get(name)) else None
        except ValueError as error:
            raise self._damaged() from error

    def stamp(self, name: str) -> str | None:
        """Another one for each password of a user; None for who is no user. It tells nothing of the password.

        Raises:
            SettingsError: the file cannot be read, or is damaged.
        """
        hashed = self._known().get(name)
        return None if hashed is None else sha256(hashed.encode("ascii")).hexdigest()[:24]

    def _known(self) -> dict[str, str]:
        try:
            found = self._file.stat()
            version = (found.st_mtime_ns, found.st_size, found.st_ino)
            if version != self._version:
                users = Users.model_validate_json(self._file.read_text(encoding="utf-8"))
                self._read = {user.name: user.password for user in users.users}
                self._version = version
        except FileNotFoundError:
            self._read, self._version = {}, None
        except (ValidationError, UnicodeDecodeError) as error:
            raise self._damaged() from error
        except OSError as error:
            raise SettingsError(f"{str(self._file)!r} cannot be read ({error.strerror}); mend its rights") from error
        return self._read

    def _write(self, known: dict[str, str]) -> None:
        """All or nothing; the rights are set before there is anything to read."""
        users = Users(users=tuple(User(name=name, password=known[name]) for name in sorted(known)))
        beside = self._file.with_name(f".{self._file.name}.{os.getpid()}")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            beside.unlink(missing_ok=True)
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as new:
                new.write(users.model_dump_json(indent=1) + "\n")
                new.flush()
                os.fsync(new.fileno())
            os.replace(beside, self._file)
        except OSError as error:
            raise SettingsError(
                f"{str(self._file)!r} cannot be written ({error.strerror}); mend its rights or set MLSD_HOME"
            ) from error

    def _damaged(self) -> SettingsError:
        return SettingsError(f"{str(self._file)!r} is no list of users; restore a copy, or delete it and add them anew")


def checked_name(name: str) -> str:
    """A name for a new user, in lower case.

    Raises:
        InputError: it cannot be one.
    """
    kept = name.strip().lower()
    if kept == LOCAL:
        raise InputError(f"{LOCAL!r} is whoever sits at this machine without login; choose another name")
    if not _NAME.fullmatch(kept):
        raise InputError(
            f"{name!r} cannot be a user's name; take up to 64 letters a to z, digits and any of . _ @ + -, "
            "beginning with a letter or digit"
        )
    return kept
