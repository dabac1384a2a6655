"""What an author sees: notes that nobody would find, and templates that can be copied and played."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import CASE, Mlsd, write_case

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


@pytest.mark.slow
def test_the_shipped_content_has_no_finding(mlsd: Mlsd) -> None:
    ran = mlsd("check", "--json")
    assert ran.status == 0 and ran.document["findings"] == [] and len(ran.document["cases"]) == 12
