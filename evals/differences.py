"""What today's content makes of a recorded interview against what was made of it then, by sentence and by rating."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from app.domain.events import AnyEvent, ChoiceMade, DoubtNoted, EvidenceFound, RedFlagSeen, TensionResolved
from app.domain.levels import Verdict
from app.domain.scorecard import CriterionScore, Quote, Scorecard, Status
from app.domain.vocabulary import Frozen, Step
from app.ports import StoredInterview
from app.services.assess import Assessor


class HeardAs(StrEnum):
    """What a sentence was taken for."""

    EVIDENCE = "evidence"
    DOUBT = "doubt"
    RED_FLAG = "red_flag"
    CHOICE = "choice"
    TENSION = "tension_resolved"


class Hearing(Frozen):
    """What is heard in a message now and was not then (`gained`), or the other way round.

    Attributes:
        id: of the criterion, red flag, choice or tension.
    """

    turn: int
    heard_as: HeardAs
    id: str
    quote: str
    gained: bool


class Flip(Frozen):
    """A criterion whose status or rating is another one.

    Attributes:
        lost: quotes that counted then and do not now.
        gained: quotes that count now and did not then.
    """

    criterion: str
    step: Step
    status_then: Status
    status_now: Status
    rating_then: int | None
    rating_now: int | None
    lost: tuple[Quote, ...]
    gained: tuple[Quote, ...]


class ScoreChange(Frozen):
    """The scorecard from the recorded evidence, against the one from today's; ratings and caps are today's in both."""

    score_then: int | None
    score_now: int | None
    verdict_then: Verdict
    verdict_now: Verdict
    flips: tuple[Flip, ...]

    @property
    def flipped(self) -> bool:
        """Whether the verdict is another one."""
        return self.verdict_then is not self.verdict_now


def hearings(then: Iterable[AnyEvent], now: Iterable[AnyEvent]) -> tuple[Hearing, ...]:
    """What is heard in the same messages now and was not then, and the other way round."""
    old, new = _heard(then), _heard(now)
    lost = [hearing.model_copy(update={"gained": False}) for key, hearing in old.items() if key not in new]
    return (*lost, *(hearing for key, hearing in new.items() if key not in old))


def _heard(events: Iterable[AnyEvent]) -> dict[tuple[int, HeardAs, str, str], Hearing]:
    found: dict[tuple[int, HeardAs, str, str], Hearing] = {}
    for event in events:
        match event:
            case EvidenceFound(criterion=id):
                heard_as = HeardAs.EVIDENCE
            case DoubtNoted(criterion=id):
                heard_as = HeardAs.DOUBT
            case RedFlagSeen(flag=id):
                heard_as = HeardAs.RED_FLAG
            case ChoiceMade(choice=id):
                heard_as = HeardAs.CHOICE
            case TensionResolved(tension=id):
                heard_as = HeardAs.TENSION
            case _:
                continue
        hearing = Hearing(turn=event.turn, heard_as=heard_as, id=id, quote=event.quote, gained=True)
        found[event.turn, heard_as, id, event.quote] = hearing
    return found


def score_change(stored: StoredInterview, retold: StoredInterview, *, assessor: Assessor) -> ScoreChange | None:
    """The change from the recorded evidence to today's; None where no evidence was recorded, as in an import.

    Args:
        stored: as recorded.
        retold: the same messages, with the evidence that is found in them today.
    """
    if not any(isinstance(event, EvidenceFound | DoubtNoted) for event in stored.events):
        return None
    then, now = (assessor.assess(each, recorded=True) for each in (stored, retold))
    return ScoreChange(
        score_then=then.overall.score,
        score_now=now.overall.score,
        verdict_then=then.overall.verdict,
        verdict_now=now.overall.verdict,
        flips=tuple(_flips(then, now)),
    )


def _flips(then: Scorecard, now: Scorecard) -> Iterator[Flip]:
    for old_step, new_step in zip(then.steps, now.steps, strict=True):
        for old, new in zip(old_step.criteria, new_step.criteria, strict=True):
            if (old.status, old.rating) != (new.status, new.rating):
                yield _flip(old, new, step=new_step.step)


def _flip(then: CriterionScore, now: CriterionScore, *, step: Step) -> Flip:
    old, new = ({(quote.turn, quote.quote) for quote in line.evidence} for line in (then, now))
    return Flip(
        criterion=now.id,
        step=step,
        status_then=then.status,
        status_now=now.status,
        rating_then=then.rating,
        rating_now=now.rating,
        lost=tuple(quote for quote in then.evidence if (quote.turn, quote.quote) not in new),
        gained=tuple(quote for quote in now.evidence if (quote.turn, quote.quote) not in old),
    )
