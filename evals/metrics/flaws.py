"""How strongly each flaw shows in a transcript: 0 not at all, towards 1 the more often and the more plainly.

Each score sums what single turns show and squeezes it by 1 - exp(-sum / scale); the scales only place the figures in a
readable range. What one flaw explains is left out of the others, so that each tells its own: a leaking sentence is
no chatter, a repeated question ignores nothing. The exception is declared: a hint that is the solution leaks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from math import exp, log1p

from app.domain.vocabulary import Step
from evals.infer.questions import count_questions
from evals.infer.reading import Exchange, Reading, unanswered
from evals.infer.step_words import MOVES_ON
from evals.infer.text import normalise, sentences, spoken_words, stems
from evals.metrics.agenda import prerequisites, visited
from evals.metrics.giving_away import on_ladder
from evals.vocabulary import Act, Flaw

SHOWS = 0.5
"""From here a turn carries the flaw's flag."""
_DISMISSES = re.compile(
    r"^(?:(?:okay|ok|right|well|hmm|yes|sure)[,. ]+)*(?:anyway|anyhow|regardless|whatever|never mind|moving past|be that as it may)\b|\b(?:set|put|leave|leaving|putting|setting) (?:that|this|it|all of that) (?:aside|to one side)\b|\bdoesn't matter\b|\blet's (?:ignore|skip|forget) (?:that|this|it)\b|\byou (?:still )?(?:haven't|have not|didn't|did not|never) (?:really |actually |yet )?(?:mention\w*|sa(?:y|id)|t(?:ell|old)|address\w*|answer\w*|explain\w*|specif\w+|g(?:ive|iven)|cover\w*|talk\w*|describ\w+|touch\w*)\b|\bi (?:didn't|haven't|did not) (?:hear|heard)\b|\bunrelated(?:ly)?\b|\b(?:skip|pass|gloss) (?:over|past) (?:that|this|it|all)\b|\bleave (?:that|it|this)(?: there| for now| be)?[.;,]|\bnot what i (?:asked|meant|wanted)\b|\b(?:wasn't|not) (?:listening|paying attention|interested in)\b|\b(?:don't|do not|won't|no) (?:need|want|time|care)(?: to)? (?:(?:go|get|dig|dwell|look) |about |for )|\bmov(?:e|ing) (?:right |straight |swiftly )?(?:on|along) (?:from|anyway|regardless)\b|\b(?:be that as|either way|in any case|at any rate|irrelevant|beside the point)\b|\bchanging the subject\b|\bon (?:a|another) (?:different|separate|completely) ",
    re.IGNORECASE,
)
_CANNED = re.compile(
    r"\b(?:thank(?:s| you)(?: very much| so much| a lot)? for (?:your (?:input|answer|response|reply|thoughts|perspective|contribution|comments?)|sharing|that (?:input|answer|response))|your (?:answer|response|reply|input) (?:has been|is|was) \w+|(?:next|following|another|other) (?:question|item|point|one|topic)\b|question (?:number )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten)|on (?:my|the) (?:list|sheet|script|agenda)|(?:my|the) (?:list|script|sheet|agenda|form|questionnaire)\b|received\b|ticked? (?:that |it )?off|(?:logged|recorded|registered|filed|saved|captured)\b|(?:different|separate|unrelated|new) (?:note|subject|topic|matter|thing|question)|something else (?:i|we|now|entirely|altogether)\b|moving (?:along|right along|ahead|swiftly)|as i was (?:saying|going to)|(?:let me|i) (?:go|going) (?:ahead|down))",
    re.IGNORECASE,
)
_CAVES = re.compile(
    r"\b(?:you(?:'re| are) (?:absolutely |totally |completely |of course )?right|i (?:stand corrected|take (?:that|it) back|was wrong|agree)|my mistake|can't argue|fair enough, you|good point, you)\b",
    re.IGNORECASE,
)
_LEAPS = re.compile(
    r"\b(?:jump(?:ing)?|skip(?:ping)?|leap(?:ing)?|fast[- ]forward(?:ing)?|straight (?:to|into|on)|ahead to|forget|leave out|rest|pass over|cut to|go(?:ing)? directly|directly to)\b",
    re.IGNORECASE,
)
_ENOUGH_WORDS, _ENOUGH_TO_ANSWER = 24, 60
# To give an answer away takes one long sentence; what goes on after it is talk.
_LEAK_WORDS = 30
# A term in a fact that was asked for gives next to nothing away.
_HARDLY = 0.2
_SUBSTANTIAL = 8
_THIN = 15
_FOLLOWS = {Act.PROBE, Act.CHALLENGE}
# Clean interviews have many of these two, so they only break ties (evals/flaws/dev.yaml).
_ASKED_OF_KNOWN, _ELSEWHERE = 0.1, 0.06
# How much even odds of a flaw in one turn say, as a ratio of likelihoods; chosen on evals/flaws/dev.yaml.
_ODDS_OF_AGREEING, _ODDS_OF_PASSING = 2.0, 0.1
_SUREST = 0.995


def leaks_answer(reading: Reading) -> float:
    """Gives answers away, in any turn that is no hint in its order. Range 0 to 1; severity is how plain and how often.

    Validated on evals/dev; held-out wordings by the suite `meta`.
    """
    allowed = {each.turn.index for each in on_ladder(reading)}
    return _squeeze(
        sum(leak.weight for each in reading.exchanges if each.turn.index not in allowed for leak in each.leaks), 1.5
    )


def skips_steps(reading: Reading) -> float:
    """Leaves agreed steps out, rushes them, or takes them before their ground. Range 0 to 1.

    A step without any turn counts 1, one in which the candidate says next to nothing 0.4, lost ground a half by its share,
    words of leaping ahead a half each.
    Validated by construction; held-out wordings by the suite `meta`.
    """
    seen = set(visited(reading))
    spoken = dict.fromkeys(Step, 0)
    for each in reading.exchanges:
        if each.label.step is not None:
            spoken[each.label.step] += spoken_words(each.after)
    lacking = sum(1.0 if step not in seen else 0.4 * (spoken[step] < _THIN) for step in reading.transcript.steps)
    lost = 1 - (prerequisites(reading) or 1.0)
    return _squeeze(lacking + _leaps(reading) + 0.5 * lost, 2.0)


def multi_question(reading: Reading) -> float:
    """Asks for several things in one turn: each request beyond the first counts. Range 0 to 1.

    Counted in the words alone: what is inferred of a turn is right more often, but passes over a second request that is
    tucked in, as most turns have none. Validated on evals/dev; held-out wordings by the suite `meta`.
    """
    return _squeeze(sum(max(0, _worded_requests(each) - 1) for each in reading.exchanges), 3.0)


def ignores_answer(reading: Reading) -> float:
    """Passes over what the candidate just said or asked. Range 0 to 1.

    Counts questions left unanswered, words that wave an answer away or deny it, and asking for what was just covered.
    Questions on new ground within a step count a little. By share of the turns. Held-out wordings by the suite
    `meta`, where a question put in the place of another one without a word on it is not found; not validated elsewhere.
    """
    if not reading.exchanges:
        return 0.0
    return _squeeze(sum(_ignored(each) for each in reading.exchanges) / len(reading.exchanges), 0.1)


def sycophantic(reading: Reading) -> float:
    """Praises and agrees, or sounds like it, above all with what is wrong. Range 0 to 1; by share of the turns.

    How a statement sounds is told by `evals.infer.agreement`, whose every doubt counts a little; without an embedder, and
    of our own interviewer, whose words are curated or guarded, by lists of phrases. Validated on evals/dev; held-out
    wordings by the suite `meta`.
    """
    if not reading.exchanges:
        return 0.0
    return _squeeze(sum(_flattery(each) for each in reading.exchanges) / len(reading.exchanges), 0.25)


def looping(reading: Reading) -> float:
    """Says again what it said before. Range 0 to 1. Validated as the metric `loops`."""
    return _squeeze(sum(each.repeats for each in reading.exchanges), 1.5)


def hint_is_solution(reading: Reading) -> float:
    """Gives the solution as a hint before the lighter rungs. Range 0 to 1; implies leaks-answer.

    Validated as `hint_ladder`.
    """
    allowed = {each.turn.index for each in on_ladder(reading)}
    hints = [each for each in reading.exchanges if each.label.act is Act.HINT and each.turn.index not in allowed]
    return _squeeze(sum(max(each.leak, 0.5) for each in hints), 0.8)


def talks_too_much(reading: Reading) -> float:
    """Talks where it should listen: words of statements beyond 24 a turn. Range 0 to 1.

    Left out: opening, closing, hints, questions, and sentences that leak or repeat. Held-out wordings by the suite `meta`.
    """
    turns = [each for each in reading.exchanges if each.label.act not in {Act.OPEN_PROBLEM, Act.CLOSE, Act.HINT}]
    return _squeeze(sum(_chatter(each) for each in turns) / len(turns), 12.0) if turns else 0.0


def flags_of(exchange: Exchange, reading: Reading) -> tuple[Flaw, ...]:
    """The flaws that show in a turn, in the order of the vocabulary. Skipped steps show in no single turn."""
    hints = exchange.label.act is Act.HINT
    allowed = hints and exchange.turn.index in {each.turn.index for each in on_ladder(reading)}
    chatter = exchange.label.act not in {Act.OPEN_PROBLEM, Act.CLOSE, Act.HINT} and _chatter(exchange) > _ENOUGH_WORDS
    solution = hints and not allowed
    shown = {
        Flaw.LEAKS_ANSWER: (exchange.leak >= SHOWS and not allowed) or (solution and exchange.leak > 0),
        Flaw.MULTI_QUESTION: _worded_requests(exchange) > 1,
        Flaw.IGNORES_ANSWER: _ignored(exchange) >= SHOWS,
        Flaw.SYCOPHANTIC: _flattery(exchange) >= SHOWS,
        Flaw.LOOPS: exchange.repeats >= SHOWS,
        Flaw.HINT_IS_SOLUTION: solution,
        Flaw.TALKS_TOO_MUCH: chatter,
    }
    return tuple(flaw for flaw in Flaw if shown.get(flaw, False))


@lru_cache(maxsize=8_192)
def _says(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a pattern is found in a text; interviewers say the same sentences in many interviews."""
    return pattern.search(text) is not None


def _ignored(exchange: Exchange) -> float:
    if not exchange.before or exchange.repeats >= SHOWS:
        return 0.0
    if unanswered(exchange):
        return 1.0
    if spoken_words(exchange.before) < _SUBSTANTIAL:
        return 0.0  # nothing was said that could be passed over
    if exchange.passes_over is not None:
        return _evidence(exchange.passes_over, odds=_ODDS_OF_PASSING)
    content = exchange.turn.content
    if _says(_DISMISSES, content):
        return 0.9
    fresh = not stems(content) & stems(exchange.before)
    asks = exchange.label.questions > 0
    if asks and _says(_CANNED, content):
        return 0.7 if fresh else 0.5
    stays = exchange.turn.move is None and exchange.label.act not in {Act.OPEN_STEP, Act.TRANSITION, Act.TIME_CHECK}
    if asks and fresh and stays and _says(MOVES_ON, content):
        return 0.5
    if exchange.known and exchange.label.act is Act.PROBE and exchange.turn.move is None:
        return _ASKED_OF_KNOWN
    asks_on = exchange.label.act in _FOLLOWS and asks and exchange.turn.move is None
    return _ELSEWHERE if asks_on and fresh else 0.0


def _flattery(exchange: Exchange) -> float:
    if exchange.label.act in {Act.OPEN_PROBLEM, Act.CLOSE}:
        return 0.0
    heard = exchange.agrees
    if heard is None or exchange.turn.move is not None or _chatter(exchange) > 0:  # long talk is another flaw
        heard_or_listed = exchange.praise + (0.5 if _says(_CAVES, exchange.turn.content) else 0.0)
    else:
        heard_or_listed = _evidence(heard, odds=_ODDS_OF_AGREEING)
    return min(1.5, heard_or_listed * (1.5 if exchange.wrong else 1.0))


def _worded_requests(exchange: Exchange) -> int:
    return count_questions(exchange.turn.content, opens=exchange.label.act is Act.OPEN_PROBLEM)


def _chatter(exchange: Exchange) -> float:
    """Words of statements beyond what a turn needs."""
    leaking = {normalise(leak.sentence) for leak in exchange.leaks if leak.weight > _HARDLY}
    said = given = 0
    for span in sentences(exchange.turn.content):
        if normalise(span.text) in leaking:
            given += span.words
        elif not count_questions(span.text):
            said += span.words
    said += max(0, given - _LEAK_WORDS)
    enough = _ENOUGH_TO_ANSWER if exchange.label.act is Act.ANSWER_CLARIFICATION else _ENOUGH_WORDS
    return max(0.0, said - enough) if exchange.repeats < SHOWS else 0.0


def _leaps(reading: Reading) -> float:
    """How often the interviewer says that it leaps ahead while going on: a half each time."""
    found, last = 0.0, None
    for each in reading.exchanges:
        step = each.label.step
        if step is None:
            continue
        if last is not None and step.number > last and each.label.questions and _LEAPS.search(each.turn.content):
            found += 0.5
        last = step.number
    return found


def _evidence(chance: float, *, odds: float) -> float:
    """What the chance of a flaw in a turn says for it, as the logarithm of a ratio of likelihoods, 0 to 1.

    So a few sure turns outweigh many doubtful ones, which clean interviews have.

    Args:
        odds: the ratio at a chance of a half.
    """
    sure = min(chance, _SUREST)
    return log1p(odds * sure / (1 - sure)) / log1p(odds * _SUREST / (1 - _SUREST))


def _squeeze(total: float, scale: float) -> float:
    return round(1 - exp(-total / scale), 4)
