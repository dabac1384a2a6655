"""The forms in which a debrief leaves the product: one set for the command and the page."""

from __future__ import annotations

from enum import StrEnum

from app.domain.debrief import Debrief
from app.domain.scorecard import Scorecard


class ExportForm(StrEnum):
    """How a debrief is written; the value is also the file's ending."""

    MD = "md"
    HTML = "html"
    JSON = "json"


class ExportedDebrief(Scorecard):
    """What `mlsd export --format json` prints: the scorecard, and the debrief that is made from it."""

    debrief: Debrief
