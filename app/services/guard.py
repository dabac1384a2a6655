"""Looks at every sentence of a model's reply before the candidate sees it.

Deterministic and without I/O: a sentence, what was shown of the reply so far, and the turn, to a verdict. A
rule that is too strict costs a curated wording; one that is too lax costs the interview. So where a
rule must guess, it rejects.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache

from app.domain import phrases
from app.domain.catalog import Brief
from app.domain.content_check import contains_term
from app.domain.directive import Directive
from app.domain.interview import normalise
from app.domain.kinds import Move
from app.domain.speech import STOPWORDS, Span, is_question, questions, stems, words_of
from app.domain.vocabulary import Frozen, Step
from app.domain.wordings import topic_of
from app.services.quantities import NUMBER_WORDS, quantities, values_of
from app.services.revealing import FEWEST_WORDS, REVEALED, SAID, Reveals, reveals_nothing
from app.services.spelling import Spelling, disguised, spelling
from app.services.tells import pattern, shows

MOST_WORDS = 60
MOST_SENTENCE_WORDS = 40
_SECOND_END = 7
_PROMPT_RUN = 7
_NEW_GROUND = {Move.PROBE, Move.ASK_GROUND, Move.NUDGE, Move.ADVANCE}
_FOLLOW_UPS = {Move.DEEPEN, Move.PRESS, Move.INTERRUPT}
_ASKS_WITHOUT_QUESTION = {Move.HAND_OVER}


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
    UNFINISHED = "unfinished"


class Verdict(Frozen):
    """The rule that a sentence breaks."""

    rule: Rule
    sentence: str


@dataclass(frozen=True)
class Surroundings:
    """What a sentence is judged against: one turn of one interview.

    Attributes:
        brief: the case.
        directive: the move that the model picked.
        candidate: the candidate's messages so far.
        interviewer: the interviewer's so far, this turn's answers included.
        asked: normalised questions asked so far.
        instructions: what the model was told about itself.
        reveals: the criteria that some sentences would earn credit for if the candidate said them.
    """

    brief: Brief
    directive: Directive
    candidate: tuple[str, ...]
    interviewer: tuple[str, ...]
    asked: frozenset[str] = frozenset()
    instructions: str = ""
    reveals: Reveals = reveals_nothing

    @cached_property
    def known(self) -> str:
        """All that the candidate has said, heard, or is about to hear in curated words."""
        return "\n".join((*self.candidate, *self.interviewer, self.directive.text))

    @cached_property
    def numbers(self) -> set[float]:
        """The numbers in it."""
        return values_of([self.known])

    @cached_property
    def forms(self) -> str:
        """Its words without their endings."""
        return _forms(self.known)

    @cached_property
    def spelled(self) -> Spelling:
        """Its spelling."""
        return spelling(self.known)

    @cached_property
    def facts(self) -> str:
        """The facts of the case, which may be said again."""
        return normalise(" ".join(fact.answer for fact in self.brief.case.facts))

    @cached_property
    def known_stems(self) -> set[str]:
        """Stems of the words in it that carry meaning."""
        return stems(self.known)

    @cached_property
    def vocabulary(self) -> set[str]:
        """Stems of all that may be spoken of: what was said, the case's facts and the move's criterion."""
        own = self.brief.criterion_by_id.get(self.directive.criterion or "")
        facts = " ".join(fact.answer for fact in self.brief.case.facts)
        said = self.known_stems | stems(f"{self.brief.case.prompt} {facts}")
        if self.directive.move is Move.ADVANCE:
            said |= {word for one in self.brief.of_step(self.directive.step) for word in topic_of(one)}
        return said | (topic_of(own) if own else set())

    @cached_property
    def elsewhere(self) -> list[set[str]]:
        """The words of the questions of all other criteria."""
        others = (one for one in self.brief.criteria if one.id != self.directive.criterion)
        return [words for one in others for probe in one.probes if len(words := stems(probe)) > 2]

    @cached_property
    def instruction_runs(self) -> set[tuple[str, ...]]:
        """Runs of seven words of the instructions."""
        return _runs(self.instructions)

    @property
    def may_ask(self) -> bool:
        """Whether the move asks something."""
        return self.directive.question is not None or self.directive.move in _ASKS_WITHOUT_QUESTION


def check(sentence: str, *, shown: Sequence[str], around: Surroundings) -> Verdict | None:
    """The first rule that a sentence breaks, or None if it may be shown.

    Args:
        sentence: one sentence of the model's.
        shown: the sentences of the same reply that were shown before it.
        around: the turn.
    """
    unquoted = _without_quotes(sentence, around)
    for rule, breaks in _RULES:
        if breaks(unquoted if rule in _OWN_WORDS else sentence, shown, around):
            return Verdict(rule=rule, sentence=sentence)
    return None


def asks(sentence: str) -> int:
    """How many answers a sentence requests; imperatives count, a short second end ("and why?") does not."""
    marks = len(re.findall(r"\?+", sentence))
    span = Span(start=0, end=len(sentence), text=sentence)
    if marks == 0:
        unmarked = is_question(span) or shows("unmarked_question", sentence)
        return 1 if unmarked or shows("imperative", sentence) else 0
    ends = [part for part in questions(span) if shows("interrogative", part.text)]
    return max(marks, 1 + sum(1 for end in ends[1:] if end.words > _SECOND_END), 2 if len(ends) > 2 else 1)


def leaked(sentence: str, terms: Sequence[str], *, known: str, known_forms: str | None = None) -> list[str]:
    """The terms that a text holds, whatever their endings, and that were not known before.

    Args:
        sentence: the text.
        terms: what would give an answer away.
        known: all that was said before it.
        known_forms: the words of it without their endings, where they are at hand.
    """
    forms = _forms(sentence)
    before = known_forms if known_forms is not None else _forms(known)
    return [
        term
        for term in terms
        if ((wanted := _forms(term)) in forms or contains_term(sentence, term))
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


def _is_from_prompt(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Speaks of its instructions or of being a model, or repeats seven words of the instructions."""
    if _tells("about_itself", sentence, around):
        return True
    return any(run not in _runs(around.known) for run in _runs(sentence) & around.instruction_runs)


def _is_as_candidate(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Designs in the first person, or writes the candidate's lines."""
    return shows("as_candidate", sentence)


def _is_praise(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Any praise, deserved or not: it would tell how the interview goes."""
    return _tells("praise", sentence, around)


def _is_score(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A grade, a mark or a decision."""
    return _tells("score", sentence, around)


def _is_verdict(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Tells whether something that the candidate said is right, wrong, complete or missing."""
    return shows("verdict", sentence)


def _is_advice(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Tells the candidate what to do; a hint is only given when asked for, in its own words."""
    return shows("advice", sentence)


def _leaks(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Holds a give-away term of any criterion that was not said so far and is not in the move's own words."""
    terms = [term for criterion in around.brief.criteria for term in criterion.giveaways]
    if leaked(sentence, terms, known=around.known, known_forms=around.forms):
        return True
    revealed = around.reveals((sentence,), REVEALED) if len(words_of(sentence)) >= FEWEST_WORDS else frozenset()
    if revealed and revealed - around.reveals((*around.candidate, *around.interviewer, around.directive.text), SAID):
        return True
    together = f"{shown[-1]} {sentence}" if shown else sentence
    return bool(disguised(spelling(together), terms, known=around.spelled))


def _invents_number(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Holds a number that is in no fact, no message and not in the move's own words."""
    return any(found.telling and found.value not in around.numbers for found in quantities(sentence))


def _invents_fact(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Answers yes or no, or states something about the company in words that were not used before."""
    if shows("yes_no", sentence):
        return True
    if "?" in sentence or not shows("claim", sentence):
        return False
    return not stems(sentence) - _INTERVIEW <= around.known_stems


def _misquotes(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Puts two words or more in quotation marks that the candidate did not say in this order."""
    quotes = [normalise(match.group(1)) for match in _QUOTED.finditer(sentence)]
    spoken = (*around.candidate, around.directive.text)
    return any(" " in quote and not any(f" {quote} " in f" {normalise(text)} " for text in spoken) for quote in quotes)


def _is_off_course(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Apologises, refuses, ends, repeats itself, leaves the subject or gets personal, which no curated move does."""
    move = around.directive.move
    if move is Move.HAND_OVER:
        return False
    if move is not Move.ADVANCE and shows("moves_on", sentence):
        return True
    return (
        shows("leaves", sentence)
        or _tells("off_course", sentence, around)
        or _brings_up_other_things(sentence, shown, around)
    )


def _brings_up_other_things(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A statement in words that nobody has used.

    One such word is enough if nothing else is said, two if it speaks of the two at the table, four in all that was
    said in this reply otherwise, and a second one that speaks of neither. A short scene may be set. A question is let pass unless it suggests three of them.
    """
    content = _content(sentence)
    new = content - around.vocabulary
    if asks(sentence):
        return len(new) >= _NEW_SUGGESTED and bool(_SUGGESTION.match(sentence))
    if normalise(sentence) in normalise(around.directive.text):
        return False
    if content and not _PERSON.search(sentence) and any(_content(text) and not asks(text) for text in shown):
        return True
    if _SCENE.match(sentence) and len(sentence.split()) <= _SCENE_WORDS:
        if not _PERSON.search(sentence) or _SUPPOSED.match(sentence):
            return False
    if new and new == content:
        return True
    stated = [_content(text) - around.vocabulary for text in shown if not asks(text)]
    return len(new) >= (_NEW_OF_PERSONS if _PERSON.search(sentence) else _NEW_WORDS) or (
        bool(stated) and len(new.union(*stated)) >= _NEW_WORDS
    )


def _content(sentence: str) -> set[str]:
    return {word for word in stems(sentence) if "'" not in word and not word.isdigit()} - _INTERVIEW - _NEUTRAL


def _asks_too_much(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """More than one question in the whole reply."""
    curated = around.directive.question
    if curated is not None and normalise(curated) in normalise(sentence):
        return sentence.count("?") > max(1, curated.count("?"))
    return shows("several", sentence) or asks(sentence) + sum(asks(text) for text in shown) > 1


def _asks_though_not_due(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A question in a move that asks none."""
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


def _is_off_move(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A question that is another criterion's, or shares no word with the curated one, its criterion or its step.

    Follow-ups (deepen, press) may point at whatever was said in any words, so they are held to that alone.
    """
    directive = around.directive
    if asks(sentence) == 0:
        return False
    words, curated = stems(" ".join((*shown, sentence))), stems(directive.text)
    if any(len(words & other) >= max(_OF_ANOTHER * len(other), 2) and not other <= curated for other in around.elsewhere):
        if len(words & curated) < _OF_ANOTHER * len(curated):
            return True
    latest = around.candidate[-1] if around.candidate else ""
    own = around.brief.criterion_by_id.get(directive.criterion or "")
    near = {form(word) for word in {*words_of(f"{directive.text} {latest}"), *curated, *(topic_of(own) if own else ())}}
    held = {form(word) for word in words_of(" ".join((*shown, sentence)))} - near
    if any(held & signs for step, signs in _SIGNS.items() if step is not directive.step) and not words & curated:
        return True
    if directive.move in _FOLLOW_UPS:
        return not words & around.vocabulary and (bool(_content(sentence)) or len(words_of(sentence)) > 6)
    if directive.move not in _NEW_GROUND:
        return False
    topic = curated
    if directive.criterion is not None and directive.criterion in around.brief.criterion_by_id:
        topic |= topic_of(around.brief.criterion_by_id[directive.criterion])
    if directive.move is Move.ADVANCE:
        topic |= {word for criterion in around.brief.of_step(directive.step) for word in topic_of(criterion)}
    return not words & topic and not {form(word) for word in words} & {form(word) for word in topic}


def _tells(block: str, sentence: str, around: Surroundings) -> bool:
    """Whether a sentence holds a wording of a block in words that are not the curated or the candidate's."""
    own = f" {normalise(around.directive.text)} "
    said = f" {normalise(around.known)} "
    return any(
        f" {match} " not in own and (match.count(" ") < 2 or f" {match} " not in said)
        for found in pattern(block).finditer(sentence.replace("’", "'"))
        if (match := normalise(found.group())) or found.group()
    )


def _without_quotes(sentence: str, around: Surroundings) -> str:
    """A sentence with what it quotes of the candidate taken out: their "nine out of ten" is no score."""

    def masked(found: re.Match[str]) -> str:
        quote = f" {normalise(found.group(1))} "
        return "quoted" if any(quote in f" {normalise(text)} " for text in around.candidate) else found.group()

    curated = around.directive.text[1:]
    if curated and (at := sentence.lower().find(curated.lower())) >= 0:
        sentence = f"{sentence[: max(0, at - 1)]}that{sentence[at + len(curated) :]}"
    return _QUOTED.sub(masked, sentence)


_Breaks = Callable[[str, Sequence[str], Surroundings], bool]
_RULES: tuple[tuple[Rule, _Breaks], ...] = (
    (Rule.TOO_LONG, _is_too_long),
    (Rule.MARKUP, _is_markup),
    (Rule.LANGUAGE, _is_foreign),
    (Rule.PROMPT, _is_from_prompt),
    (Rule.LEAK, _leaks),
    (Rule.AS_CANDIDATE, _is_as_candidate),
    (Rule.PRAISE, _is_praise),
    (Rule.SCORE, _is_score),
    (Rule.VERDICT, _is_verdict),
    (Rule.ADVICE, _is_advice),
    (Rule.INVENTED_NUMBER, _invents_number),
    (Rule.INVENTED_FACT, _invents_fact),
    (Rule.MISQUOTE, _misquotes),
    (Rule.OFF_COURSE, _is_off_course),
    (Rule.LOOP, _loops),
    (Rule.ASKED_BEFORE, _asked_before),
    (Rule.MANY_QUESTIONS, _asks_too_much),
    (Rule.QUESTION_NOT_DUE, _asks_though_not_due),
    (Rule.OFF_MOVE, _is_off_move),
)
_OWN_WORDS = {Rule.PRAISE, Rule.SCORE, Rule.VERDICT, Rule.ADVICE, Rule.AS_CANDIDATE, Rule.OFF_COURSE}


# --- words ---

_WORD = re.compile(r"[a-z0-9]+")
_ENGLISH = STOPWORDS | NUMBER_WORDS
_INTERVIEW = stems(
    "minutes minute time part parts step steps left end stop question questions interview running late quarter half "
    "there there's little late enough asking stop go point reached come remaining roughly matter pick sentence sentences"
)
_NEUTRAL = stems(
    "hear understand know like help stay back hold lead yours tell say suppose imagine look side part point sure begin "
    "carry on continue mean bring follow rush through please thanks noted see listen finish pick react wherever "
    "mentioned said call step away put own heard quoted differently way cut picture jump interrupt both care else other "
    "earlier later before after mind question answer talk mostly floor lead kindly course want wanted wonder wondering "
    "curious interested brought raised spoke told asked described named wrote drew listed idea thought add case moment "
    "second bit little closer further detail example matter missing come at that then there fine leave round around "
    "mm sums arithmetic naturally square reconcile fit learn compare decide weigh choose happen work change show try find "
    "give ask start open turn run stop wait arrive day night morning week month year hour today tomorrow yesterday someone "
    "somebody anyone anybody nobody everyone everybody person people thing world team number figure place line list name "
    "pair piece whole rest half end two three both either neither together apart against between first last next far near "
    "long short large small big high low early late new old slow fast quickly slowly ago meantime while once twice always "
    "never often sometimes usually almost nearly exactly rather quite enough alone instead true suppose given left right "
    "hand view word sentence part picture story idea plan design choice option reason ground trade cost price pay gain lose "
    "win risk depend lead draw sketch walk go reach touch raise drop pass count keep set use apply serve answer reply "
    "evaluation evaluate modelling model serving serve data feature framing requirement goal monitoring deployment training "
    "problem hint let so heard " + " ".join((*phrases.ACKNOWLEDGE, *phrases.LISTEN, *phrases.ANOTHER_SIDE, *phrases.INTERRUPT))
)
_PERSON = re.compile(r"\b(?:i|me|my|you|your|we|us|our|i'[a-z]+|you'[a-z]+|we'[a-z]+)\b", re.IGNORECASE)
_SCENE = re.compile(
    r"^\W*(?:now,? |so,? |and |then )?(?:imagine|suppose|say|take|picture|assume|an?|one|two|three|four|five|ten|some|"
    r"somebody|someone|another|nobody|everybody|half|at|on|after)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"^\W*(?:now,? |so,? |and |then )?(?:imagine|suppose|say|picture|assume)\b", re.IGNORECASE)
_SUGGESTION = re.compile(
    r"^\W*(?:so,? |and |then |okay,? |but )?(?:(?:would|could|should|might|will)(?:n't)? (?:you|one|we|it|that|the|a)|why not|"
    r"what about|how about|do(?:es)?n't|is(?:n't| there)|are(?:n't| there)|does (?:it|that)|(?:would|could|should)n't)\b",
    re.IGNORECASE,
)
_SCENE_WORDS = 20
_OF_ANOTHER = 0.7
"""Of the words of another criterion's question: from this share on a question is that one."""
_NEW_OF_PERSONS, _NEW_WORDS, _NEW_SUGGESTED = 2, 4, 3
"""New words that make a statement one on other things. On the development half of `evals/guard/good.yaml` few
statements of a good interviewer's have so many."""
_QUOTED = re.compile(r"[\"“”«]([^\"“”«»]{3,})[\"“”»]")
_ENDINGS = (
    *("ations", "ation", "ating", "ators", "ator", "ated", "ates", "ate"),
    *("ions", "ion", "ings", "ing", "ers", "er", "als", "al", "ed", "es", "e"),
)


@lru_cache(maxsize=20_000)
def form(word: str) -> str:
    """A word without its ending, so that "calibrating" is "calibrate"; at least four letters stay."""
    word = word[:-1] if len(word) > 4 and word.endswith("s") and word[-2] not in "aisu" else word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=64)
def _forms(text: str) -> str:
    return f" {' '.join(form(word) for word in _WORD.findall(text.lower()))} "


_SIGNS = {
    step: frozenset(form(word) for word in signs.split())
    for step, signs in {
        Step.REQUIREMENTS: "goal goals requirement requirements stakeholder stakeholders",
        Step.DATA: "labels labelling labeling features dataset datasets annotate annotators",
        Step.MODELING: "architecture hyperparameters",
        Step.EVALUATION: "metric metrics evaluate evaluation experiment",
        Step.SERVING: "deploy deployed deployment serve serving rollout latency",
        Step.MONITORING: "monitor monitored monitoring drift alert alerts alerting retrain retraining dashboard",
    }.items()
}
"""Words that belong to one step more than to the others."""


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[at : at + _PROMPT_RUN]) for at in range(len(words) - _PROMPT_RUN + 1)}
