"""The wordings that flaws are planted in, as two files of the same shape."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import ValidationError

from app.domain.vocabulary import Frozen
from app.errors import ContentError
from evals.vocabulary import Flaw

SEVERITIES = ("blatant", "medium", "subtle")
_FOLDER = Path(__file__).parent


class Half(StrEnum):
    """Wordings and base interviews that detectors may be tuned on, and those that they may not."""

    DEV = "dev"
    HELDOUT = "heldout"


class _BySeverity(Frozen):
    blatant: tuple[str, ...]
    medium: tuple[str, ...]
    subtle: tuple[str, ...]


class Wordings(Frozen):
    """The wordings of one half, with slots in braces.

    Attributes:
        no_op: rewrites that change nothing of substance; {turn} is the turn's own text.
    """

    flaws: dict[Flaw, _BySeverity]
    no_op: tuple[str, ...]

    def of(self, flaw: Flaw, severity: str) -> tuple[str, ...]:
        """The wordings of a flaw in a severity."""
        found: tuple[str, ...] = getattr(self.flaws[flaw], severity)
        return found


def load_wordings(half: Half) -> Wordings:
    """Read a half.

    Raises:
        ContentError: its file is missing, or has another shape.
    """
    file = _FOLDER / f"{half}.yaml"
    try:
        value = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Wordings(no_op=value.pop("no-op"), flaws=value)
    except (OSError, yaml.YAMLError, ValidationError, AttributeError, KeyError) as error:
        first = str(error).splitlines()[0]
        raise ContentError(f"holds no wordings of flaws ({first}); mend it", file=file) from error
