"""`mlsd dispute` and `mlsd export-labels`: the score stays, the log remembers, and nobody is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import CASE, Mlsd, Played, write_lines
from tests.cli.test_schemas import assert_fits

SAID = "Who uses it, and how fast must it answer?"
STORED = "Our metric is the mean absolute error in minutes, per distance band."


@pytest.fixture
def transcript(parcels: Played, tmp_path: Path) -> Path:
    return Path(shutil.copy(parcels.transcript, tmp_path / "mine.jsonl"))


def missed(card: dict) -> dict:  # type: ignore[type-arg]
    """A line that was assessed and not credited in full."""
    lines = [line for step in card["steps"] for line in step["criteria"]]
    return next(line for line in lines if line["status"] == "not_shown")


def test_the_score_stays_and_becomes_a_range_until_it_is_withdrawn(mlsd: Mlsd, transcript: Path) -> None:
    before = mlsd("score", transcript, "--json").document
    criterion = missed(before)["id"]
    after = mlsd("dispute", transcript, criterion, "--quote", SAID, "--json").document
    assert_fits("scorecard", after)
    (line,) = [line for step in after["steps"] for line in step["criteria"] if line["id"] == criterion]
    assert line["disputed"] == [{"turn": 1, "quote": SAID, "provenance": "volunteered", "source": "matcher"}]
    assert line["rating"] is None and line["claimed_rating"] == 2
    assert after["overall"]["score"] == before["overall"]["score"]
    assert after["overall"]["range"]["high"] > after["overall"]["range"]["low"] == before["overall"]["score"]
    assert mlsd("score", transcript, "--json").document == after
    said = mlsd("dispute", transcript, criterion, "--withdraw")
    assert "nothing is disputed" in said.out and mlsd("score", transcript, "--json").document == before


def test_a_stored_interview_keeps_it_too(mlsd: Mlsd, parcels: Played) -> None:
    mlsd("interview", CASE, typed=f"{STORED}\n/end\n")
    (row,) = mlsd("history", "--json").document["interviews"]
    ran = mlsd("dispute", row["id"], "baseline", "--quote", STORED)
    assert ran.status == 0 and "would be" in ran.out
    assert mlsd("score", row["id"], "--json").document["overall"]["range"] is not None
    exported = mlsd("export", row["id"], "--format", "jsonl").out
    assert '"type":"disputed"' in exported


def test_a_line_is_called_as_the_scorecard_calls_it(mlsd: Mlsd, transcript: Path) -> None:
    line = missed(mlsd("score", transcript, "--json").document)
    assert mlsd("dispute", transcript, line["name"].upper(), "--quote", SAID).status == 0
    by_name = mlsd("score", transcript, "--json").document
    assert mlsd("dispute", transcript, line["name"], "--withdraw").status == 0
    assert mlsd("dispute", transcript, line["id"], "--quote", SAID).status == 0
    assert mlsd("score", transcript, "--json").document == by_name


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("baseline",), "say which sentence with --quote"),
        (("baseline", "--quote", SAID, "--withdraw"), "say which sentence with --quote"),
        (("baseline", "--quote", "I never said anything like this"), "is in none of the candidate's messages"),
        (("baseline", "--quote", SAID, "--turn", "3"), "is not in message 3; it is in 1"),
        (("baseline", "--quote", "it"), "is too short"),
        (("no-such", "--quote", SAID), "there is no criterion 'no-such'"),
        (("basline", "--quote", SAID), "did you mean baseline"),
        (("the", "--quote", SAID), "give one of these"),
        (("arrival tolerance", "--quote", SAID), "; on the requirements it has business-goal"),
        (("fraud in chargebacks", "--quote", SAID), "; on the requirements it has business-goal"),
        (("leaving out a time split", "--quote", SAID), "did you mean time-split?"),
        (("baseline", "--withdraw"), "nothing is disputed about 'baseline'"),
    ],
)
def test_what_cannot_be_disputed_says_why(
    arguments: tuple[str, ...], complaint: str, mlsd: Mlsd, transcript: Path
) -> None:
    before = transcript.read_bytes()
    ran = mlsd("dispute", transcript, *arguments)
    assert ran.status == 2 and complaint in ran.complaint
    assert transcript.read_bytes() == before


def test_who_points_at_what_is_credited_is_told_that_nothing_moves(mlsd: Mlsd, transcript: Path) -> None:
    card = mlsd("score", transcript, "--json").document
    line = next(
        line for step in card["steps"] for line in step["criteria"] if line["evidence"] and line["rating"] in (2, 3)
    )
    quote = line["evidence"][0]
    ran = mlsd("dispute", transcript, line["id"], "--quote", quote["quote"], "--turn", quote["turn"])
    flat = " ".join(ran.out.split())
    assert f"{line['name']} does not move: it stays {line['rating']} of 4, since that is credited already." in flat
    shown = " ".join(mlsd("score", transcript).out.split())
    assert "it stays" in shown and "credited, it would be" not in shown


def test_only_after_the_end(mlsd: Mlsd, transcript: Path) -> None:
    lines = transcript.read_text(encoding="utf-8").splitlines(keepends=True)
    transcript.write_text("".join(line for line in lines if '"type":"ended"' not in line), encoding="utf-8")
    ran = mlsd("dispute", transcript, "baseline", "--quote", SAID)
    assert ran.status == 2 and "has not ended" in ran.complaint


def test_a_chat_is_imported_first(mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
    messages = [{"role": "assistant", "content": "Well?"}, {"role": "user", "content": STORED}]
    chat = write_lines(tmp_path / "chat.json", {"messages": messages, "case": CASE})
    assert "is a chat" in mlsd("dispute", chat, "baseline", "--quote", STORED).complaint
    assert mlsd("import", chat, "--case", CASE, "--out", tmp_path / "t.jsonl").status == 0
    assert mlsd("dispute", tmp_path / "t.jsonl", "baseline", "--quote", STORED).status == 0


class TestLabels:
    def test_they_hold_the_sentence_and_no_identity(self, mlsd: Mlsd, transcript: Path, tmp_path: Path) -> None:
        for criterion in ("drift", "baseline"):
            assert mlsd("dispute", transcript, criterion, "--quote", SAID, "--turn", 1).status == 0
        out = tmp_path / "labels.jsonl"
        assert mlsd("export-labels", transcript, "--i-agree", "--out", out).status == 0
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
        assert lines == [
            {"case": CASE, "criterion": criterion, "sentence": SAID, "claim": "covers"}
            for criterion in ("baseline", "drift")
        ]
        for line in lines:
            assert_fits("labelled-example", line)

    def test_without_consent_nothing_is_written(self, mlsd: Mlsd, transcript: Path, tmp_path: Path) -> None:
        mlsd("dispute", transcript, "baseline", "--quote", SAID)
        ran = mlsd("export-labels", transcript, "--out", tmp_path / "labels.jsonl")
        assert ran.status == 2 and "--i-agree" in ran.complaint
        assert not (tmp_path / "labels.jsonl").exists()

    def test_without_a_name_it_is_every_stored_interview(self, mlsd: Mlsd, parcels: Played) -> None:
        for sentence in (STORED, f"Again. {STORED}"):
            mlsd("interview", CASE, typed=f"{sentence}\n/end\n")
        for row in mlsd("history", "--json").document["interviews"]:
            mlsd("dispute", row["id"], "baseline", "--quote", STORED)
        ran = mlsd("export-labels", "--i-agree")
        assert [json.loads(line)["sentence"] for line in ran.out.splitlines()] == [STORED]
