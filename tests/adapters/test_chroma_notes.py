"""The index finds what it should, keeps what is private apart, and is whole whatever befell its folder."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.adapters.chroma_notes import ChromaNotes, build_index, index_name, open_index
from app.adapters.embedding import CachedEmbedder, MiniLmEmbedder
from app.adapters.index_documents import documents
from app.domain.vocabulary import Step, Visibility
from app.errors import StoreError
from tests.factories import FACTS, SHARED, make_case, make_catalog, make_fact, make_note

CATALOG = make_catalog(
    make_case(),
    make_case(
        id="ad-clicks",
        title="Ad clicks",
        facts=[
            *FACTS[2:],
            make_fact("traffic", answer="A billion ad requests a day.", asks=["how many ad requests are there"]),
            make_fact("latency", answer="The auction waits 20 milliseconds.", asks=["how fast must it answer"]),
        ],
    ),
)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> CachedEmbedder:
    return CachedEmbedder(MiniLmEmbedder(), tmp_path_factory.mktemp("vectors"))


@pytest.fixture(scope="module")
def index(embedder: CachedEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChromaNotes]:
    notes = open_index(CATALOG, embedder, tmp_path_factory.mktemp("index"))
    yield notes
    notes.close()


class TestSearch:
    def test_a_question_finds_the_fact_and_shows_its_answer(self, index: ChromaNotes) -> None:
        hit = index.search("what volume of parcels are we talking about", case="parcel-eta")[0]
        assert (hit.kind, hit.source, hit.step) == ("fact", "volume", None)
        assert hit.text == "Two million parcels a day, from 400 depots; so about 5,000 a depot."

    def test_the_words_of_an_ask_find_it_exactly(self, index: ChromaNotes) -> None:
        hit = index.search("how fast must it answer", case="ad-clicks", k=1)[0]
        assert hit.text == "The auction waits 20 milliseconds."
        assert hit.score == pytest.approx(1.0, abs=1e-4)

    def test_facts_of_two_cases_with_one_id_are_two(self, index: ChromaNotes) -> None:
        hits = index.search("how fast must it answer", kind="fact", k=2)
        assert {(hit.case, hit.source) for hit in hits} == {
            ("parcel-eta", "latency"),
            ("ad-clicks", "latency"),
        }

    @pytest.mark.parametrize("query", ["split by date", "hint", "answer", "criterion", "median baseline"])
    def test_public_search_gives_facts_only(self, index: ChromaNotes, query: str) -> None:
        hits = index.search(query, visibility=Visibility.PUBLIC, k=50)
        assert len(hits) == len(CATALOG.brief("ad-clicks").case.facts) + len(FACTS) - len(FACTS[2:])
        assert {hit.kind for hit in hits} == {"fact"}

    @pytest.mark.parametrize("kind", ["note", "anchor", "hint"])
    def test_everything_else_is_private(self, index: ChromaNotes, kind: Any) -> None:
        hits = index.search("divide the data by date", kind=kind, k=100)
        assert hits and {hit.visibility for hit in hits} == {Visibility.PRIVATE}

    def test_filters_are_combined(self, index: ChromaNotes) -> None:
        hits = index.search("anything", case="parcel-eta", step=Step.DATA, kind="hint", k=50)
        assert {hit.source for hit in hits} == {
            f"{criterion}#{rung}"
            for criterion in ("time-split", "scan-gaps")
            for rung in ("nudge", "pointer", "bottom-out")
        }
        assert {(hit.case, hit.step) for hit in hits} == {("parcel-eta", Step.DATA)}

    def test_an_anchor_is_found_by_its_meaning(self, index: ChromaNotes) -> None:
        hit = index.search("hold out a later month so nothing leaks", kind="anchor", case="parcel-eta")[0]
        assert (hit.criterion, hit.source, hit.step) == ("time-split", "time-split", Step.DATA)

    def test_a_note_section_is_named_by_step_and_heading(self, index: ChromaNotes) -> None:
        hit = index.search("test set split by date", kind="note", case="parcel-eta")[0]
        assert (hit.source, hit.criterion) == ("data#on-how-the-data-is-divided", "time-split")

    def test_a_source_appears_once(self, index: ChromaNotes) -> None:
        hits = index.search("how many parcels", k=200)
        seen = [(hit.kind, hit.case, hit.source) for hit in hits]
        assert len(seen) == len(set(seen))
        shared = [hit.source for hit in hits if hit.kind == "anchor" and hit.source in SHARED]
        assert sorted(shared) == sorted(SHARED)

    def test_best_first_and_the_same_every_time(self, index: ChromaNotes) -> None:
        hits = index.search("latency", k=30)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert index.search("latency", k=30) == hits
        assert index.search("latency", k=7) == hits[:7]

    @pytest.mark.parametrize("k", [0, -1])
    def test_nothing_is_asked_for(self, index: ChromaNotes, k: int) -> None:
        assert index.search("latency", k=k) == []

    def test_an_unknown_case_has_no_hits(self, index: ChromaNotes) -> None:
        assert index.search("latency", case="nowhere") == []


class TestDocuments:
    def test_long_sections_are_cut_between_paragraphs(self) -> None:
        paragraphs = [f"{word} " * 80 for word in ("scan", "depot", "van")]
        section = {"heading": "On scans", "criteria": [], "text": "\n\n".join(paragraphs)}
        catalog = make_catalog(notes=[make_note(Step.DATA, sections=[section])])
        texts = [document.text.split() for document in documents(catalog) if document.kind == "note"]
        assert [len(words) for words in texts] == [80, 80, 80]

    def test_short_paragraphs_stay_together(self) -> None:
        section = {"heading": "On scans", "criteria": [], "text": "One.\n\nTwo.\n\nThree."}
        catalog = make_catalog(notes=[make_note(Step.DATA, sections=[section])])
        assert [d.text for d in documents(catalog) if d.kind == "note"] == ["One.\n\nTwo.\n\nThree."]

    def test_a_repeated_heading_has_an_id_of_its_own(self) -> None:
        sections: list[dict[str, Any]] = [
            {"heading": "Labels!", "criteria": [], "text": text} for text in ("one", "two")
        ]
        catalog = make_catalog(notes=[make_note(Step.DATA, sections=sections)])
        assert [d.source for d in documents(catalog) if d.kind == "note"] == ["data#labels", "data#labels-2"]


def damage_text(place: Path, *, keep: int) -> None:
    file = place / "chroma.sqlite3"
    file.write_bytes(file.read_bytes()[:keep])


def damage_middle(place: Path) -> None:
    file = place / "chroma.sqlite3"
    raw = file.read_bytes()
    file.write_bytes(raw[:20_000] + b"\xff" * 40_000 + raw[60_000:])


def drop(place: Path, statement: str) -> None:
    store = sqlite3.connect(place / "chroma.sqlite3")
    store.execute(statement)
    store.commit()
    store.close()


def replace_by_file(place: Path) -> None:
    shutil.rmtree(place)
    place.write_text("")


DAMAGES: dict[str, Callable[[Path], object]] = {
    "cut off": lambda place: damage_text(place, keep=50_000),
    "emptied": lambda place: damage_text(place, keep=0),
    "overwritten": damage_middle,
    "database gone": lambda place: (place / "chroma.sqlite3").unlink(),
    "manifest gone": lambda place: (place / "manifest.json").unlink(),
    "manifest unreadable": lambda place: (place / "manifest.json").write_text("{"),
    "vectors cut off": lambda place: next(place.glob("*/data_level0.bin")).write_bytes(b"short"),
    "vectors gone": lambda place: shutil.rmtree(next(place.glob("*/data_level0.bin")).parent),
    "rows gone": lambda place: drop(place, "DELETE FROM embeddings WHERE id > 10"),
    "collection gone": lambda place: drop(place, "DELETE FROM collections"),
    "a file in its place": replace_by_file,
}


def _open_often(folder: Path, vectors: Path, start: Any, found: Any) -> None:
    embedder = CachedEmbedder(MiniLmEmbedder(), vectors)
    start.wait()
    for _ in range(3):
        notes = open_index(CATALOG, embedder, folder)
        hits = notes.search("how many parcels are there", case="parcel-eta", k=2)
        notes.close()
    found.put([hit.source for hit in hits])


class TestOnDisk:
    def source(self, embedder: CachedEmbedder, folder: Path) -> str:
        notes = open_index(CATALOG, embedder, folder)
        try:
            return notes.search("how many parcels are there", case="parcel-eta")[0].source
        finally:
            notes.close()

    def test_unchanged_content_is_not_built_again(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        place = build_index(CATALOG, embedder, tmp_path)
        built = (place / "manifest.json").stat()
        assert place.name == index_name(CATALOG, embedder)
        assert self.source(embedder, tmp_path) == "volume"
        assert build_index(CATALOG, embedder, tmp_path) == place
        assert (place / "manifest.json").stat().st_ino == built.st_ino

    def test_rebuild_builds_it_again(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        place = build_index(CATALOG, embedder, tmp_path)
        (place / "witness").touch()
        assert build_index(CATALOG, embedder, tmp_path, rebuild=True) == place
        assert not (place / "witness").exists()

    def test_the_name_follows_content_and_embedder(self, embedder: CachedEmbedder) -> None:
        class Other(MiniLmEmbedder):
            name = "other"

        changed = make_catalog(content_hash="f" * 16)
        names = {index_name(CATALOG, embedder), index_name(changed, embedder), index_name(CATALOG, Other())}
        assert len(names) == 3

    @pytest.mark.slow
    @pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
    def test_a_damaged_index_is_rebuilt(
        self, embedder: CachedEmbedder, tmp_path: Path, damage: Callable[[Path], object]
    ) -> None:
        place = build_index(CATALOG, embedder, tmp_path)
        damage(place)
        assert self.source(embedder, tmp_path) == "volume"
        assert (place / "manifest.json").is_file()

    def test_the_two_used_last_are_kept(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        places = []
        for number in range(4):
            catalog = make_catalog(notes=(), content_hash=f"{number:016}")
            places.append(build_index(catalog, embedder, tmp_path))
            time.sleep(0.02)
        assert [place.exists() for place in places] == [False, False, True, True]

    def test_pruning_spares_strangers_and_builds_under_way(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        running, abandoned, stranger = (tmp_path / name for name in (".building-a", ".building-b", "notes"))
        for folder in (running, abandoned, stranger):
            folder.mkdir()
        os.utime(abandoned, (0, 0))
        os.utime(stranger, (0, 0))
        build_index(CATALOG, embedder, tmp_path)
        assert running.exists() and stranger.exists() and not abandoned.exists()

    def test_a_source_with_many_passages_does_not_crowd_out_the_next(
        self, embedder: CachedEmbedder, tmp_path: Path
    ) -> None:
        asks = [f"how many parcels are there in week {week}" for week in range(40)]
        case = make_case(facts=[make_fact("weeks", asks=asks), *FACTS])
        notes = open_index(make_catalog(case, notes=()), embedder, tmp_path)
        hits = notes.search("how many parcels are there in week 7", kind="fact", k=3)
        notes.close()
        assert [hit.source for hit in hits[:2]] == ["weeks", "volume"] and len(hits) == 3

    def test_an_index_that_vanishes_while_open_is_named(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        notes = open_index(CATALOG, embedder, tmp_path)
        drop(tmp_path / index_name(CATALOG, embedder), "DELETE FROM collections")
        with pytest.raises(StoreError, match="--rebuild"):
            notes.search("parcels")
        notes.close()

    def test_an_empty_catalog_has_no_hits(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        notes = open_index(make_catalog(notes=(), cases=()), embedder, tmp_path)
        assert notes.search("anything") == []
        notes.close()

    def test_a_folder_that_cannot_be_made_is_named(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("")
        with pytest.raises(StoreError, match="taken"):
            build_index(CATALOG, embedder, tmp_path / "taken" / "index")

    @pytest.mark.slow
    def test_processes_that_start_together_all_find_it(self, embedder: CachedEmbedder, tmp_path: Path) -> None:
        embedder.embed_content([document.embedded for document in documents(CATALOG)])
        context = multiprocessing.get_context("spawn")
        start, found = context.Event(), context.Queue()
        readers = [
            context.Process(target=_open_often, args=(tmp_path / "index", tmp_path, start, found)) for _ in range(2)
        ]
        for reader in readers:
            reader.start()
        start.set()
        sources = [found.get(timeout=90) for _ in readers]
        for reader in readers:
            reader.join(60)
        assert sources[0] == sources[1] and sources[0][0] == "volume"
        assert [entry.name for entry in (tmp_path / "index").iterdir() if entry.name != ".lock"] == [
            index_name(CATALOG, embedder)
        ]
