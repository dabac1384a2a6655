"""What a sentence shows of whether it asks for something, and what a turn shows of how much it asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evals.infer.masked_runs import masked_runs
from evals.infer.questions import count_questions
from evals.infer.readable import readable
from evals.infer.text import sentences
from evals.vocabulary import Act

_OWN_RUNS, _NEXT_RUNS = 3, 2
_NEXT_WORDS = 4
_LENGTHS = (3, 5, 8, 12, 20, 35)
LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)]|[a-e][.)])\s")
_ENDS = "?.!:;,…"
SEVERAL = 2
"""A sentence is said to ask for nothing, for one thing or for several: from here on it makes no difference."""
MOST = 3
"""The same of a turn."""


def sentences_in(text: str) -> list[str]:
    """The sentences of a turn that are looked at, without markup."""
    return [span.text.strip() for span in sentences(readable(text.replace("’", "'")))]


def asks_by_mark(sentence: str) -> bool:
    """Whether a sentence ends in a question mark, whatever closes after it."""
    return sentence.rstrip("\"') *_").endswith("?")


def sentence_features(said: Sequence[str], *, opens: bool = False) -> list[frozenset[str]]:
    """The names of what each sentence of a turn shows: its words, its length and marks, and what stands around it.

    Args:
        said: all sentences of the turn.
        opens: the turn states the problem.
    """
    counted = [min(count_questions(each), SEVERAL) for each in said]
    marked = [asks_by_mark(each) for each in said]
    return [
        frozenset(
            {
                *masked_runs(each, "own", longest=_OWN_RUNS),
                *_form(each),
                *_place(counted, marked, at),
                *_before(said, counted, marked, at),
                *_after(said, counted, marked, at),
                *({"opens", f"opens, words say {counted[at]}"} if opens else ()),
            }
        )
        for at, each in enumerate(said)
    ]


def turn_features(*, counted: int, found: int, act: Act) -> tuple[str, ...]:
    """The names of what a turn shows of how much it asks for.

    Args:
        counted: what `count_questions` says.
        found: the sum of what each sentence most likely asks for.
        act: what the turn does as a whole.
    """
    words, heard = min(counted, MOST), min(found, MOST)
    return (f"words say {words}", f"sentences say {heard}", f"words say {words}, sentences {heard}", f"act {act}")


def _form(sentence: str) -> set[str]:
    end = sentence.rstrip("\"')*_ ")[-1:]
    length = len(sentence.split())
    found = {f"from {least} words" for least in _LENGTHS if length >= least}
    found.add(f"ends in {end if end and end in _ENDS else 'no mark'}")
    found.add(f"{min(sentence.count('?'), SEVERAL)} question marks")
    if LIST_ITEM.match(sentence):
        found.add("item")
    return found


def _place(counted: Sequence[int], marked: Sequence[bool], at: int) -> set[str]:
    own, before, after = counted[at], sum(counted[:at]), sum(counted[at + 1 :])
    found = {
        f"words say {own}",
        f"words say {own}, of turn {min(sum(counted), MOST)}",
        f"words say {own}, before {min(before, SEVERAL)}",
        f"words say {own}, after {min(after, SEVERAL)}",
        f"question {marked[at]}, before {any(marked[:at])}",
        f"question {marked[at]}, after {any(marked[at + 1 :])}",
    }
    if at == 0:
        found.add("first")
    if at == len(counted) - 1:
        found |= {"last", f"last, asked before {before > 0}", f"last, question {marked[at]}, asks {sum(counted) > 0}"}
    if len(counted) == 1:
        found.add("only")
    return found


def _before(said: Sequence[str], counted: Sequence[int], marked: Sequence[bool], at: int) -> set[str]:
    if not at:
        return set()
    return {
        *masked_runs(said[at - 1], "before", longest=_NEXT_RUNS),
        f"words say {counted[at - 1]} of the one before",
        f"question {marked[at]}, the one before {marked[at - 1]}",
    }


def _after(said: Sequence[str], counted: Sequence[int], marked: Sequence[bool], at: int) -> set[str]:
    if at + 1 == len(said):
        return set()
    return {
        *masked_runs(" ".join(said[at + 1].split()[:_NEXT_WORDS]), "after", longest=_NEXT_RUNS),
        f"words say {counted[at + 1]} of the next",
        f"question {marked[at]}, the next {marked[at + 1]}",
    }
