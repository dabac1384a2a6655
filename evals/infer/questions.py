"""Counts what an interviewer's turn asks for: genuine requests to answer, by the words alone.

Imperatives ("walk me through serving") count. Tags, checks whether one was understood, rhetorical questions
(answered in the same breath, or about the speaker) and quoted ones do not. Two ends of one thought ("which
one, and why?") count once; so does a set-up with the question that it sets up.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain.speech import STOPWORDS, Span, is_question, stem, words_of
from evals.infer.readable import readable
from evals.infer.text import sentences

QUOTED = re.compile(r"[\"“][^\"“”]{1,400}[\"”]")
_LEAD = r"^(?:(?:okay|ok|so|well|and|now|then|alright|all right|right|great|good|sure|fine|thanks|but|also|first|next|finally|lastly|last|perfect|hmm|got it|i see|fair enough|fair|let's see|just|please|maybe|perhaps)\b[\s,.:;!—–-]*)*"
_IMPERATIVE = re.compile(
    _LEAD
    + r"(?:(?:can|could|would|will) you |i(?:'d| would) (?:like|love|want) you to |i want you to |why don't you |go ahead and |feel free to (?!ask))?"
    r"(?:please |just |briefly |quickly )*(?:talk about\b|let(?:'s| me) hear\b|(?:try|think) again\b|(?:go|dig) (?:a bit )?(?:deeper|further|into)\b|make (?:your|the) case\b|(?:walk|talk|take|lead|bring) (?:me|us) (?:through|over|into|from|to|along|step)\b|work .{3,60} out for me\b|(?:tell|show|give|convince|persuade) (?:me|us)\b|explain\b|describe\b|say (?:more|a bit more|something)\b|elaborate\b|define\b|list\b(?! says)|justify\b|sketch\b|outline\b|name (?:one|two|three|a|an|the|some)\b|compare\b|estimate\b|summari[sz]e\b|defend\b|pick (?:one|a|the)\b|choose\b|design\b|suggest\b|propose\b|state (?:your|the|one)\b|put (?:a number|numbers)\b|quantify\b|expand on\b|unpack\b|clarify\b|help me understand\b|share\b(?! that)|specify\b|identify\b|discuss\b|rank (?:the|your|them)\b|be (?:more )?specific\b|(?:(?:don't forget to|make sure (?:to|you)|remember to|be sure to|and do|do|you can|you could|you may|you might) (?:also )?(?:mention|say|tell|cover|include|address|touch|explain|add|comment)\b|also (?:mention|say|cover|include|address|touch|comment)\b|(?:say|spare|add|give|leave) (?:a |one |two |some |a few )?(?:words?|sentences?|lines?|thoughts?) (?:on|about|for)\b|cover\b|mention\b|address\b|include (?:the|your|how|what|who|which)\b|touch (?:on|upon)\b|throw in\b|fold in\b|work in\b|lay|cast|reconcile|trace|spend|comment|begin|start with|argue|break (?:it|this|that) down|sell (?:me|us)|prove|guess|size|price|draw|design|turn [^.]{3,60} into|give (?:it|me|us)|ask (?:me|us)|lead the way|take it from|go through|run (?:me|us) through|set out|frame|formulate|map)\b|(?:numbers|figures|thoughts|reasons|(?:your|one|a|an|the) [\w -]{3,40}),? (?:please|if you please|for [^.]{3,60} please)\b|[^.?!]{3,80}[;:] (?:ask me|tell me|spend|walk me|name|describe|explain|show me|convince me)\b)",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"\b(?:i(?:'d| would) (?:also |still |then )?(?:like|love|be (?:curious|interested|keen|glad)) to (?:hear|know|understand|see|learn)|i(?:'m| am) (?:also )?(?:curious|interested|wondering)(?! in your)|i(?:'d| would) (?:also )?be (?:curious|interested) (?:how|what|who|which|where|when|why|about|in)|i (?:also )?wonder|i (?:also )?need to (?:know|hear)|i want to (?:hear|know|understand)\b(?! (?:if|whether|that) (?:this|the|a|an|each|some))|i(?:'d| would) rather hear|i'd like (?:your|a|an) )",
    re.IGNORECASE,
)
_SET_UP = re.compile(
    _LEAD + r"(?:take|imagine|suppose|say|picture|assume|consider|think of|stay with|let's say|given)\b", re.IGNORECASE
)
# At the end of a turn that asks nothing else: "say everything comes back at forty percent"
_LEFT_TO_ANSWER = re.compile(
    _LEAD + r"(?:say|suppose|assume) (?:that )?(?:i|we|the|a|an|one|every\w*|some\w*|no\w*|half|all|it)\b",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"^(?:(?:does|do|did) (?:that|this|it|these|all that) (?:all )?(?:make sense|sound (?:good|okay|ok|fair|reasonable)|work(?: for you)?|help|answer (?:it|that|your question))|make sense|nothing else|sounds? (?:good|okay|ok|fair)|ready(?: (?:for|to) [^?]*)?|shall we(?: (?:start|begin|continue|move on|go on))?|okay|ok|right|all right|alright|yes|no|clear|fair|fair enough|good|are you ready.*|is that (?:ok|okay|clear|fine|alright|all right)(?: with you)?|(?:you )?know what i mean|you know|isn't it|don't you think|(?:[^,]{1,40}, )?can you (?:believe|imagine) (?:it|that|this)|wouldn't you (?:say|agree)|do you (?:see|follow)(?: (?:that|what i mean))?|are you with me|how does (?:that|this|it) sound|how are you(?: doing)?(?: today)?|can you hear me(?: okay)?|with me(?: so far)?|see)(?: so far| today| then| now| for you)?$",
    re.IGNORECASE,
)
# "What model do you propose, and begin with the humble one.": put like a question, though no mark says so.
_INVERTED = re.compile(
    _LEAD
    + r"(?:how|what|which|where|why)(?: [\w-]+){0,3}? (?:do|does|did|would|will|can|could|should) (?:you|we|it|they|that|this|the|your)\b",
    re.IGNORECASE,
)
_LET_US = re.compile(
    _LEAD
    + r"(?:can|could|shall|should|may) (?:we|i) (?:move|go|turn|get|switch|jump|come|continue|proceed|talk|look|discuss|cover|start(?! with what you)|interrupt|stop|cut)\b|"
    + _LEAD
    + r"(?:can|may) i (?:ask|add|interrupt)\b",
    re.IGNORECASE,
)
_SPEAKER_OWN = re.compile(
    _LEAD
    + r"(?:why (?:do|am) i (?:ask|say|mention|bring|asking|saying)|what do i mean|who (?:doesn't|wouldn't|hasn't)|what(?:'s| is) not to (?:like|love)|who knows|isn't that (?:great|nice|something|wonderful))",
    re.IGNORECASE,
)
_ANSWERS_ITSELF = re.compile(
    r"^(?:well,? |so,? )?(?:because|yes[,.: ]|no[,.: ]|simply|exactly|obviously|of course|the (?:short |simple |usual |right )?answer|that's (?:because|why|where|when|what)|it(?:'s| is) (?:because|simply|just)|not (?:much|really|at all)|nothing\b|everything\b|not at all|hardly|a lot\b|by (?:\w+ing)\b)",
    re.IGNORECASE,
)
_RESUMES = re.compile(r"(?:well,? |so,? )?(?:it|we|they|that|this|you|one|i)\b", re.IGNORECASE)
_SECOND_END = re.compile(
    r"^(?:and |or |but )?(?:then )?(?:why(?: (?:is that|so|that(?: one| way)?|not|this one|those|these|do you think (?:so|that)))?|how(?: so| come| exactly)?|why or why not|in what way|what makes you (?:say|think) (?:so|that)|how much|how often|what for|since when|where exactly|when|which (?:ones?|way)|at what cost|to what end|by how much|or not|what else|anything else|give me (?:a|an|one) (?:case|example|instance|number|figure)|for example|such as|like what)$",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"(?:,\s*(?:and|or)?\s*|\s+and\s+|;\s*|\s+[-–—]+\s+|\s+or\s+)(?=(?:also\s+|then\s+)?(?:how|what|what's|which|who|whose|where|when|why|are there|is there|is it|do you|does it|did you|can you|could you|would you|should we|will you|have you)\b)"
    r"|,?\s+and\s+(?:also\s+|then\s+)?(?=(?:describe|explain|tell me|walk me|list|give me|show me|compare|name|estimate|define|outline)\b)",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\b(?:how|what|what's|which|who|whom|whose|where|when|why|are|is|do|does|did|can|could|should|will|would|have|has)\b",
    re.IGNORECASE,
)
_ANAPHOR = re.compile(
    r"\b(?:it|that|this|those|these|them|they|each|one(?! another)|there|its|their|here|such|you'd do so)\b",
    re.IGNORECASE,
)
_REPHRASED = re.compile(
    r"^(?:i mean|in other words|that is|i\.e\.|put differently|put another way|meaning|say|for instance|for example|like|specifically|concretely|or rather|namely)\b",
    re.IGNORECASE,
)
_TOPIC_ALONE = re.compile(
    r"^(?:and |so |now |then |or |but )*(?:what about|how about|on to|next up|and)? ?(?:the |your |its )?(?:[\w-]+ ){0,3}[\w-]+$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:and |so |now )*(?:what|how) about\b", re.IGNORECASE)
# "On forty GPUs?" asks by itself; "Deployment?" only names what the next sentence asks about.
_CIRCUMSTANCE = re.compile(
    r"(?:and |so |but )?(?:on(?! to\b)|in|with|for|at|by|from|within|without|under)\b", re.IGNORECASE
)
_TASK = re.compile(r"\b(?:design|build|come up with)\b", re.IGNORECASE)
_STATES_TASK = re.compile(
    _LEAD
    + r"(?:(?:your )?(?:task|job|problem|challenge)(?: today)?(?: is to|:) ?)?(?:please )?(?:(?:design|build|come up with)\b|begin[.!]*$)",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"(?:(?:and|so|but|okay|then)\s+)*(?:when|if|once|while|after|before|where|what if|with|given|for|from|of|among|between|besides|out of|instead of)\s+(?!(?:do|does|did|is|are|was|would|will|should|can|could|have|has)\b)",
    re.IGNORECASE,
)
# "How do you know, on the day of training, what comes later?" asks once.
_LEARNS = re.compile(r"\b(?:know|tell|see|say|decide|find out|guess|predict|learn|check|show)\b[^?]*$", re.IGNORECASE)
_STATES = re.compile(_LEAD + r"(?:let's|let us|we'll|we will|i'll|i will|it's)\b", re.IGNORECASE)
_OTHER_HALF = re.compile(r"(?:\bnot|n't|\bno longer(?: \w+)?|\bneither)$", re.IGNORECASE)
# A line of a list, and one that only states something under a name: "Row size: twelve homes".
_BULLET = re.compile(r"\s*(?:[-•]|\d{1,2}[.)])\s")
_ENTRY = re.compile(r"[^?]{1,40}:[^?]*$")
# "You'd retrain daily?" says again what the next question is about.
_ECHO = re.compile(_LEAD + r"you(?:'d|'ll|'re|'ve)?\b", re.IGNORECASE)
# "What do you optimise? Clicks? Watch time?" offers answers; "And online?" asks on.
_OFFERED = 3
_ADDS = re.compile(r"(?:and|but|then|what|how)\b", re.IGNORECASE)
_TAIL = 2
# From three requests in a sentence on each counts, however short: that is a list, not two ends of one thought.
_ENUMERATED = 3
_SHORT_END = 4
# As in the guard: a second end of up to seven words goes with the first.
_POINTING_END = 7


@lru_cache(maxsize=8_192)
def count_questions(text: str, *, opens: bool = False) -> int:
    """How many genuine requests to answer a turn holds; 0 where it asks nothing.

    Each item of a list counts once at most, and what announces the list ("Please tell me:") not beside its items.

    Args:
        text: the whole turn.
        opens: the turn states the problem; "design a system that ..." is then the problem, not a request.
    """
    plain = readable(QUOTED.sub("that", text.replace("’", "'")))
    spans = sentences(plain)
    items = [_item(plain, span) for span in spans]
    asked: list[Request] = []
    announced, asking = False, set[int]()
    for place, (sentence, item) in enumerate(zip(spans, items, strict=True)):
        following = spans[place + 1] if place + 1 < len(spans) else None
        if item is not None:
            if not _ENTRY.match(sentence.text) and _requests(sentence, following, []):
                asking.add(item)
            continue
        own = _requests(sentence, following, asked)
        if sentence.text.endswith(":") and following is not None and items[place + 1] is not None:
            announced = announced or bool(own)
        else:
            asked.extend(each for each in own if not (opens and _STATES_TASK.match(each)))
    entries = len(set(items) - {None})
    listed = entries if announced and 2 * len(asking) < entries else len(asking)
    if not asked and not listed and not opens and spans and _LEFT_TO_ANSWER.match(spans[-1].text):
        return 1
    return len(asked) + listed


def _item(text: str, span: Span) -> int | None:
    """Where the bullet or number stands that a sentence belongs to; None for one outside of lists."""
    start = text.rfind("\n", 0, span.start) + 1
    return start if _BULLET.match(text, start) else None


class Request(str):
    """A request to answer, by its words; `imperative` where it is no question."""

    imperative: bool = False


def _requests(sentence: Span, following: Span | None, before: list[Request]) -> list[Request]:
    text = sentence.text.strip().strip("\"')*_ ")
    if not text.endswith("?"):
        imperative = _IMPERATIVE.match(text) or _WISH.search(text)
        unmarked = _is_unmarked(sentence)
        if not imperative and not unmarked:
            return []
        parts = _parts(text) if imperative else [text]
        if before and not unmarked and _REPHRASED.match(text):
            return []
        found = [_request(parts[0], imperative=bool(imperative))]
        if before and _second_end(parts[0], before[-1]):
            found = []
        return found + [_request(part) for part in parts[1:] if not _second_end(part, found[-1] if found else parts[0])]
    return _questions(text, following, before)


def _is_unmarked(sentence: Span) -> bool:
    return _INVERTED.match(sentence.text) is not None or (
        is_question(sentence)
        and re.match(
            _LEAD + r"(?:how|what|which|who|where|why)\b(?!.*\b(?:is|are) (?:important|key|clear)\b)",
            sentence.text,
            re.IGNORECASE,
        )
        is not None
        and re.search(r"\b(?:you|we)\b", sentence.text, re.IGNORECASE) is not None
    )


def _questions(text: str, following: Span | None, before: list[Request]) -> list[Request]:
    found: list[Request] = []
    for whole in [part for part in re.split(r"\?+", text) if part.strip()]:
        plain = re.sub(_LEAD, "", whole.strip(" ,.!\"'"), flags=re.IGNORECASE).strip(" ,.!\"'")
        if not plain and not whole.strip():
            continue
        if _TAG.match(plain or whole.strip(" ,.!")) or _SPEAKER_OWN.match(whole) or _LET_US.match(whole):
            continue
        if following is not None and _answered(plain, following.text):
            continue
        parts = _parts(re.sub(r",\s*(?:right|okay|ok|yes|no|correct)\s*$", "", whole))
        if len(parts) == 2 and len(words_of(parts[1])) <= _POINTING_END and re.search(r",\s+(?:and|or)\b", whole):
            parts = parts[:1]
        enumerated = len(parts) >= _ENUMERATED
        for part in parts:
            previous = found[-1] if found else (before[-1] if before else None)
            if _TAG.match(part):
                continue
            if previous is not None and not (enumerated and found) and _second_end(part, previous, across=not found):
                continue
            found.append(_request(part))
    return found


def _answered(question: str, following: str) -> bool:
    """Whether the next sentence answers a question: "What does that tell us? It tells us that ..."."""
    if following.endswith("?"):
        return False
    own = _content(question)
    return _ANSWERS_ITSELF.match(following) is not None or (
        bool(own) and _RESUMES.match(following) is not None and own <= _content(following)
    )


def _request(text: str, *, imperative: bool = False) -> Request:
    made = Request(text)
    made.imperative = imperative
    return made


def _parts(text: str) -> list[str]:
    """The single requests of a sentence, as far as each has a head and a body of its own."""
    cuts = [0, *(match.end() for match in _CUT.finditer(text))]
    starts = [*(match.start() for match in _CUT.finditer(text)), len(text)]
    parts: list[str] = []
    for place, (left, right) in enumerate(zip(cuts, starts, strict=True)):
        part = text[left:right].strip(" ,;:—–-")
        joined = text[starts[place - 1] : left].lower() if place else ""
        set_up = bool(parts) and (
            _HEAD.search(parts[-1]) is None
            or _WHEN.match(parts[-1]) is not None
            or _STATES.match(parts[-1]) is not None
        )
        if set_up and not _IMPERATIVE.match(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"  # a set-up: "if it rains, what ..."
        elif parts and _subordinate(parts[-1], part, joined):
            parts[-1] = f"{parts[-1]} {part}"
        else:
            parts.append(part)
    return [part for part in parts if part]


def _subordinate(previous: str, part: str, joint: str) -> bool:
    """Whether a part belongs to the one before: a clause of time or place, alternatives, an object."""
    if re.match(r"(?:when|where|which|who|whose)\b", part, re.IGNORECASE) and "and" not in joint and "or" not in joint:
        return not re.match(
            r"(?:which|where|when|who) (?:do|does|would|will|is|are|can|could|should)\b", part, re.IGNORECASE
        )
    if (
        not re.search(r"\b(?:and|or)\b", joint)
        and _LEARNS.search(previous)
        and re.match(r"(?:how|what|which|who|where|when|why)\b", part, re.IGNORECASE)
    ):
        return True
    if "or" in joint.split() and re.match(r"(?:is|are|do|does|would|did|can|could|should)\b", part, re.IGNORECASE):
        return True
    if _IMPERATIVE.match(previous) and re.match(r"(?:how|what|which|who|where|when|why)\b", part, re.IGNORECASE):
        # "tell me what goes in and what comes out": the objects of one request
        return "and" not in joint or len(words_of(previous)) <= 12
    return bool(
        re.match(r"what (?:goes|comes|counts|is|are)\b", part, re.IGNORECASE)
        and len(words_of(part)) <= _POINTING_END
        and re.search(r"\bwhat (?:goes|comes|counts|is|are)\b", previous, re.IGNORECASE)
    )


def _second_end(part: str, previous: str, *, across: bool = False) -> bool:
    """Whether a request only goes on with the one before it; `across` says that a sentence ends between them."""
    plain = re.sub(r"^(?:and|or|but|so)\s+(?:also\s+)?", "", part.strip(" ,.!?"), flags=re.IGNORECASE)
    if _SECOND_END.match(plain) or _REPHRASED.match(plain):
        return True
    words = words_of(plain)
    offered = across and len(words) <= _OFFERED and _HEAD.search(previous) is not None and not _HEAD.search(part)
    if offered and not _ADDS.match(part) and not (isinstance(previous, Request) and previous.imperative):
        return True
    if (across and _ECHO.match(previous)) or (not _HEAD.search(part) and re.search(r"\bor\b", part)):
        return True
    if (
        _TOPIC_ALONE.match(previous)
        and not _CIRCUMSTANCE.match(previous)
        and (not _HEAD.search(previous) or (not across and _ABOUT.match(previous)))
    ):
        return True
    if isinstance(previous, Request) and previous.imperative and _TASK.search(previous):
        return True
    if re.match(
        r"(?:how (?:do|would|could|will|can) (?:you|we|they|i) (?:know|tell|notice|find out)|what goes in)\b",
        plain,
        re.IGNORECASE,
    ):
        return True
    if not across and len(words) <= _TAIL:
        return True
    if len(words) <= 3 and plain.split()[0].lower() == previous.split()[0].lower():
        return True
    if not across and len(words) <= _POINTING_END and (_ANAPHOR.search(plain) or _OTHER_HALF.search(plain)):
        return True
    if len(words) <= _SHORT_END and re.match(r"(?:why|how|in what)\b", plain, re.IGNORECASE) and _ANAPHOR.search(plain):
        return True
    own, other = _content(plain), _content(previous)
    if own and other and len(own & other) >= 0.75 * len(own):
        return True
    if isinstance(previous, Request) and previous.imperative:
        return (
            not own - other
            or (_ANAPHOR.search(plain) is not None and len(words) <= 14)
            or re.match(r"(?:what|how|who|where) (?:happens|runs|goes)\b", plain, re.IGNORECASE) is not None
        )
    return (
        re.match(r"(?:why|what makes) (?:that|this|it|those|these|you)\b", plain, re.IGNORECASE) is not None
        and len(words) <= 7
    )


def _content(text: str) -> set[str]:
    return {stem(word) for word in words_of(text) if word not in STOPWORDS}
