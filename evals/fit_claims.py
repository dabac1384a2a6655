"""Fits the rule that tells which wrong claims a sentence makes, and prints how well it does on what it has not seen.

    python -m evals.fit_claims            # cross-validated figures only
    python -m evals.fit_claims --write    # and write app/adapters/claims_head.json

The last thirteen sentences and the last eight sound twins of each red flag were written by two other hands than those
before them, in other ways of speaking: what is of one hand at a time is held back from the examples and learnt from.
Beside them stand the sentences of the six tuned cases' scripts and messages (`evals.fit_matcher`), of which nobody said
that they are wrong, and those of ten candidates in practice interviews (`evals/claims/talk.jsonl`), who hardly ever
were. A sentence is paired with its own flag and the nearest few others. Folds leave out cases and shared flags; the
thresholds are chosen on their predictions. Sentences that readers labelled as confident mistakes are not learnt from:
they are labelled by the criterion, not by the claim, and only tell how many of them are heard as a claim about their
criterion. `evals/claims/heldout.jsonl` are claims and sound sentences by one more hand, of six cases. Fit the matcher's
head first: its scores are among the features.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.matcher import ExampleMatcher
from app.adapters.matcher_head import Head
from app.adapters.wrong_claims import CLAIM_FEATURES, LITTLE_DOUBT, claims_head_file, within_reach
from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.rubric import RedFlag
from app.settings import load_settings
from evals.fit_matcher import Fit, tuned_cases
from evals.labelled_scripts import labelled_sentences
from evals.spoken_answers import spoken_answers

HELD_BACK = ((slice(-8, None), slice(-6, None)), (slice(-13, -8), slice(-8, -6)))
TALK, HELDOUT = (Path(__file__).parent / "claims" / name for name in ("talk.jsonl", "heldout.jsonl"))
TAKEN_FOR_WRONG, NEARLY_TAKEN = 1 / 100, 1 / 30
"""Of the sentences of which nobody said that they are wrong: how many may make a claim, and may come near to one."""
_FOLDS = 6
_STRENGTH = 0.03
_FEWEST_WORDS = 4


@dataclass(frozen=True)
class Said:
    """A sentence: whose flag it makes or is the sound twin of, or the criteria that it is wrong about."""

    text: str
    kind: str
    flag: str | None = None
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pair:
    """A sentence (by its number) and a flag.

    Attributes:
        makes: whether it makes the claim.
        own: whether the flag is its own, or is about a criterion that it is wrong about.
        reached: whether it is near enough to be looked at.
    """

    case: str
    sentence: int
    kind: str
    flag: str
    makes: bool
    own: bool
    reached: bool


def held_back(brief: Brief, hand: int) -> Brief:
    """The case without the sentences of a hand that are learnt from."""
    says, sound = HELD_BACK[hand]
    flags = tuple(
        flag.model_copy(
            update={
                "says": tuple(text for text in flag.says if text not in flag.says[says]),
                "sound": tuple(text for text in flag.sound if text not in flag.sound[sound]),
            }
        )
        for flag in brief.red_flags
    )
    return brief.model_copy(update={"red_flags": flags})


def sentences_of(brief: Brief, hand: int, *, tuned: bool) -> Iterator[Said]:
    """What is learnt from and judged by in a case: the claims and twins of a hand, and, once, what people say."""
    says, sound = HELD_BACK[hand]
    for flag in brief.red_flags:
        yield from (Said(text, "claims", flag.id) for text in flag.says[says])
        yield from (Said(text, "twins", flag.id) for text in flag.sound[sound])
    if hand:
        return
    for line in TALK.read_text(encoding="utf-8").splitlines():
        if (row := json.loads(line))["case"] == brief.case.id:
            yield Said(row["text"], "talk")
    if not tuned:
        return
    talk = [(one.text, one.wrong) for one in labelled_sentences(brief.case.id)]
    talk += [(text, labels.wrong) for answer in spoken_answers(brief.case.id) for text, labels in answer.sentences()]
    for text, wrong in talk:
        if len(text.split()) >= _FEWEST_WORDS:
            yield Said(text, "mistakes" if wrong else "talk", wrong=wrong)


def pairs_of(
    brief: Brief, matcher: ExampleMatcher, hand: int, *, tuned: bool, first: int
) -> tuple[list[Pair], NDArray[np.float64]]:
    """The pairs of a case and their features, of shape (pairs, features); sentences are numbered from `first`."""
    said = list(sentences_of(brief, hand, tuned=tuned))
    features = matcher.claim_features(held_back(brief, hand), [one.text for one in said])
    near = within_reach(features[:, :, 0])
    pairs, rows = [], []
    for row, one in enumerate(said):
        flags: dict[int, RedFlag] = dict(enumerate(brief.red_flags))
        own = {place for place, flag in flags.items() if flag.id == one.flag or flag.criterion in one.wrong}
        for place in sorted({*np.flatnonzero(near[row]).tolist(), int(features[row, :, 0].argmax()), *own}):
            makes = one.kind == "claims" and place in own
            reached = bool(near[row, place])
            pairs.append(Pair(brief.case.id, first + row, one.kind, flags[place].id, makes, place in own, reached))
            rows.append(features[row, place])
    return pairs, np.array(rows)


def main(write: Annotated[bool, typer.Option("--write", help="Write the rule.")] = False) -> None:
    """Fit, print, and write if asked."""
    app = App(load_settings())
    tuned = set(tuned_cases())
    pairs: list[Pair] = []
    blocks = []
    for case, hand in product(app.catalog.case_ids(), range(len(HELD_BACK))):
        matcher = ExampleMatcher(app.embedder)  # it keeps what it has read of a case, which is another one here
        found, rows = pairs_of(app.catalog.brief(case), matcher, hand, tuned=case in tuned, first=len(pairs))
        pairs += found
        blocks.append(rows)
    features = np.concatenate(blocks)
    makes = np.array([pair.makes for pair in pairs])
    learnt = np.array([pair.reached and not (pair.kind == "mistakes" and pair.own) for pair in pairs])
    cases, flags = np.array([pair.case for pair in pairs]), np.array([pair.flag for pair in pairs])
    shared = sorted(flag for flag in set(flags) if len(set(cases[flags == flag])) > 1)
    reached = np.array([pair.reached for pair in pairs])
    scores, unseen = np.zeros(len(pairs)), np.zeros(len(pairs), dtype=np.bool_)
    for fold in range(_FOLDS):
        out, left = np.isin(cases, sorted(set(cases))[fold::_FOLDS]), np.isin(flags, shared[fold::_FOLDS])
        kept = learnt & ~out & ~left
        scores[out] = _fitted(features[kept], makes[kept], credit=1.0, doubt=1.0).scores(features[out]) * reached[out]
        unseen |= out & (~np.isin(flags, shared) | left)
    talk = _best(pairs, scores, _of_kind(pairs, "talk"))
    credit, doubt = float(np.quantile(talk, 1 - TAKEN_FOR_WRONG)), float(np.quantile(talk, 1 - NEARLY_TAKEN))
    typer.echo(f"{len(pairs)} pairs, {makes.sum()} of a sentence and the claim that it makes")
    typer.echo(f"made from {credit:.3f}, near from {doubt:.3f}, with little doubt from {LITTLE_DOUBT}; heard at these:")
    for name, chosen in (
        ("claims of a case, in other words", makes & unseen & ~np.isin(flags, shared)),
        ("shared claims, in other words", makes & unseen & np.isin(flags, shared)),
        ("mistakes that readers labelled, as a claim about their criterion", _of_kind(pairs, "mistakes", own=True)),
        ("their sound twins, as any claim", _of_kind(pairs, "twins")),
        ("sentences of which nobody said that they are wrong, as any claim", _of_kind(pairs, "talk")),
    ):
        best = _best(pairs, scores, chosen)
        heard = ", ".join(f"{(best >= least).mean():.3f}" for least in (credit, doubt, LITTLE_DOUBT))
        typer.echo(f"  {name}: {heard} of {len(best)}")
    if write:
        head = _fitted(features[learnt], makes[learnt], credit=credit, doubt=doubt)
        claims_head_file().write_text(head.model_dump_json(indent=1) + "\n", encoding="utf-8")
        typer.echo(f"wrote {claims_head_file().name}")
        app = App(load_settings())
    for told in heldout(app):
        typer.echo(told)


def heldout(app: App) -> Iterator[str]:
    """How many held-out claims are heard, as the product hears them, and how many sound sentences are taken for one."""
    found: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for line in HELDOUT.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        brief = app.catalog.brief(row["case"])
        [match] = app.matcher.observe(brief, [row["text"]])
        own = row["flag"] in {flag.id for flag in brief.case.red_flags}
        sort = "of a case" if own else "shared" if row["flag"] else "about anything"
        heard = [
            row["flag"] in each if row["kind"] == "wrong" else bool(each) for each in (match.flags, match.sure_flags)
        ]
        found.setdefault((row["kind"], sort), []).append((heard[0], heard[1]))
    for (kind, sort), each in sorted(found.items(), reverse=True):
        made, surely = (sum(one[place] for one in each) for place in range(2))
        yield f"  held out, {kind}, {sort}: {made} of {len(each)}, with little doubt {surely}"


def _fitted(features: NDArray[np.float64], makes: NDArray[np.bool_], *, credit: float, doubt: float) -> Head:
    return Fit.on(features, makes, strength=_STRENGTH).head(CLAIM_FEATURES, credit=credit, doubt=doubt)


def _of_kind(pairs: list[Pair], kind: str, *, own: bool = False) -> NDArray[np.bool_]:
    return np.array([pair.kind == kind and (pair.own or not own) for pair in pairs])


def _best(pairs: list[Pair], scores: NDArray[np.float64], chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The highest score of each sentence among the chosen pairs."""
    best: dict[tuple[str, int], float] = {}
    for place in np.flatnonzero(chosen):
        key = (pairs[place].case, pairs[place].sentence)
        best[key] = max(best.get(key, 0.0), float(scores[place]))
    return np.array(list(best.values()))


if __name__ == "__main__":
    typer.run(main)
