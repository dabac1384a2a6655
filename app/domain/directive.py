"""What the policy hands to whoever words it: answers that must be given, and moves that may be made."""

from __future__ import annotations

from app.domain.kinds import EndReason, Move
from app.domain.vocabulary import Frozen, Slug, Step


class Answer(Frozen):
    """Something that is said before the move: a fact, a question handed back, a request declined.

    Attributes:
        text: as spoken.
        fact: the fact it states.
        decision: the decision it hands back.
        asks: whether it ends in a question.
    """

    text: str
    fact: Slug | None = None
    decision: Slug | None = None
    asks: bool = False
    declines: bool = False


class Directive(Frozen):
    """One move that the interviewer may make.

    Attributes:
        step: the step that it leaves the candidate in.
        lead: curated words without a content question.
        question: the curated question, if the move asks one.
        template: the wording it was made from, with its placeholders, so that it is not used again.
        criterion: what it asks for or hints at.
        about: the red flag, choice, tension or twist it is about.
        opens: the step to open.
        parks: criteria left open, to come back to.
        ends: why the interview ends with it.
    """

    move: Move
    step: Step
    lead: str = ""
    question: str | None = None
    template: str | None = None
    criterion: Slug | None = None
    about: Slug | None = None
    rung: int | None = None
    opens: Step | None = None
    parks: tuple[Slug, ...] = ()
    ends: EndReason | None = None

    @property
    def text(self) -> str:
        """The move in curated words."""
        return " ".join(part for part in (self.lead, self.question) if part)


class Decision(Frozen):
    """The answers owed and the moves allowed, the most fitting first."""

    answers: tuple[Answer, ...]
    moves: tuple[Directive, ...]

    def curated(self, directive: Directive) -> str:
        """The whole reply in curated words."""
        parts = [answer.text for answer in self.answers] + [directive.text]
        return " ".join(part for part in parts if part)
