"""The labelled messages fit the content and themselves; what is counted of them follows the labels."""

from __future__ import annotations

import pytest

from app.domain.catalog import Catalog
from app.domain.speech import sentences
from evals.labelled_scripts import Labels
from evals.spoken_answers import SpokenAnswer, spoken_answers
from evals.spoken_figures import Heard, summary


def test_every_label_names_a_sentence_and_criteria_of_its_case(catalog: Catalog) -> None:
    for case in catalog.case_ids():
        known = set(catalog.brief(case).criterion_by_id)
        answers = spoken_answers(case)
        assert len({answer.style for answer in answers}) == 9
        for answer in answers:
            assert answer.asked is None or answer.asked in known
            assert set(answer.labels) <= set(range(len(sentences(answer.message))))
            for given in answer.labels.values():
                assert {*given.covers, *given.partly, *given.wrong} <= known


@pytest.mark.parametrize(("criterion", "kind"), [("a", "covers"), ("b", "partly"), ("c", "wrong"), ("d", "unrelated")])
def test_a_message_is_to_a_criterion_what_its_best_sentence_is(criterion: str, kind: str) -> None:
    labels = {0: Labels(partly=("a", "b"), wrong=("c",)), 1: Labels(covers=("a",))}
    answer = SpokenAnswer(style="plain", asked=None, message="One thing. Another thing.", labels=labels)
    assert answer.kind(criterion) == kind and answer.covered() == {"a"}


def test_the_summary_counts_what_is_covered_and_what_is_credited() -> None:
    def heard(label: str, *, credited: bool, doubted: bool = False) -> Heard:
        return Heard(case="x", style="plain", criterion="a", label=label, credited=credited, doubted=doubted)

    told = summary(
        [
            heard("covers", credited=True),
            heard("covers", credited=False, doubted=True),
            heard("partly", credited=True),
            heard("unrelated", credited=False, doubted=True),
        ]
    )
    assert "credited 0.500" in told and "in doubt 1.000" in told
    assert "0.500 [0.09, 0.91] of 2 covers, 0.500 [0.09, 0.91] of 2 partly, 0.000" in told
