"""The words by which candidates ask, refuse, wish, guess and give up, as patterns.

Beside these stand `steering` (on, back, to the end) and `attempts` (to instruct the reader), so that a phrase that was
missed is added in one line; tests/services/test_intake.py holds the phrases that must and must not match.
"""

from __future__ import annotations

import re

ANY_CASE = re.IGNORECASE
HINT = re.compile(
    r"\b(?:hints?|nudge me|a nudge|a clue|point me (?:in|to)|(?:push|steer) me (?:a (?:little|bit) )?(?:in|into|towards?) the right\b|help me out|(?:some|a bit of|little) help(?! from (?!you\b))|give me a pointer)\b",
    ANY_CASE,
)
NO_REQUEST = re.compile(
    r"\b(?:is|are|was|were|be|as) (?:also |already |itself )?(?:an? )?(?:\w+ ){0,2}(?:hints?|clues?|nudges?|pointers?)\b",
    ANY_CASE,
)
"""Something in the design is a hint ("... is a great hint"); none is asked for."""
USES_HINT = re.compile(
    r"^(?!.*\b(?:another|one more|give me|please|was not|wasn['’]t|second|further|bigger|still|need|vague)\b)(?:.*\b(?:with|from|after|given|by|following|using|per|thanks for|thank you for|based on) (?:the|your|that|this|those) (?:\w+ )?hints?\b"
    r"|.*\b(?:the|your|that|this) hint (?:says?|said|tells?|told|helps?|helped|means?|meant|was|is|made|makes|points?|pointed)\b)",
    ANY_CASE,
)
"""Takes up a hint that was given ("Ok, so with the hint: ...")."""
_LEADS_IN = r"^\W*(?:(?:so|and|but|ok|okay|well|hm+|sorry|then|honestly|here|(?:i['’]m|i am) (?:a bit |really )?(?:stuck|lost))\b\W*)*"
HELP = re.compile(
    rf"{_LEADS_IN}i(?:['’]d| would)? (?:really |just |only |still )?(?:want(?:ed)?|need(?:ed)?|like|love|could use|was asking for|asked for) "
    r"(?:your |some |a (?:bit|little)(?: of)? )?help\b(?!.*\b(?:so i|i['’]d|i would|we['’]d)\b)(?! (?:from (?!you\b)|of|by|pages?|desk|articles?|cent\w+|requests?|tickets?|documents?|intents?))"
    rf"|{_LEADS_IN}(?:can|could|would|will) you (?:please |maybe )?help me\b(?! (?:to )?(?:understand|see|estimate|clarify|find|know|narrow|get)\b| with the (?:numbers?|scale|scope)\b)"
    rf"|{_LEADS_IN}(?:can|could|would) you (?:please |maybe )?explain (?:(?:to )?me(?: how i\b[^?]{{0,60}})?\s*\?|(?:(?:to )?me )?how i (?:should|could|would|do)\b)"
    r"|\bgive me (?:a|any|some) tips?\b|\b(?:do you have|have you got) (?:a|any|some) tips?\b(?: for me| on\b|\W*$)",
    ANY_CASE,
)
"""Asks for help with something, in other words than for a hint."""
HINT_THERE = re.compile(
    r"\b(?:there|here)[\s?.!]*$|\b(?:on|about|for|with) (?:this|that|it)\b|\b(?:miss(?:ing|ed)?|forg[eo]t(?:ting)?|overlook(?:ing|ed)|left out)\b",
    ANY_CASE,
)
"""A hint on what was just spoken of ("a hint on what I'm missing there")."""
THERE = re.compile(r"\bthere\b(?! (?:is|are|was|any|some|a)\b)(?<!is there)(?<!are there)", ANY_CASE)
ASKS_HIM_TO = re.compile(
    r"\b(?:can|could|would|will) you (?:please |maybe |perhaps |just )?(?:give|offer|nudge|steer|push|point|help|drop)\b",
    ANY_CASE,
)
"""Asks the interviewer for help, whatever stands before it."""
HINT_NOT = re.compile(r"\b(?:no|don't (?:need|want)|without|not need|skip the) (?:a |any |the )?hints?\b", ANY_CASE)
DONT_KNOW = re.compile(
    r"\b(?:i (?:really |honestly |just )?(?:don't|dont|do not) (?:really |quite |actually |honestly |even )?know|no idea|no clue|not a clue|(?:i'm|im|i am) (?:stuck|lost|drawing a blank|blanking)|"
    r"(?:i )?(?:can't|cant|cannot) think of (?:anything|one|any)|i(?:'d| would)? pass\b|beats me|(?:i'm|i am) not (?:really )?(?:sure|familiar)(?: (?:with|about|on) (?:this|that|it))?\s*[.!]?$|"
    r"never (?:worked with|used|done) (?:this|that|it)|idk|dunno|not sure(?: (?:about|on) (?:this|that))?\s*[.!,]?$|(?:^\W*(?:(?:well|so|hm+|honestly|sorry)\W+)*|\bi(?:['’]m| am) (?:\w+ )?)not sure what (?:else |more )?(?:to|i can|i could|i should) (?:say|add|tell you)(?: here| now| more)?(?: (?:about|on) (?:this|that|it|the \w+|\w+))?\W*$|haven't (?:thought|worked))",
    ANY_CASE,
)
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
JOINS_QUESTION = re.compile(
    r"[\s,;:.–—-]{0,4}\b(?P<sure>but|though|however|first|before (?:that|it))\b[\s,:;–—-]{0,4}|[\s,;:–—-]{0,4}\band\b\s{0,3}|\s{0,3}[,;:–—]\s{1,3}",
    ANY_CASE,
)
"""Where a sentence that takes a hint goes on to ask: after "but" for certain, after "and" or a comma perhaps."""
_MAY_ASK = r"(?:(?:can|may|could|might) i(?: just| quickly)? ask(?: you)?|if i (?:may|can|could) ask|(?:a|one|my)(?: more| last)? question(?: (?:for|to) you)?)"
LEAD_IN = re.compile(
    rf"^(?:(?:{_MAY_ASK}|so|ok(?:ay)?|and|but|also|well|hmm|um|right|first(?:ly| of all| off)?|before (?:that|i start|we start|anything)|quick(?:ly)?|a? ?(?:quick )?question|to start|sure|sorry|maybe|then|just)[,: ]+)+",
    ANY_CASE,
)
ONLY_LEADS_IN = re.compile(rf"\W*(?:(?:so|and|but|ok|okay|also)\W+)*{_MAY_ASK}\W*", ANY_CASE)
"""Asks for leave to ask, and nothing else."""
SCORE = re.compile(
    r"\b(?:(?:share|see) my (?:current )?(?:scores?|ratings?|grades?|verdict|scorecard)|"
    r"(?:what(?:'s| is| was)?|tell me|(?<!would )(?<!will )give me|show me) (?:is )?(?:my|the|a) (?:current )?(?:scores?|ratings?|grades?|verdict|scorecard|evaluation so far)|"
    r"(?<!asking )how (?:am i|did i|i'm) (?:doing|do|perform\w*|going)|did you (?:find|think)\b[^?]{0,60}\b(?:weak|strong|best|worst)\w*|my (?:weakest|strongest|worst|best) (?:parts?|points?|areas?|sides?|steps?)(?=[^?]{0,60}\?)|how (?:do|would) you (?:think|say|feel) i(?:['’]m| am|['’]ve| did| was)\b|(?:anything|something|what|where)(?: else)? (?:that )?(?:(?:do )?you (?:think|feel|believe) )?i(?:['’]ve)? (?:got|did|went|had) (?:\w+ )?wrong(?=[^?]{0,60}\?)|did i pass|am i (?:passing|on track|hired)|"
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
_ASSUMES = (
    r"i(?:'ll| will|'d| would|'m going to)? (?:just )?assume|i(?:'m| am) assuming|assuming|i(?:'ll| will) (?:plan for|work with)|"
    r"(?:my|these|some) working assumptions?"
)
_ASKS_TO_ASSUME = r"(?:(?:can|could|may|should) (?:i|we) assume|^\W*(?:so|then) (?:i|we) can (?:just |safely )?assume(?=[^.]*\?)|is (?:my|that|this|the|such an) assumption (?:ok(?:ay)?|fine|right|valid|fair|correct|reasonable))"
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
OF_MY_DESIGN = re.compile(
    r"\b(?:what|which|where|how)\b(?=[^?]*\byou\b)[^?]{0,60}\b(?:in|about|of|with) my (?:design|answers?|approach|solution|interview)\b[^?]*\?",
    ANY_CASE,
)
"""Asks what he makes of the design, where one may ask anything."""
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
OFFERS_SUMS = re.compile(
    r"\b(?:do you want me to|would you like me to|shall i|should i)(?: now| also| just| quickly)* "
    r"(?:(?:do|run|give you|work out|go through) (?:you )?(?:(?:the|some|a few|a quick|my|these|those) )?(?:numbers|maths?|sums?|sizing|calculations?|estimates?)\b(?! of)"
    r"|(?:sketch|draw)\b|(?:calculate|estimate|work out) (?:it|that|this)\b)",
    ANY_CASE,
)
"""Offers to work something out, or to draw it."""
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
A_FIGURE = re.compile(r"\d")
SO_THEN = re.compile(r"[,;]\s+so\b", ANY_CASE)
"""Where what is guessed ends and what is made of it begins."""
_OF_A_DESIGN = r"(?:split|metrics?|loss|approach|idea|choice|way|models?|baseline|method|sampling|threshold|accuracy|auc|smote|precision|recall|ndcg|ctr|features?)"
_NO_GOOD = r"(?:right|wrong|correct|enough|good enough|a (?:good|bad|valid) (?:idea|choice|fit|way|metric|approach|start)|the (?:right|wrong) (?:choice|way|idea|metric|thing|model)|a mistake|overkill)"
DOUBTS_OWN = re.compile(
    r"^\W*(?:(?:so|and|but|or|ok|okay|hm+|then)\b\W*)*(?:"
    r"(?:is|are|would|was)(?! (?:there|it|we|you|your|they|our|that|this|these|those|i)\b)"
    r"(?![^?]*\b(?:current|existing|old|today|now|the (?:labels?|data)|we|they|business|budget)\b)(?=[^?]*\?)"
    rf"(?: my(?: [\w&/@()-]+){{1,6}}?|(?: (?:the|an?))?(?: [\w&/@-]+){{0,4}}? {_OF_A_DESIGN}(?: of [\w-]+(?: [\w-]+)?)?) (?:be )?(?:(?:really|even|still|then|actually|already) )?"
    rf"(?:{_NO_GOOD}|(?:ok(?:ay)?|fine|valid))"
    r"|(?:is|was|would) (?:that|this|it) (?:be )?(?:really |even |actually )?a (?:good|bad) (?:idea|metric|approach|way|start|thing)"
    r")(?: (?:here|there|for|to|in|with|as|at)\b[^?]{0,40})?(?:,? or [^?]{2,60}|,? by the way)?\s*\?",
    ANY_CASE,
)
"""Asks for a verdict on one's own choice ("Is my random split ok or is it wrong?")."""
CONFIRMS = re.compile(
    r"\b(?:did|have) i (?:get|got|gotten|understand|understood|hear|heard|read) (?:it |that |this |you )?(?:right|correctly|rightly|well)?,? ?that\b"
    r"|\bdo i (?:get|understand|read) (?:it|this|you) (?:right|correctly|rightly),? ?that\b"
    r"|\bam i right (?:that|in (?:thinking|assuming)|to (?:think|assume))\b|^\W*(?:(?:so|and|ok|okay|then|sorry)\W+)*(?:can|could|would|will) you (?:please |just |quickly )?confirm (?:that|whether|if)\b"
    r"|\bi(?: still| also)? (?:need|want|would like|['’]d like) you to confirm (?:that|whether|if)\b|^\W*(?:(?:so|and|ok|okay|then)\W+)*please confirm (?:that|whether|if)\b",
    ANY_CASE,
)
"""Has a reading of the facts confirmed ("Did I get it right that it's mutual?")."""
GUESS_ASKED = re.compile(
    r"^\W*(?:(?:so|or|and|but|hm+|then|well)\b\W*)*(?:maybe|perhaps|possibly) (?:i|we|it|they|the|a|an|with|by|use|using|just|also|something|some)\b"
    r"(?!.*\b(?:your?|already|given|move on|go on|stop|skip|break|next|draw|know|get the|ask|have|continue|repeat|explain|hint|start with|talk about)\b)",
    ANY_CASE,
)
"""A guess of one's own that ends in a question mark ("maybe we accept everything?")."""
WANTS_TO_SEE = re.compile(
    r"\bi(?:['’]d| would)? (?:want|like|love) to (?:see (?:roc|pr|auc|precision|recall|ndcg|calibration|the (?:metric|curve)s?)|report|show|measure|compare)\b|\b(?:we|i|you) can see\b|\b(?:i['’]?d|i would|i['’]?ll|i will|i) (?:look at|report|measure|track|watch|monitor|compare|check|plot|show)\b",
    ANY_CASE,
)
"""Says what one would look at, with which a list may go on ("And how much fraud it catches.")."""
AND_HOW = re.compile(
    r"^\W*and (?:also )?(?:how|what|which|where|when|whether)\b(?!.*\b(?:do|does|did|are|is|have|has|can) (?:we|you|they|there|the)\b|.*\bwe (?:serve|have)\b)",
    ANY_CASE,
)
"""Goes on with a list; whoever asks has a verb before its subject."""
PUT_TO_HIM = re.compile(r"(?<!how )\bdo(?:n['’]t)? you (?:think|believe|feel|mind|agree)\b", ANY_CASE)
"""Asks him for his view, whatever follows."""
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
ASKS_IF_MEANT = re.compile(
    r"\b(?:is|was) (?:that|this|it) what you(?:['’]re| are| were)? (?:(?:looking|hoping|asking) for|after|want(?:ed)?|expect(?:ed|ing)?|hoped|had in mind)\b[^?]{0,20}\?",
    ANY_CASE,
)
"""Asks whether one answer was wanted; there is none."""
MEANS = re.compile(
    r"\bwhat (?:exactly )?(?:do|did) you (?:exactly )?mean (?:by|with) [\"“'‘]?(?P<of>(?:\w+ ){0,2}\w+)", ANY_CASE
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
IN_QUOTES = re.compile(rf"{QUOTED.pattern}|(?<!\w)['‘][^'’\n]{{1,80}}['’](?!\w)")
"""The same in single quotation marks, too."""
EITHER_OR = re.compile(r"\b(?:or|which)\b", ANY_CASE)
OWN_FAULT = re.compile(
    r"\W*(?:(?:oh|ok|okay|hm+|um+)\b\W*)*(?:wait|sorry|apologies|my bad|i (?:skipped|missed|forgot))\b"
    r"|(?!.{0,80}\byou (?:say|said|claim|think|mean)\b).{0,80}\b(?:i (?:left (?:out|off)|overlooked|misspoke|miscounted|forgot)"
    r"|i left (?:\w+ ){1,3}out|not (?:the )?\d[\w.,]*(?: \w+)? (?:that )?i (?:said|gave))\b",
    ANY_CASE,
)
"""A statement that takes the fault on oneself."""
NOT_YET = re.compile(r"\b(?:i|we) (?:did not|didn['’]?t|have not|haven['’]?t) (?:(?!you\b)\w+ ){1,4}?yet\b", ANY_CASE)
"""Says what one has not come to so far, and objects to nothing."""
MORE_EXACTLY = re.compile(
    r"^\W*(?:(?:so|but|and|well|ok|okay)\b\W*)*(?:more (?:exact(?:ly)?|precise(?:ly)?|concrete(?:ly)?|specific(?:ally)?)\b"
    r"|(?:to be|let me be) (?:more )?(?:exact|precise|concrete|specific)\b|(?:to put|let me put) (?:a )?(?:figures?|numbers?)\b)",
    ANY_CASE,
)
"""Makes what one said oneself more precise, and objects to nothing ("I said a bit. More exactly, ...")."""
ANSWERS_ECHO = re.compile(
    r"^\W*(?:(?:well|hm+|um+|oh|ok|okay|honestly)\b\W*)*(?:no\b|none\b|nothing\b|nobody\b|never\b|yes\b|(?:that|it)(?:['’]s| is) (?:just|only|not)\b"
    r"|if you mean\b|i guess\b|(?:i|we)(?:['’]d| would)\b)",
    ANY_CASE,
)
"""Answers what was asked, after a few words of it again ("By market size? None, that's just slicing.")."""
YOU_SAID = re.compile(r"\byou (?:said|say|claim|claimed|quoted|told|wrote|think)\b", ANY_CASE)
NOT_UNDERSTOOD = re.compile(
    r"\byou (?:did not|didn['’]?t|do not|don['’]?t|have not|haven['’]?t) (?:quite |really )?(?:underst(?:and|ood)|get|got) (?:me(?=\W*$| at all| right)|what i (?:mean|meant|said|say|asked|was)\b|my (?:question|point|answer|meaning)\b)|\byou misunderst\w+ (?:me|my|what i)\b",
    ANY_CASE,
)
"""Says that he did not understand."""
YOU_MEAN = re.compile(r"^\W*(?:(?:so|ah|oh|ok|okay|hm+|um+|and)\b\W*)*(?:do )?you mean\b", ANY_CASE)
"""The beginning of a reading of the interviewer's question."""
TAKES_UP = re.compile(
    r"\byou(?:['’]d| had| also| did)? ask(?:ed)? (?:me )?(?:about|for|how|what|whether|if)\b(?!.*(?:\b(?:not|already|but)\b|n['’]t\b))",
    ANY_CASE,
)
"""Comes back to a question of his, and objects to nothing."""
TAKES_FACT = re.compile(
    r"^(?!.*(?:\b(?:not|never|cannot|only|already|but|now|asked|wrong|different|before|earlier|contradict\w*|impossible|no way|then)\b|n['’]t\b|\bi (?:said|told|mentioned|meant)\b))"
    r".{0,60}?\byou (?:said|told me|gave me|mentioned) (?:\w+ ){0,4}?"
    r"(?:\d[\w.,%]*|half|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|fifty|sixty|eighty|ninety|a (?:third|quarter|fifth|tenth|hundred|thousand|million|billion))\b",
    ANY_CASE,
)
"""Takes up a figure that he gave ("You said ten dollars about."), and objects to nothing."""
TO_HIM = re.compile(
    r"\b(?:you|you['’]ve|i (?:just |already |only |think i |kind of |kinda |really |didn['’]?t |did not |wasn['’]?t |was )*(?:said|say|told|asked|ask|asking|mentioned|covered|answered|started|did)|that['’]?s not|to do with|(?:your|my) question)\b",
    ANY_CASE,
)
OBJECTS = re.compile(
    r"\b(?:said|say|saying|ask(?:ed|ing)?|told|tell|mean(?:t|ing)?|question|already|answered|mention(?:ed)?|covered|started|repeat\w*|misunder\w*|misquot\w*|misread\w*|mix(?:ed|ing)|confus\w*|not what|to do with)\b",
    ANY_CASE,
)
"""Words without which nobody objects to what the interviewer said: those to him, and those of an objection."""
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
BY_WHAT_YOU_SAID = re.compile(
    r"\b(?:(?:since|as|because|given|if)(?: that)?,? )?you (?:said|told me|mentioned)(?: that)?,? (?P<what>[^.?!;]{10,160})",
    ANY_CASE,
)
"""Builds on what the interviewer is remembered to have said ("since you said the inputs are kept, ...")."""
DENIES = re.compile(r"\b(?:not|no|nothing|never|none|nobody|without|cannot)\b|n['’]t\b", ANY_CASE)
"""Says that something is not so."""
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
ASKS_WHAT_IS_KNOWN = re.compile(
    r"^(?!.{0,40}\b(?:how|what|when|where|why)\b).{0,40}?(?:\bdo (?:we|you) (?:already |even |actually )?know\b|\bis it known\b)",
    ANY_CASE,
)
"""Nobody but the interviewer can say."""
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


def checks_guess(text: str, *, before: str) -> bool:
    """Whether a question checks what was guessed in the sentence before it ("I assume it's a photo. Is that right?")."""
    return ASKS_IF_SOUND.match(text) is not None and GUESSED.search(before) is not None


def asks_for_a_nod(text: str) -> bool:
    """Whether a question only asks that something may stand."""
    return any(asks.search(text) is not None for asks in (ASKS_CONSENT, ASKS_IF_SOUND, CONFIRMS))


def tells_what_hangs_on_it(asked: str, after: str) -> bool:
    """Whether what follows a question says why it matters; "Why? Because otherwise ..." is one's own answer."""
    return BECAUSE_THEN.match(after) is not None and WHY.search(asked) is None
