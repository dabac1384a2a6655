"""What nearly every candidate asks first gets the fact that it is about, in every case.

For each question the facts and decisions that are a right answer: case by case, in the order of `CASES`. Several
that are right stand with a | between them; - stands for no answer at all, where the case has no such fact.
"""

from __future__ import annotations

import pytest

from app.domain.catalog import Catalog
from app.ports import AskMatch, Matcher

CASES = (
    "ad-click-prediction",
    "event-recommendation",
    "fraud-detection",
    "harmful-content-detection",
    "news-feed",
    "people-you-may-know",
    "rag-assistant",
    "similar-listings",
    "street-view-blurring",
    "video-recommendation",
    "video-search",
    "visual-search",
)
_AUDIENCE = "users users cards|payments users users members employees visitors views users traffic traffic|audience"
_SCALE = (
    "users|traffic users|traffic payments users|posts users|traffic members|traffic employees|traffic visitors "
    "volume|views users|traffic traffic traffic"
)
_TRAFFIC = "traffic traffic payments posts traffic traffic traffic visitors volume|views traffic traffic traffic"
_DATA = (
    "logs logs history labels|accounts logs logs|profiles corpus|labels logs labels|capture logs logs|text "
    "boards|engagement|text"
)
_LABELS = (
    "click-rate|click-quality|logs logs|bookings|funnel chargebacks labels reactions|logs requests|logs labels "
    "logs|row-today labels logs|plays|likes-and-survey judgements|clicks judgements|engagement|boards"
)
_TODAY = "today today today today today today current-search|pilot current-rule|row-today today today today today"
_REASON = (
    "business why-now business business why-now why-now help-desk row-today|bookings|aim-of-the-row business business "
    "business money"
)
_AIM = (
    "objective objective losses-or-friction worse-mistake objective objective what-to-optimise aim-of-the-row "
    "where-to-cut objective what-to-reward looks-or-engagement"
)
_GOAL = " ".join(f"{one}|{other}" for one, other in zip(_REASON.split(), _AIM.split(), strict=True))
_FRESH = (
    "update-cadence rhythm - - learning-rhythm refresh freshness refresh-rhythm deadline|rerun-rhythm live-or-prepared "
    "freshness arrivals|encoder-rhythm"
)
_COUNTRIES = (
    "regions countries countries languages users|kinds members languages regions countries regions languages audience"
)
_LANGUAGES = (
    "regions|- countries - languages kinds members|- languages regions countries|- regions languages audience|-"
)
_DEVICES = "regions channels|page - - users surfaces - regions - devices - audience"
_LATENCY = "latency latency latency latency latency latency response-time latency deadline latency latency latency"
_MACHINES = (
    "hardware hardware hardware hardware machines machines hosting|budget machines hardware hardware hardware machines"
)
_TEAM = "team " * 12
_SIGNED_IN = "privacy - - accounts|- - - access|- privacy - identity privacy -"
_PRIVACY = (
    "privacy privacy privacy law privacy profiles|young-members|address-books privacy privacy legal|originals privacy "
    "privacy privacy"
)
_ITEMS = "inventory catalogue payments posts posts members corpus catalogue volume catalogue catalogue corpus"
_KEPT = "logs logs history law|labels logs logs privacy|current-search logs originals logs|privacy logs privacy"
_ACTIONS = (
    "hides|click-rate funnel|logs challenge|disputes|- reports reactions surfaces|requests labels|- row-today|journey|- "
    "requests likes-and-survey|dislikes clicks|page engagement|query-kinds"
)
_RHYTHM = (
    "latency|update-cadence latency|rhythm latency latency|before-or-after latency|learning-rhythm refresh|latency "
    "response-time|freshness latency|refresh-rhythm deadline live-or-prepared latency latency|arrivals"
)
FIRST_QUESTIONS = {
    "How many people use this?": _AUDIENCE,
    "How many users do we have?": _AUDIENCE,
    "Who are the users?": _AUDIENCE,
    "What's the scale?": _SCALE,
    "What's the volume?": _SCALE,
    "What's the traffic?": _TRAFFIC,
    "How many requests per second do we get?": _TRAFFIC,
    "How many items are there?": _ITEMS,
    "What data do we have?": _DATA,
    "What data is available?": _DATA,
    "Do we have labels?": _LABELS,
    "How long are logs kept?": _KEPT,
    "Is there an existing system?": _TODAY,
    "How is it done today?": _TODAY,
    "Why are we building this?": _REASON,
    "What's the business goal?": _GOAL,
    "What does success look like?": _GOAL,
    "What's the goal?": _AIM,
    "How fresh does it have to be?": _FRESH,
    "Real time or batch?": _RHYTHM,
    "Any latency constraints?": _LATENCY,
    "How fast does it have to be?": _LATENCY,
    "Which countries?": _COUNTRIES,
    "Which languages?": _LANGUAGES,
    "Is this mobile or web?": _DEVICES,
    "What hardware do we have?": _MACHINES,
    "What's our compute budget?": _MACHINES,
    "How long do we have?": _TEAM,
    "When does it launch?": _TEAM,
    "How big is the team?": _TEAM,
    "How many people work on this?": _TEAM,
    "Are users logged in?": _SIGNED_IN,
    "Any privacy constraints?": _PRIVACY,
    "What actions can users take?": _ACTIONS,
}


def _answer(match: AskMatch) -> str:
    return match.fact or match.decision or "-"


@pytest.mark.parametrize("case", CASES)
def test_a_question_that_is_asked_first_gets_the_fact_that_it_is_about(
    catalog: Catalog, matcher: Matcher, case: str
) -> None:
    matches = matcher.asks(catalog.brief(case), list(FIRST_QUESTIONS))
    right = [answers.split()[CASES.index(case)].split("|") for answers in FIRST_QUESTIONS.values()]
    asked = zip(FIRST_QUESTIONS, matches, right, strict=True)
    assert [(question, _answer(match)) for question, match, ids in asked if _answer(match) not in ids] == []


def test_every_case_has_its_answers_and_they_exist(catalog: Catalog) -> None:
    assert catalog.case_ids() == CASES
    for answers in FIRST_QUESTIONS.values():
        for case, ids in zip(CASES, answers.split(), strict=True):
            known = {one.id for one in (*catalog.brief(case).case.facts, *catalog.brief(case).case.decisions)}
            assert set(ids.split("|")) <= known | {"-"}
