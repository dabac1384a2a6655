"""The head for acts: what it looks at holds for any case, and the weights that ship belong to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.bootstrap import App
from app.domain.vocabulary import Step
from app.settings import load_settings
from evals.infer.act_features import Surroundings, act_features, signs
from evals.infer.act_head import ActHead, fitted_act_heads
from evals.infer.acts import weighed_act
from evals.infer.fit_acts import Example, cross_validated, fit
from evals.infer.question_head import fitted_question_head
from evals.infer.step_head import fitted_step_head
from evals.samples import Speaker, Turn
from evals.vocabulary import Act

_AROUND = Surroundings(before="I'd take trees on counters.", step=Step.DATA, previous=Step.DATA)


def shown(text: str, *, around: Surroundings = _AROUND, wrong: bool = False) -> frozenset[str]:
    turn = Turn(index=3, speaker=Speaker.INTERVIEWER, content=text)
    return act_features(turn, around, praises_wrong=lambda: wrong)


def test_content_words_do_not_matter() -> None:
    assert shown("What if the auction rejects every bidder?") == shown("What if the ranker repeats every clip?")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What do you log?", "asks"),
        ("Take p = 0.02. Does that agree with you?", "states figures"),
        ("Why would that hold?", "why"),
        ("Okay, go on.", "listens"),
        ("Is it not too late?", "denies in question"),
        ("What happens if it fails?", "asks: what happens if"),
    ],
)
def test_what_a_turn_shows(text: str, name: str) -> None:
    assert name in shown(text)


def test_whether_praise_is_of_something_wrong_is_asked_only_where_there_is_praise() -> None:
    assert "praises what is wrong" in shown("Perfect, well done!", wrong=True)
    assert "praises what is wrong" not in shown("Go on.", wrong=True)


def test_praise_of_what_is_wrong_needs_no_weighing() -> None:
    head = ActHead(acts=(Act.PROBE,), bias=(0.0,), weights={})
    assert weighed_act({"praises what is wrong"}, head=head) is Act.PRAISE
    assert weighed_act({"praises what is wrong", "opens step"}, head=head) is Act.PROBE


def examples() -> list[Example]:
    made = (("if", Act.CHALLENGE), ("how", Act.PROBE), ("fine", Act.ACKNOWLEDGE_ONLY))
    return [
        Example(hand=number, shown=frozenset({name, "asks"}), sure=None, act=act, at=(f"interview {number}", place))
        for number in range(8)
        for place, (name, act) in enumerate(made)
    ]


def test_a_fitted_head_tells_what_it_was_shown_and_ignores_what_it_was_not() -> None:
    head = fit(examples())
    assert head.best({"if", "asks", "unheard of"}) is Act.CHALLENGE
    assert head.best({"how", "asks"}) is Act.PROBE


def test_in_cross_validation_sure_rules_come_first() -> None:
    made = examples()
    made[0] = replace(made[0], sure=Act.HINT)
    assert cross_validated(made) == {each.at: each.sure or each.act for each in made}


def test_single_turns_are_learnt_from_and_not_told_themselves() -> None:
    made = examples()
    single = replace(made[0], hand=40, at=None)
    assert cross_validated([*made, single]) == cross_validated(made)
    assert cross_validated([made[0], *(replace(each, hand=40, at=None) for each in made)]) == {made[0].at: made[0].act}


def test_what_is_shown_alike_is_told_apart_by_its_meaning() -> None:
    east, west, north = np.zeros((4, 3)), np.zeros((4, 3)), np.zeros((4, 3))
    east[:, 0] = west[:, 1] = north[:, 2] = 1.0
    head = fit(
        [
            Example(hand=number, shown=frozenset({"asks"}), sure=None, act=act, vectors=vectors)
            for number in range(8)
            for act, vectors in ((Act.CHALLENGE, east), (Act.PROBE, west), (Act.LECTURE, north))
        ],
        embedder="compass",
    )
    assert head.best({"asks"}, east) is Act.CHALLENGE and head.best({"asks"}, west) is Act.PROBE
    assert head.embedder == "compass" and np.shape(head.meaning) == (12, 3)


def test_a_head_is_not_asked_by_half() -> None:
    words = ActHead(acts=(Act.PROBE,), bias=(0.0,), weights={})
    with pytest.raises(ValueError, match="no use"):
        words.best({"asks"}, np.zeros((4, 2)))
    with pytest.raises(ValueError, match="needs"):
        words.model_copy(update={"meaning": ((1.0,),) * 8}).best({"asks"})


def test_the_heads_that_ship_were_fitted_on_the_embedder_that_ships() -> None:
    embedder = App(load_settings()).embedder
    head = fitted_act_heads().meaning
    assert head.embedder == fitted_step_head().embedder == fitted_question_head().embedder == embedder.name
    assert len(head.meaning) == 4 * embedder.embed(["one"]).shape[1]


@pytest.mark.parametrize("kind", ["meaning", "words"])
def test_the_weights_that_ship_belong_to_what_is_looked_at(kind: str) -> None:
    head: ActHead = getattr(fitted_act_heads(), kind)
    named = {name for name in head.weights if ": " not in name}
    turn = Turn(index=3, speaker=Speaker.INTERVIEWER, content="Go on.")
    assert named <= set(signs(turn, _AROUND, praises_wrong=lambda: False))
    assert set(head.acts) >= {Act.PROBE, Act.CHALLENGE, Act.OPEN_STEP, Act.LECTURE}
    assert all(len(weights) == len(head.acts) == len(head.bias) for weights in head.weights.values())
    assert all(len(weights) == len(head.acts) for weights in head.meaning)
    assert bool(head.meaning) is (kind == "meaning") is (head.embedder is not None)


def test_the_head_for_words_alone_tells_plain_turns() -> None:
    head = fitted_act_heads().words
    assert head.best(shown("You said trees. Why not a linear model?")) is Act.CHALLENGE
    assert head.best(shown("Okay, go on.")) is Act.ACKNOWLEDGE_ONLY
