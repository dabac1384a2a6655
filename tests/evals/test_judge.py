"""The judge: votes, both orders, what cannot be read, and going on after a stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.adapters.scripted_chat import Reply, ScriptedChat
from app.errors import ModelError, ReplyError
from evals.judge import QUESTIONS, Judge, judge_all
from evals.samples import Speaker, Transcript, Turn


def said(name: str) -> Transcript:
    turns = (
        Turn(index=0, speaker=Speaker.INTERVIEWER, content=f"Design {name}."),
        Turn(index=1, speaker=Speaker.CANDIDATE, content="Who uses it?"),
    )
    return Transcript(id=name, case="ad-click-prediction", turns=turns)


def rated(*ratings: int) -> list[Reply]:
    return [{"reason": "because", "rating": rating} for rating in ratings]


def preferred(*better: str) -> list[Reply]:
    return [{"reason": "because", "better": each} for each in better]


async def test_the_median_of_the_votes_counts(tmp_path: Path) -> None:
    judged = await Judge(ScriptedChat(rated(1, 4, 5)), folder=tmp_path).rate(said("a"), "Is it good?")
    assert judged.value == 4 and {(vote.value, vote.reason) for vote in judged.votes} == {
        (1, "because"),
        (4, "because"),
        (5, "because"),
    }


async def test_what_cannot_be_read_is_unscored(tmp_path: Path) -> None:
    replies: list[Reply] = [{"rating": 9}, ReplyError("no JSON", retryable=True), {"reason": "x", "rating": 2}]
    judged = await Judge(ScriptedChat(replies), folder=tmp_path).rate(said("a"), "Is it good?")
    assert judged.value == 2 and sorted(str(vote.value) for vote in judged.votes) == ["2.0", "None", "None"]
    nothing: list[Reply] = [{"rating": "high"}] * 3
    judge = Judge(ScriptedChat(nothing), folder=tmp_path / "other")
    assert (await judge.rate(said("a"), "Is it good?")).value is None and judge.stopped_by is None


async def test_a_vote_that_fails_is_unscored_and_the_next_is_asked(tmp_path: Path) -> None:
    replies: list[Reply] = [ModelError("HTTP 500", retryable=False), *rated(3, 5)]
    judge = Judge(ScriptedChat(replies), folder=tmp_path)
    assert (await judge.rate(said("a"), "Is it good?")).value == 4 and judge.stopped_by is None


async def test_after_failures_in_a_row_it_is_no_longer_asked(tmp_path: Path) -> None:
    down: list[Reply] = [ModelError("HTTP 500", retryable=False)] * 40
    chat = ScriptedChat(down)
    judge = Judge(chat, folder=tmp_path)
    units = await judge_all(judge, [said("a"), said("b")])
    assert len(chat.prompts) < 12 and "HTTP 500" in str(judge.stopped_by)
    assert {value for unit in units for value in unit.values.values()} == {None}


@pytest.mark.parametrize(
    ("replies", "winner"),
    [
        (preferred("first", "second"), 1.0),
        (preferred("second", "first"), -1.0),
        (preferred("first", "first"), 0.0),  # it prefers a place, not an interview
        (preferred("same", "same"), 0.0),
        ([{"better": "first"}, *preferred("second")], None),
    ],
)
async def test_a_preference_must_survive_the_other_order(
    tmp_path: Path, replies: list[Reply], winner: float | None
) -> None:
    chat = ScriptedChat(replies)
    assert (await Judge(chat, folder=tmp_path, votes=1).prefer(said("a"), said("b"), "Which?")).value == winner
    first, second = (prompt[0].content for prompt in chat.prompts)
    assert first.index("Design a.") < first.index("Design b.") and second.index("Design b.") < second.index("Design a.")


async def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    both = [said("a"), said("b")]
    whole = rated(*[3] * len(QUESTIONS))
    failing = ScriptedChat([*whole, ModelError("the key is wrong", retryable=False)])
    first, second = await judge_all(Judge(failing, folder=tmp_path, votes=1), both)
    assert set(first.values.values()) == {3.0} and set(second.values.values()) == {None}
    rest = ScriptedChat(whole)
    units = await judge_all(Judge(rest, folder=tmp_path, votes=1), both)
    assert len(rest.prompts) == len(QUESTIONS)
    assert [set(unit.values.values()) for unit in units] == [{3.0}, {3.0}]
    silent = ScriptedChat()
    assert await judge_all(Judge(silent, folder=tmp_path, votes=1), both) == units and not silent.prompts


async def test_the_reason_comes_before_the_rating_and_the_dialogue_is_a_value(tmp_path: Path) -> None:
    chat = ScriptedChat(rated(3))
    await Judge(chat, folder=tmp_path, votes=1).rate(said("$question"), "Is it good?")
    assert "Design $question." in chat.prompts[0][0].content
    from evals.judge import Preference, Rating

    assert next(iter(Rating.model_json_schema()["properties"])) == "reason"
    assert next(iter(Preference.model_json_schema()["properties"])) == "reason"
