"""How probably a question passes over the answer before it: neither its statements nor its own words take that up.

A linear rule fitted by `python -m evals.infer.fit_passing_over`. It hears words that wave an answer away, ticks that are put
under any answer ("Noted."), and turns which share nothing with what was just said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from app.domain.vocabulary import Frozen
from app.ports import Embedder
from evals.infer.linear import Linear, Numbers
from evals.infer.masked_runs import masked_runs
from evals.infer.readable import readable
from evals.infer.text import sentences, spoken_words, stems
from evals.samples import Speaker, Turn
from evals.vocabulary import Act

FILE = Path(__file__).with_name("passing_over_head.json")
FOLLOWING = frozenset({Act.PROBE, Act.CHALLENGE, Act.ACKNOWLEDGE_ONLY, Act.PRAISE, Act.LECTURE})
"""The acts of which it may be asked: what moves on, helps, answers or tells the time has its own reason."""
_RUNS = 3
# So many messages before the answer are looked at for what is asked.
_EARLIER = 5
_MANY = 4
_LENGTHS = (0, 2, 4, 8, 16)
_POINTS_BACK = re.compile(
    r"\b(?:that|those|this|these|it|they|them|there|such|your|you (?:said|say|mention\w*|describ\w*|propos\w*|want)|then|still|same)\b",
    re.IGNORECASE,
)


class PassingOverHead(Frozen):
    """The rule for a turn that asks.

    Attributes:
        embedder: the name of the embedder that made the vectors; with another one the head means nothing.
        rule: by `Shown`; for taking the answer up, passing over it with an everyday phrase, and doing so plainly.
    """

    embedder: str
    rule: Linear


class Shown(Frozen):
    """What a turn shows of whether it takes up the answer before it.

    Attributes:
        signs: its statements' runs of words, and how many words it shares with what was said.
        numbers: the mean of its statements' vectors, and how near it is to the answer: shape (dimension + 4,).
    """

    signs: frozenset[str]
    numbers: tuple[float, ...]


@cache
def fitted_passing_over_head() -> PassingOverHead:
    """The head that ships."""
    return PassingOverHead.model_validate_json(FILE.read_text(encoding="utf-8"))


def passes_over(turns: Sequence[Turn], place: int, embedder: Embedder | None) -> float | None:
    """How probably the turn at a place passes over the answer before it.

    None where no answer is right before it, and without the embedder that the head was fitted to.
    """
    head = fitted_passing_over_head()
    if embedder is None or embedder.name != head.embedder or not follows_answer(turns, place):
        return None
    return chance(head.rule, shown_by(turns, place, embedder))


def chance(rule: Linear, shown: Shown) -> float:
    """How probably what is shown passes over an answer, plainly or not."""
    return float(1 - rule.chances(shown.signs, np.array(shown.numbers))[0])


def follows_answer(turns: Sequence[Turn], place: int) -> bool:
    """Whether the candidate speaks right before a place, and has not only been greeted."""
    return place > 1 and turns[place - 1].speaker is Speaker.CANDIDATE


def shown_by(turns: Sequence[Turn], place: int, embedder: Embedder) -> Shown:
    """What the turn at a place shows, which follows an answer."""
    content, before = turns[place].content, turns[place - 1].content
    earlier = " ".join(turn.content for turn in turns[max(0, place - 1 - _EARLIER) : place - 1])
    spans = [span.text for span in sentences(readable(content))] or [content or " "]
    states = [each for each in spans if not each.endswith("?")]
    asks = [each for each in spans if each.endswith("?")] or spans
    asked, said = " ".join(asks), " ".join(states)
    signs = {
        f"states {sum(spoken_words(said) > length for length in _LENGTHS)}",
        f"statements share {_few(said, before)}",
        f"question shares {_few(asked, before)}",
        f"question shares with earlier {_few(asked, earlier)}",
        "points back" if _POINTS_BACK.search(asked) else "points nowhere",
        *(run for each in states for run in masked_runs(each, "states", longest=_RUNS)),
    }
    heard = embedder.embed([span.text for span in sentences(readable(before))] or [before or " "])
    question = embedder.embed(asks)
    near = question @ heard.T
    statement = embedder.embed(states) if states else np.zeros_like(question[:1])
    nearness = [near.max(), near[:, -1].max(), question.mean(axis=0) @ heard.mean(axis=0), (statement @ heard.T).max()]
    numbers: Numbers = np.concatenate([statement.mean(axis=0), nearness]).astype(np.float64)
    return Shown(signs=frozenset(signs), numbers=tuple(numbers.tolist()))


def _few(one: str, other: str) -> int:
    """How many stems two texts share; from four on it makes no difference."""
    return min(_MANY, len(stems(one) & stems(other)))
