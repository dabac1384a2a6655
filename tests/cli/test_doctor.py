"""`mlsd doctor`: what works, what does not and what to do, without telling any secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.adapters.endpoint_context import context_length
from app.adapters.endpoint_probe import probe
from app.adapters.endpoint_trial import Trial, expectation
from app.adapters.litellm_chat import Measured
from tests import servers
from tests.cli.conftest import Mlsd, Played, write_case
from tests.cli.test_schemas import assert_fits
from tests.servers import Behaviour, StubEndpoint, closed_port, fail, html_page, say, say_with_usage, silent

KEY = "sk-secret-0123456789"


def diagnosed(mlsd: Mlsd, *, status: int) -> dict[str, Any]:
    """The checks by name; the whole document fits its schema."""
    ran = mlsd("doctor", "--json")
    assert ran.status == status and ran.err == "", ran
    assert_fits("doctor", ran.document)
    assert ran.document["ok"] is (status == 0)
    assert KEY not in ran.out
    return {check["name"]: check for check in ran.document["checks"]} | {"found": ran.document["endpoint"]}


class TestThisMachine:
    def test_all_is_well_without_an_endpoint(self, mlsd: Mlsd, parcels: Played) -> None:
        checks = diagnosed(mlsd, status=0)
        assert checks["found"] is None and "built-in interviewer" in checks["endpoint"]["message"]
        assert "all-MiniLM-L6-v2" in checks["embedder"]["message"]
        assert checks["store"]["message"] == "0 interviews stored"
        assert checks["index"]["status"] == "note" and "`mlsd index`" in checks["index"]["message"]

    def test_people_are_told_how_to_name_a_model(self, mlsd: Mlsd, parcels: Played) -> None:
        ran = mlsd("doctor")
        assert ran.status == 0
        for server in ("Ollama", "OpenAI", "vLLM", "llama.cpp", "LM Studio"):
            line = next(line for line in ran.out.splitlines() if line.startswith(f"  {server} "))
            assert "MLSD_MODEL=" in line and ("MLSD_API_BASE=http://127.0.0.1:" in line or "MLSD_API_KEY=" in line)

    def test_content_that_does_not_load_is_named(
        self, mlsd: Mlsd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_case(tmp_path / "broken").write_text("id: broken\n")
        monkeypatch.setenv("MLSD_CONTENT", str(tmp_path))
        checks = diagnosed(mlsd, status=1)
        assert checks["content"]["status"] == "broken" and "broken/case.yaml:1" in checks["content"]["message"]
        assert checks["store"]["status"] == "ok"

    def test_a_home_that_cannot_be_written_is_named(
        self, mlsd: Mlsd, parcels: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("MLSD_HOME", str(tmp_path / "file"))
        checks = diagnosed(mlsd, status=1)
        assert checks["home"]["status"] == "broken" and "MLSD_HOME" in checks["home"]["message"]
        assert checks["content"]["status"] == "ok" and "store" not in checks

    def test_a_damaged_store_is_named(self, mlsd: Mlsd, parcels: Played, mlsd_home: Path) -> None:
        (mlsd_home / "interviews.sqlite3").write_bytes(b"no database" * 1000)
        checks = diagnosed(mlsd, status=1)
        assert checks["store"]["status"] == "broken" and "interviews.sqlite3" in checks["store"]["message"]

    def test_an_index_of_other_content_is_stale_and_no_fault(
        self, mlsd: Mlsd, parcels: Played, mlsd_home: Path
    ) -> None:
        (mlsd_home / "index" / "0123456789abcdef").mkdir(parents=True)
        check = diagnosed(mlsd, status=0)["index"]
        assert check["status"] == "note" and "stale" in check["message"]

    def test_a_database_that_needs_a_missing_driver_is_named_without_its_password(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MLSD_DATABASE", f"nosuch+driver://me:{KEY}@127.0.0.1/db")
        assert diagnosed(mlsd, status=1)["store"]["status"] == "broken"

    def test_an_embedding_model_needs_an_endpoint(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MLSD_EMBEDDING_MODEL", "embed")
        check = diagnosed(mlsd, status=1)["embedder"]
        assert check["status"] == "broken" and "MLSD_API_BASE" in check["message"]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, parcels: Played) -> pytest.MonkeyPatch:
    """A model and a key are named; the test names the address."""
    monkeypatch.setenv("MLSD_MODEL", "stub")
    monkeypatch.setenv("MLSD_API_KEY", KEY)
    return monkeypatch


@pytest.mark.slow  # importing litellm alone takes up to nine seconds
class TestAnswer:
    def test_one_that_works_is_asked_for_one_token_and_then_tried_out(
        self, mlsd: Mlsd, named: pytest.MonkeyPatch
    ) -> None:
        good = say_with_usage("A queue is a line. " * 6, prompt_tokens=1600, cached_tokens=1500)
        pages = {"/props": {"default_generation_settings": {"n_ctx": 4096}}}
        with StubEndpoint(good, models=("stub", "other"), pages=pages) as server:
            named.setenv("MLSD_API_BASE", server.base_url)
            checks = diagnosed(mlsd, status=0)
        assert checks["endpoint"]["status"] == "ok" and "stub answers" in checks["endpoint"]["message"]
        trial = checks["found"].pop("trial")
        assert trial.pop("tokens_per_second") > 0
        expected = trial.pop("expectation")
        assert "talking pace" in expected and "4096 tokens does not hold 45 minutes" in expected
        assert expected in checks["endpoint"]["message"]
        assert trial == {
            "streams": True,
            "json_schema": True,
            "prefix_caching": True,
            "context_length": 4096,
            "problem": None,
        }
        assert checks["found"] == {
            "api_base": server.base_url,
            "model": "stub",
            "reachable": True,
            "models": ["other", "stub"],
            "answers": True,
            "problem": None,
        }
        assert server.requests[0].body["max_tokens"] == 1
        assert all(f"Bearer {KEY}" in request.headers.values() for request in server.requests)
        first, second = (request.body["messages"] for request in server.requests[1:3])
        assert first[0] == second[0] and len(first[0]["content"]) > 5_000, "a long beginning is shared"
        assert len(server.requests) == 4

    def test_what_cannot_be_told_is_unknown(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        plain = say_with_usage("A queue is a line.", prompt_tokens=1600, cached_tokens=None)
        with StubEndpoint(servers.without_schemas(plain)) as server:
            named.setenv("MLSD_API_BASE", server.base_url)
            ran = mlsd("doctor")
        assert ran.status == 0
        assert "prefix caching: unknown" in ran.out and "context: unknown" in ran.out
        assert "streaming: yes" in ran.out and "JSON schema: no" in ran.out

    def test_one_that_breaks_at_a_longer_prompt_is_told(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        with StubEndpoint([say("OK."), servers.context_overflow]) as server:
            named.setenv("MLSD_API_BASE", server.base_url)
            check = diagnosed(mlsd, status=1)["endpoint"]
        assert "not a longer prompt" in check["message"] and "longer context" in check["message"]

    def test_a_model_that_only_thinks_within_its_token_answers(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        with StubEndpoint(say("")) as server:
            named.setenv("MLSD_API_BASE", server.base_url)
            assert diagnosed(mlsd, status=1)["found"]["answers"] is True

    @pytest.mark.parametrize(
        ("behaviour", "said"),
        [
            (fail(404, "no such model"), "(it lists other, third)"),
            (fail(401, f"bad key {KEY}"), "MLSD_API_KEY"),
            (fail(400, f"your key {KEY} is odd"), "your key *** is odd"),
            (html_page, "OpenAI-compatible"),
        ],
    )
    def test_one_that_refuses_is_explained(
        self, behaviour: Behaviour, said: str, mlsd: Mlsd, named: pytest.MonkeyPatch
    ) -> None:
        with StubEndpoint(behaviour, models=("third", "other")) as server:
            named.setenv("MLSD_API_BASE", server.base_url)
            checks = diagnosed(mlsd, status=1)
        assert checks["endpoint"]["status"] == "broken" and said in checks["endpoint"]["message"]
        assert checks["found"]["reachable"] is True and checks["found"]["answers"] is False

    async def test_a_silent_one_is_given_up_on(self) -> None:
        with StubEndpoint(silent) as server:
            found = await probe(model="stub", api_base=server.base_url, api_key=None, answer_s=0.3)
        assert found.reachable is True and found.answers is False
        assert found.problem is not None and "0.3 s" in found.problem


class TestAddress:
    def test_one_that_is_down_is_named_at_once(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        with closed_port() as address:
            named.setenv("MLSD_API_BASE", address)
            checks = diagnosed(mlsd, status=1)
        assert address in checks["endpoint"]["message"] and "cannot be reached" in checks["endpoint"]["message"]
        assert "built-in interviewer stands in" in checks["endpoint"]["message"]
        assert checks["found"]["reachable"] is False and checks["found"]["answers"] is None

    def test_an_address_alone_costs_nothing(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        named.delenv("MLSD_MODEL")
        with StubEndpoint(models=("stub",)) as server:
            named.setenv("OPENAI_BASE_URL", server.base_url)
            checks = diagnosed(mlsd, status=0)
        assert server.requests == []
        assert checks["endpoint"]["status"] == "note" and "it serves stub" in checks["endpoint"]["message"]

    def test_a_key_alone_names_no_endpoint(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        named.setenv("MLSD_MODEL", "builtin")
        assert diagnosed(mlsd, status=0)["found"] is None

    def test_a_password_in_the_address_is_not_printed(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        with closed_port() as address:
            named.setenv("MLSD_API_BASE", address.replace("//", f"//me:{KEY}@"))
            checks = diagnosed(mlsd, status=1)
        assert checks["found"]["api_base"] == address.replace("//", "//***@")

    def test_an_address_that_is_none_is_named(self, mlsd: Mlsd, named: pytest.MonkeyPatch) -> None:
        named.setenv("MLSD_API_BASE", "localhost:1234")
        check = diagnosed(mlsd, status=1)["endpoint"]
        assert "localhost:1234" in check["message"] and "MLSD_API_BASE" in check["message"]


class TestThisMachinesServers:
    def test_they_are_listed_with_what_to_set(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        with StubEndpoint(models=("qwen2.5:7b", "llama3.1:8b")) as server:
            monkeypatch.setenv("MLSD_OLLAMA_PORT", str(server.port))
            checks = diagnosed(mlsd, status=0)
            ran = mlsd("doctor")
        assert checks["endpoint"]["status"] == "note" and checks["found"] is None
        assert "ollama (llama3.1:8b, qwen2.5:7b)" in checks["endpoint"]["message"]
        for model in ("llama3.1:8b", "qwen2.5:7b"):
            assert f"use it:   MLSD_MODEL=ollama:{model}\n" in ran.out
        assert server.requests == [], "nothing is generated unasked"

    def test_they_are_not_looked_for_where_something_is_named(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("MLSD_MODEL", "builtin")
        with StubEndpoint() as server:
            monkeypatch.setenv("MLSD_OLLAMA_PORT", str(server.port))
            assert mlsd("doctor", "--json").document["local"] == []

    @pytest.mark.slow  # importing litellm alone takes up to nine seconds
    def test_one_that_is_named_is_tried_out_under_its_name(
        self, mlsd: Mlsd, parcels: Played, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        good = say_with_usage("A queue is a line.", prompt_tokens=1600, cached_tokens=0)
        with StubEndpoint(good, models=("small",)) as server:
            monkeypatch.setenv("MLSD_LM_STUDIO_PORT", str(server.port))
            monkeypatch.setenv("MLSD_MODEL", "lm-studio:small")
            checks = diagnosed(mlsd, status=0)
        assert "lm-studio:small answers" in checks["endpoint"]["message"]
        assert checks["found"]["trial"]["prefix_caching"] is False


@pytest.mark.parametrize(
    ("pages", "tokens"),
    [
        ({"/props": {"default_generation_settings": {"n_ctx": 8192}}, "/v1/models": {"data": []}}, 8192),
        ({"/v1/models": {"data": [{"id": "stub", "max_model_len": 32768}]}}, 32768),
        ({"/api/v0/models": {"data": [{"id": "stub", "loaded_context_length": 4096}]}}, 4096),
        ({"/v1/models": {"data": [{"id": "stub", "context_length": True}]}}, None),
        ({"/v1/models": {"data": [{"id": "other", "context_length": 9}]}}, None),
        ({"/api/ps": {"models": [{"name": "stub", "context_length": 2048}]}}, 2048),
        ({"/api/show": {"parameters": "stop x\nnum_ctx                        16384"}}, 16384),
        ({"/api/show": {"model_info": {"llama.context_length": 131072}}}, None),
        ({"/props": "hello", "/api/ps": 3}, None),
        ({}, None),
    ],
)
async def test_the_context_is_what_the_running_server_reads(pages: dict[str, object], tokens: int | None) -> None:
    with StubEndpoint(pages=pages) as server:
        found = await context_length("stub", api_base=server.base_url, api_key=None, within_s=3.0)
    assert found == tokens


@pytest.mark.parametrize(
    ("pace", "caches", "first_s", "context", "words"),
    [
        (50.0, True, 1.0, None, "talking pace: the first sentence of a turn takes about 0.7 s"),
        (20.0, False, 2.0, 8192, "every turn will take about 6 s"),
        (5.0, False, 15.0, None, "too slow: a turn would take about 42 s"),
        (50.0, True, 1.0, 4096, "forget the older half"),
        (50.0, True, 1.0, 2048, "is too small for a 45-minute interview"),
    ],
)
def test_what_to_expect_is_one_sentence(
    pace: float, caches: bool, first_s: float, context: int | None, words: str
) -> None:
    found = Trial(tokens_per_second=pace, prefix_caching=caches, context_length=context)
    first = Measured(pieces=9, first_s=first_s, last_s=first_s + 1, tokens=9, prompt_tokens=1_600, cached_tokens=0)
    assert words in (expectation(found, first=first) or "")
    assert expectation(Trial(), first=None) is None
