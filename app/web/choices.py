"""The settings on the start page: what is offered, and how it becomes an agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import chainlit as cl
from chainlit.input_widget import InputWidget, MultiSelect, Select

from app.bootstrap import BUILTIN
from app.domain.events import Header
from app.domain.kinds import InterviewerKind
from app.domain.vocabulary import Frozen, Level, Mode, Step
from app.errors import InputError
from app.services.conduct import Agreement

UNTIMED = "untimed"
_LENGTHS = {f"{minutes} minutes": str(minutes) for minutes in (15, 30, 45, 60)} | {"Untimed": UNTIMED}
_LEVELS = {level.value.capitalize(): level.value for level in Level}
_NO_MODEL = "Start Ollama, LM Studio or llama.cpp, or set MLSD_MODEL, and reload the page to choose a model."
_TYPING = {"None": "0.0", "A quarter more time": "0.25", "Half as much again": "0.5"}


class Chosen(Frozen):
    """What is chosen on the start page; texts, as the browser sends them."""

    level: str = Level.SENIOR.value
    length: str = "45"
    typing: str = "0.0"
    model: str = BUILTIN
    steps: tuple[str, ...] = (Step.DATA.value,)


def chosen_last(header: Header | None, *, model: str | None, models: Sequence[str] = ()) -> Chosen:
    """The choices of the last interview, so that they need not be made again.

    Args:
        header: the newest interview's; None before the first.
        model: the configured model; one that was merely found is never chosen by itself.
        models: those that can be chosen.
    """
    default = Chosen(model=model or BUILTIN)
    if header is None:
        return default
    length = UNTIMED if header.minutes is None else f"{header.minutes:g}"
    typing = str(float(header.typing_allowance))
    builtin = header.interviewer.kind is InterviewerKind.BUILTIN
    again = header.interviewer.model
    return Chosen(
        level=header.level.value,
        length=length if length in _LENGTHS.values() else default.length,
        typing=typing if typing in _TYPING.values() else default.typing,
        model=BUILTIN if builtin else again if again in models else default.model,
        steps=tuple(step.value for step in header.steps) if header.mode is Mode.DRILL else default.steps,
    )


def widgets(chosen: Chosen, mode: Mode, *, models: Sequence[str]) -> cl.ChatSettings:
    """The settings panel.

    Args:
        chosen: what is chosen to begin with.
        mode: the steps are only asked for in a drill.
        models: offered beside the built-in interviewer.
    """
    interviewers = {"Built-in": BUILTIN} | {model: model for model in models}
    inputs: list[InputWidget] = [
        Select(id="level", label="Level", items=_LEVELS, initial_value=chosen.level),
        Select(id="length", label="Length", items=_LENGTHS, initial_value=chosen.length),
        Select(
            id="typing",
            label="Allowance for typing",
            items=_TYPING,
            initial_value=chosen.typing,
            description="Typing is slower than talking; this stretches the clock.",
        ),
        Select(
            id="model",
            label="Interviewer",
            items=interviewers,
            initial_value=chosen.model if chosen.model in interviewers.values() else BUILTIN,
            description="For the next interview. " + ("" if models else _NO_MODEL),
        ),
    ]
    if mode is Mode.DRILL:
        steps = {f"{step.number}. {step.heading}": step.value for step in Step}
        inputs.insert(0, MultiSelect(id="steps", label="Steps to drill", items=steps, initial=list(chosen.steps)))
    return cl.ChatSettings(inputs)


def read(settings: Mapping[str, Any], *, fallback: Chosen) -> Chosen:
    """The choices that a browser sent; what it left out is as before."""
    kept = {name: settings[name] for name in Chosen.model_fields if settings.get(name) is not None}
    if "steps" in kept:
        kept["steps"] = tuple(str(step) for step in kept["steps"])
    return fallback.model_copy(update=kept)


def agreement(chosen: Chosen, *, case: str, mode: Mode, seed: int) -> Agreement:
    """The choices as an agreement.

    Raises:
        InputError: a choice is none that is offered, or a drill has no step.
    """
    if (
        chosen.level not in _LEVELS.values()
        or chosen.length not in _LENGTHS.values()
        or chosen.typing not in _TYPING.values()
    ):
        raise InputError("the settings hold a value that is not offered; open them and choose again")
    steps = tuple(step for step in Step if step.value in chosen.steps) if mode is Mode.DRILL else ()
    if mode is Mode.DRILL and not steps:
        raise InputError(
            "a drill needs at least one step; choose some in the settings, at the gear below, and start again"
        )
    return Agreement(
        case=case,
        level=Level(chosen.level),
        mode=mode,
        minutes=None if chosen.length == UNTIMED else float(chosen.length),
        steps=steps,
        typing_allowance=float(chosen.typing),
        seed=seed,
    )
