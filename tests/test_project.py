"""The project's own files: what lies at the top, what no file may name, and that the README tells the truth."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from app.cli import build

ROOT = Path(__file__).parents[1]
TOP = {
    *("pyproject.toml", "app", "knowledge", "rubrics", "evals", "tests", "docs"),
    *("README.md", "LICENSE", "Makefile"),
}
LOCKS = sorted(ROOT.glob("*.lock"))
HOSTS = [
    f"{name}.{end}" for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
]
HOSTS += ["/simple/" + "pypi", "artifactory", "nexus-repository"]
HOMES = re.compile(r"(?<![\w.~}$])/(?:home|root|Users|work|builds)/[\w.-]+|[A-Z]:\\Users\\")


@cache
def files() -> tuple[Path, ...]:
    """What belongs to the project: what git holds, and what is new and not ignored."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no checkout")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file())


def texts() -> list[tuple[Path, str]]:
    """The files that hold text, with it."""
    found = []
    for file in files():
        content = (ROOT / file).read_bytes()
        if b"\0" not in content:
            found.append((file, content.decode("utf-8")))
    return found


def test_the_top_level_holds_only_what_it_may() -> None:
    found = {file.parts[0] for file in files()}
    assert {name for name in found if not name.startswith(".") and not name.endswith(".lock")} == TOP


def test_no_file_names_a_package_index() -> None:
    named = [
        f"{file}: {host}"
        for file, text in texts()
        for host in HOSTS
        if host in text and file.name != Path(__file__).name
    ]
    assert named == []


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    named = [f"{file}: {match}" for file, text in texts() for match in HOMES.findall(text)]
    assert named == []
    assert [str(file) for file, text in texts() if str(ROOT) in text] == []


class TestLocks:
    def test_there_are_three(self) -> None:
        assert [file.name for file in LOCKS] == [
            "requirements-bootstrap.lock",
            "requirements-dev.lock",
            "requirements.lock",
        ]

    @pytest.mark.parametrize("file", LOCKS, ids=lambda file: file.name)
    def test_every_requirement_is_pinned_and_hashed(self, file: Path) -> None:
        entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", file.read_text(encoding="utf-8")).strip())
        for entry in entries:
            assert re.match(r"[\w.\[\],-]+==\S+", entry), entry[:80]
            assert re.search(r"--hash=sha256:[0-9a-f]{64}", entry), entry[:80]

    def test_what_is_run_is_what_is_tested(self) -> None:
        """The versions of requirements.lock are those of requirements-dev.lock."""

        def pins(name: str) -> set[str]:
            return set(re.findall(r"(?m)^[\w.\[\]-]+==[^\s;]+", (ROOT / name).read_text(encoding="utf-8")))

        assert pins("requirements.lock") <= pins("requirements-dev.lock")


class TestCommandsInProse:
    """Every `mlsd ...` and `make ...` in the prose exists, with the options that are named."""

    PROSE = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

    def commands(self, file: Path, program: str) -> list[list[str]]:
        """What stands behind a program's name, in code spans and at the beginning of lines of code blocks."""
        text = file.read_text(encoding="utf-8")
        blocks = re.findall(r"(?ms)^```[^\n]*\n(.*?)^```", text)
        spans = re.findall(r"`([^`\n]+)`", re.sub(r"(?ms)^```.*?^```", "", text))
        lines = [line.split("#")[0] for block in blocks for line in block.splitlines()] + spans
        found = [re.sub(r"^(\$ |[A-Z_]+=\S+ )+", "", line.strip()) for line in lines]
        return [line.split()[1:] for line in found if line.split()[:1] == [program]]

    @pytest.mark.parametrize("file", PROSE, ids=lambda file: file.name)
    def test_of_mlsd(self, file: Path) -> None:
        import typer

        group = typer.main.get_command(build())
        known = group.commands  # type: ignore[attr-defined]
        for words in self.commands(file, "mlsd"):
            name = words[0] if words and not words[0].startswith("-") else "chat"
            if words[:1] in (["--help"], ["--version"]):
                continue
            assert name in known, f"{file.name}: mlsd {' '.join(words)}"
            command = known[name]
            if (subcommands := getattr(command, "commands", None)) and words[1:]:
                assert words[1] in subcommands, f"{file.name}: mlsd {' '.join(words)}"
                command = subcommands[words[1]]
            options = {option for param in command.params for option in param.opts} | {"--help"}
            for word in words:
                if word.startswith("--"):
                    assert word.split("=")[0] in options, f"{file.name}: mlsd {' '.join(words)}"

    @pytest.mark.parametrize("file", PROSE, ids=lambda file: file.name)
    def test_of_make(self, file: Path) -> None:
        targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
        for words in self.commands(file, "make"):
            for word in words:
                assert "=" in word or word in targets, f"{file.name}: make {' '.join(words)}"
