"""The JSON documents that are the command line's own; the others are models of the domain or the services.

Their schemas are committed in docs/schemas, see `app.cli.schemas`.
"""

from __future__ import annotations

from enum import StrEnum

from app.adapters.endpoint_probe import EndpointFindings
from app.adapters.local_servers import FoundServer
from app.domain.case import Difficulty
from app.domain.kinds import EndReason
from app.domain.levels import Verdict
from app.domain.trend import Series
from app.domain.vocabulary import Frozen, Level
from app.ports import Hit
from app.services.past import PastInterview


class CaseRow(Frozen):
    """One case, with how many criteria and facts it has."""

    id: str
    title: str
    category: str
    difficulty: Difficulty
    summary: str
    criteria: int
    facts: int


class CaseList(Frozen):
    """What `mlsd cases --json` prints; the hash is over all content files."""

    cases: tuple[CaseRow, ...]
    content_hash: str


class IndexBuilt(Frozen):
    """What `mlsd index --json` prints: the index's name, its size, and the seconds it took."""

    index: str
    passages: int
    seconds: float


class SearchResult(Frozen):
    """What `mlsd search --json` prints; best hit first."""

    query: str
    hits: tuple[Hit, ...]


class PastState(StrEnum):
    """What became of a stored interview."""

    RUNNING = "running"
    ENDED = "ended"
    CASE_MISSING = "case missing"
    DAMAGED = "damaged"


class HistoryRow(PastInterview):
    """One stored interview; `score` (0-100) and `verdict` are null unless it has ended and can be scored."""

    state: PastState
    verdict: Verdict | None


class History(Frozen):
    """What `mlsd history --json` prints; interviews newest first, the points of a series oldest first."""

    interviews: tuple[HistoryRow, ...]
    series: tuple[Series, ...]


class CheckName(StrEnum):
    """What `mlsd doctor` looks at."""

    PYTHON = "python"
    HOME = "home"
    CONTENT = "content"
    EMBEDDER = "embedder"
    INDEX = "index"
    STORE = "store"
    PAGE = "page"
    ENDPOINT = "endpoint"


class CheckStatus(StrEnum):
    """Works; works and there is something to know; does not work, and is needed."""

    OK = "ok"
    NOTE = "note"
    BROKEN = "broken"


class DoctorCheck(Frozen):
    """One thing that was looked at, and what was found."""

    name: CheckName
    status: CheckStatus
    message: str


class EndpointExample(Frozen):
    """How to name a model server: values for MLSD_MODEL and, unless null, MLSD_API_BASE."""

    server: str
    model: str
    api_base: str | None


class DoctorReport(Frozen):
    """What `mlsd doctor --json` prints.

    Attributes:
        ok: whether nothing is broken.
        version: of mlsd.
        home: the data folder.
        endpoint: None where no model and no address is named.
        local: model servers found on this machine; looked for only where no model and no address is named.
        examples: how to name the usual model servers.
    """

    ok: bool
    version: str
    home: str
    checks: tuple[DoctorCheck, ...]
    endpoint: EndpointFindings | None
    local: tuple[FoundServer, ...]
    examples: tuple[EndpointExample, ...]


class RecordingOutcome(StrEnum):
    """What became of a planned recording; outdated ones were made with other content, or by another candidate."""

    PLAYED = "played"
    KEPT = "kept"
    OUTDATED = "outdated"
    FAILED = "failed"


class RecordingRow(Frozen):
    """One recording; `messages` are the interviewer's, `ended` and `reason` are null where they do not apply."""

    file: str
    case: str
    candidate: str
    level: Level
    interviewer: str
    outcome: RecordingOutcome
    messages: int
    ended: EndReason | None
    reason: str | None


class Simulated(Frozen):
    """What `mlsd simulate --json` prints, in the order of the plan."""

    recordings: tuple[RecordingRow, ...]
