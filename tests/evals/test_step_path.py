"""The path over the steps: its fit is a fit, and the weights that ship belong to today's evidence."""

from __future__ import annotations

import numpy as np
import pytest

from app.bootstrap import App
from app.domain.catalog import Catalog
from app.domain.vocabulary import Step
from app.settings import load_settings
from evals.infer.fit_steps import Fitter, Labelled, fit, interviews_to_fit, loss_of
from evals.infer.step_features import SAYS, STAYS, StepEvidence
from evals.infer.step_path import JUMPS, StepPath, fitted_step_paths

_SIZE = len(SAYS) + len(STAYS) + len(JUMPS) + len(Step)


@pytest.fixture(scope="module")
def app(catalog: Catalog) -> App:
    app = App(load_settings())
    app.catalog = catalog
    return app


def made_up(seed: int, *, turns: int = 6) -> Labelled:
    draws = np.random.default_rng(seed)
    truth = tuple(sorted(int(each) for each in draws.integers(0, 7, size=turns)))
    says = draws.normal(size=(turns, 7, len(SAYS)))
    says[np.arange(turns), truth, 0] += 3.0
    stays = np.ones((turns, len(STAYS)))
    return Labelled(hand=seed, evidence=StepEvidence(says=says, stays=stays), truth=truth)


def test_the_slope_is_the_slope_of_the_loss() -> None:
    draws = np.random.default_rng(5)
    weights, interview = draws.normal(scale=0.3, size=_SIZE), made_up(1)
    slope = loss_of(StepPath.of(weights, digits=12), interview).slope
    for place in range(_SIZE):
        nudge = np.zeros(_SIZE)
        nudge[place] = 1e-5
        high = loss_of(StepPath.of(weights + nudge, digits=12), interview).loss
        low = loss_of(StepPath.of(weights - nudge, digits=12), interview).loss
        assert slope[place] == pytest.approx((high - low) / 2e-5, abs=1e-4)


def test_what_speaks_for_the_written_steps_is_found() -> None:
    path = fit([made_up(seed) for seed in range(12)])
    unseen = [made_up(seed) for seed in range(100, 110)]
    right = [
        step.number - 1 == truth
        for each in unseen
        for step, truth in zip(path.best(each.evidence), each.truth, strict=True)
    ]
    assert path.says[0] > max(path.says[1:]) and sum(right) / len(right) >= 0.8


def test_the_weights_that_ship_put_most_turns_in_their_step(app: App) -> None:
    path = fitted_step_paths().words
    assert len(path.says) == len(SAYS) and len(path.stays) == len(STAYS)
    right: dict[bool, list[bool]] = {True: [], False: []}
    for each in interviews_to_fit(app, meaning=False):
        found = path.best(each.evidence(None))
        right[each.authored] += [one.number - 1 == two for one, two in zip(found, each.steps.values(), strict=True)]
    assert len(right[True]) >= 1000 and np.mean(right[True]) >= 0.75
    assert len(right[False]) >= 90 and np.mean(right[False]) >= 0.9


def test_in_cross_validation_nothing_is_fitted_on_the_hand_it_is_tried_on(app: App) -> None:
    interviews = interviews_to_fit(app, meaning=False)
    hands = sorted({each.hand for each in interviews})[:3]
    chosen = [each for each in interviews if each.hand in hands]
    first = chosen[0].hand
    fitter = Fitter(app, chosen, meaning=False)
    others = Fitter(app, [each for each in chosen if each.hand != first], meaning=False)
    assert fitter.path(but=first) == others.path() != fitter.path()
    assert set(fitter.by_others()) == {each.name for each in chosen}
