"""Fits the matcher's head on labelled sentences and prints how well it does on cases it has not seen.

    python -m evals.fit_matcher            # cross-validated figures only
    python -m evals.fit_matcher --write    # and write app/adapters/matcher_head.json and sound_words.json

Three sorts of data, of the six cases in `evals/calibration/`: single sentences (that folder: {"text", "covers",
"misses": [{"criterion", "kind"}]}), half of them near-misses; the scripts in `evals/heldout/<case>/` with every
sentence labelled (`labels.jsonl`); and messages in many ways of speaking (`evals.spoken_answers`). The latter two have
the base rate of an interview. All were written and labelled by people who had a case's prompt and the one-line
descriptions of its criteria, and nothing else. Every sentence is paired with every criterion of its case; pairs that
the labels call partly covered are left out of the fit.

Figures are for a case that was left out of the fit, its content included; what is written is fitted on all of
them. They are for tuning, not for reporting: the credit threshold is chosen on whole messages, as the product weighs
them, for criteria that nobody had just asked for; the other one on sentences. The six other cases are never read here.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.grams import grams_of
from app.adapters.matcher import FEATURES, ExampleMatcher
from app.adapters.matcher_head import Head, head_file, products, standardised
from app.adapters.sound_words import SoundWords, sound_words_file
from app.bootstrap import App
from app.domain.catalog import Brief
from app.services.intake import IntakeReader
from app.services.observe import Window, windows
from app.settings import load_settings
from evals.fit_grams import fitted_grams
from evals.labelled_scripts import best_kind, labelled_messages, labelled_sentences
from evals.spoken_answers import spoken_answers

CALIBRATION = Path(__file__).parent / "calibration"
CREDIT_PRECISION = 0.85
DOUBT_RECALL = 0.85
# The single sentences hold as many near-misses as covering ones; in an interview most of what is said is meant well.
NEAR_MISS_SHARE = 0.25
_STRENGTH = 0.01
_WORDS_STRENGTH = 1.0
_FEWEST_SENTENCES = 4


class Sort(StrEnum):
    """Where a sentence was said."""

    SINGLE = "single sentences"
    SCRIPT = "scripts"
    SPOKEN = "ways of speaking"


@dataclass(frozen=True)
class Pair:
    """One sentence and one criterion: what the label says, and of which kind a miss is."""

    case: str
    sentence: str
    column: int
    covers: bool
    kind: str
    sort: Sort
    weight: float


@dataclass(frozen=True)
class Message:
    """What was said in one go: its windows, as the product looks at them, and what it is to each criterion."""

    case: str
    sort: Sort
    looked_at: tuple[Window, ...]
    kinds: tuple[str, ...]
    asked: str | None


def tuned_cases() -> list[str]:
    """The cases whose labelled data may be looked at."""
    return sorted(file.stem for file in CALIBRATION.glob("*.jsonl"))


def pairs_of(brief: Brief) -> Iterator[Pair]:
    """All pairs of a case's labelled sentences, single ones first."""
    case = brief.case.id
    for line in (CALIBRATION / f"{case}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        missed = {miss["criterion"]: miss["kind"] for miss in row["misses"]}
        for column, criterion in enumerate(brief.criteria):
            kind = missed.get(criterion.id, "unrelated")
            weight = NEAR_MISS_SHARE if missed else 1.0
            yield Pair(case, row["text"], column, criterion.id in row["covers"], kind, Sort.SINGLE, weight)
    for sentence in labelled_sentences(case):
        for column, criterion in enumerate(brief.criteria):
            kind = sentence.kind(criterion.id)
            yield Pair(case, sentence.text, column, kind == "covers", kind, Sort.SCRIPT, 1.0)
    for answer in spoken_answers(case):
        for text, labels in answer.sentences():
            for column, criterion in enumerate(brief.criteria):
                kind = labels.kind(criterion.id)
                yield Pair(case, text, column, kind == "covers", kind, Sort.SPOKEN, 1.0)


def messages_of(brief: Brief, reader: IntakeReader) -> Iterator[Message]:
    """All messages of a case's scripts and of `evals/spoken`."""

    def message(content: str, sort: Sort, kinds: Iterable[str], asked: str | None) -> Message:
        looked_at = [each for each in windows(content, reader.read(content, brief)) if each.sentence is None]
        return Message(brief.case.id, sort, tuple(looked_at), tuple(kinds), asked)

    for answer in spoken_answers(brief.case.id):
        kinds = [answer.kind(criterion.id) for criterion in brief.criteria]
        yield message(answer.message, Sort.SPOKEN, kinds, answer.asked)
    for said in labelled_messages(brief.case.id):
        kinds = [best_kind(one.kind(criterion.id) for one in said.sentences) for criterion in brief.criteria]
        yield message(said.content, Sort.SCRIPT, kinds, None)


def fit_sound_words(briefs: Collection[Brief]) -> SoundWords:
    """Words of covers and sound twins against words of near-misses and red flags."""
    made = [text for brief in briefs for criterion in brief.criteria for text in criterion.covers]
    made += [text for brief in briefs for flag in brief.red_flags for text in flag.sound]
    missed = [miss.text for brief in briefs for criterion in brief.criteria for miss in criterion.near_misses]
    missed += [text for brief in briefs for flag in brief.red_flags for text in flag.says]
    texts = sorted({*made, *missed})
    rule = fitted_grams(
        [grams_of(text) for text in texts],
        [text in set(made) for text in texts],
        strength=_WORDS_STRENGTH,
        fewest=_FEWEST_SENTENCES,
    )
    return SoundWords(bias=rule.bias, weights=rule.weights)


@dataclass(frozen=True)
class Fit:
    """A standardisation and a logistic rule over the products."""

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    rule: Any
    spread: Any

    @classmethod
    def on(cls, features: NDArray[np.float64], labels: NDArray[np.bool_], *, strength: float = _STRENGTH) -> Fit:
        """Fit on features of shape (pairs, features); the stronger, the less its weights are held down."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler

        mean, scale = features.mean(axis=0), features.std(axis=0)
        expanded = products(standardised(features, mean=mean, scale=scale))
        spread = StandardScaler().fit(expanded)
        rule = LogisticRegression(C=strength, max_iter=3000).fit(spread.transform(expanded), labels)
        return cls(mean, scale, rule, spread)

    def head(self, names: Sequence[str] = FEATURES, *, credit: float = 1.0, doubt: float = 1.0) -> Head:
        """The rule as it ships, with the second standardisation folded into its weights."""
        weights = self.rule.coef_[0] / self.spread.scale_
        bias = float(self.rule.intercept_[0]) - float(weights @ self.spread.mean_)
        return Head(
            features=tuple(names),
            mean=tuple(np.round(self.mean, 6)),
            scale=tuple(np.round(self.scale, 6)),
            weights=tuple(np.round(weights, 6)),
            bias=round(bias, 6),
            credit=round(credit, 3),
            doubt=round(doubt, 3),
        )


class MessageScores:
    """What messages come to, criterion by criterion, beside what the labels say."""

    def __init__(self) -> None:
        self._rows: list[tuple[Sort, str, bool, float]] = []

    def add(self, message: Message, matcher: ExampleMatcher, brief: Brief) -> None:
        """Score a message as the product does: its sentences where they stand."""
        if not message.looked_at:
            return
        texts, within = [each.span.text for each in message.looked_at], [each.within for each in message.looked_at]
        best = matcher.scores(brief, texts, within=within).max(axis=0)
        for criterion, kind, score in zip(brief.criteria, message.kinds, best, strict=True):
            self._rows.append((message.sort, kind, criterion.id == message.asked, float(score)))

    def threshold(self, precision: float) -> float:
        """The lowest score from which so many of the pairs that nobody asked for are covered."""
        from sklearn.metrics import precision_recall_curve

        rows = [(kind == "covers", score) for _, kind, asked, score in self._rows if not asked]
        found, _, thresholds = precision_recall_curve(*zip(*rows, strict=True))
        return float(thresholds[np.flatnonzero(found[:-1] >= precision)[0]])

    def summary(self, sort: Sort, credit: float) -> str:
        """Precision and recall from that score on, for criteria that were asked for and others."""
        parts = []
        for asked, name in ((False, "not asked for"), (True, "asked for")):
            rows = [(kind, score) for one, kind, was_asked, score in self._rows if one is sort and was_asked is asked]
            covered = [score >= credit for kind, score in rows if kind == "covers"]
            above = [kind for kind, score in rows if score >= credit]
            if covered and above:
                parts.append(
                    f"{name} precision {above.count('covers') / len(above):.2f}, with partly covered ones "
                    f"{sum(kind in ('covers', 'partly') for kind in above) / len(above):.2f}, "
                    f"recall {sum(covered) / len(covered):.2f} of {len(covered)}"
                )
        return "; ".join(parts)


def main(write: Annotated[bool, typer.Option("--write", help="Write the head and the words.")] = False) -> None:
    """Fit, print, and write if asked."""
    from sklearn.metrics import precision_recall_curve, roc_auc_score

    app = App(load_settings())
    briefs = {case: app.catalog.brief(case) for case in app.catalog.case_ids()}
    tuned = tuned_cases()
    pairs = [pair for case in tuned for pair in pairs_of(briefs[case])]
    cases = np.array([pair.case for pair in pairs])
    labels = np.array([pair.covers for pair in pairs])
    kinds = np.array([pair.kind for pair in pairs])
    single = np.array([pair.sort is Sort.SINGLE for pair in pairs])
    weights = np.array([pair.weight for pair in pairs])

    def features_with(words: SoundWords, chosen: Collection[str]) -> NDArray[np.float64]:
        matcher = ExampleMatcher(app.embedder, sound_words=words)
        blocks = []
        for case in chosen:
            here = [pair for pair in pairs if pair.case == case]
            texts = list(dict.fromkeys(pair.sentence for pair in here))
            block = matcher.features(briefs[case], texts)
            rows = {text: row for row, text in enumerate(texts)}
            blocks.append(np.array([block[rows[pair.sentence], pair.column] for pair in here]))
        return np.concatenate(blocks)

    scores, said = np.zeros(len(pairs)), MessageScores()
    for case in tuned:
        out = cases == case
        words = fit_sound_words([brief for name, brief in briefs.items() if name != case])
        features = features_with(words, tuned)
        kept = ~out & (kinds != "partly")
        head = Fit.on(features[kept], labels[kept]).head()
        scores[out] = head.scores(features[out])
        matcher = ExampleMatcher(app.embedder, head=head, sound_words=words)
        for message in messages_of(briefs[case], IntakeReader(matcher)):
            said.add(message, matcher, briefs[case])

    typer.echo(f"{len(pairs)} pairs, {labels.sum()} positive, {len(tuned)} cases, each left out once")
    typer.echo(f"single sentences: AUC {roc_auc_score(labels[single], scores[single]):.3f}")
    for kind in ("vague", "negated", "wrong", "neighbour"):
        chosen = single & (labels | (kinds == kind))
        typer.echo(f"  against {kind}: {roc_auc_score(labels[chosen], scores[chosen]):.3f}")
    credit = said.threshold(CREDIT_PRECISION)
    typer.echo(f"credit from {credit:.3f}, in messages:")
    for sort in (Sort.SCRIPT, Sort.SPOKEN):
        typer.echo(f"  {sort}: {said.summary(sort, credit)}")
    _, every, cuts = precision_recall_curve(labels, scores, sample_weight=weights)
    doubt = float(cuts[np.flatnonzero(every[:-1] >= DOUBT_RECALL)[-1]])
    typer.echo(f"doubt from {doubt:.3f}: recall {DOUBT_RECALL}")
    if write:
        words = fit_sound_words(list(briefs.values()))
        features = features_with(words, tuned)
        kept = kinds != "partly"
        head = Fit.on(features[kept], labels[kept]).head(credit=credit, doubt=doubt)
        head_file().write_text(head.model_dump_json(indent=1) + "\n", encoding="utf-8")
        sound_words_file().write_text(words.model_dump_json(indent=0) + "\n", encoding="utf-8")
        typer.echo(f"wrote {head_file().name} and {sound_words_file().name}, {len(words.weights)} words")


if __name__ == "__main__":
    typer.run(main)
