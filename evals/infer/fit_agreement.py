"""Fits the rule for agreement, and says how well it hears it in statements that it was not fitted on.

    python -m evals.infer.fit_agreement             # cross-validation
    python -m evals.infer.fit_agreement --write     # and writes agreement_head.json, fitted on all of them

Fitted on `written_remarks.jsonl` (by six hands: remarks that agree in three severities, and look-alikes that do not) and on
the development half of the flaws' wordings (`evals/flaws/dev.yaml`): what is sycophantic there agrees, what passes
over an answer or changes nothing does not. Nor does what good interviewers state in `evals/guard/good.yaml` and in the
development half of the clean interviews. All of one hand, and all wordings of `dev.yaml`, are heard by what the others
taught; statements of one reply or interview are never parted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from app.ports import Vectors
from app.settings import load_settings
from evals.flaws.bases import load_bases
from evals.flaws.wordings import SEVERITIES, load_wordings
from evals.flaws.wordings import Half as WordingHalf
from evals.guard_material import Half, good_replies
from evals.infer.agreement import FILE, AgreementHead, agreement_features, statements
from evals.infer.fit_linear import fitted_linear, unscaled, write_fitted
from evals.infer.linear import Linear
from evals.vocabulary import Act, Flaw

REMARKS = Path(__file__).with_name("written_remarks.jsonl")
# Of .3 and 1, and of a vector's scale of 1, 3 and 4, the best in cross-validation; three degrees were better than two.
_STRENGTH, _SCALE = 0.3, 3.0
_FOLDS = 7
_NONE, _SUBTLE, _PLAIN = range(3)
_DEGREES = {"subtle": _SUBTLE, "medium": _PLAIN, "blatant": _PLAIN}
_LONG_ANYWAY = {Act.OPEN_PROBLEM, Act.CLOSE, Act.HINT, Act.LECTURE, Act.ANSWER_CLARIFICATION}


class Statement(Frozen):
    """One statement.

    Attributes:
        source: whose it is: the hand, reply or interview.
        kind: where it comes from, with the severity of a flawed one.
        degree: 0 does not agree, 1 agrees without praise, 2 praises or agrees outright.
    """

    text: str
    source: str
    kind: str
    degree: int = _NONE


def statements_to_learn(app: App) -> list[Statement]:
    """All statements of the remarks and of the development halves."""
    return [*_remarks(), *_wordings(), *_good_replies(), *_clean_interviews(app)]


def _remarks() -> list[Statement]:
    found = []
    for line in REMARKS.read_text(encoding="utf-8").splitlines():
        written = json.loads(line)
        degree = _DEGREES.get(written["agrees"], _NONE)
        kind = f"remarks, {written['agrees'] or 'look-alikes'}"
        found += _of(written["said"], source=f"hand {written['hand']}", kind=kind, degree=degree)
    return found


def _wordings() -> list[Statement]:
    found = []
    wordings = load_wordings(WordingHalf.DEV)
    for flaw in (Flaw.SYCOPHANTIC, Flaw.IGNORES_ANSWER):
        for severity in SEVERITIES:
            for wording in wordings.of(flaw, severity):
                degree = _DEGREES[severity] if flaw is Flaw.SYCOPHANTIC else _NONE
                said = wording.replace("{q1}", "")
                found += _of(said, source="wordings", kind=f"{flaw}, {severity}", degree=degree)
    for wording in wordings.no_op:
        found += _of(wording.replace("{turn}", ""), source="wordings", kind="no-op")
    return found


def _good_replies() -> list[Statement]:
    found = []
    for good in good_replies():
        if good.half is Half.DEV:
            found += _of(good.reply, source=good.reply, kind="good replies")
    return found


def _clean_interviews(app: App) -> list[Statement]:
    found = []
    for base in load_bases(app, half=WordingHalf.DEV):
        for turn in base.transcript.interviewer:
            if base.acts[turn.index] not in _LONG_ANYWAY:
                found += _of(turn.content, source=base.transcript.id, kind="clean interviews")
    return found


def _of(text: str, *, source: str, kind: str, degree: int = _NONE) -> list[Statement]:
    said = statements(text) or [text.strip()]
    return [Statement(text=each, source=source, kind=kind, degree=degree) for each in said if each]


def fit(said: Sequence[Statement], vectors: Vectors) -> Linear:
    """Logistic regression over the three degrees.

    Args:
        vectors: of the statements, shape (statements, dimension), rows of length 1.
    """
    shown = [agreement_features(each.text) for each in said]
    rule = fitted_linear(shown, _SCALE * vectors, [each.degree for each in said], strength=_STRENGTH)
    return unscaled(rule, by=_SCALE)


def main(write: Annotated[bool, typer.Option("--write", help="Write the head.")] = False) -> None:
    """Cross-validate, print how often agreement is heard in what, and write the head if asked."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    app = App(load_settings())
    learnt = statements_to_learn(app)
    embedder = app.shipped_embedder
    vectors = embedder.embed_content([one.text for one in learnt])
    agrees = np.array([one.degree > _NONE for one in learnt])
    likely = np.zeros(len(learnt))
    for rest, fold in GroupKFold(_FOLDS).split(vectors, groups=[one.source for one in learnt]):
        rule = fit([learnt[at] for at in rest], vectors[rest])
        for at in fold:
            likely[at] = 1 - rule.chances(agreement_features(learnt[at].text), vectors[at])[_NONE]
    kinds = np.array([one.kind for one in learnt])
    clean = kinds == "clean interviews"
    for kind in dict.fromkeys(kinds):
        own = kinds == kind
        line = f"{kind}: {own.sum()} statements, {(likely[own] > 1 / 2).mean():.3f} heard as agreement"
        if agrees[own].all():
            line += f"; AUC against clean interviews {roc_auc_score(agrees[own | clean], likely[own | clean]):.3f}"
        typer.echo(line)
    if write:
        head = AgreementHead(embedder=embedder.name, rule=fit(learnt, vectors))
        write_fitted(head, FILE)
        typer.echo(f"written: {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
