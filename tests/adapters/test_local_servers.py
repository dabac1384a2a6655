"""Servers on this machine are found together within a second, and named so that a name says all."""

from __future__ import annotations

import asyncio
import time

import pytest

from app.adapters.litellm_chat import LiteLlmChat
from app.adapters.local_servers import FoundServer, LocalServer, find_servers, local_model, models_of
from app.bootstrap import BUILTIN, App
from app.services.model_speaker import ModelSpeaker
from app.services.speaking import CuratedSpeaker
from app.settings import load_settings
from tests.servers import StubEndpoint, closed_port, hanging_port

NOWHERE = dict.fromkeys(LocalServer, 0)


async def test_what_answers_is_found_though_one_port_hangs_and_one_is_closed() -> None:
    with StubEndpoint(models=("qwen:7b", "nomic-embed-text", "a b")) as ollama, hanging_port() as hangs:
        with closed_port() as closed:
            ports = {
                LocalServer.OLLAMA: ollama.port,
                LocalServer.LM_STUDIO: hangs,
                LocalServer.LLAMA_CPP: int(closed.removesuffix("/v1").rpartition(":")[2]),
            }
            began = time.monotonic()
            [found] = await find_servers(ports)
            assert time.monotonic() - began < 1.0
    assert found.server is LocalServer.OLLAMA and found.api_base == ollama.base_url
    assert found.models == ("a b", "qwen:7b"), "what only embeds cannot talk"
    assert found.setting == "MLSD_MODEL='ollama:a b'"
    assert models_of([found]) == ("ollama:a b", "ollama:qwen:7b")
    assert ollama.requests == [], "only the list of models was asked for"


@pytest.mark.parametrize("page", [[], {"data": None}, {"data": [{}]}, {"data": 7}, "hello", None])
async def test_something_else_at_such_a_port_is_no_model_server(page: object) -> None:
    with StubEndpoint(pages={"/v1/models": page}) as other:
        assert await find_servers(NOWHERE | {LocalServer.LLAMA_CPP: other.port}) == ()


async def test_a_server_that_refuses_or_breaks_off_is_not_offered() -> None:
    async def answer(text: bytes) -> tuple[FoundServer, ...]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(text)
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            return await find_servers(NOWHERE | {LocalServer.OLLAMA: server.sockets[0].getsockname()[1]})

    good = b'{"data": [{"id": "m"}]}'
    assert await answer(b"HTTP/1.0 401 no\r\n\r\n" + good) == ()
    assert await answer(b"HTTP/1.0 200 OK\r\nContent-Length: 99\r\n\r\n" + good) == ()
    assert await answer(b"HTTP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n" + good) == ()
    assert await answer(b"SSH-2.0-x\r\n") == ()
    assert await answer(b"x" * 2_000_000) == ()
    [found] = await answer(b"HTTP/1.0 200 OK\r\n\r\n" + good)
    assert found.models == ("m",)


async def test_a_server_without_models_is_told_and_offers_nothing() -> None:
    with StubEndpoint(models=()) as idle:
        [found] = await find_servers(NOWHERE | {LocalServer.LM_STUDIO: idle.port})
    assert found.models == () and found.setting is None


async def test_port_zero_is_not_looked_at() -> None:
    assert await find_servers(NOWHERE) == ()


@pytest.mark.parametrize(
    ("name", "server", "model"),
    [
        ("ollama:llama3.1:8b", LocalServer.OLLAMA, "llama3.1:8b"),
        ("lm-studio:qwen/qwen2.5", LocalServer.LM_STUDIO, "qwen/qwen2.5"),
        ("llama.cpp:/models/x.gguf", LocalServer.LLAMA_CPP, "/models/x.gguf"),
    ],
)
def test_a_name_says_server_and_model(name: str, server: LocalServer, model: str) -> None:
    found = local_model(name, ports=dict.fromkeys(LocalServer, 4242))
    assert found is not None and (found.server, found.model, found.name) == (server, model, name)
    assert found.api_base == "http://127.0.0.1:4242/v1"


@pytest.mark.parametrize("name", ["ollama/llama3", "gpt-4.1", "llama3.1:8b", "ollama:", "openai/ollama:x"])
def test_other_names_are_left_to_the_settings(name: str) -> None:
    assert local_model(name, ports=NOWHERE) is None


class TestUse:
    """What is used is what was named, and never by itself what costs money."""

    def test_a_key_or_an_address_alone_uses_the_built_in_interviewer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-costs-money-0123")
        assert isinstance(App(load_settings()).speaker(), CuratedSpeaker)
        monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
        assert isinstance(App(load_settings()).speaker(), CuratedSpeaker)

    def test_a_found_server_alone_uses_the_built_in_interviewer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with StubEndpoint() as server:
            monkeypatch.setenv("MLSD_OLLAMA_PORT", str(server.port))
            assert isinstance(App(load_settings()).speaker(), CuratedSpeaker)

    def test_only_what_the_settings_name_or_this_machine_runs_may_be_used(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-costs-money-0123")
        monkeypatch.setenv("MLSD_MODEL", "openai/gpt-4.1-mini")
        app = App(load_settings())
        for name in (BUILTIN, "openai/gpt-4.1-mini", "ollama:gpt-4.1"):
            assert app.may_use(name)
        for name in ("openai/gpt-4.1", "gpt-4.1-mini", "ollama/llama3"):
            assert not app.may_use(name)

    async def test_one_on_this_machine_gets_its_own_name_and_no_key(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with StubEndpoint() as server:
            monkeypatch.setenv("MLSD_LLAMA_CPP_PORT", str(server.port))
            monkeypatch.setenv("OPENAI_API_KEY", "sk-costs-money-0123")
            monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
            app = App(load_settings())
            speaker = app.speaker("llama.cpp:org/small")
            assert isinstance(speaker, ModelSpeaker) and speaker.identity.model == "llama.cpp:org/small"
            chat = app.chat("llama.cpp:org/small")
            assert isinstance(chat, LiteLlmChat)
            async for _ in chat.stream([], max_tokens=5):
                pass
        [request] = server.requests
        assert request.body["model"] == "org/small"
        assert "sk-costs-money-0123" not in str(request.headers)
