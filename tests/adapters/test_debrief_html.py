"""The page of a debrief: whole, without a script or another host, and nothing that was typed is more than text."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from app.adapters.debrief_html import debrief_html
from app.domain.debrief import Debrief
from app.domain.dispute import with_disputes
from app.domain.events import CandidateMessage, Disputed, Ended, Header, Interviewer, InterviewerMessage
from app.domain.kinds import EndReason, InterviewerKind, Move
from app.domain.scorecard import FlagQuote, HintTaken, Quote, Scorecard, Weighed, overall, rate, step_score
from app.domain.vocabulary import Level, Mode, Provenance, Step
from app.ports import StoredInterview
from app.services.debriefing import debrief_of
from tests.factories import make_catalog, make_note

AT = datetime(2026, 1, 5, tzinfo=UTC)
HOSTILE = (
    'start from the median <script>alert(1)</script> <img src="http://evil.invalid/x.png" onerror=alert(2)> '
    "[link](http://evil.invalid) ![p](http://evil.invalid/p.png) </style></details> {{ 7 * 7 }} {% raw %} **bold** &amp;"
)
VOID = {"meta", "br", "hr", "img", "link", "input"}


class Page(HTMLParser):
    """The elements of a page, with what stands in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def made(said: str = HOSTILE, **kept: object) -> tuple[Debrief, Scorecard]:
    """A debrief of two messages with a quote, a flag, a hint, a doubt and a dispute, all in the candidate's words."""
    hostile_note = make_note(Step.DATA).model_dump(mode="json")
    hostile_note["sections"][0]["text"] = (
        "See [x](http://notes.invalid) ![y](http://notes.invalid/y) <b>z</b> <http://n.invalid>"
    )
    notes = [make_note(step) for step in Step if step is not Step.DATA]
    catalog = make_catalog(notes=[*notes, type(notes[0]).model_validate(hostile_note)])
    brief, rules = catalog.brief("parcel-eta"), catalog.levels
    header = Header(
        id="i1",
        case="parcel-eta",
        level=Level.SENIOR,
        mode=Mode.MOCK,
        interviewer=Interviewer(kind=InterviewerKind.EXTERNAL),
        started_at=AT,
        content_hash="x",
    )
    events = (
        InterviewerMessage(seq=1, at=AT, id="a", index=0, content="Go <on>.", step=None, move=Move.OPEN),
        CandidateMessage(seq=2, at=AT, id="b", index=1, content=said, step=Step.REQUIREMENTS),
        Ended(seq=3, at=AT, reason=EndReason.CANDIDATE),
    )
    quote = Quote(turn=1, quote=said, provenance=Provenance.VOLUNTEERED)
    steps = []
    for step in Step:
        lines = []
        for criterion in brief.of_step(step):
            weighed = Weighed(
                criterion=criterion,
                quotes=(quote,) if criterion.id == "baseline" else (),
                asked=step is not Step.MONITORING,
                uncertain=said if criterion.id == "interval" else None,
            )
            lines.append(rate(weighed, level=Level.SENIOR, rules=rules))
        steps.append(step_score(step, lines))
    card = Scorecard(
        case="parcel-eta",
        level=Level.SENIOR,
        scored_by="builtin",
        content_hash="0123456789abcdef",
        recorded_hash=None,
        overall=overall(steps, flags=1, level=Level.SENIOR, rules=rules),
        steps=tuple(steps),
        red_flags=(FlagQuote(id="shuffled-scans", turn=1, quote=said),),
        hints=(HintTaken(criterion="drift", step=Step.MONITORING, rung=1, turn=0),),
        study=(),
    )
    dispute = Disputed(seq=4, at=AT, criterion="time-split", turn=1, quote=said)
    card = with_disputes(card, [dispute], brief=brief, rules=rules, asked={})
    return debrief_of(StoredInterview(header=header, events=events), card, catalog), card


@pytest.fixture(scope="module")
def html() -> str:
    return debrief_html(*made())


def test_it_is_a_whole_page_whose_elements_close(html: str) -> None:
    page = Page(html)
    assert page.open == [] and html.lstrip().lower().startswith("<!doctype html>")


def test_what_was_typed_is_text(html: str) -> None:
    page = Page(html)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "img", "iframe", "object", "embed", "link", "form", "base"}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    shown = "".join(page.texts)
    assert shown.count(HOSTILE) >= 6, "quote, flag, doubt, dispute, scorecard and dialogue"
    assert "Go <on>." in shown


def test_it_refers_to_no_other_place(html: str) -> None:
    page = Page(html)
    references = [
        str(value)
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in {"href", "src", "srcset", "action", "xlink:href", "data", "poster", "style"}
    ]
    assert references and all(reference.startswith("#") for reference in references)
    style = "".join(re.findall(r"(?s)<style>(.*?)</style>", html))
    assert style and not re.search(r"url\(|@import|//", style)


def test_every_link_leads_somewhere_and_ids_are_unique(html: str) -> None:
    page = Page(html)
    ids = [str(attributes["id"]) for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = {str(attributes["href"])[1:] for tag, attributes in page.tags if tag == "a"}
    assert "m1" in links and links <= set(ids)
    named = [str(attributes["aria-labelledby"]).split() for tag, attributes in page.tags if tag == "svg"]
    assert named and all(each in ids for names in named for each in names)


def test_it_can_be_read_without_seeing_it(html: str) -> None:
    page = Page(html)
    assert ("html", {"lang": "en"}) in page.tags
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    for tag, attributes in page.tags:
        if attributes.get("role") == "img":
            assert attributes.get("aria-label") or attributes.get("aria-labelledby"), tag


def test_what_was_not_assessed_and_what_is_disputed_are_shown_as_such(html: str) -> None:
    shown = " ".join("".join(Page(html).texts).split())
    assert "A dashed axis was not assessed and does not count." in shown
    assert "Disputed." in shown and "if everything that you dispute were credited" in shown
    assert "prefers-color-scheme: dark" in html and "@media print" in html


def test_the_page_needs_no_time_of_day() -> None:
    assert debrief_html(*made()) == debrief_html(*made())
