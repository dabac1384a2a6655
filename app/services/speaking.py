"""How a decision becomes words: the seam between the policy and whoever phrases its moves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from app.domain.catalog import Brief
from app.domain.directive import Decision, Directive
from app.domain.events import GuardReport, Interviewer
from app.domain.interview import InterviewState
from app.domain.kinds import InterviewerKind, Source
from app.domain.vocabulary import Frozen

Emit = Callable[[str], Awaitable[None]]


async def discard(_: str) -> None:
    """An `Emit` for whoever only wants the whole reply."""
    return None


class Spoken(Frozen):
    """A reply in words.

    Attributes:
        asks: the question it asks, if it asks one.
        first_sentence_ms: from the decision to the first shown sentence.
        notice: something that the user should be told once, beside the dialogue.
    """

    text: str
    directive: Directive
    asks: str | None
    source: Source = Source.CURATED
    guard: GuardReport | None = None
    first_sentence_ms: int | None = None
    notice: str | None = None


class Speaker(Protocol):
    """Words decisions."""

    @property
    def identity(self) -> Interviewer:
        """What a transcript's header says of it."""
        ...

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        """Word one of the decision's moves; pieces are emitted as they may be shown."""
        ...


class CuratedSpeaker:
    """The built-in interviewer: the first move, in the words of the case."""

    @property
    def identity(self) -> Interviewer:
        """The header's entry."""
        return Interviewer(kind=InterviewerKind.BUILTIN)

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        """Emit the whole reply at once."""
        directive = decision.moves[0]
        text = decision.curated(directive)
        await emit(text)
        return Spoken(text=text, directive=directive, asks=directive.question)
