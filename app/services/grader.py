"""Grades interviews with a language model, step by step; whatever goes wrong costs that step and no other.

The grader only reads and proposes. Its quotes are checked letter by letter here, and what its ratings are
worth is decided by `app/domain/combining.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.catalog import Brief
from app.domain.events import AnyEvent, CandidateMessage
from app.domain.grades import CriterionGrade, Grading, Vote, median_of
from app.domain.rubric import Criterion
from app.domain.vocabulary import Step
from app.errors import ModelError, ReplyError
from app.ports import ChatModel, StoredInterview
from app.prompts.grading import grading_prompt
from app.services.grader_reply import read_reply, reply_schema
from app.services.redaction import redacted

_ATTEMPTS = 2
_FAULTS_IN_A_ROW = 2
_NOT_IN_TIME = "the grader did not finish in time"


@dataclass
class _Votes:
    """The votes on the criteria of one step, as they come in."""

    step: Step
    criteria: Sequence[Criterion]
    votes: dict[str, list[Vote]] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    failure: str = ""

    def grades(self) -> list[CriterionGrade]:
        return [
            median_of(
                criterion.id,
                self.votes.get(criterion.id, ()),
                problem=self.problems.get(criterion.id) or self.failure or _NOT_IN_TIME,
            )
            for criterion in self.criteria
        ]


@dataclass
class _Run:
    """One grading: what is common to its steps."""

    events: Sequence[AnyEvent]
    brief: Brief
    said: Mapping[int, str]
    room: asyncio.Semaphore
    faults: int = 0
    stopped: str = ""


class Grader:
    """Reads an interview with a `ChatModel`, one call per step and vote.

    Args:
        chat: the model.
        votes: how often each step is asked; the median counts.
        deadline_s: seconds for the whole interview.
        step_deadline_s: seconds for one step, all its votes together.
        at_once: steps that are asked at the same time.
        max_tokens: of a reply, for each criterion of the step.
    """

    def __init__(
        self,
        chat: ChatModel,
        *,
        votes: int = 1,
        deadline_s: float = 180.0,
        step_deadline_s: float = 60.0,
        at_once: int = 2,
        max_tokens: int = 500,
    ) -> None:
        self._chat = chat
        self._votes = votes
        self._deadline_s = deadline_s
        self._step_deadline_s = step_deadline_s
        self._at_once = at_once
        self._max_tokens = max_tokens

    @property
    def name(self) -> str:
        """The model's name."""
        return self._chat.name

    @property
    def votes(self) -> int:
        """How often each step is asked."""
        return self._votes

    @property
    def deadline_s(self) -> float:
        """Seconds for a whole interview."""
        return self._deadline_s

    async def grade(self, stored: StoredInterview, brief: Brief) -> Grading:
        """Grade every step of an interview; never raises for what the model or its endpoint does.

        What was not graded in time, or not at all, has a problem in place of votes.
        """
        said = {event.index: redacted(event.content) for event in stored.events if isinstance(event, CandidateMessage)}
        steps = [_Votes(step=step, criteria=brief.of_step(step)) for step in stored.header.steps if brief.of_step(step)]
        if not said:
            return Grading(model=self._chat.name, votes=self._votes)
        run = _Run(events=stored.events, brief=brief, said=said, room=asyncio.Semaphore(self._at_once))
        tasks = [asyncio.create_task(self._grade_step(run, step)) for step in steps]
        try:
            await asyncio.wait(tasks, timeout=self._deadline_s)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error
        return Grading(
            model=self._chat.name,
            votes=self._votes,
            grades=tuple(grade for step in steps for grade in step.grades()),
            problems=_problems(steps),
        )

    async def _grade_step(self, run: _Run, step: _Votes) -> None:
        async with run.room:
            try:
                async with asyncio.timeout(self._step_deadline_s):
                    for _ in range(self._votes):
                        await self._vote(run, step)
            except TimeoutError:
                step.failure = step.failure or _NOT_IN_TIME

    async def _vote(self, run: _Run, step: _Votes) -> None:
        """One vote on a step; a reply that cannot be used is asked for once more."""
        prompt = grading_prompt(run.events, brief=run.brief, step=step.step, criteria=step.criteria, readable=redacted)
        for attempt in range(1, _ATTEMPTS + 1):
            if run.stopped:
                step.failure = run.stopped
                return
            try:
                value = await self._chat.complete_json(
                    prompt,
                    schema=reply_schema(step.criteria),
                    schema_name="grades",
                    max_tokens=self._max_tokens * len(step.criteria),
                )
            except ReplyError as error:
                run.faults = 0
                step.failure = str(error)
                if not error.retryable or attempt == _ATTEMPTS:
                    return
            except ModelError as error:
                step.failure = str(error)
                run.faults += 1
                if run.faults >= _FAULTS_IN_A_ROW:
                    run.stopped = step.failure
                return
            else:
                run.faults = 0
                found = read_reply(value, criteria=step.criteria, said=run.said)
                for criterion, vote in found.votes.items():
                    step.votes.setdefault(criterion, []).append(vote)
                step.problems.update(found.problems)
                if found.votes or attempt == _ATTEMPTS:
                    return


def _problems(steps: Sequence[_Votes]) -> tuple[str, ...]:
    """One sentence for each thing that went wrong, with the steps it struck."""
    struck: dict[str, list[str]] = {}
    for step in steps:
        missing = [grade for grade in step.grades() if grade.problem]
        if len(missing) == len(step.criteria):
            struck.setdefault(missing[0].problem, []).append(step.step.spoken)
        elif missing:
            struck.setdefault("some points could not be graded", []).append(step.step.spoken)
    return tuple(f"{', '.join(names)}: {problem}" for problem, names in struck.items())
