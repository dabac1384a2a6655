"""Scores over time: the page, who sees which, and the start page's last scores."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.adapters.progress_html import progress_html
from app.adapters.svg_trend import score_line
from app.bootstrap import App
from app.domain.trend import Scored, StepPoint, trend
from app.domain.vocabulary import Level, Mode, Step
from app.services.conduct import Agreement
from app.web.page import Page
from app.web.progress import Progress, add_progress

SAID = "I would split train and test by date so that no future scan leaks."


async def ended(parcels: App, *, owner: str = "local", case: str = "parcel-eta", **settings: Any) -> str:
    conductor = parcels.conductor()
    header = await conductor.begin(Agreement(case=case, minutes=None, **settings), owner=owner)
    await conductor.say(header.id, SAID)
    await conductor.end(header.id)
    return header.id


async def shown(progress: Progress, owner: str | None) -> httpx.Response:
    app = FastAPI()

    @app.get("/{rest:path}")
    async def everything() -> str:
        return "the frontend"

    add_progress(app, progress, owner=lambda: owner, titles={"parcel-eta": "Parcel <b>arrival</b> times"})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        return await client.get("/progress")


async def test_before_the_first_end_the_page_says_how_to_begin(parcels: App) -> None:
    await parcels.conductor().begin(Agreement(case="parcel-eta"))
    answer = await shown(Progress(parcels.store, parcels.assessor), "local")
    assert "No scores yet" in answer.text and "<svg" not in answer.text


async def test_each_sees_their_own_scores(parcels: App) -> None:
    await ended(parcels, owner="ann")
    progress = Progress(parcels.store, parcels.assessor)
    hers, his = await shown(progress, "ann"), await shown(progress, "bob")
    assert "<svg" in hers.text and "Senior level" in hers.text
    assert "No scores yet" in his.text
    nobody = await shown(progress, None)
    assert (nobody.status_code, nobody.headers["location"]) == (303, "/login")
    assert hers.headers["cache-control"] == "no-store"


async def test_the_page_refers_to_no_other_place(parcels: App) -> None:
    await ended(parcels)
    answer = await shown(Progress(parcels.store, parcels.assessor), "local")
    assert re.findall(r"(?:src|href)=\"(?!/\"|#)[^\"]+\"|https?://", answer.text) == []
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "<b>arrival</b>" not in answer.text


async def test_an_interview_is_scored_once(parcels: App, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress(parcels.store, parcels.assessor)
    await ended(parcels)
    first = await asyncio.gather(progress.scored("local"), progress.scored("local"))
    assert len(first[0]) == 1 and first[0] == first[1]

    def again(*arguments: Any, **options: Any) -> None:
        raise AssertionError("scored again")

    monkeypatch.setattr(parcels.assessor, "assess", again)
    assert await progress.scored("local") == first[0]


async def test_a_deleted_interview_is_left_out(parcels: App) -> None:
    gone = await ended(parcels, case="parcel-theft")
    kept = await ended(parcels)
    await parcels.store.delete(gone)
    assert [one.id for one in await Progress(parcels.store, parcels.assessor).scored("local")] == [kept]


async def test_the_start_page_tells_the_last_score_of_a_case(
    parcels: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(parcels, log_file=tmp_path / "page.log")

    def scored(id: str, score: int | None, mode: Mode = Mode.MOCK) -> Scored:
        return Scored(id=id, case="parcel-eta", level=Level.STAFF, mode=mode, score=score, steps=())

    async def read(owner: str) -> list[Scored]:
        return [scored("a", 40), scored("b", 55), scored("c", 90, Mode.DRILL), scored("d", None)]

    monkeypatch.setattr(page.progress, "_read", read)
    labels = [starter.label for category in await page.starters(None) for starter in category.starters]
    assert labels[0].endswith("Last score 55 at staff level")
    assert "Last score" not in labels[1]


async def test_the_start_page_does_not_wait_for_scores(parcels: App, tmp_path: Path) -> None:
    page = Page(parcels, log_file=tmp_path / "page.log")

    async def slowly(owner: str) -> list[Scored]:
        await asyncio.sleep(60)
        return []

    page.progress._read = slowly  # type: ignore[method-assign]
    async with asyncio.timeout(10):
        assert len(await page.starters(None)) == 2


def test_levels_are_kept_apart_and_steps_without_a_score_say_so() -> None:
    def one(id: str, level: Level, score: int) -> Scored:
        steps = (StepPoint(step=Step.DATA, score=score), StepPoint(step=Step.SERVING, score=None))
        return Scored(id=id, case="x", level=level, mode=Mode.MOCK, score=score, steps=steps)

    series = trend([one("a", Level.MID, 30), one("b", Level.MID, 50), one("c", Level.STAFF, 20)])
    html = progress_html(series, titles={"x": "X & Y"})
    assert html.index("Mid level") < html.index("Staff level") and "Senior level" not in html
    assert "50 · +20" in html and "20 · first score" in html and "X &amp; Y" in html
    assert html.count("Not assessed yet.") == 12


def test_a_line_has_a_point_for_each_score_and_says_them() -> None:
    svg = score_line([0, 50, 100], title="<Data>", name="d")
    assert svg.count("<circle") == 3 and "Oldest to newest: 0, 50, 100." in svg and "&lt;Data&gt;" in svg
    heights = [float(y) for y in re.findall(r'<circle[^>]*cy="([\d.]+)"', svg)]
    assert heights == sorted(heights, reverse=True)
    assert score_line([70], title="t", name="n").count("<circle") == 1
