"""Boards on the page: each is drawn below the message that it was typed in, now and after a reload.

An element holds shapes and texts, which public/elements/Board.jsx draws; no HTML or SVG goes to the page.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import chainlit as cl
from chainlit.element import ElementDict

from app.adapters.board_layout import lay_out
from app.adapters.board_svg import in_words
from app.domain.board import parse_board
from app.domain.interview import boards
from app.errors import InputError
from app.ports import StoredInterview

NAME = "Board"
"""The element's name, and so that of its file in public/elements."""
NOTHING_DRAWN = (
    "Nothing is drawn yet. Type what you would draw after /board, such as logs -> trainer -> model registry -> ranker, "
    "a line for each chain of arrows. a -> b: label labels an arrow; Serving: ranker, cache puts a frame around both."
)
_NOT_RECORDED = "{why}. Nothing was recorded: copy your text, mend it and send it again"
_KEPT = 64


class BoardElements:
    """Draws boards in a thread, and remembers the last ones while the page runs."""

    def __init__(self) -> None:
        self._props: dict[str, dict[str, Any]] = {}

    async def props(self, text: str) -> dict[str, Any]:
        """What the element draws.

        Raises:
            InputError: the text draws no board.
        """
        if text not in self._props:
            drawn = await asyncio.to_thread(_props, text)
            while len(self._props) >= _KEPT:
                del self._props[next(iter(self._props))]
            self._props[text] = drawn
        return self._props[text]

    async def show(self, text: str, *, below: str) -> None:
        """Draw a board below a message that is on the page."""
        # CustomElement.send would write the text to a file of Chainlit's.
        element = await self._element(text, thread_id=cl.context.session.thread_id, below=below)
        await cl.context.emitter.send_element(element)

    async def of(self, stored: StoredInterview) -> list[ElementDict]:
        """The elements of an interview's boards, each below its message."""
        return [
            await self._element(message.content, thread_id=stored.header.id, below=message.id)
            for message, _ in boards(stored.events)
        ]

    async def _element(self, text: str, *, thread_id: str, below: str) -> ElementDict:
        return ElementDict(
            id=f"board-{below}",
            threadId=thread_id,
            type="custom",
            name=NAME,
            display="inline",
            mime="application/json",
            url="",
            props=await self.props(text),
            forId=below,
        )


def check(text: str) -> None:
    """Look whether a text draws a board, before anything is done with it.

    Raises:
        InputError: it draws none.
    """
    try:
        parse_board(text)
    except InputError as error:
        raise InputError(_NOT_RECORDED.format(why=error)) from error


def _props(text: str) -> dict[str, Any]:
    board = parse_board(text)
    shapes = json.loads(lay_out(board).model_dump_json())
    return {"drawing": shapes, "words": f"Board. {in_words(board)}"}
