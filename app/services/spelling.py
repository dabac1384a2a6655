"""Finds a term that is glued, spelled apart, misspelt by a letter or written with digits for letters.

A plain search for words misses "positionBias", "p-o-s-i-t-i-o-n b-i-a-s", "positon bias" and "p0sition bias"; whoever
reads them misses nothing. So a text is compared by its letters and digits alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from app.domain.vocabulary import Frozen

_LONG, _LONG_WORD, _LONG_ENOUGH_FOR_TYPOS = 7, 9, 14
"""Letters from which a term is looked for across words, as a word with one wrong letter, and across words with one
wrong letter: shorter ones are found in innocent words."""
_SHORTEST_STEM = 4
_DIGITS = str.maketrans("01345780@$", "oieastboas")
_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MIXED = re.compile(r"(?<![a-z0-9])(?=[a-z0-9@$]*[a-z])(?=[a-z0-9@$]*[0-9@$])[a-z0-9@$]{3,}")
_APART = re.compile(r"(?<![a-z0-9])[a-z0-9](?:[\s._*/|-]+[a-z0-9](?![a-z0-9]))+")
_GLUE = re.compile(r"(?<=[a-z0-9])['._*/|+-]+(?=[a-z0-9])")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TOKEN = re.compile(r"[a-z0-9]+")


class Spelling(Frozen):
    """A text without its spelling.

    Attributes:
        letters: its letters and digits, once as written and once with digits read as letters.
        tokens: its words; parts joined by signs both alone and together, single letters in a row together.
    """

    letters: tuple[str, ...]
    tokens: frozenset[str]


def spelling(text: str) -> Spelling:
    """The spelling of a text."""
    text = _HIDDEN.sub("", unicodedata.normalize("NFKD", text))
    text = "".join(ch for ch in text if not unicodedata.combining(ch))
    plain = text.lower()
    as_letters = _MIXED.sub(lambda found: found.group().translate(_DIGITS), plain)
    tokens = set()
    for version in (plain, as_letters, _CAMEL.sub(" ", text).lower()):
        together = _APART.sub(lambda found: "".join(_TOKEN.findall(found.group())), version)
        for words in (version, together, _GLUE.sub("", version)):
            tokens.update(_TOKEN.findall(words.replace("_", " ")))
    letters = dict.fromkeys("".join(_TOKEN.findall(version)) for version in (plain, as_letters))
    return Spelling(letters=tuple(letters), tokens=frozenset(tokens))


def disguised(text: Spelling, terms: Sequence[str], *, known: Spelling) -> list[str]:
    """The terms that a text spells in whatever way, and that were not spelled in what is known.

    Args:
        text: of the text.
        terms: as they are usually written.
        known: of all that was said before.
    """
    return [term for term in terms if _spells(text, term) and not _spells(known, term)]


def begun(term: str, known: Spelling) -> bool:
    """Whether a word in what is known begins as a term of one word does, but for its ending: "YOLOv8", "fine-tune"."""
    wanted = _TOKEN.findall(term.lower())
    if " " in term or not wanted:
        return False
    whole = "".join(wanted)
    ending = 3 if len(whole) > _LONG_WORD else 1 if len(whole) >= _LONG else 0
    stem = whole[: len(whole) - ending]
    return len(stem) >= _SHORTEST_STEM and any(token.startswith(stem) for token in known.tokens)


def _spells(text: Spelling, term: str) -> bool:
    wanted = "".join(_TOKEN.findall(unicodedata.normalize("NFKD", term).lower()))
    if not wanted:
        return False
    if len(wanted) < _LONG:
        return bool({wanted, f"{wanted}s"} & text.tokens)
    if any(wanted in letters for letters in text.letters):
        return True
    if len(wanted) >= _LONG_ENOUGH_FOR_TYPOS:
        return any(_nearly(wanted, letters) for letters in text.letters)
    return len(wanted) >= _LONG_WORD and any(_one_off(wanted, token) for token in text.tokens)


def _nearly(wanted: str, letters: str) -> bool:
    """Whether a text holds a term with one letter wrong, missing, doubled or swapped; then half of it is right."""
    middle = len(wanted) // 2
    first, second = wanted[:middle], wanted[middle:]
    for found in re.finditer(f"(?={first})", letters):
        rest = letters[found.start() + middle :]
        if any(_one_off(second, rest[:size]) for size in range(len(second) - 1, len(second) + 2)):
            return True
    for found in re.finditer(f"(?={second})", letters):
        before = letters[: found.start()]
        if any(_one_off(first, before[-size:]) for size in range(len(first) - 1, len(first) + 2)):
            return True
    return False


def _one_off(wanted: str, given: str) -> bool:
    """Whether two strings differ by one letter that is wrong, missing or added, or by two that changed places."""
    if abs(len(wanted) - len(given)) > 1 or wanted == given:
        return wanted == given
    at = next((i for i, (a, b) in enumerate(zip(wanted, given, strict=False)) if a != b), min(len(wanted), len(given)))
    if len(wanted) == len(given):
        swapped = wanted[at : at + 2] == given[at : at + 2][::-1] and wanted[at + 2 :] == given[at + 2 :]
        return swapped or wanted[at + 1 :] == given[at + 1 :]
    longer, shorter = (wanted, given) if len(wanted) > len(given) else (given, wanted)
    return longer[at + 1 :] == shorter[at:]
