"""Who a simulated candidate is: a persona as data, read from `evals/personas.yaml`.

A persona says how somebody behaves in an interview, never what they know: the sentences come from the
case (`evals.sentence_pool`), and `evals.candidate` puts the two together.
"""

from __future__ import annotations

import hashlib
import re
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, ValidationError, field_validator

from app.domain.vocabulary import Frozen, Slug, Step
from app.errors import ContentError, InputError

PERSONAS = Path(__file__).with_name("personas.yaml")
Chance = Annotated[float, Field(ge=0, le=1)]
Phrases = tuple[str, ...]


class Kind(StrEnum):
    """What a sentence of a candidate's is worth: it covers a criterion, misses it in some way, or is a wrong claim."""

    COVERS = "covers"
    VAGUE = "vague"
    NEGATED = "negated"
    WRONG = "wrong"
    NEIGHBOUR = "neighbour"
    FLAG = "flag"


class Between(Frozen):
    """A range, both ends included."""

    least: int = Field(ge=0)
    most: int = Field(ge=0)


class Rewrite(Frozen):
    """A way of speaking: what matches `pattern` becomes `into`, each time with a chance."""

    pattern: str
    into: str
    chance: Chance

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        re.compile(pattern)
        return pattern


class Persona(Frozen):
    """How a candidate behaves. Chances are per turn unless said otherwise.

    Attributes:
        summary: one line for people.
        quality: weights of the kinds of sentences it uses.
        after_hint: the weights in the message after a hint.
        words: words a message, where there is that much to say.
        volunteers: share of a step's criteria that it comes to by itself.
        takes_up: chance that it answers the question that was asked, instead of going on with its own plan.
        holds_on: chance that it repeats a wrong claim when pressed.
        dont_know: chance of "I don't know" when asked for something.
        wants_hint: chance that a gap, or the offer of a hint, leads to a request for one.
        asks: chance of clarifying questions in a message.
        asks_first: clarifying questions in the first message; 0 begins with the design.
        questions: clarifying questions a message, where it asks any.
        odd_questions: questions that no case answers; `odd` is the chance that one is mixed in.
        order: the order in which it goes through the steps, where that is its own.
        leads_on: chance that it goes to the next step by itself when it has said what it wanted.
        by_command: chance that a hint or the next step is asked for by command instead of in words.
        short: messages that say nothing or next to nothing; `short_chance` is the chance of one.
        inserts: lines that do not belong in an interview; `insert_chance` likewise.
        fillers: what is said between sentences; `filler_chance` is per sentence.
        before: what a message may begin with; `before_chance` likewise.
        links: what a further sentence may begin with; `link_chance` is per sentence.
        unsure: ways of saying "I don't know".
        hint_words: ways of asking for a hint.
        next_words: ways of going on to {step}.
        idle: what it says with nothing left to say on a step.
        twisted: what it says first when a constraint changes.
        closing: what it says when its own questions are invited, in order; the last one ends it.
        speech: rewrites of everything it says.
        words_per_second: how fast it speaks.
        thinks: seconds before it speaks.
    """

    id: Slug
    summary: str
    quality: dict[Kind, float]
    after_hint: dict[Kind, float] = {}
    words: Between
    volunteers: Chance
    takes_up: Chance = 1.0
    holds_on: Chance = 0.0
    dont_know: Chance = 0.0
    wants_hint: Chance = 0.0
    asks: Chance = 0.0
    asks_first: int = Field(default=0, ge=0)
    questions: Between = Between(least=1, most=1)
    odd_questions: Phrases = ()
    odd: Chance = 0.0
    order: tuple[Step, ...] = ()
    leads_on: Chance = 0.0
    by_command: Chance = 0.0
    short: Phrases = ()
    short_chance: Chance = 0.0
    inserts: Phrases = ()
    insert_chance: Chance = 0.0
    fillers: Phrases = ()
    filler_chance: Chance = 0.0
    before: Phrases = ()
    before_chance: Chance = 0.0
    links: Phrases = ()
    link_chance: Chance = 0.0
    unsure: Phrases = Field(min_length=1)
    hint_words: Phrases = Field(min_length=1)
    next_words: Phrases = Field(min_length=1)
    idle: Phrases = Field(min_length=1)
    twisted: Phrases = ()
    closing: Phrases = Field(min_length=1)
    speech: tuple[Rewrite, ...] = ()
    words_per_second: float = Field(default=2.3, gt=0)
    thinks: Between = Between(least=4, most=20)

    @property
    def digest(self) -> str:
        """16 hex digits over everything that makes the persona what it is."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def load_personas(file: Path = PERSONAS) -> dict[str, Persona]:
    """All personas by id; what a persona leaves out is taken from `defaults`.

    Raises:
        ContentError: the file is damaged.
    """
    try:
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        defaults: dict[str, Any] = content["defaults"]
        return {
            name: Persona.model_validate({**defaults, **fields, "id": name})
            for name, fields in content["personas"].items()
        }
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ContentError(
            f"{first['msg']} (found {first['input']!r:.60}); mend it", file=str(file), field=field
        ) from error
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise ContentError(f"the personas cannot be read ({error}); mend the file", file=str(file)) from error


def persona_named(name: str) -> Persona:
    """A persona by id.

    Raises:
        InputError: there is none; near names are offered.
    """
    known = load_personas()
    if name not in known:
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known)}, or a script's file"
        raise InputError(f"there is no persona and no file {name!r}; {hint}")
    return known[name]
