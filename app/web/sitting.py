"""One candidate's turns on the page: what is said goes to the conductor, what comes back is streamed.

A message's id is its event's id, in both directions. Everything in one interview happens one at a time,
whatever the number of tabs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import chain, count
from uuid import uuid4

import chainlit as cl
from chainlit.element import ElementDict
from chainlit.session import WebsocketSession
from chainlit.types import CommandDict

from app.bootstrap import BUILTIN, App, SystemClock
from app.domain.events import Header, InterviewerMessage, Paused
from app.domain.grades import Grading
from app.domain.interview import InterviewState, boards, fold
from app.domain.kinds import InterviewerKind
from app.domain.phases import ClockPhase, Phase
from app.domain.vocabulary import Step
from app.errors import ConflictError, InputError, TransitionNotAllowed, UnknownInterview
from app.ports import Clock
from app.services.commands import Act, Command, CommandName, Speech, acts_of
from app.services.conduct import Agreement, Conductor, Reply
from app.services.final_grading import graded_once
from app.services.notes import Notes, keep_notes, latest_notes
from app.services.script import is_settled, obey
from app.services.speaking import Emit, Speaker
from app.services.status import status_of, until_now
from app.services.typed import clean
from app.web import render
from app.web.boards import NOTHING_DRAWN, BoardElements
from app.web.boards import check as check_board
from app.web.bubbles import house_bubble, interviewer_bubble
from app.web.cards import Scorecards
from app.web.notices import NoticingSpeaker
from app.web.panel import NotesPayload, panel_element
from app.web.presence import Presence
from app.web.readiness import Readiness

COMMANDS: tuple[CommandDict, ...] = tuple(
    CommandDict(id=name.value, description=words, icon=icon, button=True, persistent=False, selected=False)
    for name, words, icon in (
        (CommandName.HINT, "A hint for this step, or for one you name", "lightbulb"),
        (CommandName.NEXT, "Go to the next step, or to one you name", "skip-forward"),
        (CommandName.BOARD, "Draw the system: logs -> trainer -> ranker", "workflow"),
        (CommandName.STATUS, "Step, time and hints so far", "clock"),
        (CommandName.END, "End the interview and see the scorecard", "flag"),
    )
)
_ONLY_SHOWN = (Command(name=CommandName.STATUS), Command(name=CommandName.BOARD))
_HEARD = "heard"
_TOLD = "told"
_NOT_NAMED = (
    "This interview was begun with the model {model!r}, which the settings no longer name. "
    "The built-in interviewer goes on; set MLSD_MODEL to have it back."
)
_NOTHING = -1
Ask = Callable[[Conductor, Emit], Awaitable[Reply | None]]


class Sittings:
    """Conducts the turns of the session that Chainlit's context names.

    Args:
        app: the parts of the product.
        presence: who is looking at what.
        ready: gets cases ready.
        cards: scorecards as they are shown.
        boards: draws boards.
        clock: for the time that has passed since an interview's last event.
    """

    def __init__(
        self,
        app: App,
        *,
        presence: Presence,
        ready: Readiness,
        cards: Scorecards,
        boards: BoardElements,
        clock: Clock | None = None,
    ) -> None:
        self._app = app
        self._presence = presence
        self._ready = ready
        self._cards = cards
        self._boards = boards
        self._clock = clock or SystemClock()
        self._speakers: dict[str, Speaker] = {}
        self._observer = app.background()

    @property
    def begun(self) -> bool:
        """Whether this session shows an interview."""
        return cl.user_session.get(_HEARD) is not None

    async def begin(self, agreement: Agreement, *, model: str, owner: str) -> None:
        """Begin an interview in this session's thread, and show the opening.

        Raises:
            InputError: the model is none that is offered.
        """
        if not self._app.may_use(model):
            raise InputError(f"the model {model!r} is not offered; reload the page and choose again in the settings")
        interview_id = cl.context.session.thread_id
        async with self._presence.turn(interview_id):
            if self.begun:
                return
            self._ready.soon(agreement.case)
            speaker = self._speaker(model)
            self._ready.model_soon(speaker)
            conductor = self._app.conductor(speaker=speaker)
            await conductor.begin(agreement, owner=owner, interview_id=interview_id)
            stored = await self._app.store.load(interview_id)
            await self._sit_down(fold(stored.header, stored.events))
            for event in stored.events:
                if isinstance(event, InterviewerMessage):
                    await _shown(event)
            await self._show_panel(interview_id)
            await _announce(interview_id, self._app.catalog.brief(agreement.case).case.title)

    async def begin_apart(self, agreement: Agreement, *, model: str, owner: str) -> str:
        """Begin an interview that no session shows yet; its clock stands still until one does.

        Returns:
            Its id.

        Raises:
            InputError: there is no such case.
        """
        self._ready.soon(agreement.case)
        speaker = self._speaker(model)
        self._ready.model_soon(speaker)
        conductor = self._app.conductor(speaker=speaker)
        header = await conductor.begin(agreement, owner=owner)
        await conductor.pause(header.id)
        return header.id

    async def hear(self, message: cl.Message) -> None:
        """A message or a command of the candidate's.

        Raises:
            InputError: it is empty, too long, or no command; it was not recorded.
            TransitionNotAllowed: the interview is over.
            ConflictError: the interview went on elsewhere; the message was not recorded.
        """
        content = f"/{message.command} {message.content}" if message.command else message.content
        acts = acts_of(content)
        interview_id = cl.context.session.thread_id
        if Command(name=CommandName.STATUS) in acts:
            await self._show_status(interview_id)
        if Command(name=CommandName.BOARD) in acts:
            await self._show_board(interview_id)
        if asked := [act for act in acts if act not in _ONLY_SHOWN]:
            await self._hear(message, asked, typed=content)

    async def _hear(self, message: cl.Message, acts: list[Act], *, typed: str) -> None:
        """What goes to the conductor, a turn for each."""
        interview_id = cl.context.session.thread_id
        board = next((clean(act.text) for act in acts if isinstance(act, Command) and act.text), None)
        if board is not None:
            check_board(board)
        async with self._presence.turn(interview_id):
            stored = await self._app.store.load(interview_id)
            state = fold(stored.header, stored.events)
            if state.phase is Phase.ENDED:
                raise TransitionNotAllowed("message", state.phase)
            title = self._app.catalog.brief(stored.header.case).case.title
            if state.next_index == 1 and typed.strip() == title:  # a second click on the starter
                return
            if state.next_index != cl.user_session.get(_HEARD):
                raise ConflictError("the interview went on in another tab")
            await self._ready.of(stored.header.case)
            reply: Reply | None = None
            for place, act in enumerate(acts, start=1):
                if reply is not None and is_settled(act, reply):
                    return
                if board is not None:
                    await self._boards.show(board, below=message.id)
                ids = [message.id] if isinstance(act, Speech) or board is not None else []
                ask = _asking(interview_id, act, may_end=place == len(acts))
                reply = await self._turn(stored.header, ask, ids=ids)

    async def come_back(self, interview_id: str) -> bool:
        """Somebody opened an interview again: the clock goes on, and what is owed is recorded.

        Returns:
            Whether a model owes a reply; it takes its time, so `say_owed` says it once the thread is drawn.
        """
        cl.user_session.set(_HEARD, _NOTHING)  # whatever comes, this thread is an interview's
        stored = await self._app.store.load(interview_id)
        state = fold(stored.header, stored.events)
        await self._sit_down(state)
        if state.phase is Phase.ENDED:
            return False
        async with self._presence.turn(interview_id):
            await self._stop_lost_clock(interview_id)
            state = await self._quiet().state(interview_id)
            owed = state.phase is Phase.ANSWERING and stored.header.interviewer.kind is InterviewerKind.MODEL
            if owed:
                self._ready.soon(stored.header.case)
            else:
                if state.phase is Phase.ANSWERING:
                    await self._ready.of(stored.header.case)
                await self._quiet().resume(interview_id)
                state = await self._quiet().state(interview_id)
            await self._sit_down(state)
        return owed

    async def say_owed(self, interview_id: str) -> None:
        """Say what a model owes since before the interview was left."""
        async with self._presence.turn(interview_id):
            stored = await self._app.store.load(interview_id)
            await self._ready.of(stored.header.case)
            await self._turn(stored.header, lambda conductor, emit: conductor.resume(interview_id, emit=emit), ids=[])

    async def leave(self, interview_id: str) -> None:
        """This session is gone: the clock stops once nobody looks."""
        session_id = cl.context.session.id
        self._presence.leave(interview_id, session_id)
        async with self._presence.turn(interview_id):
            if self._presence.empty(interview_id):
                await self._quiet().pause(interview_id)

    async def settled(self) -> None:
        """Wait until nothing is read in the background."""
        if self._observer is not None:
            await self._observer.settled()

    # --- inside one turn ---

    def _quiet(self) -> Conductor:
        """A conductor for what needs no model."""
        return self._app.conductor(speaker=self._speaker(BUILTIN))

    def _speaker_of(self, header: Header) -> NoticingSpeaker:
        """Who speaks in an interview that was begun; a model that is named no more is not called any more."""
        model = header.interviewer.model or BUILTIN
        if self._app.may_use(model):
            return NoticingSpeaker(self._speaker(model))
        notice = None if cl.user_session.get(_TOLD) else _NOT_NAMED.format(model=model)
        cl.user_session.set(_TOLD, True)
        return NoticingSpeaker(self._speaker(BUILTIN), notice=notice)

    def _speaker(self, model: str) -> Speaker:
        """One for all interviews, so that all of them learn when its endpoint is down."""
        if model not in self._speakers:
            self._speakers[model] = self._app.speaker(model)
        return self._speakers[model]

    async def _turn(self, header: Header, ask: Ask, *, ids: list[str]) -> Reply | None:
        reply = interviewer_bubble("", id=str(uuid4()))
        numbers = chain([*ids, reply.id], (str(uuid4()) for _ in count()))
        speaker = self._speaker_of(header)
        conductor = self._app.conductor(speaker=speaker, ids=lambda: next(numbers))

        async def emit(piece: str) -> None:
            await reply.stream_token(render.spoken(piece))

        try:
            answer = await ask(conductor, emit)
        except BaseException as error:
            if reply.streaming:  # what was not recorded must not stay on the page
                await reply.remove()
            if not isinstance(error, ConflictError):  # the message may be recorded, with the reply still owed
                cl.user_session.set(_HEARD, (await conductor.state(header.id)).next_index)
            raise
        if answer is None:
            return None
        if answer.message.id != reply.id and reply.streaming:
            await reply.remove()
        await _shown(answer.message)
        cl.user_session.set(_HEARD, answer.message.index + 1)
        if speaker.notice is not None:
            await house_bubble(render.spoken(speaker.notice)).send()
        await self._show_panel(header.id)
        if answer.ended is not None:
            if self._observer is not None:
                self._observer.drop(header.id)
            await self._finish(header.id)
        elif self._observer is not None:
            self._observer.soon(header.id)
        return answer

    async def panel(self, interview_id: str) -> list[ElementDict]:
        """The panel of an interview that somebody looks at."""
        stored = await self._app.store.load(interview_id)
        return panel_element(fold(stored.header, stored.events), self._app.catalog, now=self._clock.now())

    async def keep_notes(self, payload: NotesPayload) -> Notes:
        """Record the candidate's notes, and show them in their other tabs; a turn under way goes on meanwhile.

        Raises:
            InputError: they are too long, or another interview's.
            UnknownInterview: the interview is gone, or another user's.
        """
        session = cl.context.session
        if not self.begun or payload.interview != session.thread_id:
            raise InputError("these notes belong to an interview that this tab no longer shows; reload the page")
        if session.user is None or await self._app.store.owner(payload.interview) != session.user.identifier:
            raise UnknownInterview(payload.interview)
        before = latest_notes((await self._app.store.load(payload.interview)).events)
        kept = await keep_notes(self._app.store, payload.interview, payload.text, clock=self._clock)
        if kept != before:
            for element in await self.panel(payload.interview):
                for other in self._presence.elsewhere(payload.interview, session.id):
                    if (tab := WebsocketSession.get_by_id(other)) is not None:
                        await tab.emit("element", element)
        return kept

    async def _show_panel(self, interview_id: str) -> None:
        for element in await self.panel(interview_id):
            await cl.context.emitter.send_element(element)

    async def _finish(self, interview_id: str) -> None:
        await cl.context.emitter.set_commands([])
        grading = await self._grading(interview_id)
        stored = await self._app.store.load(interview_id)
        shown = await self._cards.of(stored, grading=grading)
        await interviewer_bubble(shown.message, id=shown.id).send()
        for element in shown.elements:
            await cl.context.emitter.send_element(element)

    async def _grading(self, interview_id: str) -> Grading | None:
        """What the grader makes of an interview that is over, where one is configured; within its time limit."""
        app = self._app
        grader = app.grader()
        if grader is None:
            return None
        await house_bubble(render.grading_notice(grader.name, seconds=grader.deadline_s)).send()
        return await graded_once(app.store, interview_id, grader=grader, assessor=app.assessor, catalog=app.catalog)

    async def _sit_down(self, state: InterviewState) -> None:
        """From here on the session belongs to an interview; a lost connection finds it again by its thread."""
        interview_id = state.header.id
        session = cl.context.session
        session.thread_id_to_resume = interview_id
        self._presence.enter(interview_id, session.id)
        cl.user_session.set(_HEARD, state.next_index)
        await cl.context.emitter.set_commands([] if state.phase is Phase.ENDED else list(COMMANDS))
        await cl.context.emitter.emit("chat_settings", [])  # they are agreed now

    async def _stop_lost_clock(self, interview_id: str) -> None:
        """If the process died, its clock stopped with the last event; nobody was here since."""
        stored = await self._app.store.load(interview_id)
        state = fold(stored.header, stored.events)
        others = self._presence.others(interview_id, cl.context.session.id)
        if state.clock is ClockPhase.RUNNING and state.last_at is not None and not others:
            await self._app.store.append(
                interview_id, [Paused(seq=state.seq + 1, at=state.last_at)], expected_seq=state.seq
            )

    async def _show_status(self, interview_id: str) -> None:
        stored = await self._app.store.load(interview_id)
        state = fold(stored.header, stored.events)
        brief = self._app.catalog.brief(stored.header.case)
        hints: dict[Step, int] = {}
        for criterion, entry in state.ledger.criteria.items():
            if entry.rung and criterion in brief.criterion_by_id:
                step = brief.criterion_by_id[criterion].step
                hints[step] = hints.get(step, 0) + entry.rung
        status = until_now(status_of(state, self._app.catalog.levels), self._since_last(state))
        await house_bubble(render.status_markdown(status, hints)).send()

    async def _show_board(self, interview_id: str) -> None:
        """The current board once more; it may have gone out of sight."""
        stored = await self._app.store.load(interview_id)
        drawn = [message.content for message, _ in boards(stored.events)]
        bubble = house_bubble(
            f"```text\n{drawn[-1].replace('```', '')}\n```" if drawn else render.spoken(NOTHING_DRAWN)
        )
        await bubble.send()
        if drawn:
            await self._boards.show(drawn[-1], below=bubble.id)

    def _since_last(self, state: InterviewState) -> float:
        if state.clock is ClockPhase.STOPPED or state.phase is Phase.ENDED or state.last_at is None:
            return 0.0
        return max(0.0, (self._clock.now() - state.last_at).total_seconds())


def _asking(interview_id: str, act: Act, *, may_end: bool) -> Ask:
    return lambda conductor, emit: obey(conductor, interview_id, act, emit=emit, may_end=may_end)


async def _shown(message: InterviewerMessage) -> None:
    """Put a recorded message on the page; one that was streamed under its id is replaced by what was recorded."""
    await interviewer_bubble(render.spoken(message.content), id=message.id).send()


async def _announce(interview_id: str, title: str) -> None:
    """Let the side bar read its list again: when it first did, the interview was not recorded yet."""
    emitter = cl.context.emitter
    await emitter.emit("first_interaction", {"interaction": f"{title} ", "thread_id": interview_id})
    await emitter.send_window_message({"mlsdThread": interview_id})
