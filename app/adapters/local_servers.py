"""Looks for model servers on this machine, at the ports that Ollama, LM Studio and llama.cpp use by default.

What is found is offered and never used unasked. A model that runs on one of them is named SERVER:MODEL, such as
`ollama:llama3.1:8b`: that names address and model at once, always means this machine, and is never sent a key.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from shlex import quote

from app.domain.vocabulary import Frozen

LOOKING_S = 0.8
"""For all ports together; a list of models comes from this machine within milliseconds, or the port hangs."""
_MOST_MODELS = 24
_MOST_BYTES = 1_000_000


class LocalServer(StrEnum):
    """Servers that people run models with."""

    OLLAMA = "ollama"
    LM_STUDIO = "lm-studio"
    LLAMA_CPP = "llama.cpp"


class LocalModel(Frozen):
    """A model of a server on this machine.

    Attributes:
        model: what the server calls it.
        api_base: the server's address.
    """

    server: LocalServer
    model: str
    api_base: str

    @property
    def name(self) -> str:
        """What MLSD_MODEL and --model call it."""
        return f"{self.server}:{self.model}"


class FoundServer(Frozen):
    """A server that answered.

    Attributes:
        api_base: its address.
        models: what it serves that may be able to talk.
        setting: what to set to use the first of them; None if it has none.
    """

    server: LocalServer
    api_base: str
    models: tuple[str, ...]
    setting: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Its models, as MLSD_MODEL calls them."""
        return tuple(f"{self.server}:{model}" for model in self.models)


def is_local_name(name: str) -> bool:
    """Whether a name has the form SERVER:MODEL, and so means a server on this machine."""
    server, colon, model = name.partition(":")
    return bool(colon and model) and server in set(LocalServer)


def local_model(name: str, *, ports: Mapping[LocalServer, int]) -> LocalModel | None:
    """The model that a name of the form SERVER:MODEL means; None for every other name."""
    if not is_local_name(name):
        return None
    server, _, model = name.partition(":")
    known = LocalServer(server)
    return LocalModel(server=known, model=model, api_base=_address(ports[known]))


async def find_servers(ports: Mapping[LocalServer, int], *, within_s: float = LOOKING_S) -> tuple[FoundServer, ...]:
    """Ask all ports at once for their models; what does not answer in time is not there.

    Args:
        ports: 0 for a server that is not looked for.
        within_s: seconds for all of them together.
    """
    wanted = [(server, port) for server, port in ports.items() if port]
    if not wanted:
        return ()
    found = await asyncio.gather(*(_asked(server, port, within_s=within_s) for server, port in wanted))
    return tuple(each for each in found if each is not None)


async def _asked(server: LocalServer, port: int, *, within_s: float) -> FoundServer | None:
    try:
        async with asyncio.timeout(within_s):
            listed = json.loads(await _read(port, "/v1/models"))["data"]
        models = tuple(sorted(str(each["id"]) for each in listed))
    except (OSError, EOFError, ValueError, TypeError, KeyError):  # TimeoutError is an OSError
        return None  # nobody there, or something else that uses this port
    talking = tuple(model for model in models if "embed" not in model.lower())[:_MOST_MODELS]
    setting = f"MLSD_MODEL={quote(f'{server}:{talking[0]}')}" if talking else None
    return FoundServer(server=server, api_base=_address(port), models=talking, setting=setting)


async def _read(port: int, path: str) -> bytes:
    """The body of a small file over plain HTTP; loading a client library would take most of the time there is.

    Asked for in HTTP/1.0, so that the body comes in one piece and the connection is closed behind it.

    Raises:
        OSError: nobody answers.
        EOFError: what answers is no web server, or breaks off.
        ValueError: it refuses, or the body is not small.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=_MOST_BYTES)
    try:
        writer.write(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAccept: application/json\r\n\r\n".encode())
        await writer.drain()
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if " 200" not in head.partition("\r\n")[0]:
            raise ValueError("refused")
        length = re.search(r"^content-length:\s*(\d+)\s*$", head, re.MULTILINE)
        wanted = int(length[1]) if length is not None else _MOST_BYTES
        if wanted > _MOST_BYTES:
            raise ValueError("not small")
        return await reader.readexactly(wanted)
    except asyncio.IncompleteReadError as error:
        if error.expected == _MOST_BYTES:  # no length was told, and this is all
            return error.partial
        raise
    except asyncio.LimitOverrunError as error:
        raise ValueError("not small") from error
    finally:
        writer.close()


def models_of(found: Sequence[FoundServer]) -> tuple[str, ...]:
    """All models that were found, as MLSD_MODEL calls them."""
    return tuple(name for each in found for name in each.names)


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}/v1"
