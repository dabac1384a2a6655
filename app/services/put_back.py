"""Tells questions that are put to the interviewer himself from questions about the case.

About his own question ("Where does what break?"), about what he thinks ("What would you do?"), or about how
the interview goes ("Should I be drawing?"): the case holds no answer to any of them, and none is an assumption
of the candidate's. Patterns over the words that such questions share; tests/services/test_put_back.py holds
those that must and must not match.
"""

from __future__ import annotations

import re
from enum import StrEnum

from app.domain.kinds import IntakeKind
from app.domain.moves_asked_back import seeks_more
from app.domain.speech import stems, words_of

_ANY_CASE = re.IGNORECASE
_LEAD = r"^(?:(?:and|but|so|ok(?:ay)?|sorry|hm+|um+|wait|well|yes|no|sure|right|because|oh|please)[,. ]+)*"
_SEEK = r"(?:want|mean|ask(?:ing)?|after|looking for|looking at|interested in|referring to|getting at|driving at|thinking of|expect\w*|have in mind|talking about|like (?:me )?to|need)"
_REQUEST = r"(?:question|wording|point|last part|part|bit|that|it|this)"
BACK = re.compile(
    r"(?:"
    rf"\b(?:what|which|how|where|whose|who|when|why)\b[^?]{{0,40}}\b(?:do|did|are|were|would|have) you\b[^?]{{0,20}}\b(?:mean|meant|ask\w*|after|referring to|getting at|driving at|have in mind|talking about|interested in)\b"
    r"|\bwhat (?:was|is|were) (?:your|the) (?:last )?question\b|\bwhat(?:'s| is) (?:being asked|the question)\b"
    rf"|\b(?:what|which) (?:kind of |sort of |type of |level of |exact )?(?:details?|aspects?|parts?|sides?|level|depth|direction|bits?|piece|topic|answer|example)\b(?! of (?!(?:it|that|this|your question|my (?:answer|design)|the (?:answer|question|design))\b))[^?]{{0,25}}\b(?:you|should i|shall i|do i)\b"
    rf"|(?:{_LEAD}|, )what (?:exactly |specifically |precisely |else |more )*(?:do|did|would|are) you (?:exactly |specifically |still )*{_SEEK}\b(?! (?:us |me )?to do\b)(?=[\s?.!]*$| (?:me |us )?(?:to|from me|by|with|here|exactly|there|in|about|for|now|instead|then)\b)"
    rf"|\b(?:could|can|would|will) you (?:please |just )?(?:repeat|rephrase|reword|restate|clarify|explain|specify|say|ask|elaborate on|be more (?:specific|precise|concrete))\b[^?]{{0,25}}\b(?:question|wording|again|differently|another way|other words|you mean\w*|what you|specific|precise|concrete)\b"
    rf"|\b(?:could|can|would) you (?:please )?(?:repeat|rephrase|reword|restate|clarify) {_REQUEST}[\s?.!]*$"
    r"|\b(?:do|did) you mean\b|^(?:so )?you mean\b|^by [\"“'‘]?\w+(?: \w+){0,5}[\"”'’]?,? (?:do |did )?you mean\b|\bhow (?:many|much|often|long|big) of (?:what|which)\b|^(?:\w+ ){0,3}of (?:what|which)\b[^?]{0,30}\?"
    r"|\b(?:go on|going|continue|carry on|carrying on|start) (?:with|on|from) (?:what|which)\b|^(?:so,? )?you(?:['’]re| are) (?:asking|referring|talking|getting at|hinting)\b|\bare you (?:asking|referring|talking|getting at|hinting)\b|\bis (?:that|your question) (?:about|regarding)\b"
    r"|\bwhat (?:exactly |precisely |else )?(?:should|shall|do|must) i (?:\w+ to )?(?:describe|explain|say|tell you|answer|specify|clarify)\b"
    r"|\bwhat (?:does|do|did|is meant by) [\"“'‘][^\"”'’]+[\"”'’] ?(?:mean|refer to|stand for)?|\b(?:could|can|would) you (?:please )?be (?:a bit |a little )?(?:more (?:specific|precise|concrete)|clearer)[\s?.!]*$"
    r"|\bin (?:what|which) (?:sense|way|respect|regard|direction)[\s?.!]*$|\b(?:with respect|relative|compared) to what\b|\bthan what\?"
    r"|\b(?:could|can|would|will) you (?:please |just |maybe )?(?:put|say|ask|phrase|word) (?:that|it|this|(?:the|your|that) question)(?: to me)? (?:again|differently|another way|(?:in|with) (?:other|simpler|plain|different) (?:words|terms))\b"
    r"|\bwhat (?:does|do|did|would) (?:(?:the|your|that|this)(?: last)? question|that|this) mean(?: here)?[\s?.!]*$|\bis that what you(?:['’]re| are)? (?:mean|meant|ask|asking|asked)[\s?.!]*$"
    r"|\bi (?:don't|do not|didn't|did not) (?:quite |really |fully )?(?:understand|get|follow|catch)\b[^?]{0,15}\b(?:question|you(?:'re| are) asking|you mean|that|it)\b"
    r"|\b(?:not|un)(?: ?sure| clear) (?:what|which|how)\b[^?]{0,15}\byou\b"
    rf"|{_LEAD}(?:meaning|as in|such as|like)(?: what)?\b[^?]{{0,50}}\?$|{_LEAD}(?:which|what) (?:one|ones|part|exactly|of (?:them|these|those|the two))\?$"
    rf"|{_LEAD}how so\b"
    r")",
    _ANY_CASE,
)
# A wh-word in the place of an answer: "Where does what break?", "Further how?", "Compare which two?"
_TWICE = re.compile(
    r"^(?:and |but |so )?(?:how|where|why|when) (?:does|do|did|is|are|will|would|could|can|should) (?:what|which|who|whose)\b|^(?:further|deeper|more|concrete|detailed|better|worse|different|broken|else) (?:how|what|where|in what)\b",
    _ANY_CASE,
)
_ECHO = re.compile(
    r"^(?:(?:\w+[ ,]+){0,2}(?:how|what|which|who|where|why)\?|\w+ (?:what|which|whose)\b[^?]{0,30}\?)$", _ANY_CASE
)
_ECHO_WORDS = 10
UNCLEAR = re.compile(
    rf"{_LEAD}i (?:don't|do not|didn't|did not) (?:quite |really |fully )?(?:understand|get|follow|catch)\b[^?]{{0,20}}?(?:\b(?:the|your|that|this) question\b|\byou(?:'re| are) asking\b|\byou (?:mean|want)\b|\b(?:that|it|you)[\s.!]*$)|"
    r"\b(?:not sure|unclear|not clear|no idea|don't know) (?:on )?(?:what|which|how) (?:exactly |part |detail )*(?:you (?:mean|want)|you(?:'re| are) (?:asking|after|looking for|referring to)|your question)\b|"
    r"\bi (?:don['’]t|do not|can['’]t|cannot|fail to) (?:quite |really )?(?:see|tell|understand|get) what you(?:['’]re| are)? (?:getting at|driving at|asking|after|mean|want|referring to)\b|"
    rf"{_LEAD}not sure (?:that )?i (?:quite |really |fully )*(?:follow|understand|get) (?:the|your|that|this|it|you)\b|{_LEAD}i(?:['’]m| am) not (?:sure (?:that )?i (?:quite |really |fully )*(?:follow|understand|get)|(?:quite |really |entirely )*following)(?: (?:you|that|it|the question|your question))?(?: here| there)?[\s.!]*$|"
    rf"{_LEAD}you(?:['’]ve| have)? lost me(?: here| there| with that)?[\s.!]*$|"
    r"\b(?:repeat|rephrase|reword|clarify) (?:the|your|that) question\b",
    _ANY_CASE,
)
"""Said, not asked, and to the same end ("I don't understand the question.")."""
OPTIONS = re.compile(
    r"^(?!(?:(?:and|but|so|ok|okay|also)[, ]+)*(?:how|what|which|who|whom|whose|where|when|why|are|is|do|does|did|can|could|should|will|would|have|has|any|may)\b)",
    _ANY_CASE,
)
"""The beginning of a question that only offers readings of another one ("The model, or the serving?")."""
READING = re.compile(
    rf"{_LEAD}(?:maybe |perhaps |is it |just )?(?:like|meaning|as in|such as|you mean|(?:do|did) you mean|are you asking|you're asking)\b",
    _ANY_CASE,
)
"""The beginning of a question that offers a reading of the interviewer's, said after it was not understood."""
MEANING = re.compile(
    rf"{_LEAD}what(?:['’]?s| is| are| do you call| counts as) (?:the |an? |that |this |your |such )?(?P<of>(?!question\b)[^?]{{3,40}})\?$",
    _ANY_CASE,
)
"""Asks what something is; put to the interviewer where it is his own words (`of_his_words`)."""
_VERDICT = r"(?:wrong|right|correct|bad|good|ok|okay|fine|enough|better|worse|a (?:real |big |bad |good )?(?:problem|issue|mistake|concern|idea|choice|flaw)|reasonable|sensible|feasible|acceptable|overkill|risky|a no-go)"
OPINION = re.compile(
    r"(?:"
    r"\bdo(?:n't)? you (?:think|believe|agree|disagree|buy|like|see (?:a|any|an) (?:\w+ )?(?:problem|issue|flaw|gap|risk|mistake|reason|hole|way)|feel|consider (?:this|that|it)|reckon|recommend|suggest|object|have (?:a preference|an opinion|a view|a favou?rite))\b"
    rf"|\bare you (?:sure|certain|convinced|saying|suggesting|implying|against|telling me)\b|\bare you (?:happy|satisfied|ok|okay|fine)(?= with (?:this|that|it|my)\b|[\s?.!]*$)"
    r"|\b(?:tell|show|explain to) (?:me|us) (?:what|how|which|where) (?:\w+ ){0,2}?you(?:['’]d| would) (?:\w+ly )?(?:do|use|choose|pick|go|take|have (?:done|used)|approach|handle|solve|build|design|tackle|start|say|answer|recommend|suggest)\b"
    r"|\b(?:what|which|how|where|who)(?: \w+){0,2} would you (?!like|want|prefer me|say (?:is|are) (?:the|our)|need)\w+"
    r"|\bwould you (?:see|judge|call) (?:it|that|this)\b"
    r"|\bwould you (?:do|use|choose|pick|go|take|have (?:done|used|chosen|picked|gone|taken)|agree|say|build|recommend|suggest|consider|trust|ship)\b"
    r"|\bwhat(?:'s| is| are|s) your (?:own |personal )?(?:opinion|view|take|thoughts?|preference|suggestion|recommendation|favou?rite|choice|answer)\b"
    r"|\bwhat would (?:be )?your (?:own )?(?:opinion|view|take|preference|suggestion|recommendation|choice|answer)\b"
    r"|\bin your (?:opinion|view|experience|book)\b"
    r"|\b(?:which|what) (?:part|piece|bit|side)s? of (?:my|this|the|it) ?(?:\w+ )?(?:design|answer|system|plan|approach|proposal)?,? (?:do |would |did )?you (?:believe|trust|like|doubt|buy|worry|find|see|dislike|question)\b"
    rf"|{_LEAD}(?:why|how come)(?:,? then)? (?:wouldn't|won't|doesn't|isn't|shouldn't|can't|couldn't|not)\b[^?]{{0,12}}\b(?:that|this|it)\b[^?]{{0,25}}(?:\?|$)"
    rf"|{_LEAD}(?:why|how|how come) (?:is|would|should) (?:that|this|it) (?:be )?(?:{_VERDICT}|an? (?:issue|problem))\b"
    r"|\bwhat(?:'s| is| would be|s) (?:so )?(?:wrong|bad|the (?:problem|matter|issue|flaw|catch)) (?:with|about) (?:that|this|my|the above)\b"
    rf"|{_LEAD}(?:is|isn't|was|wasn't|would|wouldn't) (?:that|this|it|my \w+) (?:be |really |actually |not |even |already )*{_VERDICT}[\s?.!]*$"
    r"|\bwhat(?:'s| is) better\b|\bhave i (?:got|gotten) (?:this|that|it) (?:right|wrong)\b"
    r")",
    _ANY_CASE,
)
_TOLD = r"(?:cover\w*|mention\w*|talk\w* about|address\w*|discuss\w*|touch\w*(?: on)?|answer\w*|go\w* (?:over|through)|gone (?:over|through)|miss\w*|forg[eo]t\w*|skip\w*|said|say|done|spoken (?:about|of))"
_TOLD_OF = (
    r"(?:cover\w*|talk\w* about|address\w*|discuss\w*|touch\w* on|gone (?:over|through)|go over|spoken (?:about|of))"
)
_DRAWS = r"(?:(?:draw|sketch)(?:ing)?(?= (?:it|this|that|things?|something|boxes|on|here|or|as|along|while|a (?:diagram|picture|sketch|figure)|the (?:design|system|architecture|diagram|pipeline|picture|whole))\b|[\s,?.!]*$)|cod(?:e|ing)|diagram\w*|pseudo-?code|(?:writ(?:e|ing)|typ(?:e|ing))(?= (?:code|sql|python|it|this|things|down|everything|text|out|or|an answer|pseudo\w*|full)\b|[\s,?.!]*$)|us(?:e|ing) the (?:white)?board(?! game)|bullet points)"


class Procedure(StrEnum):
    """What a question about the interview's own course asks."""

    FORM = "form"
    COVERED = "covered"
    SCOPE = "scope"
    TIME = "time"
    ASKING = "asking"
    LEARNING = "learning"


_PROCEDURE = {
    Procedure.FORM: re.compile(
        rf"\b(?:should|shall|do|can|could|may|must|am) i (?:also |just |rather |have to |need to |supposed to |allowed to |expected to |be |start )*{_DRAWS}"
        rf"|\b(?:do you want|would you like|you want|do you expect|are you expecting) (?:me )?(?:to )?(?:be )?{_DRAWS}"
        r"|\bis there (?:a|any|some) (?:(?:white)?board|canvas|drawing (?:tool|board)|place to draw|editor)(?: here| i can use| for me| to draw on)?[\s?.!]*$|\bdo (?:i|we) (?:have|get) (?:a|an) (?:white)?board\b"
        r"|\b(?:is|are) (?:code|coding|a drawing|a diagram|diagrams|drawings|pseudo-?code) (?:needed|required|expected|wanted|necessary)\b",
        _ANY_CASE,
    ),
    Procedure.COVERED: re.compile(
        r"^\W*(?:(?:so|and|but|ok|okay)\W+)*am i (?:still |maybe )?(?:missing|forgetting|overlooking) (?:something|anything)(?: here| there| else)?\W*$|"
        rf"\bi (?:have not|haven't|did not|didn't) (?:yet |really )?{_TOLD}\b"
        rf"|\b(?:did|have|haven't|didn't) i (?:already |now |yet |not |just |really |even )*{_TOLD}\b"
        rf"|\b(?:did|have|haven't|didn't) we (?:already |now |yet |not |just )*{_TOLD_OF}\b"
        r"|\b(?:what|anything) else\b[^?]{0,20}\b(?:you (?:want|expect|need)|you(?:'d| would) (?:like|want)|(?:should|shall|must) i|do i (?:need|have) to)\b[^?]{0,25}\b(?:hear|cover|see|discuss|talk)\b"
        r"|\bwhat(?:'s| is| did i| have i| else is| remains)\b[^?]{0,15}\b(?:left|missing|uncovered|missed|forgotten)\b(?: to (?:cover|discuss|talk about|do)| for (?:me|us))?[\s?.!]*$",
        _ANY_CASE,
    ),
    Procedure.SCOPE: re.compile(
        r"\bwhat\b[^?]{0,45}\b(?:me|i) (?:to |should |need to |have to |be )*(?:cover\w*|talk\w* about|discuss\w*|address\w*|touch on|go (?:over|through)|focus\w* on)\b"
        r"|\bwhat(?: else| more)?\b[^?]{0,15}\byou (?:still |also )*(?:want|expect|need|hope|like|looking|wanting|hoping)\b(?: me)? to (?:hear|see)\b|\bwhat\b[^?]{0,25}\b(?:expect\w*|want\w*|looking for)\b[^?]{0,10}\bfrom me\b"
        r"|\b(?:is|are) there (?:anything|something|any (?:part|area|topic)s?) (?:else |specific |in particular |particular )*(?:that )?you(?:'d| would)? (?:want|like|expect)\b"
        r"|\bhow (?:does|do|will|is|should) (?:this|the|our) (?:interview|round)\b|\bhow (?:deep|detailed|broad) (?:should|shall|do|must) i\b|\bwho leads\b",
        _ANY_CASE,
    ),
    Procedure.TIME: re.compile(
        r"\bhow (?:much time|many minutes)\b[^?]{0,20}\b(?:left|remain\w*|so far)\b|\bhow long\b[^?]{0,12}\b(?:the|this|our) (?:interview|session)\b|\bhow long (?:do|have) (?:we|i) (?:still |got |have )*(?:left|remaining)?[\s?.!]*$|\bhow (?:am i|are we) (?:doing )?(?:on|for|with) time\b|\bwhat(?:'s| is) the time[\s?.!]*$|\b(?:is there|do (?:we|i) have) (?:still |enough |any )*time (?:left|for (?:one more|another|more|questions|a (?:\w+ )?question|that|this))\b",
        _ANY_CASE,
    ),
    Procedure.LEARNING: re.compile(
        r"\bwhat (?:should|shall|must|could|can|do) i(?: \w+){0,3}? (?:learn|study|practi[sc]e|read up|revise|work on|improve)\b(?! (?:from|about|in|on) (?:the|my)\b)"
        r"(?=(?: on)?\W*$|[^?]{0,60}\b(?:first|next|more|most|better|before|afterwards|this week)\b)(?![^?]{0,80}\b(?:model|system|network|metric|users?|clicks?)\b)",
        _ANY_CASE,
    ),
    Procedure.ASKING: re.compile(
        r"\b(?:can|may|could|should|am|do) i (?:allowed to |just |also |have to |need to )*(?:ask|put) (?:you |some |a few |any |clarifying |a |more )*(?:questions?|something|anything|for (?:hints?|clarification))\b|\b(?:can|may|should) i (?:take notes|think aloud|think out loud|take a (?:moment|minute))\b",
        _ANY_CASE,
    ),
}


def procedure(text: str) -> Procedure | None:
    """What a question about the course of the interview asks, if it is one."""
    return next((what for what, pattern in _PROCEDURE.items() if pattern.search(text)), None)


def put_back(text: str, *, asked: str = "") -> IntakeKind | None:
    """The kind of a question that is put to the interviewer himself; None of any other.

    Args:
        text: the question.
        asked: what the interviewer said last.
    """
    if procedure(text) is not None:
        return IntakeKind.ASKS_PROCEDURE
    if OPINION.search(text):
        return IntakeKind.ASKS_OPINION
    if BACK.search(text) or seeks_more(text) or echoes(text, asked):
        return IntakeKind.ASKS_BACK
    return None


def echoes(text: str, asked: str) -> bool:
    """Whether a short question only turns the interviewer's words round, with a wh-word for what is not clear."""
    words = words_of(text)
    if len(words) > _ECHO_WORDS:
        return False
    if _TWICE.match(text.strip()):
        return True
    return _ECHO.match(text.strip()) is not None and stems(text) <= stems(asked)


def of_his_words(text: str, asked: str) -> bool:
    """Whether a question asks what the interviewer's own words are, two of them or more ("what's the common answer?")."""
    asks = MEANING.match(text.strip())
    words = stems(asks["of"]) if asks is not None else set()
    return len(words) >= 2 and words <= stems(asked)
