"""Fits which fact or decision of a case a clarifying question is about, and says how often what was asked for is told.

    python -m evals.fit_asked            # figures only
    python -m evals.fit_asked --write    # and write app/adapters/asked_head.json

The data (`evals/asked/`) are questions by people who had a case's facts and nothing else. `written.jsonl`: single
questions, each with its fact or decision, or none; those that have one are ways of asking in the case's own file as
well. The fit is made on them and on the other ways of asking, a quarter at a time left out of the case, and on what
candidates ask the interviewer about himself and the interview (`evals/aims/written.jsonl`), which no case answers.
`messages.jsonl` and `heldout.jsonl`: whole messages of one and of several questions by two other hands, six cases each,
read as the product reads them; the first was looked at, the second was not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from app.adapters.asked_facts import ASKED_FEATURES, AskedFacts, asked_head_file, bare
from app.bootstrap import App
from app.domain.kinds import Aim, IntakeKind
from app.domain.vocabulary import Frozen
from app.services.intake import IntakeReader
from app.settings import load_settings
from evals.fit_aims import read_written
from evals.fit_matcher import Fit
from evals.shares import wilson

FOLDER = Path(__file__).parent / "asked"
SURE, NEAR = 0.56, 0.4
"""The probabilities from which a fact is told, and from which it is told as the nearest that is known.

Of .3 to .7 the first answers most of `messages.jsonl` in full and with no fact too many.
"""
_STRENGTH = 0.01
_FOLDS = 4
_TO_HIM = {Aim.MEANT, Aim.VIEW, Aim.LEAVE, Aim.MORE, Aim.OBJECTION}


class Question(Frozen):
    """A single question and what it is about; neither fact nor decision where the case says nothing of it."""

    case: str
    q: str
    fact: str | None
    decision: str | None


class Message(Frozen):
    """A message with questions.

    Attributes:
        said: the whole of it.
        facts: ids of what a good interviewer tells in reply.
        decisions: ids of what is asked for and handed back.
        unknown: how many of its questions are about neither.
    """

    case: str
    said: str
    facts: tuple[str, ...]
    decisions: tuple[str, ...]
    unknown: int


@dataclass(frozen=True)
class _Rows:
    """Questions against the facts and decisions of their cases, one row a pair."""

    features: NDArray[np.float64]
    about: NDArray[np.bool_]
    question: NDArray[np.intp]
    cases: NDArray[np.str_]

    @classmethod
    def joined(cls, blocks: Sequence[_Rows]) -> _Rows:
        """All rows of several, the questions numbered on."""
        starts = np.cumsum([0, *(block.question.max() + 1 for block in blocks)])[:-1]
        return cls(
            features=np.concatenate([block.features for block in blocks]),
            about=np.concatenate([block.about for block in blocks]),
            question=np.concatenate([block.question + start for block, start in zip(blocks, starts, strict=True)]),
            cases=np.concatenate([block.cases for block in blocks]),
        )


def questions() -> list[Question]:
    """The single questions."""
    return [Question.model_validate_json(line) for line in _lines("written.jsonl")]


def messages(name: str) -> list[Message]:
    """The messages of a file."""
    return [Message.model_validate_json(line) for line in _lines(name)]


def _lines(name: str) -> Iterator[str]:
    yield from (FOLDER / name).read_text(encoding="utf-8").splitlines()


def rows_of(app: App, case: str, asked: Sequence[Question], *, without: Collection[str]) -> _Rows:
    """The rows of some questions of a case, which is made without some ways of asking."""
    known = AskedFacts.of(app.catalog.brief(case).case, app.embedder, without=without)
    texts = [bare(one.q) for one in asked]
    features = known.features(texts, app.embedder.embed(texts))
    topics = [*(("fact", one) for one in known.facts), *(("decision", one) for one in known.decisions)]
    about = [
        [(kind == "fact" and one.fact == id) or (kind == "decision" and one.decision == id) for kind, id in topics]
        for one in asked
    ]
    count = len(topics)
    return _Rows(
        features=features.reshape(-1, len(ASKED_FEATURES)),
        about=np.array(about).reshape(-1),
        question=np.repeat(np.arange(len(asked)), count),
        cases=np.full(len(asked) * count, case),
    )


def fitted_rows(app: App) -> _Rows:
    """All single questions, none of which was a way of asking in the case that it is held against."""
    blocks, cases, single = [], app.catalog.case_ids(), questions()
    to_him = [one.said for one in read_written("written.jsonl") if one.aim in _TO_HIM]
    for place, case in enumerate(cases):
        here = [one for one in single if one.case == case]
        here += [Question(case=case, q=said, fact=None, decision=None) for said in to_him[place :: len(cases)]]
        here += ways_of_asking(app, case, besides={one.q for one in here})
        for fold in range(_FOLDS):
            own = here[fold::_FOLDS]
            blocks.append(rows_of(app, case, own, without={one.q for one in own}))
    return _Rows.joined(blocks)


def ways_of_asking(app: App, case: str, *, besides: Collection[str]) -> list[Question]:
    """The ways of asking in a case's file, some left out."""
    own = app.catalog.brief(case).case
    found = [Question(case=case, q=ask, fact=fact.id, decision=None) for fact in own.facts for ask in fact.asks]
    found += [Question(case=case, q=ask, fact=None, decision=one.id) for one in own.decisions for ask in one.asks]
    return [one for one in found if one.q not in besides]


def told(scores: NDArray[np.float64], rows: _Rows) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each question the best score, whether that is what it is about, and whether it is about anything."""
    count = int(rows.question.max()) + 1
    best, right, has = np.zeros(count), np.zeros(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    for number in range(count):
        own = rows.question == number
        place = int(scores[own].argmax())
        best[number], right[number], has[number] = scores[own][place], rows.about[own][place], rows.about[own].any()
    return best, right, has


def figures(app: App, name: str) -> str:
    """How often what was asked for in a file's messages is told, and how often something else is."""
    reader = IntakeReader(app.matcher, app.aims)
    wanted = hit = given = whole = 0
    all_messages = messages(name)
    for message in all_messages:
        segments = reader.read(message.said, app.catalog.brief(message.case), asked="It's yours to lead.")
        facts = {one.fact for one in segments if one.fact is not None}
        decisions = {one.decision for one in segments if one.decision is not None}
        left = bool(decisions) or any(one.kind is IntakeKind.ASKS_DECISION for one in segments)
        wanted += len(message.facts)
        given += len(facts)
        hit += len(facts & set(message.facts))
        whole += facts == set(message.facts) and (left or not message.decisions)
    return (
        f"{name}: of {wanted} facts asked for {_share(hit, wanted)} are told; of {given} told {_share(hit, given)} "
        f"were asked for; of {len(all_messages)} messages {_share(whole, len(all_messages))} get all that "
        "they ask for and no other fact"
    )


def _share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part / whole:.2f} [{low:.2f}, {high:.2f}]"


def main(write: Annotated[bool, typer.Option("--write", help="Write the head.")] = False) -> None:
    """Cross-validate by case, print, write if asked, and read the messages."""
    app = App(load_settings())
    rows = fitted_rows(app)
    scores = np.zeros(len(rows.about))
    for case in np.unique(rows.cases):
        out = rows.cases == case
        head = Fit.on(rows.features[~out], rows.about[~out], strength=_STRENGTH).head(ASKED_FEATURES)
        scores[out] = head.scores(rows.features[out])
    best, right, has = told(scores, rows)
    above = best >= SURE
    typer.echo(
        f"single questions: of {has.sum()} that the case knows {right[above].sum() / has.sum():.3f} are found (the "
        f"likeliest is right for {right[has].mean():.3f}); of what is told, {len(has) - has.sum()} questions that it "
        f"does not know included, {right[above].mean():.3f} is right"
    )
    if write:
        head = Fit.on(rows.features, rows.about, strength=_STRENGTH).head(ASKED_FEATURES, credit=SURE, doubt=NEAR)
        asked_head_file().write_text(head.model_dump_json(indent=1) + "\n", encoding="utf-8")
        typer.echo(f"written: {asked_head_file().name}")
        app = App(load_settings())
    for name in ("messages.jsonl", "heldout.jsonl"):
        typer.echo(figures(app, name))


if __name__ == "__main__":
    typer.run(main)
