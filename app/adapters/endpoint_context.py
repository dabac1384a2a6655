"""Asks a server how many tokens its model reads at once. Servers tell it in different places, or not at all.

What counts is what the running server reads, which is often less than what the model was trained for: so a
server's own figure is looked for before the model's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

_OF_A_RUNNING_MODEL = ("loaded_context_length", "max_model_len", "context_length", "context_window")
"""Fields of one entry of a list of models: LM Studio, vLLM, and several gateways."""


async def context_length(model: str, *, api_base: str, api_key: str | None, within_s: float) -> int | None:
    """Tokens that fit into one prompt and its reply; None where the server does not say.

    Args:
        model: what the server calls it.
        api_base: the address, ending in /v1 or not.
        api_key: sent with every question.
        within_s: seconds for each of the questions.
    """
    import httpx

    parts = urlsplit(api_base)
    root = f"{parts.scheme}://{parts.netloc}"
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    async with httpx.AsyncClient(timeout=within_s, headers=headers) as client:

        async def told(method: str, address: str, body: dict[str, Any] | None = None) -> Any:
            try:
                reply = await client.request(method, address, json=body)
                return reply.json() if reply.is_success else None
            except (httpx.HTTPError, httpx.InvalidURL, ValueError):
                return None

        props = await told("GET", f"{root}/props")  # llama.cpp: of one slot
        if found := _whole(_within(props, "default_generation_settings", "n_ctx")):
            return found
        for address in (f"{root}/api/v0/models", f"{api_base.rstrip('/')}/models"):
            entry = _entry(_within(await told("GET", address), "data"), model)
            if found := next((n for field in _OF_A_RUNNING_MODEL if (n := _whole(entry.get(field)))), None):
                return found
        loaded = _entry(_within(await told("GET", f"{root}/api/ps"), "models"), model)  # Ollama: while it is loaded
        if found := _whole(loaded.get("context_length")):
            return found
        shown = await told("POST", f"{root}/api/show", {"model": model})
        return _set_for_ollama(_within(shown, "parameters"))


def _set_for_ollama(parameters: Any) -> int | None:
    """`num_ctx` out of a model file's lines; without it Ollama's default holds, which it does not tell."""
    for line in str(parameters or "").splitlines():
        name, _, value = line.strip().partition(" ")
        if name == "num_ctx" and value.strip().isdigit():
            return int(value)
    return None


def _within(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _entry(listed: Any, model: str) -> Mapping[str, Any]:
    entries: Iterable[Any] = listed if isinstance(listed, list) else []
    for entry in entries:
        if isinstance(entry, Mapping) and model in {entry.get("id"), entry.get("name"), entry.get("model")}:
            return entry
    return {}


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
