"""What each turn of an interviewer mainly does, from the words of both sides, or from the recorded move.

Rules from the rarest and surest to the commonest: opening and closing by place and words; then what answers the
candidate's question; praise of a wrong statement; hints; lectures; moving on; the clock; pressing; and
what is left asks, or only acknowledges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from app.domain.kinds import Move
from app.domain.vocabulary import Frozen, Step
from app.services.tells import shows
from evals.infer.questions import count_questions
from evals.infer.step_words import MOVES_ON, announces_step, named_step
from evals.infer.text import sentences, spoken_words, stems
from evals.samples import Speaker, Turn
from evals.vocabulary import Act

_I = re.IGNORECASE
_REMEMBERED = 8_192
TASK = re.compile(
    r"\b(?:design(?:ing)?|build(?:ing)?|architect|predict\w*|recommend\w*|rank(?:ing|s)?|detect\w*|decides?|system|problem|case|today(?:'s)?|assistant|search|we(?:'re| are) (?:a|an)|our (?:product|company|platform|app))\b",
    _I,
)
_DESIGN = re.compile(
    r"\b(?:design(?:ing)?|build(?:ing)?|come up with|the (?:problem|case|task|question) (?:for )?today|today's (?:problem|case|task|topic)|how would you (?:approach|tackle)|we want (?:an?|to))\b",
    _I,
)
CLOSING = re.compile(
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
# How long is left or gone: an amount of time, and that it is the interview's.
_AMOUNT = r"(?:(?:about|around|roughly|only|just|some|maybe|another|the last|our last|a few|a couple of|[\w-]+(?: or [\w-]+)?) (?:more )?(?:minutes?|mins?)|(?:a |three )?quarters? of an hour|half an hour|(?:the|an) hour)"
_CLOCK = re.compile(
    rf"\b(?:we|i|you|us|there)(?:'ve|'re|'s| have| are| is| has| had)?\b[^.?!]{{0,25}}\b{_AMOUNT}\b(?! (?:late|later|after|before|old|window|delay|per|each))|"
    rf"\b{_AMOUNT} (?:left|remaining|to go|in\b|more|gone|over|on the clock|on (?:one|this|that)|before we|until we|and (?:then )?we|then we|for (?:the|this|that) (?:rest|part|last|topic))|"
    rf"^(?:okay|ok|so|right|and|well)?[, ]*{_AMOUNT}[.!,;]|"
    r"\b(?:[\w-]+ (?:more )?to go(?! (?:to|on|for|with|back|into|through)\b)|half ?way|half (?:of )?(?:the|our) (?:time|hour|interview|session)|(?:two|three|one) (?:thirds?|quarters?) (?:of the way|through|in|done|of (?:the|our) (?:time|hour))|"
    r"(?:until|till|at) (?:quarter|half|ten|five|twenty|[0-9:]+)(?: minutes)? (?:to|past|o'clock)|"
    r"(?:short|low|running|running out|run out|out|tight|mindful|careful|conscious|aware|watch|watching|eye|mind) (?:on|of|with|for) (?:the |our )?(?:time|clock)|(?:watch|watching|mind|minding|check|checking|against) (?:the|our) (?:clock|time)|time[- ]check|"
    r"in the interest of time|for the sake of time|given the time|time (?:is|'s) (?:limited|short|running|getting|nearly|almost|against|flying)|time flies|(?:check|keep|look(?:ing)? at|glance at) (?:the|on|of|an eye on) (?:the )?(?:time|clock)|"
    r"quick time|behind schedule|ahead of schedule|because of time|for time(?=[,.;!?])|(?:short|brief|quick|one-line|one-sentence) (?:answers?|version|replies) (?:from here|from now|now|please)|we(?:'re| are) at (?:about |around )?[\w-]+ minutes|pick up the pace|speed (?:this |things )?up a)\b",
    _I,
)
_CLOCK_MEANT = re.compile(
    r"\b(?:we|us|our|you(?:'ve|'re| have| are)|left|remain\w*|to go|on the clock|half ?way|time|clock|schedule|through|gone|more|heads up|(?:keep|make) (?:it|the|this|that|your)\b[^.?!]{0,25}\b(?:short|brief|quick))\b",
    _I,
)
_HINT = re.compile(
    r"\b(?:hint|nudge|pointer|clue)\b|\b(?:think|try thinking|consider|reflect|focus) (?:about|of|on|how|what|whether|for a moment)\b|^(?:sure|okay|ok|alright|no problem|of course|here)?[,.: ]*(?:consider|imagine|picture|notice|remember|recall|note) (?!that you said)|\bsomething to (?:think about|consider)\b|\bhave you (?:thought|considered|looked)\b|\bwhat if you (?:used|tried|looked|thought|considered|split|had)\b|\byou (?:might|may|could) (?:want to )?(?:think|look|consider|start|try|use|ask|split|imagine)\b|\bone (?:way|direction|angle) (?:to|is)\b|\bone thing (?:to|you)\b|\bask yourself\b|\bit (?:may|might) help\b|\blet me help\b|\bpoint you\b|\bin (?:the|that|this) direction\b|\bkeep in mind\b|\bdon't forget\b|\b(?:food for thought|a thought|to chew on|put yourself|start (?:from|smaller|with the)|look (?:closer|again) at|it has to do with|here's (?:a|one) (?:thought|angle)|(?:maybe|perhaps) (?:it helps|look|start|picture|imagine|think|consider|begin))\b",
    _I,
)
_OFFERS = re.compile(
    r"\b(?:(?:do you want|would you like|want|would|(?:shall|should|may|can) i (?:give|offer)(?: you)?|ask for|ask me for|offer you) (?:a|another) (?:hint|nudge|pointer)|hint,? or\b|hint (?:you can have|can have|is there))",
    _I,
)
_LAUDS = re.compile(
    r"\b(?:couldn't (?:have )?(?:put|said|say|agree)|(?:nice|great|good|lovely|clever|smart|neat)!|(?:clever|smart|elegant|neat|strong|great|nice) (?:\w+ )?(?:shortcut|trick|move|solution|way|one)|sounds (?:right|perfect|great|ideal)|(?:\d+|ten|full) (?:out of ten|points|marks)|well (?:done|put|said)|top marks|(?:completely|fully|totally) agree|you clearly)",
    _I,
)
_STRONG_HINT = re.compile(
    r"\b(?:hint|nudge|pointer|clue)\b|\bsomething to (?:think about|consider)\b|\blet me help\b|\bpoint you\b", _I
)
_WANTS_HINT = re.compile(
    r"\b(?:hints?|clue|stuck|no idea|not sure|(?:i|we) (?:really |honestly |just )?(?:don't|do not) know(?! (?:you|them))|dunno|unsure|help me|give me a (?:nudge|pointer)|can you help|drawing a blank|lost here)\b",
    _I,
)
_BEGS = re.compile(
    r"\b(?:hints?|clues?|pointers?|(?:a|any|another|some|small|little|quick) nudge|nudge me|(?:can|could|would|will) you (?:please )?(?:help|point|push|nudge)|help me|i(?:'m| am) (?:really |completely |a bit |kind of |sort of )?stuck|push in the right direction)\b",
    _I,
)
# "how many docs and users", as people type it
_UNMARKED = re.compile(
    r"(?:(?:and|so|ok|okay|also|hi|hey|well|um|uh)[, ]+)*(?:how (?:many|much|big|often|long|fast)|what(?:'s|s| is| are) (?:the|our|there)|do (?:we|you|they)|is there|are there|can i|could you|may i)\b",
    _I,
)
_PLEA = 120
_GUSHES = re.compile(
    r"\b(?:brilliant|textbook|terrific|fantastic|amazing|awesome|superb|excellent|perfect|wonderful|outstanding|incredible|exactly right|spot on|nailed|love (?:it|that|this)|great (?:answer|catch|point|choice|call)|super \w+)\b[^.?]*!|\b(?:8|9|10) ?/ ?10\b",
    _I,
)
# An answer of so few words has not earned an outcry.
_THIN_ANSWER = 14
_HINTED = 3
_LAUDED, _MOSTLY = 2, 0.4
_CHALLENGE = re.compile(
    r"^(?:(?:okay|ok|hmm|well|right|sure|i see|fair|interesting|so|and|mm-hm|mm|wait|hold on|hang on|one moment)[,.!—– -]+)*(?:but\b|wait\b|hold on|hang on|hmm\b|really\?|are you sure|why not\b|isn't\b|aren't\b|doesn't\b|don't\b|wouldn't\b|won't\b|couldn't\b|can't\b|suppose\b|say (?:i|we|the|a|that)\b|what if\b|who says|convince me|i(?:'m| am) not (?:sure|convinced|so sure)|i(?:'d| would) push back|let me push|let me challenge|then why|before we (?:jump|go|get|pick)|one step back|imagine (?:i|we|the|a|that)\b)|"
    r"\b(?:push back|play devil's advocate|devil's advocate|are you (?:sure|confident|certain)|how (?:sure|confident|certain)|what if\b|but (?:you|what|how|why|isn't|doesn't|wouldn't|then|if|is|does|would|that|in)\b|how (?:do|does|would|can|could) (?:those|these|the two|both|that|it|this)(?: \w+)? (?:fit|go together|square|reconcile|hold|survive)|you (?:also )?(?:said|wanted|mentioned|told me|claimed)\b[^?]{3,120}\b(?:and|now|but|yet|then)\b|what would (?:a|an|the) \w+(?: \w+){0,6} (?:score|say|give|do|get)\b|would(?:n't)? (?:a|an|that|this|it|the)\b[^?]{2,80}\b(?:hurt|be a problem|break|work|fail|hold|scale|still|not|be too|change|matter|leak)|isn't (?:there|that|it|this)\b|doesn't (?:that|this|it)\b|what happens (?:to (?:it|that|them|those|this|your)|if|when|then)\b|what breaks|why not\b|is that (?:really|enough|true|still|always)|does that (?:really|still|hold|scale|always)|can you really|do you really|really (?:need|want|enough)|at what (?:cost|price)|what(?:'s| is) the (?:downside|catch|risk|cost|trade-?off)|what do you (?:lose|give up)|what does (?:that|it) cost|who says|who pays|convince me|when would (?:that|this|it|you) (?:fail|break|not)|rather than|instead of|as opposed to)\b",
    _I,
)
_HANDS_BACK = re.compile(
    r"\b(?:your (?:call|choice|decision)|yours to|up to you|leave (?:that|it|the \w+) to you|let you (?:decide|choose|pick)|assume|assumption|i(?:'d| would) rather you|you (?:decide|choose|tell me|pick))\b",
    _I,
)
WHERE_NEXT = re.compile(
    r"\b(?:where (?:next|to(?: next| now)?(?=\?)|to next|would you (?:take|lead|bring|steer) us(?: next| now)?|now|would you (?:go|like to go|want to go)(?: (?:next|from here))?|do you (?:go|want to go)(?: next| from here)?)|what(?:'s| is| comes| would you (?:like to|want to|look at|cover|do|tackle|take)[^?]{0,30}) next|what (?:would|do) you (?:like|want) to (?:cover|discuss|tackle|look at|talk about|do|go into)(?: next)?|what(?:'s| is) left(?=\?)|what(?:'s| is) the next (?:thing|part|piece|topic|step|item)|(?:pick|choose|take|name|start|open) (?:the|your|any|a|another) (?:next |new |other )?(?:topic|part|thing|area|subject|chapter|one next)|your (?:move|turn to lead)|over to you|what (?:should|shall|do) we (?:talk about|discuss|cover|look at|do|take) (?:now|next)|you (?:choose|pick) (?:the next|what)|wherever you (?:like|want)|(?:go|move|carry) (?:ahead|on) (?:to|with) (?:the next|your next)|whatever (?:you think )?(?:comes )?next|which part (?:next|would you)|what haven't we|next (?:on your list|for you)|continue with (?:whatever|the next)|carry on with the next|lead (?:us )?on|take us (?:on|forward|where))\b",
    _I,
)
LISTENING = re.compile(
    r"^(?:(?:okay|ok|right|understood|i see|got it|mm-hm|mm|uh-huh|yes|yeah|sure|noted|fine|good|great|nice|cool|alright|all right|thanks|thank you|perfect|excellent|fair(?: enough)?|makes sense|that makes sense|sounds good|interesting|i'm (?:following|with you)(?: so far)?|go on|go ahead|keep going|carry on|continue|please (?:go on|continue|do|proceed)|and then|take your time|no problem|no worries|that's fine|of course|hmm|absolutely|exactly|correct)[\s,.!?…—-]*)+$",
    _I,
)
_BARE = re.compile(
    r"^(?:(?:okay|ok|so|and|all)[, ]+)*(?:(?:right|good|fine|sure|fair|fair enough|great|nice|cool|understood|okay|i see|noted|good to know|makes sense|that makes sense|got it|thanks)[.,! ]*)+$",
    _I,
)

_LONG_STATEMENT, _SPEECH = 38, 60
# Longer than any answer to a question needs to be.
_LECTURE_ANYWAY = 100
# A first turn of so many words states the problem, in whatever words; a greeting alone is shorter.
_PROBLEM = 25
# What a candidate says after the end: "Thanks, bye!"
_GOODBYE = 12
_AFTERTHOUGHT = 8
_FACT_WORDS = 5

_MANAGES = re.compile(
    r"^(?:(?:okay|ok|right|so|well|and|now|then|good|fine|thanks|sure|agreed)[,. ]+)*(?:let's|let us|stay|park|one more|remember|here's|next|i(?:'d| would| want|'m| am)|we(?:'ll| will)|sorry|thank|got it|take your)\b",
    _I,
)
_POINTS_BACK = re.compile(r"\b(?:that|this|those|these|your|yours|it|they|you|who|now what|then what)\b", _I)

BY_MOVE = {
    Move.OPEN: Act.OPEN_PROBLEM,
    Move.HAND_OVER: Act.TRANSITION,
    Move.LISTEN: Act.ACKNOWLEDGE_ONLY,
    Move.CLARIFY: Act.ANSWER_CLARIFICATION,
    Move.ASK_GROUND: Act.PROBE,
    Move.PROBE: Act.PROBE,
    Move.DEEPEN: Act.PROBE,
    Move.PRESS: Act.CHALLENGE,
    Move.PARK: Act.ACKNOWLEDGE_ONLY,
    Move.NUDGE: Act.PROBE,
    Move.HINT: Act.HINT,
    Move.TWIST: Act.CHALLENGE,
    Move.ACCEPT: Act.ACKNOWLEDGE_ONLY,
    Move.INTERRUPT: Act.OPEN_STEP,
    Move.TIME_WARNING: Act.TIME_CHECK,
    Move.ADVANCE: Act.OPEN_STEP,
    Move.FEEDBACK: Act.TRANSITION,
    Move.QUESTIONS: Act.CLOSE,
    Move.WRAP_UP: Act.CLOSE,
    Move.DECLINE: Act.ACKNOWLEDGE_ONLY,
}
"""The act of each recorded move; an interruption that stays in its step is a time check (see `by_move`)."""


class Surroundings(Frozen):
    """What an act is judged by, beside the turn's own words.

    Attributes:
        before: the candidate's message right before it; empty where there is none.
        step: where the turn leaves the candidate; None while that is not known.
        previous: where the turn before it left them.
        candidate_moved: the candidate's message before it speaks of the new step already.
    """

    before: str = ""
    step: Step | None = None
    previous: Step | None = None
    candidate_moved: bool = False


def by_move(turn: Turn, *, previous: Step | None) -> Act | None:
    """The act of a recorded move; None where no move was recorded."""
    if turn.move is None:
        return None
    if turn.move is Move.INTERRUPT and turn.step == previous:
        return Act.TIME_CHECK
    return BY_MOVE[turn.move]


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
        if stated or TASK.search(turn.content) or _DESIGN.search(turn.content):
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
            CLOSING.search(text)
            or (last and _INVITES.search(text))
            or (last and _THANKS.search(text) and not count_questions(text))
        ):
            found.add(place)
        elif ends and not MOVES_ON.search(text) and not LISTENING.match(text) and _FAREWELL.search(text):
            found.add(place)
        elif found or back >= 1:
            break
    return frozenset(found)


@lru_cache(maxsize=_REMEMBERED)
def asks_interviewer(message: str) -> bool:
    """Whether a candidate's message asks the interviewer something, hints aside."""
    spans = sentences(message)
    asked = [span.text for span in spans if _asks(span.text)]
    trailing = len(spans) > 1 and len(spans[-1].text.split()) <= _AFTERTHOUGHT and _asks(spans[-2].text)
    return any(not _WANTS_HINT.search(text) or len(text.split()) > 14 for text in asked[-3:]) and (
        trailing or _asks(spans[-1].text) or len(asked) >= 2 or len(asked) >= 0.5 * len(spans)
    )


def _asks(sentence: str) -> bool:
    return sentence.rstrip("\"') ").endswith("?") or _UNMARKED.match(sentence) is not None


def infer_act(turn: Turn, around: Surroundings, *, praises_wrong: Callable[[], bool]) -> Act:
    """The main act of a turn that neither opens nor closes.

    Args:
        praises_wrong: whether what the candidate said before is wrong; asked only where the turn praises.
    """
    text = turn.content
    asked = count_questions(text)
    statements = " ".join(span.text for span in sentences(text) if not span.text.endswith("?"))
    stated = len(statements.split())
    gushes = _GUSHES.search(text) is not None
    thin = gushes and spoken_words(around.before) <= _THIN_ANSWER
    if around.before and not _opens_step(turn, around, asked):
        if thin or ((gushes or praises(text)) and praises_wrong()) or (not asked and _praises_at_length(text)):
            return Act.PRAISE
    wants_hint = turn.hint_asked or bool(_WANTS_HINT.search(around.before))
    begged = turn.hint_asked or bool(_BEGS.search(around.before[-_PLEA:]))
    if (
        begged
        and (stated >= _HINTED or asked)
        and not LISTENING.match(text)
        and not MOVES_ON.search(text)
        and not _opens_step(turn, around, 0)
    ):
        return Act.HINT
    if (
        wants_hint
        and not _OFFERS.search(text)
        and stated >= 6
        and (_HINT.search(text) or _is_content(statements))
        and not _opens_step(turn, around, asked)
    ):
        return Act.HINT
    if announces_step(text):
        return Act.TRANSITION
    if asks_interviewer(around.before) and answers(text) and not _goes_on(turn, around, asked):
        return Act.LECTURE if stated >= _LECTURE_ANYWAY else Act.ANSWER_CLARIFICATION
    if stated >= _SPEECH and asked <= (1 if stated < 2 * _SPEECH else 2) and _is_content(statements):
        return Act.LECTURE
    if WHERE_NEXT.search(text) and not _names_new_question(text):
        return Act.TRANSITION
    if _opens_step(turn, around, asked):
        return Act.OPEN_STEP
    if _CLOCK.search(text) and _CLOCK_MEANT.search(text):
        return Act.TIME_CHECK
    if _STRONG_HINT.search(text) and not _OFFERS.search(text):
        return Act.HINT
    if stated >= _LONG_STATEMENT and _is_content(statements) and asked <= 1:
        return Act.LECTURE
    if MOVES_ON.search(text) and not asked:
        return Act.TRANSITION
    if _CHALLENGE.search(text) and asked:
        return Act.CHALLENGE
    if asked and _confronts(text):
        return Act.CHALLENGE
    if _HINT.search(text) and not LISTENING.match(text) and not _OFFERS.search(text):
        return Act.HINT
    if _OFFERS.search(text):
        return Act.ACKNOWLEDGE_ONLY
    if asked:
        return Act.PROBE
    if LISTENING.match(text) or stated < _LONG_STATEMENT / 2 or not _is_content(statements):
        return Act.ACKNOWLEDGE_ONLY
    return Act.LECTURE


def _confronts(text: str) -> bool:
    """Whether a turn holds a fact against what was said: a statement, then a question that points back at it."""
    spans = sentences(text)
    if len(spans) < 2 or not spans[-1].text.endswith("?") or spans[-2].text.endswith("?"):
        return False
    stated, asked = spans[-2].text, spans[-1].text
    fact = spoken_words(stated) >= _FACT_WORDS and not _MANAGES.match(stated) and not LISTENING.match(stated)
    return fact and _POINTS_BACK.search(asked) is not None


def praises(text: str) -> bool:
    """Whether a turn praises or agrees in so many words."""
    said = [span.text for span in sentences(text) if not span.text.endswith("?") and not _BARE.match(span.text)]
    return any(shows("praise", each) or shows("verdict", each) or _LAUDS.search(each) is not None for each in said)


def _praises_at_length(text: str) -> bool:
    """Whether a turn does little else than praise: two sentences or more, and most of its words."""
    said = [(span.text, praises(span.text) or _GUSHES.search(span.text) is not None) for span in sentences(text)]
    words = [spoken_words(each) for each, lauds in said if lauds]
    return len(words) >= _LAUDED and sum(words) >= _MOSTLY * spoken_words(text)


def _opens_step(turn: Turn, around: Surroundings, asked: int) -> bool:
    if around.step is None or around.step == around.previous or not asked:
        return False
    return not around.candidate_moved or MOVES_ON.search(turn.content) is not None


def _goes_on(turn: Turn, around: Surroundings, asked: int) -> bool:
    """Whether a turn ends by asking about the next step, whatever it answers first."""
    return _opens_step(turn, around, asked) and turn.content.rstrip().endswith("?")


def _names_new_question(text: str) -> bool:
    return named_step(text) is not None and count_questions(text) > 1


@lru_cache(maxsize=_REMEMBERED)
def answers(text: str) -> bool:
    """Whether a turn states something beyond an acknowledgement, or hands a decision back."""
    if _HANDS_BACK.search(text):
        return True
    statements = " ".join(span.text for span in sentences(text) if not span.text.endswith("?"))
    if not statements or LISTENING.match(statements):
        return bool(re.match(r"(?:yes|no|yeah|sure|correct)\b", statements, _I))
    stated = len(statements.split()) >= 2 or any(ch.isdigit() for ch in statements)
    return stated and not MOVES_ON.search(statements)


def _is_content(statements: str) -> bool:
    """Whether statements tell something rather than manage the conversation."""
    return len(stems(statements)) >= 5
