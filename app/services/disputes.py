"""Takes up and takes back "I said that", and gives disputes away as labelled examples without identity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from enum import StrEnum

from app.domain.catalog import Brief
from app.domain.dispute import open_disputes
from app.domain.events import CandidateMessage, Disputed, DisputeWithdrawn, Ended
from app.domain.kinds import InterviewerKind
from app.domain.scorecard import CriterionScore, Scorecard
from app.domain.speech import words_of
from app.domain.vocabulary import Frozen, Slug
from app.errors import InputError
from app.ports import StoredInterview

LEAST_WORDS = 3
"""The matcher looks at no span of fewer words, so fewer can show nothing."""


class Claim(StrEnum):
    """What the candidate says of the sentence."""

    COVERS = "covers"


class LabelledExample(Frozen):
    """One line of `mlsd export-labels`: a disputed sentence, without who said it, where or when."""

    case: Slug
    criterion: Slug
    sentence: str
    claim: Claim


def is_over(stored: StoredInterview) -> bool:
    """Whether nothing more can be said in it: it has ended, or it was held elsewhere and imported."""
    imported = stored.header.interviewer.kind is InterviewerKind.EXTERNAL
    return imported or any(isinstance(event, Ended) for event in stored.events)


def criterion_named(name: str, brief: Brief) -> str:
    """The id of the criterion that a person means, by its id or by its name on the scorecard, or words of that.

    Raises:
        InputError: none is called so, or several are.
    """
    if name in brief.criterion_by_id:
        return name
    wanted = name.casefold().split()
    called = {one.id: one.name.casefold().split() for one in brief.criteria}
    same = [id for id, words in called.items() if words == wanted]
    meant = same or [id for id, words in called.items() if wanted and set(wanted) <= set(words)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise InputError(f"{name!r} may be {' or '.join(meant)} in {brief.case.id!r}; give one of these")
    spelt = {spelling: one.id for one in brief.criteria for spelling in (one.id, one.name.casefold())}
    near = dict.fromkeys(spelt[each] for each in get_close_matches(name.casefold(), spelt, n=3, cutoff=0.5))
    suggested = f"did you mean {' or '.join(near)}?" if near else "`mlsd score ... --json` lists them"
    raise InputError(f"there is no criterion {name!r} in {brief.case.id!r}; {suggested}")


def dispute(
    stored: StoredInterview,
    criterion: str,
    *,
    quote: str,
    turn: int | None,
    card: Scorecard,
    brief: Brief,
    at: datetime,
) -> Disputed:
    """The event that says "I said that"; append it to the interview's log.

    Args:
        stored: an interview that is over.
        criterion: the criterion that the sentence is said to show, as `criterion_named` finds it.
        quote: verbatim span of one of the candidate's messages.
        turn: index of that message; None where the quote is in one message only.
        card: the scorecard that is disputed.
        brief: the case.
        at: now.

    Raises:
        InputError: the interview runs, the criterion is not on the card or is fully credited, the quote is not
            verbatim or too short, or the same is disputed already.
    """
    _over(stored)
    criterion = criterion_named(criterion, brief)
    line = _line(card, criterion, brief)
    if line.rating == 4:
        raise InputError(f"{criterion!r} is rated 4 of 4 already; there is nothing to dispute")
    quote = quote.strip()
    if len(words_of(quote)) < LEAST_WORDS:
        raise InputError(f"{quote!r} is too short to show anything; quote the sentence, {LEAST_WORDS} words at least")
    place = _place(stored, quote, turn)
    if any(
        (each.criterion, each.turn, each.quote) == (criterion, place, quote) for each in open_disputes(stored.events)
    ):
        raise InputError(f"that sentence is disputed for {criterion!r} already; point at another one or leave it")
    return Disputed(seq=stored.seq + 1, at=at, criterion=criterion, turn=place, quote=quote)


def withdraw(stored: StoredInterview, criterion: str, *, at: datetime) -> DisputeWithdrawn:
    """The event that takes back what was disputed about a criterion; append it to the interview's log.

    Raises:
        InputError: nothing is disputed about it.
    """
    disputed = list(dict.fromkeys(each.criterion for each in open_disputes(stored.events)))
    if criterion not in disputed:
        named = f"; disputed here: {', '.join(disputed)}" if disputed else "; there is nothing to withdraw"
        raise InputError(f"nothing is disputed about {criterion!r}{named}")
    return DisputeWithdrawn(seq=stored.seq + 1, at=at, criterion=criterion)


def labelled(interviews: Iterable[StoredInterview]) -> list[LabelledExample]:
    """Everything that is disputed, once each, in an order that does not tell whose it was or when."""
    found = {
        (stored.header.case, each.criterion, each.quote)
        for stored in interviews
        for each in open_disputes(stored.events)
    }
    return [
        LabelledExample(case=case, criterion=criterion, sentence=sentence, claim=Claim.COVERS)
        for case, criterion, sentence in sorted(found)
    ]


def _over(stored: StoredInterview) -> None:
    if not is_over(stored):
        raise InputError(f"interview {stored.header.id!r} has not ended; end it first, then dispute its scorecard")


def _line(card: Scorecard, criterion: str, brief: Brief) -> CriterionScore:
    lines = {line.id: line for step in card.steps for line in step.criteria}
    if criterion in lines:
        return lines[criterion]
    step = brief.criterion_by_id[criterion].step
    raise InputError(f"{criterion!r} belongs to {step.spoken}, which was not part of this interview")


def _place(stored: StoredInterview, quote: str, turn: int | None) -> int:
    """The index of the message that holds the quote."""
    holding = [event.index for event in stored.events if isinstance(event, CandidateMessage) and quote in event.content]
    if turn is None and len(holding) == 1 or turn in holding:
        return holding[0] if turn is None else turn
    if not holding:
        raise InputError(f"{quote!r:.120} is in none of the candidate's messages; copy a span of one word for word")
    turns = ", ".join(map(str, holding))
    if turn is None:
        raise InputError(f"{quote!r:.120} is in several messages; say which with --turn, one of {turns}")
    raise InputError(f"{quote!r:.120} is not in message {turn}; it is in {turns} (counted from 0)")
