"""Finds out whether a named model endpoint works: can it be reached, what does it serve, does it answer.

The list of models is asked for with the OpenAI client; the answer comes the way an interview's replies do.
Nothing is asked of anybody unless the user has named an address or a model.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing
from typing import TYPE_CHECKING

from app.adapters.endpoint_faults import TRIPPED, Endpoint
from app.adapters.endpoint_trial import Trial, try_out
from app.adapters.litellm_chat import LiteLlmChat
from app.domain.vocabulary import Frozen
from app.errors import ModelError
from app.ports import ChatMessage

if TYPE_CHECKING:
    from openai import AsyncOpenAI

LISTING_S = 4.0
"""A list of models is a small file; servers on the other side of the world send it in a second."""
ANSWER_S = 20.0
"""Local servers load a model when it is first asked for, which takes most of this."""
_QUESTION = "Say OK."
_MOST_LISTED = 12
_SHORTEST_KEY = 8
"""Shorter ones are stand-ins such as "x" for servers that want none, and part of many words."""


class EndpointFindings(Frozen):
    """What was found out about an endpoint. A None says that it was not tried.

    Attributes:
        api_base: the address, without a password; None for the provider's own.
        model: the model that was named; None if only an address was.
        reachable: whether something answers at the address.
        models: what it serves, as it says; None also where it does not say.
        answers: whether the named model answered.
        problem: what is wrong and how to mend it.
        trial: how it did; only where it was tried out.
    """

    api_base: str | None
    model: str | None
    reachable: bool | None = None
    models: tuple[str, ...] | None = None
    answers: bool | None = None
    problem: str | None = None
    trial: Trial | None = None


async def probe(
    *,
    model: str | None,
    api_base: str | None,
    api_key: str | None,
    listing_s: float = LISTING_S,
    answer_s: float = ANSWER_S,
    label: str | None = None,
    thorough: bool = False,
) -> EndpointFindings:
    """Look at an endpoint. Costs one list of models and, where a model is named, one token.

    Args:
        model: litellm's name for the model; None to look at the address alone.
        api_base: None for the provider's own address, which is not asked for its models.
        api_key: sent, and never part of what is found.
        listing_s: seconds for the list of models.
        answer_s: seconds for the answer, litellm's import not counted.
        label: what the user calls the model, if not by litellm's name.
        thorough: try it out as well, which costs about 3,200 tokens.
    """
    known = Endpoint(model=label or model or "", api_base=api_base, timeout_s=listing_s)
    found = EndpointFindings(api_base=api_base, model=label or model)
    if api_base is not None:
        found = await _listed(found, known, api_base=api_base, api_key=api_key)
    if model is not None and found.problem is None:
        found = await _asked(found, model, api_base=api_base, api_key=api_key, answer_s=answer_s)
    if thorough and model is not None and found.answers:
        trial = await try_out(model, api_base=api_base, api_key=api_key, each_s=answer_s)
        found = found.model_copy(update={"trial": trial})
    return _without_secrets(found, api_key=api_key)


async def _listed(found: EndpointFindings, known: Endpoint, *, api_base: str, api_key: str | None) -> EndpointFindings:
    import httpx
    import openai

    try:
        async with _client(known, api_base=api_base, api_key=api_key) as client:
            listing = client.models  # openai imports its part for it here: not the endpoint's time
            async with asyncio.timeout(known.timeout_s):
                page = await listing.list()
            names = tuple(sorted(str(each.id) for each in page.data))
        return found.model_copy(update={"reachable": True, "models": names})
    except openai.APIStatusError as error:
        if error.status_code in {401, 403}:
            return found.model_copy(update={"reachable": True, "problem": str(known.explain(error))})
        return found.model_copy(update={"reachable": True})  # not every server lists its models
    except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
        return found.model_copy(update={"reachable": False, "problem": str(known.explain(error))})
    except TRIPPED:  # something answers, and it is no such list; whether it is a model server, an answer tells
        return found.model_copy(update={"reachable": True})


async def _asked(
    found: EndpointFindings, model: str, *, api_base: str | None, api_key: str | None, answer_s: float
) -> EndpointFindings:
    known = Endpoint(model=found.model or model, api_base=api_base, timeout_s=answer_s)
    chat = LiteLlmChat(model, api_base=api_base, api_key=api_key, timeout_s=answer_s, label=found.model)
    try:
        async with aclosing(chat.stream([ChatMessage(role="user", content=_QUESTION)], max_tokens=1)) as reply:
            await anext(reply, None)
    except ModelError as error:
        problem: ModelError | None = error
        if str(error) == str(known.empty()):
            # A model that thinks first spends its one token on that, and a web page streams as nothing too.
            problem = await _fault_of_a_whole_reply(known, model, api_key=api_key)
        if problem is not None:
            return found.model_copy(update={"answers": False, "problem": f"{problem}{_offered(found, model)}"})
    return found.model_copy(update={"reachable": True, "answers": True})


async def _fault_of_a_whole_reply(known: Endpoint, model: str, *, api_key: str | None) -> ModelError | None:
    """What is wrong with a reply that is not streamed; None where it has the protocol's form, be it empty."""
    if known.api_base is None:  # the great providers send no web pages
        return None
    import httpx
    import openai

    try:
        async with _client(known, api_base=known.api_base, api_key=api_key) as client:
            asking = client.chat.completions
            async with asyncio.timeout(known.timeout_s):
                reply = await asking.create(
                    model=model.removeprefix("openai/"),
                    messages=[{"role": "user", "content": _QUESTION}],
                    max_tokens=1,
                )
            _ = reply.choices[0].message.role
    except (openai.OpenAIError, httpx.HTTPError, TimeoutError, *TRIPPED) as error:
        return known.explain(error)
    return None


def _client(known: Endpoint, *, api_base: str, api_key: str | None) -> AsyncOpenAI:
    from openai import AsyncOpenAI

    return AsyncOpenAI(base_url=api_base, api_key=api_key or "x", timeout=known.timeout_s, max_retries=0)


def _offered(found: EndpointFindings, model: str) -> str:
    """What could be named instead, if the server says that it has no such model."""
    if not found.models or model.removeprefix("openai/") in found.models:
        return ""
    return f" (it lists {named(found.models)})"


def named(models: tuple[str, ...]) -> str:
    """Names of models, the first dozen."""
    more = len(models) - _MOST_LISTED
    return ", ".join(models[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


def _without_secrets(found: EndpointFindings, *, api_key: str | None) -> EndpointFindings:
    """Findings that may be printed: servers like to repeat the key, and addresses may hold a password."""
    secret = api_key is not None and len(api_key) >= _SHORTEST_KEY

    def clean(text: str | None) -> str | None:
        if text is None:
            return None
        shown = text.replace(api_key, "***") if secret and api_key else text
        return re.sub(r"(?<=://)[^/@\s]+(?=@)", "***", shown)

    trial = found.trial
    if trial is not None:
        trial = trial.model_copy(update={"problem": clean(trial.problem)})
    return found.model_copy(update={"api_base": clean(found.api_base), "problem": clean(found.problem), "trial": trial})
