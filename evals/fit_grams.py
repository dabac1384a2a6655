"""Fits weights of words and pairs of words (`app.adapters.grams`) to two sorts of texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from app.adapters.grams import GramWeights

_LEAST_WEIGHT = 0.001


def fitted_grams(
    texts: Sequence[Collection[str]], labels: Sequence[bool], *, strength: float, fewest: int, balanced: bool = False
) -> GramWeights:
    """Weights by logistic regression with an L1 penalty, the same each time.

    Args:
        texts: the words and pairs of each.
        labels: what is asked, of each text.
        strength: the inverse of the penalty.
        fewest: texts that a word or pair must be in.
        balanced: both sorts weigh the same.
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    counts = Counter(gram for one in texts for gram in one)
    rows = [{gram: 1 / math.sqrt(len(one)) for gram in sorted(one) if counts[gram] >= fewest} for one in texts]
    vectorizer = DictVectorizer()
    inputs = vectorizer.fit_transform(rows)
    inputs.indices, inputs.indptr = inputs.indices.astype(np.int32), inputs.indptr.astype(np.int32)
    weighing = "balanced" if balanced else None
    rule = LogisticRegression(C=strength, l1_ratio=1.0, solver="liblinear", random_state=0, class_weight=weighing)
    rule.fit(inputs, labels)
    weights = {
        str(gram): round(float(weight), 3)
        for gram, weight in zip(vectorizer.get_feature_names_out(), rule.coef_[0], strict=True)
        if abs(weight) >= _LEAST_WEIGHT
    }
    return GramWeights(bias=round(float(rule.intercept_[0]), 4), weights=weights)
