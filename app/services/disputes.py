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
from app.domain.rubric import Criterion
from app.domain.scorecard import CriterionScore, Scorecard
from app.domain.speech import stems, words_of
from app.domain.vocabulary import Frozen, Slug, Step
from app.errors import InputError
from app.ports import StoredInterview

LEAST_WORDS = 3
"""The matcher looks at no span of fewer words, so fewer can show nothing."""
_MOST_SUGGESTED = 3
_ALIKE = 0.8
"""How alike two spellings are that differ by a slip of the fingers; no two names or ids of a case are as near."""


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


def criterion_named(name: str, brief: Brief, *, card: Scorecard | None = None, step: Step | None = None) -> str:
    """The id of the criterion that a person means, by its id or by its name on the scorecard, or words of that.

    Args:
        name: as typed.
        brief: the case.
        card: the scorecard that it is looked for on; what is on it comes before what is not.
        step: the step that what is pointed at was said in; where nothing is near, its criteria are listed.

    Raises:
        InputError: none is called so, or several are.
    """
    if name in brief.criterion_by_id:
        return name
    wanted = words_of(name)
    called = {one.id: words_of(one.name) for one in _on_card_first(brief, card)}
    same = [id for id, words in called.items() if words == wanted]
    meant = same or [id for id, words in called.items() if wanted and set(wanted) <= set(words)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise InputError(f"{name!r} may be {' or '.join(meant)} in {brief.case.id!r}; give one of these")
    near = _like(name, brief, card)
    suggested = f"did you mean {' or '.join(near)}?" if near else _listed(brief, card, step)
    raise InputError(f"there is no criterion {name!r} in {brief.case.id!r}; {suggested}")


def _on_card_first(brief: Brief, card: Scorecard | None) -> list[Criterion]:
    shown = {line.id for part in card.steps for line in part.criteria} if card is not None else set()
    return sorted(brief.criteria, key=lambda one: one.id not in shown)


def _like(name: str, brief: Brief, card: Scorecard | None) -> list[str]:
    """The ids whose names share the most words with what was typed, half of it at least; else those spelt alike."""
    candidates = _on_card_first(brief, card)
    wanted = stems(name)
    shared = {one.id: len(wanted & stems(f"{one.name} {one.id.replace('-', ' ')}")) for one in candidates}
    most = max(shared.values(), default=0)
    if most and 2 * most >= len(wanted):
        return [id for id, count in shared.items() if count == most][:_MOST_SUGGESTED]
    spelt = {spelling: one.id for one in reversed(candidates) for spelling in (one.id, one.name.casefold())}
    found = get_close_matches(name.casefold(), spelt, n=_MOST_SUGGESTED, cutoff=_ALIKE)
    return list(dict.fromkeys(spelt[each] for each in found))


def _listed(brief: Brief, card: Scorecard | None, step: Step | None) -> str:
    """What there is to choose from: the criteria of the step, or where to look."""
    shown = [part.step for part in card.steps] if card is not None else []
    if step is None and len(shown) == 1:
        step = shown[0]
    if step is None or step not in shown:
        return "`mlsd score ... --json` lists them"
    return f"on {step.spoken} it has {', '.join(one.id for one in brief.of_step(step))}"


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
    criterion = criterion_named(criterion, brief, card=card, step=_step_of(stored, quote.strip(), turn))
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


def _step_of(stored: StoredInterview, quote: str, turn: int | None) -> Step | None:
    """The step in which a sentence was said first; None where it was not, or nobody knows."""
    said = (event for event in stored.events if isinstance(event, CandidateMessage) and quote in event.content)
    return next((event.step for event in said if turn is None or event.index == turn), None)


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
