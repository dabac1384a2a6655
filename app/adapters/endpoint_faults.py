"""Turns what an endpoint did wrong into one sentence that names the remedy.

litellm maps the same fault to different exceptions, depending on the wording of the endpoint's reply
(a 401 or 503 whose type says "invalid_request_error" arrives as BadRequestError, a server that is down
as InternalServerError, every break in mid-stream as MidStreamFallbackError with status 500). So faults
are told apart by HTTP status and by the exceptions that lie beneath, never by litellm's class alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from app.adapters.local_servers import is_local_name
from app.errors import ModelError, PromptTooLong, ReplyError

TRIPPED = (ValueError, TypeError, KeyError, IndexError, AttributeError)
"""What litellm's own parsing raises, unmapped, when a reply is not JSON or JSON of another shape."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """What a fault's sentence has to name.

    Attributes:
        api_base: None for the provider's own address.
        timeout_s: seconds allowed for a whole call.
        setting: what names the model.
    """

    model: str
    api_base: str | None
    timeout_s: float
    setting: str = "MLSD_MODEL"

    @property
    def model_name(self) -> str:
        """The model, in a sentence."""
        return f"the model {self.model!r}"

    @property
    def place(self) -> str:
        """The server, in a sentence."""
        return f"the model server at {self.api_base}" if self.api_base else f"the provider of {self.model!r}"

    @property
    def is_local(self) -> bool:
        """Whether the model's name settles the address; then no key is ever sent, and neither can be mended."""
        return is_local_name(self.model)

    def empty(self) -> ModelError:
        """A reply without a word."""
        return ReplyError(f"{self.model_name} gave an empty reply; try again, or choose another model", retryable=True)

    def garbled(self) -> ModelError:
        """A reply in another form than the protocol's."""
        remedy = (
            "look at its log, or choose another model"
            if self.is_local
            else "check that MLSD_API_BASE is an OpenAI-compatible address (it usually ends in /v1)"
        )
        return ModelError(f"{self.place} sent a reply that cannot be read; {remedy}", retryable=True)

    def cut_off(self) -> ModelError:
        """JSON that ends in mid-air."""
        return ReplyError(f"{self.model_name} was cut off within its JSON reply; allow it more tokens", retryable=False)

    def not_json(self) -> ModelError:
        """Something else where JSON was asked for."""
        return ReplyError(
            f"{self.model_name} did not reply in JSON; try again, or choose another model", retryable=True
        )

    def explain(self, error: BaseException) -> ModelError:
        """Any exception of a call, as one sentence."""
        import httpx
        import openai

        beneath = list(_chain(error))

        def lies(*kinds: type[BaseException]) -> bool:
            return any(isinstance(one, kinds) for one in beneath)

        if _overflows(error):
            return PromptTooLong(
                f"the conversation is longer than {self.model_name} can read; start its server with a longer context, "
                "or choose a model that reads more",
                retryable=False,
            )
        if lies(httpx.HTTPStatusError):
            return self._explain_status(error)
        if any(type(one) is openai.OpenAIError for one in beneath):  # only ever raised bare for this
            return ModelError(f"{self.place} wants an API key; set MLSD_API_KEY", retryable=False)
        if lies(httpx.InvalidURL, httpx.UnsupportedProtocol):
            return ModelError(f"{self.api_base!r} is no web address; mend MLSD_API_BASE", retryable=False)
        if lies(httpx.ConnectError):
            remedy = "choose another model" if self.is_local else "mend MLSD_API_BASE"
            return ModelError(f"{self.place} cannot be reached; start it, or {remedy}", retryable=True)
        if lies(TimeoutError, httpx.TimeoutException, openai.APITimeoutError):
            return self._too_slow()
        if lies(httpx.TransportError):
            return ModelError(f"{self.place} broke off the connection; try again", retryable=True)
        if lies(*TRIPPED) or "invalid response from LLM endpoint" in str(error):
            return self.garbled()
        return self._explain_status(error)

    def _too_slow(self) -> ModelError:
        return ModelError(
            f"{self.place} did not finish in {self.timeout_s:g} s; try again, or choose a faster model",
            retryable=True,
        )

    def _wants_another_name(self) -> ModelError:
        name = self.model.partition(":")[2]
        return ModelError(
            f"{self.place} wants an API key, and {self.model!r} is never sent one; set {self.setting}=openai/{name}, "
            f"MLSD_API_BASE={self.api_base} and MLSD_API_KEY",
            retryable=False,
        )

    def _explain_status(self, error: BaseException) -> ModelError:
        status, text = _status(error), str(error)
        if status in {401, 403}:
            if self.is_local:
                return self._wants_another_name()
            return ModelError(f"{self.place} refused the API key; set MLSD_API_KEY to a valid one", retryable=False)
        if status == 404:
            remedy = (
                "choose one that `mlsd doctor` lists"
                if self.is_local
                else f"mend {self.setting}, or MLSD_API_BASE (it usually ends in /v1)"
            )
            return ModelError(f"{self.place} knows no model {self.model!r}; {remedy}", retryable=False)
        if "LLM Provider NOT provided" in text:
            return ModelError(
                f"it is not clear who serves {self.model!r}; write PROVIDER/NAME, or set MLSD_API_BASE",
                retryable=False,
            )
        if status in {408, 504}:
            return self._too_slow()
        if status == 429 and "insufficient_quota" in text:
            return ModelError(f"the account at {self.place} has no quota left; add credit there", retryable=False)
        if status == 429:
            wait = _retry_after(error)
            pause = f"{wait:.0f} s" if wait is not None else "a moment"
            return ModelError(
                f"{self.place} takes no more requests for now; wait {pause} and try again",
                retryable=True,
                retry_after=wait,
            )
        if status is not None and 400 <= status < 500:
            said = " ".join(text.split())[:200]
            return ModelError(
                f"{self.place} rejected the request ({status}: {said}); check {self.setting} and its options",
                retryable=False,
            )
        if "repeating the same chunk" in text:
            return ModelError(f"{self.model_name} repeats itself without end; choose another model", retryable=True)
        return ModelError(
            f"{self.place} failed (status {status or 'unknown'}); try again, or look at its log",
            retryable=True,
            retry_after=_retry_after(error),
        )


def refuses_format(error: ModelError) -> bool:
    """Whether the fault may be that the endpoint knows no `response_format`."""
    return _status(error.__cause__) in {400, 422} and not _overflows(error.__cause__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what lies beneath it; litellm keeps the original in an attribute of its own."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = getattr(error, "original_exception", None) or error.__cause__ or error.__context__


def _status(error: BaseException | None) -> int | None:
    """The HTTP status, which litellm keeps right even where its class is wrong."""
    for one in _chain(error):
        code = getattr(one, "status_code", None)
        if isinstance(code, int):
            return code
    return None


def _overflows(error: BaseException | None) -> bool:
    # By name: litellm is imported in one module only.
    return any(type(one).__name__ == "ContextWindowExceededError" for one in _chain(error))


def _retry_after(error: BaseException) -> float | None:
    """Seconds that the endpoint asked us to wait: a number, or a date as RFC 9110 also allows."""
    for one in _chain(error):
        for headers in (
            getattr(one, "litellm_response_headers", None),
            getattr(getattr(one, "response", None), "headers", None),
        ):
            value = headers.get("retry-after") if headers else None
            if value is not None:
                return _seconds(value)
    return None


def _seconds(value: str) -> float | None:
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
