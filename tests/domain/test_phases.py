from __future__ import annotations

import re
from pathlib import Path

import pytest
from statemachine import State, StateMachine

from app.domain.phases import (
    ClockMachine,
    ClockPhase,
    FloorMachine,
    Phase,
    Trigger,
    clock_table,
    compile_table,
    floor_table,
    mermaid,
    next_clock,
    next_phase,
)
from app.errors import TransitionNotAllowed

DOCUMENT = Path(__file__).parents[2] / "docs" / "state-machine.md"


def reach(start: set[str], arrows: set[tuple[str, str]]) -> set[str]:
    found = set(start)
    while more := {target for source, target in arrows if source in found} - found:
        found |= more
    return found


def test_every_phase_can_be_reached_and_can_end() -> None:
    arrows = {(source, target) for (source, _), target in floor_table().items()}
    assert reach({"ready"}, arrows) == {phase.value for phase in Phase}
    assert reach({"ended"}, {(target, source) for source, target in arrows}) == {phase.value for phase in Phase}


def test_both_tables_hold_known_phases_and_triggers_only() -> None:
    for table, phases in ((floor_table(), Phase), (clock_table(), ClockPhase)):
        for (source, trigger), target in table.items():
            assert source in set(phases) and target in set(phases) and trigger in set(Trigger)
    assert {trigger for _, trigger in (*floor_table(), *clock_table())} == set(Trigger)


@pytest.mark.parametrize(
    ("phase", "trigger", "then"),
    [
        (Phase.READY, Trigger.OPENED, Phase.LISTENING),
        (Phase.LISTENING, Trigger.SPOKE, Phase.ANSWERING),
        (Phase.ANSWERING, Trigger.SPOKE, Phase.ANSWERING),
        (Phase.OFFERING, Trigger.SPOKE, Phase.ANSWERING),
        (Phase.CLOSING, Trigger.SPOKE, Phase.ANSWERING),
        (Phase.ANSWERING, Trigger.REPLIED, Phase.LISTENING),
        (Phase.ANSWERING, Trigger.OFFERED, Phase.OFFERING),
        (Phase.ANSWERING, Trigger.INVITED, Phase.CLOSING),
        (Phase.ANSWERING, Trigger.PARTED, Phase.PARTING),
        (Phase.PARTING, Trigger.ENDED, Phase.ENDED),
    ],
)
def test_the_floor_moves(phase: Phase, trigger: Trigger, then: Phase) -> None:
    assert next_phase(phase, trigger) is then


def test_whatever_is_not_listed_is_refused_and_named() -> None:
    allowed = set(floor_table())
    refused = [(phase, trigger) for phase in Phase for trigger in Trigger if (phase, trigger) not in allowed]
    assert len(refused) == len(Phase) * len(Trigger) - len(allowed)
    for phase, trigger in refused:
        with pytest.raises(TransitionNotAllowed) as caught:
            next_phase(phase, trigger)
        assert (caught.value.event, caught.value.state) == (trigger, phase)


def test_the_clock_starts_and_stops_once() -> None:
    assert next_clock(ClockPhase.RUNNING, Trigger.PAUSED) is ClockPhase.STOPPED
    assert next_clock(ClockPhase.STOPPED, Trigger.RESUMED) is ClockPhase.RUNNING
    with pytest.raises(TransitionNotAllowed, match="'resumed'.*'running'"):
        next_clock(ClockPhase.RUNNING, Trigger.RESUMED)
    with pytest.raises(TransitionNotAllowed, match="'paused'.*'stopped'"):
        next_clock(ClockPhase.STOPPED, Trigger.PAUSED)


class Sound(StateMachine):
    red = State(initial=True)
    green = State(final=True)
    go = red.to(green)


class Ambiguous(StateMachine):
    red = State(initial=True)
    green = State(final=True)
    amber = State(final=True)
    go = red.to(green) | red.to(amber)


class Guarded(StateMachine):
    red = State(initial=True)
    green = State(final=True)
    go = red.to(green, cond="may_go")

    def may_go(self) -> bool:
        return True


class Trapped(StateMachine):
    """With the library's own check switched off, as a subclass may do."""

    validate_trap_states = False
    validate_final_reachability = False

    red = State(initial=True)
    green = State(final=True)
    pit = State()
    fall = red.to(pit)
    go = red.to(green)


class Island(StateMachine):
    validate_disconnected_states = False

    red = State(initial=True)
    green = State(final=True)
    island = State()
    go = red.to(green)
    leave = island.to(green)


def test_a_sound_machine_compiles_to_its_table() -> None:
    assert dict(compile_table(Sound)) == {("red", "go"): "green"}
    with pytest.raises(TypeError):
        compile_table(Sound)["red", "go"] = "red"  # type: ignore[index]


@pytest.mark.parametrize(
    ("machine", "complaint"),
    [
        (Ambiguous, "Ambiguous: 'go' in state 'red' leads to two places"),
        (Guarded, "Guarded: red -> green is guarded"),
        (Trapped, "Trapped: ['pit'] cannot end"),
        (Island, "Island: ['island'] cannot be reached"),
    ],
)
def test_an_unsound_machine_is_refused(machine: type[StateMachine], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        compile_table(machine)


def test_a_machine_may_rest_only_when_that_is_said() -> None:
    with pytest.raises(ValueError, match="cannot end"):
        compile_table(ClockMachine)
    assert compile_table(ClockMachine, may_rest=True) == clock_table()
    assert compile_table(FloorMachine) == floor_table()


def test_the_document_shows_the_machines_as_they_are() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    blocks = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    regenerate = "paste this into the mermaid block of docs/state-machine.md:\n\n" + mermaid()
    assert blocks == [mermaid()], regenerate
    prose = text.replace(blocks[0], "")
    missing = [phase.value for phase in Phase if f"`{phase.value}`" not in prose]
    assert not missing, f"docs/state-machine.md explains none of {missing}"
