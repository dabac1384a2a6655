"""Maps `score_batch` over many machines with Ray Data (the optional extra `scale`)."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from app.errors import SettingsError
from evals.samples import Transcript
from evals.score import Depth, Row, score_batch

_BATCH = 32


def map_batches(transcripts: Sequence[Transcript], *, depth: Depth, concurrency: int) -> list[Row]:
    """Rows in the order of the transcripts.

    Raises:
        SettingsError: ray is not installed.
    """
    try:
        importlib.import_module("ray")
        data: Any = importlib.import_module("ray.data")
    except ImportError as error:
        raise SettingsError("ray is not installed; install mlsd with the extra 'scale', or score without it") from error

    def score(batch: dict[str, Any]) -> dict[str, Any]:
        samples = [Transcript.model_validate_json(each) for each in batch["transcript"]]
        rows = score_batch(samples, depth=depth)
        return {"place": batch["place"], "row": [row.model_dump_json() for row in rows]}

    given = [{"place": place, "transcript": each.model_dump_json()} for place, each in enumerate(transcripts)]
    mapped = data.from_items(given).map_batches(score, batch_size=_BATCH, concurrency=concurrency)
    rows = sorted(mapped.take_all(), key=lambda item: int(item["place"]))
    return [Row.model_validate_json(item["row"]) for item in rows]
