"""JSON Schemas of every document that mlsd prints and every file that it reads or writes, from the models.

    python -m app.cli.schemas            # writes docs/schemas/
    python -m app.cli.schemas FOLDER

What is printed is described as it is printed (every field present), what is read as it may be written
(fields with a default may be left out). The draft is 2020-12.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

from app.adapters.content_review import Review
from app.cli import documents
from app.domain import case, content_check, kinds, levels, rubric, scorecard, vocabulary
from app.domain.case import Case
from app.domain.events import EVENT_TYPES, AnyEvent, Header
from app.domain.export import ExportedDebrief
from app.domain.levels import LevelRules
from app.domain.rubric import StepRubric
from app.domain.scorecard import Scorecard
from app.domain.vocabulary import Level, Step
from app.services import commands, disputes, guard
from app.services.disputes import LabelledExample
from app.services.hints import HintText
from app.services.script import ScriptLine
from app.services.status import InterviewStatus
from evals import differences, replay
from evals.replay_report import ReplayReport
from evals.report.document import EvalReport
from evals.vocabulary import Act, Flaw

FOLDER = Path("docs/schemas")
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PRINTED: dict[str, type[BaseModel]] = {
    "scorecard": Scorecard,
    "export": ExportedDebrief,
    "cases": documents.CaseList,
    "check": Review,
    "search": documents.SearchResult,
    "hint": HintText,
    "index": documents.IndexBuilt,
    "history": documents.History,
    "doctor": documents.DoctorReport,
    "labelled-example": LabelledExample,
    "eval-report": EvalReport,
    "interview-status": InterviewStatus,
    "simulated": documents.Simulated,
    "replay": ReplayReport,
}


class ChatPart(BaseModel):
    """A part of a message; those that are no text are passed over."""

    model_config = ConfigDict(extra="allow")

    type: str
    text: str | None = None


class ChatTurn(BaseModel):
    """One message: the assistant is the interviewer, the user the candidate, the others are not counted."""

    model_config = ConfigDict(extra="allow")

    role: Literal["assistant", "user", "system", "developer", "tool", "function"]
    content: str | list[str | ChatPart] | None = None
    tool_calls: list[JsonValue] | None = None


class ImportedChat(BaseModel):
    """A conversation in OpenAI's chat form: one a file, a list of them, or one a line.

    Attributes:
        id: the file's stem, with the line's number in JSONL, where it is missing.
        case: may be missing where the command names it with --case.
        level: senior where it is missing.
    """

    model_config = ConfigDict(extra="allow")

    id: str | int | None = None
    case: str | None = None
    level: Level | None = None
    messages: list[ChatTurn] = Field(min_length=1)


def schemas() -> dict[str, dict[str, Any]]:
    """All schemas, by the name of their file without its ending."""
    found = {name: model.model_json_schema(mode="serialization") for name, model in _PRINTED.items()}
    found |= {
        "case": Case.model_json_schema(),
        "rubric": StepRubric.model_json_schema(),
        "levels": LevelRules.model_json_schema(),
        "script-line": _script_line(),
        "imported-chat": ImportedChat.model_json_schema(),
        "transcript-header": _header(),
        "transcript-event": _event(),
        "vocabulary": _vocabulary(),
    }
    return {name: {"$schema": _DRAFT, **schema} for name, schema in sorted(found.items())}


def _script_line() -> dict[str, Any]:
    schema = ScriptLine.model_json_schema()
    schema["properties"]["step"]["anyOf"].insert(0, {"type": "integer", "minimum": 1, "maximum": len(Step)})
    return schema


def _header() -> dict[str, Any]:
    schema = Header.model_json_schema()
    schema["required"].insert(0, "format")  # what tells a transcript from any other file
    return schema


def _event() -> dict[str, Any]:
    """One of the known types, whole, or a type of a newer version."""
    schema = TypeAdapter(AnyEvent).json_schema()
    known = {event.__name__ for event in EVENT_TYPES.values()}
    for name, definition in schema["$defs"].items():
        if name in known:
            definition["required"].insert(0, "type")
    schema["$defs"]["UnknownEvent"]["properties"]["type"]["not"] = {"enum": list(EVENT_TYPES)}
    return {"title": "Event", "description": "One line of a transcript after the first.", **schema}


def _vocabulary() -> dict[str, Any]:
    """Every enumeration, so that a tool need not gather them from the other schemas."""
    modules = (
        vocabulary,
        kinds,
        case,
        rubric,
        levels,
        scorecard,
        content_check,
        commands,
        disputes,
        guard,
        documents,
        replay,
        differences,
    )
    found: list[type[Enum]] = [kind for module in modules for kind in _enumerations(module)]
    found += [Act, Flaw]
    return {
        "title": "Vocabulary",
        "description": "Every enumeration of mlsd's documents and files.",
        "$defs": {kind.__name__: TypeAdapter(kind).json_schema() for kind in found},
    }


def _enumerations(module: ModuleType) -> Iterator[type[Enum]]:
    for kind in vars(module).values():
        if isinstance(kind, type) and issubclass(kind, Enum) and kind.__module__ == module.__name__:
            yield kind


def write(folder: Path) -> None:
    """Write all schemas, and remove those of documents that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.schema.json": as_text(schema) for name, schema in schemas().items()}
    for file in folder.glob("*.schema.json"):
        if file.name not in texts:
            file.unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")


def as_text(schema: dict[str, Any]) -> str:
    """A schema as it is committed."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
