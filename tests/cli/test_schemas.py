"""The committed schemas are today's, and what the commands print and the files hold fits them."""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from app.adapters.content_files import shipped_content
from app.adapters.transcript_files import read_imported, read_transcript
from app.cli.schemas import FOLDER, as_text, schemas, write
from app.domain.events import EVENT_TYPES, KNOWN_EVENTS, Header, parse_event
from app.domain.kinds import EndReason, IntakeKind, Move
from app.domain.vocabulary import Level, Step
from app.errors import InputError
from app.services.script import ScriptLine, parse_script
from evals.vocabulary import Act, Flaw
from tests.cli.conftest import CASE, SCRIPT, Mlsd, Played, write_lines

COMMITTED = Path(__file__).parents[2] / FOLDER
NAMES = sorted(schemas())


def fits(name: str, value: Any) -> bool:
    """Whether a value is valid by the committed schema of that name."""
    return Draft202012Validator(json.loads((COMMITTED / f"{name}.schema.json").read_text())).is_valid(value)


def assert_fits(name: str, value: Any) -> None:
    schema = json.loads((COMMITTED / f"{name}.schema.json").read_text())
    try:
        Draft202012Validator(schema).validate(value)
    except ValidationError as error:
        pytest.fail(f"{name}: {error.json_path}: {error.message[:300]}")


def enumerations(value: Any) -> list[set[str]]:
    """All enumerations anywhere in a schema."""
    if isinstance(value, list):
        return [found for each in value for found in enumerations(each)]
    if not isinstance(value, dict):
        return []
    own = [set(value["enum"])] if isinstance(value.get("enum"), list) else []
    return own + [found for each in value.values() for found in enumerations(each)]


class TestCommitted:
    def test_there_is_one_for_each_document_and_no_other(self) -> None:
        assert sorted(file.name for file in COMMITTED.iterdir()) == [f"{name}.schema.json" for name in NAMES]

    @pytest.mark.parametrize("name", NAMES)
    def test_it_is_what_the_models_say_today(self, name: str) -> None:
        committed = (COMMITTED / f"{name}.schema.json").read_text(encoding="utf-8")
        assert committed == as_text(schemas()[name]), "run `make schemas`"

    @pytest.mark.parametrize("name", NAMES)
    def test_it_is_a_valid_schema_with_a_title(self, name: str) -> None:
        schema = json.loads((COMMITTED / f"{name}.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        assert schema["title"] and schema["description"]

    def test_writing_removes_what_is_no_more(self, tmp_path: Path) -> None:
        (tmp_path / "gone.schema.json").write_text("{}")
        write(tmp_path)
        assert sorted(file.name for file in tmp_path.iterdir()) == [f"{name}.schema.json" for name in NAMES]

    @pytest.mark.parametrize(
        ("name", "kinds"),
        [
            ("transcript-event", [Move, IntakeKind, EndReason, Step]),
            ("transcript-header", [Level, Step]),
            ("vocabulary", [Move, IntakeKind, EndReason, Step, Act, Flaw]),
        ],
    )
    def test_it_lists_its_enumerations(self, name: str, kinds: list[type[Enum]]) -> None:
        listed = enumerations(json.loads((COMMITTED / f"{name}.schema.json").read_text()))
        for kind in kinds:
            assert {member.value for member in kind} in listed, kind.__name__

    def test_acts_and_flaws_are_those_that_were_agreed(self) -> None:
        assert len(Act) == 12 and len(Flaw) == 8
        assert {"open-problem", "acknowledge-only", "praise"} < set(Act)
        assert {"hint-is-solution", "talks-too-much", "skips-steps"} < set(Flaw)


class TestPrinted:
    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "arguments"),
        [
            ("cases", ("cases",)),
            ("check", ("check", str(shipped_content() / "knowledge" / "fraud-detection"))),
            ("hint", ("hint", CASE, "--step", "data")),
            ("hint", ("hint", CASE, "--step", "3", "--criterion", "scan-gaps", "--rung", "3")),
            ("history", ("history",)),
        ],
    )
    def test_a_command_s_document_fits(
        self, name: str, arguments: tuple[str, ...], mlsd: Mlsd, parcels: Played
    ) -> None:
        ran = mlsd(*arguments, "--json")
        assert ran.err == ""
        assert_fits(name, ran.document)

    def test_an_export_fits(self, mlsd: Mlsd, parcels: Played) -> None:
        assert_fits("export", mlsd("export", parcels.transcript, "--format", "json").document)

    def test_findings_fit(self, mlsd: Mlsd, tmp_path: Path) -> None:
        (tmp_path / "case.yaml").write_text("id: nothing else\n")
        ran = mlsd("check", tmp_path, "--json")
        assert ran.status == 1 and ran.document["findings"]
        assert_fits("check", ran.document)

    def test_a_scorecard_fits(self, mlsd: Mlsd, parcels: Played) -> None:
        printed = mlsd("score", parcels.transcript, "--json").document
        assert_fits("scorecard", printed)
        assert not fits("scorecard", {**printed, "overall": {**printed["overall"], "verdict": "maybe"}})

    @pytest.mark.slow
    def test_index_and_search_fit(self, mlsd: Mlsd, warm_parcels: Played) -> None:
        built = mlsd("index", "--json")
        assert_fits("index", built.document)
        found = mlsd("search", "how many parcels are there", "--case", CASE, "--k", "3", "--json")
        assert_fits("search", found.document)
        assert found.document["hits"][0]["source"] == "volume" and len(found.document["hits"]) == 3
        hidden = mlsd("search", "scan", "--step", "data", "--visibility", "private", "--json").document["hits"]
        assert {hit["visibility"] for hit in hidden} == {"private"} and {hit["step"] for hit in hidden} == {"data"}
        again = mlsd("index", "--json").document
        assert (again["index"], again["passages"]) == (built.document["index"], built.document["passages"])
        diagnosed = {check["name"]: check for check in mlsd("doctor", "--json").document["checks"]}
        assert diagnosed["index"]["status"] == "ok"


class TestTranscript:
    def test_every_line_of_a_real_one_fits(self, played: Played) -> None:
        header, *events = map(json.loads, played.transcript.read_text(encoding="utf-8").splitlines())
        assert_fits("transcript-header", header)
        for event in events:
            assert_fits("transcript-event", event)
        assert len({event["type"] for event in events}) >= 7

    def test_every_type_of_event_is_described(self) -> None:
        schema = json.loads((COMMITTED / "transcript-event.schema.json").read_text())
        types = {
            definition.get("properties", {}).get("type", {}).get("const") for definition in schema["$defs"].values()
        }
        assert types - {None} == set(EVENT_TYPES) and len(EVENT_TYPES) == len(KNOWN_EVENTS)

    def test_a_newer_type_fits_and_a_damaged_known_one_does_not(self) -> None:
        base = {"seq": 1, "at": "2026-01-01T09:00:00Z"}
        newer = {**base, "type": "whiteboard_drawn", "shape": "box"}
        damaged = {**base, "type": "ended", "reason": "bored"}
        assert fits("transcript-event", newer) and parse_event(newer).type == "whiteboard_drawn"
        assert not fits("transcript-event", damaged)
        with pytest.raises(ValueError):
            parse_event(damaged)
        assert not fits("transcript-event", base)

    def test_a_field_of_a_newer_version_fits(self, played: Played) -> None:
        header = json.loads(played.transcript.read_text(encoding="utf-8").splitlines()[0])
        assert fits("transcript-header", {**header, "weather": "fine"})
        assert Header.model_validate({**header, "weather": "fine"}).id == header["id"]
        assert not fits("transcript-header", {**header, "level": "boss"})
        assert not fits("transcript-header", {key: value for key, value in header.items() if key != "format"})


class TestScript:
    @pytest.mark.parametrize(
        "line",
        [
            *SCRIPT,
            {"content": "hi", "step": None},
            {"content": "hi", "step": 7, "seconds": 0.5},
            {"content": "hi", "step": 8},
            {"content": "hi", "step": "nine"},
            {"content": "hi", "seconds": -1},
            {"content": ""},
            {"content": "hi", "role": "user"},
            {"step": 1},
            ["hi"],
        ],
    )
    def test_what_fits_is_what_is_read(self, line: Any) -> None:
        try:
            parse_script(json.dumps(line), name="script")
            read = True
        except InputError:
            read = False
        assert fits("script-line", line) == read

    def test_it_has_the_fields_of_the_model(self) -> None:
        schema = json.loads((COMMITTED / "script-line.schema.json").read_text())
        assert set(schema["properties"]) == set(ScriptLine.model_fields)


class TestImportedChat:
    @pytest.mark.parametrize(
        "chat",
        [
            {"messages": [{"role": "user", "content": "Hi"}]},
            {"id": 7, "case": CASE, "level": "mid", "messages": [{"role": "assistant", "content": "Hello"}]},
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}, {"type": "image_url"}]}]},
            {"messages": [{"role": "user", "content": ["Hi", "there"]}, {"role": "tool", "content": "7"}]},
            {
                "messages": [
                    {"role": "assistant", "content": None, "tool_calls": [{}]},
                    {"role": "user", "content": "a"},
                ]
            },
            {"messages": [{"role": "user", "content": "Hi", "name": "me"}], "created": 3},
            {"messages": [{"role": "narrator", "content": "Once upon a time"}]},
            {"messages": [{"role": "user", "content": 7}]},
            {"messages": [{"role": "user", "content": [7]}]},
            {"messages": [], "case": CASE},
            {"messages": [{"role": "user", "content": "Hi"}], "level": "boss"},
            {"case": CASE},
        ],
    )
    def test_what_fits_is_what_is_read(self, chat: Any, tmp_path: Path) -> None:
        file = write_lines(tmp_path / "chat.jsonl", chat)
        try:
            read_imported(file, case=CASE, level=None)
            read = True
        except InputError:
            read = False
        assert fits("imported-chat", chat) == read


class TestContent:
    @pytest.mark.parametrize("file", sorted(shipped_content().glob("rubrics/*.yaml")), ids=lambda file: file.name)
    def test_shipped_rubrics_fit(self, file: Path) -> None:
        name = "levels" if file.stem == "levels" else "rubric"
        assert_fits(name, yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))

    @pytest.mark.parametrize(
        "file", sorted(shipped_content().glob("knowledge/*/case.yaml")), ids=lambda file: file.parent.name
    )
    def test_shipped_cases_fit(self, file: Path) -> None:
        assert_fits("case", yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))

    def test_a_misspelt_field_does_not_fit(self, played: Played) -> None:
        case = yaml.safe_load((played.content / CASE / "case.yaml").read_text(encoding="utf-8"))
        assert fits("case", case) and not fits("case", {**case, "promt": "x"})


def test_a_written_transcript_is_read_back(played: Played) -> None:
    stored = read_transcript(played.transcript)
    assert stored.header.case == CASE and stored.events[-1].type == "ended"
