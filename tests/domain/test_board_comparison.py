from __future__ import annotations

import pytest

from app.domain.board import parse_board
from app.domain.board_comparison import alike, compare, counterparts, reference_board
from app.domain.case import Architecture

REFERENCE = Architecture.model_validate(
    {
        "components": [
            {"id": "app", "name": "Courier app", "group": "Request", "also": ["client", "phone"]},
            {"id": "eta", "name": "Arrival model", "group": "Request", "also": ["ranker", "model server"]},
            {"id": "store", "name": "Online feature store", "group": "Data", "also": ["redis"]},
            {"id": "log", "name": "Scan log", "group": "Data", "also": ["logs", "events"]},
            {"id": "join", "name": "Label join", "group": "Training", "also": ["labels"]},
            {"id": "trainer", "name": "Trainer", "group": "Training", "also": ["training pipeline"]},
        ],
        "edges": [
            {"source": "app", "target": "eta", "label": "asks"},
            {"source": "store", "target": "eta"},
            {"source": "log", "target": "join"},
            {"source": "join", "target": "trainer"},
            {"source": "trainer", "target": "eta"},
            {"source": "app", "target": "log"},
        ],
    }
)


def test_names_are_matched_by_their_other_names_and_stems() -> None:
    found = counterparts(["Phones", "the model server", "Redis", "feature store", "weather"], REFERENCE)
    assert found == {"Phones": "app", "the model server": "eta", "Redis": "store", "feature store": "store"}


@pytest.mark.parametrize(
    ("one", "other", "enough"),
    [
        ("training", "trainer", False),
        ("feature-store", "Feature Store", True),
        ("service", "system", False),
        ("service", "service", True),
        ("two-tower retrieval", "two-tower", True),
        ("cache", "index", False),
    ],
)
def test_how_alike_names_are(one: str, other: str, enough: bool) -> None:
    assert (alike(one, other) >= 0.5) is enough
    assert alike(one, other) == alike(other, one)


def test_a_board_is_set_beside_the_reference() -> None:
    board = parse_board(
        "phone -> ranker: arrival; logs -> trainer -> ranker; ranker -> weather; redis; redis -> trainer"
    )
    found = compare(board, REFERENCE)
    assert [(pair.drawn, pair.reference) for pair in found.matched] == [
        ("phone", "Courier app"),
        ("ranker", "Arrival model"),
        ("logs", "Scan log"),
        ("trainer", "Trainer"),
        ("redis", "Online feature store"),
    ]
    assert found.missing == ("Label join",)
    assert found.extra == ("weather",)
    assert found.edges_matched == ("phone → ranker", "logs → trainer", "trainer → ranker"), "the join is leapt over"
    assert found.edges_extra == ("ranker → weather", "redis → trainer")
    assert found.edges_missing == ("Courier app → Scan log",), "there is a way from the store over the trainer"


def test_direction_is_a_matter_of_taste() -> None:
    found = compare(parse_board("ranker -> redis; ranker -> client"), REFERENCE)
    assert found.edges_matched == ("ranker → redis", "ranker → client") and found.edges_extra == ()


def test_two_names_for_one_thing_are_no_arrow_of_the_reference() -> None:
    found = compare(parse_board("redis -> feature store; ranker"), REFERENCE)
    assert found.edges_matched == () and found.edges_extra == ("redis → feature store",)


def test_the_reference_beside_itself_lacks_nothing() -> None:
    board = reference_board(REFERENCE)
    found = compare(board, REFERENCE)
    assert (found.missing, found.extra, found.edges_missing, found.edges_extra) == ((), (), (), ())
    assert board.groups == ("Request", "Data", "Training") and board.edges[0].label == "asks"
