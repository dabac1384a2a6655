"""Who a request or a socket belongs to, so that handlers need not be told by the browser.

The gate finds it out for each connection and keeps it in the context of the task, which what the
server starts from there inherits. Without a gate that has done so there is nobody, and nobody sees anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who asks, and from where.

    Attributes:
        name: the user's name; None for somebody who has not logged in.
        address: the network address; empty if there is none.
    """

    name: str | None
    address: str


_viewer: ContextVar[Viewer | None] = ContextVar("mlsd_viewer", default=None)


def viewer() -> Viewer:
    """Who asks; nobody where that was not found out."""
    return _viewer.get() or Viewer(name=None, address="")


@contextmanager
def viewed_by(someone: Viewer) -> Iterator[None]:
    """Within, `viewer()` is this one."""
    token = _viewer.set(someone)
    try:
        yield
    finally:
        _viewer.reset(token)
