"""Chainlit reads its folder when it is imported, so the folder is furnished before any test here is."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from app.adapters.memory_store import MemoryStore
from app.bootstrap import App
from app.domain.speech import words_of
from app.ports import Vectors
from app.settings import load_settings
from app.web.furnishing import furnish
from tests.factories import make_case, make_catalog

ORIGIN = "http://127.0.0.1:8000"
_ROOT = Path(tempfile.mkdtemp(prefix="mlsd-chainlit-"))
furnish(_ROOT, origins=[ORIGIN])
os.environ["CHAINLIT_APP_ROOT"] = str(_ROOT)


class WordEmbedder:
    """A `ContentEmbedder` that counts words; near sentences share words. Enough to drive a page."""

    name = "words"

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words_of(text.lower()) or ["?"]:
                vectors[row, zlib.crc32(word.encode()) % 512] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def embed_content(self, texts: Sequence[str]) -> Vectors:
        return self.embed(texts)


@pytest.fixture(scope="session")
def chainlit_root() -> Path:
    return _ROOT


@pytest.fixture
def parcels(mlsd_home: Path) -> Iterator[App]:
    """The product on small content, with everything in memory."""
    app = App(load_settings())
    app.catalog = make_catalog(make_case(), make_case(id="parcel-theft", title="Parcel theft", category="Risk"))
    app.embedder = WordEmbedder()
    app.store = MemoryStore()
    yield app
