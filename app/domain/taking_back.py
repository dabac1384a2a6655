"""How people take back what they have just said ("no, sorry, that leaks", "scratch that", "so rather ...").

Rules for spoken English as it is typed in a chat; no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.denying import admits
from app.domain.speech import Span, sentences

_SOUNDS = r"(?:(?:hm+|um+|uh|ah|oh|okay|ok|well|so|and|but|right|yes|yeah|i see)\b[\s.,:;!…—-]*)*"
_FAULT = (
    r"(?:wrong|not (?:right|true|correct|good enough)|incorrect|a (?:mistake|leak|bad idea)|my mistake"
    r"|nonsense|rubbish|no good|not good|not enough|too \w+|backwards|meaningless|useless|pointless|misleading)"
)
_FAILS = (
    rf"(?:that|this|it)(?:(?:'s| is| was) {_FAULT}"
    rf"|(?: would|'d| will| does| could)?(?: \w+)? (?:leaks?|fails?|breaks?|loses?|misses|miss|be {_FAULT})\b"
    r"|(?: doesn't| does not| won't| will not| wouldn't| would not| can't| cannot)"
    r" (?:work|hold|do|scale|fit|suffice|be (?:right|true|enough))\b)"
)
_NO = r"no\b(?! (?:one|need|more|problem|rush|worries))"
_WHAT_WAS_SAID = (
    r"(?:that|it|this|myself|what i (?:just )?said|my (?:answer|claim|statement|last \w+))\b(?=\s*(?:[.:,;!—-]|$))"
)
# Not "thinking about it again, I'd also ...", which adds to what was said.
_NO_ADDITION = r"(?!.*\b(?:also|as well|too|add|another|same)\b)"
_REGRET = (
    r"(?:(?:actually|wait|no|sorry)\b[\s,.:;!…—-]*)*"
    r"(?:(?:scratch|strike|forget|undo|drop|ignore) (?:that|it|this|(?:about )?what i (?:just )?said)\b"
    r"|let me (?:change|switch) (?:my (?:mind|answer)|(?:that|this|it)\b(?=\s*(?:[.:,;!—-]|$)))"
    r"|i(?:'m|'ve| am| have|) (?:just )?chang(?:ed|ing) my mind\b"
    r"|let me (?:rethink|reconsider|switch to|change to)\b"
    rf"|(?:thinking about (?:it|that) (?:again|more|twice)|on reflection|come to think of it)\b{_NO_ADDITION}"
    r"|(?:(?:i(?:'d|'ll| would| want to| must| have to)?|let me) )?(?:like to )?(?:take|took)"
    r" (?:that|it|this|what i said)(?: \w+)? back\b"
    rf"|let me (?:revise|correct|amend|withdraw|undo) {_WHAT_WAS_SAID}|i (?:withdraw|retract|revise) (?:that|this|it)\b"
    r"|i correct (?:myself\b|(?:that|this|it)\s*(?:[:.!]|$))"
    r"|on second thoughts?\b|i(?: was| am|'m) (?!not |never )(?:\w+ )?(?:wrong|mistaken)\b"
    r"|i (?:misspoke|got (?:that|it) wrong|stand corrected|made a mistake)\b|my mistake\b|correction\s*[:,]"
    rf"|(?:no,? )?sorry,? {_FAILS}|(?:you're|you are) right[,;:. ]+(?:and )?{_FAILS})"
)
# These may also answer a question that was asked in between.
_ANSWER = (
    rf"(?:(?:no|wait|actually)\b[\s,.]*)+{_FAILS}|(?:wait|sorry),? (?:wait,? )?{_NO}|no,? wait\b"
    rf"|actually,? (?:{_NO}|not\b(?! (?:just|only|even)))|rather\b(?! than\b)"
)
_REGRETS = re.compile(f"^{_SOUNDS}{_REGRET}", re.IGNORECASE)
_TAKES_BACK = re.compile(f"^{_SOUNDS}(?:{_REGRET}|{_ANSWER})", re.IGNORECASE)
_OBJECTS = re.compile(rf"^{_SOUNDS}(?:(?<=but )|although|though|then again)\b", re.IGNORECASE)
_CONCLUDES = re.compile(
    r"^(?:(?:ok(?:ay)?|hm+|well)\b[\s.,]*)?"
    r"(?:so|then|therefore|which means|that means|in that case|if so|with|given)\b",
    re.IGNORECASE,
)
_AMENDS = re.compile(
    rf"^{_SOUNDS}(?:(?:then|or|better) )?rather\b(?! than\b)"
    # "Hmm, then the row could be empty; better to store two hundred."
    r"|^hm+\b[\s.,…]*(?:(?:but|well|and|so)\b[\s,]*)?(?:then|but|that|it|this|though)\b.*[,;—.] ?(?:so |then |and )?"
    r"(?:(?:it's |maybe |probably )?better\b|rather\b(?! than)|instead\b|i'd rather\b)",
    re.IGNORECASE,
)
# Within a sentence: "accuracy, no wait, recall".
_WITHIN = re.compile(
    r"(?:(?<![,;—])[,;—]{1,3}|(?<=\s)-{1,2})\s{0,3}(?:(?:or|and|but) )?"
    rf"(?:no,? wait|wait,? no|no,? sorry|sorry,? no|actually,? {_NO}|scratch that|or rather"
    r"|correction(?=\s*[:,]))\b[,:;.\s—-]+",
    re.IGNORECASE,
)
_ONLY_SOUND = re.compile(rf"^{_SOUNDS}$", re.IGNORECASE)


def takes_back(sentence: str) -> bool:
    """Whether a sentence begins by taking back what was said before it; after a question it may also answer that."""
    return _TAKES_BACK.match(_plain(sentence)) is not None


def opens_by_taking_back(message: str) -> bool:
    """Whether a message begins so, that is, with what was said in an earlier one; it may first say what is wrong."""
    first, second = _openings(message)
    return takes_back(first) or (admits(first) and takes_back(second))


def takes_anything_back(message: str) -> bool:
    """Whether some sentence of a message takes something back."""
    return any(takes_back(span.text) for span in sentences(message))


def opens_with_regret(message: str) -> bool:
    """The same in words that answer no question ("no, sorry, that leaks"; not "actually no")."""
    return _REGRETS.match(_plain(_openings(message)[0])) is not None


def taken_back(spoken: Sequence[str], *, bears: Sequence[bool]) -> set[int]:
    """Places of the sentences of a message that a later one of it takes back.

    "A thumbs up rate. Hmm, but few people click it. So rather the tickets avoided." takes back the first.

    Args:
        spoken: the sentences in order.
        bears: whether each says anything; what says nothing stands between no sentence and its correction.
    """
    waiting: list[int] = []
    found: set[int] = set()
    for place, sentence in enumerate(spoken):
        amends = _AMENDS.match(_plain(sentence)) is not None
        back = amends or takes_back(sentence)
        if back and len(waiting) > 1 and _argues(spoken[waiting[-1]]):
            waiting.pop()
        if waiting and back:
            found.add(waiting.pop())
        if bears[place] or _objects(sentence):
            waiting.append(place)
    return found


def what_stands(sentence: Span) -> Span:
    """The part of a sentence that is left after what it takes back itself ("accuracy, no wait, recall")."""
    cuts = list(_WITHIN.finditer(_plain(sentence.text)))
    if not cuts or cuts[-1].end() >= len(sentence.text):
        return sentence
    after = cuts[-1].end()
    return Span(start=sentence.start + after, end=sentence.end, text=sentence.text[after:])


def _openings(message: str) -> list[str]:
    """The first two sentences of a message that are more than a sound ("Hmm."); empty where it has no more."""
    spoken = [span.text for span in sentences(message) if not _ONLY_SOUND.match(_plain(span.text))]
    return [*spoken[:2], "", ""][:2]


def _objects(sentence: str) -> bool:
    return _OBJECTS.match(_plain(sentence)) is not None


def _argues(sentence: str) -> bool:
    """Whether a sentence only gives the reason for what is then taken back: it objects, or it concludes."""
    return _objects(sentence) or _CONCLUDES.match(_plain(sentence)) is not None


def _plain(text: str) -> str:
    return text.replace("’", "'")
