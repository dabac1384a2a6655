"""What a sentence of a model's is judged against, and how many answers a sentence requests."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from app.domain.catalog import Brief
from app.domain.directive import Directive
from app.domain.interview import normalise
from app.domain.kinds import Move
from app.domain.rubric import Criterion
from app.domain.speech import Span, is_question, questions, stems
from app.domain.wordings import topic_of
from app.ports import Manners
from app.services.plain_words import forms, runs
from app.services.quantities import values_of
from app.services.revealing import Reveals, reveals_nothing
from app.services.spelling import Spelling, spelling
from app.services.tells import pattern, shows

_SECOND_END = 7
_ASKS_WITHOUT_QUESTION = {Move.HAND_OVER}


@dataclass(frozen=True)
class Surroundings:
    """What a sentence is judged against: one turn of one interview.

    Attributes:
        brief: the case.
        directive: the move that the model picked.
        candidate: the candidate's messages so far.
        interviewer: the interviewer's so far, this turn's answers included.
        asked: normalised questions asked so far.
        instructions: what the model was told about itself.
        reveals: the criteria that some sentences would earn credit for if the candidate said them.
        manners: knows how interviewers speak; None for the rules alone.
    """

    brief: Brief
    directive: Directive
    candidate: tuple[str, ...]
    interviewer: tuple[str, ...]
    asked: frozenset[str] = frozenset()
    instructions: str = ""
    reveals: Reveals = reveals_nothing
    manners: Manners | None = None

    @cached_property
    def known(self) -> str:
        """All that the candidate has said, heard, or is about to hear in curated words."""
        return "\n".join((*self.candidate, *self.interviewer, self.directive.text))

    @cached_property
    def numbers(self) -> set[float]:
        """The numbers in it."""
        return values_of([self.known])

    @cached_property
    def forms(self) -> str:
        """Its words without their endings."""
        return forms(self.known)

    @cached_property
    def spelled(self) -> Spelling:
        """Its spelling."""
        return spelling(self.known)

    @cached_property
    def facts(self) -> str:
        """The facts of the case, which may be said again."""
        return normalise(" ".join(fact.answer for fact in self.brief.case.facts))

    @cached_property
    def known_stems(self) -> set[str]:
        """Stems of the words in it that carry meaning."""
        return stems(self.known)

    @cached_property
    def criterion(self) -> Criterion | None:
        """The move's."""
        return self.brief.criterion_by_id.get(self.directive.criterion or "")

    @cached_property
    def given(self) -> frozenset[str]:
        """Stems of what was said, the case's prompt and its facts."""
        facts = " ".join(fact.answer for fact in self.brief.case.facts)
        return frozenset(self.known_stems | stems(f"{self.brief.case.prompt} {facts}"))

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Stems of all that may be spoken of: what was said, the case's facts and the move's criterion."""
        own = [self.criterion] if self.criterion else []
        of_step = self.brief.of_step(self.directive.step) if self.directive.move is Move.ADVANCE else ()
        return self.given.union(*map(topic_of, (*of_step, *own)))

    @cached_property
    def asked_about(self) -> frozenset[str]:
        """Stems of what was said, the case's facts and the questions of the move's criterion."""
        return self.given | stems(" ".join(self.criterion.probes if self.criterion else ()))

    @cached_property
    def elsewhere(self) -> list[set[str]]:
        """The words of the questions of all other criteria."""
        others = (one for one in self.brief.criteria if one.id != self.directive.criterion)
        return [words for one in others for probe in one.probes if len(words := stems(probe)) > 2]

    @cached_property
    def instruction_runs(self) -> set[tuple[str, ...]]:
        """Runs of seven words of the instructions."""
        return runs(self.instructions)

    @property
    def may_ask(self) -> bool:
        """Whether the move asks something."""
        return self.directive.question is not None or self.directive.move in _ASKS_WITHOUT_QUESTION


def asks(sentence: str) -> int:
    """How many answers a sentence requests; imperatives count, a short second end ("and why?") does not."""
    marks = len(re.findall(r"\?+", sentence))
    span = Span(start=0, end=len(sentence), text=sentence)
    if marks == 0:
        unmarked = is_question(span) or shows("unmarked_question", sentence)
        return 1 if unmarked or shows("imperative", sentence) else 0
    ends = [part for part in questions(span) if shows("interrogative", part.text)]
    return max(marks, 1 + sum(1 for end in ends[1:] if end.words > _SECOND_END), 2 if len(ends) > 2 else 1)


def requests_so_far(sentence: str, shown: Sequence[str]) -> int:
    """How many answers a reply requests up to and with a sentence."""
    return sum(asks(text) for text in (*shown, sentence))


def hands_over(sentence: str) -> bool:
    """Whether the floor is the candidate's after it: a question is answered, "help me see that" may go on."""
    return "?" in sentence and asks(sentence) > 0


def tells_of(block: str, sentence: str, around: Surroundings) -> bool:
    """Whether a sentence holds a wording of a block in words that are not the curated or the candidate's."""
    own = f" {normalise(around.directive.text)} "
    said = f" {normalise(around.known)} "
    return any(
        f" {match} " not in own and (match.count(" ") < 2 or f" {match} " not in said)
        for found in pattern(block).finditer(sentence.replace("’", "'"))
        if (match := normalise(found.group())) or found.group()
    )
