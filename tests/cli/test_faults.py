"""Whatever is wrong with what the user gave: one line that names it, status 2, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CASE, Mlsd, Played, write_case, write_lines
from tests.factories import case_fields


class TestNames:
    @pytest.mark.parametrize(
        "arguments",
        [
            ("interview", "parcel-etta"),
            ("hint", "parcel-etta", "--step", "data"),
            ("search", "drift", "--case", "parcel-etta"),
            ("interview", "parcel-etta", "--script", "{script}"),
        ],
    )
    def test_an_unknown_case_brings_the_nearest_one(
        self, arguments: tuple[str, ...], mlsd: Mlsd, parcels: Played
    ) -> None:
        ran = mlsd(*(argument.format(script=parcels.script) for argument in arguments))
        assert ran.status == 2 and "there is no case 'parcel-etta'; did you mean 'parcel-eta'?" in ran.complaint

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("interview", CASE, "--level", "boss"), "'boss'; use mid, senior or staff"),
            (("interview", CASE, "--mode", "exam"), "'exam'; use mock, coach or drill"),
            (("interview", CASE, "--mode", "drill"), "--steps"),
            (("interview", CASE, "--steps", "data,8"), "'8'; use 1 requirements"),
            (("interview",), "`mlsd cases`"),
            (("interview", "--resume", "nobody"), "'nobody'"),
            (("interview", CASE, "--resume", "nobody"), "--resume"),
            (("hint", CASE, "--step", "0"), "'0'; use 1 requirements"),
            (("hint", CASE, "--step", "data", "--criterion", "nope"), "no criterion 'nope' in data; it has"),
            (("search", "drift", "--step", "nine"), "'nine'"),
            (("search", "drift", "--visibility", "hidden"), "'hidden'; use public or private"),
            (("search", " "), "empty"),
            (("score", "nobody"), "'nobody' is neither a file nor a stored interview"),
            (("score", "n" * 300), "neither a file nor"),
            (("score", "x.jsonl", "--level", "boss"), "'boss'"),
            (("score", "{transcript}", "--model", "builtin", "--votes", "3"), "name one with --model"),
            (("export", "nobody", "--format", "pdf"), "'pdf'; use"),
            (("check", "nowhere"), "nowhere"),
            (("check", "n" * 300), "nnn"),
        ],
    )
    def test_an_unknown_name_brings_those_that_exist(
        self, arguments: tuple[str, ...], said: str, mlsd: Mlsd, parcels: Played
    ) -> None:
        ran = mlsd(*(argument.format(transcript=parcels.transcript) for argument in arguments))
        assert ran.status == 2 and said in ran.complaint


def break_yaml(folder: Path) -> str:
    file = write_case(folder / "broken")
    file.write_text("id: broken\ntitle: [never closed\nprompt: x\n")
    return "broken/case.yaml:3"


def leave_out_a_field(folder: Path) -> str:
    file = write_case(folder / "short")
    file.write_text("id: short\ntitle: Too short\n")
    return "short/case.yaml:1: category: is missing"


def repeat_an_id(folder: Path) -> str:
    write_case(folder / "fraud-detection")
    return "'fraud-detection' is also used by"


def misname_the_folder(folder: Path) -> str:
    write_case(folder / "one-name", id="another")
    return "is 'another', but the folder is 'one-name'"


def refer_to_nothing(folder: Path) -> str:
    write_case(folder / "dangling", shared=[{"use": "time-splitt"}], tensions=[], twists=[])
    return "time-splitt"


def write_no_text(folder: Path) -> str:
    write_case(folder / "latin").write_bytes("id: latin\ntitle: Café\n".encode("latin-1"))
    return "latin/case.yaml: is not UTF-8 text"


CONTENT_FAULTS = [break_yaml, leave_out_a_field, repeat_an_id, misname_the_folder, refer_to_nothing, write_no_text]


class TestContent:
    @pytest.fixture
    def folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        monkeypatch.setenv("MLSD_CONTENT", str(tmp_path))
        return tmp_path

    @pytest.mark.slow
    @pytest.mark.parametrize("spoil", CONTENT_FAULTS)
    def test_a_command_that_needs_content_names_the_file(
        self, spoil: Callable[[Path], str], folder: Path, mlsd: Mlsd
    ) -> None:
        said = spoil(folder)
        ran = mlsd("cases")
        assert ran.status == 2 and said in ran.complaint and str(folder) in ran.complaint

    @pytest.mark.parametrize("spoil", CONTENT_FAULTS)
    def test_check_finds_the_same(self, spoil: Callable[[Path], str], folder: Path, mlsd: Mlsd) -> None:
        said = spoil(folder)
        ran = mlsd("check", folder, "--json")
        assert ran.status == 1 and ran.err == ""
        found = [": ".join((f["file"], f["field"], f["message"])) for f in ran.document["findings"]]
        assert any(said in line.replace(": file: ", ": ") for line in found), found

    @pytest.mark.slow
    def test_one_broken_case_does_not_hide_the_others(self, folder: Path, mlsd: Mlsd, warm_home: Path) -> None:
        write_case(folder / CASE)
        said = break_yaml(folder)
        ran = mlsd("check", "--json")
        assert ran.status == 1 and said in ran.document["findings"][-1]["file"]
        assert {CASE, "fraud-detection"} < {case["id"] for case in ran.document["cases"]}

    def test_check_finds_references_that_lead_nowhere(self, folder: Path, mlsd: Mlsd) -> None:
        twist: dict[str, Any] = dict(case_fields()["twists"][0])
        write_case(folder / "twisted", twists=[{**twist, "criterion": "nothing"}])
        ran = mlsd("check", folder)
        assert ran.status == 1 and "'nothing'" in ran.out and "twisted/case.yaml" in ran.out

    @pytest.mark.parametrize("name", ["nowhere", "file"])
    def test_content_that_is_no_folder(
        self, name: str, mlsd: Mlsd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("MLSD_CONTENT", str(tmp_path / name))
        ran = mlsd("cases", "--json")
        assert ran.status == 2 and "MLSD_CONTENT must name a folder" in ran.complaint

    def test_a_folder_without_cases_is_no_case(self, folder: Path, mlsd: Mlsd) -> None:
        (folder / "empty").mkdir()
        ran = mlsd("check", folder / "empty")
        assert ran.status == 2 and "holds no case.yaml" in ran.complaint

    def test_a_case_checked_twice_is_no_duplicate_of_itself(self, folder: Path, mlsd: Mlsd) -> None:
        file = write_case(folder / CASE)
        ran = mlsd("check", "--json", file.parent, file)
        assert ran.status == 0 and ran.document["findings"] == []


class TestFiles:
    def test_a_damaged_line_of_a_script_is_named(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        script = tmp_path / "script.jsonl"
        script.write_text('{"content": "Fine."}\n\n{"content": "cut o')
        ran = mlsd("interview", CASE, "--script", script)
        assert ran.status == 2 and f"{script}:3: is not JSON" in ran.complaint

    @pytest.mark.parametrize(
        ("line", "field"),
        [
            ({"text": "hi"}, "content"),
            ({"content": ""}, "content"),
            ({"content": "hi", "step": "eight"}, "step"),
            ({"content": "hi", "seconds": -1}, "seconds"),
            ({"content": "hi", "mood": "good"}, "mood"),
        ],
    )
    def test_a_wrong_field_of_a_script_is_named(
        self, line: dict[str, Any], field: str, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        script = write_lines(tmp_path / "script.jsonl", {"content": "Fine."}, line)
        ran = mlsd("interview", CASE, "--script", script)
        assert ran.status == 2 and f"{script}:2: {field}: " in ran.complaint

    @pytest.mark.parametrize("command", [("score",), ("export",), ("score", "--json"), ("export", "--format", "json")])
    def test_a_damaged_line_of_a_transcript_is_named(
        self, command: tuple[str, ...], mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        lines = parcels.transcript.read_text(encoding="utf-8").splitlines(keepends=True)
        damaged = tmp_path / "damaged.jsonl"
        damaged.write_text("".join([*lines[:4], lines[4][: len(lines[4]) // 2] + "\n", *lines[5:]]), encoding="utf-8")
        ran = mlsd(command[0], damaged, *command[1:])
        assert ran.status == 2 and f"{damaged}:5: is not JSON" in ran.complaint

    @pytest.mark.parametrize(
        "arguments",
        [
            ("interview", CASE, "--script", "{}"),
            ("score", "{}"),
            ("export", "{}"),
            ("import", "{}", "--case", CASE, "--out", "out.jsonl"),
            ("check", "{}"),
        ],
    )
    @pytest.mark.parametrize("what", ["missing.jsonl", "folder.jsonl", "empty.jsonl", "binary.jsonl"])
    def test_a_file_that_cannot_be_read_is_named(
        self, arguments: tuple[str, ...], what: str, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        (tmp_path / "folder.jsonl").mkdir()
        (tmp_path / "empty.jsonl").write_text("")
        (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00\n")
        ran = mlsd(*(argument.format(tmp_path / what) for argument in arguments))
        assert ran.status == 2 and str(tmp_path / what) in ran.complaint

    @pytest.mark.parametrize(
        "arguments",
        [
            ("interview", CASE, "--script", "{script}", "--out", "{out}"),
            ("interview", CASE, "--out", "{out}"),
            ("export", "{transcript}", "--out", "{out}"),
            ("import", "{chat}", "--case", CASE, "--out", "{out}"),
        ],
    )
    def test_a_file_that_cannot_be_written_is_named(
        self, arguments: tuple[str, ...], mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        chat = tmp_path / "chat.json"
        chat.write_text('{"messages": [{"role": "user", "content": "Hi"}]}')
        out = tmp_path / "no" / "such" / "out.jsonl"
        names = {"script": parcels.script, "transcript": parcels.transcript, "chat": chat, "out": out}
        ran = mlsd(*(argument.format(**names) for argument in arguments))
        assert ran.status == 2 and f"{out}: cannot be written" in ran.complaint


class TestHome:
    @pytest.mark.parametrize("arguments", [("interview", CASE), ("history",), ("history", "--json"), ("index",)])
    def test_one_that_cannot_be_written_is_named(
        self,
        arguments: tuple[str, ...],
        mlsd: Mlsd,
        parcels: Played,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("MLSD_HOME", str(tmp_path / "file" / "home"))
        ran = mlsd(*arguments)
        assert ran.status == 2 and str(tmp_path / "file" / "home") in ran.complaint and "MLSD_HOME" in ran.complaint

    @pytest.mark.parametrize("arguments", [("cases",), ("hint", CASE, "--step", "data"), ("check", "{}")])
    def test_what_only_reads_content_needs_none(
        self,
        arguments: tuple[str, ...],
        mlsd: Mlsd,
        parcels: Played,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("MLSD_HOME", str(tmp_path / "file" / "home"))
        assert mlsd(*(argument.format(parcels.content) for argument in arguments)).status == 0

    def test_a_database_that_is_none_is_named(self, mlsd: Mlsd, mlsd_home: Path) -> None:
        (mlsd_home / "interviews.sqlite3").write_bytes(b"no database" * 1000)
        ran = mlsd("history", "--json")
        assert ran.status == 1 and "interviews.sqlite3" in ran.complaint and "damaged" in ran.complaint

    def test_an_env_file_that_is_no_text_is_named(
        self, mlsd: Mlsd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / ".env").write_bytes(b"MLSD_MODEL=\xff\n")
        monkeypatch.chdir(tmp_path)
        ran = mlsd("cases")
        assert ran.status == 2 and ".env is not UTF-8 text" in ran.complaint

    def test_a_tilde_in_an_env_file_is_the_user_s_home(
        self, mlsd: Mlsd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_case(tmp_path / "cases" / CASE)
        (tmp_path / ".env").write_text("MLSD_CONTENT=~/cases\n")
        monkeypatch.setenv("HOME", str(tmp_path))
        monkeypatch.chdir(tmp_path)
        assert CASE in [row["id"] for row in mlsd("cases", "--json").document["cases"]]
