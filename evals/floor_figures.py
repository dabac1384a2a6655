"""The figures of `python -m evals.model_floor`: two interviewers on the same candidates, and who worded the turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from app.domain.events import InterviewerMessage
from app.domain.vocabulary import Frozen
from app.ports import StoredInterview
from evals.metrics import Better, better_way
from evals.report.bootstrap import interval
from evals.samples import from_stored
from evals.score import Row, Scorer
from evals.wording_share import Worded, WordingShare, worded_by, wording_share

MEASURES = ("single_question", "leakage", "loops", "reask", "non_sycophancy")
_FEWEST_PAIRS = 5


class Compared(Frozen):
    """One measure of both interviewers.

    Attributes:
        model: the measure's value by pair; None where it has none.
        builtin: likewise.
    """

    measure: str
    model: tuple[float | None, ...]
    builtin: tuple[float | None, ...]

    @property
    def differences(self) -> list[float]:
        """Model minus built-in, of the pairs in which both have a value."""
        both = zip(self.model, self.builtin, strict=True)
        return [mine - theirs for mine, theirs in both if mine is not None and theirs is not None]

    @property
    def judgement(self) -> str:
        """In words; "as good as" only if no value of the interval is worse."""
        found = interval(self.differences)
        if found.low is None or found.high is None or found.n < _FEWEST_PAIRS:
            return "too few pairs"
        worst, best = found.low, found.high
        if better_way(self.measure) is Better.LOWER:
            worst, best = -best, -worst
        if worst >= 0:
            return "as good as"
        return "worse" if best < 0 else "cannot tell"


def compare(rows: Sequence[Row], builtin: Sequence[Row]) -> list[Compared]:
    """The measures of both, pair by pair."""
    return [
        Compared(
            measure=measure,
            model=tuple(row.metrics[measure] for row in rows),
            builtin=tuple(row.metrics[measure] for row in builtin),
        )
        for measure in MEASURES
    ]


def report(by_model: Sequence[StoredInterview], by_builtin: Sequence[StoredInterview], *, scorer: Scorer) -> list[str]:
    """The figures, a line each; interviews of the same candidate stand at the same place."""
    rows = [scorer.row(from_stored(stored)) for stored in by_model]
    others = [scorer.row(from_stored(stored)) for stored in by_builtin]
    lines = [f"{len(rows)} candidates, each interviewed by both", ""]
    lines.append(f"{'':<18}{'model':<24}{'built-in':<24}{'model - built-in':<52}the model is")
    for each in compare(rows, others):
        figures = [_figure(each.model), _figure(each.builtin)]
        differ = sum(difference != 0 for difference in each.differences)
        change = f"{_figure(each.differences, signed=True)} ({differ} of {len(each.differences)} pairs differ)"
        lines.append(f"{each.measure:<18}{figures[0]:<24}{figures[1]:<24}{change:<52}{each.judgement}")
    return [*lines, "", *_share_lines(wording_share(by_model)), *_own_lines(by_model, rows)]


def _figure(values: Sequence[float | None], *, signed: bool = False) -> str:
    found = interval(values)
    if found.mean is None:
        return "none"
    sign = "+" if signed else ""
    if found.low is None or found.high is None:
        return f"{found.mean:{sign}.3f}"
    return f"{found.mean:{sign}.3f} [{found.low:{sign}.3f}, {found.high:{sign}.3f}]"


def _share_lines(share: WordingShare) -> Iterator[str]:
    yield (
        f"{share.all} turns of the model's interviews, {share.asked} of them put to the model; it worded "
        f"{share.by_model} itself ({_percent(share.by_model, share.all)} of all, "
        f"{_percent(share.by_model, share.asked)} of those put to it)"
    )
    for how in Worded:
        if count := share.turns.get(how, 0):
            yield f"  {count:>4}  {how}"
    if share.rules:
        yield "turned down or cut, attempts by rule: " + _counted(share.rules)
    if share.failures:
        yield "failures: " + _counted(share.failures)


def _own_lines(interviews: Sequence[StoredInterview], rows: Sequence[Row]) -> Iterator[str]:
    """What the evals flag in the turns that hold words of the model's."""
    flags: Counter[str] = Counter()
    own = 0
    for stored, row in zip(interviews, rows, strict=True):
        labelled = {turn.index: turn for turn in row.turns}
        for event in stored.events:
            if isinstance(event, InterviewerMessage) and worded_by(event).by_model:
                own += 1
                flags.update(flag.value for flag in labelled[event.index].flags)
    yield f"flagged by the evals among those {own}: {_counted(dict(flags.most_common())) or 'none'}"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"
