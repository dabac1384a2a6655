"""Sentences of people who were interviewed, as they said them, and what each part of them is."""

from __future__ import annotations

from time import perf_counter

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
    ("event-recommendation", "Go on.", "Do you want me to go deeper here?", {K.ASKS_LEAVE}),
    (
        "event-recommendation",
        "Go on.",
        "A 1% randomised slot with propensity. Are you okay with that?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
    ("event-recommendation", "Go on.", "A pairwise loss would give me a score with no scale.", {K.ANSWER}),
    ("event-recommendation", "Go on.", "Could you say if we are at the end, or there is another topic?", {K.ASKS_MORE}),
    ("event-recommendation", "Go on.", "Are we out of time, or is there something you still want?", {K.ASKS_MORE}),
    (
        "street-view-blurring",
        "Go on.",
        "What would you see as the weakest part in my design, and did I forget something?",
        {K.ASKS_OPINION, K.ASKS_PROCEDURE},
    ),
    (
        "street-view-blurring",
        "Go on.",
        "I did not tell you yet which network I choose, can I do it shortly after?",
        {K.OBJECTION, K.ASKS_LEAVE},
    ),
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


ROWS += [
    (
        "fraud-detection",
        "Go on.",
        "Do we refund the victims in that product? Because if not then the cost is not in our books.",
        {K.QUESTION, K.ANSWER},
    ),
    (
        "rag-assistant",
        "Go on.",
        "I grade the two halves separately: for retrieval, recall at eight; for the answer, is each claim supported by its "
        "cited passage, is it correct against the owner's reference, and did it abstain when it should.",
        {K.ANSWER},
    ),
    ("video-search", "Go on.", "I'd only use language. Is that what you want to hear?", {K.ANSWER, K.ASKS_LEAVE}),
    (
        "rag-assistant",
        "Go on.",
        "So a small model checks each citation. Shall I go on with evaluation?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
    (
        "similar-listings",
        "Go on.",
        "The first thing I would want to know is how many apartments there are.",
        {K.ANSWER, K.QUESTION},
    ),
    ("visual-search", "Go on.", "QPS, corpus size, latency, please.", {K.QUESTION}),
]
ROWS += [
    ("video-recommendation", "Go on.", "The tail I'd judge apart; I'll come back to it in serving.", {K.ANSWER}),
    (
        "people-you-may-know",
        "Go on.",
        "Shall I do the numbers for the batch, whether that fits the 16,000 cores?",
        {K.ASKS_LEAVE},
    ),
    (
        "video-recommendation",
        "Go on.",
        "Is there something you'd want me to go deeper in, or push back on?",
        {K.ASKS_MORE},
    ),
    ("people-you-may-know", "Go on.", "I wasn't asking how I'm doing, I meant the product.", {K.OBJECTION}),
    (
        "people-you-may-know",
        "Go on.",
        "So a connection does need an accept from the other side, is that right?",
        {K.QUESTION},
    ),
    (
        "harmful-content-detection",
        "Go on.",
        "If reviewers see the score they just agree with it, so I'd hide the score and log the selection probability.",
        {K.ANSWER},
    ),
    (
        "ad-click-prediction",
        "Go on.",
        "A new output on the model. Is that what you were after?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
    ("ad-click-prediction", "Go on.", "I'd like to finish with monitoring, if we've time.", {K.ADVANCE}),
    (
        "event-recommendation",
        "Go through a hundred of those by hand. How many would turn out the other way?",
        "Sorry, I don't follow, a hundred of what? I was talking about the weekly email.",
        {K.ASKS_BACK, K.ANSWER},
    ),
    (
        "visual-search",
        "Go on.",
        "40 GB for a hundred million, not the 26 I said, I left the graph out.",
        {K.ANSWER},
    ),
    (
        "ad-click-prediction",
        "Go on.",
        "How fresh does the model need to be, do you have a view, or shall I pick?",
        {K.QUESTION},
    ),
    (
        "street-view-blurring",
        "And the second?",
        "Then let me go to the model, I did not say it yet. A small detector off the shelf, just to have a number.",
        {K.ADVANCE, K.ANSWER},
    ),
    (
        "street-view-blurring",
        'What does "license plates" mean for the rest of the design?',
        "You mean what changes because plates are there, not only faces? Plates are rigid, flat, with text, different "
        "format in each country, and they are small, so it pushes me to high resolution, I can not downscale.",
        {K.ANSWER},
    ),
    (
        "news-feed",
        "Which views does that misjudge, and which kind of author profits?",
        "The author thing I'm kind of not seeing yet, could you push me a little in the right direction?",
        {K.HINT_REQUEST},
    ),
    (
        "video-search",
        "Go on.",
        "\"Does not turn up\" - do we know that it's a recall problem? I'd attack those differently.",
        {K.QUESTION, K.ANSWER},
    ),
    ("video-search", "Go on.", "That's it from me, anything you think I got wrong?", {K.ADVANCE, K.ASKS_SCORE}),
    ("video-search", "Go on.", "I'd like to finish with monitoring, if that's ok with you.", {K.ADVANCE}),
    ("fraud-detection", "What did that cost us?", "You said ten dollars about. And she is angry.", {K.ANSWER}),
    (
        "fraud-detection",
        "What did that cost us?",
        "But I'm not sure how I use this number for the threshold. Can you explain me?",
        {K.ANSWER, K.HINT_REQUEST},
    ),
    (
        "fraud-detection",
        "Go on.",
        "I wanted help how the cost, 120 and 10 dollars, gives me the threshold.",
        {K.HINT_REQUEST},
    ),
    ("fraud-detection", "Go on.", "Ok so with the hint: maybe I should compare costs.", {K.ANSWER}),
    ("fraud-detection", "Go on.", "Sorry, I think you didn't understand me. I'd use trees.", {K.OBJECTION, K.ANSWER}),
    (
        "fraud-detection",
        "Go on.",
        "So October is not ready. Is my random split ok or is it wrong?",
        {K.ANSWER, K.ASKS_OPINION},
    ),
    ("fraud-detection", "Go on.", "Is SMOTE a good idea here, or does it break something?", {K.ASKS_OPINION}),
    (
        "fraud-detection",
        "Go on.",
        "I'm not sure what to say more about the model. Is AUC enough?",
        {K.DONT_KNOW, K.ASKS_OPINION},
    ),
    ("fraud-detection", "Go on.", "With AUC we can see the ranking. And how much fraud it catches.", {K.ANSWER}),
    ("fraud-detection", "Go on.", "If the store is slow I'm not sure... maybe we accept everything?", {K.ANSWER}),
    (
        "fraud-detection",
        "Go on.",
        "My question: what should I learn first to be better, in your opinion?",
        {K.ASKS_PROCEDURE},
    ),
    (
        "people-you-may-know",
        "Go on.",
        "I still need you to confirm that a connection needs both sides to agree, because it changes the label.",
        {K.QUESTION},
    ),
    ("people-you-may-know", "Go on.", "Did I get it right that it's mutual?", {K.QUESTION}),
    ("people-you-may-know", "Go on.", "Then if you're fine with it, I'd go to the ML framing.", {K.ADVANCE}),
    (
        "rag-assistant",
        "No answer may be stored.",
        "Do I understand it right that counters are still allowed, like refusals and latency, just no text?",
        {K.ASKS_LEAVE},
    ),
    (
        "rag-assistant",
        "Go on.",
        "I could take one ten times as dear. Should I say something on contradicting documents, or have you heard enough?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
    (
        "rag-assistant",
        "How many questions does your test set need?",
        "Five thousand is plenty. Do you think the size is the problem? I'd have guessed you'd go after the source.",
        {K.ANSWER, K.ASKS_OPINION},
    ),
    (
        "street-view-blurring",
        "What exactly does a machine have to do with one panorama?",
        "I assume a panorama is just a normal photo, maybe 4000 by 3000 pixels, so we put it in the network. Is that right?",
        {K.ASSUMPTION, K.QUESTION},
    ),
    (
        "street-view-blurring",
        'About "put threshold low": what would make you move it back?',
        "I said a bit, when we blur shop signs. More exact: if false blurs are more than two per panorama.",
        {K.ANSWER},
    ),
    (
        "similar-listings",
        'Stay with "cut by market size": which good suggestion looks bad that way?',
        "By market size? None, that's just slicing.",
        {K.ANSWER},
    ),
    (
        "similar-listings",
        'Stay with "cut by market size": which good suggestion looks bad that way?',
        "Market size? I need to know it before I can say anything.",
        {K.QUESTION, K.ANSWER},
    ),
    (
        "similar-listings",
        "What do you do in a week when hardly anything is left?",
        "Never relax party size. Where did you want to go, monitoring or how fresh that calendar is?",
        {K.ANSWER, K.ASKS_LEAVE},
    ),
]
LOOK_ALIKES: list[tuple[str, set[K]]] = [
    ("I said that already. The threshold stays.", {K.OBJECTION, K.ANSWER}),
    ("I'd split by date. Is that right?", {K.ANSWER, K.ASKS_SCORE}),
    ("Where did you want to store the payments?", {K.QUESTION}),
    ("It depends on how many experiments I have to run.", {K.ANSWER}),
    ("Recall is at 0.6, so it's clear how far I have to go.", {K.ANSWER}),
    ("Sorry, I need to run.", {K.END}),
    ("I look at the offline AUC first, and if that's fine I'd move on to serving it to 1% of traffic.", {K.ANSWER}),
    ("If that's fine, I'd go to serving.", {K.ADVANCE}),
    ("We have some tips from the fraud analysts as noisy labels.", {K.ANSWER}),
    ("I'd need help with labelling, so I would hire five annotators.", {K.ANSWER}),
    ("We text the card holder could you confirm that this was you and take the reply as a label.", {K.ANSWER}),
    ("I'm not sure what to say to users when their payment is refused by mistake", {K.ANSWER}),
    ("You said 10 million, that's impossible.", {K.OBJECTION}),
    ("You don't get me to 80 ms with a cross encoder.", {K.ANSWER}),
    ("Is accuracy enough to judge it?", {K.ASKS_OPINION}),
    ("Is a random split okay here?", {K.ASKS_OPINION}),
    ("Was my idea with the share of views right, by the way?", {K.ASKS_OPINION}),
    ("I'd measure the share of fraud by value. Is that a good idea?", {K.ANSWER, K.ASKS_OPINION}),
    ("I'm stuck, can you explain how I should get better labels then?", {K.HINT_REQUEST}),
    ("Can you explain how you log the blocked payments?", {K.QUESTION}),
    ("Am I missing something?", {K.ASKS_PROCEDURE}),
    ("I have to leave now, thanks for the help!", {K.END}),
    ("A good customer has to go through 3D Secure then, and I have to go to the bank for it.", {K.ANSWER}),
    ("So we can assume an A/B test is available?", {K.ASSUMPTION}),
    ("Can you help me with the number of daily payments?", {K.QUESTION}),
    ("Could you help me understand what latency budget we have?", {K.QUESTION}),
    ("I need some help from the analysts for the borderline cases.", {K.ANSWER}),
    ("Users type 'can you help me find a red dress', so I'd encode the query.", {K.ANSWER}),
    ("If that works, I'd move to deployment on GPU.", {K.ANSWER}),
    ("If this works I'd switch back to daily retraining.", {K.ANSWER}),
    ("Maybe we have some labels already?", {K.QUESTION}),
    ("I'd look at the logs first. And how many payments do we have.", {K.ANSWER, K.QUESTION}),
    ("Still stuck after your hint, one more hint.", {K.HINT_REQUEST}),
    ("If the model is not sure what to say it falls back to a default answer.", {K.ANSWER}),
    ("The SMS says please confirm whether you made this payment.", {K.ANSWER}),
    ("You don't get my location without consent.", {K.ANSWER}),
    ("What can I learn from the logs now?", {K.QUESTION}),
    ("What should I work on?", {K.ASKS_PROCEDURE}),
    ("Is the split right? Let's go to serving.", {K.ASKS_OPINION, K.ADVANCE}),
    ("Is the current system good enough?", {K.QUESTION}),
    ("Is a click the right thing? The business wants long-run revenue, so I'd predict the order.", {K.ANSWER}),
    ("You said 40 million payments earlier, now it's 30.", {K.OBJECTION}),
    ("You said sixty days for the chargebacks, so I'd wait for that.", {K.ANSWER}),
    ("I want to know how many payments there are. And how many are fraud.", {K.ANSWER, K.QUESTION}),
    ("If that's fine for the shops I'd use the device history only.", {K.ANSWER}),
    ("Can you give me a hint with the threshold?", {K.HINT_REQUEST}),
    ("That's not what I said.", {K.OBJECTION}),
    ("I'd split by time. Why? Because otherwise the model sees the future.", {K.ANSWER}),
    ("Let me come back to that when we do evaluation.", {K.PARK}),
    ("I'll come back to this in a minute.", {K.PARK}),
    ("I'd add a fallback for new cards, otherwise I'm good.", {K.ANSWER}),
    ("I would shard by country, and I'm good with that.", {K.ANSWER}),
    ("Is there a log of what was declined?", {K.QUESTION}),
    ("I'd use log loss - is that right?", {K.ANSWER, K.ASKS_SCORE}),
    (
        "First, any payment without a card is dropped, so that only those that can be charged are scored at all.",
        {K.ANSWER},
    ),
    ("My first question is whether there is a latency budget.", {K.ANSWER, K.QUESTION}),
    ("The next question is how many payments we have - I'd take ten million.", {K.ANSWER}),
    ("What latency is okay for you?", {K.QUESTION}),
    ("You did not answer my question yet.", {K.OBJECTION}),
    ("You said I chose Redis, but I haven't chosen a store yet.", {K.OBJECTION}),
    ("Let me correct something I got wrong earlier: the label window is seven days, not one.", {K.ANSWER}),
    ("That's where I went wrong, I divided by 24 hours instead of the peak hour.", {K.ANSWER}),
    ("So how do we know if it is overfitting? I would look at the gap on the holdout.", {K.ANSWER}),
    (
        "Could you say how often people click on the spelling hints that the search box shows them today on the phone?",
        {K.QUESTION},
    ),
    ("The team can steer me to whatever it wants, I'd rank by watch time in the right order.", {K.ANSWER}),
    ("I'd look at where I got the labels wrong with a second reader.", {K.ANSWER}),
    ("I'd like to finish with a small model if that is fast enough.", {K.ANSWER}),
    ("Is a latency of two seconds okay with you?", {K.QUESTION}),
    ("It's a gradient boosted tree. It cuts the time to close.", {K.ANSWER}),
    ("For a ticket that is a duplicate, we can close it now.", {K.ANSWER}),
    ("By then most users are happy to stop there.", {K.ANSWER}),
    ("After three failed retrievals I'd rather stop.", {K.ANSWER}),
    ("Above that threshold we can stop.", {K.ANSWER}),
    ("If we are done, let's wrap up.", {K.END}),
    ("Please end the interview as soon as possible.", {K.END}),
    ("Latency? That decides the size of the model.", {K.QUESTION, K.ANSWER}),
    ("I can't really answer this one because I don't know.", {K.DONT_KNOW}),
    ("Can we talk about how many payments there are?", {K.QUESTION}),
    ("I'd guess a thousand payments a day. Does that sound right to you?", {K.ANSWER, K.QUESTION}),
    ("I'd say the chargebacks are the labels. Are the logs fine grained?", {K.ANSWER, K.QUESTION}),
    ("May I go over the two second budget?", {K.ASKS_DECISION}),
    ("Do it offline, because nothing in it changes within the day and a nightly job is enough for all.", {K.ANSWER}),
    ("I want to size it, so at what rate do the payments come in at peak?", {K.QUESTION}),
]


@pytest.mark.parametrize(("said", "kinds"), LOOK_ALIKES)
def test_what_only_looks_like_it_is_told_apart(
    said: str, kinds: set[K], catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    segments = IntakeReader(matcher, aims).read(said, catalog.brief("fraud-detection"), asked="Go on.")
    assert {segment.kind for segment in segments} == kinds


@pytest.mark.parametrize(
    ("said", "offered", "invited"),
    [
        ("No, there's nothing else in the logs that tells the two apart.", True, False),
        ("No, that's it from me, how long until I hear back?", False, True),
        (
            "No model is perfect, nothing else would have worked for the cold start, so I'd add a rule there.",
            False,
            True,
        ),
    ],
)
def test_a_no_within_an_answer_or_before_a_question_declines_nothing(
    said: str, offered: bool, invited: bool, catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    brief = catalog.brief("fraud-detection")
    segments = IntakeReader(matcher, aims).read(said, brief, asked="Go on.", offered=offered, invited=invited)
    assert K.REFUSAL not in {segment.kind for segment in segments}


@pytest.mark.parametrize(
    "filler",
    [
        "not- you said " * 700,
        "I'm not sure which_" + "i" * 5_000 + " but ",
        "_ " * 5_000,
        "a" * 5_000 + " ",
        "so " * 1_700,
        "No, " * 1_500,
    ],
)
def test_a_hostile_message_is_read_in_no_time(
    filler: str, catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    began = perf_counter()
    IntakeReader(matcher, aims).read(f"{filler}I don't know", catalog.brief("fraud-detection"), asked="Go on.")
    assert perf_counter() - began < 1


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


@pytest.mark.parametrize(
    ("case", "said", "facts"),
    [
        (
            "fraud-detection",
            "How many payments do we have, and how much time to answer, is it inside the authorization? And second, who pays "
            "the loss when it is fraud, is it us or the shop, because then I know what a missed one costs.",
            ["payments", "latency", "error-costs"],
        ),
        ("rag-assistant", "How fast does a change, or worse a revoked permission, have to show up?", ["freshness"]),
        (
            "rag-assistant",
            "How many documents are there, is this one wiki or is it a wiki plus a drive plus tickets?",
            ["corpus"],
        ),
        ("video-search", "Do we have raters at all, and how many a week?", ["judgements"]),
        ("news-feed", "How far along are you today, is there a ranker running that I'd have to beat?", ["today"]),
        ("news-feed", "First, roughly how many candidate posts does a typical person have waiting?", ["waiting-posts"]),
        ("visual-search", "What do you know of relevance? And could I order more of it?", []),
    ],
)
def test_what_is_asked_is_found_in_long_questions(
    case: str, said: str, facts: list[str], catalog: Catalog, matcher: Matcher, aims: FittedAims
) -> None:
    segments = IntakeReader(matcher, aims).read(said, catalog.brief(case), asked="It's yours to lead.")
    asked = [one for one in segments if one.kind is K.QUESTION]
    assert [one.fact for one in asked if one.fact] == facts
    assert not facts or len(asked) == len(facts), "and nothing beside them"


async def test_nothing_was_said_before_the_first_answer(room: Room) -> None:
    await room.begin("fraud-detection", level=Level.SENIOR)
    reply = await room.say(
        "How much time do we have to answer, is it inside the authorization so something like 100 milliseconds?"
    )
    assert "150 milliseconds" in reply.message.content
    assert not any(text in reply.message.content for text in phrases.NOTHING_BEYOND)


async def test_at_the_end_the_company_is_asked_and_not_the_candidate(room: Room) -> None:
    await invited(room)
    reply = await room.say("A question for you: how do you weigh a comment against a like today?")
    assert any(text in reply.message.content for text in phrases.NOT_MINE)


async def test_what_he_makes_of_the_design_is_for_the_scorecard(room: Room) -> None:
    await invited(room)
    reply = await room.say("My question for you: what was the thing in my design that worried you the most?")
    assert any(text in reply.message.content for text in phrases.DECLINE[K.ASKS_SCORE])


async def test_no_one_answer_is_wanted(room: Room) -> None:
    await room.begin("ad-click-prediction", level=Level.SENIOR)
    reply = await room.say("The auction score gets a minus term for hides. Is that what you were after?")
    assert any(text in reply.message.content for text in phrases.NO_SET_ANSWER)


async def test_who_doubts_a_choice_is_asked_why_and_nothing_else(room: Room) -> None:
    await room.begin("fraud-detection", level=Level.SENIOR)
    for doubt in ("Is my random split ok or is it wrong?", "Is SMOTE a good idea here?", "Is AUC enough?"):
        said = (await room.say(f"I said that I'd keep it simple, with the rows we have. {doubt}")).message
        assert any(text in said.content for text in phrases.WHY_DOUBT)
        assert said.content.count("?") == 1 and said.content.endswith("?")
    again = (await room.say("Is a threshold of a half a mistake?")).message
    assert not any(text in again.content for text in phrases.WHY_DOUBT)


async def test_what_follows_an_answer_begins_with_no_nod(room: Room) -> None:
    await invited(room)
    reply = await room.say("I'd change the split. My question: what should I learn first to be better?")
    said = reply.message.content
    learn = next(text for text in phrases.WHAT_TO_LEARN if text in said)
    assert not said.removeprefix(learn).strip().startswith(("Noted", "Okay", "Understood", "All right"))


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
        "No, from my side that's all, thank you, it was nice.",
        "But if you can't say that here it's fine, then I'm done, thanks for your time.",
    ],
)
async def test_who_takes_leave_after_the_invitation_is_let_go(said: str, room: Room) -> None:
    await invited(room)
    assert (await room.say(said)).message.move is Move.WRAP_UP


async def test_a_guess_may_stand(room: Room) -> None:
    await room.begin("fraud-detection", level=Level.SENIOR)
    guessed = await room.say("I'd guess half of the shops have a chat. Does that sound sane to you?")
    assert any(text in guessed.message.content for text in phrases.LET_IT_STAND)
    known = await room.say("I'd guess a thousand payments a day. Does that sound right to you?")
    assert "Forty million payments a day" in known.message.content, "what is known is told"


async def test_a_guess_with_a_figure_is_held_against_what_is_known(room: Room) -> None:
    await room.begin("street-view-blurring", level=Level.MID)
    told = await room.say(
        "I assume a panorama is a normal photo, maybe 4000 by 3000 pixels, so I feed it in. Is that right?"
    )
    assert "8,192 by 4,096" in told.message.content
