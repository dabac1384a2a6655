"""What each turn of an interviewer mainly does, from the words of both sides, or from the recorded move.

Hints, the clock and moving on are told by rules; which of the other acts a turn is, a fitted head weighs (`act_head`):
an order of rules did well on the interviews that it was made on and badly on those of other writers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from app.domain.kinds import Move
from app.domain.vocabulary import Step
from app.ports import Embedder, Vectors
from evals.infer.act_features import OPENS, PRAISES_WRONG, Surroundings, act_features, act_vectors, opens_step
from evals.infer.act_head import ActHead, fitted_act_heads
from evals.infer.act_words import (
    HINT,
    LISTENING,
    OFFERS,
    STRONG_HINT,
    WANTS_HINT,
    WHERE_NEXT,
    answers,
    asks_interviewer,
    begs,
    is_content,
    speaks_of_time,
)
from evals.infer.questions import count_questions
from evals.infer.step_words import MOVES_ON, announces_step, named_step
from evals.infer.text import sentences
from evals.samples import Turn
from evals.vocabulary import Act

_HINTED = 3
_LONG_STATEMENT, _SPEECH = 38, 60

BY_MOVE = {
    Move.OPEN: Act.OPEN_PROBLEM,
    Move.HAND_OVER: Act.TRANSITION,
    Move.LISTEN: Act.ACKNOWLEDGE_ONLY,
    Move.CLARIFY: Act.ANSWER_CLARIFICATION,
    Move.ASK_GROUND: Act.PROBE,
    Move.PROBE: Act.PROBE,
    Move.DEEPEN: Act.PROBE,
    Move.PRESS: Act.CHALLENGE,
    Move.PARK: Act.ACKNOWLEDGE_ONLY,
    Move.NUDGE: Act.PROBE,
    Move.HINT: Act.HINT,
    Move.TWIST: Act.CHALLENGE,
    Move.ACCEPT: Act.ACKNOWLEDGE_ONLY,
    Move.INTERRUPT: Act.OPEN_STEP,
    Move.TIME_WARNING: Act.TIME_CHECK,
    Move.ADVANCE: Act.OPEN_STEP,
    Move.FEEDBACK: Act.TRANSITION,
    Move.QUESTIONS: Act.CLOSE,
    Move.WRAP_UP: Act.CLOSE,
    Move.DECLINE: Act.ACKNOWLEDGE_ONLY,
}
"""The act of each recorded move; an interruption that stays in its step is a time check (see `by_move`)."""


def by_move(turn: Turn, *, previous: Step | None) -> Act | None:
    """The act of a recorded move; None where no move was recorded."""
    if turn.move is None:
        return None
    if turn.move is Move.INTERRUPT and turn.step == previous:
        return Act.TIME_CHECK
    return BY_MOVE[turn.move]


def infer_act(
    turn: Turn, around: Surroundings, *, praises_wrong: Callable[[], bool], embedder: Embedder | None = None
) -> Act:
    """The main act of a turn that neither opens nor closes.

    Args:
        praises_wrong: whether what the candidate said before is wrong; asked only where the turn praises.
        embedder: adds what the words mean; None leaves the plain words alone.
    """
    sure = sure_act(turn, around)
    if sure is not None:
        return sure
    shown = act_features(turn, around, praises_wrong=praises_wrong)
    heads = fitted_act_heads()
    if embedder is None or heads.meaning.embedder != embedder.name:
        return weighed_act(shown, head=heads.words)
    return weighed_act(shown, head=heads.meaning, vectors=act_vectors(turn, around, embedder))


def weighed_act(shown: Collection[str], *, head: ActHead, vectors: Vectors | None = None) -> Act:
    """The act that a head finds, but for praise of what is wrong: that is one whatever else the turn does in its step."""
    if PRAISES_WRONG in shown and OPENS not in shown:
        return Act.PRAISE
    return head.best(shown, vectors)


def sure_act(turn: Turn, around: Surroundings) -> Act | None:
    """A hint given or offered, a word about the clock or of moving on, where the words leave no doubt; else None."""
    text = turn.content
    asked = count_questions(text)
    statements = " ".join(span.text for span in sentences(text) if not span.text.endswith("?"))
    stated = len(statements.split())
    opens = opens_step(turn, around, asked)
    if _hints_on_request(turn, around, statements, asked) and not opens:
        return Act.HINT
    if announces_step(text):
        return Act.TRANSITION
    if stated >= _SPEECH or (asks_interviewer(around.before) and answers(text)):
        return None
    if WHERE_NEXT.search(text) and not (named_step(text) is not None and asked > 1):
        return Act.TRANSITION
    if opens:
        return None
    if speaks_of_time(text):
        return Act.TIME_CHECK
    if STRONG_HINT.search(text) and not OFFERS.search(text):
        return Act.HINT
    if MOVES_ON.search(text) and not asked and stated < _LONG_STATEMENT:
        return Act.TRANSITION
    return Act.ACKNOWLEDGE_ONLY if OFFERS.search(text) else None


def _hints_on_request(turn: Turn, around: Surroundings, statements: str, asked: int) -> bool:
    """Whether a turn helps a candidate who asked for help, or said that they are stuck."""
    text, stated = turn.content, len(statements.split())
    begged = turn.hint_asked or begs(around.before)
    if begged and (stated >= _HINTED or asked) and not LISTENING.match(text) and not MOVES_ON.search(text):
        return True
    stuck = turn.hint_asked or WANTS_HINT.search(around.before) is not None
    return (
        stuck
        and stated >= 2 * _HINTED
        and not OFFERS.search(text)
        and (HINT.search(text) is not None or is_content(statements))
    )
