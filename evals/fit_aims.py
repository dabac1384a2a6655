"""Fits what somebody is after with a sentence that looks like a question.

    python -m evals.fit_aims            # figures only
    python -m evals.fit_aims --write    # and write app/adapters/aims_head.json

The data (`evals/aims/`) are sentences of candidates with what stands around them: `written.jsonl` by several writers,
of whom each is left out of a fit once; `heldout.jsonl` by another, of each aim as many; `natural.jsonl` by one more, as
they come in twelve interviews. Nothing was chosen by the last two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.aims import AimsHead, aims_head_file, numbers_of, signs_of
from app.bootstrap import App
from app.domain.kinds import Aim
from app.domain.speech import last_sentence, sentences
from app.domain.vocabulary import Frozen
from app.ports import Aside
from app.services.asides import SURE_AIM
from app.settings import load_settings
from evals.infer.fit_linear import rounded_rows, write_fitted

FOLDER = Path(__file__).parent / "aims"
_STRENGTH = 1.0  # chosen by leaving a writer out of the fit
_SEEN_AT_LEAST = 3
_ROUNDS = 2000
_A_SIGN = 0.5  # what a sign counts beside the numbers in the fit


class Written(Frozen):
    """A sentence as it was written down, its surroundings in full.

    Attributes:
        hand: who wrote it.
    """

    hand: int
    asked: str
    before: str
    said: str
    after: str
    aim: Aim

    def aside(self) -> Aside:
        """The sentence with those next to it."""
        return Aside(
            said=self.said, asked=last_sentence(self.asked), before=last_sentence(self.before), after=_first(self.after)
        )


class _Known:
    """The examples of a file as the rule reads them."""

    def __init__(self, written: Sequence[Written], app: App) -> None:
        asides = [one.aside() for one in written]
        self.hands = np.array([one.hand for one in written])
        self.aims = np.array([list(Aim).index(one.aim) for one in written])
        self.signs = [signs_of(aside) for aside in asides]
        self.numbers = numbers_of(asides, app.shipped_embedder)

    def told(self, head: AimsHead, rows: Iterable[int]) -> NDArray[np.float64]:
        """Of each row the probability of each aim."""
        return np.array([list(head.chances(self.signs[row], self.numbers[row]).values()) for row in rows])


def main(write: Annotated[bool, typer.Option(help="Write the fitted rule.")] = False) -> None:
    """Print how often the aim is told, by writers left out of the fit and held-out ones; fit on the rest."""
    app = App(load_settings())
    known = _Known(read_written("written.jsonl"), app)
    told = np.zeros((len(known.aims), len(Aim)))
    for hand in np.unique(known.hands):
        rest, own = np.flatnonzero(known.hands != hand), np.flatnonzero(known.hands == hand)
        told[own] = known.told(_fitted(known, rest), own)
    _print("each writer left out once", told, known.aims)
    head = _fitted(known, np.arange(len(known.aims)))
    for name in ("heldout", "natural"):
        test = _Known(read_written(f"{name}.jsonl"), app)
        _print(name, test.told(head, range(len(test.aims))), test.aims)
    if write:
        write_fitted(head, aims_head_file())


def read_written(name: str) -> list[Written]:
    """The examples of a file in `evals/aims`."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [Written.model_validate_json(line) for line in lines]


def _first(text: str) -> str:
    found = sentences(text)
    return found[0].text if found else ""


def _fitted(known: _Known, rows: NDArray[np.intp]) -> AimsHead:
    """Logistic regression over all aims at once; signs that few show are left out."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.linear_model import LogisticRegression

    shown = [sorted(set(known.signs[row])) for row in rows]
    seen = Counter(sign for signs in shown for sign in signs)
    names = sorted(sign for sign, count in seen.items() if count >= _SEEN_AT_LEAST)
    column = {name: place for place, name in enumerate(names)}
    places = [(row, column[sign]) for row, signs in enumerate(shown) for sign in signs if sign in column]
    signs = csr_matrix((np.full(len(places), _A_SIGN), tuple(zip(*places, strict=True))), shape=(len(rows), len(names)))
    fitted = LogisticRegression(C=_STRENGTH, max_iter=_ROUNDS)
    fitted.fit(hstack([signs, csr_matrix(known.numbers[rows])]).tocsr(), known.aims[rows])
    weights = fitted.coef_.T
    return AimsHead(
        aims=tuple(Aim),
        bias=rounded_rows(fitted.intercept_[None, :])[0],
        signs=dict(zip(names, rounded_rows(_A_SIGN * weights[: len(names)]), strict=True)),
        numbers=rounded_rows(weights[len(names) :]),
    )


def _print(name: str, told: NDArray[np.float64], aims: NDArray[np.intp]) -> None:
    best, sure = told.argmax(axis=1), told.max(axis=1) >= SURE_AIM
    typer.echo(
        f"{name}: {len(aims)} sentences, the aim told in {(best == aims).mean():.3f}; "
        f"{sure.mean():.3f} are sure, of which {(best == aims)[sure].mean():.3f} right"
    )
    for place, aim in enumerate(Aim):
        own, called = aims == place, (best == place) & sure
        right = called & own
        typer.echo(
            f"  {aim.value:10} {own.sum():4}  surely told {right.sum() / max(1, own.sum()):.2f}, "
            f"of {called.sum()} so called {right.sum() / max(1, called.sum()):.2f} right"
        )


if __name__ == "__main__":
    typer.run(main)
