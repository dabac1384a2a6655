"""The debrief on the shipped content: what it picks, what it reveals, and that the week follows from the gaps."""

from __future__ import annotations

import typer

from app.adapters.debrief_html import debrief_html
from app.adapters.matcher import ExampleMatcher
from app.cli import build
from app.domain.catalog import Catalog
from app.domain.debrief import Debrief
from app.domain.grading import rating_of
from app.domain.kinds import InterviewerKind
from app.domain.levels import Verdict
from app.domain.scorecard import Overall, Scorecard, Status, overall, step_score
from app.domain.vocabulary import Level, Step
from app.ports import StoredInterview
from app.services.assess import Assessor
from app.services.debrief_text import debrief_markdown
from app.services.debriefing import debrief_of
from app.services.gaps import _example, expected, ranked_gaps
from app.services.week_plan import week_plan
from tests.services.conftest import Room

ADS, VIDEO = "ad-click-prediction", "video-recommendation"
SPLIT = "I'd split train and test by time, because a random split would leak the future into training."
GOAL = "The goal is long-term ad revenue per user, with retention as a guardrail, because bait earns today and costs later."
MODEL = (
    "I'd start with logistic regression as the baseline and then try a deep and cross network, because interactions "
    "matter, but it costs more core time per ad."
)
RANDOM = "A random split is fine, I'd just shuffle everything and take twenty percent as the test set."

Made = tuple[StoredInterview, Scorecard, Debrief]


async def debriefed(
    room: Room, matcher: ExampleMatcher, *lines: str, case: str = ADS, seconds: float = 30, **agreed: object
) -> Made:
    await room.begin(case, **agreed)
    for line in lines:
        await room.say(line, seconds=seconds)
    stored = await room.store.load(room.id)
    card = Assessor(catalog=room.catalog, matcher=matcher).assess(stored)
    return stored, card, debrief_of(stored, card, room.catalog)


def all_rated(catalog: Catalog, matcher: ExampleMatcher, stored: StoredInterview, level: Level) -> Scorecard:
    """A card on which everything is exactly as the level expects."""
    card = Assessor(catalog=catalog, matcher=matcher).assess(stored, level=level)
    steps = tuple(
        step_score(
            step.step,
            [
                line.model_copy(update={"rating": expected(level, core=line.core), "status": Status.MET})
                for line in step.criteria
            ],
        )
        for step in card.steps
    )
    judged = overall(steps, flags=0, level=level, rules=catalog.levels)
    return card.model_copy(update={"steps": steps, "overall": judged, "red_flags": ()})


class TestGaps:
    async def test_what_a_level_expects_is_a_hire_at_that_level(
        self, room: Room, catalog: Catalog, matcher: ExampleMatcher
    ) -> None:
        for case in catalog.cases:
            room.id = case.id
            await room.begin(case.id)
            stored = await room.store.load(case.id)
            for level in Level:
                card = all_rated(catalog, matcher, stored, level)
                assert card.overall.verdict in {Verdict.HIRE, Verdict.STRONG_HIRE}, (case.id, level, card.overall)
                assert ranked_gaps(card, catalog.brief(case.id), catalog.levels) == []

    async def test_core_and_assessed_come_first_and_worth_adds_up(
        self, room: Room, catalog: Catalog, matcher: ExampleMatcher
    ) -> None:
        _, card, debrief = await debriefed(room, matcher, GOAL, "/next data", SPLIT, "/end")
        gaps = ranked_gaps(card, catalog.brief(ADS), catalog.levels)
        assert all(gap.core for gap in debrief.gaps) and len(debrief.gaps) == 5
        assert {gap.criterion for gap in gaps} == {
            line.id
            for step in card.steps
            for line in step.criteria
            if (line.rating or 1) < expected(Level.SENIOR, core=line.core)
        }
        assert [gap.name for gap in gaps[5:]] == list(debrief.more_gaps)
        assert all(gap.worth is not None and gap.worth >= 1 for gap in gaps)

    async def test_without_a_score_no_gap_is_worth_points(
        self, room: Room, catalog: Catalog, matcher: ExampleMatcher
    ) -> None:
        _, card, _ = await debriefed(room, matcher, GOAL, "/next data", SPLIT, "/end")
        unscored = Overall(score=None, verdict=Verdict.INSUFFICIENT_EVIDENCE, reasons=("Too little.",))
        gaps = ranked_gaps(card.model_copy(update={"overall": unscored}), catalog.brief(ADS), catalog.levels)
        assert gaps and all(gap.worth is None for gap in gaps)

    async def test_another_level_has_other_gaps(self, room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
        stored, _, _ = await debriefed(room, matcher, GOAL, "/next data", SPLIT, "/end")
        brief, assessor = catalog.brief(ADS), Assessor(catalog=catalog, matcher=matcher)
        found = {level: ranked_gaps(assessor.assess(stored, level=level), brief, catalog.levels) for level in Level}
        worth = {level: sum(gap.worth or 0 for gap in gaps) for level, gaps in found.items()}
        assert worth[Level.MID] < worth[Level.SENIOR] < worth[Level.STAFF]
        for level, gaps in found.items():
            criterion = brief.criterion_by_id[gaps[0].criterion]
            assert gaps[0].at_level == criterion.levels.at(level)
            assert gaps[0].goal.endswith(criterion.anchors.at(gaps[0].expected)) and gaps[0].example in criterion.covers

    def test_the_example_is_of_the_rating_to_aim_for(self, catalog: Catalog) -> None:
        """A beginner is given no expert's sentence, wherever the case has one that is enough."""
        for case in catalog.cases:
            brief = catalog.brief(case.id)
            for criterion in brief.criteria:
                own = [each.covers for each in case.criteria if each.id == criterion.id]
                own += [use.covers for use in case.shared if use.use == criterion.id]
                said = [text for covers in own for text in covers]
                for lift_to in (2, 3, 4):
                    given = {level: _example(criterion, brief, lift_to=lift_to, level=level) for level in Level}
                    earn = {rating_of([text]).rating for text in said}
                    if lift_to in earn:
                        assert {rating_of([text or ""]).rating for text in given.values()} == {lift_to}, criterion.id
                    assert set(given.values()) <= {*said} or not said

    async def test_a_question_that_was_not_asked_is_given(self, room: Room, matcher: ExampleMatcher) -> None:
        stored, _, debrief = await debriefed(room, matcher, GOAL, "I don't know.", "Move on.", "Go on.", "/end")
        said = " ".join(event.content for event in stored.events if event.type == "interviewer_message")
        assert [gap.question for gap in debrief.gaps if gap.question in said] == []


class TestDebrief:
    async def test_it_quotes_what_went_well_and_reveals_the_notes(
        self, room: Room, catalog: Catalog, matcher: ExampleMatcher
    ) -> None:
        _, _, debrief = await debriefed(room, matcher, "/next data", SPLIT, "/next modeling", MODEL, "/end")
        assert {quote.quote for each in debrief.strengths for quote in each.quotes} >= {MODEL}
        for gap in debrief.gaps:
            assert set(gap.notes) <= {note.place for note in debrief.notes}
        texts = {section.text.strip() for note in catalog.brief(ADS).notes for section in note.sections}
        assert debrief.notes and {note.text for note in debrief.notes} <= texts
        assert {answer.step for answer in debrief.answers} == {gap.step for gap in debrief.gaps}
        assert all(answer.text.startswith("Senior") and answer.next_level is Level.STAFF for answer in debrief.answers)
        assert debrief.architecture is not None and any("→" in edge for edge in debrief.architecture.edges)

    async def test_what_is_wrong_uncertain_or_hinted_is_said(self, room: Room, matcher: ExampleMatcher) -> None:
        stored, card, debrief = await debriefed(room, matcher, "/next data", "/hint", RANDOM, GOAL, "/end")
        assert [each.rung for each in debrief.hints] == [1] and debrief.hints[0].caps_at == 3
        assert [each.quote for each in debrief.wrong_claims] == [flag.quote for flag in card.red_flags] != []
        said = {event.index: event.content for event in stored.events if event.type == "candidate_message"}
        assert [each.criterion for each in debrief.doubts] == [
            line.id for step in card.steps for line in step.criteria if line.uncertain
        ]
        for each in debrief.doubts:
            assert each.turn is not None and each.quote in said[each.turn]
        shown = debrief_markdown(debrief)
        assert "## Claims to put right" in shown and "rung 1" in shown

    async def test_the_clock_leaves_pauses_out(self, room: Room, matcher: ExampleMatcher) -> None:
        await room.begin(ADS, typing_allowance=0.2)
        await room.say("/next data", seconds=60)
        await room.conductor.pause(room.id)
        room.clock.sleep(5000)
        await room.conductor.resume(room.id)
        await room.say(SPLIT, seconds=1200)
        await room.say("/end", seconds=0)
        stored = await room.store.load(room.id)
        card = Assessor(catalog=room.catalog, matcher=matcher).assess(stored)
        pace = debrief_of(stored, card, room.catalog).pace
        data = next(each for each in pace.steps if each.step is Step.DATA)
        assert pace.elapsed == 1260 and data.seconds == 1200 and data.budget == 9 * 60 * 1.2 and pace.total == 3240
        assert any(remark.startswith("The data and features took 20:00 where 10:48") for remark in pace.remarks)
        assert any("were left at the end" in remark for remark in pace.remarks)
        assert any(remark.startswith("The interview ended before") for remark in pace.remarks)

    async def test_a_step_that_is_scored_and_was_not_opened_says_how_it_came_up(
        self, room: Room, matcher: ExampleMatcher
    ) -> None:
        stored, card, debrief = await debriefed(room, matcher, SPLIT, MODEL, "/end")
        scored = {step.step for step in card.steps if any(line.evidence for line in step.criteria)}
        times = {each.step: each for each in debrief.pace.steps}
        assert {Step.DATA, Step.MODELING} <= scored and times[Step.DATA].heard == "unasked"
        assert times[Step.DATA].used == "said unasked" and times[Step.SERVING].used == "not opened"
        assert "Never asked about, and scored by what you said of it unasked: the data and features, the model." in (
            debrief.pace.remarks
        )
        assert not any("opened" in remark and "the data" in remark for remark in debrief.pace.remarks)
        asked = next(line.id for step in card.steps if step.step is Step.DATA for line in step.criteria)
        events = tuple(
            event.model_copy(update={"criterion": asked}) if event.type == "interviewer_message" else event
            for event in stored.events
        )
        after = debrief_of(stored.model_copy(update={"events": events}), card, room.catalog)
        assert {each.step: each.heard for each in after.pace.steps}[Step.DATA] == "elsewhere"
        assert "| Data and features | said elsewhere |" in debrief_markdown(after)

    async def test_an_interview_held_elsewhere_has_no_times(self, room: Room, matcher: ExampleMatcher) -> None:
        stored, card, _ = await debriefed(room, matcher, SPLIT, "/end")
        imported = stored.header.interviewer.model_copy(update={"kind": InterviewerKind.EXTERNAL})
        header = stored.header.model_copy(update={"interviewer": imported})
        debrief = debrief_of(stored.model_copy(update={"header": header}), card, room.catalog)
        assert debrief.pace.elapsed is None and {each.seconds for each in debrief.pace.steps} == {None}
        torn = stored.model_copy(
            update={"events": [each for each in stored.events if each.type != "interviewer_message"]}
        )
        assert debrief_of(torn, card, room.catalog).pace.elapsed is None
        assert "is not known, so there is no time to show" in debrief_html(debrief, card)

    async def test_nothing_said_is_met_kindly_and_coached(self, room: Room, matcher: ExampleMatcher) -> None:
        _, card, debrief = await debriefed(room, matcher, "fine", "/end")
        assert debrief.strengths == () and "nothing to quote" in debrief_markdown(debrief)
        assert debrief.plan[1].tasks[0].command == f"mlsd interview {ADS} --level senior --mode coach"

    async def test_a_drill_and_a_coached_interview_are_unofficial(self, room: Room, matcher: ExampleMatcher) -> None:
        _, _, debrief = await debriefed(room, matcher, SPLIT, "/end", mode="drill", steps=(Step.DATA,))
        assert not debrief.official and any("drill of 1 of 7 steps" in reason for reason in debrief.reasons)
        room.id = "i2"
        _, _, debrief = await debriefed(room, matcher, SPLIT, "/end", mode="coach")
        assert not debrief.official and any("unofficial" in reason for reason in debrief.reasons)

    async def test_the_same_transcript_gives_the_same_bytes(self, room: Room, matcher: ExampleMatcher) -> None:
        stored, card, debrief = await debriefed(room, matcher, GOAL, "/hint data", RANDOM, MODEL, "/end")
        again = debrief_of(stored, card, room.catalog)
        assert again.model_dump_json() == debrief.model_dump_json()
        assert debrief_html(again, card) == debrief_html(debrief, card)


class TestWeek:
    async def test_it_is_seven_days_of_at_most_an_hour_with_commands_that_exist(
        self, room: Room, matcher: ExampleMatcher
    ) -> None:
        scripts = [("fine", "/end"), (GOAL, "/hint data", RANDOM, MODEL, "/end"), ("/next serving", SPLIT, "/end")]
        group = typer.main.get_command(build())
        for place, lines in enumerate(scripts):
            room.id = f"i{place}"
            _, _, debrief = await debriefed(room, matcher, *lines, seconds=400)
            assert [day.day for day in debrief.plan] == [1, 2, 3, 4, 5, 6, 7]
            assert all(30 <= day.minutes <= 60 for day in debrief.plan), [day.minutes for day in debrief.plan]
            commands = [task.command for day in debrief.plan for task in day.tasks if task.command is not None]
            for command in commands:
                program, name, *rest = command.split()
                assert program == "mlsd"
                group.commands[name].make_context(name, rest)  # type: ignore[attr-defined]
            assert debrief.plan[-1].title.startswith("Mock: ") and ADS not in str(debrief.plan[-1].tasks[0].command)

    async def test_it_differs_with_the_gaps(self, room: Room, matcher: ExampleMatcher) -> None:
        made = []
        for place, lines in enumerate(
            [("/next modeling", MODEL, "/next monitoring", "/next", "/end"), (RANDOM, "/hint data", "/end")]
        ):
            room.id = f"i{place}"
            made.append((await debriefed(room, matcher, *lines))[2])
        first, second = made
        assert first.plan[5].title != second.plan[5].title and "wrong claims" in second.plan[5].title
        assert RANDOM[:40] in second.plan[5].tasks[0].text

    async def test_what_it_reads_and_drills_are_the_gaps(self, room: Room, matcher: ExampleMatcher) -> None:
        _, _, debrief = await debriefed(room, matcher, GOAL, "/next data", SPLIT, "/next modeling", MODEL, "/end")
        top = debrief.gaps[0]
        assert debrief.plan[0].tasks[0].reads == top.notes
        assert any(top.question in task.text for task in debrief.plan[0].tasks)
        assert f"--steps {top.step.value} " in str(debrief.plan[1].tasks[0].command)
        other = next(gap.step for gap in debrief.gaps if gap.step is not top.step)
        assert other.value in str(debrief.plan[3].tasks[0].command)
        headings = {note.place for note in debrief.notes}
        assert {place for day in debrief.plan for task in day.tasks for place in task.reads} <= headings

    async def test_with_nothing_missing_it_goes_on_to_other_cases_and_the_next_level(
        self, room: Room, catalog: Catalog, matcher: ExampleMatcher
    ) -> None:
        stored, _, _ = await debriefed(room, matcher, GOAL, "/end", case=VIDEO)
        card = all_rated(catalog, matcher, stored, Level.SENIOR)
        debrief = debrief_of(stored, card, catalog)
        assert debrief.gaps == () and "--level staff" in str(debrief.plan[2].tasks[0].command)
        assert "begins at 72" in debrief.outlook and len({day.title for day in debrief.plan}) > 3
        assert "The gaps that matter" not in debrief_html(debrief, card) + debrief_markdown(debrief)

    async def test_one_gap_is_enough_for_a_week(self, room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
        stored, _, _ = await debriefed(room, matcher, GOAL, "/end")
        card = all_rated(catalog, matcher, stored, Level.SENIOR)
        gap = ranked_gaps(
            Assessor(catalog=catalog, matcher=matcher).assess(stored), catalog.brief(ADS), catalog.levels
        )[0]
        plan = week_plan([gap], card=card, catalog=catalog)
        assert len(plan) == 7 and all(30 <= day.minutes <= 60 for day in plan), [day.minutes for day in plan]
