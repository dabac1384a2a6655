"""The fit of the guard's ear learns what tells two sorts of sentences apart, the same each time."""

from __future__ import annotations

import numpy as np

from app.adapters.grams import grams_with_ends
from app.services.misplaced import CONTENT, FIGURES, SPOKEN
from evals.fit_manners import fitted
from evals.guard_material import Half, bad_wordings, good_replies


def test_it_tells_two_sorts_apart() -> None:
    draws = np.random.default_rng(3)
    bad = np.arange(120) % 3 == 0
    vectors = draws.normal(size=(120, 8)) * 0.1
    vectors[:, 0] += np.where(bad, 1.0, -1.0)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    figures = draws.normal(size=(120, len(FIGURES) + len(SPOKEN) + len(CONTENT)))
    said = ["What a lovely plan." if each else "What would you log?" for each in bad]
    head = fitted(said, vectors, figures, bad)
    scores = head.scores(said, vectors, figures)
    assert scores[bad].min() > scores[~bad].max()
    assert fitted(said, vectors, figures, bad) == head
    praise, question = (head.words.log_odds(grams_with_ends(each)) for each in sorted(set(said)))
    assert praise > 0 > question


def test_few_held_out_replies_are_among_those_looked_at() -> None:
    """Two writers hit on the same now and then: an empty reply, a bare tag, "No hurry at all."."""
    for every in (bad_wordings(), good_replies()):
        looked_at = {one.reply for one in every if one.half is Half.DEV}
        heldout = [one.reply for one in every if one.half is Half.HELD_OUT]
        assert sum(reply in looked_at for reply in heldout) <= 0.05 * len(heldout)
