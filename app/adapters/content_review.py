"""Checks content file by file: what cannot be loaded becomes a finding, and the rest is checked all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.adapters.content_files import case_folders, load_notes, load_yaml, own_folders, shipped_content
from app.adapters.note_reach import check_reach
from app.domain.case import Case, Note
from app.domain.catalog import Brief, Catalog
from app.domain.content_check import Finding, Severity, check_case, check_catalog, check_rubric
from app.domain.content_numbers import check_numbers
from app.domain.content_overlap import check_copies, check_repetition
from app.domain.levels import LevelRules
from app.domain.rubric import StepRubric
from app.domain.vocabulary import Frozen, Step
from app.errors import ContentError, InputError
from app.ports import ContentEmbedder

T = TypeVar("T")


class CaseCounts(Frozen):
    """How much a case holds."""

    id: str
    facts: int
    criteria: int
    tensions: int
    choices: int
    red_flags: int
    twists: int
    notes: int
    findings: int


class Review(Frozen):
    """What `mlsd check --json` prints."""

    cases: tuple[CaseCounts, ...]
    findings: tuple[Finding, ...]


def review(paths: Sequence[Path], *, embedder: ContentEmbedder, extra: Path | None = None) -> Review:
    """Check the rubrics, and the named cases or all of them.

    Args:
        paths: case folders or folders of them; empty for the shipped cases and those in `extra`.
        embedder: finds out which notes a search brings up; used only where a case has notes.
        extra: the user's folder of cases.

    Raises:
        InputError: a path holds no case.
        SettingsError: the embedder's files are missing or wrong.
    """
    root = shipped_content()
    folders = _folders(paths, root=root, extra=extra)
    findings: list[Finding] = []
    rubrics: list[StepRubric] = []
    for step in Step:
        rubric = _attempt(lambda step=step: load_yaml(root / "rubrics" / f"{step}.yaml", StepRubric), findings)  # type: ignore[misc]
        rubrics += [rubric] if rubric is not None else []
    levels = _attempt(lambda: load_yaml(root / "rubrics" / "levels.yaml", LevelRules), findings)
    if not paths:
        findings += _rubric_findings(rubrics, levels)
    common = _Common(rubrics=tuple(rubrics), levels=levels, embedder=embedder)
    counts = []
    read: list[tuple[Case, list[Note], str]] = []
    taken = {folder.name: folder for folder in case_folders(root / "knowledge")}
    for folder in folders:
        found, count = _review_case(folder, common, read)
        findings += found
        if count is None:
            continue
        counts.append(count)
        other = taken.setdefault(count.id, folder)
        if other.resolve() != folder.resolve():
            message = f"the case id {count.id!r} is also used by {other}; rename one of the two folders"
            findings.append(
                Finding(severity=Severity.ERROR, file=str(folder / "case.yaml"), field="id", message=message)
            )
    files = {case.id: file for case, _, file in read}
    findings += check_copies(
        [case for case, _, _ in read], [note for _, notes, _ in read for note in notes], files=files
    )
    return Review(cases=tuple(counts), findings=tuple(findings))


def _rubric_findings(rubrics: Sequence[StepRubric], levels: LevelRules | None) -> list[Finding]:
    """What is wrong within the rubrics; between them too, if all could be read."""
    if levels is None or len(rubrics) < len(Step):
        return [finding for rubric in rubrics for finding in check_rubric(rubric)]
    return check_catalog(Catalog(rubrics=tuple(rubrics), levels=levels, cases=(), notes=(), paths={}, content_hash=""))


def _folders(paths: Sequence[Path], *, root: Path, extra: Path | None) -> list[Path]:
    if not paths:
        return [*case_folders(root / "knowledge"), *(own_folders(extra) if extra is not None else [])]
    folders: list[Path] = []
    for path in paths:
        place = path.parent if path.name == "case.yaml" else path
        try:
            found = [place] if (place / "case.yaml").is_file() else list(case_folders(place)) if place.is_dir() else []
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); name another folder") from error
        if not found:
            raise InputError(f"{path}: holds no case.yaml; name a case folder or a folder of them")
        folders += found
    return folders


@dataclass(frozen=True)
class _Common:
    """What all cases are checked against."""

    rubrics: tuple[StepRubric, ...]
    levels: LevelRules | None
    embedder: ContentEmbedder

    def brief(self, case: Case, notes: list[Note], *, file: str) -> Brief | None:
        """The case with its criteria resolved; None where they cannot be, which is a finding elsewhere."""
        if self.levels is None or len(self.rubrics) < len(Step):
            return None
        catalog = Catalog(
            rubrics=self.rubrics,
            levels=self.levels,
            cases=(case,),
            notes=tuple(notes),
            paths={case.id: file},
            content_hash="",
        )
        try:
            return catalog.brief(case.id)
        except ContentError:
            return None


def _review_case(
    folder: Path, common: _Common, read: list[tuple[Case, list[Note], str]]
) -> tuple[list[Finding], CaseCounts | None]:
    """Findings and counts of one case; what could be read is added to `read`."""
    findings: list[Finding] = []
    case = _attempt(lambda: load_yaml(folder / "case.yaml", Case), findings)
    if case is None:
        return findings, None
    file = f"{folder.name}/case.yaml"
    if case.id != folder.name:
        message = f"is {case.id!r}, but the folder is {folder.name!r}; make them equal"
        findings.append(Finding(severity=Severity.ERROR, file=file, field="id", message=message))
    findings += check_numbers(case, file=file)
    notes = _attempt(lambda: load_notes(folder, case_id=case.id), findings)
    if notes is not None:
        shared = {criterion.id: rubric.step for rubric in common.rubrics for criterion in rubric.criteria}
        findings += check_case(case, notes=notes, shared=shared, file=file)
        brief = common.brief(case, notes, file=file)
        findings += check_reach(brief, embedder=common.embedder, file=file) if brief is not None else []
    if case.full:  # a case of an hour's work may repeat itself
        findings += check_repetition(case, file=file)
    read.append((case, notes or [], file))
    return findings, CaseCounts(
        id=case.id,
        facts=len(case.facts),
        criteria=len(case.criteria) + len(case.shared),
        tensions=len(case.tensions),
        choices=len(case.choices),
        red_flags=len(case.red_flags),
        twists=len(case.twists),
        notes=len(notes or []),
        findings=len(findings),
    )


def _attempt(load: Callable[[], T], findings: list[Finding]) -> T | None:
    try:
        return load()
    except ContentError as error:
        place = error.file if error.line is None else f"{error.file}:{error.line}"
        findings.append(
            Finding(severity=Severity.ERROR, file=place, field=error.field or "file", message=error.message)
        )
        return None
