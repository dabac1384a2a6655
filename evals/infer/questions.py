"""Counts what an interviewer's turn asks for: genuine requests to answer, by the words alone.

Imperatives ("walk me through serving") count. Tags, checks whether one was understood, rhetorical questions
(answered in the same breath, or about the speaker) and quoted ones do not. Two ends of one thought ("which
one, and why?") count once; so does a set-up with the question that it sets up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from app.domain.speech import STOPWORDS, Span, is_question, stem, words_of
from evals.infer.readable import readable
from evals.infer.request_words import (
    ABOUT,
    ADDS,
    ANAPHOR,
    ANNOUNCES,
    ANSWERS_ITSELF,
    ASKS_WITHIN,
    BULLET,
    CIRCUMSTANCE,
    CUT,
    ECHO,
    ENTRY,
    HEAD,
    IMPERATIVE,
    INVERTED,
    LEAD,
    LEARNS,
    LEFT_TO_ANSWER,
    LET_US,
    OTHER_HALF,
    QUOTED,
    REPHRASED,
    RESUMES,
    SECOND_END,
    SPEAKER_OWN,
    STATEMENT,
    STATES,
    STATES_TASK,
    TAG,
    TASK,
    TOPIC_ALONE,
    WHEN,
    WISH,
)
from evals.infer.text import sentences

# "What do you optimise? Clicks? Watch time?" offers answers; "And online?" asks on.
_OFFERED = 3
_TAIL = 2
# From three requests in a sentence on each counts, however short: that is a list, not two ends of one thought.
_ENUMERATED = 3
_SHORT_END = 4
# As in the guard: a second end of up to seven words goes with the first.
_POINTING_END = 7


@lru_cache(maxsize=8_192)
def count_questions(text: str, *, opens: bool = False) -> int:
    """How many genuine requests to answer a turn holds; 0 where it asks nothing.

    Each item of a list counts once at most, and what announces the list ("Please tell me:") not beside its items.

    Args:
        text: the whole turn.
        opens: the turn states the problem; "design a system that ..." is then the problem, not a request.
    """
    plain = readable(QUOTED.sub("that", text.replace("’", "'")))
    spans = sentences(plain)
    items = [_item(plain, span) for span in spans]
    asked: list[Request] = []
    announced, asking = False, set[int]()
    for place, (sentence, item) in enumerate(zip(spans, items, strict=True)):
        following = spans[place + 1] if place + 1 < len(spans) else None
        if item is not None:
            if not ENTRY.match(sentence.text) and _requests(sentence, following, []):
                asking.add(item)
            continue
        own = [] if _announces(sentence, spans[place + 1 :]) else _requests(sentence, following, asked)
        if sentence.text.endswith(":") and following is not None and items[place + 1] is not None:
            announced = announced or bool(own)
        else:
            asked.extend(each for each in own if not (opens and STATES_TASK.match(each)))
    entries = len(set(items) - {None})
    listed = entries if announced and 2 * len(asking) < entries else len(asking)
    if not asked and not listed and not opens and spans and LEFT_TO_ANSWER.match(spans[-1].text):
        return 1
    return len(asked) + listed


def _item(text: str, span: Span) -> int | None:
    """Where the bullet or number stands that a sentence belongs to; None for one outside of lists."""
    start = text.rfind("\n", 0, span.start) + 1
    return start if BULLET.match(text, start) else None


class Request(str):
    """A request to answer, by its words; `imperative` where it is no question."""

    imperative: bool = False


def _requests(sentence: Span, following: Span | None, before: list[Request]) -> list[Request]:
    text = _bare(sentence)
    if not text.endswith("?"):
        imperative = IMPERATIVE.match(text) or WISH.search(text)
        unmarked = _is_unmarked(sentence)
        if not imperative and not unmarked:
            return []
        parts = _parts(text) if imperative else [text]
        if before and not unmarked and REPHRASED.match(text):
            return []
        found = [_request(parts[0], imperative=bool(imperative))]
        if before and _second_end(parts[0], before[-1]):
            found = []
        return found + [_request(part) for part in parts[1:] if not _second_end(part, found[-1] if found else parts[0])]
    return _questions(text, following, before)


def _announces(sentence: Span, after: Sequence[Span]) -> bool:
    """Whether a sentence only says what a question after it is about."""
    if sentence.text.endswith("?") or not any(later.text.endswith("?") for later in after):
        return False
    return ANNOUNCES.search(_bare(sentence)) is not None


def _bare(sentence: Span) -> str:
    """A sentence without the marks around it."""
    return sentence.text.strip().strip("\"')*_ ")


def _is_unmarked(sentence: Span) -> bool:
    return INVERTED.match(sentence.text) is not None or (
        is_question(sentence)
        and re.match(
            LEAD + r"(?:how|what|which|who|where|why)\b(?!.*\b(?:is|are) (?:important|key|clear)\b)",
            sentence.text,
            re.IGNORECASE,
        )
        is not None
        and re.search(r"\b(?:you|we)\b", sentence.text, re.IGNORECASE) is not None
    )


def _questions(text: str, following: Span | None, before: list[Request]) -> list[Request]:
    found: list[Request] = []
    for whole in [part for part in re.split(r"\?+", text) if part.strip()]:
        plain = re.sub(LEAD, "", whole.strip(" ,.!\"'"), flags=re.IGNORECASE).strip(" ,.!\"'")
        if not plain and not whole.strip():
            continue
        if TAG.match(plain or whole.strip(" ,.!")) or SPEAKER_OWN.match(whole) or LET_US.match(whole):
            continue
        if following is not None and _answered(plain, following.text):
            continue
        parts = _parts(re.sub(r",\s*(?:right|okay|ok|yes|no|correct)\s*$", "", whole))
        if len(parts) == 2 and len(words_of(parts[1])) <= _POINTING_END and re.search(r",\s+(?:and|or)\b", whole):
            parts = parts[:1]
        enumerated = len(parts) >= _ENUMERATED
        for part in parts:
            previous = found[-1] if found else (before[-1] if before else None)
            if TAG.match(part):
                continue
            if previous is not None and not (enumerated and found) and _second_end(part, previous, across=not found):
                continue
            found.append(_request(part))
    return found


def _answered(question: str, following: str) -> bool:
    """Whether the next sentence answers a question: "What does that tell us? It tells us that ..."."""
    if following.endswith("?"):
        return False
    own = _content(question)
    return ANSWERS_ITSELF.match(following) is not None or (
        bool(own) and RESUMES.match(following) is not None and own <= _content(following)
    )


def _request(text: str, *, imperative: bool = False) -> Request:
    made = Request(text)
    made.imperative = imperative
    return made


def _parts(text: str) -> list[str]:
    """The single requests of a sentence, as far as each has a head and a body of its own."""
    cuts = [0, *(match.end() for match in CUT.finditer(text))]
    starts = [*(match.start() for match in CUT.finditer(text)), len(text)]
    parts: list[str] = []
    for place, (left, right) in enumerate(zip(cuts, starts, strict=True)):
        part = text[left:right].strip(" ,;:—–-")
        joined = text[starts[place - 1] : left].lower() if place else ""
        set_up = bool(parts) and (
            HEAD.search(parts[-1]) is None
            or (WHEN.match(parts[-1]) is not None and ":" not in parts[-1])
            or STATES.match(parts[-1]) is not None
            or _states(parts[-1])
        )
        if set_up and not IMPERATIVE.match(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"  # a set-up: "if it rains, what ..."
        elif parts and _subordinate(parts[-1], part, joined):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return [part for part in parts if part]


def _states(part: str) -> bool:
    """Whether a part puts no question: neither its order nor a word in it asks."""
    return STATEMENT.match(part) is not None and ASKS_WITHIN.search(part) is None


def _subordinate(previous: str, part: str, joint: str) -> bool:
    """Whether a part belongs to the one before: a clause of time or place, alternatives, an object."""
    if re.match(r"(?:when|where|which|who|whose)\b", part, re.IGNORECASE) and "and" not in joint and "or" not in joint:
        return not re.match(
            r"(?:which|where|when|who) (?:do|does|would|will|is|are|can|could|should)\b|"
            r"which(?: [\w-]+){1,2} (?:do|does|did|should|would you|will you)\b",
            part,
            re.IGNORECASE,
        )
    if (
        not re.search(r"\b(?:and|or)\b", joint)
        and LEARNS.search(previous)
        and re.match(r"(?:how|what|which|who|where|when|why)\b", part, re.IGNORECASE)
    ):
        return True
    if "or" in joint.split() and re.match(r"(?:is|are|do|does|would|did|can|could|should)\b", part, re.IGNORECASE):
        return True
    if IMPERATIVE.match(previous) and re.match(r"(?:how|what|which|who|where|when|why)\b", part, re.IGNORECASE):
        # "tell me what goes in and what comes out": the objects of one request
        return "and" not in joint or len(words_of(previous)) <= 12
    return bool(
        re.match(r"what (?:goes|comes|counts|is|are)\b", part, re.IGNORECASE)
        and len(words_of(part)) <= _POINTING_END
        and re.search(r"\bwhat (?:goes|comes|counts|is|are)\b", previous, re.IGNORECASE)
    )


def _second_end(part: str, previous: str, *, across: bool = False) -> bool:
    """Whether a request only goes on with the one before it; `across` says that a sentence ends between them."""
    plain = re.sub(r"^(?:and|or|but|so)\s+(?:also\s+)?", "", part.strip(" ,.!?"), flags=re.IGNORECASE)
    if SECOND_END.match(plain) or REPHRASED.match(plain):
        return True
    words = words_of(plain)
    offered = across and len(words) <= _OFFERED and HEAD.search(previous) is not None and not HEAD.search(part)
    if offered and not ADDS.match(part) and not (isinstance(previous, Request) and previous.imperative):
        return True
    if (across and ECHO.match(previous)) or (not HEAD.search(part) and re.search(r"\bor\b", part)):
        return True
    if (
        TOPIC_ALONE.match(previous)
        and not CIRCUMSTANCE.match(previous)
        and (not HEAD.search(previous) or (not across and ABOUT.match(previous)))
    ):
        return True
    if isinstance(previous, Request) and previous.imperative and TASK.search(previous):
        return True
    if re.match(
        r"(?:how (?:do|would|could|will|can) (?:you|we|they|i) (?:know|tell|notice|find out)|what goes in)\b",
        plain,
        re.IGNORECASE,
    ):
        return True
    if not across and len(words) <= _TAIL:
        return True
    if len(words) <= 3 and plain.split()[0].lower() == previous.split()[0].lower():
        return True
    if not across and len(words) <= _POINTING_END and (ANAPHOR.search(plain) or OTHER_HALF.search(plain)):
        return True
    if len(words) <= _SHORT_END and re.match(r"(?:why|how|in what)\b", plain, re.IGNORECASE) and ANAPHOR.search(plain):
        return True
    own, other = _content(plain), _content(previous)
    if own and other and len(own & other) >= 0.75 * len(own):
        return True
    if isinstance(previous, Request) and previous.imperative:
        return (
            not own - other
            or (ANAPHOR.search(plain) is not None and len(words) <= 14)
            or re.match(r"(?:what|how|who|where) (?:happens|runs|goes)\b", plain, re.IGNORECASE) is not None
        )
    return (
        re.match(r"(?:why|what makes) (?:that|this|it|those|these|you)\b", plain, re.IGNORECASE) is not None
        and len(words) <= 7
    )


def _content(text: str) -> set[str]:
    return {stem(word) for word in words_of(text) if word not in STOPWORDS}
