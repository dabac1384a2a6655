"""Where an interviewer of whom nothing is recorded opens the interview, and where he closes it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.infer.act_words import LISTENING
from evals.infer.questions import count_questions
from evals.infer.step_words import MOVES_ON
from evals.infer.text import spoken_words
from evals.samples import Speaker, Turn

_I = re.IGNORECASE
_TASK = re.compile(
    r"\b(?:design(?:ing)?|build(?:ing)?|architect|predict\w*|recommend\w*|rank(?:ing|s)?|detect\w*|decides?|system|problem|case|today(?:'s)?|assistant|search|we(?:'re| are) (?:a|an)|our (?:product|company|platform|app))\b",
    _I,
)
_DESIGN = re.compile(
    r"\b(?:design(?:ing)?|build(?:ing)?|come up with|the (?:problem|case|task|question) (?:for )?today|today's (?:problem|case|task|topic)|how would you (?:approach|tackle)|we want (?:an?|to))\b",
    _I,
)
_CLOSING = re.compile(
    r"\b(?:that(?:'s| is| was) (?:all|it|our time|everything|where we'?ll (?:stop|end)|the end|a wrap)|wrap(?:ping)? (?:it |things |this )?up|out of time|time is up|time's up|(?:we'?ll |let'?s |i'?ll |we can |we )?(?:stop|end|finish|conclude|leave it|close) (?:it |things |this |the interview )?(?:here|there|now)|any (?:other |last |final )?questions? (?:for|to) (?:me|us)|(?:anything|something) (?:else )?(?:you(?:'d| would)? (?:like|want) to |to )?(?:ask|change|add|revisit)|scorecard|good luck|be in touch|hear (?:back )?from us|(?:nice|good|great|pleasure) (?:talking|speaking|chatting|meeting|to meet|to talk)|thank(?:s| you) (?:so much |very much |a lot )?(?:for (?:your time|coming|the|joining|today|walking|taking|talking|being|all)|again)|concludes?|that's a wrap|out of (?:clock|questions)|(?:to|at|reached) the end\b|(?:i've|i have|we've|we have) (?:got |heard |seen )?(?:all |everything |what )(?:i|we) (?:need(?:ed)?|came for|wanted)|(?:i've|i have) got to (?:run|go|leave)|have to (?:run|leave)|next round|(?:an? )?(?:e-?mail|feedback|word|call) (?:from \w+ )?(?:comes?|follows?|will|about the next)|(?:questions?|like to know|like to ask) (?:for|from|of) (?:me|us)|should i have asked|end of (?:the|our) (?:interview|session|time)|i have what i need|covered everything|enjoyed|let you go|before we (?:finish|end|close|stop|hang up)|like to know (?:about|from) (?:us|me|the (?:team|company|role|job|place))|(?:we'll|we will|i'll|i will) let you know|(?:someone|somebody|they|we|the team)(?: will|'ll) (?:contact|write|reach out|get back|be in contact|call you)|pens down|stop the clock|(?:no more|nothing more|all good|all done|that's me) (?:from )?(?:me|us|my side|done)|stop at this point)\b",
    _I,
)
_THANKS = re.compile(r"\b(?:thanks|thank you)\b", _I)
_INVITES = re.compile(
    r"\b(?:you(?:'d| would)? (?:like|want) to ask|ask (?:me|us) (?:anything|something)|what can i (?:tell|answer)|questions (?:do|did) you have)\b",
    _I,
)
_FAREWELL = re.compile(
    r"\b(?:bye|goodbye|cheers|take care|see you|next round|all from me|done|finished|over|end|good (?:day|evening|night)|best of luck|feedback|speak soon|talk soon|recruiter|result|decision|hear from)\b",
    _I,
)
# A first turn of so many words states the problem, in whatever words; a greeting alone is shorter.
_PROBLEM = 25
# What a candidate says after the end: "Thanks, bye!"
_GOODBYE = 12


def openings(turns: Sequence[Turn]) -> frozenset[int]:
    """The places of the turns that greet and state the problem."""
    found: set[int] = set()
    for place, turn in enumerate(turns):
        if turn.speaker is Speaker.CANDIDATE:
            if len(turn.content.split()) > 25:
                break
            continue
        found.add(place)
        stated = spoken_words(turn.content) >= _PROBLEM
        if stated or _TASK.search(turn.content) or _DESIGN.search(turn.content):
            return frozenset(found)
        if len(found) >= 2:
            break
    first = next((place for place, turn in enumerate(turns) if turn.speaker is Speaker.INTERVIEWER), None)
    return frozenset({first}) if first == 0 else frozenset()


def closings(turns: Sequence[Turn], opened: frozenset[int]) -> frozenset[int]:
    """The places of the turns at the end that close the interview, one or several in a row."""
    found: set[int] = set()
    own = [place for place, turn in enumerate(turns) if turn.speaker is Speaker.INTERVIEWER and place not in opened]
    for back, place in enumerate(reversed(own[-4:])):
        text = turns[place].content
        last = back == 0
        after = " ".join(turn.content for turn in turns[place + 1 :])
        over = last and spoken_words(after) <= _GOODBYE
        ends = over and not count_questions(text) and not text.rstrip().endswith("?")
        if (
            _CLOSING.search(text)
            or (last and _INVITES.search(text))
            or (last and _THANKS.search(text) and not count_questions(text))
        ):
            found.add(place)
        elif ends and not MOVES_ON.search(text) and not LISTENING.match(text) and _FAREWELL.search(text):
            found.add(place)
        elif found or back >= 1:
            break
    return frozenset(found)
