"""The command line as a process of its own: how fast it starts, closed pipes, a real terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

import pytest

from tests.cli.conftest import CASE, Played

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
MLSD = [sys.executable, "-m", "app"]
HEAVY = {"litellm", "chainlit", "chromadb", "openai", "onnxruntime", "sqlalchemy", "numpy"}


class TestHelp:
    def test_it_imports_nothing_heavy(self) -> None:
        code = "import sys; from app.cli import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
        assert "interview" in ran.stdout
        assert HEAVY.isdisjoint(ran.stderr.split())

    def test_it_takes_less_than_half_a_second(self) -> None:
        """Processor time, which is what the wall clock shows on a machine with nothing else to do."""
        taken = []
        for _ in range(5):
            before = getrusage(RUSAGE_CHILDREN)
            subprocess.run([*MLSD, "--help"], stdout=subprocess.DEVNULL, cwd=ROOT, check=True)
            after = getrusage(RUSAGE_CHILDREN)
            taken.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
        assert median(taken) < 0.5, taken


class TestModule:
    def test_it_is_the_same_command(self) -> None:
        ran = subprocess.run([*MLSD, "cases", "--json"], capture_output=True, text=True, cwd=ROOT, check=True)
        assert "fraud-detection" in [row["id"] for row in json.loads(ran.stdout)["cases"]]

    def test_a_fault_is_one_line_and_status_2(self) -> None:
        ran = subprocess.run([*MLSD, "interview", "fraud-detektion"], capture_output=True, text=True, cwd=ROOT)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert ran.stderr == "mlsd: there is no case 'fraud-detektion'; did you mean 'fraud-detection'?\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["cases"],
        ["cases", "--json"],
        ["check", "knowledge/fraud-detection"],
        ["export", "{}"],
        ["export", "{}", "--format", "jsonl"],
    ],
)
def test_a_closed_pipe_ends_it_without_a_word(arguments: list[str], parcels: Played) -> None:
    command = [*MLSD, *(argument.format(parcels.transcript) for argument in arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    with process.stderr:
        said = process.stderr.read()
    assert (process.wait(60), said) == (1, b"")


def _at_the_keyboard(inner: int) -> None:
    """In the new process: the pseudo-terminal controls it, and Ctrl-C counts even where the tests run in the background."""
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Terminal:
    """`mlsd` behind a pseudo-terminal that it takes for its controlling one."""

    def __init__(self, *arguments: str) -> None:
        self._screen, inner = pty.openpty()
        self._shown = ""
        self._process = subprocess.Popen(
            [*MLSD, *arguments],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=lambda: _at_the_keyboard(inner),
        )
        os.close(inner)

    def wait_for(self, text: str, *, seconds: float = 60) -> str:
        """What was shown up to a text and with it; later calls look at what comes after."""
        until = time.monotonic() + seconds
        while text not in self._shown:
            ready, _, _ = select.select([self._screen], [], [], max(0.0, until - time.monotonic()))
            assert ready, f"{text!r} was not shown, but {self._shown!r}"
            try:
                self._shown += os.read(self._screen, 4096).decode()
            except OSError as error:
                raise AssertionError(f"{text!r} was not shown, but {self._shown!r}") from error
        found, _, self._shown = self._shown.partition(text)
        return found + text

    def type(self, text: str) -> None:
        os.write(self._screen, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C until it is heard: Python misses one between showing a prompt and reading."""
        for _ in range(12):
            self.type("\x03")
            while select.select([self._screen], [], [], 5.0)[0]:
                self._shown += os.read(self._screen, 4096).decode()
                if self._shown.replace("^C", ""):
                    return

    def close(self) -> int:
        """The exit status, after all that is still to be shown."""
        try:
            while os.read(self._screen, 4096):
                pass
        except OSError:  # how Linux says that nobody holds the other side
            pass
        os.close(self._screen)
        return self._process.wait(30)


def test_an_interview_in_a_terminal(parcels: Played) -> None:
    terminal = Terminal("interview", CASE)
    terminal.wait_for("You  ")
    terminal.type("How much history is kept?\n")
    assert "three years" in terminal.wait_for("You  ")
    terminal.type("/hint\n")
    terminal.wait_for("You  ")
    terminal.interrupt()
    interview = re.search(r"--resume ([0-9a-f-]{36})", terminal.wait_for("\r\n") + terminal.wait_for("\r\n"))
    assert terminal.close() == 0 and interview is not None

    terminal = Terminal("interview", "--resume", interview[1])
    assert "three years" in terminal.wait_for("You  ")
    terminal.type("/status\n")
    assert "1 hint taken" in terminal.wait_for("You  ")
    terminal.type("/end\n")
    terminal.wait_for("Scorecard: Parcel arrival times")
    terminal.wait_for("Hints taken")
    assert terminal.close() == 0


class TestScore:
    def test_one_thread_or_two_give_the_same_scorecard(self, parcels: Played) -> None:
        cards = []
        for threads in ("1", "2"):
            environment = os.environ | {name: threads for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
            command = [*MLSD, "score", str(parcels.transcript), "--json"]
            ran = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=True)
            cards.append(ran.stdout)
        assert cards[0] == cards[1] and json.loads(cards[0])["case"] == CASE
