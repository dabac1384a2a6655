from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.board import (
    MOST_COMPONENTS,
    MOST_EDGES,
    MOST_LABEL,
    MOST_NAME,
    MOST_TEXT,
    Board,
    board_text,
    is_bare_edge,
    lines_of,
    parse_board,
)
from app.errors import InputError


def arrows(text: str) -> list[tuple[str, str, str, bool]]:
    return [(edge.source, edge.target, edge.label, edge.both) for edge in parse_board(text).edges]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a -> b", [("a", "b", "", False)]),
        ("a->b", [("a", "b", "", False)]),
        ("a --> b => c → d", [("a", "b", "", False), ("b", "c", "", False), ("c", "d", "", False)]),
        ("b <- a", [("a", "b", "", False)]),
        ("a <-> b", [("a", "b", "", True)]),
        ("a ↔ b", [("a", "b", "", True)]),
        ("a -[50 ms]-> b", [("a", "b", "50 ms", False)]),
        ("b <-[50 ms]- a", [("a", "b", "50 ms", False)]),
        ("a <-[both]-> b", [("a", "b", "both", True)]),
        ("a -> b: 50 ms, p99", [("a", "b", "50 ms, p99", False)]),
        ("a -> b -> c: last", [("a", "b", "", False), ("b", "c", "last", False)]),
        ("a -[x]-> b: y", [("a", "b", "x", False)]),
        ("a -[x -> y]-> b", [("a", "b", "x -> y", False)]),
        ("a -> b, c", [("a", "b", "", False), ("a", "c", "", False)]),
        ("a, b -> c", [("a", "c", "", False), ("b", "c", "", False)]),
        ("- a -> b\n* b -> c", [("a", "b", "", False), ("b", "c", "", False)]),
        ("a -> b; b -> c", [("a", "b", "", False), ("b", "c", "", False)]),
        ("Feature  Store -> Ranker\nranker -> FEATURE STORE", [("Feature Store", "Ranker", "", False), ("Ranker", "Feature Store", "", False)]),
        ("two-tower -> re-ranker", [("two-tower", "re-ranker", "", False)]),
        ("a -> b\na -> b\nA->B", [("a", "b", "", False)]),
        ("a -> b: reads\na -> b: writes", [("a", "b", "reads", False), ("a", "b", "writes", False)]),
        ("a -> b\na <-> b", [("a", "b", "", True)]),
    ],
)  # fmt: skip
def test_arrows(text: str, expected: list[tuple[str, str, str, bool]]) -> None:
    assert arrows(text) == expected


def test_groups_by_list_and_by_section() -> None:
    board = parse_board(
        "# the request\n[Serving]\nranker, cache\nranker -> logs\n[]\nalone\nData: logs\n// done\nserving: gateway"
    )
    assert {one.name: one.group for one in board.components} == {
        "ranker": "Serving",
        "cache": "Serving",
        "logs": "Data",
        "alone": None,
        "gateway": "Serving",
    }
    assert board.groups == ("Serving", "Data")
    assert [one.name for one in board.alone] == ["cache", "alone", "gateway"]


def test_parts_know_where_they_stand() -> None:
    text = "# note\n  logs -> trainer -> registry: daily \nranker"
    board = parse_board(text)
    for part in (*board.components, *board.edges):
        assert text[part.span.start : part.span.end] == part.span.text
    assert [edge.span.text for edge in board.edges] == ["logs -> trainer", "trainer -> registry: daily"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing is drawn on the board"),
        ("# only a comment\n\n", "nothing is drawn on the board"),
        ("a -> b\n\nb ->", "line 3 of the board: an end of the arrow in 'b ->' has no name"),
        ("-> b", "line 1 of the board: an end of the arrow"),
        ("a -> b; a -> A", "line 1 of the board: 'a' points at itself"),
        ("Serving:", "nothing stands after 'Serving' and its colon"),
        ("a | b", "'|' cannot stand in the name 'a | b'"),
        ("a > b", "'>' cannot stand in the name"),
        ("x: y: z", "':' cannot stand in the name"),
        ("???", "'???' is no name for a component"),
        ("[!!]", "'!!' is no name for a group"),
        ("a -> #b", "'#b' is no name for a component"),
        ("a" * (MOST_NAME + 1), f"has {MOST_NAME + 1} characters; {MOST_NAME} is the most"),
        ("a -> b: " + "l" * (MOST_LABEL + 1), f"has {MOST_LABEL + 1} characters; {MOST_LABEL} is the most"),
        ("a -> b: [x]", "brackets cannot stand in the label"),
        ("a" * (MOST_TEXT + 1), f"{MOST_TEXT:,} is the most, so draw less of it"),
        (", ".join(f"n{i}" for i in range(MOST_COMPONENTS + 1)), f"more than {MOST_COMPONENTS} components"),
        (f"{', '.join(f's{i}' for i in range(11))} -> {', '.join(f't{i}' for i in range(11))}", f"more than {MOST_EDGES} arrows"),
    ],
)  # fmt: skip
def test_what_is_no_board_is_told_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_board(text)
    assert says in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("logs -> trainer", True),
        ("logs -> trainer -> ranker", True),
        ("ranker -[50 ms]-> cache", True),
        ("logs -> trainer: corrected for what the old model chose", False),
        ("I would read the click logs -> train on them", False),
        ("feature store", False),
        ("no board? {}", False),
    ],
)
def test_an_arrow_that_says_little(text: str, bare: bool) -> None:
    assert is_bare_edge(text) is bare


def test_a_board_for_a_terminal() -> None:
    board = parse_board("Serving: ranker, cache\nlogs -> ranker\nranker <-> cache: hot items\nmonitor")
    assert list(lines_of(board)) == [
        "[Serving]  ranker · cache",
        "[rest]  logs · monitor",
        "    logs ──▶ ranker",
        "  ranker ◀── hot items ──▶ cache",
    ]
    assert list(lines_of(parse_board("a"))) == ["a"]
    assert list(lines_of(parse_board("A: a"))) == ["[A]  a"]


@given(st.text(alphabet=st.sampled_from("ab c,:;->[]<=#/*•\n\t→↔|é"), max_size=80) | st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    try:
        board = parse_board(text)
    except InputError as error:
        assert "\n" not in str(error)
        return
    for part in (*board.components, *board.edges):
        assert text[part.span.start : part.span.end] == part.span.text != ""
    assert meaning(parse_board(board_text(board))) == meaning(board)


names = st.text(alphabet="abcXYZ019 -_.()/é", min_size=1, max_size=12)
labels = st.text(alphabet="ab 09%,.->:", max_size=15)


@given(st.lists(st.tuples(names, labels, names), min_size=1, max_size=12), st.lists(names, max_size=3))
def test_writing_a_board_back_gives_the_same_board(drawn: list[tuple[str, str, str]], group: list[str]) -> None:
    lines = [f"{source} -[{label}]-> {target}" for source, label, target in drawn]
    lines += [f"Group: {', '.join(group)}"] if group else []
    try:
        board = parse_board("\n".join(lines))
    except InputError:
        return
    again = parse_board(board_text(board))
    assert meaning(again) == meaning(board)
    assert board_text(again) == board_text(parse_board(board_text(again)))


def meaning(board: Board) -> object:
    return (
        {(one.name, one.group) for one in board.components},
        [(edge.source, edge.target, edge.label, edge.both) for edge in board.edges],
    )
