"""Sentences that set one thing against another: what is upheld and what is turned down.

"Recall is better than accuracy" speaks of accuracy as often as "accuracy is what I'd report" does, and
means the opposite. Rules for spoken English; which of the two is meant is for the caller to judge.
"""

from __future__ import annotations

import re

from app.domain.vocabulary import Frozen

_LEAST_WORDS = 3
_NUMBERED = r"(?!\s*(?:\d|(?:half|one|two|ten|ninety|a (?:few|hundred|thousand|million))\b))"
_OF_SIZE = r"(?!other|rather|larg|high|low|long|old|bigg|small|few|lat|earl|great)"
_NOT = r"not(?! (?:just|only|even))"
_PREFERS = re.compile(
    rf"\b(?:(?:{_OF_SIZE}\w{{3,}}er|more(?: \w+)?) than{_NUMBERED}|beats?|outperforms?"
    rf"|rather than|instead of|as opposed to|(?<=, ){_NOT}|(?<=and ){_NOT})\s+",
    re.IGNORECASE,
)
_PREFERS_OVER = re.compile(
    r"\b(?:prefer(?:red)?|pick(?:ed)?|choose|chose|favou?r|take|trust)\b.{3,60}?\s(?:over|to)\s+", re.IGNORECASE
)
_DEGREE = (
    r"(?:(?:a|an|the|just|pretty|quite|really|rather|far|much|completely|totally|simply|basically|very|clearly|only) )*"
)
_BAD = (
    r"(?:useless|meaningless|pointless|worthless|misleading|wrong|mistaken|mistake|error|trap|naive|deceptive|nonsense"
    r"|uninformative|no (?:use|good|help)|too (?:slow|expensive|costly|easy|coarse|optimistic|heavy)"
    r"|bad (?:\w+ )?(?:idea|metric|choice|measure|target|label)|(?:poor|terrible|awful) \w+"
    r"|not (?:enough|good enough|meaningful|useful|informative)"
    r"|(?:out|off the table|ruled out|not an option|no option)"
    r"(?=\s*(?:[.,;:!—]|$|(?:of the question|for|because|since|as|here)\b)))(?!\w)"
)
_NOT_ENOUGH = r"(?:enough|good enough|meaningful|useful|informative|an option|possible)\b"
_SHUNNED = (
    rf"{_DEGREE}(?:exactly |precisely )?(?:what|the thing) (?:i|we)(?:'d| would)?(?: (?:want|try|like) to)?"
    r" (?:avoid|prevent|rule out|stay away from)\b"
)
_CONDEMNS = re.compile(
    rf"(?:\b(?:(?:would|will|could|might|can) )?(?:is|are|was|be|looks?|seems?|sounds?)|'s|'re|'d be) {_DEGREE}{_BAD}"
    rf"|\b(?:won't|wouldn't|isn't|aren't|can't|wasn't)(?: be)? {_DEGREE}{_NOT_ENOUGH}"
    rf"|(?:\b(?:is|are|would be)|'s) {_SHUNNED}"
    r"|(?:\b(?:isn't|is not|aren't|wouldn't be)|'s not) (?:something|anything|a thing|what)"
    r" (?:i|we)(?:'d| would| want to| will)\b"
    r"|\b(?:tells?|says?|shows?|means?)(?: (?:us|me|you|them))? (?:nothing|little|next to nothing|hardly anything)\b"
    r"|\b(?:can't|cannot|can not|couldn't) be (?:trusted|believed|used)\b",
    re.IGNORECASE,
)
_CONDEMNS_NEXT = re.compile(
    rf"\b(?:it(?:'s| is|'d be| would be)|that(?:'s| is)) {_DEGREE}{_BAD}(?: \w+)? (?:to|that|if)\s+", re.IGNORECASE
)
_CUT = re.compile(r"[,;:—]\s*|\s--\s|\s(?=(?:because|since|as|so|but|which|where)\s)", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:(?:but|and|so|because|since|which|that|this|it|these|those|they)\s*)+$",
    re.IGNORECASE,
)
_CHOOSES = re.compile(
    r"^(?:(?:so|and|then|instead|therefore)\b|(?:i|we)(?:'d|'ll| would| will|\b)|let's\b)", re.IGNORECASE
)


class Weighing(Frozen):
    """The two sides of a sentence; `kept` is empty where nothing is set in the place of what is turned down."""

    kept: str
    rejected: str


def weighing(sentence: str) -> Weighing | None:
    """What a sentence upholds and what it turns down; None where it turns nothing down."""
    text = sentence.replace("’", "'").strip()
    for reads in (_condemned_next, _condemned, _preferred):
        found = reads(text)
        if found is not None and found.rejected:
            return found
    return None


def _preferred(text: str) -> Weighing | None:
    """As in "X is better than Y", "X, not Y", "I prefer X over Y"."""
    match = _PREFERS.search(text) or _PREFERS_OVER.search(text)
    if match is None:
        return None
    upheld = text[: match.start()] if match.re is _PREFERS else match.group()
    return Weighing(kept=_words(upheld), rejected=_CUT.split(text[match.end() :])[0].strip(" .!?"))


def _condemned(text: str) -> Weighing | None:
    """As in "Y would be useless, so I'd take X"."""
    match = _CONDEMNS.search(text)
    if match is None:
        return None
    *before, subject = _CUT.split(text[: match.start()])
    if _BARE.match(subject.strip()):
        before, subject = [], ", ".join([*before, subject])
    return Weighing(kept=_words(", ".join([*before, *_choices(text[match.end() :])])), rejected=subject.strip())


def _condemned_next(text: str) -> Weighing | None:
    """As in "it would be a mistake to Y, so I'd take X"."""
    match = _CONDEMNS_NEXT.search(text)
    if match is None:
        return None
    rejected, *after = _CUT.split(text[match.end() :])
    return Weighing(kept=_words(", ".join([text[: match.start()], *_choices(", ".join(after))])), rejected=rejected)


def _choices(after: str) -> list[str]:
    """Of what follows the verdict, what is chosen in its place; the rest are reasons for it."""
    parts = [part.strip(" .!?") for part in _CUT.split(after)]
    first = next((place for place, part in enumerate(parts) if _CHOOSES.match(part)), len(parts))
    return parts[first:]


def _words(text: str) -> str:
    """A side, if it says enough to be held against anything."""
    kept = text.strip(" ,.!?")
    return kept if len(kept.split()) >= _LEAST_WORDS else ""
