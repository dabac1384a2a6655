"""What fills the slots of a wording: answers, terms, questions and topics of a case, and the filling itself."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cached_property

from app.domain.catalog import Brief
from app.domain.rubric import Criterion
from app.domain.vocabulary import Step
from evals.infer.case_words import CaseWords, forms_of

SPOKEN = {
    Step.REQUIREMENTS: "requirements",
    Step.FRAMING: "framing the ML task",
    Step.DATA: "the data",
    Step.MODELING: "the model",
    Step.EVALUATION: "evaluation",
    Step.SERVING: "serving",
    Step.MONITORING: "monitoring",
}
_SLOT = re.compile(r"\{(\w+)\}")
_STATES = re.compile(r"(?:I|I'd|I'll|We|We'd|We'll|The|It's|A|An|Each|Every|Two|Positive|Train)\b")


class Material:
    """A case's texts, as the generators draw from them."""

    def __init__(self, brief: Brief) -> None:
        self._brief = brief
        self._words = CaseWords(brief, None)

    @cached_property
    def _by_step(self) -> dict[Step, list[Criterion]]:
        return {step: [each for each in self._brief.criteria if each.step is step] for step in Step}

    def unsaid(self, step: Step, *, covered: set[str], said: str, rng: random.Random) -> Criterion | None:
        """A criterion of a step that nobody covered, with a term that nobody said."""
        left = [each for each in self._by_step[step] if each.id not in covered and self.terms(each, said=said)]
        return rng.choice(left) if left else None

    def terms(self, criterion: Criterion, *, said: str) -> list[str]:
        """The give-away terms of a criterion that were not said and that the case does not state in public."""
        heard = f" {' '.join(forms_of(said))} "
        return [
            term
            for term in criterion.giveaways
            if f" {' '.join(forms_of(term))} " not in heard and tuple(forms_of(term)) in self._words.terms
        ]

    def answer(self, criterion: Criterion, *, rng: random.Random) -> str:
        """A sentence that covers a criterion, as a statement without its final stop."""
        whole = [text for text in criterion.covers if not text.endswith("?")]
        stated = [text for text in whole if _STATES.match(text)]
        return rng.choice(stated or whole or [criterion.hints.bottom_out]).rstrip(". ")

    def questions(self, step: Step, *, said: str, rng: random.Random) -> list[str]:
        """Probes of a step in one sentence each, none said before, in any order."""
        found = [
            probe
            for each in self._by_step[step]
            for probe in each.probes
            if probe.count("?") == 1 and not re.search(r"[.!?] ", probe) and "{" not in probe and probe not in said
        ]
        rng.shuffle(found)
        return found

    def nudge(self, criterion: Criterion) -> str:
        """The lightest hint for a criterion."""
        return criterion.hints.nudge

    def topic(self, criterion: str) -> str | None:
        """A criterion's name as a noun phrase; None for one that the case does not have."""
        known = self._brief.criterion_by_id.get(criterion)
        return known.name.split(":")[0] if known else None


def fill(wording: str, slots: Mapping[str, str]) -> str | None:
    """A wording with its slots filled as the sentence needs it; None where a slot has nothing to fill it.

    >>> fill("Honestly, {answer}.", {"answer": "I'd split by time"})
    "Honestly, I'd split by time."
    """
    if any(match.group(1) not in slots for match in _SLOT.finditer(wording)):
        return None

    def put(match: re.Match[str]) -> str:
        before = wording[: match.start()].rstrip()
        value = slots[match.group(1)]
        if match.group(1) == "turn":
            return value
        starts = not before or before[-1] in '.!?"“:'
        return value[:1].upper() + value[1:] if starts else _inside(value)

    text = _SLOT.sub(put, wording)
    text = re.sub(r"\?(?=[,;?])", "", text)
    return re.sub(r"\?\.", "?", text)


def _inside(value: str) -> str:
    """A text as it stands inside a sentence: lower case, but for "I" and abbreviations."""
    first = value.split(" ", 1)[0]
    if first.split("'")[0] == "I" or first[1:2].isupper() or first[1:2] in {"/", "-"}:
        return value
    return value[:1].lower() + value[1:]
