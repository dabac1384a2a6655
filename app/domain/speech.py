"""Cuts what somebody said into sentences, clauses, questions and short quotes, with their places.

Rules for spoken English as it is typed in a chat; no model. Every span is a verbatim part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from app.domain.vocabulary import Frozen

_BREAK = re.compile(r"(?<=[.!?…])(?P<closes>[\"')\]]*)\s+|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|approx|ca|cf|fig|dr|mr|st)\.|(?<!['’])\b[a-z]\.|^\s*\d{1,2}\.)$", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s+")
_CLAUSE = re.compile(
    r"(?:;|:\s|--|—|,\s+(?=(?:and|but|so|then|plus|also|which|because|since|with|or)\b)|,\s+|\s(?=(?:and then|and also|(?<!and )then|but|because|so that)\s))\s*"
)
_CLAUSE_END = re.compile(r"[,;:.!?—\n]|\b(?:but|because|since|so)\b", re.IGNORECASE)
_HEADS = r"how|what|what's|whats|which|who|whom|whose|where|when|why|are|is|do|does|did|can|could|should|will|would|have|has|any"
_QUESTION_CUT = re.compile(rf"(?:,\s*(?:and\s+)?|;\s*|(?<!\s)\s+and\s+)(?=(?:{_HEADS})\b)", re.IGNORECASE)
_QUESTION_HEAD = re.compile(rf"\b(?:{_HEADS})\b", re.IGNORECASE)
_OPENS_LIKE_QUESTION = re.compile(
    r"^(?:(?:so|ok|okay|and|also|hmm|um|well|first|quick question|question)[,: ]+)*"
    r"(?:how (?:many|much|big|large|often|fast|long|tight|fresh|old|is|are|do|does|quickly|far)|what(?:'s|s| is| are| do| does| kind| sort| about| counts)|which|who(?:'s)?|where (?:is|are|do|does)|when (?:is|do|does)|"
    r"is (?:there|it|this|that|the|our)|are \w+|(?:does|did) \w+|do (?:we|they|you|it|the|users|i)|(?:can|could|may|should|shall|would|will) (?:i|we|you)|have we|any )\b",
    re.IGNORECASE,
)
_SHORT_QUESTION = 8
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’/%.+-]*[A-Za-z0-9%]|[A-Za-z0-9]")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|without|neither|nor|skip|skipping|ignore|ignoring|avoid|avoiding|instead of|rather than|"
    r"cannot|can't|cant|don't|dont|doesn't|doesnt|didn't|isn't|isnt|aren't|won't|wont|wouldn't|shouldn't|needn't|n't)\b|n't\b",
    re.IGNORECASE,
)
STOPWORDS = frozenset(
    """a an the and or but so if then than that this these those there here it its it's i i'd i'll i'm i've we we'd we'll we're we've
    you your they them their he she his her my our us me is are was were be been being am do does did done have has had having will would can could
    should shall may might must to of in on at by for from with about into over under out up down off as not no yes just also very really like
    maybe probably perhaps basically actually kind sort some any all each every more most much many few lot lots one two okay ok well let's lets
    what which who how why when where because since while though still even only own same such too get got go going make makes made use using used
    want need think say said see know take thing things something way etc again first second next now""".split()
)
# A phrase with one of these inside joins two, or starts another clause: "batch and look", "documents so it knows".
_JOINTS = frozenset(
    """and or so but nor because since while though although if unless until when where who whom whose which what how why
    that then than before after until during i i'd i'll i'm i've we we'd we'll we're we've you you'd you'll you're they
    they'd they'll they're he she it it's there them us me plus also not whether instead rather both""".split()
)
# What follows one of these is a verb without its subject ("it [knows the page]"), or a phrase without its head.
_NOT_BEFORE = frozenset("it he she they that which who there this".split())
# What stands before one of these is a verb without its object ("[look] it up", "[brought] the same"), or one half ("[diff old] and new").
_NOT_AFTER = frozenset("it them him us me and or the a an my our your their its his her".split())
_LINKS = frozenset(
    """after before during until within without against among between through towards per via except besides never always
    often otherwise that's""".split()
)
_NOT_FIRST = (
    STOPWORDS | _LINKS | frozenset("percent tenth hundredth hundred thousand million billion dozen least".split())
)
# Numbers are not torn: "top 1[,500]", "graded from 0[–4]", and not "[000] users" of 10,000.
_SAME_NUMBER = re.compile(r"[,.]\d|(?<=\d)–\d")
_SAME_NUMBER_BEFORE = re.compile(r"\d[,.–]$")
# "I'd [split train], validation and test": the first item of a list, where the window began before the list.
_LIST_GOES_ON = re.compile(r",\s+([\w'’%-]+(?:\s+[\w'’%-]+)?)(?:,|\s+(?:and|or)\s)")
_LIST_BEGINS = re.compile(r"(?:^|[,:;(])\s*(?:(?:the|an?|some|my|our)\s+)?$")
_TORN = 0.5
"""What it costs to quote the first item of a list with what stands before it."""
_FAINT = 0.05
"""Less of a topic in a quote is chance: a word that is said of every point of the case."""
_NOT_LAST = STOPWORDS | _LINKS | frozenset("percent half third quarter fifth tenth hundredth hundred".split())
_OBJECTS = frozenset("it them us me".split())
_PREPOSITIONS = frozenset("of in on at by for from with into over to".split())
_NOBODY = re.compile(r"\b(?:nobody|nothing|hardly|barely)\b", re.IGNORECASE)
_QUANTIFIERS = frozenset("few many much more most lot lots some any no all each every one two".split())
_BEFORE_PHRASE = STOPWORDS - _QUANTIFIERS - _NOT_BEFORE
_AFTER_PHRASE = (STOPWORDS | _LINKS) - _NOT_AFTER


Topic = Mapping[str, float]
"""Stems with their weights: towards 1 for a word that is said of one point only and often, near 0 for one said of all."""


class Span(Frozen):
    """A part of a text; `text` is the text from `start` to `end`."""

    start: int
    end: int
    text: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(_WORD.findall(self.text))


def sentences(text: str) -> list[Span]:
    """The sentences of a text, bullets and line breaks included, in order."""
    spans: list[Span] = []
    start = 0
    for match in _BREAK.finditer(text):
        if "\n" not in match.group() and _ABBREVIATION.search(text[start : match.start()]):
            continue
        _add(spans, text, start, max(match.start(), match.end("closes")))
        start = match.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    bullet = _BULLET.match(text[start:end])
    start += bullet.end() if bullet else 0
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    if right > left and _WORD.search(text[left:right]):
        spans.append(Span(start=left, end=right, text=text[left:right]))


def clauses(sentence: Span, *, least: int = 4) -> list[Span]:
    """The clauses of a sentence; pieces of fewer words than `least` join the clause before them."""
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(sentence.text)), len(sentence.text)]
    pieces: list[Span] = []
    for left, right in zip(cuts, cuts[1:], strict=False):
        piece = _trim(sentence, left, right)
        if piece is None:
            continue
        if pieces and (piece.words < least or pieces[-1].words < least):
            joined = _trim(sentence, pieces[-1].start - sentence.start, right)
            pieces[-1] = joined if joined is not None else pieces[-1]
        else:
            pieces.append(piece)
    return pieces


def _trim(sentence: Span, left: int, right: int) -> Span | None:
    text = sentence.text[left:right]
    stripped = text.strip(" ,;:—-\t")
    if not stripped:
        return None
    left += text.index(stripped)
    return Span(start=sentence.start + left, end=sentence.start + left + len(stripped), text=stripped)


def is_question(sentence: Span) -> bool:
    """Whether a sentence asks something, with or without a question mark."""
    text = sentence.text.rstrip("\"') ")
    return text.endswith("?") or (_OPENS_LIKE_QUESTION.match(text) is not None and sentence.words <= 16)


def asks_only(text: str) -> bool:
    """Whether a text is a clarifying question and nothing else ("Also do we have labels?")."""
    bare = text.strip().rstrip("\"') ")
    if bare.endswith("?") and len(words_of(bare)) <= _SHORT_QUESTION:
        return True
    return _OPENS_LIKE_QUESTION.match(bare) is not None and len(sentences(bare)) == 1


def questions(sentence: Span) -> list[Span]:
    """The single questions of a sentence that asks several ("How many users, are dislikes logged?")."""
    cuts = list(_QUESTION_CUT.finditer(sentence.text))
    starts = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(sentence.text)]
    parts = [_trim(sentence, left, right) for left, right in zip(starts, ends, strict=True)]
    whole = [part for part in parts if part is not None]
    joined: list[Span] = []
    for part in whole:
        if joined and (part.words < 2 or _QUESTION_HEAD.search(joined[-1].text) is None):
            merged = _trim(sentence, joined[-1].start - sentence.start, part.end - sentence.start)
            joined[-1] = merged if merged is not None else joined[-1]
        else:
            joined.append(part)
    return joined


def negated(text: str) -> bool:
    """Whether a text denies something."""
    return _NEGATION.search(text) is not None


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [match.group().lower() for match in _WORD.finditer(text)]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """A crude stem, enough to see that two words share a root."""
    word = word.lower().replace("’", "'")
    for ending in ("'s", "ings", "ing", "ies", "ied", "es", "ed", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def stems(text: str) -> set[str]:
    """Stems of the words that carry meaning."""
    return {stem(word) for word in words_of(text) if word not in STOPWORDS}


def short_quote(sentence: Span, topic: Topic, *, least: int = 2, most: int = 6) -> str | None:
    """Two to six words of a sentence that say most about a topic; None if nothing fit to quote is there.

    What is quoted is a phrase that a listener would pick up: it begins and ends where a phrase may, neither joins
    two clauses nor tears a verb from its subject or object.

    Args:
        sentence: what the candidate said.
        topic: stems of the words that belong to the topic, with their weights.
    """
    best: tuple[float, int, str] | None = None
    for window, start in _windows(sentence.text, least, most):
        tokens = words_of(window.replace("’", "'"))
        if tokens[0] in _NOT_FIRST or _hangs(tokens[-1]) or _straddles(window) or _joins(tokens):
            continue
        clause = _CLAUSE_END.split(sentence.text[:start])[-1] + window
        if negated(clause) or _NOBODY.search(clause):
            continue
        meaning = [token for token in tokens if token not in STOPWORDS]
        on_topic = sum(topic.get(stem(token), 0.0) for token in meaning)
        if on_topic < _FAINT:
            continue
        torn = _tears_list(sentence.text, start, start + len(window))
        if torn and len(tokens) <= least:  # "[returns accept], challenge or decline"
            continue
        value = on_topic - _TORN * torn + 0.2 * len(meaning) - 0.1 * abs(len(tokens) - 4)
        if best is None or value > best[0]:
            best = (value, len(tokens), window)
    return None if best is None else best[2]


def _tears_list(text: str, start: int, end: int) -> bool:
    """Whether a window ends after the first item of a list that began within it."""
    listed = _LIST_GOES_ON.match(text[end:])
    if listed is None or _LIST_BEGINS.search(text[:start]):
        return False
    return not any(word in STOPWORDS or word in _JOINTS for word in words_of(listed.group(1)))


def _hangs(last: str) -> bool:
    """Whether a window ends in a word that belongs to what comes after it."""
    return last in _NOT_LAST or last.endswith(("'s", "s'"))


def _joins(tokens: list[str]) -> bool:
    """Whether a window holds the joint of two phrases; "it" is none where it is an object ("multiplies it by")."""
    following = [*tokens[1:], ""]
    return any(
        token in _JOINTS and not (token in _OBJECTS and after in _PREPOSITIONS)
        for token, after in zip(tokens, following, strict=True)
    )


def _straddles(window: str) -> bool:
    return re.search(r"[,;:.!?()\"—\n]", window) is not None


def _windows(text: str, least: int, most: int) -> Iterator[tuple[str, int]]:
    """Runs of words that begin and end where a phrase may, each with its place."""
    places = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    for first in range(len(places)):
        if not _may_begin(text, places[first][0]):
            continue
        for last in range(first + least - 1, min(first + most, len(places))):
            start, end = places[first][0], places[last][1]
            if _may_end(text, end):
                yield text[start:end], start


def _may_begin(text: str, start: int) -> bool:
    if _SAME_NUMBER_BEFORE.search(text[:start]):
        return False
    before = text[:start].rstrip()
    if not before or not before[-1].isalnum():
        return True
    word = _WORD.findall(before)[-1].lower()
    return word in _BEFORE_PHRASE


def _may_end(text: str, end: int) -> bool:
    if _SAME_NUMBER.match(text, end):
        return False
    after = text[end:].lstrip()
    if not after or not after[0].isalnum():
        return True
    word = _WORD.match(after)
    return word is None or word.group().lower() in _AFTER_PHRASE
