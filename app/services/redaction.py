"""Takes out of a candidate's message what reads like an instruction, before a grader model sees it."""

from __future__ import annotations

from app.domain.speech import sentences
from app.prompts.grading import REMOVED
from app.services.attempts import attacks


def redacted(content: str) -> str:
    """The message with every sentence replaced that reads like an instruction to whoever reads it.

    By the patterns by which intake recognises manipulation. They do not know every wording, so nothing else
    relies on them: what a grader may do with the rest is bounded by `combining.py`.
    """
    spans = attacks(content)
    spans += [
        (sentence.start, sentence.end)
        for sentence in sentences(content)
        if any(sentence.start < end and start < sentence.end for start, end in spans)
    ]
    text, place = "", 0
    for start, end in sorted(spans):
        if start >= place:
            between = content[place:start]
            if between.strip() or not text:
                text += between + REMOVED
        place = max(place, end)
    return text + content[place:]
