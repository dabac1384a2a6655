"""Fits the ear of the guard: which sentences an interviewer does not say in their place.

    python -m evals.fit_manners            # cross-validated figures only
    python -m evals.fit_manners --write    # and write app/adapters/manners_head.json

The data are the good and bad replies of `evals/guard/` (its folder `heldout` is not read), sentence by
sentence, every bad reply in a few turns that belong to good ones, its slots filled from there; leaks in other words
come after messages of the same case. Left out are kinds that are bad as a whole and not in any sentence (a missing tag,
several questions), leaks of a term or a sentence of the case, which other rules look for, and what is curated in a bad
reply. Folds keep the replies of a writer together. Figures are those of the guard as a whole with its thresholds moved,
for sentences that a rule guesses about and for others; on some of these replies its rules were mended, so they flatter,
and some sentences of bad replies are harmless by themselves, which does the opposite. The held-out ones are those of
`evals.guard_figures`.
"""

from __future__ import annotations

import random
import re
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.grams import grams_with_ends
from app.adapters.manners import FittedManners, MannersHead, Network, head_file, inputs_of
from app.adapters.matcher_head import standardised
from app.bootstrap import App
from app.domain import phrases
from app.domain.interview import normalise
from app.services.guard import Surroundings, guessed_broken, hands_over, surely_broken, without_quotes
from app.services.misplaced import (
    CONTENT,
    FIGURES,
    SPOKEN,
    content_near,
    figures_of,
    spoken_near,
)
from app.settings import load_settings
from evals.fit_grams import fitted_grams
from evals.guard_material import (
    MODEL_MOVES,
    GoodReply,
    Half,
    Wording,
    bad_wordings,
    concrete_leaks,
    good_replies,
    moment_of,
    quotes_of,
    sentences_of,
    with_slots,
)

_TURNS_A_WORDING = 3
_UNITS, _STRENGTH, _NETWORKS, _ROUNDS, _RATE = 16, 1.0, 3, 60, 2e-3
_WORDS_STRENGTH, _FEWEST_SENTENCES = 4.0, 3
_FOLDS = 6
_SEED = 7
_BAD_AS_A_WHOLE = {
    "empty",
    "tag-missing",
    "tag-malformed",
    "tag-wrong-number",
    "move-tag-repeated",
    "repetition",
    "many-questions",
    "json-or-tool-call",
    "html-links-images",
}
_FEWEST_SAID = 4
_GOOD = "good"
# Good replies begin with so many of the candidate's words less often than interviews do.
_TAKES_UP = (
    "Let me pick up {quote}.",
    'I noted "{quote}".',
    "Back to {quote} for a moment.",
    "You brought up {quote}.",
    'You put it as "{quote}".',
    "I'd like to understand {quote}.",
    'You spoke of "{quote}" just now.',
    "Help me with {quote}.",
)


@dataclass(frozen=True)
class Sentence:
    """One sentence in its turn.

    Attributes:
        reply: which reply it belongs to; sentences of one are never parted.
        said: the sentence, the candidate's own words in it masked.
        spoken, content: what it may be near to, as of `app.services.misplaced`.
        hand: whose it is.
        known: a rule of the guard stops it beyond doubt.
        guessed: another one seems to.
    """

    reply: tuple[str, int]
    bad: bool
    said: str
    spoken: tuple[tuple[str, ...], ...]
    content: tuple[tuple[str, ...], ...]
    figures: tuple[float, ...]
    hand: int
    known: bool
    guessed: bool


def sentences_to_learn(app: App) -> list[Sentence]:
    """All sentences of the replies that may be looked at."""
    goods = [good for good in good_replies() if good.half is Half.DEV and good.move in MODEL_MOVES]
    moments = [moment_of(good, app.catalog.brief(good.case), matcher=app.matcher) for good in goods]
    found: list[Sentence] = []
    for number, (good, around) in enumerate(zip(goods, moments, strict=True)):
        shown: list[str] = []
        for text in sentences_of(good.reply):
            found.append(_sentence(text, reply=(_GOOD, number), hand=good.hand, bad=False, shown=shown, around=around))
            shown.append(text)
            if hands_over(text):
                break
    rng = random.Random(_SEED)
    for number, (good, around) in enumerate(zip(goods, moments, strict=True)):
        quotes = quotes_of(good.candidate)
        if quotes:
            text = rng.choice(_TAKES_UP).format(quote=rng.choice(quotes))
            found.append(
                _sentence(text, reply=("takes up", number), hand=good.hand, bad=False, shown=[], around=around)
            )
    for wording in bad_wordings():
        if wording.half is not Half.DEV or wording.kind in _BAD_AS_A_WHOLE or wording.kind.startswith("leak"):
            continue
        for place in rng.sample(range(len(goods)), _TURNS_A_WORDING):
            reply = _filled(wording, goods[place], moments[place], rng)
            found += _sentences(wording, reply, moments[place])
    for wording in concrete_leaks():
        if wording.half is Half.DEV:
            of_case = [good for good in goods if good.case == wording.case]
            for good in rng.sample(of_case, _TURNS_A_WORDING):
                asked = good.model_copy(
                    update={"move": "probe", "criterion": wording.criterion, "curated": wording.curated}
                )
                around = moment_of(asked, app.catalog.brief(asked.case), matcher=app.matcher)
                found += _sentences(wording, _body(wording), around)
    return found


def _sentences(wording: Wording, reply: str, around: Surroundings) -> Iterator[Sentence]:
    shown: list[str] = []
    harmless = {normalise(text) for text in phrases.ACKNOWLEDGE}
    for text in sentences_of(reply):
        curated = normalise(text) in normalise(around.directive.text) or normalise(text) in harmless
        if not curated:
            yield _sentence(
                text, reply=(wording.kind, wording.place), hand=wording.hand, bad=True, shown=shown, around=around
            )
        shown.append(text)


def _sentence(
    text: str, *, reply: tuple[str, int], hand: int, bad: bool, shown: list[str], around: Surroundings
) -> Sentence:
    said = without_quotes(text, around)
    guessed = guessed_broken(text, shown=shown, around=around)
    return Sentence(
        reply=reply,
        bad=bad,
        said=said,
        spoken=spoken_near(around),
        content=content_near(around),
        figures=figures_of(said, shown=shown, around=around, guessed=len(guessed)),
        hand=hand,
        known=surely_broken(text, shown=shown, around=around) is not None,
        guessed=bool(guessed),
    )


def _filled(wording: Wording, good: GoodReply, around: Surroundings, rng: random.Random) -> str:
    words = good.candidate.split()
    start = rng.randrange(max(1, len(words) - _FEWEST_SAID))
    brief = around.brief
    criterion = rng.choice([one for one in brief.criteria if one.giveaways])
    values = {
        "move": str(around.directive.move),
        "question": around.directive.text,
        "other_question": rng.choice(rng.choice(brief.criteria).probes),
        "term": rng.choice(criterion.giveaways),
        "answer": rng.choice(criterion.covers),
        "quote": " ".join(words[start : start + _FEWEST_SAID]).strip('.,;:?!"'),
        "fact": rng.choice(brief.case.facts).answer,
    }
    return with_slots(_body(wording), values)


def _body(wording: Wording) -> str:
    """A reply without its tag."""
    return re.sub(r"^MOVE:[^\n]*\n", "", wording.reply).strip()


# --- the fit ---


def fitted(
    sentences: Sequence[str], vectors: NDArray[np.float32], figures: NDArray[np.float64], bad: NDArray[np.bool_]
) -> MannersHead:
    """Networks and weights of words; good and bad sentences weigh the same.

    Args:
        sentences: n of them.
        vectors: their unit vectors, of shape (n, dimension).
        figures: how each stands in its turn, of shape (n, figures).
        bad: whether no interviewer says it, of shape (n,).
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    mean, scale = figures.mean(axis=0), np.maximum(figures.std(axis=0), 1e-6)
    inputs = inputs_of(vectors, standardised(figures, mean=mean, scale=scale))
    good = np.flatnonzero(~bad)
    rows = np.concatenate([np.flatnonzero(bad), *[good] * max(1, round(bad.sum() / len(good)))])
    networks = []
    for seed in range(_NETWORKS):
        made = MLPClassifier((_UNITS,), alpha=_STRENGTH, max_iter=_ROUNDS, learning_rate_init=_RATE, random_state=seed)
        with warnings.catch_warnings():  # the rounds are few on purpose
            warnings.simplefilter("ignore", ConvergenceWarning)
            made.fit(inputs[rows], bad[rows])
        networks.append(_network(made))
    return MannersHead(
        figures=(*FIGURES, *(f"nearness to {name}" for name in (*SPOKEN, *CONTENT))),
        mean=tuple(np.round(mean, 5)),
        scale=tuple(np.round(scale, 5)),
        networks=tuple(networks),
        words=fitted_grams(
            [grams_with_ends(sentence) for sentence in sentences],
            bad.tolist(),
            strength=_WORDS_STRENGTH,
            fewest=_FEWEST_SENTENCES,
            balanced=True,
        ),
    )


def _network(made: Any) -> Network:
    (hidden, out), (hidden_bias, out_bias) = made.coefs_, made.intercepts_
    return Network(
        hidden=tuple(tuple(float(weight) for weight in row) for row in np.round(hidden.T, 4)),
        hidden_bias=tuple(float(bias) for bias in np.round(hidden_bias, 4)),
        out=tuple(float(weight) for weight in np.round(out[:, 0], 4)),
        out_bias=round(float(out_bias[0]), 4),
    )


def main(write: Annotated[bool, typer.Option("--write", help="Write the networks.")] = False) -> None:
    """Fit, print, and write if asked."""
    from sklearn.metrics import roc_auc_score

    app = App(load_settings())
    learnt = sentences_to_learn(app)
    bad = np.array([one.bad for one in learnt])
    said = np.array([one.said for one in learnt], dtype=object)
    vectors = app.shipped_embedder.embed_content(said.tolist())
    ear = FittedManners(app.shipped_embedder)
    figures = np.array(
        [
            (*one.figures, *ear.nearness(meant, spoken=one.spoken, content=one.content))
            for one, meant in zip(learnt, vectors, strict=True)
        ]
    )
    folds = np.array([one.hand % _FOLDS for one in learnt])
    likely = np.zeros(len(learnt))
    for fold in range(_FOLDS):
        rest = folds != fold
        head = fitted(said[rest].tolist(), vectors[rest], figures[rest], bad[rest])
        likely[~rest] = head.scores(said[~rest].tolist(), vectors[~rest], figures[~rest])
    hands = len({(one.hand, one.bad) for one in learnt})
    typer.echo(f"{bad.sum()} bad sentences and {(~bad).sum()} good ones of {hands} writers, in {_FOLDS} folds")
    typer.echo(f"AUC {roc_auc_score(bad, likely):.3f}")
    known, guessed = np.array([one.known for one in learnt]), np.array([one.guessed for one in learnt])
    typer.echo(f"rules alone: {_guarded(learnt, known | guessed)}")
    for suspected in (0.2, 0.3, 0.4, 0.5, 0.6, 0.7):
        for alone in (0.6, 0.7, 0.8, 0.9):
            if alone >= suspected:
                least = np.where(guessed, suspected, alone)
                typer.echo(f"{suspected:.2f} and {alone:.2f}: {_guarded(learnt, known | (likely >= least))}")
    if write:
        head = fitted(said.tolist(), vectors, figures, bad)
        head_file().write_text(head.model_dump_json() + "\n", encoding="utf-8")
        typer.echo(f"wrote {head_file().name}")


def _guarded(learnt: Sequence[Sentence], stopped: NDArray[np.bool_]) -> str:
    """What such a guard lets through and stops."""
    through = sum(one.bad and not held for one, held in zip(learnt, stopped, strict=True))
    goods: defaultdict[tuple[str, int], bool] = defaultdict(bool)
    for one, held in zip(learnt, stopped, strict=True):
        if one.reply[0] == _GOOD:
            goods[one.reply] |= bool(held)
    share = through / sum(one.bad for one in learnt)
    return f"bad sentences let through {share:.3f}, good replies stopped {sum(goods.values()) / len(goods):.3f}"


if __name__ == "__main__":
    typer.run(main)
