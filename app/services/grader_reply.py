"""Reads what a grader model replied for one step, criterion by criterion; what cannot be used is named.

A reply is asked for by JSON schema, yet anything may come. One bad entry costs its criterion and no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.grades import GraderQuote, Vote
from app.domain.rubric import Criterion
from app.domain.speech import words_of
from app.prompts.grading import REMOVED

LEAST_WORDS = 3
"""As in `observe.windows`: a shorter span is no evidence."""
_LONGEST_REASON = 400


class QuoteReply(BaseModel):
    """A span of the candidate's words, as the model gives it."""

    model_config = ConfigDict(extra="forbid")

    turn: int = Field(description="The turn of the candidate's line that the words stand in.")
    quote: str = Field(description="The candidate's words, copied exactly.")


class CriterionReply(BaseModel):
    """One criterion: the words, then the reason, then the rating."""

    model_config = ConfigDict(extra="forbid")

    quotes: list[QuoteReply]
    reason: str = Field(description="One sentence: what the words show, measured against the ratings.")
    rating: Literal[1, 2, 3, 4] | None = Field(description="Null if nothing of it was said.")


@dataclass(frozen=True)
class StepVotes:
    """What one reply holds: votes that can be used, and for the other criteria why there is none."""

    votes: dict[str, Vote] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


def reply_schema(criteria: Sequence[Criterion]) -> dict[str, Any]:
    """The JSON schema of a step's reply: an object with every criterion once, and none besides."""
    one = CriterionReply.model_json_schema()
    definitions = one.pop("$defs")
    ids = [criterion.id for criterion in criteria]
    by_id = {
        "type": "object",
        "properties": {id: {"$ref": "#/$defs/CriterionReply"} for id in ids},
        "required": ids,
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"criteria": by_id},
        "required": ["criteria"],
        "additionalProperties": False,
        "$defs": {**definitions, "CriterionReply": one},
    }


def read_reply(value: Mapping[str, Any], *, criteria: Sequence[Criterion], said: Mapping[int, str]) -> StepVotes:
    """The votes of one reply; a list of entries that name their criterion is read as well.

    Args:
        value: the JSON object that came.
        criteria: those of the step.
        said: the candidate's messages by turn, as the model was shown them.
    """
    entries = _entries(value.get("criteria"))
    found = StepVotes()
    for criterion in criteria:
        given = [entry for id, entry in entries if id == criterion.id]
        if len(given) != 1:
            found.problems[criterion.id] = "it was rated twice" if given else "the reply leaves it out"
            continue
        vote = _vote(given[0], said)
        if isinstance(vote, Vote):
            found.votes[criterion.id] = vote
        else:
            found.problems[criterion.id] = vote
    return found


def _entries(given: object) -> list[tuple[str, Mapping[str, Any]]]:
    """Entries with the criterion that each is about, whatever it may be."""
    if isinstance(given, Mapping):
        return [(str(id), entry) for id, entry in given.items() if isinstance(entry, Mapping)]
    if isinstance(given, list):
        return [(str(entry.get("criterion")), entry) for entry in given if isinstance(entry, Mapping)]
    return []


def _vote(entry: Mapping[str, Any], said: Mapping[int, str]) -> Vote | str:
    """The vote of one entry, or why it cannot be used."""
    reason, rating = entry.get("reason"), entry.get("rating", "")
    if not isinstance(reason, str) or not reason.strip():
        return "no reason was given"
    reason = " ".join(reason.split())[:_LONGEST_REASON]
    if rating is None:
        return Vote(reason=reason, rating=None)
    if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 4:
        return "its rating is not one of 1 to 4"
    given = entry.get("quotes")
    quotes = [verbatim(quote, said) for quote in given] if isinstance(given, list) else []
    kept = tuple(quote for quote in quotes if quote is not None)
    if not kept:
        return "it quotes nothing that the candidate said"
    return Vote(reason=reason, rating=rating, quotes=kept)


def verbatim(value: Any, said: Mapping[int, str]) -> GraderQuote | None:
    """A quote that stands in the candidate's message of that turn, letter by letter; None if it does not."""
    try:
        quote = QuoteReply.model_validate(value)
    except ValidationError:
        return None
    text = quote.quote.strip()
    if len(words_of(text)) < LEAST_WORDS or REMOVED in text or text not in said.get(quote.turn, ""):
        return None
    return GraderQuote(turn=quote.turn, quote=text)
