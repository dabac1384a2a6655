"""Pieces of a reply on the terminal look as the whole reply does."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from app.cli.interview import _print_turn
from app.cli.streamed_reply import StreamedReply

LONG = "You said calibrated, and keep ten per cent of negatives. How do those two fit together, and where?"


async def shown(*pieces: str, width: int = 40) -> str:
    out = io.StringIO()
    reply = StreamedReply(Console(file=out, width=width, highlight=False))
    for piece in pieces:
        await reply.emit(piece)
    reply.end()
    assert reply.text == "".join(pieces)
    return out.getvalue()


@pytest.mark.parametrize(
    "pieces",
    [
        (LONG,),
        ("You said calibrated, and keep ten per cent of negatives.", " How do those two fit together, and where?"),
        tuple(re.findall(r"\s*\S+", LONG)),
        ("Two lines.\nThe second one.", " More."),
        ("", "Okay."),
        ("[bold]markup[/bold] stays :smile: as it is, and [/] too",),
        ("日本語の文章です。" * 2, " 次の文。"),
    ],
)
async def test_pieces_are_wrapped_as_the_whole_is(pieces: tuple[str, ...]) -> None:
    out = io.StringIO()
    _print_turn(Console(file=out, width=40, highlight=False), "Interviewer", "".join(pieces))
    whole = [line.rstrip() for line in out.getvalue().splitlines()]
    assert [line.rstrip() for line in (await shown(*pieces)).splitlines()] == whole


async def test_nothing_is_printed_for_nothing() -> None:
    assert await shown() == ""


async def test_each_piece_is_there_before_the_next_comes() -> None:
    out = io.StringIO()
    reply = StreamedReply(Console(file=out, width=40))
    await reply.emit("First.")
    assert out.getvalue().endswith("  First.")
    await reply.emit(" Second.")
    assert out.getvalue().endswith("  First. Second.")
