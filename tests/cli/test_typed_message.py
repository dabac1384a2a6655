"""A message as it is typed, rubbed out and pasted, at a real pseudo-terminal and key by key."""

from __future__ import annotations

import signal
import sys
import time

import pytest

from app.cli.typed_message import TypedLine, read_message
from tests.cli.pseudo_terminal import Terminal

PROGRAM = """
from app.cli.typed_message import drop_unread, read_message
while (message := read_message("You  ")) != "bye":
    print("HEARD", ascii(message))
drop_unread()
"""
LONG = " ".join(["We'd train on the first weeks and test on the last."] * 250)


def heard(typed: str, *, term: str = "xterm-256color") -> list[str]:
    """The messages that a program hears when this arrives at its keyboard, with `bye` after it."""
    terminal = Terminal([sys.executable, "-c", PROGRAM], term=term)
    terminal.wait_for("You  ")
    found = []
    for part in typed.split("|"):  # what comes later than the answer to what came before
        for begin in range(0, len(part), 1000):
            terminal.type(part[begin : begin + 1000])
        terminal.wait_for("HEARD ")
        found.append(eval(terminal.wait_for("\r\n")))  # noqa: S307 (our own program's output)
        terminal.wait_for("You  ")
    terminal.type("bye\n")
    assert terminal.close() == 0 and terminal.echoes()
    return found


@pytest.mark.parametrize(
    ("typed", "messages"),
    [
        ("One.\n|Two.\n", ["One.", "Two."]),
        ("\x1b[200~One.\rTwo.\x1b[201~\n", ["One.\nTwo."]),
        ("So: \x1b[200~One.\n\n\nTwo.\n\x1b[201~ And three.\n", ["So: One.\n\n\nTwo.\n And three."]),
        ("\x1b[200~One.\nTwo.\n\x1b[201~\n|Three.\n", ["One.\nTwo.", "Three."]),
        ("One.\n\nTwo.\nThree.\n", ["One.\n\nTwo.\nThree."]),
        (f"{LONG}\n", [LONG]),
        (f"\x1b[200~{LONG}\n{LONG}\x1b[201~\n", [f"{LONG}\n{LONG}"]),
        ("na\u00efve \u2013 \u6f22\u5b57\x7f\n", ["na\u00efve \u2013 \u6f22"]),
    ],
    ids=["typed", "pasted", "amid", "ends-with-newline", "unmarked", "long-line", "long-paste", "letters"],
)
def test_a_message_is_what_was_typed_or_pasted_before_enter(typed: str, messages: list[str]) -> None:
    assert heard(typed) == messages


def test_a_terminal_that_can_do_nothing_takes_a_paste_too() -> None:
    assert heard("One.\nTwo.\n", term="dumb") == ["One.\nTwo."]


def test_the_end_of_input_right_behind_enter_ends_the_input_after_the_message() -> None:
    terminal = Terminal([sys.executable, "-c", PROGRAM])
    terminal.wait_for("You  ")
    terminal.type("One.\n\x04")
    terminal.wait_for("HEARD 'One.'")
    terminal.wait_for("EOFError")
    terminal.close()
    assert terminal.echoes()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_program_that_is_told_to_end_hands_the_terminal_back(number: signal.Signals) -> None:
    terminal = Terminal([sys.executable, "-c", PROGRAM])
    terminal.wait_for("You  ")
    terminal.send(number)
    terminal.wait_for("\x1b[?2004l")
    terminal.wait_for("EOFError")
    terminal.close()
    assert terminal.echoes()


def keyed(*chunks: str) -> TypedLine:
    line = TypedLine("You  ")
    for chunk in chunks:
        line.feed(chunk)
    return line


class TestKeys:
    @pytest.mark.parametrize(
        ("chunks", "text"),
        [
            (("a\x7f\x7fb",), "b"),
            (("one two  \x17three",), "one three"),
            (("one\x15two",), "two"),
            (("\x1b[200~one\ntwo\x1b[201~\x15", "three"), "three"),
            (("ab\x1b[D\x1b[3~\x1bOPc",), "abc"),
            (("a\x1b", "[", "Db"), "ab"),
            (("\x1b[20", "0~one\n", "two\x1b[2", "01~"), "one\ntwo"),
            (("\x1b[200~a\x1b[31mb\x07c\td\r\ne\x1b[201~",), "abc d\ne"),
            (("a\x04b\x00c",), "abc"),
            (("one \x17\x17two",), "two"),
            (("one\n two\x17three",), "one\n three"),
            (("caf\u0065\u0301\x7f",), "caf"),
            (("\u0301\x7fa",), "a"),
            (("a\x1b\x1b[Db\x1bfc",), "abc"),
            (("\x1b[200~a\x1b[20", "mb\x1b", "[200~c\x1b[201", "~d"), "abcd"),
            (("\x1b[200~one\n\x04\x1b[201~two",), "one\ntwo"),
        ],
    )
    def test_what_they_make(self, chunks: tuple[str, ...], text: str) -> None:
        line = keyed(*chunks)
        assert line.text == text and not line.done

    def test_enter_ends_it_unless_more_came_with_it(self) -> None:
        assert keyed("one\n").done and keyed("\x1b[200~one\n\x1b[201~", "\n").done
        assert not keyed("one\ntwo").done and not keyed("\x1b[200~one\n").done
        assert not keyed("\x1b[200~one", "\n\x04").done

    @pytest.mark.parametrize("escape", ["\x1b", "\x1b[", "\x1b[1;", "\x1bO"])
    def test_enter_counts_behind_an_escape_that_came_to_nothing(self, escape: str) -> None:
        for line in (keyed(f"one{escape}\n"), keyed(f"one{escape}", "\n")):
            assert line.done and line.text == "one"

    def test_the_end_of_input_right_behind_enter_is_for_the_next_message(self) -> None:
        line = keyed("one\ntwo\n\x04")
        assert line.done and line.text == "one\ntwo"
        with pytest.raises(EOFError):
            keyed(line.ahead)

    def test_large_pastes_and_long_gaps_take_no_longer_for_each_letter(self) -> None:
        text = f"{'word ' * 40_000}{' ' * 200_000}"
        pieces = [text[begin : begin + 1000] for begin in range(0, len(text), 1000)]
        begun = time.process_time()
        pasted, typed = keyed("\x1b[200~", *pieces, "\x1b[201~"), keyed(*pieces)
        assert pasted.text == typed.text == text
        pasted.feed("x" + " " * 100_000 + "\x17")
        assert pasted.text == text and time.process_time() - begun < 1.0

    def test_the_end_of_input_counts_on_an_empty_line(self) -> None:
        with pytest.raises(EOFError):
            keyed("a\x7f\x04")

    @pytest.mark.parametrize(
        ("before", "keys", "shown"),
        [
            ("ab", "\x7f", "\b \b"),
            ("\u6f22", "\x7f", "\b \b\b \b"),
            ("", "\x7f", ""),
            ("one\ntw", "\x15", "\nYou  "),
            ("one", "\x0c", "\nYou  one"),
            ("", "x\x1b[Ay", "xy"),
        ],
    )
    def test_what_they_show(self, before: str, keys: str, shown: str) -> None:
        line = TypedLine("\nYou  ")
        line.feed(f"\x1b[200~{before}\x1b[201~")
        assert line.feed(keys) == shown


def test_a_pipe_stays_one_line_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("one\ntwo\n"))
    assert [read_message(""), read_message("")] == ["one", "two"]
