"""Rewrites of a script that say the same: typing errors, spelling, names, the order of messages within a step."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import groupby

from app.services.script import ScriptLine

TYPO_SHARE = 0.03
NAMES = ("Emily Walsh", "Lakisha Washington", "Nguyen Van Minh", "Oluwaseun Adeyemi", "Fatima al-Sayed")
_WORD = re.compile(r"[A-Za-z]{4,}")
_SPELLINGS = (
    ("ization", "isation"),
    ("izing", "ising"),
    ("ized", "ised"),
    ("izes", "ises"),
    ("ize ", "ise "),
    ("color", "colour"),
    ("behavior", "behaviour"),
    ("favor", "favour"),
    ("labeled", "labelled"),
    ("labeling", "labelling"),
    ("modeling", "modelling"),
    ("modeled", "modelled"),
    ("center", "centre"),
    ("catalog ", "catalogue "),
    ("canceled", "cancelled"),
    ("neighbor", "neighbour"),
    ("analyze", "analyse"),
    ("gray", "grey"),
    ("program ", "programme "),
    ("license", "licence"),
)


def with_typos(lines: Sequence[ScriptLine], *, seed: int) -> list[ScriptLine]:
    """Two neighbouring letters swapped in 3 % of the words of four letters and more."""
    chance = random.Random(seed)

    def slip(match: re.Match[str]) -> str:
        word = match.group()
        if chance.random() >= TYPO_SHARE:
            return word
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    return [line.model_copy(update={"content": _WORD.sub(slip, line.content)}) for line in lines]


def spelled(lines: Sequence[ScriptLine], *, british: bool) -> list[ScriptLine]:
    """In British or in American spelling."""
    pairs = _SPELLINGS if british else tuple((right, left) for left, right in _SPELLINGS)

    def told(text: str) -> str:
        for before, after in pairs:
            text = text.replace(before, after)
        return text

    return [line.model_copy(update={"content": told(line.content)}) for line in lines]


def introduced(lines: Sequence[ScriptLine], *, name: str) -> list[ScriptLine]:
    """The candidate gives a name first."""
    first, *rest = lines
    return [first.model_copy(update={"content": f"Hi, I'm {name}, nice to meet you. {first.content}"}), *rest]


def reordered(lines: Sequence[ScriptLine], *, seed: int) -> list[ScriptLine]:
    """The messages of each step in another order."""
    chance = random.Random(seed)
    turned: list[ScriptLine] = []
    for _, group in groupby(lines, key=lambda line: line.step):
        messages = list(group)
        chance.shuffle(messages)
        turned += messages
    return turned
