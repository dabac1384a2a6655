"""Boards on the page: shown below their message at once and after a reload, refused without loss, drawn from a panel."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import App
from app.domain.events import CandidateMessage
from app.errors import InputError
from app.web.boards import BoardElements
from app.web.page import Page
from tests.web.test_page_handlers import Tab, begun, log_of, of_type

BOARD = "Serving: app, eta model\nscans -> trainer -> eta model -> app: minutes"


@pytest.fixture
def page(parcels: App, tmp_path: Path) -> Page:
    return Page(parcels, log_file=tmp_path / "page.log")


async def test_a_board_is_drawn_below_its_message_and_again_after_a_reload(page: Page, parcels: App) -> None:
    tab = await begun(page)
    message_id = await tab.send(BOARD, command="board")
    (drawn,) = tab.emitted("element")
    assert drawn["name"] == "Board" and drawn["type"] == "custom" and drawn["forId"] == message_id
    assert [box["lines"] for box in drawn["props"]["drawing"]["boxes"]][0] == ["app"]
    assert "scans to trainer" in drawn["props"]["words"]
    (said,) = of_type(await log_of(parcels, tab), CandidateMessage)
    assert said.id == message_id and said.board and said.content == BOARD
    again = Tab(page, thread_id=tab.session.thread_id)
    thread = await again.resume()
    (element,) = thread["elements"] or []
    assert element["forId"] == message_id and element["props"] == drawn["props"] and element["name"] == "Board"
    (step,) = [step for step in thread["steps"] if step["id"] == message_id]
    assert step["output"] == BOARD and step["command"] == "board"


async def test_a_typed_command_may_hold_lines(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("/board\nscans -> eta model\nmonitor")
    (said,) = of_type(await log_of(parcels, tab), CandidateMessage)
    assert said.content == "scans -> eta model\nmonitor" and said.board


@pytest.mark.parametrize("text", ["scans ->", "<script>alert(1)</script>", "a | b"])
async def test_what_is_no_board_is_told_and_nothing_is_recorded(page: Page, parcels: App, text: str) -> None:
    tab = await begun(page)
    await tab.send(text, command="board")
    assert tab.messages[-1]["isError"] and "Nothing was recorded: copy your text" in tab.last
    assert of_type(await log_of(parcels, tab), CandidateMessage) == [] and tab.emitted("element") == []


async def test_the_current_board_is_shown_on_request(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("", command="board")
    assert "Nothing is drawn yet" in tab.last
    await tab.send("a -> b", command="board")
    await tab.send("b -> c", command="board")
    await tab.send("", command="board")
    assert "b -> c" in tab.last and tab.emitted("element")[-1]["forId"] == tab.messages[-1]["id"]
    assert len(of_type(await log_of(parcels, tab), CandidateMessage)) == 2


async def test_a_panel_can_draw(page: Page, parcels: App) -> None:
    tab = await begun(page)

    async def from_panel() -> None:
        await page.draw_board(BOARD)

    await tab.do(from_panel)
    (said,) = of_type(await log_of(parcels, tab), CandidateMessage)
    shown = next(message for message in tab.messages if message["id"] == said.id)
    assert shown["type"] == "user_message" and shown["output"] == BOARD and said.board
    before = len(tab.messages)

    async def refused() -> None:
        await page.draw_board("scans ->")

    await tab.do(refused)
    assert tab.messages[-1]["isError"] and len(tab.messages) == before + 1
    await tab.send("", command="end")
    await tab.do(from_panel)
    assert "over" in tab.last and len(of_type(await log_of(parcels, tab), CandidateMessage)) == 1


async def test_drawings_are_remembered_and_forgotten() -> None:
    boards = BoardElements()
    first = await boards.props("a -> b")
    assert await boards.props("a -> b") is first
    for number in range(64):
        await boards.props(f"n{number}")
    assert await boards.props("a -> b") is not first
    with pytest.raises(InputError):
        await boards.props("->")
