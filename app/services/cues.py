"""The words by which candidates ask, refuse, jump, give up and try to manipulate, as patterns.

One place for them, so that a phrase that was missed is added in one line; tests/services/test_intake.py
holds the phrases that must and must not match.
"""

from __future__ import annotations

import re

from app.domain.step_names import STEP_WORDS
from app.domain.vocabulary import Step

ANY_CASE = re.IGNORECASE
HINT = re.compile(
    r"\b(?:hints?|nudge me|a nudge|a clue|point me (?:in|to)|help me out|(?:some|a bit of|little) help|give me a pointer)\b",
    ANY_CASE,
)
NO_REQUEST = re.compile(
    r"\b(?:is|are|was|were|be|as) (?:also |already |itself )?(?:an? )?(?:\w+ ){0,2}(?:hints?|clues?|nudges?|pointers?)\b",
    ANY_CASE,
)
"""Something in the design is a hint ("... is a great hint"); none is asked for."""
HINT_THERE = re.compile(
    r"\b(?:there|here)[\s?.!]*$|\b(?:on|about|for|with) (?:this|that|it)\b|\b(?:miss(?:ing|ed)?|forg[eo]t(?:ting)?|overlook(?:ing|ed)|left out)\b",
    ANY_CASE,
)
"""A hint on what was just spoken of ("a hint on what I'm missing there")."""
THERE = re.compile(r"\bthere\b(?! (?:is|are|was|any|some|a)\b)(?<!is there)(?<!are there)", ANY_CASE)
HINT_NOT = re.compile(r"\b(?:no|don't (?:need|want)|without|not need|skip the) (?:a |any |the )?hints?\b", ANY_CASE)
DONT_KNOW = re.compile(
    r"\b(?:i (?:really |honestly |just )?(?:don't|dont|do not) (?:really |quite |actually |honestly |even )?know|no idea|no clue|not a clue|(?:i'm|im|i am) (?:stuck|lost|drawing a blank|blanking)|"
    r"(?:i )?(?:can't|cant|cannot) think of (?:anything|one|any)|i(?:'d| would)? pass\b|beats me|(?:i'm|i am) not (?:really )?(?:sure|familiar)(?: (?:with|about|on) (?:this|that|it))?\s*[.!]?$|"
    r"never (?:worked with|used|done) (?:this|that|it)|idk|dunno|not sure(?: (?:about|on) (?:this|that))?\s*[.!,]?$|haven't (?:thought|worked))",
    ANY_CASE,
)
ADVANCE = re.compile(
    r"(?:\b(?:let's|lets|let us|let me|can we|could we|shall we|can i|could i|may i|may we|i'd like to|i'd rather|i want to|i wanted to|i'll|i will|happy to|ready to|we can)\s+(?:now\s+|please\s+)?"
    r"(?:move on|move to|move forward|go on to|go to|jump (?:ahead )?to|switch to|skip (?:ahead )?to|proceed|continue (?:to|with)|talk about|turn to|get to|go ahead to)\b"
    r"|^(?:(?:ok|okay|so|right|alright|and|now)[,. ]+)*(?:next(?:[ ,:]+(?:step|up|one|topic|please|question))?|moving on(?: to)?|on to|onto|move on|skip(?: this| it)?|now)\b(?=[\s,.:!]*(?:to|the|please|my|$|{steps}))"
    r"|^(?:next|moving on|onwards)\b)".replace("{steps}", "|".join(STEP_WORDS.values())),
    ANY_CASE,
)
_ASKS_TO = (
    r"(?:\b(?:can|could|may|might|shall|should) (?:i|we)|\blet['’]?s|\blet (?:us|me)|\bi(?:['’]d| would) (?:like|love|prefer) to|\bi['’]d rather|"
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
    ANY_CASE,
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
WHOLE_STEP = re.compile("|".join(f"(?P<{step}>\\b(?:{words})\\b)" for step, words in _WHOLE_STEPS.items()), ANY_CASE)
TAKE_ON = re.compile(
    rf"{_ASKS_TO} (?:do|cover|discuss|tackle|take on|look at|revisit|address|work on|focus on|spend (?:some|more) time on|hear about|speak about) "
    rf"(?:the )?(?:{'|'.join(_WHOLE_STEPS.values())})(?: (?:step|part|side|section|piece|bit))?"
    r"(?=\s*(?:$|[?.!,;:]|(?:now|next|then|first|please|instead|again|before|after|at this point|if)\b))",
    ANY_CASE,
)
"""A step taken on by its own name ("let's do serving now"); "let's do A/B tests" is an answer."""
GO_TO = re.compile(
    rf"{_ASKS_TO} (?:move on to|move to|go (?:on |ahead |over |straight )?to|jump (?:ahead |straight )?to|switch (?:over )?to|skip (?:ahead |straight )?to|(?:continue|start|finish|end|close) with|talk about|turn to) "
    rf"(?:now )?(?:the |our )?(?:{'|'.join(STEP_WORDS.values())})\b",
    ANY_CASE,
)
"""A request to go to a step that is named right after it, however long the sentence is."""
ASKS_FOR = re.compile(
    r"^\W*(?:(?:so|ok|okay|well|right|first|next|to start|before (?:that|i start|we start|i go on))\b[,: ]+)*"
    r"(?:let me|can i|could i|may i|i'll|i will|i(?:'d| would)(?: like| want| need)? to|i (?:want|need|have) to|i must)"
    r"(?: first| just| quickly| also)? (?:ask(?=\s*:| (?:you|for|about|first)\b)|know\b)(?: you\b)?(?: first\b)?(?: (?:for|about)\b)?"
    r"(?: (?:some |a few |the )?(?:numbers|facts|figures)\b)?\s*:?\s*",
    ANY_CASE,
)
"""Opens a list of what one wants to know ("let me ask for daily users, posts per day")."""
WISHES = re.compile(
    r"(?:^|[,;:–—-]\s*|\b(?:so|and|but|because|since|then)\s+)"
    r"(?:i(?:['’]d| would)(?: also| first| still| just)? (?:like|want|need|love) to (?:know|ask|hear)"
    r"|i(?: also| first| still| just)? (?:like|want|wanted|need|have) to (?:know|ask)"
    r"|(?:my |the )?(?:first|second|third|next|other|one|main|last) (?:thing|question)(?: for you)?(?: (?:that )?i(?:['’]d| would)?(?: like| want| need)?(?: to)? (?:know|ask|understand|have))? is"
    r"|(?P<before>(?:what )?i(?: was|['’]m| am)(?: just| only| actually)? asking|i(?: just| only| actually)? asked))"
    r"(?: you\b)?(?: about\b)?(?: (?:the )?\w+:)?\s+(?=(?:how|what|which|who|whose|where|when|why|whether|if)\b)",
    ANY_CASE,
)
"""What is asked in so many words within a statement ("I was asking you how many ads there are")."""
WHY_WISHED = re.compile(
    r",\s*(?:because|since|as|otherwise|not)\b|\s[-–—]\s(?!(?:i['’]d|i['’]ll|we['’]d|so)\b)", ANY_CASE
)
"""Where a wish ends and says why; with "so I'd ..." after it, it is a design."""
WISH_ENDS = re.compile(r",\s*(?=(?:i|we|so|but|because|since|otherwise|as|then|not)\b)|\s[-–—]\s|;\s*", ANY_CASE)
REQUEST_ENDS = re.compile(
    r"\s{0,3}(?:(?:[,;:—–]|\s-\s)\s{0,3}(?:because\b|since\b|but\b|and\b)?|\b(?:because|since|as i|and i|but)\b)\s{0,3}",
    ANY_CASE,
)
JOINS_QUESTION = re.compile(
    r"[\s,;:.–—-]{0,4}\b(?P<sure>but|though|however|first|before (?:that|it))\b[\s,:;–—-]{0,4}|[\s,;:–—-]{0,4}\band\b\s{0,3}|\s{0,3}[,;:–—]\s{1,3}",
    ANY_CASE,
)
"""Where a sentence that takes a hint goes on to ask: after "but" for certain, after "and" or a comma perhaps."""
PARK = re.compile(
    r"\b(?:(?:come|get|circle) back to (?:this|that|it)|park (?:this|that|it)|leave (?:this|that|it) for (?:later|now)|later on this)\b",
    ANY_CASE,
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
    ANY_CASE,
)
"""Asks to end; a design may say that something stops, too, and says under which condition (`SOME_TIME`)."""
END_NAMED = re.compile(
    r"\b(?:(?:end|stop|close|wrap up) (?:the|this|our) (?:interview|session)|(?:(?:i['’]?m|im|i am|we['’]?re) done with|finish) the interview)\b",
    ANY_CASE,
)
SOME_TIME = re.compile(
    r"\b(?:when|once|until|whenever|as soon as)\b|\bif (?!you\b|that['’]?s\b|it['’]?s\b|there['’]?s\b|(?:we|i)(?:['’](?:re|ve|m)| are| have| am)\b)",
    ANY_CASE,
)
"""Something in the design that may end at some time."""
_MAY_ASK = r"(?:(?:can|may|could|might) i(?: just| quickly)? ask(?: you)?|if i (?:may|can|could) ask|(?:a|one|my)(?: more| last)? question(?: (?:for|to) you)?)"
LEAD_IN = re.compile(
    rf"^(?:(?:{_MAY_ASK}|so|ok(?:ay)?|and|but|also|well|hmm|um|right|first(?:ly| of all| off)?|before (?:that|i start|we start|anything)|quick(?:ly)?|a? ?(?:quick )?question|to start|sure|sorry|maybe|then|just)[,: ]+)+",
    ANY_CASE,
)
DONE = re.compile(
    r"^(?:(?:ok(?:ay)?|so|right|well|and|i think)[,. ]+)*(?:(?:i['’]?m|im|i am|we['’]?re) (?:really |all )?done(?: (?:here|now))?|that(?:['’]s| is) me done|"
    r"(?:no,? )?nothing (?:else|more)(?: to add| from (?:me|my side))?|"
    r"(?:i think )?that(?:['’]s| is|s) (?:really |about |basically |pretty much )?(?:all|it|everything|my piece)(?: (?:really|from (?:me|my side)|i have|i['’]ve got|for (?:this|that|now)))*)"
    rf"(?: (?:on|for) .{{1,30}}?)?{_THANKS}\s*[.!]?$",
    ANY_CASE,
)
ONLY_LEADS_IN = re.compile(rf"\W*(?:(?:so|and|but|ok|okay|also)\W+)*{_MAY_ASK}\W*", ANY_CASE)
"""Asks for leave to ask, and nothing else."""
HEADING = re.compile(
    r"^(?:(?:ok(?:ay)?|so|and|now|then|next|finally|lastly|right|well|let me start with)[,. ]+)*(?:for|on|in|as for|regarding|in terms of|about)?\s*(?:the\s+)?(?:{steps})(?:\s+(?:side|part|step|wise))?\s*(?:[:,]|\s-\s)".replace(
        "{steps}", "|".join(STEP_WORDS.values())
    ),
    ANY_CASE,
)
SCORE = re.compile(
    r"\b(?:(?:share|see) my (?:current )?(?:scores?|ratings?|grades?|verdict|scorecard)|"
    r"(?:what(?:'s| is| was)?|tell me|(?<!would )(?<!will )give me|show me) (?:is )?(?:my|the|a) (?:current )?(?:scores?|ratings?|grades?|verdict|scorecard|evaluation so far)|"
    r"(?<!asking )how (?:am i|did i|i'm) (?:doing|do|perform\w*|going)|did you (?:find|think)\b[^?]{0,60}\b(?:weak|strong|best|worst)\w*|my (?:weakest|strongest|worst|best) (?:parts?|points?|areas?|sides?|steps?)(?=[^?]{0,60}\?)|how (?:do|would) you (?:think|say|feel) i(?:['’]m| am|['’]ve| did| was)\b|did i pass|am i (?:passing|on track|hired)|"
    r"(?:would|will|do|did|are) you (?:going to )?(?:hire|recommend|pass|advance|rate|reject|hiring) me\b|(?:do you have|is there|can (?:i|you) (?:get|have|give)|give me|get|have)(?: me)? (?:any |some |a bit of )?feedback\b|"
    r"(?:is|was) (?:that|this|it) a good (?:answer|choice))\b"
    r"|^\W*(?:(?:and|so|but|hm+|ok|okay)\b\W*)*(?:is|was) (?:that|this|it) (?:right|correct|good enough)(?: so far| then)?\W*$",
    ANY_CASE,
)
ANSWER_PLEASE = re.compile(
    r"(?:^|\b(?:can|could|would|will) you |\b(?:please|just|now|and) |\b(?=\w+ (?:me|us)\b))(?:tell|give|show|send|print|share|read)(?: me| us)? (?:the |your |a )?(?:full |right |correct |model |reference |ideal |expected |complete )*(?:answers?|solutions?|rubric|criteria|reference notes?|grading guide|scoring guide|marking scheme)\b|"
    r"\b(?:what(?:'s| is| would be) the (?:right|correct|ideal|model|expected|reference|best) (?:answer|solution|response)|what the (?:right|correct|ideal|model|expected|reference|best) (?:answer|solution|response) (?:is|would be)|what (?:answer )?are you (?:looking for|expecting)|what(?:'s| is) (?:on|in) (?:the|your) (?:rubric|checklist)|"
    r"(?:just )?(?:tell me|give me) (?:the answer|what to say|it))\b",
    ANY_CASE,
)
MANIPULATION = re.compile(
    r"(?:\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |my |everything |of )*(?:previous|prior|above|earlier|preceding|your|system|these|those|former)?\s*(?:instructions?|prompts?|rules|guidelines|directives)\b|"
    r"^\s*(?:\[|<|#+\s*|\*\*)?\s*(?:system|assistant|developer|tool|interviewer|user)(?: (?:message|prompt|note|override|update))?\s*(?:\]|>|\*\*)?\s*:\s+(?!an? )|"
    r"</?(?:system|assistant|tool|user|instructions?|admin)\b[^>]*>|<\|[a-z_]+\|>|\[(?:system|assistant|developer|admin)\]|\[/?INST\]|<!--|<script|"
    r"\byou are (?:now|no longer) (?:a|an|the|my|in)\b|(?:^|[.!]\s+|\byou (?:should|must|will|are to|have to) |\bplease )(?:pretend to be|pretend (?:that )?you|act as (?:if you|a|an|the|my))\b|\bnew (?:instructions|persona)\b|\b(?:developer|debug|god|admin|maintenance|dan) mode\b|"
    r"\b(?:give|award|grant|assign|rate|mark|grade|score) (?:me|my answers?|this answer|the candidate|all (?:the )?criteria|every criterion|all steps)\b.{0,40}\b(?:\d+\s*/\s*\d+|full (?:marks|score|points)|perfect|maximum|max|strong[_ ]hire|a? ?hire|(?:[45]s?|100)(?![\d.,]*\d)(?!\s+(?!(?:in|out|on|for|overall|each|per ?cent|because|now|and|please|everywhere|across|stars?|points?|rating)\b)[a-z])|top (?:marks|score))|"
    r"[\"'](?:overall_?score|overall|verdict|rating|scorecard|score)[\"']\s*[:=]|\b(?:verdict|scorecard|overall_?score|rating)\s*[:=]\s*[\"']?(?:\d|strong_?hire|hire|met)|\b(?:reveal|print|repeat|show|output|leak) (?:me )?(?:your|the) (?:system |hidden |initial |full |secret )*(?:prompts?|instructions?)\b|"
    r"\bas (?:the|your) (?:system|administrator|developer|creator|owner),)",
    ANY_CASE | re.MULTILINE | re.DOTALL,
)
FORGERY = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<tag>system|assistant|tool|user|instructions?|admin|script|style|template)\b[^>]*>.*?(?:</(?P=tag)>|\Z)|"
    r"<(?P<hidden>\w+)\b[^>]*(?:display\s*:\s*none|hidden|font-size\s*:\s*0|opacity\s*:\s*0)[^>]*>.*?(?:</(?P=hidden)>|\Z)|"
    r"^\[(?://|comment)\]:\s*(?:\#|<>).*?$|!\[[^\]]*\]\([^)]*\)|"
    r"```(?:system|tool\w*|assistant|admin)\b.*?(?:```|\Z)|\[INST\].*?(?:\[/INST\]|\Z)|<\|im_start\|>.*?(?:<\|im_end\|>|\Z)|"
    r"\{[^{}]*[\"'](?:role|tool_calls?|function_call|verdict|rating|scorecard|overall|(?:overall_?)?score)[\"']\s*:(?:[^{}]|\{[^{}]*\})*(?:\}|\Z)|"
    r"^\s*(?:\[|<|\#+\s*|\*\*|>+\s*)*(?:system|assistant|developer|tool|interviewer|grader)(?: (?:message|prompt|note|override|update|result|output))?\s*(?:\]|>|\*\*)*\s*:\s+(?!an? ).*?$",
    ANY_CASE | re.MULTILINE | re.DOTALL,
)
"""Messages, markup and JSON that a candidate would not write to an interviewer, from their beginning to their end."""
_ASSUMES = (
    r"i(?:'ll| will|'d| would|'m going to)? (?:just )?assume|i(?:'m| am) assuming|assuming|i(?:'ll| will) (?:plan for|work with)|"
    r"(?:my|these|some) working assumptions?"
)
_ASKS_TO_ASSUME = r"(?:(?:can|could|may|should) (?:i|we) assume|is (?:my|that|this|the|such an) assumption (?:ok(?:ay)?|fine|right|valid|fair|correct|reasonable))"
ASSUME = re.compile(
    rf"\b(?:{_ASSUMES}|{_ASKS_TO_ASSUME}|let's (?:assume|say|suppose)|lets (?:assume|say|suppose)|suppose|my assumption|say we have|i(?:'ll| will) take)\b",
    ANY_CASE,
)
# Of these the ones that take the place of an answer: "I'll take boosted trees" is none.
ASSUMES_INSTEAD = re.compile(rf"\b(?:{_ASSUMES}|(?:my|these|some) assumptions?)\b", ANY_CASE)
ASKS_TO_ASSUME = re.compile(rf"\b{_ASKS_TO_ASSUME}\b", ANY_CASE)
CONSENT = re.compile(
    r"^(?:yes|yeah|yep|sure|ok(?:ay)?|please|yes please|go ahead|a hint|hint|hint please|give me (?:one|it))\s*[.!]*$",
    ANY_CASE,
)
REFUSAL = re.compile(
    r"^(?:no|nope|no thanks?(?: you)?|nah|move on|let's move on|next|skip(?: it)?|i'm good|all good|none|nothing(?: (?:else|more))?|no questions?(?: from (?:me|my side))?|no more questions)\s*[.!]*$",
    ANY_CASE,
)
LEAVES_IT = re.compile(
    r"^(?:(?:no|ok(?:ay)?|sure|well|um+)[,.]? )?(?:let['’]?s |please |can we |shall we |i['’]?d rather (?:take |do )?)?"
    r"(?:go on|move on|leave (?:it|this|that)(?: one)?(?: there)?|(?:on to |take )?something else"
    r"|(?:on to )?(?:the )?next (?:thing|one|question))(?:,? please|,? then)?\s*[.!]*$",
    ANY_CASE,
)
"""A hint turned down in the words in which it was offered ("Hint, or leave this one?")."""
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
    ANY_CASE,
)
NO_MORE = re.compile(
    rf"^(?:{_POLITE}[\s,.;!–—-]*)*(?:{_NO}[\s,.;!–—-]+)?(?:{_ON_MY_SIDE}[\s,.;!–—-]+)?(?:i (?:think|guess|believe) )?"
    r"(?:that['’]?s (?:really )?(?:it|all|everything)|nothing (?:more|else)|(?:i['’]?m )?(?:really |all )?(?:done|good|finished))"
    r"(?: from (?:me|my side))?(?=\W*$|\W+(?:thanks?|thank you|cheers|i (?:really )?(?:enjoyed|liked)|(?:it|this|that) was|see you|bye|we can stop)\b)",
    ANY_CASE,
)
"""The same with some words of leave after it ("No, I think that's it from me, I enjoyed the last one")."""
OF_MY_DESIGN = re.compile(
    r"\b(?:what|which|where|how)\b(?=[^?]*\byou\b)[^?]{0,60}\b(?:in|about|of|with) my (?:design|answers?|approach|solution|interview)\b[^?]*\?",
    ANY_CASE,
)
"""Asks what he makes of the design, where one may ask anything."""
THEN_DONE = re.compile(
    r"[\s,;]{1,3}(?:and )?(?:then|so|otherwise|and) (?=i['’]?m (?:all )?(?:done|finished)\b[^.?]{0,40}[.!]*$)", ANY_CASE
)
"""Where a sentence goes on to say that one is done."""
FAREWELL = re.compile(
    rf"^(?:{_POLITE}[\s,.;!–—-]*)*(?:(?:good)?bye\b|see you\b|take care\b|have a (?:good|nice|great|lovely|wonderful)\b|"
    r"(?:thank you|thanks|thx|cheers)(?: \w+){0,5} (?:time|interview|session|chat|conversation|discussion|talk|opportunity|today)\b|"
    r"(?:it|this|that)(?:['’]?s| is| was| has been)(?: \w+){0,3} (?:pleasure\b|(?:fun|great|nice|good|interesting|enjoyable|helpful)(?:[, ]+(?:thanks?|thank you|bye|talking|speaking|chatting|to talk|session|interview|conversation|chat|discussion|today|with you|so much|very much|really|have a \w+ \w+))*[\s.!]*$)|"
    r"i (?:\w+ )?(?:enjoyed|appreciate[d]?)\b|(?:nice|good|great|lovely) (?:talking|speaking|meeting|chatting|to meet)\b)"
    r"(?!.*\b(?:i['’]d|i would|we['’]d|we would|should|also|except|however|revisit|one (?:more )?thing)\b)",
    ANY_CASE,
)
"""A closing word; with "I'd also ..." after it, it is none."""
PAUSE = re.compile(r"[\s.…,\-–—_~]*(?:(?:h+m+|u+[hm]+|e+r+m*|m+h*m+)[\s.…,!\-–—_~]*)*", ANY_CASE)
PLEASANT = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?(?: you)?(?: (?:a lot|so much))?|thx|cheers|great|cool|nice|perfect|sounds good|got it|makes sense|understood|i see|fine|alright|right|ok(?:ay)?|sure|"
    r"does (?:that|this|it) make sense|is that (?:ok|okay|clear)|(?:do|does) that (?:work|help)|make sense|ok with you|let me think(?: (?:about (?:this|that|it)|for a (?:moment|second|minute)))?|give me a (?:moment|second|minute)|one (?:moment|second)|hmm+|um+|uh+)[\s,.!?…]*)+$",
    ANY_CASE,
)
ANSWERS_YES_OR_NO = re.compile(
    r"^(?:(?:usually|normally|mostly|probably|honestly|in theory|of course|well|in general|often|here|today)\b[, ]*)*(?:no|nope|yes|yep|yeah)\s*[,.:;–—-]",
    ANY_CASE,
)
"""What answers a question of one's own; `YES_OR_NO` is such a question, with nothing in it that only he knows."""
YES_OR_NO = re.compile(
    r"^\W*(?:(?:and|so|but|or|ok|okay|now|then|next)\b\W*)*(?:is|are|does|can|could|would|will|should|(?:do|must|have) i)\b(?!.*\b(?:we|our|you|your|there)\b)",
    ANY_CASE,
)
MORE = re.compile(
    r"\b(?:any ?thing|something|else|more|miss\w*|skip\w*|forg\w+|poke|push\w*|dig|gaps?|left|cover|uncovered|hear|ask|harder|deeper|probe|challenge|go (?:over|into|through))\b",
    ANY_CASE,
)
"""Words without which nobody asks whether the interviewer wants anything else."""
DIGS = re.compile(
    r"\b(?:dig|push|poke|hear|cover|probe|discuss|challenge|are we (?:good|done)|go (?:into|over|through))\b", ANY_CASE
)
"""What an interviewer does next; "is there more you're after?" is about what he asked last."""
RHETORICAL_ANSWER = re.compile(
    r"^(?:i(?:'d| would|'ll| will| think)|we(?:'d| would| could| can|'ll)|well|because|probably|maybe|my|for me)\b",
    ANY_CASE,
)
# "Why build it? The company wants people to come back." is thinking aloud; "Why build it? Thanks." is not.
SELF_POSED = re.compile(
    r"^(?:(?:so|now|next|then|and|but|well|first|second|third|okay|ok|right)\b[, ]*)*"
    r"(?:why|what (?:makes|counts|(?:does|is) [^?]{2,40} mean)|how far|"
    r"(?:what|which|where|when|how)(?: \w+){0,2} (?:would|do|will) (?:i|we))\b(?!.*\b(?:your?|we have|there)\b)",
    ANY_CASE,
)
ANSWERS_ONESELF = re.compile(
    r"^(?:(?:well|so|basically|mostly|mainly|simply)\b[, ]*)*(?:it|they|those|these|that|not|because|to|by|from|for|if|when|people|users|"
    r"the|an?|one|two|three|four|five|six|seven|ten|twelve|thirteen|\d[\d,.]*|all|both|neither|only|i (?:believe|guess|think|take it))\b"
    r"(?!.*\b(?:the brief|clarify|depends on (?:that|this|the answer))\b)",
    ANY_CASE,
)
ASKS_ON = re.compile(
    r"^(?:i(?:'d| would) (?:also |still )(?:like|want|love|need) (?:to|you)\b|i (?:also |still )?(?:like|want|need|wish|have) to (?:know|hear|understand|ask)\b|i(?:'d| would) (?:like|want|love|need) to (?:know|hear|understand)\b|my (?:\w+ ){1,3}depends on\b)",
    ANY_CASE,
)
ASKS_ON_FACT = re.compile(
    r"^(?:(?:and|so|but|ok(?:ay)?|also|sorry|just to (?:be sure|check|confirm))[,: ]+)*"
    r"(?:(?:is|are|was|were|does|do|would|isn't|aren't) (?:(?:that|this|those|these|they)\b|it\b(?=(?:\W+\w+){0,6}\W*$))|(?:that|this|it|those|these)(?:'s|s| is| are| means?)\b|(?:do )?you mean\b|meaning\b|where (?:does|do|did) (?:that|this|those|these)(?: \w+)? come from\b)",
    ANY_CASE,
)
"""Asks on about what was said just before ("is that p99?", "do you mean per day?")."""
CHECKS_FACT = re.compile(
    r"^(?:(?:and|so|but|ok(?:ay)?|also|sorry|wait|just to (?:be sure|check|confirm))[,: ]+)*(?:is|are|was|were) (?:that|this|it|those|these) (?:the|a|an|our|your|what|how|where|still)\b"
    r"(?!.*\b(?:\d\w*|not|no|only|just|all|every|each|most|both|new|old|same|or|instead|more|less|enough)\b)",
    ANY_CASE,
)
"""Asks whether the fact just given is something ("is that the system we have today?"); no figure, no limit to it."""
OFFERS_CHOICE = re.compile(
    r"\b(?:do you want|would you like) me to \w+[^?]{0,80}\bor\b[^?]{0,80}\?|\b(?:would you (?:rather|prefer)|do you prefer|shall i|should i) (?:that i |me to |to )?(?:now |first )?"
    r"(?:go(?! (?:for|with)\b)|talk|cover|discuss|start|continue|dig|hear|take|look)\b[^?]{0,80}\bor\b[^?]{0,80}\?",
    ANY_CASE,
)
"""Leaves it to the interviewer where to go on ("would you rather go into the retrieval or the ranker?")."""
MORE_TO_COME = re.compile(
    r"\bis there (?:anything|something|any part|some part)(?: else)?,? (?:that )?you(?:['’]d| would)? (?:still )?(?:want|like)"
    r"(?: me)? to (?:hear|know|ask|see|go|cover|discuss|dig|push|explain|say)\b|"
    r"\bif we(?:['’]re| are) (?:at the end|done|finished|through)\b|\bare we (?:at the end|done|finished|through|nearly done|out of time)\b"
    r"|\b(?:is there|do you have|have you(?: got)?) (?:another|one more|any (?:other|more)|more|other|further) (?:question|topic|part|thing)s?\b",
    ANY_CASE,
)
"""Asks whether the interview goes on."""
LATER = re.compile(
    r"\b(?:can|could|may) i (?:do|tell|explain|say|come to|come back to|get to) (?:it|that|this|them|you)(?: (?:shortly|a bit|right|just))? (?:after|later|then|next|in a (?:moment|minute|second))\b",
    ANY_CASE,
)
"""Leave to say something later."""
_GO_ON = r"(?:go (?:on|ahead|deeper|further)|continue|carry on|keep going|move on|get (?:on )?to)"
ASKS_LEAVE = re.compile(
    r"^(?!\W*(?:(?:so|and|but|ok|okay)\W+)*(?:how|what|which|where|when|why)\b)(?!.*\b(?:budget|limit|\d+)\b).*?"
    r"(?:\b(?:do you want me|would you like me|want me) to (?:now |also |just )*"
    rf"(?:{_GO_ON}|go (?:to|into|over|through)|talk|cover|start with)\b"
    rf"|\b(?:shall|should) i (?:now |just |also |quickly |maybe )*(?:{_GO_ON}|(?:go|move|jump|turn) (?:to|into|over|through)|talk (?:about|through))\b"
    rf"|\b(?:can|may|could) i (?:now |just |also |quickly |maybe )*{_GO_ON}\b)",
    ANY_CASE,
)
"""Leave to go on with something; a decision in the design is none."""
OFFERS_SUMS = re.compile(
    r"\b(?:do you want me to|would you like me to|shall i|should i)(?: now| also| just| quickly)* "
    r"(?:(?:do|run|give you|work out|go through) (?:you )?(?:(?:the|some|a few|a quick|my|these|those) )?(?:numbers|maths?|sums?|sizing|calculations?|estimates?)\b(?! of)"
    r"|(?:sketch|draw)\b|(?:calculate|estimate|work out) (?:it|that|this)\b)",
    ANY_CASE,
)
"""Offers to work something out, or to draw it."""
SHALL_I_GO = re.compile(
    rf"\bshall i (?:now |just |also |quickly |maybe )*(?:{_GO_ON}|(?:go|move|jump|turn) (?:to|into|over|through)|talk (?:about|through))\b",
    ANY_CASE,
)
"""Leave to go somewhere, whatever is there."""
OR_GO_ON = re.compile(r"\bor (?:shall|should|can|may) i (?:get on|move on|go on|continue)\b", ANY_CASE)
"""The second of two offers, to go on, is the one that names where to."""
ASKS_CONSENT = re.compile(
    r"(?:^|[,.;]\s*)(?:(?:and|so|or|but)\b\W*)*(?:does|do|would|will|is|are) (?:that|this|it|these|those)(?: \w+){0,2}? (?:work|do|ok(?:ay)?|fine|good|alright|all right) (?:with|by|for) you\s*\?"
    r"|(?:^|[,.;]\s*)(?:(?:and|so|or|but)\b\W*)*are you (?:ok(?:ay)?|fine|good|happy) with (?:that|this|it)\s*\?",
    ANY_CASE,
)
"""Asks for no opinion, only for a nod."""
ASKS_IF_SOUND = re.compile(
    r"^\W*(?:(?:and|so|or|but)\b\W*)*(?:does|do|would|is|are) (?:that|this|it|these|those)(?: (?:share|number|figure|rate|guess|assumption))?"
    r"(?: (?:sound|seem|look|be))? (?:ok(?:ay)?|fair|fine|sane|realistic|reasonable|plausible|right|about right)(?: (?:to|for) you)?\s*\?",
    ANY_CASE,
)
"""Asks about a guess of one's own; what is guessed may stand."""
GUESSED = re.compile(
    r"\b(?:(?:let me|i['’]d|i['’]ll|i would|i will|i) (?:just )?(?:guess|assume|take it)|my guess|assum\w+|presum\w+)\b",
    ANY_CASE,
)
OR_I_DECIDE = re.compile(
    r"\bdo you have (?:a|any) (?:view|preference|opinion)\b|\bor (?:shall|should|may|can|do) i (?:just )?(?:pick|choose|decide|set)\b[^,?]{0,20}\?",
    ANY_CASE,
)
"""Leaves it open who decides, after a question."""
THEN_IF_RIGHT = re.compile(
    r"\s{0,3}(?:[,;]|\s[-–—])\s{1,3}(?=(?:is|was) (?:that|this|it) (?:right|correct|good enough)\s*\?)", ANY_CASE
)
"""Where what one would do ends in the question whether that is right."""
WOULD_DO = re.compile(r"\b(?:i['’]d|i would|i['’]ll|we['’]d|we would|my)\b", ANY_CASE)
LATER_STEP = re.compile(
    r"\bi(?:['’]ll| will) (?:come|get|circle) back to (?:it|that|this) (?:in|under|with) (?!an?\b|the end\b)\w+",
    ANY_CASE,
)
"""What is said at another step; nothing of the interviewer's is parked."""
ASKS_IF_MEANT = re.compile(
    r"\b(?:is|was) (?:that|this|it) what you(?:['’]re| are| were)? (?:(?:looking|hoping|asking) for|after|want(?:ed)?|expect(?:ed|ing)?|hoped|had in mind)\b[^?]{0,20}\?",
    ANY_CASE,
)
"""Asks whether one answer was wanted; there is none."""
MEANS = re.compile(
    r"\bwhat (?:exactly )?(?:do|did) you (?:exactly )?mean (?:by|with) (?P<of>(?:\w+ ){0,2}\w+)", ANY_CASE
)
"""Asks what some words of the interviewer's mean, whatever they are about."""
OF_WHAT = re.compile(r"\bof (?:what|which|whom)\s*(?:[,?]|$)", ANY_CASE)
"""Asks for the rest of the interviewer's question ("How many of what?")."""
SAID_BEFORE = re.compile(
    r"\b(?:did(?:n['’]?t| not) i|have(?:n['’]?t| not) i) (?:just |already )*(?:say|said|tell|told|answer(?:ed)?|explain(?:ed)?|give|given|mention(?:ed)?) (?:that|this|it|you|so)\b",
    ANY_CASE,
)
"""Asks whether something was not said before, and means that it was."""
HEDGE = re.compile(
    r"^\W*(?:(?:well|h+m+|u+m+|uh|so|ok|okay)\b\W*)*(?:depends|maybe|perhaps|probably|i guess|roughly)\b", ANY_CASE
)
"""The beginning of a guess, whatever mark it ends with."""
A_DETAIL = re.compile(
    r"\b(?:don['’]?t|do not) (?:really |quite |actually )?know (?:exactly |yet |offhand )?(?:how (?:many|much|long|big|fast)|which|whether|if)\b(?:\W+\w+){4}"
    r"|\b(?:says?|said|saying|answers?|outputs?|returns?|replies) (?:that )?(?:i|it) (?:don['’]?t|do not) know\b",
    ANY_CASE,
)
"""Not to know one figure of the design, or a system that says so, is not to be stuck."""
GUESSES_ON = re.compile(
    r"[,;–—-]\s*(?:(?:but|so)\s+)?(?:maybe|perhaps|probably|say|i guess|around \d|about \d|i['’]d (?:say|guess|go|take|try|start|use|just)|i would (?:say|guess|go|take|try|start|use))\b",
    ANY_CASE,
)
"""Where a sentence that begins with not knowing goes on with a guess."""
QUOTED = re.compile(r"[\"“][^\"”\n]{1,80}[\"”]")
EITHER_OR = re.compile(r"\b(?:or|which)\b", ANY_CASE)
OWN_FAULT = re.compile(
    r"\W*(?:(?:oh|ok|okay|hm+|um+)\b\W*)*(?:wait|sorry|apologies|my bad|i (?:skipped|missed|forgot))\b"
    r"|(?!.{0,80}\byou (?:say|said|claim|think|mean)\b).{0,80}\b(?:i (?:left (?:out|off)|overlooked|misspoke|miscounted|forgot)"
    r"|i left (?:\w+ ){1,3}out|not (?:the )?\d[\w.,]*(?: \w+)? (?:that )?i (?:said|gave))\b",
    ANY_CASE,
)
"""A statement that takes the fault on oneself."""
TAKES_UP = re.compile(
    r"\byou(?:['’]d| had| also| did)? ask(?:ed)? (?:me )?(?:about|for|how|what|whether|if)\b(?!.*(?:\b(?:not|already|but)\b|n['’]t\b))",
    ANY_CASE,
)
"""Comes back to a question of his, and objects to nothing."""
TO_HIM = re.compile(
    r"\b(?:you|you['’]ve|i (?:just |already |only |think i |kind of |kinda |really |didn['’]?t |did not |wasn['’]?t |was )*(?:said|say|told|asked|ask|asking|mentioned|covered|answered|started|did)|that['’]?s not|to do with|(?:your|my) question)\b",
    ANY_CASE,
)
OBJECTS = re.compile(
    r"\b(?:said|say|saying|ask(?:ed|ing)?|told|tell|mean(?:t|ing)?|question|already|answered|mention(?:ed)?|covered|started|repeat\w*|misunder\w*|misquot\w*|misread\w*|mix(?:ed|ing)|confus\w*|not what|to do with)\b",
    ANY_CASE,
)
"""Words without which nobody objects to what the interviewer said: those to him, and those of an objection."""
OF_THE_COURSE = re.compile(
    r"\b(?:go|going|move|moving|continue|start|begin|finish|end|stop|wrap|skip|jump|switch|talk|speak|cover|discuss|describe|explain|walk|spend|draw|sketch|next|first|now|later|here|deeper|requirements|framing|data|features|modell?ing|evaluation|serving|monitoring)\b",
    ANY_CASE,
)
"""Words of how the interview goes on; without one, leave is asked for something in the design."""
WH_WORD = re.compile(r"\b(?:how|what|which|who|whose|where|when|why)\b", ANY_CASE)
WHY = re.compile(r"\bwhy\b", ANY_CASE)
BECAUSE_THEN = re.compile(r"^\W*because (?:if (?:not|so|yes)|then|otherwise)\b", ANY_CASE)
"""Goes on to say what hangs on an answer, but for the answer to one's own "why?"."""
TELLS_WHY = re.compile(
    r"^\W*(?:i ask\b|it decides\b|that decides\b|it must say\b|tell me\b|please\b|i['’]d need (?:that|it|this) to\b)|\bclarify\b",
    ANY_CASE,
)
"""Goes on to say why something was asked."""
WANTS = re.compile(r"\b(?:need|want|help|grateful|glad|appreciate|love|could use|i['’]d like)\b", ANY_CASE)
AGAIN = re.compile(
    r"\b(?:again|remind|repeat|once more|forgot|what was|you said|you told|as you said|confirm|sorry)\b", ANY_CASE
)
"""Asks for something that was said before."""
FIGURES = (
    (
        re.compile(r"\bp ?\d\d|percentile|\btail\b|worst case|\baverage\b|\bmean\b|\bmedian\b", ANY_CASE),
        re.compile(r"\b(?:99|999|95) |percent of|on average|typical", ANY_CASE),
    ),
    (
        re.compile(r"\bpeak\b|busiest|rush|worst (?:moment|hour|day|case load)", ANY_CASE),
        re.compile(r"\bpeak\b|busiest", ANY_CASE),
    ),
    (
        re.compile(r"\b(?:daily|(?:per|a|each|every) (?:day|person|user|second|week|month))\b", ANY_CASE),
        re.compile(r"\b(?:a|per|each|every) (?:day|person|second|week|month)\b|\bdaily\b", ANY_CASE),
    ),
)
"""Kinds of figures: how they are asked about, and how a fact states them."""
UNKNOWN_ASIDE = re.compile(r"\b(?:because|since|as|if|when|that|where)\s+$", ANY_CASE)
"""What stands before "I don't know", where that is only a reason or a detail of what was said."""
STUCK = re.compile(r"\b(?:question|answer|sure|can(?:['’]t|not))\b", ANY_CASE)
BARE_WH = re.compile(
    r"\W*(?:(?:and|so|but)\W+)?(?:how (?:long|many|much|often|far|so)|why(?: (?:so|that))?|when|where|which(?: ones?)?|what|who|honestly|really|seriously|sure)\s*\?",
    ANY_CASE,
)
"""A question without a subject, which a speaker puts to himself where he goes on."""
TALK_ABOUT = re.compile(
    r"^\W*(?:(?:so|and|but|ok|okay|now|then)\b\W*)*(?:can|could|may|might|shall) (?:we|i)(?: now| just| please| maybe)? (?:talk|speak) about (?P<what>(?!(?:my|this|that|it|them)\b)[^,?]+)",
    ANY_CASE,
)
"""Asks to go to something, whether or not by the name of a step."""
DELEGATES = re.compile(
    r"\b(?:should (?:i|we)|do you want (?:me|us)|would you (?:like|prefer)|shall (?:i|we)|can (?:i|we)|what (?:should|do) we|which (?:one )?should|want me to|like me to|you(?:'d| would) (?:like|want|prefer))\b",
    ANY_CASE,
)
OFF_TOPIC = re.compile(
    r"\b(?:who (?:are|made|built|trained) you|are you (?:an? )?(?:ai|bot|human|robot|chatgpt|gpt|person|real)|what(?:'s|s| is) your name|(?:what(?:'s|s| is)|name) the capital of|"
    r"(?:tell|write|sing|read|give)(?: me| us)? (?:an? |the |some |another )?(?:joke|poem|song|story|recipe|horoscope)s?|(?:what|how)(?:'s|s| is| will be) the (?:weather|salary|compensation|pay)\b|"
    r"(?:salary|compensation|pay) (?:for|of|in) this (?:role|job|position)|(?:do|did) you (?:see|watch|like) (?:the )?(?:football|soccer|game|match|movies?)|lottery numbers)\b",
    ANY_CASE,
)


# Beside another attempt; "Three layers. System: p99 and timeouts." is a design.
_IN_A_ROLE = re.compile(
    r"(?<=[.!?])\s+(?:system|assistant|developer|admin|interviewer|grader)(?: (?:message|prompt|note|override))?:\s[^\n]*",
    ANY_CASE,
)
_IN_QUOTES = re.compile(
    r"\b(?:contain\w*|says?|said|saying|reads?|writes?|wr[io]t\w*|hides?|text|like)\s+(?:\w+ )?(?P<mark>[\"“])\s*$",
    ANY_CASE,
)
_OF_DOCUMENTS = re.compile(
    r"\s+(?:(?:that (?:are|it finds|stand) )?(?:found|hidden|contained|written|embedded|placed)? ?)?(?:in|inside|within|from) "
    r"(?:the |any |all |those |retrieved |its )*(?:documents?|pages?|passages?|tickets?|contents?|files?|e?-?mails?|chunks?|sources?)\b",
    ANY_CASE,
)
_TOLD = re.compile(r"\b(?:says?|said|saying|tells?|told|telling|instruct\w*|asks?)\b[^.!?\n]{0,40}\bto\s+$", ANY_CASE)
_LONGEST_QUOTE = 40
_DO_SO = re.compile(r"\W{0,4}(?:(?:so|and|then|now)\W+)*(?:please|do|follow|obey|act|comply)\b", ANY_CASE)
_DOCUMENT = re.compile(
    r"\b(?:documents?|pages?|passages?|tickets?|files?|e?-?mails?|chunks?|wikis?|queries|query|posts?|comments?|injections?)\b[^.!?\n]{0,60}$",
    ANY_CASE,
)
_HIS_INSTRUCTIONS = re.compile(r"\b(?:your?|previous|prior|above|earlier|system)\b", ANY_CASE)


def attacks(content: str) -> list[tuple[int, int]]:
    """Where a message tries to instruct whoever reads it: the place of each attempt, in order.

    Places may overlap; a forged message is one attempt from its first sign to its last.
    """
    found = [match.span() for match in MANIPULATION.finditer(content) if not _speaks_of_documents(match, content)]
    found += [match.span() for match in FORGERY.finditer(content)]
    if found:
        found += [match.span() for match in _IN_A_ROLE.finditer(content)]
    return sorted((start, end) for start, end in found if end > start)


def _speaks_of_documents(attempt: re.Match[str], content: str) -> bool:
    """Whether it is a design against injected instructions ("a prompt that says to ignore instructions in documents")."""
    opened = _IN_QUOTES.search(content[: attempt.start()])
    if opened is not None:
        closes = {"“": "”", '"': '"'}[opened["mark"]]
        end = content.find(closes, attempt.end(), attempt.end() + _LONGEST_QUOTE)
        follows = end >= 0 and _DO_SO.match(content, end + 1) is None
        return follows and _DOCUMENT.search(content[: attempt.start()]) is not None
    told = _TOLD.search(content[: attempt.start()]) is not None
    return (
        told
        and not _HIS_INSTRUCTIONS.search(attempt.group())
        and _OF_DOCUMENTS.match(content, attempt.end()) is not None
    )


def asks_for_a_nod(text: str) -> bool:
    """Whether a question only asks that something may stand."""
    return ASKS_CONSENT.search(text) is not None or ASKS_IF_SOUND.search(text) is not None


def tells_what_hangs_on_it(asked: str, after: str) -> bool:
    """Whether what follows a question says why it matters; "Why? Because otherwise ..." is one's own answer."""
    return BECAUSE_THEN.match(after) is not None and WHY.search(asked) is None
