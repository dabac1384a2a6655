"""Replays many recordings, finds the turns that changed most, and shows them on one page that works offline."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.adapters.transcript_files import read_any
from app.bootstrap import App
from app.domain.vocabulary import Frozen
from app.errors import InputError, InterviewError
from app.settings import Settings
from evals.replay import Change, FlagsOf, ReplayedInterview, ReplayedTurn, Replayer, no_flags
from evals.spawned import spawned

MOST = 20
_TEMPLATES = Path(__file__).with_name("pages")
_SUFFIXES = {".jsonl", ".json"}
_ORDER = list(Change)


class Skipped(Frozen):
    """A file that could not be replayed, and why."""

    file: str
    reason: str


class Place(Frozen):
    """A turn of a replayed interview."""

    file: str
    id: str
    turn: int


class ReplayReport(Frozen):
    """What `mlsd replay --json` prints.

    Attributes:
        changes: number of turns by change.
        changes_apart: those of them in recordings that stand apart (`ReplayedInterview.apart`).
        most_changed: other move before other aim before other words; within each, the more distant wording first.
            Recordings that stand apart come last, where they are wanted or there are no others.
        verdicts_flipped: interviews whose verdict is another one; null unless scores were asked for.
    """

    interviews: tuple[ReplayedInterview, ...]
    changes: dict[Change, int]
    changes_apart: dict[Change, int] = {}
    most_changed: tuple[Place, ...]
    verdicts_flipped: int | None
    skipped: tuple[Skipped, ...]


class Order(Frozen):
    """What to do with each file; the fields are those of `Replayer` and its method.

    Attributes:
        case: the case of imports that name none.
        apart: whether to rank turns of recordings that stand apart, too.
    """

    model: str | None = None
    turn: int | None = None
    scores: bool = False
    case: str | None = None
    apart: bool = False
    flags: FlagsOf = no_flags


class Done(Frozen):
    """What came of one file."""

    file: str
    interviews: tuple[ReplayedInterview, ...] = ()
    skipped: Skipped | None = None


def files_in(path: Path) -> list[Path]:
    """A file, or the transcripts in a folder and those below it, by name.

    Raises:
        InputError: there is nothing.
    """
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix in _SUFFIXES and not file.name.startswith("."))
    if not found:
        raise InputError(f"{path}: holds no transcript (*.jsonl, *.json); name another folder")
    return found


def replay_all(
    files: Sequence[Path], parts: App, *, order: Order, jobs: int = 1, told: Callable[[Done], None] = lambda _: None
) -> ReplayReport:
    """Replay files; one that cannot be is skipped, with the reason.

    Args:
        parts: used as they are with one job; others are made from their settings in each process.
        told: hears of each file as it is done.
    """
    done: dict[str, Done] = {}
    for each in _each(files, parts, order=order, jobs=min(jobs, len(files))):
        done[each.file] = each
        told(each)
    ordered = [done[str(file)] for file in files]
    interviews = tuple(interview for each in ordered for interview in each.interviews)
    ranked = [each for each in interviews if not each.apart]
    scored = [interview.scores for interview in interviews if interview.scores is not None]
    return ReplayReport(
        interviews=interviews,
        changes=_changes(interviews),
        changes_apart=_changes([each for each in interviews if each.apart]),
        most_changed=most_changed(interviews if order.apart or not ranked else ranked),
        verdicts_flipped=sum(score.flipped for score in scored) if order.scores else None,
        skipped=tuple(each.skipped for each in ordered if each.skipped is not None),
    )


def _changes(interviews: Sequence[ReplayedInterview]) -> dict[Change, int]:
    counts = Counter(turn.change for interview in interviews for turn in interview.turns)
    return {change: counts[change] for change in Change}


def _each(files: Sequence[Path], parts: App, *, order: Order, jobs: int) -> Iterator[Done]:
    if jobs <= 1:
        yield from (_replay_file(file, parts, order) for file in files)
        return
    with spawned(jobs) as pool:
        running = [pool.submit(_replay_elsewhere, file, parts.settings, order) for file in files]
        yield from (future.result() for future in as_completed(running))


@cache
def _parts(settings: Settings) -> App:
    return App(settings)


def _replay_elsewhere(file: Path, settings: Settings, order: Order) -> Done:
    return _replay_file(file, _parts(settings), order)


def _replay_file(file: Path, parts: App, order: Order) -> Done:
    replayer = Replayer(parts, model=order.model, flags=order.flags)
    try:
        found = [
            asyncio.run(replayer.replay(stored, file=str(file), turn=order.turn, scores=order.scores))
            for stored in read_any(file, case=order.case)
        ]
    except InterviewError as error:
        reason = " ".join(str(error).split())
        named = reason if reason.startswith(str(file)) else f"{file}: {reason}"
        return Done(file=str(file), skipped=Skipped(file=str(file), reason=named))
    return Done(file=str(file), interviews=tuple(found))


def most_changed(interviews: Sequence[ReplayedInterview], *, most: int = MOST) -> tuple[Place, ...]:
    """The turns that changed most, the most changed first; those of recordings that stand apart last."""
    found = [
        (interview, turn) for interview in interviews for turn in interview.turns if turn.change is not Change.NONE
    ]
    found.sort(
        key=lambda pair: (
            pair[0].apart,
            _ORDER.index(pair[1].change),
            -pair[1].distance,
            pair[0].file,
            pair[1].index,
        )
    )
    return tuple(Place(file=interview.file, id=interview.id, turn=turn.index) for interview, turn in found[:most])


def page(report: ReplayReport) -> str:
    """The report as one self-contained HTML page."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    by_place = {
        (interview.file, interview.id, turn.index): (interview, turn)
        for interview in report.interviews
        for turn in interview.turns
    }
    shown: list[tuple[ReplayedInterview, ReplayedTurn]] = [
        by_place[place.file, place.id, place.turn] for place in report.most_changed
    ]
    return environment.get_template("replay.html").render(report=report, shown=shown)
