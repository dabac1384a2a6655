"""`python -m evals.model_floor`: what it plays, when it stops, and what it says, with scripted replies for a model."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from app.adapters.scripted_chat import ScriptedChat
from app.bootstrap import App
from app.domain.catalog import Catalog
from app.domain.events import GuardReport, InterviewerMessage
from app.domain.kinds import Move, Source
from app.errors import ModelError
from app.ports import ChatMessage, ChatModel
from app.settings import Settings
from evals.floor_figures import MEASURES, Compared, compare, report
from evals.gateway import passing_on, tag_grammar
from evals.model_floor import plan, play_pairs
from evals.samples import from_stored
from evals.score import Depth, Scorer
from evals.simulate import Planned
from evals.wording_share import Worded, worded_by, wording_share
from tests.servers import StubEndpoint, first_move, say

Replies = Callable[[str], str | ModelError]


class AnyChat(ScriptedChat):
    """Answers each prompt by a function, as often as it is asked."""

    def __init__(self, replies: Replies) -> None:
        super().__init__(name="scripted")
        self._answer = replies

    async def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, stop: Sequence[str] = ()
    ) -> AsyncGenerator[str, None]:
        reply = self._answer(messages[-1].content)
        await asyncio.sleep(0)  # as a real one does, it lets others run
        if isinstance(reply, ModelError):
            raise reply
        for piece in re.findall(r"\s*\S+|\s+$", reply):
            yield piece


class ScriptedApp(App):
    """The product's parts with a scripted model behind every name."""

    replies: Replies

    def chat(self, model: str) -> ChatModel:
        return AnyChat(self.replies)


class Ticks:
    """A clock that goes on by so many seconds each time it is looked at."""

    def __init__(self, step: float) -> None:
        self._now, self._step = 0.0, step

    def __call__(self) -> float:
        self._now += self._step
        return self._now


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> ScriptedApp:
    app = ScriptedApp(Settings(home=tmp_path_factory.mktemp("home")))
    app.catalog = catalog
    return app


def curated(prompt: str) -> str:
    return first_move({"messages": [{"content": prompt}]})


def untagged(prompt: str) -> str:
    return "I think that is a great answer."


def short_plan(app: App, count: int) -> Iterator[Planned]:
    """The first candidates, in interviews that are soon over."""
    for each in islice(plan(app, model="scripted"), count):
        agreement = each.agreement.model_copy(update={"minutes": 4.0})
        yield each.model_copy(update={"agreement": agreement})


def message(*, source: Source = Source.CURATED, guard: GuardReport | None = None) -> InterviewerMessage:
    return InterviewerMessage(
        seq=1,
        at=datetime(2026, 1, 1, tzinfo=UTC),
        id="1",
        index=0,
        content="Go on.",
        step=None,
        move=Move.LISTEN,
        source=source,
        guard=guard,
    )


@pytest.mark.parametrize(
    ("source", "guard", "expected"),
    [
        (Source.CURATED, None, Worded.AS_WRITTEN),
        (Source.MODEL, GuardReport(attempts=1), Worded.FIRST),
        (Source.MODEL, GuardReport(attempts=2, rules=("leak",)), Worded.RETRY),
        (Source.MODEL, GuardReport(attempts=1, rules=("praise",)), Worded.CUT),
        (Source.MODEL, GuardReport(attempts=2, rules=("no-move", "praise")), Worded.CUT),
        (Source.MODEL, GuardReport(attempts=1, failure="broke off"), Worded.CUT),
        (Source.CURATED, GuardReport(attempts=2, rules=("leak", "leak")), Worded.TURNED_DOWN),
        (Source.CURATED, GuardReport(attempts=2, rules=("leak",), failure="too slow"), Worded.FAILED),
        (Source.CURATED, GuardReport(attempts=0, failure="too slow"), Worded.RESTED),
    ],
)
def test_how_a_turn_came_by_its_words(source: Source, guard: GuardReport | None, expected: Worded) -> None:
    assert worded_by(message(source=source, guard=guard)) is expected


@pytest.mark.parametrize(
    ("measure", "model", "builtin", "expected"),
    [
        ("single_question", [1, 0.9, 1, 1, 1], [0.9, 0.9, 1, 0.8, 0.9], "as good as"),
        ("single_question", [0.5, 0.4, 0.3, 0.5, 0.2], [0.9, 0.9, 1, 0.8, 0.9], "worse"),
        ("single_question", [1, 0.4, 0.9, 0.9, 1], [0.9, 0.9, 1, 0.8, 0.9], "cannot tell"),
        ("loops", [0.2, 0.1, 0.3, 0.2, 0.2], [0, 0, 0, 0, 0], "worse"),
        ("loops", [0, 0, 0, 0, 0], [0, 0.1, 0, 0, 0], "as good as"),
        ("loops", [0, 0, 0, 0, 0], [0, 0, 0, 0, 0], "as good as"),
        ("reask", [0.1, None, 0.1, 0.1, 0.1], [0.1, 0.1, None, 0.1, 0.1], "too few pairs"),
    ],
)
def test_as_good_as_is_said_where_nothing_worse_is_left(
    measure: str, model: list[float | None], builtin: list[float | None], expected: str
) -> None:
    assert Compared(measure=measure, model=tuple(model), builtin=tuple(builtin)).judgement == expected


def test_the_grammar_offers_the_tags_of_the_prompt() -> None:
    prompt = (
        "He asked.\n\n[A note.]\nPick one of these moves. Each:\nprobe: When?\nlisten: Go on.\n\nKeep to it.\nMOVE: x"
    )
    assert tag_grammar(prompt) == 'root ::= "MOVE: " ("probe" | "listen") "\\n" [^\\n]+'


def test_candidates_go_round_the_cases_and_never_come_twice(app: ScriptedApp) -> None:
    found = list(islice(plan(app, model="scripted"), 40))
    cases = app.catalog.case_ids()
    assert [each.agreement.case for each in found[: len(cases)]] == list(cases)
    assert len({(each.agreement.case, each.candidate.name, each.agreement.seed) for each in found}) == 40


@pytest.mark.slow
class TestPlaying:
    def test_both_interview_the_same_candidates(self, app: ScriptedApp) -> None:
        app.replies = curated
        told: list[str] = []
        pairs = play_pairs(app, short_plan(app, 1), seconds=1000, told=told.append)
        assert len(pairs) == len(told) == 1
        for pair in pairs:
            mine, theirs = pair.model.header, pair.builtin.header
            assert (mine.case, mine.level, mine.seed) == (theirs.case, theirs.level, theirs.seed)
            assert mine.made_by is not None and theirs.made_by is not None
            assert mine.made_by.candidate_hash == theirs.made_by.candidate_hash
            assert (mine.interviewer.model, theirs.interviewer.model) == ("scripted", None)
        share = wording_share(pair.model for pair in pairs)
        assert share.by_model >= 0.9 * share.asked > 0
        assert share.all == sum(isinstance(event, InterviewerMessage) for pair in pairs for event in pair.model.events)
        scorer = Scorer(Depth(vectors=False), app=app)
        lines = report([pair.model for pair in pairs], [pair.builtin for pair in pairs], scorer=scorer)
        assert [line.split()[0] for line in lines[3 : 3 + len(MEASURES)]] == list(MEASURES)
        assert all(line.endswith("too few pairs") for line in lines[3 : 3 + len(MEASURES)])
        assert any(f"it worded {share.by_model} itself" in line for line in lines)

    def test_a_model_that_never_passes_is_the_built_in_interviewer(self, app: ScriptedApp) -> None:
        app.replies = untagged
        pairs = play_pairs(app, short_plan(app, 1), seconds=1000, told=lambda _: None)
        share = wording_share(pair.model for pair in pairs)
        assert share.by_model == 0 and share.turns[Worded.TURNED_DOWN] == share.asked > 0
        assert share.rules == {"no-move": 2 * share.asked} and not share.failures
        scorer = Scorer(Depth(vectors=False), app=app)
        model, builtin = ([scorer.row(from_stored(stored))] for stored in (pairs[0].model, pairs[0].builtin))
        assert all(set(each.differences) <= {0.0} for each in compare(model, builtin))

    def test_an_interview_without_the_model_makes_no_pair(self, app: ScriptedApp) -> None:
        app.replies = lambda _: ModelError("nobody is there; start it", retryable=True)
        told: list[str] = []
        assert play_pairs(app, short_plan(app, 1), seconds=1000, told=told.append) == []
        assert "did not answer once" in told[0]

    def test_what_is_kept_counts_in_the_next_run(self, app: ScriptedApp, tmp_path: Path) -> None:
        app.replies = curated
        first = play_pairs(app, short_plan(app, 1), seconds=1000, told=lambda _: None, keep=tmp_path)
        app.replies = untagged
        told: list[str] = []
        assert play_pairs(app, short_plan(app, 1), seconds=1000, told=told.append, keep=tmp_path) == first
        assert told == [] and len(list(tmp_path.iterdir())) == 2
        next(tmp_path.glob("*.builtin.*")).unlink()
        again = play_pairs(app, short_plan(app, 1), seconds=1000, told=told.append, keep=tmp_path)
        assert len(told) == 1 and wording_share([again[0].model]).by_model == 0

    def test_it_stops_when_another_interview_would_not_end_in_time(self, app: ScriptedApp) -> None:
        app.replies = curated
        pairs = play_pairs(app, plan(app, model="scripted"), seconds=60, told=lambda _: None, clock=Ticks(30.0))
        assert len(pairs) == 1

    def test_an_interview_is_left_when_time_is_up(self, app: ScriptedApp) -> None:
        app.replies = curated
        told: list[str] = []
        soon = Ticks(0.01)
        assert play_pairs(app, plan(app, model="scripted"), seconds=0.02, told=told.append, clock=soon) == []
        assert told == ["ad-click-prediction, strong, mid: was not over in time, and does not count"]


@pytest.mark.slow
async def test_the_gateway_adds_to_requests_and_passes_on_what_comes() -> None:
    from app.adapters.litellm_chat import LiteLlmChat

    heard: list[bytes] = []
    with StubEndpoint(say("Go on, please.")) as model:
        behaviour = passing_on(
            model.base_url, adds=lambda _: {"grammar": "root"}, hears=lambda _, line: heard.append(line)
        )
        with StubEndpoint(behaviour) as gateway:
            chat = LiteLlmChat("stub", api_base=gateway.base_url)
            prompt = [ChatMessage(role="user", content="Hello?")]
            assert "".join([piece async for piece in chat.stream(prompt, max_tokens=9)]) == "Go on, please."
    assert model.requests[0].body["grammar"] == "root" and model.requests[0].body["max_tokens"] == 9
    assert b"data: [DONE]\n" in heard
