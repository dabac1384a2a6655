"""The servers that measurements run against; they are part of the tests, which only a checkout has."""

from __future__ import annotations

import sys
from types import ModuleType


def servers_with_llama() -> ModuleType:
    """`tests.servers`, llama.cpp's included; ends the command with one line where they cannot be had."""
    try:
        from tests import servers
    except ImportError:
        sys.exit("mlsd: the servers to measure against are part of the tests; run this in a checkout")
    if (reason := servers.missing_for_llama()) is not None:
        sys.exit(f"mlsd: llama.cpp cannot be measured here: {reason}")
    return servers
