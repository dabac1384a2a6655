"""Builds the adapters and hands them to the services: the only place that knows which is which.

Everything is made when it is first asked for, so that `mlsd cases` loads no model and no database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from uuid import uuid4

from app.adapters.aims import FittedAims
from app.adapters.content_files import load_catalog, shipped_content
from app.adapters.local_servers import LocalServer, local_model
from app.adapters.manners import FittedManners
from app.adapters.matcher import ExampleMatcher
from app.adapters.users_file import UsersFile
from app.domain.catalog import Catalog
from app.domain.export import ExportForm
from app.domain.vocabulary import Level
from app.errors import SettingsError
from app.ports import ChatModel, Clock, ContentEmbedder, InterviewStore, NoteIndex, StoredInterview
from app.services.assess import Assessor
from app.services.background import BackgroundObserver
from app.services.conduct import Conductor
from app.services.grader import Grader
from app.services.speaking import CuratedSpeaker, Speaker
from app.settings import Settings, writable_home

BUILTIN = "builtin"


class SystemClock:
    """The wall clock, in UTC."""

    def now(self) -> datetime:
        """The time."""
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved; scripted runs use it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The virtual time."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Move it forward."""
        self._now += timedelta(seconds=seconds)


def new_id() -> str:
    """A fresh UUIDv4."""
    return str(uuid4())


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How a model is reached: litellm's name for it, address and key. The key is not part of its repr."""

    model: str | None
    api_base: str | None
    api_key: str | None = field(repr=False)


class App:
    """The parts of the product, wired; one per process.

    Args:
        embedding_threads: sentences that are embedded at the same time.
    """

    def __init__(self, settings: Settings, *, embedding_threads: int = 2) -> None:
        self.settings = settings
        self._embedding_threads = embedding_threads

    @cached_property
    def catalog(self) -> Catalog:
        """All content."""
        return load_catalog(shipped_content(), extra=self.settings.content)

    @cached_property
    def embedder(self) -> ContentEmbedder:
        """The bundled model, or the endpoint's; content vectors are kept in MLSD_HOME."""
        settings = self.settings
        if settings.embedding_model is None:
            return self.shipped_embedder
        from app.adapters.embedding import CachedEmbedder, EndpointEmbedder

        if settings.api_base is None:
            raise SettingsError("MLSD_EMBEDDING_MODEL needs an endpoint; name it in MLSD_API_BASE")
        key = settings.api_key.get_secret_value() if settings.api_key is not None else None
        endpoint = EndpointEmbedder(settings.embedding_model, api_base=settings.api_base, api_key=key)
        return CachedEmbedder(endpoint, settings.home / "cache")

    @cached_property
    def shipped_embedder(self) -> ContentEmbedder:
        """The bundled model, whatever the settings name; content is checked with it and with no network."""
        from app.adapters.embedding import CachedEmbedder, MiniLmEmbedder

        return CachedEmbedder(MiniLmEmbedder(workers=self._embedding_threads), self.settings.home / "cache")

    @cached_property
    def matcher(self) -> ExampleMatcher:
        """Recognises what a candidate says."""
        return ExampleMatcher(self.embedder)

    @cached_property
    def aims(self) -> FittedAims:
        """Knows what candidates are after; fitted to the bundled model, so it uses that whatever the settings name."""
        return FittedAims(self.shipped_embedder)

    @cached_property
    def manners(self) -> FittedManners:
        """Knows how interviewers speak; fitted to the bundled model, so it uses that whatever the settings name."""
        return FittedManners(self.shipped_embedder)

    @cached_property
    def store(self) -> InterviewStore:
        """The event log, in MLSD_HOME or in the database that is named."""
        from app.adapters.sql_store import SqlStore

        if self.settings.database is not None:
            return SqlStore.open(self.settings.database)
        return SqlStore.open(writable_home(self.settings) / "interviews.sqlite3")

    @cached_property
    def users(self) -> UsersFile:
        """Who may log in where the page is hosted."""
        return UsersFile(self.settings.home / "users.json")

    def notes(self) -> NoteIndex:
        """The index over facts, notes, anchors and hints, built if it is missing."""
        from app.adapters.chroma_notes import open_index

        return open_index(self.catalog, self.embedder, self.index_folder)

    @property
    def index_folder(self) -> Path:
        """Where indexes lie, each in a folder named by its hash."""
        return writable_home(self.settings) / "index"

    @property
    def local_ports(self) -> dict[LocalServer, int]:
        """Where servers on this machine are looked for."""
        return {
            LocalServer.OLLAMA: self.settings.ollama_port,
            LocalServer.LM_STUDIO: self.settings.lm_studio_port,
            LocalServer.LLAMA_CPP: self.settings.llama_cpp_port,
        }

    def reached_by(self, model: str | None) -> Reach:
        """How a model is reached: one of this machine's servers by its port, without a key; others as configured."""
        local = local_model(model, ports=self.local_ports) if model is not None else None
        if local is not None:
            return Reach(model=f"openai/{local.model}", api_base=local.api_base, api_key=None)
        key = self.settings.api_key.get_secret_value() if self.settings.api_key is not None else None
        return Reach(model=model, api_base=self.settings.api_base, api_key=key)

    def may_use(self, model: str) -> bool:
        """Whether the user named a model in the settings, or it runs on this machine.

        No other is ever called: a stored interview, or a page left open, may hold the name of one that costs money.
        """
        return model in {BUILTIN, self.settings.model} or local_model(model, ports=self.local_ports) is not None

    def chat(self, model: str) -> ChatModel:
        """A model behind the configured endpoint, or behind a server on this machine."""
        from app.adapters.litellm_chat import LiteLlmChat

        reach = self.reached_by(model)
        return LiteLlmChat(reach.model or model, api_base=reach.api_base, api_key=reach.api_key, label=model)

    def speaker(self, model: str | None = None) -> Speaker:
        """What words the interviewer's moves.

        Args:
            model: "builtin", a model's name, or None for what the settings say.
        """
        name = model or self.settings.model or BUILTIN
        if name == BUILTIN:
            return CuratedSpeaker()
        return self.speaker_on(self.chat(name))

    def speaker_on(self, chat: ChatModel) -> Speaker:
        """What words moves with a model, whichever it is."""
        from app.services.model_speaker import ModelSpeaker

        return ModelSpeaker(chat, matcher=self.matcher, manners=self.manners)

    def grader(self, model: str | None = None, *, votes: int | None = None) -> Grader | None:
        """What grades interviews beside the built-in rating; None for the built-in rating alone.

        Args:
            model: "builtin", a model's name, or None for MLSD_GRADER_MODEL.
            votes: how often each step is asked; None for what the settings say.
        """
        settings = self.settings
        name = model or settings.grader_model or BUILTIN
        if name == BUILTIN:
            return None
        asked = votes or settings.grader_votes
        step_s = min(settings.grader_seconds, max(60.0, settings.grader_seconds / 3))
        chat = self._grader_chat(name, temperature=0.0 if asked == 1 else 0.3, timeout_s=step_s)
        one_slot = settings.grader_slot is not None
        return Grader(
            chat,
            votes=asked,
            deadline_s=settings.grader_seconds,
            step_deadline_s=step_s,
            at_once=1 if one_slot else 2,
        )

    def background(self) -> BackgroundObserver | None:
        """What reads along with the configured grader model; None without one."""
        name = self.settings.grader_model or BUILTIN
        if name == BUILTIN:
            return None
        return BackgroundObserver(
            self._grader_chat(name, temperature=0.0, timeout_s=30.0),
            store=self.store,
            catalog=self.catalog,
            matcher=self.matcher,
            clock=SystemClock(),
        )

    def _grader_chat(self, name: str, *, temperature: float, timeout_s: float) -> ChatModel:
        from app.adapters.litellm_chat import LiteLlmChat

        settings = self.settings
        return LiteLlmChat(
            name,
            api_base=settings.api_base,
            api_key=settings.api_key.get_secret_value() if settings.api_key is not None else None,
            temperature=temperature,
            timeout_s=timeout_s,
            slot=settings.grader_slot,
            setting="MLSD_GRADER_MODEL",
        )

    def conductor(
        self,
        *,
        speaker: Speaker | None = None,
        store: InterviewStore | None = None,
        clock: Clock | None = None,
        ids: Callable[[], str] = new_id,
    ) -> Conductor:
        """Conducts interviews on these parts; what is not given is as configured."""
        return Conductor(
            catalog=self.catalog,
            store=store or self.store,
            matcher=self.matcher,
            speaker=speaker or self.speaker(),
            clock=clock or SystemClock(),
            new_id=ids,
            aims=self.aims,
        )

    @cached_property
    def assessor(self) -> Assessor:
        """Scores transcripts."""
        return Assessor(catalog=self.catalog, matcher=self.matcher, aims=self.aims)

    def exported(self, stored: StoredInterview, form: ExportForm, *, level: Level | None = None) -> str:
        """The debrief of an interview that is over, as a file: what `mlsd export` writes and the page offers.

        Args:
            stored: the interview.
            form: how it is written; md and html hold debrief, scorecard and dialogue, json the data.
            level: the level to debrief for; None for the interview's own.

        Raises:
            InputError: the case is not known.
        """
        from app.domain.export import ExportedDebrief
        from app.services.debriefing import debrief_of

        card = self.assessor.assess(stored, level=level, grading=self.assessor.kept_grading(stored))
        debrief = debrief_of(stored, card, self.catalog)
        match form:
            case ExportForm.MD:
                from app.services.debrief import interview_markdown
                from app.services.debrief_text import debrief_markdown

                brief = self.catalog.brief(card.case)
                return f"{debrief_markdown(debrief)}\n{interview_markdown(stored, card, brief)}"
            case ExportForm.HTML:
                from app.adapters.debrief_html import debrief_html

                return debrief_html(debrief, card, reference=self.catalog.brief(card.case).case.architecture)
            case ExportForm.JSON:
                whole = ExportedDebrief.model_validate({**dict(card), "debrief": debrief})
                return whole.model_dump_json(indent=2) + "\n"
