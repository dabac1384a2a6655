"""Sentences of people who were interviewed, as they said them, and what each part of them is."""

from __future__ import annotations

import pytest

from app.adapters.aims import FittedAims
from app.domain import phrases
from app.domain.catalog import Catalog
from app.domain.kinds import IntakeKind as K
from app.domain.kinds import Move
from app.domain.vocabulary import Level, Step
from app.ports import Matcher
from app.services.intake import IntakeReader
from tests.services.conftest import Room

ROWS: list[tuple[str, str, str, set[K]]] = [
    (
        "similar-listings",
        "Go on.",
        "I think I've been through most of it, so from my side we could also wrap up.",
        {K.END},
    ),
    ("fraud-detection", "Go on.", "Could we wrap up?", {K.END}),
    ("similar-listings", "Go on.", "And that is my third goodbye: I'd like to stop here, please.", {K.END}),
    ("similar-listings", "Go on.", "If the first stage finds nothing we can stop here.", {K.ANSWER}),
    ("similar-listings", "Go on.", "That's really all from me, thanks.", {K.ADVANCE}),
    ("similar-listings", "Go on.", "That's me done, thanks.", {K.ADVANCE}),
    (
        "event-recommendation",
        "Two events have the same organiser. When do you find out?",
        "Honestly? From content alone never, the two look the same to my model.",
        {K.ANSWER},
    ),
    (
        "fraud-detection",
        "Go on.",
        "Thieves shift from one side to the other. How long? Refused good ones I see within days, so I can stop fast.",
        {K.ANSWER},
    ),
    (
        "event-recommendation",
        "Someone opens the app. What happens?",
        "First a city lookup. Do I need a two-stage retrieval here? Usually yes, but for a thousand I'd just score everything.",
        {K.ANSWER},
    ),
    (
        "event-recommendation",
        "Go on.",
        "I'd mix categories on the first page. Do you want me to go on with how I'd evaluate it?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
    ("event-recommendation", "Go on.", "Shall I move to email and push?", {K.ASKS_LEAVE}),
    (
        "rag-assistant",
        "Go on.",
        "So I keep the newest as the authoritative one. Does that work for you?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
    (
        "fraud-detection",
        "Go on.",
        "So let me guess about one in a thousand. Does that share sound sane to you?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
    (
        "rag-assistant",
        "Carry on.",
        "Oh, and you'd asked about chunk size. I'd build a test set of maybe 500 real questions.",
        {K.ANSWER},
    ),
    (
        "similar-listings",
        "How many examples of that does a typical home have?",
        "Sorry, what do you mean by examples here, clicks in the row on that home, or views of the home in general?",
        {K.ASKS_BACK},
    ),
    (
        "similar-listings",
        "Is that a good row?",
        "A few should differ in one thing, a bit cheaper, or bigger, because I don't know why she's leaving this one.",
        {K.ANSWER},
    ),
    (
        "visual-search",
        "What would you want to know?",
        "Do people search to discover inspiration, or do they want to find exactly the same product to buy it? "
        "I also like to know the scale: how many pictures we have and how many searches per day.",
        {K.ANSWER, K.QUESTION},
    ),
    (
        "harmful-content-detection",
        "Over to you.",
        "And how quickly do the bad posts get seen, because taking down something after a million views is mostly paperwork.",
        {K.QUESTION},
    ),
    (
        "event-recommendation",
        "It's yours to lead.",
        "How many users are there? Second, what's the business actually after here, more tickets sold, or more people "
        "coming back to the app, because those can pull in different directions.",
        {K.QUESTION},
    ),
]


@pytest.mark.parametrize(("case", "asked", "said", "kinds"), ROWS)
def test_what_people_say_is_what_they_mean(
    case: str, asked: str, said: str, kinds: set[K], catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    segments = IntakeReader(matcher, aims).read(said, catalog.brief(case), asked=asked)
    assert {segment.kind for segment in segments} == kinds


def test_what_leads_up_to_a_question_is_none(catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    def asks(case: str, said: str) -> list[str]:
        segments = IntakeReader(matcher, aims).read(said, catalog.brief(case), asked="Go on.")
        return [said[one.start : one.end] for one in segments if one.kind is K.QUESTION]

    assert asks(
        "visual-search", "Can I ask, do the saves come mostly from the first row, or also deep in the page?"
    ) == ["do the saves come mostly from the first row, or also deep in the page?"]
    assert asks("fraud-detection", "And when a payment comes in, how long do I have to answer?") == [
        "And when a payment comes in, how long do I have to answer?"
    ]


def test_a_wish_to_talk_about_something_goes_there(catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    said = "Hundred thousand posts. Can we talk about how it runs in production, because that is where I'd have spent the time?"
    segments = IntakeReader(matcher, aims).read(said, catalog.brief("harmful-content-detection"), asked="Go on.")
    assert (segments[-1].kind, segments[-1].step) == (K.ADVANCE, Step.SERVING)


def test_the_second_of_two_offers_names_where_to_go(catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    said = "Is that the level you want, or shall I get on to the evaluation?"
    segments = IntakeReader(matcher, aims).read(said, catalog.brief("harmful-content-detection"), asked="Go on.")
    assert [(one.kind, one.step) for one in segments] == [(K.ASKS_LEAVE, Step.EVALUATION)]


async def invited(room: Room) -> None:
    await room.begin("news-feed", level=Level.SENIOR)
    for _ in range(30):
        if (await room.say("/next")).message.move is Move.QUESTIONS:
            return
    raise AssertionError("questions were never invited")


@pytest.mark.parametrize(
    "said",
    [
        "No, I think that's it from me, thanks, I enjoyed the one about Friday.",
        "No, nothing more from me, thank you for the interview.",
        "Then I'd send the bad pages to the last person who edited them. No, that's it from me, thanks.",
    ],
)
async def test_who_takes_leave_after_the_invitation_is_let_go(said: str, room: Room) -> None:
    await invited(room)
    assert (await room.say(said)).message.move is Move.WRAP_UP


async def test_a_guess_may_stand(room: Room) -> None:
    await room.begin("fraud-detection", level=Level.SENIOR)
    reply = await room.say("I'd guess one payment in a thousand is bad. Does that sound sane to you?")
    assert any(text in reply.message.content for text in phrases.LET_IT_STAND)
