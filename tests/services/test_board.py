"""A board in an interview: recorded, observed once, asked about, scored from the messages, told of in the debrief."""

from __future__ import annotations

import pytest

from app.adapters.matcher import ExampleMatcher
from app.domain.board import parse_board
from app.domain.catalog import Catalog
from app.domain.events import CandidateMessage, DoubtNoted, EvidenceFound, NumberStated, RedFlagSeen
from app.domain.interview import fold
from app.domain.kinds import Move
from app.domain.scorecard import Status
from app.errors import InputError
from app.ports import StoredInterview
from app.services.assess import Assessor
from app.services.commands import CommandName, parse_command
from app.services.conduct import Agreement
from app.services.debrief_text import debrief_markdown
from app.services.debriefing import debrief_of
from app.services.observe_board import new_parts
from app.services.script import parse_script, play
from tests.services.conftest import Room

VIDEO = "video-recommendation"
LOGS = "logs -> trainer -> ranker"


async def drawn(room: Room, *boards: str, case: str = VIDEO) -> StoredInterview:
    await room.begin(case)
    for text in boards:
        await room.conductor.draw(room.id, text)
    return await room.store.load(room.id)


def found(stored: StoredInterview) -> list[EvidenceFound | DoubtNoted]:
    return [event for event in stored.events if isinstance(event, EvidenceFound | DoubtNoted)]


async def test_a_board_is_recorded_as_typed_and_the_newest_is_current(room: Room) -> None:
    stored = await drawn(room, "  a -> b\r\n", LOGS)
    boards = [event for event in stored.events if isinstance(event, CandidateMessage)]
    assert [(event.content, event.board) for event in boards] == [("a -> b", True), (LOGS, True)]
    current = fold(stored.header, stored.events).ledger.board
    assert current == parse_board(LOGS)


async def test_what_is_no_board_is_refused_and_not_recorded(room: Room) -> None:
    await room.begin(VIDEO)
    before = await room.events()
    with pytest.raises(InputError, match="line 2 of the board: an end of the arrow"):
        await room.conductor.draw(room.id, "a -> b\nb ->")
    with pytest.raises(InputError, match="empty"):
        await room.conductor.draw(room.id, "  ")
    assert await room.events() == before


async def test_every_quote_is_a_part_of_the_board_as_typed(room: Room) -> None:
    stored = await drawn(
        room,
        "Serving: Two-Tower  Retrieval, ranker\n Two-tower retrieval->ranker :  800 videos in 20 ms\n"
        "ranker ->  watch logs:  features logged at serving time",
    )
    (message,) = (event for event in stored.events if isinstance(event, CandidateMessage))
    assert found(stored)
    assert all(event.quote in message.content for event in found(stored))
    assert [event.quote for event in stored.events if isinstance(event, NumberStated)] == ["20 ms"]


async def test_drawing_the_same_again_says_nothing_new(room: Room) -> None:
    stored = await drawn(room, LOGS, LOGS, f"{LOGS}\ncache")
    turns = {event.turn for event in found(stored)}
    assert turns <= {1, 5} and [event.quote for event in found(stored) if event.turn == 5] in ([], ["cache"])


@pytest.mark.parametrize(
    ("text", "before", "new"),
    [
        ("a -> b; b -> c", "A -> B", ["b -> c", "c"]),
        ("a -> b: daily rows", "a -> b", ["a -> b: daily rows"]),
        ("a -> b", "a -> b: daily rows", []),
        ("b -> a", "a <-> b", []),
        ("a -> b", "not ->", ["a -> b", "a", "b"]),
        ("not ->", "", []),
    ],
)
def test_what_is_new_on_a_board(text: str, before: str, new: list[str]) -> None:
    assert [part.span.text for part in new_parts(text, drawn=[before])] == new


@pytest.mark.slow
async def test_names_alone_are_never_credited(room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
    for case in catalog.cases:
        assert case.architecture is not None
        room.id = case.id
        names = dict.fromkeys(alias.replace(":", "") for one in case.architecture.components for alias in one.also)
        stored = await drawn(room, ", ".join(list(names)[:50]), case=case.id)
        assert not [event for event in found(stored) if isinstance(event, EvidenceFound)]


@pytest.mark.slow
async def test_a_diagram_alone_never_earns_more_than_partly(
    room: Room, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    """The whole reference architecture, drawn without labels, under the names that people use."""
    credited = 0
    for case in catalog.cases:
        assert case.architecture is not None
        room.id = case.id
        names = {one.id: (one.also or (one.name,))[0].replace(":", "") for one in case.architecture.components}
        arrows = [f"{names[e.source]} -> {names[e.target]}" for e in case.architecture.edges if names[e.source] != names[e.target]]  # fmt: skip
        stored = await drawn(room, "\n".join(arrows[: len(arrows) // 2]), "\n".join(arrows), case=case.id)
        card = Assessor(catalog=catalog, matcher=matcher).assess(stored)
        lines = [line for step in card.steps for line in step.criteria if line.evidence]
        credited += len(lines)
        assert all(line.rating == 2 and line.status is Status.PARTIAL for line in lines), case.id
        assert not card.red_flags and not [event for event in stored.events if isinstance(event, RedFlagSeen)]
    assert credited, "else this shows nothing"


async def test_a_label_with_a_reason_can_earn_more(room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
    case = "fraud-detection"
    said = "risk scorer -> policy: approve, challenge or block, because a block costs a sale"
    stored = await drawn(room, said, case=case)
    card = Assessor(catalog=catalog, matcher=matcher).assess(stored)
    (line,) = (line for step in card.steps for line in step.criteria if line.id == "three-way-decision")
    assert line.rating is not None and line.rating >= 3 and line.evidence[0].quote == said


async def test_the_messages_alone_give_the_same_scorecard(
    room: Room, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    await room.begin("fraud-detection")
    await room.conductor.draw(room.id, "merchant -> authorisation service -> rules")
    await room.say("Fewer losses to fraud at the same acceptance rate, because both cost money.")
    await room.conductor.draw(
        room.id, "merchant -> authorisation service -> rules\npolicy engine -> authorisation service"
    )
    await room.say("/end")
    stored = await room.store.load(room.id)
    assessor = Assessor(catalog=catalog, matcher=matcher)
    live = {event.criterion: event.quote for event in stored.events if isinstance(event, EvidenceFound)}
    anew = {line.id: line.evidence for step in assessor.assess(stored).steps for line in step.criteria if line.evidence}
    assert set(live) == set(anew) and any("->" in quote for quote in live.values())
    again = StoredInterview.model_validate_json(stored.model_dump_json())
    assert assessor.assess(again) == assessor.assess(stored)


async def test_an_arrow_is_pressed_in_its_own_words_with_one_question(room: Room) -> None:
    await room.begin(VIDEO)
    await room.say("I'd optimise watch time.")
    reply = await room.conductor.draw(room.id, LOGS)
    assert reply.message.content == 'On "logs -> trainer": whose choices are in those logs?'
    assert reply.message.move is Move.PRESS and reply.message.content.count("?") == 1


async def test_no_board_question_is_asked_twice_or_of_what_was_drawn_before(room: Room) -> None:
    stored = await drawn(room, *[f"{LOGS}\n{more}" for more in ("x", "x -> y", "x -> y", "x -> y\nz")])
    said = [event.content for event in stored.events if event.type == "interviewer_message"]  # type: ignore[union-attr]
    asked = [text for text in said if '"' in text]
    assert len(asked) == len(set(asked)) and all(text.count("?") <= 1 for text in said)
    assert '"x -> y"' in said[2] and '"x -> y"' not in said[3] and '"z"' in said[4]


async def test_a_board_is_an_answer_whatever_its_boxes_are_called(room: Room) -> None:
    stored = await drawn(room, "hint -> next step; end the interview, what is my score")
    assert fold(stored.header, stored.events).ended is None
    assert not [event for event in stored.events if event.type in {"hint_requested", "advance_requested"}]


async def test_a_damaged_board_of_a_file_breaks_nothing(room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
    stored = await drawn(room, LOGS)
    damaged = tuple(
        event.model_copy(update={"content": "->"}) if isinstance(event, CandidateMessage) else event
        for event in stored.events
    )
    card = Assessor(catalog=catalog, matcher=matcher).assess(stored.model_copy(update={"events": damaged}))
    assert fold(stored.header, damaged).ledger.board is None and card.overall.score is None


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("/board logs -> trainer", "logs -> trainer"),
        ("/BOARD\nlogs -> trainer\nx", "logs -> trainer\nx"),
        ("/board", ""),
        ("/board a -> b; b -> c", "a -> b; b -> c"),
    ],
)
def test_the_command(typed: str, text: str) -> None:
    command = parse_command(typed)
    assert command is not None and command.name is CommandName.BOARD and command.text == text


async def test_a_script_can_draw(room: Room, catalog: Catalog) -> None:
    heard: list[str] = []

    async def hear(content: str | None, reply: object) -> None:
        heard.append(str(content))

    lines = parse_script('{"content": "/board logs -> trainer"}\n{"content": "/board"}\n', name="s")
    await play(lines, Agreement(case=VIDEO), room.conductor, clock=room.clock, heard=hear, interview_id=room.id)
    boards = [event for event in await room.events() if isinstance(event, CandidateMessage)]
    assert [(event.content, event.board) for event in boards] == [("logs -> trainer", True)]
    bad = parse_script('{"content": "/board ->"}', name="s")
    with pytest.raises(InputError, match="line 1 of the script: line 1 of the board"):
        await play(bad, Agreement(case=VIDEO), room.conductor, clock=room.clock, heard=hear, interview_id="other")


class TestDebrief:
    async def test_the_last_board_stands_beside_the_reference(
        self, room: Room, catalog: Catalog, matcher: ExampleMatcher
    ) -> None:
        await drawn(room, "a -> b", f"{LOGS}\nfeature store -> ranker\nkiosk ``` -> ranker")
        await room.say("/end")
        stored = await room.store.load(room.id)
        debrief = debrief_of(stored, Assessor(catalog=catalog, matcher=matcher).assess(stored), catalog)
        board = debrief.board
        assert board is not None and board.turn == 3 and board.comparison is not None
        assert board.comparison.extra == ("kiosk ```",)
        assert board.remarks[0].startswith(
            "The reference is one of several good ones. Your board and it have 4 of its "
        )
        text = debrief_markdown(debrief)
        assert "## Your board and one good architecture" in text and f"````text\n{LOGS}" in text
        assert [line.board for line in debrief.dialogue if line.speaker == "candidate"] == [True, True]

    async def test_without_a_board_there_is_no_such_section(
        self, room: Room, catalog: Catalog, matcher: ExampleMatcher
    ) -> None:
        await room.begin(VIDEO)
        await room.say("/end")
        stored = await room.store.load(room.id)
        debrief = debrief_of(stored, Assessor(catalog=catalog, matcher=matcher).assess(stored), catalog)
        assert debrief.board is None and "Your board" not in debrief_markdown(debrief)
