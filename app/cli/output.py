"""How commands print: JSON alone on stdout, or text for people."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # both take longer to import than `mlsd --help` may take
    from pydantic import BaseModel
    from rich.console import Console


def console() -> Console:
    """Where text for people goes."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def print_json(document: BaseModel) -> None:
    """Exactly one JSON document on stdout, escaped where stdout is not UTF-8."""
    import json

    plain = (sys.stdout.encoding or "").lower().replace("-", "") != "utf8"
    sys.stdout.write(json.dumps(document.model_dump(mode="json"), ensure_ascii=plain, indent=2) + "\n")
