"""Talks to a language model through litellm, the only module that imports it.

Nothing is retried here: callers have a curated reply at hand and decide for themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import socket
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any

from app.adapters.endpoint_faults import TRIPPED, Endpoint, refuses_format
from app.errors import ModelError
from app.ports import ChatMessage

_CHARS_PER_TOKEN = 12
"""More than any tokenizer yields on average; a longer reply comes from a server that ignores max_tokens."""
_JSON_ONLY = "Reply with one JSON object and nothing else. It must fit this JSON schema:\n"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The times of one streamed reply.

    Attributes:
        pieces: how many came.
        first_s: seconds to the first.
        last_s: seconds to the last.
        tokens: as the endpoint counts them; None where it does not say.
        prompt_tokens: the same of the prompt.
        cached_tokens: those among them that it had read before.
    """

    pieces: int
    first_s: float
    last_s: float
    tokens: int | None
    prompt_tokens: int | None
    cached_tokens: int | None


class LiteLlmChat:
    """A `ChatModel` behind any endpoint that litellm knows.

    Args:
        model: litellm's name for the model; one without a known provider before the slash is taken to
            be served by an OpenAI-compatible endpoint when `api_base` is given.
        api_base: the endpoint's address, usually ending in /v1; None for the provider's own.
        api_key: None lets litellm read the provider's own variable.
        temperature: dropped by litellm for models that refuse it.
        timeout_s: seconds for a whole call, whatever arrives in between.
        slot: of a llama.cpp server, so that its cache of another prompt stays; other endpoints may refuse it.
        setting: what names the model, for messages.
        label: what the user calls the model, if not by litellm's name.
    """

    def __init__(
        self,
        model: str,
        *,
        api_base: str | None = None,
        api_key: str | None = None,
        temperature: float = 0.4,
        timeout_s: float = 60.0,
        slot: int | None = None,
        setting: str = "MLSD_MODEL",
        label: str | None = None,
    ) -> None:
        self._model = model
        self._api_base = api_base
        self._api_key = api_key
        self._temperature = temperature
        self._timeout_s = timeout_s
        self._name = label or model
        self._endpoint = Endpoint(model=self._name, api_base=api_base, timeout_s=timeout_s, setting=setting)
        self._extra = {} if slot is None else {"extra_body": {"id_slot": slot}}
        self._litellm: Any = None
        self._plain_json = False

    @property
    def name(self) -> str:
        """The model's name as configured."""
        return self._name

    @property
    def takes_schemas(self) -> bool:
        """Whether the endpoint has taken every JSON schema that it was sent so far."""
        return not self._plain_json

    async def warm_up(self) -> None:
        """Import litellm (3-9 s) and rehearse a call (1-2 s) in a thread, so that no user waits for it."""
        if self._litellm is None:
            self._litellm = await asyncio.to_thread(_load_litellm)
            await asyncio.to_thread(_rehearse, self._litellm)

    async def _load(self) -> None:
        if self._litellm is None:
            self._litellm = await asyncio.to_thread(_load_litellm)

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str, None]:
        """Yield pieces of the reply as they arrive; closing the generator closes the connection.

        Reasoning is left out, be it in a field of its own or between <think> tags at the beginning.

        Raises:
            ModelError: the endpoint failed, before or in the middle of the reply, or said nothing.
        """
        await self._load()
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        room = max_tokens * _CHARS_PER_TOKEN
        visible = _LeadingThought()
        said = False
        response: Any = None
        try:
            response = await self._call(messages, deadline=deadline, max_tokens=max_tokens, stop=stop, stream=True)
            while room > 0 and (piece := await self._next_piece(response, deadline=deadline)) is not None:
                room -= len(piece)
                if text := visible.feed(piece):
                    said = said or bool(text.strip())
                    yield text
            if rest := visible.rest():
                said = True
                yield rest
        finally:
            if response is not None:
                await response.aclose()
        if not said:
            raise self._endpoint.empty()

    async def complete_json(
        self, messages: Sequence[ChatMessage], *, schema: dict[str, Any], schema_name: str, max_tokens: int
    ) -> dict[str, Any]:
        """One JSON object that was asked to fit a schema; the caller validates it.

        An endpoint that rejects `response_format` is asked once more in words, and from then on only so.

        Raises:
            ModelError: the endpoint failed, or the reply is cut off or is not a JSON object.
        """
        await self._load()
        deadline = asyncio.get_running_loop().time() + self._timeout_s
        if not self._plain_json:
            shape = {
                "type": "json_schema",
                "json_schema": {"name": schema_name, "schema": schema, "strict": True},
            }
            try:
                response = await self._call(messages, deadline=deadline, max_tokens=max_tokens, response_format=shape)
            except ModelError as error:
                if not refuses_format(error):
                    raise
            else:
                return self._json_object(response)
        in_words = ChatMessage(role="system", content=_JSON_ONLY + json.dumps(schema))
        response = await self._call([in_words, *messages], deadline=deadline, max_tokens=max_tokens)
        self._plain_json = True
        return self._json_object(response)

    async def measure(self, messages: Sequence[ChatMessage], *, max_tokens: int) -> Measured:
        """Stream a reply and take its times; `stream` is for everything else.

        Raises:
            ModelError: the endpoint failed.
        """
        await self.warm_up()
        clock = asyncio.get_running_loop().time
        began = clock()
        deadline = began + self._timeout_s
        response: Any = None
        moments: list[float] = []
        usage: Any = None
        try:
            response = await self._call(
                messages, deadline=deadline, max_tokens=max_tokens, stream=True, stream_options={"include_usage": True}
            )
            while (chunk := await self._next_chunk(response, deadline=deadline)) is not None:
                usage = getattr(chunk, "usage", None) or usage
                delta = chunk.choices[0].delta if chunk.choices else None
                text = getattr(delta, "content", None) or getattr(delta, "reasoning_content", None) or ""
                if text:
                    moments.append(clock() - began)
        except TRIPPED as error:
            raise self._endpoint.explain(error) from error
        finally:
            if response is not None:
                await response.aclose()
        if not moments:
            raise self._endpoint.empty()
        details = getattr(usage, "prompt_tokens_details", None)
        return Measured(
            pieces=len(moments),
            first_s=moments[0],
            last_s=moments[-1],
            tokens=getattr(usage, "completion_tokens", None),
            prompt_tokens=getattr(usage, "prompt_tokens", None),
            cached_tokens=getattr(details, "cached_tokens", None),
        )

    def listed_context(self) -> int | None:
        """Tokens that the model reads, as litellm's own list of models has it; None for those it does not list."""
        assert self._litellm is not None, "warm up first"
        try:
            known = self._litellm.get_model_info(self._model)
        except Exception:  # litellm raises a bare Exception for a model that it does not list
            return None
        tokens = known.get("max_input_tokens")
        return int(tokens) if tokens else None

    async def _call(self, messages: Sequence[ChatMessage], *, deadline: float, max_tokens: int, **options: Any) -> Any:
        import httpx
        import openai

        stop = list(options.pop("stop", ())) or None
        try:
            async with asyncio.timeout_at(deadline):
                return await self._litellm.acompletion(
                    model=self._routed(),
                    messages=[message.model_dump() for message in messages],
                    api_base=self._api_base,
                    api_key=self._key(),
                    temperature=self._temperature,
                    max_tokens=max_tokens,
                    stop=stop,
                    # litellm keeps one client per distinct timeout, so this one must not vary by call.
                    timeout=self._timeout_s,
                    num_retries=0,
                    max_retries=0,
                    drop_params=True,
                    **self._extra,
                    **options,
                )
        except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, TimeoutError, *TRIPPED) as error:
            raise self._endpoint.explain(error) from error

    async def _next_piece(self, response: Any, *, deadline: float) -> str | None:
        """The next piece of text, "" where a chunk holds none, None at the end."""
        chunk = await self._next_chunk(response, deadline=deadline)
        if chunk is None:
            return None
        try:
            return str(chunk.choices[0].delta.content or "") if chunk.choices else ""
        except TRIPPED as error:
            raise self._endpoint.explain(error) from error

    async def _next_chunk(self, response: Any, *, deadline: float) -> Any:
        """The next chunk as it came, None at the end.

        The timeout is set anew around each read: one that spanned a yield would cancel whatever the
        caller happens to be doing when it strikes.
        """
        import httpx
        import openai

        try:
            async with asyncio.timeout_at(deadline):
                return await anext(response)
        except StopAsyncIteration:
            return None
        except (openai.OpenAIError, httpx.HTTPError, TimeoutError, *TRIPPED) as error:
            raise self._endpoint.explain(error) from error

    def _routed(self) -> str:
        """The name with its provider, which litellm wants in front."""
        provider = self._model.partition("/")[0] if "/" in self._model else None
        if self._api_base is None or provider in {str(known.value) for known in self._litellm.provider_list}:
            return self._model
        return f"openai/{self._model}"

    def _key(self) -> str | None:
        # The OpenAI client refuses to start without a key, while most local servers want none.
        return self._api_key or ("x" if self._api_base is not None else None)

    def _json_object(self, response: Any) -> dict[str, Any]:
        try:
            choice = response.choices[0]
            content, finish = str(choice.message.content or ""), choice.finish_reason
        except (IndexError, AttributeError, TypeError) as error:
            raise self._endpoint.garbled() from error
        visible = _LeadingThought()
        text = (visible.feed(content) + visible.rest()).strip()
        if not text and finish != "length":
            raise self._endpoint.empty()
        try:
            # From the first brace to the last: models asked in words like to fence and to introduce.
            value = json.loads(text[text.find("{") : text.rfind("}") + 1])
        except (ValueError, RecursionError) as error:
            raise (self._endpoint.cut_off() if finish == "length" else self._endpoint.not_json()) from error
        assert isinstance(value, dict)  # what begins with "{" and parses is an object
        return value


class _LeadingThought:
    """Removes <think>...</think> from the beginning of a text that comes in pieces."""

    _OPEN, _CLOSE = "<think>", "</think>"

    def __init__(self) -> None:
        self._held = ""
        self._thinking = False
        self._talking = False

    def feed(self, piece: str) -> str:
        """The part of the text so far that can be shown and has not been yet."""
        if self._talking:
            return piece
        self._held += piece
        while True:
            if self._thinking:
                end = self._held.find(self._CLOSE)
                if end < 0:
                    self._held = self._held[-len(self._CLOSE) :]
                    return ""
                self._held = self._held[end + len(self._CLOSE) :]
                self._thinking = False
            self._held = self._held.lstrip()
            if self._held.startswith(self._OPEN):
                self._held = self._held.removeprefix(self._OPEN)
                self._thinking = True
            elif self._OPEN.startswith(self._held):
                return ""
            else:
                self._talking = True
                return self._held

    def rest(self) -> str:
        """What was held back and turned out to be no tag."""
        return "" if self._thinking or self._talking else self._held


def _rehearse(litellm: Any) -> None:
    """Make a call that fails: litellm imports much of itself at its first call, and more at its first error.

    It goes to a port of this machine that is held and does not listen, so it reaches nobody.
    """
    import openai

    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/v1"
        call = litellm.acompletion(
            model="openai/nobody",
            messages=[{"role": "user", "content": "Rehearsal."}],
            api_base=address,
            api_key="x",
            stream=True,
            timeout=5.0,
            num_retries=0,
            max_retries=0,
        )
        with contextlib.suppress(openai.OpenAIError):
            asyncio.run(call)


def _load_litellm() -> Any:
    # Without it the import fetches a price list from the internet, and waits where there is none.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    # To count tokens for a name such as llama-3 it would download a tokenizer; offline it tries for 47 s.
    litellm.disable_hf_tokenizer_download = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    return litellm
