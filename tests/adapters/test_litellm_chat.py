"""LiteLlmChat over a real socket: each fault becomes one sentence, good streams come through whole."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import SecretStr

from app.adapters.litellm_chat import LiteLlmChat
from app.adapters.scripted_chat import Broken, Late, ScriptedChat
from app.bootstrap import App
from app.errors import ModelError
from app.ports import ChatMessage, ChatModel
from app.settings import Settings
from tests import servers
from tests.servers import Behaviour, LocalModel, StubEndpoint, closed_port, fail, say

ASK = (
    ChatMessage(role="system", content="You interview."),
    ChatMessage(role="user", content="I would start with the goal."),
)
SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string", "maxLength": 60}, "rating": {"enum": [1, 2, 3, 4]}},
    "required": ["reason", "rating"],
    "additionalProperties": False,
}  # fmt: skip


def chat(base_url: str, **options: Any) -> LiteLlmChat:
    return LiteLlmChat("stub", api_base=base_url, **{"timeout_s": 10.0, **options})


async def told(model: ChatModel, *, max_tokens: int = 200) -> str:
    return "".join([piece async for piece in model.stream(ASK, max_tokens=max_tokens)])


async def graded(model: ChatModel) -> dict[str, Any]:
    return await model.complete_json(ASK, schema=SCHEMA, schema_name="grade", max_tokens=200)


async def test_good_stream_arrives_in_pieces_and_asks_for_what_it_was_told() -> None:
    with StubEndpoint(say("Who is it for? Take your time.")) as endpoint:
        model = chat(endpoint.base_url, temperature=0.1, api_key="secret")
        pieces = [piece async for piece in model.stream(ASK, max_tokens=77, stop=("\n\n",))]
    assert "".join(pieces) == "Who is it for? Take your time."
    assert len(pieces) > 3
    [request] = endpoint.requests
    assert request.headers["authorization"] == "Bearer secret"
    assert request.body["model"] == "stub"
    assert request.body["max_tokens"] == 77
    assert request.body["stop"] == ["\n\n"]
    assert request.body["temperature"] == 0.1
    assert request.body["messages"] == [message.model_dump() for message in ASK]


@pytest.mark.parametrize(
    ("model", "sent"),
    [("stub", "stub"), ("openai/stub", "stub"), ("meta-llama/Llama-3-8B", "meta-llama/Llama-3-8B")],
)
async def test_a_name_without_a_known_provider_reaches_the_endpoint_whole(model: str, sent: str) -> None:
    with StubEndpoint() as endpoint:
        await told(LiteLlmChat(model, api_base=endpoint.base_url))
    assert endpoint.requests[0].body["model"] == sent
    assert endpoint.requests[0].headers["authorization"] == "Bearer x"


FAULTS: list[tuple[str, Behaviour, bool, tuple[str, ...]]] = [
    ("401", fail(401), False, ("API key", "MLSD_API_KEY")),
    ("401 of OpenAI", fail(401, kind="authentication_error"), False, ("API key", "MLSD_API_KEY")),
    ("403", fail(403), False, ("API key", "MLSD_API_KEY")),
    ("404", fail(404), False, ("'stub'", "MLSD_MODEL", "/v1")),
    ("404 of OpenAI", fail(404, code="model_not_found"), False, ("'stub'", "MLSD_MODEL")),
    ("408", fail(408), True, ("did not finish", "try again")),
    ("429", fail(429), True, ("no more requests", "wait a moment")),
    ("quota", fail(429, "insufficient_quota"), False, ("no quota left", "add credit")),
    ("500", fail(500), True, ("failed (status 500)", "try again")),
    ("500 of OpenAI", fail(500, kind="server_error"), True, ("failed (status 500)", "try again")),
    ("503", fail(503), True, ("failed (status 503)", "try again")),
    ("400", fail(400, "no such option"), False, ("no such option", "MLSD_MODEL")),
    ("overflow", servers.context_overflow, False, ("longer than", "reads more")),
    ("malformed SSE", servers.malformed_sse, True, ("cannot be read", "MLSD_API_BASE")),
    ("drop", servers.drop_midstream, True, ("broke off", "try again")),
    ("drop at once", servers.hang_up, True, ("broke off", "try again")),
    ("empty", servers.empty, True, ("empty reply",)),
    ("blank", say(" \n "), True, ("empty reply",)),
    ("only thought", say("<think>hm, what now"), True, ("empty reply",)),
    ("web page", servers.html_page, True, ("empty reply",)),
    ("loop", servers.endless(), True, ("repeats itself",)),
]


@pytest.mark.parametrize(
    ("behaviour", "retryable", "words"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS]
)
async def test_each_fault_of_a_stream_is_one_sentence_with_its_remedy(
    behaviour: Behaviour, retryable: bool, words: tuple[str, ...]
) -> None:
    with StubEndpoint(behaviour) as endpoint:
        with pytest.raises(ModelError) as caught:
            await told(chat(endpoint.base_url, api_key="sk-hush"), max_tokens=2000)
        assert endpoint.count == 1, "nothing is retried here"
    message = str(caught.value)
    assert caught.value.retryable is retryable
    assert all(word in message for word in words), message
    assert "\n" not in message and "litellm" not in message.lower().replace("litellm.badrequest", "")
    assert "sk-hush" not in message


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (fail(401), "wants an API key, and 'llama.cpp:small' is never sent one; set MLSD_MODEL=openai/small, "),
        (fail(404), "knows no model 'llama.cpp:small'; choose one that `mlsd doctor` lists"),
        (servers.malformed_sse, "sent a reply that cannot be read; look at its log, or choose another model"),
    ],
    ids=["key", "name", "malformed"],
)
async def test_a_model_of_this_machine_has_remedies_of_its_own(behaviour: Behaviour, sentence: str) -> None:
    """Its name settles the address, and no key is ever sent to it: neither setting would mend anything."""
    with StubEndpoint(behaviour) as endpoint:
        parts = App(Settings(llama_cpp_port=endpoint.port, api_key=SecretStr("sk-hush")))
        with pytest.raises(ModelError) as caught:
            await told(parts.chat("llama.cpp:small"))
        if "MLSD_MODEL=" in sentence:
            assert f"MLSD_API_BASE={endpoint.base_url} and MLSD_API_KEY" in str(caught.value)
    assert sentence in str(caught.value)


async def test_a_server_of_this_machine_that_is_down_is_to_be_started() -> None:
    with closed_port() as base_url, pytest.raises(ModelError) as caught:
        port = int(base_url.removesuffix("/v1").rpartition(":")[2])
        await told(App(Settings(llama_cpp_port=port)).chat("llama.cpp:small"))
    assert str(caught.value).endswith("cannot be reached; start it, or choose another model")


@pytest.mark.parametrize(("after", "seconds"), [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None)])
async def test_retry_after_is_passed_on(after: str, seconds: float | None) -> None:
    with StubEndpoint(fail(429, Retry_After=after)) as endpoint, pytest.raises(ModelError) as caught:
        await told(chat(endpoint.base_url))
    assert caught.value.retry_after == seconds


async def test_retry_after_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    with StubEndpoint(fail(503, Retry_After=date)) as endpoint, pytest.raises(ModelError) as caught:
        await told(chat(endpoint.base_url))
    assert caught.value.retry_after == pytest.approx(3600, abs=60)


async def test_a_closed_port_and_an_unknown_host_cannot_be_reached() -> None:
    with closed_port() as base_url, pytest.raises(ModelError, match="cannot be reached; start it") as refused:
        await told(chat(base_url))
    assert refused.value.retryable
    with pytest.raises(ModelError, match="no-such-host.invalid/v1 cannot be reached"):
        await told(chat("http://no-such-host.invalid/v1"))
    with pytest.raises(ModelError, match="'htp:/x' is no web address; mend MLSD_API_BASE"):
        await told(chat("htp:/x"))


async def test_without_an_address_a_name_must_say_who_serves_it() -> None:
    with pytest.raises(ModelError, match="write PROVIDER/NAME, or set MLSD_API_BASE"):
        await told(LiteLlmChat("nobody-knows-this"))
    with pytest.raises(ModelError, match="wants an API key; set MLSD_API_KEY"):
        await told(LiteLlmChat("openai/gpt-4o-mini"))


@pytest.mark.parametrize("behaviour", [servers.silent, servers.slow(0.05, text="word " * 200)], ids=["silent", "slow"])
async def test_the_timeout_covers_the_whole_call(behaviour: Behaviour) -> None:
    with StubEndpoint(behaviour) as endpoint:
        model = chat(endpoint.base_url, timeout_s=0.4)
        await model.warm_up()
        began = time.monotonic()
        with pytest.raises(ModelError, match="did not finish in 0.4 s") as caught:
            await told(model)
        assert time.monotonic() - began < 2.0
        assert caught.value.retryable


async def test_a_timeout_never_strikes_while_the_caller_is_busy() -> None:
    with StubEndpoint(servers.slow(0.1, text="word " * 200)) as endpoint:
        model = chat(endpoint.base_url, timeout_s=0.5)
        stream = model.stream(ASK, max_tokens=2000)
        assert await anext(stream) == "word"
        await asyncio.sleep(0.8)  # would be cancelled if the time limit spanned the yield
        with pytest.raises(ModelError, match="did not finish"):
            async for _ in stream:
                pass


async def test_closing_the_generator_stops_the_server() -> None:
    with StubEndpoint(servers.counting()) as endpoint:
        stream = chat(endpoint.base_url).stream(ASK, max_tokens=2000)
        assert await anext(stream)
        assert not endpoint.cut_off.is_set()
        await stream.aclose()
        assert await asyncio.to_thread(endpoint.cut_off.wait, 5)


async def test_cancelling_the_reader_stops_the_server() -> None:
    with StubEndpoint(servers.slow(0.02, text="word " * 500)) as endpoint:
        reader = asyncio.create_task(told(chat(endpoint.base_url), max_tokens=2000))
        while endpoint.count == 0:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.1)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader
        assert await asyncio.to_thread(endpoint.cut_off.wait, 5)


async def test_a_server_that_ignores_max_tokens_is_left() -> None:
    with StubEndpoint(servers.counting()) as endpoint:
        text = await told(chat(endpoint.base_url), max_tokens=10)
        assert await asyncio.to_thread(endpoint.cut_off.wait, 5)
    assert 60 < len(text) < 200


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["<think>", "let me see", "</think>", "\n\n", "Go", " on."], "Go on."),
        (["<th", "ink>a < b</th", "ink>Go on."], "Go on."),
        (["\n<think></think>\n<think>again</think>Go on."], "Go on."),
        (["<", "b>bold</b>"], "<b>bold</b>"),
        (["Say <think>", "aloud</think>."], "Say <think>aloud</think>."),
        (["<thi"], "<thi"),
    ],
)
async def test_a_leading_thought_is_not_shown(pieces: list[str], text: str) -> None:
    with StubEndpoint(servers.say_pieces(pieces)) as endpoint:
        assert await told(chat(endpoint.base_url)) == text


async def test_reasoning_in_a_field_of_its_own_is_not_shown() -> None:
    with StubEndpoint(servers.think("The candidate is wrong.", "Go on.")) as endpoint:
        assert await told(chat(endpoint.base_url)) == "Go on."


async def test_json_is_asked_for_by_schema() -> None:
    with StubEndpoint(say('{"reason": "named the goal", "rating": 3}')) as endpoint:
        assert await graded(chat(endpoint.base_url)) == {"reason": "named the goal", "rating": 3}
    [request] = endpoint.requests
    assert request.body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert request.body["response_format"]["json_schema"]["name"] == "grade"


@pytest.mark.parametrize(
    "text",
    [
        '```json\n{"rating": 3}\n```',
        'Here it is:\n{"rating": 3}',
        '<think>{"rating": 1}?</think>{"rating": 3}',
    ],
)
async def test_an_endpoint_without_schemas_is_asked_in_words_once_and_then_only_so(text: str) -> None:
    with StubEndpoint(servers.without_schemas(say(text))) as endpoint:
        model = chat(endpoint.base_url)
        assert await graded(model) == {"rating": 3}
        assert await graded(model) == {"rating": 3}
    assert ["response_format" in request.body for request in endpoint.requests] == [True, False, False]
    instruction = endpoint.requests[1].body["messages"][0]
    assert instruction["role"] == "system"
    assert json.dumps(SCHEMA) in instruction["content"]


@pytest.mark.parametrize(
    ("behaviour", "retryable", "words"),
    [
        (servers.cut_json, False, ("cut off", "more tokens")),
        (say("I would rate this 3."), True, ("not reply in JSON",)),
        (say("[1, 2]"), True, ("not reply in JSON",)),
        (say('{"rating": ' + "[" * 100_000), True, ("not reply in JSON",)),
        (servers.empty, True, ("empty reply",)),
        (servers.html_page, True, ("cannot be read",)),
        (fail(503), True, ("status 503",)),
        (fail(404), False, ("MLSD_MODEL",)),
        (servers.context_overflow, False, ("longer than",)),
        (servers.hang_up, True, ("broke off",)),
    ],
)
async def test_each_fault_of_a_json_reply(behaviour: Behaviour, retryable: bool, words: tuple[str, ...]) -> None:
    with StubEndpoint(behaviour) as endpoint:
        with pytest.raises(ModelError) as caught:
            await graded(chat(endpoint.base_url))
        assert endpoint.count == 1
    assert caught.value.retryable is retryable
    assert all(word in str(caught.value) for word in words), str(caught.value)


async def test_a_request_that_is_bad_either_way_is_tried_twice_and_explained() -> None:
    with StubEndpoint(fail(400, "temperature must be 1")) as endpoint:
        with pytest.raises(ModelError, match="temperature must be 1"):
            await graded(chat(endpoint.base_url))
        assert endpoint.count == 2


async def test_a_json_call_is_timed_as_a_whole() -> None:
    with StubEndpoint(servers.silent) as endpoint, pytest.raises(ModelError, match="did not finish in 0.3 s"):
        await graded(chat(endpoint.base_url, timeout_s=0.3))


ODD_SHAPES: list[object] = [
    {}, [], None, 7, "text", {"choices": None}, {"choices": []}, {"choices": [{}]}, {"choices": [None]},
    {"choices": [{"message": None, "delta": None}]},
    {"choices": [{"message": {"content": 7}, "delta": {"content": 7}}]},
    {"choices": "no"}, {"error": "no"}, {"error": {"message": "out of memory"}},
]  # fmt: skip


@pytest.mark.parametrize("body", ODD_SHAPES, ids=[json.dumps(shape) for shape in ODD_SHAPES])
async def test_replies_of_an_odd_shape_are_model_errors_and_nothing_worse(body: object) -> None:
    with StubEndpoint(servers.reply_with(body)) as endpoint:
        model = chat(endpoint.base_url)
        with pytest.raises(ModelError):
            await graded(model)
        try:
            text = await told(model)
        except ModelError:
            return
        assert text == "7"


@pytest.fixture(params=["endpoint", "script"])
def player(request: pytest.FixtureRequest) -> Iterator[Callable[[str | ModelError], ChatModel]]:
    """Makes a model that gives one reply: the adapter before a real socket, or the fake."""
    with ExitStack() as stack:

        def make(reply: str | ModelError) -> ChatModel:
            if request.param == "script":
                is_json = isinstance(reply, str) and reply.startswith("{")
                return ScriptedChat([json.loads(reply) if is_json else reply])
            behaviour = fail(503) if isinstance(reply, ModelError) else say(reply)
            return chat(stack.enter_context(StubEndpoint(behaviour)).base_url)

        yield make


Player = Callable[[str | ModelError], ChatModel]


async def test_model_and_fake_stream_a_text_in_pieces(player: Player) -> None:
    pieces = [piece async for piece in player("Who is it for?\nTake your time.").stream(ASK, max_tokens=50)]
    assert "".join(pieces) == "Who is it for?\nTake your time."
    assert len(pieces) > 3


async def test_model_and_fake_give_objects(player: Player) -> None:
    assert await graded(player('{"reason": "x", "rating": 2}')) == {"reason": "x", "rating": 2}


async def test_model_and_fake_fail_alike(player: Player) -> None:
    for use in (told, graded):
        with pytest.raises(ModelError) as caught:
            await use(player(ModelError("down", retryable=True)))
        assert caught.value.retryable


async def test_the_fake_records_prompts_and_plays_pauses_breaks_and_its_end() -> None:
    broken = Broken(text="Half of", error=ModelError("gone", retryable=True))
    model = ScriptedChat([Late(seconds=0.05, reply="one END two"), broken, "a b c"], name="played")
    began = time.monotonic()
    assert "".join([piece async for piece in model.stream(ASK, max_tokens=9, stop=["END"])]) == "one "
    assert time.monotonic() - began >= 0.05
    heard = []
    with pytest.raises(ModelError, match="gone"):
        async for piece in model.stream(ASK[:1], max_tokens=9):
            heard.append(piece)
    assert "".join(heard) == "Half of"
    stream = model.stream(ASK, max_tokens=9)
    assert await anext(stream) == "a"
    await stream.aclose()
    assert model.closed_early == 1
    with pytest.raises(ModelError, match="no more replies"):
        await graded(model)
    assert model.prompts == [ASK, ASK[:1], ASK, ASK]
    assert model.name == "played"


@pytest.fixture
async def real(local_model: LocalModel) -> AsyncIterator[LiteLlmChat]:
    yield LiteLlmChat(local_model.model, api_base=local_model.base_url, timeout_s=60.0)


@pytest.mark.model
async def test_the_local_model_streams(real: LiteLlmChat) -> None:
    pieces = [piece async for piece in real.stream(ASK, max_tokens=24)]
    assert len(pieces) > 3
    assert "".join(pieces).strip()


@pytest.mark.model
async def test_the_local_model_obeys_a_schema(real: LiteLlmChat) -> None:
    grade = await graded(real)
    assert set(grade) == {"reason", "rating"}
    assert grade["rating"] in {1, 2, 3, 4}


@pytest.mark.model
async def test_the_local_model_rejects_what_it_cannot_read(local_model: LocalModel) -> None:
    model = LiteLlmChat(local_model.model, api_base=local_model.base_url)
    long = ChatMessage(role="user", content="word " * 20_000)
    with pytest.raises(ModelError, match="longer than"):
        async for _ in model.stream([long], max_tokens=8):
            pass
