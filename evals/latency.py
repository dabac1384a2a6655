"""Time to the first shown sentence, beside a direct call: `python -m evals.latency` (three minutes; loopback only).

The same interview is held against two servers: a stub that sends a token every 30 ms, and llama.cpp with
SmolLM2-135M. In each turn the product's time, from the interviewer's decision to the first sentence that is shown,
stands beside that of the OpenAI client, called with the same prompt, to the end of the same sentence. The ratio is of
medians within one run, so a busy machine slows both. The time from the candidate's message, which adds the engine's, is
printed too.

A model of 135 million parameters seldom keeps to a prompt. So it is held by a grammar to the first possible move in its
curated words: each token is still computed, at the model's own pace. On llama.cpp product and direct call have a slot
each, so that neither reads what the other has warmed; and what came from the cache is compared with what the prompt has
in common with the turn's before. Needs a checkout and its development packages.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
from openai import AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk

from app.adapters.litellm_chat import LiteLlmChat
from app.adapters.memory_store import MemoryStore
from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.directive import Decision
from app.domain.events import Interviewer
from app.domain.interview import InterviewState
from app.domain.kinds import Source
from app.domain.vocabulary import Level
from app.ports import ChatMessage
from app.services.conduct import Agreement
from app.services.model_speaker import ModelSpeaker
from app.services.speaking import Emit, Spoken
from app.settings import Settings
from evals.checkout import servers_with_llama
from evals.gateway import passing_on

if TYPE_CHECKING:
    from tests.servers import Exchange

TARGET_RATIO, TARGET_CACHED = 1.10, 0.95
_MESSAGES = Path(__file__).with_name("bench_messages.jsonl")
_FIRST_S, _EVERY_S = 0.3, 0.03
_MAX_TOKENS = 1200
_ROUNDS = 2
_RESAMPLES = 2_000


class TimedChat(LiteLlmChat):
    """The product's adapter; keeps the prompts that it was called with."""

    def __init__(self, model: str, *, api_base: str) -> None:
        super().__init__(model, api_base=api_base, api_key="product", temperature=0.0)
        self.prompts: list[tuple[ChatMessage, ...]] = []

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str, None]:
        """As the adapter does."""
        self.prompts.append(tuple(messages))
        async with aclosing(super().stream(messages, max_tokens=max_tokens, stop=stop)) as pieces:
            async for piece in pieces:
                yield piece


class TimedSpeaker:
    """A speaker that notes when it was asked to speak, which is when the decision was made."""

    def __init__(self, speaker: ModelSpeaker) -> None:
        self._speaker = speaker
        self.asked = 0.0
        self.spoken: Spoken | None = None

    @property
    def identity(self) -> Interviewer:
        """The wrapped speaker's."""
        return self._speaker.identity

    async def speak(self, decision: Decision, *, state: InterviewState, brief: Brief, emit: Emit) -> Spoken:
        """Let the wrapped speaker speak."""
        self.asked = time.perf_counter()
        self.spoken = await self._speaker.speak(decision, state=state, brief=brief, emit=emit)
        return self.spoken


@dataclass(frozen=True, kw_only=True)
class TurnTimes:
    """Seconds to the first sentence of one turn."""

    from_message: float
    from_decision: float
    direct: float


@dataclass
class Held:
    """What came of one server's interviews.

    Attributes:
        times: of the turns whose first sentence was the model's.
        turns: turns in which the model was asked.
        calls: how often it was.
    """

    times: list[TurnTimes] = field(default_factory=list)
    turns: int = 0
    calls: int = 0


def main() -> None:
    """Measure both servers and print the figures; status 1 if a target is missed."""
    servers = servers_with_llama()
    good = True
    with TemporaryDirectory() as folder:
        app = App(Settings(home=Path(folder)))
        with servers.StubEndpoint(servers.reword(first_s=_FIRST_S, every_s=_EVERY_S)) as stub:
            held = asyncio.run(_hold(app, model="stub", base_url=stub.base_url))
        good &= _report(f"paced stub ({1000 * _EVERY_S:.0f} ms a token)", held)
        with servers.llama_server() as local, _held_to_the_prompt(local.base_url) as gateway:
            held = asyncio.run(_hold(app, model=local.model, base_url=gateway.base_url))
            good &= _report("llama.cpp, SmolLM2-135M", held)
            good &= _report_cache(gateway.turns, root=local.base_url.removesuffix("/v1"))
    sys.exit(0 if good else 1)


# --- the interview ---


async def _hold(app: App, *, model: str, base_url: str) -> Held:
    """Hold the interviews; each round is one on the same messages."""
    rows = [json.loads(line) for line in _MESSAGES.read_text(encoding="utf-8").splitlines()]
    brief = app.catalog.brief(rows[0]["case"])
    app.matcher.prepare(brief)
    chat = TimedChat(model, api_base=base_url)
    await chat.warm_up()
    held = Held()
    async with AsyncOpenAI(base_url=base_url, api_key="direct", max_retries=0) as client:
        warm = ChatMessage(role="user", content="Pick one of these moves.\nprobe: Ready?")
        await _direct(client, model, [warm], until="Ready?")
        for level in (Level.MID, Level.SENIOR)[:_ROUNDS]:
            speaker = TimedSpeaker(ModelSpeaker(chat, deadline_s=60.0))
            conductor = app.conductor(speaker=speaker, store=MemoryStore())
            header = await conductor.begin(Agreement(case=brief.case.id, level=level, minutes=None))
            for row in rows:
                before = len(chat.prompts)
                shown: list[tuple[float, str]] = []

                async def emit(piece: str, shown: list[tuple[float, str]] = shown) -> None:
                    shown.append((time.perf_counter(), piece.strip()))

                began = time.perf_counter()
                reply = await conductor.say(header.id, row["content"], emit=emit, may_end=False)
                asked = chat.prompts[before:]
                held.calls += len(asked)
                held.turns += bool(asked)
                if len(asked) != 1 or reply.message.source is not Source.MODEL or reply.message.facts:
                    continue
                at, sentence = shown[0]
                direct = await _direct(client, model, asked[0], until=sentence)
                if direct is not None:
                    times = TurnTimes(from_message=at - began, from_decision=at - speaker.asked, direct=direct)
                    held.times.append(times)
    return held


async def _direct(client: AsyncOpenAI, model: str, prompt: Sequence[ChatMessage], *, until: str) -> float | None:
    """Seconds from the call to the end of a sentence; None if the reply does not hold it."""
    began = time.perf_counter()
    said: Any = [each.model_dump() for each in prompt]
    stream: AsyncStream[ChatCompletionChunk] = await client.chat.completions.create(
        model=model,
        messages=said,
        temperature=0.0,
        max_tokens=_MAX_TOKENS,
        stream=True,
    )
    text = ""
    try:
        async for chunk in stream:
            text += (chunk.choices[0].delta.content or "") if chunk.choices else ""
            if until in text:
                return time.perf_counter() - began
    finally:
        await stream.close()
    return None


# --- llama.cpp, held to the prompt ---


@dataclass
class Gateway:
    """Passes requests on to llama.cpp.

    Attributes:
        base_url: its own address.
        turns: of each of the product's calls, the prompt and how many of its tokens came from the cache.
    """

    base_url: str
    turns: list[tuple[list[dict[str, str]], int]] = field(default_factory=list)


@contextmanager
def _held_to_the_prompt(upstream: str) -> Iterator[Gateway]:
    """Adds a grammar and a slot to each request, and reads from the reply what came from the cache."""
    from tests.servers import StubEndpoint, first_move

    gateway = Gateway(base_url="")
    counted: dict[int, Exchange] = {}

    def is_product(exchange: Exchange) -> bool:
        return "product" in exchange.request.headers.get("authorization", "")

    def adds(exchange: Exchange) -> dict[str, Any]:
        return {
            "grammar": f"root ::= {json.dumps(first_move(exchange.request.body), ensure_ascii=False)}",
            "id_slot": 0 if is_product(exchange) else 1,
            "timings_per_token": True,
        }

    def hears(exchange: Exchange, line: bytes) -> None:
        if is_product(exchange) and id(exchange) not in counted and (cached := _from_cache(line)) is not None:
            gateway.turns.append((exchange.request.body["messages"], cached))
            counted[id(exchange)] = exchange

    with StubEndpoint(passing_on(upstream, adds=adds, hears=hears)) as endpoint:
        gateway.base_url = endpoint.base_url
        yield gateway


def _from_cache(line: bytes) -> int | None:
    """Tokens of the prompt that were not read anew, from the times that llama.cpp sends along."""
    if not line.startswith(b"data: {"):
        return None
    cached = (json.loads(line[6:]).get("timings") or {}).get("cache_n")
    return int(cached) if cached is not None else None


# --- figures ---


def _report(name: str, held: Held) -> bool:
    """Print a server's figures; whether the targets are met."""
    print(f"\n{name}: {held.turns} turns, {held.calls / max(1, held.turns):.2f} model calls a turn")
    if not held.times:
        print("  no turn was worded by the model")
        return False
    direct = np.array([each.direct for each in held.times])
    print(f"  direct call, median of {len(direct)}: {1000 * np.median(direct):.0f} ms")
    good = held.calls == held.turns
    for words, taken, target in (
        ("from the decision", np.array([each.from_decision for each in held.times]), TARGET_RATIO),
        ("from the message, engine included", np.array([each.from_message for each in held.times]), None),
    ):
        ratio = float(np.median(taken) / np.median(direct))
        low, high = _interval(taken, direct)
        aim = ""
        if target is not None:
            good &= ratio <= target
            aim = f" (target: {target} at most)"
        print(f"  {words}: {1000 * np.median(taken):.0f} ms, ratio {ratio:.2f} [{low:.2f}, {high:.2f}]{aim}")
    return good


def _interval(taken: np.ndarray[Any, Any], direct: np.ndarray[Any, Any]) -> tuple[float, float]:
    """95 % of the ratios of medians over resampled turns."""
    random = np.random.default_rng(0)
    picks = random.integers(0, len(taken), size=(_RESAMPLES, len(taken)))
    ratios = np.median(taken[picks], axis=1) / np.median(direct[picks], axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(low), float(high)


def _report_cache(turns: Sequence[tuple[list[dict[str, str]], int]], *, root: str) -> bool:
    """Print how much of what a prompt shares with the one before it came from the cache."""
    tokens = [_tokens(messages, root=root) for messages, _ in turns]
    shares = []
    for number in range(1, len(turns)):
        common = _common(tokens[number - 1], tokens[number])
        if turns[number][0][:2] == turns[number - 1][0][:2]:  # else another interview began, or this one was trimmed
            shares.append((turns[number][1] / common, turns[number][1] / len(tokens[number])))
    if not shares:
        print("  no two prompts of one interview to compare")
        return False
    least = min(share for share, _ in shares)
    median_share = float(np.median([share for share, _ in shares]))
    whole = float(np.median([share for _, share in shares]))
    print(
        f"  of the tokens shared with the previous prompt, from the cache: median {median_share:.1%}, "
        f"least {least:.1%} of {len(shares)} turns (target: {TARGET_CACHED:.0%}); of the whole prompt: {whole:.0%}"
    )
    return least >= TARGET_CACHED


def _tokens(messages: list[dict[str, str]], *, root: str) -> list[int]:
    """A prompt as the server reads it: its chat template applied, in tokens."""
    prompt = _posted(f"{root}/apply-template", {"messages": messages})["prompt"]
    found: list[int] = _posted(f"{root}/tokenize", {"content": prompt, "add_special": True, "parse_special": True})[
        "tokens"
    ]
    return found


def _posted(address: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(
        address, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


def _common(before: Sequence[int], after: Sequence[int]) -> int:
    """Length of the longest common prefix."""
    pairs = zip(before, after, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(before), len(after)))


if __name__ == "__main__":
    main()
