"""What a candidate does on a scorecard: "I said that", taking it back, and practising a step again.

What arrives here was sent by a browser and is believed in nothing: payloads are validated, and an interview is
touched for its owner only. Each action answers with one sentence that the scorecard reads out.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import chainlit as cl
from pydantic import Field, ValidationError

from app.bootstrap import BUILTIN, App, SystemClock
from app.domain.dispute import unmoved
from app.domain.events import CandidateMessage, Disputed, DisputeWithdrawn, Header
from app.domain.scorecard import Scorecard
from app.domain.vocabulary import Frozen, Mode, Slug, Step
from app.errors import InputError, InterviewError, UnknownInterview
from app.ports import Clock, StoredInterview
from app.services import disputes
from app.services.conduct import Agreement
from app.services.debriefing import VERDICTS
from app.services.typed import MOST_CHARACTERS
from app.web import render
from app.web.cards import Scorecards
from app.web.presence import Presence
from app.web.readiness import Readiness
from app.web.sitting import Sittings

DRILL_MINUTES = 20.0
"""About twice what a mock gives a step, as in the plan for the week, so that all of it can be said."""
_MALFORMED = "That could not be read, so nothing was recorded; reload the page and try again."
_BROKEN = "Something went wrong on our side, and nothing was recorded. Reload the page and try again."
_log = logging.getLogger("mlsd.page")

Claimed = Disputed | DisputeWithdrawn


class Dispute(Frozen):
    """A sentence that is said to show a criterion; `turn` None for one that was pasted."""

    criterion: Slug
    quote: Annotated[str, Field(min_length=1, max_length=MOST_CHARACTERS)]
    turn: Annotated[int, Field(ge=0)] | None = None


class Withdrawal(Frozen):
    """What is disputed about a criterion is taken back."""

    criterion: Slug


class Practice(Frozen):
    """A step is to be practised again."""

    step: Step


class Outcome(Frozen):
    """What an action answers.

    Attributes:
        ok: whether it was done.
        says: one sentence.
        thread: the interview to go to, where there is one.
    """

    ok: bool
    says: str
    thread: str | None = None


class CardActions:
    """Acts on the interview that the session of Chainlit's context shows.

    Args:
        app: the parts of the product.
        presence: one thing at a time in an interview.
        ready: gets cases ready.
        cards: scorecards as they are shown.
        sittings: begins the interview in which a step is practised.
        clock: the system's if None.
    """

    def __init__(
        self,
        app: App,
        *,
        presence: Presence,
        ready: Readiness,
        cards: Scorecards,
        sittings: Sittings,
        clock: Clock | None = None,
    ) -> None:
        self._app = app
        self._presence = presence
        self._ready = ready
        self._cards = cards
        self._sittings = sittings
        self._clock = clock or SystemClock()

    def register(self) -> None:
        """Make these the page's actions."""
        cl.action_callback("dispute")(self.dispute)
        cl.action_callback("withdraw")(self.withdraw)
        cl.action_callback("practise")(self.practise)

    async def dispute(self, action: cl.Action) -> dict[str, Any]:
        """A sentence of the candidate's is said to show a criterion."""

        async def work() -> Outcome:
            asked = Dispute.model_validate(action.payload)

            def event(stored: StoredInterview, card: Scorecard) -> Claimed:
                return disputes.dispute(
                    stored,
                    asked.criterion,
                    quote=asked.quote,
                    turn=asked.turn if asked.turn is not None else _first_with(stored, asked.quote.strip()),
                    card=card,
                    brief=self._app.catalog.brief(stored.header.case),
                    at=self._clock.now(),
                )

            return await self._claim(event)

        return await _answered(work)

    async def withdraw(self, action: cl.Action) -> dict[str, Any]:
        """What is disputed about a criterion is taken back."""

        async def work() -> Outcome:
            asked = Withdrawal.model_validate(action.payload)
            return await self._claim(
                lambda stored, card: disputes.withdraw(stored, asked.criterion, at=self._clock.now())
            )

        return await _answered(work)

    async def practise(self, action: cl.Action) -> dict[str, Any]:
        """A drill of one step of this case begins, in an interview of its own."""

        async def work() -> Outcome:
            asked = Practice.model_validate(action.payload)
            stored = await self._own()
            header = stored.header
            if not disputes.is_over(stored):
                raise InputError("this interview is not over yet; end it first, then practise a step of it")
            seed = len(await self._app.store.headers(owner=_user()))
            began = await self._sittings.begin_apart(
                Agreement(
                    case=header.case,
                    level=header.level,
                    mode=Mode.DRILL,
                    minutes=None if header.minutes is None else DRILL_MINUTES,
                    steps=(asked.step,),
                    typing_allowance=header.typing_allowance,
                    seed=seed,
                ),
                model=self._model_of(header),
                owner=_user(),
            )
            return Outcome(ok=True, says=f"A drill of {asked.step.spoken} begins.", thread=began)

        return await _answered(work)

    def _model_of(self, header: Header) -> str:
        model = header.interviewer.model or BUILTIN
        return model if self._app.may_use(model) else BUILTIN

    async def _own(self) -> StoredInterview:
        """The session's interview.

        Raises:
            UnknownInterview: there is none, or it is somebody else's; which of both is not told.
        """
        interview_id = cl.context.session.thread_id
        if await self._app.store.owner(interview_id) != _user():
            raise UnknownInterview(f"there is no interview {interview_id!r}")
        return await self._app.store.load(interview_id)

    async def _claim(self, event: Callable[[StoredInterview, Scorecard], Claimed]) -> Outcome:
        """Record an event about the scorecard, and show the scorecard that follows from it."""
        interview_id = cl.context.session.thread_id
        async with self._presence.turn(interview_id):
            stored = await self._own()
            if not disputes.is_over(stored):
                raise InputError("this interview is not over yet, so it has no scorecard; end it first")
            await self._ready.of(stored.header.case)
            before = (await self._cards.of(stored)).card
            assert before is not None  # its case is ready, so it is among the content
            new = event(stored, before)
            await self._app.store.append(interview_id, [new], expected_seq=stored.seq)
            after = await self._cards.of(stored.model_copy(update={"events": (*stored.events, new)}))
        for element in after.elements:
            await cl.context.emitter.send_element(element)
        assert after.card is not None
        return Outcome(ok=True, says=f"{outcome_of(after.card)} {unmoved(after.card, new.criterion)}".strip())


def outcome_of(card: Scorecard) -> str:
    """What a scorecard says once something is disputed or taken back, in one sentence."""
    whole = card.overall
    stays = "There is no score" if whole.score is None else f"The score stays {whole.score} of 100"
    if whole.range is None or whole.claimed_verdict is None:
        return f"{stays}; nothing is disputed."
    high = "none" if whole.range.high is None else str(whole.range.high)
    return f"{stays}; with what you dispute credited it would be {high}: {VERDICTS[whole.claimed_verdict].lower()}."


def _first_with(stored: StoredInterview, quote: str) -> int | None:
    """The candidate's first message that holds the words; None leaves it to `disputes` to say that none does."""
    said = (event for event in stored.events if isinstance(event, CandidateMessage))
    return next((event.index for event in said if quote in event.content), None)


def _user() -> str:
    """Who is at the other end; empty for nobody, who owns nothing."""
    user = cl.context.session.user
    return "" if user is None else str(user.identifier)


async def _answered(work: Callable[[], Awaitable[Outcome]]) -> dict[str, Any]:
    """Do it, and answer what came of it. Everything is caught: this is an outermost edge."""
    try:
        outcome = await work()
    except ValidationError:
        outcome = Outcome(ok=False, says=_MALFORMED)
    except InterviewError as error:
        outcome = Outcome(ok=False, says=render.plain_complaint(error))
    except Exception:
        _log.exception("an action on a scorecard failed")
        outcome = Outcome(ok=False, says=_BROKEN)
    return outcome.model_dump(mode="json")
