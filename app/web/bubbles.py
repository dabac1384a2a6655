"""Messages as they are put on the page, all at one level as in the projection of the log.

Chainlit hangs what a handler sends below the handler's own step. When a lost connection is taken up in
the meantime, the thread is drawn anew without that step, and what hangs below it would not be shown.
"""

from __future__ import annotations

import chainlit as cl

INTERVIEWER = "Interviewer"
HOUSE = "mlsd"


def interviewer_bubble(content: str, *, id: str) -> cl.Message:
    """The interviewer's words, under the id of their event."""
    return _level(cl.Message(content=content, author=INTERVIEWER, id=id))


def house_bubble(content: str, *, actions: list[cl.Action] | None = None) -> cl.Message:
    """What the page itself has to say; it is not part of the interview."""
    return _level(cl.Message(content=content, author=HOUSE, actions=actions or []))


def error_bubble(content: str) -> cl.Message:
    """What went wrong."""
    message = house_bubble(content)
    message.is_error = True
    return message


def _level(message: cl.Message) -> cl.Message:
    message.parent_id = None
    return message
