"""Whether an interviewer gives answers away, in its turns and in its hints."""

from __future__ import annotations

from collections import Counter

from app.domain.vocabulary import Step
from evals.infer.reading import Exchange, Reading
from evals.vocabulary import Act

TELLS = 0.5
"""From this weight on a turn counts as a leak."""
_RUNGS_BEFORE_SOLUTION = 2


def leakage(reading: Reading) -> float | None:
    """Share of the interviewer's turns that give an answer away.

    Counts give-away terms and statements near to what covers a criterion, which the candidate has not said, no hint has
    released and the case does not state. A third rung after two others is no leak. Range 0 to 1, lower is better (target
    .02 in the literature, .01 for our own). Validated on evals/dev; without an embedder paraphrases are missed.
    """
    if not reading.exchanges:
        return None
    allowed = {each.turn.index for each in on_ladder(reading)}
    return sum(each.leak >= TELLS and each.turn.index not in allowed for each in reading.exchanges) / len(
        reading.exchanges
    )


def hint_ladder(reading: Reading) -> float | None:
    """Share of the hints that stand on their rung: no solution before two lighter hints on the same subject.

    Recorded rungs must also rise by one at most. Range 0 to 1, higher is better (target .95). Null without hints.
    Validated by construction on recordings, on evals/dev for inferred hints.
    """
    hints = [each for each in reading.exchanges if each.label.act is Act.HINT]
    return len(on_ladder(reading)) / len(hints) if hints else None


def on_ladder(reading: Reading) -> list[Exchange]:
    """The hints that come in order."""
    given: Counter[tuple[Step | None, str | None]] = Counter()
    found = []
    for each in reading.exchanges:
        if each.label.act is not Act.HINT:
            continue
        subject = (each.label.step, each.turn.criterion)
        before = given[subject]
        rises = each.turn.rung is None or each.turn.rung <= before + 1
        if rises and (each.leak < TELLS or before >= _RUNGS_BEFORE_SOLUTION):
            found.append(each)
        given[subject] = max(before + 1, each.turn.rung or 0)
    return found
