from __future__ import annotations

import pytest

from app.adapters.matcher import ExampleMatcher
from app.domain.case import slug
from app.domain.catalog import Catalog
from app.domain.events import CandidateMessage, DoubtNoted, EvidenceFound, InterviewerMessage
from app.domain.levels import Verdict
from app.domain.scorecard import CriterionScore, Scorecard, Status
from app.domain.vocabulary import Level, Mode, Provenance, Step
from app.errors import InputError
from app.ports import StoredInterview
from app.services.assess import PERHAPS, Assessor
from tests.services.conftest import Room

CASE = "video-recommendation"
SPLIT = "I'd split train and test by time, because a random split would leak the future into training."
LINES = (
    "How many users do we have? Are dislikes logged?",
    "The goal is that people come back next month, measured by returning users per week.",
    "It's ranking: two-tower retrieval over all videos, then a ranker on expected watch time.",
    "/next data",
    "/hint",
    SPLIT + "\nlogs -> trainer -> ranker",
    "I'd show a bit of traffic random, 1% of it, although it costs some watch time.",
    "/next evaluation",
    "Offline AUC per user, and online an A/B test with retention as the guardrail because offline gains mislead.",
    "I don't know.",
    "/next serving",
    "We precompute embeddings nightly, cache the top candidates, and fall back to popular videos when the ranker is slow.",
    "/end",
)


@pytest.fixture(scope="module")
def assessor(catalog: Catalog, matcher: ExampleMatcher) -> Assessor:
    return Assessor(catalog=catalog, matcher=matcher)


async def interview(room: Room, *lines: str, **agreed: object) -> StoredInterview:
    await room.begin(CASE, **agreed)
    for line in lines:
        await room.say(line)
    return await room.store.load(room.id)


def lines_of(card: Scorecard) -> dict[str, CriterionScore]:
    return {line.id: line for step in card.steps for line in step.criteria}


async def test_every_quote_is_a_verbatim_part_of_its_message(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, *LINES)
    said = {event.index: event.content for event in stored.events if isinstance(event, CandidateMessage)}
    for recorded in (False, True):
        card = assessor.assess(stored, recorded=recorded)
        quotes = [quote for line in lines_of(card).values() for quote in line.evidence] + list(card.red_flags)
        assert len(quotes) >= 3
        for quote in quotes:
            assert quote.quote in said[quote.turn]
        for line in lines_of(card).values():
            assert line.uncertain is None or any(line.uncertain in content for content in said.values())


async def test_the_same_transcript_is_scored_the_same_twice(
    room: Room, assessor: Assessor, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    stored = await interview(room, *LINES)
    cards = [assessor.assess(stored) for _ in range(2)] + [Assessor(catalog=catalog, matcher=matcher).assess(stored)]
    assert len({card.model_dump_json() for card in cards}) == 1


async def test_anew_and_recorded_agree_while_the_content_is_the_same(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, *LINES)
    anew, recorded = lines_of(assessor.assess(stored)), lines_of(assessor.assess(stored, recorded=True))
    assert {id: line.evidence for id, line in anew.items()} == {id: line.evidence for id, line in recorded.items()}
    assert {id: line.rating for id, line in anew.items()} == {id: line.rating for id, line in recorded.items()}


async def test_only_what_was_likely_meant_for_a_point_is_shown_as_uncertain(
    room: Room, assessor: Assessor, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    brief = catalog.brief(CASE)
    halves = [" ".join(text.split()[:8]) for criterion in brief.criteria for text in criterion.covers]
    perhaps = next(
        half
        for half, match in zip(halves, matcher.observe(brief, halves), strict=True)
        if match.criteria and match.criteria[0].score >= PERHAPS and not match.criteria[0].credit
    )
    stored = await interview(room, perhaps, *LINES)
    doubts = [event for event in stored.events if isinstance(event, DoubtNoted)]
    assert any((event.score or 0) < PERHAPS for event in doubts)
    likely = {event.criterion for event in doubts if (event.score or 0) >= PERHAPS}
    for recorded in (False, True):
        lines = lines_of(assessor.assess(stored, recorded=recorded))
        shown = {id: line.uncertain for id, line in lines.items() if line.uncertain is not None}
        assert shown
        assert shown.keys() <= likely


async def test_recorded_believes_the_log_and_anew_the_words(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, "/next data", SPLIT, "/end")
    bare = stored.model_copy(
        update={"events": tuple(event for event in stored.events if not isinstance(event, EvidenceFound | DoubtNoted))}
    )
    assert assessor.assess(bare) == assessor.assess(stored)
    assert not any(line.evidence for line in lines_of(assessor.assess(bare, recorded=True)).values())


async def test_an_interview_of_messages_alone_is_scored(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, *LINES)
    talk = stored.model_copy(
        update={
            "events": tuple(
                event for event in stored.events if isinstance(event, CandidateMessage | InterviewerMessage)
            )
        }
    )
    card = assessor.assess(talk)
    assert any(line.evidence for line in lines_of(card).values())


async def test_an_interview_in_which_nothing_was_said_has_no_score_and_no_zero(room: Room, assessor: Assessor) -> None:
    card = assessor.assess(await interview(room))
    assert (card.overall.score, card.overall.verdict) == (None, Verdict.INSUFFICIENT_EVIDENCE)
    assert {line.status for line in lines_of(card).values()} == {Status.NOT_ASSESSED}
    assert all(step.score is None for step in card.steps) and 1 <= len(card.study) <= 5


async def test_whoever_ends_at_once_has_shown_nothing_of_anything(room: Room, assessor: Assessor) -> None:
    card = assessor.assess(await interview(room, "/end"))
    assert (card.overall.score, card.overall.verdict) == (0, Verdict.STRONG_NO_HIRE)
    assert {line.status for line in lines_of(card).values()} == {Status.NOT_SHOWN}


async def test_what_time_cut_off_does_not_count(room: Room, assessor: Assessor) -> None:
    await room.begin(CASE, minutes=10)
    await room.say("Hm, well.", seconds=9.5 * 60)
    await room.say("Hm, well.", seconds=60)
    card = assessor.assess(await room.store.load(room.id))
    later = [line for step in card.steps if step.step is not Step.REQUIREMENTS for line in step.criteria]
    assert {line.status for line in later} == {Status.NOT_ASSESSED}


async def test_a_step_left_by_the_candidates_next_is_not_shown(room: Room, assessor: Assessor) -> None:
    card = assessor.assess(await interview(room, "/next"))
    statuses = {step.step: {line.status for line in step.criteria} for step in card.steps}
    assert statuses[Step.REQUIREMENTS] == {Status.NOT_SHOWN}
    assert statuses[Step.DATA] == {Status.NOT_ASSESSED}


@pytest.mark.parametrize("asked", ["/next data", "/next requirements", "Can we go back to the requirements?"])
async def test_who_stays_or_goes_back_leaves_nothing_behind(room: Room, assessor: Assessor, asked: str) -> None:
    card = assessor.assess(await interview(room, "/next data", asked))
    statuses = {step.step: {line.status for line in step.criteria} for step in card.steps}
    assert statuses[Step.DATA] == {Status.NOT_ASSESSED}


async def test_naming_the_open_step_is_not_leaving_it(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, "/next data", "Features: watch history of the user.", "Labels: long watches.")
    card = assessor.assess(stored)
    data = next(step for step in card.steps if step.step is Step.DATA)
    assert Status.NOT_ASSESSED in {line.status for line in data.criteria}


@pytest.mark.parametrize(("rungs", "most"), [(0, 4), (1, 3), (2, 2), (3, 1)])
async def test_a_hint_caps_what_is_said_after_it(room: Room, assessor: Assessor, rungs: int, most: int) -> None:
    stored = await interview(room, "/next data", *["/hint"] * rungs, SPLIT)
    brief_lines = lines_of(assessor.assess(stored))
    hinted = {hint.criterion for hint in assessor.assess(stored).hints}
    assert len(assessor.assess(stored).hints) == rungs
    if not rungs:
        assert brief_lines["time-split"].rating in {3, 4}
        return
    (criterion,) = hinted
    room_for = await interview_about(room, assessor, criterion)
    line = lines_of(room_for)[criterion]
    assert line.rating is not None and line.rating <= most
    assert {quote.provenance for quote in line.evidence} == {Provenance.HINTED}


async def interview_about(room: Room, assessor: Assessor, criterion: str) -> Scorecard:
    """The scorecard after the candidate says what covers a criterion, in the rubric's own words."""
    brief = room.catalog.brief(CASE)
    for sentence in brief.criterion_by_id[criterion].covers[:4]:
        await room.say(sentence)
    return assessor.assess(await room.store.load(room.id))


async def test_what_is_said_before_a_hint_keeps_its_worth(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, "/next data", SPLIT)
    before = lines_of(assessor.assess(stored))["time-split"].rating
    await room.conductor.hint(room.id, criterion="time-split")
    after = lines_of(assessor.assess(await room.store.load(room.id)))["time-split"].rating
    assert before == after and before is not None


ASKED = (
    "How many payments do we process a day, and what share of them is fraud? How fast do we have to decide?",
    "What actions can I take, and how big is that team? Is there a system in production today?",
)
USED = "The rules block about 340,000 good payments a day, so that's 3.4 million dollars a day in lost customers."


async def test_what_was_made_of_an_answer_counts_wherever_it_was_said(room: Room, assessor: Assessor) -> None:
    await room.begin("fraud-detection")
    for line in ASKED:
        await room.say(line)
    only_asked = lines_of(assessor.assess(await room.store.load(room.id)))["scope-and-scale"]
    assert (only_asked.rating, only_asked.status) == (2, Status.PARTIAL) and "nothing was made" in only_asked.reason
    await room.say(USED)
    for recorded in (False, True):
        line = lines_of(assessor.assess(await room.store.load(room.id), recorded=recorded))["scope-and-scale"]
        assert (line.rating, line.status) == (3, Status.MET) and "put to use" in line.reason
        assert line.evidence[-1].quote == USED and line.evidence[:-1] == only_asked.evidence


async def test_of_clarifying_questions_the_most_telling_are_quoted(room: Room, assessor: Assessor) -> None:
    await room.begin("fraud-detection")
    for line in (
        *ASKED,
        "Which hardware do we have?",
        "When do we find out that a payment was fraud?",
        "And the team?",
    ):
        await room.say(line)
    quotes = [
        one.quote for one in lines_of(assessor.assess(await room.store.load(room.id)))["scope-and-scale"].evidence
    ]
    assert len(quotes) == 3 and "how big is that team?" not in quotes and "And the team?" not in quotes
    assert "When do we find out that a payment was fraud?" in quotes


async def test_the_level_can_be_another(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, *LINES)
    mid, staff = (assessor.assess(stored, level=level) for level in (Level.MID, Level.STAFF))
    assert (mid.level, staff.level) == (Level.MID, Level.STAFF)
    order = list(Verdict)
    assert order.index(staff.overall.verdict) <= order.index(mid.overall.verdict)


async def test_a_drill_is_scored_on_its_steps(room: Room, assessor: Assessor) -> None:
    stored = await interview(room, SPLIT, "/end", mode=Mode.DRILL, steps=(Step.DATA,))
    card = assessor.assess(stored)
    assert [step.step for step in card.steps] == [Step.DATA] and card.overall.score is not None


async def test_a_case_that_is_gone_is_named(room: Room, assessor: Assessor) -> None:
    stored = await interview(room)
    gone = stored.model_copy(update={"header": stored.header.model_copy(update={"case": "no-such-case"})})
    with pytest.raises(InputError, match="no-such-case"):
        assessor.assess(gone)


def test_headings_become_places() -> None:
    assert slug("Splitting by time") == "splitting-by-time"
