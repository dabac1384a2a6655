"""What gives an interviewer away: wordings of praise, verdicts, scores, advice and the like, as patterns.

Only data and its compilation: each line of a block is an alternative (one that begins with "&" goes on with
the line before), `%NAME%` stands for a list of words, and texts are matched with straight apostrophes,
whatever their case. The lists are wide on purpose: a
sentence that is turned down wrongly is replaced by a curated one, and nobody notices.
"""

from __future__ import annotations

import re
from functools import cache

_LISTS = {
    "PREFACE": r"""^["'(\s]*(?:(?:okay|ok|so|well|and|now|alright|all right|hmm|ah|oh|i see|noted
        |understood|sure|then|but)\b[\s,.:;!—-]*)*""",
    "ADVERB": """(?:(?:a|an|the|really|very|quite|pretty|so|such|absolutely|definitely|totally|completely
        |exactly|also|all|just|not|only|mostly|partly) )*""",
    "GOOD": """(?:good|great|excellent|nice|perfect|fantastic|awesome|wonderful|brilliant|amazing|terrific
        |superb|impressive|outstanding|solid|strong|smart|clever|insightful|thoughtful|interesting|sensible
        |reasonable|valid|sound|fair|valuable|important|lovely|neat|cool)""",
    "THING": """(?:points?|questions?|answer|ideas?|choice|start|thinking|approach|job|work|call|catch
        |thought|insight|observation|explanation|design|plan|list|way to|one|instinct|intuition|direction
        |suggestion|summary|overview|breakdown|consideration|progress|strategy|understanding)""",
    "TASK": """(?:define|estimate|sketch|draw|list|name|explain|describe|give|tell|show|walk|outline|justify|state|pick|choose
        |compare|complete|summari[sz]e|cover|mention|specify|detail|propose|suggest|write|identify|address|discuss|elaborate
        |lay out|break down|enumerate|report|share|talk me|go through|run me|design|compute|calculate|defend)""",
    "OWN_WAYS": """(?:like|love|want|need|hear|know|ask|come|stay|leave|listen|jump|follow|take|let|be|give|see|press|pick|push|stop
        |cut|hold|move|get|turn|return|understand|stick|interrupt|linger|dig|pause|keep|bring|play|tap|open|type|have|mostly|only
        |join|suggest|recommend|advise|propose|encourage|rate|grade|mark|score|step|point|check|challenge|spend|zoom|clarify|revisit|note|learn|wait|try|think|help|walk|circle|touch|dive
        |swap|switch|wonder|drop|bet|doubt|imagine|start|begin|narrow|expect|call|say|put|hand|go|just|also|mostly|rather|find|look|raise|work|sit|read)""",
    "DESIGN": """(?:use|choose|pick|start|begin|train|build|go with|go for|add|split|design|implement
        |deploy|evaluate|measure|monitor|collect|sample|frame|apply|compute|prefer|opt|select|store|log
        |serve|cache|combine|create|define|leverage|employ|propose|focus|include|ensure|handle|optimi[sz]e
        |treat|model|predict)""",
    "BE": "(?:'s|'re| is| are| was| were|'d be| would be| sounds| seems| looks)(?:n't| not)?",
    "RIGHT": """(?:correct|incorrect|right|wrong|true|false|mistaken|a mistake|flawed|bad|poor|weak
        |problematic|incomplete|insufficient|inaccurate|misleading|a problem|an issue|okay|fine|enough
        |better|worse|best|spot on|on track|off track|key|critical|crucial|essential)""",
    "CLAIM": "(?:that|this|it|you|which|answer|approach|choice|idea)",
    "COMPANY": """(?:we|our|there|they|the (?:company|system|users?|team|business|data|logs?|labels?
        |traffic|budget|product|app|service|platform|latency))""",
    "OPTION": "(?:approach|way|practice|solution|answer|option|technique|method|choice)",
    "MARK": "(?:score|rating|grade|mark|result|verdict|scorecard|performance)",
    "I_WOULD": "i(?:'d| would| will|'ll)?",
    "NO_QUESTION": r"(?![^.]*\?)",
}
_BLOCKS = {
    "imperative": r"""
        %PREFACE%(?:(?:next|first|second|third|finally|last|after that|then|now|also),? )?(?:please )?%TASK%\b(?! that\b)
        \bi(?:'d| would)(?: also)? (?:like|love) (?:you to|to (?:hear|know|learn|see)) (?:how|what|why|which|when|where|who)\b
        %PREFACE%(?:please |can you |could you )?(?:walk|tell|take|talk|show|give|help|convince) me\b
        %PREFACE%(?:please )?(?:explain|describe|say more|elaborate|define|list|justify|sketch)\b
        %PREFACE%(?:please )?name (?:one|two|three|a|an|the|some)\b
        """,
    "several": r"""
        %PREFACE%(?:(?:first|please),? )?(?:%TASK%|walk|take)\b[^.?]*,[^.?]*,[^.?]*(?:\band\b|\bthen\b)
        \bi(?:'d like| want| need)(?: you)? to (?:hear|know|see|understand|learn)\b[^.?]*,[^.?]*\band\b
        \byour \w+(?: \w+)?,(?: and)? your \w+(?: \w+)?,? and your\b
        ,(?: and)?(?: also| then)? (?:give|list|say|tell|name|describe|explain|sketch|draw|estimate|justify)\b
        &.*(?:,| and) (?:also |then )?(?:give|list|say|tell|name|describe|explain|sketch|draw|estimate|justify|what|how)\b
        %PREFACE%(?:walk|tell|take|talk|show|give|help|explain|describe|list|name|define)\b
        &[^?]*,? (?:and|as well as) (?:also |then )?(?:give|list|say|tell|name|describe|explain|sketch|draw|estimate|who|how|what|why)\b
        \bi(?:'m| am) (?:also )?(?:curious|interested|wondering)\b.*\b(?:also|then there|and (?:about|in|how|what|when))\b
        \bas well as (?:how|what|why|when|where|who|which|your)\b
        """,
    "unmarked_question": r"""
        %PREFACE%(?:how|what|which|who|where|when|why)(?: \w+)?
        & (?:would|could|should|do|does|did|will|can) (?:you|we|that|it|the|this|they)\b
        """,
    "interrogative": r"""
        ^(?:and |or )?(?:how|what|what's|which|who|whose|where|when|why)\b
        ^(?:and |or )?(?:are|is|do|does|did|can|could|should|will|would|have|has)\b
        """,
    "markup": r"""
        ^\s*\#
        ^\s*(?:[-*•+>]|\d{1,2}[.)]|\([a-z0-9]\))\s
        \*\*|__|`|~~|(?<!\w)\*\w
        \|.*\|
        </?[a-z|/][^>]*>|<\|
        \[/?(?-i:[A-Z_]{2,})\]|\[[^\]]+\]\(
        [{}\\\[\]<>|=^]|https?://|\$[a-z]\w*|\w_\w
        ^["'(\s]*(?!(?:so|now|then|and|okay|right|again|still|but|well|also|fine|sure|plus|meaning|candidate|user|human|me|engineer)\b)[a-z]+\s*:
        ^\W*\(.*\)\W*$
        \bmove\s*[:=]
        ^["'(\s]*(?:interviewer|assistant|reply|response|answer|note|output|tag|say|question|system)\s*:
        \w_\w+\s*\(|^\s*\w+\s*=\s*\S|={3,}|-{3,}|&\#?\w+;|^\(?["']?(?:\w+)["']?\s*=>
        ^["'(\s]*(?:data|feedback|comment|curated question|question \d|next question|criterion|step \d|directive|rule
        &|topic|category|summary|context|text|message|move|q\d?|a\d?)\s*:
        \((?:probe|deepen|press|listen|nudge|advance|interrupt|ask-ground|hand-over)(?:-\d)?\)
        ^\s*(?:probe|deepen|press|listen|nudge|advance|interrupt|ask-ground|hand-over)(?:-\d)?\s*(?:[:.]\s*)?$
        """,
    "about_itself": r"""
        \b(?:system|hidden|initial) (?:prompt|message|instruction)s?\b
        \b(?:my|these|the|your) (?:instructions?|guidelines|directives?)\b
        \b(?:as|i am|i'm) an? (?:ai|artificial|large|language|virtual|machine)\b
        \byou are an? (?:\w+ )?(?:interviewer|assistant|model|expert)\b|\bask (?:at most|only|exactly) one\b
        \b(?:at most|under|within|fewer than|less than|up to|max(?:imum)?(?: of)?) \w+ (?:words|sentences|tokens)\b
        \b(?:curated|directive|giveaways?|context window|token limit|language model|chatbot
        &|prompted to|programmed|knowledge cut-?off)\b
        \bi(?:'ll| will|'m going to| shall|'d| am going to)? (?:now )?(?:probe|nudge|deepen|press|hand over)\b
        \b(?:my|this|next) (?:move|turn|probe|nudge) (?:is|now|number|here)\b|\bmy move\b|\bmove (?:number|\d)
        \bi (?:do not|don't|cannot|can't) (?:have|feel|experience) (?:any )?(?:\w+ )?(?:experiences?|opinions?|feelings?
        &|preferences?|memory|access|emotions|body|consciousness)\b
        \bi(?:'m| am| was|'ve been| have been) (?:trained|built|designed|created|made|only software|software|asked to
        &|told to|instructed|supposed to|meant to|not (?:allowed|able|permitted|supposed))\b
        \bi (?:must|have to|should|need to)(?: now| not)?\b|\blet me try (?:it|this|that) from\b|^\W*(?:okay,? |so,? |hm+,? )?(?:they|he|she|the user)(?:'ve| have|'re| are|'s)? (?:seem|avoid|sa(?:y|id)|want|mention|ask|need|answer|not)
        \blet me think\b|\bwhat (?:to|should i|do i) ask\b|\bi(?:'ll| will| am going to|'m going to| want to) (?:now )?(?:ask|choose|use|pick) (?:about|the|an?|for|whether|how)\b
        \b(?:maybe|perhaps) i\b%NO_QUESTION%|\b(?:thinking|reasoning|thought|analysis|plan|step by step)\W*[:.]|\bask (?:them|him|her)\b|\bthe user\b%NO_QUESTION%
        \b(?:another|a different|the next) interviewer\b|\bthis (?:conversation|chat|session|dialogue)\b
        \bmove (?:number |no\.? )?(?:\d+|probe|deepen|press|listen|nudge|advance|interrupt|ask-ground|hand-over)\b|\b(?:end|next|that) move\b
        \b(?:possible|allowed|available) moves?\b|\bnote to you\b|\bthe candidate\b
        \bi(?: cannot| can't| won't| am unable to|'m unable to)(?: help| assist| provide| comply| answer)\b
        """,
    "as_candidate": r"""
        ^["'(\s]*(?:candidate|user|human|me|engineer)\s*:
        \b(?:i|we)(?:'d| would| will|'ll| could| might| can| should)
        & (?:(?:then|also|first|probably|just) )?%DESIGN%\b
        \b(?:i|we)(?:'d| would| will|'ll| could| might| should|'m going to| am going to| plan to|'re going to)
        & (?:(?:then|also|first|probably|just|not) )?(?!%OWN_WAYS%\b|we\b|i\b|you\b|the\b)\w+%NO_QUESTION%
        \b(?:i|we) (?:%DESIGN%|plan|propose|suggest|recommend|decided|chose|opted|trained|built|used|split)\b%NO_QUESTION%
        %PREFACE%(?:can|could|may|should|shall|do|must|am) (?:i|we)\b(?! (?:ask|hear|push|stay|come|take you|go back|look at|pick))
        \bdo we have\b|\b(?:have|has) we (?:got|any)\b|\bare we allowed\b|\b(?:for|in) my (?:part|case|design)\b
        \b(?:i am|i'm) (?:going|planning) to %DESIGN%\b
        \bcan i (?:assume|ask|use|take|treat|ignore)\b|\bi(?:'ll| will|'d)? (?:assume|begin|go|say it depends)\b
        \bi think i\b|\blet's say i\b|\byou(?:'d| would|'ll| will) (?:probably |likely |surely )(?:answer|say|reply|respond)
        &(?: that)?\b%NO_QUESTION%
        \bmy (?:approach|model|design|solution|plan|answer|system|pipeline|first step|choice|baseline)\b
        """,
    "praise": r"""
        %PREFACE%(?:(?:that|this|it|those)%BE% |what |you(?:'re| are) )?%ADVERB%%GOOD%
        &\s*(?:[.,!;:—-](?!\w)|$|and\b|that you)
        \b%GOOD% %THING%\b%NO_QUESTION%
        \b(?:great|good|nice|glad) to (?:hear|know|see)\b
        \b(?:well|nicely) (?:done|said|put|thought|reasoned|explained|structured)\b
        \bnow we're talking\b|\brefreshing\b|\byou(?:'re| are) (?:really |clearly |obviously |very )?(?:good|strong|sharp|ahead|quick
        &|experienced|a natural|on fire|flying|doing)\b%NO_QUESTION%
        \b(?:your|with your|such) (?:\w+ )?(?:grasp|feel|rigou?r|instincts?|experience|clarity|command|eye|talent|skills?
        &|expertise|honesty|maturity|sense of|judgement|judgment)\b
        \byou (?:show|demonstrate|display|bring|combine|possess|clearly|really|obviously|certainly|think as)\b%NO_QUESTION%
        \b(?:some(?:one|body)|people|candidates|engineers|few|anyone) (?:who|like you|think|with your)\b.*\byou(?:rs?)?\b
        \bnot (?:many|everyone|everybody) \w+\b%NO_QUESTION%|\b(?:pleasure|delight|joy|music to)\b
        \bremarkabl|\bexceptional|\bwonderful|\bwow\b
        \bkudos\b|\bcongrat|\bbravo\b|\bimpress(?:ed|ive)\b|\bgood job\b|\bkeep it up\b|\bon the right track\b
        \bi(?:'m| am)? ?(?:really |also )?(?:like|love|appreciate|admire|glad|happy)
        & (?:that|how|your|the way|this|it|you|to)\b
        \byou(?:'ve| have)? (?:clearly|done well|made (?:a |an )?%GOOD%)\b
        """,
    "score": r"""
        \b\d+(?:\.\d+)?\s*(?:/|out of)\s*(?:4|5|10|100)\b|\bout of (?:five|ten)\b
        \b(?:your|final|overall) %MARK%\b
        \b%I_WOULD% (?:rate|grade|mark|give) you\b|\b%I_WOULD% (?:rate|grade|score) (?:this|that|it)\b
        \b(?:strong |lean )?no[- ]hire\b|\b(?:strong|lean) hire\b|\bhire you\b
        \byou(?:'ve| have)? (?:pass|fail)(?:ed)?\b|\brubric\b|\bpoints? (?:for|off)\b
        \b(?:met|covered|ticked|hit) (?:\w+ )?(?:of|out of)? ?(?:\w+ )?(?:criteria|points|boxes|items)\b
        \bhow you(?:'re| are) doing\b|\b(?:you|share|so far|doing|were|been)\b[^.?]*\b(?:strong|weak|good|poor) (?:on|in|at|with)\b%NO_QUESTION%|\bwhat you got\b|\bthe bar\b
        \byou(?:'re| are) (?:through|in|out|above|below|at (?:a )?(?:\w+ )?level)\b|\bunofficially\b|\boff the record\b
        \bbetween (?:us|you and me)\b|\b(?:at|for) your level\b|\b(?:most|other|many|average) (?:people|candidates|others)\b
        \b(?:had|were|was|have|of the \w+ things) (?:\w+ )?on my list\b|\bthings i had\b|\bcheck ?list\b|\b(?:tick|ticks|ticked) (?:the|a|off|that)?\b|\bsenior (?:bar|level|answer)\b
        \bi(?:'ll| will) (?:tell|let) you (?:know )?(?:at|what|how|after|your)\b|\bpoints? so far\b|\bpercent(?:ile)? of candidates\b
        \b(?:you|your|you've|so far|yourself)\b[^.?]*\b(?:scor\w+|points?|marks?|grades?|rating|stars?|percentile|passing|hired?|halfway)\b%NO_QUESTION%
        \b(?:scor(?:e|ed|ing)|points?|marks?|grades?|rating|stars?|percentile|passing)\b[^.?]*\b(?:you|your|you've|so far|yourself)\b%NO_QUESTION%
        \b(?:above|below|better than|worse than) (?:average|most|the others|many)\b%NO_QUESTION%|\bmeets? (?:the )?expectations\b
        \b(?:a|an) (?-i:[A-D])[+-]?(?=[\s.,!]|$)(?! (?:or|and|test)\b)%NO_QUESTION%|\b(?:lean|head|tend|trend)ing (?:to|towards?)\b%NO_QUESTION%
        \b(?:verdict|scorecard|score ?sheet|hiring|hire)\b%NO_QUESTION%|\byou(?:'d| would|'ll| will) (?:pass|fail|get (?:a|the|an|in|through))\b
        \b(?:one|two|three|four|five|six|\d) (?:out )?of (?:the )?(?:four|five|six|seven|eight|nine|ten|\d+) (?:criteria|points|things|items|steps)\b
        \bfull (?:marks|credit)\b|\bcriteri(?:on|a) (?:met|covered)\b
        """,
    "verdict": r"""
        %PREFACE%(?:exactly|precisely|correct|incorrect|right|wrong|true|false|agreed|absolutely)
        &\s*(?:[.,!;:—-]|$)
        %PREFACE%(?:indeed|of course|definitely|not quite|not exactly|not really|bingo|unfortunately)\b
        \b%CLAIM%%BE% %ADVERB%%RIGHT%\b%NO_QUESTION%
        \b(?:that|this|it) (?:won't|will not|wouldn't|would not|doesn't|can't|cannot)
        & (?!be (?:forgotten|lost)\b)\w+%NO_QUESTION%
        \b(?:that|this|it) makes (?:a lot of |good |perfect |total )?sense\b
        \bi (?:fully |completely |do not |don't )?(?:agree|disagree)\b
        \byou(?:'ve| have)? (?:missed|forgot|forgotten|overlooked|ignored|failed to|covered|nailed)\b
        \byou(?:'ve| have)? (?:identified|correctly|rightly)\b
        \byou (?:claimed|insisted|admitted|denied|swore|promised|boasted|refused)\b
        \b(?:stupid|idiot\w*|dumb|silly|ridiculous|nonsense|laughable|embarrass\w*|pathetic|hopeless|useless|clueless
        &|ignoran\w*|amateur\w*|foolish|absurd|disappoint\w*|shame\w*
        &|guess(?:ing|work) again|rubbish|childish|incompetent|kindergarten|child's play|toddler)\b
        \b(?:lazy|naive|painful|terrible|awful|horrible|garbage|sloppy|boring|bored|waste of|wasting|beginners?|grandmother
        &|weak|thin|vague|shallow|poor|confused|confusing|hand-?wav\w*|superficial|obvious\w*|basic|elementary|trivial|generic)\b%NO_QUESTION%
        \bno idea what\b|\ball by yourself\b|(?:["']|\bquoted),? (?:she|he|they) says?\b|\bwell, well\b|\bi see (?:we|you)(?:'re| are)
        \bif that's (?:really )?(?:all|the best)\b|\bis that (?:really )?(?:all|it|the best)\b|\beven (?:a|an|my) \w+ (?:would|could|knows)\b
        \b(?:serious|honest)ly\b[,?]|\bfor someone (?:who|with|of|at)\b|\bonce again you\b|\bas (?:usual|expected)\b
        \byou(?:'re| are) (?:missing|forgetting|overlooking|ignoring)\b
        \b(?:the|one|a|your) (?:problem|issue|flaw|mistake|weakness|downside|drawback)
        & (?:with|in|of|here|is)\b%NO_QUESTION%
        \bactually,|\bin fact,|\bkeep in mind\b|\bremember that\b|\bdon't forget\b|\bare you sure\b
        """,
    "advice": r"""
        \byou(?:'ll| will)? (?:should|could|might|must|can|need to|ought to|have to|want to)\b%NO_QUESTION%
        \b(?:try|consider|think about|look at|using) (?:how |some )?(?:to )?\w+ing\b%NO_QUESTION%
        \b(?:have|had) you (?:considered|thought (?:about|of)|tried|looked (?:at|into))\b
        \bwhat (?:about|if you) \w+ing\b|%PREFACE%why not\b|\bhow about\b|\bwouldn't (?:it|you)\b(?!\?)|\bshouldn't (?:you|we|the|it|that|this|there)\b
        \b%I_WOULD% (?:recommend|suggest|advise|propose|encourage)\b|\bmake sure\b|\bbe sure to\b
        \bit(?:'s| is) (?:important|essential|crucial|better|best|worth|useful|necessary)\b%NO_QUESTION%
        \b(?:a|the|one|another) (?:\w+ )?%OPTION% (?:is|(?:would|might|could) be)\b%NO_QUESTION%
        \bthe (?:trick|key) (?:is|here|lies)\b|\bfor (?:example|instance),? (?:you|by|using)\b
        \bsuch as\b|\blike using\b
        """,
    "off_course": r"""
        \bapolog|\bsorry\b|\bregret\b|\bmy (?:fault|mistake|bad|apologies)\b|\b(?:pardon|forgive) me\b|\binconvenience\b
        \b(?:excuse|bear with) (?:me|my)\b|\btoo much trouble\b|\bi should have\b|\bi hope (?:it|that|this|you|i)\b
        \bask(?:ing)? (?:you )?(?:\w+ )?again\b|\bonce more\b|\b(?:previous|same|earlier|last) question\b|\bin other words:
        \b(?:as|what) i (?:said|asked|told|mentioned)\b|\bi(?:'ve| have)? (?:already|just) (?:asked|said)\b|\b(?:to )?repeat(?:ing)? (?:my|the|myself|that)\b
        \b(?:say|tell|explain|give|answer|ask)(?:ing)? (?:me |you )?(?:that |it |this |the same )?(?:again|one more time)\b|\bsame again\b|\bone more time\b
        \bi know (?:that )?you(?:'ve| have)? (?:just |already )?(?:said|told|explained|answered|gone)\b
        \bput differently\b|\brephrase\b|\bback to my\b|\b(?:haven't|have not|did not|didn't|never|not) (?:\w+ )?answer(?:ed)?\b
        \bstill (?:waiting|owe|open|unanswered)\b|\bwaiting for\b%NO_QUESTION%|\bask(?:ed)? (?:that|this|it|you) (?:before|already|earlier|a moment)\b
        \b(?:happy|glad) to (?:share|tell|say|give|help|oblige|answer|discuss)\b|\bsince you (?:ask|insist)|\bas (?:you wish|requested|you asked)\b
        \bi can (?:tell|give|share|reveal|say)\b|\b(?:that's a wrap|time's up|time is up|have a (?:nice|good|great|lovely)|take care|recruit\w+|next round)\b
        \b(?:we're|we are|i'm|i am) (?:all )?(?:done|finished|through|good)\b|\b(?:interview|session|conversation) (?:is|was|ends|has)\b|\benough for (?:today|now|me)\b
        \bhear(?:ing)? (?:from|back)\b|\b(?:final|last) question\b|\bthat will do\b|\bmy (?:understanding|patience|weekend)\b
        \b(?:(?:that|this|which|to) concludes?|concluding|wrap(?:s|ping)? (?:up|this|things)|end of (?:our|the|this) (?:interview|session|conversation|talk))\b
        \b(?:in touch|call it a day|goodbye|good-bye|farewell|bye|see you|good luck|best of luck|good night|nice meeting)\b
        \bthank(?:s| you) (?:for (?:your|the|coming|taking|joining|being)|so much|very much)|\bthank you,
        \bno (?:further|more|other) questions?\b|\bthat(?:'s| is|'ll be| will be) (?:all|it|everything)\b(?!.*\?)|\ball from (?:my|our) side\b
        \b(?:stop|end|leave it|finish|close|break off|pause|quit) (?:here|there|now|at|for today|the interview|this)\b%NO_QUESTION%
        \blet's (?:stop|end|finish|close|leave it|wrap|break|call)\b|\banything you'd like to ask\b|\b(?:do you have|any) questions for\b
        \bi(?:'m| am)? (?:must |have to |will |'ll )?(?:decline|refuse|declining|unwilling|unable|uncomfortable|reluctant)\b
        \bfeel comfortable\b|\bi(?:'d| would) rather not\b|\birresponsible\b|\b(?:in)?appropriate\b|\bviolates? (?:my|our|the|any)\b|\bunethical
        \bi (?:can't|cannot|won't|can not|will not|don't want to|do not want to|do not wish|prefer not)\b
        \b(?:policy|policies|guidelines|regulations) (?:forbid|prevent|do not|don't|prohibit)|\bnot (?:allowed|permitted|able) to\b
        \byour (?:\w+ )?(?:name|notice period|current job|university|school|native|mother tongue|english|friends|free time|private life)\b
        \bare you (?:single|a (?:man|woman)|from|vegetarian|healthy|okay|ok|nervous|available|willing|planning (?:to have|on|a family))\b
        \b(?:do|did|would|could) you (?:drink|smoke|vote|pray|live|earn|belong to|believe in|plan (?:to have|on)|get (?:ill|tired))\b
        \bwhat (?:religion|party|country|nationality|star sign)\b|\boriginally\b|\bas an? (?:man|woman|mother|father|parent|foreigner)\b
        \bhow old are you\b|\byour age\b|\bwhere are you\b|\b(?:your|any|have) (?:\w+ )?(?:health|family|kids|children|little ones|spouse|wife|husband|partner
        &|girlfriend|boyfriend|religion|faith|church|accent|nationality|passport|visa|salary|age|phone|address|hobb\w+|weekend|parents
        &|mother|father|birthday|hometown|body|hair|weight|looks|politics|vote|pregnan\w*|disab\w*|medication|star sign|social media)\b
        \b(?:married|pregnant|religious|divorced|born)\b.*\byou\b|\byou\b.*\b(?:married|pregnant|religious|divorced|born|earn|vote|tired|ill|sick|attractive|pretty|drink|smoke|live)\b
        \bat home\b|\byou (?:look|sound|seem)\b|\byour (?:current )?(?:employer|boss|pay|wage|manager)\b
        """,
    "leaves": r"""
        \b(?:skip|leave|drop|forget|park) (?:this|that|it|the rest)(?: \w+)?(?: and|,|;|\.|$)|\bdone with (?:this|that|the)\b
        \benough (?:of|about|on|said)\b|\b(?:a|another) different (?:matter|subject|topic|question)\b|\blet's leave\b|\breturn to (?:the|this|that|our) \w+(?: \w+)? later\b
        \bsomething (?:else|completely different|unrelated|different)\b|\breminds me\b|\bbefore you finish\b|\bby the way\b
        \b(?:while we're at it|incidentally|speaking of|that aside|never mind|on another (?:note|subject|topic)|unrelated|jump(?:ing)? ahead)\b
        """,
    "moves_on": r"""
        \bon to (?:the |step |\w+ing\b|deployment|serving|data|evaluation|monitoring|model|features|metrics)
        \b(?:let's|let us|we(?:'ll| will| should| can)?|i'd like to|time to) (?:now |rather |just |instead )?
        &(?:talk about|move|jump (?!in\b)|switch|turn to|go (?:to|straight)|skip|discuss|change)\b|\bmov(?:e|ing) (?:on|to|ahead)\b
        \bnext (?:step|part|topic|section|subject)\b|\bstep \d\b
        """,
    "foreign": r"""
        \b(?:und|oder|nicht|ist|wie|warum|welche[nrsm]?|bitte|danke|dann|jetzt|denk|auf|wenn|sie|wir|ich|eine?[nmrs]?|der|das
        &|oui|merci|donc|pour|avec|les|des|une|vous|nous|comment|pourquoi|quel(?:le)?s?|c'est|n'est|votre|la|le|et
        &|que|por|como|para|gracias|usted|muy|pero|est[aá]|los|las|cu[aá]l|qu[eé]|che|perch[eé]|grazie|sono|una
        &|voc[eê]|n[aã]o|obrigado|een|niet|maar|wat|waarom|hoe)\b
        """,
    "yes_no": r"""%PREFACE%(?:yes|no|yeah|yep|nope)\b
        &(?! (?:one|more|need|problem|rush|hurry|worries)\b|(?: yes)?,? (?:please|kindly|go on|carry on|continue)\b)""",
    "claim": r"%PREFACE%(?:actually,? )?%COMPANY%\b(?!'ll)",
}


@cache
def pattern(block: str) -> re.Pattern[str]:
    """The compiled pattern of a block.

    Raises:
        KeyError: there is no such block.
    """
    lines = re.sub(r"\n\s*&", "", _BLOCKS[block].strip()).splitlines()
    text = "|".join(f"(?:{line.strip()})" for line in lines)
    for name, words in _LISTS.items():
        text = text.replace(f"%{name}%", re.sub(r"\n\s*", "", words))
    return re.compile(text, re.IGNORECASE)


def shows(block: str, sentence: str) -> bool:
    """Whether a sentence holds a wording of a block."""
    return pattern(block).search(sentence.replace("’", "'")) is not None
