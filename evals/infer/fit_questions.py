"""Fits the rules for how much a turn asks for, and says how right they are on turns of hands that they were not fitted on.

    python -m evals.infer.fit_questions             # cross-validation by hand
    python -m evals.infer.fit_questions --write     # and writes question_head.json, fitted on all of them

The rule for sentences is fitted on the single turns of `written_turns.jsonl`, whose authors tagged each sentence, and on
those author-written interviews that have odd numbers, of which only a turn's total is known: where in the turn it is
asked, the rule itself says, fitted once before. The rule for turns is fitted on the interviews alone, on what rules of
other hands say of their sentences. In cross-validation its few weights are those of the other hands' turns, but the rules
and heads of acts that these weights were fitted behind have seen all hands but one each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Annotated

import numpy as np
import typer

from app.bootstrap import App
from app.settings import load_settings
from evals.infer import fit_acts
from evals.infer.fit_linear import fitted_linear, unscaled, write_fitted
from evals.infer.fit_steps import Interview, interviews_to_fit
from evals.infer.linear import Linear, Numbers
from evals.infer.question_features import (
    MOST,
    SEVERAL,
    sentence_features,
    sentences_in,
    turn_features,
)
from evals.infer.question_head import (
    FILE,
    QuestionHead,
    beside_last,
    count_of_turn,
    numbers_of,
    sum_of_likeliest,
)
from evals.infer.questions import count_questions
from evals.infer.written_turns import written_turns
from evals.vocabulary import Act

# Of .03, .1 and .3, and of .1, .3, 1 and 3 the best in cross-validation by hand; of 2, 4 and 8 a vector's scale.
_STRENGTH, _STRENGTH_OF_TURN = 0.1, 1.0
_SCALE = 4.0
_FOLDS = 8


@dataclass(frozen=True)
class Example:
    """A turn, and how much its author says it asks for.

    Attributes:
        shown: the features of each of its sentences.
        vectors: shape (sentences, 2 * dimension).
        questions: of the whole turn.
        asked: of each sentence; None where nobody said.
        counted: what the words alone say, of each sentence and of the turn.
        act: as inferred by what other hands taught; None for a single turn.
    """

    hand: int
    shown: tuple[frozenset[str], ...]
    vectors: Numbers
    questions: int
    asked: tuple[int, ...] | None
    counted: tuple[tuple[int, ...], int]
    act: Act | None = None

    @property
    def single(self) -> bool:
        """Whether it is a turn by itself, of no interview."""
        return self.act is None


def examples(app: App) -> list[Example]:
    """All turns to fit on: the single ones, then those of interviews."""
    found = [
        _example(app, turn.hand, turn.text, questions=turn.questions, asked=turn.asked()) for turn in written_turns()
    ]
    interviews = [each for each in interviews_to_fit(app) if each.authored]
    between = _acts_by_others(app)
    for own in interviews:
        for place, questions in own.questions.items():
            act = _end(own, place) or between[own.name, place]
            if sentences_in(own.contents[place]):
                found.append(_example(app, own.hand, own.contents[place], questions=questions, act=act))
    return found


def _example(
    app: App, hand: int, text: str, *, questions: int, asked: tuple[int, ...] | None = None, act: Act | None = None
) -> Example:
    opens = act is Act.OPEN_PROBLEM
    said = sentences_in(text)
    return Example(
        hand=hand,
        shown=tuple(sentence_features(said, opens=opens)),
        vectors=_SCALE * beside_last(app.embedder.embed(said)).astype(np.float64),
        questions=questions,
        asked=asked,
        counted=(tuple(count_questions(each) for each in said), count_questions(text, opens=opens)),
        act=act,
    )


def _end(interview: Interview, place: int) -> Act | None:
    if place in interview.places.opened:
        return Act.OPEN_PROBLEM
    return Act.CLOSE if place in interview.places.closed else None


def _acts_by_others(app: App) -> Mapping[tuple[str, int], Act]:
    """The act of each turn between opening and closing, by the name of its interview and its place."""
    return fit_acts.cross_validated(fit_acts.examples(app, meaning=True))


def fit_sentences(turns: Sequence[Example]) -> Linear:
    """The rule for sentences; where in a turn of which the total is known it is asked, a first fit says for the second."""
    first = [each.asked or _guess(each) for each in turns]
    rule = _fit_linear(turns, first)
    placed = [each.asked or _placed(rule, each) or guess for each, guess in zip(turns, first, strict=True)]
    return _fit_linear(turns, placed)


def _guess(turn: Example) -> tuple[int, ...]:
    """What the words say where they say the turn's total, else the last sentences that it could be."""
    counted, _ = turn.counted
    if sum(counted) == turn.questions:
        return counted
    found = [0] * len(turn.shown)
    if turn.questions:
        marked = [at for at, shown in enumerate(turn.shown) if "ends in ?" in shown]
        places = marked if len(marked) >= turn.questions else list(range(len(turn.shown)))
        for at in places[-turn.questions :]:
            found[at] = 1
        found[places[-1]] += turn.questions - sum(found)
    return tuple(found)


def _placed(rule: Linear, turn: Example) -> tuple[int, ...] | None:
    """The likeliest counts of the sentences that make up the turn's total; None if they cannot."""
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for chances in map(np.log, rule.chances_of_each(turn.shown, turn.vectors)):
        longer: dict[int, tuple[float, tuple[int, ...]]] = {}
        for so_far, (score, counts) in best.items():
            for more in range(SEVERAL + 1):
                total, scored = so_far + more, score + float(chances[more])
                if total <= turn.questions and scored > longer.get(total, (-np.inf, ()))[0]:
                    longer[total] = (scored, (*counts, more))
        best = longer
    return best[turn.questions][1] if turn.questions in best else None


def _fit_linear(turns: Sequence[Example], asked: Sequence[tuple[int, ...]]) -> Linear:
    shown = [each for turn in turns for each in turn.shown]
    counts = [min(each, SEVERAL) for of_turn in asked for each in of_turn]
    return fitted_linear(shown, np.vstack([turn.vectors for turn in turns]), counts, strength=_STRENGTH)


def by_others(turns: Sequence[Example]) -> list[list[Numbers]]:
    """Of each turn the chances of its sentences, by the rule fitted on other hands; hands go into folds whole."""
    from sklearn.model_selection import GroupKFold

    found: list[list[Numbers]] = [[] for _ in turns]
    for others, own in GroupKFold(_FOLDS).split(turns, groups=[each.hand for each in turns]):
        rule = fit_sentences([turns[at] for at in others])
        for at in own:
            found[at] = rule.chances_of_each(turns[at].shown, turns[at].vectors)
    return found


def fit_turns(turns: Sequence[Example], chances: Sequence[Sequence[Numbers]]) -> Linear:
    """The rule for turns of interviews, on what rules of other hands say of their sentences."""
    shown = [_turn_shows(each, own) for each, own in zip(turns, chances, strict=True)]
    numbers = np.stack([numbers_of(own) for own in chances])
    counts = [min(each.questions, MOST) for each in turns]
    return fitted_linear(shown, numbers, counts, strength=_STRENGTH_OF_TURN)


def _turn_shows(turn: Example, chances: Sequence[Numbers]) -> frozenset[str]:
    assert turn.act is not None
    return frozenset(turn_features(counted=turn.counted[1], found=sum_of_likeliest(chances), act=turn.act))


def _counted_by(rule: Linear, turn: Example, chances: Sequence[Numbers]) -> int:
    assert turn.act is not None
    return count_of_turn(rule, chances, counted=turn.counted[1], act=turn.act)


def main(write: Annotated[bool, typer.Option("--write", help="Write the rules.")] = False) -> None:
    """Cross-validate by hand, print the share of turns whose requests are counted right, and write the rules if asked."""
    app = App(load_settings())
    turns = examples(app)
    chances = by_others(turns)
    for name, single in (("single", True), ("interviews", False)):
        pairs = [(turn, asked) for turn, asked in zip(turns, chances, strict=True) if turn.single is single]
        words = mean(turn.counted[1] == turn.questions for turn, _ in pairs)
        heard = mean(sum_of_likeliest(asked) == turn.questions for turn, asked in pairs)
        typer.echo(f"{name}: of {len(pairs)} turns {words:.3f} right by words, {heard:.3f} by the sum of the sentences")
    pairs = [(turn, asked) for turn, asked in zip(turns, chances, strict=True) if not turn.single]
    right = []
    for hand in sorted({turn.hand for turn, _ in pairs}):
        others = [(turn, asked) for turn, asked in pairs if turn.hand != hand]
        rule = fit_turns([turn for turn, _ in others], [asked for _, asked in others])
        right += [_counted_by(rule, turn, asked) == turn.questions for turn, asked in pairs if turn.hand == hand]
    typer.echo(f"interviews: {mean(right):.4f} by the rule for turns")
    if write:
        head = QuestionHead(
            embedder=app.embedder.name,
            sentences=unscaled(fit_sentences(turns), by=_SCALE),
            turns=fit_turns([turn for turn, _ in pairs], [asked for _, asked in pairs]),
        )
        write_fitted(head, FILE)
        typer.echo(f"written: {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
