from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from app.adapters.matcher import ExampleMatcher
from app.domain.catalog import Catalog
from app.domain.events import Disputed
from app.services.assess import Assessor
from app.services.debrief import escape, interview_markdown, scorecard_markdown
from tests.services.conftest import Room

CASE = "video-recommendation"
TYPED = (
    "I'd split train and test by time <img src=x onerror=alert(1)> **so** [nothing](http://x.invalid) `leaks` & more."
)


def leaves(markdown: str) -> list[str]:
    """The types of everything that is rendered inside of a block."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    return [child.type for token in tokens for child in token.children or []] + [
        token.type for token in tokens if token.type in {"html_block", "fence", "code_block", "table_open"}
    ]


MARKS = st.sampled_from(list("\\`*_[]()<>#|~&!-+=1. \n\tab\"'"))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text(MARKS, max_size=40) | st.text(max_size=60))
def test_escaped_text_renders_as_itself(text: str) -> None:
    shown = " ".join(text.replace("\x00", "\ufffd").split())
    tokens = MarkdownIt("commonmark", {"html": True}).parse(f'- "{escape(text)}" (message 1)')
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "text_special"}
    assert "".join(child.content for child in inline) == f'"{shown}" (message 1)'


async def scored(room: Room, catalog: Catalog, matcher: ExampleMatcher, *lines: str) -> tuple[str, str]:
    await room.begin(CASE)
    for line in lines:
        await room.say(line)
    stored = await room.store.load(room.id)
    card, brief = Assessor(catalog=catalog, matcher=matcher).assess(stored), catalog.brief(CASE)
    return scorecard_markdown(card, brief), interview_markdown(stored, card, brief)


async def test_nothing_that_was_typed_is_rendered(room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
    card, whole = await scored(room, catalog, matcher, TYPED, "# heading\n\n> quote\n\n| a | b |\n|---|---|", "/end")
    assert r"\<img src=x onerror=alert(1)\>" in whole
    assert set(leaves(whole)) <= {"text", "text_special", "softbreak", "strong_open", "strong_close"}
    assert whole.startswith(card.rstrip("\n"))


async def test_a_message_s_list_stays_a_list(room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
    _, whole = await scored(
        room, catalog, matcher, "I'd log:\n- what was *shown*\n- what was clicked\n---\nand no more", "/end"
    )
    assert "You:** I'd log:\n- what was \\*shown\\*\n- what was clicked\n\\---\nand no more\n" in whole
    kinds = {token.type for token in MarkdownIt("commonmark").parse(whole.split("## The interview")[1])}
    assert "bullet_list_open" in kinds and not kinds & {"heading_open", "hr"}


async def test_the_card_shows_score_quotes_and_what_to_study(
    room: Room, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    said = "I'd split train and test by time, because a random split would leak the future into training."
    card, whole = await scored(room, catalog, matcher, "/next data", "/hint", said, "/end")
    assert card.startswith("## Scorecard: ")
    assert "at senior level" in card and "### 3 Data and features: " in card
    assert "### Hints taken" in card and "rung 1" in card
    assert f'"{said}" (message ' in card
    assert "### To study first" in card and f"(note {CASE}/" in card
    assert "**1. Interviewer:**" in whole and f"You:** {said}" in whole


async def test_a_card_of_other_content_says_so(room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
    await room.begin(CASE)
    stored = await room.store.load(room.id)
    older = stored.model_copy(update={"header": stored.header.model_copy(update={"content_hash": "f" * 16})})
    card = Assessor(catalog=catalog, matcher=matcher).assess(older)
    assert "The content has changed since this interview" in scorecard_markdown(card, catalog.brief(CASE))


@pytest.mark.parametrize(("text", "shown"), [("a\n\nb", "a b"), ("1 < 2", r"1 \< 2"), ("p * bid", r"p \* bid")])
def test_escape(text: str, shown: str) -> None:
    assert escape(text) == shown


async def test_what_is_disputed_is_marked(room: Room, catalog: Catalog, matcher: ExampleMatcher) -> None:
    await room.begin(CASE)
    for line in ("So that is that *then* and nothing more.", "/end"):
        await room.say(line)
    stored, assessor = await room.store.load(room.id), Assessor(catalog=catalog, matcher=matcher)
    quote = "So that is that *then*"
    said = Disputed(seq=stored.seq + 1, at=room.clock.now(), criterion="time-split", turn=1, quote=quote)
    card = assessor.assess(stored.model_copy(update={"events": (*stored.events, said)}))
    shown = scorecard_markdown(card, catalog.brief(CASE))
    assert "with what you dispute credited" in shown
    assert (
        r'disputed: you point at "So that is that \*then\*" (message 2, volunteered); credited, it would be 2' in shown
    )
