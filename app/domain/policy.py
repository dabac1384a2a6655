"""Decides what the interviewer may do next: a short ordered list of moves, most fitting first.

Pure: from the state of the interview (with the latest message's intake and observations folded in) and
the case to a decision. The built-in interviewer takes the first move; a model may pick any of them and
words its pick. Rules are tried in the order of `_RULES`; the first that applies decides, and rules that
leave room add what else would be fine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain import moves_board as board
from app.domain import moves_following as following
from app.domain import moves_requested as requested
from app.domain import phrases
from app.domain.catalog import Brief
from app.domain.directive import Answer, Decision, Directive
from app.domain.interview import InterviewState
from app.domain.kinds import Move
from app.domain.levels import LevelRules
from app.domain.moves_asked_back import asked_back
from app.domain.moves_finishing import opener
from app.domain.pacing import budget
from app.domain.turn import TurnView
from app.domain.vocabulary import Level, Step

Rule = Callable[[TurnView], list[Directive]]


def decide(
    state: InterviewState, brief: Brief, rules: LevelRules, *, answers: tuple[Answer, ...] = (), may_end: bool = True
) -> Decision:
    """What the interviewer may do now.

    Args:
        state: the interview; it must owe a reply.
        brief: the case.
        rules: levels and pacing.
        answers: what has to be said first: facts asked for, questions handed back, requests declined.
        may_end: False while a script has lines left; the interview then goes on past its time.
    """
    view = TurnView(
        state=state, brief=brief, budget=budget(state.header, rules.pacing), answers=answers, may_end=may_end
    )
    moves = next(filter(None, (rule(view) for rule in _RULES)))  # the last rule always applies
    quiet = (_quiet_if_asked(move, answers, step=state.step) for move in moves)
    return Decision(answers=answers, moves=tuple(_once(quiet)))


def opening(state: InterviewState, brief: Brief) -> Directive:
    """The first words: the problem, and who drives."""
    level = state.header.level
    lead = f"{brief.case.prompt.strip()} {phrases.OPEN[level]}"
    first = state.header.steps[0]
    question = None
    if level is Level.MID or first is not Step.REQUIREMENTS:
        question = opener(first, state, brief)
    return Directive(move=Move.OPEN, step=first, lead=lead, question=question, opens=first)


def _once(moves: Iterable[Directive]) -> list[Directive]:
    seen: list[Directive] = []
    for move in moves:
        if all((move.move, move.criterion, move.about) != (other.move, other.criterion, other.about) for other in seen):
            seen.append(move)
    return seen[:4]


def _quiet_if_asked(move: Directive, answers: tuple[Answer, ...], *, step: Step) -> Directive:
    """One question a turn: when an answer already asks one, what follows asks none.

    Who is asked what makes them doubt a choice stays where they are to say it.
    """
    doubted = any(answer.asks and answer.declines for answer in answers)
    if doubted and move.ends is None and move.move not in {Move.HINT, Move.QUESTIONS}:
        return Directive(move=Move.CLARIFY, step=step)
    if any(answer.asks for answer in answers) and move.move in {
        Move.LISTEN,
        Move.CLARIFY,
        Move.HAND_OVER,
        Move.PROBE,
        Move.DEEPEN,
    }:
        return Directive(move=Move.CLARIFY, step=move.step, opens=move.opens, parks=move.parks)
    return move


_RULES: tuple[Rule, ...] = (
    requested.asked_to_end,
    requested.time_is_up,
    requested.declined,
    requested.hint,
    requested.closing,
    requested.does_not_know,
    requested.missing_ground,
    requested.wants_to_park,
    requested.asked_to_advance,
    asked_back,
    following.asked_for_more,
    requested.asked_for_leave,
    following.tension,
    requested.only_asked,
    requested.little_time,
    board.drawn,
    following.rambles,
    following.talk,
)
