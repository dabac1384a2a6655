"""The words by which people ask, and by which they only seem to: data and its compilation."""

from __future__ import annotations

import re

QUOTED = re.compile(r"[\"“][^\"“”]{1,400}[\"”]")
LEAD = r"^(?:(?:okay|ok|so|well|and|now|then|alright|all right|right|great|good|sure|fine|thanks|but|also|first|next|finally|lastly|last|perfect|hmm|got it|i see|fair enough|fair|let's see|just|please|maybe|perhaps|um|uh|er|ah|oh|hey|sorry)\b[\s,.:;!—–-]*)*"
IMPERATIVE = re.compile(
    LEAD + r"(?:(?:can|could|would|will) you |i(?:'d| would) (?:like|love|want) you to |i want you to |why don't you "
    r"|go ahead and |feel free to (?!ask))?"
    r"(?:please |just |briefly |quickly )*(?:talk about\b|let(?:'s| me) hear\b|(?:try|think) again\b|(?:go|"
    r"dig) (?:a bit )?(?:deeper|further|into)\b|make (?:your|the) case\b|(?:walk|talk|take|lead|bring) (?:me|"
    r"us) (?:through|over|into|from|to|along|step|out of)\b|set (?:it|this|that|the \w+) out\b|put (?:it|this|that) (?:as|into)\b|"
    r"follow (?:it|this|that|the \w+|one \w+) (?:through|until|all the way|from|to)\b|work .{3,60} out for me\b|(?:tell|show|give|convince|"
    r"persuade) (?:me|us)\b|explain\b|describe\b|say (?:more|a bit more|something|first)\b|elaborate\b|"
    r"define\b|list\b(?! says)|justify\b|sketch\b|outline\b|name (?:me )?(?:one|two|three|a|an|the|some)\b|"
    r"compare\b|estimate\b|summari[sz]e\b|defend\b|pick (?:one|a|the)\b|choose\b|design\b|suggest\b|propose\b|"
    r"state (?:your|the|one)\b|put (?:a number|numbers)\b|quantify\b|expand on\b|unpack\b|clarify\b|"
    r"help me (?:\w+ )?(?:understand|see|picture|put|fit|estimate|imagine)\b(?! (?:this|one thing|"
    r"something)\b)|share\b(?! that)|specify\b|identify\b|discuss\b|rank (?:the|your|them)\b|"
    r"be (?:more )?specific\b|(?:(?:don't forget to|make sure (?:to|you)|remember to|be sure to|and do|do|"
    r"you can|you could|you may|you might) (?:also )?(?:mention|say|tell|cover|include|address|touch|explain|"
    r"add|comment)\b|also (?:mention|say|cover|include|address|touch|comment)\b|(?:say|spare|add|give|"
    r"leave) (?:a |one |two |some |a few )?(?:words?|sentences?|lines?|thoughts?) (?:on|about|for)\b|cover\b|"
    r"mention\b|address\b|include (?:the|your|how|what|who|which)\b|touch (?:on|upon)\b|throw in\b|fold in\b|"
    r"work in\b|lay|cast|reconcile|trace|spend|comment|begin|start with|argue|break (?:it|this|that) down|"
    r"sell (?:me|us)|prove|guess|size|price|draw|design|turn [^.]{3,60} into|give (?:it|me|us)|ask (?:me|us)|"
    r"lead the way|take it from|go through|run (?:me|us) through|set out|frame|formulate|map|spell out|"
    r"point (?:me )?to|put (?:your|a) finger|do the (?:\w+ )?(?:sum|sums|multiplication|arithmetic|maths?|"
    r"calculation)|work (?:it|that|this) (?:out|through)|run the (?:sum|sums|numbers|arithmetic)|let (?:me|"
    r"us) (?:see|have) (?:the|your|a)|kindly (?!note)\w+|narrate|(?:read|paint|count|give|spare|do|fill|follow"
    r"|carry|run|scribble|write|scroll|lay|open|take|play|draw|work|put|"
    r"finish) (?![^.?!]{0,10}\bwords?\b)[^.?!]{2,100}? (?:for|with) (?:me|us)\b|(?:read|count|paint) me\b|"
    r"(?:take|open) [^.?!;]{3,80},? and (?:tell|show|walk|describe|explain)\b|work out (?:one|the|how|"
    r"what)\b)\b|(?:numbers|figures|thoughts|reasons|(?:your|one|a|an|the) [\w -]{3,40}),? (?:please|"
    r"if you please|for [^.]{3,60} please)\b|[^.?!]{2,160}(?:[;:,]| [-–—]+)(?: (?:so|and|then|now|please|just|"
    r"kindly|do))* (?:(?:walk|talk|take|lead|bring|run|count) (?:me|us|that|it|them|this) (?:through|over|into"
    r"|from|to|along|step|up)|(?:tell|show|convince|read|paint) (?:me|us)\b|help me see\b|(?:describe|explain|"
    r"sketch|work out) (?:the|one|how|what|your|that|this|it)\b)|[^.?!]{3,80}[;:] (?:ask me|spend|name|describe|explain)\b)",
    re.IGNORECASE,
)
WISH = re.compile(
    r"\b(?:i(?:'m| am) dying to (?:hear|know|see|learn)|i (?:should|would) (?:much )?(?:prefer|rather) (?:to )?hear|i should like to (?:hear|know|understand|see|learn)|may i (?:ask|know|hear) (?:you )?(?:how|what|"
    r"which|who|whose|where|when|why|in|by|from|about)|i(?:'m| am) (?:still |just |"
    r"honestly )?trying to (?:picture|see|understand|imagine|work out) (?:how|what|which|who|where|when|why)|"
    r"what i don't (?:yet )?(?:have|know|see)(?: yet)? is|i don't (?:yet )?know (?:yet )?(?:how|what|which|who"
    r"|where|when|why)|i(?:'d| would) (?:also |still |then |really )?(?:like|love|be (?:curious|interested|keen|"
    r"glad)) to (?:hear|know|understand|see|learn|follow)|i(?:'m| am) (?:also |honestly |just |really )?(?:curious|"
    r"interested|wondering)(?! in your)|i(?:'d| would) (?:also )?be (?:curious|interested) (?:how|what|who|"
    r"which|where|when|why|about|in)|i (?:also )?wonder|i (?:also )?need to (?:know|hear)|i want to (?:hear|"
    r"know|understand)\b(?! (?:if|whether|that) (?:this|the|a|an|each|some))|i(?:'d| would) rather hear|"
    r"i'd like (?:your|a|an) )",
    re.IGNORECASE,
)
# "I'm curious about the quiet ones." and "Pick one of them." say what the question after them is about.
ANNOUNCES = re.compile(
    r"(?:"
    + WISH.pattern
    + r")(?!\s*(?:\w+ ){0,3}?(?:how|what|which|who|whose|where|when|why|if|whether)\b)|"
    + LEAD
    + r"(?:(?:please|kindly|just) )*(?:help me (?:see (?:it|how (?:that|this|those|these|it))|put|with)\b|pick\b"
    r"|follow\b|lay\b|compare two\b|imagine\b|consider\b|try (?:one|this)\b|stay with\b|begin with\b|"
    r"think of\b|tell me one thing\b)",
    re.IGNORECASE,
)
# At the end of a turn that asks nothing else: "say everything comes back at forty percent"
LEFT_TO_ANSWER = re.compile(
    LEAD + r"(?:say|suppose|assume) (?:that )?(?:i|we|the|a|an|one|every\w*|some\w*|no\w*|half|all|it)\b",
    re.IGNORECASE,
)
TAG = re.compile(
    r"^(?:(?:does|do|did) (?:that|this|it|these|all that) (?:all )?(?:make sense|sound (?:good|okay|ok|fair|"
    r"reasonable)|work(?: for you)?|help|answer (?:it|that|your question))|make sense|nothing else|"
    r"sounds? (?:good|okay|ok|fair)|ready(?: (?:for|to) [^?]*)?|shall we(?: (?:start|begin|continue|move on|"
    r"go on))?|okay|ok|right|all right|alright|yes|no|clear|fair|fair enough|good|are you ready.*|"
    r"is that (?:ok|okay|clear|fine|alright|all right)(?: with you)?|(?:you )?know what i mean|you know|"
    r"isn't it|don't you think|(?:[^,]{1,40}, )?can you (?:believe|imagine) (?:it|that|this)|"
    r"would(?:n't)? you (?:say|agree|guess|think)|shall we|do you (?:see|follow)(?: (?:that|what i mean))?|are you with me|"
    r"how does (?:that|this|it) sound|how are you(?: doing)?(?: today)?|can you hear me(?: okay)?|"
    r"with me(?: so far)?|see)(?: so far| today| then| now| for you)?$",
    re.IGNORECASE,
)
# "What model do you propose, and begin with the humble one.": put like a question, though no mark says so.
INVERTED = re.compile(
    LEAD
    + r"(?:how|what|which|where|why)(?: [\w-]+){0,3}? (?:do|does|did|would|will|can|could|should|r) (?:you|u|we|it|"
    r"they|that|this|the|your|ur)\b",
    re.IGNORECASE,
)
LET_US = re.compile(
    LEAD
    + r"(?:can|could|shall|should|may) (?:we|i) (?:move|go|turn|get|switch|jump|come|continue|proceed|talk|look|stay|follow|carry|return|step|pause|"
    r"discuss|cover|start(?! with what you)|interrupt|stop|cut)\b|" + LEAD + r"(?:can|may) i (?:ask|add|interrupt)\b",
    re.IGNORECASE,
)
SPEAKER_OWN = re.compile(
    LEAD + r"(?:why (?:do|am) i (?:ask|say|mention|bring|asking|saying)|what do i mean|who (?:doesn't|wouldn't|"
    r"hasn't)|what(?:'s| is) not to (?:like|love)|who knows|isn't that (?:great|nice|something|wonderful))",
    re.IGNORECASE,
)
ANSWERS_ITSELF = re.compile(
    r"^(?:well,? |so,? )?(?:because|yes[,.: ]|no[,.: ]|simply|exactly|obviously|of course|the (?:short |"
    r"simple |usual |right )?answer|that's (?:because|why|where|when|what)|it(?:'s| is) (?:because|simply|"
    r"just)|not (?:much|really|at all)|nothing\b|everything\b|not at all|hardly|a lot\b|by (?:\w+ing)\b)",
    re.IGNORECASE,
)
RESUMES = re.compile(r"(?:well,? |so,? )?(?:it|we|they|that|this|you|one|i)\b", re.IGNORECASE)
SECOND_END = re.compile(
    r"^(?:and |or |but )?(?:then )?(?:why(?: (?:is that|so|that(?: one| way)?|not|this one|those|these|"
    r"do you think (?:so|that)))?|how(?: so| come| exactly)?|why or why not|in what way|what makes you (?:say|"
    r"think) (?:so|that)|how much|how often|what for|since when|where exactly|when|which (?:ones?|way)|"
    r"at what cost|to what end|by how much|or not|what else|anything else|give me (?:a|an|one) (?:case|example"
    r"|instance|number|figure)|for example|such as|like what)$",
    re.IGNORECASE,
)
CUT = re.compile(
    r"(?:,\s*(?:and|or)?\s*|\s+and\s+|;\s*|\s+[-–—]+\s+|(?<!\bwho)\s+or\s+)(?=(?:also\s+|then\s+)?(?:how|what|what's|"
    r"which|who|whose|where|when|why|are there|is there|is it|do you|does it|did you|can you|could you|"
    r"would you|should we|will you|have you)\b)"
    r"|"
    r",?\s+and\s+(?:also\s+|then\s+)?(?=(?:describe|explain|tell me|walk me|list|give me|show me|compare|name|"
    r"estimate|define|outline)\b)",
    re.IGNORECASE,
)
# "A concert is gone in ten minutes; what's on the page?" states first what it asks about.
STATEMENT = re.compile(
    LEAD + r"(?!(?:how|what|what's|which|who|whom|whose|where|when|why|are|is|do|does|did|can|could|should|will|would"
    r"|have|has|may|might|must|was|were|am|if)\b)"
    r"(?!(?:on|in|with|for|at|by|from|within|to|of|about|under|after|before|through|over|since|until|"
    r"as) (?:how|what|which|who|whom|whose)\b)",
    re.IGNORECASE,
)
ASKS_WITHIN = re.compile(
    r"\b(?:how|what|what's|why|whom|whose)\b|"
    r"\bwhich(?! (?:is|are|was|were|the|has|have|had|live|can|you|we|i|it|they)\b)|"
    r"(?<!\bof )(?<!\w )\b(?:when|where|who)\b|"
    r",\s+(?:are|is|do|does|did|can|could|should|will|would|have|has|may|might|was|were)\b",
    re.IGNORECASE,
)
HEAD = re.compile(
    r"\b(?:how|what|what's|which|who|whom|whose|where|when|why|are|is|do|does|did|can|could|should|will|would|"
    r"have|has)\b",
    re.IGNORECASE,
)
ANAPHOR = re.compile(
    r"\b(?:it|that|this|those|these|them|they|each|one(?! another)|there|its|their|here|such|you'd do so)\b",
    re.IGNORECASE,
)
REPHRASED = re.compile(
    r"^(?:i mean|in other words|that is|i\.e\.|put differently|put another way|meaning|say|for instance|"
    r"for example|like|specifically|concretely|or rather|namely)\b",
    re.IGNORECASE,
)
TOPIC_ALONE = re.compile(
    r"^(?:and |so |now |then |or |but )*(?:what about|how about|on to|next up|and)? ?(?:the |your |"
    r"its )?(?:[\w-]+ ){0,3}[\w-]+$",
    re.IGNORECASE,
)
ABOUT = re.compile(r"(?:and |so |now )*(?:what|how) about\b", re.IGNORECASE)
# "On forty GPUs?" asks by itself; "Deployment?" only names what the next sentence asks about.
CIRCUMSTANCE = re.compile(
    r"(?:and |so |but )?(?:on(?! to\b)|in|with|for|at|by|from|within|without|under)\b", re.IGNORECASE
)
TASK = re.compile(r"\b(?:design|build|come up with)\b", re.IGNORECASE)
STATES_TASK = re.compile(
    LEAD + r"(?:(?:your )?(?:task|job|problem|challenge)(?: today)?(?: is to|:) ?)?(?:please )?(?:(?:design|build|"
    r"come up with)\b|begin[.!]*$)",
    re.IGNORECASE,
)
WHEN = re.compile(
    r"(?:(?:and|so|but|okay|then)\s+)*(?:when|if|once|while|after|before|where|what if|with|given|for|from|of|"
    r"among|between|besides|out of|instead of)\s+(?!(?:do|does|did|is|are|was|would|will|should|can|could|have"
    r"|has)\b)",
    re.IGNORECASE,
)
# "How do you know, on the day of training, what comes later?" asks once.
LEARNS = re.compile(r"\b(?:know|tell|see|say|decide|find out|guess|predict|learn|check|show)\b[^?]*$", re.IGNORECASE)
STATES = re.compile(LEAD + r"(?:let's|let us|we'll|we will|i'll|i will|it's)\b", re.IGNORECASE)
OTHER_HALF = re.compile(r"(?:\bnot|n't|\bno longer(?: \w+)?|\bneither)$", re.IGNORECASE)
# A line of a list, and one that only states something under a name: "Row size: twelve homes".
BULLET = re.compile(r"\s*(?:[-•]|\d{1,2}[.)])\s")
ENTRY = re.compile(r"[^?]{1,40}:[^?]*$")
# "You'd retrain daily?" says again what the next question is about.
ECHO = re.compile(LEAD + r"you(?:'d|'ll|'re|'ve)?\b", re.IGNORECASE)
ADDS = re.compile(r"(?:and|but|then|what|how)\b", re.IGNORECASE)
