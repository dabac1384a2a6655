"""Our Markdown as blocks: what a note may hold, and what stays text."""

from __future__ import annotations

import pytest

from app.web.prose import Block, BlockKind, Mark, Piece, blocks

NOTE = """Take **both *kinds* of** rows and `log(x)`,
joined by id.

- one
- two
  1. inner

> said

| A | B |
|---|---|
| 1 | `2` |

```
x = 1
```

---

### Head
"""


def test_every_kind_of_block() -> None:
    found = blocks(NOTE)
    assert [block.kind for block in found] == [
        BlockKind.PARAGRAPH,
        BlockKind.LIST,
        BlockKind.QUOTE,
        BlockKind.TABLE,
        BlockKind.CODE,
        BlockKind.RULE,
        BlockKind.HEADING,
    ]
    paragraph, bullets, quote, table, code, _, head = found
    assert paragraph.pieces == (
        Piece(text="Take "),
        Piece(text="both ", marks=(Mark.STRONG,)),
        Piece(text="kinds", marks=(Mark.STRONG, Mark.EM)),
        Piece(text=" of", marks=(Mark.STRONG,)),
        Piece(text=" rows and "),
        Piece(text="log(x)", marks=(Mark.CODE,)),
        Piece(text=", joined by id."),
    )
    assert bullets.items[1][1] == Block(
        kind=BlockKind.NUMBERED, items=((Block(kind=BlockKind.PARAGRAPH, pieces=(Piece(text="inner"),)),),)
    )
    assert quote.items[0][0].pieces == (Piece(text="said"),)
    assert [[cell[0].text for cell in row] for row in table.rows] == [["A", "B"], ["1", "2"]]
    assert (code.pieces[0].text, head.pieces[0].text) == ("x = 1", "Head")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![](http://elsewhere.example/x.png)",
        "[a](javascript:alert(1))",
        "<http://elsewhere.example>",
    ],
)
def test_what_could_act_or_lead_elsewhere_stays_text(text: str) -> None:
    assert blocks(text) == (Block(kind=BlockKind.PARAGRAPH, pieces=(Piece(text=text),)),)
