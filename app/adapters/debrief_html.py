"""The debrief as one HTML file that needs nothing else: no script, no network, styles and charts inside.

What a candidate typed is text: Jinja2 escapes it, and notes are rendered with HTML, links and images
switched off, so that the page refers to no other place whatever is in it.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markupsafe import Markup

from app.adapters.board_svg import draw
from app.adapters.html_templates import html_templates
from app.adapters.svg_charts import Axis, TimeBar, radar, time_bars
from app.domain.board import parse_board
from app.domain.board_comparison import reference_board
from app.domain.case import Architecture
from app.domain.debrief import Debrief, StepTime
from app.domain.dispute import claim_words
from app.domain.levels import Verdict
from app.domain.pacing import clock
from app.domain.scorecard import RUBRICS_WORDS, Scorecard, Status
from app.domain.vocabulary import Step

_SHORT = {
    Step.REQUIREMENTS: "Requirements",
    Step.FRAMING: "Framing",
    Step.DATA: "Data and features",
    Step.MODELING: "Model",
    Step.EVALUATION: "Evaluation",
    Step.SERVING: "Serving",
    Step.MONITORING: "Monitoring",
}
_STATUSES = {
    Status.MET: "shown",
    Status.PARTIAL: "partly",
    Status.WRONG: "wrong",
    Status.NOT_SHOWN: "not shown",
    Status.NOT_ASSESSED: "did not come up",
}
_LEAST_AXES = 3


def debrief_html(debrief: Debrief, card: Scorecard, *, reference: Architecture | None = None) -> str:
    """The page.

    Args:
        debrief: what to tell.
        card: the scorecard that it is from, for the details by criterion.
        reference: the case's reference architecture, to be drawn.
    """
    environment = html_templates()
    environment.filters |= {"prose": _prose, "clock": clock, "status": _STATUSES.__getitem__}
    axes = [
        Axis(label=_SHORT[step.step], score=step.score, high=step.range.high if step.range is not None else None)
        for step in card.steps
    ]
    bars = [
        TimeBar(label=_SHORT[line.step], used=line.seconds, planned=line.budget, says=_says(line))
        for line in debrief.pace.steps
    ]
    timed = any(line.seconds is not None for line in debrief.pace.steps)
    return environment.get_template("debrief.html.j2").render(
        d=debrief,
        card=card,
        tone=_tone(debrief.verdict),
        claim_words=claim_words,
        rubrics_words=RUBRICS_WORDS,
        headings={note.place: note.heading for note in debrief.notes},
        radar=Markup(radar(axes, title="Score by step", name="radar")) if len(axes) >= _LEAST_AXES else None,
        drawn=Markup(draw(parse_board(debrief.board.text), title="Your board", name="drawn"))
        if debrief.board is not None
        else None,
        reference=Markup(draw(reference_board(reference), title="One good architecture", name="reference"))
        if reference is not None
        else None,
        times=Markup(time_bars(bars, title="Time by step", name="times")) if timed else None,
    )


def _prose(markdown: str) -> Markup:
    """Our own Markdown as HTML; whatever could refer to another place stays text."""
    plain = (
        MarkdownIt("commonmark", {"html": False}).enable("table").disable(["link", "image", "autolink", "reference"])
    )
    return Markup(plain.render(markdown))


def _says(line: StepTime) -> str:
    return line.used if line.budget is None else f"{line.used} of {clock(line.budget)}"


def _tone(verdict: Verdict) -> str:
    if verdict is Verdict.INSUFFICIENT_EVIDENCE:
        return "open"
    return "good" if verdict in {Verdict.LEAN_HIRE, Verdict.HIRE, Verdict.STRONG_HIRE} else "low"
