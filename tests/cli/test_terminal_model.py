"""An interviewer behind an endpoint, in a real terminal: replies stream, and a model that goes away ends nothing."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CASE, Played, write_lines
from tests.cli.pseudo_terminal import Terminal
from tests.cli.test_process import MLSD
from tests.servers import LocalModel, StubEndpoint, hang_up, reword, reword_held_back

MODEL = "llama.cpp:stub"
SAID = (
    "I'd measure success by fewer where-is-my-parcel calls.",
    "Then I'd predict two quantiles.",
    "Gaps are imputed.",
)
LINES = (
    {"content": "Who uses it, and how fast must it answer?", "seconds": 20},
    {"content": SAID[0], "seconds": 30},
    {"content": "I'd predict the tenth and ninetieth quantile and show the window.", "step": "framing"},
    {"content": "I'd train on the first weeks and test on the last, so no later scan leaks.", "step": "data"},
    {"content": "Gaps are filled from the schedule, with a flag that says so."},
    {"content": "Boosted trees with a quantile loss, against the schedule as a baseline.", "step": "modeling"},
    {"content": "Coverage of the window, by depot and by hour of the day.", "step": "evaluation"},
    {"content": "I'd cache what changes by the hour and compute the rest on request.", "step": "serving"},
)


def replies_in(file: Path) -> list[Any]:
    """The interviewer's messages after the opening."""
    events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()[1:]]
    return [event for event in events if event["type"] == "interviewer_message"][1:]


def words(shown: str) -> str:
    """Without colours, commands to the terminal and breaks of lines."""
    return " ".join(re.sub(r"\x1b\[[0-9;?]*[a-z]", "", shown).split())


@pytest.mark.slow
class TestTyped:
    def test_a_reply_is_shown_while_it_is_still_coming(
        self, parcels: Played, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        gate, out = threading.Event(), tmp_path / "streamed.jsonl"
        with StubEndpoint(reword_held_back(gate)) as stub:
            monkeypatch.setenv("MLSD_LLAMA_CPP_PORT", str(stub.port))
            terminal = Terminal([*MLSD, "interview", CASE, "--level", "mid", "--model", MODEL, "--out", str(out)])
            terminal.wait_for("You  ")
            terminal.type(f"{SAID[0]}\n")
            shown = terminal.wait_for("All right.", seconds=15)  # the speaker gives up after 20
            assert stub.count == 1 and "You  " not in shown
            gate.set()
            shown = "All right." + terminal.wait_for("You  ")
            terminal.type("/end\n")
            terminal.wait_for("Scorecard: Parcel arrival times")
            assert terminal.close() == 0
        reply = replies_in(out)[0]
        assert reply["source"] == "model" and reply["guard"]["failure"] is None
        assert words(shown) == words(f"{reply['content']} {reply['index'] + 2} You")

    def test_a_model_that_goes_away_is_told_once_and_the_interview_is_finished(
        self, parcels: Played, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        out = tmp_path / "alone.jsonl"
        with StubEndpoint(reword(every_s=0.01)) as stub:
            monkeypatch.setenv("MLSD_LLAMA_CPP_PORT", str(stub.port))
            terminal = Terminal([*MLSD, "interview", CASE, "--level", "mid", "--model", MODEL, "--out", str(out)])
            terminal.wait_for("You  ")
            terminal.type(f"{SAID[0]}\n")
            before = terminal.wait_for("You  ")
            stub.behaviour = hang_up  # on a connection that was kept open; a new one is refused from here on
        shown = ""
        for line in SAID[1:]:
            terminal.type(f"{line}\n")
            shown += terminal.wait_for("You  ")
        terminal.type("/end\n")
        shown += terminal.wait_for("Scorecard: Parcel arrival times")
        assert terminal.close() == 0
        flat = words(shown)
        assert "did not answer" not in before and flat.count("did not answer") == 1
        assert re.search(r"\(the model server at \S+ (cannot be reached; start it|broke off the connection; try)", flat)
        found = replies_in(out)
        assert [reply["source"] for reply in found] == ["model", "curated", "curated", "curated"]
        assert all(words(reply["content"]) in flat for reply in found[1:])


@pytest.mark.model
@pytest.mark.timeout(300)
def test_a_whole_interview_on_the_local_model(
    local_model: LocalModel, parcels: Played, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script, out = write_lines(tmp_path / "script.jsonl", *LINES), tmp_path / "whole.jsonl"
    monkeypatch.setenv("MLSD_LLAMA_CPP_PORT", local_model.base_url.removesuffix("/v1").rpartition(":")[2])
    model = f"llama.cpp:{local_model.model}"
    terminal = Terminal([*MLSD, "interview", CASE, "--model", model, "--script", str(script), "--out", str(out)])
    flat = words(terminal.wait_for("Scorecard: Parcel arrival times", seconds=280))
    assert terminal.close() == 0
    found = replies_in(out)
    assert len(found) > len(LINES) and all(words(reply["content"]) in flat for reply in found)
    assert any(reply["guard"] is not None and reply["guard"]["attempts"] for reply in found)
    assert all(line["content"] in flat for line in LINES)
