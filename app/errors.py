"""The exception tree of mlsd.

Every message is one clear sentence that says what is wrong and how to mend it; the terminal prints
it as one line, the page shows it as a message.

* InterviewError
  * ContentError            a case or rubric file is wrong (file, line, field)
  * InputError              a file or argument that the user gave is wrong
  * SettingsError           a setting or the environment is wrong
  * TransitionNotAllowed    an event does not fit the interview's phase
  * ModelError              a language model's endpoint failed (retryable or not)
    * ReplyError            it answered, and the answer cannot be used
    * PromptTooLong         the model reads less than it was sent
  * StoreError              the event store failed
    * ConflictError         somebody else appended first
    * UnknownInterview      no interview has that id
"""

from __future__ import annotations

from pathlib import Path


class InterviewError(Exception):
    """Base of everything that mlsd raises on purpose."""


class ContentError(InterviewError):
    """A content file does not hold what it should.

    Args:
        message: what is wrong and how to mend it.
        file: the file at fault.
        line: 1-based line, where known.
        field: dotted path of the field at fault, where known.
    """

    def __init__(self, message: str, *, file: Path | str, line: int | None = None, field: str = "") -> None:
        self.message = message
        self.file = str(file)
        self.line = line
        self.field = field
        place = f"{file}:{line}" if line is not None else f"{file}"
        super().__init__(f"{place}: {field}: {message}" if field else f"{place}: {message}")


class InputError(InterviewError):
    """A file or an argument that the user gave cannot be used."""


class SettingsError(InterviewError):
    """A setting or the environment cannot be used."""


class TransitionNotAllowed(InterviewError):
    """An event does not fit the phase that the interview is in."""

    def __init__(self, event: str, state: str) -> None:
        self.event = event
        self.state = state
        super().__init__(f"{event!r} is not possible while the interview is {state!r}")


class ModelError(InterviewError):
    """A language model's endpoint did not give a usable reply.

    Args:
        message: one sentence for the user.
        retryable: whether the same call may succeed later.
        retry_after: seconds that the endpoint asked us to wait, where it said so.
    """

    def __init__(self, message: str, *, retryable: bool, retry_after: float | None = None) -> None:
        self.retryable = retryable
        self.retry_after = retry_after
        super().__init__(message)


class ReplyError(ModelError):
    """A language model answered, and the answer cannot be used: empty, cut off, or not in the form asked for."""


class PromptTooLong(ModelError):
    """The model reads less than it was sent; a shorter prompt may do."""


class StoreError(InterviewError):
    """The event store could not read or write."""


class ConflictError(StoreError):
    """Another writer appended to this interview first; read it again and retry."""


class UnknownInterview(StoreError):
    """No interview has the given id."""

    def __init__(self, interview_id: str) -> None:
        self.interview_id = interview_id
        super().__init__(f"no interview {interview_id!r} is stored here; `mlsd history` lists those that are")
