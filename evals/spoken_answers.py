"""Messages of candidates in nine ways of speaking, with every sentence labelled against every criterion of its case.

`evals/spoken/<case>.jsonl`, a line a message: {"style": headwords, run-on, several points in one sentence (fused),
hedged, typed, numbers, non-native, plain or a story, "asked": the criterion that the interviewer had just asked for or
null, "message", "labels": {sentence: {"covers", "partly", "wrong": [ids]}}}, the labels as of `evals.labelled_scripts`.
The writers had a case's prompt, its facts and the one-line descriptions of its criteria; other readers labelled what
they wrote. Neither had seen the content, the matcher or what it makes of them. Those of the six tuned cases
(`evals.fit_matcher`) are fitted on; the others only give the figure (`evals.spoken_figures`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from app.domain.speech import sentences
from app.domain.vocabulary import Frozen, Slug
from evals.labelled_scripts import Labels, best_kind

SPOKEN = Path(__file__).parent / "spoken"


class SpokenAnswer(Frozen):
    """One message; `labels` by the place of a sentence in it."""

    style: str
    asked: Slug | None
    message: str
    labels: dict[int, Labels]

    def kind(self, criterion: str) -> str:
        """The best that a sentence of it is to a criterion: covers, partly, wrong or unrelated."""
        return best_kind(given.kind(criterion) for given in self.labels.values())

    def covered(self) -> set[str]:
        """The criteria that a sentence of it covers."""
        return {criterion for given in self.labels.values() for criterion in given.covers}

    def sentences(self) -> Iterator[tuple[str, Labels]]:
        """Its sentences with their labels."""
        for place, span in enumerate(sentences(self.message)):
            yield span.text, self.labels.get(place, Labels())


@cache
def spoken_answers(case: str) -> tuple[SpokenAnswer, ...]:
    """All messages about a case."""
    lines = (SPOKEN / f"{case}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(SpokenAnswer.model_validate_json(line) for line in lines)
