"""How much of what people say in their own way is credited: `python -m evals.spoken_figures`.

Every message of `evals.spoken_answers` is read as the product reads it, by itself. Counted are pairs of a message and a
criterion: those that a sentence of the message covers, and which of them are credited; those that are credited, and
what the labels say.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from app.bootstrap import App
from app.domain.events import CandidateMessage, DoubtNoted, EvidenceFound
from app.domain.vocabulary import Frozen, Provenance, Slug, Step
from app.services.intake import IntakeReader
from app.services.observe import observe
from app.settings import load_settings
from evals.fit_matcher import tuned_cases
from evals.shares import wilson
from evals.spoken_answers import spoken_answers

_AT = datetime(2026, 1, 1, tzinfo=UTC)


class Heard(Frozen):
    """A criterion that a message was credited with, or is in doubt about, and what the labels say of it."""

    case: Slug
    style: str
    criterion: Slug
    label: str
    credited: bool
    doubted: bool


def heard(app: App, cases: Iterable[str]) -> Iterator[Heard]:
    """Every pair of a message and a criterion that is covered, credited or doubted."""
    reader = IntakeReader(app.matcher, app.aims)
    for case in cases:
        brief = app.catalog.brief(case)
        for answer in spoken_answers(case):
            message = CandidateMessage(
                seq=1, at=_AT, index=1, id="said", step=Step.REQUIREMENTS, content=answer.message
            )
            found = observe(
                message,
                reader.read(answer.message, brief),
                brief=brief,
                matcher=app.matcher,
                provenance=lambda _: Provenance.VOLUNTEERED,
                plan=list(Step),
                asked=() if answer.asked is None else (answer.asked,),
                facts=(),
                at=_AT,
                most=None,
            )
            credited = {event.criterion for event in found if isinstance(event, EvidenceFound)}
            doubted = {event.criterion for event in found if isinstance(event, DoubtNoted)}
            for criterion in sorted(credited | doubted | answer.covered()):
                yield Heard(
                    case=case,
                    style=answer.style,
                    criterion=criterion,
                    label=answer.kind(criterion),
                    credited=criterion in credited,
                    doubted=criterion in doubted,
                )


def summary(pairs: Iterable[Heard]) -> str:
    """Recall, doubt and precision, with 95 % intervals that take pairs as independent."""
    pairs = list(pairs)
    covered = [pair for pair in pairs if pair.label == "covers"]
    credited = Counter(pair.label for pair in pairs if pair.credited)
    right, whole = sum(pair.credited for pair in covered), credited.total()
    return (
        f"credited {_share(right, len(covered))}, credited or in doubt "
        f"{_share(sum(pair.credited or pair.doubted for pair in covered), len(covered))}; "
        f"of what is credited {_share(credited['covers'], whole)} covers, {_share(credited['partly'], whole)} partly, "
        f"{_share(credited['wrong'], whole)} wrong"
    )


def _share(part: int, whole: int) -> str:
    low, high = wilson(part, whole)
    return f"{part / max(1, whole):.3f} [{low:.2f}, {high:.2f}] of {whole}"


def main(
    tuned: Annotated[bool, typer.Option("--tuned", help="The tuned cases in place of the others.")] = False,
) -> None:
    """Print the figures, by way of speaking and in all."""
    app = App(load_settings())
    cases = tuned_cases() if tuned else sorted(set(app.catalog.case_ids()) - set(tuned_cases()))
    pairs = list(heard(app, cases))
    by_style: defaultdict[str, list[Heard]] = defaultdict(list)
    for pair in pairs:
        by_style[pair.style].append(pair)
    for style, those in sorted(by_style.items()):
        typer.echo(f"{style}: {summary(those)}")
    typer.echo(f"all: {summary(pairs)}")


if __name__ == "__main__":
    typer.run(main)
