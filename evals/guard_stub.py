"""A stub in place of the model, in whole turns: conductor, the product's speaker, its guard (`evals.guard_figures`)."""

from __future__ import annotations

import itertools
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.adapters.memory_store import MemoryStore
from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.directive import Decision
from app.domain.events import Interviewer
from app.domain.interview import InterviewState
from app.domain.vocabulary import Level
from app.errors import ModelError
from app.ports import ChatMessage
from app.services.conduct import Agreement
from app.services.model_speaker import WORDED
from app.services.speaking import CuratedSpeaker, Emit, Spoken
from evals.labelled_scripts import HELDOUT, KINDS, contents

_LEVELS = tuple(Level)


class StubChat:
    """Stands in for a model: streams the reply that it was told to give, word by word, as often as it is asked."""

    name = "stub"

    def __init__(self) -> None:
        self.reply = ""

    async def warm_up(self) -> None:
        """Nothing has to be loaded."""

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str, None]:
        """The reply."""
        for piece in re.findall(r"\s*\S+|\s+$", self.reply):
            yield piece

    async def complete_json(
        self, messages: Sequence[ChatMessage], *, schema: dict[str, Any], schema_name: str, max_tokens: int
    ) -> dict[str, Any]:
        """It has none."""
        raise ModelError("the stub gives no JSON", retryable=False)


Words = Callable[[Decision, InterviewState, Brief], str | None]
Hears = Callable[[Decision, Spoken], None]


@dataclass
class StubSpeaker:
    """The production's speaker on a stub.

    Attributes:
        words: the stub's reply to a turn; None for the turns that it is not made for.
        hears: is told of each turn in which the stub was asked.
        times: how often the same turn is tried with another reply; the interview goes on in curated words.
        instead: a decision to be worded in place of the policy's.
    """

    app: App
    words: Words
    hears: Hears
    times: int = 1
    instead: Decision | None = None
    _chat: StubChat = field(default_factory=StubChat)

    def __post_init__(self) -> None:
        self._speaker = self.app.speaker_on(self._chat)
        self._curated = CuratedSpeaker()

    @property
    def identity(self) -> Interviewer:
        """The stub's."""
        return self._speaker.identity

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        """Have the stub word the decision, as often as it has replies for it."""
        decision = self.instead or decision
        worded = decision.model_copy(update={"moves": tuple(m for m in decision.moves if m.move in WORDED)})
        for _ in range(self.times if worded.moves else 0):
            reply = self.words(worded, state, brief)
            if reply is None:
                break
            self._chat.reply = reply
            spoken = await self._speaker.speak(decision, state=state, brief=brief, emit=_unheard)
            if spoken.guard is not None and spoken.guard.attempts:
                self.hears(decision, spoken)
        return await self._curated.speak(decision, state=state, brief=brief, emit=emit)


async def _unheard(text: str) -> None:
    """Where what is said goes."""


def scripts() -> Iterator[tuple[str, Sequence[str]]]:
    """The candidates' scripts, case after case, round after round, without end."""
    cases = sorted(folder.name for folder in HELDOUT.iterdir() if folder.is_dir())
    for kind in itertools.cycle(KINDS):
        for case in cases:
            yield case, contents(case, kind)


async def interview(app: App, speaker: StubSpeaker, *, case: str, said: Sequence[str], number: int) -> None:
    """Hold an interview in which the candidate says this; its level and its seed follow from the number."""
    ids = itertools.count()
    conductor = app.conductor(speaker=speaker, store=MemoryStore(), ids=lambda: f"guard-{number}-{next(ids)}")
    level = _LEVELS[number % len(_LEVELS)]
    header = await conductor.begin(Agreement(case=case, level=level, minutes=None, seed=number))
    for content in said:
        await conductor.say(header.id, content, may_end=False)
