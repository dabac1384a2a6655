"""The Chainlit page: what happens when somebody opens it, chooses a case, says something, leaves, comes back.

Only handlers live here. What an interview is, is decided by the conductor; what it looks like, by
`render` and `history`.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import chainlit as cl
from chainlit.config import config
from chainlit.types import ThreadDict
from fastapi import FastAPI
from starlette.datastructures import Headers

from app.adapters.users_file import LOCAL
from app.bootstrap import BUILTIN, App
from app.domain.events import Ended
from app.domain.vocabulary import Mode
from app.errors import ConflictError, InputError, InterviewError, UnknownInterview
from app.ports import Clock, StoredInterview
from app.web import choices, render
from app.web.bubbles import error_bubble, house_bubble
from app.web.card_actions import CardActions
from app.web.cards import Scorecards
from app.web.downloads import offer_downloads
from app.web.history import EventLogHistory, error_step, scorecard_step
from app.web.login import Login
from app.web.panel import notes_payload
from app.web.presence import Presence
from app.web.progress import Progress
from app.web.readiness import Readiness
from app.web.sitting import Sittings
from app.web.viewer import viewer

_BEFORE = "before"
_DRAWN_BY, _DRAWN = "drawn_by", "drawn"
_DRAWN_S = 0.5
_LONGEST_DRAWING_S = 30.0
_LONGEST_ARRIVAL_S = 20
_log = logging.getLogger("mlsd.page")


class Page:
    """The handlers, over one `App`.

    Args:
        app: the parts of the product.
        log_file: named when something unexpected happens.
        clock: for the time that has passed since an interview's last event; the system's if None.
        login: lets users in where the page is hosted; None where whoever sits at this machine is let in.
    """

    def __init__(self, app: App, *, log_file: Path, clock: Clock | None = None, login: Login | None = None) -> None:
        self._app = app
        self._login = login
        self._log_file = log_file
        self._ready = Readiness(app)
        self._cards = Scorecards(app.assessor, app.catalog)
        self._presence = Presence()
        self.history = EventLogHistory(
            app.store, app.catalog, viewer=(lambda: LOCAL) if login is None else (lambda: viewer().name)
        )
        self._sittings = Sittings(
            app,
            presence=self._presence,
            ready=self._ready,
            cards=self._cards,
            boards=self.history.boards,
            clock=clock,
        )
        self.card_actions = CardActions(
            app,
            presence=self._presence,
            ready=self._ready,
            cards=self._cards,
            sittings=self._sittings,
            clock=clock,
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self.progress = Progress(app.store, app.assessor)

    def register(self) -> None:
        """Make these the handlers of the page."""
        cl.on_app_startup(self.warm_up)
        if self._login is None:
            cl.header_auth_callback(self.user)
        else:
            # Chainlit's own decorator swallows exceptions, and with them why a login is refused.
            config.code.password_auth_callback = self._login.password
        cl.data_layer(lambda: self.history)
        cl.set_chat_profiles(self.profiles)
        cl.set_starter_categories(self.starters)
        cl.on_chat_start(self.start)
        cl.on_chat_resume(self.resume)
        cl.on_message(self.message)
        cl.on_chat_end(self.leave)
        cl.action_callback("begin")(self.begin)
        cl.action_callback("keep_notes")(self.keep_notes)
        self.card_actions.register()

    def extend(self, server: FastAPI) -> None:
        """Add what the page offers beside the chat to Chainlit's server."""
        offer_downloads(server, self._app, ready=self._ready)

    async def warm_up(self) -> None:
        """Get the cases ready while the first visitor reads the start page."""
        self._ready.soon(*self._app.catalog.case_ids())

    async def user(self, headers: Headers) -> cl.User:
        """Whoever reaches this machine's own address is its user; there is no login."""
        return cl.User(identifier=LOCAL, display_name="You")

    # --- the start page ---

    async def profiles(self, current_user: cl.User | None) -> list[cl.ChatProfile]:
        """The modes."""
        words = self._app.catalog.levels.modes
        return [
            cl.ChatProfile(
                name=mode.value.capitalize(),
                markdown_description=render.profile_description(mode, words[mode], model=self._model()),
                icon=f"/public/{mode.value}.svg",
                default=mode is Mode.MOCK,
            )
            for mode in Mode
        ]

    async def starters(self, current_user: cl.User | None) -> list[cl.StarterCategory]:
        """The cases, by category."""
        cases = sorted(self._app.catalog.cases, key=lambda case: case.title)
        last = await self.progress.last_scores(current_user.identifier if current_user is not None else LOCAL)
        return [
            cl.StarterCategory(
                label=category,
                starters=[
                    cl.Starter(label=render.starter_label(case, last=last.get(case.id)), message=case.title)
                    for case in cases
                    if case.category == category
                ],
            )
            for category in sorted({case.category for case in cases})
        ]

    async def start(self) -> None:
        """A page without an interview: offer the settings, as they were chosen last."""
        _forget_unknown_thread()
        async with self._told(), self._presence.turn(cl.context.session.thread_id):
            cl.user_session.set(_DRAWN_BY, 0.0)
            if self._sittings.begun:  # a starter was clicked before this was done
                return
            headers = await self._app.store.headers(owner=self._owner())
            models = await self._ready.models()
            before = choices.chosen_last(headers[0] if headers else None, model=self._model(), models=models)
            before = choices.read(cl.context.session.chat_settings, fallback=before)
            cl.user_session.set(_BEFORE, before.model_dump(mode="json"))
            await choices.widgets(before, self._mode(), models=models).send()
            await cl.context.emitter.set_commands([])
            # A connection may break as this is sent; over the next one Chainlit then starts the page anew.
            cl.context.session.chat_started = False

    # --- the interview ---

    async def message(self, message: cl.Message) -> None:
        """What the candidate sent: a case's title to begin with, then words and commands.

        Chainlit cancels this when its stop button is met, as by the second click of a double click on send: what
        was said is recorded and answered all the same.
        """
        await asyncio.shield(self._spawn(self._heard(message)))

    async def _heard(self, message: cl.Message) -> None:
        async with self._told():
            self._owner()
            if not await self._arrived():
                await self._show_what_was_typed(message)
            if self._sittings.begun:
                await self._hear(message)
                return
            case_id = self._case_named(message.content)
            if case_id is None:
                await self._offer_cases()
            else:
                await self._begin(case_id)

    async def _hear(self, message: cl.Message) -> None:
        try:
            await self._sittings.hear(message)
        except ConflictError:  # the page puts it into the box again
            typed = f"/{message.command} {message.content}" if message.command else message.content
            await cl.context.emitter.send_window_message({"mlsdUnsaid": typed})
            raise

    async def _arrived(self) -> bool:
        """Wait until a lost connection is taken up: what was typed meanwhile is sent before that is done.

        Returns:
            Whether the browser had surely drawn the thread before: it draws it over what was typed until then.
        """
        session = cl.context.session
        if session.thread_id_to_resume is None:
            return True
        if (drawn_by := cl.user_session.get(_DRAWN_BY)) is not None:
            return bool(time.monotonic() > drawn_by)
        with suppress(TimeoutError):  # then the thread does not exist; it is told below
            async with asyncio.timeout(_LONGEST_ARRIVAL_S):
                while cl.user_session.get(_DRAWN_BY) is None:
                    await asyncio.sleep(0.02)
        return False

    async def _show_what_was_typed(self, message: cl.Message) -> None:
        """Show a message over which the browser draws the thread.

        The thread may be on its way, or about to be sent: the message goes after it and, for the second case, into it.
        A message that the browser has by its id is not shown twice.
        """
        thread: ThreadDict | None = cl.user_session.get(_DRAWN)
        if thread is not None:
            thread["steps"].append(message.to_dict())
        await message.send()

    async def begin(self, action: cl.Action) -> None:
        """A case was chosen with a button."""
        async with self._told():
            await self._begin(str(action.payload.get("case")))

    async def _begin(self, case_id: str) -> None:
        async with self._presence.turn(cl.context.session.thread_id):
            pass  # `start` has read what was chosen last
        before = choices.Chosen.model_validate(cl.user_session.get(_BEFORE) or {})
        chosen = choices.read(cl.context.session.chat_settings, fallback=before)
        owner = self._owner()
        interviews = await self._app.store.headers(owner=owner)
        agreement = choices.agreement(chosen, case=case_id, mode=self._mode(), seed=len(interviews))
        await self._sittings.begin(agreement, model=chosen.model, owner=owner)

    async def _offer_cases(self) -> None:
        cases = sorted(self._app.catalog.cases, key=lambda case: case.title)
        buttons = [cl.Action(name="begin", label=case.title, payload={"case": case.id}) for case in cases]
        await house_bubble(render.NO_CASE_YET, actions=buttons).send()

    async def keep_notes(self, action: cl.Action) -> dict[str, Any]:
        """The panel's notes; what comes back tells it whether they are on disk."""
        errors: list[str] = []
        async with self._told(into=errors):
            kept = await self._sittings.keep_notes(notes_payload(action.payload))
            return {"saved": True, "seq": kept.seq}
        return {"saved": False, "why": errors[0]}

    # --- coming back and leaving ---

    async def resume(self, thread: ThreadDict) -> None:
        """An interview was opened again, after a reload, a restart or from the side bar.

        Chainlit draws `thread` when this returns, over all that was sent meanwhile; so whatever is to be
        seen is put into it.
        """
        interview_id = thread["id"]
        errors: list[str] = []
        owed = False
        async with self._told(into=errors):
            owed = await self._sittings.come_back(interview_id)
        async with self._told(into=errors):
            stored = await self._app.store.load(interview_id)
            thread["steps"] = self.history.steps(stored)
            thread["elements"] = [*await self._sittings.panel(interview_id), *await self.history.boards.of(stored)]
            await self._add_card(thread, stored, errors)
        thread["steps"] += [error_step(interview_id, text) for text in dict.fromkeys(errors)]
        cl.user_session.set(_DRAWN, thread)
        cl.user_session.set(_DRAWN_BY, time.monotonic() + _LONGEST_DRAWING_S)
        if owed:
            self._spawn(self._say_owed(interview_id))

    async def _add_card(self, thread: ThreadDict, stored: StoredInterview, errors: list[str]) -> None:
        """The scorecard of an interview that is over, as its last message with its elements."""
        if not any(isinstance(event, Ended) for event in stored.events):
            return
        async with self._told(into=errors):
            shown = await self._cards.of(stored)
            thread["steps"].append(scorecard_step(stored, shown.message))
            thread["elements"] = [*(thread.get("elements") or []), *shown.elements]

    async def _say_owed(self, interview_id: str) -> None:
        await asyncio.sleep(_DRAWN_S)
        async with self._told():
            await self._sittings.say_owed(interview_id)

    async def leave(self) -> None:
        """The connection is gone."""
        if not self._sittings.begun:
            return
        async with self._told():
            try:
                await self._sittings.leave(cl.context.session.thread_id)
            except UnknownInterview:  # it was deleted; there is no clock to stop
                return

    # --- the edges ---

    @asynccontextmanager
    async def _told(self, *, into: list[str] | None = None) -> AsyncIterator[None]:
        """Tell the candidate what went wrong, on the page or into a list, and go on.

        Everything is caught here, at the outermost edge: a handler that dies in silence would leave the
        candidate waiting, and Chainlit would print its traceback.
        """
        try:
            yield
            return
        except InterviewError as error:
            text = render.complaint(error)
        except Exception:
            _log.exception("a handler of the page failed")
            text = render.BROKEN.format(log=render.spoken(str(self._log_file)))
        if into is not None:
            into.append(text)
        else:
            await error_bubble(text).send()

    def _owner(self) -> str:
        """Whose session it is.

        Raises:
            InputError: whoever it was is logged out, or may not log in any more.
        """
        if self._login is None:
            return LOCAL
        name = self._login.whose(cl.context.session.token)
        if name is None:
            raise InputError("you are logged out, so that was not recorded; copy it, reload this page and log in again")
        return name

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop itself keeps no hold on tasks
        task.add_done_callback(self._tasks.discard)
        return task

    async def settled(self) -> None:
        """Wait until the cases are ready, no owed reply is being given, and nothing is read in the background."""
        await self._ready.settled()
        await self._sittings.settled()
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _mode(self) -> Mode:
        name = (cl.context.session.chat_profile or Mode.MOCK.value).lower()
        return next((mode for mode in Mode if mode.value == name), Mode.MOCK)

    def _model(self) -> str | None:
        model = self._app.settings.model
        return None if model == BUILTIN else model

    def _case_named(self, content: str) -> str | None:
        wanted = content.strip().casefold()
        named = (case.id for case in self._app.catalog.cases if wanted in {case.id.casefold(), case.title.casefold()})
        return next(named, None)


def _forget_unknown_thread() -> None:
    """The address named an interview that is not there, or is another's; what is begun instead gets a fresh id."""
    session = cl.context.session
    if session.thread_id_to_resume is not None and not session.has_first_interaction:
        session.thread_id, session.thread_id_to_resume = str(uuid4()), None
