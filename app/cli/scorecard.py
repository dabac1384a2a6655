"""How the terminal shows a scorecard: the card, where a hire begins, and what to do with it next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.cli.output import console

if TYPE_CHECKING:
    from app.bootstrap import App
    from app.domain.scorecard import Scorecard
    from app.ports import StoredInterview


def print_scorecard(
    parts: App,
    stored: StoredInterview,
    card: Scorecard,
    *,
    name: str | None,
    options: Sequence[str] = (),
    chat: bool = False,
) -> None:
    """Print it.

    Args:
        parts: of the product.
        stored: the interview.
        card: its scorecard.
        name: how commands call the interview; None where nothing is left that they could.
        options: what those commands need besides, as for this scorecard.
        chat: whether it is a chat of another product, which cannot hold a dispute.
    """
    from rich.markdown import Markdown

    from app.services.debrief import scorecard_markdown
    from app.services.debriefing import hire_line
    from app.services.disputes import is_over

    screen = console()
    screen.print()
    screen.print(Markdown(scorecard_markdown(card, parts.catalog.brief(card.case))))
    screen.print()
    screen.print(hire_line(card, parts.catalog.levels), markup=False)
    if name is None or not is_over(stored):
        return
    named, chosen = shlex.quote(name), shlex.join([name, *options])
    commands = [
        (f"export {chosen} --format html --out debrief.html", "gaps, the notes to study, a plan for a week"),
        (f'dispute {named} "LINE OF THE SCORECARD" --quote "YOUR SENTENCE"', "I said that, or it is not wrong"),
        ("history", "how your scores move"),
    ]
    if card.study:
        commands.append((f"note {card.study[0].case}/{card.study[0].note}", "what to study first"))
    if chat:
        del commands[1]
    screen.print("\nNext:")
    for command, what in commands:
        screen.print(f"  mlsd {command}  # {what}", markup=False, soft_wrap=True)
