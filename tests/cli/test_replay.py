"""`mlsd replay`: an unchanged interview stays as it was; a change of content shows where it tells."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cli.conftest import CASE, Mlsd, Played, write_lines
from tests.cli.test_schemas import assert_fits

pytestmark = pytest.mark.slow

Changed = Callable[[Callable[[dict[str, Any]], None]], None]


def replay(mlsd: Mlsd, *arguments: object) -> Any:
    """The document that it printed."""
    ran = mlsd("replay", *arguments, "--jobs", 1, "--json")
    assert ran.status == 0 and ran.err == "", ran
    assert_fits("replay", ran.document)
    return ran.document


def turns_of(document: Any) -> list[Any]:
    return [turn for interview in document["interviews"] for turn in interview["turns"]]


@pytest.fixture
def recorded(mlsd: Mlsd, parcels: Played, tmp_path: Path) -> Path:
    """A folder with three interviews."""
    out = tmp_path / "recorded"
    candidates = [part for name in ("solid", "wrong", "silent") for part in ("--candidate", name)]
    assert mlsd("simulate", "--case", CASE, *candidates, "--out", out, "--jobs", 1).status == 0
    return out


@pytest.fixture
def changed(parcels: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Changed:
    """Changes the small case from now on."""

    def change(edit: Callable[[dict[str, Any]], None]) -> None:
        content = tmp_path / "content"
        shutil.copytree(parcels.content, content)
        file = content / CASE / "case.yaml"
        case = yaml.safe_load(file.read_text(encoding="utf-8"))
        edit(case)
        file.write_text(yaml.safe_dump(case, sort_keys=False, allow_unicode=True), encoding="utf-8")
        monkeypatch.setenv("MLSD_CONTENT", str(content))

    return change


class TestUnchanged:
    def test_no_turn_no_hearing_and_no_rating_changes(self, mlsd: Mlsd, recorded: Path) -> None:
        document = replay(mlsd, recorded, "--scores")
        turns = turns_of(document)
        assert len(document["interviews"]) == 3 and len(turns) > 20
        assert document["changes"] == {"move": 0, "criterion": 0, "words": 0, "none": len(turns)}
        assert all(turn["old"] == turn["new"] and turn["distance"] == 0 and turn["hearings"] == [] for turn in turns)
        assert document["most_changed"] == [] and document["verdicts_flipped"] == 0
        assert all(interview["scores"]["flips"] == [] for interview in document["interviews"])

    def test_a_script_with_commands_and_hints_neither(self, mlsd: Mlsd, parcels: Played) -> None:
        document = replay(mlsd, parcels.transcript)
        assert {turn["change"] for turn in turns_of(document)} == {"none"}
        assert "[hint on the data and features]" in {turn["said"] for turn in turns_of(document)}

    def test_a_model_s_recording_is_compared_by_moves_without_it(
        self, mlsd: Mlsd, recorded: Path, tmp_path: Path
    ) -> None:
        header, *lines = next(recorded.glob("*solid*")).read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        for event in events:
            if event["type"] == "interviewer_message" and event["move"] == "probe":
                event["content"], event["source"] = "So what about that one?", "model"
        interviewer = {"kind": "model", "model": "tiny"}
        file = write_lines(tmp_path / "model.jsonl", {**json.loads(header), "interviewer": interviewer}, *events)
        (interview,) = replay(mlsd, file)["interviews"]
        assert interview["words_compared"] is False and interview["interviewer_now"] == interviewer
        assert {turn["change"] for turn in interview["turns"]} == {"none"}
        (compared,) = replay(mlsd, file, "--model", "builtin")["interviews"]
        assert compared["words_compared"] is True
        assert {turn["change"] for turn in compared["turns"]} == {"none", "words"}


class TestChanged:
    def test_another_wording_of_the_probes_shows_where_they_are_asked(
        self, mlsd: Mlsd, recorded: Path, changed: Changed
    ) -> None:
        def edit(case: dict[str, Any]) -> None:
            for criterion in case["criteria"]:
                criterion["probes"] = [f"Tell me: {probe[0].lower()}{probe[1:]}" for probe in criterion["probes"]]

        own = {criterion["id"] for criterion in _case(recorded, mlsd)["criteria"]}
        changed(edit)
        document = replay(mlsd, recorded)
        turns = turns_of(document)
        different = [turn for turn in turns if turn["change"] != "none"]
        assert different and {turn["change"] for turn in different} == {"words"}
        assert all(turn["old"]["criterion"] in own and "Tell me: " in turn["new"]["content"] for turn in different)
        assert all(0 < turn["distance"] < 1 for turn in different)
        places = [(place["file"], place["turn"]) for place in document["most_changed"]]
        assert len(places) == min(20, len(different))

    def test_sentences_that_no_longer_count_flip_a_rating_and_are_named(
        self, mlsd: Mlsd, recorded: Path, changed: Changed
    ) -> None:
        before = replay(mlsd, recorded, "--scores")
        credited = {
            hearing["criterion"]
            for file in recorded.glob("*solid*")
            for hearing in map(json.loads, file.read_text(encoding="utf-8").splitlines()[1:])
            if hearing["type"] == "evidence"
        }
        own = [criterion["id"] for criterion in _case(recorded, mlsd)["criteria"] if criterion["id"] in credited]
        assert before["verdicts_flipped"] == 0 and own

        def edit(case: dict[str, Any]) -> None:
            for criterion in case["criteria"]:
                if criterion["id"] == own[0]:
                    criterion["near_misses"] = [{"kind": "vague", "text": text} for text in criterion["covers"]]
                    criterion["covers"] = ["We paint the depot walls blue each spring."]

        changed(edit)
        document = replay(mlsd, recorded, "--scores")
        solid = next(each for each in document["interviews"] if "solid" in each["file"])
        flips = {flip["criterion"]: flip for flip in solid["scores"]["flips"]}
        assert own[0] in flips and flips[own[0]]["lost"] and not flips[own[0]]["gained"]
        quote = flips[own[0]]["lost"][0]
        said = {turn["index"] - 1: turn["said"] for turn in solid["turns"]}
        assert quote["quote"] in said[quote["turn"]]
        heard = [h for turn in solid["turns"] for h in turn["hearings"] if h["id"] == own[0] and not h["gained"]]
        assert quote["quote"] in {h["quote"] for h in heard}

    def test_a_stale_recording_of_a_model_does_not_hide_a_change_of_words(
        self, mlsd: Mlsd, recorded: Path, changed: Changed
    ) -> None:
        file = next(recorded.glob("*solid*"))
        header, *lines = file.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        for event in events:
            if event["type"] == "interviewer_message" and event["move"] == "probe":
                event["move"], event["source"] = "listen", "model"
        write_lines(file, {**json.loads(header), "interviewer": {"kind": "model", "model": "tiny"}}, *events)

        def edit(case: dict[str, Any]) -> None:
            for criterion in case["criteria"]:
                criterion["probes"] = [f"Tell me: {probe[0].lower()}{probe[1:]}" for probe in criterion["probes"]]

        changed(edit)
        document = replay(mlsd, recorded)
        assert document["most_changed"] and str(file) not in {place["file"] for place in document["most_changed"]}
        assert [each["apart"] for each in document["interviews"]].count(True) == 1
        assert document["changes_apart"]["move"] > 0
        listed = [place["file"] for place in replay(mlsd, recorded, "--with-models")["most_changed"]]
        assert listed[-1] == str(file) != listed[0]
        said = mlsd("replay", recorded, "--jobs", 1).out
        assert "--with-models" in said and f"{file} (" not in said
        alone = replay(mlsd, file)
        assert alone["most_changed"]


class TestForPeople:
    def test_old_and_new_stand_side_by_side(self, mlsd: Mlsd, parcels: Played) -> None:
        ran = mlsd("replay", parcels.transcript, "--turn", 0, "--scores", "--jobs", 1)
        assert ran.status == 0 and ran.err == ""
        assert "1 interviews, 1 turns" in ran.out and "the same" in ran.out and "0 verdicts flipped" in ran.out

    def test_the_page_holds_everything_escaped(
        self, mlsd: Mlsd, recorded: Path, changed: Changed, tmp_path: Path
    ) -> None:
        file = next(recorded.glob("*solid*"))  # in one of three: markup is declined, and such turns change most
        file.write_text(file.read_text(encoding="utf-8").replace("I'd ", "I'd <script>alert(1)</script> "))

        def edit(case: dict[str, Any]) -> None:
            for step, openers in case["openers"].items():
                case["openers"][step] = [f"Now this & that: {opener}" for opener in openers]

        changed(edit)
        page = tmp_path / "page.html"
        assert mlsd("replay", recorded, "--html", page, "--jobs", 1).status == 0
        text = page.read_text(encoding="utf-8")
        assert "this &amp; that" in text and "The turns that changed most" in text
        assert "<script" not in text and "http" not in text and "&lt;script&gt;" in text

    def test_damaged_files_are_listed_and_the_rest_is_replayed(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path
    ) -> None:
        folder = tmp_path / "mixed"
        folder.mkdir()
        shutil.copy(parcels.transcript, folder / "good.jsonl")
        (folder / "empty.jsonl").write_text("")
        write_lines(folder / "other.jsonl", {"case": "gone", "messages": [{"role": "user", "content": "Hi"}]})
        ran = mlsd("replay", folder, "--jobs", 1, "--json")
        assert ran.status == 0 and len(ran.document["interviews"]) == 1
        assert sorted(Path(each["file"]).name for each in ran.document["skipped"]) == ["empty.jsonl", "other.jsonl"]
        assert ran.err.count("\n") == 2 and "empty.jsonl: is empty" in ran.err and "there is no case 'gone'" in ran.err

    def test_a_chat_of_another_product_is_replayed(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        chat = [
            {"role": "assistant", "content": "Design arrival times for parcels."},
            {"role": "user", "content": "I'd split train and test by date so that no future scan leaks."},
            {"role": "assistant", "content": "Great answer! What else?"},
            {"role": "assistant", "content": "And the metrics?"},
            {"role": "user", "content": "I don't know."},
            {"role": "assistant", "content": "Fine."},
        ]
        file = write_lines(tmp_path / "chat.jsonl", {"case": CASE, "messages": chat})
        (interview,) = replay(mlsd, file)["interviews"]
        assert [turn["index"] for turn in interview["turns"]] == [0, 2, 5]
        assert {turn["old"]["move"] for turn in interview["turns"]} == {None}
        assert interview["turns"][2]["new"]["move"] == "accept" and interview["scores"] is None

    def test_a_turn_that_is_not_the_interviewer_s_is_named(self, mlsd: Mlsd, parcels: Played) -> None:
        ran = mlsd("replay", parcels.transcript, "--turn", 1, "--jobs", 1)
        assert ran.status == 2 and "the interviewer says nothing at turn 1; its turns are 0, 2" in ran.complaint

    def test_a_missing_file_is_one_line(self, mlsd: Mlsd, parcels: Played, tmp_path: Path) -> None:
        assert mlsd("replay", tmp_path / "none.jsonl").status == 2
        assert "--turn goes with one transcript" in mlsd("replay", tmp_path, "--turn", 2).complaint


def _case(recorded: Path, mlsd: Mlsd) -> dict[str, Any]:
    """The small case as it was."""
    import os

    file = Path(os.environ["MLSD_CONTENT"]) / CASE / "case.yaml"
    loaded: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return loaded
