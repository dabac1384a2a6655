"""Writes what Chainlit reads from its folder: settings, theme, words, pictures and a frontend that stays at home.

The folder is MLSD_HOME/chainlit. All but the secret is written anew at every start, so it follows the
version that runs.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from app.errors import SettingsError

_SOURCE = Path(__file__).resolve().parent / "public"
_ELSEWHERE = re.compile(r"<link\b[^>]*\bhref=\"https?://[^>]*>\s*")
_ALONE = "/* There is one user and no login, so nobody to log out. */\nbutton#user-nav-button { display: none; }\n"
_WORDS: dict[tuple[str, ...], str] = {
    ("chat", "input", "placeholder"): "Answer, ask, or type / for commands",
    ("auth", "login", "title"): "Log in to mlsd",
    ("auth", "login", "form", "email", "label"): "Name",
    ("auth", "login", "form", "email", "required"): "Type your name",
    ("auth", "login", "form", "email", "placeholder"): "as your host has set it up",
    ("auth", "login", "form", "password", "required"): "Type your password",
    ("auth", "login", "form", "actions", "signin"): "Log in",
    # Chainlit's form does not pass on why a login was refused.
    (
        "auth",
        "login",
        "errors",
        "default",
    ): "Name or password is wrong. After many wrong ones, wait a quarter of an hour.",
    ("chat", "watermark"): "Every point on the scorecard quotes your own words.",
    ("chat", "settings", "title"): "The next interview",
    ("chat", "settings", "customize"): "Level, length and interviewer",
    ("navigation", "newChat", "button"): "New interview",
    ("navigation", "newChat", "dialog", "title"): "Begin another interview",
    (
        "navigation",
        "newChat",
        "dialog",
        "description",
    ): "This one stays in the side bar; you can go on with it at any time.",
    ("navigation", "header", "readme"): "How it works",
    ("threadHistory", "sidebar", "title"): "Past interviews",
    ("threadHistory", "sidebar", "empty"): "No interviews yet",
    ("threadHistory", "sidebar", "filters", "placeholder"): "Search interviews...",
    (
        "threadHistory",
        "thread",
        "actions",
        "delete",
        "description",
    ): "The interview is removed from this machine for good.",
    ("threadHistory", "thread", "actions", "delete", "success"): "Interview deleted",
    ("threadHistory", "thread", "actions", "delete", "inProgress"): "Deleting the interview",
    ("threadHistory", "thread", "actions", "rename", "title"): "Rename interview",
    ("threadHistory", "thread", "actions", "rename", "description"): "Give it a name of your own.",
    ("threadHistory", "thread", "actions", "rename", "success"): "Interview renamed",
    ("threadHistory", "thread", "actions", "rename", "inProgress"): "Renaming the interview",
}


def furnish(root: Path, *, origins: list[str], hosted: bool = False) -> None:
    """Write the folder.

    Args:
        root: MLSD_HOME/chainlit.
        origins: the page's own addresses.
        hosted: whether there is a login.

    Raises:
        SettingsError: the folder cannot be written.
    """
    package = _package()
    try:
        (root / ".chainlit" / "translations").mkdir(parents=True, exist_ok=True)
        (root / ".chainlit" / "config.toml").write_text(_config(origins), encoding="utf-8")
        words = json.loads((package / "translations" / "en-US.json").read_text(encoding="utf-8"))
        _reword(words)
        (root / ".chainlit" / "translations" / "en-US.json").write_text(json.dumps(words), encoding="utf-8")
        shutil.copytree(_SOURCE, root / "public", dirs_exist_ok=True)
        if not hosted:
            with (root / "public" / "page.css").open("a", encoding="utf-8") as style:
                style.write(_ALONE)
        shutil.copyfile(_SOURCE / "readme.md", root / "chainlit_en-US.md")
        _build_frontend(package / "frontend" / "dist", root / "frontend")
    except OSError as error:
        raise SettingsError(
            f"{str(root)!r} cannot be written ({error.strerror}); set MLSD_HOME to a folder that can"
        ) from error


def secret(root: Path) -> str:
    """The key that signs the page's cookies: made once, readable by its owner only.

    Raises:
        SettingsError: it cannot be read or written.
    """
    file = root / "auth_secret"
    try:
        root.mkdir(parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as new:
                new.write(secrets.token_urlsafe(48))
        except FileExistsError:
            file.chmod(0o600)
        kept = file.read_text(encoding="ascii").strip()
    except OSError as error:
        raise SettingsError(
            f"{str(file)!r} cannot be used ({error.strerror}); mend its permissions or delete it"
        ) from error
    if len(kept) < 32:
        raise SettingsError(f"{str(file)!r} is cut short; delete it, and a new one is made")
    return kept


def _package() -> Path:
    """Where Chainlit lies; looked up without importing it, for it reads its folder at import."""
    spec = find_spec("chainlit")
    if spec is None or spec.origin is None:
        raise SettingsError("chainlit is not installed; run `make install`")
    return Path(spec.origin).parent


def _reword(words: dict[str, Any]) -> None:
    for path, text in _WORDS.items():
        place = words
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = text


def _build_frontend(packaged: Path, build: Path) -> None:
    """The packaged frontend without its links to fonts and styles on other hosts.

    Where those hosts hang, the page would wait for them; and nothing here is to tell them who is asking.
    """
    assets = build / "assets"
    names = {file.name for file in (packaged / "assets").iterdir() if file.suffix != ".map"}
    present = {file.name for file in assets.iterdir()} if assets.is_dir() else set()
    if present != names:
        shutil.rmtree(build, ignore_errors=True)
        shutil.copytree(packaged, build, ignore=shutil.ignore_patterns("*.map"))
    index = (packaged / "index.html").read_text(encoding="utf-8")
    (build / "index.html").write_text(_ELSEWHERE.sub("", index), encoding="utf-8")


def _config(origins: list[str]) -> str:
    return f"""[project]
user_env = []
session_timeout = 600
user_session_timeout = 1296000
cache = false
allow_origins = {json.dumps(origins)}

[features]
unsafe_allow_html = false
latex = false
user_message_markdown = false
user_message_autoscroll = false
assistant_message_autoscroll = true
auto_tag_thread = false
edit_message = false
allow_thread_sharing = false
favorites = false

[features.spontaneous_file_upload]
enabled = false

[features.audio]
enabled = false

[features.mcp]
enabled = false

[UI]
name = "mlsd"
description = "A mock interviewer for machine-learning system design"
language = "en-US"
default_theme = "light"
cot = "hidden"
confirm_new_chat = false
custom_css = "/public/page.css"
custom_js = "/public/page.js"
custom_js_attributes = "defer"
custom_meta_url = "{origins[0]}"
custom_meta_image_url = "{origins[0]}/favicon"
custom_build = "frontend"

[[UI.header_links]]
name = "Progress"
display_name = "Progress"
icon_url = "/public/progress.svg"
url = "/progress"

[meta]
generated_by = "2.12.0"
"""
