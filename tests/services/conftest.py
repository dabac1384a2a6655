"""The real matcher and an interview on it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from app.adapters.aims import FittedAims
from app.adapters.embedding import MiniLmEmbedder
from app.adapters.matcher import ExampleMatcher
from app.adapters.memory_store import MemoryStore
from app.domain.catalog import Catalog
from app.domain.events import AnyEvent, InterviewerMessage
from app.domain.vocabulary import Step
from app.ports import Aims, InterviewStore, Matcher
from app.services.conduct import Agreement, Conductor, Reply
from app.services.speaking import CuratedSpeaker, Speaker
from tests.conftest import SharedEmbedder


class HandClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Room:
    """An interview with the built-in interviewer or another speaker, the real matcher and a store in memory.

    Lines that begin with / are commands; each line takes half a minute.
    """

    def __init__(
        self,
        catalog: Catalog,
        matcher: Matcher,
        *,
        store: InterviewStore | None = None,
        speaker: Speaker | None = None,
        aims: Aims | None = None,
    ) -> None:
        self.catalog = catalog
        self.store = store or MemoryStore()
        self.clock = HandClock()
        numbers = count()
        self.conductor = Conductor(
            catalog=catalog,
            store=self.store,
            matcher=matcher,
            speaker=speaker or CuratedSpeaker(),
            clock=self.clock,
            new_id=lambda: f"m{next(numbers)}",
            aims=aims,
        )
        self.id = "i1"

    async def begin(self, case: str, **agreed: object) -> InterviewerMessage:
        await self.conductor.begin(Agreement(case=case, **agreed), interview_id=self.id)  # type: ignore[arg-type]
        return (await self.conductor.latest(self.id)).message

    async def say(self, line: str, *, seconds: float = 30) -> Reply:
        self.clock.sleep(seconds)
        command, _, step = line.partition(" ")
        to = Step(step) if step and command in {"/next", "/hint"} else None
        if command == "/next":
            return await self.conductor.advance(self.id, to=to)
        if command == "/hint":
            return await self.conductor.hint(self.id, step=to)
        if command == "/end":
            return await self.conductor.end(self.id)
        return await self.conductor.say(self.id, line)

    async def events(self) -> tuple[AnyEvent, ...]:
        return (await self.store.load(self.id)).events


@pytest.fixture(scope="session")
def embedder(vectors: Path) -> SharedEmbedder:
    """The bundled MiniLM."""
    return SharedEmbedder(MiniLmEmbedder(), vectors, lock=vectors / "lock")


@pytest.fixture(scope="session")
def matcher(embedder: SharedEmbedder) -> ExampleMatcher:
    """What ships, over the bundled MiniLM."""
    return ExampleMatcher(embedder)


@pytest.fixture(scope="session")
def aims(embedder: SharedEmbedder) -> FittedAims:
    """What ships, over the bundled MiniLM."""
    return FittedAims(embedder)


@pytest.fixture
def room(catalog: Catalog, matcher: ExampleMatcher, aims: FittedAims) -> Room:
    """An empty room."""
    return Room(catalog, matcher, aims=aims)
