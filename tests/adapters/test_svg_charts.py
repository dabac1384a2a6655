from __future__ import annotations

import re
from xml.etree import ElementTree

from app.adapters.svg_charts import Axis, TimeBar, radar, time_bars

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ElementTree.Element:
    """As a browser reads it: inline SVG needs no namespace in HTML, an XML parser does."""
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def marked(svg: str, kind: str) -> list[ElementTree.Element]:
    return [each for each in parsed(svg).iter() if each.get("class") == kind]


def axes(*scores: int | None) -> list[Axis]:
    return [Axis(label=f"Step {place}", score=score) for place, score in enumerate(scores)]


def points(element: ElementTree.Element) -> list[tuple[float, ...]]:
    return [tuple(map(float, pair.split(","))) for pair in str(element.get("points")).split()]


class TestRadar:
    def test_scores_are_distances_from_the_middle(self) -> None:
        (shape,) = marked(radar(axes(100, 50, 0, 50), title="t", name="r"), "shape")
        top, right, bottom, left = points(shape)
        assert top == (210.0, 92.0) and right == (269.0, 210.0) and bottom == (210.0, 210.0) and left == (151.0, 210.0)

    def test_what_was_not_assessed_is_no_zero(self) -> None:
        drawn = radar(axes(80, None, 60, 40), title="t", name="r")
        assert len(marked(drawn, "dot")) == 3 and len(marked(drawn, "axis none")) == 1
        lines = marked(drawn, "shape")
        assert [each.tag for each in lines] == [f"{SVG}line"] * 2, "a gap at the axis, no line through the middle"
        assert [each.text for each in marked(drawn, "value")] == ["80", "not", "assessed", "60", "40"]

    def test_a_range_has_an_outline_of_its_own(self) -> None:
        plain = axes(10, 20, 30)
        assert marked(radar(plain, title="t", name="r"), "claimed") == []
        drawn = radar([plain[0].model_copy(update={"high": 60}), *plain[1:]], title="t", name="r")
        (claimed,) = marked(drawn, "claimed")
        assert points(claimed)[0] < points(marked(drawn, "shape")[0])[0]
        assert [each.text for each in marked(drawn, "value")][0] == "10–60"

    def test_it_is_told_to_those_who_do_not_see_it(self) -> None:
        drawn = parsed(radar([*axes(1, 2), Axis(label="<b> & co", score=None)], title="By step", name="x"))
        assert drawn.get("role") == "img" and drawn.get("aria-labelledby") == "x-t x-d"
        texts = {each.get("id"): each.text for each in drawn.iter()}
        assert texts["x-t"] == "By step"
        assert texts["x-d"] == "Step 0: 1 of 100; Step 1: 2 of 100; <b> & co: not assessed."


class TestTimeBars:
    def test_bars_are_to_scale_and_too_long_ones_marked(self) -> None:
        rows = [
            TimeBar(label="a", used=300, planned=600, says="5:00 of 10:00"),
            TimeBar(label="b", used=1200, planned=600, says="20:00 of 10:00"),
            TimeBar(label="c", used=None, planned=600, says="not opened"),
        ]
        drawn = time_bars(rows, title="t", name="n")
        (short,), (long,) = marked(drawn, "used"), marked(drawn, "used over")
        assert float(str(long.get("width"))) == 4 * float(str(short.get("width"))) == 460
        assert [each.get("width") for each in marked(drawn, "planned")] == ["230.0"] * 3
        assert [each.text for each in marked(drawn, "value")] == [row.says for row in rows]

    def test_without_any_time_there_are_labels_alone(self) -> None:
        drawn = time_bars([TimeBar(label="a", used=None, planned=None, says="not known")], title="t", name="n")
        assert not re.search("<rect", drawn) and "not known" in drawn
