"""The guard's leak detector against people's judgement: `python -m evals.mrbench FILE`.

FILE holds tutors' replies in maths dialogues, one JSON object a line, with `conversation_id`, `history`, `solution`,
`response` and `revealing` ("No", or "Yes, ..." with more behind it): the form of MRBench V2's replies, which are not
part of this project. The detector is the one that the guard runs, with the words and numbers of the solution as its
list of terms; a reply's score is how many of them it says. In the guard a term is free once it was said in the
dialogue; the same is printed without that exemption, because a pupil who has worked on a sum has said nearly all of its
numbers. Dialogues without a solution ("Not Available") are left out, and counted.

What it shows: whether saying the terms of an answer first is what people call revealing it, in dialogues that this
project did not write. What it does not show: how the guard does in an interview. There the terms are chosen by
authors, one of them is enough, and what would be revealed is prose and not a number.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from app.domain.speech import STOPWORDS
from app.services.guard import leaked

_TERM = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]{3,}")
_RESAMPLES = 2_000
_NO_SOLUTION = "not available"


def main() -> None:
    """Print the AUC, by kind of term, with intervals over resampled conversations."""
    if len(sys.argv) != 2:
        sys.exit("mlsd: name the file, as in: python -m evals.mrbench mrbench.jsonl")
    try:
        rows = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines() if line.strip()]
        whole = len(rows)
        rows = [row for row in rows if row["solution"].strip().lower() != _NO_SOLUTION]
        labels = np.array([row["revealing"] != "No" for row in rows])
        talks = np.array([row["conversation_id"] for row in rows])
        scores = {name: _scores(rows, numbers=n, words=w, exempt=e) for name, n, w, e in _KINDS}
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"mlsd: {sys.argv[1]} cannot be used ({error!r}); it must hold one reply a line")
    print(f"{whole - len(rows)} replies without a solution left out")
    print(f"{len(rows)} replies in {len(set(talks))} conversations; {int(labels.sum())} reveal the answer")
    for name, found in scores.items():
        low, high = _interval(labels, found, talks)
        flagged = found > 0
        print(
            f"{name:18} AUC {roc_auc_score(labels, found):.3f} [{low:.3f}, {high:.3f}]; one term or more: "
            f"{flagged[labels].mean():.0%} of the revealing, {flagged[~labels].mean():.0%} of the others"
        )


_KINDS = (
    ("as in the guard", True, True, True),
    ("  numbers alone", True, False, True),
    ("  words alone", False, True, True),
    ("without exemption", True, True, False),
    ("  numbers alone ", True, False, False),
)
"""Name, whether numbers and words are terms, and whether what was said before is exempt."""


def terms_of(solution: str, *, numbers: bool, words: bool) -> list[str]:
    """The distinct numbers and words of a solution, small words left out."""
    found = dict.fromkeys(_TERM.findall(solution.lower()))
    return [term for term in found if (numbers if term[0].isdigit() else words and term not in STOPWORDS)]


def _scores(rows: Sequence[dict[str, Any]], *, numbers: bool, words: bool, exempt: bool) -> NDArray[np.float64]:
    return np.array(
        [
            float(
                len(
                    leaked(
                        row["response"],
                        terms_of(row["solution"], numbers=numbers, words=words),
                        known=row["history"] if exempt else "",
                    )
                )
            )
            for row in rows
        ]
    )


def _interval(labels: NDArray[np.bool_], scores: NDArray[np.float64], talks: NDArray[Any]) -> tuple[float, float]:
    """95 % of the AUCs over resampled conversations; the replies to one dialogue are alike."""
    random = np.random.default_rng(0)
    by_talk = [np.flatnonzero(talks == talk) for talk in dict.fromkeys(talks)]
    found = []
    for _ in range(_RESAMPLES):
        picked = np.concatenate([by_talk[at] for at in random.integers(0, len(by_talk), size=len(by_talk))])
        if 0 < labels[picked].sum() < len(picked):
            found.append(roc_auc_score(labels[picked], scores[picked]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
