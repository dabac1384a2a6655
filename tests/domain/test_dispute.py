from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.dispute import claim_words, open_disputes, unmoved, with_disputes
from app.domain.events import Disputed, DisputeWithdrawn
from app.domain.levels import Verdict
from app.domain.scorecard import (
    CriterionScore,
    FlagQuote,
    HintTaken,
    Quote,
    Scorecard,
    ScoreRange,
    Status,
    Weighed,
    overall,
    rate,
    step_score,
)
from app.domain.vocabulary import Level, Provenance, Step
from tests.factories import make_catalog, make_levels

AT = datetime(2026, 1, 5, tzinfo=UTC)
BRIEF = make_catalog().brief("parcel-eta")
RULES = make_levels()
LONG = "we start from the depot's median transit time because it is cheap to compute, but it fails around Christmas so I'd widen it then"


def said(criterion: str, *, turn: int = 5, quote: str = LONG, seq: int = 1) -> Disputed:
    return Disputed(seq=seq, at=AT, criterion=criterion, turn=turn, quote=quote)


def taken_back(criterion: str) -> DisputeWithdrawn:
    return DisputeWithdrawn(seq=9, at=AT, criterion=criterion)


def make_card(flags: tuple[FlagQuote, ...] = (), hints: tuple[HintTaken, ...] = (), **quotes: Quote) -> Scorecard:
    """A card on which everything was asked; `baseline=Quote(...)` is evidence for it."""

    def line(id: str) -> CriterionScore:
        criterion = BRIEF.criterion_by_id[id]
        evidence = (quotes[id.replace("-", "_")],) if id.replace("-", "_") in quotes else ()
        wrong = any(
            BRIEF.flag_by_id[flag.id].criterion == id and all(quote.turn <= flag.turn for quote in evidence)
            for flag in flags
        )
        weighed = Weighed(criterion=criterion, quotes=evidence, asked=True, wrong=wrong)
        return rate(weighed, level=Level.SENIOR, rules=RULES)

    steps = [step_score(step, [line(criterion.id) for criterion in BRIEF.of_step(step)]) for step in Step]
    return Scorecard(
        case="parcel-eta",
        level=Level.SENIOR,
        scored_by="builtin",
        content_hash="x",
        recorded_hash=None,
        overall=overall(steps, flags=len(flags), level=Level.SENIOR, rules=RULES),
        steps=tuple(steps),
        red_flags=flags,
        hints=hints,
        study=(),
    )


def lines(card: Scorecard) -> dict[str, CriterionScore]:
    return {line.id: line for step in card.steps for line in step.criteria}


def disputed(card: Scorecard, *disputes: Disputed, **asked: int) -> Scorecard:
    by_id = {name.replace("_", "-"): turn for name, turn in asked.items()}
    return with_disputes(card, disputes, brief=BRIEF, rules=RULES, asked=by_id)


@pytest.mark.parametrize(
    ("events", "left"),
    [
        ([], []),
        ([said("baseline")], ["baseline"]),
        ([said("baseline"), said("drift"), taken_back("baseline")], ["drift"]),
        ([said("baseline"), taken_back("baseline"), said("baseline")], ["baseline"]),
    ],
)
def test_what_was_taken_back_is_not_disputed(events: list[Any], left: list[str]) -> None:
    assert [each.criterion for each in open_disputes(events)] == left


class TestRange:
    def test_nothing_disputed_changes_nothing(self) -> None:
        card = make_card()
        assert disputed(card) is card and disputed(card, said("no-such-criterion")) is card

    def test_the_score_stays_and_the_range_shows_what_it_would_be(self) -> None:
        card = make_card()
        after = disputed(card, said("baseline"), said("baseline", seq=2))
        line = lines(after)["baseline"]
        assert line.rating is None and line.status is Status.NOT_SHOWN
        assert line.disputed == (Quote(turn=5, quote=LONG, provenance=Provenance.VOLUNTEERED),)
        assert line.claimed_rating == 4
        assert after.overall.score == card.overall.score == 0
        assert after.overall.range == ScoreRange(low=0, high=11)  # one criterion of nine, all of weight 2
        assert after.overall.claimed_verdict is Verdict.STRONG_NO_HIRE
        steps = {step.step: step for step in after.steps}
        assert steps[Step.MODELING].score == 0 and steps[Step.MODELING].range == ScoreRange(low=0, high=100)
        assert steps[Step.DATA].range is None

    def test_only_the_disputed_line_of_a_step_is_marked(self) -> None:
        after = lines(disputed(make_card(), said("time-split")))
        assert after["time-split"].disputed and not after["scan-gaps"].disputed
        assert after["scan-gaps"].claimed_rating is None

    def test_a_hint_before_the_sentence_caps_what_it_could_earn(self) -> None:
        hint = HintTaken(criterion="baseline", step=Step.MODELING, rung=2, turn=4)
        line = lines(disputed(make_card(hints=(hint,)), said("baseline")))["baseline"]
        assert line.disputed[0].provenance is Provenance.HINTED and line.claimed_rating == 2
        earlier = lines(disputed(make_card(hints=(hint,)), said("baseline", turn=3)))["baseline"]
        assert earlier.disputed[0].provenance is Provenance.VOLUNTEERED and earlier.claimed_rating == 4

    def test_what_was_asked_before_is_prompted(self) -> None:
        assert (
            lines(disputed(make_card(), said("baseline"), baseline=4))["baseline"].disputed[0].provenance == "prompted"
        )
        assert lines(disputed(make_card(), said("baseline"), baseline=6))["baseline"].disputed[0].provenance == (
            "volunteered"
        )

    def test_it_is_never_worse_than_the_score(self) -> None:
        kept = Quote(turn=1, quote=LONG, provenance=Provenance.VOLUNTEERED)
        card = make_card(baseline=kept)
        after = disputed(card, said("baseline", quote="the depot's median then"))
        assert lines(after)["baseline"].claimed_rating == 4
        assert after.overall.range == ScoreRange(low=card.overall.score, high=card.overall.score)

    @pytest.mark.parametrize(("turn", "claimed", "high"), [(5, 4, 11), (2, 1, 0)])
    def test_a_wrong_claim_is_put_right_by_what_was_said_after_it(self, turn: int, claimed: int, high: int) -> None:
        wrong = FlagQuote(id="shuffled-scans", turn=3, quote="a random split over scans is fine here")
        card = make_card(flags=(wrong,))
        assert lines(card)["time-split"].status is Status.WRONG
        after = disputed(card, said("time-split", turn=turn))
        assert lines(after)["time-split"].claimed_rating == claimed
        assert after.overall.range == ScoreRange(low=0, high=high)

    def test_evidence_after_a_wrong_claim_has_put_it_right(self) -> None:
        wrong = FlagQuote(id="shuffled-scans", turn=3, quote="a random split over scans is fine here")
        better = Quote(turn=7, quote="we divide by date", provenance=Provenance.VOLUNTEERED)
        card = make_card(flags=(wrong,), time_split=better)
        assert lines(disputed(card, said("time-split", turn=2)))["time-split"].claimed_rating == 4

    @pytest.mark.parametrize("quote", ["a random split over scans is fine here", "a random split over scans"])
    def test_who_disputes_the_very_sentence_says_that_it_is_not_wrong(self, quote: str) -> None:
        wrong = FlagQuote(id="shuffled-scans", turn=3, quote="a random split over scans is fine here")
        after = disputed(make_card(flags=(wrong,)), said("time-split", turn=3, quote=quote))
        assert lines(after)["time-split"].claimed_rating == 2
        assert after.overall.range is not None and after.overall.range.high


class TestWhatMoves:
    KEPT = Quote(turn=5, quote=LONG, provenance=Provenance.VOLUNTEERED)

    def test_a_line_that_rises_says_how_far(self) -> None:
        card = disputed(make_card(), said("baseline"))
        line = lines(card)["baseline"]
        assert claim_words(line, line.disputed[0]) == "credited, it would be 4 of 4"
        assert unmoved(card, "baseline") == "" == unmoved(card, "drift") == unmoved(card, "no-such-criterion")

    @pytest.mark.parametrize(
        ("turn", "quote", "why"),
        [
            (5, LONG[:40], "since that is credited already"),
            (7, "the depot's median then", "since it adds no reason, number or weighing to what is credited"),
        ],
    )
    def test_what_is_credited_does_not_move_and_the_reason_is_said(self, turn: int, quote: str, why: str) -> None:
        card = disputed(make_card(baseline=self.KEPT), said("baseline", turn=turn, quote=quote))
        line = lines(card)["baseline"]
        assert claim_words(line, line.disputed[0]) == f"it stays 4 of 4, {why}"
        assert unmoved(card, "baseline") == f"{line.name} does not move: it stays 4 of 4, {why}."

    def test_neither_a_cap_nor_a_wrong_claim_that_stands_is_moved(self) -> None:
        wrong = FlagQuote(id="shuffled-scans", turn=3, quote="a random split over scans is fine here")
        card = disputed(make_card(flags=(wrong,)), said("time-split", turn=2))
        assert unmoved(card, "time-split").endswith("it stays 1 of 4, since the wrong claim about it still stands.")
        line = lines(disputed(make_card(baseline=self.KEPT), said("baseline", quote="by the depot's median")))[
            "baseline"
        ]
        capped = line.model_copy(update={"rating": 2, "claimed_rating": 2, "reason": "Capped at 2 after a hint."})
        assert claim_words(capped, line.disputed[0]).endswith("since that is the most that it can earn here")
