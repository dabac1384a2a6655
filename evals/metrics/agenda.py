"""Whether the interview covers its ground, in order, in depth and in time."""

from __future__ import annotations

from collections import Counter

from app.domain.vocabulary import Step
from evals.infer.reading import Reading
from evals.infer.text import spoken_words
from evals.vocabulary import Act

# What a step rests on: no model before a task, no serving before a model (the classic fault of the interview).
_RESTS_ON = {
    Step.FRAMING: {Step.REQUIREMENTS},
    Step.DATA: {Step.FRAMING},
    Step.MODELING: {Step.FRAMING},
    Step.EVALUATION: {Step.FRAMING},
    Step.SERVING: {Step.MODELING},
    Step.MONITORING: {Step.MODELING},
}
# Minutes of 45, as the product's clock has it.
_MINUTES = dict(zip(Step, (6, 4, 9, 9, 6, 5, 3), strict=True))
_FOLLOWING = {Act.PROBE, Act.CHALLENGE, Act.HINT}


def visited(reading: Reading) -> list[Step]:
    """The steps that the interviewer's turns leave the candidate in, in the order of the first visit."""
    found = [each.label.step for each in reading.exchanges if each.label.step is not None]
    return list(dict.fromkeys(found))


def coverage(reading: Reading) -> float | None:
    """Share of the agreed steps in which some turn leaves the candidate.

    Range 0 to 1, higher is better. Source: agenda coverage, issue 6. Validated on evals/dev (steps inferred) and by
    construction on recordings.
    """
    steps = reading.transcript.steps
    return len(set(visited(reading)) & set(steps)) / len(steps) if reading.exchanges and steps else None


def prerequisites(reading: Reading) -> float | None:
    """Share of the visited steps that came after what they rest on (a task before data, a model before serving).

    Range 0 to 1, higher is better; null if no step was visited. Only ground among the agreed steps is asked for.
    Source: the design's "prerequisites come before what rests on them". Validated by construction only.
    """
    order = visited(reading)
    if not order:
        return None
    agreed = set(reading.transcript.steps)
    laid = [_RESTS_ON.get(step, set()) & agreed <= set(order[:place]) for place, step in enumerate(order)]
    return sum(laid) / len(laid)


def probe_coverage(reading: Reading) -> float | None:
    """Share of the case's core criteria that were asked for, or covered without being asked.

    Range 0 to 1, higher is better; null where neither was recorded nor can be told. Not validated on external text:
    there both come from nearness to curated sentences, which misses paraphrases.
    """
    if reading.covered is None or not reading.core:
        return None
    reached = {each.criterion for each in reading.exchanges if each.criterion} | set(reading.covered)
    return len(reached & set(reading.core)) / len(reading.core)


def depth(reading: Reading) -> float | None:
    """Follow-ups (probes, challenges, hints) per visited step.

    Range 0 upwards, usually 0 to 4; more is deeper, and 3 on two steps is what a senior interview aims at. Source:
    design ("two deep dives three questions deep"). Not validated: acts of external text are inferred.
    """
    steps = visited(reading)
    if not steps:
        return None
    return sum(each.label.act in _FOLLOWING for each in reading.exchanges) / len(steps)


def pacing(reading: Reading) -> float | None:
    """How near the split of the candidate's words over the steps is to the clock's split of minutes.

    1 minus total variation distance; range 0 to 1, higher is better. Words stand for time, which external text lacks.
    Null if the candidate says nothing in any step. Not validated.
    """
    words: Counter[Step] = Counter()
    for each in reading.exchanges:
        if each.label.step is not None:
            words[each.label.step] += spoken_words(each.after)
    total = sum(words.values())
    if not total:
        return None
    wanted = {step: _MINUTES[step] for step in reading.transcript.steps}
    distance = sum(abs(words[step] / total - wanted.get(step, 0) / sum(wanted.values())) for step in Step)
    return 1 - distance / 2


def closing(reading: Reading) -> float | None:
    """Whether the interviewer's last turn closes the interview: 1 or 0.

    Higher is better; null where the candidate ended a recorded interview, who then leaves nothing to close.
    Validated on evals/dev.
    """
    if not reading.exchanges:
        return None
    closes = reading.exchanges[-1].label.act is Act.CLOSE
    if (
        not closes
        and reading.transcript.ended is not None
        and reading.transcript.ended.value in {"candidate", "script"}
    ):
        return None
    return float(closes)
