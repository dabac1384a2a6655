"""The debrief: what is told after the end, as one document that Markdown, HTML and JSON are rendered from.

It reveals what the interview kept back: anchors, reference notes and the reference architecture.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.domain.board_comparison import BoardComparison
from app.domain.levels import Verdict
from app.domain.pacing import clock
from app.domain.scorecard import Quote, Rating, Score, ScoreRange, Status
from app.domain.vocabulary import Frozen, Level, Mode, Slug, Step


class Strength(Frozen):
    """What went well, with the candidate's own words."""

    criterion: Slug
    name: str
    step: Step
    rating: Rating
    why: str
    quotes: tuple[Quote, ...]


class Gap(Frozen):
    """What was below what the level asks for.

    Attributes:
        expected: the rating that the level asks for.
        worth: points of 100 that reaching it would add; None for what did not come up, and without a score.
        why: what became of it in this interview.
        quotes: what was said of it.
        lift_to: the rating to aim for next; where a wrong claim stood, what is sound.
        lift: the anchor of that rating.
        goal: the anchor of the expected rating, of a 3 at the least, with the one below it where it builds on that.
        at_level: what a candidate of this level shows.
        example: a sentence that would have earned that rating; None where the case has none of its own.
        question: a way in which an interviewer asks for it.
        notes: the sections of `Debrief.notes` that help.
        minutes: how long those take to read.
    """

    criterion: Slug
    name: str
    step: Step
    core: bool
    weight: int
    status: Status
    rating: Rating | None
    expected: Rating
    worth: int | None
    why: str
    quotes: tuple[Quote, ...]
    lift_to: Rating
    lift: str
    goal: str
    at_level: str
    example: str | None
    question: str
    notes: tuple[str, ...]
    minutes: int

    @property
    def lift_heading(self) -> str:
        """What getting there is called."""
        if self.status is Status.WRONG:
            return f"Put right, {self.lift_to} of 4"
        return f"For {self.lift_to} of 4, in the rubric's words"

    @property
    def beyond(self) -> str:
        """What the goal asks for beyond one rating better; empty where that is the goal."""
        return self.goal.removeprefix(self.lift).strip() if self.expected > self.lift_to else ""


class NoteExcerpt(Frozen):
    """A section of a reference note.

    Attributes:
        place: such as "data#splitting-by-time".
        text: Markdown.
        criteria: the names of the gaps that it helps with.
    """

    place: str
    step: Step
    heading: str
    text: str
    criteria: tuple[str, ...]


class LevelAnswer(Frozen):
    """What an answer to a step sounds like at the level, and at the next one where there is one."""

    step: Step
    text: str
    next_level: Level | None
    next_text: str | None


class WrongClaim(Frozen):
    """A claim that was wrong, in the candidate's words.

    Attributes:
        claim: what is wrong with it.
        name: the criterion that it is about.
        corrected: whether it was put right or taken back later.
    """

    claim: str
    name: str
    step: Step
    turn: int
    quote: str
    corrected: bool


class Doubt(Frozen):
    """A sentence that may have been meant for a criterion; the matcher was not certain enough to credit it."""

    criterion: Slug
    name: str
    step: Step
    turn: int | None
    quote: str


class HintLine(Frozen):
    """A hint that was taken; `caps_at` is the highest rating that later evidence could earn."""

    criterion: Slug
    name: str
    step: Step
    rung: int
    caps_at: Rating
    turn: int


class StepTime(Frozen):
    """Time in one step against its budget, in seconds; None where unknown or untimed.

    Attributes:
        heard: of a step that was never opened and is scored all the same: whether it was asked about in other steps,
            or what was said of it came unasked.
    """

    step: Step
    opened: bool
    seconds: float | None
    budget: float | None
    heard: Literal["unasked", "elsewhere"] | None = None

    @property
    def used(self) -> str:
        """The time in words, or why there is none."""
        if self.seconds is None:
            return "not known"
        if self.opened:
            return clock(self.seconds)
        return "not opened" if self.heard is None else f"said {self.heard}"


class Pace(Frozen):
    """Where the time went, pauses left out; in seconds, None where unknown or untimed."""

    elapsed: float | None
    total: float | None
    steps: tuple[StepTime, ...]
    remarks: tuple[str, ...]


class ComponentGroup(Frozen):
    """Boxes of the reference architecture that belong together."""

    group: str
    components: tuple[str, ...]


class ReferenceArchitecture(Frozen):
    """One good architecture among several; each edge in words."""

    groups: tuple[ComponentGroup, ...]
    edges: tuple[str, ...]


class DrawnBoard(Frozen):
    """The candidate's last board, and the reference beside it.

    Attributes:
        turn: index of the message that drew it.
        text: as typed.
        comparison: with the case's reference; None where the case has none.
        remarks: the comparison in plain words.
    """

    turn: int
    text: str
    comparison: BoardComparison | None
    remarks: tuple[str, ...]


class PlanTask(Frozen):
    """Something to do.

    Attributes:
        reads: the sections of `Debrief.notes` to read for it.
        command: what to type for it, where there is something; ID stands for the id of that day's interview.
    """

    minutes: Annotated[int, Field(ge=1, le=60)]
    text: str
    reads: tuple[str, ...] = ()
    command: str | None = None


class PlanDay(Frozen):
    """About an hour's work."""

    day: Annotated[int, Field(ge=1, le=7)]
    title: str
    tasks: tuple[PlanTask, ...]

    @property
    def minutes(self) -> int:
        """In all."""
        return sum(task.minutes for task in self.tasks)


class DialogueLine(Frozen):
    """One message; `turn` is its index, `board` whether it draws a board."""

    turn: int
    speaker: Literal["candidate", "interviewer"]
    step: Step | None
    content: str
    board: bool = False


class Debrief(Frozen):
    """The whole.

    Attributes:
        headline: the verdict in plain words.
        reasons: why, beginning with the scorecard's own reasons.
        outlook: what would lift the verdict.
        level_asks: what the level asks for.
        official: false after a coached interview or a drill, whose score is no mock's.
        more_gaps: names of the gaps that matter less.
        board: what was drawn; None if nothing was.
        plan: seven days.
        own_notes: what the candidate noted down for themselves; not scored.
    """

    case: Slug
    title: str
    level: Level
    mode: Mode
    official: bool
    verdict: Verdict
    score: Score | None
    range: ScoreRange | None
    claimed_verdict: Verdict | None
    headline: str
    reasons: tuple[str, ...]
    outlook: str
    level_asks: str
    strengths: tuple[Strength, ...]
    gaps: tuple[Gap, ...]
    more_gaps: tuple[str, ...]
    wrong_claims: tuple[WrongClaim, ...]
    doubts: tuple[Doubt, ...]
    hints: tuple[HintLine, ...]
    pace: Pace
    notes: tuple[NoteExcerpt, ...]
    answers: tuple[LevelAnswer, ...]
    architecture: ReferenceArchitecture | None
    board: DrawnBoard | None = None
    plan: tuple[PlanDay, ...]
    dialogue: tuple[DialogueLine, ...]
    own_notes: str = ""
