"""The wheel holds all that is needed: installed elsewhere, it interviews without the project's folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


def run(command: list[str | Path], *, cwd: Path, **environment: str) -> str:
    """Standard output of a command that must succeed, in an environment of its own."""
    settings = {"PATH": os.environ["PATH"], "HOME": str(cwd), "UV_OFFLINE": "1", **environment}
    ran = subprocess.run(command, cwd=cwd, env=settings, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    uv = Path(sys.executable).with_name("uv")
    folder = tmp_path_factory.mktemp("dist")
    options = ["--wheel", "--no-build-isolation", "--offline", "--python", sys.executable, "--out-dir", str(folder)]
    run([uv, "build", "--quiet", *options, str(ROOT)], cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the wheel; its dependencies are the project's, seen through a .pth file."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    run([uv, "pip", "install", "--quiet", "--no-deps", "--offline", "--python", python, wheel], cwd=folder)
    inner = run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], cwd=folder).strip()
    # Named so that it is read last: the wheel's own modules come first on the path.
    Path(inner, "zz-dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder


def mlsd(elsewhere: Path, *arguments: str) -> str:
    return run([elsewhere / "venv" / "bin" / "mlsd", *arguments], cwd=elsewhere)


def test_all_content_is_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for part in ("knowledge", "rubrics"):
        for file in (ROOT / part).rglob("*.*"):
            assert f"app/content/{file.relative_to(ROOT).as_posix()}" in names


def test_all_code_is_in_it_and_no_test(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for package in ("app", "evals"):
        for file in (ROOT / package).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                assert file.relative_to(ROOT).as_posix() in names
    assert not [name for name in names if name.startswith(("tests/", "docs/", "knowledge/"))]


def test_the_modules_are_the_wheel_s(elsewhere: Path) -> None:
    python = elsewhere / "venv" / "bin" / "python"
    code = (
        "import app, evals, app.adapters.content_files as c; print(app.__file__, evals.__file__, c.shipped_content())"
    )
    for place in run([python, "-c", code], cwd=elsewhere).split():
        assert Path(place).is_relative_to(elsewhere), place


def test_it_knows_the_cases(elsewhere: Path, warm_home: Path) -> None:
    listed = json.loads(mlsd(elsewhere, "cases", "--json"))
    assert {row["id"] for row in listed["cases"]} == {file.parent.name for file in ROOT.glob("knowledge/*/case.yaml")}
    assert json.loads(mlsd(elsewhere, "check", "--json"))["cases"]


def test_it_interviews_in_an_empty_home(elsewhere: Path) -> None:
    script = elsewhere / "script.jsonl"
    script.write_text(
        '{"content": "Who uses it?"}\n{"content": "I would split by date.", "step": 3}\n', encoding="utf-8"
    )
    shown = mlsd(elsewhere, "interview", "fraud-detection", "--script", "script.jsonl", "--out", "transcript.jsonl")
    assert "Scorecard" in shown
    card = json.loads(mlsd(elsewhere, "score", "transcript.jsonl", "--json"))
    assert card["case"] == "fraud-detection" and len(card["steps"]) == 7
    assert json.loads(mlsd(elsewhere, "history", "--json")) == {"interviews": [], "series": []}
    page = mlsd(elsewhere, "export", "transcript.jsonl", "--format", "html")
    assert page.lstrip().startswith("<!doctype html>")
    homes = [folder for folder in elsewhere.rglob("mlsd") if folder.is_dir() and "venv" not in folder.parts]
    assert homes, "the data folder is made below HOME"
