"""The clean interviews that flaws are planted into, as chats: without moves, steps or credits on record.

Two sorts: recordings of the built-in interviewer with good candidates, and author-written interviews without a flaw.
What was recorded or labelled of a turn tells the generator where a flaw fits; the detectors do not get to see it.
"""

from __future__ import annotations

import json
from pathlib import Path

import evals
from app.bootstrap import App
from app.domain.kinds import InterviewerKind
from app.domain.vocabulary import Frozen, Step
from evals.flaws.wordings import Half
from evals.infer.acts import by_move
from evals.samples import Speaker, Transcript, Turn, read_samples
from evals.suites import NoFigures
from evals.vocabulary import Act

_FOLDER = Path(evals.__file__).parent / "transcripts"
_GOOD = {"strong", "solid", "script-strong", "script-solid"}


class Base(Frozen):
    """A clean interview, and what is known of its turns.

    Attributes:
        transcript: as the detectors see it.
        steps: of each interviewer's turn, by index; None for opening and closing.
        acts: of each interviewer's turn, by index.
        asked: the criterion that a turn asks for, where recorded.
        covered: the turn in which the candidate first covered a criterion, where recorded.
    """

    transcript: Transcript
    steps: dict[int, Step | None]
    acts: dict[int, Act]
    asked: dict[int, str]
    covered: dict[str, int]


def load_bases(app: App, *, half: Half) -> list[Base]:
    """The clean interviews of a half, in order of their names.

    Of the recordings every other one belongs to a half, of the author-written ones the odd numbers to `dev`.

    Raises:
        NoFigures: there are none.
    """
    rest = 1 if half is Half.DEV else 0
    recorded = [file for file in sorted((_FOLDER / "recorded").glob("*.builtin.*.jsonl")) if _is_good(file)]
    chosen = [file for place, file in enumerate(recorded) if place % 2 == rest]
    authored = [file for file in sorted((_FOLDER / "authored").glob("*.json")) if int(file.stem[-2:]) % 2 == rest]
    cases = app.catalog.case_ids()
    found = [_recorded(each) for each in read_samples(chosen, cases=cases) if isinstance(each, Transcript)]
    for file in authored:
        written = json.loads(file.read_text(encoding="utf-8"))
        for each in read_samples([file], cases=cases) if not written["flaws"] else ():
            if isinstance(each, Transcript):
                found.append(_authored(each, written["labels"]))
    if not found:
        raise NoFigures("evals/transcripts is not here; run the suite 'meta' in a checkout")
    return found


def _is_good(file: Path) -> bool:
    return file.name.split(".")[1] in _GOOD


def _recorded(sample: Transcript) -> Base:
    steps: dict[int, Step | None] = {}
    acts: dict[int, Act] = {}
    previous: Step | None = None
    for turn in sample.interviewer:
        act = by_move(turn, previous=previous) or Act.PROBE
        acts[turn.index] = act
        steps[turn.index] = None if act in {Act.OPEN_PROBLEM, Act.CLOSE} else turn.step
        previous = turn.step
    covered: dict[str, int] = {}
    for credit in sample.credits:
        covered[credit.criterion] = min(credit.turn, covered.get(credit.criterion, credit.turn))
    asked = {turn.index: turn.criterion for turn in sample.interviewer if turn.criterion}
    name = ".".join(Path(sample.file).name.split(".")[:-1])
    return Base(transcript=as_chat(sample, name), steps=steps, acts=acts, asked=asked, covered=covered)


def _authored(sample: Transcript, labels: list[dict[str, object]]) -> Base:
    steps: dict[int, Step | None] = {}
    acts: dict[int, Act] = {}
    for each in labels:
        index = int(str(each["index"]))
        steps[index] = Step(str(each["step"])) if each["step"] else None
        acts[index] = Act(str(each["act"]))
    return Base(transcript=as_chat(sample, sample.id), steps=steps, acts=acts, asked={}, covered={})


def as_chat(sample: Transcript, name: str) -> Transcript:
    """An interview as another product would hand it over: who said what, and nothing else."""
    turns = tuple(Turn(index=turn.index, speaker=Speaker(turn.speaker), content=turn.content) for turn in sample.turns)
    return Transcript(
        id=name, case=sample.case, level=sample.level, kind=InterviewerKind.EXTERNAL, file=sample.file, turns=turns
    )
