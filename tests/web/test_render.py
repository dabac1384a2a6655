"""The page's Markdown: what a candidate or a model wrote never comes to life in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.events import Header, Interviewer
from app.domain.kinds import InterviewerKind
from app.domain.vocabulary import Level, Mode, Step
from app.errors import (
    ConflictError,
    InputError,
    InterviewError,
    StoreError,
    TransitionNotAllowed,
    UnknownInterview,
)
from app.services.status import InterviewStatus, StepStatus
from app.web import render
from tests.factories import make_case

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Go on.", "Go on."),
        ("Why 10 %, and not 5?", "Why 10 %, and not 5?"),
        ("![](http://elsewhere/x.png)", r"!\[\](http://elsewhere/x.png)"),
        ("[here](javascript:alert(1))", r"\[here\](javascript\:alert(1))"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)>"),
        ("*a* _b_ `c` ~~d~~ # e", r"\*a\* \_b\_ \`c\` \~\~d\~\~ \# e"),
        ("precision:recall at 10:30", r"precision\:recall at 10:30"),
        (":::danger", r"\:\:\:danger"),
        (r"a\b", r"a\\b"),
        ("R&amp;D", r"R\&amp;D"),
    ],
)
def test_spoken_words_are_text(said: str, shown: str) -> None:
    assert render.spoken(said) == shown


def test_pieces_of_a_stream_read_as_the_whole() -> None:
    text = 'On "*logs* -> [trainer]": whose choices are in those `logs`?'
    assert "".join(render.spoken(letter) for letter in text).replace("\\", "") == text
    assert "".join(render.spoken(word) for word in text.split(" ")).replace("\\", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (ConflictError("seq 4, not 3"), render.STALE),
        (UnknownInterview("x"), render.GONE),
        (TransitionNotAllowed("spoke", "ended"), render.OVER),
        (InputError("the message is empty; type what you would say"), "The message is empty; type what you would say."),
        (StoreError("the disk is full"), "The disk is full."),
        (InputError("there is no step '<b>'; use 1"), r"There is no step '\<b>'; use 1."),
    ],
)
def test_an_error_is_a_sentence(error: InterviewError, says: str) -> None:
    assert render.complaint(error) == says


def make_header(**changes: object) -> Header:
    fields: dict[str, object] = {
        "id": "11111111-1111-4111-8111-111111111111",
        "case": "parcel-eta",
        "level": Level.SENIOR,
        "interviewer": Interviewer(kind=InterviewerKind.BUILTIN),
        "started_at": NOON,
        "content_hash": "0123456789abcdef",
    }
    return Header.model_validate({**fields, **changes})


def test_an_interview_is_named_by_case_time_level_and_unusual_mode() -> None:
    morning, evening = datetime(2026, 3, 4, 9, 5).astimezone(), datetime(2026, 3, 4, 21, 40).astimezone()
    first = make_header(started_at=morning.astimezone(UTC))
    assert render.thread_name(first, make_case()) == "4 Mar 09:05, Parcel arrival times, senior"
    drill = make_header(mode=Mode.DRILL, started_at=evening)
    assert render.thread_name(drill, make_case()) == "4 Mar 21:40, Parcel arrival times, senior, drill"
    assert render.thread_name(make_header(case="gone", started_at=evening), None) == "4 Mar 21:40, gone, senior"


def make_status(**changes: object) -> InterviewStatus:
    steps = (
        StepStatus(step=Step.DATA, opened=True, seconds=125, budget=540),
        StepStatus(step=Step.MODELING, opened=False, seconds=0, budget=600),
    )
    fields: dict[str, object] = {"step": Step.DATA, "elapsed": 125, "total": 1200, "hints": 3, "steps": steps}
    return InterviewStatus.model_validate({**fields, **changes})


def test_status_tells_step_time_and_hints() -> None:
    text = render.status_markdown(make_status(), {Step.DATA: 2, Step.MODELING: 1})
    assert "**3. Data and features** is open. 2:05 of 20:00 used, 17:55 left." in text
    assert "| **3. Data and features** | 2:05 | 9:00 |" in text
    assert "| 4. Model development | – | 10:00 |" in text
    assert text.endswith("Hints taken: 2 on the data and features, 1 on the model.")


def test_status_of_an_untimed_interview_plans_nothing() -> None:
    steps = (StepStatus(step=Step.DATA, opened=True, seconds=61, budget=None),)
    text = render.status_markdown(make_status(total=None, steps=steps), {})
    assert "2:05 used, untimed." in text
    assert "Planned" not in text
    assert text.endswith("Hints taken: none.")


def test_status_after_the_time_says_so() -> None:
    assert "time is up." in render.status_markdown(make_status(elapsed=1300), {})


def test_the_start_page_says_who_interviews() -> None:
    without = render.profile_description(Mode.MOCK, "No feedback.", model=None)
    assert "built-in interviewer" in without
    assert "MLSD_MODEL" in without
    assert "MLSD_API_BASE" in without
    assert "`openai/small`" in render.profile_description(Mode.MOCK, "No feedback.", model="openai/small")
