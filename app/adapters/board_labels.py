"""Puts labels on arrows: each on its own way, off boxes and off other labels, and on as few other arrows as can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.domain.vocabulary import Frozen

_LETTER, _LINE, _PAD = 6.5, 14, 3
"""Px: a letter's width at 11.5 px, a line's height, and the room around a label."""
_LETTERS = (17, 12, 9)
"""Widths at which a label may be wrapped, the one that looks best first."""
_HEAD = 7
_ROUNDS = 3
_Span = tuple[float, float, float, float]
_Way = Sequence[tuple[int, int]]


class Label(Frozen):
    """A label's lines around its centre, in px."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]


def wrapped(text: str, letters: int) -> tuple[str, ...]:
    """A text in as few and as even lines as fit; a word that is too long is cut."""
    words = [word[start : start + letters] for word in text.split() for start in range(0, len(word), letters)] or [text]
    count = len(_filled(words, letters))
    narrow = next(width for width in range(1, letters + 1) if len(_filled(words, width)) <= count)
    return tuple(_filled(words, narrow))


def _filled(words: Sequence[str], letters: int) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if max(map(len, lines)) <= letters else [*lines, *([""] * len(words))]


def place_labels(texts: Sequence[str], ways: Sequence[_Way], *, boxes: Sequence[_Span]) -> list[Label]:
    """One label per arrow that has a text.

    Args:
        texts: by arrow; empty for none.
        ways: the corners of each arrow.
        boxes: left, top, right and bottom of what may not be covered.
    """
    placed: dict[int, Label] = {}
    order = [place for place in sorted(range(len(ways)), key=lambda place: _length(ways[place])) if texts[place]]
    for _ in range(_ROUNDS):  # those that come first do not know yet where the others will be
        for place in order:
            others = [segment for other, way in enumerate(ways) if other != place for segment in _segments(way)]
            others += 2 * [(x - _HEAD, y - _HEAD, x + _HEAD, y + _HEAD) for (x, y) in (way[-1] for way in ways)]
            taken = [_span_of(label) for other, label in placed.items() if other != place]
            placed[place] = _best(texts[place], ways[place], boxes=boxes, taken=taken, others=others)
    return [placed[place] for place in sorted(placed)]


def _best(text: str, way: _Way, *, boxes: Sequence[_Span], taken: Sequence[_Span], others: Sequence[_Span]) -> Label:
    """The place and the wrapping at which a text is least in the way."""
    reach = (min(x for x, _ in way), min(y for _, y in way), max(x for x, _ in way), max(y for _, y in way))
    boxes, taken, others = ([one for one in spans if _covers(one, reach, room=80)] for spans in (boxes, taken, others))
    best: tuple[float, Label] | None = None
    for narrow, letters in enumerate(_LETTERS):
        lines = wrapped(text, letters)
        width, height = round(max(map(len, lines)) * _LETTER + 2 * _PAD, 1), len(lines) * _LINE + _PAD
        for x, y, off in _spots(way):
            own = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            bad = _badness(own, boxes=boxes, taken=taken, others=others) + 4 * off + 3 * narrow
            if best is None or bad < best[0]:
                best = (bad, Label(x=x, y=y, width=width, height=height, lines=lines))
    assert best is not None
    return best[1]


def _span_of(label: Label) -> _Span:
    across, down = label.width / 2, label.height / 2
    return label.x - across, label.y - down, label.x + across, label.y + down


def _length(way: _Way) -> float:
    return sum(abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in zip(way, way[1:], strict=False))


def _segments(way: _Way) -> list[_Span]:
    return [
        (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)) for (x1, y1), (x2, y2) in zip(way, way[1:], strict=False)
    ]


def _spots(way: _Way) -> Iterator[tuple[float, float, float]]:
    """Places along a way, 2 px apart, with how far from its middle each is, 0 to 1."""
    total, gone = _length(way) or 1.0, 0.0
    for (x1, y1), (x2, y2) in zip(way, way[1:], strict=False):
        length = abs(x2 - x1) + abs(y2 - y1)
        for along in range(0, int(length) + 1, 2):
            share = along / length if length else 0.0
            yield x1 + (x2 - x1) * share, y1 + (y2 - y1) * share, abs((gone + along) / total - 0.5) * 2
        gone += length


def _badness(own: _Span, *, boxes: Sequence[_Span], taken: Sequence[_Span], others: Sequence[_Span]) -> float:
    return (
        300 * sum(_covers(own, box, room=3) for box in boxes)
        + 300 * sum(_covers(own, label, room=1) for label in taken)
        + 12 * sum(_covers(own, segment, room=1) for segment in others)
    )


def _covers(one: _Span, other: _Span, *, room: float) -> bool:
    return (
        one[0] < other[2] + room and other[0] < one[2] + room and one[1] < other[3] + room and other[1] < one[3] + room
    )
