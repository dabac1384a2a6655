"""Claims that are rejected, taken back or put right do not stand; what only asks or comes near is called that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.adapters.matcher import ExampleMatcher
from app.domain.catalog import Catalog
from app.domain.debrief import Debrief
from app.domain.events import AnyEvent, CandidateMessage, Header, Interviewer, InterviewerMessage, RedFlagSeen
from app.domain.kinds import InterviewerKind, Move
from app.domain.scorecard import CriterionScore, Scorecard, Status
from app.domain.vocabulary import Level, Step
from app.ports import StoredInterview
from app.services.assess import Assessor
from app.services.debrief import scorecard_markdown
from app.services.debriefing import debrief_of

AT = datetime(2026, 1, 5, tzinfo=UTC)
FRAUD = "fraud-detection"
STRONG = "Accuracy is 99.5%, so it's strong."
SHUFFLED = "I'd just do a random eighty-twenty split over all of the events."
BY_TIME = "I'd train on older months and test on the newest one, split by time, because later payments leak otherwise."


def held(*said: str | InterviewerMessage, case: str = FRAUD) -> StoredInterview:
    """An interview of these messages; a text is the candidate's."""
    events: list[AnyEvent] = []
    for place, each in enumerate(said):
        if isinstance(each, str):
            message: AnyEvent = CandidateMessage(
                seq=0, at=AT, id=f"m{place}", index=place, content=each, step=Step.DATA
            )
        else:
            message = each.model_copy(update={"index": place})
        events.append(message.model_copy(update={"seq": place + 1}))
    header = Header(
        id="x",
        case=case,
        level=Level.SENIOR,
        interviewer=Interviewer(kind=InterviewerKind.EXTERNAL),
        started_at=AT,
        content_hash="",
    )
    return StoredInterview(header=header, events=tuple(events))


def asks(move: Move, *, criterion: str | None = None, about: str | None = None) -> InterviewerMessage:
    return InterviewerMessage(
        seq=0, at=AT, id="q", index=0, content="Go on.", step=Step.DATA, move=move, criterion=criterion, about=about
    )


@pytest.fixture(scope="module")
def assessor(catalog: Catalog, matcher: ExampleMatcher) -> Assessor:
    return Assessor(catalog=catalog, matcher=matcher)


def lines_of(card: Scorecard) -> dict[str, CriterionScore]:
    return {line.id: line for step in card.steps for line in step.criteria}


def standing(card: Scorecard) -> list[str]:
    return [flag.id for flag in card.red_flags if not flag.corrected]


@pytest.mark.parametrize(
    "sentence",
    [
        "I think recall at a fixed false positive rate, in dollars, is better than accuracy since fraud is 0.3%.",
        "We could report accuracy above 99 percent, but that would be a pointless number to show.",
        "Cutting by date beats a random eighty-twenty split over all of the events.",
    ],
)
def test_rejecting_the_wrong_thing_claims_nothing(assessor: Assessor, sentence: str) -> None:
    assert assessor.assess(held(sentence)).red_flags == ()


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (FRAUD, "That's why I don't train on yesterday's payments as negatives."),
        (FRAUD, "Hence no graph neural network inside the authorisation call."),
        ("visual-search", "I'm not going to treat every unclicked result as a negative."),
        ("visual-search", "Therefore I wouldn't compare the query with all two billion vectors one by one."),
        ("visual-search", "A softmax with one class for each product is out, because new products come in every day."),
        ("visual-search", "Hmm, if it's a new category then the softmax doesn't know it and we'd have to retrain."),
        ("people-you-may-know", "You can't take every unconnected pair as a real negative."),
        ("harmful-content-detection", "That's also why I don't treat a user report as proof of a violation."),
        ("event-recommendation", "So last night's stock status won't be good enough when it sells out in minutes."),
    ],
)
def test_who_says_that_he_does_not_do_it_claims_nothing(assessor: Assessor, case: str, sentence: str) -> None:
    assert assessor.assess(held(sentence, case=case)).red_flags == ()


@pytest.mark.parametrize(
    ("case", "sentence", "flag"),
    [
        (FRAUD, "Blocking a good customer doesn't cost us anything.", "false-blocks-are-free"),
        ("visual-search", "We don't need an index, I'd compare the query with every vector.", "exact-over-everything"),
        (
            "rag-assistant",
            "We skip retrieval and train the wiki into the model's weights.",
            "knowledge-into-weights",
        ),
        (
            "similar-listings",
            "We don't rebuild the old vectors, the ones of the new model can be compared with them.",
            "spaces-mix",
        ),
        (
            "video-recommendation",
            "I'd say we don't need exploration, it arrives at people's true taste if we keep feeding it its own results.",
            "loop-heals-itself",
        ),
    ],
)
def test_a_claim_may_be_made_by_saying_what_is_not_done(
    assessor: Assessor, case: str, sentence: str, flag: str
) -> None:
    assert standing(assessor.assess(held(sentence, case=case))) == [flag]


@pytest.mark.parametrize(
    ("case", "sentence"),
    [
        (
            FRAUD,
            "With those numbers a precision of 40 percent on declines would be well above the one in seven of today.",
        ),
        (FRAUD, "F1 on the fraud class, and the cost per thousand payments."),
        ("visual-search", "Recall@k, so how many of the top 10 are the right product, on the test set."),
        ("video-recommendation", "Average precision on the dislike class."),
        ("visual-search", "Nothing inappropriate, so no sexual or violent content, it has to be filtered before."),
    ],
)
def test_a_sound_way_to_judge_is_not_taken_for_accuracy(assessor: Assessor, case: str, sentence: str) -> None:
    assert assessor.assess(held(sentence, case=case)).red_flags == ()


@pytest.mark.parametrize(
    "sentence",
    [
        STRONG,
        "A random eighty-twenty split over all of the events is better than cutting by date, both sides look alike.",
        "I'd just do a random eighty-twenty split over all of the events, splitting by date would be misleading.",
    ],
)
def test_rejecting_the_sound_thing_is_the_claim(assessor: Assessor, sentence: str) -> None:
    assert len(standing(assessor.assess(held(sentence)))) == 1


@pytest.mark.parametrize(
    "message",
    [
        f"{SHUFFLED} Scratch that, I'd cut at a date.",
        f"{SHUFFLED} Hmm, but a card would sit on both sides. So rather the newest month for the test.",
        "I'd do a random eighty-twenty split over all of the events, no wait, I'd cut at a date.",
    ],
)
def test_what_a_message_takes_back_itself_neither_stands_nor_is_quoted(assessor: Assessor, message: str) -> None:
    card = assessor.assess(held(message))
    assert card.red_flags == ()
    assert not any("random" in quote.quote for line in lines_of(card).values() for quote in line.evidence)


def test_a_claim_that_goes_on_is_not_taken_back(assessor: Assessor) -> None:
    for more in ("Actually not just once but every month.", "I'd rather keep it simple.", "Wait for the numbers."):
        assert standing(assessor.assess(held(f"{SHUFFLED} {more}"))) == ["shuffled-split"]


def test_what_a_later_message_takes_back_is_corrected(assessor: Assessor) -> None:
    card = assessor.assess(held(STRONG, "I take that back, nobody would be caught by it."))
    assert [flag.corrected for flag in card.red_flags] == [True]
    assert lines_of(card)["offline-metrics"].status is Status.NOT_ASSESSED


def test_what_a_later_message_takes_back_is_not_quoted(assessor: Assessor) -> None:
    first = "I filter results after generation, so that the model sees everything but we remove restricted stuff."
    later = (
        "No, sorry, that leaks. Filter inside the search before anything reaches the prompt, with the user's groups "
        "expanded at query time."
    )
    quotes = {
        criterion: [quote.turn for quote in line.evidence]
        for criterion, line in lines_of(
            assessor.assess(held(first, "Are you sure that's a problem?", later, case="rag-assistant"))
        ).items()
        if line.evidence
    }
    assert quotes and all(turn == 2 for criterion, turns in quotes.items() for turn in turns if "access" in criterion)


def test_a_message_may_say_what_is_wrong_before_it_takes_back(assessor: Assessor) -> None:
    first = "Make it a softmax over all the products, one class per product, and show the top ten classes."
    for later in (
        "Hmm, if it's new then the softmax doesn't know it and we'd have to retrain. Actually, let me change my mind.",
        "I've changed my mind about the softmax.",
        "Oh, that won't scale. Let me switch to vectors.",
    ):
        card = assessor.assess(held(first, later, case="visual-search"))
        assert [flag.corrected for flag in card.red_flags] == [True]


def test_another_wrong_claim_of_the_message_stands(assessor: Assessor) -> None:
    both = assessor.assess(held(f"{STRONG} {SHUFFLED}", f"Let me revise that. {BY_TIME}"))
    assert standing(both) == ["accuracy-on-rare-fraud"]


def test_a_pressed_claim_is_corrected_by_a_concession_and_not_by_holding_on(assessor: Assessor) -> None:
    press = asks(Move.PRESS, about="accuracy-on-rare-fraud")
    conceded = assessor.assess(held(STRONG, press, "Hmm, what do you mean?", press, "Sorry, no, it says little."))
    assert standing(conceded) == []
    amended = "I mean the share that we get right. Hmm, but that's high anyway. So rather what we lose."
    assert standing(assessor.assess(held(STRONG, press, amended))) == []
    assert standing(assessor.assess(held(STRONG, press, "It's what I would report to them."))) != []


def test_bare_questions_earn_the_rating_for_naming_at_most(assessor: Assessor) -> None:
    asked = held("How many payments a day?", "Also do we have labels?", "How many people review cases?", "Latency?")
    line = lines_of(assessor.assess(asked))["scope-and-scale"]
    assert (line.rating, line.status) == (2, Status.PARTIAL)
    assert len(line.evidence) >= 1


def debriefed(assessor: Assessor, catalog: Catalog, stored: StoredInterview) -> tuple[Scorecard, Debrief]:
    card = assessor.assess(stored)
    return card, debrief_of(stored, card, catalog)


def test_what_came_near_after_the_question_is_named(assessor: Assessor, catalog: Catalog) -> None:
    reply = "These come from a streaming aggregation, Flink over Kafka."
    card, debrief = debriefed(assessor, catalog, held(asks(Move.PROBE, criterion="live-counters"), reply, BY_TIME))
    line = lines_of(card)["live-counters"]
    assert line.rating is None
    assert reply in line.reason and "not answered" not in line.reason
    assert all("not answered" not in gap.why for gap in debrief.gaps if gap.criterion == "live-counters")


def test_perhaps_said_and_not_said_do_not_stand_together(assessor: Assessor, catalog: Catalog) -> None:
    said = (
        asks(Move.PROBE, criterion="retraining"),
        "I mean, we never see what happens with the 1% that the rules block.",
        "I'd use counts over time windows, live.",
        "We retrain weekly, and analysts push a temporary rule in minutes with an expiry date.",
    )
    card, _ = debriefed(assessor, catalog, held(*said))
    perhaps = [line for line in lines_of(card).values() if line.uncertain is not None]
    assert perhaps
    text = scorecard_markdown(card, catalog.brief(FRAUD))
    listed = [line for line in text.splitlines() if line.startswith(("- Not shown", "- Did not come up"))]
    for line in perhaps:
        assert "not answered" not in line.reason and "did not come up" not in line.reason
        assert not any(line.name in names for names in listed)


def test_the_way_up_from_a_wrong_claim_is_not_below_what_was_said(assessor: Assessor, catalog: Catalog) -> None:
    card, debrief = debriefed(assessor, catalog, held(STRONG, BY_TIME))
    brief = catalog.brief(FRAUD)
    line = lines_of(card)["offline-metrics"]
    assert line.status is Status.WRONG
    assert line.next_level == brief.criterion_by_id["offline-metrics"].anchors.r3
    gap = next(gap for gap in debrief.gaps if gap.criterion == "offline-metrics")
    assert (gap.lift_to, gap.lift, gap.lift_heading) == (3, line.next_level, "Put right, 3 of 4")


@pytest.mark.parametrize(("sure", "turns", "counted"), [(True, 1, 1), (False, 1, 0), (False, 2, 2)])
def test_a_claim_that_is_not_sure_is_held_against_who_makes_it_again(
    assessor: Assessor, sure: bool, turns: int, counted: int
) -> None:
    said = "Blocking a good customer does not cost us anything."
    stored = held(*[said] * turns)
    messages = [event for event in stored.events if isinstance(event, CandidateMessage)]
    flags = [
        RedFlagSeen(seq=0, at=AT, flag="false-blocks-are-free", turn=one.index, quote=said, sure=sure)
        for one in messages
    ]
    card = assessor.assess(stored.model_copy(update={"events": (*stored.events, *flags)}), recorded=True)
    assert [flag.id for flag in card.red_flags] == ["false-blocks-are-free"] * counted


def test_a_claim_beside_the_contrary_is_not_held_against_who_made_it_once(assessor: Assessor, catalog: Catalog) -> None:
    said = "Blocking a good customer does not cost us anything."
    flag = catalog.brief(FRAUD).flag_by_id["false-blocks-are-free"]
    covers = catalog.brief(FRAUD).criterion_by_id[flag.criterion].covers[0]
    assert standing(assessor.assess(held(said))) == [flag.id]
    assert assessor.assess(held(covers, said)).red_flags == ()
    assert set(standing(assessor.assess(held(covers, said, said)))) <= {flag.id}
