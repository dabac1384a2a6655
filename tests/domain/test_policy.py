from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.domain import phrases
from app.domain.directive import Answer
from app.domain.events import AssumptionStated, ChoiceMade, InterviewerMessage
from app.domain.interview import normalise
from app.domain.kinds import EndReason, IntakeKind, Move
from app.domain.vocabulary import Level, Mode, Step
from tests.domain.sitting import Sitting, rich_catalog
from tests.factories import make_case, make_catalog, make_criterion

CATALOG = make_catalog()
RICH = rich_catalog()
WELL = "We would do it because the depots differ, and it costs us a day of work."
DONT_KNOW, NEXT, FINE = IntakeKind.DONT_KNOW, IntakeKind.ADVANCE, IntakeKind.PLEASANTRY
FACT = Answer(text="Two million parcels a day.", fact="volume")
HANDED_BACK = Answer(text="Your call. Which would you show, and why?", decision="window-or-point", asks=True)


def at(step: Step, **header: object) -> Sitting:
    """An interview in which the candidate has named a goal and gone to a step."""
    sitting = Sitting(CATALOG, **header)
    sitting.say(WELL, evidence=["business-goal"])
    if step is not Step.REQUIREMENTS:
        sitting.next(step)
    return sitting


# --- every move ---


def probed() -> Sitting:
    sitting = Sitting(CATALOG, level=Level.MID)
    sitting.say("Well.")
    return sitting


def nudged() -> Sitting:
    sitting = probed()
    assert sitting.last.criterion == "business-goal"
    sitting.say("Well, hm.")
    return sitting


def deepened() -> Sitting:
    sitting = at(Step.DATA)
    sitting.say("We split train and test by date so that nothing leaks.", evidence=["time-split"])
    return sitting


def pressed() -> Sitting:
    sitting = at(Step.DATA)
    sitting.say("A random split over scans is fine here.", flags=["shuffled-scans"])
    return sitting


def with_parts(*kinds: IntakeKind) -> Callable[[], Sitting]:
    def play() -> Sitting:
        sitting = probed()
        sitting.say("What they said.", *kinds)
        return sitting

    return play


def clarified() -> Sitting:
    sitting = Sitting(CATALOG)
    sitting.say("How many parcels?", IntakeKind.QUESTION, answers=[FACT])
    return sitting


def without_ground() -> Sitting:
    sitting = Sitting(CATALOG)
    sitting.say("We start from the median.", evidence=["baseline"])
    return sitting


def listened_to() -> Sitting:
    sitting = Sitting(CATALOG)
    sitting.say(WELL * 3)
    return sitting


def handed_over() -> Sitting:
    sitting = Sitting(CATALOG)
    for _ in range(4):
        sitting.say("Hm, yes.")
        if sitting.move is Move.HAND_OVER:
            break
    return sitting


def twisted() -> Sitting:
    sitting = at(Step.MODELING, level=Level.MID)
    for _ in range(4):
        sitting.say("Hm, yes.")
        if sitting.move is Move.TWIST:
            break
    return sitting


def interrupted() -> Sitting:
    sitting = at(Step.DATA)
    sitting.say("and then we " * 130)
    return sitting


def warned() -> Sitting:
    sitting = at(Step.DATA)
    sitting.say("Hm, yes.", seconds=33 * 60)
    return sitting


def coached() -> Sitting:
    sitting = Sitting(CATALOG, mode=Mode.COACH)
    sitting.next()
    return sitting


def invited() -> Sitting:
    sitting = Sitting(CATALOG)
    sitting.say("Hm, yes.", seconds=43 * 60)
    return sitting


def ended() -> Sitting:
    sitting = Sitting(CATALOG)
    sitting.end()
    return sitting


@pytest.mark.parametrize(
    ("move", "play"),
    [
        (Move.OPEN, lambda: Sitting(CATALOG)),
        (Move.HAND_OVER, handed_over),
        (Move.LISTEN, listened_to),
        (Move.CLARIFY, clarified),
        (Move.ASK_GROUND, without_ground),
        (Move.PROBE, probed),
        (Move.DEEPEN, deepened),
        (Move.PRESS, pressed),
        (Move.PARK, with_parts(IntakeKind.PARK)),
        (Move.NUDGE, nudged),
        (Move.HINT, with_parts(IntakeKind.HINT_REQUEST)),
        (Move.TWIST, twisted),
        (Move.ACCEPT, with_parts(DONT_KNOW)),
        (Move.INTERRUPT, interrupted),
        (Move.TIME_WARNING, warned),
        (Move.ADVANCE, with_parts(NEXT)),
        (Move.FEEDBACK, coached),
        (Move.QUESTIONS, invited),
        (Move.WRAP_UP, ended),
        (Move.DECLINE, with_parts(IntakeKind.ASKS_SCORE)),
    ],
)
@pytest.mark.usefixtures("pressing")
def test_every_move_can_be_reached(move: Move, play: Callable[[], Sitting]) -> None:
    assert play().move is move


def test_the_table_above_names_every_move() -> None:
    marks = [mark for mark in test_every_move_can_be_reached.pytestmark if mark.name == "parametrize"]
    assert {row[0] for row in marks[0].args[1]} == set(Move)


# --- what holds in any interview ---

KINDS = (
    IntakeKind.ANSWER,
    IntakeKind.ANSWER,
    IntakeKind.ANSWER,
    IntakeKind.ASSUMPTION,
    IntakeKind.QUESTION,
    DONT_KNOW,
    NEXT,
    IntakeKind.HINT_REQUEST,
    IntakeKind.PARK,
    IntakeKind.CONSENT,
    IntakeKind.REFUSAL,
    FINE,
    IntakeKind.ASKS_SCORE,
    IntakeKind.OFF_TOPIC,
    IntakeKind.MANIPULATION,
    IntakeKind.UNREADABLE,
)
CRITERIA = tuple(criterion.id for criterion in RICH.brief("parcel-eta").criteria)
CHOICES = ("gps-features", "predict-at-booking")
WORDS = ("Hm.", WELL, "I'd feed the live GPS trace of the van into the model.", WELL * 6, WELL * 30)
ASKED = st.fixed_dictionaries(
    {
        "content": st.just("Should we show a window?"),
        "kinds": st.just([IntakeKind.QUESTION]),
        "answers": st.sampled_from(((HANDED_BACK,), (FACT, HANDED_BACK))),
        "seconds": st.sampled_from((5, 20, 60)),
    }
)
TURN = ASKED | st.fixed_dictionaries(
    {
        "content": st.sampled_from(WORDS),
        "kinds": st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True),
        "evidence": st.lists(st.sampled_from(CRITERIA), max_size=2, unique=True),
        "doubts": st.lists(st.sampled_from(CRITERIA), max_size=2, unique=True),
        "flags": st.lists(st.just("shuffled-scans"), max_size=1),
        "choices": st.lists(st.sampled_from(CHOICES), max_size=1),
        "answers": st.sampled_from(((), (), (FACT,))),
        "step": st.none() | st.sampled_from(Step),
        "seconds": st.sampled_from((5, 20, 60)),
    }
)
AGREED = {
    "level": st.sampled_from(Level),
    "mode": st.sampled_from((Mode.MOCK, Mode.COACH)),
    "seed": st.integers(0, 7),
    "minutes": st.sampled_from((None, 30, 45)),
}
ASKS_FOR = {Move.PROBE, Move.ASK_GROUND, Move.NUDGE}


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(turns=st.lists(TURN, min_size=60, max_size=60), agreed=st.fixed_dictionaries(AGREED))
def test_whatever_a_candidate_does_the_interviewer_keeps_its_manners(
    turns: list[dict[str, object]], agreed: dict[str, object]
) -> None:
    sitting = Sitting(RICH, **agreed)
    budget = {Level.MID: (1, 1), Level.SENIOR: (2, 1), Level.STAFF: (3, 2)}[sitting.state.header.level]
    for turn in turns:
        if sitting.over:
            break
        asked_before, ledger = set(sitting.state.ledger.questions), sitting.state.ledger
        spoken_at = sitting.state.next_index
        asks = {id: len(entry.asked) for id, entry in ledger.criteria.items()}
        told = dict(turn)
        reply = sitting.say(told.pop("content"), *told.pop("kinds"), **told)  # type: ignore[arg-type]
        decision = sitting.decisions[-1]

        assert 1 <= len(decision.moves) <= 4
        if reply.asks is not None and not sitting.state.invited:
            assert normalise(reply.asks) not in asked_before, "asked twice"
        for directive in decision.moves:
            if directive.move in ASKS_FOR:
                assert directive.criterion is not None
                credited = [e for e in ledger.entry(directive.criterion).evidence]
                assert not credited, f"{directive.criterion} was credited and is asked for"
                assert asks.get(directive.criterion, 0) < 2, f"{directive.criterion} is asked for a third time"
        assert reply.content.strip() or reply.move is Move.DECLINE, "nothing said"
        assert reply.content.count("?") <= 1 or reply.move is Move.QUESTIONS, reply.content
        assert sitting.state.dive_depth <= 3
        assert len(ledger.dives) <= budget[0] and len(ledger.twists) <= budget[1]
        assert reply.index == spoken_at + 1
        assert reply.step is sitting.state.step, "the message names another step than it leaves the candidate in"


@settings(max_examples=15, deadline=None, derandomize=True)
@given(turns=st.lists(TURN, min_size=1, max_size=25), agreed=st.fixed_dictionaries(AGREED))
def test_the_same_interview_is_decided_in_the_same_way(
    turns: list[dict[str, object]], agreed: dict[str, object]
) -> None:
    def play() -> list[str]:
        sitting = Sitting(RICH, **agreed)
        for turn in turns:
            if not sitting.over:
                told = dict(turn)
                sitting.say(told.pop("content"), *told.pop("kinds"), **told)  # type: ignore[arg-type]
        return [decision.model_dump_json() for decision in sitting.decisions]

    assert play() == play()


# --- it ends ---


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("mode", [Mode.MOCK, Mode.COACH])
@pytest.mark.parametrize("kind", [DONT_KNOW, NEXT, FINE, IntakeKind.ANSWER, IntakeKind.REFUSAL])
def test_it_ends_without_a_clock_whatever_the_candidate_repeats(level: Level, mode: Mode, kind: IntakeKind) -> None:
    sitting = Sitting(RICH, level=level, mode=mode, minutes=None)
    for _ in range(120):
        if sitting.state.invited:
            break
        sitting.say("The same again.", kind)
    assert sitting.state.invited, [reply.move for reply in sitting.replies[-6:]]
    assert not sitting.state.untouched, "a step was never opened"
    if kind is IntakeKind.ANSWER:
        kind = IntakeKind.REFUSAL
    for _ in range(2):
        if not sitting.over:
            sitting.say("The same again.", kind)
    assert sitting.over and sitting.state.ended is EndReason.COMPLETED


@pytest.mark.parametrize("level", Level)
def test_next_as_a_command_leads_through_all_steps_to_the_end(level: Level) -> None:
    sitting = Sitting(RICH, level=level)
    opened = [sitting.state.step]
    for _ in range(60):
        if sitting.over:
            break
        sitting.next()
        opened.append(sitting.state.step)
    assert sitting.over
    assert list(dict.fromkeys(opened)) == list(Step)


# --- I don't know ---


def test_i_dont_know_is_accepted_then_a_hint_or_on() -> None:
    sitting = probed()
    assert sitting.say("I don't know.", DONT_KNOW).content in phrases.ACCEPT
    hint = sitting.say("A hint, please.", IntakeKind.CONSENT)
    assert (hint.move, hint.criterion, hint.rung) == (Move.HINT, "business-goal", 1)


@pytest.mark.parametrize("kind", [IntakeKind.REFUSAL, NEXT, DONT_KNOW])
def test_whoever_wants_no_hint_is_not_asked_again(kind: IntakeKind) -> None:
    sitting = probed()
    sitting.say("I don't know.", DONT_KNOW)
    after = sitting.say("No, go on.", kind)
    assert after.move is not Move.ACCEPT and after.criterion != "business-goal"


def test_a_subject_is_dropped_after_two_failed_pushes() -> None:
    sitting = nudged()
    assert sitting.last.criterion == "business-goal"
    for _ in range(8):
        assert sitting.say("Hm, yes.").criterion != "business-goal"


# --- who leads ---


def test_a_mid_candidate_is_led_step_by_step() -> None:
    sitting = Sitting(CATALOG, level=Level.MID)
    assert sitting.last.asks is not None
    opened = []
    for _ in range(30):
        if sitting.state.invited:
            break
        reply = sitting.say("Hm, yes.")
        if reply.move is Move.ADVANCE:
            opened.append(reply.step)
    assert opened == list(Step)[1:]
    assert Move.HAND_OVER not in {reply.move for reply in sitting.replies}


def test_a_senior_candidate_is_handed_the_floor() -> None:
    sitting = Sitting(CATALOG)
    assert sitting.last.asks is None and "yours to lead" in sitting.last.content
    assert handed_over().move is Move.HAND_OVER


def test_a_jump_is_followed_once_its_ground_is_laid() -> None:
    sitting = at(Step.REQUIREMENTS)
    sitting.say(f"Next, serving. {WELL}", NEXT, IntakeKind.ANSWER, step=Step.SERVING, evidence=["latency-budget"])
    assert sitting.state.step is Step.SERVING


def test_a_model_before_any_goal_and_task_is_not_followed_until_both_were_asked_for() -> None:
    sitting = without_ground()
    assert (sitting.last.criterion, sitting.state.step) == ("business-goal", Step.REQUIREMENTS)
    again = sitting.say("We start from the median, I said.", evidence=["baseline"])
    assert (again.move, again.criterion, sitting.state.step) == (Move.ASK_GROUND, "ml-task", Step.FRAMING)
    assert sitting.say("The median it is, as I said.", evidence=["baseline"]).move is not Move.ASK_GROUND


@pytest.mark.parametrize("step", [Step.DATA, Step.SERVING])
def test_whoever_jumped_ahead_once_is_asked_for_the_task_before_the_next_jump(step: Step) -> None:
    sitting = without_ground()
    sitting.say("More parcels on the day that was promised.", evidence=["business-goal"])
    reply = sitting.say(f"Next, this. {WELL}", NEXT, IntakeKind.ANSWER, step=step, evidence=["latency-budget"])
    assert (reply.move, reply.criterion) == (Move.ASK_GROUND, "ml-task")
    assert not any(lead in reply.content for lead in phrases.BEFORE_THE_MODEL)


def test_whoever_jumped_ahead_and_then_named_the_task_is_followed() -> None:
    sitting = without_ground()
    sitting.say("Predict the minutes until the parcel is there.", evidence=["business-goal", "ml-task"])
    reply = sitting.say(
        f"Next, serving. {WELL}", NEXT, IntakeKind.ANSWER, step=Step.SERVING, evidence=["latency-budget"]
    )
    assert reply.move is not Move.ASK_GROUND and sitting.state.step is Step.SERVING


def test_a_choice_about_the_goal_is_ground_enough() -> None:
    sitting = Sitting(CATALOG)
    sitting.say("The promise is made at booking time.", choices=["predict-at-booking"])
    assert sitting.say("We start from the median.", evidence=["baseline"]).move is not Move.ASK_GROUND


def test_an_assumption_is_ground_enough() -> None:
    sitting = Sitting(CATALOG)
    sitting.add(AssumptionStated(seq=0, at=sitting.now, turn=0, quote="I assume calls"))
    assert sitting.say("We start from the median.", evidence=["baseline"]).move is not Move.ASK_GROUND


def test_a_weak_sign_of_a_task_is_no_ground_for_a_model() -> None:
    sitting = Sitting(CATALOG)
    sitting.say("Two towers, then a ranker.", evidence=["baseline"], doubts=["ml-task"], choices=[], score=0.31)
    assert sitting.move is Move.ASK_GROUND
    likely = Sitting(CATALOG)
    likely.say("Minutes until delivery, by a ranker.", evidence=["baseline"], doubts=["ml-task"], score=0.6)
    assert likely.move is not Move.ASK_GROUND


@pytest.mark.usefixtures("pressing")
def test_ground_comes_before_the_press_of_a_choice() -> None:
    sitting = Sitting(CATALOG)
    choice = next(
        choice for choice in sitting.brief.case.choices if choice.step not in {Step.REQUIREMENTS, Step.FRAMING}
    )
    sitting.say("Start from the median.", evidence=["baseline"], choices=[choice.id], doubts=["ml-task"], score=0.3)
    assert sitting.move is Move.ASK_GROUND


# --- steps ---


def to_the_end(sitting: Sitting) -> None:
    for _ in range(80):
        if sitting.state.invited:
            return
        sitting.say("Well, one could do this and that.")
    raise AssertionError("the interview did not come to an end")


def test_a_step_that_was_entered_late_is_not_cut_short_for_the_time_of_the_one_before() -> None:
    sitting = Sitting(RICH)
    sitting.say(WELL, evidence=["business-goal"], seconds=300)
    now = f"Now the framing. {WELL}"
    sitting.say(now, NEXT, IntakeKind.ANSWER, step=Step.FRAMING, evidence=["ml-task"], seconds=300)
    assert sitting.state.step is Step.FRAMING


def test_a_first_step_of_which_nothing_was_said_is_not_passed_over() -> None:
    sitting = Sitting(RICH)
    reply = sitting.say("That's all I have on this one.", NEXT)
    assert (reply.move, reply.step) == (Move.PROBE, Step.REQUIREMENTS)
    assert sitting.say("That's all I have on this one.", NEXT).move is Move.ADVANCE
    asked = Sitting(RICH)
    assert asked.say("Let's move on to the data.", NEXT, step=Step.DATA).step is Step.DATA
    assert Sitting(RICH).next().move is Move.ADVANCE


@pytest.mark.parametrize(("score", "asked"), [(0.1, True), (0.45, False)])
def test_what_was_only_faintly_heard_is_asked_for_before_the_end(score: float, asked: bool) -> None:
    sitting = Sitting(CATALOG)
    sitting.say(WELL, evidence=["business-goal"], doubts=["latency-budget"], score=score)
    to_the_end(sitting)
    assert ("latency-budget" in {reply.criterion for reply in sitting.replies}) is asked


@pytest.mark.parametrize("level", Level)
def test_a_faint_sign_of_another_step_is_not_taken_up(level: Level) -> None:
    sitting = at(Step.DATA, level=level)
    said = "Something with a cache of predictions, say."
    assert sitting.say(said, doubts=["latency-budget"], score=0.35).criterion != "latency-budget"
    again = at(Step.SERVING, level=level)
    assert again.say(said, doubts=["latency-budget"], score=0.35).criterion == "latency-budget"


@pytest.mark.parametrize("level", Level)
def test_a_step_touched_by_the_way_is_opened_before_the_end(level: Level) -> None:
    sitting = Sitting(RICH, level=level)
    sitting.say(WELL, evidence=["business-goal"], doubts=["monitoring-heavy", "drift"], score=0.2)
    sitting.say(WELL, evidence=["serving-second", "serving-light"])
    to_the_end(sitting)
    assert sitting.state.untouched == []


@pytest.mark.parametrize("level", [Level.SENIOR, Level.STAFF])
def test_a_step_that_was_surely_answered_is_asked_about_only_where_something_is_open(level: Level) -> None:
    sitting = Sitting(RICH, level=level)
    said = [one.id for one in sitting.brief.criteria if one.id != "serving-second"]
    sitting.say(WELL, evidence=said)
    to_the_end(sitting)
    in_serving = {reply.criterion for reply in sitting.replies if reply.step is Step.SERVING}
    assert in_serving - {None} == {"serving-second"}
    openers = sitting.brief.case.openers[Step.SERVING]
    assert not any(reply.asks in openers for reply in sitting.replies)


@pytest.mark.parametrize("level", Level)
def test_a_step_of_which_something_was_said_is_gone_on_with(level: Level) -> None:
    sitting = Sitting(RICH, level=level)
    sitting.say(WELL, evidence=["business-goal", "serving-light"])
    to_the_end(sitting)
    first = next(reply for reply in sitting.replies if reply.step is Step.SERVING)
    assert first.move is Move.PROBE and first.criterion in {"serving-second", "serving-heavy", "latency-budget"}
    assert any(text.format(step=Step.SERVING.spoken) in first.content for text in phrases.BEGUN)


# --- pressing ---


def test_a_choice_is_quoted_from_the_message_just_heard() -> None:
    sitting = at(Step.DATA)
    choice = next(choice for choice in sitting.brief.case.choices if choice.presses)
    sitting.say("We talked of it once.", choices=[choice.id], quote="an old form of words")
    sitting.say("And again now.", choices=[choice.id], quote="a new form of words")
    assert sitting.state.ledger.choices[choice.id].quote == "a new form of words"


@pytest.mark.usefixtures("pressing")
def test_a_wrong_claim_is_pressed_twice_and_then_left() -> None:
    sitting = pressed()
    assert sitting.last.about == "shuffled-scans" and sitting.last.criterion == "time-split"
    held = sitting.say("No, that is how everybody does it.")
    assert held.move is Move.PRESS and held.asks != sitting.replies[-2].asks
    assert sitting.say("No, I stay with that one.").move is not Move.PRESS


OTHER = "predict-at-booking"


@pytest.mark.usefixtures("pressing")
def test_a_claim_that_was_pressed_and_is_heard_no_more_is_left() -> None:
    """As in a replay of an interview whose claims were heard by an older rule."""
    sitting = pressed()
    sitting.state.ledger.flags.clear()
    assert sitting.say("I would do it all the same, the scans are alike.").about != "shuffled-scans"


def test_a_step_is_opened_of_which_one_point_and_a_sign_of_another_were_heard() -> None:
    sitting = Sitting(rich_catalog(), level=Level.SENIOR)
    one, *others = [criterion.id for criterion in sitting.brief.of_step(Step.MONITORING) if criterion.core]
    sitting.say(WELL, evidence=[one])
    sitting.say(WELL, doubts=others, score=0.45)
    to_the_end(sitting)
    first = next(reply for reply in sitting.replies if reply.step is Step.MONITORING)
    assert first.content.startswith(tuple(text.format(step=Step.MONITORING.spoken) for text in phrases.BEGUN))


def test_who_says_that_is_all_in_the_last_step_is_asked_no_follow_up() -> None:
    for said, listens in (((), True), ((IntakeKind.ANSWER, IntakeKind.ADVANCE), False)):
        sitting = Sitting(rich_catalog(), level=Level.STAFF)
        sitting.say(WELL, evidence=["business-goal"])
        sitting.next(Step.MONITORING)
        sitting.say("Weekly, by depot. That is all.", *said, evidence=["monitoring-heavy"])
        assert (sitting.move is Move.LISTEN) is listens


def at_data(seed: int) -> Sitting:
    """An interview of its own seed, where a choice and a wrong claim of one step may be pressed."""
    case = RICH.brief("parcel-eta").case
    choices = tuple(each.model_copy(update={"presses": (f"What does {each.id} cost you?",)}) for each in case.choices)
    sitting = Sitting(make_catalog(case.model_copy(update={"choices": choices})), seed=seed)
    sitting.say(WELL, evidence=["business-goal"])
    sitting.next(Step.DATA)
    return sitting


def waiting(seed: int) -> Sitting | None:
    """One in which a wrong claim was not pressed at once; None where it was."""
    sitting = at_data(seed)
    return None if sitting.say(WELL, flags=["shuffled-scans"]).move is Move.PRESS else sitting


def test_whether_one_is_pressed_does_not_tell_wrong_from_sound() -> None:
    seeds = range(40)
    wrong = [at_data(seed).say(WELL, flags=["shuffled-scans"]).about == "shuffled-scans" for seed in seeds]
    sound = [at_data(seed).say(WELL, choices=[OTHER]).about == OTHER for seed in seeds]
    assert wrong == sound and 6 <= sum(wrong) <= 20


def test_what_was_not_pressed_at_once_is_come_back_to() -> None:
    left = [sitting for seed in range(40) if (sitting := waiting(seed)) is not None]
    pressed_later = [any(sitting.say(WELL).about == "shuffled-scans" for _ in range(7)) for sitting in left]
    assert len(left) >= 20 and sum(pressed_later) >= 0.8 * len(left)


def test_a_wrong_claim_put_right_while_it_waited_is_left() -> None:
    for sitting in filter(None, map(waiting, range(20))):
        sitting.say("No, by date rather.", evidence=["time-split"])
        assert all(sitting.say(WELL).about != "shuffled-scans" for _ in range(4))


@pytest.mark.usefixtures("pressing")
def test_a_wrong_claim_taken_back_is_not_pressed_again() -> None:
    sitting = pressed()
    assert sitting.say("By date, rather.", evidence=["time-split"]).about != "shuffled-scans"


@pytest.mark.usefixtures("pressing")
def test_a_sound_choice_is_pressed_too() -> None:
    sitting = at(Step.DATA)
    said = "I'd feed the live GPS trace of the van into it."
    reply = sitting.say(said, choices=["gps-features"])
    assert (reply.move, reply.about) == (Move.PRESS, "gps-features")


@pytest.mark.usefixtures("pressing")
def test_a_sound_choice_made_again_is_pressed_as_often_as_it_can_be_and_then_left() -> None:
    case = make_case()
    [choice, *others] = case.choices
    twice = choice.model_copy(update={"presses": (*choice.presses, "When would you take it out again?")})
    sitting = Sitting(make_catalog(case.model_copy(update={"choices": (twice, *others)})))
    sitting.say(WELL, evidence=["business-goal"])
    sitting.next(Step.DATA)
    said = "I'd feed the live GPS trace of the van into it."
    pressed = [sitting.say(said, choices=[choice.id]).about == choice.id for _ in range(8)]
    assert sum(pressed) == 2


def test_two_choices_that_do_not_fit_are_put_side_by_side() -> None:
    sitting = at(Step.DATA)
    sitting.say("We predict once, when the parcel is booked.", choices=["predict-at-booking"])
    reply = sitting.say("I'd feed the live GPS trace of the van into it.", choices=["gps-features"])
    assert (reply.move, reply.about) == (Move.PRESS, "gps-at-booking")
    assert "How do those fit?" in reply.content
    assert sitting.say("Well, hm.").about != "gps-at-booking"


def test_who_went_deep_and_does_not_know_further_is_asked_something_else() -> None:
    sitting = deepened()
    assert sitting.move is Move.DEEPEN
    reply = sitting.say("I don't know.", IntakeKind.DONT_KNOW)
    assert reply.move is Move.PROBE and reply.content.startswith(phrases.ACCEPT_AND_GO)


@pytest.mark.parametrize(("score", "dug"), [(0.5, False), (0.9, True)])
def test_what_belongs_elsewhere_is_dug_into_only_when_it_is_sure(score: float, dug: bool) -> None:
    sitting = at(Step.MODELING)
    reply = sitting.say("We split by date.", evidence=["time-split"], score=score)
    assert (reply.move is Move.DEEPEN) is dug


@pytest.mark.usefixtures("pressing")
def test_a_choice_in_doubt_is_not_pressed() -> None:
    sitting = at(Step.DATA)
    choice = next(choice for choice in sitting.brief.case.choices if choice.presses)
    pressing = at(Step.DATA)
    assert pressing.say(choice.says[0], choices=[choice.id]).about == choice.id
    assert sitting.say(choice.says[0], choices=[choice.id], sure=False).about != choice.id


def test_two_choices_of_which_one_is_in_doubt_are_not_put_side_by_side() -> None:
    sitting = at(Step.MODELING)
    first, second = sitting.brief.case.tensions[0].between
    sitting.add(ChoiceMade(seq=0, at=sitting.now, choice=first, turn=1, quote="the live GPS trace", sure=False))
    assert sitting.say("We predict at booking time.", choices=[second]).about != sitting.brief.case.tensions[0].id


def test_a_tension_dealt_with_is_not_raised() -> None:
    sitting = at(Step.DATA)
    sitting.say("We predict once, when the parcel is booked.", choices=["predict-at-booking"])
    reply = sitting.say(
        "I'd feed the live GPS trace of the van into it.", choices=["gps-features"], resolves=["gps-at-booking"]
    )
    assert reply.about != "gps-at-booking"


def test_a_doubtful_point_is_taken_up_in_the_candidates_words() -> None:
    sitting = at(Step.DATA)
    reply = sitting.say("Something about scans divided by date, say.", doubts=["time-split"])
    assert (reply.move, reply.criterion) == (Move.PROBE, "time-split")
    assert '"scans divided by date"' in reply.content


def test_more_is_asked_in_words_that_fit_what_was_said() -> None:
    sitting = at(Step.DATA)
    sitting.say("Something about scans divided by date, say.", doubts=["time-split"])
    asked = {text.replace("{quote}", "") for text in phrases.ELABORATE[Step.DATA]}
    assert any(all(part in sitting.last.content for part in text.split('""')) for text in asked)
    assert all(len(options) >= 4 for options in phrases.ELABORATE.values())
    assert set(phrases.ELABORATE) == set(Step)


def test_a_clarifying_question_is_not_something_to_elaborate_on() -> None:
    sitting = at(Step.DATA)
    reply = sitting.say("So how many scans are there, I wonder.", doubts=["time-split"], score=0.0)
    assert reply.criterion != "time-split"


# --- modes ---


def test_coach_says_after_each_step_what_was_heard_and_mock_never() -> None:
    for mode in (Mode.COACH, Mode.MOCK):
        sitting = Sitting(CATALOG, mode=mode, level=Level.MID)
        heard = sitting.say("Fewer calls, since each costs us a pound.", evidence=["business-goal"])
        for _ in range(40):
            if sitting.over:
                break
            heard = sitting.say("Hm, yes.", NEXT)
        fed = [reply for reply in sitting.replies if reply.move is Move.FEEDBACK]
        if mode is Mode.MOCK:
            assert fed == []
            continue
        assert len(fed) == len(Step) - 1
        assert fed[0].content.startswith("On the requirements I heard: the business goal.")
        assert "Not heard: the learning task" in fed[1].content
        assert heard is not None


@pytest.mark.parametrize("put_right", [False, True])
def test_coach_says_what_was_surely_wrong_unless_it_was_put_right(put_right: bool) -> None:
    sitting = Sitting(CATALOG, mode=Mode.COACH, level=Level.MID)
    sitting.say(WELL, NEXT)
    while sitting.state.step is not Step.DATA:
        sitting.say("Hm, yes.", NEXT)
    sitting.say("A random split over scans is fine here.", flags=["shuffled-scans"])
    if put_right:
        sitting.say("No, by date rather.", evidence=["time-split"])
    while sitting.state.step is Step.DATA:
        sitting.say("Hm, yes.", NEXT)
    assert ("Look again at what you said on" in sitting.replies[-1].content) is not put_right


def test_a_drill_stays_in_its_steps() -> None:
    plan = (Step.DATA, Step.SERVING)
    sitting = Sitting(RICH, mode=Mode.DRILL, steps=plan, level=Level.MID)
    assert sitting.last.step is Step.DATA and sitting.last.asks is not None
    for turn in range(40):
        if sitting.over:
            break
        sitting.say(WELL, *((NEXT,) if turn % 5 == 4 else ()), step=Step.MODELING if turn % 5 == 4 else None)
        assert sitting.state.step in plan
        assert (
            sitting.last.criterion is None
            or RICH.brief("parcel-eta").criterion_by_id[sitting.last.criterion].step in plan
        )
    assert sitting.state.untouched == []


def test_nothing_is_asked_before_a_drill_on_the_model_for_ground_outside_of_it() -> None:
    sitting = Sitting(CATALOG, mode=Mode.DRILL, steps=(Step.MODELING,))
    assert sitting.say("We start from the median.", evidence=["baseline"]).move is not Move.ASK_GROUND


# --- time ---


def test_time_is_warned_of_once_then_questions_then_the_end() -> None:
    sitting = warned()
    assert "minutes left" in sitting.last.content or "minutes to go" in sitting.last.content
    assert sitting.say("Hm, yes.", seconds=60).move is not Move.TIME_WARNING
    assert sitting.say("Hm, yes.", seconds=9 * 60).content == phrases.TIME_FOR_QUESTIONS
    last = sitting.say("Hm, yes.", seconds=5 * 60)
    assert last.move is Move.WRAP_UP and sitting.state.ended is EndReason.TIME


def test_a_script_with_lines_left_is_not_cut_by_time() -> None:
    sitting = Sitting(CATALOG)
    for _ in range(6):
        sitting.say("Hm, yes.", seconds=20 * 60, may_end=False)
        assert not sitting.over
    assert sitting.say("Hm, yes.").move is Move.WRAP_UP


def test_no_time_is_said_to_be_left_when_a_script_has_used_it_up() -> None:
    sitting = Sitting(CATALOG)
    assert sitting.say("Hm, yes.", seconds=46 * 60, may_end=False).move is not Move.TIME_WARNING


def test_the_last_minute_is_told_as_one() -> None:
    sitting = Sitting(CATALOG, minutes=10)
    warning = sitting.say("Hm, yes.", seconds=9 * 60, may_end=False)
    assert warning.move is Move.TIME_WARNING
    assert "a minute" in warning.content and "minutes" not in warning.content


def test_a_typing_allowance_lengthens_the_clock() -> None:
    sitting = Sitting(CATALOG, typing_allowance=0.5)
    assert sitting.say("Hm, yes.", seconds=46 * 60).move is not Move.WRAP_UP
    assert sitting.say("Hm, yes.", seconds=22 * 60).move is Move.WRAP_UP


def test_without_a_clock_nobody_speaks_of_time() -> None:
    sitting = Sitting(RICH, minutes=None)
    for _ in range(30):
        reply = sitting.say("Hm, yes.", seconds=3600)
        assert "minutes" not in reply.content and "time" not in reply.content.lower().replace("time budget", "")
        if sitting.state.invited:
            break


# --- requests ---


def test_a_candidate_who_thinks_is_left_in_peace() -> None:
    sitting = probed()
    question = sitting.state.question
    reply = sitting.say("Let me think about it.", FINE)
    assert reply.asks is None and "?" not in reply.content
    assert sitting.state.question == question
    assert sitting.state.ledger.entry("business-goal").asked == [2]


def test_a_silence_is_waited_out_and_then_a_hint_is_offered() -> None:
    sitting = probed()
    first = sitting.say("...", FINE)
    assert first.content in phrases.THINK
    second = sitting.say("…hm", FINE)
    assert second.move is Move.ACCEPT and second.content in phrases.OFFER
    third = sitting.say("...", FINE)
    assert third.move is not Move.ACCEPT and third.criterion != second.criterion


def test_a_silence_with_nothing_asked_gets_time_too() -> None:
    sitting = Sitting(CATALOG)
    assert sitting.say("...", FINE).content in phrases.THINK
    assert Sitting(CATALOG).say("Sounds good.", FINE).content in phrases.LISTEN


def test_a_parked_question_comes_back_by_name() -> None:
    sitting = Sitting(CATALOG, level=Level.MID)
    parked = sitting.say("Well.")
    assert parked.criterion == "business-goal"
    sitting.say("Can I come back to that later?", IntakeKind.PARK)
    assert sitting.state.ledger.entry("business-goal").parked
    for step in list(Step)[1:]:
        sitting.next(step)
    back = sitting.next()
    assert (back.move, back.criterion, back.step) == (Move.PROBE, "business-goal", Step.REQUIREMENTS)
    assert "the requirements" in back.content and back.asks != parked.asks


def test_ending_is_possible_at_any_time_and_at_once() -> None:
    for play in (probed, pressed, clarified, coached, warned):
        sitting = play()
        assert sitting.say("Let's end the interview.", IntakeKind.END).move is Move.WRAP_UP
        assert sitting.state.ended is EndReason.CANDIDATE


def test_a_request_that_is_declined_leaves_the_question_where_it_was() -> None:
    sitting = probed()
    question = sitting.state.question
    reply = sitting.say("How am I doing?", IntakeKind.ASKS_SCORE)
    assert reply.move is Move.DECLINE and sitting.state.question == question


def test_after_the_invitation_the_floor_stays_the_candidates() -> None:
    sitting = invited()
    assert sitting.say("I would change the split.").content in phrases.ANYTHING_ELSE
    assert sitting.say("No, nothing more.", IntakeKind.REFUSAL).move is Move.WRAP_UP


def test_whoever_asks_nothing_after_the_invitation_is_asked_for_more_once() -> None:
    sitting = invited()
    assert sitting.say("I would change the split.").content in phrases.ANYTHING_ELSE
    asked = sitting.say("How big is the team?", IntakeKind.QUESTION, answers=[FACT])
    assert asked.move is Move.LISTEN
    assert sitting.say("And I'd look at the labels.").move is Move.WRAP_UP
    assert sitting.state.ended is EndReason.COMPLETED


def test_a_script_with_lines_left_is_heard_after_the_invitation() -> None:
    sitting = invited()
    for _ in range(3):
        assert sitting.say("I would change the split.", may_end=False).move is Move.LISTEN


def test_a_handed_back_decision_is_the_only_question() -> None:
    for sitting in (probed(), pressed(), handed_over(), at(Step.FRAMING, level=Level.MID)):
        reply = sitting.say("A window or a point?", IntakeKind.QUESTION, answers=[HANDED_BACK])
        assert reply.content == HANDED_BACK.text and reply.asks is None


def test_a_question_already_asked_in_an_answer_leaves_one_quiet_move() -> None:
    sitting = at(Step.DATA)
    sitting.say(WELL, IntakeKind.ANSWER, answers=[HANDED_BACK])
    assert [move.move for move in sitting.decisions[-1].moves] == [Move.CLARIFY]


def test_in_a_script_next_after_the_invitation_ends_nothing() -> None:
    sitting = Sitting(CATALOG)
    while not sitting.state.invited:
        sitting.next(may_end=False)
    reply = sitting.next(may_end=False)
    assert reply.content in phrases.ANYTHING_ELSE and not sitting.over
    assert sitting.next().move is Move.WRAP_UP


def spoken_of(step: Step) -> list[str]:
    """Everything that a step leaves to ask."""
    return [criterion.id for criterion in RICH.brief("parcel-eta").criteria if criterion.step is step]


def near_the_end(**header: object) -> Sitting:
    """An interview in which all was said, and serving alone is asked about before the invitation."""
    sitting = Sitting(RICH, **header)
    said = [one.id for one in sitting.brief.criteria if one.id != "serving-heavy"]
    sitting.say(WELL, evidence=said)
    for _ in range(40):
        if sitting.last.criterion == "serving-heavy":
            return sitting
        sitting.say("Hm, yes.")
    raise AssertionError("serving was never asked about")


def asks_for(sitting: Sitting, step: Step, by_command: bool) -> InterviewerMessage:
    return sitting.next(step) if by_command else sitting.say("Can we go to that one?", NEXT, step=step)


@pytest.mark.parametrize("by_command", [True, False])
@pytest.mark.parametrize("level", Level)
def test_asking_for_the_step_that_is_open_keeps_it_open(level: Level, by_command: bool) -> None:
    sitting = near_the_end(level=level)
    assert sitting.state.step is Step.SERVING
    question = sitting.state.question
    for _ in range(4):
        reply = asks_for(sitting, Step.SERVING, by_command)
        assert (reply.move, reply.step) == (Move.LISTEN, Step.SERVING) and "?" not in reply.content
        assert sitting.state.question == question and not sitting.state.invited
    assert not sitting.state.ledger.steps[Step.SERVING].passed
    sitting.say("We cache by depot.", evidence=["serving-heavy"])
    assert sitting.state.ledger.covered("serving-heavy")


@pytest.mark.parametrize("by_command", [True, False])
@pytest.mark.parametrize("level", Level)
def test_an_earlier_step_is_returned_to_and_left_to_the_candidate(level: Level, by_command: bool) -> None:
    sitting = at(Step.EVALUATION, level=level)
    sitting.next(Step.SERVING)
    reply = asks_for(sitting, Step.EVALUATION, by_command)
    assert (reply.step, sitting.state.step, reply.asks) == (Step.EVALUATION, Step.EVALUATION, None)
    assert "evaluation" in reply.content
    assert not sitting.state.ledger.steps[Step.SERVING].passed, "who goes back does not pass the step by"
    assert sitting.say("A guardrail, I forgot, because returns cost money.").step is Step.EVALUATION


def test_what_is_said_with_the_request_to_go_back_is_heard_there() -> None:
    sitting = Sitting(RICH)
    sitting.next(Step.DATA)
    sitting.next(Step.SERVING)
    reply = sitting.say(WELL, NEXT, IntakeKind.ANSWER, step=Step.DATA, evidence=spoken_of(Step.DATA))
    assert (reply.step, sitting.state.step) == (Step.DATA, Step.DATA)


def test_where_nothing_is_left_to_ask_the_step_that_was_named_is_gone_to_all_the_same() -> None:
    sitting = Sitting(RICH)
    sitting.say(WELL, evidence=[criterion.id for criterion in sitting.brief.criteria])
    for _ in range(20):
        if sitting.state.invited:
            break
        sitting.say("Hm, yes.")
        reply = sitting.say(WELL, NEXT, IntakeKind.ANSWER, step=Step.DATA, choices=["gps-features"])
        assert reply.step is Step.DATA


def test_who_does_not_know_and_names_a_step_is_taken_there() -> None:
    sitting = probed()
    assert sitting.say("No idea. Let's go to the data.", DONT_KNOW, NEXT, step=Step.DATA).step is Step.DATA


@pytest.mark.parametrize("by_command", [True, False])
@pytest.mark.parametrize("between", [True, False])
def test_a_jump_ahead_is_held_back_once_and_followed_when_it_is_asked_for_again(
    by_command: bool, between: bool
) -> None:
    sitting = Sitting(RICH)
    held = asks_for(sitting, Step.SERVING, by_command)
    assert (held.move, held.step) == (Move.ASK_GROUND, Step.REQUIREMENTS)
    if between:
        sitting.say("We would do it by the book.")
    followed = asks_for(sitting, Step.SERVING, by_command)
    assert (followed.step, sitting.state.step) == (Step.SERVING, Step.SERVING)
    assert followed.move is not Move.ASK_GROUND


# --- closing ---


@pytest.mark.parametrize("step", Step)
def test_a_step_can_be_gone_to_after_the_invitation(step: Step) -> None:
    for by_command in (True, False):
        sitting = invited()
        reply = asks_for(sitting, step, by_command)
        assert not sitting.over and sitting.state.step is step and reply.step is step
        assert sitting.say("No, that's all.", IntakeKind.REFUSAL).move is Move.WRAP_UP


LONG = "I would serve an open model on our own machines, four copies of it, since the vendor may withdraw theirs."


def test_who_still_says_something_of_substance_is_not_cut_off() -> None:
    sitting = invited()
    for said in ({}, {"evidence": ["time-split"]}, {"doubts": ["drift"]}, {"choices": ["gps-features"]}) * 2:
        content = LONG if not said else "And the split."
        reply = sitting.say(content, seconds=5, **said)  # type: ignore[arg-type]
        assert reply.content in phrases.ANYTHING_ELSE
    assert sitting.say("Ok.", FINE, seconds=5).move is Move.LISTEN
    assert sitting.say("Good.", seconds=5).move is Move.LISTEN, "a mere ok is none of the two"
    assert sitting.say("Fine.", seconds=5).move is Move.WRAP_UP


def test_what_is_said_of_a_step_after_the_invitation_is_heard_there_without_a_question() -> None:
    sitting = invited()
    reply = sitting.say(LONG, NEXT, IntakeKind.ANSWER, step=Step.SERVING)
    assert (reply.step, reply.asks, sitting.over) == (Step.SERVING, None, False)
    assert sitting.say(LONG, NEXT, IntakeKind.ANSWER, step=Step.SERVING, seconds=5).move is Move.LISTEN


@pytest.mark.parametrize("kind", [IntakeKind.REFUSAL, NEXT])
def test_a_no_that_goes_on_with_something_of_substance_is_no_end(kind: IntakeKind) -> None:
    sitting = invited()
    assert sitting.say(f"No. Although, {LONG}", kind, IntakeKind.ANSWER).move is Move.LISTEN
    assert sitting.say("No, that's all.", kind).move is Move.WRAP_UP


def test_a_faint_sign_is_nothing_of_substance() -> None:
    sitting = invited()
    sitting.say("It is what it is.", doubts=["drift"], score=0.1)
    assert sitting.say("It is what it is.", doubts=["drift"], score=0.1).move is Move.WRAP_UP


def test_the_clock_ends_it_even_in_the_middle_of_a_thought() -> None:
    sitting = invited()
    sitting.say(LONG, seconds=5 * 60)
    assert sitting.state.ended is EndReason.TIME


# --- what a hint is about ---


DEPOTS = ("depots", "vans", "drivers", "customers", "parcels")


def asked_of_a_choice(**said: object) -> Sitting:
    """A press of a choice that is told of in the words of one criterion of the model."""
    case = make_case()
    covers = [f"A graph links {one} with {two} that share a street." for one, two in combinations(DEPOTS, 2)]
    like = make_criterion("graph-links", Step.MODELING, weight=1, core=False, covers=covers)
    choice = case.choices[0].model_copy(
        update={
            "id": "graph",
            "step": Step.MODELING,
            "label": "a graph of links",
            "says": like.covers,
            "presses": ("What does that buy?",),
        }
    )
    catalog = make_catalog(
        case.model_copy(update={"criteria": (*case.criteria, like), "choices": (*case.choices, choice)})
    )
    sitting = Sitting(catalog)
    sitting.say(WELL, evidence=["business-goal"])
    sitting.next(Step.MODELING)
    sitting.say("A graph, then.", choices=["graph"], **said)  # type: ignore[arg-type]
    assert (sitting.move, sitting.last.about) == (Move.PRESS, "graph")
    return sitting


@pytest.mark.usefixtures("pressing")
def test_a_hint_after_i_dont_know_is_about_what_was_pressed() -> None:
    sitting = asked_of_a_choice()
    assert sitting.say("I don't know.", DONT_KNOW).move is Move.ACCEPT
    hint = sitting.say("Yes.", IntakeKind.CONSENT)
    assert (hint.move, hint.criterion) == (Move.HINT, "graph-links")


@pytest.mark.usefixtures("pressing")
def test_where_no_hint_is_left_on_what_was_asked_none_is_offered() -> None:
    sitting = asked_of_a_choice(evidence=["graph-links"])
    reply = sitting.say("I don't know.", DONT_KNOW)
    assert reply.move is not Move.ACCEPT


def test_a_hint_taken_together_with_a_question_comes_after_the_answer() -> None:
    sitting = probed()
    sitting.say("I don't know.", DONT_KNOW)
    kinds = (IntakeKind.CONSENT, IntakeKind.QUESTION)
    hint = sitting.say("Sure, but how many parcels?", *kinds, answers=[FACT])
    assert (hint.move, hint.criterion) == (Move.HINT, "business-goal")
    assert hint.content.startswith(FACT.text)


def out_of_wordings(sitting: Sitting, *criteria: str) -> None:
    """As if every probe of some criteria had been asked."""
    for criterion in criteria:
        probes = sitting.brief.criterion_by_id[criterion].probes
        sitting.state.ledger.questions.update(normalise(probe) for probe in probes)


def test_without_a_wording_left_nothing_is_asked_for() -> None:
    everything = [criterion.id for criterion in CATALOG.brief("parcel-eta").criteria]
    modelling = Sitting(CATALOG)
    out_of_wordings(modelling, *everything)
    assert modelling.say("We start from the median.", evidence=["baseline"]).move is not Move.ASK_GROUND
    failed = probed()
    out_of_wordings(failed, *everything)
    assert failed.say("Well, hm.").move is not Move.NUDGE
    led = Sitting(CATALOG, level=Level.MID)
    out_of_wordings(led, *everything)
    while not led.state.invited:
        assert led.say("Hm, yes.").criterion in {None, "interval"}, "only the twist asks in its own words"
    assert led.state.untouched == []


def test_the_floor_is_not_handed_over_twice_in_a_few_turns() -> None:
    sitting = handed_over()
    sitting.hint(Step.SERVING)
    assert sitting.say("Hm, yes.").move is Move.ADVANCE


@pytest.mark.parametrize("to", [Step.SERVING, None])
def test_who_ends_by_going_elsewhere_is_not_kept_with_what_was_said_before(to: Step | None) -> None:
    sitting = Sitting(CATALOG)
    sitting.next(Step.DATA)
    kinds = (IntakeKind.ANSWER, IntakeKind.ADVANCE) if to is not None else (IntakeKind.ANSWER,)
    reply = sitting.say("I'd split by date. Let me move on to serving.", *kinds, evidence=["time-split"], step=to)
    assert (reply.move is Move.DEEPEN) is (to is None)
