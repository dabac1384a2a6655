"""Whose turn it is, and whether the clock runs: two state machines, compiled to transition tables.

The machines are declared with python-statemachine, which reads well and draws itself; at run time
only the compiled table is used, for a fold over an interview's events asks it hundreds of times a turn.
Compiling rejects what the library lets pass: two transitions for one state and trigger (it would
silently take the first), guards (the policy decides, not the machine), states that cannot be reached
and states that cannot end.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from statemachine import State, StateMachine

from app.errors import TransitionNotAllowed


class Phase(StrEnum):
    """Whose turn it is."""

    READY = "ready"
    LISTENING = "listening"
    ANSWERING = "answering"
    OFFERING = "offering"
    CLOSING = "closing"
    PARTING = "parting"
    ENDED = "ended"


class ClockPhase(StrEnum):
    """Whether the clock runs."""

    RUNNING = "running"
    STOPPED = "stopped"


class Trigger(StrEnum):
    """What moves the machines; events map to these (`interview.trigger_of`)."""

    OPENED = "opened"
    SPOKE = "spoke"
    REPLIED = "replied"
    OFFERED = "offered"
    INVITED = "invited"
    PARTED = "parted"
    ENDED = "ended"
    PAUSED = "paused"
    RESUMED = "resumed"


class FloorMachine(StateMachine):
    """Who has the floor. The interviewer owes a reply in `answering`, and only there."""

    ready = State(initial=True)
    listening = State()
    answering = State()
    offering = State()
    closing = State()
    parting = State()
    ended_ = State(final=True, value="ended")

    opened = ready.to(listening)
    spoke = listening.to(answering) | offering.to(answering) | closing.to(answering) | answering.to(answering)
    replied = answering.to(listening)
    offered = answering.to(offering)
    invited = answering.to(closing)
    parted = answering.to(parting)
    ended = parting.to(ended_)


class ClockMachine(StateMachine):
    """Whether time counts. Stopped is where an interview rests while the candidate is away."""

    running = State(initial=True)
    stopped = State()

    paused = running.to(stopped)
    resumed = stopped.to(running)


Table = Mapping[tuple[str, str], str]


def compile_table(machine: type[StateMachine], *, may_rest: bool = False) -> Table:
    """The transition table of a machine: (state, trigger) to state.

    Args:
        machine: a flat machine without guards.
        may_rest: whether the machine may run for ever; otherwise every state must lead to a final one.

    Raises:
        ValueError: it is ambiguous, guarded, or has a state that cannot be reached or cannot end.
    """
    table: dict[tuple[str, str], str] = {}
    for state in machine.states:
        for transition in state.transitions:
            target = str(transition.target.value)
            if list(transition.cond):
                raise ValueError(
                    f"{machine.__name__}: {state.value} -> {target} is guarded; decide in the policy instead"
                )
            for event in transition.events:
                key = (str(state.value), str(event.id))
                if key in table:
                    raise ValueError(f"{machine.__name__}: {key[1]!r} in state {key[0]!r} leads to two places")
                table[key] = target
    values = {str(state.value) for state in machine.states}
    initial = {str(state.value) for state in machine.states if state.initial}
    final = {str(state.value) for state in machine.states if state.final}
    arrows = {(source, target) for (source, _), target in table.items()}
    unreached = values - _closure(initial, arrows)
    if unreached:
        raise ValueError(f"{machine.__name__}: {sorted(unreached)} cannot be reached")
    trapped = values - _closure(final, {(target, source) for source, target in arrows})
    if trapped and not may_rest:
        raise ValueError(f"{machine.__name__}: {sorted(trapped)} cannot end")
    return MappingProxyType(table)


def _closure(start: set[str], arrows: set[tuple[str, str]]) -> set[str]:
    reached = set(start)
    while more := {target for source, target in arrows if source in reached} - reached:
        reached |= more
    return reached


@cache
def floor_table() -> Table:
    """The compiled `FloorMachine`."""
    return compile_table(FloorMachine)


@cache
def clock_table() -> Table:
    """The compiled `ClockMachine`."""
    return compile_table(ClockMachine, may_rest=True)


def next_phase(phase: Phase, trigger: Trigger) -> Phase:
    """Where a trigger leads.

    Raises:
        TransitionNotAllowed: the trigger is not possible in this phase.
    """
    try:
        return Phase(floor_table()[(phase, trigger)])
    except KeyError:
        raise TransitionNotAllowed(trigger.value, phase.value) from None


def next_clock(phase: ClockPhase, trigger: Trigger) -> ClockPhase:
    """Where a trigger leads.

    Raises:
        TransitionNotAllowed: the clock is already running, or already stopped.
    """
    try:
        return ClockPhase(clock_table()[(phase, trigger)])
    except KeyError:
        raise TransitionNotAllowed(trigger.value, phase.value) from None


def mermaid() -> str:
    """The diagram of both machines, for docs/state-machine.md."""
    lines = ["stateDiagram-v2"]
    for name, machine, table in (
        ("floor", FloorMachine, floor_table()),
        ("clock", ClockMachine, clock_table()),
    ):
        lines.append(f"    state {name} {{")
        for state in machine.states:
            if state.initial:
                lines.append(f"        [*] --> {state.value}")
        for (source, trigger), target in table.items():
            lines.append(f"        {source} --> {target}: {trigger}")
        for state in machine.states:
            if state.final:
                lines.append(f"        {state.value} --> [*]")
        lines.append("    }")
    return "\n".join(lines) + "\n"
