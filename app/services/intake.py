"""Understands a candidate's message: several things at once, each with its place in the text.

Questions, hint requests, "I don't know", jumps and the rest are recognised by the words people use for
them; what a clarifying question is about is decided by the matcher. What is nothing else is an answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from app.domain.catalog import Brief
from app.domain.events import IntakeKind, Segment
from app.domain.speech import Span, is_question, questions, sentences, words_of
from app.domain.vocabulary import Step
from app.ports import Matcher

_I = re.IGNORECASE
_STEP_WORDS: dict[Step, str] = {
    Step.REQUIREMENTS: r"requirements?|business goals?|scope|scoping",
    Step.FRAMING: r"framing|problem formulation|ml (?:task|objective|problem)|formulation",
    Step.DATA: r"data(?: prep\w*| pipeline)?|features?|feature engineering|labels?",
    Step.MODELING: r"modell?ing|models?(?: choice| architecture| development)?|architecture of the model|training|loss",
    Step.EVALUATION: r"evaluations?|metrics?|offline metrics|experiments?|a/?b tests?|evals?",
    Step.SERVING: r"serving|deployment|deploying|inference|online serving|latency",
    Step.MONITORING: r"monitoring|infrastructure|infra|drift|retraining|operations|mlops",
}
_STEP_NAME = re.compile("|".join(f"(?P<{step}>\\b(?:{words})\\b)" for step, words in _STEP_WORDS.items()), _I)
_HINT = re.compile(
    r"\b(?:hints?|nudge me|a nudge|a clue|point me (?:in|to)|help me out|(?:some|a bit of|little) help|give me a pointer)\b", _I
)
_HINT_NOT = re.compile(r"\b(?:no|don't (?:need|want)|without|not need|skip the) (?:a |any |the )?hints?\b", _I)
_DONT_KNOW = re.compile(
    r"\b(?:i (?:really |honestly |just )?(?:don't|dont|do not) know|no idea|no clue|not a clue|(?:i'm|im|i am) (?:stuck|lost|drawing a blank|blanking)|"
    r"(?:i )?(?:can't|cant|cannot) think of (?:anything|one|any)|i(?:'d| would)? pass\b|beats me|(?:i'm|i am) not (?:really )?(?:sure|familiar)(?: (?:with|about|on) (?:this|that|it))?\s*[.!]?$|"
    r"never (?:worked with|used|done) (?:this|that|it)|idk|dunno|not sure(?: (?:about|on) (?:this|that))?\s*[.!,]?$|haven't (?:thought|worked))",
    _I,
)
_ADVANCE = re.compile(
    r"(?:\b(?:let's|lets|let us|can we|could we|shall we|i'd like to|i want to|i'll|i will|happy to|ready to|we can)\s+(?:now\s+|please\s+)?"
    r"(?:move on|move to|move forward|go on to|go to|jump (?:ahead )?to|switch to|skip (?:ahead )?to|proceed|continue (?:to|with)|talk about|turn to|get to|go ahead to)\b"
    r"|^(?:(?:ok|okay|so|right|alright|and|now)[,. ]+)*(?:next(?:[ ,:]+(?:step|up|one|topic|please|question))?|moving on(?: to)?|on to|onto|move on|skip(?: this| it)?|now)\b(?=[\s,.:!]*(?:to|the|please|my|$|{steps}))"
    r"|^(?:next|moving on|onwards)\b)".replace("{steps}", "|".join(_STEP_WORDS.values())),
    _I,
)
_PARK = re.compile(r"\b(?:(?:come|get|circle) back to (?:this|that|it)|park (?:this|that|it)|leave (?:this|that|it) for (?:later|now)|later on this)\b", _I)
_END = re.compile(
    r"\b(?:end (?:the|this|our) (?:interview|session)|(?:let's|lets|we can|can we|i(?:'d| would) like to|i want to) (?:end|stop|finish|wrap up)(?: here| now| it| this| the interview| there)?\s*[.!?]?$|"
    r"(?:i'm|im|i am|we're) done(?: here| with the interview)?\s*[.!]?$|that(?:'s| is) (?:all|it|everything) (?:from me|i have|i've got)|finish the interview)",
    _I,
)
_SCORE = re.compile(
    r"\b(?:(?:what(?:'s| is| was)?|tell me|give me|show me|share|see) (?:is )?(?:my|the|a) (?:current )?(?:scores?|ratings?|grades?|verdict|scorecard|evaluation so far)|"
    r"how (?:am i|did i|i'm) (?:doing|do|perform\w*|going)|did i pass|am i (?:passing|on track|hired)|"
    r"(?:is|was) (?:that|this|it) (?:right|correct|a good (?:answer|choice)|good enough|what you(?:'re| are| were) looking for))\b",
    _I,
)
_ANSWER_PLEASE = re.compile(
    r"\b(?:(?:tell|give|show|send|print|share|read)(?: me| us)? (?:the |your |a )?(?:full |right |correct |model |reference |ideal |expected |complete )*(?:answers?|solutions?|rubric|criteria|reference notes?|grading guide|scoring guide|marking scheme)|"
    r"what(?:'s| is| would be) the (?:right|correct|ideal|model|expected|reference|best) (?:answer|solution|response)|what (?:answer )?are you (?:looking for|expecting)|what(?:'s| is) (?:on|in) (?:the|your) (?:rubric|checklist)|"
    r"just (?:tell me|give me) (?:the answer|what to say|it))\b",
    _I,
)
_MANIPULATION = re.compile(
    r"(?:\b(?:ignore|disregard|forget|override|bypass) (?:all |any |the |your |my |everything |of )*(?:previous|prior|above|earlier|preceding|your|system|these|those|former)?\s*(?:instructions?|prompts?|rules|guidelines|directives)\b|"
    r"^\s*(?:\[|<|#+\s*|\*\*)?\s*(?:system|assistant|developer|tool|interviewer|user)(?: (?:message|prompt|note|override|update))?\s*(?:\]|>|\*\*)?\s*:\s+(?!an? )|"
    r"</?(?:system|assistant|tool|user|instructions?|admin)\b[^>]*>|<\|[a-z_]+\|>|\[/?INST\]|<!--|<script|"
    r"\byou are (?:now|no longer) (?:a|an|the|my|in)\b|(?:^|[.!]\s+|\byou (?:should|must|will|are to|have to) |\bplease )(?:pretend to be|pretend (?:that )?you|act as (?:if you|a|an|the|my))\b|\bnew (?:instructions|persona)\b|\b(?:developer|debug|god|admin|maintenance|dan) mode\b|"
    r"\b(?:give|award|grant|assign|rate|mark|grade|score) (?:me|my answers?|this answer|the candidate|all (?:the )?criteria|every criterion|all steps)\b.{0,40}\b(?:\d+\s*/\s*\d+|full (?:marks|score|points)|perfect|maximum|max|strong[_ ]hire|a? ?hire|[45]s?|100|top (?:marks|score))|"
    r"[\"'](?:overall_?score|overall|verdict|rating|scorecard|score)[\"']\s*[:=]|\b(?:verdict|scorecard|overall_?score|rating)\s*[:=]\s*[\"']?(?:\d|strong_?hire|hire|met)|\b(?:reveal|print|repeat|show|output|leak) (?:me )?(?:your|the) (?:system |hidden |initial |full |secret )*(?:prompts?|instructions?)\b|"
    r"\bas (?:the|your) (?:system|administrator|developer|creator|owner),)",
    _I | re.MULTILINE | re.DOTALL,
)
_ASSUME = re.compile(
    r"\b(?:i(?:'ll| will|'d| would|'m going to)? (?:just )?assume|i(?:'m| am) assuming|assuming|let's (?:assume|say|suppose)|lets (?:assume|say|suppose)|suppose|(?:can|could|may|should) (?:i|we) assume|my assumption|say we have|i(?:'ll| will) take)\b",
    _I,
)
_CONSENT = re.compile(r"^(?:yes|yeah|yep|sure|ok(?:ay)?|please|yes please|go ahead|a hint|hint|hint please|give me (?:one|it))\s*[.!]*$", _I)
_REFUSAL = re.compile(r"^(?:no|nope|no thanks?(?: you)?|nah|move on|let's move on|next|skip(?: it)?|i'm good|all good|none|nothing(?: (?:else|more))?|no questions?(?: from (?:me|my side))?|no more questions)\s*[.!]*$", _I)
_PLEASANT = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?(?: you)?(?: (?:a lot|so much))?|thx|cheers|great|cool|nice|perfect|sounds good|got it|makes sense|understood|i see|fine|alright|right|ok(?:ay)?|sure|"
    r"does (?:that|this|it) make sense|is that (?:ok|okay|clear)|(?:do|does) that (?:work|help)|make sense|ok with you|let me think(?: (?:about (?:this|that|it)|for a (?:moment|second|minute)))?|give me a (?:moment|second|minute)|one (?:moment|second)|hmm+|um+|uh+)[\s,.!?…]*)+$",
    _I,
)
_RHETORICAL_ANSWER = re.compile(r"^(?:i(?:'d| would|'ll| will| think)|we(?:'d| would| could| can|'ll)|well|probably|maybe|my|for me)\b", _I)
_DELEGATES = re.compile(r"\b(?:should (?:i|we)|do you want (?:me|us)|would you (?:like|prefer)|shall (?:i|we)|can (?:i|we)|what (?:should|do) we|which (?:one )?should)\b", _I)
_OFF_TOPIC = re.compile(
    r"\b(?:weather|football|soccer|joke|poem|recipe|lottery|who (?:are|made|built|trained) you|are you (?:an? )?(?:ai|bot|human|robot|chatgpt|gpt)|what(?:'s| is) your name|capital of|salary|compensation|stock price|horoscope|sing)\b", _I
)


class IntakeReader:
    """Segments messages; the matcher says which fact or decision a question is about."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def read(self, content: str, brief: Brief, *, offered: bool = False, invited: bool = False) -> tuple[Segment, ...]:
        """What the parts of a message are, in order.

        Args:
            content: the message.
            brief: the case.
            offered: whether "Hint, or move on?" was just asked, so that "yes" and "no" mean something.
            invited: whether the candidate's own questions were invited.
        """
        if not readable(content):
            return (Segment(kind=IntakeKind.UNREADABLE, start=0, end=len(content)),)
        spans = sentences(content)
        attack = _MANIPULATION.search(content)
        segments: list[Segment] = []
        asked: list[Span] = []
        for place, span in enumerate(spans):
            after = spans[place + 1].text if place + 1 < len(spans) else ""
            kind = self._kind(span, after=after, alone=len(spans) == 1, offered=offered, invited=invited)
            if attack is not None and span.start < attack.end() and attack.start() < span.end:
                kind = IntakeKind.MANIPULATION
            if kind is IntakeKind.QUESTION:
                asked += questions(span)
                continue
            segments.append(self._segment(kind, span, brief))
        segments += self._questions(asked, brief)
        if attack is not None and not any(segment.kind is IntakeKind.MANIPULATION for segment in segments):
            segments.append(Segment(kind=IntakeKind.MANIPULATION, start=attack.start(), end=attack.end()))
        return tuple(sorted(segments, key=lambda segment: (segment.start, segment.end)))

    def _kind(self, span: Span, *, after: str, alone: bool, offered: bool, invited: bool) -> IntakeKind:
        text = span.text
        if _ANSWER_PLEASE.search(text):
            return IntakeKind.ASKS_ANSWER
        if _SCORE.search(text):
            return IntakeKind.ASKS_SCORE
        if _HINT_NOT.search(text):
            return IntakeKind.REFUSAL
        if _HINT.search(text) and span.words <= 18:
            return IntakeKind.HINT_REQUEST
        if offered or invited:
            if _CONSENT.match(text) and offered:
                return IntakeKind.CONSENT
            if _REFUSAL.match(text):
                return IntakeKind.REFUSAL
        if _END.search(text) and span.words <= 14:
            return IntakeKind.END
        if _PARK.search(text) and span.words <= 16:
            return IntakeKind.PARK
        if _ADVANCE.search(text) and self._moves_on(span):
            return IntakeKind.ADVANCE
        if _DONT_KNOW.search(text) and span.words <= 25:
            return IntakeKind.DONT_KNOW
        if _PLEASANT.match(text):
            return IntakeKind.PLEASANTRY
        if _OFF_TOPIC.search(text) and span.words <= 25:
            return IntakeKind.OFF_TOPIC
        if is_question(span):
            thinking_aloud = after and not is_question(_as_span(after)) and _RHETORICAL_ANSWER.match(after)
            return IntakeKind.ANSWER if thinking_aloud and not _DELEGATES.search(text) else IntakeKind.QUESTION
        if _ASSUME.search(text):
            return IntakeKind.ASSUMPTION
        return IntakeKind.ANSWER

    def _moves_on(self, span: Span) -> bool:
        """A jump names a step or stands almost alone; "next, I'd train a tree" is an answer."""
        named = _STEP_NAME.search(span.text)
        return span.words <= 5 or (named is not None and span.words <= 14)

    def _segment(self, kind: IntakeKind, span: Span, brief: Brief) -> Segment:
        step = None
        criterion = None
        if kind in {IntakeKind.ADVANCE, IntakeKind.HINT_REQUEST}:
            step = named_step(span.text)
            if kind is IntakeKind.HINT_REQUEST and step is not None:
                topic = _topic_of(span.text)
                near = [found for found in self._matcher.topic(brief, topic) if brief.criterion_by_id[found].step is step]
                criterion = near[0] if near and not _only_step_name(topic, step) else None
        return Segment(kind=kind, start=span.start, end=span.end, step=step, criterion=criterion)

    def _questions(self, spans: Sequence[Span], brief: Brief) -> list[Segment]:
        matches = self._matcher.asks(brief, [span.text for span in spans])
        return [
            Segment(kind=IntakeKind.QUESTION, start=span.start, end=span.end, fact=match.fact, decision=match.decision)
            for span, match in zip(spans, matches, strict=True)
        ]


def readable(content: str) -> bool:
    """Whether a message holds letters or digits in a script that an English-speaking interviewer reads."""
    letters = [ch for ch in content if ch.isalpha()]
    if not letters:
        return any(ch.isdigit() for ch in content)
    latin = sum(1 for ch in letters if "LATIN" in unicodedata.name(ch, ""))
    return latin >= 0.5 * len(letters) and bool(words_of(content))


def named_step(text: str) -> Step | None:
    """The step that a text names, if it names one ("let's talk about serving")."""
    match = _STEP_NAME.search(text)
    return Step(match.lastgroup) if match is not None and match.lastgroup else None


def delegates(text: str) -> bool:
    """Whether a question asks the interviewer to decide ("should I ...?")."""
    return _DELEGATES.search(text) is not None


def _as_span(text: str) -> Span:
    return Span(start=0, end=len(text), text=text)


def _topic_of(text: str) -> str:
    match = re.search(r"\b(?:on|about|for|with|regarding)\s+(?:the\s+)?(.+?)[?.!]*$", text, _I)
    return match.group(1) if match else text


def _only_step_name(topic: str, step: Step) -> bool:
    return re.fullmatch(rf"(?:the\s+)?(?:{_STEP_WORDS[step]})(?:\s+(?:step|part|side|one))?", topic.strip(), _I) is not None
