"""Logging in where the page is hosted: checks passwords, and knows cookies that are worth nothing any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

import chainlit as cl
from chainlit.auth import decode_jwt, get_token_from_cookies
from fastapi import HTTPException
from jwt import InvalidTokenError
from starlette.requests import cookie_parser

from app.adapters.users_file import UsersFile
from app.bootstrap import SystemClock
from app.domain.guesses import GuessLimit
from app.errors import SettingsError
from app.ports import Clock
from app.web.viewer import viewer

TOO_MANY = "Too many wrong passwords; try again in a quarter of an hour."
NO_USERS = "The list of users cannot be read; tell your host."
_STAMP = "stamp"
_log = logging.getLogger("mlsd.page")


class Login:
    """Lets users in with name and password.

    Args:
        users: who may log in.
        clock: for the time of wrong guesses; the system's if None.
    """

    def __init__(self, users: UsersFile, *, clock: Clock | None = None) -> None:
        self._users = users
        self._clock = clock or SystemClock()
        self._limit = GuessLimit()
        self._one_at_a_time = asyncio.Lock()  # a hash takes 32 MB and much of a core

    async def password(self, username: str, password: str) -> cl.User | None:
        """Chainlit's callback: a user, or None where name or password is wrong.

        Raises:
            HTTPException: 429 after too many wrong guesses; 503 where the list of users cannot be read.
        """
        tried, address = username.strip().lower()[:65], viewer().address
        async with self._one_at_a_time:
            if not self._limit.allows(tried, address, now=self._clock.now()):
                raise HTTPException(status_code=429, detail=TOO_MANY)
            try:
                name = await asyncio.to_thread(self._users.checked, tried, password)
            except SettingsError as error:
                _log.error("nobody is let in: %s", error)
                raise HTTPException(status_code=503, detail=NO_USERS) from error
            if name is None:
                self._limit.wrong(tried, address, now=self._clock.now())
                return None
            self._limit.right(tried, address)
        return cl.User(identifier=name, display_name=name, metadata={_STAMP: self._users.stamp(name)})

    def whose(self, token: str | None) -> str | None:
        """Whose login a token is; None where it is none, has run out, or the user was removed or has a new password."""
        if not token:
            return None
        try:
            user = decode_jwt(token)
            stamp = self._users.stamp(user.identifier)
        except (InvalidTokenError, KeyError, TypeError):
            return None
        except SettingsError as error:
            _log.warning("nobody is let in: %s", error)
            return None
        return user.identifier if stamp is not None and user.metadata.get(_STAMP) == stamp else None

    def whose_request(self, headers: Iterable[tuple[bytes, bytes]]) -> str | None:
        """Whose request it is, by its cookie or bearer token, as Chainlit looks for them."""
        found = {name.lower(): value.decode("latin-1") for name, value in headers}
        token = get_token_from_cookies(cookie_parser(found.get(b"cookie", "")))
        scheme, _, bearer = found.get(b"authorization", "").partition(" ")
        return self.whose(token or (bearer.strip() if scheme.lower() == "bearer" else None))
