"""Questions to the interviewer himself: about his question, about his view, about the interview's course."""

from __future__ import annotations

import pytest

from app.domain.catalog import Catalog
from app.domain.kinds import IntakeKind as K
from app.ports import Matcher
from app.services.intake import IntakeReader
from app.services.put_back import UNCLEAR, Procedure, of_his_words, procedure, put_back

PUT: dict[K | None, tuple[str, ...]] = {
    K.ASKS_BACK: (
        "What detail do you want?",
        "What do you mean by that?",
        "In what sense?",
        "Could you rephrase the question?",
        "Which part should I go into?",
        "What exactly are you asking?",
        "Sorry, can you repeat that?",
        "Do you mean offline or online?",
        "Are you asking about latency?",
        "How so?",
        "As in chunk size, or structure?",
        "Such as?",
        "Where does what break first?",
        "Further how?",
        "Smaller than what?",
        "Could you put that differently?",
        "What does that question mean?",
        "So you're asking about the size of it?",
        "Is that what you mean?",
        "Is there something else you're after?",
        "Are you looking for something specific?",
    ),
    K.ASKS_OPINION: (
        "Do you think it's wrong?",
        "What would you do instead?",
        "Are you sure that's a problem?",
        "Why wouldn't that work?",
        "What's wrong with that?",
        "What's your opinion on this?",
        "How would you split it?",
        "Would you use a transformer here?",
        "Is that a bad idea?",
        "Could you tell me what you'd do?",
        "Can you tell me how you'd approach it?",
        "Please show me which one you would pick.",
    ),
    K.ASKS_PROCEDURE: (
        "Should I be writing code or drawing?",
        "Can I draw this?",
        "Is there a whiteboard?",
        "Did I already cover monitoring?",
        "Have I missed something?",
        "What do you expect me to cover?",
        "What else do you want to hear about?",
        "How much time do I have left?",
        "How does this interview work?",
        "How deep should I go?",
        "May I ask clarifying questions?",
    ),
    None: (
        "How many users do we have?",
        "Which countries do we cover?",
        "Is this a problem today?",
        "How long do we keep the logs?",
        "Do we log impressions?",
        "Which metric do you prefer?",
        "What do users want?",
        "Can we write features to a store?",
        "Do we miss many faces?",
        "Why are we building this?",
        "How long is a session?",
        "What is the label?",
        "Should I use one model or two?",
        "Do you have labels?",
        "How fresh must it be?",
        "What does a false positive cost?",
        "Should I draw negatives uniformly?",
        "Can I draw samples from old traffic?",
        "Is there anything else I should know about the payments?",
        "What else do we know about the users?",
        "How is the conversation logged?",
        "What do you expect the traffic to be at peak?",
        "What do you need, a score or a probability?",
        "Which aspects of quality do you care about?",
        "Do you see any seasonality in the traffic?",
        "Would you have labels for that?",
        "Do you consider a three second view a watch?",
        "Are you ok with a 200 ms delay?",
        "Can I use the board game catalogue?",
        "Do we have time for a second ranking stage?",
        "How long do videos run so far?",
        "What's the sample rate of the logs?",
        "What is the size of the catalogue?",
        "Could you tell me what the users see?",
        "Can you tell me how you store clicks?",
        "Is there something else in production?",
        "Is there anything specific about the shops?",
        "Could you put a number on that?",
        "What does a click mean?",
    ),
}


@pytest.mark.parametrize(("text", "kind"), [(text, kind) for kind, texts in PUT.items() for text in texts])
def test_whom_a_question_is_put_to(text: str, kind: K | None) -> None:
    assert put_back(text, asked="You said a small sample. Go further with that: where does it break first?") is kind


def test_his_words_are_the_interviewers() -> None:
    asked = "What would a system score that always gives the more common answer?"
    assert of_his_words("Hm, what's the more common answer?", asked)
    assert not of_his_words("What is the common fraud?", asked)
    assert not of_his_words("What's the answer?", asked), "one word of his may be anybody's"
    assert not of_his_words("What's the question?", asked)


def test_an_echo_needs_the_interviewers_words() -> None:
    assert put_back("Overflow which one?", asked="What would you watch: the overflow?") is K.ASKS_BACK
    assert put_back("Overflow which one?", asked="Where does it break first?") is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Do you want me to sketch it?", Procedure.FORM),
        ("What is left to cover?", Procedure.COVERED),
        ("How many minutes are left?", Procedure.TIME),
        ("What should I focus on?", Procedure.SCOPE),
        ("Can I take notes?", Procedure.ASKING),
        ("Can we take orders?", None),
    ],
)
def test_what_is_asked_about_the_course(text: str, what: Procedure | None) -> None:
    assert procedure(text) is what


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("What detail do you want? I gave you the rate and the cost.", [K.ASKS_BACK, K.ANSWER]),
        ("Where does what break first? The model, or the serving?", [K.ASKS_BACK, K.ASKS_BACK]),
        ("We resample. Why, do you think it's wrong?", [K.ANSWER, K.ASKS_OPINION, K.ASKS_OPINION]),
        ("What do you mean by that? Do we have a canteen?", [K.ASKS_BACK, K.QUESTION]),
        ("I don't understand the question.", [K.ASKS_BACK]),
        ("I'm not sure I follow. Like how the images are stored?", [K.ASKS_BACK, K.ASKS_BACK]),
        ("I'm not sure I follow. How are the images stored?", [K.ASKS_BACK, K.QUESTION]),
        ("Would you hire me?", [K.ASKS_SCORE]),
        ("Do you have any feedback for me?", [K.ASKS_SCORE]),
        ("Can you tell me what the right answer is?", [K.ASKS_ANSWER]),
        ("What do you mean by similar?", [K.QUESTION]),
    ],
)
def test_what_a_message_holds(catalog: Catalog, matcher: Matcher, text: str, kinds: list[K]) -> None:
    segments = IntakeReader(matcher).read(text, catalog.brief("similar-listings"), asked="Where does it break first?")
    assert [segment.kind for segment in segments] == kinds


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("I don't understand the question.", True),
        ("Sorry, I don't get that.", True),
        ("I'm not sure what you mean.", True),
        ("Sorry, I'm not following.", True),
        ("You lost me there.", True),
        ("I don't see what you're getting at.", True),
        ("I'm not sure I understand.", True),
        ("I'm not following the batch path here, I'd stream it.", False),
        ("Here the user has lost me as a seller.", False),
        ("I'm not sure I get enough clicks for that.", False),
        ("Chargebacks take weeks, so with fresh payments I don't get that label.", False),
        ("At that threshold I don't catch it in time.", False),
        ("I don't know how you'd find good clusters in a network of this size.", False),
        ("I'm not sure how you'd separate it.", False),
    ],
)
def test_what_is_not_understood_and_what_is_not_known(text: str, unclear: bool) -> None:
    assert (UNCLEAR.search(text) is not None) is unclear
