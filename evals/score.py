"""Scores transcripts: `score_batch` is one pure function from transcripts to rows, mapped here over processes.

The same transcripts give the same rows in whatever batches, processes or order. A worker process loads content
and embedder once and runs on one thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from pathlib import Path

from app.bootstrap import App
from app.domain.vocabulary import Frozen, Step
from app.settings import load_settings
from evals.infer.case_words import CaseWords
from evals.infer.meaning import embed_ahead
from evals.infer.reading import Reader, Reading
from evals.metrics import FLAWS, METRICS
from evals.metrics.flaws import flags_of
from evals.samples import Transcript
from evals.spawned import spawned
from evals.vocabulary import Act, Flaw

_BATCH = 8
_AHEAD = 4
_DIGITS = 6


class Depth(Frozen):
    """How transcripts are read.

    Attributes:
        home: where vectors of content are kept; the settings' own if None.
        content: a folder with more cases; the settings' own if None.
        vectors: read meanings with the embedder; without it words and recorded moves suffice, a hundred times faster,
            and what they cannot tell is null.
    """

    home: Path | None = None
    content: Path | None = None
    vectors: bool = True


class TurnRow(Frozen):
    """An interviewer's turn, labelled."""

    index: int
    step: Step | None
    act: Act
    questions: int
    flags: tuple[Flaw, ...]


class Row(Frozen):
    """What was measured of one transcript; a metric that cannot be computed is null."""

    id: str
    case: str
    file: str
    interviewer: str
    metrics: dict[str, float | None]
    flaw_scores: dict[Flaw, float]
    turns: tuple[TurnRow, ...]


class Scorer:
    """Content and embedder, loaded once; readers of the cases that were met.

    Args:
        app: the parts to read with; made from the depth and the settings if None.
    """

    def __init__(self, depth: Depth, *, app: App | None = None) -> None:
        self._app = app or App(load_settings(home=depth.home, content=depth.content), embedding_threads=1)
        self._vectors = depth.vectors
        self._readers: dict[str, Reader] = {}

    @property
    def app(self) -> App:
        """The parts it reads with."""
        return self._app

    def read(self, transcript: Transcript) -> Reading:
        """Everything that the metrics look at.

        Raises:
            InputError: there is no such case.
        """
        if transcript.case not in self._readers:
            embedder = self._app.embedder if self._vectors else None
            self._readers[transcript.case] = Reader(
                CaseWords(self._app.catalog.brief(transcript.case), embedder),
                matcher=self._app.matcher if self._vectors else None,
                embedder=embedder,
            )
        return self._readers[transcript.case].read(transcript)

    def embed_ahead(self, transcripts: list[Transcript]) -> None:
        """Have the vectors ready that reading will ask for, which is faster for many transcripts at once."""
        inferred = [transcript for transcript in transcripts if not transcript.recorded]
        if self._vectors and inferred:
            embed_ahead(inferred, self._app.embedder)

    def row(self, transcript: Transcript) -> Row:
        """The row of one transcript."""
        reading = self.read(transcript)
        return Row(
            id=transcript.id,
            case=transcript.case,
            file=transcript.file,
            interviewer=transcript.model or transcript.kind.value,
            metrics={name: _rounded(measure(reading)) for name, measure in METRICS.items()},
            flaw_scores={flaw: measure(reading) for flaw, measure in FLAWS.items()},
            turns=tuple(
                TurnRow(
                    index=each.turn.index,
                    step=each.label.step,
                    act=each.label.act,
                    questions=each.label.questions,
                    flags=flags_of(each, reading),
                )
                for each in reading.exchanges
            ),
        )


@cache
def scorer_of(depth: Depth) -> Scorer:
    """The scorer of this process; it holds models, and making it twice would be waste."""
    return Scorer(depth)


def score_batch(transcripts: list[Transcript], *, depth: Depth | None = None) -> list[Row]:
    """One row per transcript, in order. Pure: nothing but the arguments and the content decides.

    Raises:
        InputError: a transcript is on a case that is not here.
    """
    scorer = scorer_of(depth or Depth())
    scorer.embed_ahead(transcripts)
    return [scorer.row(transcript) for transcript in transcripts]


def score_all(transcripts: Iterable[Transcript], *, depth: Depth, workers: int = 1) -> Iterator[Row]:
    """Rows in the order of the transcripts, from so many processes; memory does not grow with their number.

    Args:
        workers: 1 stays in this process.
    """
    batches = _batched(iter(transcripts))
    if workers <= 1:
        for batch in batches:
            yield from score_batch(batch, depth=depth)
        return
    with spawned(workers, prepare=_warm, given=(depth,)) as pool:
        waiting = [pool.submit(_in_worker, batch, depth) for batch in islice(batches, workers * _AHEAD)]
        while waiting:
            rows = waiting.pop(0).result()
            waiting += [pool.submit(_in_worker, batch, depth) for batch in islice(batches, 1)]
            yield from rows


def _warm(depth: Depth) -> None:
    scorer_of(depth)


def _in_worker(batch: list[Transcript], depth: Depth) -> list[Row]:
    return score_batch(batch, depth=depth)


def _batched(transcripts: Iterator[Transcript]) -> Iterator[list[Transcript]]:
    while batch := list(islice(transcripts, _BATCH)):
        yield batch


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)
