"""What the evals look at: any interview as plain turns, and reading whole folders of them.

A sample knows nothing of how it was recorded beyond what a metric needs; an imported chat and one of our
own transcripts differ only in what is known of a turn (its move, its step), never in form.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from app.adapters.transcript_files import read_any
from app.domain.events import (
    AdvanceRequested,
    CandidateMessage,
    Ended,
    EvidenceFound,
    HintRequested,
    InterviewerMessage,
)
from app.domain.kinds import EndReason, InterviewerKind, Move
from app.domain.vocabulary import Frozen, Level, Step
from app.errors import InputError
from app.ports import StoredInterview

_ENDINGS = {".json", ".jsonl"}


class Speaker(StrEnum):
    """Who says something."""

    INTERVIEWER = "interviewer"
    CANDIDATE = "candidate"


class Turn(Frozen):
    """One message.

    Attributes:
        index: 0-based over all messages, as in the transcript.
        step: as recorded; None where nobody recorded it.
        move: as recorded, of an interviewer's turn of ours; None for the others.
        hint_asked: the candidate pressed for a hint right before this interviewer's turn, without words.
        advanced: the candidate asked for the next step right before it, without words.
    """

    index: int
    speaker: Speaker
    content: str
    step: Step | None = None
    move: Move | None = None
    criterion: str | None = None
    rung: int | None = None
    hint_asked: bool = False
    advanced: bool = False


class Credit(Frozen):
    """A criterion that the recorder credited in a candidate's turn."""

    criterion: str
    turn: int


class Transcript(Frozen):
    """An interview as the evals see it.

    Attributes:
        file: where it was read from, for reports.
        steps: the steps that were agreed on; all seven unless it was a drill.
        credits: what the recorder heard; empty where nothing was recorded.
        ended: why it ended, where that was recorded.
    """

    id: str
    case: str
    level: Level = Level.SENIOR
    kind: InterviewerKind = InterviewerKind.EXTERNAL
    model: str | None = None
    file: str = ""
    steps: tuple[Step, ...] = tuple(Step)
    turns: tuple[Turn, ...]
    credits: tuple[Credit, ...] = ()
    ended: EndReason | None = None

    @property
    def recorded(self) -> bool:
        """Whether moves and steps of the interviewer's turns are known."""
        return any(turn.move is not None for turn in self.turns)

    @property
    def interviewer(self) -> tuple[Turn, ...]:
        """The interviewer's turns, in order."""
        return tuple(turn for turn in self.turns if turn.speaker is Speaker.INTERVIEWER)


class Skipped(Frozen):
    """A file that could not be used, and why, in one line."""

    file: str
    reason: str


def from_stored(stored: StoredInterview, *, file: str = "") -> Transcript:
    """A transcript of ours, or an import, as a sample.

    Args:
        file: where it came from, for reports.
    """
    header = stored.header
    external = header.interviewer.kind is InterviewerKind.EXTERNAL
    turns: list[Turn] = []
    credits: list[Credit] = []
    hint_asked = advanced = False
    ended: EndReason | None = None
    for event in stored.events:
        if isinstance(event, InterviewerMessage):
            turns.append(
                Turn(
                    index=event.index,
                    speaker=Speaker.INTERVIEWER,
                    content=event.content,
                    step=None if external else event.step,
                    move=None if external else event.move,
                    criterion=event.criterion,
                    rung=event.rung,
                    hint_asked=hint_asked,
                    advanced=advanced,
                )
            )
            hint_asked = advanced = False
        elif isinstance(event, CandidateMessage):
            step = None if external else event.step
            turns.append(Turn(index=event.index, speaker=Speaker.CANDIDATE, content=event.content, step=step))
        elif isinstance(event, HintRequested):
            hint_asked = True
        elif isinstance(event, AdvanceRequested):
            advanced = True
        elif isinstance(event, EvidenceFound):
            credits.append(Credit(criterion=event.criterion, turn=event.turn))
        elif isinstance(event, Ended):
            ended = event.reason
    return Transcript(
        id=header.id,
        case=header.case,
        level=header.level,
        kind=header.interviewer.kind,
        model=header.interviewer.model,
        file=file,
        steps=header.steps,
        turns=tuple(turns),
        credits=tuple(credits),
        ended=ended,
    )


def files_of(wanted: Sequence[str]) -> list[Path]:
    """The files that a list of files, folders and patterns names, each once, in order.

    Raises:
        InputError: a folder or pattern names no transcript, or there is no such file.
    """
    found: dict[Path, None] = {}
    for name in wanted:
        path = Path(name)
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if each.suffix in _ENDINGS and each.is_file())
        elif glob.has_magic(name) and not path.exists():
            inside = sorted(Path(each) for each in glob.glob(name, recursive=True) if Path(each).is_file())
        else:
            inside = [path]
            if not path.exists():
                raise InputError(f"{name}: is missing; name a file, a folder or a pattern in quotes")
        if not inside:
            raise InputError(f"{name!r} names no .json or .jsonl file; name a file, a folder or a pattern in quotes")
        found |= dict.fromkeys(inside)
    return list(found)


def read_samples(files: Sequence[Path], *, cases: Sequence[str]) -> Iterator[Transcript | Skipped]:
    """Read one file after another; what cannot be used comes as Skipped and does not stop the rest.

    Args:
        cases: the ids of the cases that we have.
    """
    seen: dict[str, int] = {}
    for file in files:
        try:
            stored = read_any(file)
        except InputError as error:
            yield Skipped(file=str(file), reason=_without_file(str(error), file))
            continue
        for each in stored:
            if each.header.case not in cases:
                reason = f"is on case {each.header.case!r}, which is not here; `mlsd cases` lists those that are"
                yield Skipped(file=str(file), reason=reason)
                continue
            sample = from_stored(each, file=str(file))
            if not sample.interviewer:
                yield Skipped(file=str(file), reason=f"{each.header.id!r} holds no interviewer's turn; remove it")
                continue
            times = seen[sample.id] = seen.get(sample.id, 0) + 1
            yield sample if times == 1 else sample.model_copy(update={"id": f"{sample.id}~{times}"})


def _without_file(message: str, file: Path) -> str:
    """The reason alone, with the line's number where there is one."""
    rest = message.removeprefix(str(file))
    return f"line {rest[1:]}" if rest[1:2].isdigit() else rest.lstrip(": ")
