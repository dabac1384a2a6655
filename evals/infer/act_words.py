"""What the words of one turn or of one message show: praise, hints, the clock, pressing, answers, requests for help."""

from __future__ import annotations

import re
from functools import lru_cache

from app.services.tells import shows
from evals.infer.step_words import MOVES_ON
from evals.infer.text import sentences, spoken_words, stems

_I = re.IGNORECASE
_REMEMBERED = 8_192
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
HINT = re.compile(
    r"\b(?:hint|nudge|pointer|clue)\b|\b(?:think|try thinking|consider|reflect|focus) (?:about|of|on|how|what|whether|for a moment)\b|^(?:sure|okay|ok|alright|no problem|of course|here)?[,.: ]*(?:consider|imagine|picture|notice|remember|recall|note) (?!that you said)|\bsomething to (?:think about|consider)\b|\bhave you (?:thought|considered|looked)\b|\bwhat if you (?:used|tried|looked|thought|considered|split|had)\b|\byou (?:might|may|could) (?:want to )?(?:think|look|consider|start|try|use|ask|split|imagine)\b|\bone (?:way|direction|angle) (?:to|is)\b|\bone thing (?:to|you)\b|\bask yourself\b|\bit (?:may|might) help\b|\blet me help\b|\bpoint you\b|\bin (?:the|that|this) direction\b|\bkeep in mind\b|\bdon't forget\b|\b(?:food for thought|a thought|to chew on|put yourself|start (?:from|smaller|with the)|look (?:closer|again) at|it has to do with|here's (?:a|one) (?:thought|angle)|(?:maybe|perhaps) (?:it helps|look|start|picture|imagine|think|consider|begin))\b",
    _I,
)
OFFERS = re.compile(
    r"\b(?:(?:do you want|would you like|want|would|(?:shall|should|may|can) i (?:give|offer)(?: you)?|ask for|ask me for|offer you) (?:a|another) (?:hint|nudge|pointer)|hint,? or\b|hint (?:you can have|can have|is there))",
    _I,
)
_LAUDS = re.compile(
    r"\b(?:couldn't (?:have )?(?:put|said|say|agree)|(?:nice|great|good|lovely|clever|smart|neat)!|(?:clever|smart|elegant|neat|strong|great|nice) (?:\w+ )?(?:shortcut|trick|move|solution|way|one)|sounds (?:right|perfect|great|ideal)|(?:\d+|ten|full) (?:out of ten|points|marks)|well (?:done|put|said)|top marks|(?:completely|fully|totally) agree|you clearly)",
    _I,
)
STRONG_HINT = re.compile(
    r"\b(?:hint|nudge|pointer|clue)\b|\bsomething to (?:think about|consider)\b|\blet me help\b|\bpoint you\b", _I
)
WANTS_HINT = re.compile(
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
GUSHES = re.compile(
    r"\b(?:brilliant|textbook|terrific|fantastic|amazing|awesome|superb|excellent|perfect|wonderful|outstanding|incredible|exactly right|spot on|nailed|love (?:it|that|this)|great (?:answer|catch|point|choice|call)|super \w+)\b[^.?]*!|\b(?:8|9|10) ?/ ?10\b",
    _I,
)
_LAUDED, _MOSTLY = 2, 0.4
CHALLENGE = re.compile(
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
_AFTERTHOUGHT = 8
_FACT_WORDS = 5
_MANAGES = re.compile(
    r"^(?:(?:okay|ok|right|so|well|and|now|then|good|fine|thanks|sure|agreed)[,. ]+)*(?:let's|let us|stay|park|one more|remember|here's|next|i(?:'d| would| want|'m| am)|we(?:'ll| will)|sorry|thank|got it|take your)\b",
    _I,
)
_POINTS_BACK = re.compile(r"\b(?:that|this|those|these|your|yours|it|they|you|who|now what|then what)\b", _I)


@lru_cache(maxsize=_REMEMBERED)
def asks_interviewer(message: str) -> bool:
    """Whether a candidate's message asks the interviewer something, hints aside."""
    spans = sentences(message)
    asked = [span.text for span in spans if _asks(span.text)]
    trailing = len(spans) > 1 and len(spans[-1].text.split()) <= _AFTERTHOUGHT and _asks(spans[-2].text)
    return any(not WANTS_HINT.search(text) or len(text.split()) > 14 for text in asked[-3:]) and (
        trailing or _asks(spans[-1].text) or len(asked) >= 2 or len(asked) >= 0.5 * len(spans)
    )


def _asks(sentence: str) -> bool:
    return sentence.rstrip("\"') ").endswith("?") or _UNMARKED.match(sentence) is not None


@lru_cache(maxsize=_REMEMBERED)
def confronts(text: str) -> bool:
    """Whether a turn holds a fact against what was said: a statement, then a question that points back at it."""
    spans = sentences(text)
    if len(spans) < 2 or not spans[-1].text.endswith("?") or spans[-2].text.endswith("?"):
        return False
    stated, asked = spans[-2].text, spans[-1].text
    fact = spoken_words(stated) >= _FACT_WORDS and not _MANAGES.match(stated) and not LISTENING.match(stated)
    return fact and _POINTS_BACK.search(asked) is not None


@lru_cache(maxsize=_REMEMBERED)
def praises(text: str) -> bool:
    """Whether a turn praises or agrees in so many words."""
    said = [span.text for span in sentences(text) if not span.text.endswith("?") and not _BARE.match(span.text)]
    return any(shows("praise", each) or shows("verdict", each) or _LAUDS.search(each) is not None for each in said)


@lru_cache(maxsize=_REMEMBERED)
def praises_at_length(text: str) -> bool:
    """Whether a turn does little else than praise: two sentences or more, and most of its words."""
    said = [(span.text, praises(span.text) or GUSHES.search(span.text) is not None) for span in sentences(text)]
    words = [spoken_words(each) for each, lauds in said if lauds]
    return len(words) >= _LAUDED and sum(words) >= _MOSTLY * spoken_words(text)


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


def is_content(statements: str) -> bool:
    """Whether statements tell something rather than manage the conversation."""
    return len(stems(statements)) >= 5


@lru_cache(maxsize=_REMEMBERED)
def speaks_of_time(text: str) -> bool:
    """Whether a turn says how long is left or gone, of the interview."""
    return _CLOCK.search(text) is not None and _CLOCK_MEANT.search(text) is not None


@lru_cache(maxsize=_REMEMBERED)
def begs(message: str) -> bool:
    """Whether a candidate asks for help at the end of a message."""
    return _BEGS.search(message[-_PLEA:]) is not None
