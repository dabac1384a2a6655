"""Text that says the same thing twice is found; text that is merely on the same topic is not."""

from __future__ import annotations

from app.domain.case import Case
from app.domain.content_overlap import check_copies, check_repetition
from app.domain.vocabulary import Step
from tests.factories import make_case, make_note

DISTINCT = (
    "split by date, older scans for training",
    "nothing from after the cut may reach the model",
    "shuffling parcels would show it tomorrow's roads",
)


def _case(**criterion: object) -> Case:
    """A case with one criterion that repeats nothing, changed as told."""
    case = make_case()
    plain = case.criteria[0].model_copy(
        update={"covers": DISTINCT, "near_misses": (), "probes": ("Which day?", "Why?")}
    )
    return case.model_copy(update={"criteria": (plain.model_copy(update=criterion),)})


def test_sentences_that_differ_are_no_finding() -> None:
    assert check_repetition(_case(), file="case.yaml") == []


def test_a_sentence_that_is_a_near_duplicate_is_found() -> None:
    twice = (
        "I'd split the scans by date, older for training",
        "by date I'd split the scan, and older scans for training",
    )
    (finding,) = check_repetition(_case(covers=(*DISTINCT[1:], *twice)), file="case.yaml")
    assert "covers" in finding.field and twice[0] in finding.message and twice[1] in finding.message


def test_a_nudge_that_tells_the_answer_is_found() -> None:
    hints = make_case().criteria[0].hints
    told = hints.model_copy(update={"nudge": hints.bottom_out})
    (finding,) = check_repetition(_case(hints=told), file="case.yaml")
    assert finding.field.endswith("hints.nudge")


def test_a_text_that_stands_in_two_cases_is_found_once() -> None:
    run = "a parcel that nobody can find costs us a call and a refund and a customer who does not return"
    one = make_case().model_copy(update={"id": "one", "prompt": run, "criteria": (), "choices": (), "openers": {}})
    other = make_case().model_copy(
        update={"id": "other", "summary": "x y", "criteria": (), "choices": (), "openers": {}}
    )
    bare = {
        "facts": (),
        "decisions": (),
        "tensions": (),
        "twists": (),
        "red_flags": (),
        "shared": (),
        "architecture": None,
    }
    one, other = one.model_copy(update=bare), other.model_copy(update={**bare, "prompt": "Something else entirely."})
    note = make_note(Step.DATA, case="other")
    copied = note.model_copy(update={"sections": (note.sections[0].model_copy(update={"text": f"Well, {run}."}),)})
    files = {"one": "one/case.yaml", "other": "other/case.yaml"}
    (finding,) = check_copies([one, other], [copied], files=files)
    assert finding.file == "other/case.yaml" and "'one'" in finding.message
    assert check_copies([one], [], files=files) == []
