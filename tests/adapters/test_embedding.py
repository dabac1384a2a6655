"""Vectors are the model's, the same every time, and kept where they may be kept."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.adapters.embedding import CachedEmbedder, EndpointEmbedder, MiniLmEmbedder
from app.errors import ModelError, SettingsError
from app.ports import Vectors
from tests.servers import QuietServer

SENTENCES = [f"parcel number {n} is scanned at the depot before {n % 7} o'clock" for n in range(40)]


@pytest.fixture(scope="module")
def minilm() -> MiniLmEmbedder:
    return MiniLmEmbedder()


class CountingEmbedder:
    """Vectors from the letters of a text, and a record of what it was asked."""

    name = "letters"

    def __init__(self, dimension: int = 8) -> None:
        self.asked: list[str] = []
        self.dimension = dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.array(
            [np.random.default_rng(list(text.encode())).normal(size=self.dimension) for text in texts]
        ).reshape(len(texts), self.dimension)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


class TestMiniLm:
    def test_nearness_follows_meaning(self, minilm: MiniLmEmbedder) -> None:
        asked, same, other = minilm.embed(
            [
                "how many parcels do we ship",
                "what is the daily volume of packages",
                "which loss do you train with",
            ]
        )
        assert asked @ same > asked @ other + 0.2

    def test_rows_have_length_one(self, minilm: MiniLmEmbedder) -> None:
        vectors = minilm.embed(SENTENCES)
        assert vectors.shape == (40, 384) and vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(40), abs=1e-5)

    def test_a_vector_depends_neither_on_neighbours_nor_on_threads(self, minilm: MiniLmEmbedder) -> None:
        together = minilm.embed(SENTENCES)
        alone = np.concatenate([minilm.embed([text]) for text in SENTENCES])
        other = MiniLmEmbedder(threads=2, workers=1).embed(SENTENCES)
        assert np.array_equal(together, alone) and np.array_equal(together, other)

    def test_words_beyond_256_tokens_do_not_count(self, minilm: MiniLmEmbedder) -> None:
        first, same, shorter = minilm.embed(
            ["parcel " * 300, "parcel " * 254 + "depot " * 50, "parcel " * 200 + "depot " * 50]
        )
        assert np.array_equal(first, same) and not np.array_equal(first, shorter)

    @pytest.mark.parametrize("text", ["", " ", "\ud800 broken", "日本語", "\0", "x" * 100_000])
    def test_any_text_has_a_vector(self, minilm: MiniLmEmbedder, text: str) -> None:
        assert np.isfinite(minilm.embed([text])).all()

    def test_no_text_has_no_vector(self) -> None:
        assert MiniLmEmbedder().embed([]).shape == (0, 384)

    def test_several_threads_may_load_it_at_once(self) -> None:
        embedder = MiniLmEmbedder()
        found: list[Vectors] = []
        threads = [threading.Thread(target=lambda: found.append(embedder.embed(SENTENCES[:2]))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4 and all(np.array_equal(found[0], vectors) for vectors in found)

    def test_wrong_weights_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "model.onnx").write_bytes(b"not the model")
        with pytest.raises(SettingsError, match="sha256"):
            MiniLmEmbedder(weights=tmp_path / "model.onnx").embed(["parcel"])

    def test_missing_weights_are_named(self, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match=r"absent\.onnx"):
            MiniLmEmbedder(weights=tmp_path / "absent.onnx").embed(["parcel"])


def _write_and_die(folder: Path, ready: Any) -> None:
    cached = CachedEmbedder(CountingEmbedder(), folder)
    cached.embed_content(SENTENCES[:10])
    with sqlite3.connect(folder / "embeddings.sqlite3", isolation_level=None) as store:
        store.execute("PRAGMA cache_size = 1")
        store.execute("BEGIN IMMEDIATE")
        store.execute("UPDATE vectors SET crc = 0, vector = zeroblob(50000)")
        ready.set()
        os.kill(os.getpid(), signal.SIGKILL)


def _write_all(folder: Path, start: Any) -> None:
    start.wait()
    for text in SENTENCES:
        CachedEmbedder(CountingEmbedder(), folder).embed_content([text])


class TestCache:
    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "cache" / "embeddings.sqlite3"

    def again(self, file: Path) -> list[str]:
        """What a new process with this cache has to embed; its vectors must be right in any case."""
        inner = CountingEmbedder()
        vectors = CachedEmbedder(inner, file.parent).embed_content(SENTENCES)
        assert np.array_equal(vectors, CountingEmbedder().embed(SENTENCES))
        return inner.asked

    def test_content_is_embedded_once_per_machine(self, file: Path) -> None:
        assert self.again(file) == SENTENCES
        assert self.again(file) == []

    def test_only_what_is_new_is_embedded(self, file: Path) -> None:
        CachedEmbedder(CountingEmbedder(), file.parent).embed_content(SENTENCES[:30])
        assert self.again(file) == SENTENCES[30:]

    def test_another_model_has_other_vectors(self, file: Path) -> None:
        self.again(file)
        other = CountingEmbedder()
        other.name = "digits"
        CachedEmbedder(other, file.parent).embed_content(SENTENCES)
        assert other.asked == SENTENCES

    def test_what_is_said_never_reaches_the_disk(self, file: Path) -> None:
        inner = CountingEmbedder()
        cached = CachedEmbedder(inner, file.parent)
        first = cached.embed(["I would use a secret feature"])
        assert np.array_equal(cached.embed(["I would use a secret feature"]), first)
        assert inner.asked == ["I would use a secret feature"]
        assert not file.exists()

    def test_memory_is_bounded(self, file: Path) -> None:
        inner = CountingEmbedder()
        cached = CachedEmbedder(inner, file.parent, recent=2)
        cached.embed(["a", "b", "c"])
        cached.embed(["c", "b", "a"])
        assert inner.asked == ["a", "b", "c", "a"]

    def test_rows_keep_the_order_and_repetitions_of_the_texts(self, file: Path) -> None:
        cached = CachedEmbedder(CountingEmbedder(), file.parent)
        a, b = CountingEmbedder().embed(["a", "b"])
        assert np.array_equal(cached.embed_content(["b", "a", "b"]), [b, a, b])
        assert cached.embed_content([]).shape == (0, 8)

    @pytest.mark.parametrize(
        "damage",
        [
            lambda raw: b"not a database, but longer than a header" * 100,
            lambda raw: raw[: len(raw) // 2],
            lambda raw: raw[:1024] + bytes(len(raw) - 1024),
            lambda raw: b"",
        ],
        ids=["garbage", "cut off", "zeroed", "empty"],
    )
    def test_a_damaged_file_is_replaced(self, file: Path, damage: Callable[[bytes], bytes]) -> None:
        self.again(file)
        file.write_bytes(damage(file.read_bytes()))
        assert self.again(file) != []
        assert self.again(file) == []

    def test_a_foreign_table_is_replaced(self, file: Path) -> None:
        file.parent.mkdir()
        with sqlite3.connect(file) as store:
            store.execute("CREATE TABLE vectors (name TEXT)")
        assert self.again(file) == SENTENCES
        assert self.again(file) == []

    def test_a_vector_with_flipped_bits_is_embedded_again(self, file: Path) -> None:
        self.again(file)
        with sqlite3.connect(file) as store:
            store.execute("UPDATE vectors SET vector = zeroblob(32) WHERE rowid = 1")
        assert len(self.again(file)) == 1
        assert self.again(file) == []

    def test_a_model_that_changed_under_its_name_is_not_mixed(self, file: Path) -> None:
        CachedEmbedder(CountingEmbedder(dimension=4), file.parent).embed_content(SENTENCES[:5])
        inner = CountingEmbedder(dimension=8)
        assert CachedEmbedder(inner, file.parent).embed_content(SENTENCES).shape == (40, 8)
        assert self.again(file) == []

    def test_it_works_where_nothing_can_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("a file where the folder should be")
        inner = CountingEmbedder()
        cached = CachedEmbedder(inner, tmp_path / "taken")
        assert np.array_equal(cached.embed_content(SENTENCES), cached.embed_content(SENTENCES))
        assert inner.asked == SENTENCES

    def test_being_killed_in_a_write_leaves_it_whole(self, file: Path) -> None:
        context = multiprocessing.get_context("spawn")
        ready = context.Event()
        writer = context.Process(target=_write_and_die, args=(file.parent, ready))
        writer.start()
        writer.join(60)
        assert ready.is_set() and writer.exitcode == -signal.SIGKILL
        assert file.with_name(f"{file.name}-journal").exists()  # half of the write is in the file
        assert self.again(file) == SENTENCES[10:]

    def test_several_processes_may_write_at_once(self, file: Path) -> None:
        context = multiprocessing.get_context("spawn")
        start = context.Event()
        writers = [context.Process(target=_write_all, args=(file.parent, start)) for _ in range(2)]
        for writer in writers:
            writer.start()
        start.set()
        for writer in writers:
            writer.join(60)
            assert writer.exitcode == 0
        assert self.again(file) == []


Answer = Callable[[dict[str, Any]], tuple[int, str]]


@pytest.fixture
def endpoint() -> Iterator[Callable[[Answer], EndpointEmbedder]]:
    """Starts a server on loopback that answers as told, and gives an embedder for it."""
    servers: list[QuietServer] = []

    def start(answer: Answer) -> EndpointEmbedder:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, body = answer(request | {"path": self.path, "key": self.headers["Authorization"]})
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = QuietServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        base = f"http://127.0.0.1:{server.server_port}/v1"
        return EndpointEmbedder("openai/small", api_base=base, api_key="k", timeout=5)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def reply(vectors: Sequence[Sequence[float]]) -> str:
    """An OpenAI-compatible reply, its items in reverse."""
    items = [{"object": "embedding", "index": i, "embedding": list(v)} for i, v in enumerate(vectors)]
    return json.dumps({"object": "list", "data": items[::-1], "model": "small"})


class TestEndpoint:
    def test_sentences_go_in_batches_and_come_back_in_order(
        self, endpoint: Callable[[Answer], EndpointEmbedder]
    ) -> None:
        seen: list[dict[str, Any]] = []

        def answer(request: dict[str, Any]) -> tuple[int, str]:
            seen.append(request)
            return 200, reply([[3.0 * len(text), 4.0 * len(text)] for text in request["input"]])

        embedder = endpoint(answer)
        vectors = embedder.embed([f"{n}" * (n + 1) for n in range(100)])
        assert [len(request["input"]) for request in seen] == [64, 36]
        assert seen[0]["path"] == "/v1/embeddings" and seen[0]["model"] == "small"
        assert seen[0]["key"] == "Bearer k"
        assert vectors == pytest.approx(np.tile([0.6, 0.8], (100, 1)))
        assert "small" in embedder.name
        assert embedder.embed([]).shape == (0, 2)

    def test_order_is_by_index(self, endpoint: Callable[[Answer], EndpointEmbedder]) -> None:
        embedder = endpoint(lambda request: (200, reply([[1, 0], [0, 1]])))
        assert embedder.embed(["a", "b"]).tolist() == [[1, 0], [0, 1]]

    @pytest.mark.parametrize(("status", "retryable"), [(401, False), (404, False), (429, True), (503, True)])
    def test_a_refusal_says_whether_to_retry(
        self, endpoint: Callable[[Answer], EndpointEmbedder], status: int, retryable: bool
    ) -> None:
        with pytest.raises(ModelError, match=str(status)) as caught:
            endpoint(lambda request: (status, "{}")).embed(["a"])
        assert caught.value.retryable is retryable

    @pytest.mark.parametrize(
        "body",
        [
            "<html>proxy</html>",
            '{"data": [',
            "{}",
            reply([[1, 0]]),
            reply([[1, 0], [1, 0, 0]]),
            reply([[1, 0], [0, 0]]),
            reply([[1, 0], [float("nan"), 0]]),
            reply([[], []]),
        ],
        ids=["html", "cut off", "no data", "too few", "ragged", "zero", "nan", "empty"],
    )
    def test_an_unusable_reply_is_an_error(self, endpoint: Callable[[Answer], EndpointEmbedder], body: str) -> None:
        with pytest.raises(ModelError) as caught:
            endpoint(lambda request: (200, body)).embed(["a", "b"])
        assert not caught.value.retryable

    def test_nobody_listening_is_worth_a_retry(self) -> None:
        with pytest.raises(ModelError, match="reached") as caught:
            EndpointEmbedder("small", api_base="http://127.0.0.1:9/v1", timeout=2).embed(["a"])
        assert caught.value.retryable

    def test_one_name_on_two_servers_is_two_models(self) -> None:
        here = EndpointEmbedder("small", api_base="http://127.0.0.1:1/v1")
        there = EndpointEmbedder("small", api_base="http://127.0.0.1:2/v1")
        assert here.name != there.name
