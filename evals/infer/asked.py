"""How many requests to answer a turn holds, by all that is known of it."""

from __future__ import annotations

from app.ports import Embedder
from evals.infer.question_features import sentence_features, sentences_in
from evals.infer.question_head import fitted_question_head
from evals.infer.questions import count_questions
from evals.vocabulary import Act

_ASKING = {Act.PROBE, Act.CHALLENGE, Act.OPEN_STEP}


def infer_questions(text: str, act: Act, *, embedder: Embedder | None) -> int:
    """The number of requests by words, meaning and act.

    By words alone a turn whose act asks counts as one at least ("Calendar service hangs." is put for an answer).

    Args:
        text: the whole turn.
        act: what it does, as inferred.
        embedder: the one whose vectors the head knows; any other, or None, leaves words and act.
    """
    opens = act is Act.OPEN_PROBLEM
    counted = count_questions(text, opens=opens)
    if embedder is not None and fitted_question_head().embedder == embedder.name and (said := sentences_in(text)):
        shown = sentence_features(said, opens=opens)
        return fitted_question_head().count(shown, embedder.embed(said), counted=counted, act=act)
    return max(1, counted) if act in _ASKING else counted
