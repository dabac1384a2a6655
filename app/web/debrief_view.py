"""What the page's elements of the end are given: the scorecard, its points, and what to study.

Pure functions from transcript, scorecard and debrief to props. The scorecard in them is the document that
`mlsd score --json` prints, unchanged; everything else is laid out for drawing. All of it is data: the elements
put texts where texts belong, so nothing that a candidate typed, and no note, ever becomes markup.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.domain.debrief import (
    Debrief,
    Gap,
    HintLine,
    LevelAnswer,
    Pace,
    PlanDay,
    ReferenceArchitecture,
    WrongClaim,
)
from app.domain.dispute import claim_words
from app.domain.events import CandidateMessage, InterviewerMessage
from app.domain.export import ExportForm
from app.domain.levels import Verdict
from app.domain.scorecard import RUBRICS_WORDS, Scorecard, StepScore
from app.domain.speech import sentences, words_of
from app.domain.vocabulary import Frozen, Level, Mode, Step
from app.ports import StoredInterview
from app.services.debriefing import VERDICTS
from app.services.disputes import LEAST_WORDS
from app.web.prose import Block, blocks

SCORECARD, POINTS, STUDY = "Scorecard", "Points", "StudyPlan"
"""The elements: each is drawn by public/elements/NAME.jsx."""
_FORMS = {ExportForm.MD: "Markdown", ExportForm.HTML: "HTML", ExportForm.JSON: "JSON"}
_GOOD = {Verdict.LEAN_HIRE, Verdict.HIRE, Verdict.STRONG_HIRE}


class StepName(Frozen):
    """A step, for labels."""

    step: Step
    number: int
    heading: str


class Said(Frozen):
    """A sentence of the candidate's, verbatim, and the message that it is in."""

    turn: int
    text: str


class Download(Frozen):
    """A file that can be had."""

    label: str
    href: str


class ScorecardProps(Frozen):
    """What `Scorecard.jsx` draws: the head of the scorecard.

    Attributes:
        tone: good, low, or open where there is no verdict.
        claimed: the verdict in words if all that is disputed were credited; None where nothing is.
        uncertain: how many sentences the matcher was not certain of.
    """

    interview: str
    title: str
    level: Level
    mode: Mode
    tone: str
    claimed: str | None
    headline: str
    reasons: tuple[str, ...]
    outlook: str
    uncertain: int
    card: Scorecard
    pace: Pace
    downloads: tuple[Download, ...]


class PointsProps(Frozen):
    """What `Points.jsx` draws: the scorecard step by step.

    Attributes:
        messages: the ids of the messages by turn, to jump to; JSON has no numbers for keys.
        said: what the candidate can point at.
        claims: by criterion, what crediting the newest sentence that it is disputed with would do.
        rubrics_words: how to take what a higher rating asks for.
        next_labels: by criterion, what that is called.
    """

    steps: tuple[StepName, ...]
    scores: tuple[StepScore, ...]
    hints: tuple[HintLine, ...]
    wrong_claims: tuple[WrongClaim, ...]
    messages: dict[str, str]
    said: tuple[Said, ...]
    claims: dict[str, str]
    next_labels: dict[str, str]
    rubrics_words: str = RUBRICS_WORDS


class GapProps(Frozen):
    """A gap, and what its goal asks for beyond one rating better."""

    gap: Gap
    beyond: str


class NoteProps(Frozen):
    """A section of a reference note."""

    place: str
    heading: str
    step: Step
    criteria: tuple[str, ...]
    blocks: tuple[Block, ...]


class AnswerProps(Frozen):
    """What an answer to a step sounds like."""

    step: Step
    blocks: tuple[Block, ...]
    next_level: Level | None
    next_text: str | None


class Picture(Frozen):
    """A drawing, such as the candidate's board or the reference architecture.

    Attributes:
        caption: what it is.
        description: the same in words, for those who do not see it.
        svg: the drawing; it is shown as an image, so nothing in it can act.
    """

    caption: str
    description: str
    svg: str


class StudyProps(Frozen):
    """What `StudyPlan.jsx` draws."""

    level: Level
    level_asks: str
    steps: tuple[StepName, ...]
    gaps: tuple[GapProps, ...]
    more_gaps: tuple[str, ...]
    notes: tuple[NoteProps, ...]
    answers: tuple[AnswerProps, ...]
    pictures: tuple[Picture, ...]
    architecture: ReferenceArchitecture | None
    plan: tuple[PlanDay, ...]


def summary(debrief: Debrief) -> str:
    """The message that the elements hang on: the verdict in one sentence."""
    score = "no score" if debrief.score is None else f"{debrief.score} of 100"
    if debrief.range is not None and debrief.range.high is not None:
        score += f", {debrief.range.high} with what you dispute"
    unofficial = {
        Mode.COACH: " It was coached, so the score is unofficial.",
        Mode.DRILL: " It was a drill, so the score is of these steps alone.",
        Mode.MOCK: "",
    }[debrief.mode]
    return f"**{VERDICTS[debrief.verdict]}** at {debrief.level.value} level, {score}.{unofficial}"


def scorecard_props(card: Scorecard, debrief: Debrief, *, interview_id: str) -> ScorecardProps:
    """The head of a scorecard, and the scorecard itself.

    Args:
        card: the scorecard.
        debrief: made from that card.
        interview_id: whose it is.
    """
    claimed = card.overall.claimed_verdict
    return ScorecardProps(
        interview=interview_id,
        title=debrief.title,
        level=debrief.level,
        mode=debrief.mode,
        tone=_tone(debrief.verdict),
        claimed=None if claimed is None else VERDICTS[claimed],
        headline=debrief.headline,
        reasons=debrief.reasons,
        outlook=debrief.outlook,
        uncertain=len(debrief.doubts),
        card=card,
        pace=debrief.pace,
        downloads=tuple(Download(label=label, href=export_path(interview_id, form)) for form, label in _FORMS.items()),
    )


def points_props(stored: StoredInterview, card: Scorecard, debrief: Debrief) -> PointsProps:
    """The scorecard step by step, with what the candidate can point at."""
    return PointsProps(
        steps=_step_names(),
        scores=card.steps,
        hints=debrief.hints,
        wrong_claims=debrief.wrong_claims,
        messages=_ids(stored),
        said=_said(stored),
        claims={
            line.id: _sentence(claim_words(line, line.disputed[-1]))
            for step in card.steps
            for line in step.criteria
            if line.disputed
        },
        next_labels={line.id: line.next_label for step in card.steps for line in step.criteria if line.next_level},
    )


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."


def study_props(debrief: Debrief, *, pictures: Iterable[Picture] = ()) -> StudyProps:
    """What to study.

    Args:
        debrief: of an interview that is over.
        pictures: the candidate's board and a good architecture, where there are any; they are set side by side.
    """
    return StudyProps(
        level=debrief.level,
        level_asks=debrief.level_asks,
        steps=_step_names(),
        gaps=tuple(GapProps(gap=gap, beyond=gap.beyond) for gap in debrief.gaps),
        more_gaps=debrief.more_gaps,
        notes=tuple(
            NoteProps(
                place=note.place, heading=note.heading, step=note.step, criteria=note.criteria, blocks=blocks(note.text)
            )
            for note in debrief.notes
        ),
        answers=tuple(_answer(answer) for answer in debrief.answers),
        pictures=tuple(pictures),
        architecture=debrief.architecture,
        plan=debrief.plan,
    )


def export_path(interview_id: str, form: ExportForm) -> str:
    """Where the page's server gives an interview as a file."""
    return f"/interviews/{interview_id}/debrief.{form.value}"


def element(name: str, *, id: str, thread_id: str, for_id: str, props: Frozen) -> dict[str, Any]:
    """Props as the element of a message that Chainlit's client draws; nothing of it is stored anywhere.

    Args:
        name: of the file in public/elements.
        id: the same each time, so that a later version takes the place of an earlier one.
        thread_id: the interview.
        for_id: the message that it hangs on.
        props: what is drawn.
    """
    return {
        "id": id,
        "threadId": thread_id,
        "type": "custom",
        "name": name,
        "display": "inline",
        "forId": for_id,
        "mime": "application/json",
        "props": props.model_dump(mode="json"),
    }


def _tone(verdict: Verdict) -> str:
    if verdict is Verdict.INSUFFICIENT_EVIDENCE:
        return "open"
    return "good" if verdict in _GOOD else "low"


def _step_names() -> tuple[StepName, ...]:
    return tuple(StepName(step=step, number=step.number, heading=step.heading) for step in Step)


def _ids(stored: StoredInterview) -> dict[str, str]:
    return {
        str(event.index): event.id
        for event in stored.events
        if isinstance(event, CandidateMessage | InterviewerMessage)
    }


def _said(stored: StoredInterview) -> tuple[Said, ...]:
    """The candidate's sentences that are long enough to show something, each message's once."""
    found = (
        Said(turn=event.index, text=span.text)
        for event in stored.events
        if isinstance(event, CandidateMessage)
        for span in sentences(event.content)
        if len(words_of(span.text)) >= LEAST_WORDS
    )
    return tuple(dict.fromkeys(found))


def _answer(answer: LevelAnswer) -> AnswerProps:
    return AnswerProps(
        step=answer.step, blocks=blocks(answer.text), next_level=answer.next_level, next_text=answer.next_text
    )
