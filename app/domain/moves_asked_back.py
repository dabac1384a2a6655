"""What is said to a candidate who asks what was meant: yes to a guess, the question in other words, or narrowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.domain import phrases, wordings
from app.domain.catalog import Brief
from app.domain.directive import Directive
from app.domain.events import Intake
from app.domain.hinting import asked_about
from app.domain.interview import InterviewState, OpenQuestion
from app.domain.kinds import IntakeKind, Move
from app.domain.moves_finishing import opener
from app.domain.rubric import Criterion
from app.domain.speech import Topic, stems, weight
from app.domain.turn import TurnView
from app.domain.wordings import Question

_OPENS_A_STEP = {Move.OPEN, Move.ADVANCE, Move.FEEDBACK, Move.TIME_WARNING}
_ASKS_FOR_A_POINT = {Move.PROBE, Move.ASK_GROUND, Move.NUDGE, Move.INTERRUPT}
_QUOTED = re.compile(r'"([^"]{3,80})"')
_ANY_CASE = re.IGNORECASE
_LEAD = r"^(?:(?:and|but|so|ok(?:ay)?|sorry|hm+|um+|wait|well|oh)[,. ]+)*"
_PART = r"(?: \w+)? (?:part|point|aspect|area|side|detail|topic)"
_FURTHER = r"(?: (?:else|more|specific|particular|in particular))"
_ELSE = rf"(?:(?:anything|something|(?:some|any|an?){_PART}){_FURTHER}*)"
_IS_AFTER = (
    r"(?:after|looking for|want\w*|like|expect\w*|hop(?:ed|ing)(?: for)?|ha(?:ve|d) in mind|getting at|driving at|"
    r"interested in|miss(?:ing)?|mean|meant|need\w*)\b"
)
_YOU_ARE_AFTER = (
    r"(?:that |which )?you(?:['’]re| are|['’]d| would|['’]ve| have| were| had)? "
    rf"(?:still |just |also |really |specifically |particularly )*{_IS_AFTER}"
)
_HERE = r"(?: here| there| from me| in (?:my|that|this) \w+)?[\s?.!]*$"
_SEEKS_MORE = re.compile(
    rf"\b(?:is|was|are|were) there (?:still |maybe |perhaps )*{_ELSE} {_YOU_ARE_AFTER}"
    rf"|{_LEAD}{_ELSE} {_YOU_ARE_AFTER}"
    rf"|\b(?:are|were) you (?:still |maybe |perhaps )*{_IS_AFTER} {_ELSE}{_HERE}"
    rf"|\b(?:do|did|would) you (?:still )?(?:want|like|need|expect|mean)(?: to hear)? "
    rf"(?:something|anything){_FURTHER}+{_HERE}",
    _ANY_CASE,
)
_GUESSES = re.compile(
    rf"{_LEAD}(?:like|as in|such as|meaning|for example|for instance|you mean|do you mean|did you mean|"
    r"(?:are )?you(?:['’]re| are)? (?:asking|talking|after|getting at)|"
    r"is (?:that|this|it|your question) (?:about|whether|how))\b",
    _ANY_CASE,
)
_AGAIN = re.compile(r"\b(?:again|repeat|rephrase|reword|differently|other words|example|clarify)\b", _ANY_CASE)
ALL_THE_SAME = 20
"""Words beside a question about the question that are an answer to it."""
_EITHER = re.compile(r"(?:what|which|that|this|it|ones?),? [^?]{3,60}\bor\b[^?]{3,60}\?", _ANY_CASE)
"""Offers two readings of the question ("how many of what, the photos or the pairs?")."""
_NEAR, _SHARE = 0.25, 0.8
"""The weight of a guess's words in what was asked, and its share of their weight anywhere, from which it is near.

Chosen on 30 guesses about three cases: 17 of 20 good ones are heard as such, and none of 10 others.
"""


def seeks_more(text: str) -> bool:
    """Whether a question asks if the interviewer is after something more, or narrower ("anything else you want?")."""
    return _SEEKS_MORE.search(text) is not None


def offers_readings(text: str) -> bool:
    """Whether a question offers two readings of the interviewer's ("of what, the photos or the pairs?")."""
    return _EITHER.search(text) is not None and _AGAIN.search(text) is None


def asked_back(view: TurnView) -> list[Directive]:
    """The candidate asks what was meant: the question that waits is put in other words, or narrowed.

    Whether he is after anything more was answered already, before the move.
    """
    asked = [text for text in _asked(view) if not seeks_more(text)]
    if not asked or view.learned:
        return []
    question = view.state.question
    if question is None:
        open_lines = phrases.PLAIN_SENSE if view.state.turns <= 1 else phrases.IT_IS_OPEN
        return [_says(view, wordings.rotate(open_lines, view.state))]
    guesses = [text for text in asked if _GUESSES.match(text)]
    if view.own_words >= ALL_THE_SAME or (len(guesses) == len(asked) and view.adds_something):
        return []  # answered on their own reading of it
    if any(_is_on(text, question, view) for text in guesses):
        return [_says(view, wordings.rotate(phrases.YES_FOR_INSTANCE, view.state))]
    if any(map(offers_readings, asked)):
        return [_says(view, wordings.rotate(phrases.WHICHEVER, view.state))]
    again = _in_other_words(question, state=view.state, brief=view.brief)
    if again is None:
        return [_says(view, _narrowed(question, view.state))]
    return [
        Directive(
            move=Move.CLARIFY,
            step=view.step,
            lead=_lead(question, again, view),
            question=again.text,
            template=again.template,
            about=question.about if question.move is Move.PRESS else None,
        )
    ]


def _says(view: TurnView, line: str) -> Directive:
    return Directive(move=Move.CLARIFY, step=view.step, lead=line)


def _lead(question: OpenQuestion, again: Question, view: TurnView) -> str:
    """What leads to another wording; it names the words that the question is about where the new one does not."""
    quote = _quoted(question)
    if quote is None or '"' in again.text or question.about in view.brief.tension_by_id:
        return wordings.rotate(phrases.ANOTHER_SIDE, view.state)
    return wordings.rotate(phrases.STILL_ON, view.state).replace("{quote}", quote)


def _asked(view: TurnView) -> list[str]:
    """The parts of the messages that ask what was meant."""
    said = {message.index: message.content for message in view.messages}
    return [
        said[event.turn][part.start : part.end]
        for event in view.state.recent
        if isinstance(event, Intake)
        for part in event.segments
        if part.kind is IntakeKind.ASKS_BACK
    ]


def _is_on(guess: str, question: OpenQuestion, view: TurnView) -> bool:
    """Whether a guess at what was asked is in words of that, about as much as of anything else of its kind."""
    words, about, brief = stems(guess), question.about or "", view.brief
    criteria = asked_about(view.state, brief)
    return (
        _is_nearest(words, criteria, brief.criterion_topics)
        or _is_nearest(words, (about,), brief.choice_topics)
        or _is_nearest(words, (about,), brief.flag_topics)
    )


def _is_nearest(words: set[str], meant: Iterable[str], topics: Mapping[str, Topic]) -> bool:
    weights = {point: weight(words, topic) for point, topic in topics.items()}
    most = max((weights[point] for point in meant if point in weights), default=0.0)
    return most >= max(_NEAR, _SHARE * max(weights.values(), default=0.0))


def _in_other_words(question: OpenQuestion, *, state: InterviewState, brief: Brief) -> Question | None:
    """Another curated question to the same end that was not asked yet."""
    if question.move in _OPENS_A_STEP:
        text = opener(state.step, state, brief)
        return None if text is None else Question(text=text, template=text)
    if question.move is Move.PRESS:
        return _pressed_again(question, state=state, brief=brief)
    criterion = brief.criterion_by_id.get(question.criterion or "")
    if criterion is None:
        return None
    quote = _quoted(question)
    if question.move is Move.DEEPEN or quote is not None:
        evidence = state.ledger.entry(criterion.id).evidence
        said = evidence[-1].quote if evidence else None
        deeper = _deeper(criterion, quote, said=said, state=state, brief=brief)
        if deeper is not None or question.move is Move.DEEPEN:
            return deeper
    return wordings.probe(criterion, state) if question.move in _ASKS_FOR_A_POINT else None


def _deeper(
    criterion: Criterion, quote: str | None, *, said: str | None, state: InterviewState, brief: Brief
) -> Question | None:
    """Another question that goes deeper, on the words that were quoted before, else on what was said."""
    if quote is not None:
        return wordings.quoting(criterion.follow_ups, state, quote=quote)
    return wordings.fill(criterion.follow_ups, state, said=said, quoter=brief.criterion_quoter(criterion.id))


def _pressed_again(question: OpenQuestion, *, state: InterviewState, brief: Brief) -> Question | None:
    """Another press of the same choice, wrong claim or pair of choices; where none is left, one that goes deeper."""
    about, quote, ledger = question.about or "", _quoted(question), state.ledger
    if about in brief.tension_by_id:
        tension = brief.tension_by_id[about]
        first, second = tension.between
        said = (ledger.sure_choices[first], ledger.sure_choices[second])
        quoters = (brief.choice_quoter(first), brief.choice_quoter(second))
        return wordings.press_tension(tension, said, state, quoters=quoters)
    pressed = brief.choice_by_id.get(about) or brief.flag_by_id.get(about)
    if pressed is None:
        return None
    if about in brief.choice_by_id:
        heard, quoter = ledger.choices[about].quote, brief.choice_quoter(about)
    else:
        heard, quoter = ledger.flags[about][-1].quote, brief.flag_quoter(about)
    if quote is None:
        press = wordings.fill(pressed.presses, state, said=heard, quoter=quoter)
    else:
        press = wordings.quoting(pressed.presses, state, quote=quote)
    criteria = [brief.criterion_by_id[found] for found in asked_about(state, brief)]
    deeper = (_deeper(one, quote, said=heard, state=state, brief=brief) for one in criteria)
    return press or next(filter(None, deeper), None)


def _quoted(question: OpenQuestion) -> str | None:
    quoted = _QUOTED.search(question.text)
    return None if quoted is None else quoted.group(1)


def _narrowed(question: OpenQuestion, state: InterviewState) -> str:
    """What is left to say of a question that was put in all its wordings."""
    quote = _quoted(question)
    if quote is None:
        return wordings.rotate(phrases.NARROW, state)
    return wordings.rotate(phrases.NARROW_QUOTED, state).replace("{quote}", quote)
