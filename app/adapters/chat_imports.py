"""Turns conversations in OpenAI's chat form into transcripts, so that any interviewer can be evaluated.

    {"id"?, "case", "level"?, "messages": [{"role", "content"}]}

One object a file, a list of them, or one a line. The assistant is the interviewer, the user the candidate.
Times are not known: the header is untimed and every event carries the same moment, so that importing a
file twice gives the same transcript.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from app.domain.board import parse_board
from app.domain.events import AnyEvent, CandidateMessage, Header, Interviewer, InterviewerMessage
from app.domain.kinds import InterviewerKind, Move, Source
from app.domain.vocabulary import Level, Step
from app.errors import InputError
from app.ports import StoredInterview

NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a moment that nobody recorded."""
_IGNORED = {"system", "developer", "tool", "function"}
_TEXT_PARTS = {"text", "input_text", "output_text"}


def parse_conversations(text: str, *, file: Path, case: str | None, level: Level | None) -> list[StoredInterview]:
    """All conversations of a file, in order.

    Args:
        text: the file's content, not blank.
        file: for messages and for ids.
        case: replaces the case that a conversation names.
        level: replaces the level that it names; senior when neither says.

    Raises:
        InputError: a conversation does not have the form above, or names no case where none was given.
    """
    found: dict[str, StoredInterview] = {}
    for place, default_id, value in _conversations(text, file=file):
        stored = _conversation(value, place=place, default_id=default_id, case=case, level=level)
        if stored.header.id in found:
            raise InputError(f"{place}: id: {stored.header.id!r} is used twice; give one another id")
        found[stored.header.id] = stored
    if not found:
        raise InputError(f"{file}: holds no conversation; name another file")
    return list(found.values())


def _conversations(text: str, *, file: Path) -> Iterator[tuple[str, str, Any]]:
    """Where each conversation is, the id it gets if it has none, and its value."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
        if not _stands_alone(lines[0][1]):
            line = getattr(error, "lineno", lines[0][0])
            raise InputError(f"{file}:{line}: is not JSON ({_reason(error)}); restore the file") from error
        for number, line in lines:
            try:
                value = json.loads(line)
            except (ValueError, RecursionError) as fault:
                raise InputError(
                    f"{file}:{number}: is not JSON ({_reason(fault)}); restore the line or remove it"
                ) from fault
            yield f"{file}:{number}", f"{file.stem}-{number}", value
        return
    if isinstance(whole, list) and not any(isinstance(each, dict) and "role" in each for each in whole):
        for number, value in enumerate(whole, start=1):
            yield f"{file}: conversation {number}", f"{file.stem}-{number}", value
    elif isinstance(whole, list):
        yield str(file), file.stem, {"messages": whole}
    else:
        yield str(file), file.stem, whole


def _stands_alone(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        # A cut-off first line of JSONL, unlike the first line of an object over several, holds messages.
        return '"messages"' in line and '"role"' in line


def _reason(error: Exception) -> str:
    return str(getattr(error, "msg", None) or error)


def _conversation(value: Any, *, place: str, default_id: str, case: str | None, level: Level | None) -> StoredInterview:
    if not isinstance(value, Mapping) or not isinstance(value.get("messages"), list):
        raise InputError(f"{place}: messages: is missing; a conversation is an object with a list of messages")
    case = case or _text(value.get("case"), place=f"{place}: case")
    if not case:
        raise InputError(
            f"{place}: case: is missing; add a field 'case', or say which case it is with `mlsd import --case`"
        )
    interview_id = _text(value.get("id"), place=f"{place}: id") or default_id
    header = Header(
        id=interview_id,
        case=case,
        level=level or _level(value.get("level"), place=f"{place}: level"),
        interviewer=Interviewer(kind=InterviewerKind.EXTERNAL, model=None),
        started_at=NO_TIME,
        content_hash="",
        minutes=None,
    )
    events: list[AnyEvent] = []
    for number, message in enumerate(value["messages"]):
        spot = f"{place}: messages.{number}"
        if not isinstance(message, Mapping):
            raise InputError(f"{spot}: is no object; give it a role and a content")
        event = _event(message, spot=spot, index=len(events), interview_id=interview_id)
        if event is not None:
            events.append(event)
    if not events:
        raise InputError(f"{place}: messages: holds nothing that the user or the assistant said; remove it")
    return StoredInterview(header=header, events=tuple(events))


def _event(message: Mapping[str, Any], *, spot: str, index: int, interview_id: str) -> AnyEvent | None:
    """The message as an event; None for one that is not counted."""
    role, content = message.get("role"), message.get("content")
    if role in _IGNORED or content is None and message.get("tool_calls"):
        return None
    if role not in {"assistant", "user"}:
        raise InputError(f"{spot}.role: is {role!r}; use 'assistant' (interviewer) or 'user' (candidate)")
    said = _scrub(_content(content, spot=spot))
    message_id = _stable_uuid(interview_id, index, said)
    if role == "assistant":
        return InterviewerMessage(
            seq=index + 1,
            at=NO_TIME,
            id=message_id,
            index=index,
            content=said,
            step=None,
            move=Move.LISTEN,
            source=Source.IMPORTED,
        )
    drawn = _board(said)
    return CandidateMessage(
        seq=index + 1,
        at=NO_TIME,
        id=message_id,
        index=index,
        content=said if drawn is None else drawn,
        step=_step(message.get("step")),
        board=drawn is not None,
    )


def _board(said: str) -> str | None:
    """The text of the board that a message draws with `/board`; None if it draws none that can be read."""
    word, *rest = said.split(maxsplit=1)[:2] or [""]
    if word.lower() != "/board" or not rest:
        return None
    try:
        parse_board(rest[0])
    except InputError:
        return None
    return rest[0]


def _content(content: Any, *, spot: str) -> str:
    """The text of a message; of one in parts, the text parts, each on a line of its own."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        raise InputError(f"{spot}.content: is {content!r:.40}; give a text or a list of text parts")
    texts: list[str] = []
    for number, part in enumerate(content):
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, Mapping) and part.get("type") in _TEXT_PARTS:
            if not isinstance(part.get("text"), str):
                raise InputError(f"{spot}.content.{number}.text: is no text; mend it or remove the part")
            texts.append(part["text"])
        elif not isinstance(part, Mapping):
            raise InputError(f"{spot}.content.{number}: is no part; mend it or remove it")
    return "\n".join(texts)


def _text(value: Any, *, place: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise InputError(f"{place}: is {value!r:.40}; give a text")
    return _scrub(str(value))


def _level(value: Any, *, place: str) -> Level:
    if value is None:
        return Level.SENIOR
    try:
        return Level(value)
    except ValueError as error:
        raise InputError(f"{place}: is {value!r:.40}; use {', '.join(Level)}") from error


def _step(value: Any) -> Step:
    """The step that a message names, by id or number; the first where it names none of the seven."""
    return next((step for step in Step if value == step.value or value == step.number), Step.REQUIREMENTS)


def _scrub(text: str) -> str:
    """Lone surrogates, which no file can hold, become question marks; offsets stay as they are."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _stable_uuid(interview_id: str, index: int, said: str) -> str:
    """A UUIDv4 in form, made from the content, so that two imports of a file are identical."""
    digest = hashlib.sha256(f"{interview_id}\0{index}\0{said}".encode()).digest()
    return str(UUID(bytes=digest[:16], version=4))
