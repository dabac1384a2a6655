"""Figures of the labels suite on interviews that are small enough to count by hand."""

from __future__ import annotations

from app.domain.vocabulary import Step
from evals.score import Row, TurnRow
from evals.suites.labels import Half, Labelled, figures
from evals.vocabulary import Act, Flaw


def half(*, questions: int) -> Half:
    found = TurnRow(index=2, step=Step.DATA, act=Act.PROBE, questions=questions, flags=())
    turn = Labelled(file="one", content="Go on.", found=found, step="data", act=Act.PROBE, questions=questions)
    row = Row(
        id="one",
        case="ad-click-prediction",
        file="one.json",
        interviewer="author",
        metrics={"coverage": 1 / 7, "single_question": 1.0 if questions else None},
        flaw_scores=dict.fromkeys(Flaw, 0.0),
        turns=(found,),
    )
    return Half(turns=(turn,), rows=(row, row), flaws=(frozenset(), frozenset({Flaw.LOOPS})))


def test_an_interview_that_asks_nothing_has_no_share_of_single_questions() -> None:
    assert figures(half(questions=0), prefix="")["single_question_off_by"] is None
    assert figures(half(questions=1), prefix="")["single_question_off_by"] == 0.0
