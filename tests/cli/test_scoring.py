"""`mlsd score`, `export`, `import` and `hint`: the same answer whichever way a transcript comes in."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path

import pytest

from app.adapters.transcript_files import read_any, read_transcript
from app.cli.documents import CaseList
from app.cli.output import print_json
from tests import servers
from tests.cli.conftest import CASE, Mlsd, Played, write_lines

SAID = "I'd train on the first weeks and test on the last, so that no later scan leaks into training."


class TestScore:
    def test_a_stored_interview_scores_like_its_export(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        mlsd(
            "interview",
            CASE,
            typed=f"I'd measure success by fewer where-is-my-parcel calls.\n/next 3\n{SAID}\n/end\n",
        )
        (row,) = mlsd("history", "--json").document["interviews"]
        stored = mlsd("score", row["id"], "--json").document
        exported = tmp_path / "exported.jsonl"
        assert mlsd("export", row["id"], "--format", "jsonl", "--out", exported).status == 0
        assert mlsd("score", exported, "--json").document == stored
        assert stored["overall"]["score"] == row["score"] and stored["overall"]["verdict"] == row["verdict"]

    def test_every_quote_is_the_candidate_s_own(self, mlsd: Mlsd, parcels: Played) -> None:
        card = mlsd("score", parcels.transcript, "--json").document
        messages = {
            event.index: event.content
            for event in read_transcript(parcels.transcript).events
            if event.type == "candidate_message"
        }
        quotes = [quote for step in card["steps"] for line in step["criteria"] for quote in line["evidence"]]
        assert len(quotes) >= 2
        for quote in quotes:
            assert quote["quote"] in messages[quote["turn"]]

    def test_what_is_recorded_counts_if_asked_for(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        lines = parcels.transcript.read_text(encoding="utf-8").splitlines()
        bare = tmp_path / "bare.jsonl"
        bare.write_text("\n".join(line for line in lines if '"type":"evidence"' not in line), encoding="utf-8")

        def quoted(*options: str) -> int:
            card = mlsd("score", bare, *options, "--json").document
            return sum(len(line["evidence"]) for step in card["steps"] for line in step["criteria"])

        assert quoted() > 0 and quoted("--recorded") == 0

    def test_another_level_can_be_asked_for(self, mlsd: Mlsd, parcels: Played) -> None:
        assert mlsd("score", parcels.transcript, "--level", "staff", "--json").document["level"] == "staff"

    def test_a_stored_one_goes_by_the_beginning_of_its_id_or_as_the_last(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        mlsd("interview", CASE, typed=f"{SAID}\n/end\n")
        mlsd("interview", CASE, typed="/end\n")
        newest, oldest = (row["id"] for row in mlsd("history", "--json").document["interviews"])
        whole = mlsd("score", oldest, "--json").document
        assert mlsd("score", oldest[:8], "--json").document == whole != mlsd("score", "last", "--json").document
        assert mlsd("export", "last", "--format", "jsonl").out == mlsd("export", newest, "--format", "jsonl").out
        assert mlsd("dispute", oldest[:8], "baseline", "--quote", SAID).status == 0
        labels = tmp_path / "labels.jsonl"
        ran = mlsd("export-labels", oldest[:8], "--i-agree", "--out", labels)
        assert ran.status == 0 and ran.err == f"Wrote {labels}\n" and "baseline" in labels.read_text(encoding="utf-8")

    def test_people_read_it_in_words(self, mlsd: Mlsd, parcels: Played) -> None:
        ran = mlsd("score", parcels.transcript)
        assert ran.status == 0 and ran.err == "" and "Scorecard: Parcel arrival times" in ran.out

    def test_a_transcript_of_an_unknown_case_says_so(self, mlsd: Mlsd, played: Played) -> None:
        ran = mlsd("score", played.transcript, "--json")  # without MLSD_CONTENT
        assert ran.status == 2 and "there is no case 'parcel-eta'" in ran.complaint


class TestGrader:
    """`mlsd score` with a model behind a stub endpoint."""

    def graded(self, ids: list[str], turn: int, quote: str, rating: int) -> servers.Behaviour:
        """Rates the named criteria with one quote, and finds nothing of the others of the step."""

        def behave(exchange: servers.Exchange) -> None:
            schema = exchange.request.body["response_format"]["json_schema"]["schema"]
            nothing = {"quotes": [], "reason": "Nothing of it.", "rating": None}
            found = {"quotes": [{"turn": turn, "quote": quote}], "reason": "Applied with a reason.", "rating": rating}
            wanted = schema["properties"]["criteria"]["required"]
            exchange.complete(json.dumps({"criteria": {id: found if id in ids else nothing for id in wanted}}))

        return behave

    def turn_of(self, played: Played) -> int:
        events = read_transcript(played.transcript).events
        return next(event.index for event in events if event.type == "candidate_message" and event.content == SAID)

    def test_a_named_model_grades(self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch) -> None:
        before = mlsd("score", parcels.transcript, "--json").document
        reply = self.graded(["time-split"], self.turn_of(parcels), SAID, 3)
        with servers.StubEndpoint(reply) as endpoint:
            monkeypatch.setenv("MLSD_API_BASE", endpoint.base_url)
            after = mlsd("score", parcels.transcript, "--model", "big", "--votes", "3", "--json").document
        assert endpoint.count == 3 * len(after["steps"])
        assert before["scored_by"] == "builtin" and before["grader"] is None
        assert after["scored_by"] == "big" and after["grader"]["votes"] == 3
        (line,) = [line for step in after["steps"] for line in step["criteria"] if line["id"] == "time-split"]
        (built,) = [line for step in before["steps"] for line in step["criteria"] if line["id"] == "time-split"]
        assert line["graded"]["votes"] == [3, 3, 3] and line["graded"]["rating"] == 3
        assert line["builtin"] == {"rating": built["rating"], "reason": built["reason"]}
        assert {quote["source"] for quote in line["evidence"]} <= {"matcher", "grader"}

    def test_the_configured_one_grades_unless_builtin_is_asked_for(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MLSD_GRADER_MODEL", "big")
        with servers.StubEndpoint(self.graded([], 1, "", 3)) as endpoint:
            monkeypatch.setenv("MLSD_API_BASE", endpoint.base_url)
            plain = mlsd("score", parcels.transcript, "--model", "builtin", "--json").document
            assert endpoint.count == 0 and plain["scored_by"] == "builtin"
            assert mlsd("score", parcels.transcript, "--json").document["scored_by"] == "big"
            assert {request.body["model"] for request in endpoint.requests} == {"big"}

    def test_an_endpoint_that_is_away_leaves_the_built_in_scorecard_and_one_line(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        built = mlsd("score", parcels.transcript, "--json").document
        with servers.closed_port() as base:
            monkeypatch.setenv("MLSD_API_BASE", base)
            ran = mlsd("score", parcels.transcript, "--model", "big", "--json")
            words = mlsd("score", parcels.transcript, "--model", "big")
        assert ran.status == 0 and ran.err == ""
        card = ran.document
        assert card["overall"]["score"] == built["overall"]["score"] and card["scored_by"] == "builtin"
        assert [r for r in card["overall"]["reasons"] if "cannot be reached" in r and "built-in scorecard" in r]
        assert words.status == 0 and "built-in scorecard" in " ".join(words.out.split())


class TestImport:
    def chat(self, file: Path, *, number: int = 1) -> Path:
        messages = [
            {"role": "system", "content": "You are an interviewer."},
            {"role": "assistant", "content": "How would you divide the data?"},
            {"role": "user", "content": SAID},
        ]
        return write_lines(file, *({"messages": messages, "case": CASE} for _ in range(number)))

    def test_a_chat_scores_the_same_before_and_after(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        chat, out = self.chat(tmp_path / "chat.json"), tmp_path / "imported.jsonl"
        assert mlsd("import", chat, "--case", CASE, "--out", out).status == 0
        before, after = mlsd("score", chat, "--json").document, mlsd("score", out, "--json").document
        assert before == after
        (line,) = [line for step in after["steps"] for line in step["criteria"] if line["id"] == "time-split"]
        assert line["evidence"][0]["turn"] == 1 and line["status"] == "met"

    def test_what_comes_next_works_as_it_is_printed(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chat = tmp_path / "a chat.json"
        chat.write_text(json.dumps({"messages": [{"role": "user", "content": SAID}]}), encoding="utf-8")
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.chdir(tmp_path)
        shown = mlsd("score", chat, "--case", CASE, "--level", "staff").out.partition("Next:")[2]
        commands = [shlex.split(line, comments=True)[1:] for line in shown.splitlines() if line.strip()]
        assert [command[0] for command in commands] == ["export", "history"]
        assert [mlsd(*command).status for command in commands] == [0, 0]
        assert "staff" in (tmp_path / "debrief.html").read_text(encoding="utf-8")
        assert mlsd("import", chat, "--case", CASE, "--out", "imported.jsonl").status == 0
        assert "mlsd dispute imported.jsonl " in mlsd("score", "imported.jsonl").out

    def test_several_conversations_go_to_numbered_files(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        chats = self.chat(tmp_path / "chats.jsonl", number=3)
        assert mlsd("import", chats, "--case", CASE, "--level", "mid", "--out", tmp_path / "t.jsonl").status == 0
        found = [read_any(tmp_path / f"t-{number}.jsonl")[0] for number in (1, 2, 3)]
        assert [stored.header.id for stored in found] == ["chats-1", "chats-2", "chats-3"]
        assert {stored.header.level.value for stored in found} == {"mid"}

    def test_scoring_takes_one_conversation(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        ran = mlsd("score", self.chat(tmp_path / "chats.jsonl", number=2))
        assert ran.status == 2 and "holds 2 conversations" in ran.complaint


class TestExport:
    def test_markdown_holds_scorecard_and_dialogue(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        printed = mlsd("export", parcels.transcript)
        assert printed.status == 0 and "## Scorecard" in printed.out and "**2. You:** Who uses it" in printed.out
        ran = mlsd("export", parcels.transcript, "--format", "md", "--out", tmp_path / "x.md")
        assert (ran.status, ran.out, ran.err) == (0, "", f"Wrote {tmp_path / 'x.md'}\n")
        assert (tmp_path / "x.md").read_text(encoding="utf-8") == printed.out

    def test_html_is_one_file_with_the_same_debrief(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        out = tmp_path / "x.html"
        assert mlsd("export", parcels.transcript, "--format", "html", "--out", out).status == 0
        page = out.read_text(encoding="utf-8")
        assert page.lstrip().startswith("<!doctype html>") and "Parcel arrival times" in page
        assert mlsd("export", parcels.transcript, "--format", "html").out == page
        markdown = mlsd("export", parcels.transcript).out
        assert markdown.startswith("# Debrief: Parcel arrival times, senior level")
        assert "## One week, about an hour a day" in markdown and "**Day 7. Mock:" in markdown

    def test_json_is_the_scorecard_with_the_debrief(self, mlsd: Mlsd, parcels: Played) -> None:
        document = mlsd("export", parcels.transcript, "--format", "json").document
        card = mlsd("score", parcels.transcript, "--json").document
        debrief = document.pop("debrief")
        assert document == card
        assert debrief["score"] == card["overall"]["score"] and len(debrief["plan"]) == 7

    def test_another_level_can_be_asked_for(self, mlsd: Mlsd, parcels: Played) -> None:
        assert "at staff level" in mlsd("export", parcels.transcript, "--level", "staff").out

    def test_a_running_interview_has_no_debrief(self, mlsd: Mlsd, parcels: Played) -> None:
        mlsd("interview", CASE, typed=f"{SAID}\n/pause\n")
        (row,) = mlsd("history", "--json").document["interviews"]
        for format in ("md", "html", "json"):
            ran = mlsd("export", row["id"], "--format", format)
            assert ran.status == 2 and "has not ended" in ran.complaint
        assert mlsd("export", row["id"], "--format", "jsonl").status == 0

    def test_jsonl_is_the_transcript_itself(self, mlsd: Mlsd, parcels: Played) -> None:
        ran = mlsd("export", parcels.transcript, "--format", "jsonl")
        assert ran.out == parcels.transcript.read_text(encoding="utf-8")


class TestHistory:
    def test_it_shows_how_the_scores_moved(self, mlsd: Mlsd, parcels: Played) -> None:
        mlsd("interview", CASE, typed="/next 3\n/end\n")
        mlsd("interview", CASE, typed=f"/next 3\n{SAID}\n/end\n")
        document = mlsd("history", "--json").document
        newest, oldest = document["interviews"]
        whole = next(series for series in document["series"] if series["case"] == CASE)
        assert [point["id"] for point in whole["points"]] == [oldest["id"], newest["id"]]
        assert whole["change"] == newest["score"] - oldest["score"] > 0
        data = next(series for series in document["series"] if series["step"] == "data")
        assert data["points"][-1]["score"] == next(part["score"] for part in newest["steps"] if part["step"] == "data")
        shown = mlsd("history").out
        assert "How the scores moved" in shown and f"+{whole['change']}" in shown and "3 Data and features" in shown


class TestHint:
    def test_a_rung_says_how_to_see_the_next_one(self, mlsd: Mlsd, parcels: Played) -> None:
        first = mlsd("hint", CASE, "--step", "data")
        command = re.search(r"mlsd (hint .* --rung 2)", first.err)
        assert command is not None
        second = mlsd(*command[1].split())
        assert second.status == 0 and second.out != first.out and "--rung 3" in second.err
        assert mlsd("hint", CASE, "--step", "data", "--rung", "3").err == ""
        assert mlsd("hint", CASE, "--step", "data", "--json").err == ""

    def test_the_rungs_say_more_and_more(self, mlsd: Mlsd, parcels: Played) -> None:
        found = [
            mlsd("hint", CASE, "--step", "data", "--criterion", "scan-gaps", "--rung", rung, "--json").document
            for rung in (1, 2, 3)
        ]
        assert [each["rung"] for each in found] == [1, 2, 3]
        assert [each["caps_at"] for each in found] == sorted((each["caps_at"] for each in found), reverse=True)
        assert len({each["hint"] for each in found}) == 3

    @pytest.mark.parametrize("step", ["data", "3", "DATA", "features"])
    def test_a_step_goes_by_id_number_or_word(self, step: str, mlsd: Mlsd, parcels: Played) -> None:
        found = mlsd("hint", CASE, "--step", step, "--json").document
        assert found["step"] == "data" and found["rung"] == 1 and found["criterion"] == "time-split"
        assert " ".join(mlsd("hint", CASE, "--step", step).out.split()) == found["hint"]


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8", b"na\xc3\xafve \xe2\x80\x93"), ("cp1252", b"na\\u00efve \\u2013")]
)
def test_documents_survive_a_stdout_that_is_not_utf8(
    encoding: str, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(written, encoding=encoding, write_through=True))
    document = CaseList(cases=(), content_hash="naïve –")
    print_json(document)
    assert said in written.getvalue()
    assert (
        CaseList.model_validate_json(written.getvalue().decode("ascii" if encoding == "cp1252" else "utf-8"))
        == document
    )
