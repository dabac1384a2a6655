"""Disputes: what a scorecard would be if the sentences that the candidate points at were credited.

The score itself does not move. What is disputed is rated as evidence is: under the provenance that it
had in its message and under the same caps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.catalog import Brief
from app.domain.events import AnyEvent, Disputed, DisputeWithdrawn
from app.domain.levels import LevelRules
from app.domain.scorecard import (
    CriterionScore,
    FlagQuote,
    Quote,
    Scorecard,
    ScoreRange,
    Status,
    StepScore,
    Weighed,
    overall,
    rate,
    step_score,
)
from app.domain.vocabulary import Provenance

Claims = Mapping[str, Sequence[Quote]]
_CAPPED = "Capped at"  # as `scorecard.rate` says it


def open_disputes(events: Iterable[AnyEvent]) -> list[Disputed]:
    """What is disputed and was not taken back, in the order in which it was said."""
    found: list[Disputed] = []
    for event in events:
        if isinstance(event, Disputed):
            found.append(event)
        elif isinstance(event, DisputeWithdrawn):
            found = [each for each in found if each.criterion != event.criterion]
    return found


def with_disputes(
    card: Scorecard, disputes: Sequence[Disputed], *, brief: Brief, rules: LevelRules, asked: Mapping[str, int]
) -> Scorecard:
    """The same scorecard with ranges where something is disputed.

    Args:
        card: the scorecard without.
        disputes: what is disputed; what is about a criterion that the card does not have is passed over.
        brief: the case.
        rules: `rubrics/levels.yaml`.
        asked: by criterion, the first message in which the interviewer asked for it.
    """
    claims = _claims(card, disputes, asked)
    if not claims:
        return card
    standing = [flag for flag in card.red_flags if not _put_right(flag, card, claims, brief)]
    wrong = {brief.flag_by_id[flag.id].criterion for flag in standing}
    marked: list[StepScore] = []
    raised: list[StepScore] = []
    for step in card.steps:
        if not any(line.id in claims for line in step.criteria):
            marked.append(step)
            raised.append(step)
            continue
        high = [
            _credited(line, claims.get(line.id, ()), card, brief=brief, rules=rules, wrong=line.id in wrong)
            for line in step.criteria
        ]
        raised.append(step_score(step.step, high))
        lines = tuple(
            line.model_copy(update={"disputed": tuple(claims[line.id]), "claimed_rating": other.rating})
            if line.id in claims
            else line
            for line, other in zip(step.criteria, high, strict=True)
        )
        span = ScoreRange(low=step.score, high=raised[-1].score)
        marked.append(step.model_copy(update={"criteria": lines, "range": span}))
    whole = overall(raised, flags=len({flag.id for flag in standing}), level=card.level, rules=rules)
    span = ScoreRange(low=card.overall.score, high=whole.score)
    judged = card.overall.model_copy(update={"range": span, "claimed_verdict": whole.verdict})
    return card.model_copy(update={"steps": tuple(marked), "overall": judged})


def raises(line: CriterionScore) -> bool:
    """Whether a disputed line would be rated higher if what is disputed were credited."""
    return (line.claimed_rating or 0) > (line.rating or 0)


def claim_words(line: CriterionScore, quote: Quote) -> str:
    """What crediting a disputed sentence would do to its line; where it would do nothing, why."""
    if raises(line):
        return f"credited, it would be {line.claimed_rating} of 4"
    stays = f"it stays {line.rating} of 4"
    if line.status is Status.WRONG:
        return f"{stays}, since the wrong claim about it still stands"
    if any(each.turn == quote.turn and _overlap(each.quote, quote.quote) for each in line.evidence):
        return f"{stays}, since that is credited already"
    if _CAPPED in line.reason:
        return f"{stays}, since that is the most that it can earn here"
    return f"{stays}, since it adds no reason, number or weighing to what is credited"


def unmoved(card: Scorecard, criterion: str) -> str:
    """A sentence that says why a line that was just disputed does not move; empty if it does or is not disputed."""
    for line in (line for step in card.steps for line in step.criteria):
        if line.id == criterion and line.disputed and not raises(line):
            return f"{line.name} does not move: {claim_words(line, line.disputed[-1])}."
    return ""


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _claims(card: Scorecard, disputes: Sequence[Disputed], asked: Mapping[str, int]) -> dict[str, list[Quote]]:
    on_card = {line.id for step in card.steps for line in step.criteria}
    claims: dict[str, list[Quote]] = {}
    for dispute in disputes:
        if dispute.criterion not in on_card:
            continue
        if any(hint.criterion == dispute.criterion and hint.turn < dispute.turn for hint in card.hints):
            how = Provenance.HINTED
        elif asked.get(dispute.criterion, dispute.turn) < dispute.turn:
            how = Provenance.PROMPTED
        else:
            how = Provenance.VOLUNTEERED
        quote = Quote(turn=dispute.turn, quote=dispute.quote, provenance=how)
        if quote not in claims.setdefault(dispute.criterion, []):
            claims[dispute.criterion].append(quote)
    return claims


def _put_right(flag: FlagQuote, card: Scorecard, claims: Claims, brief: Brief) -> bool:
    """Whether it was put right, or something about the criterion was said, or is claimed to have been, after it.

    It is claimed to be none, too, where its own sentence is what is said to show the criterion.
    """
    about = brief.flag_by_id[flag.id].criterion
    said = [quote for step in card.steps for line in step.criteria if line.id == about for quote in line.evidence]
    claimed = claims.get(about, ())
    itself = any(quote.turn == flag.turn and _overlap(quote.quote, flag.quote) for quote in claimed)
    return flag.corrected or itself or any(quote.turn > flag.turn for quote in (*said, *claimed))


def _credited(
    line: CriterionScore, claims: Sequence[Quote], card: Scorecard, *, brief: Brief, rules: LevelRules, wrong: bool
) -> CriterionScore:
    """The line as it would be; never worse than it is."""
    if not claims:
        return line
    weighed = Weighed(
        criterion=brief.criterion_by_id[line.id],
        quotes=(*line.evidence, *claims),
        rung=max((hint.rung for hint in card.hints if hint.criterion == line.id), default=0),
        wrong=wrong,
    )
    raised = rate(weighed, level=card.level, rules=rules)
    return raised if (raised.rating or 0) > (line.rating or 0) or line.status is Status.WRONG else line
