"""An interviewer behind an endpoint, on the page: chosen, streamed, to the scorecard, and what is said when it fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from app.domain.events import InterviewerMessage
from app.domain.kinds import InterviewerKind, Source
from app.domain.vocabulary import Step
from tests.e2e.conftest import ANSWER_MS, Interview, Server, beside
from tests.e2e.test_page import log
from tests.e2e.test_panel import Panel
from tests.servers import Behaviour, LocalModel, StubEndpoint, context_overflow, fail, reword, reword_held_back

pytestmark = pytest.mark.browser
NAMED = "openai/named"
FOUND = "llama.cpp:small-talk"
FIRST = "So the goal is revenue per session without hurting users, and that is what I would measure."
SECOND = "I would log every impression with what was shown, and join the clicks within a day."


@pytest.fixture(scope="module")
def stub() -> Iterator[StubEndpoint]:
    with StubEndpoint(models=["small-talk"]) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def on_stub(stub: StubEndpoint, shared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose settings name a model behind the stub; the stub is also where llama.cpp is looked for."""
    settings = {
        "MLSD_MODEL": NAMED,
        "MLSD_API_BASE": stub.base_url,
        "MLSD_API_KEY": "not-a-key",
        "MLSD_LLAMA_CPP_PORT": str(stub.port),
    }
    with beside(shared, tmp_path_factory.mktemp("on-stub") / "home", **settings) as running:
        yield running


@pytest.fixture
def on_llama(local_model: LocalModel, shared: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose settings name the local llama.cpp server."""
    port = local_model.base_url.removesuffix("/v1").rpartition(":")[2]
    settings = {"MLSD_MODEL": f"llama.cpp:{local_model.model}", "MLSD_LLAMA_CPP_PORT": port}
    with beside(shared, tmp_path_factory.mktemp("on-llama") / "home", **settings) as running:
        yield running


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Server:
    """The server of a test: on the local model where it is marked so, else on the stub."""
    real = request.node.get_closest_marker("model") is not None
    chosen: Server = request.getfixturevalue("on_llama" if real else "on_stub")
    return chosen


@pytest.fixture(autouse=True)
def patient(interview: Interview) -> None:
    """A first turn waits for the case and for litellm, and then up to 20 s for the model, all on the same cores."""
    interview.patience_ms = 100_000


def replies(server: Server, interview: Interview) -> list[InterviewerMessage]:
    """The interviewer's messages after the opening, as recorded."""
    return [event for event in log(server, interview.id).events if isinstance(event, InterviewerMessage)][1:]


class TestStreaming:
    def test_from_the_first_words_to_the_scorecard(
        self, interview: Interview, stub: StubEndpoint, server: Server
    ) -> None:
        gate = threading.Event()
        stub.behaviour = reword_held_back(gate)
        interview.begin(interviewer=NAMED)
        panel = Panel(interview)
        expect(panel.open_step).to_contain_text(Step.REQUIREMENTS.heading)
        interview.send(FIRST)
        expect(interview.replies).to_have_count(2, timeout=ANSWER_MS)
        expect(interview.replies.last).to_have_text("All right.", timeout=ANSWER_MS)
        gate.set()
        expect(interview.replies.last).not_to_have_text("All right.", timeout=ANSWER_MS)
        interview.page.wait_for_selector("#chat-submit", timeout=ANSWER_MS)
        (said,) = replies(server, interview)
        assert said.source is Source.MODEL and said.content.startswith("All right. ")
        expect(interview.replies.last).to_have_text(said.content)

        stub.behaviour = reword(every_s=0.01)
        interview.press("next", "data")
        expect(panel.open_step).to_contain_text(Step.DATA.heading)
        interview.say(SECOND)
        assert replies(server, interview)[-1].source is Source.MODEL
        interview.send("/end")
        interview.page.locator(".mc-study").wait_for(timeout=ANSWER_MS)
        assert "Ad click prediction" in interview.page.locator("[data-mlsd-card]").inner_text()
        shown = interview.replies.all_inner_texts()
        for message in replies(server, interview):
            assert any(message.content in " ".join(text.split()) for text in shown), message.content


class TestChoosing:
    def test_a_model_on_this_machine_is_offered_and_can_be_chosen(
        self, interview: Interview, stub: StubEndpoint, server: Server
    ) -> None:
        stub.behaviour = reword()
        interview.open()
        assert interview.choose("Interviewer", FOUND) == ["Built-in", NAMED, FOUND]
        interview.start()
        expect(interview.replies).to_have_count(1, timeout=ANSWER_MS)
        asked = stub.count
        interview.say(FIRST)
        header = log(server, interview.id).header
        assert (header.interviewer.kind, header.interviewer.model) == (InterviewerKind.MODEL, FOUND)
        assert replies(server, interview)[-1].source is Source.MODEL
        request = stub.requests[asked]
        assert request.body["model"] == "small-talk"
        assert "not-a-key" not in str(request.headers), "a server on this machine is sent no key"

    def test_the_built_in_interviewer_can_be_chosen_again(
        self, interview: Interview, stub: StubEndpoint, server: Server
    ) -> None:
        interview.begin(interviewer="Built-in")
        asked = stub.count
        interview.say(FIRST)
        assert stub.count == asked
        assert log(server, interview.id).header.interviewer.kind is InterviewerKind.BUILTIN


WRONG_NAME = fail(404, "The model does not exist", code="model_not_found")
BAD_KEY = fail(401, "Incorrect API key provided", code="invalid_api_key")


@pytest.mark.parametrize(
    ("interviewer", "behaviour", "sentence"),
    [
        (
            NAMED,
            WRONG_NAME,
            "knows no model 'openai/named'; mend MLSD_MODEL, or MLSD_API_BASE (it usually ends in /v1)",
        ),
        (NAMED, BAD_KEY, "refused the API key; set MLSD_API_KEY to a valid one"),
        (NAMED, context_overflow, "start its server with a longer context, or choose a model that reads more"),
        (FOUND, WRONG_NAME, "knows no model 'llama.cpp:small-talk'; choose one that `mlsd doctor` lists"),
        (
            FOUND,
            BAD_KEY,
            "wants an API key, and 'llama.cpp:small-talk' is never sent one; set MLSD_MODEL=openai/small-talk, ",
        ),
        (FOUND, context_overflow, "start its server with a longer context, or choose a model that reads more"),
    ],
    ids=["name", "key", "context", "found-name", "found-key", "found-context"],
)
def test_a_fault_is_told_once_with_its_remedy_and_the_interview_goes_on(
    interview: Interview, stub: StubEndpoint, server: Server, interviewer: str, behaviour: Behaviour, sentence: str
) -> None:
    stub.behaviour = behaviour
    interview.begin(interviewer=interviewer)
    interview.say(FIRST)
    notice = interview.replies.filter(has_text=f"The model '{interviewer}' did not answer")
    expect(notice).to_have_count(1)
    assert sentence in notice.inner_text()
    assert notice.inner_text().endswith("The built-in interviewer takes over for now.")
    stub.behaviour = reword()
    interview.say(SECOND)
    failed, went_on = (message.guard for message in replies(server, interview))
    assert failed is not None and failed.failure is not None and sentence in failed.failure
    assert went_on is not None and went_on.failure is None, "the model is asked again"
    expect(notice).to_have_count(1)


@pytest.mark.model
@pytest.mark.timeout(300)
def test_a_whole_interview_on_the_local_model(interview: Interview, server: Server) -> None:
    interview.begin()
    panel = Panel(interview)
    interview.say(FIRST)
    interview.press("next", "data")
    expect(panel.open_step).to_contain_text(Step.DATA.heading)
    interview.say(SECOND)
    interview.say("A feature is computed from what was known before the impression, or it leaks the label.")
    interview.send("/end")
    interview.page.locator(".mc-study").wait_for(timeout=ANSWER_MS)
    stored = log(server, interview.id)
    assert stored.header.interviewer.model == "llama.cpp:smollm2-135m"
    asked = [message.guard for message in replies(server, interview) if message.guard is not None]
    assert any(report.attempts for report in asked)
    shown = " ".join(" ".join(interview.replies.all_inner_texts()).split())
    for message in replies(server, interview):
        assert " ".join(message.content.split()) in shown
