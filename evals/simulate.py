"""Plays simulated interviews and records them: personas and scripts, against any interviewer, in parallel.

A recording is written when it is complete and never before, so a run that was stopped goes on with what is
missing. Time is virtual; with the built-in interviewer a recording is the same, byte for byte, for the same
content, candidate, level and seed.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from enum import StrEnum
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID

from app.adapters.memory_store import MemoryStore
from app.adapters.transcript_files import read_transcript, write_transcript
from app.bootstrap import BUILTIN, App, VirtualClock
from app.domain.events import Ended, InterviewerMessage, MadeBy
from app.domain.kinds import CandidateKind
from app.domain.phases import Phase
from app.domain.vocabulary import Frozen
from app.errors import InputError, InterviewError, ModelError
from app.ports import StoredInterview
from app.services.commands import acts_of
from app.services.conduct import Agreement, Conductor
from app.services.script import ScriptLine, obey, parse_script, play
from app.settings import Settings
from evals.candidate import Candidate
from evals.persona import Persona, persona_named
from evals.spawned import spawned

TOOL = "mlsd simulate"


class CandidateSpec(Frozen):
    """Who is interviewed: a persona, or the lines of a script; one of the two is given.

    Attributes:
        name: the persona's id or the script's stem, with its folder's name where that tells scripts apart.
        case: the only case that a script is for, where it lies in a folder named after one.
    """

    name: str
    persona: Persona | None = None
    lines: tuple[ScriptLine, ...] = ()
    case: str | None = None

    @property
    def kind(self) -> CandidateKind:
        """Persona or script."""
        return CandidateKind.SCRIPT if self.persona is None else CandidateKind.PERSONA

    @property
    def digest(self) -> str:
        """16 hex digits over what the candidate is made of."""
        if self.persona is not None:
            return self.persona.digest
        text = "\n".join(line.model_dump_json() for line in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Planned(Frozen):
    """One interview to be recorded.

    Attributes:
        model: the interviewer, "builtin" or a model's name.
        file: where the recording goes.
    """

    agreement: Agreement
    candidate: CandidateSpec
    model: str
    file: Path


class Outcome(StrEnum):
    """What became of a planned interview."""

    PLAYED = "played"
    KEPT = "kept"
    OUTDATED = "outdated"
    FAILED = "failed"


class Recorded(Frozen):
    """One line of what `mlsd simulate` reports.

    Attributes:
        outcome: kept is a finished recording from before; outdated likewise, made from other content or
            by a candidate that has changed since.
        messages: the interviewer's messages.
        ended: why the interview ended.
        reason: why there is no recording.
    """

    file: Path
    case: str
    candidate: str
    level: str
    interviewer: str
    outcome: Outcome
    messages: int = 0
    ended: str | None = None
    reason: str | None = None


def candidate_named(name: str, *, cases: Sequence[str] = ()) -> CandidateSpec:
    """A persona by id, or a script by its file.

    Args:
        cases: ids of the cases; a script in a folder named after one is for that case alone.

    Raises:
        InputError: there is neither, or the script is damaged.
    """
    file = Path(name)
    if file.suffix != ".jsonl" and not file.is_file():
        return CandidateSpec(name=name, persona=persona_named(name))
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"{file}: cannot be read ({error.strerror}); name a persona or a script") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: is not UTF-8 text; save it as UTF-8") from error
    folder = file.resolve().parent.name
    return CandidateSpec(
        name=f"script-{_slug(file.stem)}",
        lines=tuple(parse_script(_without_labels(text), name=name)),
        case=folder if folder in cases else None,
    )


def _without_labels(text: str) -> str:
    """The held-out scripts carry labels for the scorer on each line; a candidate has no use for them."""
    lines = []
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            value = None
        if isinstance(value, dict) and "labels" in value:
            line = json.dumps({key: each for key, each in value.items() if key != "labels"}, ensure_ascii=False)
        lines.append(line)
    return "\n".join(lines)


def file_name(agreement: Agreement, *, candidate: str, model: str) -> str:
    """The name of a recording, which says what is in it."""
    parts = [agreement.case, candidate, agreement.level.value]
    if agreement.mode.value != "mock":
        parts.append(agreement.mode.value)
    return ".".join([*parts, _slug(model), str(agreement.seed)]) + ".jsonl"


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "candidate"


def run_all(
    plan: Sequence[Planned], parts: App, *, jobs: int = 1, fresh: bool = False, told: Callable[[Recorded], None]
) -> list[Recorded]:
    """Play what is missing; one that fails does not stop the others.

    Args:
        parts: used as they are with one job; others are made from their settings in each process.
        jobs: processes.
        fresh: play finished ones again.
        told: hears of each as it is done.

    Returns:
        What became of each, in the order of the plan.
    """
    done: dict[Path, Recorded] = {}
    missing: list[Planned] = []
    for planned in plan:
        found = None if fresh else _finished(planned, content_hash=parts.catalog.content_hash)
        if found is None:
            missing.append(planned)
        else:
            done[planned.file] = found
            told(found)

    def note(recorded: Recorded) -> None:
        done[recorded.file] = recorded
        told(recorded)

    if jobs <= 1 or len(missing) <= 1:
        asyncio.run(_play_here(missing, parts, note))
    else:
        with spawned(min(jobs, len(missing))) as pool:
            for future in as_completed([pool.submit(_play_elsewhere, each, parts.settings) for each in missing]):
                note(future.result())
    return [done[planned.file] for planned in plan]


async def _play_here(missing: Sequence[Planned], parts: App, note: Callable[[Recorded], None]) -> None:
    """All in one event loop, which turns Ctrl-C into the end of what it awaits; a new loop for each would miss some."""
    for planned in missing:
        note(await _attempt(planned, parts))
        await asyncio.sleep(0)


@cache
def _parts(settings: Settings) -> App:
    return App(settings)


def _play_elsewhere(planned: Planned, settings: Settings) -> Recorded:
    return asyncio.run(_attempt(planned, _parts(settings)))


async def _attempt(planned: Planned, parts: App) -> Recorded:
    try:
        stored = await record(planned, parts)
        write_transcript(stored, planned.file)
    except InterviewError as error:
        return _report(planned, None, Outcome.FAILED, reason=str(error))
    return _report(planned, stored, Outcome.PLAYED)


def _finished(planned: Planned, *, content_hash: str) -> Recorded | None:
    """The recording that is there already; None if there is none, or it is not whole."""
    stored = whole_recording(planned.file)
    if stored is None:
        return None
    current = is_current(stored, planned, content_hash=content_hash)
    return _report(planned, stored, Outcome.KEPT if current else Outcome.OUTDATED)


def whole_recording(file: Path) -> StoredInterview | None:
    """An interview that was recorded to its end; None if there is none."""
    try:
        stored = read_transcript(file)
    except InputError:
        return None
    return stored if stored.events and isinstance(stored.events[-1], Ended) else None


def is_current(stored: StoredInterview, planned: Planned, *, content_hash: str) -> bool:
    """Whether a recording is of the candidate as it is today, on today's content."""
    made = stored.header.made_by
    same = made is not None and made.candidate_hash == planned.candidate.digest
    return same and stored.header.content_hash == content_hash


def _report(
    planned: Planned, stored: StoredInterview | None, outcome: Outcome, *, reason: str | None = None
) -> Recorded:
    events = stored.events if stored is not None else ()
    return Recorded(
        file=planned.file,
        case=planned.agreement.case,
        candidate=planned.candidate.name,
        level=planned.agreement.level.value,
        interviewer=planned.model,
        outcome=outcome,
        messages=sum(isinstance(event, InterviewerMessage) for event in events),
        ended=next((event.reason.value for event in events if isinstance(event, Ended)), None),
        reason=reason,
    )


async def record(planned: Planned, parts: App) -> StoredInterview:
    """Play one interview to its end.

    Raises:
        InputError: there is no such case, or a line of the script cannot be said.
        ModelError: the model did not answer once.
    """
    agreement, candidate = planned.agreement, planned.candidate
    ids = _ids(planned)
    store, clock, interview_id = MemoryStore(), VirtualClock(), next(ids)
    conductor = parts.conductor(speaker=parts.speaker(planned.model), store=store, clock=clock, ids=lambda: next(ids))
    if candidate.persona is None:

        async def heard(*_: Any) -> None:
            await asyncio.sleep(0)

        await play(list(candidate.lines), agreement, conductor, clock=clock, heard=heard, interview_id=interview_id)
    else:
        brief = parts.catalog.brief(agreement.case)
        player = Candidate(brief, candidate.persona, embedder=parts.embedder, seed=agreement.seed)
        await _converse(player, agreement, conductor, clock=clock, interview_id=interview_id)
    stored = await store.load(interview_id)
    if planned.model != BUILTIN:
        _check_model_spoke(stored, planned.model)
    made = MadeBy(
        tool=TOOL,
        version=version("mlsd"),
        candidate=candidate.name,
        candidate_kind=candidate.kind,
        candidate_hash=candidate.digest,
        seed=agreement.seed,
    )
    return stored.model_copy(update={"header": stored.header.model_copy(update={"made_by": made})})


async def _converse(
    player: Candidate, agreement: Agreement, conductor: Conductor, *, clock: VirtualClock, interview_id: str
) -> None:
    await conductor.begin(agreement, interview_id=interview_id)
    while (state := await conductor.state(interview_id)).phase is not Phase.ENDED:
        line = player.reply((await conductor.latest(interview_id)).message, state)
        clock.sleep(line.seconds)
        for act in acts_of(line.content):
            await obey(conductor, interview_id, act)
        await asyncio.sleep(0)  # nothing else here waits, so this is where Ctrl-C is heard


def _check_model_spoke(stored: StoredInterview, model: str) -> None:
    """A recording in which the endpoint was never reached would be one of the built-in interviewer."""
    reports = [event.guard for event in stored.events if isinstance(event, InterviewerMessage) and event.guard]
    failures = [report.failure for report in reports if report.failure is not None]
    if reports and len(failures) == len(reports):
        raise ModelError(
            f"the model {model!r} did not answer once ({failures[0].rstrip('.')}); see `mlsd doctor`",
            retryable=False,
        )


def _ids(planned: Planned) -> Iterator[str]:
    """UUIDv4s drawn from what the interview is, so that two runs write the same file."""
    rng = random.Random(f"{planned.file.name}/{planned.candidate.digest}")
    while True:
        yield str(UUID(int=rng.getrandbits(128), version=4))
