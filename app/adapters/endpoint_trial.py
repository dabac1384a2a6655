"""Tries out a model that answers: does it stream, obey a schema, reuse what it has read, and how fast is it.

Three requests, about 3,200 prompt tokens and 100 tokens of reply in all. The prompts are of the kind that an
interview sends: the interviewer's instructions, a long middle, and a short end.
"""

from __future__ import annotations

from secrets import token_hex

from app.adapters.endpoint_context import context_length
from app.adapters.litellm_chat import LiteLlmChat, Measured
from app.domain.vocabulary import Frozen
from app.errors import ModelError
from app.ports import ChatMessage
from app.prompts import render

_FILLER_LINES = 90
"""With the instructions about 1,500 tokens; the least that the great providers cache is 1,024."""
_REPLY_TOKENS = 48
_COLOURS = ("red", "green", "blue")
_SCHEMA = {
    "type": "object",
    "properties": {"colour": {"enum": list(_COLOURS)}, "number": {"type": "integer"}},
    "required": ["colour", "number"],
    "additionalProperties": False,
}
_NEW_TOKENS = 350
"""What a turn adds to the prompt: a candidate's message of 100 words, and the note with the moves."""
_WHOLE_PROMPT = 4_000
"""A prompt in the middle of an interview, for servers that read it anew each turn."""
_FIRST_SENTENCE = 25
"""Tokens up to the end of the first sentence, with the line that names the move."""
_PLEASANT_S, _DEADLINE_S = 4.0, 20.0
_WHOLE_INTERVIEW = 8_192
"""Tokens for 45 minutes: 24,000 characters of dialogue (`ModelSpeaker`), instructions, note and reply."""
_HALF_INTERVIEW = 3_072


class Trial(Frozen):
    """What a trial showed. A None says that it could not be told.

    Attributes:
        streams: whether the reply came in pieces.
        json_schema: whether a reply obeyed a JSON schema that its text did not mention.
        prefix_caching: whether the second of two prompts with the same beginning was read from memory.
        tokens_per_second: of the reply, after its first token.
        context_length: tokens that the model reads.
        expectation: what an interview will be like, in a sentence.
        problem: what went wrong on the way.
    """

    streams: bool | None = None
    json_schema: bool | None = None
    prefix_caching: bool | None = None
    tokens_per_second: float | None = None
    context_length: int | None = None
    expectation: str | None = None
    problem: str | None = None


async def try_out(model: str, *, api_base: str | None, api_key: str | None, each_s: float) -> Trial:
    """Try a model out; what fails is left open and told.

    Args:
        model: litellm's name for it.
        api_base: None for the provider's own address.
        api_key: sent, and never part of what is found.
        each_s: seconds for each request.
    """
    chat = LiteLlmChat(model, api_base=api_base, api_key=api_key, timeout_s=each_s)
    await chat.warm_up()
    first: Measured | None = None
    second: Measured | None = None
    schema: bool | None = None
    problem: str | None = None
    beginning = _beginning()
    try:
        first = await chat.measure(
            [*beginning, _asking("Explain a queue in three sentences.")], max_tokens=_REPLY_TOKENS
        )
        second = await chat.measure([*beginning, _asking("Explain a stack in three sentences.")], max_tokens=8)
    except ModelError as error:
        problem = str(error)
    else:
        schema = await _obeys_a_schema(chat)
    context = chat.listed_context()
    if api_base is not None:
        served = model.removeprefix("openai/")
        context = await context_length(served, api_base=api_base, api_key=api_key, within_s=4.0) or context
    found = Trial(
        streams=_streams(first) if first is not None else None,
        json_schema=schema,
        prefix_caching=_caches(second) if second is not None else None,
        tokens_per_second=_pace(first) if first is not None else None,
        context_length=context,
        problem=problem,
    )
    return found.model_copy(update={"expectation": expectation(found, first=first)})


def _beginning() -> list[ChatMessage]:
    """The long beginning that two prompts share; new each time, so that no server has read it before."""
    lines = "\n".join(f"{number}. This line only makes the text longer." for number in range(_FILLER_LINES))
    instructions = render("interviewer", level="senior", problem="Design a search for lost umbrellas.")
    return [ChatMessage(role="system", content=f"Trial {token_hex(6)}.\n{instructions}\n{lines}")]


def _asking(text: str) -> ChatMessage:
    return ChatMessage(role="user", content=text)


async def _obeys_a_schema(chat: LiteLlmChat) -> bool | None:
    """Whether constrained output works; the request says nothing of JSON, so only the schema can bring it."""
    try:
        reply = await chat.complete_json(
            [_asking("Name a colour and a number.")], schema=_SCHEMA, schema_name="trial", max_tokens=200
        )
    except ModelError:
        return False
    obeyed = set(reply) == {"colour", "number"} and reply["colour"] in _COLOURS and isinstance(reply["number"], int)
    return obeyed and chat.takes_schemas


def _streams(measured: Measured) -> bool | None:
    if measured.pieces > 1:
        return True
    return False if measured.tokens is not None and measured.tokens > 4 else None


def _caches(second: Measured) -> bool | None:
    if second.cached_tokens is None or not second.prompt_tokens:
        return None
    return second.cached_tokens >= 0.5 * second.prompt_tokens


def _pace(measured: Measured) -> float | None:
    """Tokens a second; the first is not counted, as it waits for the prompt to be read."""
    tokens = (measured.tokens or measured.pieces) - 1
    taken = measured.last_s - measured.first_s
    return round(tokens / taken, 1) if tokens > 0 and taken > 0 else None


def expectation(found: Trial, *, first: Measured | None) -> str | None:
    """What an interview with it will be like, in a sentence; None where nothing was measured.

    The time of a turn is that of reading what is new in its prompt (or all of it, where nothing is reused) and
    of writing the first sentence.
    """
    if first is None or found.tokens_per_second is None:
        return None
    reading = (first.prompt_tokens or _WHOLE_PROMPT / 3) / first.first_s
    new = _NEW_TOKENS if found.prefix_caching else _WHOLE_PROMPT
    seconds = new / reading + _FIRST_SENTENCE / found.tokens_per_second
    if seconds <= _PLEASANT_S:
        pace = f"fast enough for an interview at talking pace: the first sentence of a turn takes about {seconds:.1f} s"
    elif seconds <= _DEADLINE_S:
        pace = f"every turn will take about {seconds:.0f} s"
    else:
        pace = (
            f"too slow: a turn would take about {seconds:.0f} s, and after {_DEADLINE_S:.0f} s the built-in "
            "interviewer says it; choose a smaller model"
        )
    return f"{pace}{_room(found.context_length)}"


def _room(context: int | None) -> str:
    if context is None or context >= _WHOLE_INTERVIEW:
        return ""
    if context >= _HALF_INTERVIEW:
        return (
            f"; its context of {context} tokens does not hold 45 minutes, so it will forget the older half of the "
            "dialogue, though never the facts"
        )
    return (
        f"; its context of {context} tokens is too small for a 45-minute interview: start its server with "
        f"{_WHOLE_INTERVIEW} or more"
    )
