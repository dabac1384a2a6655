"""Replays recorded interviews: the same dialogue so far, today's understanding, policy, prompts and model.

Each interviewer's turn is made anew by the production conductor from what had been said before it: the
candidate's messages as recorded, understood with today's content, and the interviewer's earlier turns as
recorded. The old and the new turn then stand side by side. What today's content hears differently in a
message is listed with the turn, since that is often why the turn differs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from app.bootstrap import BUILTIN, App
from app.domain.catalog import Brief
from app.domain.events import AnyEvent, Interviewer, InterviewerMessage
from app.domain.kinds import InterviewerKind, Move, Source
from app.domain.vocabulary import Frozen, Level, Step
from app.errors import InputError
from app.ports import StoredInterview
from app.services.speaking import CuratedSpeaker, Speaker
from evals.differences import Hearing, ScoreChange, score_change
from evals.retelling import AsRecorded, Made, Retelling

FlagsOf = Callable[[InterviewerMessage, Sequence[AnyEvent], Brief], tuple[str, ...]]
"""What is wrong with a turn, given the events before it; the seam for the turn flags of `mlsd eval`."""


class Change(StrEnum):
    """What is different about a turn, the weightiest first: another move, another aim, other words, nothing."""

    MOVE = "move"
    CRITERION = "criterion"
    WORDS = "words"
    NONE = "none"


class Side(Frozen):
    """One wording of a turn.

    Attributes:
        move: null for a turn of another product, of which no move is known.
        guard: the guard's rules that dropped something of a model's reply.
        flags: the flaws that show in the turn.
    """

    content: str
    step: Step | None
    move: Move | None
    criterion: str | None
    about: str | None
    rung: int | None
    source: Source
    guard: tuple[str, ...]
    flags: tuple[str, ...]


class ReplayedTurn(Frozen):
    """One turn of the interviewer's, as recorded and as it would be today.

    Attributes:
        said: what the candidate said or asked for before it; commands in brackets.
        allowed: the moves that today's policy leaves, the most fitting first.
        distance: 1 - cosine of the two wordings' embeddings, 0 to 2.
    """

    index: int
    said: str
    old: Side
    new: Side
    allowed: tuple[str, ...]
    change: Change
    distance: float
    hearings: tuple[Hearing, ...]


class ReplayedInterview(Frozen):
    """A recording with today's turns beside its own.

    Attributes:
        words_compared: whether wording counts as a change; not where a model's turns are replayed without it.
        apart: a model's recording that no model answers anew, with the built-in interviewer in its place or on other
            content than it was recorded with; what differs there says little of a change that was made today.
        scores: None unless asked for, and for imports, which hold no evidence.
    """

    file: str
    id: str
    case: str
    level: Level
    interviewer_then: Interviewer
    interviewer_now: Interviewer
    content_then: str
    content_now: str
    words_compared: bool
    apart: bool = False
    turns: tuple[ReplayedTurn, ...]
    scores: ScoreChange | None


def no_flags(_: InterviewerMessage, __: Sequence[AnyEvent], ___: Brief) -> tuple[str, ...]:
    """No flag, whatever the turn."""
    return ()


class Replayer:
    """Replays interviews on given parts.

    Args:
        model: the interviewer, "builtin" or a model's name. If None, recordings of the built-in
            interviewer are replayed with it, those of a model with the model that the settings name; where
            they name none, only moves are compared.
        flags: finds what is wrong with a turn.
    """

    def __init__(self, parts: App, *, model: str | None = None, flags: FlagsOf = no_flags) -> None:
        self._parts = parts
        self._model = model
        self._flags = flags

    async def replay(
        self, stored: StoredInterview, *, file: str, turn: int | None = None, scores: bool = False
    ) -> ReplayedInterview:
        """Replay an interview, or one turn of it.

        Args:
            file: how the interview is called in the result.
            turn: index of the interviewer's message; None for all.
            scores: whether to compare the scorecards too.

        Raises:
            InputError: the case is not known, or the interviewer said nothing at that turn.
            TransitionNotAllowed: the recording's events do not fit together.
        """
        brief = self._parts.catalog.brief(stored.header.case)
        speaker = self._speaker(stored)
        run = Retelling(self._parts, stored, speaker=speaker)
        turns: list[ReplayedTurn] = []
        for event in stored.events:
            made = await run.step(event, wanted=turn is None or getattr(event, "index", None) == turn)
            if made is None or not isinstance(event, InterviewerMessage) or turn not in {None, event.index}:
                continue
            turns.append(self._compare(event, made, brief=brief, words=not isinstance(speaker, AsRecorded)))
        if turn is not None and not turns:
            spoken = ", ".join(str(e.index) for e in stored.events if isinstance(e, InterviewerMessage))
            raise InputError(f"{file}: the interviewer says nothing at turn {turn}; its turns are {spoken}")
        retold = StoredInterview(header=stored.header, events=tuple(run.prefix))
        return ReplayedInterview(
            file=file,
            id=stored.header.id,
            case=stored.header.case,
            level=stored.header.level,
            interviewer_then=stored.header.interviewer,
            interviewer_now=speaker.identity,
            content_then=stored.header.content_hash,
            content_now=self._parts.catalog.content_hash,
            words_compared=not isinstance(speaker, AsRecorded),
            apart=self._is_apart(stored, speaker),
            turns=tuple(turns),
            scores=score_change(stored, retold, assessor=self._parts.assessor) if scores else None,
        )

    def _speaker(self, stored: StoredInterview) -> Speaker:
        if self._model is not None:
            return self._parts.speaker(self._model)
        if stored.header.interviewer.kind is not InterviewerKind.MODEL:
            return CuratedSpeaker()
        if self._parts.settings.model in {None, BUILTIN}:
            return AsRecorded(stored.header.interviewer)
        return self._parts.speaker()

    def _is_apart(self, stored: StoredInterview, speaker: Speaker) -> bool:
        if stored.header.interviewer.kind is not InterviewerKind.MODEL:
            return False
        if isinstance(speaker, AsRecorded):
            return stored.header.content_hash != self._parts.catalog.content_hash
        return speaker.identity.kind is not InterviewerKind.MODEL

    def _compare(self, event: InterviewerMessage, made: Made, *, brief: Brief, words: bool) -> ReplayedTurn:
        old = _side(event, self._flags(event, made.before, brief))
        new = _side(made.message, self._flags(made.message, made.before, brief))
        same = old.content == new.content
        vectors = None if same else self._parts.embedder.embed([old.content or " ", new.content or " "])
        return ReplayedTurn(
            index=event.index,
            said=made.said,
            old=old,
            new=new,
            allowed=made.allowed,
            change=_change(old, new, words=words),
            distance=0.0 if vectors is None else round(max(0.0, 1.0 - float(vectors[0] @ vectors[1])), 4),
            hearings=made.hearings,
        )


def _side(message: InterviewerMessage, flags: tuple[str, ...]) -> Side:
    imported = message.source is Source.IMPORTED
    return Side(
        content=message.content,
        step=message.step,
        move=None if imported else message.move,
        criterion=message.criterion,
        about=message.about,
        rung=message.rung,
        source=message.source,
        guard=message.guard.rules if message.guard is not None else (),
        flags=flags,
    )


def _change(old: Side, new: Side, *, words: bool) -> Change:
    if old.move is not None and old.move is not new.move:
        return Change.MOVE
    if old.move is not None and (old.criterion, old.about, old.step, old.rung) != (
        new.criterion,
        new.about,
        new.step,
        new.rung,
    ):
        return Change.CRITERION
    return Change.WORDS if words and old.content != new.content else Change.NONE
