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
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

try:
    import termios
except ImportError:  # Windows, where `input` reads from the console
    termios = None  # type: ignore[assignment]

_MARK_PASTES, _MARK_NO_PASTES = "\x1b[?2004h", "\x1b[?2004l"
_FOLLOWS_AT_ONCE_S = 0.05  # nobody types that fast after Enter, and what is pasted is there already
_END_OF_INPUT, _ERASE_ALL, _ERASE_WORD, _REDRAW = "\x04", "\x15", "\x17", "\x0c"
_ERASE = {"\x7f", "\x08"}
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_KEY = re.compile(
    r"(?P<paste>\x1b\[200~)"
    r"|(?P<text>[^\x00-\x09\x0b-\x1f\x7f]+)"
    r"|(?P<control>[\x00-\x09\x0b-\x1a\x1c-\x1f\x7f])"
    # A command of the keyboard, which says nothing; one that a control character breaks off ends before that.
    r"|\x1b(?:\[[0-?]*[ -/]*(?:[@-~]|(?=[^ -~]))|O(?:[ -~]|(?=[^ -~]))|[^\[O\x00-\x1f]|(?=[\x00-\x1f]))"
)
_ENTER_AND_END = re.compile(r"(?<=\n)\x04+\Z")
_ahead: list[str] = []  # what was read together with a message and belongs to the next one


def read_message(prompt: str) -> str:
    """One message, of one line or of all lines of a pasted text; from a pipe or a file the next line.

    Raises:
        EOFError: the input has ended, Ctrl-D was pressed on an empty line, the terminal is gone, or the program was
            told to end.
        KeyboardInterrupt: Ctrl-C was pressed.
    """
    if termios is None or not sys.stdin.isatty():
        return input(prompt)
    screen = sys.stdout if sys.stdout.isatty() else sys.stderr
    keyboard = sys.stdin.fileno()
    line = TypedLine(prompt)
    with _ended_by_signals(), _key_by_key(keyboard, screen):
        _show(screen, prompt)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        text, _ahead[:] = "".join(_ahead), []
        while not line.done:
            text = text or decoder.decode(_read(keyboard))
            while line.waits_for_more(text) and select.select([keyboard], [], [], _FOLLOWS_AT_ONCE_S)[0]:
                text += decoder.decode(_read(keyboard))
            _show(screen, line.feed(text))
            text = ""
    _ahead.append(line.ahead)
    return line.text.strip("\n")


def _read(keyboard: int) -> bytes:
    """What was typed.

    Raises:
        EOFError: the input has ended, or the terminal is gone.
    """
    try:
        read = os.read(keyboard, 4096)
    except OSError as error:
        raise EOFError from error
    if not read:
        raise EOFError
    return read


def _show(screen: TextIO, text: str) -> None:
    with suppress(OSError):  # where the terminal is gone, reading says so
        screen.write(text)
        screen.flush()


def drop_unread() -> None:
    """Throw away what was typed or pasted and not read, so that the shell does not take it for commands."""
    _ahead.clear()
    if termios is not None and sys.stdin.isatty():
        with suppress(OSError, termios.error):  # the terminal is gone
            termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


@contextmanager
def _key_by_key(keyboard: int, screen: TextIO) -> Iterator[None]:
    """Characters are handed over one by one and not shown; Ctrl-C still interrupts; all is put back at the end."""
    marks = os.environ.get("TERM", "dumb") != "dumb"
    try:
        before, raw = termios.tcgetattr(keyboard), termios.tcgetattr(keyboard)
    except termios.error as error:
        raise EOFError from error
    raw[3] &= ~(termios.ICANON | termios.ECHO)
    raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
    try:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, raw)
        if marks:
            _show(screen, _MARK_PASTES)
        yield
    finally:
        with suppress(OSError, termios.error):  # the terminal may be gone
            termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
        if marks:
            _show(screen, _MARK_NO_PASTES)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """What tells the program to end, or that the terminal is gone, ends the input, so that all can be put back.

    Raises:
        EOFError: it was told so; once, however many signals say it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    caught = [each for each, handler in before.items() if handler is not signal.SIG_IGN]

    def end(number: int, frame: FrameType | None) -> None:
        for each in caught:
            signal.signal(each, signal.SIG_IGN)
        raise EOFError

    try:
        for each in caught:
            signal.signal(each, end)
        yield
    finally:
        for each in caught:
            signal.signal(each, before[each] or signal.SIG_DFL)


class TypedLine:
    """What the keys that were pressed make of a message, and what of them is to be shown.

    Args:
        prompt: stands before the message; shown again where the message is.

    Attributes:
        text: the message so far.
        done: whether Enter was pressed.
        ahead: the keys behind Enter that belong to the next message: an end of input.
    """

    def __init__(self, prompt: str) -> None:
        self.text = ""
        self.done = False
        self.ahead = ""
        self._prompt = prompt.rpartition("\n")[2]
        self._unread = ""  # the beginning of a key or a mark, at most
        self._pasted: list[str] | None = None  # the pieces of a paste whose end has not come yet

    def waits_for_more(self, keys: str) -> bool:
        """Whether these keys end with Enter, so that it matters if something follows at once."""
        return keys.endswith("\n") and not self._within_paste(keys)

    def feed(self, keys: str) -> str:
        """Take the keys that came at once; Enter counts where nothing follows it, or the end of input alone.

        Returns:
            What to show.

        Raises:
            EOFError: Ctrl-D was pressed, and nothing was typed before.
        """
        if (ending := _ENTER_AND_END.search(keys)) and not self._within_paste(keys):
            keys, self.ahead = keys[: ending.start()], ending[0]
        keys, self._unread = self._unread + keys, ""
        shown, at = [], 0
        while at < len(keys):
            if self._pasted is not None:
                text, at = self._paste(keys, at, self._pasted)
            elif key := _KEY.match(keys, at):
                at = key.end()
                text = self._take(key, last=at == len(keys))
            else:
                self._unread = keys[at:]
                break
            shown.append(text)
        return "".join(shown)

    def _paste(self, keys: str, at: int, pieces: list[str]) -> tuple[str, int]:
        """Take what is pasted from here on; what to show, and where the paste or the keys end."""
        end = keys.find(_PASTE_ENDS, at)
        if end >= 0:
            self._pasted = None
            return self._add("".join((*pieces, keys[at:end]))), end + len(_PASTE_ENDS)
        cut = keys.rfind("\x1b", max(at, len(keys) - len(_PASTE_ENDS) + 1))
        if cut < 0 or not _PASTE_ENDS.startswith(keys[cut:]):
            cut = len(keys)
        pieces.append(keys[at:cut])
        self._unread = keys[cut:]
        return "", len(keys)

    def _take(self, key: re.Match[str], *, last: bool) -> str:
        """Do what one key says, or what several letters do; what to show."""
        if key["paste"]:
            self._pasted = []
        elif key["text"]:
            self.done = last and key["text"].endswith("\n")
            return self._add(key["text"][:-1]) + "\n" if self.done else self._add(key["text"])
        elif key["control"]:
            return self._press(key["control"])
        return ""

    def _within_paste(self, keys: str) -> bool:
        keys = self._unread + keys
        begins, ends = keys.rfind(_PASTE_BEGINS), keys.rfind(_PASTE_ENDS)
        return self._pasted is not None if begins == ends else begins > ends

    def _press(self, key: str) -> str:
        if key in _ERASE:
            return self._shorten(_without_last_letter(self.text))
        if key == _ERASE_WORD:
            return self._shorten(_without_last_word(self.text))
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


def _without_last_letter(text: str) -> str:
    """Less the last letter and the accents that stand on it, which are characters of their own."""
    end = len(text)
    while end and unicodedata.category(text[end - 1]) in {"Mn", "Me"}:
        end -= 1
    return text[: max(end - 1, 0)]


def _without_last_word(text: str) -> str:
    words = text.rsplit(maxsplit=1)
    return text.rstrip()[: -len(words[-1])] if words else ""
