"""The side bar's threads as a projection of the event log; nothing is kept a second time.

Chainlit offers messages and session state to its data layer as they come about. They are turned down:
the conductor has recorded what happened before the page shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from chainlit.data.base import BaseDataLayer
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from app.adapters.users_file import LOCAL
from app.domain.case import Case
from app.domain.catalog import Catalog
from app.domain.events import AnyEvent, CandidateMessage, Header, InterviewerMessage
from app.domain.interview import fold
from app.errors import StoreError, TransitionNotAllowed, UnknownInterview
from app.ports import InterviewStore, StoredInterview
from app.services.commands import CommandName, dialogue_of, request_text
from app.web import render
from app.web.boards import BoardElements
from app.web.bubbles import INTERVIEWER
from app.web.panel import panel_element


class EventLogHistory(BaseDataLayer):  # type: ignore[misc]  # chainlit is not typed for mypy here
    """Chainlit's data layer over an `InterviewStore`. Parameter names are Chainlit's: it passes them by keyword.

    Args:
        store: the event log.
        catalog: for the titles of cases.
        viewer: the name of whoever asks, None for nobody; whoever sits at this machine if not given. What
            belongs to another is as if it did not exist.
    """

    def __init__(
        self, store: InterviewStore, catalog: Catalog, *, viewer: Callable[[], str | None] = lambda: LOCAL
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._viewer = viewer
        self._cases: dict[str, Case] = {case.id: case for case in catalog.cases}
        self.boards = BoardElements()

    async def get_user(self, identifier: str) -> PersistedUser | None:
        """Every name that the login lets in is a user; users are not stored."""
        return PersistedUser(id=identifier, identifier=identifier, createdAt=_stamp(datetime.now(UTC)))

    async def create_user(self, user: User) -> PersistedUser | None:
        """As `get_user`."""
        return await self.get_user(user.identifier)

    async def get_thread_author(self, thread_id: str) -> str:
        """Whose interview it is; empty if there is none, or it is not the viewer's."""
        try:
            owner = await self._store.owner(thread_id)
        except UnknownInterview:
            return ""
        return owner if owner == self._viewer() else ""

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        """An owner's interviews, newest first, a page at a time; a search looks at names and words."""
        owner = self._viewer()
        if owner is None or filters.userId != owner:
            return PaginatedResponse(pageInfo=PageInfo(hasNextPage=False, startCursor=None, endCursor=None), data=[])
        headers = await self._store.headers(owner=owner)
        if filters.search:
            headers = [header for header in headers if await self._holds(header, filters.search.casefold())]
        ids = [header.id for header in headers]
        first = ids.index(pagination.cursor) + 1 if pagination.cursor in ids else 0
        shown = headers[first : first + pagination.first]
        return PaginatedResponse(
            pageInfo=PageInfo(
                hasNextPage=first + len(shown) < len(headers),
                startCursor=shown[0].id if shown else None,
                endCursor=shown[-1].id if shown else None,
            ),
            data=[await self._thread(header, owner=owner, steps=[]) for header in shown],
        )

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        """An interview with its messages, the scorecard left out; None if there is none."""
        owner = await self.get_thread_author(thread_id)
        if not owner:
            return None
        try:
            stored = await self._store.load(thread_id)
        except UnknownInterview:
            return None
        except StoreError as error:
            return _damaged(thread_id, owner, str(error))
        thread = await self._thread(stored.header, owner=owner, steps=self.steps(stored))
        thread["elements"] = [*self.elements(stored), *await self.boards.of(stored)]
        return thread

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Rename an interview. What Chainlit reports of a thread by itself comes with a user or metadata.

        Raises:
            UnknownInterview: there is none of the viewer's.
        """
        if name and user_id is None and metadata is None:
            await self._require(thread_id)
            await self._store.rename(thread_id, name.strip())

    async def delete_thread(self, thread_id: str) -> None:
        """Remove an interview for good.

        Raises:
            UnknownInterview: there is none of the viewer's.
        """
        await self._require(thread_id)
        await self._store.delete(thread_id)

    async def close(self) -> None:
        """Close the store."""
        await self._store.close()

    def steps(self, stored: StoredInterview) -> list[StepDict]:
        """The messages of an interview as the page draws them: start, words, commands and replies, in order."""
        header = stored.header
        case = self._cases.get(header.case)
        begun = _step(
            header.id,
            derived_id(header.id, "start"),
            case.title if case else header.case,
            at=header.started_at,
            by_candidate=True,
        )
        return [begun, *_dialogue(header.id, stored.events)]

    def elements(self, stored: StoredInterview) -> list[ElementDict]:
        """What hangs on the messages: the panel, with the clock as it stood when the last event came."""
        try:
            state = fold(stored.header, stored.events)
        except TransitionNotAllowed:  # held elsewhere or not whole: it has messages and no clock
            return []
        return panel_element(state, self._catalog, now=None)

    async def _thread(self, header: Header, *, owner: str, steps: list[StepDict]) -> ThreadDict:
        name = await self._store.title(header.id) or render.thread_name(header, self._cases.get(header.case))
        return ThreadDict(
            id=header.id,
            createdAt=_stamp(header.started_at),
            name=name,
            userId=owner,
            userIdentifier=owner,
            tags=[header.mode.value],
            metadata={"chat_profile": header.mode.value.capitalize()},
            steps=steps,
            elements=[],
        )

    async def _require(self, thread_id: str) -> None:
        if not await self.get_thread_author(thread_id):
            raise UnknownInterview(thread_id)

    async def _holds(self, header: Header, wanted: str) -> bool:
        name = await self._store.title(header.id) or render.thread_name(header, self._cases.get(header.case))
        if wanted in name.casefold():
            return True
        stored = await self._store.load(header.id)
        said = (event.content for event in stored.events if isinstance(event, CandidateMessage | InterviewerMessage))
        return any(wanted in content.casefold() for content in said)

    # --- what is not kept, because the log has it or the page does not offer it ---

    async def create_step(self, step_dict: StepDict) -> None:
        """Nothing: the log has it."""

    async def update_step(self, step_dict: StepDict) -> None:
        """Nothing: the log has it."""

    async def delete_step(self, step_id: str) -> None:
        """Nothing: the log is append-only."""

    async def create_element(self, element: Element) -> None:
        """Nothing: the page sends none."""

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        """None: the page sends none."""
        return None

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        """Nothing: the page sends none."""

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Nothing: thumbs are hidden."""
        return feedback.id or ""

    async def delete_feedback(self, feedback_id: str) -> bool:
        """Nothing: thumbs are hidden."""
        return False

    async def build_debug_url(self) -> str:
        """Empty: there is no tracing service."""
        return ""

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        """None: the page does not offer favourites."""
        return []


def _dialogue(interview_id: str, events: Iterable[AnyEvent]) -> Iterable[StepDict]:
    """Messages and commands."""
    for event in dialogue_of(events):
        match event:
            case CandidateMessage():
                step = _step(interview_id, event.id, event.content, at=event.at, by_candidate=True)
                step["command"] = CommandName.BOARD.value if event.board else None
                yield step
            case InterviewerMessage():
                yield _step(interview_id, event.id, render.spoken(event.content), at=event.at)
            case request:
                id = derived_id(interview_id, str(request.seq))
                yield _step(interview_id, id, request_text(request), at=request.at, by_candidate=True)


def scorecard_step(stored: StoredInterview, markdown: str) -> StepDict:
    """The last message of an interview, which the scorecard's elements hang on."""
    at = stored.events[-1].at if stored.events else stored.header.started_at
    return _step(stored.header.id, derived_id(stored.header.id, "scorecard"), markdown, at=at)


def error_step(interview_id: str, text: str) -> StepDict:
    """An error as a message of an interview that is being opened."""
    step = _step(interview_id, derived_id(interview_id, text), text, at=datetime.now(UTC))
    step["isError"] = True
    return step


def derived_id(interview_id: str, part: str) -> str:
    """An id for something that is shown and is no message event; the same each time."""
    return str(uuid5(NAMESPACE_URL, f"mlsd:{interview_id}:{part}"))


def _damaged(thread_id: str, owner: str, why: str) -> ThreadDict:
    return ThreadDict(
        id=thread_id,
        createdAt=_stamp(datetime.now(UTC)),
        name="Damaged interview",
        userId=owner,
        userIdentifier=owner,
        tags=[],
        metadata={},
        steps=[error_step(thread_id, render.spoken(why))],
        elements=[],
    )


def _step(thread_id: str, step_id: str, output: str, *, at: datetime, by_candidate: bool = False) -> StepDict:
    stamp = _stamp(at)
    return StepDict(
        id=step_id,
        threadId=thread_id,
        parentId=None,
        name="You" if by_candidate else INTERVIEWER,
        type="user_message" if by_candidate else "assistant_message",
        input="",
        output=output,
        createdAt=stamp,
        start=stamp,
        end=stamp,
        command=None,
        streaming=False,
        isError=False,
        waitForAnswer=False,
        metadata={},
        tags=[],
        language=None,
        showInput=False,
    )


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
