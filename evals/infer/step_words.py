"""The plain words by which people name the seven steps, and the words of moving on: data and its compilation."""

from __future__ import annotations

import re
from functools import lru_cache

from app.domain.vocabulary import Step

_WORDS = {
    Step.REQUIREMENTS: r"requirements?|clarif\w+|business (?:goals?|objective|problem|side)|scope|constraints?|stakeholders?|assumptions?|what (?:questions|else) (?:do|would|did) you|how many users|daily users|scale of",
    Step.FRAMING: r"fram(?:e|ed|ing)|formulat\w+|(?:ml|machine[- ]learning|learning|prediction) (?:task|problem|objective)|inputs? and (?:the )?outputs?|goes in|comes out|(?:classification|regression|ranking) (?:task|problem)|binary classif\w+|classification|multi-?label|what exactly (?:do|would|should) (?:you|we|it) predict|predict exactly|does (?:the|your) model predict|translate|cast (?:this|it)|learning problem",
    Step.DATA: r"data|datasets?|features?|training (?:set|example|row|data)s?|labels?|labell?ing|annotat\w+|logs?|logged|negatives|positives|sampling|split|splits|missing values|leak\w*|point.in.time|chunk\w*|augment\w*|imputation|imbalance\w*|join(?:s|ed)?",
    Step.MODELING: r"model(?:s|ing|ling)?|model development|architectures?|baselines?|neural|network|trees|boost\w+|transformers?|embeddings?|loss|losses|train(?:ed|ing)?|encoders?|overfit\w*|regulari\w+|hyper-?parameters?|two.tower|logistic|fine.?tun\w+|optimi[sz]er|rerank\w*|attention",
    Step.EVALUATION: r"evaluat\w+|metrics?|offline|online (?:test|metric|experiment|evaluation)s?|a/b|ab test\w*|experiments?|auc|precision|recall|ndcg|log loss|normali[sz]ed entropy|accuracy|how (?:would|do|will|can) you (?:know|tell|measure)|measure (?:success|quality|whether)|guardrails?|significan\w+|held.?out|better than|test set",
    Step.SERVING: r"serv(?:e|es|ing|ed)|deploy\w*|latency|inference|production|throughput|cache\w*|caching|requests?|online store|feature store|rollouts?|roll(?:ing)? (?:it |this )?out|canary|shadow|fall.?back|milliseconds|ms|gpus?|cpus?|qps|batch|precomput\w+|ann index|load|queue|real.time|infrastructure|ship(?:ped|ping)? it",
    Step.MONITORING: r"monitor\w*|drift\w*|alert\w*|retrain\w*|dashboards?|feedback loops?|stale\w*|degrad\w+|maint(?:ain|enance)\w*|(?:six|three|a few|several|twelve|\d+) (?:months|years|weeks)|over the (?:months|years)|after (?:the )?launch|has (?:been live|shipped)|been live|it(?:'s| is) live|once (?:it|this)(?:'s| is| has)? (?:live|shipped|launched)|keep an eye|without anyone noticing|(?:goes|gone|went|go) wrong|healthy|continual|continuous training",
}
# Words that any step's answer may hold say less about the step.
_WEAK = re.compile(
    r"^(?:data|models?|train(?:ed|ing)?|features?|requests?|labels?|metrics?|load|batch|production|embeddings?|network|precision|recall|offline|gpus?|classification|logs?|assumptions?|loss|split|negatives|positives)$",
    re.IGNORECASE,
)
_PATTERNS = {step: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for step, words in _WORDS.items()}
_STRONGEST = 3.0
_NAMES = {
    Step.REQUIREMENTS: r"requirements?|clarifying questions|the business side|scope",
    Step.FRAMING: r"(?:problem )?framing|(?:the )?ml (?:task|problem|side)|problem formulation|the (?:ml|learning|machine learning) (?:task|problem)|an? (?:ml|learning|machine learning) (?:task|problem)",
    Step.DATA: r"(?:the |your )?(?:training )?data(?:set)?(?: (?:side|preparation|and features|part))?|(?:the |your )?features?(?: engineering)?",
    Step.MODELING: r"(?:the |your )?model(?:s|ing|ling)?(?: (?:and training|training|selection|development|architecture|itself|side|choice|part))?|model architecture|(?:the |your )?architecture",
    Step.EVALUATION: r"(?:the |your )?(?:offline |online )?(?:evaluation|evaluating|metrics|experiments?)|how (?:to|you(?:'d| would)) (?:evaluate|measure)(?: \w+)?|measuring (?:it|success|quality)",
    Step.SERVING: r"(?:the )?(?:serving|deployment|inference|production|rollout|deploying|serving path|deployment and serving)",
    Step.MONITORING: r"(?:the )?(?:monitoring|maintenance|operations|infrastructure|life after launch|after launch|upkeep)(?: (?:it|and \w+))?",
}
_MOVING = r"(?:\b(?:mov(?:e|ing)(?: on| us| over| along| ahead)?(?: to| into| toward)?|turn(?:ing)?(?: now)? to|switch(?:ing)?(?: gears)?(?: and)?(?: to| over to)?|go(?:ing)? (?:on )?(?:to|into)|get(?:ting)? (?:on )?(?:to|into)|on to|onto|over to|(?:talk|hear|chat|speak)(?:ing)? about|look(?:ing)? at|arrived? at|proceed(?:ing)?(?: now)? to|deeper into|continue with|discuss(?:ing)?|cover(?:ing)?|dive into|shift(?:ing)?(?: \w+)? to|jump(?:ing)? (?:to|into)|next(?: up)?|start(?:ing)? with|come to|focus on|what about|how about|and|now|then|step)[:,]?\s+)"
_NAMED = {
    step: re.compile(rf"{_MOVING}(?:{names})\b(?!\s+(?:you|that you) (?:said|mentioned))", re.IGNORECASE)
    for step, names in _NAMES.items()
}
_ANNOUNCED = re.compile(
    r"(?:(?:okay|ok|good|fine|right|great|thanks|thank you|fair|fair enough|understood|sure|mm|so|well|and)[.,!: ]+)*"
    r"(?:(?:next|now|then|on to|stage \d|step \d|part \d)[.,: ]+)*"
    rf"(?:(?:next|{'|'.join(_NAMES.values())})(?: (?:now|then|next|please))?)[.!:]?",
    re.IGNORECASE,
)
# A sentence or a heading that is a step's name, and an answer that begins with one: "Stage 2: Framing.", "Data! Positives are ..."
_NUMBERED = (
    r"(?:(?:stage|step|part|section|phase|item|topic) (?:\d|one|two|three|four|five|six|seven)(?: of \d)?[:.,)–—-]* *)?"
)
_ALONE = {
    step: re.compile(
        rf"(?:^|[.!:;–—]\s+|\n){_NUMBERED}(?:{names})(?: (?:now|then|next|please))?\s*(?:[.!:]\s|[.!:]?$|\n)",
        re.IGNORECASE,
    )
    for step, names in _NAMES.items()
}
_BEGINS = {
    step: re.compile(
        rf"(?:(?:okay|ok|so|then|right|yes|sure|now|next|well|good|fine|uh|um|alright|all right|on to|let's do|let's go to|i'd go to|i'd do|for|as for|regarding|about)[,.! ]+)*(?:{names})(?: (?:then|next|now|first))?\s*(?:[.:,!;–—?]|- )",
        re.IGNORECASE,
    )
    for step, names in _NAMES.items()
}
MOVES_ON = re.compile(
    r"\b(?:let's|let us|shall we|we (?:should|can|could|need to)|i(?:'d| would) like (?:us )?to|can we|could we|time to|we'll|i(?:'m| am) going to|ready to|want to) (?:now |then |just |also )?(?:move|turn|switch|shift|go|get|look|talk|discuss|leave|cover|dive|jump|hear|proceed|continue (?:with|to))\b|"
    r"\bmov(?:e|ing) (?:us )?(?:on|along|ahead|over|to)\b|\bturning (?:now )?to\b|\bswitch(?:ing)? gears\b|\bon to (?:the )?\w+|\blast (?:topic|thing|part|area|section)\b|\bnext (?:topic|step|section|part|up|area|one)\b|^(?:okay,? |ok,? |good,? |great,? )?next[:,]|\bin the interest of time\b|\bfinally,|\bchange of (?:topic|subject)\b|\bleave (?:it|that|\w+) there\b|\bpark that\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=8_192)
def step_words(text: str) -> tuple[float, ...]:
    """How much the words of a text speak of each step, in the order of the steps; 0 to 3 each."""
    found = []
    for step in Step:
        words = {match.group().lower() for match in _PATTERNS[step].finditer(text)}
        found.append(min(_STRONGEST, sum(0.4 if _WEAK.match(word) else 1.0 for word in words)))
    return tuple(found)


@lru_cache(maxsize=8_192)
def named_step(text: str) -> Step | None:
    """The step that a turn moves to by name ("let's turn to evaluation"); the last one where it names several."""
    best: tuple[int, Step] | None = None
    for step in Step:
        for pattern in (_NAMED[step], _ALONE[step]):
            for match in pattern.finditer(text):
                if best is None or match.end() > best[0]:
                    best = (match.end(), step)
    return best[1] if best else None


@lru_cache(maxsize=8_192)
def begins_with_step(text: str) -> Step | None:
    """The step whose name a message begins with: "Data. Trip-level trails, ..."."""
    return next((step for step in Step if _BEGINS[step].match(text)), None)


@lru_cache(maxsize=8_192)
def announces_step(text: str) -> bool:
    """Whether a turn only names the next step, or says that it comes: "Okay. Next. Modeling.", "Serving."."""
    return _ANNOUNCED.fullmatch(text.strip()) is not None
