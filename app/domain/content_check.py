"""What `mlsd check` demands of content beyond its form: references, arithmetic, depth, and no give-aways.

Pure functions from content to findings; each finding names the file, the field and the remedy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from enum import StrEnum
from statistics import mean

from app.domain.arithmetic import evaluate
from app.domain.case import Case, Note
from app.domain.catalog import Catalog
from app.domain.rubric import (
    Criterion,
    HintLadder,
    NearMiss,
    RedFlag,
    SharedCriterion,
    SharedRedFlag,
    StepRubric,
)
from app.domain.vocabulary import Frozen, Step

_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_WORD = re.compile(r"[a-z0-9]+")
_TOLERANCE = 0.05


class Severity(StrEnum):
    """An error breaks the interview; a warning makes it worse."""

    ERROR = "error"
    WARNING = "warning"


class Finding(Frozen):
    """One thing that is wrong with the content."""

    severity: Severity
    file: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.field}: {self.message}"


class _Report:
    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def error(self, field: str, message: str) -> None:
        self.findings.append(Finding(severity=Severity.ERROR, file=self.file, field=field, message=message))

    def warn(self, field: str, message: str) -> None:
        self.findings.append(Finding(severity=Severity.WARNING, file=self.file, field=field, message=message))


def check_catalog(catalog: Catalog) -> list[Finding]:
    """All findings, rubrics first, then case by case."""
    findings: list[Finding] = []
    everywhere: dict[str, str] = {}
    for rubric in catalog.rubrics:
        findings += check_rubric(rubric)
        report = _Report(f"rubrics/{rubric.step}.yaml")
        for criterion in rubric.criteria:
            if criterion.id in everywhere:
                report.error(criterion.id, f"is also an id in {everywhere[criterion.id]}; shared ids are unique")
            everywhere[criterion.id] = report.file
        for flag in rubric.red_flags:
            if flag.criterion not in catalog.shared_by_id:
                report.error(f"red_flags.{flag.id}.criterion", f"there is no shared criterion {flag.criterion!r}")
        findings += report.findings
    for case in sorted(catalog.cases, key=lambda case: case.id):
        shared = {criterion_id: step for criterion_id, (step, _) in catalog.shared_by_id.items()}
        notes = [note for note in catalog.notes if note.case == case.id]
        findings += check_case(case, notes=notes, shared=shared, file=catalog.paths[case.id])
    return findings


def check_rubric(rubric: StepRubric) -> list[Finding]:
    """Findings in one file of `rubrics/`."""
    report = _Report(f"rubrics/{rubric.step}.yaml")
    for criterion in rubric.criteria:
        _check_criterion(criterion, criterion.id, report, full=True)
    for flag in rubric.red_flags:
        _check_flag(flag, report, full=True)
    return report.findings


def check_case(case: Case, *, notes: Iterable[Note], shared: Mapping[str, Step], file: str) -> list[Finding]:
    """Findings in one case and its notes.

    Args:
        shared: the step of each shared criterion, by id.
        file: how to name the case's file in findings.
    """
    report = _Report(file)
    steps = _steps_of_criteria(case, shared, report)
    _check_references(case, steps, report)
    _check_arithmetic(case, report)
    for step in Step:
        openers = case.openers.get(step, ())
        if len(openers) < 2:
            report.error(f"openers.{step}", f"has {len(openers)} wordings; write two or more")
    _count(report, "facts", len(case.facts), 12 if case.full else 8)
    _count(report, "criteria", len(steps), 20 if case.full else 6)
    _count(report, "tensions", len(case.tensions), 6 if case.full else 1)
    _count(report, "choices", len(case.choices), 12 if case.full else 2)
    for criterion in case.criteria:
        _check_criterion(criterion, f"criteria.{criterion.id}", report, full=case.full)
    for use in case.shared:
        where = f"shared.{use.use}"
        if case.full:
            _count(report, f"{where}.probes", len(use.probes), 3)
        _check_giveaways(where, (*use.probes, *use.follow_ups), use.giveaways, report)
        _check_placeholders(f"{where}.probes", use.probes, set(), report)
        _check_placeholders(f"{where}.follow_ups", use.follow_ups, {"quote"}, report)
        if use.hints is not None:
            _check_ladder(where, use.hints, use.giveaways, report)
    for flag in case.red_flags:
        _check_flag(flag, report, full=case.full)
    if case.full:
        _check_full(case, steps, report)
    _check_asks(case, report)
    _check_openings(case, report)
    _check_notes(case, notes, steps, report)
    return report.findings


def _steps_of_criteria(case: Case, shared: Mapping[str, Step], report: _Report) -> dict[str, Step]:
    steps: dict[str, Step] = {}
    for use in case.shared:
        if use.use not in shared:
            near = get_close_matches(use.use, shared, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(shared))}"
            report.error(f"shared.{use.use}", f"there is no such criterion in rubrics/; {hint}")
        else:
            steps[use.use] = shared[use.use]
    for criterion in case.criteria:
        if criterion.id in shared:
            report.error(
                f"criteria.{criterion.id}",
                "has the id of a shared criterion; rename it, or list it under `shared`",
            )
        steps[criterion.id] = criterion.step
    everything: list[str] = [
        *(use.use for use in case.shared),
        *(c.id for c in case.criteria),
        *(f.id for f in case.facts),
        *(d.id for d in case.decisions),
        *(c.id for c in case.choices),
        *(t.id for t in case.tensions),
        *(t.id for t in case.twists),
        *(f.id for f in case.red_flags),
    ]
    for repeated, times in Counter(everything).items():
        if times > 1:
            report.error(repeated, f"is used as an id {times} times in this case; ids are unique within a case")
    return steps


def _check_references(case: Case, steps: Mapping[str, Step], report: _Report) -> None:
    choices = {choice.id for choice in case.choices}
    for tension in case.tensions:
        where = f"tensions.{tension.id}"
        for side in tension.between:
            if side not in choices:
                report.error(f"{where}.between", f"there is no choice {side!r}; add it under `choices` or mend the id")
        if tension.between[0] == tension.between[1]:
            report.error(f"{where}.between", "names one choice twice")
        if tension.criterion is not None and tension.criterion not in steps:
            report.error(f"{where}.criterion", f"there is no criterion {tension.criterion!r} in this case")
        _check_placeholders(f"{where}.asks", tension.asks, {"a", "b"}, report)
        for ask in tension.asks:
            if ask.count("?") != 1:
                report.error(f"{where}.asks", f"must hold one question: {ask!r}")
    for twist in case.twists:
        if twist.criterion is not None and twist.criterion not in steps:
            report.error(f"twists.{twist.id}.criterion", f"there is no criterion {twist.criterion!r} in this case")
        if twist.text.count("?") != 1:
            report.error(f"twists.{twist.id}.text", "must end with one question")
    for flag in case.red_flags:
        if flag.criterion not in steps:
            report.error(f"red_flags.{flag.id}.criterion", f"there is no criterion {flag.criterion!r} in this case")
    for choice in case.choices:
        _check_placeholders(f"choices.{choice.id}.presses", choice.presses, {"quote"}, report)
    if case.architecture is not None:
        components = Counter(component.id for component in case.architecture.components)
        for component, times in components.items():
            if times > 1:
                report.error(f"architecture.components.{component}", "is listed twice")
        for edge in case.architecture.edges:
            for end in (edge.source, edge.target):
                if end not in components:
                    report.error("architecture.edges", f"there is no component {end!r}")


def _check_arithmetic(case: Case, report: _Report) -> None:
    values: dict[str, float] = {}
    for fact in case.facts:
        for name, value in fact.values.items():
            if name in values and values[name] != value:
                report.error(f"facts.{fact.id}.values.{name}", f"is {value:g} here and {values[name]:g} elsewhere")
            values[name] = value
    for fact in case.facts:
        for name, formula in fact.derived.items():
            where = f"facts.{fact.id}.derived.{name}"
            if name not in fact.values:
                report.error(where, "has no stated value; give it under `values`")
                continue
            try:
                computed = evaluate(formula, values)
            except (ValueError, ZeroDivisionError) as error:
                report.error(where, f"{formula!r} cannot be computed: {error}")
                continue
            stated = fact.values[name]
            if abs(computed - stated) > _TOLERANCE * abs(computed):
                report.error(where, f"{formula!r} gives {computed:g}, the fact states {stated:g}")


def _count(report: _Report, field: str, found: int, least: int) -> None:
    if found < least:
        report.error(field, f"has {found}; {least} or more are needed")


def _check_full(case: Case, steps: Mapping[str, Step], report: _Report) -> None:
    if len(steps) > 28:
        report.error("criteria", f"has {len(steps)}, shared ones included; 28 at most")
    for step in Step:
        here = [criterion for criterion, at in steps.items() if at is step]
        _count(report, f"criteria of {step}", len(here), 2)
    core = {use.use for use in case.shared if use.core} | {c.id for c in case.criteria if c.core}
    for step in Step:
        if not any(steps.get(criterion) is step for criterion in core):
            report.error(f"criteria of {step}", "has no core criterion; mark one")
    for fact in case.facts:
        _count(report, f"facts.{fact.id}.asks", len(fact.asks), 4)
        words = len(fact.answer.split())
        if words > 30:
            report.warn(f"facts.{fact.id}.answer", f"has {words} words; an interviewer says 25 at most")
    for choice in case.choices:
        _count(report, f"choices.{choice.id}.says", len(choice.says), 5)
        _count(report, f"choices.{choice.id}.unlike", len(choice.unlike), 3)
        _count(report, f"choices.{choice.id}.presses", len(choice.presses), 1)
    for tension in case.tensions:
        _count(report, f"tensions.{tension.id}.asks", len(tension.asks), 2)
    _count(report, "twists", len(case.twists), 2)
    _count(report, "red_flags", len(case.red_flags), 6)
    _count(report, "reading", len(case.reading), 3)
    if case.architecture is None:
        report.error("architecture", "is missing")


def _check_criterion(criterion: Criterion | SharedCriterion, where: str, report: _Report, *, full: bool) -> None:
    _count(report, f"{where}.covers", len(criterion.covers), 6 if full else 3)
    _count(report, f"{where}.near_misses", len(criterion.near_misses), 5 if full else 2)
    _count(report, f"{where}.probes", len(criterion.probes), 3 if full else 1)
    if full:
        _count(report, f"{where}.follow_ups", len(criterion.follow_ups), 2)
        kinds = {miss.kind for miss in criterion.near_misses}
        if len(kinds) < 3:
            report.error(f"{where}.near_misses", "are of fewer than three kinds (vague, negated, wrong, neighbour)")
        _check_lengths(where, criterion.covers, criterion.near_misses, report)
    for repeated in _repeated([*criterion.covers, *(miss.text for miss in criterion.near_misses)]):
        report.error(where, f"holds a sentence twice: {repeated!r}")
    _check_giveaways(where, (*criterion.probes, *criterion.follow_ups, criterion.subject), criterion.giveaways, report)
    _check_placeholders(f"{where}.probes", criterion.probes, set(), report)
    _check_placeholders(f"{where}.follow_ups", criterion.follow_ups, {"quote"}, report)
    for probe in (*criterion.probes, *criterion.follow_ups):
        if probe.count("?") > 1:
            report.error(f"{where}.probes", f"must hold one question: {probe!r}")
    _check_ladder(where, criterion.hints, criterion.giveaways, report)


def _check_lengths(where: str, covers: Iterable[str], misses: Iterable[NearMiss], report: _Report) -> None:
    right = mean(len(text.split()) for text in covers)
    wrong = mean(len(miss.text.split()) for miss in misses)
    if max(right, wrong) > 1.6 * min(right, wrong):
        report.warn(where, f"length separates covers ({right:.0f} words) from near-misses ({wrong:.0f}); balance them")


def _check_giveaways(where: str, questions: Iterable[str], giveaways: Iterable[str], report: _Report) -> None:
    for question in questions:
        for term in giveaways:
            if contains_term(question, term):
                report.error(f"{where}.probes", f"gives away {term!r}: {question!r}")


def _check_ladder(where: str, hints: HintLadder, giveaways: Iterable[str], report: _Report) -> None:
    for rung, text in (("nudge", hints.nudge), ("pointer", hints.pointer)):
        for term in giveaways:
            if contains_term(text, term):
                report.error(f"{where}.hints.{rung}", f"gives away {term!r}, which is for the bottom-out rung")
    words = len(hints.bottom_out.split())
    if words > 60:
        report.warn(f"{where}.hints.bottom_out", f"has {words} words; the last rung is no essay (60 at most)")


def contains_term(text: str, term: str) -> bool:
    """Whether a text holds a term as whole words, whatever the case, hyphens and plural."""
    haystack = " " + " ".join(_stem(word) for word in _WORD.findall(text.lower())) + " "
    needle = " " + " ".join(_stem(word) for word in _WORD.findall(term.lower())) + " "
    return needle.strip() != "" and needle in haystack


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _check_flag(flag: RedFlag | SharedRedFlag, report: _Report, *, full: bool) -> None:
    where = f"red_flags.{flag.id}"
    if full:
        _count(report, f"{where}.says", len(flag.says), 4)
        _count(report, f"{where}.sound", len(flag.sound), 3)
        _count(report, f"{where}.presses", len(flag.presses), 2)
    _check_placeholders(f"{where}.presses", flag.presses, {"quote"}, report)
    for press in flag.presses:
        if press.count("?") != 1:
            report.error(f"{where}.presses", f"must hold one question: {press!r}")


def _check_placeholders(where: str, texts: Iterable[str], allowed: set[str], report: _Report) -> None:
    for text in texts:
        for name in _PLACEHOLDER.findall(text):
            if name not in allowed:
                report.error(where, f"{{{name}}} is not filled in here: {text!r}")


def _check_asks(case: Case, report: _Report) -> None:
    asks = [(ask.lower().strip(" ?."), fact.id) for fact in case.facts for ask in fact.asks]
    asks += [(ask.lower().strip(" ?."), decision.id) for decision in case.decisions for ask in decision.asks]
    owners: dict[str, str] = {}
    for ask, owner in asks:
        if ask in owners:
            report.error(f"{owner}.asks", f"{ask!r} is already a way to ask for {owners[ask]!r}")
        owners[ask] = owner


def _check_openings(case: Case, report: _Report) -> None:
    if "?" in case.prompt:
        report.warn(
            "prompt", "asks a question; say what is wanted, for an opener may follow and a turn holds one question"
        )
    for step, openers in case.openers.items():
        for opener in openers:
            if opener.count("?") > 1:
                report.error(f"openers.{step}", f"must hold one question: {opener!r}")
            for criterion in case.criteria:
                for term in criterion.giveaways:
                    if contains_term(opener, term):
                        report.warn(f"openers.{step}", f"gives away {term!r} of {criterion.id!r}")
    for criterion in case.criteria:
        for term in criterion.giveaways:
            if contains_term(case.prompt, term):
                report.warn("prompt", f"gives away {term!r} of {criterion.id!r}")


def _check_notes(case: Case, notes: Iterable[Note], steps: Mapping[str, Step], report: _Report) -> None:
    by_step = {note.step: note for note in notes}
    for step in Step:
        if step not in by_step:
            if case.full:
                report.error(f"{step}.md", "is missing; write a reference note for the step")
            continue
        note = by_step[step]
        served: set[str] = set()
        for section in note.sections:
            for criterion in section.criteria:
                if criterion not in steps:
                    report.error(f"{step}.md", f"section {section.heading!r} names the unknown criterion {criterion!r}")
                served.add(criterion)
        for criterion, at in steps.items():
            if at is step and criterion not in served:
                report.error(f"{step}.md", f"no section helps with {criterion!r}; name it in a criteria line")
        words = sum(len(section.text.split()) for section in note.sections)
        if case.full and not 270 <= words <= 660:
            report.warn(f"{step}.md", f"has {words} words; 300 to 600 are wanted")


def _repeated(texts: Iterable[str]) -> Iterator[str]:
    for text, times in Counter(text.lower().strip(" .") for text in texts).items():
        if times > 1:
            yield text
