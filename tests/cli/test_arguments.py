"""What the command line makes of its arguments, before any command does its work."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from app.cli import build, with_command
from tests.cli.conftest import CASE, Mlsd

COMMANDS = sorted(info.name or info.callback.__name__ for info in build().registered_commands if info.callback)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([], ["chat"]),
        (["--port", "1"], ["chat", "--port", "1"]),
        (["--no-browser"], ["chat", "--no-browser"]),
        (["--model=builtin"], ["chat", "--model=builtin"]),
        (["chat", "--port", "1"], ["chat", "--port", "1"]),
        (["cases", "--json"], ["cases", "--json"]),
        (["--help"], ["--help"]),
        (["-h"], ["--help"]),
        (["--version"], ["--version"]),
        (["nonsense"], ["nonsense"]),
    ],
)
def test_options_alone_and_nothing_at_all_mean_chat(given: list[str], meant: list[str]) -> None:
    assert with_command(given) == meant


class TestChat:
    @pytest.mark.parametrize("arguments", [(), ("chat",), ("--no-browser",)])
    def test_it_prepares_the_page_and_says_what_hinders_it(
        self, arguments: tuple[str, ...], mlsd: Mlsd, mlsd_home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (mlsd_home / "file").write_text("")
        monkeypatch.setenv("MLSD_HOME", str(mlsd_home / "file"))
        ran = mlsd(*arguments)
        assert ran.status == 2 and "set MLSD_HOME" in ran.complaint

    def test_a_port_that_is_taken_is_named(self, mlsd: Mlsd) -> None:
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            port = holder.getsockname()[1]
            ran = mlsd("--port", port)
        assert ran.status == 2 and f"port {port}" in ran.complaint

    def test_it_listens_on_this_machine_only(self, mlsd: Mlsd) -> None:
        ran = mlsd("--host", "192.0.2.1")
        assert ran.status == 2 and "192.0.2.1" in ran.complaint

    def test_an_option_of_no_command_is_named(self, mlsd: Mlsd) -> None:
        ran = mlsd("--bogus")
        assert ran.status == 2 and "--bogus" in ran.complaint and "mlsd chat --help" in ran.complaint


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            (("nonsense",), "nonsense"),
            (("cases", "--bogus"), "--bogus"),
            (("cases", "extra"), "extra"),
            (("hint",), "case"),
            (("hint", "fraud-detection"), "--step"),
            (("hint", "fraud-detektion"), "fraud-detektion"),
            (("hint", CASE, "--step", "data", "--rung", "4"), "--rung"),
            (("hint", CASE, "--step", "data", "--rung", "two"), "--rung"),
            (("import", "chat.json", "--case", CASE), "--out"),
            (("interview", CASE, "--minutes", "0"), "--minutes"),
            (("interview", CASE, "--minutes", "long"), "--minutes"),
            (("search", "drift", "--k", "0"), "--k"),
            (("chat", "--port", "99999"), "--port"),
            (("score",), "transcript"),
        ],
    )
    def test_it_ends_with_2_and_one_line(self, arguments: tuple[str, ...], named: str, mlsd: Mlsd) -> None:
        ran = mlsd(*arguments)
        assert ran.status == 2 and named in ran.complaint

    def test_the_line_says_where_the_usage_stands(self, mlsd: Mlsd) -> None:
        assert mlsd("hint").complaint.endswith("see `mlsd hint --help`")
        assert mlsd("nonsense").complaint.endswith("`mlsd --help` lists the commands")


class TestHelp:
    def test_every_command_is_listed_with_a_line(self, mlsd: Mlsd) -> None:
        ran = mlsd("--help")
        assert ran.status == 0 and ran.err == ""
        for command in COMMANDS:
            line = next(line for line in ran.out.splitlines() if line.startswith(f"  {command} "))
            assert len(line.split()) > 2

    @pytest.mark.parametrize("command", COMMANDS)
    def test_every_option_is_explained(self, command: str, mlsd: Mlsd) -> None:
        ran = mlsd(command, "--help")
        assert ran.status == 0 and f"mlsd {command}" in ran.out
        described = [info for info in build().registered_commands if (info.name or info.callback.__name__) == command]  # type: ignore[union-attr]
        assert described[0].callback is not None and described[0].callback.__doc__

    def test_the_version_is_the_package_s(self, mlsd: Mlsd) -> None:
        from importlib.metadata import version

        assert mlsd("--version").out == f"mlsd {version('mlsd')}\n"
