"""A language model as a judge, in addition to the measures and never instead of them.

Typed replies with the reason before the rating; several votes, of which the median counts; in comparisons both orders,
and a preference counts only where both agree. A reply that cannot be read, or that does not come, is unscored, not
zero; where the endpoint fails again and again the judge stops asking. Every reply is kept on disk under the hash of
what was asked, so that a stopped run goes on where it was.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.domain.vocabulary import Frozen
from app.errors import ModelError, ReplyError
from app.ports import ChatMessage, ChatModel
from app.prompts import render
from evals.samples import Transcript
from evals.suites import Check, Suite, Unit, Vote

QUESTIONS = {
    "judge/listens": "Does the interviewer take up what was just said, and ask nothing that was said before?",
    "judge/gives_nothing_away": "Does the interviewer keep answers to itself, hints that were asked for aside?",
    "judge/neutral": "Does the interviewer stay neutral, without praise, verdicts or agreement with what is wrong?",
    "judge/clear": "Are the interviewer's turns short and clear, with one question at a time?",
}
PREFERENCE = "preferred"
"""Added to a question's name where two interviews are compared."""
VOTES = 3
_TOKENS = 600
_AT_ONCE = 4
_TRIES = 3
_WAIT_S = 1.0
_MOST_FAILURES = 6
_MOST_CHARACTERS = 24_000


class Rating(BaseModel):
    """What a judge says of one interview."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1)
    rating: int = Field(ge=1, le=5)


class Preference(BaseModel):
    """What a judge says of two."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1)
    better: Literal["first", "second", "same"]


class Judged(Frozen):
    """What came of one question; the value is null if no vote could be scored."""

    value: float | None
    votes: tuple[Vote, ...]


Reply = TypeVar("Reply", Rating, Preference)


class Judge:
    """A model with a memory on disk, which stops being asked after six failures in a row.

    Args:
        folder: where replies are kept, one small file each.
        votes: how often each question is asked.
    """

    def __init__(self, model: ChatModel, *, folder: Path, votes: int = VOTES) -> None:
        self._model = model
        self._folder = folder
        self._votes = votes
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._failures = 0
        self._stopped_by: ModelError | None = None

    @property
    def stopped_by(self) -> ModelError | None:
        """The last of the failures after which the model was no longer asked; None while it is."""
        return self._stopped_by

    async def rate(self, transcript: Transcript, question: str) -> Judged:
        """The median of the votes, 1 to 5."""
        prompt = render("judge_rate", question=question, dialogue=dialogue_of(transcript))
        replies = await asyncio.gather(*(self._ask(prompt, Rating, vote=vote) for vote in range(self._votes)))
        return _judged([Vote(value=reply.rating, reason=reply.reason) if reply else Vote() for reply in replies])

    async def prefer(self, one: Transcript, other: Transcript, question: str) -> Judged:
        """1 if the first is better, -1 if the second is, 0 if the votes do not agree.

        Each vote asks in both orders, and counts only where both replies mean the same interview.
        """
        texts = dialogue_of(one), dialogue_of(other)
        orders = [
            render("judge_prefer", question=question, first=first, second=second)
            for first, second in (texts, texts[::-1])
        ]
        asked = [(self._ask(prompt, Preference, vote=vote)) for vote in range(self._votes) for prompt in orders]
        replies = await asyncio.gather(*asked)
        votes = []
        for straight, swapped in zip(replies[::2], replies[1::2], strict=True):
            if straight is None or swapped is None:
                votes.append(Vote())
                continue
            meant = {"first": 1, "second": -1, "same": 0}
            here, there = meant[straight.better], -meant[swapped.better]
            reason = f"{straight.reason} / in the other order: {swapped.reason}"
            votes.append(Vote(value=here if here == there else 0, reason=reason))
        return _judged(votes)

    async def _ask(self, prompt: str, kind: type[Reply], *, vote: int) -> Reply | None:
        key = hashlib.sha256(f"{self._model.name}\0{kind.__name__}\0{vote}\0{prompt}".encode()).hexdigest()
        file = self._folder / key[:2] / f"{key}.json"
        kept = _kept(file, kind)
        if kept is not None:
            return kept
        async with self._gate:
            reply = await self._fresh_or_none(prompt, kind)
        if reply is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            temporary = file.with_suffix(f".{os.getpid()}-{id(reply)}.tmp")
            temporary.write_text(reply.model_dump_json(), encoding="utf-8")
            temporary.replace(file)
        return reply

    async def _fresh_or_none(self, prompt: str, kind: type[Reply]) -> Reply | None:
        """A reply; None where it fails, cannot be read, or is no longer asked for."""
        if self._stopped_by is not None:
            return None
        try:
            reply = await self._fresh(prompt, kind)
        except ModelError as error:
            self._failures += 1
            if self._failures >= _MOST_FAILURES:
                self._stopped_by = error
            return None
        self._failures = 0
        return reply

    async def _fresh(self, prompt: str, kind: type[Reply]) -> Reply | None:
        for attempt in range(1, _TRIES + 1):
            try:
                value = await self._model.complete_json(
                    [ChatMessage(role="user", content=prompt)],
                    schema=kind.model_json_schema(),
                    schema_name=kind.__name__.lower(),
                    max_tokens=_TOKENS,
                )
                return kind.model_validate(value)
            except (ReplyError, ValidationError):
                return None
            except ModelError as error:
                if not error.retryable or attempt == _TRIES:
                    raise
                await asyncio.sleep(error.retry_after or _WAIT_S * attempt)
        return None


def _judged(votes: Sequence[Vote]) -> Judged:
    values = [vote.value for vote in votes if vote.value is not None]
    return Judged(value=float(median(values)) if values else None, votes=tuple(votes))


def dialogue_of(transcript: Transcript) -> str:
    """The dialogue as a judge reads it, its middle left out where it is very long."""
    text = "\n".join(f"[{turn.index}] {turn.speaker.value}: {turn.content}" for turn in transcript.turns)
    if len(text) <= _MOST_CHARACTERS:
        return text
    half = _MOST_CHARACTERS // 2
    return f"{text[:half]}\n[...]\n{text[-half:]}"


def judge_suite() -> Suite:
    """The judge's figures as a suite without targets: a judge is reported, and nothing fails on it."""
    return Suite.model_validate(
        {
            "id": "judge",
            "title": "Judge",
            "about": "A model's ratings of the interviewer, 1 to 5.",
            "from": "judge",
            "checks": [Check(measure=name) for name in QUESTIONS],
        }
    )


def pairwise_suite() -> Suite:
    """The judge's preferences as a suite without targets."""
    return Suite.model_validate(
        {
            "id": "pairwise",
            "title": "Pairwise",
            "about": "Which of two interviews with the same id a model prefers: 1 the new one, -1 the earlier one.",
            "from": "judge",
            "checks": [Check(measure=f"{name}_{PREFERENCE}") for name in QUESTIONS],
        }
    )


async def prefer_all(judge: Judge, pairs: Sequence[tuple[Transcript, Transcript]]) -> list[Unit]:
    """One unit per pair of a new and an earlier interview, with a preference per question."""
    names = [f"{name}_{PREFERENCE}" for name in QUESTIONS]
    units = []
    for new, earlier in pairs:
        preferences = await asyncio.gather(*(judge.prefer(new, earlier, each) for each in QUESTIONS.values()))
        units.append(_unit(new.id, dict(zip(names, preferences, strict=True))))
    return units


async def judge_all(judge: Judge, transcripts: Sequence[Transcript]) -> list[Unit]:
    """One unit per transcript, with a rating per question."""
    units = []
    for transcript in transcripts:
        ratings = await asyncio.gather(*(judge.rate(transcript, question) for question in QUESTIONS.values()))
        units.append(_unit(transcript.id, dict(zip(QUESTIONS, ratings, strict=True))))
    return units


def _unit(id: str, judged: dict[str, Judged]) -> Unit:
    return Unit(
        id=id,
        values={name: each.value for name, each in judged.items()},
        votes={name: each.votes for name, each in judged.items()},
    )


def _kept(file: Path, kind: type[Reply]) -> Reply | None:
    try:
        return kind.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None
