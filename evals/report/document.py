"""The report's document: what `mlsd eval --report` writes and what `--baseline` reads."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from app.bootstrap import App
from app.domain.kinds import InterviewerKind
from app.errors import InputError
from evals.metrics import BY_RECORD, FLAW_PREFIX, VALIDATED
from evals.report.bootstrap import interval
from evals.report.comparison import Comparison
from evals.samples import Skipped
from evals.score import Row
from evals.suites import Check, Suite, Unit

_BY_A_JUDGE = {"judge", "pairwise"}


class _Kept(BaseModel):
    """Of a report: immutable, and what a later version adds is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Figure(_Kept):
    """One measure over all transcripts (or units).

    Attributes:
        n: how many had a figure.
        target: the bounds in words; null where it is only reported.
        ok: whether the mean is within them; null without a figure or a target.
        suite: the suite that asked for it.
        validated: whether a regression in it counts.
    """

    mean: float | None
    ci_low: float | None
    ci_high: float | None
    n: int
    target: str | None
    ok: bool | None
    suite: str
    validated: bool


class EvalReport(_Kept):
    """The whole document.

    Attributes:
        units: what suites with a program of their own measured, by suite.
        missing: suites that have no figures, and why.
        comparison: each measure against the baseline; empty without one.
    """

    transcripts: tuple[Row, ...]
    summary: dict[str, Figure]
    skipped: tuple[Skipped, ...]
    versions: dict[str, str]
    units: dict[str, tuple[Unit, ...]] = {}
    missing: dict[str, str] = {}
    comparison: tuple[Comparison, ...] = ()


class Unscored(_Kept):
    """How much a judge left without a figure.

    Attributes:
        figures: ratings or preferences without one.
        votes: of all votes, those that failed or could not be read.
    """

    suite: str
    figures: int
    figures_of: int
    votes: int
    votes_of: int

    @property
    def said(self) -> str:
        """One line for people."""
        return (
            f"{self.suite}: {self.figures} of {self.figures_of} figures and {self.votes} of {self.votes_of} votes "
            "are unscored, as no reply came or none that could be read"
        )


def unscored_by_judges(report: EvalReport) -> list[Unscored]:
    """What each judging suite left without a figure; none for one that scored everything."""
    found = []
    for suite in sorted(_BY_A_JUDGE & report.units.keys()):
        values = [value for unit in report.units[suite] for value in unit.values.values()]
        votes = [vote.value for unit in report.units[suite] for each in unit.votes.values() for vote in each]
        if None in values or None in votes:
            found.append(
                Unscored(
                    suite=suite,
                    figures=values.count(None),
                    figures_of=len(values),
                    votes=votes.count(None),
                    votes_of=len(votes),
                )
            )
    return found


def value_of(row: Row, measure: str) -> float | None:
    """A transcript's figure by the measure's name, a flaw's score with its prefix."""
    if measure.startswith(FLAW_PREFIX):
        return next((score for flaw, score in row.flaw_scores.items() if measure == f"{FLAW_PREFIX}{flaw}"), None)
    return row.metrics.get(measure)


def summarise(suites: Iterable[Suite], rows: Sequence[Row], units: dict[str, tuple[Unit, ...]]) -> dict[str, Figure]:
    """The figures that the suites ask for, in their order; a measure that two ask for stands once."""
    found: dict[str, Figure] = {}
    recorded = bool(rows) and all(row.interviewer != InterviewerKind.EXTERNAL for row in rows)
    for suite in suites:
        own = units.get(suite.id)
        for check in suite.checks:
            if check.measure in found:
                continue
            values = [value_of(row, check.measure) for row in rows]
            if own is not None:
                values = [unit.values.get(check.measure) for unit in own]
            elif suite.source != "transcripts":
                continue
            sure = own is not None and suite.id not in _BY_A_JUDGE
            found[check.measure] = _figure(check, values, suite=suite, validated=sure, recorded=recorded)
    return found


def _figure(check: Check, values: list[float | None], *, suite: Suite, validated: bool, recorded: bool) -> Figure:
    known = interval(values)
    return Figure(
        mean=known.mean,
        ci_low=known.low,
        ci_high=known.high,
        n=known.n,
        target=check.target,
        ok=check.met_by(known.mean),
        suite=suite.id,
        validated=validated or check.measure in VALIDATED or (recorded and check.measure in BY_RECORD),
    )


def versions_of(app: App, *, vectors: bool) -> dict[str, str]:
    """What the figures depend on."""
    return {
        "mlsd": version("mlsd"),
        "content": app.catalog.content_hash,
        "reading": app.embedder.name if vectors else "words",
        "python": platform.python_version(),
    }


def read_report(file: Path) -> EvalReport:
    """A report that was written before.

    Raises:
        InputError: it cannot be read, or is no report.
    """
    try:
        return EvalReport.model_validate_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name a report that --report wrote") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8 text; name a report that --report wrote") from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "file"
        raise InputError(f"{file}: {field}: {first['msg']}; name a report that --report wrote") from error
