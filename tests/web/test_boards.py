"""Boards on the page: shown below their message at once and after a reload, refused without loss, drawn from a panel."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import App
from app.domain.events import CandidateMessage
from app.errors import InputError
from app.web.boards import BoardElements
from app.web.page import Page
from tests.web.test_page_handlers import Tab, begun, log_of, of_type, without_panel

BOARD = "Serving: app, eta model\nscans -> trainer -> eta model -> app: minutes"


@pytest.fixture
def page(parcels: App, tmp_path: Path) -> Page:
    return Page(parcels, log_file=tmp_path / "page.log")


async def test_a_board_is_drawn_below_its_message_and_again_after_a_reload(page: Page, parcels: App) -> None:
    tab = await begun(page)
    message_id = await tab.send(BOARD, command="board")
    (drawn,) = tab.cards
    assert drawn["name"] == "Board" and drawn["type"] == "custom" and drawn["forId"] == message_id
    assert [box["lines"] for box in drawn["props"]["drawing"]["boxes"]][0] == ["app"]
    assert "scans to trainer" in drawn["props"]["words"]
    (said,) = of_type(await log_of(parcels, tab), CandidateMessage)
    assert said.id == message_id and said.board and said.content == BOARD
    again = Tab(page, thread_id=tab.session.thread_id)
    thread = await again.resume()
    (element,) = without_panel(thread["elements"])
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
    assert of_type(await log_of(parcels, tab), CandidateMessage) == [] and tab.cards == []


async def test_the_current_board_is_shown_on_request(page: Page, parcels: App) -> None:
    tab = await begun(page)
    await tab.send("", command="board")
    assert "Nothing is drawn yet" in tab.last
    await tab.send("a -> b", command="board")
    await tab.send("b -> c", command="board")
    await tab.send("", command="board")
    assert "b -> c" in tab.last and tab.cards[-1]["forId"] == tab.messages[-1]["id"]
    assert len(of_type(await log_of(parcels, tab), CandidateMessage)) == 2


async def test_the_panel_shows_the_newest_board(page: Page) -> None:
    tab = await begun(page)
    panel = tab.emitted("element")[-1]["props"]["board"]
    assert panel == {"text": "", "image": None, "alt": ""}
    await tab.send("a -> b", command="board")
    await tab.send("b -> c: labels", command="board")
    panel = next(one for one in reversed(tab.emitted("element")) if one["name"] == "Interview")["props"]["board"]
    assert panel["text"] == "b -> c: labels" and "b to c (labels)" in panel["alt"].replace(",", "")
    assert panel["image"].startswith("data:image/svg+xml,") and "<" not in panel["image"]


async def test_drawings_are_remembered_and_forgotten() -> None:
    boards = BoardElements()
    first = await boards.props("a -> b")
    assert await boards.props("a -> b") is first
    for number in range(64):
        await boards.props(f"n{number}")
    assert await boards.props("a -> b") is not first
    with pytest.raises(InputError):
        await boards.props("->")
