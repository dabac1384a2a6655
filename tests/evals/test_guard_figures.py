"""A sample of `python -m evals.guard_figures`: that the guard has not come apart; the command gives the figures."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from app.bootstrap import App
from app.domain.catalog import Catalog
from app.settings import Settings
from evals.guard_figures import MOST_ALARMS, bad_figures, false_alarms, main, well_worded
from evals.guard_material import MODEL_MOVES, Half, good_replies

# Run by itself it embeds all content, which takes longer than the tests.
pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(400)]


@pytest.fixture(scope="module")
def app(catalog: Catalog, vectors: Path, tmp_path_factory: pytest.TempPathFactory) -> App:
    home = tmp_path_factory.mktemp("guard")
    (home / "cache").symlink_to(vectors, target_is_directory=True)
    app = App(Settings(home=home))
    app.catalog = catalog
    return app


def test_hardly_a_bad_part_of_the_sampled_turns_is_shown(app: App) -> None:
    figures = bad_figures(app, turns=80, seed=3)
    assert figures.of(Half.DEV) > 20
    assert sum(shown.half is Half.DEV for shown in figures.shown) <= 0.15 * figures.of(Half.DEV)


def test_most_good_replies_pass(app: App) -> None:
    """Of a sample: the target is missed (docs/models.md), and this is no place to say by how much."""
    goods = [good for good in good_replies() if good.half is Half.DEV and good.move in MODEL_MOVES]
    sample = random.Random(3).sample(goods, 300)
    assert len(false_alarms(app, sample)) <= 2 * MOST_ALARMS * len(sample)


def test_a_stub_that_words_well_keeps_its_turns(app: App) -> None:
    figures = well_worded(app, turns=30)
    assert figures.worded >= 0.9 * figures.turns == 0.9 * 30


def test_an_unknown_half_is_refused() -> None:
    with pytest.raises(SystemExit):
        main(["--half", "third"])
