from __future__ import annotations

import pytest

from app.domain.catalog import Catalog
from app.domain.events import CandidateMessage, UnknownEvent, parse_event
from app.domain.rubric import StepRubric
from app.domain.vocabulary import Level, Rung, Step
from app.errors import ContentError, InputError
from tests.factories import SHARED, make_case, make_catalog, make_criterion, make_rubrics, make_shared_criterion


def test_a_brief_holds_the_shared_criteria_and_the_cases_own_in_the_order_of_the_steps() -> None:
    brief = make_catalog().brief("parcel-eta")
    assert {criterion.id for criterion in brief.criteria} == {*SHARED, "interval", "scan-gaps"}
    numbers = [criterion.step.number for criterion in brief.criteria]
    assert numbers == sorted(numbers)
    assert [criterion.id for criterion in brief.of_step(Step.DATA)] == ["time-split", "scan-gaps"], "core ones first"
    assert [flag.id for flag in brief.red_flags] == ["shuffled-scans"]
    assert set(brief.tension_by_id) == {"gps-at-booking"}


def test_what_a_case_gives_adds_to_or_replaces_the_rubrics() -> None:
    own = {
        "use": "baseline",
        "weight": 3,
        "probes": ["What runs on day one?"],
        "covers": ["we begin with yesterday's mean"],
        "giveaways": ["mean", "median"],
    }
    brief = make_catalog(make_case(shared=[own], red_flags=[], tensions=[], twists=[], criteria=[])).brief("parcel-eta")
    (criterion,) = brief.criteria
    shared = make_shared_criterion("baseline", Step.MODELING)
    assert (criterion.weight, criterion.core, criterion.step) == (3, False, Step.MODELING)
    assert criterion.probes == ("What runs on day one?",) and criterion.follow_ups == shared.follow_ups
    assert criterion.covers == ("we begin with yesterday's mean", *shared.covers)
    assert criterion.giveaways == ("mean", "median"), "each once"
    assert brief.red_flags == (), "a red flag without its criterion is left out"


def test_a_brief_is_made_once() -> None:
    catalog = make_catalog()
    assert catalog.brief("parcel-eta") is catalog.brief("parcel-eta")
    assert catalog.case_ids() == ("parcel-eta",)


@pytest.mark.parametrize(
    ("asked", "complaint"),
    [("parcel-eat", "did you mean 'parcel-eta'"), ("chess", "`mlsd cases` lists them")],
)
def test_an_unknown_case_is_named(asked: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        make_catalog().brief(asked)


@pytest.mark.parametrize(("use", "complaint"), [("basline", "did you mean 'baseline'"), ("xyz", "mend the id")])
def test_an_unknown_shared_criterion_is_named_with_its_file(use: str, complaint: str) -> None:
    catalog: Catalog = make_catalog(make_case(shared=[{"use": use}]))
    with pytest.raises(ContentError, match=complaint) as caught:
        catalog.brief("parcel-eta")
    assert caught.value.file == "knowledge/parcel-eta/case.yaml"


def test_ids_of_a_rubric_are_unique() -> None:
    rubric = make_rubrics()[0].model_dump()
    with pytest.raises(ValueError, match="'business-goal' is used twice"):
        StepRubric.model_validate({**rubric, "criteria": [*rubric["criteria"], *rubric["criteria"]]})


def test_ladders_anchors_and_levels_are_read_by_name() -> None:
    criterion = make_criterion("baseline", Step.MODELING)
    assert [criterion.hints.at(rung) for rung in Rung] == list(criterion.hints.model_dump().values())
    assert [criterion.anchors.at(rating) for rating in (1, 2, 3, 4)] == list(criterion.anchors.model_dump().values())
    assert [criterion.levels.at(level) for level in Level] == list(criterion.levels.model_dump().values())
    assert [rung.number for rung in Rung] == [1, 2, 3]


def test_an_event_of_a_newer_version_is_kept_with_all_its_fields() -> None:
    common = {"seq": 4, "at": "2026-01-05T09:00:00Z"}
    unknown = parse_event({**common, "type": "sketch_drawn", "boxes": [1, 2]})
    assert isinstance(unknown, UnknownEvent)
    assert unknown.model_dump(mode="json") == {**common, "type": "sketch_drawn", "boxes": [1, 2]}
    fields = {"type": "candidate_message", "id": "x", "index": 0, "content": "Hi", "step": "data", "mood": "calm"}
    fields |= {"board": False}
    known = parse_event({**common, **fields})
    assert isinstance(known, CandidateMessage) and known.model_dump(mode="json") == {**common, **fields}
