"""`mlsd simulate`: personas and scripts are played, recorded, and not played again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from evals.persona import PERSONAS, load_personas
from tests.cli.conftest import CASE, Mlsd, Played, hear_interrupts, write_lines
from tests.cli.test_schemas import assert_fits
from tests.servers import closed_port

ALL = sorted(load_personas())


def simulate(mlsd: Mlsd, out: Path, *arguments: object, candidate: object = "solid") -> Any:
    """The rows that it printed."""
    ran = mlsd(*("simulate", "--case", CASE, "--candidate", candidate, "--out", out, "--jobs", 1, "--json"), *arguments)
    assert ran.status == 0 and ran.err == "", ran
    assert_fits("simulated", ran.document)
    return ran.document["recordings"]


def lines_of(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def said_in(file: Path) -> list[str]:
    return [event["content"] for event in lines_of(file)[1:] if event["type"] == "candidate_message"]


@pytest.mark.slow
class TestPersonas:
    @pytest.mark.parametrize("persona", ALL)
    def test_each_comes_to_an_end_and_says_how_it_was_made(
        self, persona: str, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        (row,) = simulate(mlsd, tmp_path, candidate=persona)
        assert row["outcome"] == "played" and row["ended"] in {"completed", "time"} and row["messages"] >= 5
        header, *events = lines_of(Path(row["file"]))
        assert_fits("transcript-header", header)
        for event in events:
            assert_fits("transcript-event", event)
        made = header["made_by"]
        assert made["tool"] == "mlsd simulate" and made["candidate"] == persona and made["candidate_kind"] == "persona"
        assert made["candidate_hash"] == load_personas()[persona].digest and made["seed"] == header["seed"] == 0

    def test_nothing_is_said_twice_by_one_who_knows_the_field(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        (row,) = simulate(mlsd, tmp_path, candidate="strong")
        said = [content for content in said_in(Path(row["file"])) if len(content.split()) > 12]
        assert len(said) == len(set(said)) > 5

    def test_they_behave_as_they_are_called(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        words = {}
        for persona in ("silent", "solid", "rambling"):
            (row,) = simulate(mlsd, tmp_path, candidate=persona)
            said = said_in(Path(row["file"]))
            words[persona] = sum(len(content.split()) for content in said) / len(said)
        assert words["silent"] < 15 < words["solid"] < words["rambling"]
        (row,) = simulate(mlsd, tmp_path, candidate="manipulating")
        kinds = [s["kind"] for e in lines_of(Path(row["file"]))[1:] if e["type"] == "intake" for s in e["segments"]]
        assert {"manipulation", "asks-score"} & set(kinds)

    def test_they_are_personas_and_not_crib_sheets(self) -> None:
        text = PERSONAS.read_text(encoding="utf-8").lower()
        assert not [word for word in ("parcel", "fraud", "video", "advertis", "embedding") if word in text]


@pytest.mark.slow
class TestDeterminism:
    def test_two_runs_write_the_same_bytes_and_another_seed_does_not(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        (first,) = simulate(mlsd, tmp_path / "a", candidate="weak")
        (again,) = simulate(mlsd, tmp_path / "b", candidate="weak")
        (other,) = simulate(mlsd, tmp_path / "a", "--seed", 1, candidate="weak")
        assert Path(first["file"]).read_bytes() == Path(again["file"]).read_bytes()
        assert said_in(Path(first["file"])) != said_in(Path(other["file"]))

    def test_n_counts_the_seeds_up(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        rows = simulate(mlsd, tmp_path, "--n", 2, "--seed", 4, "--level", "mid", "--level", "staff")
        names = [Path(row["file"]).name for row in rows]
        assert names == [f"{CASE}.solid.{level}.builtin.{seed}.jsonl" for level in ("mid", "staff") for seed in (4, 5)]


class TestScripts:
    def test_a_script_with_labels_is_played_line_by_line(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        lines = ["I'd measure success by fewer calls.", "I'd split by date, so nothing leaks."]
        script = write_lines(tmp_path / "mine.jsonl", *({"content": line, "labels": [], "step": 1} for line in lines))
        (row,) = simulate(mlsd, tmp_path / "out", candidate=script)
        assert said_in(Path(row["file"])) == lines and row["ended"] == "script"
        assert lines_of(Path(row["file"]))[0]["made_by"]["candidate"] == "script-mine"

    def test_one_that_fails_is_named_and_does_not_stop_the_others(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        script = write_lines(tmp_path / "late.jsonl", {"content": "/end"}, {"content": "One more"})
        ran = mlsd(
            *("simulate", "--case", CASE, "--candidate", script, "--candidate", "silent"),
            *("--out", tmp_path / "out", "--jobs", 1),
        )
        assert ran.status == 1 and "1 played, 0 kept, 1 failed" in ran.out
        assert ran.err.count("\n") == 1 and "line 2 of the script is left after the interview has ended" in ran.err


def under_way(out: Path, *options: str) -> subprocess.Popen[str]:
    """A run of all personas in a process group of its own, once its first recording is whole."""
    command = ("simulate", "--case", CASE, "--candidate", "all", "--out", str(out), *options)
    run = subprocess.Popen(
        [sys.executable, "-m", "app", *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
        start_new_session=True,
        preexec_fn=hear_interrupts,
    )
    until = time.monotonic() + 60
    while not list(out.glob("[!.]*.jsonl")) and run.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    return run


class TestResume:
    def test_what_is_finished_is_kept_and_what_is_broken_off_is_played(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        first, second = simulate(mlsd, tmp_path, "--n", 2)
        whole = Path(second["file"]).read_text(encoding="utf-8")
        Path(second["file"]).write_text("".join(whole.splitlines(keepends=True)[:9]), encoding="utf-8")
        before = Path(first["file"]).stat().st_mtime_ns
        rows = simulate(mlsd, tmp_path, "--n", 2)
        assert [row["outcome"] for row in rows] == ["kept", "played"]
        assert Path(first["file"]).stat().st_mtime_ns == before
        assert Path(second["file"]).read_text(encoding="utf-8") == whole

    def test_one_of_another_time_is_kept_and_said_so_until_it_is_made_fresh(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        (row,) = simulate(mlsd, tmp_path)
        file = Path(row["file"])
        header, *events = file.read_text(encoding="utf-8").splitlines()
        older = json.dumps({**json.loads(header), "content_hash": "0123456789abcdef"})
        file.write_text("\n".join([older, *events]) + "\n", encoding="utf-8")
        assert simulate(mlsd, tmp_path)[0]["outcome"] == "outdated"
        assert json.loads(file.read_text(encoding="utf-8").splitlines()[0])["content_hash"] == "0123456789abcdef"
        assert simulate(mlsd, tmp_path, "--fresh")[0]["outcome"] == "played"
        assert file.read_text(encoding="utf-8").splitlines()[0] == header

    @pytest.mark.slow
    def test_a_killed_run_goes_on_where_it_was(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        run = under_way(tmp_path, "--jobs", "2")
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate(timeout=10)
        finished = {file: file.read_bytes() for file in tmp_path.glob("[!.]*.jsonl")}
        assert 1 <= len(finished) < len(ALL)
        rows = simulate(mlsd, tmp_path, candidate="all")
        assert sum(row["outcome"] == "kept" for row in rows) == len(finished) and len(rows) == len(ALL)
        assert {file: file.read_bytes() for file in finished} == finished

    @pytest.mark.parametrize("jobs", ["1", pytest.param("2", marks=pytest.mark.slow)])
    def test_one_that_is_interrupted_says_what_it_has_and_how_to_go_on(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path, jobs: str
    ) -> None:
        run = under_way(tmp_path, "--jobs", jobs, "--n", "40")
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=30)
        kept, wanted = len(list(tmp_path.glob("[!.]*.jsonl"))), 40 * len(ALL)
        assert run.returncode == 130 and 1 <= kept < wanted
        assert f"{kept} of {wanted} kept in {tmp_path}; run the same command again to go on" in said
        assert "Traceback" not in said and said.endswith("go on\n")


class TestComplaints:
    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (("--case", "parcel-etta", "--candidate", "solid"), "there is no case 'parcel-etta'; did you mean"),
            (
                ("--case", CASE, "--candidate", "storng"),
                "there is no persona and no file 'storng'; did you mean 'strong'?",
            ),
            (("--case", CASE, "--candidate", "none.jsonl"), "none.jsonl: cannot be read"),
            (("--case", CASE, "--candidate", "solid", "--level", "boss"), "there is no level 'boss'"),
            (("--case", CASE, "--candidate", "solid", "--mode", "drill"), "a drill needs steps"),
        ],
    )
    def test_they_are_one_line(
        self, arguments: tuple[str, ...], complaint: str, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        ran = mlsd("simulate", *arguments, "--out", tmp_path / "out")
        assert ran.status == 2 and complaint in ran.complaint

    def test_a_model_that_never_answers_leaves_no_recording(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closed_port() as address:
            monkeypatch.setenv("MLSD_API_BASE", address)
            ran = mlsd(
                *("simulate", "--case", CASE, "--candidate", "silent", "--minutes", 5, "--model", "tiny"),
                *("--out", tmp_path, "--jobs", 1),
            )
        assert ran.status == 1 and "the model 'tiny' did not answer once" in ran.err
        assert list(tmp_path.iterdir()) == []
