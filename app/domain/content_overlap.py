"""Finds text that says the same thing twice: within a criterion, along a hint ladder, and between cases.

By words, not by meaning: cheap, explainable, and blind to a good paraphrase.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.domain.case import Case, Note
from app.domain.content_check import Finding, Severity
from app.domain.rubric import Criterion
from app.domain.speech import stems, words_of

_COPIED_RUN = 12
"""Words in a row: longer than the stock phrases that any two interviewers share."""
_SAME = 0.85
"""Share of common stems, of all stems of two sentences, from which they say the same."""
_TOLD = 0.6
"""Share of the last rung's stems that an earlier rung may not already hold."""


def check_repetition(case: Case, *, file: str) -> list[Finding]:
    """Near-duplicate sentences and probes within a criterion, and hints that tell the next rung's content."""
    findings: list[Finding] = []
    for criterion in case.criteria:
        said = [*criterion.covers, *(miss.text for miss in criterion.near_misses)]
        for texts, field in ((said, "covers and near_misses"), (list(criterion.probes), "probes")):
            for one, other in _near_duplicates(texts):
                message = f"says the same twice: {one!r} and {other!r}; reword one"
                findings.append(_warning(file, f"criteria.{criterion.id}.{field}", message))
        findings += _ladder(criterion, file=file)
    return findings


def check_copies(cases: Iterable[Case], notes: Iterable[Note], *, files: Mapping[str, str]) -> list[Finding]:
    """Runs of twelve words or more that stand in two cases; ways of asking are free, as people ask alike.

    Args:
        cases: all cases.
        notes: their notes.
        files: the file of each case, for messages.
    """
    note_texts: dict[str, list[str]] = {}
    for note in notes:
        note_texts.setdefault(note.case, []).extend(section.text for section in note.sections)
    owners: dict[tuple[str, ...], str] = {}
    findings: list[Finding] = []
    told: set[tuple[str, str]] = set()
    for case in cases:
        for text in (*_own_texts(case), *note_texts.get(case.id, ())):
            words = words_of(text)
            for start in range(len(words) - _COPIED_RUN + 1):
                run = tuple(words[start : start + _COPIED_RUN])
                owner = owners.setdefault(run, case.id)
                if owner != case.id and (case.id, text) not in told:
                    told.add((case.id, text))
                    message = f"stands in {owner!r} too: {' '.join(run)!r}; write it anew"
                    findings.append(_warning(files[case.id], "text", message))
    return findings


def _near_duplicates(texts: list[str]) -> Iterator[tuple[str, str]]:
    kept = [(text, stems(text)) for text in texts]
    for place, (text, own) in enumerate(kept):
        for other, others in kept[:place]:
            if own and len(own & others) >= _SAME * len(own | others):
                yield other, text


def _ladder(criterion: Criterion, *, file: str) -> Iterator[Finding]:
    last = stems(criterion.hints.bottom_out)
    for rung, text in (("nudge", criterion.hints.nudge), ("pointer", criterion.hints.pointer)):
        if last and len(last & stems(text)) >= _TOLD * len(last):
            message = f"tells what the bottom-out rung tells: {text!r}; say where to look instead"
            yield _warning(file, f"criteria.{criterion.id}.hints.{rung}", message)


def _own_texts(case: Case) -> Iterator[str]:
    """Every text of a case but its readings and the ways of asking."""
    plain = case.model_dump(mode="json", exclude={"reading"})
    for part in ("facts", "decisions"):
        for item in plain[part]:
            item.pop("asks")
    yield from _strings(plain)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _warning(file: str, field: str, message: str) -> Finding:
    return Finding(severity=Severity.WARNING, file=file, field=field, message=message)
