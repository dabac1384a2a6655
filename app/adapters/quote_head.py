"""The fitted rule for which words of a sentence are quoted; `evals/fit_quotes.py` writes it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.domain.quoting import QuoteHead


def quote_head_file() -> Path:
    """Where the fitted rule lies."""
    return Path(__file__).with_name("quote_head.json")


@cache
def fitted_quotes() -> QuoteHead:
    """The rule that ships."""
    return QuoteHead.model_validate_json(quote_head_file().read_text(encoding="utf-8"))
