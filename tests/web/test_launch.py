"""Starting the page: what is refused, what is written, who is let in."""

from __future__ import annotations

import json
import re
import socket
import stat
from pathlib import Path
from typing import Any

import pytest
from chainlit.config import config

from app.bootstrap import App
from app.errors import SettingsError
from app.settings import load_settings
from app.web.furnishing import furnish, secret
from app.web.gate import LoopbackGate, is_loopback
from app.web.launch import serve


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", "::", ""])
def test_without_a_user_other_hosts_are_refused(parcels: App, host: str) -> None:
    with pytest.raises(SettingsError, match=r"needs a login, .* `mlsd users add NAME` adds one") as told:
        serve(parcels, host=host, port=0, open_browser=False)
    assert "\n" not in str(told.value)


def test_behind_a_proxy_a_login_is_needed_on_the_loopback_address_too(parcels: App) -> None:
    parcels.settings = load_settings(origins="https://mlsd.example.org")
    with pytest.raises(SettingsError, match=r"as 'https://mlsd\.example\.org' needs a login"):
        serve(parcels, host="127.0.0.1", port=0, open_browser=False)


@pytest.mark.parametrize(
    "origins",
    ["mlsd.example.org", "https://mlsd.example.org/", "https://a.example,ftp://b.example", "https://A.example"],
)
def test_origins_that_no_browser_sends_are_refused(origins: str) -> None:
    with pytest.raises(SettingsError, match=r"MLSD_ORIGINS .* such as https://mlsd\.example\.org"):
        load_settings(origins=origins)


def test_a_taken_port_is_told_in_one_sentence(parcels: App) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} of 127\.0\.0\.1 .*--port") as told:
            serve(parcels, host="127.0.0.1", port=port, open_browser=False)
    assert "\n" not in str(told.value)


def test_the_secret_is_kept_and_private(tmp_path: Path) -> None:
    first = secret(tmp_path / "chainlit")
    file = tmp_path / "chainlit" / "auth_secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    assert secret(tmp_path / "chainlit") == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_secret_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "auth_secret").write_text("abc")
    with pytest.raises(SettingsError, match="delete it"):
        secret(tmp_path)


def test_the_frontend_names_no_other_host(chainlit_root: Path) -> None:
    index = (chainlit_root / "frontend" / "index.html").read_text()
    assert "</html>" in index
    assert re.findall(r"https?://[^\"' ]+", index) == []
    for name in re.findall(r"/assets/([^\"]+)", index):
        assert (chainlit_root / "frontend" / "assets" / name).is_file()
    assert json.loads((chainlit_root / "public" / "theme.json").read_text())["custom_fonts"] == []


def test_furnishing_again_mends_what_was_changed(tmp_path: Path) -> None:
    furnish(tmp_path, origins=["http://127.0.0.1:1"])
    settings = tmp_path / ".chainlit" / "config.toml"
    written = settings.read_text()
    settings.write_text("broken")
    furnish(tmp_path, origins=["http://127.0.0.1:1"])
    assert settings.read_text() == written


def test_chainlit_reads_our_settings(chainlit_root: Path) -> None:
    assert config.root == str(chainlit_root)
    assert not config.features.unsafe_allow_html
    assert not config.features.user_message_markdown
    assert not config.features.edit_message
    assert not config.features.mcp.enabled
    assert config.project.allow_origins == ["http://127.0.0.1:8000"]
    words = config.load_translation("en-US")
    assert words["threadHistory"]["sidebar"]["empty"] == "No interviews yet"
    assert words["common"]["actions"]["cancel"] == "Cancel"


async def through_the_gate(kind: str = "http", **headers: str) -> list[Any]:
    passed: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        passed.append("passed")

    async def receive() -> dict[str, Any]:
        return {}

    async def send(message: Any) -> None:
        passed.append(message.get("status") or message.get("code") or "body")

    scope = {"type": kind, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    await LoopbackGate(inner)(scope, receive, send)
    return passed


@pytest.mark.parametrize(
    ("headers", "outcome"),
    [
        ({"host": "127.0.0.1:8000"}, ["passed"]),
        ({"host": "localhost:8000", "origin": "http://localhost:8000"}, ["passed"]),
        ({"host": "[::1]:8000", "origin": "http://[::1]:8000"}, ["passed"]),
        ({"host": "evil.example:8000"}, [403, "body"]),
        ({"host": "127.0.0.1.evil.example"}, [403, "body"]),
        ({"host": "127.0.0.1:8000", "origin": "http://evil.example"}, [403, "body"]),
        ({"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:9999"}, [403, "body"]),
        ({"host": "127.0.0.1:8000", "origin": "null"}, [403, "body"]),
        ({}, [403, "body"]),
    ],
)
async def test_the_gate_lets_in_this_machines_own_pages_only(headers: dict[str, str], outcome: list[Any]) -> None:
    assert await through_the_gate(**headers) == outcome


async def test_the_gate_closes_sockets_of_other_sites() -> None:
    assert await through_the_gate("websocket", host="127.0.0.1:8000", origin="http://evil.example") == [1008]
    assert await through_the_gate("lifespan") == ["passed"]


@pytest.mark.parametrize(
    ("host", "ours"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("x", False)],
)
def test_loopback_addresses(host: str, ours: bool) -> None:
    assert is_loopback(host) is ours
