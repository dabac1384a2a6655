"""Commands about content: cases, check, index, search, note."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import console, print_json
from app.cli.parts import parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.ports import Hit

_CLOSE = 0.40  # cosine: nearly every question about the content has a hit above it, few texts about other things have
SPOILERS = "Private hits give away what an interview looks for; --visibility public leaves them out."
_WORD = re.compile(r"\w{3,}")
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (cases, check, index, search, note):
        app.command()(command)


def cases(context: typer.Context, as_json: Json = False) -> None:
    """List the cases."""
    from app.cli.documents import CaseList, CaseRow

    catalog = parts_of(context).catalog
    rows = tuple(
        CaseRow(
            id=case.id,
            title=case.title,
            category=case.category,
            difficulty=case.difficulty,
            summary=case.summary,
            criteria=len(catalog.brief(case.id).criteria),
            facts=len(case.facts),
        )
        for case in sorted(catalog.cases, key=lambda case: (case.category, case.id))
    )
    if as_json:
        print_json(CaseList(cases=rows, content_hash=catalog.content_hash))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("case", no_wrap=True)  # typed or copied into the next command
    for column in ("category", "difficulty", "what it is about"):
        table.add_column(column)
    for row in rows:
        table.add_row(row.id, row.category, row.difficulty.value, row.summary)
    console().print(table)


def check(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Case folders, or folders of them; all shipped content if none.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Validate cases and rubrics, cross-references included."""
    from app.adapters.content_review import review

    parts = parts_of(context)
    checked = review(paths or [], embedder=parts.shipped_embedder, extra=parts.settings.content)
    if as_json:
        print_json(checked)
    else:
        out = console()
        for finding in checked.findings:
            out.print(f"{finding.severity.value}: {finding}", markup=False, soft_wrap=True)
        for case in checked.cases:
            out.print(
                f"{case.id}: {case.criteria} criteria, {case.facts} facts, {case.tensions} tensions, "
                f"{case.choices} choices, {case.red_flags} red flags, {case.twists} twists, {case.notes} notes",
                markup=False,
                soft_wrap=True,
            )
        out.print(f"{len(checked.findings)} findings")
    if checked.findings:
        raise typer.Exit(1)


def index(
    context: typer.Context,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build it even if it is there.")] = False,
    as_json: Json = False,
) -> None:
    """Build the index of facts, notes, anchors and hints, if the content has changed."""
    from app.adapters.chroma_notes import build_index, passages_in
    from app.cli.documents import IndexBuilt

    parts = parts_of(context)
    started = time.perf_counter()
    folder = build_index(parts.catalog, parts.embedder, parts.index_folder, rebuild=rebuild)
    passages = passages_in(folder)
    seconds = round(time.perf_counter() - started, 2)
    if as_json:
        print_json(IndexBuilt(index=folder.name, passages=passages, seconds=seconds))
    else:
        console().print(f"index {folder.name}: {passages} passages, {seconds} s")


def search(
    context: typer.Context,
    text: Annotated[str, typer.Argument(help="What to look for.")],
    case: Annotated[str | None, typer.Option(help="Only this case.")] = None,
    step: Annotated[str | None, typer.Option(help="Only this step, by id or number.")] = None,
    visibility: Annotated[str | None, typer.Option(help="public or private; both if not given.")] = None,
    k: Annotated[int, typer.Option(min=1, max=100, help="How many passages.")] = 5,
    as_json: Json = False,
) -> None:
    """Search facts, notes, anchors and hints. Private ones are spoilers before an interview; see --visibility."""
    from app.cli.documents import SearchResult
    from app.domain.vocabulary import Visibility
    from app.errors import InputError
    from app.services.commands import step_named

    if not text.strip():
        raise InputError("the search text is empty; say what to look for")
    wanted = step_named(step) if step is not None else None
    if visibility is not None and visibility not in set(Visibility):
        raise InputError(f"there is no visibility {visibility!r}; use public or private")
    parts = parts_of(context)
    if case is not None:
        parts.catalog.brief(case)
    hits = parts.notes().search(
        text,
        k=k,
        case=case,
        step=wanted,
        visibility=Visibility(visibility) if visibility is not None else None,
    )
    if as_json:
        print_json(SearchResult(query=text, hits=tuple(hits)))
        return
    out = console()
    if not any_close(hits, text):
        out.print("Nothing is close to that." + (" The nearest:" if hits else ""))
    if any(hit.visibility is Visibility.PRIVATE for hit in hits):
        out.print(SPOILERS, style="dim")
    for hit in hits:
        where = "/".join(part for part in (hit.case, hit.step.value if hit.step else "", hit.source) if part)
        out.print(f"{hit.score:.2f}  {hit.kind} ({hit.visibility.value})  {where}", markup=False, style="bold")
        out.print(f"      {' '.join(hit.text.split())[:300]}", markup=False)


def note(
    context: typer.Context,
    place: Annotated[str, typer.Argument(help="CASE/STEP, or CASE/STEP#SECTION as a scorecard or a search names it.")],
) -> None:
    """Show a reference note, or a section of one. It is a spoiler before an interview."""
    from rich.markdown import Markdown

    from app.errors import InputError
    from app.services.gaps import sections

    case, _, wanted = place.partition("/")
    found = sections(parts_of(context).catalog.brief(case))
    chosen = [section for at, section in found.items() if wanted in (at, at.partition("#")[0])]
    if not chosen:
        raise InputError(f"{case!r} has no note {wanted!r}; it has {', '.join(_near(wanted, found)) or 'none'}")
    for section in chosen:
        console().print(Markdown(f"## {section.heading}\n\n{section.text.strip()}"))
        console().print()


def _near(wanted: str, places: Iterable[str]) -> list[str]:
    """The sections of the same step, or else the steps that have a note."""
    step = wanted.partition("#")[0]
    of_step = [place for place in places if place.partition("#")[0] == step]
    return of_step or list(dict.fromkeys(place.partition("#")[0] for place in places))


def any_close(hits: Sequence[Hit], text: str) -> bool:
    """Whether one is near in meaning, or has every word of the text in it."""
    words = set(_WORD.findall(text.lower()))
    return any(hit.score >= _CLOSE or (words and words <= set(_WORD.findall(hit.text.lower()))) for hit in hits)
