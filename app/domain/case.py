"""A case: the problem that is posed, what is known about it, and what is looked for in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from app.domain.rubric import Criterion, HintLadder, NearMiss, RedFlag
from app.domain.vocabulary import Frozen, Sentence, Slug, Step

Prose = Annotated[str, Field(min_length=20, max_length=4000)]


class Difficulty(StrEnum):
    """How hard a case is."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class Fact(Frozen):
    """Something about the problem that the interviewer tells when asked, always in the same words.

    Attributes:
        topic: one or two words, for the facts panel ("traffic", "labels").
        answer: what the interviewer says; one or two short spoken sentences.
        asks: ways in which people ask for it.
        values: numbers it states, by name, in plain units (no thousands separators).
        derived: numbers it states that follow from others, as arithmetic over the names of all facts.
    """

    id: Slug
    topic: Sentence
    answer: Sentence
    asks: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    values: dict[str, float] = {}
    derived: dict[str, str] = {}


class Decision(Frozen):
    """A question that is the candidate's to decide; the interviewer hands it back.

    Attributes:
        asks: ways in which people ask the interviewer to decide it.
        reply: how it is handed back, with one question.
    """

    id: Slug
    asks: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    reply: Sentence


class Choice(Frozen):
    """A design choice that a candidate may make; sound in itself, with consequences.

    Attributes:
        label: two to six words that name it when no quote is at hand.
        subject: as of `Criterion`.
        says: sentences in which people make it.
        unlike: sentences that sound alike and do not make it (negated, neighbouring).
        presses: what the interviewer asks about it; the tone of a red flag's presses, so that being
            pressed tells nothing. May hold {quote}.
    """

    id: Slug
    step: Step
    label: Sentence
    subject: Sentence | Literal[""] = ""
    says: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    unlike: tuple[Sentence, ...] = ()
    presses: tuple[Sentence, ...] = ()


class Tension(Frozen):
    """Two choices that do not go together unless something is done, or that cost something.

    Attributes:
        between: the ids of the two choices.
        asks: the question on hearing both; may hold {a} and {b} for the candidate's words.
        resolved_by: sentences by which the candidate has dealt with it already.
        criterion: the criterion that an answer speaks to, if one.
    """

    id: Slug
    between: tuple[Slug, Slug]
    asks: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    resolved_by: tuple[Sentence, ...] = ()
    criterion: Slug | None = None


class Twist(Frozen):
    """A constraint that changes in mid-interview and forces a redesign.

    Attributes:
        after: the step after which it may be sprung.
        text: what the interviewer says; it ends with one question.
        expects: what a good answer does; private.
        criterion: the criterion that an answer speaks to, if one.
    """

    id: Slug
    after: Step
    text: Sentence
    expects: Sentence
    criterion: Slug | None = None


class SharedUse(Frozen):
    """A shared criterion as it matters in a case: what is given here adds to or replaces the rubric's.

    Attributes:
        use: the id of the shared criterion.
        core: whether the interview is incomplete without it.
        weight: replaces the rubric's weight.
        probes: replace the rubric's, worded for this case.
        follow_ups: replace the rubric's.
        hints: replace the rubric's.
        covers: added to the rubric's.
        near_misses: added to the rubric's.
        giveaways: added to the rubric's.
    """

    use: Slug
    core: bool = False
    weight: int | None = Field(default=None, ge=1, le=3)
    probes: tuple[Sentence, ...] = ()
    follow_ups: tuple[Sentence, ...] = ()
    hints: HintLadder | None = None
    covers: tuple[Sentence, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    giveaways: tuple[Sentence, ...] = ()


class Component(Frozen):
    """A box of the reference architecture."""

    id: Slug
    name: Sentence
    group: Sentence
    also: tuple[Sentence, ...] = ()


class Edge(Frozen):
    """An arrow of the reference architecture."""

    source: Slug
    target: Slug
    label: str = ""


class Architecture(Frozen):
    """A reference architecture as components and edges; one of several good ones."""

    components: Annotated[tuple[Component, ...], Field(min_length=2)]
    edges: Annotated[tuple[Edge, ...], Field(min_length=1)]


class Reading(Frozen):
    """A real paper or engineering article."""

    title: Sentence
    authors: Sentence
    year: int = Field(ge=1950, le=2030)
    why: Sentence


class Case(Frozen):
    """One problem, as written in `knowledge/<id>/case.yaml`.

    Attributes:
        prompt: the opening, as vague as in a real interview.
        openers: per step, how the interviewer opens it in this case, in several wordings.
        shared: the shared criteria that matter here.
        criteria: the case's own.
        full: whether the case claims the full tier, which `mlsd check` then demands.
    """

    id: Slug
    title: Sentence
    category: Sentence
    difficulty: Difficulty
    summary: Sentence
    full: bool = True
    prompt: Prose
    openers: dict[Step, Annotated[tuple[Sentence, ...], Field(min_length=1)]]
    facts: tuple[Fact, ...]
    decisions: tuple[Decision, ...] = ()
    choices: tuple[Choice, ...] = ()
    tensions: tuple[Tension, ...] = ()
    twists: tuple[Twist, ...] = ()
    shared: tuple[SharedUse, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    red_flags: tuple[RedFlag, ...] = ()
    architecture: Architecture | None = None
    reading: tuple[Reading, ...] = ()


class NoteSection(Frozen):
    """A section of a reference note, revealed after the end.

    Attributes:
        heading: the section's title.
        criteria: ids of the criteria it helps with.
        text: Markdown.
    """

    heading: Sentence
    criteria: tuple[Slug, ...]
    text: str


class Note(Frozen):
    """The reference note of a case for one step."""

    case: Slug
    step: Step
    title: Sentence
    sections: tuple[NoteSection, ...]


def section_ids(note: Note) -> Iterator[str]:
    """One id per section, such as "data#splitting-by-time"; a repeated heading gets a number."""
    seen: Counter[str] = Counter()
    for section in note.sections:
        name = slug(section.heading)
        seen[name] += 1
        yield f"{note.step}#{name}" if seen[name] == 1 else f"{note.step}#{name}-{seen[name]}"


def slug(heading: str) -> str:
    """A heading as it is named in references: "Splitting by time" is "splitting-by-time"."""
    return "-".join(re.findall(r"[a-z0-9]+", heading.lower())) or "section"
