"""`mlsd cases` and `mlsd search` as people read them."""

from __future__ import annotations

import pytest

from app.cli.content import SPOILERS, any_close
from app.ports import Hit
from tests.cli.conftest import CASE, Mlsd, Played


def test_every_case_s_name_stands_whole_on_a_narrow_screen(mlsd: Mlsd) -> None:
    names = [row["id"] for row in mlsd("cases", "--json").document["cases"]]
    lines = mlsd("cases").out.splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert sorted(names) == sorted(line.split()[0] for line in lines[1:] if not line.startswith(" "))


@pytest.mark.parametrize(
    ("text", "score", "close"),
    [
        ("how fast must it answer?", 0.41, True),
        ("blorp fnarg wibble", 0.39, False),
        ("scan gaps", 0.1, True),
        ("scan tomatoes", 0.39, False),
        ("??", 0.2, False),
    ],
)
def test_a_hit_is_close_by_meaning_or_by_having_every_word(text: str, score: float, close: bool) -> None:
    fields = {
        "kind": "note",
        "case": CASE,
        "source": "a",
        "visibility": "public",
        "text": "Gaps after a scan.",
        "step": None,
        "criterion": None,
    }
    assert any_close([Hit.model_validate({**fields, "score": score})], text) is close
    assert not any_close([], text)


@pytest.mark.slow
def test_a_search_says_what_spoils_an_interview_and_when_nothing_is_close(mlsd: Mlsd, warm_parcels: Played) -> None:
    asked = ("search", "how are gaps between scans filled?", "--case", CASE)
    everything, public = mlsd(*asked), mlsd(*asked, "--visibility", "public")
    assert SPOILERS in " ".join(everything.out.split()) and "(private)" in everything.out
    assert SPOILERS not in " ".join(public.out.split()) and "(public)" in public.out
    assert "Nothing is close" not in everything.out
    assert "Nothing is close to that. The nearest:" in mlsd("search", "blorp fnarg wibble", "--case", CASE).out


SHIPPED = "rag-assistant"


class TestNote:
    def test_a_section_is_shown_as_the_scorecard_names_it(self, mlsd: Mlsd) -> None:
        whole = mlsd("note", f"{SHIPPED}/data").out
        (place,) = mlsd("note", f"{SHIPPED}/data#none").complaint.partition("it has ")[2].split(", ")[:1]
        section = mlsd("note", f"{SHIPPED}/{place}").out
        assert section.strip() and section.strip() in whole

    @pytest.mark.parametrize(
        ("place", "complaint"),
        [
            (f"{SHIPPED}/modelling", "has no note 'modelling'; it has "),
            (f"{SHIPPED}/data#nothing", "it has data#"),
            ("no-such/data", "there is no case 'no-such'"),
        ],
    )
    def test_what_is_not_there_is_told_with_what_is(self, place: str, complaint: str, mlsd: Mlsd) -> None:
        ran = mlsd("note", place)
        assert ran.status == 2 and complaint in ran.complaint
