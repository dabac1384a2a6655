"""What the search index holds: facts, anchors, hints and notes of a catalog as passages, in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from app.domain.case import section_ids
from app.domain.catalog import Brief, Catalog
from app.domain.vocabulary import Frozen, Rung, Step, Visibility

Kind = Literal["fact", "note", "anchor", "hint"]

_CHUNK_WORDS = 150


class Document(Frozen):
    """One passage of the index.

    Attributes:
        embedded: what is compared with a query.
        text: what a hit shows; of a fact always the answer.
    """

    kind: Kind
    case: str
    step: Step | None
    criterion: str | None
    visibility: Visibility
    source: str
    embedded: str
    text: str


def documents(catalog: Catalog) -> list[Document]:
    """Everything that is indexed, in a fixed order."""
    return [document for case_id in catalog.case_ids() for document in documents_of(catalog.brief(case_id))]


def documents_of(brief: Brief) -> Iterator[Document]:
    """What is indexed of one case."""
    for part in (_facts, _criteria, _notes):
        yield from part(brief)


def _facts(brief: Brief) -> Iterator[Document]:
    for fact in brief.case.facts:
        for embedded in dict.fromkeys((fact.answer, *fact.asks)):
            yield Document(
                kind="fact",
                case=brief.case.id,
                step=None,
                criterion=None,
                visibility=Visibility.PUBLIC,
                source=fact.id,
                embedded=embedded,
                text=fact.answer,
            )


def _criteria(brief: Brief) -> Iterator[Document]:
    for criterion in brief.criteria:
        anchors = " ".join(f"{rating}: {criterion.anchors.at(rating)}" for rating in range(1, 5))
        passages: list[tuple[Kind, str, str]] = [
            ("anchor", criterion.id, f"{criterion.name}. {criterion.description} {anchors}"),
            *(("hint", f"{criterion.id}#{rung}", criterion.hints.at(rung)) for rung in Rung),
        ]
        for kind, source, text in passages:
            yield Document(
                kind=kind,
                case=brief.case.id,
                step=criterion.step,
                criterion=criterion.id,
                visibility=Visibility.PRIVATE,
                source=source,
                embedded=text,
                text=text,
            )


def _notes(brief: Brief) -> Iterator[Document]:
    for note in brief.notes:
        for source, section in zip(section_ids(note), note.sections, strict=True):
            for chunk in _chunks(section.text):
                yield Document(
                    kind="note",
                    case=brief.case.id,
                    step=note.step,
                    criterion=section.criteria[0] if len(section.criteria) == 1 else None,
                    visibility=Visibility.PRIVATE,
                    source=source,
                    embedded=f"{section.heading}. {chunk}",
                    text=chunk,
                )


def _chunks(text: str) -> Iterator[str]:
    """A text whole, or where it is longer than the embedder reads, in runs of paragraphs."""
    run: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        if run and sum(len(part.split()) for part in (*run, paragraph)) > _CHUNK_WORDS:
            yield "\n\n".join(run)
            run = []
        run.append(paragraph)
    yield "\n\n".join(run)
