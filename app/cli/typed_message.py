"""Reads one message of the candidate from a terminal; a text that is pasted is one message, however many lines it has.

A terminal that hands over whole lines would break such a text at its first newline, cut long lines off (macOS after
1,024 bytes), and leave the rest to the shell when the interview ends. So the characters are read as they come, with
the pastes marked where the terminal can mark them (its mode 2004); where it cannot, Enter only counts when nothing
follows it at once.
"""

from __future__ import annotations

import codecs
import os
import re
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

try:
    import termios
except ImportError:  # Windows, where `input` reads from the console
    termios = None  # type: ignore[assignment]

_MARK_PASTES, _MARK_NO_PASTES = "\x1b[?2004h", "\x1b[?2004l"
_FOLLOWS_AT_ONCE_S = 0.05  # nobody types that fast after Enter, and what is pasted is there already
_END_OF_INPUT, _ERASE_ALL, _ERASE_WORD, _REDRAW = "\x04", "\x15", "\x17", "\x0c"
_ERASE = {"\x7f", "\x08"}
_KEY = re.compile(
    r"\x1b\[200~(?P<pasted>.*?)\x1b\[201~"
    r"|(?P<command>\x1b\[(?!200~)[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[^\[O])"
    r"|(?P<plain>[^\x1b])",
    re.DOTALL,
)


def read_message(prompt: str) -> str:
    """One message, of one line or of all lines of a pasted text; from a pipe or a file the next line.

    Raises:
        EOFError: the input has ended, or Ctrl-D was pressed on an empty line.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    if termios is None or not sys.stdin.isatty():
        return input(prompt)
    screen = sys.stdout if sys.stdout.isatty() else sys.stderr
    keyboard = sys.stdin.fileno()
    with _key_by_key(keyboard, screen):
        line = TypedLine(prompt)
        screen.write(prompt)
        screen.flush()
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while not line.done:
            read = os.read(keyboard, 4096)
            if not read:
                raise EOFError
            text = decoder.decode(read)
            while line.waits_for_more(text) and select.select([keyboard], [], [], _FOLLOWS_AT_ONCE_S)[0]:
                read = os.read(keyboard, 4096)
                if not read:
                    break
                text += decoder.decode(read)
            screen.write(line.feed(text))
            screen.flush()
    return line.text.strip("\n")


def drop_unread() -> None:
    """Throw away what was typed or pasted and not read, so that the shell does not take it for commands."""
    if termios is not None and sys.stdin.isatty():
        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


@contextmanager
def _key_by_key(keyboard: int, screen: TextIO) -> Iterator[None]:
    """Characters are handed over one by one and not shown; Ctrl-C still interrupts; all is put back at the end."""
    marks = os.environ.get("TERM", "dumb") != "dumb"
    before = termios.tcgetattr(keyboard)
    raw = termios.tcgetattr(keyboard)
    raw[3] &= ~(termios.ICANON | termios.ECHO)
    raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
    try:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, raw)
        if marks:
            screen.write(_MARK_PASTES)
        yield
    finally:
        if marks:
            screen.write(_MARK_NO_PASTES)
            screen.flush()
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


class TypedLine:
    """What the keys that were pressed make of a message, and what of them is to be shown.

    Args:
        prompt: stands before the message; shown again where the message is.

    Attributes:
        text: the message so far.
        done: whether Enter was pressed.
    """

    def __init__(self, prompt: str) -> None:
        self.text = ""
        self.done = False
        self._prompt = prompt.rpartition("\n")[2]
        self._unread = ""

    def waits_for_more(self, keys: str) -> bool:
        """Whether these keys end with Enter, so that it matters if something follows at once."""
        return keys.endswith("\n") and not self._within_paste(keys)

    def feed(self, keys: str) -> str:
        """Take the keys that came at once; Enter counts where nothing follows it.

        Returns:
            What to show.

        Raises:
            EOFError: Ctrl-D was pressed, and nothing was typed before.
        """
        keys = self._unread + keys
        shown, end = "", 0
        while key := _KEY.match(keys, end):
            end = key.end()
            if key["pasted"] is not None:
                shown += self._add(key["pasted"])
            elif key["plain"] == "\n" and end == len(keys):
                self.done = True
                shown += "\n"
            elif key["plain"] is not None:
                shown += self._press(key["plain"])
        self._unread = keys[end:]
        return shown

    def _within_paste(self, keys: str) -> bool:
        keys = self._unread + keys
        return keys.rfind("\x1b[200~") > keys.rfind("\x1b[201~")

    def _press(self, key: str) -> str:
        if key in _ERASE:
            return self._shorten(self.text[:-1])
        if key == _ERASE_WORD:
            return self._shorten(re.sub(r"\S*\s*\Z", "", self.text))
        if key == _ERASE_ALL:
            return self._shorten("")
        if key == _REDRAW:
            return self._again()
        if key == _END_OF_INPUT:
            if not self.text:
                raise EOFError
            return ""
        return self._add(key)

    def _add(self, text: str) -> str:
        """Put text at the end, without what would move the cursor."""
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        text = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]|[\x00-\x09\x0b-\x1f\x7f-\x9f]", "", text)
        self.text += text
        return text

    def _shorten(self, text: str) -> str:
        """Leave this beginning of the message: rubbed out on the same line, else shown once more."""
        from rich.cells import cell_len

        gone, self.text = self.text[len(text) :], text
        if "\n" in gone:
            return self._again()
        return "\b \b" * cell_len(gone)

    def _again(self) -> str:
        return f"\n{self._prompt}{self.text}"
