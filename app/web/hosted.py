"""The gate of a page that others reach: knows who asks, answers under its own names only, and guards the cookies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import urlsplit

from app.web.gate import Application, Message, Receive, Scope, Send, refuse
from app.web.viewer import Viewer, viewed_by

_LOGIN = {b"cookie", b"authorization"}
_HEADERS = (
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
Headers = Iterable[tuple[bytes, bytes]]


class HostedGate:
    """ASGI middleware: 403 for a Host or an Origin that is not the page's own; logins that ended are taken away.

    Args:
        app: what lies behind.
        whose: the user that a request's headers belong to; None for nobody.
        origins: the page's public addresses, such as "https://mlsd.example.org". Where none is named, the
            page answers under any name, and an Origin must be the Host.
    """

    def __init__(
        self, app: Application, *, whose: Callable[[Headers], str | None], origins: Sequence[str] = ()
    ) -> None:
        self._app = app
        self._whose = whose
        self._origins = frozenset(origins)
        self._hosts = frozenset(urlsplit(origin).netloc for origin in origins)
        self._secure = bool(origins) and all(origin.startswith("https://") for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        if not self._allowed(scope):
            await refuse(scope, send, why="This page is not served under that address.")
            return
        name = self._whose(scope["headers"])
        if name is None:
            scope = {**scope, "headers": [each for each in scope["headers"] if each[0].lower() not in _LOGIN]}
        client = scope.get("client")
        with viewed_by(Viewer(name=name, address=str(client[0]) if client else "")):
            await self._app(scope, receive, self._guarded(send))

    def _allowed(self, scope: Scope) -> bool:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host, origin = headers.get(b"host", ""), headers.get(b"origin")
        if self._origins:
            return host in self._hosts and (origin is None or origin in self._origins)
        return bool(host) and (origin is None or urlsplit(origin).netloc == host)

    def _guarded(self, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [self._kept_safe(name, value) for name, value in message.get("headers", ())]
                message = {**message, "headers": [*headers, *_HEADERS]}
            await send(message)

        return guarded

    def _kept_safe(self, name: bytes, value: bytes) -> tuple[bytes, bytes]:
        """A cookie goes over TLS only, where all of the page's addresses have it."""
        if self._secure and name.lower() == b"set-cookie" and b"; secure" not in value.lower():
            value += b"; Secure"
        return name, value
