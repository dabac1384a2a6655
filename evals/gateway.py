"""Stands between the product and llama.cpp: adds to each request what the product does not send, such as a grammar."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from tests.servers import Behaviour, Exchange

_LONGEST_S = 120


def passing_on(
    upstream: str,
    *,
    adds: Callable[[Exchange], dict[str, Any]],
    hears: Callable[[Exchange, bytes], None] = lambda exchange, line: None,
) -> Behaviour:
    """How a stub endpoint answers that passes streamed requests on.

    Args:
        upstream: the server's address.
        adds: fields of the request's body, in place of the product's or beside them.
        hears: is given each line of the reply before the product is.
    """
    place = urlsplit(upstream).netloc

    def behave(exchange: Exchange) -> None:
        sent = exchange.request.body | adds(exchange)
        connection = http.client.HTTPConnection(place, timeout=_LONGEST_S)
        try:
            connection.request("POST", "/v1/chat/completions", json.dumps(sent), {"Content-Type": "application/json"})
            reply = connection.getresponse()
            if reply.status != 200:
                exchange.send(reply.status, reply.read())
                return
            exchange.begin_stream()
            while line := reply.readline():
                hears(exchange, line)
                exchange.write(line)
            exchange.handler.wfile.write(b"0\r\n\r\n")
        finally:
            connection.close()

    return behave


def tag_grammar(prompt: str) -> str:
    """A grammar of the form that an interviewer's prompt asks for: one of its tags, and any words on the next line."""
    note = prompt.rpartition("Pick one of these moves.")[2].partition("\n\n")[0]
    tags = [line.partition(": ")[0] for line in note.splitlines()[1:]]
    choices = " | ".join(json.dumps(tag) for tag in tags)
    return f'root ::= "MOVE: " ({choices}) "\\n" [^\\n]+'
