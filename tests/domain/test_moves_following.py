from __future__ import annotations

import pytest

from app.domain import phrases
from app.domain.directive import Answer
from app.domain.kinds import IntakeKind, Move
from app.domain.vocabulary import Level, Step
from tests.domain.sitting import Sitting
from tests.factories import make_case, make_catalog

CATALOG = make_catalog()
TWIST = {
    "id": "no-depot",
    "after": "modeling",
    "text": "The depots have just closed. What changes in your design?",
    "expects": "Drops what came from the depots.",
    "criterion": None,
}
ELSEWHERE = "We would watch how late the parcels are and call the drivers in the evening when they are."
GOING_ON = (IntakeKind.ADVANCE, IntakeKind.ANSWER)


def twisted() -> Sitting:
    """An interview in which a constraint has just changed."""
    sitting = Sitting(make_catalog(make_case(twists=[TWIST])), level=Level.MID)
    sitting.say("We promise an hour so that fewer people call us.", evidence=["business-goal"])
    sitting.next(Step.MODELING)
    for _ in range(4):
        if sitting.say("Hm, yes.").move is Move.TWIST:
            break
    assert sitting.move is Move.TWIST
    return sitting


def test_a_changed_constraint_that_is_passed_over_is_brought_up_once() -> None:
    sitting = twisted()
    assert sitting.say(ELSEWHERE).asks in phrases.WITH_THE_TWIST
    assert sitting.say(ELSEWHERE).asks not in phrases.WITH_THE_TWIST


@pytest.mark.parametrize(
    "said",
    ["Without the depots we lose the scans, so I would train on the vans' own records and nothing else.", "Hm, yes."],
)
def test_an_answer_to_a_changed_constraint_or_a_word_is_not_asked_about(said: str) -> None:
    assert twisted().say(said).asks not in phrases.WITH_THE_TWIST


def test_the_interviewer_does_not_follow_his_own_answer() -> None:
    sitting = Sitting(CATALOG)
    fact = Answer(text="Two million parcels a day.", fact="volume")
    reply = sitting.say("How many parcels? We promise an hour.", evidence=["business-goal"], answers=[fact])
    assert reply.move is Move.LISTEN
    assert any(reply.content.endswith(lead) for lead in phrases.AFTER_FACTS)


def test_what_is_said_beside_naming_a_step_is_taken_up_and_the_step_is_not_opened_as_if_nothing_was() -> None:
    sitting = Sitting(CATALOG, level=Level.MID)
    openers = sitting.brief.case.openers[Step.DATA]
    said = (
        "Let's go to the data. Every scan of the last two years is a row, and its label is how long the van still took."
    )
    assert sitting.say(said, *GOING_ON, step=Step.DATA).asks not in openers
    assert sitting.state.step is Step.DATA
    bare = Sitting(CATALOG, level=Level.MID)
    assert bare.say("Let's go to the data. Right.", *GOING_ON, step=Step.DATA).asks in openers


@pytest.mark.parametrize(
    ("said", "deeper"),
    [
        ("The split by date keeps the last two weeks for the test, and nothing from them is seen in training.", True),
        (
            "On Fridays the screens at the reception get a fresh coat of paint, which everybody there likes a lot.",
            False,
        ),
    ],
)
def test_a_dive_ends_where_the_candidate_speaks_of_something_else(said: str, deeper: bool) -> None:
    sitting = Sitting(CATALOG, level=Level.STAFF)
    sitting.say("We promise an hour so that fewer people call us.", evidence=["business-goal"])
    sitting.next(Step.DATA)
    sitting.say("We split train and test by date so that nothing leaks.", evidence=["time-split"])
    assert sitting.move is Move.DEEPEN
    assert (sitting.say(said).move is Move.DEEPEN) is deeper
