"""The words of any interview, whatever its case, and words without their endings.

A statement of an interviewer's that holds others, which nobody has used, brings up something of its own.
"""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain import phrases
from app.domain.speech import stems
from app.domain.vocabulary import Step

_PROMPT_RUN = 7
_WORD = re.compile(r"[a-z0-9]+")
INTERVIEW = stems(
    "minutes minute time part parts step steps left end stop question questions interview running late quarter half "
    "there there's little late enough asking stop go point reached come remaining roughly matter pick sentence sentences"
)
NEUTRAL = stems(
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
    "problem hint let so heard "
    + " ".join((*phrases.ACKNOWLEDGE, *phrases.LISTEN, *phrases.ANOTHER_SIDE, *phrases.INTERRUPT))
)
PERSON = re.compile(r"\b(?:i|me|my|you|your|we|us|our|i'[a-z]+|you'[a-z]+|we'[a-z]+)\b", re.IGNORECASE)
SCENE = re.compile(
    r"^\W*(?:now,? |so,? |and |then )?(?:imagine|suppose|say|take|picture|assume|an?|one|two|three|four|five|ten|some|"
    r"somebody|someone|another|nobody|everybody|half|at|on|after)\b",
    re.IGNORECASE,
)
SUPPOSED = re.compile(r"^\W*(?:now,? |so,? |and |then )?(?:imagine|suppose|say|picture|assume)\b", re.IGNORECASE)
SUGGESTION = re.compile(
    r"^\W*(?:so,? |and |then |okay,? |but )?(?:(?:would|could|should|might|will)(?:n't)? (?:you|one|we|it|that|the|a)|why not|"
    r"what about|how about|do(?:es)?n't|is(?:n't| there)|are(?:n't| there)|does (?:it|that)|(?:would|could|should)n't)\b",
    re.IGNORECASE,
)
_EVERYDAY = frozenset({"let through", "past launches", "side by side"}).union(
    "accepted address align alternative anchor anyway appeal arm assignment audit available band bands batch "
    "behaviour bin blind blocked bounce breakdown bucket cancel cancelled cap capacity challenge champion clip "
    "cluster companions competitor concentration consensus count counter creator crop cropping cross cut-off deadline "
    "decay decline demote dense detection discounted distance distribution diverse drift duplicate engagement "
    "escalate examination expansion explanation explore exposure filter floor footnote frame frames freeze friend "
    "friends frozen future gap gateway gold graded ground grounded guideline head heading heads hedge hub inbox "
    "incentive intent interaction inventory invite joint judge map margin matching matured merge mine mining minority "
    "minors mutual naive negative nightly notify novelty odds organic overlap overnight override pad penalty pending "
    "pin pool position prior probe probing prompt queue radius random rank ranking rebuild recipient refuse region "
    "regret restore rewrite ring rotation school segment sensitive series severity shadow shrink shuffle slate slice "
    "sort spelling splitting stand-in stock stream substitute survey swap temperature tile trace transcript transfer "
    "translate translation union utility variety vector version visible weekday widen".split()
)
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
def forms(text: str) -> str:
    """The words of a text without their endings, a space around each."""
    return f" {' '.join(form(word) for word in _WORD.findall(text.lower()))} "


def is_everyday(term: str) -> bool:
    """Whether a term is used without its technical sense too, so that holding it proves little."""
    return term.strip().lower() in _EVERYDAY


SIGNS = {
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


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of seven words."""
    words = _WORD.findall(text.lower())
    return {tuple(words[at : at + _PROMPT_RUN]) for at in range(len(words) - _PROMPT_RUN + 1)}


def content_of(sentence: str) -> set[str]:
    """Stems of its words that are not among the words of any interview."""
    return {word for word in stems(sentence) if "'" not in word and not word.isdigit()} - INTERVIEW - NEUTRAL
