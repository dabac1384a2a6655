"""What an interview has received so far: per step, per criterion, and across steps.

The steps are a ledger, not rails: what is said early counts where it belongs. Entries are filled by
the fold in `interview.py` and only read elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from app.domain.board import Board
from app.domain.events import DoubtNoted, EvidenceFound
from app.domain.vocabulary import Provenance, Step

MOST_PROBES_A_CRITERION = 2


_FAINT = 0.4
"""The matcher's score below which what may cover a criterion mostly does not (1 in 4 of the calibration sentences)."""


@dataclass
class CriterionEntry:
    """What was said of and asked for one criterion.

    Attributes:
        asked: turns in which the interviewer asked for it (probe, ground, nudge, or a press about it).
        deepened: turns in which the interviewer went deeper into it.
        given_up: turns in which the candidate did not know.
        rung: the highest hint rung released, 0 for none.
        hint_turns: the turn of each rung, lowest first.
        parked: whether it was left open to come back to.
    """

    evidence: list[EvidenceFound] = field(default_factory=list)
    doubts: list[DoubtNoted] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    deepened: list[int] = field(default_factory=list)
    given_up: list[int] = field(default_factory=list)
    rung: int = 0
    hint_turns: list[int] = field(default_factory=list)
    parked: bool = False

    @property
    def faint(self) -> bool:
        """Whether there are only weak signs of it and it was never asked for."""
        if not self.doubts or self.covered or self.asked or self.given_up or self.rung:
            return False
        return all(doubt.score is not None and 0.0 < doubt.score < _FAINT for doubt in self.doubts)

    @property
    def covered(self) -> bool:
        """Whether it was surely said."""
        return bool(self.evidence)

    @property
    def doubtful(self) -> bool:
        """Whether it may have been said, and not surely."""
        return bool(self.doubts) and not self.evidence

    @property
    def spent(self) -> bool:
        """Whether asking again would be pressing: asked twice, given up, or hinted to the last rung."""
        return len(self.asked) >= MOST_PROBES_A_CRITERION or bool(self.given_up) or self.rung >= 3

    def provenance(self) -> Provenance:
        """How evidence that arrives now comes about."""
        if self.rung:
            return Provenance.HINTED
        return Provenance.PROMPTED if self.asked else Provenance.VOLUNTEERED


@dataclass
class StepEntry:
    """What happened in one step.

    Attributes:
        opened: turn index of the message after which it was first opened, None if never.
        seconds: time spent in it.
        probes: questions asked in it for a criterion of any step.
        passed: whether the candidate's own "next" or "end" left it.
    """

    opened: int | None = None
    seconds: float = 0.0
    probes: int = 0
    passed: bool = False


@dataclass(frozen=True)
class Said:
    """A span of a candidate's message.

    Attributes:
        turn: index of the message.
        quote: verbatim substring of it.
    """

    turn: int
    quote: str


@dataclass
class Ledger:
    """Everything that is remembered across steps.

    Attributes:
        choices: where each choice was made last, so that pressing it quotes what was just heard.
        sure_choices: the same for those that leave little doubt.
        board: what the candidate's newest board draws; None before there is one.
    """

    criteria: dict[str, CriterionEntry] = field(default_factory=dict)
    steps: dict[Step, StepEntry] = field(default_factory=lambda: {step: StepEntry() for step in Step})
    facts: dict[str, int] = field(default_factory=dict)
    assumptions: list[Said] = field(default_factory=list)
    numbers: list[Said] = field(default_factory=list)
    choices: dict[str, Said] = field(default_factory=dict)
    sure_choices: dict[str, Said] = field(default_factory=dict)
    flags: dict[str, list[Said]] = field(default_factory=dict)
    resolved: set[str] = field(default_factory=set)
    pressed: dict[str, int] = field(default_factory=dict)
    twists: list[str] = field(default_factory=list)
    dives: list[str] = field(default_factory=list)
    questions: set[str] = field(default_factory=set)
    said_by_interviewer: list[str] = field(default_factory=list)
    board: Board | None = None

    def entry(self, criterion: str) -> CriterionEntry:
        """The entry of a criterion; an empty one if nothing happened yet."""
        return self.criteria.setdefault(criterion, CriterionEntry())

    def covered(self, criterion: str) -> bool:
        """Whether the criterion was surely said."""
        return criterion in self.criteria and self.criteria[criterion].covered

    def touched(self, criterion: str) -> bool:
        """Whether it was said, perhaps said, or asked for."""
        entry = self.criteria.get(criterion)
        return entry is not None and bool(entry.evidence or entry.doubts or entry.asked)
