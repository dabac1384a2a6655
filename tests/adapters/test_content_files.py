"""Content files become a catalog, and every fault in them is named by file, line and field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.adapters.content_files import content_hash, load_catalog, load_note, load_yaml
from app.domain.case import Case
from app.domain.vocabulary import Step
from app.errors import ContentError
from tests.factories import case_fields, levels_fields, make_case, make_levels, make_note, make_rubrics

NOTE = "# Parcels: data\n\n## On dates\n<!-- criteria: time-split, scan-gaps -->\nDivide by date.\n"


def dump(file: Path, value: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")


def write_case(folder: Path, **changes: Any) -> Path:
    """A case folder whose case.yaml holds the factory's case."""
    fields = case_fields(id=folder.name, **changes)
    fields["criteria"] = [criterion.model_dump(mode="json") for criterion in fields["criteria"]]
    dump(folder / "case.yaml", fields)
    return folder / "case.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A whole content folder with the case parcel-eta."""
    for rubric in make_rubrics():
        dump(tmp_path / "rubrics" / f"{rubric.step}.yaml", rubric.model_dump(mode="json"))
    dump(tmp_path / "rubrics" / "levels.yaml", levels_fields())
    write_case(tmp_path / "knowledge" / "parcel-eta")
    (tmp_path / "knowledge" / "parcel-eta" / "data.md").write_text(NOTE, encoding="utf-8")
    return tmp_path


def fault(load: Callable[[], object]) -> ContentError:
    with pytest.raises(ContentError) as caught:
        load()
    return caught.value


def line_of(file: Path, start: str) -> int:
    """The 1-based line that begins with a text."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


class TestWhole:
    def test_what_is_written_is_what_is_read(self, root: Path) -> None:
        catalog = load_catalog(root)
        assert catalog.cases == (make_case(),)
        assert catalog.rubrics == make_rubrics() and catalog.levels == make_levels()
        assert catalog.paths == {"parcel-eta": str(root / "knowledge" / "parcel-eta" / "case.yaml")}
        (note,) = catalog.notes
        assert (note.case, note.step, note.title) == ("parcel-eta", Step.DATA, "Parcels: data")
        assert note.sections[0].criteria == ("time-split", "scan-gaps")
        assert note.sections[0].text == "Divide by date."

    def test_cases_of_another_folder_are_loaded_beside(self, root: Path, tmp_path: Path) -> None:
        write_case(tmp_path / "mine" / "my-case")
        (tmp_path / "mine" / "drafts").mkdir()
        assert load_catalog(root, extra=tmp_path / "mine").case_ids() == ("my-case", "parcel-eta")

    def test_the_hash_changes_with_any_content_file_and_with_no_other(self, root: Path) -> None:
        folders = [root / "rubrics", root / "knowledge" / "parcel-eta"]
        before = content_hash(folders)
        (folders[1] / "sketch.txt").write_text("not content")
        assert content_hash(folders) == before == load_catalog(root).content_hash
        (folders[1] / "data.md").write_text(NOTE + "And more.\n")
        assert content_hash(folders) != before


class TestFiles:
    @pytest.mark.parametrize("name", ["rubrics/data.yaml", "rubrics/levels.yaml"])
    def test_a_missing_file(self, root: Path, name: str) -> None:
        (root / name).unlink()
        error = fault(lambda: load_catalog(root))
        assert error.file == str(root / name) and "missing" in error.message

    def test_a_missing_folder_of_more_cases(self, root: Path) -> None:
        error = fault(lambda: load_catalog(root, extra=root / "absent"))
        assert error.file == str(root / "absent") and "MLSD_CONTENT" in error.message

    def test_text_that_is_not_utf_8(self, root: Path) -> None:
        file = root / "knowledge" / "parcel-eta" / "case.yaml"
        file.write_bytes(b"id: parcel-eta\ntitle: Zustellung f\xfcr heute\n")
        error = fault(lambda: load_catalog(root))
        assert error.file == str(file) and "UTF-8" in error.message

    def test_an_id_that_is_not_the_folder(self, root: Path) -> None:
        folder = root / "knowledge" / "parcel-eta"
        folder.rename(folder.with_name("parcels"))
        error = fault(lambda: load_catalog(root))
        assert (error.file, error.field) == (str(root / "knowledge" / "parcels" / "case.yaml"), "id")
        assert "'parcel-eta'" in error.message and "'parcels'" in error.message

    def test_an_id_that_another_folder_has(self, root: Path) -> None:
        file = write_case(root / "mine" / "parcel-eta")
        error = fault(lambda: load_catalog(root, extra=root / "mine"))
        assert (error.file, error.field) == (str(file), "id")
        assert str(root / "knowledge" / "parcel-eta") in error.message


class TestYaml:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return write_case(tmp_path / "parcel-eta")

    def edit(self, file: Path, change: Callable[[dict[str, Any]], object]) -> None:
        fields = yaml.safe_load(file.read_text(encoding="utf-8"))
        change(fields)
        dump(file, fields)

    @pytest.mark.parametrize(
        ("text", "line"),
        [("id: parcel-eta\ntitle: [open\n", 3), ("id: a\n\ttitle: b\n", 2), ("id: 'open\n", 2)],
    )
    def test_broken_syntax(self, file: Path, text: str, line: int) -> None:
        file.write_text(text)
        error = fault(lambda: load_yaml(file, Case))
        assert (error.file, error.line) == (str(file), line) and "YAML" in error.message

    def test_an_empty_file(self, file: Path) -> None:
        file.write_text("# nothing yet\n")
        assert "empty" in fault(lambda: load_yaml(file, Case)).message

    def test_a_list_in_place_of_a_mapping(self, file: Path) -> None:
        file.write_text("- id: parcel-eta\n")
        error = fault(lambda: load_yaml(file, Case))
        assert (error.file, error.line) == (str(file), 1)

    @pytest.mark.parametrize(
        "text",
        [
            "id: !!python/object:os.system {}\n",
            'id: !!binary "x"\n',
            "id: 2026-13-45\n",
            "? [id]\n: parcel-eta\n",
        ],
    )
    def test_a_value_that_yaml_cannot_build(self, file: Path, text: str) -> None:
        file.write_text(text)
        assert fault(lambda: load_yaml(file, Case)).file == str(file)

    def test_a_key_given_twice(self, file: Path) -> None:
        file.write_text("id: parcel-eta\nfacts:\n  - id: volume\n    topic: volume\n    id: traffic\n")
        error = fault(lambda: load_yaml(file, Case))
        assert (error.file, error.line, error.field) == (str(file), 5, "id") and "twice" in error.message

    def test_a_missing_field(self, file: Path) -> None:
        self.edit(file, lambda fields: fields["facts"][1].pop("answer"))
        error = fault(lambda: load_yaml(file, Case))
        assert (error.file, error.field) == (str(file), "facts.1.answer")
        assert error.line == line_of(file, "- id: latency") and "missing" in error.message

    def test_a_field_that_nobody_knows(self, file: Path) -> None:
        self.edit(file, lambda fields: fields.update(colour="red"))
        error = fault(lambda: load_yaml(file, Case))
        assert (error.file, error.line, error.field) == (str(file), line_of(file, "colour:"), "colour")
        assert "not a field" in error.message

    def test_a_value_of_the_wrong_type(self, file: Path) -> None:
        self.edit(file, lambda fields: fields.update(facts="many"))
        error = fault(lambda: load_yaml(file, Case))
        assert (error.file, error.line, error.field) == (str(file), line_of(file, "facts:"), "facts")
        assert "'many'" in error.message

    def test_a_word_that_is_no_choice(self, file: Path) -> None:
        self.edit(file, lambda fields: fields.update(difficulty="brutal"))
        error = fault(lambda: load_yaml(file, Case))
        assert (error.file, error.line, error.field) == (
            str(file),
            line_of(file, "difficulty:"),
            "difficulty",
        )
        assert "'brutal'" in error.message and "'medium'" in error.message

    def test_an_id_that_is_no_slug(self, file: Path) -> None:
        self.edit(file, lambda fields: fields["facts"][0].update(id="Parcel Volume"))
        error = fault(lambda: load_yaml(file, Case))
        assert (error.line, error.field) == (line_of(file, "- id: Parcel Volume"), "facts.0.id")

    def test_the_message_has_it_all_in_one_line(self, file: Path) -> None:
        self.edit(file, lambda fields: fields.update(difficulty="brutal"))
        message = str(fault(lambda: load_yaml(file, Case)))
        assert message.startswith(f"{file}:{line_of(file, 'difficulty:')}: difficulty: ")
        assert "\n" not in message


class TestNotes:
    @pytest.mark.parametrize(
        ("text", "line", "says"),
        [
            ("", 1, "# Title"),
            ("Parcels\n", 1, "# Title"),
            ("## On dates\n<!-- criteria: -->\nx\n", 1, "# Title"),
            ("# Parcels\n\nonly prose\n", 1, "section"),
            ("# Parcels\n\n## On dates\nDivide by date.\n", 4, "criteria:"),
            ("# Parcels\n\n## On dates\n\n<!-- criteria: time-split -->\nx\n", 4, "criteria:"),
            ("# Parcels\n\n## On dates\n<!-- criteria: Time Split! -->\nx\n", 4, "criteria:"),
            ("# Parcels\n## On dates", 3, "criteria:"),
            ("# Parcels\n\n## On dates\n<!-- criteria: time-split -->\n\n## Next\n", 3, "empty"),
        ],
    )
    def test_a_note_without_its_form(self, tmp_path: Path, text: str, line: int, says: str) -> None:
        file = tmp_path / "data.md"
        file.write_text(text)
        error = fault(lambda: load_note(file, case_id="parcel-eta", step=Step.DATA))
        assert (error.file, error.line) == (str(file), line) and says in error.message

    def test_a_note_with_an_unknown_name(self, root: Path) -> None:
        file = root / "knowledge" / "parcel-eta" / "modelling.md"
        file.write_text(NOTE)
        error = fault(lambda: load_catalog(root))
        assert error.file == str(file) and "modeling.md" in error.message

    def test_sections_may_serve_no_criterion_and_have_headings_within(self, tmp_path: Path) -> None:
        file = tmp_path / "data.md"
        file.write_text(
            "# Parcels\n\n## Levels\n<!-- criteria: -->\n### Mid\nNames it.\n\n## More\n<!--criteria: drift-->\nx\n"
        )
        first, second = load_note(file, case_id="parcel-eta", step=Step.DATA).sections
        assert (first.heading, first.criteria, first.text) == ("Levels", (), "### Mid\nNames it.")
        assert second.criteria == ("drift",)

    def test_a_note_from_the_factory_survives_the_file(self, tmp_path: Path) -> None:
        note = make_note(Step.DATA)
        parts = [f"# {note.title}"] + [
            f"## {section.heading}\n<!-- criteria: {', '.join(section.criteria)} -->\n{section.text}"
            for section in note.sections
        ]
        (tmp_path / "data.md").write_text("\n\n".join(parts), encoding="utf-8")
        assert load_note(tmp_path / "data.md", case_id="parcel-eta", step=Step.DATA) == note
