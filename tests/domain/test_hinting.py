from __future__ import annotations

import pytest

from app.domain.hinting import HintTarget, last_asked, next_hint
from app.domain.kinds import IntakeKind, Move
from app.domain.vocabulary import Level, Rung, Step
from tests.domain.sitting import Sitting, rich_catalog
from tests.factories import make_case, make_catalog

CATALOG = make_catalog()
RICH = rich_catalog()


def given(sitting: Sitting, times: int, step: Step | None = None) -> list[tuple[str | None, int | None]]:
    return [(reply.criterion, reply.rung) for reply in (sitting.hint(step) for _ in range(times))]


def test_each_request_goes_one_rung_up_and_then_to_the_next_criterion() -> None:
    sitting = Sitting(RICH)
    sitting.next(Step.DATA)
    order = [criterion for criterion, rung in given(sitting, 15) if rung == 1]
    assert order[0] == "data-heavy" and len(set(order)) == 5
    sitting = Sitting(RICH)
    sitting.next(Step.DATA)
    assert given(sitting, 15) == [(criterion, rung) for criterion in order for rung in (1, 2, 3)]


def test_the_words_are_the_rungs() -> None:
    sitting = Sitting(CATALOG)
    ladder = sitting.brief.criterion_by_id["business-goal"].hints
    assert [sitting.hint().content for _ in range(3)] == [ladder.at(rung) for rung in Rung]


def test_when_all_is_given_that_is_said_and_nothing_is_hinted() -> None:
    sitting = Sitting(CATALOG)
    given(sitting, 3)
    reply = sitting.hint()
    assert (reply.move, reply.criterion, reply.rung) == (Move.HINT, None, None) and "hint" in reply.content
    assert next_hint(sitting.state, sitting.brief) == HintTarget(step=Step.REQUIREMENTS)


def test_a_step_without_criteria_has_no_hint() -> None:
    catalog = make_catalog(make_case(shared=[], criteria=[]))
    sitting = Sitting(catalog)
    assert next_hint(sitting.state, sitting.brief) == HintTarget(step=Step.REQUIREMENTS)


def test_a_named_step_is_hinted_on_without_going_there() -> None:
    sitting = Sitting(CATALOG)
    reply = sitting.hint(Step.SERVING)
    assert (reply.criterion, reply.rung, sitting.state.step) == ("latency-budget", 1, Step.REQUIREMENTS)


def test_the_question_that_waits_comes_first_unless_another_step_is_named() -> None:
    sitting = Sitting(RICH, level=Level.MID)
    sitting.say("Well.")
    waiting = sitting.last.criterion
    assert waiting is not None
    assert next_hint(sitting.state, sitting.brief).criterion == waiting
    assert next_hint(sitting.state, sitting.brief, step=Step.DATA).criterion == "data-heavy"


def test_a_named_criterion_comes_first_and_brings_its_step() -> None:
    sitting = Sitting(RICH)
    target = next_hint(sitting.state, sitting.brief, criterion="serving-light")
    assert target == HintTarget(step=Step.SERVING, criterion="serving-light", rung=Rung.NUDGE)
    unknown = next_hint(sitting.state, sitting.brief, criterion="no-such-thing")
    assert unknown.criterion == "requirements-heavy"


@pytest.mark.parametrize("released", [0, 1, 2])
def test_what_was_said_is_never_hinted_at(released: int) -> None:
    sitting = Sitting(RICH)
    sitting.next(Step.DATA)
    assert all(criterion == "data-heavy" for criterion, _ in given(sitting, released))
    sitting.say("It is handled with a plan of its own.", evidence=["data-heavy"])
    later = given(sitting, 12, Step.DATA)
    assert "data-heavy" not in {criterion for criterion, _ in later}
    assert later[-1][0] is not None


def test_the_ladder_that_was_begun_last_is_gone_on_with() -> None:
    sitting = Sitting(RICH)
    sitting.hint(criterion="data-light")
    sitting.hint(criterion="data-second")
    sitting.next(Step.DATA)
    sitting.say("Well, hm.", IntakeKind.ASKS_SCORE)
    target = next_hint(sitting.state, sitting.brief, step=Step.DATA)
    assert (target.criterion, target.rung) == ("data-second", Rung.POINTER)


def test_a_request_in_words_is_answered_as_a_command_is() -> None:
    sitting = Sitting(CATALOG)
    reply = sitting.say("Could I get a hint on serving?", IntakeKind.HINT_REQUEST, step=Step.SERVING)
    assert (reply.move, reply.criterion, reply.rung) == (Move.HINT, "latency-budget", 1)


def test_what_was_asked_last_is_known_after_it_was_answered() -> None:
    sitting = Sitting(CATALOG, level=Level.MID)
    assert last_asked(sitting.state) is None
    asked = sitting.say("Well.").criterion
    assert asked is not None and last_asked(sitting.state) == asked
    sitting.next(Step.DATA)
    assert last_asked(sitting.state) is None, "another step was opened"
