"""What people say that they do not do; sparing oneself some care is not meant by it."""

from __future__ import annotations

import pytest

from app.domain.denying import admits, denial


@pytest.mark.parametrize(
    ("sentence", "denied", "before", "after"),
    [
        ("That's why I don't split the crops at random.", "split the crops at random", "That's why", ""),
        ("So I’d never label a block as fraud, we had no answer.", "label a block as fraud", "", "we had no answer"),
        ("I'm not going to treat every skip as a no.", "treat every skip as a no", "", ""),
        ("I avoid counting friends on today's graph.", "counting friends on today's graph", "", ""),
        ("We'd refuse to use final counts.", "use final counts", "", ""),
        ("No way would I feed the final slot.", "feed the final slot", "", ""),
        ("Hence no graph network inside the call.", "graph network inside the call", "", ""),
        (
            "Disputes come late, so we can't label recent ones as good.",
            "label recent ones as good",
            "Disputes come late, so",
            "",
        ),
        ("I don't believe that a click proves anything.", "believe that a click proves anything", "", ""),
        (
            "I should not put the declined ones as fraud labels just because we declined them.",
            "put the declined ones as fraud labels just because we declined them",
            "",
            "",
        ),
        ("Right, so no appeal doesn't mean we were right.", "Right, so no appeal mean we were right", "", ""),
        (
            "Offline AUC doesn't guarantee online gains, so I'd skip it and ship.",
            "Offline AUC guarantee online gains",
            "",
            "so I'd skip it and ship",
        ),
        ("You shouldn't balance the test set because it lies.", "balance the test set", "", "because it lies"),
    ],
)
def test_what_is_denied_and_what_stands_beside_it(sentence: str, denied: str, before: str, after: str) -> None:
    found = denial(sentence)
    assert found is not None
    assert (found.denied, found.before, found.after) == (denied, before if len(before.split()) > 2 else "", after)


@pytest.mark.parametrize(
    "sentence",
    [
        "We don't need to wait for the disputes.",
        "I wouldn't bother with calibration curves.",
        "I don't see a problem with old vectors.",
        "I don't think we need a second check.",
        "We never bothered about approximate indexes.",
        "So no monitoring is needed after that.",
        "They were fraud, otherwise we wouldn't decline such payments.",
        "I'd not only look at clicks.",
        "Judging them apart would miss memes, so I don't do that.",
        "If nobody disputes it then it isn't fraud.",
        "Yesterday's payments are my negatives.",
    ],
)
def test_sparing_oneself_some_care_denies_nothing(sentence: str) -> None:
    assert denial(sentence) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Hmm, if it's a new category then the softmax doesn't know it and we'd have to retrain.",
        "Oh, that won't fit into two hundred milliseconds.",
        "Right, then the row could be empty on a busy weekend.",
        "But when a product is new the table doesn’t cover it.",
    ],
)
def test_who_sees_that_something_fails_does_not_uphold_it(sentence: str) -> None:
    assert admits(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "A new item is one more class, we'd have to retrain on Sunday.",
        "Hmm, if it's new then the softmax doesn't know it, but that's rare, so it's fine.",
        "Hmm, every product is a class.",
        "Well, if nobody disputes it then it isn't fraud.",
    ],
)
def test_other_sentences_see_no_fault(sentence: str) -> None:
    assert not admits(sentence)
