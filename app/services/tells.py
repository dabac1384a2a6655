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
        %PREFACE%(?:please |can you |could you )?(?:walk|tell|take|talk|show|give|help|convince) me\b
        %PREFACE%(?:please )?(?:explain|describe|say more|elaborate|define|list|justify|sketch)\b
        %PREFACE%(?:please )?name (?:one|two|three|a|an|the|some)\b
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
        \*\*|__|`|~~
        \|.*\|
        </?[a-z|/][^>]*>|<\|
        \[/?(?-i:[A-Z_]{2,})\]|\[[^\]]+\]\(
        [{}\\]|https?://|\$\w+
        \bmove\s*[:=]
        ^["'(\s]*(?:interviewer|assistant|reply|response|answer|note|output|tag|say|question|system)\s*:
        ^\s*(?:probe|deepen|press|listen|nudge|advance|interrupt|ask-ground|hand-over)(?:-\d)?\s*(?:[:.]\s*)?$
        """,
    "about_itself": r"""
        \b(?:system|hidden|initial) (?:prompt|message|instruction)s?\b
        \b(?:my|these|the|your) (?:instructions?|guidelines|directives?)\b
        \b(?:as|i am|i'm) an? (?:ai|artificial|large|language|virtual|machine)\b
        \b(?:possible|allowed|available) moves?\b|\bnote to you\b|\bthe candidate\b
        \bi(?: cannot| can't| won't| am unable to|'m unable to)(?: help| assist| provide| comply| answer)\b
        """,
    "as_candidate": r"""
        ^["'(\s]*(?:candidate|user|human|me|engineer)\s*:
        \b(?:i|we)(?:'d| would| will|'ll| could| might| can| should)
        & (?:(?:then|also|first|probably|just) )?%DESIGN%\b
        \b(?:i am|i'm) (?:going|planning) to %DESIGN%\b
        \bmy (?:approach|model|design|solution|plan|answer|system|pipeline|first step|choice|baseline)\b
        """,
    "praise": r"""
        %PREFACE%(?:(?:that|this|it|those)%BE% |what |you(?:'re| are) )?%ADVERB%%GOOD%
        &\s*(?:[.,!;:—-](?!\w)|$|and\b|that you)
        \b%GOOD% %THING%\b(?!\?)
        \b(?:great|good|nice|glad) to (?:hear|know|see)\b
        \b(?:well|nicely) (?:done|said|put|thought|reasoned|explained|structured)\b
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
        \bfull (?:marks|credit)\b|\bcriteri(?:on|a) (?:met|covered)\b
        """,
    "verdict": r"""
        %PREFACE%(?:exactly|precisely|correct|incorrect|right|wrong|true|false|agreed|absolutely)
        &\s*(?:[.,!;:—-]|$)
        %PREFACE%(?:indeed|of course|definitely|not quite|not exactly|not really|bingo|unfortunately)\b
        \b%CLAIM%%BE% %ADVERB%%RIGHT%\b%NO_QUESTION%
        \b(?:that|this|it) (?:won't|will not|wouldn't|would not|doesn't|can't|cannot) \w+%NO_QUESTION%
        \b(?:that|this|it) makes (?:a lot of |good |perfect |total )?sense\b
        \bi (?:fully |completely |do not |don't )?(?:agree|disagree)\b
        \byou(?:'ve| have)? (?:missed|forgot|forgotten|overlooked|ignored|failed to|covered|nailed)\b
        \byou(?:'ve| have)? (?:identified|correctly|rightly)\b
        \byou(?:'re| are) (?:missing|forgetting|overlooking|ignoring)\b
        \b(?:the|one|a|your) (?:problem|issue|flaw|mistake|weakness|downside|drawback)
        & (?:with|in|of|here|is)\b%NO_QUESTION%
        \bactually,|\bin fact,|\bkeep in mind\b|\bremember that\b|\bdon't forget\b|\bare you sure\b
        """,
    "advice": r"""
        \byou(?:'ll| will)? (?:should|could|might|must|can|need to|ought to|have to|want to)\b%NO_QUESTION%
        \b(?:try|consider|think about|look at|using) (?:how |some )?(?:to )?\w+ing\b%NO_QUESTION%
        \b(?:have|had) you (?:considered|thought (?:about|of)|tried|looked (?:at|into))\b
        \bwhat (?:about|if you) \w+ing\b|%PREFACE%why not\b|\bhow about\b|\bwouldn't (?:it|you)\b|\bshouldn't\b
        \b%I_WOULD% (?:recommend|suggest|advise|propose|encourage)\b|\bmake sure\b|\bbe sure to\b
        \bit(?:'s| is) (?:important|essential|crucial|better|best|worth|useful|necessary)\b%NO_QUESTION%
        \b(?:a|the|one|another) (?:\w+ )?%OPTION% (?:is|(?:would|might|could) be)\b%NO_QUESTION%
        \bthe (?:trick|key) (?:is|here|lies)\b|\bfor (?:example|instance),? (?:you|by|using)\b
        \bsuch as\b|\blike using\b
        """,
    "yes_no": r"%PREFACE%(?:yes|no|yeah|yep|nope)\b(?! (?:one|more|need)\b)",
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
