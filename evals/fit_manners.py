"""Fits the ear of the guard: which sentences an interviewer does not say in their place.

    python -m evals.fit_manners            # cross-validated figures only
    python -m evals.fit_manners --write    # and write app/adapters/manners_head.json

The data are the good and bad replies of `evals/guard/` (its folder `heldout` is not read), sentence by
sentence, every bad reply in a few turns that belong to good ones, its slots filled from there. Left out are
kinds that are bad as a whole and not in any sentence (a missing tag, several questions, one that was asked
before), leaks, which other rules look for, and what is curated in a bad reply. Folds keep the sentences of a
reply together. Figures are those of the guard as a whole with its two thresholds moved; on some of these
replies its rules were mended, so they flatter, and some sentences of bad replies are harmless by themselves,
which does the opposite. The held-out ones are those of `evals.guard_figures`.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.manners import MannersHead, Network, head_file, inputs_of
from app.adapters.matcher_head import standardised
from app.bootstrap import App
from app.domain import phrases
from app.domain.interview import normalise
from app.domain.speech import sentences, short_quote, stems
from app.services.guard import Surroundings, asks, check, without_quotes
from app.services.misplaced import FIGURES, SURELY_IN_PLACE, SURELY_MISPLACED, figures_of
from app.settings import load_settings
from evals.guard_material import (
    MODEL_MOVES,
    GoodReply,
    Half,
    Wording,
    bad_wordings,
    good_replies,
    moment_of,
    sentences_of,
    with_slots,
)

_TURNS_A_WORDING = 3
_UNITS, _STRENGTH, _NETWORKS, _ROUNDS, _RATE = 16, 1.0, 3, 60, 2e-3
_FOLDS = 10
_SEED = 7
_NEARNESS = "nearness to the curated words"
_BAD_AS_A_WHOLE = {
    "empty",
    "tag-missing",
    "tag-malformed",
    "tag-wrong-number",
    "move-tag-repeated",
    "repetition",
    "many-questions",
    "reask",
    "other-step",
    "json-or-tool-call",
    "html-links-images",
}
_FEWEST_SAID = 4
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
        guessed: a rule of the guard stops it.
        known: one does that is not overruled.
    """

    reply: tuple[str, int]
    bad: bool
    said: str
    curated: str
    figures: tuple[float, ...]
    guessed: bool
    known: bool


@dataclass(frozen=True)
class _Deaf:
    """Stands in for the ear: the same for all sentences."""

    likely: float

    def misplaced(self, sentence: str, *, curated: str, figures: Sequence[float]) -> float:
        """It."""
        return self.likely


_UNDECIDED, _CONTENT = _Deaf((SURELY_IN_PLACE + SURELY_MISPLACED) / 2), _Deaf(0.0)


def sentences_to_learn(app: App) -> list[Sentence]:
    """All sentences of the replies that may be looked at."""
    goods = [good for good in good_replies() if good.half is Half.DEV and good.move in MODEL_MOVES]
    moments = [moment_of(good, app.catalog.brief(good.case), matcher=app.matcher) for good in goods]
    found: list[Sentence] = []
    for number, (good, around) in enumerate(zip(goods, moments, strict=True)):
        shown: list[str] = []
        for text in sentences_of(good.reply):
            found.append(_sentence(text, reply=("good", number), bad=False, shown=shown, around=around))
            shown.append(text)
            if asks(text):
                break
    rng = random.Random(_SEED)
    for number, (good, around) in enumerate(zip(goods, moments, strict=True)):
        quotes = [quote for span in sentences(good.candidate) if (quote := short_quote(span, stems(span.text)))]
        if quotes:
            text = rng.choice(_TAKES_UP).format(quote=rng.choice(quotes))
            found.append(_sentence(text, reply=("takes up", number), bad=False, shown=[], around=around))
    for wording in bad_wordings():
        if wording.half is not Half.DEV or wording.kind in _BAD_AS_A_WHOLE or wording.kind.startswith("leak"):
            continue
        for place in rng.sample(range(len(goods)), _TURNS_A_WORDING):
            found += _sentences(wording, goods[place], moments[place], rng)
    return found


def _sentences(wording: Wording, good: GoodReply, around: Surroundings, rng: random.Random) -> Iterator[Sentence]:
    shown: list[str] = []
    harmless = {normalise(text) for text in phrases.ACKNOWLEDGE}
    for text in sentences_of(_filled(wording, good, around, rng)):
        curated = normalise(text) in normalise(around.directive.text) or normalise(text) in harmless
        if not curated:
            yield _sentence(text, reply=(wording.kind, wording.place), bad=True, shown=shown, around=around)
        shown.append(text)


def _sentence(text: str, *, reply: tuple[str, int], bad: bool, shown: list[str], around: Surroundings) -> Sentence:
    said = without_quotes(text, around)
    return Sentence(
        reply=reply,
        bad=bad,
        said=said,
        curated=around.directive.text,
        figures=figures_of(said, shown=shown, around=around),
        guessed=check(text, shown=shown, around=replace(around, manners=_UNDECIDED)) is not None,
        known=check(text, shown=shown, around=replace(around, manners=_CONTENT)) is not None,
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
    body = re.sub(r"^MOVE:[^\n]*\n", "", wording.reply).strip()
    return with_slots(body, values)


# --- the fit ---


def fitted(vectors: NDArray[np.float32], figures: NDArray[np.float64], bad: NDArray[np.bool_]) -> MannersHead:
    """Networks on unit vectors of shape (n, dimension) and figures of shape (n, figures); both sorts weigh the same."""
    from sklearn.neural_network import MLPClassifier

    mean, scale = figures.mean(axis=0), np.maximum(figures.std(axis=0), 1e-6)
    inputs = inputs_of(vectors, standardised(figures, mean=mean, scale=scale))
    good = np.flatnonzero(~bad)
    rows = np.concatenate([np.flatnonzero(bad), *[good] * max(1, round(bad.sum() / len(good)))])
    networks = []
    for seed in range(_NETWORKS):
        made = MLPClassifier(
            (_UNITS,), alpha=_STRENGTH, max_iter=_ROUNDS, learning_rate_init=_RATE, random_state=seed
        ).fit(inputs[rows], bad[rows])
        networks.append(_network(made))
    return MannersHead(
        figures=(*FIGURES, _NEARNESS),
        mean=tuple(np.round(mean, 5)),
        scale=tuple(np.round(scale, 5)),
        networks=tuple(networks),
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
    vectors = app.shipped_embedder.embed_content([one.said for one in learnt])
    curated = app.shipped_embedder.embed_content([one.curated for one in learnt])
    nearness = np.sum(vectors * curated, axis=1, dtype=np.float64)
    figures = np.column_stack([np.array([one.figures for one in learnt]), nearness])
    replies = sorted({one.reply for one in learnt})
    random.Random(_SEED).shuffle(replies)
    fold_of = {reply: place % _FOLDS for place, reply in enumerate(replies)}
    folds = np.array([fold_of[one.reply] for one in learnt])
    likely = np.zeros(len(learnt))
    for fold in range(_FOLDS):
        rest = folds != fold
        head = fitted(vectors[rest], figures[rest], bad[rest])
        likely[~rest] = head.scores(vectors[~rest], figures[~rest])
    typer.echo(f"{bad.sum()} bad sentences and {(~bad).sum()} good ones of {len(replies)} replies, in {_FOLDS} folds")
    typer.echo(f"AUC {roc_auc_score(bad, likely):.3f}")
    guessed, known = np.array([one.guessed for one in learnt]), np.array([one.known for one in learnt])
    typer.echo(f"rules alone: {_guarded(learnt, guessed)}")
    for surely_in_place in (0.1, 0.2, 0.3, 0.4):
        for surely_misplaced in (0.7, 0.8, 0.9, 0.95):
            stopped = known | (guessed & (likely >= surely_in_place)) | (likely >= surely_misplaced)
            typer.echo(f"{surely_in_place:.2f} and {surely_misplaced:.2f}: {_guarded(learnt, stopped)}")
    if write:
        head = fitted(vectors, figures, bad)
        head_file().write_text(head.model_dump_json() + "\n", encoding="utf-8")
        typer.echo(f"wrote {head_file().name}")


def _guarded(learnt: Sequence[Sentence], stopped: NDArray[np.bool_]) -> str:
    """What such a guard lets through and stops."""
    through = sum(one.bad and not held for one, held in zip(learnt, stopped, strict=True))
    goods: defaultdict[tuple[str, int], bool] = defaultdict(bool)
    for one, held in zip(learnt, stopped, strict=True):
        if not one.bad:
            goods[one.reply] |= bool(held)
    share = through / sum(one.bad for one in learnt)
    return f"bad sentences let through {share:.3f}, good replies stopped {sum(goods.values()) / len(goods):.3f}"


if __name__ == "__main__":
    typer.run(main)
