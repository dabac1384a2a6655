"""How an interviewer asks: one thing at a time, never the same again, never what has been said."""

from __future__ import annotations

from evals.infer.reading import Reading

REPEATED = 0.5
"""From here a turn counts as a repeat; half-alike questions are common within a step."""


def single_question(reading: Reading) -> float | None:
    """Share of the asking turns that ask for exactly one thing.

    Range 0 to 1, higher is better (target .9 in the literature on instructional dialogue, .97 for our own). Null if
    nothing is asked. Validated on evals/dev: the count is right in 95 of 100 turns and more.
    """
    asked = [each.label.questions for each in reading.exchanges if each.label.questions]
    return sum(count == 1 for count in asked) / len(asked) if asked else None


def loops(reading: Reading) -> float | None:
    """Turns that say again what the interviewer said before, as a share of its turns.

    Range 0 to 1, lower is better, target 0. A question counts by its words, and where an embedder reads, by its meaning.
    Validated by construction; paraphrases on evals/dev only.
    """
    if not reading.exchanges:
        return None
    return sum(each.repeats >= REPEATED for each in reading.exchanges) / len(reading.exchanges)


def reask(reading: Reading) -> float | None:
    """Share of open questions that ask for a criterion which the candidate had covered before.

    Range 0 to 1, lower is better (target .10). Follow-ups that go deeper do not count. Null where nothing was recorded or
    found. It inherits the matcher's recall (`python -m evals.scoring`); not validated on external text.
    """
    known = [each.known for each in reading.exchanges if each.known is not None]
    return sum(known) / len(known) if known else None
