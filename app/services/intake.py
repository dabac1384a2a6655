"""Understands a candidate's message: several things at once, each with its place in the text.

Questions, hint requests, "I don't know", jumps and the rest are recognised by the words people use for
them; what a clarifying question is about is decided by the matcher. What is nothing else is an answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache, partial
from itertools import islice, pairwise

from app.domain.catalog import Brief
from app.domain.events import CandidateMessage, Segment
from app.domain.kinds import IntakeKind
from app.domain.speech import Span, clauses, is_question, questions, sentences, stems, words_of
from app.domain.step_names import STEP_NAME, named_step
from app.domain.vocabulary import Frozen, Step
from app.ports import Aims, AskMatch, Matcher
from app.services import attempts, cues, steering
from app.services.asides import Asides, leave_to_go
from app.services.asked_parts import read_questions
from app.services.listed import (
    CUTS_LOOKED_AT,
    About,
    as_listed,
    asks_in_words,
    asks_something,
    goes_on_wishing,
    listed,
    several,
    states,
    wished,
)
from app.services.put_back import UNCLEAR

_FEW = 4
_RELATIVE = re.compile(r"(?:which|who|where|that|as|what (?:we|i|you|it|the)|how (?:we|i|it|the))\b", re.IGNORECASE)
_LONGEST_END = 20
_LONGEST_HINT, _LONGEST_ASKING_HIM = 18, 26
"""Words of a request for a hint; of one that says whom it asks."""
_LONGEST_REQUEST = 20
"""Words of a request to be told how it goes that is not put as a question."""
_A_TOPIC = 3
"""Words with a meaning in which a point is named that help is asked for with."""
_LEAST_SAID = 4
"""Words after a request from which they are something of their own."""
_OWN_WORDS = {IntakeKind.ANSWER, IntakeKind.ASSUMPTION}


class Around(Frozen):
    """What stands around a sentence.

    Attributes:
        before: the sentence before it.
        after: the sentence after it, and what that is.
        offered: whether "Hint, or move on?" was just asked.
        invited: whether the candidate's own questions were invited.
    """

    before: Span | None
    after: Span | None
    after_kind: IntakeKind | None
    offered: bool
    invited: bool


class IntakeReader:
    """Segments messages; the matcher says which fact or decision a question is about.

    Args:
        matcher: knows the case's questions.
        aims: tells what somebody is after where the words alone do not; without it, a fact of the case.
    """

    def __init__(self, matcher: Matcher, aims: Aims | None = None) -> None:
        self._matcher = matcher
        self._aims = aims

    def read_message(
        self, message: CandidateMessage, brief: Brief, *, offered: bool = False, invited: bool = False, asked: str = ""
    ) -> tuple[Segment, ...]:
        """What the parts of a message are; a board is an answer as a whole, whatever its boxes are called."""
        if message.board:
            return (Segment(kind=IntakeKind.ANSWER, start=0, end=len(message.content)),)
        return self.read(message.content, brief, offered=offered, invited=invited, asked=asked)

    def read(
        self, content: str, brief: Brief, *, offered: bool = False, invited: bool = False, asked: str = ""
    ) -> tuple[Segment, ...]:
        """What the parts of a message are, in order.

        Args:
            content: the message.
            brief: the case.
            offered: whether "Hint, or move on?" was just asked, so that "yes" and "no" mean something.
            invited: whether the candidate's own questions were invited.
            asked: what the interviewer said last, which the candidate may ask back about.
        """
        if cues.PAUSE.fullmatch(content):
            return (Segment(kind=IntakeKind.PLEASANTRY, start=0, end=len(content)),)
        if not readable(content):
            return (Segment(kind=IntakeKind.UNREADABLE, start=0, end=len(content)),)
        about = cache(partial(self._about, brief=brief))
        spans = [part for span in sentences(content) for part in _apart(span, about, offered=offered)]
        attacks = attempts.attacks(content)
        segments: list[Segment] = []
        put: list[Span] = []
        for span, read in zip(spans, _kinds(spans, about, offered=offered, invited=invited), strict=True):
            attacked = any(span.start < end and start < span.end for start, end in attacks)
            kind = IntakeKind.MANIPULATION if attacked else read
            if kind is IntakeKind.QUESTION:
                asks = questions(span) if is_question(span) else as_listed(span, about)
                if not asks:  # has something confirmed in a statement
                    asks = [span]
                if len(asks) > 1 and states(asks[0]):
                    segments.append(self._segment(IntakeKind.ANSWER, asks.pop(0), brief))
                put += [part for ask in asks for part in several(ask, about)]
                continue
            segments.append(self._segment(kind, span, brief))
        unclear = _right_after(spans, [one for one in segments if one.kind is IntakeKind.ASKS_BACK])
        asides = Asides(spans, asked=asked, aims=self._aims, invited=invited)
        segments += read_questions(put, brief, about, unclear=unclear, spans=spans, asides=asides)
        segments = asides.went_on(asides.objections(segments, content), content)
        segments = leave_to_go(_hints_there(segments, content), content)
        marked = [segment for segment in segments if segment.kind is IntakeKind.MANIPULATION]
        segments += [
            Segment(kind=IntakeKind.MANIPULATION, start=start, end=end)
            for start, end in attacks
            if not any(segment.start < end and start < segment.end for segment in marked)
        ]
        return tuple(sorted(segments, key=lambda segment: (segment.start, segment.end)))

    def _segment(self, kind: IntakeKind, span: Span, brief: Brief) -> Segment:
        step = None
        criterion = None
        if kind in {IntakeKind.ADVANCE, IntakeKind.HINT_REQUEST}:
            heading = steering.HEADING.match(span.text)
            step = named_step(heading.group() if heading is not None else _destination(span.text))
            back = steering.GO_BACK.search(span.text)
            if step is None and back is not None and kind is IntakeKind.ADVANCE:
                step = self._step_of(span.text[back.end() :], brief)
            about = steering.TALK_ABOUT.match(span.text)
            if step is None and about is not None:
                step = self._step_of(about["what"], brief)
            if kind is IntakeKind.HINT_REQUEST and step is None:
                criterion = self._point_of(span.text, brief)
            elif kind is IntakeKind.HINT_REQUEST and step is not None:
                topic = _topic_of(span.text)
                near = [
                    found for found in self._matcher.topic(brief, topic) if brief.criterion_by_id[found].step is step
                ]
                criterion = near[0] if near and not _only_step_name(topic, step) else None
        return Segment(kind=kind, start=span.start, end=span.end, step=step, criterion=criterion)

    def _point_of(self, text: str, brief: Brief) -> str | None:
        """The point that help is asked for with, where it is said at some length."""
        asks = cues.HELP.search(text)
        topic = text[asks.end() :] if asks is not None else ""
        if len(stems(topic)) < _A_TOPIC:
            return None
        return next(iter(self._matcher.topic(brief, topic)), None)

    def _step_of(self, topic: str, brief: Brief) -> Step | None:
        """The step of the point that a topic without a step's name is nearest to; None for "that" and the like."""
        if not words_of(topic) or not stems(topic):
            return None
        nearest = self._matcher.topic(brief, topic)
        return brief.criterion_by_id[nearest[0]].step if nearest else None

    def _about(self, span: Span, brief: Brief) -> AskMatch:
        """What a question is about: the whole of it, or the part of it that is recognised best."""
        parts = [part.text for part in clauses(span, least=3) if asks_in_words(part)]
        texts = dict.fromkeys([span.text, *parts])
        return max(self._matcher.asks(brief, [bare(text) for text in texts]), key=lambda match: match.score)


def _apart(span: Span, about: About, *, offered: bool) -> list[Span]:
    """A sentence in two where it asks to go somewhere, ends, or takes a hint, and does something else besides."""
    done = None if span.text.rstrip().endswith("?") else steering.THEN_DONE.search(span.text)
    if done is not None and done.start():
        return [*_apart(_cut(span, done.start(), done.end())[0], about, offered=offered), _cut(span, 0, done.end())[1]]
    ended = steering.DONE_THEN.match(span.text)
    if ended is not None and cues.SCORE.search(span.text, ended.end()):
        return list(_cut(span, len(ended.group().rstrip(" ,;–—-")), ended.end()))
    right = cues.THEN_IF_RIGHT.search(span.text)
    if right is not None and cues.WOULD_DO.search(span.text[: right.start()]):
        return list(_cut(span, right.start(), right.end()))
    request = _request(span.text)
    if request is None:
        wishes = wished(span, about)
        if wishes:
            return wishes
    else:
        for cut in steering.REQUEST_ENDS.finditer(span.text, request.end()):
            asked, rest = _cut(span, cut.start(), cut.end(), closes=" ?")
            if steering.IF_HE_LIKES.fullmatch(rest.text):
                return [asked]
            if rest.words >= _LEAST_SAID and asked.words > 1 and not _RELATIVE.match(rest.text):
                return [asked, rest]
    if not offered and not cues.HINT.search(span.text):
        return [span]
    for cut in islice(cues.JOINS_QUESTION.finditer(span.text), CUTS_LOOKED_AT):
        taken, rest = _cut(span, cut.start(), cut.end())
        takes = cues.HINT.search(taken.text) or (offered and cues.CONSENT.match(taken.text))
        if not takes or cues.HINT.search(rest.text) or not is_question(rest):
            continue
        match = about(rest)
        if cut["sure"] or match.fact is not None or match.decision is not None:
            return [taken, rest]
    return [span]


def _kinds(spans: Sequence[Span], about: About, *, offered: bool, invited: bool) -> list[IntakeKind]:
    """What each sentence is, told from the last on: what follows a question tells whom it is put to."""
    kinds: list[IntakeKind] = []
    for place in reversed(range(len(spans))):
        around = Around(
            before=spans[place - 1] if place else None,
            after=spans[place + 1] if kinds else None,
            after_kind=kinds[-1] if kinds else None,
            offered=offered,
            invited=invited,
        )
        kinds.append(_kind(spans[place], about, around=around))
    return kinds[::-1]


def _kind(span: Span, about: About, *, around: Around) -> IntakeKind:
    text = span.text
    if cues.ANSWER_PLEASE.search(text):
        return IntakeKind.ASKS_ANSWER
    of_guess = around.before is not None and cues.checks_guess(text, before=around.before.text)
    if cues.SCORE.search(text) and (is_question(span) or span.words <= _LONGEST_REQUEST) and not of_guess:
        return IntakeKind.ASKS_SCORE
    if around.invited and cues.OF_MY_DESIGN.search(text):
        return IntakeKind.ASKS_SCORE
    if cues.HINT_NOT.search(text):
        return IntakeKind.REFUSAL
    own = cues.IN_QUOTES.sub("", text)
    if cues.HELP.search(own) and span.words <= _LONGEST_ASKING_HIM and not about(span).known:
        return IntakeKind.HINT_REQUEST
    longest = _LONGEST_ASKING_HIM if cues.ASKS_HIM_TO.search(text) else _LONGEST_HINT
    if cues.HINT.search(text) and span.words <= longest and not _is_no_request(text):
        return IntakeKind.HINT_REQUEST
    if around.offered or around.invited:
        if cues.CONSENT.match(text) and around.offered:
            return IntakeKind.CONSENT
        if cues.REFUSAL.match(text) or steering.NOTHING_MORE.match(f"{text} "):
            return IntakeKind.REFUSAL
        if around.invited and steering.NO_MORE.match(text) and not is_question(span):
            return IntakeKind.REFUSAL
        if around.offered and cues.LEAVES_IT.match(text):
            return IntakeKind.REFUSAL
        if around.invited and span.words <= 25 and steering.FAREWELL.match(text):
            return IntakeKind.REFUSAL
    if span.words <= _LONGEST_END and _ends(text):
        return IntakeKind.END
    if steering.PARK.search(text) and span.words <= 16 and not steering.LATER_STEP.search(text):
        return IntakeKind.PARK
    if steering.DONE.match(text) or _request(text) or (steering.ADVANCE.search(text) and _moves_on(span)):
        return IntakeKind.ADVANCE
    if steering.TALK_ABOUT.match(text) and around.after is None and not about(span).known:
        return IntakeKind.ADVANCE
    if steering.HEADING.match(text) and not is_question(span):
        return IntakeKind.ADVANCE
    if UNCLEAR.search(text) and span.words <= 16 and not is_question(span):
        return IntakeKind.ASKS_BACK
    unquoted = cues.QUOTED.sub("", text)
    unknown = cues.DONT_KNOW.search(unquoted)
    if unknown is not None and span.words <= 25:
        guesses = cues.GUESSES_ON.search(unquoted, unknown.end()) or cues.A_DETAIL.search(unquoted)
        beside = _is_beside(unquoted[: unknown.start()], unquoted[unknown.end() :])
        return IntakeKind.ANSWER if guesses or beside else IntakeKind.DONT_KNOW
    if cues.PLEASANT.match(text):
        return IntakeKind.PLEASANTRY
    if cues.OFF_TOPIC.search(text) and span.words <= 25:
        return IntakeKind.OFF_TOPIC
    asks_to_assume = cues.ASKS_TO_ASSUME.search(text) is not None and cues.EITHER_OR.search(text) is None
    if asks_to_assume and about(span).fact is None:
        return IntakeKind.ASSUMPTION
    if _goes_on_listing(span, around.before):
        return IntakeKind.ANSWER
    if is_question(span):
        return IntakeKind.ANSWER if _thinks_aloud(span, around, about) else IntakeKind.QUESTION
    if cues.CONFIRMS.search(own):
        return IntakeKind.QUESTION
    if around.before is not None and goes_on_wishing(around.before, span):
        return IntakeKind.QUESTION
    asked_before = around.before is not None and asks_something(around.before)
    if listed(span, about, follows=asked_before):
        return IntakeKind.QUESTION
    if cues.ASSUME.search(text):
        return IntakeKind.ASSUMPTION
    return IntakeKind.ANSWER


def _goes_on_listing(span: Span, before: Span | None) -> bool:
    """Whether a sentence adds to what one would look at ("And how much fraud it catches."), and asks nothing."""
    if before is None or is_question(before) or span.text.rstrip().endswith("?"):
        return False
    return cues.AND_HOW.match(span.text) is not None and cues.WANTS_TO_SEE.search(before.text) is not None


def _thinks_aloud(span: Span, around: Around, about: About) -> bool:
    """A question that the candidate goes on to answer, unless there is a fact or a decision to answer it with."""
    before, after = around.before, around.after
    if cues.PUT_TO_HIM.search(span.text):
        return False
    if after is None or around.after_kind not in _OWN_WORDS or cues.ASKS_ON.match(after.text):
        return False
    if cues.tells_what_hangs_on_it(span.text, after.text):
        return False
    if cues.DELEGATES.search(span.text) or cues.ASKS_WHAT_IS_KNOWN.search(span.text):
        return False
    asked_before = before is not None and is_question(before)
    if cues.BARE_WH.fullmatch(span.text) and after.words >= _LEAST_SAID and not asked_before and not around.invited:
        return cues.TELLS_WHY.match(after.text) is None
    if not around.invited and cues.ANSWERS_YES_OR_NO.match(after.text) and cues.YES_OR_NO.match(span.text):
        return True
    if cues.RHETORICAL_ANSWER.match(after.text):
        return all(about(part).fact is None for part in (span, *questions(span)))
    if (
        asked_before
        or around.invited
        or not cues.SELF_POSED.match(span.text)
        or not cues.ANSWERS_ONESELF.match(after.text)
    ):
        return False
    return not about(span).sure


def _ends(text: str) -> bool:
    """Whether a sentence asks to end the interview, and not something in the design."""
    if steering.HAS_TO_LEAVE.match(text):
        return True
    return steering.END_NAMED.search(text) is not None or (
        steering.END.search(text) is not None and steering.SOME_TIME.search(text) is None
    )


def _is_beside(before: str, after: str) -> bool:
    """Whether "I don't know" is a reason or a detail of something that is said around it."""
    reason = cues.UNKNOWN_ASIDE.search(before) is not None and cues.STUCK.search(before) is None
    return reason and len(words_of(before)) > _FEW and bool(words_of(after))


def _moves_on(span: Span) -> bool:
    """A jump names a step or stands almost alone; "next, I'd train a tree" is an answer."""
    named = STEP_NAME.search(span.text)
    return span.words <= 5 or (named is not None and span.words <= 14)


def _right_after(spans: Sequence[Span], segments: Sequence[Segment]) -> set[int]:
    """Where the sentences begin that follow one of the segments."""
    ends = {segment.end for segment in segments}
    return {after.start for span, after in pairwise(spans) if span.end in ends}


def _hints_there(segments: Sequence[Segment], content: str) -> list[Segment]:
    """A hint asked for "there" is for the step that the sentence before goes to, or speaks of by its name."""
    said = sorted(segments, key=lambda segment: segment.start)
    return [_hint_there(segment, before, content) for before, segment in pairwise([None, *said]) if segment is not None]


def _hint_there(segment: Segment, before: Segment | None, content: str) -> Segment:
    text = content[segment.start : segment.end]
    if segment.kind is not IntakeKind.HINT_REQUEST or segment.step is not None or before is None:
        return segment
    goes = before.kind in {IntakeKind.ADVANCE, IntakeKind.ASKS_LEAVE}
    step = before.step if goes and hints_there(text) else None
    if step is None and cues.THERE.search(text):
        named = steering.WHOLE_STEP.search(content[before.start : before.end])
        step = Step(named.lastgroup) if named is not None and named.lastgroup else None
    return segment.model_copy(update={"step": step})


def hints_there(text: str) -> bool:
    """Whether a hint is asked for on what was just spoken of ("a hint on what I'm missing there")."""
    return cues.HINT_THERE.search(text) is not None


def _cut(span: Span, left: int, right: int, *, closes: str = "") -> tuple[Span, Span]:
    """A sentence up to one place in it and from another; the marks that close the first part are off the second."""
    first = Span(start=span.start, end=span.start + left, text=span.text[:left])
    text = span.text[right:].rstrip(closes) if closes else span.text[right:]
    return first, Span(start=span.start + right, end=span.start + right + len(text), text=text)


def _is_no_request(text: str) -> bool:
    """Whether a hint is something in the design ("... is a great hint")."""
    if not text.rstrip().endswith("?") and cues.USES_HINT.search(text):
        return True
    wants = text.rstrip().endswith("?") or cues.WANTS.search(text) is not None
    return not wants and cues.NO_REQUEST.search(text) is not None


def _request(text: str) -> re.Match[str] | None:
    """Where a text asks to go to a step, back or ahead."""
    return steering.GO_BACK.search(text) or steering.GO_TO.search(text) or steering.TAKE_ON.search(text)


def _destination(text: str) -> str:
    """What a request to go back is for; of anything else, the whole text."""
    back = steering.GO_BACK.search(text)
    return text[back.end() :] if back is not None else text


def readable(content: str) -> bool:
    """Whether a message holds letters or digits in a script that an English-speaking interviewer reads."""
    letters = [ch for ch in content if ch.isalpha()]
    if not letters:
        return any(ch.isdigit() for ch in content)
    latin = sum(1 for ch in letters if "LATIN" in unicodedata.name(ch, ""))
    return latin >= 0.5 * len(letters) and bool(words_of(content))


def delegates(text: str) -> bool:
    """Whether a question asks the interviewer to decide ("should I ...?")."""
    return cues.DELEGATES.search(text) is not None


def bare(question: str) -> str:
    """A question without the words that only lead up to it ("So first, ...", "Okay and ...")."""
    return cues.LEAD_IN.sub("", question)


def _topic_of(text: str) -> str:
    match = re.search(r"\b(?:on|about|for|with|regarding)\s+(?:the\s+)?(.+?)[?.!]*$", text, cues.ANY_CASE)
    return match.group(1) if match else text


def _only_step_name(topic: str, step: Step) -> bool:
    """Whether a topic is the step and nothing narrower: "data" is, "features" is not."""
    words = topic.lower().removeprefix("the ").removesuffix(" step").removesuffix(" part").strip(" ?.!")
    return words in {step.value, step.heading.lower(), step.spoken.removeprefix("the "), f"step {step.number}"}
