"""What holds for every test: no network beyond this machine, a home of its own, no settings from outside."""

from __future__ import annotations

import fcntl
import gc
import os
import socket
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: a test process has a core to itself
if sys.dont_write_bytecode:
    # As in many images. Nothing is written beside the sources, but each worker and each process that a test starts
    # would else compile all it imports.
    sys.pycache_prefix = str(Path(__file__).parents[1] / ".pytest_cache" / "bytecode")
    sys.dont_write_bytecode = False
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from app.adapters.content_files import load_catalog, shipped_content
from app.adapters.embedding import CachedEmbedder
from app.domain.catalog import Catalog
from app.ports import Embedder, Vectors
from tests.servers import LocalModel, llama_server, missing_for_llama

_LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
_OUTSIDE = ("MLSD_", "OPENAI_", "ANTHROPIC_", "CHAINLIT_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class SharedEmbedder(CachedEmbedder):
    """A `CachedEmbedder` of which one at a time embeds content, so that no two workers embed the same."""

    def __init__(self, embedder: Embedder, folder: Path, *, lock: Path) -> None:
        super().__init__(embedder, folder)
        self._lock = lock

    def embed_content(self, texts: Sequence[str]) -> Vectors:
        with self._lock.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            return super().embed_content(texts)


def pytest_collection_finish() -> None:
    """What is imported stays until the end; the collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


def _is_local(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else str(host)
    return host is None or text == "" or text.startswith(_LOOPBACK)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forbid connections beyond loopback, and fail the test that tried one, even if it caught the error.

    Names below .invalid, which RFC 6761 sets aside, may be looked up: they fail as everywhere.
    """
    tried: list[str] = []
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(sock: socket.socket, address: Any) -> None:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            tried.append(str(address))
            raise OSError(f"tests may not connect to {address!r}")

    def guarded_connect(sock: socket.socket, address: Any) -> None:
        check(sock, address)
        connect(sock, address)

    def guarded_connect_ex(sock: socket.socket, address: Any) -> int:
        check(sock, address)
        return connect_ex(sock, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        if not _is_local(host):
            if not str(host).endswith(".invalid"):
                tried.append(str(host))
            raise socket.gaierror(socket.EAI_NONAME, f"tests may not look up {host!r}")
        return getaddrinfo(host, *args, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)
    yield
    assert not tried, f"the test reached for the network: {tried}"


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where homes may be made; pytest's own numbering looks at all that were made before."""
    folder = tmp_path_factory.mktemp("mlsd-homes")
    return (folder / str(number) for number in count())


@pytest.fixture(autouse=True)
def mlsd_home(monkeypatch: pytest.MonkeyPatch, homes: Iterator[Path]) -> Path:
    """A fresh MLSD_HOME, and none of the settings of whoever runs the tests."""
    for name in list(os.environ):
        if name.startswith(_OUTSIDE) or name.lower() in _PROXIES:
            monkeypatch.delenv(name)
    home = next(homes)
    home.mkdir()
    monkeypatch.setenv("MLSD_HOME", str(home))
    for server in ("OLLAMA", "LM_STUDIO", "LLAMA_CPP"):  # whatever runs on the developer's machine stays out of it
        monkeypatch.setenv(f"MLSD_{server}_PORT", "0")
    return home


@pytest.fixture(scope="session")
def vectors(request: pytest.FixtureRequest) -> Path:
    """Where the vectors of content sentences are kept between runs."""
    assert request.config.cache is not None
    return Path(request.config.cache.mkdir("vectors"))


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The content that ships."""
    return load_catalog(shipped_content())


@pytest.fixture
def warm_home(mlsd_home: Path, vectors: Path) -> Path:
    """The fresh home, where the shipped content need not be embedded again."""
    (mlsd_home / "cache").symlink_to(vectors, target_is_directory=True)
    return mlsd_home


@pytest.fixture
def pressing(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interviewer who may press at every turn, not by chance."""
    monkeypatch.setattr("app.domain.turn._PRESSING", 1.0)


@pytest.fixture(scope="session")
def local_model() -> Iterator[LocalModel]:
    """The real llama.cpp server; without its packages a test that wants it is skipped, in CI it fails."""
    reason = missing_for_llama()
    if reason is not None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI must test against the local model, but {reason}")
        pytest.skip(reason)
    with llama_server() as model:
        yield model
