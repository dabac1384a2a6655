"""A candidate asks what was meant: another question to the same end, a yes to a good guess, or a plain line."""

from __future__ import annotations

import pytest

from app.domain import phrases
from app.domain.catalog import Catalog
from app.domain.directive import Answer
from app.domain.kinds import IntakeKind, Move
from app.domain.moves_asked_back import seeks_more
from app.domain.vocabulary import Level, Step
from tests.domain.sitting import Sitting
from tests.factories import make_case, make_catalog, make_criterion

CATALOG = make_catalog()
BACK = IntakeKind.ASKS_BACK
MEANT = "Sorry, what do you mean?"
SHUFFLED = "A random split over scans is fine here."


def at_data(catalog: Catalog = CATALOG, **header: object) -> Sitting:
    sitting = Sitting(catalog, **header)
    sitting.say("We promise an hour so that fewer people call us.", evidence=["business-goal"])
    sitting.next(Step.DATA)
    return sitting


def deepened() -> Sitting:
    sitting = at_data()
    sitting.say("We split train and test by date so that nothing leaks.", evidence=["time-split"])
    assert sitting.move is Move.DEEPEN
    return sitting


def pressed() -> Sitting:
    sitting = at_data()
    sitting.say(SHUFFLED, flags=["shuffled-scans"])
    assert sitting.move is Move.PRESS
    return sitting


def leads_on(reply: str, asked: str | None) -> bool:
    """Whether a reply is a question with a short lead that says it comes from another side."""
    return asked is not None and reply in {f"{lead} {asked}" for lead in phrases.ANOTHER_SIDE}


def is_a_line_of(reply: str, lines: tuple[str, ...]) -> bool:
    return any(reply.startswith(line.split("{")[0]) and reply.endswith(line.split("}")[-1]) for line in lines)


def test_a_deeper_question_is_asked_in_another_way_of_the_same_point() -> None:
    sitting = deepened()
    first = sitting.last.asks
    reply = sitting.say(MEANT, BACK)
    assert reply.move is Move.CLARIFY and leads_on(reply.content, reply.asks) and reply.asks != first
    assert reply.stands_for in sitting.brief.criterion_by_id["time-split"].follow_ups
    quote = (first or "").split('"')[1]
    assert f'"{quote}"' in (reply.asks or ""), "the words that were quoted are quoted again"
    question = sitting.state.question
    assert question is not None and (question.move, question.criterion) == (Move.DEEPEN, "time-split")


def test_a_question_that_quotes_nothing_is_led_to_by_what_it_is_about() -> None:
    asks = ['"{quote}": which days would you fill in?', "Suppose it was done badly. What would you see?"]
    gaps = make_criterion("scan-gaps", Step.DATA, core=True, weight=3, follow_ups=asks)
    sitting = at_data(make_catalog(make_case(criteria=[gaps])))
    sitting.say("We impute lost scans from the route's schedule and flag them.", evidence=["scan-gaps"])
    quote = sitting.last.content.split('"')[1]
    reply = sitting.say(MEANT, BACK)
    assert reply.content in {f"{lead.format(quote=quote)} {asks[1]}" for lead in phrases.STILL_ON}


@pytest.mark.usefixtures("pressing")
def test_a_press_is_made_in_its_other_wording_and_then_narrowed() -> None:
    sitting = pressed()
    first = sitting.last.asks
    again = sitting.say(MEANT, BACK)
    assert leads_on(again.content, again.asks) and again.asks != first
    assert again.stands_for in sitting.brief.flag_by_id["shuffled-scans"].presses
    assert (again.move, again.about) == (Move.CLARIFY, "shuffled-scans")
    deeper = sitting.say(MEANT, BACK)  # on the claim's words, of the point that it is about
    assert deeper.asks is not None and deeper.asks not in {first, again.asks}
    for _ in range(3):
        last = sitting.say(MEANT, BACK)
    assert last.asks is None and is_a_line_of(last.content, (*phrases.NARROW, *phrases.NARROW_QUOTED))
    question = sitting.state.question
    assert question is not None and (question.move, question.about) == (Move.PRESS, "shuffled-scans")


@pytest.mark.usefixtures("pressing")
def test_a_press_of_a_choice_leads_on_to_what_it_is_like() -> None:
    sitting = at_data()
    sitting.say("The van's position goes in as a feature.", choices=["gps-features"])
    assert sitting.move is Move.PRESS
    reply = sitting.say(MEANT, BACK)
    assert reply.move is Move.CLARIFY and reply.content
    assert reply.asks is None or leads_on(reply.content, reply.asks)


def test_two_choices_that_do_not_fit_are_asked_about_once_more_if_there_is_another_way() -> None:
    sitting = at_data()
    sitting.say(
        "The van's position goes in, and the promise is made at booking.",
        choices=["gps-features", "predict-at-booking"],
    )
    assert sitting.last.about in sitting.brief.tension_by_id
    first = sitting.last.asks
    reply = sitting.say(MEANT, BACK)
    assert reply.move is Move.CLARIFY and reply.asks != first and reply.content


def test_what_was_perhaps_said_is_asked_for_in_the_words_of_the_case() -> None:
    sitting = at_data(level=Level.MID)
    sitting.say("We split train and test by date, more or less.", doubts=["time-split"], score=0.5)
    assert (sitting.move, sitting.last.criterion) == (Move.PROBE, "time-split") and '"' in sitting.last.content
    reply = sitting.say(MEANT, BACK)
    assert reply.stands_for in sitting.brief.criterion_by_id["time-split"].follow_ups
    for _ in sitting.brief.criterion_by_id["time-split"].follow_ups:
        reply = sitting.say(MEANT, BACK)
    assert reply.asks in sitting.brief.criterion_by_id["time-split"].probes


def test_an_opening_question_is_put_in_another_opening() -> None:
    sitting = Sitting(CATALOG, level=Level.MID)
    first = sitting.last.asks
    reply = sitting.say(MEANT, BACK)
    assert reply.move is Move.CLARIFY and reply.content and reply.asks != first


def test_without_a_question_there_is_none_to_reword() -> None:
    sitting = Sitting(CATALOG)
    assert sitting.say(MEANT, BACK).content in phrases.PLAIN_SENSE
    assert sitting.say(MEANT, BACK).content in phrases.IT_IS_OPEN


@pytest.mark.parametrize("criterion", ["baseline", None])
def test_a_changed_constraint_is_narrowed_in_a_plain_line(criterion: str | None) -> None:
    twist = {
        "id": "no-depot",
        "after": "modeling",
        "text": "The depots have just closed. What changes in your design?",
        "expects": "Drops what came from the depots.",
        "criterion": criterion,
    }
    sitting = at_data(make_catalog(make_case(twists=[twist])), level=Level.MID)
    sitting.next(Step.MODELING)
    for _ in range(4):
        if sitting.say("Hm, yes.").move is Move.TWIST:
            break
    assert sitting.move is Move.TWIST
    for _ in range(4):
        assert sitting.say(MEANT, BACK).content in phrases.NARROW


def test_an_arrow_of_the_board_is_narrowed_by_its_name() -> None:
    sitting = at_data()
    sitting.say("van gps -> depot screen\ndepot screen -> night shift", board=True)
    assert sitting.move is Move.PRESS and '"' in sitting.last.content
    quote = sitting.last.content.split('"')[1]
    reply = sitting.say(MEANT, BACK)
    assert reply.content in {line.format(quote=quote) for line in phrases.NARROW_QUOTED}


@pytest.mark.parametrize(
    ("guess", "yes"),
    [
        ("Like how the split by date is done?", True),
        ("You mean splitting train and test by date?", True),
        ("As in the price of a parcel?", False),
        ("Like what a depot scanner costs?", False),
        ("What do you mean, splitting by date?", False),
    ],
)
def test_a_guess_at_what_was_asked_is_confirmed_where_it_can_be_told(guess: str, yes: bool) -> None:
    sitting = deepened()
    question = sitting.state.question
    reply = sitting.say(guess, BACK)
    assert (reply.content in phrases.YES_FOR_INSTANCE) is yes, reply.content
    assert reply.move is Move.CLARIFY
    if yes:
        assert sitting.state.question == question, "it goes on waiting"


def test_who_answers_on_a_guess_of_their_own_is_not_asked_the_same_again() -> None:
    sitting = deepened()
    said = "You mean the split by date? There we leave a gap of two weeks between both parts."
    sitting.say(said, BACK, IntakeKind.ANSWER)
    assert sitting.move is not Move.CLARIFY


def test_whether_more_is_wanted_needs_no_other_wording() -> None:
    sitting = deepened()
    asks = "Is there something else you're after?"
    reply = sitting.say(asks, BACK, answers=[Answer(text=phrases.IT_IS_OPEN[0])])
    assert (reply.content, reply.asks) == (phrases.IT_IS_OPEN[0], None)
    assert sitting.state.question is not None


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Is there something else you're after?", True),
        ("Is there anything specific you're looking for?", True),
        ("Are you looking for something else?", True),
        ("Is there a particular part you want me to go into?", True),
        ("Was there something more you wanted?", True),
        ("Did you want something more specific?", True),
        ("Okay, anything in particular you want to hear?", True),
        ("Is there some other aspect you had in mind?", True),
        ("Is there something else in production?", False),
        ("Is there anything specific about the merchants?", False),
        ("Are the analysts looking for something else?", False),
        ("Do we want something more specific than a country?", False),
        ("Are you looking for a score or a list?", False),
        ("Would you want a score for each?", False),
        ("Is there a model you have today?", False),
        ("Is there something the users expect?", False),
    ],
)
def test_who_asks_whether_more_is_wanted(text: str, more: bool) -> None:
    assert seeks_more(text) is more


# --- hints that there are none of, the floor, the end ---


def test_no_hint_was_given_where_all_was_said() -> None:
    sitting = at_data()
    monitoring = [criterion.id for criterion in sitting.brief.of_step(Step.MONITORING)]
    sitting.say("We compare each week's inputs with the training weeks, and retrain by month.", evidence=monitoring)
    assert sitting.hint(Step.MONITORING).content in phrases.NOTHING_TO_HINT_AT


def test_the_hints_of_a_step_come_to_an_end() -> None:
    sitting = at_data()
    for _ in range(3 * len(sitting.brief.of_step(Step.MONITORING))):
        assert sitting.hint(Step.MONITORING).rung is not None
    assert sitting.hint(Step.MONITORING).content in phrases.NO_MORE_HINTS


def test_a_hint_on_a_step_to_go_to_is_given_there() -> None:
    sitting = at_data()
    said = "I'd like to go to monitoring. Can I get a hint there?"
    reply = sitting.say(said, IntakeKind.ADVANCE, IntakeKind.HINT_REQUEST, step=Step.MONITORING)
    assert (reply.move, reply.step, sitting.state.step) == (Move.HINT, Step.MONITORING, Step.MONITORING)


def test_what_is_left_is_not_asked_at_the_beginning() -> None:
    for seed in range(12):
        sitting = Sitting(CATALOG, seed=seed)
        for _ in range(4):
            reply = sitting.say("Hm, yes.")
            if reply.move is Move.HAND_OVER:
                assert reply.content in phrases.HAND_OVER
                break


def test_the_end_is_near_only_by_a_clock() -> None:
    said = set()
    for seed in range(6):
        sitting = Sitting(CATALOG, minutes=None, seed=seed, level=Level.MID)
        for _ in range(40):
            reply = sitting.say("Hm, yes.")
            if reply.move is Move.QUESTIONS:
                said.add(reply.content)
                break
    assert said and said <= set(phrases.QUESTIONS)


def test_who_does_not_know_and_asks_for_the_answer_is_heard_on_both() -> None:
    sitting = Sitting(CATALOG, level=Level.MID)
    sitting.say("Well.")
    refused = [Answer(text="Mine I can't give you.", declines=True)]
    said = "I don't really know. Could you tell me what you'd do?"
    reply = sitting.say(said, IntakeKind.DONT_KNOW, IntakeKind.ASKS_OPINION, answers=refused)
    assert reply.move is Move.ACCEPT

    deeper = deepened()
    reply = deeper.say(said, IntakeKind.DONT_KNOW, IntakeKind.ASKS_OPINION, answers=refused)
    assert reply.move is not Move.CLARIFY and reply.content != refused[0].text, "on to something else"
