"""Sentences in which people say what they do not do or believe, and those in which they see that something fails.

"That's why I don't train on yesterday's payments" is in the words of what it denies. Sparing oneself some care ("I
wouldn't bother to check", "we don't need to wait") denies nothing, it is how wrong claims are often made. Rules for
spoken English; whether what is denied is worth denying is for the caller to judge.
"""

from __future__ import annotations

import re

from app.domain.speech import STOPWORDS, words_of
from app.domain.vocabulary import Frozen

_LEAST_BESIDE, _LEAST_DENIED = 3, 2
_WHO = r"(?:i|we|you|one)"
_WILL = r"(?:'d|'ll|'m| would| will| should| must| could| can| do| may| am|'re| are)"
_ADVERB = r"(?: (?:also|really|definitely|certainly|simply|just|ever|even|deliberately|therefore|still|absolutely))*"
# "We never bothered" tells a story, "we never train on them" says what is done.
_NEVER = r"never(?! (?:\w+ed|did|had|kept|made|took|ran|got|saw|was|were|went|thought|knew|felt|built|put)\b)"
_CONTRACTED = r"(?:(?:do|would|wo|ca|could|should|must|are)n'?t|cannot)"
_SHUNS = r"(?:avoid|refuse to|stay away from|steer clear of|keep away from)"
_WANTS = r"(?: (?:be |go )?(?:want(?:ing)? to|like to|going to|about to|dare to|tempted to))?"
_SAYS_NO = (
    rf"(?:(?<!otherwise )(?<!that )\b{_WHO}"
    rf"(?:{_WILL}?{_ADVERB} (?:not(?! (?:only|just|even)\b){_WANTS}|{_NEVER}|rather not"
    rf"|(?:want to |try to |like to |have to )?{_SHUNS})"
    rf"|{_ADVERB} {_CONTRACTED}{_WANTS})"
    rf"|\bno way (?:that )?{_WHO}(?:{_WILL}(?: going to)?)?|\bno way would {_WHO})"
)
_SPARES = (
    r"(?: (?:ever|really|even))* (?:need|have|has|be|bother|worry|care|mind|see|spend|waste|require|wait|get|lose|miss"
    r"|fear|hurt|know|expect|control|(?:think|believe|say|feel|find)(?: that)? "
    rf"(?:{_WHO}(?: \w+)? (?:need|have to|must|should)|it|this|there|that(?:'s| is| \w+s)))\b"
)
_DENIES = re.compile(rf"{_SAYS_NO}{_ADVERB}(?!{_SPARES})\s+(?=\w)", re.IGNORECASE)
_HENCE_NO = re.compile(
    r"^(?:so|hence|therefore|thus|that's why|which is why|for that reason),? (?:there(?:'s| is) )?no"
    r" (?!need|one|reason|point|problem|matter|(?:\w+ ){1,3}(?:is |are )?(?:needed|necessary|required))",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[,;:—]\s*|\s--\s|\s(?=(?:(?<!\bjust )(?<!\bonly )(?<!\bsimply )because|since|so|but|which|otherwise"
    r"|as (?:it|they|we|i|you|there|most))\b)",
    re.IGNORECASE,
)
"""Where what is denied ends; "not ... just because we declined them" denies the reason, too."""
_SEES = (
    r"(?:(?:hm+|ah+|oh|right|true|okay|ok|well|good point|fair(?: enough| point)?|but|yes|yeah|you're right)\b"
    r"[\s,.:;!…—-]*)+"
)
_FAILS = (
    r"(?:(?:does|do|would|will|could|is|are)(?:n't| not) (?:be )?(?:know|recogni[sz]e|exist|work|scale|fit|cover|hold"
    r"|help|known|there|enough|possible|true|right)|(?:wo|ca)n't (?:work|scale|know|recogni[sz]e|hold|fit|cope)"
    r"|(?:'d|would|will|'ll) (?:have to|need to) (?:re\w+|wait|start)|breaks?|fails?|falls? apart|leaks?|goes? wrong"
    r"|gets? lost|(?:could|would|might) (?:be|run|end up) (?:empty|stale|wrong|biased|useless))"
)
_ADMITS = re.compile(rf"^{_SEES}(?:and )?(?:if|when|once|then|that|it|this|the|a|new)\b.*\b{_FAILS}\b", re.IGNORECASE)
_ALL_THE_SAME = re.compile(
    r"\b(?:no problem|not a problem|fine|doesn't matter|don't mind|isn't an issue|rare(?:ly)?|hardly|good enough"
    r"|anyway)\b",
    re.IGNORECASE,
)


_PROVES_NOTHING = re.compile(
    r"\b(?:does|do|did|would)(?:n't| not) (?:(?:really|necessarily|automatically|yet) )?"
    r"(?=(?:mean|imply|prove|guarantee)\b)",
    re.IGNORECASE,
)


class Denial(Frozen):
    """What is denied, and what is said before it and after it; these are empty where they say next to nothing."""

    denied: str
    before: str
    after: str


def denial(sentence: str) -> Denial | None:
    """What a sentence denies; None where it denies nothing."""
    text = sentence.replace("’", "'").strip()
    proves = _PROVES_NOTHING.search(text)
    if proves is not None:  # "no appeal doesn't mean that we were right"
        first, *after = (part.strip(" .!?") for part in _ENDS.split(text[proves.end() :]))
        return Denial(denied=f"{text[: proves.start()]}{first}", before="", after=_beside(", ".join(after)))
    match = _DENIES.search(text) or _HENCE_NO.search(text)
    if match is None:
        return None
    denied, *after = (part.strip(" .!?") for part in _ENDS.split(text[match.end() :]))
    if sum(word not in STOPWORDS for word in words_of(denied)) < _LEAST_DENIED:  # "I don't do that"
        return None
    return Denial(denied=denied, before=_beside(text[: match.start()]), after=_beside(", ".join(after)))


def admits(sentence: str) -> bool:
    """Whether a sentence sees that something fails ("hmm, if it's new then the network doesn't know it")."""
    text = sentence.replace("’", "'").strip()
    return _ADMITS.match(text) is not None and _ALL_THE_SAME.search(text) is None


def _beside(text: str) -> str:
    return text.strip(" ,.!?") if len(words_of(text)) >= _LEAST_BESIDE else ""
