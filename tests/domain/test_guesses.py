"""How many wrong passwords may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.domain import guesses
from app.domain.guesses import PER_ADDRESS, PER_NAME, PER_NAME_AND_ADDRESS, WINDOW, GuessLimit

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_name_from_one_address_is_stopped_and_let_on_after_a_while() -> None:
    limit = GuessLimit()
    for second in range(PER_NAME_AND_ADDRESS):
        assert limit.allows("ann", "10.0.0.1", now=NOW)
        limit.wrong("ann", "10.0.0.1", now=NOW + timedelta(seconds=second))
    assert not limit.allows("ann", "10.0.0.1", now=NOW + timedelta(seconds=10))
    assert limit.allows("ann", "10.0.0.2", now=NOW), "the real Ann, elsewhere, is not kept out"
    assert limit.allows("bob", "10.0.0.1", now=NOW)
    assert not limit.allows("ann", "10.0.0.1", now=NOW + WINDOW)
    assert limit.allows("ann", "10.0.0.1", now=NOW + WINDOW + timedelta(seconds=1))


def test_a_right_password_forgives_what_was_wrong_before() -> None:
    limit = GuessLimit()
    for _ in range(PER_NAME_AND_ADDRESS - 1):
        limit.wrong("ann", "10.0.0.1", now=NOW)
    limit.right("ann", "10.0.0.1")
    for _ in range(PER_NAME_AND_ADDRESS - 1):
        limit.wrong("ann", "10.0.0.1", now=NOW)
    assert limit.allows("ann", "10.0.0.1", now=NOW)


def test_an_address_that_tries_many_names_is_stopped() -> None:
    limit = GuessLimit()
    for number in range(PER_ADDRESS):
        limit.wrong(f"name{number}", "10.0.0.1", now=NOW)
    assert not limit.allows("fresh", "10.0.0.1", now=NOW)
    assert limit.allows("fresh", "10.0.0.2", now=NOW)


def test_a_name_that_is_tried_from_many_addresses_is_stopped() -> None:
    limit = GuessLimit()
    for number in range(PER_NAME):
        limit.wrong("ann", f"10.0.{number}.1", now=NOW)
    assert not limit.allows("ann", "10.9.9.9", now=NOW)
    assert limit.allows("bob", "10.9.9.9", now=NOW)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("", "", True),
        ("unix:1", "unix:2", False),
    ],
)
def test_what_counts_as_one_address(one: str, other: str, same: bool) -> None:
    limit = GuessLimit()
    for _ in range(PER_NAME_AND_ADDRESS):
        limit.wrong("ann", one, now=NOW)
    assert limit.allows("ann", other, now=NOW) is not same


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guesses, "_KEPT", 30)
    limit = GuessLimit()
    for number in range(500):
        limit.wrong(f"name{number}", f"10.0.{number // 250}.{number % 250}", now=NOW)
    assert len(limit._wrong) <= 30
