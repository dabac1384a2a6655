from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services.killed import LINES

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.alone
def test_an_interview_killed_at_any_write_goes_on_as_if_nothing_had_happened(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.services.killed", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
    )
    assert done.returncode == 0, done.stderr
    whole: dict[str, Any] = json.loads((tmp_path / "whole.json").read_text(encoding="utf-8"))
    assert whole["events"][-1]["type"] == "ended" and whole["card"]["overall"]["score"] is not None
    assert whole["writes"] == 2 + 2 * (len(LINES) + 1), "creation, opening, and two writes a turn"

    owed = 0
    for number in range(whole["writes"]):
        for when in ("before", "after"):
            place = f"killed {when} write {number}"
            file = tmp_path / f"{number}-{when}.json"
            assert file.exists(), f"{place}: could not be resumed\n{done.stderr}"
            run: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            assert run["status"] == -signal.SIGKILL, place
            assert run["kept"], f"{place}: what was accepted is not what is stored"
            assert not run["answered_again"], f"{place}: answered twice"
            waits = bool(run["found"]) and run["found"][-1] in {
                "candidate_message",
                "hint_requested",
                "advance_requested",
                "end_requested",
            }
            unopened = (number, when) in {(0, "after"), (1, "before")}
            assert run["owed"] is (waits or unopened), place
            owed += run["owed"]
            assert differences(run["events"], whole["events"]) == [], place
            assert run["card"] == whole["card"], place
    assert owed == 2 * (len(LINES) + 2), "after the message and before the reply, and twice before the opening"


def differences(events: list[Any], expected: list[Any]) -> list[str]:
    """What differs, but for the reason of an end that was asked for before the kill."""
    found = []
    for place, (one, other) in enumerate(zip(events, expected, strict=False)):
        loose = {"reason"} if other["type"] == "ended" else set()
        names = {name for name in one.keys() | other.keys() if one.get(name) != other.get(name)} - loose
        if names:
            found.append(f"event {place} ({other['type']}): {sorted(names)}")
    if len(events) != len(expected):
        found.append(f"{len(events)} events instead of {len(expected)}")
    return found
