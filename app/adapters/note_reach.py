"""Finds note sections that nobody would come upon: no question of their readers brings them among the first hits.

It ranks as `mlsd search --case C --visibility private` does (notes, anchors and hints of one case, a source
once), with the same passages and vectors, and needs no index on disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.adapters.index_documents import documents_of
from app.domain.case import NoteSection, section_ids
from app.domain.catalog import Brief
from app.domain.content_check import Finding, Severity
from app.domain.rubric import Criterion
from app.domain.vocabulary import Step, Visibility
from app.ports import ContentEmbedder

FIRST = 5
"""Hits that are read: what `mlsd search` shows when it is not told otherwise."""
_EACH = 3
"""Sentences and probes of a criterion that are tried; more of them took longer and found no other section."""

_Passage = tuple[str, str]


def check_reach(brief: Brief, *, embedder: ContentEmbedder, file: str) -> list[Finding]:
    """A warning for every section that is among the first five for none of its readers' questions.

    A section that serves criteria is looked for by what its reader has before them after an interview: the
    name on the scorecard, what they said themselves (sentences that cover the criterion), and what they were
    asked (its probes). One that serves none, such as how each level sounds, is looked for within its step by
    its heading.

    Args:
        brief: the case, its notes and its criteria; an unknown criterion of a section is passed over.
        file: how to name the case's file in findings.

    Raises:
        SettingsError: the embedder's files are missing or wrong.
    """
    if not brief.notes:
        return []
    shelf = _Shelf(brief, embedder)
    return [
        Finding(severity=Severity.WARNING, file=file, field=f"{note.step}.md", message=_say(section))
        for note in brief.notes
        for source, section in zip(section_ids(note), note.sections, strict=True)
        if not _is_reached(shelf, brief, section, source=source, step=note.step)
    ]


def _is_reached(shelf: _Shelf, brief: Brief, section: NoteSection, *, source: str, step: Step) -> bool:
    known = [brief.criterion_by_id[one] for one in section.criteria if one in brief.criterion_by_id]
    if not known:
        return shelf.has_among_first(source, [section.heading], step=step)
    return any(shelf.has_among_first(source, some) for some in _questions(known))


def _questions(criteria: Sequence[Criterion]) -> Iterator[list[str]]:
    """In order of what they cost: most sections are found by a name or by what was said."""
    yield [criterion.name for criterion in criteria]
    yield [text for criterion in criteria for text in criterion.covers[:_EACH]]
    yield [text for criterion in criteria for text in criterion.probes[:_EACH]]


def _say(section: NoteSection) -> str:
    if not section.criteria:
        return (
            f"section {section.heading!r} is not among the first {FIRST} hits of its step even for its own heading; "
            "give it a heading that says what it is about"
        )
    return (
        f"section {section.heading!r} is never among the first {FIRST} hits of a search for the name, the sentences "
        f"or the probes of {', '.join(section.criteria)}; say it in their words, or name what it really helps with"
    )


class _Shelf:
    """The private passages of one case, with their vectors."""

    def __init__(self, brief: Brief, embedder: ContentEmbedder) -> None:
        passages = [one for one in documents_of(brief) if one.visibility is Visibility.PRIVATE]
        self._embedder = embedder
        self._names: list[_Passage] = [(one.kind, one.source) for one in passages]
        self._steps = [one.step for one in passages]
        self._vectors = embedder.embed_content([one.embedded for one in passages])

    def has_among_first(self, source: str, questions: Sequence[str], *, step: Step | None = None) -> bool:
        """Whether a note's section is among the first hits for any of the questions.

        Args:
            source: the section's id.
            step: look only at the passages of this step.
        """
        scores = self._embedder.embed_content(questions) @ self._vectors.T  # questions x passages
        for row in scores:
            best: dict[_Passage, float] = {}
            for name, at, score in zip(self._names, self._steps, row.tolist(), strict=True):
                if step is None or at is step:
                    best[name] = max(score, best.get(name, score))
            own = best[("note", source)]
            if sum(score > own for score in best.values()) < FIRST:
                return True
        return False
