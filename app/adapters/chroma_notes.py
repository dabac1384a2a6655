"""Search over facts, notes, anchors and hints, in a Chroma index on disk.

An index belongs to one state of the content and one embedder, and lies in a folder named by the hash of
both. It is built beside its place, moved there whole and not written again: several processes writing one
Chroma folder corrupt it without a word (measured with chromadb 1.5.9).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from app.adapters.index_documents import Document, Kind, documents
from app.domain.catalog import Catalog
from app.domain.vocabulary import Step, Visibility
from app.errors import StoreError
from app.ports import ContentEmbedder, Embedder, Hit

_SCHEMA = 1
_COLLECTION = "content"
_MANIFEST = "manifest.json"
_BUILDING = ".building-"
_KEPT = 2
_ABANDONED_SECONDS = 24 * 3600
_LOCK_SECONDS = 300
_ADD_BATCH = 1000
_INDEX_NAME = re.compile(r"[0-9a-f]{16}")


class ChromaNotes:
    """The index of one state of the content, for reading; get it from `open_index`.

    Args:
        folder: a finished index.
        embedder: the one that it was built with.

    Raises:
        StoreError: Chroma cannot read the folder.
    """

    def __init__(self, folder: Path, *, embedder: Embedder) -> None:
        self._folder = folder
        self._embedder = embedder
        self._client = _client(folder)
        from chromadb.errors import ChromaError

        try:
            self._collection = self._client.get_collection(
                _COLLECTION, embedding_function=_embedding_function(embedder)
            )
            self._count: int = self._collection.count()
        except (ChromaError, ValueError) as error:
            self.close()
            raise _unreadable(folder) from error

    def search(
        self,
        text: str,
        *,
        k: int = 5,
        case: str | None = None,
        step: Step | None = None,
        visibility: Visibility | None = None,
        kind: Kind | None = None,
    ) -> list[Hit]:
        """The k nearest passages, best first; a source appears once.

        A shared criterion has the same passages in every case that uses it: they count as one source, and
        the first such case stands for them. Facts have no step, so a step leaves them out.

        Raises:
            StoreError: the index was damaged or removed meanwhile.
        """
        wanted = {"case": case, "step": step, "visibility": visibility, "kind": kind}
        clauses: list[dict[str, str]] = [{key: str(value)} for key, value in wanted.items() if value is not None]
        where = {"$and": clauses} if len(clauses) > 1 else clauses[0] if clauses else None
        query = self._embedder.embed([text])
        asked = min(8 * k, self._count)
        while k > 0 and asked > 0:
            hits, found = self._nearest(query, asked, where)
            if len(hits) >= k or found < asked or asked == self._count:
                return hits[:k]
            asked = min(4 * asked, self._count)
        return []

    def _nearest(self, query: Any, asked: int, where: dict[str, Any] | None) -> tuple[list[Hit], int]:
        from chromadb.errors import ChromaError

        try:
            reply = self._collection.query(
                query_embeddings=query, n_results=asked, where=where, include=["metadatas", "distances"]
            )
        except ChromaError as error:
            raise _unreadable(self._folder) from error
        rows = [
            _hit(metadata, 1 - float(distance))
            for metadata, distance in zip(reply["metadatas"][0], reply["distances"][0], strict=True)
        ]
        rows.sort(key=lambda hit: (-hit.score, hit.kind, hit.source, hit.case, hit.text))
        best: dict[tuple[str, ...], Hit] = {}
        for hit in rows:
            identity = (hit.kind, hit.case, hit.source) if hit.kind == "note" else (hit.kind, hit.source, hit.text)
            best.setdefault(identity, hit)
        return list(best.values()), len(rows)

    def count(self) -> int:
        """How many passages it holds."""
        return self._count

    def close(self) -> None:
        """Release the files."""
        self._client.close()


def open_index(catalog: Catalog, embedder: ContentEmbedder, folder: Path) -> ChromaNotes:
    """The index of this content and embedder, built first where it is missing or damaged.

    Args:
        folder: holds one folder per index.

    Raises:
        StoreError: the folder cannot be written or the index cannot be read.
    """
    place = build_index(catalog, embedder, folder)
    try:
        return ChromaNotes(place, embedder=embedder)
    except StoreError:  # sound by its manifest, and yet Chroma cannot read it
        return ChromaNotes(build_index(catalog, embedder, folder, rebuild=True), embedder=embedder)


def index_name(catalog: Catalog, embedder: Embedder) -> str:
    """16 hex digits over content, embedder, our schema and Chroma's version (which may change its files)."""
    parts = (catalog.content_hash, embedder.name, str(_SCHEMA), version("chromadb"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def build_index(catalog: Catalog, embedder: ContentEmbedder, folder: Path, *, rebuild: bool = False) -> Path:
    """Make sure that the index exists, and return its folder.

    Args:
        folder: holds one folder per index.
        rebuild: build it even if it is there and sound.

    Raises:
        StoreError: the folder cannot be written.
    """
    target = folder / index_name(catalog, embedder)
    try:
        if rebuild or not _is_sound(target):
            folder.mkdir(parents=True, exist_ok=True)
            with _one_builder(folder):
                if rebuild or not _is_sound(target):  # another process may have built it meanwhile
                    built = _write_index(documents(catalog), embedder, folder)
                    _set_aside(target)
                    os.replace(built, target)
    except OSError as error:
        raise StoreError(
            f"the index cannot be written to {str(folder)!r} ({error.strerror}); mend MLSD_HOME or its rights"
        ) from error
    with suppress(OSError):  # another process prunes at the same time, or the folder is read-only
        _prune(folder, keep=target)
    return target


@contextmanager
def _one_builder(folder: Path) -> Iterator[None]:
    """Hold a lock that ends with the process, however it ends; SQLite's works on every platform."""
    try:
        lock = sqlite3.connect(folder / ".lock", timeout=_LOCK_SECONDS, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"the index in {str(folder)!r} cannot be built ({error}); "
            "mend the folder's rights, or wait for the process that is building it"
        ) from error
    with closing(lock):
        yield


def _hit(metadata: dict[str, Any], score: float) -> Hit:
    return Hit(
        kind=metadata["kind"],
        case=metadata["case"],
        step=Step(metadata["step"]) if metadata["step"] else None,
        criterion=metadata["criterion"] or None,
        visibility=Visibility(metadata["visibility"]),
        source=metadata["source"],
        text=metadata["text"],
        score=max(-1.0, min(1.0, score)),
    )


def _client(folder: Path) -> Any:
    """Chroma on a folder; imported here, since the import takes a second."""
    import chromadb
    from chromadb.config import Settings
    from chromadb.errors import ChromaError

    try:
        return chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
    except (ChromaError, ValueError) as error:
        raise _unreadable(folder) from error


def _unreadable(folder: Path) -> StoreError:
    return StoreError(f"the index in {str(folder)!r} cannot be read; `mlsd index --rebuild` makes it anew")


def _embedding_function(embedder: Embedder) -> Any:
    """Our embedder as Chroma wants it, registered; without one Chroma downloads its own."""
    from chromadb.api.types import EmbeddingFunction
    from chromadb.utils.embedding_functions import register_embedding_function

    class MlsdEmbedding(EmbeddingFunction[Any]):  # type: ignore[misc]
        """The embedder of this process, whatever a stored configuration names."""

        def __init__(self) -> None:
            """Nothing to set: the embedder comes from around."""

        def __call__(self, input: Sequence[str]) -> Any:  # noqa: A002 - Chroma calls it by this name
            return list(embedder.embed(input))

        @staticmethod
        def name() -> str:
            return "mlsd"

        def get_config(self) -> dict[str, Any]:
            return {"embedder": embedder.name}

        @staticmethod
        def build_from_config(config: dict[str, Any]) -> MlsdEmbedding:
            return MlsdEmbedding()

        def default_space(self) -> str:
            return "cosine"

        def supported_spaces(self) -> list[str]:
            return ["cosine"]

    register_embedding_function(MlsdEmbedding)
    return MlsdEmbedding()


def _write_index(passages: Sequence[Document], embedder: ContentEmbedder, folder: Path) -> Path:
    """Write an index into a new folder beside its place; the manifest, last, says that it is whole."""
    vectors = embedder.embed_content([passage.embedded for passage in passages])
    place = Path(mkdtemp(prefix=_BUILDING, dir=folder))
    client = _client(place)
    from chromadb.errors import ChromaError

    try:
        collection = client.create_collection(
            _COLLECTION,
            embedding_function=_embedding_function(embedder),
            configuration={
                "hnsw": {
                    "space": "cosine",
                    "ef_construction": 200,
                    "ef_search": 200,
                    # All vectors reach their files now: Chroma would rewrite unfinished ones at each opening.
                    "sync_threshold": max(2, len(passages)),
                }
            },
        )
        for start in range(0, len(passages), _ADD_BATCH):
            some = passages[start : start + _ADD_BATCH]
            collection.add(
                ids=[f"{start + offset:06d}" for offset in range(len(some))],
                embeddings=vectors[start : start + _ADD_BATCH],
                documents=[passage.embedded for passage in some],
                metadatas=[
                    {key: value or "" for key, value in passage.model_dump(mode="json", exclude={"embedded"}).items()}
                    for passage in some
                ],
            )
    except ChromaError as error:
        shutil.rmtree(place, ignore_errors=True)
        raise StoreError(f"Chroma cannot write the index in {str(folder)!r}; is the disk full?") from error
    finally:
        client.close()
    manifest = {"documents": len(passages), "files": _fingerprints(place)}
    (place / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return place


def _fingerprints(place: Path) -> dict[str, str]:
    """sha256 of the finished vector files; Chroma writes in its SQLite file each time it opens it."""
    return {
        file.relative_to(place).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for finished in sorted(place.glob("*/index_metadata.pickle"))
        for file in sorted(finished.parent.iterdir())
    }


def passages_in(folder: Path) -> int:
    """How many passages a finished index holds, without opening it."""
    return int(json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["documents"])


def _is_sound(place: Path) -> bool:
    """Whether a folder holds a whole, undamaged index."""
    try:
        manifest = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
        uri = f"{(place / 'chroma.sqlite3').resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=10)) as store:
            whole = store.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            (count,) = store.execute("SELECT count(*) FROM embeddings").fetchone()
        return bool(whole and manifest == {"documents": count, "files": _fingerprints(place)})
    except (OSError, ValueError, sqlite3.DatabaseError):
        return False


def _set_aside(place: Path) -> None:
    """Take what is there out of the way; whoever has it open keeps what has been read."""
    if not place.exists():
        return
    grave = place.with_name(f"{_BUILDING}old-{place.name}-{time.time_ns()}")
    os.replace(place, grave)
    _remove(grave)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)


def _prune(folder: Path, *, keep: Path) -> None:
    """Remove all but the indexes used last, and what a killed build left a day ago."""
    os.utime(keep)
    indexes = [entry for entry in folder.iterdir() if _INDEX_NAME.fullmatch(entry.name)]
    indexes.sort(key=lambda entry: entry.stat().st_mtime_ns, reverse=True)
    abandoned = [
        entry for entry in folder.glob(f"{_BUILDING}*") if time.time() - entry.stat().st_mtime > _ABANDONED_SECONDS
    ]
    for entry in (*indexes[_KEPT:], *abandoned):
        _remove(entry)
