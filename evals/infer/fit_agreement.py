"""Fits the head for agreement, and says how well it hears it in statements that it was not fitted on.

    python -m evals.infer.fit_agreement             # cross-validation
    python -m evals.infer.fit_agreement --write     # and writes agreement_head.json, fitted on all of them

Fitted on the development half of the flaws' wordings (`evals/flaws/dev.yaml`): what is sycophantic there agrees, what passes
over an answer or changes nothing does not. Nor does what good interviewers state in `evals/guard/good.yaml` and in the
development half of the clean interviews. Statements of one wording, reply or interview are never parted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.bootstrap import App
from app.domain.vocabulary import Frozen
from app.settings import load_settings
from evals.flaws.bases import load_bases
from evals.flaws.wordings import SEVERITIES, load_wordings
from evals.flaws.wordings import Half as WordingHalf
from evals.guard_material import Half, good_replies
from evals.infer.agreement import FILE, AgreementHead, statements
from evals.vocabulary import Act, Flaw

_STRENGTH = 9.0
_FOLDS = 6
_DIGITS = 3
_ITERATIONS = 3_000
_LONG_ANYWAY = {Act.OPEN_PROBLEM, Act.CLOSE, Act.HINT, Act.LECTURE, Act.ANSWER_CLARIFICATION}


class Statement(Frozen):
    """One statement.

    Attributes:
        source: the wording, reply or interview that it is of.
        kind: where it comes from, with the severity of a flawed one.
    """

    text: str
    source: str
    kind: str
    agrees: bool = False


def statements_to_learn(app: App) -> list[Statement]:
    """All statements of the development halves."""
    found: list[Statement] = []
    wordings = load_wordings(WordingHalf.DEV)
    for flaw in (Flaw.SYCOPHANTIC, Flaw.IGNORES_ANSWER):
        for severity in SEVERITIES:
            for wording in wordings.of(flaw, severity):
                said = wording.replace("{q1}", "")
                found += _of(said, source=wording, kind=f"{flaw}, {severity}", agrees=flaw is Flaw.SYCOPHANTIC)
    for wording in wordings.no_op:
        found += _of(wording.replace("{turn}", ""), source=wording, kind="no-op")
    for good in good_replies():
        if good.half is Half.DEV:
            found += _of(good.reply, source=good.reply, kind="good replies")
    for base in load_bases(app, half=WordingHalf.DEV):
        for turn in base.transcript.interviewer:
            if base.acts[turn.index] not in _LONG_ANYWAY:
                found += _of(turn.content, source=base.transcript.id, kind="clean interviews")
    return found


def _of(text: str, *, source: str, kind: str, agrees: bool = False) -> list[Statement]:
    said = statements(text) or [text.strip()]
    return [Statement(text=each, source=source, kind=kind, agrees=agrees) for each in said if each]


def fit(vectors: NDArray[np.float32], agrees: Sequence[bool], *, embedder: str) -> AgreementHead:
    """Logistic regression on unit vectors of shape (n, dimension)."""
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=_STRENGTH, max_iter=_ITERATIONS).fit(vectors, agrees)
    return AgreementHead(
        embedder=embedder,
        weights=tuple(round(float(weight), _DIGITS) for weight in fitted.coef_[0]),
        bias=round(float(fitted.intercept_[0]), _DIGITS),
    )


def main(write: Annotated[bool, typer.Option("--write", help="Write the head.")] = False) -> None:
    """Cross-validate, print how often agreement is heard in what, and write the head if asked."""
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    app = App(load_settings())
    learnt = statements_to_learn(app)
    embedder = app.shipped_embedder
    vectors = embedder.embed_content([one.text for one in learnt])
    agrees = np.array([one.agrees for one in learnt])
    likely = np.zeros(len(learnt))
    for rest, fold in GroupKFold(_FOLDS).split(vectors, groups=[one.source for one in learnt]):
        head = fit(vectors[rest], [bool(each) for each in agrees[rest]], embedder=embedder.name)
        likely[fold] = head.likely(vectors[fold])
    kinds = np.array([one.kind for one in learnt])
    for kind in dict.fromkeys(kinds):
        own = kinds == kind
        line = f"{kind}: {own.sum()} statements, {(likely[own] > 1 / 2).mean():.3f} heard as agreement"
        if agrees[own].all():
            line += f"; AUC against all others {roc_auc_score(agrees[own | ~agrees], likely[own | ~agrees]):.3f}"
        typer.echo(line)
    if write:
        head = fit(vectors, [bool(each) for each in agrees], embedder=embedder.name)
        FILE.write_text(head.model_dump_json() + "\n", encoding="utf-8")
        typer.echo(f"written: {FILE.name}")


if __name__ == "__main__":
    typer.run(main)
