"""The plain words of a formatted or a dictated turn: what its headings, bold type, tables and emoji say in sentences.

Bullets and line breaks stay; a heading becomes a statement, so that "Why two stages?" over a paragraph asks nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from evals.infer.spoken import punctuated
from evals.samples import Turn

_FORMATTED = re.compile(r"[*#|`>_\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")
_PICTURES = re.compile(r"[\u2300-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")
_HEADING = re.compile(r"^\s*#{1,6}\s+(?P<said>.+)$|^\s*\*\*(?P<bold>[^*?]+)\*\*:?\s*$")
_ROW = re.compile(r"^\s*\|")
_BULLET = re.compile(r"\s*[*•] ")
_RULE = re.compile(r"^[\s|:>*_-]+$")
_QUOTE = re.compile(r"^\s*>\s?")
_MARKS = re.compile(r"\*\*|__|`|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*])|(?<!\w)_(?=\S)|(?<=\S)_(?!\w)")
# "1) What is the label? 2) What is the loss?" in one line.
_RUN_ON = re.compile(r"(?<=[.?!:]) +(?=[1-9][.)] [A-Z])")
_ENDS = ".?!:;…"


@lru_cache(maxsize=8_192)
def readable(text: str) -> str:
    """A text without markup, with a full stop where a heading or a table's row ends."""
    text = _RUN_ON.sub("\n", text)
    if _FORMATTED.search(text) is None:
        return punctuated(text)
    lines: list[str] = []
    for written in text.split("\n"):
        line = _QUOTE.sub("", _PICTURES.sub("", written).rstrip())
        if not line or _RULE.match(line):
            lines.append("")
        elif heading := _HEADING.match(line):
            said = _MARKS.sub("", heading["said"] or heading["bold"])
            lines.append(said if said.endswith(":") else f"{said.rstrip(_ENDS + ' ')}.")
        elif _ROW.match(line):
            lines.append(f"{', '.join(cell.strip() for cell in _MARKS.sub('', line).split('|') if cell.strip())}.")
        else:
            bullet = _BULLET.match(line)
            lines.append(f"- {_MARKS.sub('', line[bullet.end() :])}" if bullet else _MARKS.sub("", line))
    return "\n".join(lines).strip()


def readable_turns(turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
    """The turns of an interview with their words made readable; those that were stay the same objects."""
    found = []
    for turn in turns:
        plain = readable(turn.content)
        found.append(turn if plain == turn.content else turn.model_copy(update={"content": plain}))
    return tuple(found)
