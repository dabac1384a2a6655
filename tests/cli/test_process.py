"""The command line as a process of its own: how fast it starts, closed pipes, a real terminal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

import pytest

from tests.cli.conftest import CASE, Played, hear_interrupts
from tests.cli.pseudo_terminal import ROOT, Terminal

pytestmark = pytest.mark.slow
MLSD = [sys.executable, "-m", "app"]
HEAVY = {"litellm", "chainlit", "chromadb", "openai", "onnxruntime", "sqlalchemy", "numpy"}


@pytest.mark.alone
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


def test_an_interview_in_a_terminal(parcels: Played) -> None:
    terminal = Terminal([*MLSD, "interview", CASE])
    terminal.wait_for("You  ")
    terminal.type("How much history is kept?\n")
    assert "three years" in terminal.wait_for("You  ")
    terminal.type("/hint\n")
    terminal.wait_for("You  ")
    terminal.interrupt()
    interview = re.search(r"--resume ([0-9a-f-]{36})", terminal.wait_for("\r\n") + terminal.wait_for("\r\n"))
    assert terminal.close() == 0 and interview is not None

    terminal = Terminal([*MLSD, "interview", "--resume", interview[1]])
    assert "three years" in terminal.wait_for("You  ")
    terminal.type("/status\n")
    assert "1 hint taken" in terminal.wait_for("You  ")
    terminal.type("/end\n")
    terminal.wait_for("Scorecard: Parcel arrival times")
    terminal.wait_for("Hints taken")
    assert terminal.close() == 0


@pytest.mark.parametrize("marked", [True, False])
def test_a_pasted_text_is_one_message_and_nothing_is_left_to_the_shell(
    marked: bool, parcels: Played, tmp_path: Path
) -> None:
    out = tmp_path / "pasted.jsonl"
    said = "How much history is kept?\n\nI'd split by date.\nThen I'd predict quantiles."
    terminal = Terminal([*MLSD, "interview", CASE, "--out", str(out)])
    terminal.wait_for("You  ")
    if marked:
        terminal.paste(said)
        terminal.type("\n")
    else:
        terminal.type(f"{said}\n")
    assert "three years" in terminal.wait_for("You  ")
    terminal.type("/end\n")
    terminal.wait_for("Interviewer")
    terminal.type("touch spilled\nand more")  # still on its way when the interview is over
    assert terminal.close() == 0 and terminal.left_over() == b"" and terminal.echoes()
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()][1:]
    assert [event["content"] for event in events if event["type"] == "candidate_message"] == [said]


@pytest.mark.parametrize("end", ["hang-up", "told"])
def test_an_interview_is_paused_when_its_window_closes_or_it_is_told_to_end(
    end: str, parcels: Played, tmp_path: Path
) -> None:
    out = tmp_path / "paused.jsonl"
    terminal = Terminal([*MLSD, "interview", CASE, "--out", str(out)])
    terminal.wait_for("You  ")
    if end == "hang-up":
        terminal.hang_up()
    else:
        terminal.send(signal.SIGTERM)
        terminal.wait_for("Paused. Go on with")
        assert terminal.close() == 0 and terminal.echoes()
    assert json.loads(out.read_text(encoding="utf-8").splitlines()[-1])["type"] == "paused"


class TestScore:
    def test_one_thread_or_two_give_the_same_scorecard(self, parcels: Played) -> None:
        cards = []
        for threads in ("1", "2"):
            environment = os.environ | {name: threads for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
            command = [*MLSD, "score", str(parcels.transcript), "--json"]
            ran = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=True)
            cards.append(ran.stdout)
        assert cards[0] == cards[1] and json.loads(cards[0])["case"] == CASE


def workers_of(run: subprocess.Popen[str]) -> int:
    found = subprocess.run(["pgrep", "-P", str(run.pid), "-f", "spawn_main"], capture_output=True, text=True)
    return len(found.stdout.split())


class TestInterruptedWorkers:
    @pytest.mark.parametrize(
        ("arguments", "after"),
        [
            (["replay", "evals/transcripts/recorded", "--jobs", "2"], 0.0),
            (["replay", "evals/transcripts/recorded", "--jobs", "2"], 2.0),
            (["eval", "--lexical", "--transcripts", "evals/transcripts/recorded/*.jsonl", "--workers", "2"], 0.0),
        ],
        ids=["replay, while they start", "replay, while they work", "eval, while they start"],
    )
    def test_ctrl_c_ends_them_at_once_and_without_a_word(self, arguments: list[str], after: float) -> None:
        run = subprocess.Popen(
            [*MLSD, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,
            preexec_fn=hear_interrupts,
        )
        until = time.monotonic() + 60
        while workers_of(run) < 2 and run.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(after)
        os.killpg(run.pid, signal.SIGINT)
        try:
            said = run.communicate(timeout=20)
        finally:
            run.kill()
        assert (run.returncode, *said) == (130, "", "\n")
