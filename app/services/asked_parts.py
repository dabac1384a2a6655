"""The questions of a message, each with what it is about: the case, the interview, or the interviewer himself.

What points to words before it is read together with them, and a part that only goes on with a question is none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from app.domain.catalog import Brief
from app.domain.events import Segment
from app.domain.kinds import IntakeKind
from app.domain.speech import Span, is_question, words_of
from app.domain.step_names import named_step
from app.ports import AskMatch
from app.services import cues, steering
from app.services.asides import Asides, goes_on
from app.services.listed import About
from app.services.put_back import OPTIONS, READING, put_back

_FEW = 4
_SURE_OF_GUESS = 0.8
"""How likely a guess, which asks nothing by itself, must be about a fact for that to be told."""
_POINTS_BACK = re.compile(r"\b(?:that|this|those|these|it|they|them)\b", re.IGNORECASE)
_CHECKS = re.compile(r"(?:is|was) (?:it|this|that)\b", re.IGNORECASE)
_OF_THAT = re.compile(
    r"(?:\W*(?:and|so|but|ok|okay)\b)*\W*(?:is|are|was|were) (?:that|this|those|these)\b", re.IGNORECASE
)
_IN_GENERAL = re.compile(
    r"(?:\W*(?:and|so|but|ok|okay)\b)*\W*(?:how far\b|where (?:are|do) (?:you|we)\b"
    r"|what(?:['’]s| is) (?:the )?(?:status|situation|state|setup|position)\b)",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(r"(?:is|are|was|were|do|does|did|has|have|can) \w+", re.IGNORECASE)
_HOW_MUCH = re.compile(
    r"\W*(?:and\W+)?(?:how (?:many|much|often|long|fast|big)|what share)(?: (?:a|an|per|each|every) \w+)?\W*",
    re.IGNORECASE,
)
_POINTS_TO = re.compile(
    r"\b(?:those|these|them|they|ones?|it)\b|\b(?:of|with|for|about|on|to|from) (?:that|this)\b"
    r"|\b(?:is|are|was|does|do|did|would|could) (?:that|this)\b",
    re.IGNORECASE,
)
_OF_THE_COURSE = {IntakeKind.ASKS_LEAVE, IntakeKind.ASKS_MORE, IntakeKind.OBJECTION}


def read_questions(
    put: Sequence[Span],
    brief: Brief,
    about: About,
    *,
    unclear: Collection[int],
    spans: Sequence[Span],
    asides: Asides,
) -> list[Segment]:
    """One segment per question: about the case, or put to the interviewer himself.

    Args:
        put: the questions.
        brief: the case.
        about: what each is about, as far as the case knows.
        unclear: where a sentence begins right after it was said that his question is not understood.
        spans: the sentences of the message.
        asides: the same with what stands around each.
    """
    segments: list[Segment] = []
    last: Span | None = None
    for span in put:
        if len(put) > 1 and cues.ONLY_LEADS_IN.fullmatch(span.text):
            continue
        match = _in_context(span, about, asides)
        before = segments[-1].kind if segments else None
        reads = OPTIONS.match(span.text) or READING.match(span.text)
        if span.start in unclear and reads:  # a guess at it, whatever fact it is like
            segments.append(Segment(kind=IntakeKind.ASKS_BACK, start=span.start, end=span.end))
            last = span
            continue
        if _belongs(span, match, segments[-1] if segments else None, spans):
            continue
        if match.fact is None and _hands_over(span, segments[-1] if segments else None, spans):
            continue
        asks_on = cues.ASKS_ON_FACT.match(span.text) is not None and (
            any(one.fact is not None for one in segments) or _states_a_fact(asides.asked, brief)
        )
        if asks_on and span.words <= _FEW and _OF_THAT.match(span.text):
            match = AskMatch()  # "is that per country?", of the fact that was given
        aside = asides.of(span, span.text)
        guessed = asides.guess_before(span)
        if guessed is not None and cues.ASKS_IF_SOUND.search(span.text):
            of_guess = about(_without_guessing(guessed))  # what is known of it is told
            near = of_guess.near is not None and cues.A_FIGURE.search(guessed.text) is not None
            match = of_guess if near or of_guess.score >= _SURE_OF_GUESS else AskMatch()
        put_so = (
            is_question(span)
            or put_back(span.text, asked=asides.asked) is not None
            or cues.CONFIRMS.search(span.text) is not None
        )
        kind = asides.put(aside, match, before=before) if put_so else IntakeKind.QUESTION
        one_more = kind is IntakeKind.ANSWER and before is IntakeKind.QUESTION and not goes_on(aside)
        if one_more or (asks_on and kind not in _OF_THE_COURSE):
            kind = IntakeKind.QUESTION
        if kind is IntakeKind.QUESTION:
            found = {"fact": match.fact, "decision": match.decision, "near": match.near}
            start = span.start
            if match.known and segments and _leads_up(segments[-1], span, spans):
                start = segments.pop().start
            segments.append(Segment(kind=kind, start=start, end=span.end, **found))
        else:
            if before is IntakeKind.QUESTION and last is not None and last.words < 2:  # "Why, do you think so?"
                segments[-1] = Segment(kind=kind, start=segments[-1].start, end=segments[-1].end)
            either = cues.EITHER_OR.search(span.text) is not None and steering.OR_GO_ON.search(span.text) is None
            leads_on = kind is IntakeKind.ASKS_LEAVE and not either
            step = named_step(span.text) if leads_on and not cues.asks_for_a_nod(span.text) else None
            segments.append(Segment(kind=kind, start=span.start, end=span.end, step=step))
        last = span
    return segments


def _in_context(span: Span, about: About, asides: Asides) -> AskMatch:
    """What a question is about; one that points to the sentence before it is taken together with that."""
    alone, before = about(span), asides.before(span)
    if before is None or not _POINTS_TO.search(span.text):
        return alone
    together = about(Span(start=before.start, end=span.end, text=f"{before.text} {span.text}"))
    return together if together.known and together.score > alone.score else alone


def _without_guessing(guess: Span) -> Span:
    """What is guessed, as a text without the words that say so, and without what is made of it."""
    said = cues.SO_THEN.split(cues.GUESSED.sub("", guess.text).strip(" ,."))[0]
    return guess if not words_of(said) else Span(start=guess.start, end=guess.end, text=said)


def _belongs(span: Span, about: AskMatch, before: Segment | None, spans: Sequence[Span]) -> bool:
    """Whether words only go on with what was just asked in the same sentence.

    They point to it ("..., do we support that?"), have no subject of their own ("..., and how many a week?"), or guess
    at the answer ("..., is it inside the authorisation?").
    """
    if about.known or before is None or before.fact is None:
        return False
    whole = _sentence_of(span, spans)
    if before.start < whole.start:
        return False
    if span.words > _FEW:
        return (
            _follows_a_comma(before, span, whole)
            and _CHECKS.match(span.text) is not None
            and not any(asks.search(span.text) for asks, _ in cues.FIGURES)
        )
    return _POINTS_BACK.search(span.text) is not None or _HOW_MUCH.fullmatch(span.text) is not None


def _hands_over(span: Span, before: Segment | None, spans: Sequence[Span]) -> bool:
    """Whether words only leave to the interviewer what was just asked ("..., do you have a view, or shall I pick?")."""
    if before is None or before.kind is not IntakeKind.QUESTION or before.start < _sentence_of(span, spans).start:
        return False
    return cues.OR_I_DECIDE.search(span.text) is not None


def _leads_up(before: Segment, span: Span, spans: Sequence[Span]) -> bool:
    """Whether a question says in general what the next one of its sentence asks ("How far are you, is there ...?")."""
    unknown = before.kind is IntakeKind.QUESTION and before.fact is None and before.decision is None
    whole = _sentence_of(span, spans)
    if not unknown or before.start < whole.start or _YES_OR_NO.match(span.text) is None:
        return False
    in_general = _IN_GENERAL.match(whole.text[before.start - whole.start :]) is not None
    return in_general and _follows_a_comma(before, span, whole)


def _sentence_of(span: Span, spans: Sequence[Span]) -> Span:
    """The sentence that a part is of."""
    return next((one for one in spans if one.start <= span.start < one.end), span)


def _follows_a_comma(before: Segment, span: Span, whole: Span) -> bool:
    """Whether nothing but a comma stands between two parts of a sentence."""
    return whole.text[before.end - whole.start : span.start - whole.start].strip() == ","


def _states_a_fact(said: str, brief: Brief) -> bool:
    """Whether the interviewer's words hold a fact of the case, so that "is that ...?" may be about it."""
    return any(fact.answer[1:] in said for fact in brief.case.facts)
