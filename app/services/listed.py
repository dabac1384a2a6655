"""Several things asked at once: lists, statements that hold a question, questions that hold several.

What an item is about is told by the case, as far as it knows; a list of which it knows less than half is a thought.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from app.domain.speech import Span, is_question
from app.ports import AskMatch
from app.services import cues

About = Callable[[Span], AskMatch]

CUTS_LOOKED_AT = 12
"""Of a sentence: an endless list of commas has no question worth looking for."""
_LIST = re.compile(r"[,;](?!\d)\s*(?:and\s+)?|\s+and\s+")
_LONGEST_ITEM = 7
# What a list of things to know does not hold; a sentence with it goes on to the candidate's own design.
_OWN_THOUGHT = re.compile(
    r"\b(?:i|i'd|i'll|we'd|we'll|would|then|so|because|since|train|build|log|predict)\b", re.IGNORECASE
)
_SHORT_ITEM = 4
_FILLS = re.compile(
    r"(?:you know|please|thanks|etc|and so on|(?:that|this) (?:sort|kind) of (?:thing|stuff))\.?", re.IGNORECASE
)
_PLEASE = re.compile(r",? please\W*$", re.IGNORECASE)
_BARE_LIST = 3
"""Items from which words without a verb of asking, right after a question, go on asking."""
_ALSO = re.compile(r"\W*(?:(?:also|and|plus|then|or)\b[,: ]*)*", re.IGNORECASE)
_AS_IS = re.compile(r"\bi (?:get|have)\b", re.IGNORECASE)
_OWN_QUESTION = re.compile(r"\b(?:(?:would|will|should|do|could) i|(?:would|will|should) we)\b", re.IGNORECASE)
_HEADS_A_QUESTION = re.compile(r"\b(?:question|thing)\b.*\bis\W*$", re.IGNORECASE)
_TO_KNOW = re.compile(r"\bto know\b|\btell me\b", re.IGNORECASE)
_WH = "how|what|what's|whats|which|who|whose|where|when|why"
_AUXILIARIES = "are|is|do|does|did|can|could|should|will|would|have|has|any|may"
_INTERROGATIVE = re.compile(
    rf"\b(?:{_WH}|whether)\b|:\s+(?:{_AUXILIARIES})\b|^(?:\W*(?:and|so|but|or|also|ok|okay|then)\b)*\W*(?:{_AUXILIARIES})\b",
    re.IGNORECASE,
)
_STATES = re.compile(
    r"\W*(?:(?:and|so|but)\W+)*(?:i|we) (?:did|do|have|had|said|told|would|will|am|are)(?:n['’]t| not)?\b"
    r"(?! (?:like|want|need|love|wonder\w*|ask\w*)\b)",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(rf"(?:{_WH}|whether|if)\b", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:\W*(?:and|or|so|but|also|ok|okay|then|first|second|third|roughly|about|to|at|in|for|from|with|on|by|of|within|per)\b)*\W*"
    rf"(?:{_WH}|{_AUXILIARIES})\b",
    re.IGNORECASE,
)
# "A few questions at once: what's the scale - daily users, requests, and so on?"
_LEADS_IN = re.compile(r"(?::|\s[-–—])\s+")
_A_STATEMENT = 4
"""Words from which what stands before a question is a statement of its own."""


def wished(span: Span, about: About) -> list[Span]:
    """A statement in parts where it asks something in so many words; nothing where it does not.

    What the candidate would like to know, and what follows from it, is a design; what the case knows is asked for.
    """
    head = None if is_question(span) else cues.WISHES.search(span.text)
    if head is None:
        return []
    ends = cues.WISH_ENDS.search(span.text, head.end())
    asked = _part(span, head.end(), ends.start() if ends is not None else len(span.text))
    designs = ends is not None and cues.WHY_WISHED.match(ends.group() + span.text[ends.end() :]) is None
    if head["before"] is None and (designs or not _is_known(asked, about)):
        return []
    rest = _part(span, ends.end(), len(span.text)) if ends is not None else None
    return [part for part in (_part(span, 0, head.end()), asked, rest) if part is not None and part.words]


def listed(span: Span, about: About, *, follows: bool) -> list[Span]:
    """What a sentence asks for as a list ("let me ask for daily users, posts per day"), as far as it is known.

    Args:
        span: the sentence.
        about: what a part is about, as far as the case knows.
        follows: whether something was asked just before, so that a bare list goes on asking.
    """
    follows = follows or _PLEASE.search(span.text) is not None
    head = cues.ASKS_FOR.match(span.text) or (_ALSO.match(span.text) if follows else None)
    if head is None:
        return []
    items = [item for item in _items(span, head.end()) if not _FILLS.fullmatch(item.text)]
    if not head.group().strip() and len(items) < _BARE_LIST:
        return []
    if any(item.words > _LONGEST_ITEM or _OWN_THOUGHT.search(_AS_IS.sub("", item.text)) for item in items):
        return []
    return items if 2 * sum(_is_known(item, about) for item in items) >= len(items) else []


def as_listed(span: Span, about: About) -> list[Span]:
    """What a sentence without a mark asks for: the items of a list, or the whole of a question within a statement."""
    return [span] if _EMBEDDED.match(span.text) else listed(span, about, follows=True)


def several(question: Span, about: About) -> list[Span]:
    """The things that one question asks about ("what's the peak rate and the budget?"), where two are known."""
    leads = [lead.end() for lead in islice(_LEADS_IN.finditer(question.text), CUTS_LOOKED_AT)]
    items = _items(question, leads[-1] if leads else 0)
    if len(items) < 2 or cues.EITHER_OR.search(question.text) or any(one.words > _LONGEST_ITEM for one in items):
        return [question]
    found = [about(item) for item in items]
    facts = {one.fact for one in found if one.fact is not None and one.sure}
    if len(facts) < 2:
        return [question]
    return [
        item
        for item, one in zip(items, found, strict=True)
        if one.fact in facts or (item.words <= _SHORT_ITEM and not is_question(item))
    ]


def _is_known(span: Span, about: About) -> bool:
    """Whether words are surely about a fact or a decision of the case."""
    return about(span).sure


def _items(span: Span, start: int) -> list[Span]:
    """The items of a list that begins at a place of a sentence."""
    cuts = islice(_LIST.finditer(span.text, start), CUTS_LOOKED_AT)
    bounds = [start, *(bound for cut in cuts for bound in cut.span()), len(span.text.rstrip(" .?!"))]
    items = [_part(span, left, right) for left, right in zip(bounds[::2], bounds[1::2], strict=True) if right > left]
    return [item for item in items if item.words]


def asks_something(span: Span) -> bool:
    """Whether a sentence asks the interviewer something, so that a bare list after it goes on asking."""
    if _OWN_QUESTION.search(span.text):
        return False
    return is_question(span) or cues.ASKS_FOR.match(span.text) is not None or _TO_KNOW.search(span.text) is not None


def goes_on_wishing(before: Span, span: Span) -> bool:
    """Whether a part of a sentence is what its first part wishes to know ("My first question is | whether ...")."""
    cut = before.text.rstrip()[-1:] not in {".", "?", "!"}
    return (
        cut
        and before.end <= span.start
        and _EMBEDDED.match(span.text) is not None
        and (_TO_KNOW.search(before.text) is not None or _HEADS_A_QUESTION.search(before.text) is not None)
    )


def states(part: Span) -> bool:
    """Whether the first part of a question is none ("that is 4 terabytes, do we have so much?")."""
    asks = _INTERROGATIVE.search(part.text) is not None and _STATES.match(part.text) is None
    return part.words >= _A_STATEMENT and not asks and not is_question(part)


def asks_in_words(part: Span) -> bool:
    """Whether a part of a question begins with a word of asking; the others tell little of what it is about."""
    return _OPENS.match(part.text) is not None


def _part(span: Span, left: int, right: int) -> Span:
    """A sentence from one place in it to another."""
    return Span(start=span.start + left, end=span.start + right, text=span.text[left:right])
