"""The held-out scripts with every sentence labelled against every criterion of its case.

`evals/heldout/<case>/labels.jsonl`, a line per sentence that has a label: {"key": "<script>.<message>.<sentence>",
"covers": [ids], "partly": [ids], "wrong": [ids]}. `partly` is on the criterion but vague, half of the thought or
open to argument; `wrong` is a confident mistake about it. The labels were given by readers who had the scripts, the
prompt, the facts and the criteria's one-line descriptions, and had not seen what the matcher makes of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from app.domain.speech import sentences
from app.domain.vocabulary import Frozen

HELDOUT = Path(__file__).parent / "heldout"
KINDS = ("strong", "solid", "weak", "wrong")
UNRELATED = "unrelated"
BEST_FIRST = ("covers", "partly", "wrong", UNRELATED)
_FEWEST_WORDS = 3


class Labels(Frozen):
    """What a sentence is to the criteria of its case, by their ids."""

    covers: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()

    def kind(self, criterion: str) -> str:
        """How it stands to a criterion: covers, partly, wrong or unrelated."""
        for name, ids in (("covers", self.covers), ("partly", self.partly), ("wrong", self.wrong)):
            if criterion in ids:
                return name
        return UNRELATED


class LabelledSentence(Labels):
    """A sentence of a script; `start` and `end` are its place in the message."""

    script: str
    message: int
    start: int
    end: int
    text: str


class LabelledMessage(Frozen):
    """A message of a script with its sentences."""

    content: str
    sentences: tuple[LabelledSentence, ...]


def best_kind(kinds: Iterable[str]) -> str:
    """The best that several sentences are to a criterion."""
    found = set(kinds)
    return next((kind for kind in BEST_FIRST if kind in found), UNRELATED)


@cache
def labelled_sentences(case: str) -> tuple[LabelledSentence, ...]:
    """All sentences of a case's scripts, labelled or not, in order."""
    rows = [json.loads(line) for line in (HELDOUT / case / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    labels = {row.pop("key"): row for row in rows}
    found = []
    for script in KINDS:
        for message, content in enumerate(contents(case, script)):
            for place, span in enumerate(sentences(content)):
                if span.words < _FEWEST_WORDS:
                    continue
                given = labels.pop(f"{script}.{message}.{place}", {})
                found.append(
                    LabelledSentence(
                        script=script, message=message, start=span.start, end=span.end, text=span.text, **given
                    )
                )
    if labels:
        raise ValueError(f"{case}: labels for sentences that do not exist: {sorted(labels)[:5]}")
    return tuple(found)


def labelled_messages(case: str) -> list[LabelledMessage]:
    """All messages of a case's scripts that have a sentence of some words, in order."""
    by_message: defaultdict[tuple[str, int], list[LabelledSentence]] = defaultdict(list)
    for sentence in labelled_sentences(case):
        by_message[sentence.script, sentence.message].append(sentence)
    return [
        LabelledMessage(content=contents(case, script)[message], sentences=tuple(said))
        for (script, message), said in by_message.items()
    ]


@cache
def contents(case: str, script: str) -> tuple[str, ...]:
    """What the candidate says in a script, message by message."""
    lines = (HELDOUT / case / f"{script}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(json.loads(line)["content"] for line in lines)
