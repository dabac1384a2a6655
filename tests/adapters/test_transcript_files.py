"""Transcripts survive being written and read; what is damaged is named; foreign chats are understood."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.transcript_files import (
    MAX_BYTES,
    dump_transcript,
    read_any,
    read_imported,
    read_transcript,
    write_transcript,
)
from app.domain.events import CandidateMessage, Header, InterviewerMessage, UnknownEvent, parse_event
from app.domain.vocabulary import Level, Step
from app.errors import InputError
from app.ports import StoredInterview
from tests.adapters.test_store_contract import NOW, SAMPLES, header

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
EXTRA = st.dictionaries(st.sampled_from(["x_one", "x_two"]), JSON, max_size=2)


@st.composite
def transcripts(draw: st.DrawFn) -> StoredInterview:
    events, seq, index = [], 0, -1
    for kind in draw(st.lists(st.sampled_from(sorted(SAMPLES)), max_size=8)):
        seq += draw(st.integers(1, 3))
        at = NOW + timedelta(microseconds=draw(st.integers(0, 10**9)))
        value: dict[str, Any] = {**SAMPLES[kind], **draw(EXTRA), "seq": seq, "at": at, "type": kind}
        if "content" in value:
            index += draw(st.integers(1, 2))
            value |= {"content": draw(TEXT), "index": index}
        events.append(parse_event(value))
    return StoredInterview(header=header(**draw(EXTRA)), events=tuple(events))


@settings(max_examples=80, deadline=None)
@given(stored=transcripts())
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, stored: StoredInterview) -> None:
    file = tmp_path_factory.getbasetemp() / "round-trip.jsonl"
    write_transcript(stored, file)
    back = read_transcript(file)
    assert back == stored
    assert dump_transcript(back) == dump_transcript(stored) == file.read_text(encoding="utf-8")
    assert read_any(file) == [stored]


def lines(count: int = 3) -> list[str]:
    """A good transcript of `count` messages."""
    messages = [
        CandidateMessage(seq=n + 1, at=NOW, id=f"m{n}", index=n, content="line\u2028end", step=Step.DATA)
        for n in range(count)
    ]
    return dump_transcript(StoredInterview(header=header(), events=tuple(messages))).split("\n")[:-1]


def test_the_first_line_is_the_header_and_each_other_an_event() -> None:
    first, *rest = [json.loads(line) for line in lines()]
    assert first["format"] == "mlsd-transcript/1"
    assert first["interviewer"] == {"kind": "builtin", "model": None}
    assert [list(event)[:3] for event in rest] == [["seq", "at", "type"]] * 3


def test_unknown_types_and_fields_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    newer = {"seq": 9, "at": "2030-01-01T00:00:00Z", "type": "telepathy", "strength": [1, {"a": None}]}
    file.write_text("\n".join([*lines(), json.dumps(newer)]))
    stored = read_transcript(file)
    assert isinstance(stored.events[-1], UnknownEvent)
    assert json.loads(dump_transcript(stored).splitlines()[-1]) == newer


def test_blank_lines_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + "\r\n\r\n".join(lines()).encode() + b"\r\n\r\n")
    assert len(read_transcript(file).events) == 3
    assert len(read_any(file)) == 1


GOOD = {"seq": 3, "at": "2026-01-01T00:00:00Z", "type": "parked", "criterion": "goal", "step": "data"}


@pytest.mark.parametrize(
    ("damaged", "words"),
    [
        ('{"seq": 3, "at": "20', "is not JSON"),
        ("[1]", "no JSON object"),
        ("[" * 100_000, "is not JSON"),
        ('{"seq": NaN}', "NaN is no JSON number"),
        ('{"seq": ' + "9" * 5000 + "}", "is not JSON"),
        (json.dumps({**GOOD, "step": "dessert"}), "step: Input should be 'requirements'"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "criterion"}), "criterion: is missing; add it"),
        (json.dumps({**GOOD, "at": "2026-01-01T00:00:00"}), "at: "),
        (json.dumps({**GOOD, "type": ["parked"]}), "type: is missing or no text"),
        (json.dumps({**GOOD, "seq": 2}), "seq: is 2 after 2; each event's must be higher"),
        (json.dumps({**GOOD, "seq": 0}), "seq: is 0 after 2"),
        (json.dumps({**GOOD, "seq": -1}), "seq: "),
        (json.dumps({"format": "mlsd-transcript/1"}), "second header"),
        (
            json.dumps({**GOOD, "type": "candidate_message", "id": "x", "index": 1, "content": ""}),
            "index: is 1 after 1",
        ),
    ],
    ids=range(14),
)  # fmt: skip
@pytest.mark.parametrize("read", [read_transcript, read_any])
def test_a_damaged_line_is_named(tmp_path: Path, damaged: str, words: str, read: Any) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text("\n".join([*lines(2), "", damaged, *lines(1)[1:]]))
    with pytest.raises(InputError) as caught:
        read(file)
    message = str(caught.value)
    assert message.startswith(f"{file}:5: ")
    assert words in message
    assert "\n" not in message and len(message) < 500


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ('{"format": "mlsd-transcript/2"}', ":1: format: is 'mlsd-transcript/2', this mlsd reads"),
        ('{"format": 1}', ":1: is no header"),
        ('{"seq": 1, "at": "2026-01-01T00:00:00Z", "type": "paused"}', ":1: is no header"),
        ('{"format": "mlsd-transcript/1", "id": "x"}', ":1: case: is missing"),
        ("hello", ":1: is not JSON"),
        ('{"format": "mlsd-tran', ":1: is not JSON"),
    ],
)
@pytest.mark.parametrize("read", [read_transcript, read_any])
def test_a_first_line_that_is_no_header(tmp_path: Path, first: str, words: str, read: Any) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text("\n".join([first, *lines()[1:]]))
    with pytest.raises(InputError) as caught:
        read(file)
    assert str(caught.value).startswith(f"{file}{words}")


@pytest.mark.parametrize("read", [read_transcript, read_any])
def test_files_that_are_none(tmp_path: Path, read: Any) -> None:
    file = tmp_path / "t.jsonl"
    with pytest.raises(InputError, match="t.jsonl: is missing"):
        read(file)
    with pytest.raises(InputError, match="is a folder"):
        read(tmp_path)
    for content in ("", " \n\n"):
        file.write_text(content)
        with pytest.raises(InputError, match="t.jsonl: is empty"):
            read(file)
    file.write_bytes("\n".join(lines()).encode() + b"\n\xff\xfe")
    with pytest.raises(InputError, match="t.jsonl:5: is not UTF-8"):
        read(file)
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="has 50 MB; a transcript has at most 50"):
        read(file)


def test_a_lone_surrogate_becomes_one_character(tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    file.write_text("\n".join(line.replace("line", "a\\ud800b \\ud83d\\ude00") for line in lines(1)))
    [message] = read_transcript(file).events
    assert isinstance(message, CandidateMessage)
    assert message.content == "a?b 😀\u2028end"


def test_writing_replaces_whole_files_and_leaves_nothing_else(tmp_path: Path) -> None:
    file, link = tmp_path / "t.jsonl", tmp_path / "link.jsonl"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_transcript(StoredInterview(header=header(), events=()), link)
    assert read_transcript(file).header == header()
    assert file.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.jsonl", "t.jsonl"]


def test_a_target_that_cannot_be_written_keeps_what_it_was(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written .*name another file"):
        write_transcript(StoredInterview(header=header(), events=()), tmp_path / "no folder" / "t.jsonl")
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_transcript(StoredInterview(header=header(), events=()), tmp_path / "folder")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_transcript(StoredInterview(header=header(), events=()), pipe)
        assert b"mlsd-transcript/1" in os.read(reader, 10_000)
    finally:
        os.close(reader)
    assert pipe.is_fifo()


CHAT = {
    "case": "fraud-detection",
    "level": "mid",
    "messages": [
        {"role": "system", "content": "You interview."},
        {"role": "assistant", "content": "Detect fraud."},
        {"role": "user", "content": [{"type": "text", "text": "Who pays?"}, {"type": "image_url"},
                                     {"type": "text", "text": "And when?"}]},
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
        {"role": "tool", "content": "42", "tool_call_id": "1"},
        {"role": "assistant", "content": "The bank."},
        {"role": "user", "content": "Then labels come late. \ud800", "step": "data"},
    ],
}  # fmt: skip


def written(file: Path, *values: object, indent: int | None = None) -> Path:
    file.write_text("\n".join(json.dumps(value, indent=indent) for value in values))
    return file


@pytest.mark.parametrize("indent", [None, 2])
def test_an_imported_chat(tmp_path: Path, indent: int | None) -> None:
    [stored] = read_any(written(tmp_path / "chat-7.json", CHAT, indent=indent))
    head = stored.header
    assert (head.id, head.case, head.level) == ("chat-7", "fraud-detection", Level.MID)
    assert (head.interviewer.kind, head.interviewer.model, head.minutes) == ("external", None, None)
    first, question, answer, last = stored.events
    assert isinstance(first, InterviewerMessage) and isinstance(answer, InterviewerMessage)
    assert isinstance(question, CandidateMessage) and isinstance(last, CandidateMessage)
    assert (first.content, first.source, first.move, first.step) == (
        "Detect fraud.",
        "imported",
        "listen",
        None,
    )
    assert (question.content, question.step) == ("Who pays?\nAnd when?", Step.REQUIREMENTS)
    assert (last.content, last.step) == ("Then labels come late. ?", Step.DATA)
    assert [(each.seq, each.index) for each in (first, question, answer, last)] == [
        (1, 0),
        (2, 1),
        (3, 2),
        (4, 3),
    ]
    assert all(UUID(each.id).version == 4 for each in (first, question, answer, last))
    assert all(event.at.tzinfo is not None for event in stored.events)


def test_two_imports_are_identical_and_can_be_written(tmp_path: Path) -> None:
    source = written(tmp_path / "chat.json", CHAT)
    [one], [two] = read_any(source), read_any(source)
    assert dump_transcript(one) == dump_transcript(two)
    write_transcript(one, tmp_path / "t.jsonl")
    assert read_transcript(tmp_path / "t.jsonl") == one


def test_one_conversation_a_line_a_list_and_bare_messages(tmp_path: Path) -> None:
    named = {**CHAT, "id": 12}
    jsonl = written(tmp_path / "runs.jsonl", CHAT, named, CHAT)
    assert [stored.header.id for stored in read_any(jsonl)] == ["runs-1", "12", "runs-3"]
    assert [stored.header.id for stored in read_any(written(tmp_path / "single.jsonl", CHAT))] == ["single"]
    assert [stored.header.id for stored in read_any(written(tmp_path / "list.json", [CHAT, CHAT]))] == [
        "list-1",
        "list-2",
    ]
    [bare] = read_any(written(tmp_path / "bare.json", CHAT["messages"], indent=1), case="fraud-detection")
    assert (bare.header.id, len(bare.events)) == ("bare", 4)


def test_case_and_level_of_the_caller_win_and_level_has_a_default(tmp_path: Path) -> None:
    file = written(tmp_path / "chat.json", CHAT)
    [stored] = read_imported(file, case="ad-click-prediction", level=Level.STAFF)
    assert (stored.header.case, stored.header.level) == ("ad-click-prediction", Level.STAFF)
    [stored] = read_any(written(tmp_path / "bare.json", {**CHAT, "level": None}))
    assert stored.header.level is Level.SENIOR


def without(*names: str, **more: object) -> dict[str, object]:
    return {name: value for name, value in CHAT.items() if name not in names} | more


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (without("case"), "case: is missing; add a field 'case', or say which case it is with `mlsd import --case`"),
        (without(level="god"), "level: is 'god'; use mid, senior, staff"),
        (without(case=["x"]), "case: is ['x']; give a text"),
        (without(messages=[]), "messages: holds nothing"),
        (without(messages="hi"), "messages: is missing"),
        (without(messages=["hi"]), "messages.0: is no object"),
        (without(messages=[{"role": "narrator", "content": "x"}]), "messages.0.role: is 'narrator'; use"),
        (without(messages=[{"role": "user"}]), "messages.0.content: is None; give a text"),
        (without(messages=[{"role": "user", "content": [{"type": "text"}]}]), "content.0.text: is no"),
        (without(messages=[{"role": "user", "content": [7]}]), "messages.0.content.0: is no part"),
    ],
    ids=range(10),
)  # fmt: skip
def test_an_import_of_another_form_is_named(tmp_path: Path, value: object, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_any(written(tmp_path / "chat.json", value))
    assert str(caught.value).startswith(f"{tmp_path / 'chat.json'}: ") and words in str(caught.value)
    with pytest.raises(InputError) as caught:
        read_any(written(tmp_path / "chat.jsonl", CHAT, value))
    assert str(caught.value).startswith(f"{tmp_path / 'chat.jsonl'}:2: ") and words in str(caught.value)


def test_damaged_imports_name_the_line(tmp_path: Path) -> None:
    jsonl = written(tmp_path / "chat.jsonl", CHAT, CHAT)
    jsonl.write_text(jsonl.read_text()[:-5])
    with pytest.raises(InputError, match=r"chat.jsonl:2: is not JSON .*restore the line"):
        read_any(jsonl)
    first = written(tmp_path / "first.jsonl", CHAT)
    first.write_text(first.read_text()[:-5] + "\n" + json.dumps(CHAT))
    with pytest.raises(InputError, match=r"first.jsonl:1: is not JSON .*restore the line"):
        read_any(first)
    pretty = written(tmp_path / "pretty.json", CHAT, indent=2)
    pretty.write_text(pretty.read_text().replace('"level": "mid",', '"level" "mid",'))
    with pytest.raises(InputError, match=r"pretty.json:3: is not JSON"):
        read_any(pretty)
    with pytest.raises(InputError, match=r"twice.jsonl:2: id: 'a' is used twice"):
        read_any(written(tmp_path / "twice.jsonl", {**CHAT, "id": "a"}, {**CHAT, "id": "a"}))


def test_a_header_is_never_taken_for_an_import(tmp_path: Path) -> None:
    stored = StoredInterview(header=Header.model_validate({**header().model_dump(), "messages": []}), events=())
    write_transcript(stored, tmp_path / "t.jsonl")
    assert read_any(tmp_path / "t.jsonl") == [stored]
    assert stored.header.started_at == datetime(2026, 5, 4, 12, 30, 0, 123456, tzinfo=UTC)


def test_a_board_of_an_imported_chat_is_a_board_and_one_that_cannot_be_read_stays_speech(tmp_path: Path) -> None:
    file = tmp_path / "chat.json"
    said = ["/board\nlogs -> trainer", "/board logs ->", "/boarding", "/board"]
    file.write_text(json.dumps({"messages": [{"role": "user", "content": one} for one in said]}), encoding="utf-8")
    (stored,) = read_imported(file, case="ads", level=None)
    assert [(event.content, event.board) for event in stored.events if isinstance(event, CandidateMessage)] == [
        ("logs -> trainer", True),
        *((one, False) for one in said[1:]),
    ]
