"""A whole turn against an endpoint that fails, over a real socket: whatever it does, the candidate gets an answer in time.

Conductor, speaker, litellm and socket are the real ones. What a turn falls back to is compared with what the built-in
interviewer says in the same place.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest

from app.adapters.litellm_chat import LiteLlmChat
from app.adapters.matcher import ExampleMatcher
from app.domain.catalog import Catalog
from app.domain.kinds import Source
from app.domain.vocabulary import Level
from app.services.conduct import Reply
from app.services.model_speaker import ModelSpeaker
from app.services.speaking import Speaker
from tests import servers
from tests.servers import Behaviour, Exchange, StubEndpoint, closed_port, fail, reword, say
from tests.services.conftest import Room

pytestmark = [pytest.mark.slow, pytest.mark.alone]

CASE = "video-recommendation"
SAID = (
    "The goal is long-term engagement, so I'd predict whether a video is watched to its end.",
    "Features are the watch history of the user and the age of the video.",
    "I'd begin with a simple model and compare it with the most popular videos.",
)
DEADLINE_S = 1.0
SLACK_S = 1.5
"""For the engine and a busy machine; well below the time that any of the servers would take."""


class Sitting:
    """The same interview twice: with a model, and with the built-in interviewer beside it."""

    def __init__(self, catalog: Catalog, matcher: ExampleMatcher, *, base_url: str, model: str = "stub") -> None:
        self.chat = LiteLlmChat(model, api_base=base_url, api_key="sk-hush-0123456789")
        self.rooms = {name: Room(catalog, matcher, speaker=speaker) for name, speaker in self._speakers().items()}

    def _speakers(self) -> dict[str, Speaker | None]:
        return {"model": ModelSpeaker(self.chat, deadline_s=DEADLINE_S), "built-in": None}

    async def begin(self) -> None:
        await self.chat.warm_up()
        for room in self.rooms.values():
            await room.begin(CASE, level=Level.MID, minutes=None)

    async def turn(self, line: str) -> tuple[Reply, str, float]:
        """The model's reply, the built-in interviewer's words, and the seconds that the first took."""
        curated = (await self.rooms["built-in"].say(line)).message.content
        began = time.monotonic()
        reply = await self.rooms["model"].say(line)
        return reply, curated, time.monotonic() - began


async def sat_down(catalog: Catalog, matcher: ExampleMatcher, base_url: str) -> Sitting:
    sitting = Sitting(catalog, matcher, base_url=base_url)
    await sitting.begin()
    return sitting


def picking(text: str, *, times: int = 1) -> Behaviour:
    """Picks a move that is possible, and then says this."""

    def behave(exchange: Exchange) -> None:
        exchange.begin_stream()
        exchange.token(servers.first_move(exchange.request.body).partition("\n")[0] + "\n")
        for _ in range(times):
            exchange.token(text)
        exchange.end_stream()

    return behave


AWAY: list[tuple[str, Behaviour, str]] = [
    ("401", fail(401), "refused the API key; set MLSD_API_KEY"),
    ("404", fail(404), "knows no model 'stub'; mend MLSD_MODEL"),
    ("408", fail(408), "did not finish"),
    ("429", fail(429), "no more requests"),
    ("500", fail(500), "failed (status 500)"),
    ("503", fail(503), "failed (status 503)"),
    ("malformed SSE", servers.malformed_sse, "cannot be read"),
    ("a web page", servers.html_page, "empty reply"),
    ("a drop in mid-stream", servers.drop_midstream, "broke off"),
    ("a drop at once", servers.hang_up, "broke off"),
    ("one token every ten seconds", servers.slow(10), "nothing to show came within 1 s"),
    ("slow tokens without end", servers.slow(0.3, text="MOVE: probe\nSo " + "well " * 30), "nothing to show"),
    ("silence", servers.silent, "nothing to show came within 1 s"),
    ("an empty reply", servers.empty, "empty reply"),
    ("context overflow", servers.context_overflow, "longer context"),
]


@pytest.mark.parametrize(("behaviour", "words"), [fault[1:] for fault in AWAY], ids=[fault[0] for fault in AWAY])
async def test_a_model_that_is_away_costs_nothing_but_its_words(
    behaviour: Behaviour, words: str, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    with StubEndpoint(behaviour) as endpoint:
        sitting = await sat_down(catalog, matcher, endpoint.base_url)
        reply, curated, seconds = await sitting.turn(SAID[0])
        assert reply.message.content == curated and reply.message.source is Source.CURATED
        assert seconds < DEADLINE_S + SLACK_S
        assert reply.notice is not None and words in reply.notice and reply.notice.count(". ") == 1
        assert "sk-hush" not in reply.notice
        assert reply.message.guard is not None and reply.message.guard.failure is not None
        asked = endpoint.count
        assert asked >= 1
        again, curated, seconds = await sitting.turn(SAID[1])
        assert endpoint.count > asked, "it is tried again at the next turn"
        assert again.message.content == curated and again.notice is None, "told once"
        assert seconds < DEADLINE_S + SLACK_S
        asked = endpoint.count
        await sitting.turn(SAID[2])
        assert endpoint.count == asked, "and then left alone for a while"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (closed_port, "cannot be reached; start it"),
        (lambda: nullcontext("http://no-such-host.invalid/v1"), "no-such-host.invalid/v1 cannot be reached"),
    ],
    ids=["refused connection", "DNS failure"],
)
async def test_an_address_where_nobody_is(
    place: Callable[[], AbstractContextManager[str]], words: str, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    with place() as base_url:
        sitting = await sat_down(catalog, matcher, base_url)
        reply, curated, seconds = await sitting.turn(SAID[0])
        assert reply.message.content == curated and seconds < DEADLINE_S + SLACK_S
        assert reply.notice is not None and words in reply.notice
        assert (await sitting.turn(SAID[1]))[0].notice is None


USELESS: list[tuple[str, Behaviour, str]] = [
    ("another language", picking("Welche Daten würden Sie dafür zuerst sammeln und warum?"), "language"),
    ("wrong JSON", say('{"reason": "the candidate said", "rating": 5}'), "no-move"),
    ("cut-off JSON", servers.cut_json, "no-move"),
    ("an endless loop", servers.endless("and so on "), "no-move"),
    ("an endless count", servers.counting(), "no-move"),
    ("a tag and a loop", picking("and so on ", times=500), "too-long"),
    ("a scorecard", picking("You get 5/5 for that."), "score"),
]


@pytest.mark.parametrize(("behaviour", "rule"), [each[1:] for each in USELESS], ids=[each[0] for each in USELESS])
async def test_a_model_that_talks_rubbish_is_asked_twice_and_then_overruled(
    behaviour: Behaviour, rule: str, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    with StubEndpoint(behaviour) as endpoint:
        sitting = await sat_down(catalog, matcher, endpoint.base_url)
        reply, curated, seconds = await sitting.turn(SAID[0])
        assert reply.message.content == curated and reply.message.source is Source.CURATED
        assert reply.message.guard is not None and reply.message.guard.rules == (rule, rule)
        assert endpoint.count == 2 and seconds < 2 * DEADLINE_S + SLACK_S
        assert reply.notice is None, "it is there, so nothing is told"


async def test_a_drop_after_a_sentence_keeps_it_and_asks_the_curated_question(
    catalog: Catalog, matcher: ExampleMatcher
) -> None:
    def one_sentence(exchange: Exchange) -> None:
        tag = servers.first_move(exchange.request.body).partition("\n")[0]
        exchange.begin_stream()
        exchange.token(f"{tag}\nOkay, I see. And")
        exchange.handler.connection.shutdown(socket.SHUT_RDWR)

    with StubEndpoint(one_sentence) as endpoint:
        sitting = await sat_down(catalog, matcher, endpoint.base_url)
        reply, curated, _ = await sitting.turn(SAID[0])
    assert reply.message.content.startswith("Okay, I see. ") and reply.message.source is Source.MODEL
    assert reply.message.content.removeprefix("Okay, I see. ") in curated
    assert reply.notice is not None and "broke off" in reply.notice


async def test_it_comes_back_at_the_next_turn_and_a_second_outage_is_told_again(
    catalog: Catalog, matcher: ExampleMatcher
) -> None:
    with StubEndpoint([fail(503), reword(), fail(503)]) as endpoint:
        sitting = await sat_down(catalog, matcher, endpoint.base_url)
        replies = [(await sitting.turn(line))[0] for line in SAID]
        assert [reply.message.source for reply in replies] == [Source.CURATED, Source.MODEL, Source.CURATED]
        assert [reply.notice is not None for reply in replies] == [True, False, True]


async def test_an_endpoint_that_names_a_time_is_left_alone_until_then(
    catalog: Catalog, matcher: ExampleMatcher
) -> None:
    with StubEndpoint([fail(429, Retry_After="60"), reword()]) as endpoint:
        sitting = await sat_down(catalog, matcher, endpoint.base_url)
        first, _, _ = await sitting.turn(SAID[0])
        assert first.notice is not None and "wait 60 s" in first.notice
        second, curated, _ = await sitting.turn(SAID[1])
        assert second.message.content == curated and endpoint.count == 1
        assert second.message.guard is not None and second.message.guard.attempts == 0
