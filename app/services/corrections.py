"""What a candidate takes back in a later message, and which wrong claims are put right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.catalog import Brief
from app.domain.scorecard import FlagQuote, Quote
from app.domain.taking_back import opens_by_taking_back, opens_with_regret, takes_anything_back

_HOW_FAR_BACK = 2
"""A candidate may ask something before taking back what was said in the message before."""


@dataclass
class Exchange:
    """What the candidate said by turn, and to which questions.

    Attributes:
        said: the messages by turn, in order.
        replies_to: the criterion that was asked for just before a turn.
        pressed: the wrong claim that was pressed just before a turn.
        near: criterion and turn of what may have covered a criterion.
    """

    said: dict[int, str] = field(default_factory=dict)
    replies_to: dict[int, str] = field(default_factory=dict)
    pressed: dict[int, str] = field(default_factory=dict)
    near: set[tuple[str, int]] = field(default_factory=set)


@dataclass(frozen=True)
class _Told:
    """What was said, with what is credited for it, by criterion, and the wrong claims in it, in order."""

    quotes: Mapping[str, Sequence[Quote]]
    flags: Sequence[FlagQuote]
    exchange: Exchange

    def concerned(self, turn: int) -> set[str]:
        """The criteria that a message is about: those that it is credited for, and the one that was asked for."""
        asked = self.exchange.replies_to
        credited = {criterion for criterion, each in self.quotes.items() if any(quote.turn == turn for quote in each)}
        return credited | ({asked[turn]} if turn in asked else set())

    def taken_back(self, turn: int) -> int | None:
        """The message that a message takes back: the nearest before it that said something."""
        telling = {quote.turn for each in self.quotes.values() for quote in each} | {flag.turn for flag in self.flags}
        earlier = sorted((each for each in self.exchange.said if each < turn), reverse=True)[:_HOW_FAR_BACK]
        return next((each for each in earlier if each in telling), None)


def upheld(
    quotes: Mapping[str, Sequence[Quote]], flags: Sequence[FlagQuote], exchange: Exchange
) -> dict[str, list[Quote]]:
    """The quotes by criterion without those that a later message takes back."""
    told, gone = _Told(quotes, flags, exchange), set()
    for turn, content in exchange.said.items():
        back = told.taken_back(turn) if opens_with_regret(content) else None
        gone |= {(criterion, back) for criterion in told.concerned(turn)}
    return {
        criterion: [quote for quote in each if (criterion, quote.turn) not in gone]
        for criterion, each in quotes.items()
    }


def settled(
    flags: Sequence[FlagQuote], quotes: Mapping[str, Sequence[Quote]], exchange: Exchange, *, brief: Brief
) -> list[FlagQuote]:
    """The wrong claims, marked where they were put right or taken back.

    Args:
        flags: the wrong claims in order.
        quotes: what was credited, by criterion.
        exchange: the candidate's messages.
        brief: the case.
    """
    told = _Told(quotes, flags, exchange)
    return [flag.model_copy(update={"corrected": _put_right(flag, told, brief)}) for flag in flags]


def _put_right(flag: FlagQuote, told: _Told, brief: Brief) -> bool:
    about, exchange = brief.flag_by_id[flag.id].criterion, told.exchange
    if any(quote.turn > flag.turn for quote in told.quotes.get(about, ())):
        return True
    again = {other.turn for other in told.flags if other.id == flag.id}
    later = [turn for turn in exchange.said if turn > flag.turn and turn not in again]
    return any(
        exchange.pressed.get(turn) == flag.id
        and ((about, turn) in exchange.near or takes_anything_back(exchange.said[turn]))
        or _takes_back_claim(turn, flag, told, brief)
        for turn in later
    )


def _takes_back_claim(turn: int, flag: FlagQuote, told: _Told, brief: Brief) -> bool:
    """Whether a message takes back the message of the claim, and means the claim."""
    if not opens_by_taking_back(told.exchange.said[turn]) or told.taken_back(turn) != flag.turn:
        return False
    only = all(other.id == flag.id for other in told.flags if other.turn == flag.turn)
    return only or brief.flag_by_id[flag.id].criterion in told.concerned(turn)
