"""Who worded an interviewer's turns: the model, or the curated text and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from app.domain.events import InterviewerMessage
from app.domain.kinds import Source
from app.domain.vocabulary import Frozen
from app.ports import StoredInterview


class Worded(StrEnum):
    """How a turn came by its words."""

    FIRST = "by the model, at once"
    RETRY = "by the model, on its second attempt"
    CUT = "begun by the model, then cut"
    TURNED_DOWN = "curated: both attempts were turned down"
    FAILED = "curated: the model failed or was too slow"
    RESTED = "curated: the model rested after a failure"
    AS_WRITTEN = "curated: no model is asked to word such a turn"

    @property
    def by_model(self) -> bool:
        """Whether words of the model's were shown."""
        return self in {Worded.FIRST, Worded.RETRY, Worded.CUT}


class WordingShare(Frozen):
    """Turns by how they came by their words.

    Attributes:
        turns: number of turns.
        rules: attempts that the guard turned down or cut off, by its rule.
        failures: turns in which the model failed, by what was told of it.
    """

    turns: dict[Worded, int]
    rules: dict[str, int]
    failures: dict[str, int]

    @property
    def all(self) -> int:
        """All turns of the interviewer's."""
        return sum(self.turns.values())

    @property
    def asked(self) -> int:
        """Turns that a model was asked to word."""
        return self.all - self.turns.get(Worded.AS_WRITTEN, 0) - self.turns.get(Worded.RESTED, 0)

    @property
    def by_model(self) -> int:
        """Turns in which words of the model's were shown."""
        return sum(count for how, count in self.turns.items() if how.by_model)


def worded_by(message: InterviewerMessage) -> Worded:
    """How one turn came by its words."""
    report = message.guard
    if report is None:
        return Worded.AS_WRITTEN
    if report.attempts == 0:
        return Worded.RESTED
    if message.source is Source.MODEL:
        stopped = report.failure is not None or len(report.rules) == report.attempts
        if stopped:
            return Worded.CUT
        return Worded.FIRST if report.attempts == 1 else Worded.RETRY
    return Worded.TURNED_DOWN if report.failure is None else Worded.FAILED


def wording_share(interviews: Iterable[StoredInterview]) -> WordingShare:
    """Count the turns of interviews."""
    messages = [event for each in interviews for event in each.events if isinstance(event, InterviewerMessage)]
    reports = [message.guard for message in messages if message.guard is not None and message.guard.attempts]
    return WordingShare(
        turns=dict(Counter(worded_by(message) for message in messages)),
        rules=dict(Counter(rule for report in reports for rule in report.rules).most_common()),
        failures=dict(Counter(report.failure for report in reports if report.failure is not None).most_common()),
    )
