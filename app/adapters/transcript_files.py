"""Reads and writes transcripts in the format mlsd-transcript/1, and tells them from imported chats.

A transcript is JSONL: the header, then one event a line. Lines end at a line feed alone, since JSON text
may hold the other characters that Python takes for line ends. Nothing damaged is passed over in silence:
every fault is an InputError that names file and line.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.adapters.chat_imports import parse_conversations
from app.domain.events import EVENT_TYPES, FORMAT, AnyEvent, CandidateMessage, Header, InterviewerMessage, parse_event
from app.domain.vocabulary import Level
from app.errors import InputError
from app.ports import StoredInterview

MAX_BYTES = 50_000_000
"""A 45-minute interview takes about 100 kB; a larger file is something else, and would fill the memory."""


def dump_transcript(stored: StoredInterview) -> str:
    """The transcript as text, with a line end after each line."""
    return "".join(f"{each.model_dump_json()}\n" for each in (stored.header, *stored.events))


def write_transcript(stored: StoredInterview, file: Path) -> None:
    """Write a transcript so that the file is at no moment half written.

    A target that is no regular file, such as /dev/stdout, is written to as it is.

    Raises:
        InputError: the file cannot be written.
    """
    content = dump_transcript(stored).encode()
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(content)
            return
        target = file.resolve()
        temporary = target.with_name(f".{target.name}.{os.getpid()}-{threading.get_ident()}.tmp")
        try:
            with temporary.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            if target.exists():
                temporary.chmod(target.stat().st_mode & 0o777)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{file}: cannot be written ({error.strerror}); name another file") from error


def read_transcript(file: Path) -> StoredInterview:
    """Read a transcript of ours; events and fields that this version does not know are kept.

    Raises:
        InputError: the file cannot be read, or a line is damaged.
    """
    return _parse_transcript(_read(file), file=file)


def read_imported(file: Path, *, case: str | None, level: Level | None) -> list[StoredInterview]:
    """Read conversations in OpenAI's chat form, one JSON object or one a line.

    Args:
        case: replaces the case that the file names; needed when it names none.
        level: replaces the level that the file names; senior when neither says.

    Raises:
        InputError: the file cannot be read, or a conversation does not have that form.
    """
    return parse_conversations(_read(file), file=file, case=case, level=level)


def read_any(file: Path, *, case: str | None = None, level: Level | None = None) -> list[StoredInterview]:
    """Read a file of either kind.

    Args:
        case: for an import, as in `read_imported`; without effect on a transcript of ours.
        level: likewise.

    Raises:
        InputError: the file is neither, or is damaged.
    """
    text = _read(file)
    if _is_import(text):
        return parse_conversations(text, file=file, case=case, level=level)
    return [_parse_transcript(text, file=file)]


def is_chat(file: Path) -> bool:
    """Whether a file that can be read holds chats of another product, and no transcript of ours.

    Raises:
        InputError: the file cannot be read.
    """
    return _is_import(_read(file))


def _is_import(text: str) -> bool:
    """By its first line: a header names its format; an import has messages, or spreads over lines."""
    first = next(_lines(text))[1]
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        # Our lines are whole objects, so one that only begins there is an import in several lines.
        return first.strip() in {"{", "["} or '"messages"' in text[:2000] and '"format"' not in first
    if isinstance(value, dict):
        return "messages" in value and "format" not in value
    return isinstance(value, list)


def _read(file: Path) -> str:
    try:
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{file}: has {size / 1e6:.0f} MB; a transcript has at most {MAX_BYTES / 1e6:.0f}, "
                "so split it or name another file"
            )
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{file}: is missing; name an existing file") from error
    except IsADirectoryError as error:
        raise InputError(f"{file}: is a folder; name a file in it") from error
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name another file") from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError(f"{file}:{line}: is not UTF-8 text; save the file as UTF-8") from error
    if not text.strip():
        raise InputError(f"{file}: is empty; name another file")
    return text


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold something, with their 1-based numbers."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, line


def _parse_transcript(text: str, *, file: Path) -> StoredInterview:
    lines = _lines(text)
    number, line = next(lines)
    header = _header(_object(line, file=file, number=number), file=file, number=number)
    events: list[AnyEvent] = []
    index = -1
    for number, line in lines:
        event = _event(_object(line, file=file, number=number), file=file, number=number)
        last = events[-1].seq if events else 0
        if event.seq <= last:
            raise InputError(
                f"{file}:{number}: seq: is {event.seq} after {last}; each event's must be higher than the "
                "one before, so remove the repeated line or restore the order"
            )
        if isinstance(event, (CandidateMessage, InterviewerMessage)):
            if event.index <= index:
                raise InputError(
                    f"{file}:{number}: index: is {event.index} after {index}; each message's must be higher "
                    "than the one before, so remove the repeated line or restore the order"
                )
            index = event.index
        events.append(event)
    return StoredInterview(header=header, events=tuple(events))


def _header(value: dict[str, Any], *, file: Path, number: int) -> Header:
    given = value.get("format")
    if not isinstance(given, str):
        raise InputError(
            f"{file}:{number}: is no header; a transcript begins with a line whose format is {FORMAT!r}, an "
            "imported conversation has messages"
        )
    if given != FORMAT:
        raise InputError(f"{file}:{number}: format: is {given!r}, this mlsd reads {FORMAT!r}; update mlsd")
    try:
        return Header.model_validate(value)
    except ValidationError as error:
        raise InputError(f"{file}:{number}: {_say(error)}") from error


def _event(value: dict[str, Any], *, file: Path, number: int) -> AnyEvent:
    if "format" in value and "seq" not in value:
        raise InputError(f"{file}:{number}: is a second header; keep one interview a file")
    if not isinstance(value.get("type"), str):
        raise InputError(f"{file}:{number}: type: is missing or no text; restore the line or remove it")
    try:
        return parse_event(value)
    except ValidationError as error:
        raise InputError(f"{file}:{number}: {_say(error)}") from error


def _object(line: str, *, file: Path, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{file}:{number}: is not JSON ({getattr(error, 'msg', None) or error}); restore the line or remove it"
        ) from error
    if not isinstance(value, dict):
        raise InputError(f"{file}:{number}: is no JSON object; restore the line or remove it")
    if "\\u" in line:
        # A lone surrogate can be escaped in JSON, but no file can hold it; offsets stay as they are.
        text = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        value = json.loads(text)
    return dict(value)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _say(error: ValidationError) -> str:
    """The first fault as a clause with its field."""
    first = error.errors(include_url=False)[0]
    # The tag of the event's type comes first in the path; it is no field.
    where = [str(part) for part in first["loc"]]
    field = ".".join(where[1:] if where[0] in {"unknown", *EVENT_TYPES} else where)
    if first["type"] == "missing":
        return f"{field}: is missing; add it or remove the line"
    return f"{field}: {first['msg']} (found {first['input']!r:.80}); mend it or remove the line"
