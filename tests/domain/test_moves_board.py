"""What the policy asks about a board: its arrows in their own words, each once, and never what is missing."""

from __future__ import annotations

from app.domain import phrases
from app.domain.case import Architecture
from app.domain.kinds import Move
from app.domain.moves_board import on_edge
from app.domain.vocabulary import Step
from tests.domain.sitting import Sitting
from tests.factories import make_case, make_catalog

GOAL = "We would do it because the depots differ, and it costs us a day of work."


def sitting() -> Sitting:
    """Somebody who has named the goal and the task, in the data step."""
    begun = Sitting()
    begun.say(GOAL, evidence=["business-goal", "ml-task"])
    begun.next(Step.DATA)
    return begun


def test_an_arrow_about_a_point_gets_the_points_own_question() -> None:
    asked = sitting()
    asked.say("scans -> training rows", doubts=["time-split"], quote="scans -> training rows", score=0.6, board=True)
    assert asked.move is Move.PROBE and asked.last.criterion == "time-split"
    assert asked.last.content == 'On "scans -> training rows": which rows do you hold back?'
    assert asked.last.stands_for == "Which rows do you hold back?"


def test_a_point_that_is_credited_is_dug_into() -> None:
    asked = sitting()
    asked.say("scans -> rows by date", evidence=["time-split"], quote="scans -> rows by date", score=0.9, board=True)
    assert asked.move is Move.DEEPEN and '"scans -> rows by date"' in asked.last.content


def test_faint_signs_and_what_was_asked_lead_to_the_arrow_itself() -> None:
    asked = sitting()
    asked.say("scans -> rows", doubts=["time-split"], quote="scans -> rows", score=0.2, board=True)
    assert asked.move is Move.PRESS and asked.last.content.startswith('On "scans -> rows": ')
    asked = sitting()
    asked.say("scans -> rows", doubts=["time-split"], quote="scans -> rows", score=0.9, board=True)
    asked.say("rows -> file", doubts=["time-split"], quote="rows -> file", score=0.9, board=True)
    assert asked.last.criterion is None and asked.last.content.startswith('On "rows -> file": ')


def test_arrows_that_are_known_to_the_case_come_first() -> None:
    reference = {
        "components": [
            {"id": "depot", "name": "Depot", "group": "Data"},
            {"id": "van", "name": "Van", "group": "Data"},
        ],
        "edges": [{"source": "depot", "target": "van"}],
    }
    case = make_case(architecture=Architecture.model_validate(reference))
    asked = Sitting(make_catalog(case))
    asked.say(GOAL, evidence=["business-goal", "ml-task"])
    asked.say("x -> y; depot -> van", board=True)
    assert asked.last.content.startswith('On "depot -> van": ')


def test_each_wording_is_used_once_and_then_the_talk_goes_on() -> None:
    asked = sitting()
    wordings = []
    for number in range(len(phrases.BOARD_ANY) + 1):
        asked.say(f"x{number} -> y{number}", board=True)
        wordings.append(asked.last.content)
    on_boards = [text for text in wordings if text.startswith('On "x')]
    assert len({text.split(": ")[1] for text in on_boards}) == len(on_boards) <= len(phrases.BOARD_ANY)
    assert all(text.count("?") <= 1 for text in wordings)


def test_what_hangs_in_the_air_is_asked_about_once() -> None:
    asked = sitting()
    asked.say("x -> y\nz", board=True)
    asked.say("x -> y\nz", board=True)
    assert '"z"' in asked.last.content
    asked.say("x -> y\nz", board=True)
    assert '"z"' not in asked.last.content
    asked = sitting()
    asked.say("a, b, c", board=True)
    assert "your board" not in asked.last.content, "nothing is connected yet"


def test_questions_are_put_behind_what_was_drawn() -> None:
    assert on_edge("Which rows are held back?", "a ->  b") == 'On "a -> b": which rows are held back?'
    assert on_edge("A van stops. What then?", "a -> b") == 'On "a -> b": a van stops. What then?'
    assert on_edge("GPUs are short. What then?", "a -> b") == 'On "a -> b": GPUs are short. What then?'
    assert on_edge('What of "{quote}"?', "a -> b") == 'What of "a -> b"?'
