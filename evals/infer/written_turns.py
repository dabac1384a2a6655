"""Single turns of invented interviewers, written to learn from: what asks in them, and of some of them the act.

`written_turns.jsonl` holds one turn a line. Its authors wrote each sentence on its own, with a tag that says whether it
asks for something. They had not seen the rules that count questions, nor each other's turns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from app.domain.vocabulary import Frozen, Step
from evals.infer.question_features import LIST_ITEM, asks_by_mark, sentences_in
from evals.vocabulary import Act

FILE = Path(__file__).with_name("written_turns.jsonl")
_PARAGRAPH = "~"
_REQUESTS = {"-": 0, "C": 0, _PARAGRAPH: 0, "Q": 1}
_WORD = re.compile(r"[\w']+")
Tag = Annotated[str, Field(pattern=r"^[-QC2-9~]$")]


class WrittenTurn(Frozen):
    """One turn, and what its author says of it.

    Attributes:
        hand: who wrote it; each hand wrote several interviewers.
        who: the interviewer, in a few words.
        said: its sentences with their tags: "Q" begins a request, "C" goes on with one, "-" asks nothing, a digit holds
            that many requests, "~" is a new paragraph.
        case: what the interview was about; None, as what follows, where only the turn was written.
        before: the candidate's message right before it; empty where none was written.
        was: the step in which the candidate was.
        step: the step in which the turn leaves them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    hand: int
    who: str
    said: tuple[tuple[Tag, str], ...]
    case: str | None = None
    before: str = ""
    was: Step | None = None
    step: Step | None = None
    act: Act | None = None

    @model_validator(mode="after")
    def _has_all_or_nothing(self) -> Self:
        around = (self.case, self.before or None, self.was, self.step, self.act)
        if None in around and any(each is not None for each in around):
            raise ValueError("a turn has case, message before, both steps and act, or none of them")
        return self

    @cached_property
    def text(self) -> str:
        """The turn as it was said."""
        whole, gap = "", ""
        for tag, sentence in self.said:
            if tag == _PARAGRAPH:
                gap = "\n\n"
                continue
            if whole:
                whole += gap or ("\n" if LIST_ITEM.match(sentence) else " ")
            whole, gap = whole + sentence, ""
        return whole

    @property
    def questions(self) -> int:
        """How many requests to answer it holds."""
        return sum(_asked(tag) for tag, _ in self.said)

    def asked(self) -> tuple[int, ...]:
        """How many requests begin in each sentence of its readable text, as the program cuts it into sentences."""
        read = sentences_in(self.text)
        found = [0] * len(read)
        for (tag, _), places in zip(self.said, self._places(read), strict=True):
            count = _asked(tag)
            marked = [place for place in places if asks_by_mark(read[place])] or places
            if not count or not marked:
                continue
            if 1 < count <= len(marked):
                for place in marked[-count:]:
                    found[place] += 1
            else:
                found[marked[-1]] += count
        return tuple(found)

    def _places(self, sentences: Sequence[str]) -> list[list[int]]:
        """Of each sentence as written, the places of those sentences of the program that share words with it."""
        written = [(word.lower(), place) for place, (_, each) in enumerate(self.said) for word in _WORD.findall(each)]
        read = [(word.lower(), place) for place, each in enumerate(sentences) for word in _WORD.findall(each)]
        alike = SequenceMatcher(None, [word for word, _ in written], [word for word, _ in read], autojunk=False)
        found: list[set[int]] = [set() for _ in self.said]
        for left, right, size in alike.get_matching_blocks():
            for shift in range(size):
                found[written[left + shift][1]].add(read[right + shift][1])
        return [sorted(each) for each in found]


def _asked(tag: str) -> int:
    return _REQUESTS[tag] if tag in _REQUESTS else int(tag)


@cache
def written_turns() -> tuple[WrittenTurn, ...]:
    """All of them, in the order of the file."""
    return tuple(
        WrittenTurn.model_validate_json(line) for line in FILE.read_text(encoding="utf-8").splitlines() if line
    )
