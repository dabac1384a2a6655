"""The whiteboard in text: components and arrows, read from what a candidate types and written back.

    # anything after a number sign at the beginning of a line is a comment
    logs -> trainer -> model registry -> ranker
    ranker -[50 ms]-> cache          or   ranker -> cache: 50 ms
    Serving: ranker, cache           or   [Serving] on a line above theirs

A board knows where each of its parts stands in the text, so that a part can be quoted as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.speech import Span
from app.domain.vocabulary import Frozen
from app.errors import InputError

MOST_TEXT = 8_000
"""Characters; a whole design takes about 1,500."""
MOST_COMPONENTS, MOST_EDGES, MOST_NAME, MOST_LABEL = 60, 120, 60, 80

_LINE = re.compile(r"[^\n;]+")
_COMMENT = re.compile(r"\s*(?:#|//)")
_BULLET = re.compile(r"\s*[-*•]\s+(?![\[>])")
_SECTION = re.compile(r"\s*\[([^\[\]]*)\]\s*$")
_ARROW = re.compile(
    r"\s*(?:(?P<left><)?[-=]{1,3}\s?\[(?P<label>[^\[\]]*)\]\s?[-=]{1,3}(?P<right>>)?"
    r"|(?P<both><[-=]{1,3}>|↔|⇔|⟷)|(?P<to>[-=]{1,3}>|→|⇒|⟶)|(?P<from><[-=]{1,3}|←|⇐|⟵))\s*"
)
_STRAY = re.compile(r"[<>\[\]|{}\\]|--|==")
_WORDS_OF_A_NAME = 5
"""More than these are a sentence in which somebody typed an arrow."""
_WORDS_THAT_SAY_MORE = 4
"""A shorter label names what travels along an arrow, and gives no reason for it."""
_BEGINS_A_LINE = re.compile(r"#|//|[-*•] ")
_LOOKS_DRAWN = "write for example `logs -> trainer -> ranker`"


class BoardComponent(Frozen):
    """A box.

    Attributes:
        name: as first written.
        group: the frame it stands in, as first written; None for none.
        span: where it was first named.
    """

    name: str
    group: str | None
    span: Span


class BoardEdge(Frozen):
    """An arrow between two components, which are named as first written.

    Attributes:
        both: whether it points both ways.
        span: its two ends and its label as typed, such as "logs -> trainer".
    """

    source: str
    target: str
    label: str
    both: bool
    span: Span


class Board(Frozen):
    """What a board's text draws."""

    components: tuple[BoardComponent, ...]
    edges: tuple[BoardEdge, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The frames that hold something, in the order of their first component."""
        return tuple(dict.fromkeys(one.group for one in self.components if one.group is not None))

    @property
    def alone(self) -> tuple[BoardComponent, ...]:
        """Components that no arrow touches."""
        touched = {end for edge in self.edges for end in (edge.source, edge.target)}
        return tuple(one for one in self.components if one.name not in touched)


def identity(name: str) -> str:
    """What makes two names the same component: case and spacing do not matter."""
    return " ".join(name.split()).casefold()


def edge_identity(edge: BoardEdge) -> tuple[str, str, str]:
    """What makes two arrows the same."""
    return identity(edge.source), identity(edge.target), identity(edge.label)


def is_bare_edge(text: str) -> bool:
    """Whether a quote is an arrow, or several in a row, that say little beyond the names at their ends."""
    try:
        board = parse_board(text)
    except InputError:
        return False
    short = all(len(one.name.split()) <= _WORDS_OF_A_NAME for one in board.components)
    return bool(board.edges) and short and all(len(edge.label.split()) < _WORDS_THAT_SAY_MORE for edge in board.edges)


def parse_board(text: str) -> Board:
    """Read a board. Lines end at a line break or a semicolon.

    Raises:
        InputError: it is too large, a line is neither arrow, name, group nor comment, or nothing is drawn.
    """
    if len(text) > MOST_TEXT:
        raise InputError(f"the board has {len(text):,} characters; {MOST_TEXT:,} is the most, so draw less of it")
    draft = _Draft(text)
    number, before = 1, 0
    for match in _LINE.finditer(text):
        number += text.count("\n", before, match.start())
        before = match.start()
        try:
            draft.read(match.start(), match.group())
        except InputError as error:
            raise InputError(f"line {number} of the board: {error}") from error
    return draft.finished()


def board_text(board: Board) -> str:
    """The board as canonical text: frames and their components, then arrows, then what stands alone."""
    lines = [
        f"{group}: {', '.join(one.name for one in board.components if one.group == group)}" for group in board.groups
    ]
    for edge in board.edges:
        label = f"-[{edge.label}]-" if edge.label else "-"
        lines.append(f"{edge.source} {'<' if edge.both else ''}{label}> {edge.target}")
    lines += [one.name for one in board.alone if one.group is None]
    return "\n".join(lines)


@dataclass
class _Draft:
    """A board while it is read."""

    text: str
    names: dict[str, str] = field(default_factory=dict)
    spans: dict[str, Span] = field(default_factory=dict)
    group_of: dict[str, str] = field(default_factory=dict)
    group_names: dict[str, str] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], BoardEdge] = field(default_factory=dict)
    section: str | None = None

    def read(self, start: int, line: str) -> None:
        """One line, which begins at `start`."""
        if not line.strip() or _COMMENT.match(line):
            return
        section = _SECTION.match(line)
        if section is not None:
            self.section = self._group(section.group(1)) if section.group(1).strip() else None
            return
        bullet = _BULLET.match(line)
        at = bullet.end() if bullet else 0
        arrows = list(_ARROW.finditer(line, at))
        if arrows:
            self._chain(start, line, at, arrows)
            return
        head, colon, members = line[at:].partition(":")
        if colon:
            if not members.strip():
                raise InputError(f"nothing stands after {head.strip()!r} and its colon; write `Serving: ranker, cache`")
            group = self._group(head)
            for span in self._names(start, line, at + len(head) + 1, len(line)):
                self.group_of[self._component(span)] = group
            return
        for span in self._names(start, line, at, len(line)):
            self._component(span)

    def _chain(self, start: int, line: str, at: int, arrows: list[re.Match[str]]) -> None:
        end = len(line.rstrip())
        colon = line.find(":", arrows[-1].end())
        label = _label(line[colon + 1 :]) if colon >= 0 else ""
        starts = [at, *(arrow.end() for arrow in arrows)]
        ends = [*(arrow.start() for arrow in arrows), colon if colon >= 0 else end]
        sides = [self._names(start, line, left, right) for left, right in zip(starts, ends, strict=True)]
        for place, arrow in enumerate(arrows):
            last = place == len(arrows) - 1
            here = _label(arrow["label"] or "") or (label if last else "")
            whole = self._span(sides[place][0].start, start + end if last and label else sides[place + 1][-1].end)
            for source in sides[place]:
                for target in sides[place + 1]:
                    self._edge(arrow, self._component(source), self._component(target), here, whole)

    def _edge(self, arrow: re.Match[str], left: str, right: str, label: str, span: Span) -> None:
        if left == right:
            raise InputError(f"{self.names[left]!r} points at itself; name another end for the arrow")
        labelled = arrow["label"] is not None
        both = bool(arrow["both"]) or labelled and bool(arrow["left"]) == bool(arrow["right"])
        backwards = bool(arrow["from"]) or labelled and bool(arrow["left"]) and not both
        source, target = (right, left) if backwards else (left, right)
        edge = BoardEdge(source=self.names[source], target=self.names[target], label=label, both=both, span=span)
        known = self.edges.setdefault(edge_identity(edge), edge)
        if both and not known.both:
            self.edges[edge_identity(edge)] = known.model_copy(update={"both": True})
        if len(self.edges) > MOST_EDGES:
            raise InputError(f"there are more than {MOST_EDGES} arrows; leave out what matters least")

    def _names(self, start: int, line: str, left: int, right: int) -> list[Span]:
        """The names between two places of a line, which commas part."""
        spans = []
        for match in re.finditer(r"[^,]+", line[left:right]):
            name = match.group().strip()
            if not name:
                continue
            begins = start + left + match.start() + match.group().index(name)
            spans.append(self._span(begins, begins + len(name)))
        if not spans:
            raise InputError(f"an end of the arrow in {line.strip()!r} has no name; {_LOOKS_DRAWN}")
        return spans

    def _component(self, span: Span) -> str:
        name = _named(span.text, "component")
        key = identity(name)
        if key not in self.names:
            self.names[key], self.spans[key] = name, span
            if self.section is not None:
                self.group_of[key] = self.section
            if len(self.names) > MOST_COMPONENTS:
                raise InputError(f"there are more than {MOST_COMPONENTS} components; leave out what matters least")
        return key

    def _group(self, text: str) -> str:
        name = _named(text, "group")
        return self.group_names.setdefault(identity(name), name)

    def _span(self, start: int, end: int) -> Span:
        return Span(start=start, end=end, text=self.text[start:end])

    def finished(self) -> Board:
        if not self.names:
            raise InputError(f"nothing is drawn on the board; {_LOOKS_DRAWN}")
        components = tuple(
            BoardComponent(name=name, group=self.group_of.get(key), span=self.spans[key])
            for key, name in self.names.items()
        )
        return Board(components=components, edges=tuple(self.edges.values()))


def _named(text: str, what: str) -> str:
    name = " ".join(text.split())
    if len(name) > MOST_NAME:
        raise InputError(f"the name {name[:30] + '...'!r} has {len(name)} characters; {MOST_NAME} is the most")
    stray = _STRAY.search(name)
    if stray is not None or ":" in name:
        raise InputError(f"{(stray.group() if stray else ':')!r} cannot stand in the name {name!r}; {_LOOKS_DRAWN}")
    if not any(ch.isalnum() for ch in name) or _BEGINS_A_LINE.match(name):
        raise InputError(f"{name!r} is no name for a {what}; {_LOOKS_DRAWN}")
    return name


def _label(text: str) -> str:
    label = " ".join(text.split())
    if len(label) > MOST_LABEL:
        raise InputError(f"the label {label[:30] + '...'!r} has {len(label)} characters; {MOST_LABEL} is the most")
    if any(ch in label for ch in "[]"):
        raise InputError(f"brackets cannot stand in the label {label!r}; leave them out")
    return label


def lines_of(board: Board) -> Iterator[str]:
    """The board for a terminal: each frame with its components, then each arrow on a line."""
    for group in board.groups:
        yield f"[{group}]  " + " · ".join(one.name for one in board.components if one.group == group)
    rest = [one.name for one in board.components if one.group is None]
    if rest:
        yield ("[rest]  " if board.groups else "") + " · ".join(rest)
    width = max((len(edge.source) for edge in board.edges), default=0)
    for edge in board.edges:
        shaft = f"── {edge.label} ──" if edge.label else "──"
        yield f"  {edge.source:>{width}} {'◀' if edge.both else ''}{shaft}▶ {edge.target}"
