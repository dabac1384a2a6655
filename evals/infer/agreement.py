"""How much an interviewer's statements sound like agreement, whatever their words.

A linear rule from a sentence's words and vector, fitted by `python -m evals.infer.fit_agreement`. It hears what lists of
phrases do not hold ("I can live with that"), and takes some harmless sentences for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from app.domain.vocabulary import Frozen
from app.ports import ContentEmbedder
from evals.infer.act_words import GUSHES, praises
from evals.infer.linear import Linear
from evals.infer.masked_runs import masked_runs
from evals.infer.text import sentences, spoken_words

FILE = Path(__file__).with_name("agreement_head.json")
_RUNS = 3
_LONG = 12


class AgreementHead(Frozen):
    """The rule for sentences.

    Attributes:
        embedder: the name of the embedder that made the vectors; with another one the head means nothing.
        rule: by `agreement_features` and the sentence's vector; for none, agreement without a word of praise, and praise.
    """

    embedder: str
    rule: Linear


@cache
def fitted_agreement_head() -> AgreementHead:
    """The head that ships."""
    return AgreementHead.model_validate_json(FILE.read_text(encoding="utf-8"))


def statements(text: str) -> list[str]:
    """The sentences of a turn that do not end in a question mark."""
    return [span.text for span in sentences(text) if not span.text.endswith("?")]


def agreement_features(sentence: str) -> frozenset[str]:
    """The names of what a sentence shows of agreement: its runs of words, its length, and words of praise."""
    shown = {*masked_runs(sentence, "says", longest=_RUNS), f"words {min(_LONG, spoken_words(sentence))}"}
    if praises(sentence):
        shown.add("praises")
    if GUSHES.search(sentence):
        shown.add("gushes")
    return frozenset(shown)


def agreement(turns: Sequence[str], *, embedder: ContentEmbedder | None) -> list[float | None]:
    """For each turn how probably its plainest statement agrees.

    0 where nothing is stated; None everywhere without the embedder that the head was fitted to.
    """
    head = fitted_agreement_head()
    if embedder is None or embedder.name != head.embedder:
        return [None] * len(turns)
    said = [statements(turn) for turn in turns]
    flat = list(dict.fromkeys(each for turn in said for each in turn))
    if not flat:
        return [0.0] * len(turns)
    chances = head.rule.chances_of_each([agreement_features(each) for each in flat], embedder.embed(flat))
    likely = {each: float(1 - none[0]) for each, none in zip(flat, chances, strict=True)}
    return [max((likely[each] for each in turn), default=0.0) for turn in said]
