"""What a drawing must hold whatever is drawn: nothing overlaps, no arrow runs through a box, all text is text."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as Xml
from functools import cache
from itertools import combinations, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.adapters.board_labels import place_labels, wrapped
from app.adapters.board_layout import Drawing, lay_out
from app.adapters.board_svg import draw, heads
from app.adapters.content_files import load_catalog, shipped_content
from app.domain.board import Board, parse_board
from app.domain.board_comparison import reference_board

CASES = {case.id: case for case in load_catalog(shipped_content()).cases if case.architecture is not None}
BOARDS = {
    "one box": "ranker",
    "boxes alone": "a, b, c, d, e",
    "a chain": "logs -> trainer -> model registry -> ranker",
    "a loop": "a -> b -> c -> a",
    "there and back": "a -> b: go\nb -> a: come",
    "both ways": "a <-> b",
    "two islands": "a -> b; c -> d",
    "groups and rest": "Serving: app, ranker; app -> ranker; logs -> trainer -> ranker; monitor",
    "six groups": "\n".join(f"G{i}: a{i}, b{i}\na{i} -> b{i} -> a{(i + 1) % 6}" for i in range(6)),
    "long names": "a component whose name takes three lines of it -> Donaudampfschifffahrtsgesellschaft: how long is it",
}  # fmt: skip


def board_of(name: str) -> Board:
    if name in BOARDS:
        return parse_board(BOARDS[name])
    architecture = CASES[name].architecture
    assert architecture is not None
    return reference_board(architecture)


@cache
def drawing_of(name: str) -> Drawing:
    return lay_out(board_of(name))


def spans(drawing: Drawing) -> list[tuple[int, int, int, int]]:
    return [(box.x, box.y, box.x + box.width, box.y + box.height) for box in drawing.boxes]


def crosses(start: tuple[int, int], end: tuple[int, int], box: tuple[int, int, int, int]) -> bool:
    """Whether a straight piece runs through the inside of a box."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return left < box[2] and box[0] < right + (left == right) and top < box[3] and box[1] < bottom + (top == bottom) and (
        (left == right and box[0] < left < box[2]) or (top == bottom and box[1] < top < box[3])
    )  # fmt: skip


def assert_sound(board: Board, drawing: Drawing) -> None:
    boxes = spans(drawing)
    assert len(boxes) == len(board.components) and len(drawing.arrows) == len(board.edges)
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    place = {component.name: box for component, box in zip(board.components, boxes, strict=True)}
    for edge, arrow in zip(board.edges, drawing.arrows, strict=True):
        first, last = arrow.points[0], arrow.points[-1]
        for (x, y), (left, top, right, bottom) in ((first, place[edge.source]), (last, place[edge.target])):
            assert (x in {left, right} and top <= y <= bottom) or (y in {top, bottom} and left <= x <= right)
        for start, end in pairwise(arrow.points):
            assert start[0] == end[0] or start[1] == end[1], "a way out was not found"
            assert not any(crosses(start, end, box) for box in boxes)
    right, bottom = drawing.left + drawing.width, drawing.top + drawing.height
    for box in boxes:
        assert drawing.left <= box[0] and drawing.top <= box[1] and box[2] <= right and box[3] <= bottom
    for label in drawing.labels:
        assert drawing.left <= label.x - label.width / 2 and label.x + label.width / 2 <= right


@pytest.mark.parametrize("name", [*BOARDS, *(pytest.param(case, marks=pytest.mark.slow) for case in CASES)])
def test_boxes_stand_apart_and_arrows_lead_around_them(name: str) -> None:
    board = board_of(name)
    assert_sound(board, drawing_of(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_labels_of_the_reference_architectures_cover_no_box_and_no_other_label(name: str) -> None:
    board = board_of(name)
    drawing = drawing_of(name)
    assert len(drawing.labels) == sum(bool(edge.label) for edge in board.edges)
    labels = [(one.x - one.width / 2, one.y - one.height / 2, one.x + one.width / 2, one.y + one.height / 2) for one in drawing.labels]  # fmt: skip
    over = [
        (one, other)
        for one, other in [*combinations(labels, 2), *((label, box) for label in labels for box in spans(drawing))]
        if one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
    ]
    assert over == []


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_frames_hold_their_own_boxes_and_no_other(name: str) -> None:
    board = board_of(name)
    drawing = drawing_of(name)
    for frame in drawing.frames:
        for component, box in zip(board.components, spans(drawing), strict=True):
            inside = frame.x < box[0] and box[2] < frame.x + frame.width and frame.y < box[1] and box[3] < frame.y + frame.height  # fmt: skip
            assert inside is (component.group == frame.title)


edges = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1])


@settings(deadline=None, max_examples=8, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(edges, min_size=1, max_size=14), st.lists(st.integers(0, 2), min_size=8, max_size=8))
def test_any_board_is_drawn_soundly(drawn: list[tuple[int, int]], groups: list[int]) -> None:
    lines = [f"n{source} -> n{target}" for source, target in drawn]
    lines += [f"Group {group}: n{node}" for node, group in enumerate(groups) if group]
    board = parse_board("\n".join(lines))
    assert_sound(board, lay_out(board))


def test_all_text_is_text_and_told_in_words() -> None:
    svg = draw(parse_board('Q&A "group": a & b, <c>'.replace("<c>", "c")), title="<script>")
    root = Xml.fromstring(svg)
    names = {element.tag.split("}")[1] for element in root.iter()}
    assert names == {"svg", "title", "desc", "style", "rect", "text", "tspan"}
    shown = "".join(root.itertext())
    assert "<script>" in shown and "a & b" in shown and 'Q&A "group"' in shown
    assert root.attrib["role"] == "img" and root.attrib["aria-labelledby"] == "board-t board-d"


def test_it_is_told_in_words_to_those_who_do_not_see_it() -> None:
    svg = draw(parse_board("Serving: app, ranker\napp -> ranker: ids\nranker <-> cache\nmonitor"), name="mine")
    desc = Xml.fromstring(svg).find("{http://www.w3.org/2000/svg}desc")
    assert desc is not None and desc.attrib["id"] == "mine-d"
    assert desc.text == (
        "Serving: app, ranker. app to ranker (ids). ranker to and from cache. Without arrows: monitor."
    )
    assert len(heads(lay_out(parse_board("a <-> b")).arrows[0])) == 2


def test_the_same_board_gives_the_same_drawing_in_another_process() -> None:
    text = BOARDS["groups and rest"]
    code = f"from app.adapters.board_svg import draw; from app.domain.board import parse_board; print(draw(parse_board({text!r})))"  # fmt: skip
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.strip() == draw(parse_board(text))


@pytest.mark.parametrize(
    ("text", "letters", "lines"),
    [
        ("ranker", 18, ("ranker",)),
        ("Taste, friends and demand store", 18, ("Taste, friends", "and demand store")),
        ("abcdefghij", 4, ("abcd", "efgh", "ij")),
    ],
)
def test_names_are_wrapped_evenly(text: str, letters: int, lines: tuple[str, ...]) -> None:
    assert wrapped(text, letters) == lines


def test_a_label_keeps_off_boxes() -> None:
    (label,) = place_labels(["scores"], [[(0, 0), (0, 200)]], boxes=[(-50, 60, 50, 140)])
    assert label.y + label.height / 2 <= 60 or label.y - label.height / 2 >= 140
