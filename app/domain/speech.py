"""Cuts what somebody said into sentences, clauses, questions and short quotes, with their places.

Rules for spoken English as it is typed in a chat; no model. Every span is a verbatim part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
_HEADS = r"how|what|what's|whats|which|who|whom|whose|where|when|why|are|is|do|does|did|can|could|should|will|would|have|has|any"
_QUESTION_CUT = re.compile(
    rf"(?:,\s*(?:and\s+)?|;\s*|(?<!\s)\s+and\s+)(?=(?:(?:roughly|about|also|then|approximately) )?(?:{_HEADS})\b)(?!ha(?:ve|s) to\b)",
    re.IGNORECASE,
)
_QUESTION_HEAD = re.compile(rf"\b(?:{_HEADS})\b", re.IGNORECASE)
_OPENS_LIKE_QUESTION = re.compile(
    r"^(?:(?:so|ok|okay|and|also|hmm|um|well|first|quick question|question)[,: ]+)*"
    r"(?:how (?:many|much|big|large|often|fast|long|tight|fresh|old|is|are|do|does|quickly|far)|what(?:'s|s| is| are| do| does| kind| sort| about| counts)|which(?! (?:i|we|you|they|it|he|in|is|are|was|were|would|will|can|could|should|may|might|has|have|had|do|does|did|means?|makes?|gives?|leads?|leaves?|also|then)\b)|who(?:'s)?(?! (?:i|we|you|they)\b)|where (?:is|are|do|does)|when (?:is|do|does)|"
    r"is (?:there|it|this|that|the|our)|are \w+|(?:does|did) \w+|do (?:we|they|you|it|the|users|i)|(?:can|could|may|should|shall|would|will) (?:i|we|you)|have we|any )\b",
    re.IGNORECASE,
)
_ENUMERATES = re.compile(
    r"^(?:(?:and|so|then|ok|okay)[, ]+)?(?:first|second|third|fourth|finally|lastly|last|two|three)(?:ly)?[,:]\s+",
    re.IGNORECASE,
)
_REASON = re.compile(r",\s*(?:because|since|as|so|otherwise)\b", re.IGNORECASE)
_ASKS_FOR_SURE = re.compile(
    r"(?:(?:so|ok|okay|and|also|hmm|um|well|first|quick question|question)[,: ]+)*(?:how|what|where|when|is there|are there|do (?:we|you))\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"who\b", re.IGNORECASE)
_LONG_QUESTION, _LONG_ITEM = 16, 24
"""Words of a question without its mark, the reason for asking not counted; those of an item of a list of them."""
# "And when a payment comes in, how long do I have?" asks one thing.
_SUBORDINATE = re.compile(
    r"^(?:(?:and|so|but|then|now)\s+)?(?:when|once|if|where|after|before|while)\b(?!\s+(?:is|are|do|does|did|can|could|will|would|should|have|has|was|were)\b)",
    re.IGNORECASE,
)
# "..., is it watch time or a survey?" offers answers to the question before it.
_OPTIONS = re.compile(r"^(?:is|are) (?:it|this|that|they|these|those)\b[^?]*\bor\b", re.IGNORECASE)
# "A connection needs an accept from the other side, is that right?"
_TAG = re.compile(
    r"\W*(?:is|was|isn['’]t|wasn['’]t) (?:that|this|it) (?:right|correct|so|true|the case)\W*", re.IGNORECASE
)
_OPEN = re.compile(r"\b(?:how|what|which|who|where|when|why)\b", re.IGNORECASE)
# "How much to take off I'd set by a live test" is a decision.
_DECIDES = re.compile(r"\b(?:i['’]d|i['’]ll|we['’]d|we['’]ll|i would|we would)\b", re.IGNORECASE)
_SHORT_QUESTION = 8
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’/%.+-]*[A-Za-z0-9%]|[A-Za-z0-9]")
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
        return len(WORD.findall(self.text))


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


def last_sentence(text: str) -> str:
    """The last sentence of a text; empty where it has none."""
    spans = sentences(text)
    return spans[-1].text if spans else ""


def _add(spans: list[Span], text: str, start: int, end: int) -> None:
    bullet = _BULLET.match(text[start:end])
    start += bullet.end() if bullet else 0
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    if right > left and WORD.search(text[left:right]):
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
    if text.endswith("?"):
        return True
    enumerated = _ENUMERATES.match(text)
    opening = _OPENS_LIKE_QUESTION.match(text[enumerated.end() :] if enumerated is not None else text)
    if opening is None or _DECIDES.search(text):
        return False
    sure = (enumerated is not None and _WHO.match(opening.group())) or _ASKS_FOR_SURE.match(opening.group())
    asks = _REASON.split(text, maxsplit=1)[0] if sure else text
    item = enumerated is not None and not opening.group().lower().endswith("any ")
    return len(words_of(asks)) <= (_LONG_ITEM if item else _LONG_QUESTION)


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
        options = joined and _OPTIONS.match(part.text) is not None and _OPEN.search(joined[-1].text) is not None
        leads_in = joined and _leads_in(joined[-1].text)
        if joined and (part.words < 2 or options or leads_in or _TAG.fullmatch(part.text)):
            merged = _trim(sentence, joined[-1].start - sentence.start, part.end - sentence.start)
            joined[-1] = merged if merged is not None else joined[-1]
        else:
            joined.append(part)
    return joined


def _leads_in(part: str) -> bool:
    """Whether a part of a question asks nothing by itself."""
    heads = len(_QUESTION_HEAD.findall(part))
    return heads == 0 or (heads == 1 and _SUBORDINATE.match(part) is not None)


def negated(text: str) -> bool:
    """Whether a text denies something."""
    return _NEGATION.search(text) is not None


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [match.group().lower() for match in WORD.finditer(text)]


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


def weight(words: Iterable[str], topic: Topic) -> float:
    """How much of a topic some stems are."""
    return sum(topic.get(word, 0.0) for word in words)
