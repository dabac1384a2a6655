"""Our own Markdown as blocks that the page's elements draw.

A reference note reaches the browser as data, never as HTML: an element puts each text where a text belongs. What
could refer to another place (links, images) or be markup (HTML) stays the text that it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from app.domain.vocabulary import Frozen


class Mark(StrEnum):
    """How a piece of text stands out."""

    STRONG = "strong"
    EM = "em"
    CODE = "code"


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    NUMBERED = "numbered"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"


class Piece(Frozen):
    """A run of text with one look."""

    text: str
    marks: tuple[Mark, ...] = ()


class Block(Frozen):
    """One block.

    Attributes:
        pieces: the text of a paragraph, a heading or code.
        items: the items of a list, or the one of a quotation, each a row of blocks.
        rows: the rows of a table, the head first, each with its cells.
    """

    kind: BlockKind
    pieces: tuple[Piece, ...] = ()
    items: tuple[tuple[Block, ...], ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


_LISTS = {"bullet_list": BlockKind.LIST, "ordered_list": BlockKind.NUMBERED}
_TEXTS = {"paragraph": BlockKind.PARAGRAPH, "heading": BlockKind.HEADING}


def blocks(markdown: str) -> tuple[Block, ...]:
    """The blocks of a note, in order."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    reader.disable(["link", "image", "autolink", "reference"])
    return _blocks(SyntaxTreeNode(reader.parse(markdown)).children)


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(_block(node) for node in nodes)


def _block(node: SyntaxTreeNode) -> Block:
    if node.type in _LISTS:
        return Block(kind=_LISTS[node.type], items=tuple(_blocks(item.children) for item in node.children))
    if node.type in _TEXTS:
        return Block(kind=_TEXTS[node.type], pieces=_pieces(node))
    if node.type == "blockquote":
        return Block(kind=BlockKind.QUOTE, items=(_blocks(node.children),))
    if node.type == "table":
        rows = (row for part in node.children for row in part.children)
        return Block(kind=BlockKind.TABLE, rows=tuple(tuple(_pieces(cell) for cell in row.children) for row in rows))
    if node.type == "hr":
        return Block(kind=BlockKind.RULE)
    return Block(kind=BlockKind.CODE, pieces=(Piece(text=node.content.rstrip("\n")),))


def _pieces(node: SyntaxTreeNode) -> tuple[Piece, ...]:
    """The text of a block; neighbours of one look become one piece."""
    joined: list[Piece] = []
    for piece in _runs(node.children, ()):
        if joined and joined[-1].marks == piece.marks:
            joined[-1] = Piece(text=joined[-1].text + piece.text, marks=piece.marks)
        else:
            joined.append(piece)
    return tuple(joined)


def _runs(nodes: Iterable[SyntaxTreeNode], marks: tuple[Mark, ...]) -> Iterator[Piece]:
    for node in nodes:
        if node.type == "inline":
            yield from _runs(node.children, marks)
        elif node.type in {Mark.STRONG, Mark.EM}:
            yield from _runs(node.children, (*marks, Mark(node.type)))
        elif node.type == "code_inline":
            yield Piece(text=node.content, marks=(*marks, Mark.CODE))
        elif node.type in {"softbreak", "hardbreak"}:
            yield Piece(text=" ", marks=marks)
        elif node.content:
            yield Piece(text=node.content, marks=marks)
