"""Puts an interview and a step's criteria into the messages that a grader model gets.

The dialogue stands before the step, so that an endpoint can reuse what it has read from one step to the
next. Each message is a line of JSON: no quotation mark, tag or line break that a candidate types can end it.
What reads like an instruction to the grader is taken out before the grader sees it.

Anchors are private: this module is for the grader and never for the model that talks to the candidate.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.catalog import Brief
from app.domain.events import AnyEvent, CandidateMessage, InterviewerMessage
from app.domain.rubric import Criterion
from app.domain.vocabulary import Step
from app.ports import ChatMessage
from app.prompts import render

REMOVED = "[removed]"


def grading_prompt(
    events: Sequence[AnyEvent],
    *,
    brief: Brief,
    step: Step,
    criteria: Sequence[Criterion],
    readable: Callable[[str], str],
) -> list[ChatMessage]:
    """The whole prompt for one step.

    Args:
        events: of the interview.
        brief: the case.
        step: the step.
        criteria: its criteria.
        readable: a candidate's message without what reads like an instruction.
    """
    text = render(
        "grader_step",
        problem=brief.case.prompt.strip(),
        dialogue="\n".join(_dialogue(events, readable)),
        step=step.heading,
        criteria="\n\n".join(_criterion(criterion) for criterion in criteria),
    )
    return [ChatMessage(role="system", content=render("grader")), ChatMessage(role="user", content=text)]


def observing_prompt(
    messages: Sequence[CandidateMessage], *, criteria: Sequence[Criterion], readable: Callable[[str], str]
) -> list[ChatMessage]:
    """The prompt that asks what a candidate's latest messages show.

    Args:
        messages: the candidate's.
        criteria: those that are still open.
        readable: a candidate's message without what reads like an instruction.
    """
    text = render(
        "observer_turn",
        criteria="\n".join(f"{one.id}: {one.name}. {one.description}" for one in criteria),
        messages="\n".join(_line(turn=message.index, text=readable(message.content)) for message in messages),
    )
    return [ChatMessage(role="system", content=render("observer")), ChatMessage(role="user", content=text)]


def _dialogue(events: Sequence[AnyEvent], readable: Callable[[str], str]) -> list[str]:
    lines: list[str] = []
    for event in events:
        match event:
            case CandidateMessage(index=index, content=content):
                lines.append(_line(turn=index, speaker="candidate", text=readable(content)))
            case InterviewerMessage(index=index, content=content):
                lines.append(_line(turn=index, speaker="interviewer", text=content))
            case _:
                pass
    return lines


def _line(**fields: Any) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _criterion(criterion: Criterion) -> str:
    anchors = "\n".join(f"{rating}: {criterion.anchors.at(rating)}" for rating in range(1, 5))
    return f"id: {criterion.id}\n{criterion.name}. {criterion.description}\n{anchors}"
