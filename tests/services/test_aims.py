from __future__ import annotations

from time import perf_counter

import pytest

from app.adapters.aims import FittedAims
from app.domain import phrases
from app.domain.catalog import Catalog
from app.domain.kinds import Aim, Move
from app.domain.kinds import IntakeKind as K
from app.domain.vocabulary import Level, Mode, Step
from app.ports import Aside, Matcher
from app.services.intake import IntakeReader
from tests.services.conftest import Room

CASE = "similar-listings"
ON_TRAINING = "Go on."


def read(said: str, asked: str, *, catalog: Catalog, matcher: Matcher, aims: FittedAims) -> list[tuple[K, Step | None]]:
    segments = IntakeReader(matcher, aims).read(said, catalog.brief(CASE), asked=asked)
    return [(segment.kind, segment.step) for segment in segments]


@pytest.mark.parametrize(
    ("asked", "said", "kind"),
    [
        (
            ON_TRAINING,
            "I'd look at one town only: do cabins end up next to cabins and lofts next to lofts, even though nobody told "
            "it which is which? If it only sorted by price it would fall apart there.",
            K.ANSWER,
        ),
        ("What share of those pairs is wrong?", "Hm, maybe a third? A board holds lamps and sofas.", K.ANSWER),
        ("Has the company won or lost?", "Depends I think? If they leave at once then lost.", K.ANSWER),
        (ON_TRAINING, "Is it ok if I finish with what I'd watch after launch?", K.ASKS_LEAVE),
        ("Okay, go on.", "Should I go deeper on the evaluation or do you want monitoring next?", K.ASKS_LEAVE),
        ("Carry on.", "I think I'm done, anything else from your side?", K.ASKS_MORE),
        ("Carry on.", "I think that's basically the whole thing, anything you'd want to push on?", K.ASKS_MORE),
        ("What does the model get to see?", "Didn't I just say that?", K.OBJECTION),
        ("I don't have that. Make an assumption and state it.", "I wasn't asking you anything there.", K.OBJECTION),
        ("How many of them do you need?", "How many of what, the photos or the pairs?", K.ASKS_BACK),
        ("You change your mind about this in half a year.", 'By "this" you mean the chunk size?', K.ASKS_BACK),
        ("Keep going.", "Um, keep going with what, the training?", K.ASKS_BACK),
        ("How large is it?", "Detail of what, the skew?", K.ASKS_BACK),
        (
            'Say a bit more about "doc id".',
            "Doc id? It's the key from the source system, so that I can link.",
            K.ANSWER,
        ),
        ("Okay.", "Would you rather go into the retrieval or the ranker?", K.ASKS_LEAVE),
        ("Okay.", "Is there something you want to hear about that before we stop?", K.ASKS_MORE),
    ],
)
def test_what_a_sentence_is_after(
    asked: str, said: str, kind: K, catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    assert kind in {found for found, _ in read(said, asked, catalog=catalog, matcher=matcher, aims=aims)}
    assert K.QUESTION not in {found for found, _ in read(said, asked, catalog=catalog, matcher=matcher, aims=aims)}


@pytest.mark.parametrize(
    ("asked", "said", "fact"),
    [
        (
            "When a guest looks at one of the homes, there is a row.",
            "How many homes? I'd need that to size it.",
            "catalogue",
        ),
        (ON_TRAINING, "How many homes do we have? No need for exact numbers.", "catalogue"),
        (ON_TRAINING, "What's the latency budget? No matter what it is, I'd cache the candidates.", "latency"),
    ],
)
def test_a_question_that_is_followed_by_why_it_was_asked_is_answered(
    asked: str, said: str, fact: str, catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    segments = IntakeReader(matcher, aims).read(said, catalog.brief(CASE), asked=asked)
    assert (segments[0].kind, segments[0].fact) == (K.QUESTION, fact)


@pytest.mark.parametrize(
    "said",
    [
        "My point was that old views mix two people on one account, which confuses the model.",
        "The label mixes what I meant to watch with what autoplay gave me.",
        "Sorry, I skipped your question.",
        "Resolved tickets are another source, the ticket text is the question and the linked page is the answer.",
    ],
)
def test_no_objection(said: str, catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    found = read(said, ON_TRAINING, catalog=catalog, matcher=matcher, aims=aims)
    assert K.OBJECTION not in {kind for kind, _ in found}


@pytest.mark.parametrize("filler", ["i ", "you and ", "should i go or ", "I said. ", "why? "])
def test_a_long_message_is_read_in_no_time(filler: str, catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    began = perf_counter()
    read(filler * (10_000 // len(filler)), ON_TRAINING, catalog=catalog, matcher=matcher, aims=aims)
    assert perf_counter() - began < 15.0


def test_leave_is_asked_for_one_step(catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    long = "I'd take the pairs of one trip, weigh those that were booked more, and draw the others from the same town."
    parts = {"catalog": catalog, "matcher": matcher, "aims": aims}
    assert (K.ASKS_LEAVE, Step.SERVING) in read(f"{long} Should I move on to serving?", ON_TRAINING, **parts)  # type: ignore[arg-type]
    either = read(f"{long} Should I go on with serving or with monitoring?", ON_TRAINING, **parts)  # type: ignore[arg-type]
    assert (K.ASKS_LEAVE, None) in either


def test_a_question_for_a_fact_stays_one(catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    for said in ("How many homes are there?", "Do we know who the guest is?", "What latency do I have?"):
        ((kind, _),) = read(said, ON_TRAINING, catalog=catalog, matcher=matcher, aims=aims)
        assert kind is K.QUESTION


def test_one_more_of_several_questions_is_no_thinking_aloud(
    catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    said = "How many homes are there? And what can the row do, e.g. swap, repeat, be empty?"
    found = read(said, ON_TRAINING, catalog=catalog, matcher=matcher, aims=aims)
    assert [kind for kind, _ in found] == [K.QUESTION, K.QUESTION]


LONG = (
    "Each home gets a vector from the homes that were looked at on the same trip, with a booked one weighing more, and "
    "half of the others it is told apart from come from the same town."
)


async def test_who_asks_what_else_is_wanted_is_asked_what_is_still_open(room: Room) -> None:
    await room.begin(CASE, level=Level.SENIOR)
    await room.say("How many homes are there, and how many visitors?")
    await room.say(LONG)
    reply = (await room.say("I think I'm done, anything else from your side?")).message
    assert reply.content.startswith(phrases.ONE_MORE_THING) and reply.asks is not None and reply.criterion is not None


async def test_leave_is_given(room: Room) -> None:
    await room.begin(CASE, level=Level.SENIOR)
    await room.say("More bookings per visitor is what counts, so I'd rank by the chance that a shown home is booked.")
    await room.say("How many homes are there, and how many visitors?")
    reply = (await room.say(f"{LONG} Is it ok if I finish with what I'd watch after launch?")).message
    assert reply.content in phrases.GRANTED and reply.asks is None
    reply = (await room.say(f"{LONG} Should I move on to serving?")).message
    assert (reply.move, reply.step) == (Move.ADVANCE, Step.SERVING)


def test_who_asks_leave_and_goes_on_waits_for_none(catalog: Catalog, matcher: Matcher, aims: FittedAims) -> None:
    found = read(f"Can we talk about running it? {LONG}", ON_TRAINING, catalog=catalog, matcher=matcher, aims=aims)
    assert K.ASKS_LEAVE not in {kind for kind, _ in found}


async def test_a_design_is_never_granted(room: Room) -> None:
    await room.begin(CASE, level=Level.SENIOR)
    await room.say("More bookings per visitor is what counts, so I'd rank by the chance that a shown home is booked.")
    for asks in ("Should we retrain nightly?", "Would it be ok if I drop the negatives?"):
        reply = (await room.say(asks)).message
        assert not [text for text in phrases.GRANTED if text in reply.content]


async def test_what_was_heard_in_a_step_is_said_to_who_asks_for_more(room: Room) -> None:
    await room.begin(CASE, level=Level.MID, mode=Mode.COACH)
    for _ in range(12):
        reply = (await room.say(f"{LONG} Anything else from your side?")).message
        if reply.move is Move.FEEDBACK:
            assert "heard" in reply.content
            return
    raise AssertionError("no step was left")


async def test_who_was_misunderstood_is_told_sorry(room: Room) -> None:
    await room.begin(CASE, level=Level.SENIOR)
    await room.say(LONG)
    reply = (await room.say("I wasn't asking you anything there, by the way. I'd take the nearest ones.")).message
    assert reply.content.startswith(phrases.SORRY)


async def test_a_fact_is_not_said_again_to_another_question(room: Room) -> None:
    await room.begin("news-feed", level=Level.SENIOR)
    first = (await room.say("Why is this being built now, what does the company see?")).message
    fact = next(one for one in room.catalog.brief("news-feed").case.facts if one.id == "why-now").answer
    assert fact in first.content
    other = (await room.say("Do we know what changed over that year, e.g. more video or more pages?")).message
    assert fact not in other.content and any(text in other.content for text in phrases.NOTHING_BEYOND)
    again = (await room.say("Can you remind me why this is being built now?")).message
    assert "As I said" in again.content


def test_chances_are_of_all_aims_and_sum_to_one(aims: FittedAims) -> None:
    assert aims.told([]) == []
    (told,) = aims.told([Aside(said="anything else?")])
    assert set(told) == set(Aim) and sum(told.values()) == pytest.approx(1.0)
    assert max(told, key=lambda aim: told[aim]) is Aim.MORE
