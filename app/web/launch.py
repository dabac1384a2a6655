"""Starts the page: prepares Chainlit's folder, then runs its server in this process."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import warnings
import webbrowser
from logging.handlers import RotatingFileHandler
from pathlib import Path

from app.adapters.users_file import LOCAL
from app.bootstrap import App
from app.errors import SettingsError
from app.settings import writable_home
from app.web.furnishing import furnish, secret
from app.web.gate import Application, LoopbackGate, is_loopback
from app.web.viewer import viewer

_LONGEST_MESSAGE = 8_000_000  # bytes; a longer paste would break the connection instead of being refused in words
_GRACE_S = 2


def serve(app: App, *, host: str, port: int, open_browser: bool) -> None:
    """Serve the page until it is interrupted. Does not return: Chainlit ends the process with its server.

    Args:
        app: the parts of the product.
        host: the address to listen on. On any but a loopback one, and where MLSD_ORIGINS names the page's
            public address, users must log in.
        port: 0 for any that is free.
        open_browser: whether to open the page in a browser.

    Raises:
        SettingsError: there is a login and no user, the address is taken, or MLSD_HOME cannot be written.
        ContentError: a case or rubric is wrong.
    """
    origins = app.settings.public_origins
    hosted = not is_loopback(host) or bool(origins)
    if hosted and not app.users.names():
        what = f"on {host!r}" if not is_loopback(host) else f"as {origins[0]!r}"
        raise SettingsError(f"the page {what} needs a login, and there is no user yet; `mlsd users add NAME` adds one")
    home = writable_home(app.settings)
    listener = _listen(host, port)
    _ = app.catalog  # read now, so that a fault in it is told here
    name = f"[{host}]" if ":" in host else host
    address = f"http://{name}:{listener.getsockname()[1]}"
    root = home / "chainlit"
    furnish(root, origins=list(origins) or [address], hosted=hosted)
    _set_up_environment(root, port=listener.getsockname()[1])
    log_file = _log_to_file(root / "page.log")
    asyncio.run(_run(app, listener, address=address, log_file=log_file, open_browser=open_browser, hosted=hosted))


async def _run(
    app: App, listener: socket.socket, *, address: str, log_file: Path, open_browser: bool, hosted: bool
) -> None:
    """Import Chainlit, now that its folder is named, and serve."""
    import uvicorn
    from chainlit.config import config
    from chainlit.server import app as chainlit_app
    from chainlit.server import sio

    from app.web.hosted import HostedGate
    from app.web.login import Login
    from app.web.page import Page
    from app.web.progress import add_progress

    config.run.headless = True
    sio.eio.max_http_buffer_size = _LONGEST_MESSAGE
    login = Login(app.users) if hosted else None
    page = Page(app, log_file=log_file, login=login)
    page.register()
    page.extend(chainlit_app)
    add_progress(
        chainlit_app,
        page.progress,
        owner=(lambda: LOCAL) if login is None else (lambda: viewer().name),
        titles={case.id: case.title for case in app.catalog.cases},
    )
    gate: Application
    if login is None:
        gate = LoopbackGate(chainlit_app)
    else:
        gate = HostedGate(chainlit_app, whose=login.whose_request, origins=app.settings.public_origins)
    server = uvicorn.Server(
        uvicorn.Config(
            gate,
            log_config=None,
            log_level="error",
            lifespan="on",
            forwarded_allow_ips=list(app.settings.trusted_proxies),
            timeout_graceful_shutdown=_GRACE_S,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        sys.stdout.write(f"mlsd is at {address} (Ctrl-C stops it)\n")
        if hosted and not app.settings.public_origins:
            sys.stdout.write("Passwords travel in the clear here; docs/hosting.md tells how to put TLS in front.\n")
        sys.stdout.flush()
        if open_browser:
            await asyncio.to_thread(webbrowser.open, address)
    await serving


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        if os.name != "nt":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(128)
    except OSError as error:
        raise SettingsError(
            f"port {port} of {host} cannot be used ({error.strerror}); "
            "name another with --port, or 0 for any that is free"
        ) from error
    return listener


def _set_up_environment(root: Path, *, port: int) -> None:
    """What Chainlit reads from the environment when it is imported."""
    os.environ["CHAINLIT_APP_ROOT"] = str(root)
    os.environ["CHAINLIT_ENV_FILE"] = os.devnull  # our settings read .env themselves
    os.environ["CHAINLIT_AUTH_SECRET"] = secret(root)
    os.environ["TRACELOOP_TELEMETRY"] = "FALSE"  # of a library that Chainlit brings along
    # The ports of one host share cookies: another Chainlit beside us would log us out.
    os.environ["CHAINLIT_AUTH_COOKIE_NAME"] = f"mlsd_{port}"


def _log_to_file(file: Path) -> Path:
    """Warnings of the server go to a file that does not grow for ever; the terminal stays quiet."""
    handler = RotatingFileHandler(file, maxBytes=1_000_000, backupCount=1, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    # Chainlit asks for the profiles of a session in a way that only works under its own command.
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    return file
