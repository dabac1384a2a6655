"""What the services need from the outside world; adapters provide it, fakes stand in for it in tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from app.domain.catalog import Brief
from app.domain.events import AnyEvent, Header
from app.domain.kinds import Aim
from app.domain.vocabulary import Frozen, Step, Visibility

Vectors = NDArray[np.float32]


class Clock(Protocol):
    """Tells the time; virtual in scripted runs."""

    def now(self) -> datetime:
        """The time, UTC-aware."""
        ...


class Embedder(Protocol):
    """Turns sentences into unit vectors."""

    @property
    def name(self) -> str:
        """Names model and weights; part of every cache key and index name."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), dimension), rows of length 1, the same for a text whatever its neighbours."""
        ...


class Manners(Protocol):
    """Knows how interviewers speak."""

    def misplaced(
        self,
        sentence: str,
        *,
        spoken: Sequence[Sequence[str]],
        content: Sequence[Sequence[str]],
        figures: Sequence[float],
    ) -> float:
        """The probability that a sentence is none that an interviewer says in this place.

        Args:
            sentence: what a model wrote, the candidate's own words in it masked.
            spoken: what was or is to be said, in the order of `app.services.misplaced.SPOKEN`.
            content: sentences of the case, in the order of `app.services.misplaced.CONTENT`.
            figures: how it stands in its turn, in the order of `app.services.misplaced.FIGURES`.
        """
        ...


class ChatMessage(Frozen):
    """One message to a model; only adapters and prompts know these roles."""

    role: Literal["system", "user", "assistant"]
    content: str


class ChatModel(Protocol):
    """A language model behind an OpenAI-compatible endpoint."""

    @property
    def name(self) -> str:
        """The model's name, for records."""
        ...

    async def warm_up(self) -> None:
        """Load what the first call would have to load; the endpoint is not called."""
        ...

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str, None]:
        """Yield pieces of the reply as they arrive.

        Raises:
            ModelError: the endpoint failed, before or in the middle of the reply.
        """
        ...

    async def complete_json(
        self, messages: Sequence[ChatMessage], *, schema: dict[str, Any], schema_name: str, max_tokens: int
    ) -> dict[str, Any]:
        """One JSON object that was asked to fit a schema; the caller validates it.

        Raises:
            ModelError: the endpoint failed, or the reply is cut off or is not JSON.
        """
        ...


class Hit(Frozen):
    """One passage found in the index.

    Attributes:
        score: cosine similarity, -1 to 1.
        source: the fact's, criterion's or note section's id, such as "latency" or "data#splitting-by-time".
    """

    kind: Literal["fact", "note", "anchor", "hint"]
    case: str
    step: Step | None
    criterion: str | None
    visibility: Visibility
    source: str
    text: str
    score: float


class NoteIndex(Protocol):
    """Search over facts (public) and notes, anchors and hints (private)."""

    def search(
        self,
        text: str,
        *,
        k: int = 5,
        case: str | None = None,
        step: Step | None = None,
        visibility: Visibility | None = None,
        kind: Literal["fact", "note", "anchor", "hint"] | None = None,
    ) -> list[Hit]:
        """The k nearest passages, best first; a source appears once."""
        ...


class StoredInterview(Frozen):
    """An interview's header and events, in order."""

    header: Header
    events: tuple[AnyEvent, ...]

    @property
    def seq(self) -> int:
        """The seq of the last event; 0 before the first."""
        return self.events[-1].seq if self.events else 0


class InterviewStore(Protocol):
    """The append-only event log."""

    async def create(self, header: Header, *, owner: str = "local") -> None:
        """Begin an interview.

        Raises:
            ConflictError: the id exists.
            StoreError: the disk refused.
        """
        ...

    async def append(self, interview_id: str, events: Sequence[AnyEvent], *, expected_seq: int) -> None:
        """Append events in one transaction.

        Args:
            expected_seq: seq of the last event that the caller has seen; the first new one has the next.

        Raises:
            ConflictError: somebody appended meanwhile.
            UnknownInterview: there is no such interview.
            StoreError: the disk refused; nothing was written.
        """
        ...

    async def load(self, interview_id: str) -> StoredInterview:
        """The whole interview.

        Raises:
            UnknownInterview: there is no such interview.
            StoreError: the log is damaged.
        """
        ...

    async def headers(self, *, owner: str | None = None) -> list[Header]:
        """All interviews, newest first."""
        ...

    async def owner(self, interview_id: str) -> str:
        """Whose interview it is."""
        ...

    async def rename(self, interview_id: str, title: str) -> None:
        """Give it a name of the owner's."""
        ...

    async def title(self, interview_id: str) -> str | None:
        """The owner's name for it, if one was given."""
        ...

    async def delete(self, interview_id: str) -> None:
        """Remove it for good: rows purged and the freed pages overwritten."""
        ...

    async def close(self) -> None:
        """Release the connections."""
        ...


class CriterionMatch(Frozen):
    """How near a sentence is to covering a criterion.

    Attributes:
        score: 0 to 1, calibrated on held-out pairs; of the sentence in what stands around it, where that was given.
        alone: the same of the sentence by itself.
        credit: sure enough to count as evidence.
        doubt: too likely to be asked as if nothing had been said (true whenever credit is).
    """

    criterion: str
    score: float
    alone: float
    credit: bool
    doubt: bool


class SentenceMatch(Frozen):
    """What one sentence says, in the terms of a case.

    Attributes:
        near_flags: wrong claims that it is near to, those it makes included; enough to bear out a clause of it.
        sure_flags: those of `flags` that leave little doubt.
        near_choices: the same for choices.
        sure_choices: those of `choices` that leave little doubt.
    """

    criteria: tuple[CriterionMatch, ...] = ()
    flags: tuple[str, ...] = ()
    near_flags: tuple[str, ...] = ()
    sure_flags: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    near_choices: tuple[str, ...] = ()
    sure_choices: tuple[str, ...] = ()
    resolves: tuple[str, ...] = ()


class AskMatch(Frozen):
    """What a clarifying question is about; all None when the case says nothing of it.

    Attributes:
        near: the fact that it may be about, where that is not sure; None where `fact` or `decision` is given.
        score: how likely it is about the likeliest, 0 to 1.
        sure: it is about that whatever else its words may say.
    """

    fact: str | None = None
    decision: str | None = None
    near: str | None = None
    score: float = 0.0
    sure: bool = False

    @property
    def known(self) -> bool:
        """Whether the case says something of it."""
        return self.fact is not None or self.decision is not None


class Aside(Frozen):
    """A sentence that looks like a question, with what stands around it.

    Attributes:
        said: the sentence.
        before: the sentence before it in the same message, empty where there is none.
        after: the sentence after it, likewise.
        asked: the last sentence of what the interviewer said before.
    """

    said: str
    before: str = ""
    after: str = ""
    asked: str = ""


class Aims(Protocol):
    """Tells what candidates are after with what looks like a question, whatever the case."""

    def told(self, asides: Sequence[Aside]) -> list[dict[Aim, float]]:
        """Of each sentence the probability of each aim."""
        ...


class Matcher(Protocol):
    """Recognises what a candidate says, against a case's sentences."""

    def observe(
        self, brief: Brief, sentences: Sequence[str], *, within: Sequence[Sequence[str]] = ()
    ) -> list[SentenceMatch]:
        """One match per sentence.

        Args:
            brief: the case.
            sentences: what was said.
            within: for each the sentences that it stands among, its own included; none where each stands alone.
        """
        ...

    def asks(self, brief: Brief, questions: Sequence[str]) -> list[AskMatch]:
        """One match per clarifying question."""
        ...

    def topic(self, brief: Brief, text: str) -> list[str]:
        """Ids of the criteria that a topic such as "features" is about, nearest first."""
        ...


class ContentEmbedder(Embedder, Protocol):
    """An embedder that remembers the vectors of content sentences across runs."""

    def embed_content(self, texts: Sequence[str]) -> Vectors:
        """As `embed`, for text that is not a candidate's: kept on disk."""
        ...
