"""Metrics and flaw scores: each sees its own flaw in a dialogue and nothing in the sound one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.errors import SettingsError
from evals import scale
from evals.metrics import FLAWS, METRICS
from evals.samples import Skipped, Transcript, files_of, read_samples
from evals.score import Depth, Row, Scorer, score_all, score_batch
from evals.vocabulary import Act, Flaw

DEV = Path(__file__).parents[2] / "evals" / "dev"
SOUND = DEV / "brisk-ads.json"
CASE = "ad-click-prediction"


@pytest.fixture(scope="module")
def scorer(tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    return Scorer(Depth(home=tmp_path_factory.mktemp("home"), vectors=False))


def sample(scorer: Scorer, file: Path) -> Transcript:
    [found] = read_samples([file], cases=scorer.app.catalog.case_ids())
    assert isinstance(found, Transcript)
    return found


def changed(transcript: Transcript, index: int, content: str) -> Transcript:
    turns = [each.model_copy(update={"content": content}) if each.index == index else each for each in transcript.turns]
    return transcript.model_copy(update={"turns": tuple(turns)})


def without(transcript: Transcript, first: int, last: int) -> Transcript:
    return transcript.model_copy(
        update={"turns": tuple(each for each in transcript.turns if not first <= each.index <= last)}
    )


@pytest.mark.parametrize(
    "said",
    [
        "That's fine. Hint, or move on?",
        "That's all right. Do you want a hint, or shall we move on?",
        "That's fine, let's leave it. Which features would you feed it?",
    ],
)
def test_letting_somebody_off_is_no_flattery(scorer: Scorer, said: str) -> None:
    row = scorer.row(changed(sample(scorer, SOUND), 14, said))
    [turn] = [turn for turn in row.turns if turn.index == 14]
    assert Flaw.SYCOPHANTIC not in turn.flags
    agreed = scorer.row(changed(sample(scorer, SOUND), 14, "That's fine and that's perfect. Which features then?"))
    assert Flaw.SYCOPHANTIC in next(turn for turn in agreed.turns if turn.index == 14).flags


FLAWED: list[tuple[Flaw, int, str]] = [
    (
        Flaw.MULTI_QUESTION,
        14,
        "Which features would you feed it? How would you encode them? And what do you do about missing ones?",
    ),
    (Flaw.LOOPS, 14, "Alright. How would you turn this into a machine learning problem?"),
    (Flaw.SYCOPHANTIC, 14, "Perfect, that's an excellent answer, I love it! And which features would you feed it?"),
    (
        Flaw.LEAKS_ANSWER,
        14,
        "The trick here is a multi-task model with position bias handled by inverse propensity weighting. Which features would you feed it?",
    ),
    (
        Flaw.HINT_IS_SOLUTION,
        18,
        "Here's a hint: warm start the new ads with Thompson sampling and a hierarchical prior per advertiser, the content embedding does the rest.",
    ),
    (
        Flaw.IGNORES_ANSWER,
        14,
        "Let's set that aside, you haven't told me anything about it. Which features would you feed it?",
    ),
    (
        Flaw.TALKS_TOO_MUCH,
        14,
        "Okay. When I joined the company we had a very long discussion of this in a room with no windows, and it went on "
        "until somebody brought coffee, which was the best part of that day by far. People often tell me how much they "
        "remember of those early times, and I must say that I do too. And which features would you feed it?",
    ),
]


@pytest.mark.parametrize(("flaw", "index", "content"), FLAWED, ids=[str(flaw) for flaw, _, _ in FLAWED])
def test_a_planted_flaw_raises_its_score_and_flags_its_turn(
    scorer: Scorer, flaw: Flaw, index: int, content: str
) -> None:
    before, after = scorer.row(sample(scorer, SOUND)), scorer.row(changed(sample(scorer, SOUND), index, content))
    assert after.flaw_scores[flaw] > before.flaw_scores[flaw] + 0.05
    assert flaw in next(turn.flags for turn in after.turns if turn.index == index)
    implied = {flaw, Flaw.LEAKS_ANSWER} if flaw is Flaw.HINT_IS_SOLUTION else {flaw}
    raised = {each for each in Flaw if after.flaw_scores[each] > before.flaw_scores[each] + 0.1}
    assert raised <= implied


def test_leaving_steps_out_is_seen(scorer: Scorer) -> None:
    whole = sample(scorer, SOUND)
    row = scorer.row(without(whole, 20, 23))
    assert row.flaw_scores[Flaw.SKIPS_STEPS] > scorer.row(whole).flaw_scores[Flaw.SKIPS_STEPS] + 0.2
    assert row.metrics["coverage"] == pytest.approx(5 / 7)


def test_the_sound_dialogue_is_sound(scorer: Scorer) -> None:
    row = scorer.row(sample(scorer, SOUND))
    assert [row.metrics[name] for name in ("coverage", "single_question", "leakage", "loops", "closing")] == [
        1,
        1,
        0,
        0,
        1,
    ]
    assert row.turns[0].act is Act.OPEN_PROBLEM and row.turns[-1].act is Act.CLOSE


def test_what_cannot_be_computed_is_null(scorer: Scorer) -> None:
    row = scorer.row(sample(scorer, SOUND))
    assert row.metrics["non_sycophancy"] is None  # which statements are wrong needs the embedder
    assert row.metrics["reask"] is None
    one = sample(scorer, SOUND)
    lonely = scorer.row(one.model_copy(update={"turns": one.turns[:1]}))
    assert lonely.metrics["hint_ladder"] is None and lonely.metrics["pacing"] is None


def test_every_metric_and_flaw_of_the_contract_is_there_and_explained() -> None:
    assert (
        list(METRICS)
        == (
            "coverage prerequisites probe_coverage single_question uptake leakage hint_ladder non_sycophancy neutrality "
            "loops reask talk_share depth pacing closing"
        ).split()
    )
    assert list(FLAWS) == list(Flaw)
    for measure in (*METRICS.values(), *FLAWS.values()):
        said = measure.__doc__ or ""
        assert "ange" in said or "1 or 0" in said, measure
        assert "alidated" in said or "Exact by definition" in said or "Held-out" in said, measure


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_batches_processes_and_order_change_nothing(tmp_path: Path, scorer: Scorer, workers: int) -> None:
    depth = Depth(home=tmp_path, vectors=False)
    samples = [sample(scorer, file) for file in sorted(DEV.glob("*.json"))]
    alone = [score_batch([each], depth=depth)[0] for each in samples]
    assert list(score_all(iter(samples), depth=depth, workers=workers)) == alone
    assert score_batch(samples[::-1], depth=depth) == alone[::-1]


def test_without_ray_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ray", None)
    with pytest.raises(SettingsError, match="extra 'scale'"):
        scale.map_batches([], depth=Depth(), concurrency=1)


def test_ray_gives_identical_rows(tmp_path: Path, scorer: Scorer) -> None:
    pytest.importorskip("ray")
    depth = Depth(home=tmp_path, vectors=False)
    samples = [sample(scorer, file) for file in sorted(DEV.glob("*.json"))]
    rows: list[Row] = scale.map_batches(samples, depth=depth, concurrency=1)
    assert rows == score_batch(samples, depth=depth)


def test_bad_files_are_named_and_the_rest_is_read(tmp_path: Path, scorer: Scorer) -> None:
    def write(name: str, content: str) -> None:
        (tmp_path / name).write_text(content, encoding="utf-8")

    good: dict[str, Any] = json.loads(SOUND.read_text(encoding="utf-8"))
    write("a-good.json", json.dumps(good))
    write("b-empty.json", "")
    write("c-cut.jsonl", '{"format": "mlsd-transcript/1", "id": "x", "case"')
    write("d-schema.jsonl", '{"format": "mlsd-transcript/9", "id": "x"}')
    write("e-else.json", '{"rows": [1, 2]}')
    write("f-case.json", json.dumps(good | {"case": "chess"}))
    write("g-silent.json", json.dumps({"case": CASE, "messages": [{"role": "user", "content": "Hello?"}]}))
    with (tmp_path / "h-huge.json").open("wb") as huge:
        huge.truncate(50_000_001)
    write("i-again.json", json.dumps(good))
    found = list(read_samples(files_of([str(tmp_path)]), cases=scorer.app.catalog.case_ids()))
    read = [each.id for each in found if isinstance(each, Transcript)]
    skipped = {Path(each.file).name: each.reason for each in found if isinstance(each, Skipped)}
    assert read == ["brisk-ads", "brisk-ads~2"]
    assert [name[0] for name in sorted(skipped)] == list("bcdefgh")
    assert all("\n" not in reason and len(reason) > 15 for reason in skipped.values())
    assert skipped["b-empty.json"].startswith("is empty")
    assert skipped["c-cut.jsonl"].startswith("line 1: is not JSON")
    assert "'chess'" in skipped["f-case.json"] and "50" in skipped["h-huge.json"]
