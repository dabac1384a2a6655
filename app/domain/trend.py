"""How scores move from interview to interview: by case, and by step over all cases; never across levels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.scorecard import Score
from app.domain.vocabulary import Frozen, Level, Mode, Step

_BLOCKS, _ASCII = "▁▂▃▄▅▆▇█", "_.-=+*#@"


class StepPoint(Frozen):
    """The score of a step in one interview; None where nothing in it was assessed."""

    step: Step
    score: Score | None


class Scored(Frozen):
    """What one interview adds to the trend."""

    id: str
    case: str
    level: Level
    mode: Mode
    score: Score | None
    steps: tuple[StepPoint, ...]


class TrendPoint(Frozen):
    """A score and the interview that it is from."""

    id: str
    score: Score


class Series(Frozen):
    """Scores of one case or of one step at one level, oldest first.

    Attributes:
        case: None for a series of a step, which runs over all cases.
        step: None for a series of a case, which is about whole interviews and leaves drills out.
        change: the last score less the one before it; None for a first one.
    """

    case: str | None
    step: Step | None
    level: Level
    points: tuple[TrendPoint, ...]
    change: int | None


def trend(interviews: Iterable[Scored]) -> tuple[Series, ...]:
    """The series, cases first; interviews without a score leave no point.

    Args:
        interviews: oldest first.
    """
    cases: dict[tuple[str, Level], list[TrendPoint]] = {}
    steps: dict[tuple[Step, Level], list[TrendPoint]] = {}
    for each in interviews:
        if each.score is not None and each.mode is not Mode.DRILL:
            cases.setdefault((each.case, each.level), []).append(TrendPoint(id=each.id, score=each.score))
        for part in each.steps:
            if part.score is not None:
                steps.setdefault((part.step, each.level), []).append(TrendPoint(id=each.id, score=part.score))
    levels = list(Level)
    by_case = sorted(cases.items(), key=lambda item: (item[0][0], levels.index(item[0][1])))
    by_step = sorted(steps.items(), key=lambda item: (item[0][0].number, levels.index(item[0][1])))
    return (
        *(_series(points, level=level, case=case) for (case, level), points in by_case),
        *(_series(points, level=level, step=step) for (step, level), points in by_step),
    )


def _series(points: Sequence[TrendPoint], *, level: Level, case: str | None = None, step: Step | None = None) -> Series:
    change = points[-1].score - points[-2].score if len(points) > 1 else None
    return Series(case=case, step=step, level=level, points=tuple(points), change=change)


def sparkline(scores: Iterable[int], *, ascii_only: bool = False) -> str:
    """One character a score, low to high on the scale from 0 to 100."""
    marks = _ASCII if ascii_only else _BLOCKS
    return "".join(marks[min(len(marks) - 1, score * len(marks) // 100)] for score in scores)
