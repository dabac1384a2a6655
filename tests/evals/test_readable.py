"""Formatted and dictated turns come out as plain sentences, and others as they were."""

from __future__ import annotations

import pytest

from evals.infer.act_words import asks_interviewer
from evals.infer.questions import count_questions
from evals.infer.readable import readable
from evals.infer.spoken import punctuated


@pytest.mark.parametrize("text", ["Okay. Go on.", "What would you log? You said: clicks.", "mm yeah", ""])
def test_what_has_marks_or_few_words_stays(text: str) -> None:
    assert readable(text) == punctuated(text) == text


@pytest.mark.parametrize(
    ("dictated", "plain"),
    [
        ("um so what what does the model uh predict then", "so. what does the model predict then?"),
        (
            "okay so how would you know offline that it's better",
            "okay so. how would you know offline that it's better?",
        ),
        ("mhm yeah um please go on then", "mhm yeah please go on then."),
        ("i'd like you to um design the the search", "i'd like you to design the search."),
        ("right and uh after a year what worries you", "right and after a year. what worries you?"),
        ("we have twenty millis how do you fit in", "we have twenty millis. how do you fit in?"),
        (
            "and you said clicks doesn't your row fill up with bait",
            "and you said clicks. doesn't your row fill up with bait?",
        ),
        ("so if you leave those out what's wrong with that", "so if you leave those out. what's wrong with that?"),
        (
            "no card in the machine what happens until it is back",
            "no card in the machine. what happens until it is back?",
        ),
    ],
)
def test_a_dictated_turn_gets_its_marks(dictated: str, plain: str) -> None:
    assert punctuated(dictated) == plain


def test_headings_tables_bold_type_and_emoji_become_sentences() -> None:
    written = "## Stage 2: Framing 🎯\n\n> **Please** say:\n* What is the *input*?\n\n| Users | 10,000 |\n|---|---|"
    assert readable(written) == "Stage 2: Framing.\n\nPlease say:\n- What is the input?\n\nUsers, 10,000."


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("### Why two stages?\nThe first one is cheap.", 0),
        ("Please tell me:\n- What is on your **dashboard**?\n- How do you **retrain**?", 2),
        ("1. **What does it mean** for us?\n2. **What are the inputs and outputs**?\n3. **Which task** is this?", 3),
        ("- Where would you rather not answer at all, and who decides that in your pipeline?", 1),
        ("Please cover the following:\n- Data sources\n- Labels", 2),
        ("Here are the numbers:\n- **Row size:** 12 homes\n- **Users:** 10 million", 0),
        ("1) What's the label? 2) What's the loss? 3) How do you split it?", 3),
        ("so um fifty million videos how do you how do you get to twenty cards", 1),
        ("um do you have any any questions for me", 1),
        ("uh so twenty million people a day and fifty million videos", 0),
    ],
)
def test_questions_of_formatted_and_dictated_turns(text: str, asked: int) -> None:
    assert count_questions(text) == asked


@pytest.mark.parametrize(
    ("message", "asks"),
    [
        ("how many docs and users", True),
        ("ok. how many listings are there", True),
        ("I'd take the mean. It is simple.", False),
    ],
)
def test_a_candidate_asks_without_a_mark_too(message: str, asks: bool) -> None:
    assert asks_interviewer(message) is asks
