from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from app.adapters.choices import Choices
from app.domain.case import Choice
from app.ports import Vectors
from tests.factories import make_catalog


class Angles:
    """Embeds a sentence by the angle that it ends with, in degrees."""

    name = "angles"

    def embed(self, texts: Sequence[str]) -> Vectors:
        turned = np.radians([float(text.split()[-1]) for text in texts])
        return np.stack([np.cos(turned), np.sin(turned)], axis=1).astype(np.float32)

    def embed_content(self, texts: Sequence[str]) -> Vectors:
        return self.embed(texts)


def choice(**says: tuple[str, ...]) -> Choice:
    return make_catalog().brief("parcel-eta").case.choices[0].model_copy(update={"label": "live traces", **says})


@pytest.mark.parametrize(
    ("sentence", "made", "near", "sure"),
    [
        ("We do this at 0", True, True, True),
        ("We do this at 45", True, True, False),  # near, but in none of its words
        ("We use live traces at 45", True, True, True),
        ("We use live traces at 51", True, True, False),
        ("We do this at 55", False, True, False),
        ("We use live traces at 55", True, True, False),  # in the words that it is called by
        ("We never do this at 0", False, True, False),
        ("We do this at 300", False, False, False),  # nearer to what only sounds alike
    ],
)
def test_a_choice_is_made_by_what_is_near_to_it_and_not_to_its_like(
    sentence: str, made: bool, near: bool, sure: bool
) -> None:
    choices = Choices.of([choice(says=("Feed live traces 0",), unlike=("Buy live traces 290",))], Angles())
    chosen = choices.chosen([sentence], Angles().embed([sentence]))
    assert (chosen.made.item(), chosen.near.item(), chosen.sure.item()) == (made, near, sure)


def test_a_case_may_have_no_choices() -> None:
    chosen = Choices.of([], Angles()).chosen(["This is 1"], Angles().embed(["This is 1"]))
    assert chosen.made.shape == chosen.near.shape == chosen.sure.shape == (1, 0)
