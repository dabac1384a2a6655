"""What a typed interview says of models on this machine before it begins: one line, and it uses none unasked."""

from __future__ import annotations

import asyncio
from shlex import quote
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.bootstrap import App

_MOST_NAMED = 3


def offer(parts: App, *, model: str | None) -> str | None:
    """The line; None where a model or an address is named, or none is found.

    Args:
        parts: the parts of the product.
        model: what --model says.
    """
    from app.adapters.local_servers import find_servers, models_of

    settings = parts.settings
    if model is not None or settings.model is not None or settings.api_base is not None:
        return None
    names = models_of(asyncio.run(find_servers(parts.local_ports)))
    if not names:
        return None
    more = len(names) - _MOST_NAMED
    others = f" (there are {more} more: mlsd doctor)" if more > 0 else ""
    choices = " or ".join(f"--model {quote(name)}" for name in names[:_MOST_NAMED])
    return f"The built-in interviewer asks. A model on this machine could word its questions: {choices}{others}."
