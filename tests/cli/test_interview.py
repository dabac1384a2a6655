"""`mlsd interview`: played from a script, typed, paused and gone on with."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CASE, SCRIPT, Mlsd, Played, write_lines
from tests.servers import StubEndpoint, closed_port

VARYING = {"id", "at", "started_at"}


def stable(file: Path) -> list[Any]:
    """A transcript without what may differ between two runs of one script."""

    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: strip(each) for key, each in value.items() if key not in VARYING and not key.endswith("_ms")}
        return [strip(each) for each in value] if isinstance(value, list) else value

    return [strip(json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def events_of(file: Path) -> list[Any]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()][1:]


class TestScripted:
    def test_two_runs_are_identical(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        out = tmp_path / "again.jsonl"
        assert mlsd("interview", CASE, "--script", parcels.script, "--out", out).status == 0
        assert stable(out) == stable(parcels.transcript)

    def test_every_line_is_said_in_its_step(self, played: Played) -> None:
        said = [event for event in events_of(played.transcript) if event["type"] == "candidate_message"]
        spoken = [line["content"] for line in SCRIPT if not str(line["content"]).startswith("/")]
        assert [event["content"] for event in said] == spoken
        assert [event["step"] for event in said] == ["requirements", "requirements", "framing", "data", "modeling"]

    def test_it_is_ended_by_the_script_and_scored(self, mlsd: Mlsd, parcels: Played) -> None:
        assert events_of(parcels.transcript)[-1] == events_of(parcels.transcript)[-1] | {
            "type": "ended",
            "reason": "script",
        }
        ran = mlsd("interview", CASE, "--script", parcels.script)
        assert ran.status == 0 and ran.err == ""
        assert "Scorecard: Parcel arrival times" in ran.out and "where-is-my-parcel" in ran.out

    def test_it_is_not_stored(self, mlsd: Mlsd, parcels: Played) -> None:
        mlsd("interview", CASE, "--script", parcels.script)
        assert mlsd("history", "--json").document == {"interviews": [], "series": []}

    def test_options_are_agreed_on(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        out = tmp_path / "drill.jsonl"
        script = write_lines(tmp_path / "script.jsonl", {"content": "I'd divide by date."})
        mlsd(
            *("interview", CASE, "--script", script, "--out", out),
            *("--steps", "serving,3", "--level", "STAFF", "--untimed"),
        )
        header = json.loads(out.read_text(encoding="utf-8").splitlines()[0])
        assert header["steps"] == ["data", "serving"] and header["mode"] == "drill"
        assert header["level"] == "staff" and header["minutes"] is None
        assert header["interviewer"] == {"kind": "builtin", "model": None}

    def test_a_line_after_the_end_is_named_and_what_was_said_is_kept(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        out = tmp_path / "out.jsonl"
        script = write_lines(tmp_path / "s.jsonl", {"content": "Hi"}, {"content": "/end"}, {"content": "One more"})
        ran = mlsd("interview", CASE, "--script", script, "--out", out)
        assert ran.status == 2 and "Traceback" not in ran.err and ran.err.count("\n") == 1
        assert "line 3 of the script is left after the interview has ended: 'One more'" in ran.err
        assert events_of(out)[-1]["type"] == "ended"

    def test_it_says_that_a_step_is_not_part_of_a_drill(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        script = write_lines(tmp_path / "s.jsonl", {"content": "Hi", "step": 7})
        ran = mlsd("interview", CASE, "--script", script, "--steps", "data")
        assert ran.status == 2 and "'monitoring'" in ran.err and ran.err.count("\n") == 1


class TestTyped:
    def test_commands_work_between_sentences(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        out = tmp_path / "typed.jsonl"
        typed = "How fast must it answer?\n/status\n/hint\n/next 3\n/nonsense\n\n/end\n"
        ran = mlsd("interview", CASE, "--out", out, typed=typed)
        assert ran.status == 0 and ran.err == ""
        flat = " ".join(ran.out.split())
        assert "100 milliseconds" in flat
        assert "Requirements and business goal (step 1). 0 of 45 min. 0 hints taken." in flat
        assert "there is no command '/nonsense'; use /hint, /next, /board, /status, /end, /pause" in flat
        assert "the message is empty" in flat
        assert "Scorecard: Parcel arrival times" in flat
        types = [event["type"] for event in events_of(out)]
        assert {"hint_requested", "advance_requested", "end_requested"} < set(types) and types[-1] == "ended"
        assert [e["step"] for e in events_of(out) if e["type"] == "step_started"][-1] == "data"

    def test_messages_have_the_numbers_that_a_scorecard_gives_them(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        """While it runs, when it is gone on with, and from a script; a command has none of its own."""
        out, rest = tmp_path / "first.jsonl", tmp_path / "rest.jsonl"
        first = mlsd("interview", CASE, "--out", out, typed="Who uses it?\n/hint\nBy date then.\n/pause\n")
        interview = first.out.split("--resume ")[1].split()[0]
        again = mlsd("interview", "--resume", interview, "--out", rest, typed="One more thing.\n/end\n")
        said = [event for event in events_of(rest) if event["type"].endswith("_message")]
        assert [event["index"] for event in said] == list(range(len(said))) != []
        who = {"candidate_message": "You", "interviewer_message": "Interviewer"}
        for event in said:
            number, words = f"{event['index'] + 1} {who[event['type']]}", event["content"].split()[:3]
            assert " ".join([number, *words]) in " ".join(again.out.split()) or event["content"] == "One more thing."
            if event["index"] < 6 and event["type"] == "interviewer_message":
                assert " ".join([number, *words]) in " ".join(first.out.split())
        assert [re.findall(r"^(\d+) You  ", each.out, re.M) for each in (first, again)] == [
            ["2", "4", "5", "7"],
            ["7", "9"],
        ]
        scripted = mlsd("interview", CASE, "--script", parcels.script)
        spoken = [event for event in events_of(parcels.transcript) if event["type"].endswith("_message")]
        for event in spoken:
            number, words = f"{event['index'] + 1} {who[event['type']]}", event["content"].split()[:3]
            assert " ".join([number, *words]) in " ".join(scripted.out.split())

    def test_what_is_typed_behind_a_command_is_said(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        out = tmp_path / "typed.jsonl"
        typed = "/next For training data I'd use the scans\n/hint I'd join them by parcel\n/pause I'd come back to it\n"
        ran = mlsd("interview", CASE, "--out", out, typed=typed)
        assert ran.status == 0 and ran.err == "" and "Paused." in ran.out
        said = [event["content"] for event in events_of(out) if event["type"] == "candidate_message"]
        assert said == ["For training data I'd use the scans", "I'd join them by parcel", "I'd come back to it"]
        assert [e["step"] for e in events_of(out) if e["type"] == "step_started"] == ["requirements", "framing"]
        assert len([e for e in events_of(out) if e["type"] == "hint_requested"]) == 1

    def test_a_board_is_drawn_shown_and_refused(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        out = tmp_path / "drawn.jsonl"
        typed = "/board\n/board scans -> eta model; eta model -> app: minutes\n/board scans ->\n/BOARD\n/end\n"
        ran = mlsd("interview", CASE, "--out", out, typed=typed)
        assert ran.status == 0 and ran.err == ""
        assert "Nothing is drawn yet." in ran.out
        assert ran.out.count("eta model ── minutes ──▶ app") == 2
        assert "an end of the arrow in 'scans ->' has no name" in ran.out and "\n/board scans ->\n" in ran.out
        drawn = [event for event in events_of(out) if event.get("board")]
        assert [event["content"] for event in drawn] == ["scans -> eta model; eta model -> app: minutes"]
        exported = mlsd("export", out, "--format", "html").out
        assert exported.count("<svg") >= 2 and "Your board" in exported
        assert mlsd("export", out, "--format", "json").document["debrief"]["board"]["turn"] == 1

    def test_a_board_is_seen_again_when_it_is_gone_on_with(self, mlsd: Mlsd, parcels: Played) -> None:
        first = mlsd("interview", CASE, typed="/board scans -> eta model\n/pause\n")
        interview = first.out.split("--resume ")[1].split()[0]
        ran = mlsd("interview", "--resume", interview, typed="/board\n/end\n")
        assert "/board scans -> eta model" in " ".join(ran.out.split()) and "scans ──▶ eta model" in ran.out

    @pytest.mark.parametrize(
        "typed", ["Who uses it?\n/pause\nnever said\n", "Who uses it?\n /PAUSE \n", "Who uses it?\n"]
    )
    def test_it_is_paused_by_command_or_by_the_end_of_input(self, typed: str, mlsd: Mlsd, parcels: Played) -> None:
        ran = mlsd("interview", CASE, typed=typed)
        assert ran.status == 0 and "never said" not in ran.out
        interview = re.search(r"mlsd interview --resume (\S+)", ran.out)
        assert interview is not None
        (row,) = mlsd("history", "--json").document["interviews"]
        assert row["id"] == interview[1] and row["state"] == "running" and row["score"] is None

    def test_it_goes_on_where_it_was_left(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        first = mlsd("interview", CASE, "--level", "mid", typed="How much history is kept?\n/pause\n")
        interview = first.out.split("--resume ")[1].split()[0]
        out = tmp_path / "whole.jsonl"
        ran = mlsd("interview", "--resume", interview, "--out", out, typed="/end\n")
        assert ran.status == 0 and "We keep scans for three years." in ran.out and "Scorecard" in ran.out
        events = events_of(out)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        types = [event["type"] for event in events]
        assert types.index("paused") < types.index("resumed") < types.index("ended")
        (row,) = mlsd("history", "--json").document["interviews"]
        assert row["id"] == interview and row["state"] == "ended" and row["level"] == "mid"

    def test_it_begins_with_how_it_is_talked_to(self, mlsd: Mlsd, parcels: Played) -> None:
        flat = " ".join(mlsd("interview", CASE, typed="/pause\n").out.split())
        assert "a text that you paste is one message" in flat.partition("Interviewer")[0]

    def test_a_hint_is_labelled_with_its_rung_and_what_it_costs(self, mlsd: Mlsd, parcels: Played) -> None:
        flat = " ".join(mlsd("interview", CASE, typed="/hint\n/hint\n/pause\n").out.split())
        assert "(hint, rung 1 of 3, nudge: this point can still earn 3 of 4)" in flat
        assert "(hint, rung 2 of 3, pointer: this point can still earn 2 of 4)" in flat

    def test_it_goes_on_by_the_beginning_of_its_id_and_shows_what_was_commanded(
        self, mlsd: Mlsd, parcels: Played
    ) -> None:
        mlsd("interview", CASE, typed="Who uses it?\n/hint data\n/next framing\nCould I get a hint?\n/pause\n")
        (row,) = mlsd("history", "--json").document["interviews"]
        ran = mlsd("interview", "--resume", row["id"][:8], typed="/pause\n")
        flat = " ".join(ran.out.split())
        assert ran.status == 0 and flat.count("You /hint") == 1
        assert flat.index("You Who uses it?") < flat.index("You /hint data") < flat.index("You /next framing")
        assert f"--resume {row['id']}" in mlsd("interview", "--resume", "last", typed="/pause\n").out

    def test_it_ends_with_what_a_hire_needs_and_what_to_do_next(self, mlsd: Mlsd, parcels: Played) -> None:
        ran = mlsd("interview", CASE, typed="/next 3\nI'd split by date.\n/end\n")
        (row,) = mlsd("history", "--json").document["interviews"]
        after = ran.out.partition("Scorecard")[2]
        assert after.count(f"{row['score']} of 100 at senior level") == 1
        assert "At senior level a lean hire begins at 42 of 100 and a hire at 56." in after
        for command in ("export", "dispute"):
            assert f"  mlsd {command} {row['id'][:8]} " in after

    def test_an_ended_one_shows_its_scorecard_again(self, mlsd: Mlsd, parcels: Played) -> None:
        mlsd("interview", CASE, typed="/end\n")
        (row,) = mlsd("history", "--json").document["interviews"]
        ran = mlsd("interview", "--resume", row["id"])
        assert ran.status == 0 and "Scorecard" in ran.out and "Paused" not in ran.out

    def test_history_is_a_table_for_people(self, mlsd: Mlsd, parcels: Played) -> None:
        assert "No interview is stored here yet" in mlsd("history").out
        mlsd("interview", CASE, "--level", "staff", typed="/pause\n")
        flat = mlsd("history").out
        assert CASE[:6] in flat and "staff" in flat and "running" in flat

    def test_the_table_s_ids_can_be_copied_and_its_verdicts_read(self, mlsd: Mlsd, parcels: Played) -> None:
        mlsd("interview", "harmful-content-detection", typed="/next 3\n/end\n")
        (row,) = mlsd("history", "--json").document["interviews"]
        assert row["verdict"] == "strong_no_hire"
        shown = mlsd("history").out
        line = next(line for line in shown.splitlines() if line.startswith(f"{row['id'][:8]}  "))
        assert "harmful-content-detection" in line and "Strong" in line and "strong_no_hire" not in shown
        assert "shown once a step was scored in two interviews at one level" in shown
        mlsd("interview", CASE, typed="/next 3\n/end\n")
        assert "shown once" not in mlsd("history").out


class TestModels:
    def test_one_on_this_machine_is_offered_in_one_line_and_not_used(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-costs-money-0123")
        with StubEndpoint(models=("a", "b", "c", "d")) as server:
            monkeypatch.setenv("MLSD_OLLAMA_PORT", str(server.port))
            ran = mlsd("interview", CASE, typed="I'd split by date.\n/end\n")
        [line] = [line for line in ran.out.splitlines() if "on this machine" in line]
        assert "--model ollama:a or --model ollama:b or --model ollama:c (there are 1 more: mlsd doctor)" in line
        assert server.requests == []
        assert "on this machine" not in mlsd("interview", CASE, typed="/end\n").out

    def test_a_script_looks_for_none(self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch) -> None:
        with StubEndpoint() as server:
            monkeypatch.setenv("MLSD_OLLAMA_PORT", str(server.port))
            assert "on this machine" not in mlsd("interview", CASE, "--script", parcels.script).out

    def test_that_the_model_is_away_is_said_once(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = ["I'd split by date.", "Then I'd predict quantiles.", "Gaps are filled from the schedule."]
        with closed_port() as address:
            monkeypatch.setenv("MLSD_API_BASE", address)
            ran = mlsd("interview", CASE, "--model", "stub", typed="\n".join([*said, "/end", ""]))
        flat = " ".join(ran.out.split())
        assert ran.status == 0 and flat.count("The built-in interviewer takes over for now.") == 1
        assert "cannot be reached; start it, or mend MLSD_API_BASE" in flat
