"""The data behind which wrong claims are heard: claims that exist, each hand's sentences enough to learn from."""

from __future__ import annotations

import json

from app.domain.catalog import Catalog
from evals.fit_claims import HELD_BACK, HELDOUT, TALK, held_back


def test_every_held_out_sentence_is_about_a_claim_of_its_case_and_is_listed_nowhere(catalog: Catalog) -> None:
    for line in HELDOUT.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        flags = catalog.brief(row["case"]).red_flags
        assert row["kind"] in {"wrong", "sound"}
        assert row["text"] not in {text for flag in flags for text in (*flag.says, *flag.sound)}


def test_what_people_say_in_interviews_is_of_cases_that_there_are(catalog: Catalog) -> None:
    rows = [json.loads(line) for line in TALK.read_text(encoding="utf-8").splitlines()]
    assert {row["case"] for row in rows} <= set(catalog.case_ids()) and len(rows) > 1000


def test_examples_are_left_when_a_hand_is_held_back(catalog: Catalog) -> None:
    for case in catalog.case_ids():
        brief = catalog.brief(case)
        for hand, (says, sound) in enumerate(HELD_BACK):
            left = held_back(brief, hand)
            for whole, flag in zip(brief.red_flags, left.red_flags, strict=True):
                assert len(flag.says) >= 6 and not set(flag.says) & set(whole.says[says])
                assert not set(flag.sound) & set(whole.sound[sound])
