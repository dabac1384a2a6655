"""A program behind a pseudo-terminal that it takes for its controlling one."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def _at_the_keyboard(inner: int) -> None:
    """In the new process: the pseudo-terminal controls it, and signals count even where the tests run in the background."""
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Terminal:
    """A program at a keyboard and a screen."""

    def __init__(self, command: Sequence[str], *, term: str = "xterm-256color") -> None:
        self._screen, self._inner = pty.openpty()
        self._shown = ""
        self._process = subprocess.Popen(
            command,
            stdin=self._inner,
            stdout=self._inner,
            stderr=self._inner,
            cwd=ROOT,
            env=os.environ | {"TERM": term},
            start_new_session=True,
            preexec_fn=lambda: _at_the_keyboard(self._inner),
        )

    def wait_for(self, text: str, *, seconds: float = 60) -> str:
        """What was shown up to a text and with it; later calls look at what comes after."""
        until = time.monotonic() + seconds
        while text not in self._shown:
            ready, _, _ = select.select([self._screen], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"{text!r} was not shown, but {self._shown!r}"
            self._shown += os.read(self._screen, 4096).decode()
        found, _, self._shown = self._shown.partition(text)
        return found + text

    def type(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def paste(self, text: str) -> None:
        """As a terminal does that was asked to mark pastes."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def interrupt(self) -> None:
        """Press Ctrl-C until it is heard: Python misses one between showing a prompt and reading."""
        for _ in range(12):
            self.type("\x03")
            while select.select([self._screen], [], [], 5.0)[0]:
                self._shown += os.read(self._screen, 4096).decode()
                if self._shown.replace("^C", ""):
                    return

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        self._process.send_signal(number)

    def hang_up(self) -> int:
        """Close the window; the exit status."""
        os.close(self._inner)
        os.close(self._screen)
        return self._process.wait(30)

    def close(self) -> int:
        """The exit status, after all that is still to be shown."""
        while self._process.poll() is None:
            if select.select([self._screen], [], [], 0.05)[0]:
                self._shown += os.read(self._screen, 4096).decode()
        return self._process.wait(30)

    def left_over(self) -> bytes:
        """What the program left unread, which a shell would take for commands; after `close`."""
        before, raw = termios.tcgetattr(self._inner), termios.tcgetattr(self._inner)
        raw[3] &= ~termios.ICANON
        termios.tcsetattr(self._inner, termios.TCSANOW, raw)
        found = os.read(self._inner, 4096) if select.select([self._inner], [], [], 0.2)[0] else b""
        termios.tcsetattr(self._inner, termios.TCSANOW, before)
        return found

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, as a shell expects it to."""
        flags = termios.tcgetattr(self._inner)[3]
        return bool(flags & termios.ECHO) and bool(flags & termios.ICANON)
