"""Slows down guessing of passwords: how many wrong ones a name and an address may try in a while."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WINDOW = timedelta(minutes=15)
PER_NAME_AND_ADDRESS = 5
PER_ADDRESS = 30
PER_NAME = 100
"""From all addresses together: NIST SP 800-63B-4, section 3.2.2, allows no more than 100 in a row for a name."""

_KEPT = 20_000


class GuessLimit:
    """Wrong guesses of the last quarter of an hour, in memory; the oldest are forgotten when there are many."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[tuple[str, str], deque[datetime]] = OrderedDict()

    def allows(self, name: str, address: str, *, now: datetime) -> bool:
        """Whether another guess may be made; those who may not are not told whether it would have been right."""
        return all(len(self._recent(key, now)) < most for key, most in _keys(name, address).items())

    def wrong(self, name: str, address: str, *, now: datetime) -> None:
        """A guess was wrong."""
        for key in _keys(name, address):
            self._wrong.setdefault(key, deque()).append(now)
            self._wrong.move_to_end(key)
        while len(self._wrong) > _KEPT:
            self._wrong.popitem(last=False)

    def right(self, name: str, address: str) -> None:
        """A guess was right: what this name got wrong from here is forgiven."""
        self._wrong.pop((name, _place(address)), None)

    def _recent(self, key: tuple[str, str], now: datetime) -> deque[datetime]:
        guesses = self._wrong.get(key, deque())
        while guesses and now - guesses[0] > WINDOW:
            guesses.popleft()
        if not guesses:
            self._wrong.pop(key, None)
        return guesses


def _keys(name: str, address: str) -> dict[tuple[str, str], int]:
    place = _place(address)
    return {(name, place): PER_NAME_AND_ADDRESS, ("", place): PER_ADDRESS, (name, ""): PER_NAME}


def _place(address: str) -> str:
    """An address, or the network of 64 bits that an IPv6 address is from, for a guesser has all of it."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address or "?"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
