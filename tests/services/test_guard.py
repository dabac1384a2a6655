from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.embedding import CachedEmbedder, MiniLmEmbedder
from app.adapters.manners import FittedManners
from app.domain import phrases
from app.domain.directive import Directive
from app.domain.interview import normalise
from app.domain.kinds import Move
from app.domain.vocabulary import Step
from app.services.guard import Rule, Surroundings, asks, check
from app.services.quantities import quantities
from tests.factories import make_catalog

BRIEF = make_catalog().brief("parcel-eta")
PROBE = Directive(move=Move.PROBE, step=Step.DATA, question="Which rows do you hold back?", criterion="time-split")
LISTEN = Directive(move=Move.LISTEN, step=Step.DATA, lead="Go on.")
HAND_OVER = Directive(move=Move.HAND_OVER, step=Step.DATA, lead="Okay. Where next?")
DEEPEN = Directive(move=Move.DEEPEN, step=Step.DATA, question='Why "depot schedules"?', criterion="scan-gaps")
AROUND = Surroundings(
    brief=BRIEF,
    directive=DEEPEN,
    candidate=("I'd keep the depot schedules of 30 days and a nightly job.", "Maybe 12 features per van."),
    interviewer=(BRIEF.case.prompt, "Two million parcels a day, from 400 depots; so about 5,000 a depot."),
    asked=frozenset({normalise("What does the customer see on the tracking page?")}),
    instructions="Stay neutral and never say whether something is right or wrong in any way.",
)


def rule_of(
    sentence: str, *, move: Directive = DEEPEN, shown: tuple[str, ...] = (), around: Surroundings = AROUND
) -> Rule | None:
    verdict = check(sentence, shown=shown, around=replace(around, directive=move))
    assert verdict is None or verdict.sentence == sentence
    return None if verdict is None else verdict.rule


@pytest.mark.parametrize(
    "sentence",
    [
        "Okay.",
        "I see.",
        "Stay with those depot schedules.",
        "How would the nightly job cope with a holiday?",
        'You said "depot schedules": who keeps them up to date?',
        "Walk me through one night of that job.",
        "A van breaks down at noon.",
        "Why 30 days, and why not longer?",
        "What would you do with a depot that sends nothing?",
        "How much of that could you check by hand, and what does it cost?",
        "At 5,000 parcels a depot, what happens first?",
        "What would make that a good trade for the customer?",
        "Suppose the right depot is unknown.",
        "With two million parcels a day, which of those depot schedules slip?",
    ],
)
def test_good_sentences_pass(sentence: str) -> None:
    assert rule_of(sentence) is None


def test_what_the_candidate_said_may_be_said_again_however_near_it_is_to_a_criterion() -> None:
    def near(texts: tuple[str, ...], least: float) -> frozenset[str]:
        return frozenset({"time-split"}) if len(texts) == 1 else frozenset()

    around = replace(
        AROUND,
        candidate=("I'd train on the older weeks, and whoever sits in a van twice they shouldn't count.", "Next."),
        reveals=near,
    )
    assert rule_of("You said you would train on the older weeks.", around=around) is None
    assert rule_of("You said whoever sits in a van twice they shouldn't count.", around=around) is None
    assert rule_of("You said you would train on the older weeks and test on newer ones.", around=around) is Rule.LEAK
    assert rule_of("Shouldn't you train on the older weeks?", around=around) is Rule.ADVICE


@pytest.mark.parametrize("phrase", (*phrases.ACKNOWLEDGE, *phrases.ANOTHER_SIDE, *phrases.INTERRUPT))
def test_the_built_in_interviewers_own_leads_pass(phrase: str) -> None:
    assert rule_of(phrase) is None


@pytest.mark.parametrize("phrase", phrases.BEFORE_THE_MODEL)
def test_what_leads_up_to_the_moves_question_passes_there_alone(phrase: str) -> None:
    ground = Directive(move=Move.ASK_GROUND, step=Step.DATA, lead=phrase, question="Whom does a late parcel cost?")
    assert rule_of(phrase, move=ground) is None
    assert rule_of("We would pick a model.", move=ground) is Rule.AS_CANDIDATE
    assert rule_of("Right.", move=Directive(move=Move.LISTEN, step=Step.DATA, lead="All right. Go on.")) is not None


@pytest.mark.parametrize("phrase", (*phrases.HAND_OVER, *phrases.HAND_OVER_LATE))
def test_hand_overs_may_ask_where_to_go(phrase: str) -> None:
    shown: list[str] = []
    for sentence in phrase.split(". "):
        assert rule_of(sentence, move=HAND_OVER, shown=tuple(shown)) is None
        shown.append(sentence)


BAD: list[tuple[Rule, str]] = [
    (Rule.PRAISE, "Great point."),
    (Rule.PRAISE, "Good."),
    (Rule.PRAISE, "That's a really solid plan, so go on."),
    (Rule.PRAISE, "Okay, interesting."),
    (Rule.PRAISE, "I like how you think about depots."),
    (Rule.PRAISE, "Nice thinking."),
    (Rule.PRAISE, "That is an excellent idea."),
    (Rule.PRAISE, "Well done."),
    (Rule.PRAISE, "That sounds reasonable."),
    (Rule.VERDICT, "Exactly."),
    (Rule.VERDICT, "That's right."),
    (Rule.VERDICT, "That’s not quite right."),
    (Rule.VERDICT, "Right, and the vans?"),
    (Rule.VERDICT, "That makes sense."),
    (Rule.VERDICT, "You missed the holidays."),
    (Rule.VERDICT, "I agree with that."),
    (Rule.VERDICT, "That won't scale."),
    (Rule.VERDICT, "The problem with that is the holidays."),
    (Rule.SCORE, "I'd give you a 7/10."),
    (Rule.SCORE, "Your score is high so far."),
    (Rule.SCORE, "That is a strong hire from me."),
    (Rule.ADVICE, "You should look at the holidays."),
    (Rule.ADVICE, "Have you considered the holidays?"),
    (Rule.ADVICE, "I'd suggest a smaller job."),
    (Rule.ADVICE, "It's important to check the vans."),
    (Rule.ADVICE, "Consider using a smaller job."),
    (Rule.AS_CANDIDATE, "I would use the depot schedules for that."),
    (Rule.AS_CANDIDATE, "First, we'd train on the vans."),
    (Rule.AS_CANDIDATE, "Candidate: the depots."),
    (Rule.AS_CANDIDATE, "My approach is to look at the vans."),
    (Rule.MARKUP, "# Depots"),
    (Rule.MARKUP, "- the depots"),
    (Rule.MARKUP, "1. The depots come first."),
    (Rule.MARKUP, "The **depots** come first."),
    (Rule.MARKUP, "MOVE: probe"),
    (Rule.MARKUP, "Interviewer: go on."),
    (Rule.MARKUP, "Go on.</s>"),
    (Rule.MARKUP, "[INST] go on."),
    (Rule.PROMPT, "My instructions forbid that."),
    (Rule.PROMPT, "As an AI, I have no opinion on depots."),
    (Rule.PROMPT, "So never say whether something is right or wrong in any case."),
    (Rule.TOO_LONG, "and so " * 21 + "on."),
    (Rule.LANGUAGE, "Wie würden Sie die Pakete in den Depots zählen?"),
    (Rule.LANGUAGE, "¿Cómo lo harías con los paquetes del almacén?"),
    (Rule.LANGUAGE, "请继续说下去。"),
    (Rule.LANGUAGE, "Go on 👍"),
    (Rule.LANGUAGE, "..."),
    (Rule.LOOP, "go go go go on."),
    (Rule.LOOP, "the depot and the depot and the depot and more."),
    (Rule.LOOP, "Two million parcels a day, from 400 depots; so about 5,000 a depot."),
    (Rule.INVENTED_NUMBER, "Suppose there are 700 depots."),
    (Rule.INVENTED_NUMBER, "What if 15% of the vans stop?"),
    (Rule.INVENTED_NUMBER, "What if three million parcels come?"),
    (Rule.INVENTED_FACT, "We have weather forecasts for every region."),
    (Rule.INVENTED_FACT, "Yes, the vans report where they are."),
    (Rule.INVENTED_FACT, "No."),
    (Rule.MISQUOTE, 'You said "nightly batch of vans": who runs it?'),
    (Rule.LEAK, "How would a median do here?"),
    (Rule.LEAK, "What would you impute?"),
    (Rule.LEAK, "What about imputing those?"),
    (Rule.LEAK, "Where would caching come in?"),
    (Rule.LEAK, "How would you split that by-date?"),
    (Rule.LEAK, "Which quantiles matter to the customer?"),
    (Rule.OFF_COURSE, "I apologise for the confusion."),
    (Rule.OFF_COURSE, "Let's stop here for today."),
    (Rule.OFF_COURSE, "Let's talk about monitoring instead."),
    (Rule.OFF_COURSE, "How old are you?"),
    (Rule.OFF_COURSE, "I decline to go into that."),
    (Rule.MISPLACED, "The bananas in the kitchen ripen beside the apples and the cheese."),
    (Rule.LEAK, "How about a m-e-d-i-a-n of them?"),
    (Rule.LEAK, "Would myMedianOfDepots do?"),
    (Rule.ASKED_BEFORE, "What does the customer see on the tracking page?"),
    (Rule.ASKED_BEFORE, "So what would the customer see on that tracking page?"),
    (Rule.MANY_QUESTIONS, "Who runs it? and who pays?"),
    (Rule.MANY_QUESTIONS, "Who runs it, how does it start, and when is it done?"),
    (Rule.MANY_QUESTIONS, "How does the job start, and what would the drivers see of it in the morning?"),
]


@pytest.mark.parametrize(("rule", "sentence"), BAD, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(BAD)])
def test_bad_sentences_are_turned_down_by_the_rule_that_fits(rule: Rule, sentence: str) -> None:
    assert rule_of(sentence) is rule


@dataclass(frozen=True)
class Ear:
    """Finds every sentence as likely misplaced."""

    likely: float

    def misplaced(
        self,
        sentence: str,
        *,
        spoken: Sequence[Sequence[str]],
        content: Sequence[Sequence[str]],
        figures: Sequence[float],
    ) -> float:
        return self.likely


def test_what_one_sentence_gave_away_is_not_held_against_the_next() -> None:
    assert rule_of("error of those vans is late.", shown=("Suppose the absolute",)) is Rule.LEAK
    assert rule_of("Suppose one of them is late.", shown=("Suppose the absolute error of a van.",)) is None


class TestEar:
    def test_what_is_surely_misplaced_is_turned_down_though_no_rule_knows_it(self) -> None:
        assert rule_of("Tell me about the vans.") is None
        assert rule_of("Tell me about the vans.", around=replace(AROUND, manners=Ear(0.99))) is Rule.MISPLACED
        assert rule_of("Tell me about the vans.", around=replace(AROUND, manners=Ear(0.5))) is None

    @pytest.mark.parametrize("sentence", [DEEPEN.text, "Okay."])
    def test_curated_words_are_never_misplaced(self, sentence: str) -> None:
        listening = LISTEN.model_copy(update={"lead": "Okay."})
        move = DEEPEN if sentence == DEEPEN.text else listening
        assert rule_of(sentence, move=move, around=replace(AROUND, manners=Ear(0.99))) is None

    def test_it_overrules_rules_that_guess_and_no_others(self) -> None:
        at_ease = replace(AROUND, manners=Ear(0.01))
        assert rule_of("We have 12 vans and a bakery.") is Rule.INVENTED_FACT
        assert rule_of("We have 12 vans and a bakery.", around=at_ease) is None
        assert rule_of("Would myMedianOfDepots do?", around=at_ease) is Rule.LEAK
        assert rule_of("**Tell me** about the vans.", around=at_ease) is Rule.MARKUP

    def test_a_term_that_is_an_everyday_word_too_is_a_guess(self) -> None:
        at_ease = replace(AROUND, manners=Ear(0.01))
        slices = BRIEF.criteria[0].model_copy(update={"giveaways": (*BRIEF.criteria[0].giveaways, "slice", "kernel")})
        brief = BRIEF.model_copy(update={"criteria": (slices, *BRIEF.criteria[1:])})
        for around, everyday in ((AROUND, Rule.LEAK), (at_ease, None)):
            here = replace(around, brief=brief)
            assert rule_of("Suppose a slice of those vans is late.", around=here) is everyday
            assert rule_of("Suppose a kernel of those vans is late.", around=here) is Rule.LEAK

    def test_two_ends_of_a_question_are_a_guess_and_two_question_marks_are_none(self) -> None:
        at_ease = replace(AROUND, manners=Ear(0.01))
        for sentence in (
            "When the job runs, what would the drivers see of it?",
            "Who runs the job and who pays for it?",
        ):
            assert rule_of(sentence, around=at_ease) is None
        linked = "How does the job start, and what would the drivers see of it in the morning?"
        for around, linked_ends in ((AROUND, Rule.MANY_QUESTIONS), (at_ease, None)):
            assert rule_of(linked, around=around) is linked_ends
            assert rule_of("Who runs it? And who pays?", around=around) is Rule.MANY_QUESTIONS
            assert rule_of("And who pays?", shown=("Who runs it?",), around=around) is Rule.MANY_QUESTIONS

    def test_draw_on_leaves_the_floor_to_the_candidate_and_a_question_does_not(self) -> None:
        at_ease = replace(AROUND, manners=Ear(0.01))
        for around, draws in ((AROUND, Rule.QUESTION_NOT_DUE), (at_ease, None)):
            assert rule_of("Sketch away.", move=LISTEN, around=around) is draws
            assert rule_of("And then?", move=LISTEN, around=around) is Rule.QUESTION_NOT_DUE

    def test_the_one_that_ships_knows_how_interviewers_speak(self, tmp_path: Path) -> None:
        around = replace(AROUND, manners=FittedManners(CachedEmbedder(MiniLmEmbedder(), tmp_path)))
        for fine in ("Help me see how those vans come in.", "And on a Sunday, who looks at that?"):
            assert rule_of(fine, around=around) is None
        for odd in ("You'd be a pleasure to work with.", "My weekend was rainy, thanks."):
            assert rule_of(odd, around=around) is not None


def test_every_rule_that_judges_sentences_is_covered_here() -> None:
    elsewhere = {
        Rule.NO_MOVE,
        Rule.ILLEGAL_MOVE,
        Rule.UNFINISHED,
        Rule.QUESTION_NOT_DUE,
        Rule.OFF_MOVE,
    }
    assert {rule for rule, _ in BAD} | elsewhere == set(Rule)


@pytest.mark.parametrize(
    "around",
    [
        replace(AROUND, candidate=("I'd take the medians of last year",)),
        replace(AROUND, interviewer=("Think about a median.",)),
        replace(AROUND, directive=Directive(move=Move.DEEPEN, step=Step.DATA, question="Whose median?")),
    ],
    ids=["said by the candidate", "released as a hint", "in the move's own words"],
)
def test_a_give_away_that_is_out_already_may_be_said(around: Surroundings) -> None:
    sentence = "How would a median do here?"
    assert rule_of(sentence) is Rule.LEAK
    assert check(sentence, shown=(), around=around) is None


@pytest.mark.parametrize(
    "sentence",
    ["How does it know the cashier of a depot?", "Who watches the impudent ones?", "Is that update final?"],
)
def test_words_that_only_look_like_a_give_away_pass(sentence: str) -> None:
    assert rule_of(sentence) is not Rule.LEAK


def test_quotes_of_the_candidate_must_be_verbatim_whatever_the_case() -> None:
    assert rule_of('On "Depot schedules of 30 days", who keeps them?') is None
    assert rule_of('On "schedules of the depot", who keeps them?') is Rule.MISQUOTE


def test_numbers_are_compared_by_value_and_small_ones_are_plain_speech() -> None:
    for sentence in (
        "What if 2,000,000 parcels come?",
        "Why thirty days?",
        "Name one depot.",
        "What are the two ends?",
    ):
        assert rule_of(sentence) is None


def test_one_question_in_the_whole_reply() -> None:
    assert rule_of("And who pays?", shown=("Who runs it?",)) is Rule.MANY_QUESTIONS
    assert rule_of("And who pays?", shown=("Tell me who runs it.",)) is Rule.MANY_QUESTIONS
    assert rule_of("Stay with that.", shown=("Who runs it?",)) is None


def test_sixty_words_in_all() -> None:
    long = "Stay with the nightly job for a while and with what the people in the depot make of it when they come in."
    assert rule_of(long) is None
    assert rule_of(long, shown=("Okay.", "and so on " * 11 + "again.")) is None
    assert rule_of(long, shown=("Okay.", "and so on " * 13 + "again.")) is Rule.TOO_LONG


def test_a_move_that_asks_nothing_admits_no_question() -> None:
    assert rule_of("Go on.", move=LISTEN) is None
    assert rule_of("And who pays?", move=LISTEN) is Rule.QUESTION_NOT_DUE
    assert rule_of("Tell me who pays.", move=LISTEN) is Rule.QUESTION_NOT_DUE


def test_new_ground_must_be_that_of_the_move() -> None:
    assert rule_of("Which scans would you keep out of the training?", move=PROBE) is None
    assert rule_of("Who washes the vans?", move=PROBE) is Rule.OFF_MOVE
    assert rule_of("Who washes the vans?", move=DEEPEN) is None


def test_a_claim_about_the_company_passes_in_words_that_were_used() -> None:
    assert rule_of("We deliver parcels.") is None
    assert rule_of("We have drones.") is Rule.INVENTED_FACT


@pytest.mark.parametrize(
    ("sentence", "wanted"),
    [
        ("Go on.", 0),
        ("A parcel is lost.", 0),
        ("How much, and what does it cost?", 1),
        ("Tell me more about that.", 1),
        ("Is it A or is it B?", 1),
        ("What would you do", 1),
        ("Why? How?", 2),
    ],
)
def test_requests_are_counted(sentence: str, wanted: int) -> None:
    assert asks(sentence) == wanted


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("20 million users", [20e6]),
        ("sixty million people", [60e6]),
        ("twenty-five of 1,200.5", [25, 1200.5]),
        ("one in a hundred", [1, 100]),
        ("10k and 5 ms and 99%", [10_000, 5, 99]),
        ("F1 of ResNet50", []),
        ("two dozen", [24]),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(text: str, values: list[float]) -> None:
    assert [found.value for found in quantities(text)] == values


@settings(max_examples=150, deadline=None)
@given(
    sentence=st.text(max_size=300) | st.text(alphabet=st.sampled_from("a1.?!\"'*#[](){}|-%,: \n$“”move"), max_size=120),
    shown=st.lists(st.text(max_size=80), max_size=3),
    move=st.sampled_from([PROBE, LISTEN, HAND_OVER, DEEPEN]),
)
def test_no_text_makes_the_guard_fail_and_it_judges_the_same_twice(
    sentence: str, shown: list[str], move: Directive
) -> None:
    around = replace(AROUND, directive=move)
    assert check(sentence, shown=shown, around=around) == check(sentence, shown=shown, around=around)
