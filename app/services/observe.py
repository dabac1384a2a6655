"""Finds in a message what it covers, claims, chooses, assumes and counts, as events with verbatim quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import ceil
from typing import Any

from app.domain.catalog import Brief
from app.domain.events import (
    AnyEvent,
    AssumptionStated,
    CandidateMessage,
    ChoiceMade,
    DoubtNoted,
    EvidenceFound,
    NumberStated,
    RedFlagSeen,
    Segment,
    TensionResolved,
)
from app.domain.kinds import IntakeKind
from app.domain.rubric import Criterion
from app.domain.speech import Span, asks_only, clauses, stems
from app.domain.taking_back import taken_back, what_stands
from app.domain.vocabulary import Provenance, Step
from app.ports import CriterionMatch, Matcher, SentenceMatch
from app.services.observe_board import new_parts, observe_parts

LIVE_WINDOWS = 40
CREDIT_WHEN_ASKED = 0.4
# What a whole sentence must score by itself to be quoted beside another one, or for a clause of it. Set on the labelled
# scripts of the tuned cases: of 15 clauses that were credited though their sentence scored less, 7 were right.
SUPPORT = 0.5
_MOST_SUPPORT = 2
_LONG, _FEWEST_WORDS = 14, 3
_MOST_AROUND = 5  # sentences that are weighed together
_SPEAKS = {
    IntakeKind.ANSWER,
    IntakeKind.OBJECTION,
    IntakeKind.ASSUMPTION,
    IntakeKind.ADVANCE,
    IntakeKind.PARK,
    IntakeKind.DONT_KNOW,
}
_POINTS = re.compile(r"\b(?:that|those|this|these|it|they|them|there)\b(?! (?:a|an|any|some|is|are)\b)", re.IGNORECASE)
_GUESSES = re.compile(
    r"^\W*(?:(?:so|and|but|well|hm+|also)\b\W*)*"
    r"(?:my (?:rough )?guess\b|i(?:['’]d| would)? (?:just )?guess\b|i(?:['’]m| am) guessing\b)(?=.*\d)",
    re.IGNORECASE,
)
"""Who guesses at a number of the company's has chosen nothing."""
_WORKS_OUT = re.compile(
    r"^(?!.*\b(?:i['’](?:d|ll)|i would|i will|so i|choose|use|take|pick)\b)"
    r"\W*(?:(?:ok|okay|so|right|and|well|hm+)\b\W*)*"
    r"\d[\d.,]*\s?(?:k|m|b|million|billion|thousand|percent|%)?"
    r"(?: \w+){0,2} (?:(?:is|are|makes) (?:(?:about|roughly|around|some) )?|(?:times|divided by) )\d",
    re.IGNORECASE,
)
"""Nor has who works something out of what he was told ("so 6 million is 30 percent, that means ...")."""
_SAYS_NOTHING = re.compile(
    r"\W*(?:(?:but|and|so|hm+|um+|uh|ok|okay|well|sorry|fair enough|no|yes)\b\W*)*(?:"
    r"i(?:['’]m| am) (?:(?:really|still|also|just) )*not (?:(?:really|quite|so) )?sure "
    r"(?:how|what|why|where|which|when)\b(?=(?:\W+\w+){0,12}\W*$)(?!.*(?:[,;:(–—]|\s-\s|\.\s*\S|…))"
    r"(?!.*\b(?:but|so|because|maybe|probably|as|since|given|if|when|then|would|i['’]d|i['’]ll|and)\b)"
    r"(?!.*\b(?:other than|besides|beyond|except|without|leaks?)\b)"
    r"|(?:thanks?|thank you|cheers)\b[^.?!]{0,20}\bi (?:really )?(?:enjoyed|liked)\b[^.?!]{0,60}\W*$"
    r"|i (?:really )?(?:enjoyed|liked) (?:the|that|this|your) [^.?!]{0,40}\b(?:one|question|case|interview|part)\W*$"
    r")",
    re.IGNORECASE,
)
"""Words of not knowing how, or of leave: whatever they name, nothing is said of it."""
_NUMBER = re.compile(
    r"(?<![\w.])\d[\d,.]*\s?(?:%|percent|ms|milliseconds?|seconds?|minutes?|hours?|days?|weeks?|months?|k|m|b|million|billion|thousand|"
    r"x|gb|tb|mb|qps|rps|users?|items?|candidates?|dimensions?|layers?|gpus?)\b|(?<![\w.])\d[\d,.]*%",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Window:
    """A span that is held against the criteria, and what it stands among.

    Attributes:
        within: the sentences of its part of the message, its own included.
        sentence: of a clause, the place of its sentence among the windows.
    """

    span: Span
    within: tuple[str, ...]
    sentence: int | None = None


def windows(content: str, segments: Iterable[Segment], *, most: int | None = LIVE_WINDOWS) -> list[Window]:
    """The spans of a message that are held against the criteria: sentences, and the clauses of long ones.

    Args:
        content: the message.
        segments: how it was understood; questions, requests and manipulation are left out.
        most: how many spans at most; None for all.
    """
    spoken = [
        what_stands(_span(content, segment))
        for segment in segments
        if segment.kind in _SPEAKS and not _SAYS_NOTHING.match(content[segment.start : segment.end])
    ]
    whole = [sentence for sentence in spoken if sentence.words >= _FEWEST_WORDS]
    found: list[Window] = []
    for sentence, within in zip(whole, _surroundings(whole), strict=True):
        parts = clauses(sentence) if sentence.words > _LONG else []
        place = len(found)
        found.append(Window(sentence, within))
        if len(parts) > 1:
            found += [Window(part, within, place) for part in parts]
    return found if most is None else found[:most]


def _surroundings(whole: Sequence[Span]) -> Iterator[tuple[str, ...]]:
    """For each sentence those of its part of the message; a long message is cut into parts of much the same size."""
    if not whole:
        return
    parts = ceil(len(whole) / _MOST_AROUND)
    bounds = [len(whole) * part // parts for part in range(parts + 1)]
    for start, end in pairwise(bounds):
        yield from [tuple(sentence.text for sentence in whole[start:end])] * (end - start)


def _span(content: str, segment: Segment) -> Span:
    return Span(start=segment.start, end=segment.end, text=content[segment.start : segment.end])


def _matched(
    content: str, segments: Sequence[Segment], *, brief: Brief, matcher: Matcher, most: int | None
) -> tuple[list[Window], list[SentenceMatch]]:
    """The spans of a message with what each says; what the message itself takes back is not among them."""
    looked_at = windows(content, segments, most=most)
    matches = _held_against(looked_at, brief, matcher)
    withdrawn = _withdrawn(content, segments, looked_at, matches)
    if withdrawn:  # it bears out nothing around it, either
        looked_at = windows(content, [each for each in segments if each.end not in withdrawn], most=most)
        matches = _held_against(looked_at, brief, matcher)
    return looked_at, matches


def _held_against(looked_at: Sequence[Window], brief: Brief, matcher: Matcher) -> list[SentenceMatch]:
    texts, around = [window.span.text for window in looked_at], [window.within for window in looked_at]
    return matcher.observe(brief, texts, within=around)


def _withdrawn(
    content: str, segments: Iterable[Segment], looked_at: Sequence[Window], matches: Sequence[SentenceMatch]
) -> set[int]:
    """The ends of the sentences that the message itself takes back."""
    spoken = [_span(content, segment) for segment in sorted(segments, key=lambda each: each.start)]
    said = [
        any(
            window.span.end == span.end and match != SentenceMatch()
            for window, match in zip(looked_at, matches, strict=True)
        )
        for span in spoken
    ]
    return {spoken[place].end for place in taken_back([span.text for span in spoken], bears=said)}


def observe(
    message: CandidateMessage,
    segments: Sequence[Segment],
    *,
    brief: Brief,
    matcher: Matcher,
    provenance: Callable[[str], Provenance],
    plan: Collection[Step],
    asked: Collection[str],
    facts: Collection[str],
    at: datetime,
    drawn: Collection[str] = (),
    invited: bool = False,
    most: int | None = LIVE_WINDOWS,
) -> list[AnyEvent]:
    """What a message shows, as events whose `seq` is still 0.

    Args:
        message: the candidate's message.
        segments: how it was understood.
        brief: the case.
        matcher: recognises criteria, red flags and choices.
        provenance: how evidence for a criterion would come about now.
        plan: the steps that are interviewed; what belongs to others is left out.
        asked: the criteria that the interviewer's last question is about; an answer to it needs less to be credited.
        facts: ids of the facts that were asked for before this message.
        at: the time of the new events.
        drawn: the texts of the boards before this message; what is drawn again is not looked at again.
        invited: whether the candidate's own questions were invited; those show nothing any more.
        most: how many spans are looked at; None for all.
    """
    if message.board:
        parts = new_parts(message.content, drawn=drawn)[:most]
        looked_at = [Window(part.span, (part.spoken,)) for part in parts]
        matches = observe_parts(parts, brief=brief, matcher=matcher)
        counted = "\n".join(dict.fromkeys(part.span.text for part in parts))
    else:
        counted = message.content
        looked_at, matches = _matched(message.content, segments, brief=brief, matcher=matcher, most=most)
    turn = message.index
    events: list[AnyEvent] = [
        *_criteria(looked_at, matches, turn=turn, brief=brief, provenance=provenance, plan=plan, asked=asked, at=at),
        *_claims(looked_at, matches, turn=turn, brief=brief, at=at),
    ]
    if not invited:
        events += _shown_by_asking(
            message, segments, events, brief=brief, provenance=provenance, plan=plan, facts=facts
        )
    for segment in segments:
        if segment.kind is IntakeKind.ASSUMPTION:
            quote = message.content[segment.start : segment.end]
            events.append(AssumptionStated(seq=0, at=at, turn=turn, quote=quote))
    for number in list(_NUMBER.finditer(counted))[:8]:
        events.append(NumberStated(seq=0, at=at, turn=turn, quote=number.group().strip()))
    return events


def _criteria(
    looked_at: Sequence[Window],
    matches: Sequence[SentenceMatch],
    *,
    turn: int,
    brief: Brief,
    provenance: Callable[[str], Provenance],
    plan: Collection[Step],
    asked: Collection[str],
    at: datetime,
) -> list[AnyEvent]:
    """Per criterion the span that shows it best, with the other sentences that bear it out; else a doubt."""
    scores = [{found.criterion: found for found in match.criteria} for match in matches]
    events: list[AnyEvent] = []
    for criterion in brief.criteria:
        heard = [
            (place, found)
            for place, of in enumerate(scores)
            if (found := of.get(criterion.id)) and criterion.step in plan
        ]
        if not heard:
            continue
        enough = CREDIT_WHEN_ASKED if criterion.id in asked else None
        sure = [
            (place, found)
            for place, found in heard
            if (found.credit or (enough is not None and found.score >= enough))
            and _borne_out(looked_at[place], criterion.id, scores)
        ]
        place, found = max(sure or heard, key=lambda one: (one[1].score, -one[0]))
        if sure and (sentence := looked_at[place].sentence) is not None:
            place = sentence  # its reasons often stand in its other half
        how = provenance(criterion.id) if sure else None
        spans = [(looked_at[place].span, found.score)]
        if sure:
            spans += _support(looked_at, scores, criterion.id, place=place)
        events += [_heard(criterion, how, turn=turn, quote=span.text, score=score, at=at) for span, score in spans]
    return events


def _borne_out(window: Window, criterion: str, scores: Sequence[dict[str, CriterionMatch]]) -> bool:
    """Whether a clause's sentence, taken whole, is on the criterion too."""
    if window.sentence is None:
        return True
    whole = scores[window.sentence].get(criterion)
    return whole is not None and whole.alone >= SUPPORT


def _support(
    looked_at: Sequence[Window], scores: Sequence[dict[str, CriterionMatch]], criterion: str, *, place: int
) -> list[tuple[Span, float]]:
    """The best other sentences of the message about a criterion that it already earned."""
    others = [
        (looked_at[other].span, found.score)
        for other, of in enumerate(scores)
        if other != place
        and looked_at[other].sentence is None
        and (found := of.get(criterion)) is not None
        and found.alone >= SUPPORT
    ]
    return sorted(others, key=lambda one: -one[1])[:_MOST_SUPPORT]


def _shown_by_asking(
    message: CandidateMessage,
    segments: Sequence[Segment],
    found: Sequence[AnyEvent],
    *,
    brief: Brief,
    provenance: Callable[[str], Provenance],
    plan: Collection[Step],
    facts: Collection[str],
) -> list[AnyEvent]:
    """Clarifying questions show some criteria: several about different facts surely, one perhaps."""
    asked = [segment for segment in segments if segment.kind is IntakeKind.QUESTION and segment.fact is not None]
    if not asked:
        return []
    quote = max((message.content[one.start : one.end] for one in asked), key=lambda one: (asks_only(one), telling(one)))
    different = {*facts, *(segment.fact for segment in asked)}
    credited = {event.criterion for event in found if isinstance(event, EvidenceFound)}
    events: list[AnyEvent] = []
    for criterion in brief.criteria:
        if criterion.asking is None or criterion.step not in plan or criterion.id in credited:
            continue
        sure = len(different) >= criterion.asking
        how, score = (provenance(criterion.id), None) if sure else (None, 0.0)
        events.append(_heard(criterion, how, turn=message.index, quote=quote, score=score, at=message.at))
    return events


def telling(question: str) -> int:
    """How much a question tells by itself: its words with a meaning, fewer where it points at something else."""
    return len(stems(question)) - 2 * len(_POINTS.findall(question))


def _heard(
    criterion: Criterion, how: Provenance | None, *, turn: int, quote: str, score: float | None, at: datetime
) -> EvidenceFound | DoubtNoted:
    """Evidence that came about in some way; without one, a doubt."""
    where: dict[str, Any] = {"seq": 0, "at": at, "criterion": criterion.id, "step": criterion.step}
    if how is None:
        return DoubtNoted(**where, turn=turn, quote=quote, score=score)
    return EvidenceFound(**where, turn=turn, quote=quote, score=score, provenance=how)


def _claims(
    looked_at: Sequence[Window], matches: Sequence[SentenceMatch], *, turn: int, brief: Brief, at: datetime
) -> list[AnyEvent]:
    """Wrong claims, choices and resolved tensions; what a clause says counts as far as its sentence bears it out."""
    events: list[AnyEvent] = []
    seen: set[str] = set()
    sure_flags = {flag for match in matches for flag in match.sure_flags}
    for place, (window, match) in enumerate(zip(looked_at, matches, strict=True)):
        whole = match if window.sentence is None else matches[window.sentence]
        credited = _credited(looked_at, matches, sentence=place if window.sentence is None else window.sentence)
        where: dict[str, Any] = {"seq": 0, "at": at, "turn": turn, "quote": window.span.text}
        for flag in match.flags[:1]:
            contradicted = window.sentence is not None and brief.flag_by_id[flag].criterion in credited
            if flag not in seen and flag in (*whole.flags, *whole.near_flags) and not contradicted:
                events.append(RedFlagSeen(**where, flag=flag, sure=flag in sure_flags))
                seen.add(flag)
        chooses_nothing = _GUESSES.search(window.span.text) or _WORKS_OUT.search(window.span.text)
        for choice in () if chooses_nothing else match.choices[:2]:
            if choice not in seen and choice in (*whole.choices, *whole.near_choices):
                events.append(ChoiceMade(**where, choice=choice, sure=choice in match.sure_choices))
                seen.add(choice)
        for tension in match.resolves:
            if tension not in seen:
                events.append(TensionResolved(**where, tension=tension))
                seen.add(tension)
        if window.sentence is None:  # what its clauses say of the same is the same
            seen.update((*match.flags, *match.choices))
    return events


def _credited(looked_at: Sequence[Window], matches: Sequence[SentenceMatch], *, sentence: int) -> set[str]:
    """Criteria that a sentence, whole or by a clause of it, surely covers."""
    return {
        found.criterion
        for place, (window, match) in enumerate(zip(looked_at, matches, strict=True))
        if sentence in {place, window.sentence}
        for found in match.criteria
        if found.credit
    }
