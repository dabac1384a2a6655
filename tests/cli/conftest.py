"""The command line, run in this process: what it printed, how it ended, and a small case to run it on."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.adapters.content_files import load_catalog, shipped_content
from app.adapters.embedding import MiniLmEmbedder
from app.bootstrap import App
from app.cli import main
from app.domain.catalog import Catalog
from app.settings import Settings
from tests.conftest import SharedEmbedder
from tests.factories import OWN, SHARED, case_fields, make_criterion

CASE = "parcel-eta"
FROM_RUBRICS = ("business-goal", "time-split")
SCRIPT = (
    {"content": "Who uses it, and how fast must it answer?", "step": 1, "seconds": 20},
    {"content": "I'd measure success by fewer where-is-my-parcel calls.", "seconds": 30},
    {"content": "Then I'd predict the tenth and ninetieth quantile and show the window.", "step": "framing"},
    {"content": "/hint data", "step": 3},
    {
        "content": "I'd train on the first weeks and test on the last, so that no later scan leaks into training.",
        "step": "data",
        "seconds": 60,
    },
    {"content": "Board: `scans -> trainer`", "step": 4},
)


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line on stderr of a command that failed; nothing was printed on stdout."""
        assert self.out == "" and self.err.startswith("mlsd: ") and self.err.endswith("\n"), self
        assert self.err.count("\n") == 1 and "Traceback" not in self.err, self.err
        assert not any(0x2500 <= ord(letter) <= 0x257F for letter in self.err), "no boxes around errors"
        return self.err.removeprefix("mlsd: ").strip()


Mlsd = Callable[..., Ran]


def hear_interrupts() -> None:
    """Before a process starts: what is started in the background of a script ignores Ctrl-C, and its children with it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def write_case(folder: Path, **changes: Any) -> Path:
    """A case folder that fits the shipped rubrics; its name is the case's id."""
    own = {id: theme for id, theme in (SHARED | OWN).items() if id not in FROM_RUBRICS}
    fields = case_fields(
        **{
            "id": folder.name,
            "shared": [{"use": id, "core": True} for id in FROM_RUBRICS],
            "criteria": [make_criterion(id, theme.step).model_dump(mode="json") for id, theme in own.items()],
            **changes,
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "case.yaml"
    file.write_text(yaml.safe_dump(fields, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return file


def write_lines(file: Path, *lines: Any) -> Path:
    """A JSONL file."""
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return file


@dataclass(frozen=True)
class Played:
    """A content folder with the small case, the script that was played on it, what came of it, and its vectors."""

    content: Path
    script: Path
    transcript: Path
    home: Path


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The script, played once for all tests."""
    root = tmp_path_factory.mktemp("played")
    found = Played(root / "content", root / "script.jsonl", root / "transcript.jsonl", root / "home")
    write_case(found.content / CASE)
    write_lines(found.script, *SCRIPT)
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        patch.setenv("MLSD_HOME", str(found.home))
        patch.setenv("MLSD_CONTENT", str(found.content))
        main(["interview", CASE, "--script", str(found.script), "--out", str(found.transcript)])
    yield found


@pytest.fixture
def parcels(played: Played, mlsd_home: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """The small case beside the shipped ones, in a home that has its vectors and no interview."""
    shutil.copytree(played.home / "cache", mlsd_home / "cache")
    monkeypatch.setenv("MLSD_CONTENT", str(played.content))
    return played


@pytest.fixture
def warm_parcels(played: Played, warm_home: Path, monkeypatch: pytest.MonkeyPatch) -> Played:
    """The small case beside the shipped ones, of which nothing need be embedded again."""
    monkeypatch.setenv("MLSD_CONTENT", str(played.content))
    return played


@pytest.fixture(scope="session")
def make(played: Played, catalog: Catalog, vectors: Path) -> Callable[[Settings], App]:
    """Makes the parts as the bootstrap does, but reads content that stays as it is, and the model, once."""
    model = MiniLmEmbedder()
    read: dict[Path | None, Catalog] = {None: catalog}

    def made(settings: Settings) -> App:
        parts = App(settings)
        parts.shipped_embedder = SharedEmbedder(model, settings.home / "cache", lock=vectors / "lock")
        if settings.content in {None, played.content}:
            if settings.content not in read:
                read[settings.content] = load_catalog(shipped_content(), extra=settings.content)
            parts.catalog = read[settings.content]
        return parts

    return made


@pytest.fixture
def mlsd(make: Callable[[Settings], App], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Mlsd:
    """Runs a command: `mlsd("cases", "--json")`; `typed` is what stands on its standard input."""

    def run(*arguments: object, typed: str = "") -> Ran:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        capsys.readouterr()
        status = 0
        try:
            main([str(argument) for argument in arguments], make=make)
        except SystemExit as exit:
            assert isinstance(exit.code, int)
            status = exit.code
        captured = capsys.readouterr()
        return Ran(status=status, out=captured.out, err=captured.err)

    return run
