"""What the page shows, as Markdown: pure functions, so that they can be tested without a browser.

Chainlit renders the interviewer's messages as Markdown. Their words may hold a candidate's or a model's,
so they are escaped: no link, image, HTML or directive in them ever comes to life.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.domain.case import Case
from app.domain.events import Header
from app.domain.vocabulary import Mode, Step
from app.errors import ConflictError, InterviewError, TransitionNotAllowed, UnknownInterview
from app.services.status import InterviewStatus

_MARKS = re.compile(r"[\\`*_\[\]<~#&]")
# remark-directive, which the page's Markdown runs, swallows ":word" in the middle of a sentence.
_DIRECTIVE = re.compile(r"(?<!\\):(?=[A-Za-z:]|$)")

STALE = (
    "This interview went on elsewhere, in another tab or terminal, so your last message was not recorded. "
    "It stands in the box below again: reload this page to see where things stand, and send it then."
)
ELSEWHERE = "Something else was recorded in this interview meanwhile, so that was not. Reload the page and try again."
OVER = "This interview is over, so that was not recorded. Begin another one with the pencil at the top."
GONE = "This interview was deleted, so that was not recorded. Begin another one with the pencil at the top."
NO_CASE_YET = "Which case shall it be? Your message was not recorded; the interview begins with a case."
BROKEN = (
    "Something went wrong on our side. What was recorded is safe: reload the page to go on. "
    "The log in {log} has the details."
)


def spoken(text: str) -> str:
    """An interviewer's words, or a part of them, as the text that they are."""
    return _DIRECTIVE.sub(r"\\:", _MARKS.sub(lambda mark: "\\" + mark.group(), text))


def complaint(error: InterviewError) -> str:
    """An error as a sentence for the candidate."""
    match error:
        case ConflictError():
            return STALE
        case UnknownInterview():
            return GONE
        case TransitionNotAllowed():
            return OVER
        case _:
            return spoken(plain_complaint(error))


def plain_complaint(error: InterviewError) -> str:
    """An error as a sentence, where text is shown as text and not as Markdown."""
    if isinstance(error, UnknownInterview):
        return GONE
    if isinstance(error, ConflictError):
        return ELSEWHERE
    text = str(error).strip()
    ended = text if text.endswith((".", "!", "?")) else f"{text}."
    return ended[:1].upper() + ended[1:]


def thread_name(header: Header, case: Case | None) -> str:
    """How an interview is called in the side bar until its owner renames it; the time is this machine's."""
    title = case.title if case is not None else header.case
    began = header.started_at.astimezone()
    parts = [f"{began.day} {began:%b %H:%M}", title, header.level.value]  # the side bar cuts the end off
    if header.mode is not Mode.MOCK:
        parts.append(header.mode.value)
    return ", ".join(parts)


def starter_label(case: Case, *, last: str | None = None) -> str:
    """A case on the start page: its title and, on lines of their own, what it is about and the last score."""
    about = f"{case.difficulty.value.capitalize()}. {case.summary}"
    return "\n".join([case.title, about, *([f"Last score {last}"] if last is not None else [])])


def profile_description(mode: Mode, words: str, *, model: str | None) -> str:
    """What the start page says of a mode, and who interviews.

    Args:
        mode: the mode.
        words: what `rubrics/levels.yaml` says of it.
        model: the configured model, if one is.
    """
    if model is not None:
        who = f"The interviewer is worded by `{model}`; without it the built-in one takes over."
    else:
        who = "The built-in interviewer asks. To have a model word it, set `MLSD_MODEL` and `MLSD_API_BASE`."
    title = f"**{mode.value.capitalize()} interview.** {words}"
    chosen = "steps, level and length" if mode is Mode.DRILL else "level and length"
    return f"{title} Choose a case below to begin; {chosen} are at the gear.\n\n{who}"


def status_markdown(status: InterviewStatus, hints: Mapping[Step, int]) -> str:
    """Where an interview stands: step, time against the plan, hints taken. Nothing that was missed.

    Args:
        status: times in seconds.
        hints: how many hints were taken, by step.
    """
    lines = [f"**{status.step.number}. {status.step.heading}** is open. {_left(status)}", ""]
    if status.total is None:
        lines += ["| Step | Used |", "|---|---|"]
    else:
        lines += ["| Step | Used | Planned |", "|---|---|---|"]
    for line in status.steps:
        name = f"{line.step.number}. {line.step.heading}"
        name = f"**{name}**" if line.step is status.step else name
        used = clock(line.seconds) if line.opened or line.seconds >= 1 else "–"
        row = [name, used] + ([clock(line.budget)] if line.budget is not None else [])
        lines.append("| " + " | ".join(row) + " |")
    taken = [f"{count} on {step.spoken}" for step, count in hints.items() if count]
    lines += ["", f"Hints taken: {', '.join(taken)}." if taken else "Hints taken: none."]
    return "\n".join(lines)


def _left(status: InterviewStatus) -> str:
    used = clock(status.elapsed)
    if status.total is None:
        return f"{used} used, untimed."
    left = status.total - status.elapsed
    return f"{used} of {clock(status.total)} used, " + (f"{clock(left)} left." if left > 0 else "time is up.")


def clock(seconds: float) -> str:
    """Seconds as "12:05"."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def grading_notice(model: str, *, seconds: float) -> str:
    """What the page says while a grader model reads an interview."""
    return f"{spoken(model)} reads the interview for the scorecard. This takes {clock(seconds)} minutes at most."


def case_gone(case: str) -> str:
    """What is shown in the place of a scorecard whose case was taken out of the content."""
    return (
        f"There is no scorecard: the case “{spoken(case)}” is not among the content any more. What was said is "
        "above; put the case back and reload this page to have it scored."
    )
