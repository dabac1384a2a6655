"""What an author sees: notes that nobody would find, and templates that can be copied and played."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import CASE, Mlsd, write_case, write_lines

NOTE = """# When will it arrive: data

## {heading}
<!-- criteria: time-split -->
{text}

## Gaps
<!-- criteria: scan-gaps -->
A depot whose scanner was off leaves gaps in the depot scans. Impute lost scans from the route's schedule, and flag them.

## What each level sounds like
<!-- criteria: -->
Mid divides by date. Senior says what was known when. Staff asks what a late scan does.
"""


class TestNotesThatNobodyFinds:
    @pytest.mark.parametrize(
        ("heading", "text", "found"),
        [
            (
                "Dividing the scans",
                "Split train and test by date, with a gap, so that nothing from the future leaks into the past.",
                [],
            ),
            ("Lunch", "The canteen opens at noon. On Fridays there is fish.", ["data.md"]),
        ],
    )
    def test_a_section_that_speaks_of_something_else_is_found(
        self, heading: str, text: str, found: list[str], mlsd: Mlsd, tmp_path: Path
    ) -> None:
        file = write_case(tmp_path / CASE)
        (file.parent / "data.md").write_text(NOTE.format(heading=heading, text=text))
        ran = mlsd("check", file.parent, "--json")
        findings = ran.document["findings"]
        assert ran.status == (1 if found else 0)
        assert [finding["field"] for finding in findings] == found, findings
        assert all(repr(heading) in f["message"] and "time-split" in f["message"] for f in findings)
        assert ran.document["cases"][0]["findings"] == len(found)

    def test_a_section_without_criteria_is_looked_for_in_its_step(self, mlsd: Mlsd, tmp_path: Path) -> None:
        """The same heading stands in two notes: each is found in its own."""
        file = write_case(tmp_path / CASE)
        for step in ("data", "serving"):
            (file.parent / f"{step}.md").write_text(
                "# Parcels\n\n## What each level sounds like\n<!-- criteria: -->\nMid, senior and staff.\n"
            )
        ran = mlsd("check", file.parent, "--json")
        assert not [f for f in ran.document["findings"] if "first 5" in f["message"]]


class TestStumbles:
    """What an author of a first case did wrong, and was told."""

    @pytest.mark.parametrize("command", ["cases", "check"])
    def test_the_folder_named_is_the_case_itself(
        self, command: str, own: Path, mlsd: Mlsd, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MLSD_CONTENT", str(own / "minimal"))
        ran = mlsd(command)
        assert ran.status == 2 and "is itself a case; MLSD_CONTENT must name the folder around it" in ran.complaint

    def test_a_colon_in_a_text(self, own: Path, mlsd: Mlsd) -> None:
        file = own / "minimal" / "case.yaml"
        file.write_text(file.read_text().replace("answer: Drivers choose", "answer: Drivers: they choose"))
        (finding,) = mlsd("check", file, "--json").document["findings"]
        assert "put quotation marks around a text that holds a colon" in finding["message"]


@pytest.mark.slow
def test_the_shipped_content_has_no_finding(mlsd: Mlsd, warm_home: Path) -> None:
    ran = mlsd("check", "--json")
    assert ran.status == 0 and ran.document["findings"] == [] and len(ran.document["cases"]) == 12


TEMPLATES = Path(__file__).parents[2] / "docs" / "templates"


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own with both templates, named in MLSD_CONTENT."""
    for tier in ("minimal", "full"):
        shutil.copytree(TEMPLATES / tier, tmp_path / "own" / tier)
    monkeypatch.setenv("MLSD_CONTENT", str(tmp_path / "own"))
    return tmp_path / "own"


class TestTemplates:
    def test_a_copy_of_the_minimal_one_has_no_finding_and_is_listed(self, own: Path, mlsd: Mlsd) -> None:
        checked = mlsd("check", own / "minimal", "--json")
        assert checked.status == 0 and checked.document["findings"] == []
        assert {"minimal", "full", "fraud-detection"} < {row["id"] for row in mlsd("cases", "--json").document["cases"]}

    def test_an_answer_that_contradicts_the_others_is_found(self, own: Path, mlsd: Mlsd) -> None:
        file = own / "minimal" / "case.yaml"
        file.write_text(file.read_text().replace("answer: Two million parcels", "answer: Three million parcels"))
        (finding,) = mlsd("check", file, "--json").document["findings"]
        assert finding["field"] == "facts.volume.answer" and "says 3,000,000" in finding["message"]

    @pytest.mark.slow
    def test_a_copy_of_the_minimal_one_plays_to_a_scorecard(self, own: Path, mlsd: Mlsd, tmp_path: Path) -> None:
        said = [
            {"content": "How many parcels a day, and what's the latency budget?", "step": 1},
            {"content": "I'd move fewer where-is-my-parcel calls, 40,000 a day at four dollars.", "step": 1},
            {"content": "I'd predict the tenth and ninetieth percentile and show that as a window.", "step": 2},
            {"content": "I'd feed the live position of the van into the model.", "step": 3},
            {"content": "We predict once, when the parcel is handed in, and put it in the email.", "step": 6},
        ]
        transcript = tmp_path / "t.jsonl"
        ran = mlsd("interview", "minimal", "--script", write_lines(tmp_path / "s.jsonl", *said), "--out", transcript)
        assert ran.status == 0 and "Two million parcels a day" in transcript.read_text()
        scorecard = mlsd("score", transcript, "--json").document
        quoted = {c["id"]: c["evidence"] for step in scorecard["steps"] for c in step["criteria"] if c["evidence"]}
        assert "percentile" in quoted["promised-window"][0]["quote"] and scorecard["overall"]["verdict"]
        asked = [json.loads(line) for line in transcript.read_text().splitlines()]
        assert any(
            "How do" in e["content"] and "live position" in e["content"]
            for e in asked
            if e.get("about") == "position-before-the-van"
        )

    def test_the_full_one_loads_and_check_counts_what_it_lacks(self, own: Path, mlsd: Mlsd) -> None:
        checked = mlsd("check", own / "full", "--json").document
        assert [case["id"] for case in checked["cases"]] == ["full"]
        wanted = {f["field"]: f["message"] for f in checked["findings"]}
        assert wanted["facts"] == "has 1; 12 or more are needed" and "is missing" in wanted["data.md"]
        shortage = ("more are needed", "is missing", "no core criterion", "no section helps", "words; 300")
        assert all(any(part in text for part in shortage) for text in wanted.values()), wanted
