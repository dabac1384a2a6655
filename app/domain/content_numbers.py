"""Finds numbers that a case says and that disagree with the numbers it declares under `values`.

The formulas of `derived` only compare declared numbers with each other; what is said must be among them, or a
changed answer would contradict its neighbours unnoticed. Twists are left out: they change a number on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.case import Case
from app.domain.content_check import Finding, Severity
from app.domain.spoken_numbers import spoken_numbers

_LARGE = 1_000
"""Smaller numbers are often not a quantity ("one of them", "99 of 100"); larger ones always were in twelve cases."""
_TOLERANCE = 0.05
_SHARES = ("_share", "_rate")


def check_numbers(case: Case, *, file: str) -> list[Finding]:
    """Large numbers in an answer or the prompt that no fact declares, and shares that are none.

    A fact without `values` is passed over: a case may do without them.

    Args:
        case: the case.
        file: how to name its file in findings.
    """
    return [
        Finding(severity=Severity.ERROR, file=file, field=field, message=message) for field, message in _faults(case)
    ]


def _faults(case: Case) -> Iterator[tuple[str, str]]:
    declared = {number for fact in case.facts for number in fact.values.values()}
    said = [(f"facts.{fact.id}.answer", fact.answer) for fact in case.facts if fact.values]
    if declared:
        said.append(("prompt", case.prompt))
    for field, text in said:
        for number in spoken_numbers(text):
            if number >= _LARGE and not any(abs(number - value) <= _TOLERANCE * number for value in declared):
                yield (
                    field,
                    f"says {number:,.0f}, which no fact has among its `values`; add it there, or mend what is wrong",
                )
    for fact in case.facts:
        for name, value in fact.values.items():
            if name.endswith(_SHARES) and not 0 <= value <= 1:
                yield f"facts.{fact.id}.values.{name}", f"is {value:g}; a share or rate lies between 0 and 1"
