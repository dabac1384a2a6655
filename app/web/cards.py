"""Scorecards of interviews that are over, as the page shows them: a short message with elements below it.

They are projected from the event log each time, and remembered while the page runs.
"""

from __future__ import annotations

import asyncio
from typing import Any

from app.adapters.board_svg import draw, in_words
from app.domain.board import parse_board
from app.domain.board_comparison import reference_board
from app.domain.catalog import Catalog
from app.domain.debrief import Debrief
from app.domain.grades import Grading
from app.domain.scorecard import Scorecard
from app.domain.vocabulary import Frozen
from app.ports import StoredInterview
from app.services.assess import Assessor
from app.services.debriefing import debrief_of
from app.web import debrief_view, render
from app.web.debrief_view import Picture
from app.web.history import derived_id

_CARDS_KEPT = 32


class ShownCard(Frozen):
    """What is shown at the end of an interview.

    Attributes:
        id: of the message.
        message: Markdown.
        elements: Chainlit's ElementDicts, the scorecard first; empty where there is none to show.
        card: the scorecard; None where its case is gone.
    """

    id: str
    message: str
    elements: tuple[dict[str, Any], ...] = ()
    card: Scorecard | None = None


class Scorecards:
    """Makes scorecards in a thread of their own, and remembers the last ones."""

    def __init__(self, assessor: Assessor, catalog: Catalog) -> None:
        self._assessor = assessor
        self._catalog = catalog
        self._cards: dict[tuple[str, int], ShownCard] = {}

    async def of(self, stored: StoredInterview, *, grading: Grading | None = None) -> ShownCard:
        """What the page shows of an interview that is over.

        Args:
            stored: the interview.
            grading: a grader's reading; None for what the log holds of one, if it does.
        """
        key = (stored.header.id, stored.seq)
        if key not in self._cards:
            if stored.header.case not in self._catalog.case_ids():
                return ShownCard(
                    id=derived_id(stored.header.id, "scorecard"), message=render.case_gone(stored.header.case)
                )
            shown = await asyncio.to_thread(self._show, stored, grading)
            while len(self._cards) >= _CARDS_KEPT:
                del self._cards[next(iter(self._cards))]
            self._cards[key] = shown
        return self._cards[key]

    def _pictures(self, debrief: Debrief) -> list[Picture]:
        """What the candidate drew beside the case's architecture; nothing if they drew nothing."""
        if debrief.board is None:
            return []
        drawn = [("Your board", parse_board(debrief.board.text))]
        architecture = self._catalog.brief(debrief.case).case.architecture
        if architecture is not None:
            drawn.append(("One good architecture, of several", reference_board(architecture)))
        return [
            Picture(caption=caption, description=f"{caption}. {in_words(board)}", svg=draw(board, title=caption))
            for caption, board in drawn
        ]

    def _show(self, stored: StoredInterview, grading: Grading | None) -> ShownCard:
        interview_id = stored.header.id
        card = self._assessor.assess(stored, grading=grading or self._assessor.kept_grading(stored))
        debrief = debrief_of(stored, card, self._catalog)
        message_id = derived_id(interview_id, "scorecard")
        drawn: tuple[tuple[str, Frozen], ...] = (
            (debrief_view.SCORECARD, debrief_view.scorecard_props(card, debrief, interview_id=interview_id)),
            (debrief_view.POINTS, debrief_view.points_props(stored, card, debrief)),
            (debrief_view.STUDY, debrief_view.study_props(debrief, pictures=self._pictures(debrief))),
        )
        return ShownCard(
            id=message_id,
            message=debrief_view.summary(debrief),
            elements=tuple(
                debrief_view.element(
                    name, id=derived_id(interview_id, name), thread_id=interview_id, for_id=message_id, props=props
                )
                for name, props in drawn
            ),
            card=card,
        )
