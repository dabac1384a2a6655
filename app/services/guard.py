"""Looks at every sentence of a model's reply before the candidate sees it.

Deterministic and without I/O: a sentence, what was shown of the reply so far, and the turn, to a verdict. A
rule that is too strict costs a curated wording; one that is too lax costs the interview. What a rule must guess is
weighed together with what the sentence is like (`app.services.misplaced`); where nobody can tell that, a guess rejects.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.domain.content_check import contains_term
from app.domain.interview import normalise
from app.domain.kinds import Move
from app.domain.speech import STOPWORDS, sentences, stems, words_of
from app.domain.vocabulary import Frozen
from app.services.course import brings_up_other_things, is_off_course, is_off_move
from app.services.misplaced import MISPLACED, SUSPECTED, misplaced
from app.services.plain_words import INTERVIEW, content_of, forms, is_everyday, runs
from app.services.plain_words import form as form
from app.services.quantities import NUMBER_WORDS, quantities
from app.services.revealing import FEWEST_WORDS, REVEALED, SAID
from app.services.spelling import begun, disguised, spelling
from app.services.surroundings import Surroundings as Surroundings
from app.services.surroundings import asks as asks
from app.services.surroundings import hands_over as hands_over
from app.services.surroundings import requests_so_far, tells_of
from app.services.tells import pattern, shows

MOST_WORDS = 60
MOST_SENTENCE_WORDS = 40
_FEW_WORDS = 2


class Rule(StrEnum):
    """Why a sentence is not shown; the first two and the last are found while the reply is taken apart."""

    NO_MOVE = "no-move"
    ILLEGAL_MOVE = "illegal-move"
    MANY_QUESTIONS = "many-questions"
    QUESTION_NOT_DUE = "question-not-due"
    LEAK = "leak"
    ADVICE = "advice"
    VERDICT = "verdict"
    SCORE = "score"
    PRAISE = "praise"
    ASKED_BEFORE = "asked-before"
    MARKUP = "markup"
    PROMPT = "prompt"
    AS_CANDIDATE = "as-candidate"
    TOO_LONG = "too-long"
    LANGUAGE = "language"
    LOOP = "loop"
    INVENTED_NUMBER = "invented-number"
    INVENTED_FACT = "invented-fact"
    MISQUOTE = "misquote"
    OFF_MOVE = "off-move"
    OFF_COURSE = "off-course"
    MISPLACED = "misplaced"
    UNFINISHED = "unfinished"


class Verdict(Frozen):
    """The rule that a sentence breaks."""

    rule: Rule
    sentence: str


def check(sentence: str, *, shown: Sequence[str], around: Surroundings) -> Verdict | None:
    """The rule that a sentence breaks, or None if it may be shown.

    Args:
        sentence: one sentence of the model's.
        shown: the sentences of the same reply that were shown before it.
        around: the turn.
    """
    rule = surely_broken(sentence, shown=shown, around=around) or _weighed(sentence, shown, around)
    return None if rule is None else Verdict(rule=rule, sentence=sentence)


def surely_broken(sentence: str, *, shown: Sequence[str], around: Surroundings) -> Rule | None:
    """The first rule that a sentence breaks beyond doubt; arguments as of `check`."""
    return next(_broken(sentence, shown, around, guesses=False), None)


def guessed_broken(sentence: str, *, shown: Sequence[str], around: Surroundings) -> list[Rule]:
    """The rules that a sentence seems to break, by wordings that good interviewers use too; arguments as of `check`."""
    return list(_broken(sentence, shown, around, guesses=True))


def _broken(sentence: str, shown: Sequence[str], around: Surroundings, *, guesses: bool) -> Iterator[Rule]:
    unquoted = without_quotes(sentence, around)
    is_the_moves_own = normalise(sentence) in {normalise(own.text) for own in sentences(around.directive.lead)}
    for looked_for in _RULES:
        if looked_for.guesses is not guesses or (is_the_moves_own and looked_for.in_own_words):
            continue
        if looked_for.breaks(unquoted if looked_for.in_own_words else sentence, shown, around):
            yield looked_for.rule


def _weighed(sentence: str, shown: Sequence[str], around: Surroundings) -> Rule | None:
    """What the guesses come to: where somebody knows how interviewers speak, they are evidence; else each counts."""
    guessed = guessed_broken(sentence, shown=shown, around=around)
    is_curated = normalise(sentence) in normalise(around.directive.text) or _acknowledges(sentence)
    if is_curated and not guessed:
        return None
    unquoted = without_quotes(sentence, around)
    likely = misplaced(unquoted, shown=shown, around=around, guessed=len(guessed))
    if likely is None:
        return next(iter(guessed), Rule.MISPLACED if brings_up_other_things(unquoted, shown, around) else None)
    return next(iter(guessed), Rule.MISPLACED) if likely >= (SUSPECTED if guessed else MISPLACED) else None


def leaked(sentence: str, terms: Sequence[str], *, known: str, known_forms: str | None = None) -> list[str]:
    """The terms that a text holds, whatever their endings, and that were not known before.

    Args:
        sentence: the text.
        terms: what would give an answer away.
        known: all that was said before it.
        known_forms: the words of it without their endings, where they are at hand.
    """
    words = forms(sentence)
    before = known_forms if known_forms is not None else forms(known)
    return [
        term
        for term in terms
        if (((wanted := forms(term)) in words and not is_everyday(wanted)) or contains_term(sentence, term))
        and not (wanted in before or contains_term(known, term))
    ]


# --- the rules ---


def _is_markup(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Headings, lists, emphasis, code, tags, labels, and the move's tag where it does not belong."""
    return shows("markup", sentence)


def _is_too_long(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """More than 40 words in a sentence or 60 in all: an interviewer says 10 to 25."""
    words = len(sentence.split())
    return (
        words > MOST_SENTENCE_WORDS
        or len(sentence) > 400
        or words + sum(len(text.split()) for text in shown) > MOST_WORDS
    )


def _is_foreign(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """No words, another script, or five words and more with hardly any of English's small ones."""
    letters = [ch for ch in sentence if ch.isalpha()]
    words = words_of(sentence)
    if not letters or not words:
        return True
    if sum(1 for ch in letters if not ch.isascii()) > 0.1 * len(letters):
        return True
    if any(unicodedata.category(ch) in {"So", "Co", "Cn", "Cc", "Cf"} for ch in sentence if not ch.isspace()):
        return True
    if (
        shows("foreign", sentence)
        and len(
            {found.group().lower() for found in pattern("foreign").finditer(sentence)} - set(words_of(around.known))
        )
        > 0
    ):
        return True
    known = set(words_of(around.known))
    return len(words) >= 5 and sum(1 for word in words if word.split("'")[0] in _ENGLISH or word in known) < 0.15 * len(
        words
    )


def _speaks_of_itself(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Speaks of its instructions or of being a model."""
    return tells_of("about_itself", sentence, around)


def _is_from_prompt(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Repeats seven words of the instructions."""
    return any(run not in runs(around.known) for run in runs(sentence) & around.instruction_runs)


def _is_as_candidate(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Designs in the first person, or writes the candidate's lines."""
    return shows("as_candidate", sentence)


def _is_praise(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Any praise, deserved or not: it would tell how the interview goes."""
    return tells_of("praise", sentence, around)


def _is_score(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A grade, a mark or a decision."""
    return tells_of("score", sentence, around)


def _is_verdict(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Tells whether something that the candidate said is right, wrong, complete or missing."""
    return shows("verdict", sentence)


def _is_advice(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Tells the candidate what to do; a hint is only given when asked for, in its own words."""
    return shows("advice", sentence)


def _leaks(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Holds a give-away term of any criterion that was not said so far and is not in the move's own words."""
    return any(not is_everyday(term) for term in _given_away(sentence, shown, around))


def _may_leak(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Holds such a term that is an everyday word too: a slice of an index, a floor to sit on."""
    return bool(_given_away(sentence, shown, around))


def _given_away(sentence: str, shown: Sequence[str], around: Surroundings) -> list[str]:
    terms = [term for criterion in around.brief.criteria for term in criterion.giveaways]
    plain = leaked(sentence, terms, known=around.known, known_forms=around.forms)
    hidden = disguised(spelling(sentence), terms, known=around.spelled)
    if shown:  # begun in one sentence and ended in the next
        before, together = spelling(shown[-1]), spelling(f"{shown[-1]} {sentence}")
        hidden += disguised(together, disguised(together, terms, known=before), known=around.spelled)
    return [term for term in (*plain, *hidden) if not begun(term, around.spelled)]


def _reveals(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Comes as near to a criterion that nobody has brought up as what earns a candidate credit for it."""
    if len(words_of(sentence)) < FEWEST_WORDS or _is_taken_up(sentence, around):
        return False
    revealed = around.reveals((sentence,), REVEALED)
    return bool(revealed) and bool(
        revealed - around.reveals((*around.candidate, *around.interviewer, around.directive.text), SAID)
    )


def _is_taken_up(sentence: str, around: Surroundings) -> bool:
    """Says with a candidate's own words, all of one message, what stands there."""
    told = stems(sentence) - INTERVIEW
    return any(told <= stems(message) for message in around.candidate)


def _invents_number(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Holds a number that is in no fact, no message and not in the move's own words."""
    return any(found.telling and found.value not in around.numbers for found in quantities(sentence))


def _invents_fact(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Answers yes or no, or states something about the company in words that were not used before."""
    if shows("yes_no", sentence):
        return True
    if "?" in sentence or not shows("claim", sentence):
        return False
    return not stems(sentence) - INTERVIEW <= around.known_stems


def _misquotes(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Puts two words or more in quotation marks that the candidate did not say in this order."""
    quotes = [normalise(match.group(1)) for match in _QUOTED.finditer(sentence)]
    spoken = (*around.candidate, around.directive.text)
    return any(" " in quote and not any(f" {quote} " in f" {normalise(text)} " for text in spoken) for quote in quotes)


def _asks_twice(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """More question marks in the whole reply than the move's question has."""
    curated = around.directive.question
    most = max(1, curated.count("?")) if curated is not None else 1
    before = 0 if curated is not None and normalise(curated) in normalise(sentence) else _marks(" ".join(shown))
    return "?" in sentence and _marks(sentence) + before > most


def _marks(text: str) -> int:
    return len(_MARKS.findall(text))


def _may_ask_too_much(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """More than one request in the whole reply, by its wording: two ends of one question look like that, too."""
    curated = around.directive.question
    if curated is not None and normalise(curated) in normalise(sentence):
        return False
    most = max(1, asks(curated)) if curated is not None else 1
    return shows("several", sentence) or requests_so_far(sentence, shown) > most


def _asks_though_not_due(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A question in a move that asks none."""
    return not around.may_ask and hands_over(sentence)


def _may_ask_though_not_due(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Words of a request in such a move; "draw on" leaves the floor to the candidate with the same ones."""
    return not around.may_ask and asks(sentence) > 0


def _asked_before(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A question that was asked before, or one that shares nearly all its words with it."""
    if asks(sentence) == 0:
        return False
    plain, meaning = normalise(sentence), stems(sentence)
    for question in around.asked:
        inside = len(plain.split()) >= 5 and (plain in question or question in plain)
        if (
            inside
            and plain not in normalise(around.directive.text)
            and question not in normalise(around.directive.text)
        ):
            return True
        if plain == question and around.directive.move is not Move.HAND_OVER:
            return True
        other = stems(question)
        if min(len(meaning), len(other)) >= 3 and len(meaning & other) >= 0.7 * len(meaning | other):
            return True
        if len(other) >= 2 and len(other & meaning) >= 0.8 * len(other) and not other <= stems(around.directive.text):
            return True
    return False


def _loops(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Says a sentence again that it said before, or turns in a circle within one."""
    plain = normalise(sentence)
    words = plain.split()
    if plain in {normalise(text) for text in shown}:
        return True
    last = f" {normalise(around.interviewer[-1])} " if around.interviewer else ""
    may_come_again = plain in normalise(around.directive.text) or (plain in around.facts and f" {plain} " not in last)
    if len(words) >= 5 and len(stems(sentence)) > 2 and not may_come_again:
        if any(f" {plain} " in f" {normalise(text)} " for text in around.interviewer):
            return True
    if any(len(set(words[at : at + 4])) == 1 for at in range(len(words) - 3)):
        return True
    runs = [tuple(words[at : at + 3]) for at in range(len(words) - 2)]
    return any(runs.count(run) >= 3 for run in set(runs))


def _acknowledges(sentence: str) -> bool:
    """Whether it is a word or two without content of their own, like "Noted."."""
    return len(sentence.split()) <= _FEW_WORDS and not content_of(sentence)


def without_quotes(sentence: str, around: Surroundings) -> str:
    """A sentence with what it quotes of the candidate taken out: their "nine out of ten" is no score."""

    def masked(found: re.Match[str]) -> str:
        quote = f" {normalise(found.group(1))} "
        return "quoted" if any(quote in f" {normalise(text)} " for text in around.candidate) else found.group()

    curated = around.directive.text[1:]
    if curated and (at := sentence.lower().find(curated.lower())) >= 0:
        sentence = f"{sentence[: max(0, at - 1)]}that{sentence[at + len(curated) :]}"
    return _QUOTED.sub(masked, sentence)


_Breaks = Callable[[str, Sequence[str], Surroundings], bool]


class _Looked(NamedTuple):
    """What is looked for in a sentence.

    Attributes:
        guesses: goes by wordings or likeness that good interviewers use too.
        in_own_words: what the sentence quotes is left out, and the words of the move's own lead may break it.
    """

    rule: Rule
    breaks: _Breaks
    guesses: bool = False
    in_own_words: bool = False


_RULES = (
    _Looked(Rule.TOO_LONG, _is_too_long),
    _Looked(Rule.MARKUP, _is_markup),
    _Looked(Rule.LANGUAGE, _is_foreign),
    _Looked(Rule.PROMPT, _is_from_prompt),
    _Looked(Rule.LEAK, _leaks),
    _Looked(Rule.LEAK, _may_leak, guesses=True),
    _Looked(Rule.LEAK, _reveals, guesses=True),
    _Looked(Rule.AS_CANDIDATE, _is_as_candidate, guesses=True, in_own_words=True),
    _Looked(Rule.PRAISE, _is_praise, guesses=True, in_own_words=True),
    _Looked(Rule.SCORE, _is_score, guesses=True, in_own_words=True),
    _Looked(Rule.VERDICT, _is_verdict, guesses=True, in_own_words=True),
    _Looked(Rule.ADVICE, _is_advice, guesses=True, in_own_words=True),
    _Looked(Rule.PROMPT, _speaks_of_itself, guesses=True),
    _Looked(Rule.INVENTED_NUMBER, _invents_number, guesses=True),
    _Looked(Rule.INVENTED_FACT, _invents_fact, guesses=True),
    _Looked(Rule.MISQUOTE, _misquotes),
    _Looked(Rule.OFF_COURSE, is_off_course, guesses=True, in_own_words=True),
    _Looked(Rule.LOOP, _loops),
    _Looked(Rule.ASKED_BEFORE, _asked_before),
    _Looked(Rule.MANY_QUESTIONS, _asks_twice),
    _Looked(Rule.MANY_QUESTIONS, _may_ask_too_much, guesses=True),
    _Looked(Rule.QUESTION_NOT_DUE, _asks_though_not_due),
    _Looked(Rule.QUESTION_NOT_DUE, _may_ask_though_not_due, guesses=True),
    _Looked(Rule.OFF_MOVE, is_off_move, guesses=True),
)

_MARKS = re.compile(r"\?+")
_ENGLISH = STOPWORDS | NUMBER_WORDS
_QUOTED = re.compile(r"[\"“”«]([^\"“”«»]{3,})[\"“”»]")
