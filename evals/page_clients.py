"""Candidates that talk to a running page over its socket, as a browser does; for load and not for quality."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp
import socketio

from app.domain.case import Case
from app.domain.catalog import Brief, Catalog
from app.domain.vocabulary import Mode

FEWEST_WORDS, MOST_WORDS = 60, 120
_ANSWER_S = 60.0


@dataclass
class Tally:
    """What the clients saw, all together.

    Attributes:
        seconds: from sending a message to having its whole answer.
        sent: ids of messages that were sent, by interview.
        errors: what went wrong, in words.
    """

    seconds: list[float] = field(default_factory=list)
    sent: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def messages_about(brief: Brief, *, count: int, seed: int) -> list[str]:
    """Messages of 60 to 120 words, made of what candidates say about a case, well and badly, in no order."""
    rng = random.Random(seed)
    sentences = [text for one in brief.criteria for text in (*one.covers, *(miss.text for miss in one.near_misses))]
    found: list[str] = []
    while len(found) < count:
        rng.shuffle(sentences)
        said: list[str] = []
        for sentence in sentences:
            words = len(" ".join([*said, sentence]).split())
            if words <= MOST_WORDS:
                said.append(sentence)
            if words >= FEWEST_WORDS + 20:
                break
        found.append(" ".join(said))
    return found


class PageClient:
    """One browser tab: begins an interview, says its messages, and begins another where one ended.

    Args:
        address: the page's, such as "http://127.0.0.1:8000".
        case: what the interviews are about.
        tally: where what it sees is added.
    """

    def __init__(self, address: str, *, case: Case, tally: Tally) -> None:
        self._address = address
        self._case = case
        self._tally = tally
        self._cookie = ""
        self._thread = ""
        self._placed = asyncio.Event()
        self._over = False
        self._socket: Any = None
        self._replies: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def talk(self, messages: Sequence[str], *, every_s: float, after_s: float) -> None:
        """Say the messages at an even pace, and leave.

        Args:
            messages: in order.
            every_s: seconds from one to the next.
            after_s: seconds to wait before the first.
        """
        try:
            await self._log_in()
            await self._begin()
            start = time.monotonic() + after_s
            for number, content in enumerate(messages):
                await asyncio.sleep(max(0.0, start + number * every_s - time.monotonic()))
                if self._over:
                    await self._socket.disconnect()
                    await self._begin()
                await self._say(content)
        except (TimeoutError, aiohttp.ClientError, socketio.exceptions.SocketIOError) as error:
            self._tally.errors.append(f"{type(error).__name__}: {error}")
        finally:
            if self._socket is not None:
                await self._socket.disconnect()

    async def _log_in(self) -> None:
        """The cookie that the loopback page gives everybody."""
        async with aiohttp.ClientSession() as http, http.post(f"{self._address}/auth/header") as answer:
            answer.raise_for_status()
            self._cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in answer.cookies.items())

    async def _begin(self) -> None:
        self._socket = socketio.AsyncClient(reconnection=False)
        self._replies = asyncio.Queue()
        self._placed.clear()
        self._over = False
        opened = asyncio.Event()
        self._socket.on("chat_settings", lambda _: opened.set())
        self._socket.on("new_message", self._heard)
        self._socket.on("first_interaction", self._place)
        self._socket.on("set_commands", self._offered)
        auth = {"sessionId": str(uuid4()), "clientType": "webapp", "chatProfile": Mode.MOCK.value.capitalize()}
        headers = {"Cookie": self._cookie, "Origin": self._address}
        await self._socket.connect(
            self._address, headers=headers, auth=auth, transports=["websocket"], socketio_path="/ws/socket.io"
        )
        await self._socket.emit("connection_successful")
        async with asyncio.timeout(_ANSWER_S):
            await opened.wait()
            await self._send(self._case.title)
            await self._replies.get()
            await self._placed.wait()

    async def _say(self, content: str) -> None:
        """Send a message and wait for the whole answer."""
        began = time.perf_counter()
        sent = await self._send(content)
        self._tally.sent.setdefault(self._thread, []).append(sent)
        async with asyncio.timeout(_ANSWER_S):
            reply = await self._replies.get()
        self._tally.seconds.append(time.perf_counter() - began)
        if reply["isError"]:
            self._tally.errors.append(str(reply["output"]))

    async def _send(self, content: str) -> str:
        message_id = str(uuid4())
        message = {
            "id": message_id,
            "name": "You",
            "type": "user_message",
            "output": content,
            "createdAt": datetime.now(UTC).isoformat(),
        }
        await self._socket.emit("client_message", {"message": message, "fileReferences": []})
        return message_id

    async def _heard(self, step: dict[str, Any]) -> None:
        if step["type"] == "assistant_message":
            await self._replies.put(step)

    async def _place(self, where: dict[str, Any]) -> None:
        self._thread = str(where["thread_id"])
        self._placed.set()

    async def _offered(self, commands: list[dict[str, Any]]) -> None:
        """Where there are no commands any more, the interview is over."""
        self._over = self._placed.is_set() and not commands


def clients(address: str, catalog: Catalog, *, count: int, tally: Tally) -> list[PageClient]:
    """Tabs, spread over all cases."""
    cases = catalog.cases
    return [PageClient(address, case=cases[number % len(cases)], tally=tally) for number in range(count)]
