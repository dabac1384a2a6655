"""Keeps what a speaker has to tell the candidate beside its words, such as that a model did not answer."""

from __future__ import annotations

from app.domain.catalog import Brief
from app.domain.directive import Decision
from app.domain.events import Interviewer
from app.domain.interview import InterviewState
from app.services.speaking import Emit, Speaker, Spoken


class NoticingSpeaker:
    """A `Speaker` that remembers the last notice of the one it wraps."""

    def __init__(self, speaker: Speaker, *, notice: str | None = None) -> None:
        self._speaker = speaker
        self.notice = notice

    @property
    def identity(self) -> Interviewer:
        """The wrapped speaker's."""
        return self._speaker.identity

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        """Let the wrapped speaker speak."""
        spoken = await self._speaker.speak(decision, state=state, brief=brief, emit=emit)
        self.notice = spoken.notice or self.notice
        return spoken
