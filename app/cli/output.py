"""How commands print: JSON alone on stdout, or text for people."""

from __future__ import annotations

import json
import sys
from typing import Any

from pydantic import BaseModel
from rich.console import Console


def console() -> Console:
    """Where text for people goes."""
    return Console(highlight=False, soft_wrap=False)


def print_json(value: BaseModel | dict[str, Any] | list[Any]) -> None:
    """Exactly one JSON document on stdout."""
    plain = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
