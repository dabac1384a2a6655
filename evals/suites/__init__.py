"""Suites: plain files that say what is measured, from what, and with which target.

A suite's `from` is "transcripts", whose measures are metrics and flaw scores of `evals.metrics`, or a module with a
function `measure(app) -> list[Unit]`, whose measures that module defines.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from app.errors import ContentError, InputError
from evals.metrics import FLAW_PREFIX, FLAWS, METRICS

FOLDER = Path(__file__).parent
TRANSCRIPTS = "transcripts"
BY_DEFAULT = ("conduct", "hints")


class Check(Frozen):
    """One figure and what it should be; without bounds it is only reported."""

    measure: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def target(self) -> str | None:
        """The bounds in words."""
        low, high = self.at_least, self.at_most
        if low is not None and high is not None:
            return f"{low:g} to {high:g}"
        return f">= {low:g}" if low is not None else f"<= {high:g}" if high is not None else None

    def met_by(self, value: float | None) -> bool | None:
        """Whether a figure is within the bounds; None where there is no figure or no bound."""
        if value is None or self.target is None:
            return None
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


class Suite(Frozen):
    """A suite's file."""

    id: str
    title: str
    about: str
    source: str = Field(alias="from")
    checks: tuple[Check, ...]


class Vote(Frozen):
    """What a judge said once; both are null where it gave no reply that could be read.

    Attributes:
        value: 1 to 5 for one interview; of two, 1 for the new one, -1 for the earlier one, 0 for neither.
    """

    value: float | None = None
    reason: str | None = None


class Unit(Frozen):
    """What was measured of one unit (a case, a flaw) by a suite with a program of its own.

    Attributes:
        votes: of a judge, by measure.
    """

    id: str
    values: dict[str, float | None]
    votes: dict[str, tuple[Vote, ...]] = {}


class NoFigures(InputError):
    """A suite's data is not here; its message says what is missing."""


def suite_names() -> list[str]:
    """The suites that ship."""
    return sorted(file.stem for file in FOLDER.glob("*.yaml"))


def load_suite(name: str) -> Suite:
    """A suite by the name of its file.

    Raises:
        InputError: there is no such suite.
        ContentError: its file is not one.
    """
    file = FOLDER / f"{name}.yaml"
    if name not in suite_names():
        near = get_close_matches(name, suite_names(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(suite_names())}"
        raise InputError(f"there is no suite {name!r}; {hint}")
    try:
        value: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        suite = Suite.model_validate({"id": name, **value})
    except (yaml.YAMLError, ValidationError, TypeError) as error:
        first = str(error).splitlines()[0]
        raise ContentError(f"is no suite ({first}); mend it", file=file) from error
    known = {*METRICS, *(f"{FLAW_PREFIX}{flaw}" for flaw in FLAWS)}
    for check in suite.checks if suite.source == TRANSCRIPTS else ():
        if check.measure not in known:
            raise ContentError(f"there is no measure {check.measure!r}; mend it", file=file, field="checks")
    return suite


def run_program(suite: Suite, app: App) -> Sequence[Unit]:
    """The units that a suite's own program measures.

    Raises:
        NoFigures: what it measures from is not here.
    """
    module = importlib.import_module(suite.source)
    units: Sequence[Unit] = module.measure(app)
    return units
