"""From evidence to ratings, scores and a verdict: arithmetic only, every point traceable to a quote.

A rating r of 1-4 is worth (r - 1) / 3; a score is the weighted mean over what was assessed, times 100.
What was asked and not answered, or passed by the candidate's own "next" or "end", counts as 0; what was
never asked, or cut by time, does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.domain.grading import Graded, rating_of
from app.domain.kinds import Observer
from app.domain.levels import LevelRules, Verdict
from app.domain.rubric import Criterion
from app.domain.vocabulary import Frozen, Level, Provenance, Slug, Step

Rating = Annotated[int, Field(ge=1, le=4)]
Score = Annotated[int, Field(ge=0, le=100)]

SOUND = 3
"""The lowest rating whose anchor is free of fault."""
_BEST = 4
_WORST_FIRST = (
    Verdict.STRONG_NO_HIRE,
    Verdict.NO_HIRE,
    Verdict.LEAN_NO_HIRE,
    Verdict.LEAN_HIRE,
    Verdict.HIRE,
    Verdict.STRONG_HIRE,
)


class Status(StrEnum):
    """What became of a criterion."""

    MET = "met"
    PARTIAL = "partial"
    WRONG = "wrong"
    NOT_SHOWN = "not_shown"
    NOT_ASSESSED = "not_assessed"


class Quote(Frozen):
    """A verbatim span of a candidate's message, as evidence."""

    turn: int
    quote: str
    provenance: Provenance
    source: Observer = Observer.MATCHER


class BuiltinReading(Frozen):
    """The built-in rating of a criterion, where a grader's stands beside it."""

    rating: Rating | None
    reason: str


class GradedReading(Frozen):
    """A grader model's rating of a criterion, before it was weighed against the built-in one.

    Attributes:
        rating: the median of the votes; None for nothing shown, or if there is a problem.
        votes: those that could be used, None in one that found nothing.
        evidence: its verbatim quotes; what they earn is decided by `combining.py`.
        problem: why it could not be graded; None if it was.
    """

    reason: str
    rating: Rating | None
    votes: tuple[Rating | None, ...] = ()
    evidence: tuple[Quote, ...] = ()
    problem: str | None = None


class GraderReport(Frozen):
    """How the grader fared: `graded` of `criteria` criteria, `votes` times each."""

    model: str
    votes: int
    graded: int
    criteria: int
    problems: tuple[str, ...] = ()


class FlagQuote(Frozen):
    """A wrong claim, in the candidate's words; `corrected` where it was put right or taken back later."""

    id: Slug
    turn: int
    quote: str
    corrected: bool = False


class HintTaken(Frozen):
    """A hint that was given."""

    criterion: Slug
    step: Step
    rung: int
    turn: int


class StudyItem(Frozen):
    """A reference note to read, and why."""

    case: Slug
    note: str
    why: str


class ScoreRange(Frozen):
    """A score without what the candidate disputes, and with all of it credited; None as for a score."""

    low: Score | None
    high: Score | None


RUBRICS_WORDS = (
    "What a higher rating asks for is given in the rubric's words. These are not compared with yours, so you may have "
    "said a part of it."
)


class CriterionScore(Frozen):
    """One line of the scorecard.

    Attributes:
        rating: 1-4 where something was said; None otherwise.
        next_level: the anchor of the rating to aim for; nobody has looked whether a part of it was said.
        uncertain: a quote that may cover it, where nothing surely does.
        disputed: what the candidate says shows it; it does not count.
        claimed_rating: what the rating would be if that were credited, under the same caps.
        builtin: the built-in rating by itself, where a grader was asked.
        graded: the grader's rating by itself, where one was asked.
    """

    id: Slug
    name: str
    weight: int
    core: bool
    rating: Rating | None
    status: Status
    evidence: tuple[Quote, ...]
    reason: str
    next_level: str
    uncertain: str | None = None
    disputed: tuple[Quote, ...] = ()
    claimed_rating: Rating | None = None
    builtin: BuiltinReading | None = None
    graded: GradedReading | None = None

    @property
    def next_label(self) -> str:
        """What `next_level` is called."""
        return "Put right" if self.status is Status.WRONG else f"For a {next_rating(self.rating)}"

    @property
    def assessed(self) -> bool:
        """Whether it counts."""
        return self.status is not Status.NOT_ASSESSED

    @property
    def value(self) -> float:
        """0 to 1."""
        return 0.0 if self.rating is None else (self.rating - 1) / 3


class StepScore(Frozen):
    """The criteria of one step.

    Attributes:
        score: 0-100, None when nothing in it was assessed.
        range: with and without what is disputed; None where nothing is.
    """

    step: Step
    score: Score | None
    criteria: tuple[CriterionScore, ...]
    range: ScoreRange | None = None


class Overall(Frozen):
    """The whole: score 0-100 or None, the verdict, and why.

    Attributes:
        range: with and without what is disputed; None where nothing is.
        claimed_verdict: the verdict if all that is disputed were credited.
    """

    score: Score | None
    verdict: Verdict
    reasons: tuple[str, ...]
    range: ScoreRange | None = None
    claimed_verdict: Verdict | None = None


class Scorecard(Frozen):
    """What `mlsd score --json` prints.

    Attributes:
        scored_by: "builtin", or the grader model whose ratings entered.
        grader: how the grader fared, where one was asked.
    """

    case: Slug
    level: Level
    scored_by: str
    content_hash: str
    recorded_hash: str | None
    overall: Overall
    steps: tuple[StepScore, ...]
    red_flags: tuple[FlagQuote, ...]
    hints: tuple[HintTaken, ...]
    study: tuple[StudyItem, ...]
    grader: GraderReport | None = None


class Weighed(Frozen):
    """What is known of one criterion before it is rated.

    Attributes:
        quotes: what was said of it, in order.
        asked: whether the interviewer asked for it.
        passed: whether the candidate's own "next" or "end" left it behind.
        rung: the highest hint rung released for it, 0 for none.
        wrong: whether a wrong claim about it stands uncorrected.
        uncertain: a quote that may cover it, when none surely does.
        near: what was heard nearest to it in a reply to a question for it, however faint.
        used: where it was only asked about, a later sentence that makes something of the answers.
    """

    criterion: Criterion
    quotes: tuple[Quote, ...] = ()
    asked: bool = False
    passed: bool = False
    rung: int = 0
    wrong: bool = False
    uncertain: str | None = None
    near: str | None = None
    used: Quote | None = None


def rate(weighed: Weighed, *, level: Level, rules: LevelRules) -> CriterionScore:
    """One line of the scorecard: caps applied, status and reason given."""
    criterion = weighed.criterion
    graded = _best(weighed, level=level, rules=rules)
    rating, reasons = graded.rating, [graded.reason] if graded.reason else []
    if weighed.wrong:
        reasons.append(
            "A wrong claim about it was left standing." if rating is not None else "What was said of it is wrong."
        )
        rating, status = 1, Status.WRONG
    elif rating is not None:
        status = Status.MET if rating >= 3 else Status.PARTIAL
    else:
        status = Status.NOT_SHOWN if weighed.asked or weighed.passed else Status.NOT_ASSESSED
        reasons.append(_missing(weighed))
    return CriterionScore(
        id=criterion.id,
        name=criterion.name,
        weight=criterion.weight,
        core=criterion.core,
        rating=rating,
        status=status,
        evidence=weighed.quotes if weighed.used is None else (*weighed.quotes, weighed.used),
        reason=" ".join(reasons),
        next_level=next_level(criterion, graded.rating, wrong=weighed.wrong),
        uncertain=weighed.uncertain if rating is None else None,
    )


def _best(weighed: Weighed, *, level: Level, rules: LevelRules) -> Graded:
    """The best of three readings: what was volunteered, what was said without a hint, and all of it, under its cap."""
    asked_cap = rules.levels[level].caps.prompted_rating
    hint_cap = rules.hint_caps[weighed.rung - 1] if weighed.rung else 4
    readings = (
        ({Provenance.VOLUNTEERED}, 4, ""),
        (
            {Provenance.VOLUNTEERED, Provenance.PROMPTED},
            asked_cap,
            f"Capped at {asked_cap}: at {level.value} level it should come unasked.",
        ),
        (set(Provenance), min(hint_cap, asked_cap), f"Capped at {hint_cap} after a hint of rung {weighed.rung}."),
    )
    best = Graded(rating=None, reason="")
    for provenances, cap, why in readings:
        graded = rating_of([quote.quote for quote in weighed.quotes if quote.provenance in provenances])
        if graded.rating is None:
            continue
        if graded.rating > cap:
            graded = Graded(rating=cap, reason=f"{graded.reason} {why}")
        if graded.rating is not None and (best.rating is None or graded.rating > best.rating):
            best = graded
    if weighed.used is not None:
        most = min(SOUND, ceiling([weighed.used], weighed=weighed, level=level, rules=rules))
        if most > (best.rating or 0):
            best = Graded(rating=most, reason="Asked about, and a number of the answers was put to use.")
    return best


def ceiling(quotes: Sequence[Quote], *, weighed: Weighed, level: Level, rules: LevelRules) -> int:
    """The highest rating that quotes can earn together: the cap of the one that came about with most help."""
    how = {quote.provenance for quote in quotes}
    asked_cap = rules.levels[level].caps.prompted_rating
    if Provenance.HINTED in how:
        return min(rules.hint_caps[max(weighed.rung, 1) - 1], asked_cap)
    return asked_cap if Provenance.PROMPTED in how else 4


def _missing(weighed: Weighed) -> str:
    """Why a criterion has no rating; what came near to it is named."""
    near = weighed.uncertain or (weighed.near if weighed.asked else None)
    if near is not None:
        heard = f'Something near it was heard, "{near}", and was too uncertain to credit'
        return f"{heard}." if weighed.asked or weighed.passed else f"{heard}; it does not count."
    if weighed.asked:
        return "It was asked for and not answered."
    return "You moved on without it." if weighed.passed else "It did not come up, so it does not count."


def next_rating(said: int | None, *, wrong: bool = False) -> int | None:
    """The rating to aim for: one better, 3 at the least, for the anchor of a 2 says what is wanting.

    Args:
        said: what was said earned so much by itself.
        wrong: whether a wrong claim about it stands; then no less than what was said besides it.
    """
    if wrong:
        return max(said or 0, SOUND)
    return max((said or 0) + 1, SOUND) if said != _BEST else None


def next_level(criterion: Criterion, said: int | None, *, wrong: bool = False) -> str:
    """The anchor of the rating to aim for; empty above 4."""
    aim = next_rating(said, wrong=wrong)
    return "" if aim is None else criterion.anchors.at(aim)


def step_score(step: Step, criteria: Sequence[CriterionScore]) -> StepScore:
    """The weighted mean of one step."""
    return StepScore(step=step, score=_mean(criteria), criteria=tuple(criteria))


def _mean(criteria: Sequence[CriterionScore]) -> int | None:
    weight = sum(line.weight for line in criteria if line.assessed)
    if weight == 0:
        return None
    return round(100 * sum(line.weight * line.value for line in criteria if line.assessed) / weight)


def overall(steps: Sequence[StepScore], *, flags: int, level: Level, rules: LevelRules) -> Overall:
    """Score, verdict and reasons.

    Args:
        steps: the steps that were interviewed.
        flags: red flags that stand uncorrected.
        level: the level that is scored for.
        rules: `rubrics/levels.yaml`.
    """
    lines = [line for step in steps for line in step.criteria]
    total = sum(line.weight for line in lines)
    assessed = sum(line.weight for line in lines if line.assessed)
    share = assessed / total if total else 0.0
    if share < rules.assessed_share:
        reason = f"Only {share:.0%} of what this case looks for was assessed; a score needs {rules.assessed_share:.0%}."
        return Overall(score=None, verdict=Verdict.INSUFFICIENT_EVIDENCE, reasons=(reason,))
    score = _mean(lines)
    assert score is not None
    rule = rules.levels[level]
    thresholds = rule.thresholds
    verdict = Verdict.STRONG_NO_HIRE
    for name in (Verdict.NO_HIRE, Verdict.LEAN_NO_HIRE, Verdict.LEAN_HIRE, Verdict.HIRE, Verdict.STRONG_HIRE):
        if score >= getattr(thresholds, name.value):
            verdict = name
    reasons = [f"{score} of 100 at {level.value} level, on {share:.0%} of the weight."]
    for cap, why in _caps(steps, lines, flags=flags, level=level, rules=rules):
        if _WORST_FIRST.index(cap) < _WORST_FIRST.index(verdict):
            verdict = cap
            reasons.append(f"{why.rstrip('.')}, which holds the verdict at {cap.value.replace('_', ' ')}.")
    return Overall(score=score, verdict=verdict, reasons=tuple(reasons))


def _caps(
    steps: Sequence[StepScore], lines: Sequence[CriterionScore], *, flags: int, level: Level, rules: LevelRules
) -> list[tuple[Verdict, str]]:
    caps = rules.levels[level].caps
    found: list[tuple[Verdict, str]] = []
    weak = [step for step in steps if step.score is not None and step.score < caps.weak_step]
    if weak:
        names = ", ".join(f"{step.step.spoken} ({step.score})" for step in weak)
        found.append((caps.weak_step_verdict, f"One weak signal caps the round: {names}."))
    # What the matcher was not certain of caps nothing: it may have been said.
    unmet = [line for line in lines if line.core and line.assessed and (line.rating or 0) < 2 and not line.uncertain]
    if len(unmet) >= caps.unmet_core:
        found.append((caps.unmet_core_verdict, f"{len(unmet)} core points were not shown."))
    if flags >= caps.red_flags:
        found.append(
            (caps.red_flags_verdict, f"{flags} wrong claim{' was' if flags == 1 else 's were'} left standing.")
        )
    credited = [line for line in lines if line.rating is not None and line.rating >= 2 and line.evidence]
    led = [line for line in credited if all(quote.provenance is not Provenance.VOLUNTEERED for quote in line.evidence)]
    if credited and len(led) / len(credited) > caps.led_share:
        found.append((caps.led_verdict, f"{len(led)} of {len(credited)} credited points had to be asked for."))
    return found
