"""Takes a model's reply apart while it streams: the tag on its first line, then sentence after sentence."""

from __future__ import annotations

import re

_TAG = re.compile(
    r"^[\s>*_`\"#-]*move[*_`]*\s*[:=]\s*[<\[(*_`\"]*\s*(?P<tag>[a-z]+(?:-[a-z]+)*(?:-\d)?)(?![\w-])[>\])*_`\".,:]*",
    re.IGNORECASE,
)
_LONGEST_FIRST_LINE = 80
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|\n+")
_NO_END = re.compile(r"(?:\b(?:e\.g|i\.e|vs|approx|cf|no|dr|mr|ms)\.|\b[a-z]\.|^\s*\d{1,2}[.)])$", re.IGNORECASE)
_FINISHED = re.compile(r"[.!?…][\"'”’)\]]*$")


class ReplyReader:
    """Reads one reply.

    Attributes:
        tag: the tag in lower case, once it was read.
        untagged: whether the reply began with something else.
    """

    def __init__(self) -> None:
        self.tag: str | None = None
        self.untagged = False
        self._held = ""

    def feed(self, piece: str) -> list[str]:
        """The sentences that are complete with this piece; one counts as complete when the next begins."""
        self._held += piece
        if self.tag is None and not self._read_tag(at_end=False):
            return []
        return self._cut()

    def rest(self) -> list[str]:
        """What is left when the stream ends."""
        if self.tag is None and not self._read_tag(at_end=True):
            self.untagged = True
            return []
        found = [*self._cut(), self._held.strip()]
        self._held = ""
        return [text for text in found if text]

    @property
    def overflows(self) -> bool:
        """Whether more is held back than a sentence can be long; the model may never end it."""
        return len(self._held) > 600

    def _read_tag(self, *, at_end: bool) -> bool:
        self._held = self._held.lstrip()
        line, newline, _ = self._held.partition("\n")
        if not (newline or at_end or len(line) > _LONGEST_FIRST_LINE):
            return False
        match = _TAG.match(line)
        if match is None:
            self.untagged = True
            return False
        rest = line[match.end() :].strip()
        if newline and rest and not finished(rest):
            self.untagged = True  # "MOVE: probe, then 1" names no move
            return False
        self.tag = match["tag"].lower()
        self._held = self._held[match.end() :]
        return True

    def _cut(self) -> list[str]:
        found: list[str] = []
        start = 0
        for match in _END.finditer(self._held):
            if "\n" not in match.group() and _NO_END.search(self._held[start : match.start()]):
                continue
            found.append(self._held[start : match.end()].strip())
            start = match.end()
        self._held = self._held[start:]
        return [text for text in found if text]


def finished(sentence: str) -> bool:
    """Whether a sentence ends like one; the last of a reply that ran out of tokens does not."""
    return _FINISHED.search(sentence) is not None
