"""The side bar and old interviews as projections of the event log."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from uuid import UUID

import pytest
from chainlit.types import Pagination, ThreadFilter

from app.bootstrap import App, VirtualClock
from app.domain.events import CandidateMessage, InterviewerMessage
from app.domain.vocabulary import Step
from app.errors import StoreError, UnknownInterview
from app.ports import StoredInterview
from app.services.conduct import Agreement, Conductor
from app.web.cards import Scorecards
from app.web.history import EventLogHistory, derived_id, scorecard_step
from app.web.render import thread_name


def numbered() -> Iterator[str]:
    return (str(UUID(int=number, version=4)) for number in count(1))


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def conductor(parcels: App, clock: VirtualClock) -> Conductor:
    ids = numbered()
    return parcels.conductor(clock=clock, ids=lambda: next(ids))


@pytest.fixture
def history(parcels: App) -> EventLogHistory:
    return EventLogHistory(parcels.store, parcels.catalog)


async def listed(
    history: EventLogHistory, *, first: int = 20, cursor: str | None = None, search: str | None = None
) -> list[str]:
    page = await history.list_threads(
        Pagination(first=first, cursor=cursor), ThreadFilter(userId="local", search=search)
    )
    return [thread["id"] for thread in page.data]


async def test_a_thread_is_start_words_and_replies_in_order(
    conductor: Conductor, history: EventLogHistory, parcels: App
) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"))
    await conductor.say(header.id, "What scale are we at?")
    thread = await history.get_thread(header.id)
    assert thread is not None
    assert thread["userIdentifier"] == "local"
    assert thread["metadata"] == {"chat_profile": "Mock"}
    stored = await parcels.store.load(header.id)
    messages = [event for event in stored.events if isinstance(event, CandidateMessage | InterviewerMessage)]
    assert [step["id"] for step in thread["steps"][1:]] == [event.id for event in messages]
    assert [step["type"] for step in thread["steps"]] == [
        "user_message",
        "assistant_message",
        "user_message",
        "assistant_message",
    ]
    assert thread["steps"][0]["output"] == "Parcel arrival times"
    assert "Two million parcels a day" in thread["steps"][-1]["output"]


async def test_what_a_candidate_typed_is_given_back_as_typed(conductor: Conductor, history: EventLogHistory) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"))
    typed = "I'd **split** by date <script>alert(1)</script>\n- `week`"
    await conductor.say(header.id, typed)
    thread = await history.get_thread(header.id)
    assert thread is not None
    assert thread["steps"][2]["output"] == typed


async def test_commands_are_shown_and_hints_asked_for_in_words_are_not_shown_twice(
    conductor: Conductor, history: EventLogHistory
) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"))
    await conductor.hint(header.id, step=Step.DATA)
    await conductor.say(header.id, "Can I have a hint?")
    await conductor.advance(header.id, to=Step.SERVING)
    await conductor.end(header.id)
    thread = await history.get_thread(header.id)
    assert thread is not None
    said = [step["output"] for step in thread["steps"] if step["type"] == "user_message"]
    assert said == ["Parcel arrival times", "/hint data", "Can I have a hint?", "/next serving", "/end"]
    assert len({step["id"] for step in thread["steps"]}) == len(thread["steps"])
    again = await history.get_thread(header.id)
    assert again == thread


async def test_the_scorecard_follows_the_last_message(conductor: Conductor, parcels: App) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"))
    await conductor.end(header.id)
    stored = await parcels.store.load(header.id)
    shown = await Scorecards(parcels.assessor, parcels.catalog).of(stored)
    step = scorecard_step(stored, shown.message)
    assert step["output"].startswith("**Strong no hire** at senior level")
    assert step["id"] == shown.id == derived_id(header.id, "scorecard")


async def test_newest_first_and_by_pages(conductor: Conductor, history: EventLogHistory, clock: VirtualClock) -> None:
    ids = []
    for _ in range(5):
        ids.insert(0, (await conductor.begin(Agreement(case="parcel-eta"))).id)
        clock.sleep(60)
    assert await listed(history) == ids
    page = await history.list_threads(Pagination(first=2), ThreadFilter(userId="local"))
    assert page.pageInfo.hasNextPage
    assert await listed(history, first=2, cursor=page.pageInfo.endCursor) == ids[2:4]
    last = await history.list_threads(Pagination(first=2, cursor=ids[3]), ThreadFilter(userId="local"))
    assert [thread["id"] for thread in last.data] == ids[4:]
    assert not last.pageInfo.hasNextPage


async def test_another_owner_sees_nothing(conductor: Conductor, history: EventLogHistory) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"), owner="ada")
    assert await listed(history) == []
    assert await history.get_thread(header.id) is None
    assert await history.get_thread_author(header.id) == ""
    for change in (history.delete_thread(header.id), history.update_thread(header.id, name="Mine")):
        with pytest.raises(UnknownInterview):
            await change


async def test_search_finds_names_and_words(conductor: Conductor, history: EventLogHistory) -> None:
    eta = await conductor.begin(Agreement(case="parcel-eta"))
    theft = await conductor.begin(Agreement(case="parcel-theft"))
    await conductor.say(eta.id, "I would show a window to the customer, never a minute.")
    assert await listed(history, search="THEFT") == [theft.id]
    assert await listed(history, search="never a minute") == [eta.id]
    assert await listed(history, search="zebra") == []


async def test_renaming_lasts_and_what_chainlit_reports_by_itself_does_not(
    conductor: Conductor, history: EventLogHistory, parcels: App
) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"))
    await history.update_thread(thread_id=header.id, name="Parcel arrival times", user_id="local", tags=None)
    await history.update_thread(thread_id=header.id, metadata={"chat_profile": "Mock"})
    thread = await history.get_thread(header.id)
    assert thread is not None
    assert thread["name"] == thread_name(header, parcels.catalog.brief(header.case).case)
    await history.update_thread(header.id, name=" Second try ")
    thread = await history.get_thread(header.id)
    assert thread is not None
    assert thread["name"] == "Second try"


async def test_deleting_removes_it_from_the_log(conductor: Conductor, history: EventLogHistory, parcels: App) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"))
    await history.delete_thread(header.id)
    assert await history.get_thread(header.id) is None
    assert await history.get_thread_author(header.id) == ""
    with pytest.raises(UnknownInterview):
        await parcels.store.load(header.id)


async def test_a_case_that_is_gone_can_still_be_read(conductor: Conductor, parcels: App) -> None:
    header = await conductor.begin(Agreement(case="parcel-theft"))
    one_case = parcels.catalog.model_copy(update={"cases": parcels.catalog.cases[:1]})
    thread = await EventLogHistory(parcels.store, one_case).get_thread(header.id)
    assert thread is not None
    assert thread["name"] == thread_name(header, None)
    assert len(thread["steps"]) == 2


async def test_a_damaged_log_says_so_instead_of_shutting_the_page(conductor: Conductor, parcels: App) -> None:
    header = await conductor.begin(Agreement(case="parcel-eta"))

    class Damaged(type(parcels.store)):  # type: ignore[misc]
        async def load(self, interview_id: str) -> StoredInterview:
            raise StoreError("event 2 is damaged; restore a copy of the file")

    store = Damaged()
    store.__dict__.update(parcels.store.__dict__)
    thread = await EventLogHistory(store, parcels.catalog).get_thread(header.id)
    assert thread is not None
    assert thread["userIdentifier"] == "local"
    assert [(step["isError"], step["output"]) for step in thread["steps"]] == [
        (True, "event 2 is damaged; restore a copy of the file")
    ]
