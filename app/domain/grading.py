"""The built-in rating of a criterion by what its quotes hold; a grader model may refine it.

Follows the common shape of the anchors: 2 names it, 3 applies it with a reason or a number, 4 also
weighs alternatives, costs or failure. 1 is left to wrong claims. Words stand for depth here, so this is
an approximation, and the scorecard's reasons say what was heard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.board import is_bare_edge
from app.domain.speech import asks_only, words_of
from app.domain.vocabulary import Frozen

_REASON = re.compile(
    r"\b(?:because|since|so that|so (?:we|i|the|it|that)|otherwise|which (?:means|lets|gives|avoids|keeps)|that way|to (?:avoid|prevent|make sure|keep|catch)|"
    r"as (?:the|it|we|they)|due to|given that|reason|matters|in order to|therefore|hence|for example|e\.g\.|such as|say,|depends)\b",
    re.IGNORECASE,
)
# How it works rather than that it is done: what follows from it ("..., so training uses what serving saw", and not
# "..., so volumes and rates", which only lists), what it is for, and by which means. A "so" that opens a sentence is
# none. On the held-out scripts it is the only sign of a reason in 63 of 2,442 sentences; of 45 drawn at random nearly all
# give one, right or wrong.
_SO = r"(?<=[\w,;:)%] )so (?!far\b|on\b|forth\b|how\b|what\b|which\b|when\b|where\b)"
_VERB = r"(?:is|are|was|were|can|cannot|can't|could|will|won't|would|must|need|has|have|does|do|doesn't|don't|gets?|stays?|never|always|only|(?:it|that|there)['’]s)"
_NO_VERB_AFTER = r"(?!and\b|or\b|of\b|for\b|from\b|in\b|on\b|at\b|to\b|with\b|per\b|by\b|plus\b|like\b)"
_DOES = r"(?:saves?|stops?|prevents?|ensures?|allows?|makes?|guarantees?|removes?|reduces?|catches)"
_MECHANISM = re.compile(
    rf"{_SO}(?:they|you|he|she|nothing|nobody|none|neither|everything|everybody|these|those|this) [a-z]"
    rf"|{_SO}(?:[\w'’-]+ ){{1,4}}?{_VERB}\b"
    rf"|{_SO}(?:each |every |no |one )?[\w'’-]*[^\Ws] [a-z]+[^\Ws]s {_NO_VERB_AFTER}\w"
    rf"|{_SO}(?:both|all|two) \w+ (?:read|see|use|share|get|run|come|go|agree)\b"
    rf"|\b(?:thus|thereby|as a result|this way|meaning|which {_DOES}|and (?:that|this) (?:{_DOES}|keeps?|avoids?|lets|means))\b"
    r"|\bto (?:ensure|reduce|stop|guarantee|limit|rule out|get rid of|make up for)\b"
    r"|\bby (?!using\b|having\b|doing\b|adding\b|looking\b|going\b|being\b|checking\b|monitoring\b)(?:\w+ly )?[a-z]{3,}ing\b",
    re.IGNORECASE,
)
_FEW = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen)"
_NUMBER = re.compile(
    r"\d|\b(?:half|(?:a|one|two|three) (?:thirds?|quarters?|tenths?)(?! part)|dozens?|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundreds?|thousands?|millions?|billions?|percent"
    rf"|(?:one|{_FEW})[ -](?:milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times)"
    rf"|(?:top|first|last|every|than|under|over|within|about) {_FEW})\b",
    re.IGNORECASE,
)
# What it is set against: "never shuffled", "by expected views, not by arrival", "worth more than".
_AGAINST = re.compile(
    r"(?<!have )(?<!['’]ve )(?<!had )\bnever\b|\bnot (?:by|from|every|all|what|when)\b"
    r"|\bnot (?:the|a|an|in|on|at)\b(?=[^.;]{0,40}(?:,? but\b|, (?:by|the|a|an|in|on|at)\b))"
    r"|\b(?:more|less|fewer|better|worse|higher|lower|bigger|smaller|longer|sooner|earlier|later|faster|slower) than\b"
    r"|\bbeats?\b|\bcompared? (?:it |them |that )?(?:with|to|against)\b"
    r"|\b(?:measur|judg|check|hold|held|test|weigh)\w* (?:\w+ ){0,4}?against\b|\bagainst today\b",
    re.IGNORECASE,
)
_WEIGHS = re.compile(
    r"\b(?:trade-?offs?|but|however|although|though|versus|vs|instead of|rather than|alternatively|alternative|downside|upside|cost(?:s|ly)?|expensive|cheaper|at the expense|"
    r"risk|fail(?:s|ure)?|breaks?|unless|worst case|fall ?back|on the other hand|the catch|in exchange|too (?:slow|expensive|much|many|few))\b",
    re.IGNORECASE,
)


class Graded(Frozen):
    """A rating of 2 to 4 with its reason; None when there is nothing to rate."""

    rating: int | None
    reason: str


def without_numbers(text: str) -> str:
    """What is left to tell a reason by."""
    return _NUMBER.sub("", text)


def rating_of(quotes: Sequence[str]) -> Graded:
    """Rate what was said of one criterion.

    Args:
        quotes: the credited spans, in order.
    """
    distinct = list(dict.fromkeys(quote.strip().lower() for quote in quotes))
    if not distinct:
        return Graded(rating=None, reason="")
    spoken = [quote for quote in distinct if not is_bare_edge(quote)]
    if not spoken:
        return Graded(rating=2, reason="Drawn on the board; no reason, number or consequence was heard with it.")
    stated = [quote for quote in spoken if not asks_only(quote)]
    if not stated:
        return Graded(rating=2, reason="Asked about; nothing was made of the answer.")
    distinct = stated  # neither an arrow nor a question beside a sentence is a second point
    text = " ".join(distinct)
    long_enough = len(words_of(text)) >= 12
    reasoned = long_enough and any(sign.search(text) for sign in (_REASON, _MECHANISM, _NUMBER, _AGAINST))
    weighed = long_enough and _WEIGHS.search(text) is not None
    if weighed and (reasoned or len(distinct) >= 2) and len(words_of(text)) >= 20:
        return Graded(rating=4, reason="Applied, with a reason, and weighed against its cost or an alternative.")
    if reasoned or weighed or len(distinct) >= 2:
        return Graded(rating=3, reason="Applied to the problem with a reason, a number or a second point.")
    return Graded(rating=2, reason="Named; no reason, number or consequence was heard with it.")
