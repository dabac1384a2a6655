"""Reads cases, notes and rubrics from YAML and Markdown files into domain objects.

Every fault is a ContentError that names file, line and field. Nothing is cached here: the bootstrap
keeps the loaded catalog.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from app.adapters.quote_head import fitted_quotes
from app.domain.case import Case, Note, NoteSection
from app.domain.catalog import Catalog
from app.domain.levels import LevelRules
from app.domain.rubric import StepRubric
from app.domain.vocabulary import Step
from app.errors import ContentError

M = TypeVar("M", bound=BaseModel)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CRITERIA_LINE = re.compile(r"^<!--\s*criteria:\s*(?P<ids>[a-z0-9, -]*?)\s*-->$")


def shipped_content() -> Path:
    """The folder that holds `knowledge/` and `rubrics/`: inside the package when installed, else the project's root."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "content"
    return installed if installed.is_dir() else package.parent


def load_catalog(root: Path, *, extra: Path | None = None) -> Catalog:
    """Load all content.

    Args:
        root: the folder with `knowledge/` and `rubrics/`.
        extra: a folder with more cases, each in a folder of its own (MLSD_CONTENT).

    Raises:
        ContentError: at the first file that is wrong.
    """
    rubrics = tuple(load_yaml(root / "rubrics" / f"{step}.yaml", StepRubric) for step in Step)
    levels = load_yaml(root / "rubrics" / "levels.yaml", LevelRules)
    folders = list(case_folders(root / "knowledge"))
    if extra is not None:
        folders += own_folders(extra)
    loaded: dict[str, Path] = {}
    cases: list[Case] = []
    notes: list[Note] = []
    for folder in folders:
        case = load_yaml(folder / "case.yaml", Case)
        if case.id != folder.name:
            raise ContentError(
                f"is {case.id!r}, but the folder is {folder.name!r}; make them equal",
                file=folder / "case.yaml",
                field="id",
            )
        if case.id in loaded:
            raise ContentError(
                f"the case id {case.id!r} is also used by {loaded[case.id]}; rename one of the two folders",
                file=folder / "case.yaml",
                field="id",
            )
        loaded[case.id] = folder
        cases.append(case)
        notes += load_notes(folder, case_id=case.id)
    paths = {case_id: str(folder / "case.yaml") for case_id, folder in loaded.items()}
    return Catalog(
        rubrics=rubrics,
        levels=levels,
        cases=tuple(cases),
        notes=tuple(notes),
        paths=paths,
        content_hash=content_hash([root / "rubrics", *loaded.values()]),
        quoting=fitted_quotes(),
    )


def own_folders(extra: Path) -> list[Path]:
    """The case folders in the user's folder.

    Raises:
        ContentError: it is no folder, or is itself a case.
    """
    if not extra.is_dir():
        raise ContentError("is not a folder; MLSD_CONTENT must name a folder of case folders", file=extra)
    if (extra / "case.yaml").is_file():
        raise ContentError("is itself a case; MLSD_CONTENT must name the folder around it", file=extra)
    return list(case_folders(extra))


def case_folders(parent: Path) -> Iterator[Path]:
    """The case folders below a folder, by name; a folder without case.yaml is passed over."""
    if not parent.is_dir():
        raise ContentError("is missing; the content folder must hold it", file=parent)
    for folder in sorted(parent.iterdir()):
        if (folder / "case.yaml").is_file():
            yield folder


def content_hash(folders: Sequence[Path]) -> str:
    """sha256 over names and bytes of all content files, the first 16 hex digits."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(folder.glob("*")):
            if file.suffix in {".yaml", ".md"}:
                digest.update(f"{folder.name}/{file.name}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def load_yaml(file: Path, model: type[M]) -> M:
    """Read one YAML file into a model.

    Raises:
        ContentError: the file cannot be read, is not YAML, repeats a key, or does not fit the model.
    """
    text = _read(file)
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "is not YAML"
        remedy = (
            "put quotation marks around a text that holds a colon" if "mapping values" in problem else "mend the syntax"
        )
        raise ContentError(
            f"is not valid YAML ({problem}); {remedy}", file=file, line=mark.line + 1 if mark else None
        ) from error
    if node is None:
        raise ContentError("is empty; it should hold a YAML mapping", file=file)
    _reject_repeated_keys(node, file)
    try:
        value = _Loader("").construct_document(node)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise ContentError("holds a value that YAML cannot read; quote it if it is text", file=file) from error
    try:
        return model.model_validate(value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        path = [part for part in first["loc"]]
        raise ContentError(
            _say(first), file=file, line=_line_of(node, path), field=".".join(str(part) for part in path)
        ) from error


def load_notes(folder: Path, *, case_id: str) -> list[Note]:
    """Read the notes of a case; a step without a file has none.

    Raises:
        ContentError: a note does not have the form that docs/authoring.md describes.
    """
    found = [
        load_note(folder / f"{step}.md", case_id=case_id, step=step)
        for step in Step
        if (folder / f"{step}.md").is_file()
    ]
    known = {f"{step}.md" for step in Step}
    for file in sorted(folder.glob("*.md")):
        if file.name not in known:
            raise ContentError(f"is not the note of a step; notes are named {', '.join(sorted(known))}", file=file)
    return found


def load_note(file: Path, *, case_id: str, step: Step) -> Note:
    """Read one reference note."""
    lines = _read(file).splitlines()
    if not lines or not lines[0].startswith("# "):
        raise ContentError("must begin with '# Title'", file=file, line=1)
    sections: list[NoteSection] = []
    starts = [number for number, line in enumerate(lines) if line.startswith("## ")]
    if not starts:
        raise ContentError("has no '## ' section", file=file, line=1)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        match = _CRITERIA_LINE.match(lines[start + 1].strip()) if start + 1 < len(lines) else None
        if match is None:
            raise ContentError(
                "must be a line like '<!-- criteria: time-split, labels -->' below the heading",
                file=file,
                line=start + 2,
            )
        ids = tuple(part.strip() for part in match["ids"].split(",") if part.strip())
        text = "\n".join(lines[start + 2 : end]).strip()
        if not text:
            raise ContentError("is an empty section", file=file, line=start + 1)
        sections.append(NoteSection(heading=lines[start][3:].strip(), criteria=ids, text=text))
    return Note(case=case_id, step=step, title=lines[0][2:].strip(), sections=tuple(sections))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ContentError("is missing", file=file) from error
    except UnicodeDecodeError as error:
        raise ContentError("is not UTF-8 text", file=file) from error
    except OSError as error:
        raise ContentError(f"cannot be read ({error.strerror})", file=file) from error


def _say(error: Any) -> str:
    """One validation error as a clause that says how to mend it."""
    kind, value = error["type"], error.get("input")
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        return "is not a field of this file; remove it or mend its spelling"
    shown = repr(value) if not isinstance(value, (dict, list, tuple)) else f"a {type(value).__name__}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{message[0].lower()}{message[1:]} (found {shown[:80]})"


def _line_of(node: Any, path: Sequence[int | str]) -> int | None:
    """The line of the node at a path, or of its nearest ancestor that exists."""
    line: int = node.start_mark.line + 1
    for part in path:
        found = None
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(part):
                    line, found = key.start_mark.line + 1, value
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
            line = found.start_mark.line + 1
        if found is None:
            return line
        node = found
    return line


def _reject_repeated_keys(node: Any, file: Path) -> None:
    stack, visited = [node], set()
    while stack:
        current = stack.pop()
        if id(current) in visited:  # an alias, perhaps of itself
            continue
        visited.add(id(current))
        if isinstance(current, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in current.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise ContentError("a key must be a plain word", file=file, line=key.start_mark.line + 1)
                if key.value in seen:
                    raise ContentError(
                        "is given twice in one mapping; remove one",
                        file=file,
                        line=key.start_mark.line + 1,
                        field=str(key.value),
                    )
                seen.add(str(key.value))
                stack.append(value)
        elif isinstance(current, yaml.SequenceNode):
            stack.extend(current.value)
