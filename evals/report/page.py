"""The report as one page that works offline: from a measure to its transcripts, from there to the flagged turns."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.domain.vocabulary import Frozen
from app.errors import InputError
from evals.metrics import FLAW_PREFIX, FLAWS, METRICS, Better, better_way
from evals.report.comparison import Comparison
from evals.report.document import EvalReport, Figure, unscored_by_judges, value_of
from evals.samples import Speaker, Transcript, from_stored
from evals.score import Row, TurnRow
from evals.suites import Vote
from evals.vocabulary import Flaw

_TEMPLATE = "page.html.j2"
_MOST_TRANSCRIPTS = 300
_MOST_LISTED = 100
# The flags in whose turns a measure shows.
_SHOWN_BY = {
    "leakage": Flaw.LEAKS_ANSWER,
    "single_question": Flaw.MULTI_QUESTION,
    "non_sycophancy": Flaw.SYCOPHANTIC,
    "loops": Flaw.LOOPS,
    "talk_share": Flaw.TALKS_TOO_MUCH,
    "hint_ladder": Flaw.HINT_IS_SOLUTION,
    "uptake": Flaw.IGNORES_ANSWER,
}


class Line(Frozen):
    """One message as it is shown."""

    index: int
    interviewer: bool
    content: str
    row: TurnRow | None = None


class Opinion(Frozen):
    """What a judge said of a transcript on one question."""

    measure: str
    value: float | None
    votes: tuple[Vote, ...]


class Shown(Frozen):
    """One transcript as it is shown."""

    anchor: str
    row: Row
    file: str
    lines: tuple[Line, ...]
    flags: int
    opinions: tuple[Opinion, ...]


class Entry(Frozen):
    """A transcript's figure under a measure; its file's name is empty where there is none, or it is the id."""

    anchor: str | None
    id: str
    file: str = ""
    value: float
    turns: tuple[int, ...]


class Panel(Frozen):
    """One measure."""

    anchor: str
    name: str
    figure: Figure
    way: Better
    about: str
    comparison: Comparison | None
    entries: tuple[Entry, ...]
    left_out: int
    top: float


def page(report: EvalReport) -> str:
    """The page's HTML, nothing loaded from elsewhere, every text escaped.

    Of more than 300 transcripts those with most flags are shown in full.
    """
    shown = _shown(report)
    anchors = {each.row.id: each.anchor for each in shown}
    against = {each.measure: each for each in report.comparison}
    panels = [
        _panel(number, name, figure, report, anchors, against.get(name))
        for number, (name, figure) in enumerate(report.summary.items())
    ]
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(_TEMPLATE).render(
        report=report,
        panels=panels,
        shown=shown,
        left_out=len(report.transcripts) - len(shown),
        compared=bool(report.comparison),
        unscored=[each.said for each in unscored_by_judges(report)],
    )


def _panel(
    number: int,
    name: str,
    figure: Figure,
    report: EvalReport,
    anchors: dict[str, str],
    comparison: Comparison | None,
) -> Panel:
    way = better_way(name)
    flag = _SHOWN_BY.get(name) or next((flaw for flaw in Flaw if name == f"{FLAW_PREFIX}{flaw}"), None)
    entries = []
    for row in report.transcripts:
        value = value_of(row, name)
        if value is not None:
            turns = tuple(turn.index for turn in row.turns if flag is not None and flag in turn.flags)
            entries.append(Entry(anchor=anchors.get(row.id), id=row.id, file=_file_name(row), value=value, turns=turns))
    files = {row.id: _file_name(row) for row in report.transcripts}
    for unit in report.units.get(figure.suite, ()):
        measured = unit.values.get(name)
        if measured is not None:
            anchor = anchors.get(unit.id) if unit.votes else None
            file = files.get(unit.id, "") if unit.votes else ""
            entries.append(Entry(anchor=anchor, id=unit.id, file=file, value=measured, turns=()))
    if way is Better.MIDDLE:
        entries.sort(key=lambda entry: -abs(entry.value - 0.5))
    else:
        entries.sort(key=lambda entry: entry.value, reverse=way is Better.LOWER)
    return Panel(
        anchor=f"m{number}",
        name=name,
        figure=figure,
        way=way,
        about=_about(name),
        comparison=comparison,
        entries=tuple(entries[:_MOST_LISTED]),
        left_out=max(0, len(entries) - _MOST_LISTED),
        top=max([1.0, *(entry.value for entry in entries)]),
    )


def _file_name(row: Row) -> str:
    """What a file is called; empty where that says no more than the id."""
    name = Path(row.file)
    return "" if name.stem == row.id else name.name


def _about(name: str) -> str:
    by_name = {**METRICS, **{f"{FLAW_PREFIX}{flaw}": found for flaw, found in FLAWS.items()}}
    measure = by_name.get(name)
    return " ".join((measure.__doc__ or "").split()) if measure is not None else ""


def _shown(report: EvalReport) -> list[Shown]:
    """The transcripts with their texts, read again from their files; one that has gone is left out."""
    rows = sorted(report.transcripts, key=lambda row: -sum(len(turn.flags) for turn in row.turns))[:_MOST_TRANSCRIPTS]
    kept = {row.id for row in rows}
    found: list[Shown] = []
    texts: dict[str, dict[str, Transcript]] = {}
    for number, row in enumerate(row for row in report.transcripts if row.id in kept):
        if row.file not in texts:
            texts[row.file] = _read(row.file)
        transcript = texts[row.file].get(row.id) or texts[row.file].get(row.id.rpartition("~")[0])
        if transcript is not None:
            found.append(_one(f"t{number}", row, transcript, opinions=_opinions(report, row.id)))
    return found


def _opinions(report: EvalReport, id: str) -> tuple[Opinion, ...]:
    """What judges said of a transcript."""
    return tuple(
        Opinion(measure=measure, value=unit.values.get(measure), votes=votes)
        for units in report.units.values()
        for unit in units
        if unit.id == id
        for measure, votes in unit.votes.items()
    )


def _read(file: str) -> dict[str, Transcript]:
    from app.adapters.transcript_files import read_any

    try:
        return {each.header.id: from_stored(each, file=file) for each in read_any(Path(file))}
    except InputError:
        return {}


def _one(anchor: str, row: Row, transcript: Transcript, *, opinions: tuple[Opinion, ...]) -> Shown:
    rows = {turn.index: turn for turn in row.turns}
    lines = [
        Line(
            index=turn.index,
            interviewer=turn.speaker is Speaker.INTERVIEWER,
            content=turn.content,
            row=rows.get(turn.index),
        )
        for turn in transcript.turns
    ]
    flags = sum(len(turn.flags) for turn in row.turns)
    return Shown(anchor=anchor, row=row, file=_file_name(row), lines=tuple(lines), flags=flags, opinions=opinions)
