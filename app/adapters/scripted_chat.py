"""A `ChatModel` that plays given replies in order, for tests and for scripted runs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import ModelError
from app.ports import ChatMessage


@dataclass(frozen=True, kw_only=True)
class Late:
    """A reply that comes after a pause of `seconds`."""

    seconds: float
    reply: str | Mapping[str, Any] | ModelError


@dataclass(frozen=True, kw_only=True)
class Broken:
    """A stream that gives `text` and then fails with `error`."""

    text: str
    error: ModelError


Reply = str | Mapping[str, Any] | ModelError | Late | Broken


class ScriptedChat:
    """Plays replies in order, whichever method is called.

    Args:
        replies: a text, a JSON object, an error to raise, or one of the two classes above. Once they
            are used up, every call fails with a ModelError that is not retryable.
        name: the name it goes by.

    Attributes:
        prompts: the messages of each call, in order.
        closed_early: how many streams their caller left before the end.
    """

    def __init__(self, replies: Sequence[Reply] = (), *, name: str = "scripted") -> None:
        self._replies = list(replies)
        self._name = name
        self.prompts: list[tuple[ChatMessage, ...]] = []
        self.closed_early = 0

    @property
    def name(self) -> str:
        """The name it goes by."""
        return self._name

    async def warm_up(self) -> None:
        """Nothing has to be loaded."""

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str, None]:
        """Yield the next reply word by word, up to `max_tokens` words and to the first stop string."""
        reply = await self._next(messages)
        if isinstance(reply, Mapping):
            raise ModelError("the script has a JSON object where a text was asked for", retryable=False)
        text = reply.text if isinstance(reply, Broken) else reply
        for end in stop:
            text = text.partition(end)[0]
        try:
            for word in re.findall(r"\s*\S+|\s+$", text)[:max_tokens]:
                yield word
                await asyncio.sleep(0)
        except GeneratorExit:
            self.closed_early += 1
            raise
        if isinstance(reply, Broken):
            raise reply.error

    async def complete_json(
        self, messages: Sequence[ChatMessage], *, schema: dict[str, Any], schema_name: str, max_tokens: int
    ) -> dict[str, Any]:
        """The next reply, which must be a JSON object."""
        reply = await self._next(messages)
        if isinstance(reply, Broken):
            raise reply.error
        if not isinstance(reply, Mapping):
            raise ModelError("the script has a text where a JSON object was asked for", retryable=False)
        return dict(reply)

    async def _next(self, messages: Sequence[ChatMessage]) -> str | Mapping[str, Any] | Broken:
        self.prompts.append(tuple(messages))
        if not self._replies:
            raise ModelError("the script has no more replies; add some", retryable=False)
        reply = self._replies.pop(0)
        if isinstance(reply, Late):
            await asyncio.sleep(reply.seconds)
            reply = reply.reply
        if isinstance(reply, ModelError):
            raise reply
        return reply
