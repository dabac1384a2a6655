"""The words by which candidates steer the interview: on, back, to a step, later, to the end.

As patterns; tests/services/test_intake.py holds the phrases that must and must not match.
"""

from __future__ import annotations

import re

from app.domain.step_names import STEP_WORDS
from app.domain.vocabulary import Step

_ANY_CASE = re.IGNORECASE
ADVANCE = re.compile(
    r"(?:\b(?:let's|lets|let us|let me|can we|could we|shall we|can i|could i|may i|may we|i'd like to|i'd rather|i want to|i wanted to|i'll|i will|happy to|ready to|we can)\s+(?:now\s+|please\s+)?"
    r"(?:move on|move to|move forward|go on to|go to|jump (?:ahead )?to|switch to|skip (?:ahead )?to|proceed|continue (?:to|with)|talk about|turn to|get to|go ahead to)\b"
    r"|^(?:(?:ok|okay|so|right|alright|and|now)[,. ]+)*(?:next(?:[ ,:]+(?:step|up|one|topic|please|question))?|moving on(?: to)?|on to|onto|move on|skip(?: this| it)?|now)\b(?=[\s,.:!]*(?:to|the|please|my|$|{steps}))"
    r"|^(?:next|moving on|onwards)\b)".replace("{steps}", "|".join(STEP_WORDS.values())),
    _ANY_CASE,
)
_FINE = r"(?:ok(?:ay)?|fine|all right|alright)"
_YOU_LIKE = r"you(?: don['’]?t mind|['’]re (?:ok(?:ay)?|fine|happy)(?: with (?:that|it))?| like| agree)"
_BY_HIS_LEAVE = rf"if (?:(?:that|it|this)(?:(?:['’]?s| is) {_FINE}| works) (?:with|for|by) you|{_YOU_LIKE})"
"""Asks for leave, whatever follows; "if that works I'd ..." is a condition in the design."""
_ASKS_TO = (
    rf"(?:(?:\b{_BY_HIS_LEAVE}|^\W*(?:(?:so|then|ok(?:ay)?|and)\W+)*if that(?:['’]?s| is) {_FINE}),? (?:then )?i(?:['’]d| would|['’]ll| will)|"
    r"\b(?:can|could|may|might|shall|should) (?:i|we)|\blet['’]?s|\blet (?:us|me)|\bi(?:['’]d| would) (?:like|love|prefer) to|\bi['’]d rather|"
    r"\bi (?:want|wanted|need|meant|was hoping|asked) to|\bi['’]?m going to|\b(?:is it|would it be) (?:ok|okay|possible|fine|all right) (?:to|if (?:i|we))|\bmind if (?:i|we))"
    r"(?: (?:now|just|please|quickly|briefly|first|actually|maybe|perhaps|all))*"
)
_GOES_BACK = (
    r"(?:(?:go|come|went|jump|circle|switch|step|turn|head|move|loop|double)(?: \w+)? back (?:to|on|into)|return to)"
)
GO_BACK = re.compile(
    rf"(?:{_ASKS_TO} {_GOES_BACK}|"
    r"^(?:(?:ok(?:ay)?|so|and|but|now|right|well|then|sorry|please|actually|wait|um+|hm+|uh+|yes|no)\b[,. ]*)*(?:going |coming |jumping |circling )?back to)\s+"
    r"(?!(?:the |an? |our |its? )?(?:previous|prior|last|old|older|earlier|former|original|simpler|known|user|users|customer|customers|client|clients|caller|batch|production)\b)"
    r"(?!(?:your|my|the|that|this|our) (?:\w+ )?(?:question|point)\b|what (?:you|i|we)\b)",
    _ANY_CASE,
)
"""A request to return to something; "we can go back to the previous model" is a design, and is none."""
_WHOLE_STEPS: dict[Step, str] = {
    Step.REQUIREMENTS: r"requirements?|business goals?|scope|scoping",
    Step.FRAMING: r"framing|problem formulation",
    Step.DATA: r"data|features?|labels?",
    Step.MODELING: r"modell?ing|models?",
    Step.EVALUATION: r"evaluation|metrics",
    Step.SERVING: r"serving|deployment",
    Step.MONITORING: r"monitoring|infrastructure|infra|mlops",
}
WHOLE_STEP = re.compile("|".join(f"(?P<{step}>\\b(?:{words})\\b)" for step, words in _WHOLE_STEPS.items()), _ANY_CASE)
TAKE_ON = re.compile(
    rf"{_ASKS_TO} (?:do|cover|discuss|tackle|take on|look at|revisit|address|work on|focus on|spend (?:some|more) time on|hear about|speak about) "
    rf"(?:the )?(?:{'|'.join(_WHOLE_STEPS.values())})(?: (?:step|part|side|section|piece|bit))?"
    r"(?=\s*(?:$|[?.!,;:]|(?:now|next|then|first|please|instead|again|before|after|at this point|if)\b))",
    _ANY_CASE,
)
"""A step taken on by its own name ("let's do serving now"); "let's do A/B tests" is an answer."""
GO_TO = re.compile(
    rf"{_ASKS_TO} (?:move on to|move to|go (?:on |ahead |over |straight )?to|jump (?:ahead |straight )?to|switch (?:over )?to|skip (?:ahead |straight )?to|(?:continue|start|finish|end|close) with|talk about|turn to) "
    rf"(?:now )?(?:the |our )?(?:ml )?(?:{'|'.join(STEP_WORDS.values())})\b",
    _ANY_CASE,
)
"""A request to go to a step that is named right after it, however long the sentence is."""
REQUEST_ENDS = re.compile(
    r"\s{0,3}(?:(?:[,;:—–]|\s-\s)\s{0,3}(?:because\b|since\b|but\b|and\b)?|\b(?:because|since|as i|and i|but)\b)\s{0,3}",
    _ANY_CASE,
)
IF_HE_LIKES = re.compile(
    rf"if (?:(?:that|it|this)(?:['’]?s| is| works)(?: {_FINE})?(?: (?:with|for|by) you)?|{_YOU_LIKE})[\s.!]*", _ANY_CASE
)
"""What only makes a request polite."""
PARK = re.compile(
    r"\b(?:(?:come|get|circle) back to (?:this|that|it)|park (?:this|that|it)|leave (?:this|that|it) for (?:later|now)|later on this)\b",
    _ANY_CASE,
)
_THANKS = r"(?:[\s,.;!–—-]+(?:please|thanks?(?: you)?(?: (?:a lot|so much|very much))?|really|cheers))*"
_ENDS_HERE = rf"(?: (?:here|now|it|this|there|at that|for (?:today|now)|then))*{_THANKS}\s*[.!?]*$"
_ADVERBS = r"(?: (?:also|just|now|then|maybe|perhaps|probably|please))*"
_WE_MAY = (
    r"(?:let['’]?s|we (?:can|could|may)|(?:can|could|shall|should|may) (?:we|i)|i(?:['’]d| would) like to|i want to)"
)
END = re.compile(
    r"(?:^(?:(?:ok(?:ay)?|so|and|but|no|yes|well|right|then|thanks?|i think|for my part|from my side)\b[,. ]*)*"
    rf"(?:{_WE_MAY}|i['’]d rather|(?:i['’]m|we['’]re) (?:happy|ready|fine) to|it['’]s time to){_ADVERBS} (?:end|stop|finish)"
    rf"|\b{_WE_MAY}{_ADVERBS} (?:wrap(?: (?:it|this|things))? up|call it a day)"
    rf"|\bi(?:['’]d| would) like to{_ADVERBS} (?:end|stop|finish)){_ENDS_HERE}",
    _ANY_CASE,
)
"""Asks to end; a design may say that something stops, too, and says under which condition (`SOME_TIME`)."""
END_NAMED = re.compile(
    r"\b(?:(?:end|stop|close|wrap up) (?:the|this|our) (?:interview|session)|(?:(?:i['’]?m|im|i am|we['’]?re) done with|finish) the interview)\b",
    _ANY_CASE,
)
HAS_TO_LEAVE = re.compile(
    r"^\W*(?:(?:sorry|ok(?:ay)?|so|and|but|well|unfortunately|i['’]m afraid|thanks?)\b\W*)*i(?:['’]ve got to| have to| need to|['’]d better| had better) "
    r"(?:leave|go|run|drop off)(?: now| here| soon)?(?=\s*(?:$|[.!]|,\s*(?:thanks?|thank you|sorry|bye)))",
    _ANY_CASE,
)
"""Has no more time."""
SOME_TIME = re.compile(
    r"\b(?:when|once|until|whenever|as soon as)\b|\bif (?!you\b|that['’]?s\b|it['’]?s\b|there['’]?s\b|(?:we|i)(?:['’](?:re|ve|m)| are| have| am)\b)",
    _ANY_CASE,
)
"""Something in the design that may end at some time."""
DONE = re.compile(
    r"^(?:(?:ok(?:ay)?|so|right|well|and|i think)[,. ]+)*(?:(?:i['’]?m|im|i am|we['’]?re) (?:really |all )?done(?: (?:here|now))?|that(?:['’]s| is) me done|"
    r"(?:no,? )?nothing (?:else|more)(?: to add| from (?:me|my side))?|"
    r"(?:i think )?that(?:['’]s| is|s) (?:really |about |basically |pretty much )?(?:all|it|everything|my piece)(?: (?:really|from (?:me|my side)|i have|i['’]ve got|for (?:this|that|now)))*)"
    rf"(?: (?:on|for) .{{1,30}}?)?{_THANKS}\s*[.!]?$",
    _ANY_CASE,
)
HEADING = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|now|then|next|finally|lastly|right|well|let me start with)[,. ]+)*(?:for|on|in|as for|regarding|in terms of|about)?\s*(?:the\s+)?(?:{steps})(?:\s+(?:side|part|step|wise))?\s*(?:[:,]|\s-\s)".replace(
        "{steps}", "|".join(STEP_WORDS.values())
    ),
    _ANY_CASE,
)
_POLITE = r"(?:ok(?:ay)?|well|um+|hm+|so|right|great|alright|all right|cool|perfect|yeah|sure|thanks?(?: you)?(?: (?:a lot|so much|very much|again|for (?:the|your) (?:time|interview|session|chat)))?|thx|cheers|i (?:think|guess|believe))"
_NO = r"(?:no+|nope|nah|none|not really|not at all)"
_NOTHING = (
    r"(?:(?:(?:i(?:['’]ve| have)(?: got)?|there(?:['’]s| is| are)) )?(?:no|nothing|none)(?: (?:more|further|other|else|questions?|comments?|changes?|additions?|really|to (?:add|ask|change)|comes to mind))*"
    r"|(?:i )?(?:don['’]?t|do not) (?:have|think i have) (?:any(?:thing)?|more|one)(?: (?:more|else|further|other|questions?|to (?:add|ask|change)))*"
    r"|(?:that|this|it)(?:['’]?s| is| was| would be|['’]d be| will be)? (?:all|it|everything|about it)"
    r"|(?:(?:i['’]?m|i am|we['’]?re|we are|i feel) )?(?:all |quite |pretty )?(?:good|fine|done|set|clear|happy|through)"
    r"|(?:i )?(?:can['’]?t|cannot|couldn['’]?t) think of (?:any(?:thing)?|one)(?: (?:else|more|questions?))*"
    r"|(?:i )?(?:wouldn['’]?t|would not) (?:change|add|revisit|ask) (?:anything|much|a thing)(?: else)?|(?:i(?:['’]d| would) )?(?:leave|keep) it (?:there|at that|as (?:it is|is)))"
)
_ON_MY_SIDE = r"(?:from (?:me|my (?:side|end|part)|here)|on my (?:side|end|part)|at (?:all|this point|the moment)|for (?:now|today|me|you)|right now|here|then|really|to (?:add|ask)|with (?:this|that|it)|i (?:think|guess|have|wanted(?: to (?:say|ask))?|['’]ve got))"
NOTHING_MORE = re.compile(
    rf"(?=.{{1,120}}$)(?:{_POLITE}[\s,.;!–—-]*)*(?:(?:{_NO}|{_NOTHING})(?:\s+{_ON_MY_SIDE})*[\s,.;!–—-]+(?:(?:{_POLITE}|and|but)\b[\s,.;!–—-]*)*)+$",
    _ANY_CASE,
)
NO_MORE = re.compile(
    rf"^(?:{_POLITE}[\s,.;!–—-]*)*(?:{_NO}[\s,.;!–—-]+)?(?:{_ON_MY_SIDE}[\s,.;!–—-]+)?(?:i (?:think|guess|believe) )?"
    r"(?:that['’]?s (?:really )?(?:it|all|everything)|nothing (?:more|else)|(?:i['’]?m )?(?:really |all )?(?:done|good|finished))"
    r"(?: from (?:me|my side))?(?=\W*$|\W+(?:thanks?|thank you|cheers|i (?:really )?(?:enjoyed|liked)|(?:it|this|that) was|see you|bye|we can stop)\b)",
    _ANY_CASE,
)
"""The same with some words of leave after it ("No, I think that's it from me, I enjoyed the last one")."""
DONE_THEN = re.compile(
    r"^(?:(?:ok(?:ay)?|so|right|well|and|i think)[,. ]+)*(?:that(?:['’]s| is|s) (?:it|all|me done)|(?:i['’]?m|i am) (?:all )?done)"
    r"(?: (?:from (?:me|my side)|here|now|then|i think|for now))*\s{0,2}[,;–—-]\s{1,2}(?=[^?]{8,}\?)",
    _ANY_CASE,
)
"""Where who is done goes on to ask something ("That's it from me, anything I got wrong?")."""
THEN_DONE = re.compile(
    r"[\s,;]{1,3}(?:and )?(?:then|so|otherwise|and) (?=i['’]?m (?:all )?(?:done|finished)\b[^.?]{0,40}[.!]*$)",
    _ANY_CASE,
)
"""Where a sentence goes on to say that one is done."""
FAREWELL = re.compile(
    rf"^(?:{_POLITE}[\s,.;!–—-]*)*(?:(?:good)?bye\b|see you\b|take care\b|have a (?:good|nice|great|lovely|wonderful)\b|"
    r"(?:thank you|thanks|thx|cheers)(?: \w+){0,5} (?:time|interview|session|chat|conversation|discussion|talk|opportunity|today)\b|"
    r"(?:it|this|that)(?:['’]?s| is| was| has been)(?: \w+){0,3} (?:pleasure\b|(?:fun|great|nice|good|interesting|enjoyable|helpful)(?:[, ]+(?:thanks?|thank you|bye|talking|speaking|chatting|to talk|session|interview|conversation|chat|discussion|today|with you|so much|very much|really|have a \w+ \w+))*[\s.!]*$)|"
    r"i (?:\w+ )?(?:enjoyed|appreciate[d]?)\b|(?:nice|good|great|lovely) (?:talking|speaking|meeting|chatting|to meet)\b)"
    r"(?!.*\b(?:i['’]d|i would|we['’]d|we would|should|also|except|however|revisit|one (?:more )?thing)\b)",
    _ANY_CASE,
)
"""A closing word; with "I'd also ..." after it, it is none."""
OFFERS_CHOICE = re.compile(
    r"\b(?:do you want|would you like) me to \w+[^?]{0,80}\bor\b[^?]{0,80}\?|\b(?:would you (?:rather|prefer)|do you prefer|shall i|should i) (?:that i |me to |to )?(?:now |first )?"
    r"(?:go(?! (?:for|with)\b)|talk|cover|discuss|start|continue|dig|hear|take|look)\b[^?]{0,80}\bor\b[^?]{0,80}\?"
    r"|\bwhere (?:did|do|would) you (?:want|like|prefer) (?:me |us )?to (?:go|start|continue|dig)\b[^?]{0,120}\?",
    _ANY_CASE,
)
"""Leaves it to the interviewer where to go on ("would you rather go into the retrieval or the ranker?")."""
MORE_TO_COME = re.compile(
    r"\bis there (?:anything|something|any part|some part)(?: else)?,? (?:that )?you(?:['’]d| would)? (?:still )?(?:want|like)"
    r"(?: me)? to (?:hear|know|ask|see|go|cover|discuss|dig|push|explain|say)\b|"
    r"\bif we(?:['’]re| are) (?:at the end|done|finished|through)\b|\bare we (?:at the end|done|finished|through|nearly done|out of time)\b"
    r"|\b(?:is there|do you have|have you(?: got)?) (?:another|one more|any (?:other|more)|more|other|further) (?:question|topic|part|thing)s?\b",
    _ANY_CASE,
)
"""Asks whether the interview goes on."""
LATER = re.compile(
    r"\b(?:can|could|may) i (?:do|tell|explain|say|come to|come back to|get to) (?:it|that|this|them|you)(?: (?:shortly|a bit|right|just))? (?:after|later|then|next|in a (?:moment|minute|second))\b",
    _ANY_CASE,
)
"""Leave to say something later."""
_GO_ON = r"(?:go (?:on|ahead|deeper|further)|continue|carry on|keep going|move on|get (?:on )?to)"
ASKS_LEAVE = re.compile(
    r"^(?!\W*(?:(?:so|and|but|ok|okay)\W+)*(?:how|what|which|where|when|why)\b)(?!.*\b(?:budget|limit|\d+)\b).*?"
    r"(?:\b(?:do you want me|would you like me|want me) to (?:now |also |just )*"
    rf"(?:{_GO_ON}|go (?:to|into|over|through)|talk|cover|start with)\b"
    rf"|\b(?:shall|should) i (?:now |just |also |quickly |maybe )*(?:{_GO_ON}|(?:go|move|jump|turn) (?:to|into|over|through)|talk (?:about|through))\b"
    rf"|\b(?:can|may|could) i (?:now |just |also |quickly |maybe )*{_GO_ON}\b)",
    _ANY_CASE,
)
"""Leave to go on with something; a decision in the design is none."""
SHALL_I_GO = re.compile(
    r"\b(?:(?:shall|should) i|(?:do you )?want me to) (?:now |just |also |quickly |maybe )*(?:say|tell you) (?:something|anything|a (?:word|bit|little)|more) (?:on|about|more)\b"
    r"|\bor have you heard enough\b|"
    rf"\bshall i (?:now |just |also |quickly |maybe )*(?:{_GO_ON}|(?:go|move|jump|turn) (?:to|into|over|through)|talk (?:about|through))\b",
    _ANY_CASE,
)
"""Leave to go somewhere, whatever is there."""
OR_GO_ON = re.compile(r"\bor (?:shall|should|can|may) i (?:get on|move on|go on|continue)\b", _ANY_CASE)
"""The second of two offers, to go on, is the one that names where to."""
LATER_STEP = re.compile(
    r"\bi(?:['’]ll| will) (?:come|get|circle) back to (?:it|that|this) (?:in|under|with) (?!an?\b|the end\b)\w+",
    _ANY_CASE,
)
"""What is said at another step; nothing of the interviewer's is parked."""
OF_THE_COURSE = re.compile(
    r"\b(?:go|going|move|moving|continue|start|begin|finish|end|stop|wrap|skip|jump|switch|talk|speak|cover|discuss|describe|explain|walk|spend|draw|sketch|next|first|now|later|here|deeper|requirements|framing|data|features|modell?ing|evaluation|serving|monitoring)\b",
    _ANY_CASE,
)
"""Words of how the interview goes on; without one, leave is asked for something in the design."""
TALK_ABOUT = re.compile(
    r"^\W*(?:(?:so|and|but|ok|okay|now|then)\b\W*)*(?:can|could|may|might|shall) (?:we|i)(?: now| just| please| maybe)? (?:talk|speak) about (?P<what>(?!(?:my|this|that|it|them)\b)[^,?]+)",
    _ANY_CASE,
)
"""Asks to go to something, whether or not by the name of a step."""
