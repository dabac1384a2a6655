"""A reply on the terminal while it is still coming: wrapped and indented as whole replies are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

INDENT = 2
_PARTS = re.compile(r"\n|[^\S\n]+|\S+")


class StreamedReply:
    """Writes pieces of one reply as they arrive.

    Args:
        screen: where to.
        number: which message it will be, counted from 1; None to leave it out.

    Attributes:
        text: all that was written.
    """

    def __init__(self, screen: Console, *, number: int | None = None) -> None:
        self.text = ""
        self._screen = screen
        self._number = number
        self._column = 0
        self._gap = False

    async def emit(self, piece: str) -> None:
        """Write a piece, which ends with a word; the first one brings the interviewer's name with it."""
        from rich.cells import cell_len

        if not piece:
            return
        if not self.text:
            print_speaker(self._screen, "Interviewer", number=self._number)
        self.text += piece
        for part in _PARTS.findall(piece):
            if part == "\n":
                self._break()
            elif part.isspace():
                self._gap = True
            else:
                self._word(part, cells=cell_len(part))

    def end(self) -> None:
        """Leave the line; the next thing printed has one of its own."""
        if self._column:
            self._break()

    def _word(self, word: str, *, cells: int) -> None:
        gap = 1 if self._gap and self._column else 0
        if self._column and self._gap and self._column + gap + cells > self._screen.width:
            self._break()
            gap = 0
        if not self._column:
            self._write(" " * INDENT)
            self._column = INDENT
        self._write(" " * gap + word)
        self._column += gap + cells
        self._gap = False

    def _break(self) -> None:
        self._write("\n")
        self._column = 0
        self._gap = False

    def _write(self, text: str) -> None:
        self._screen.out(text, end="", highlight=False)


def print_speaker(screen: Console, who: str, *, number: int | None = None) -> None:
    """The line above what somebody says, with the number that a scorecard gives the message."""
    from rich.text import Text

    screen.print()
    counted = Text("" if number is None else f"{number} ", style="dim")
    screen.print(Text.assemble(counted, (who, "bold cyan" if who == "Interviewer" else "bold")))


def typing_prompt(screen: Console, *, number: int) -> str:
    """What stands before a message that is being typed; a command that is typed there takes no number."""
    from rich.text import Text

    with screen.capture() as prompt:
        screen.print(Text(f"{number} ", style="dim"), end="You  ")
    return f"\n{prompt.get()}"
