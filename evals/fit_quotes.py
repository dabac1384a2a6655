"""Fits which words of a sentence an interviewer quotes before a question.

    python -m evals.fit_quotes            # figures only
    python -m evals.fit_quotes --write    # and write app/adapters/quote_head.json

The data are sentences of eight cases, each with a question of theirs, in which all phrases are marked that an
interviewer may quote there, the best first (`evals/quotes/marked.jsonl`). Each case is left out of a fit once.
Sentences of the four other cases, marked likewise, are in `heldout.jsonl`; nothing was chosen by them.

A phrase counts as right where it is marked, word for word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.quote_head import quote_head_file
from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.quoting import NO_QUOTE, Phrase, QuoteHead, phrases_of
from app.domain.speech import STOPWORDS, WORD, Topic
from app.domain.vocabulary import Frozen
from app.settings import load_settings
from evals.infer.fit_linear import write_fitted

FOLDER = Path(__file__).parent / "quotes"
_STRENGTH = 2.0  # chosen by leaving a case out of the fit
_SEEN_AT_LEAST = 3
_LESS_EACH = 0.8  # what each marked phrase weighs beside the one before it
_ROUNDS = 300
_LEAST = 0.02  # lighter signs change nothing
_DIGITS = 2
# What stands before a verb more often than before a noun, and the other way round.
_BEFORE_VERBS = frozenset(
    """i'd we'd you'd they'd it'd i'll we'll to i we you he she it they who which will would can could should must let's
    don't doesn't cannot can't won't not never just simply""".split()
)
_BEFORE_NOUNS = frozenset("the a an of per each every no any for in with by its their our new same two".split())
_VERB_AT_LEAST, _VERB_RATIO = 2, 2


class Marked(Frozen):
    """A sentence with a question, and the phrases that may be quoted in it.

    Attributes:
        kind: what the sentence is an example of.
        of: its id.
        question: with "{quote}" where the phrase goes.
        quotes: the best first; none where nothing can be quoted.
    """

    case: str
    kind: Literal["criterion", "flag", "choice"]
    of: str
    sentence: str
    question: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class _Example:
    marked: Marked
    topic: Topic
    phrases: list[Phrase]


def main(write: Annotated[bool, typer.Option(help="Write the fitted rule.")] = False) -> None:
    """Print how often a marked phrase is quoted, in cases left out of the fit and in held-out ones; fit on the rest."""
    app = App(load_settings())
    briefs = {case: app.catalog.brief(case) for case in app.catalog.case_ids()}
    verbs = verbs_of(briefs.values())
    examples = _examples(read_marked("marked.jsonl"), briefs, verbs)
    cases = sorted({one.marked.case for one in examples})
    picked = [
        (one, head.best(one.phrases))
        for case in cases
        for head in [_fitted([one for one in examples if one.marked.case != case], verbs)]
        for one in examples
        if one.marked.case == case
    ]
    _print("each case left out once", picked)
    head = _fitted(examples, verbs)
    heldout = _examples(read_marked("heldout.jsonl"), briefs, verbs)
    _print("held-out cases", [(one, head.best(one.phrases)) for one in heldout])
    if write:
        write_fitted(head, quote_head_file())


def read_marked(name: str) -> list[Marked]:
    """The examples of a file in `evals/quotes`."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [Marked.model_validate_json(line) for line in lines]


def topic_of(marked: Marked, brief: Brief) -> Topic:
    """The words by which that is spoken of which a sentence is an example of."""
    topics = {"criterion": brief.criterion_topics, "flag": brief.flag_topics, "choice": brief.choice_topics}
    return topics[marked.kind][marked.of]


def verbs_of(briefs: Iterable[Brief]) -> frozenset[str]:
    """Words that the sentences of the content use as verbs, as far as the words before them tell."""
    before_verbs, before_nouns = Counter[str](), Counter[str]()
    for text in {text for brief in briefs for text in _sentences_of(brief)}:
        words = [match.group().lower().replace("’", "'") for match in WORD.finditer(text)]
        for before, word in zip(words, words[1:], strict=False):
            if word not in STOPWORDS:
                before_verbs[word] += before in _BEFORE_VERBS
                before_nouns[word] += before in _BEFORE_NOUNS
    return frozenset(
        word
        for word, count in before_verbs.items()
        if count >= _VERB_AT_LEAST and count > _VERB_RATIO * before_nouns[word]
    )


def _sentences_of(brief: Brief) -> Iterator[str]:
    for criterion in brief.criteria:
        yield from (*criterion.covers, *(miss.text for miss in criterion.near_misses))
    for flag in brief.red_flags:
        yield from (*flag.says, *flag.sound)
    for choice in brief.case.choices:
        yield from (*choice.says, *choice.unlike)


def _examples(marked: Sequence[Marked], briefs: Mapping[str, Brief], verbs: frozenset[str]) -> list[_Example]:
    found = []
    for one in marked:
        topic = topic_of(one, briefs[one.case])
        found.append(_Example(one, topic, list(phrases_of(one.sentence, topic, verbs=verbs))))
    return found


def _print(name: str, picked: Sequence[tuple[_Example, str | None]]) -> None:
    quoted = [(one, text) for one, text in picked if text is not None]
    right = sum(text in one.marked.quotes for one, text in quoted)
    spared = sum(text is None and not one.marked.quotes for one, text in picked)
    typer.echo(
        f"{name}: {len(picked)} sentences, a marked phrase quoted in {right / len(picked):.3f}, another in "
        f"{(len(quoted) - right) / len(picked):.3f}, nothing in {1 - len(quoted) / len(picked):.3f} "
        f"({spared} of which had nothing marked)"
    )


def _fitted(examples: Sequence[_Example], verbs: frozenset[str]) -> QuoteHead:
    """A conditional logistic fit: of a sentence one phrase is quoted, or nothing; each marked one has its share."""
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    seen = Counter(sign for one in examples for phrase in one.phrases for sign in phrase.signs)
    signs = [*sorted(sign for sign, count in seen.items() if count >= _SEEN_AT_LEAST), NO_QUOTE]
    column = {sign: place for place, sign in enumerate(signs)}
    rows, columns, values = list[int](), list[int](), list[float]()
    shares, sizes = list[NDArray[np.float64]](), list[int]()
    for one in examples:
        target = _shares(one)
        if target is None:
            continue
        for row, shown in enumerate([*(phrase.signs for phrase in one.phrases), {NO_QUOTE: 1.0}], start=sum(sizes)):
            known = [(column[sign], value) for sign, value in shown.items() if sign in column and value]
            rows += [row] * len(known)
            columns += [place for place, _ in known]
            values += [value for _, value in known]
        shares.append(target)
        sizes.append(len(target))
    options = csr_matrix((values, (rows, columns)), shape=(sum(sizes), len(signs)))
    wanted = np.concatenate(shares)
    starts, group = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(sizes)), sizes)

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        worth = options @ weights
        worth = worth - np.maximum.reduceat(worth, starts)[group]
        total = np.add.reduceat(np.exp(worth), starts)[group]
        missed = float(-(wanted * (worth - np.log(total))).sum())
        slope = options.T @ (np.exp(worth) / total - wanted) + _STRENGTH * weights
        return missed + 0.5 * _STRENGTH * float(weights @ weights), slope

    fitted = minimize(loss, np.zeros(len(signs)), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    weights = {sign: round(float(weight), _DIGITS) for sign, weight in zip(signs, fitted, strict=True)}
    return QuoteHead(
        verbs=tuple(sorted(verbs)), weights={sign: weight for sign, weight in weights.items() if abs(weight) >= _LEAST}
    )


def _shares(example: _Example) -> NDArray[np.float64] | None:
    """How much each phrase is to be quoted, and last nothing at all; None where what is marked is not among them."""
    texts = [phrase.text for phrase in example.phrases]
    shares = np.zeros(len(texts) + 1)
    for rank, quote in enumerate(quote for quote in example.marked.quotes if quote in texts):
        shares[texts.index(quote)] = _LESS_EACH**rank
    if not example.marked.quotes:
        shares[-1] = 1.0
    whole: float = shares.sum()
    return shares / whole if whole else None


if __name__ == "__main__":
    typer.run(main)
