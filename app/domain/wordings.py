"""Picks curated wordings: never one that was used, with the candidate's own words filled in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain import phrases
from app.domain.case import Choice, Tension
from app.domain.interview import InterviewState, normalise
from app.domain.ledger import Said
from app.domain.quoting import Quoter
from app.domain.rubric import Criterion, RedFlag
from app.domain.speech import stems
from app.domain.vocabulary import Frozen

_QUOTED = re.compile(r'"[^"]*"')
_QUOTES_FIRST = '"{quote}": '
_ASKS_AMOUNT = re.compile(
    r"\b(?:how (?:much|many|long|often|large|big|fast|far)|what (?:share|fraction|number|rate|size)|bill|costs?)\b",
    re.IGNORECASE,
)
# In its first sentence, what a question refers to without naming it.
_REFERS = re.compile(
    r"^[^.?!]*\b(?:this|it|its|them|those|these|they|"
    r"(?:does|do|did|is|was|would|could|can|will|of|on|with|to|by|for|from|in|at|about|after|without) that)\b",
    re.IGNORECASE,
)
_SAME_QUESTION = 2
"""Shared words that carry meaning from which two questions on one subject ask for the same."""


class Question(Frozen):
    """A question as the interviewer would ask it.

    Attributes:
        template: the curated wording, with its placeholders.
        quote: the candidate's words in it, if any.
        subject: what stands in their place, if anything.
    """

    text: str
    template: str
    quote: str | None = None
    subject: str = ""


def rotate(options: Sequence[str], state: InterviewState, *, salt: int = 0) -> str:
    """One of several equal phrases: one not said yet if there is one, else the one said longest ago."""
    order = rotated([*options[salt % len(options) :], *options[: salt % len(options)]], state)
    said = state.ledger.said_by_interviewer

    def last_said(option: str) -> int:
        stem = option.split("{")[0]
        return max((place for place, text in enumerate(said) if stem and stem in text), default=-1)

    return min(order, key=last_said)


def once(options: Sequence[str], state: InterviewState, *, again: Sequence[str]) -> str:
    """One of several phrases that was not said yet; one of the short ones in `again` when all were."""
    said = [text.casefold() for text in state.ledger.said_by_interviewer]
    fresh = [option for option in options if not any(option.casefold() in text for text in said)]
    return rotate(fresh, state) if fresh else rotate(again, state)


def rotated(options: Sequence[str], state: InterviewState) -> list[str]:
    """Equal phrases in an order that changes from turn to turn."""
    start = (state.turns + state.probes + state.header.seed) % len(options)
    return [*options[start:], *options[:start]]


def unasked(options: Sequence[str], state: InterviewState) -> list[str]:
    """The options that were not asked yet, in a rotation that differs between interviews.

    A candidate of few words is asked in few words: the shortest comes first.
    """
    if not options:
        return []
    start = state.header.seed % len(options)
    order = [*options[start:], *options[:start]]
    fresh = [option for option in order if normalise(option) not in state.ledger.questions]
    return sorted(fresh, key=lambda option: len(option.split())) if state.heard.is_little else fresh


def fill(options: Sequence[str], state: InterviewState, *, said: str | None, quoter: Quoter) -> Question | None:
    """The first unasked option, preferring those that quote when there is something fit to quote.

    Args:
        options: wordings that may hold {quote}.
        state: the interview so far.
        said: what the candidate said, from which a few words are quoted.
        quoter: picks the words.
    """
    return quoting(options, state, quote=None if said is None else quoter.pick(said), subject=quoter.subject)


def quoting(options: Sequence[str], state: InterviewState, *, quote: str | None, subject: str = "") -> Question | None:
    """The first unasked option, preferring those with a quote where there are words for it.

    Args:
        options, state: as of `fill`.
        quote: the candidate's words.
        subject: stands in their place where there are none.
    """
    fresh = [option for option in unasked(options, state) if quote or subject or "{quote}" not in option]
    fresh.sort(key=lambda option: "{quote}" not in option)
    if not fresh:
        return None
    if quote is None and "{quote}" in fresh[0]:
        return _named(fresh[0], subject, state, lead=phrases.ON_SUBJECT)
    return _filled(fresh[0], quote if "{quote}" in fresh[0] else None, state, lead=phrases.ON_WORDS)


def _filled(template: str, quote: str | None, state: InterviewState, *, lead: Sequence[str]) -> Question:
    """A wording with the candidate's words in it, which are led up to in one of several ways where they come first."""
    text = template
    if template.startswith(_QUOTES_FIRST):
        quoted_before = sum('"' in said for said in state.ledger.said_by_interviewer)
        text = f"{lead[(quoted_before + state.header.seed) % len(lead)]} {template.removeprefix(_QUOTES_FIRST)}"
    return Question(text=text.replace("{quote}", quote or ""), template=template, quote=quote)


def _named(template: str, subject: str, state: InterviewState, *, lead: Sequence[str]) -> Question:
    """A wording with the subject where the candidate's words would stand."""
    text = template
    if template.startswith(_QUOTES_FIRST):
        text = f"{rotate(lead, state)} {template.removeprefix(_QUOTES_FIRST)}"
    text = text.replace('"{quote}"', "{quote}").replace("{quote}", subject)
    return Question(text=f"{text[0].upper()}{text[1:]}", template=template, subject=subject)


def probe(criterion: Criterion, state: InterviewState) -> Question | None:
    """A probe of a criterion that was not asked yet."""
    fresh = unasked(criterion.probes, state)
    return Question(text=fresh[0], template=fresh[0]) if fresh else None


def follow_up(
    criterion: Criterion,
    state: InterviewState,
    *,
    said: str,
    quoter: Quoter,
    beside: str = "",
    in_numbers: bool = False,
) -> Question | None:
    """A question that goes one deeper on what was said.

    Args:
        criterion, state, quoter: as of `fill`.
        said: what was said of the criterion.
        beside: the question that was just asked about the same; this is another one.
        in_numbers: whether what was said gives numbers, so that asking for them comes last.
    """
    asked = stems(_QUOTED.sub("", beside))
    others = [option for option in criterion.follow_ups if len(stems(_QUOTED.sub("", option)) & asked) < _SAME_QUESTION]
    if in_numbers:
        others = [option for option in others if not _ASKS_AMOUNT.search(option)] or others
    return fill(others, state, said=said, quoter=quoter)


def grounded(question: Question, state: InterviewState, *, said: str, quoter: Quoter) -> Question:
    """A question that says what it is about, where it only refers to it ("What does that do in a village?")."""
    if question.quote is not None or question.subject or not _REFERS.search(question.text):
        return question
    quote = quoter.pick(said)
    if quote is None and quoter.subject:
        lead = rotate(phrases.ABOUT_SUBJECT, state).replace("{quote}", quoter.subject)
        return question.model_copy(update={"text": f"{lead} {question.text}", "subject": quoter.subject})
    if quote is None:
        return question
    lead = rotate(phrases.ABOUT_WORDS, state).replace("{quote}", quote)
    return question.model_copy(update={"text": f"{lead} {question.text}", "quote": quote})


def press_flag(
    flag: RedFlag, state: InterviewState, *, said: str, quoter: Quoter, earlier: bool = False
) -> Question | None:
    """The next press of a red flag; None when both were asked.

    Args:
        flag: what was claimed.
        state, said, quoter: as of `fill`.
        earlier: whether it was said a few messages before, so that the question has to name it.
    """
    times = state.ledger.pressed.get(flag.id, 0)
    return _pressed(flag.presses[times:], state, said=said, quoter=quoter, earlier=earlier)


def press_choice(choice: Choice, state: InterviewState, *, quoter: Quoter, earlier: bool = False) -> Question | None:
    """A press of a sound choice; `earlier` as of `press_flag`."""
    said = state.ledger.sure_choices[choice.id].quote
    return _pressed(choice.presses, state, said=said, quoter=quoter, earlier=earlier)


def _pressed(
    presses: Sequence[str], state: InterviewState, *, said: str, quoter: Quoter, earlier: bool
) -> Question | None:
    if not earlier:
        return fill(presses, state, said=said, quoter=quoter)
    if quoter.pick(said) is None and not quoter.subject:  # nobody would know what such a question refers to
        presses = [press for press in presses if not _REFERS.search(press)]
    question = fill(presses, state, said=said, quoter=quoter)
    return None if question is None else _coming_back(question, state, said=said, quoter=quoter)


def _coming_back(question: Question, state: InterviewState, *, said: str, quoter: Quoter) -> Question:
    """A question about something that was said a few messages before, which it names."""
    if question.subject:
        return _named(question.template, question.subject, state, lead=phrases.ON_EARLIER_SUBJECT)
    if question.quote is not None:
        return _filled(question.template, question.quote, state, lead=phrases.ON_EARLIER_WORDS)
    quote = quoter.pick(said)
    if quote is None and not quoter.subject:
        return question
    lead = rotate(phrases.ON_EARLIER_SUBJECT if quote is None else phrases.ON_EARLIER_WORDS, state)
    text = f"{lead.rstrip(':').replace('{quote}', quote or quoter.subject)}. {question.text}"
    return question.model_copy(update={"text": text, "quote": quote, "subject": "" if quote else quoter.subject})


def press_tension(
    tension: Tension, said: tuple[Said, Said], state: InterviewState, *, quoters: tuple[Quoter, Quoter]
) -> Question | None:
    """The question on hearing two choices that do not go together.

    Args:
        said: what was said of the one and of the other, in the order of `tension.between`; `quoters` likewise.
    """
    quotes = [quoter.pick(part.quote) for part, quoter in zip(said, quoters, strict=True)]
    filled: list[Question] = []
    for ask in unasked(tension.asks, state):
        text = ask
        for name, quote in zip(("{a}", "{b}"), quotes, strict=True):
            if quote is not None:
                text = text.replace(name, quote)
        if "{" not in text:
            filled.append(Question(text=text, template=ask))
    filled.sort(key=lambda question: question.text == question.template)
    return filled[0] if filled else None


def subject_of(criterion: Criterion) -> str:
    """What a criterion is about, in one or two sentences."""
    return f"{criterion.name}. {criterion.description}"


def topic_of(criterion: Criterion) -> set[str]:
    """Stems of the words by which a criterion is spoken of."""
    return stems(" ".join(criterion.spoken_of))
