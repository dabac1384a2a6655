"""Transcripts into which a flaw was planted, to see whether the flaw scores find it and nothing else.

    python -m evals.flaws --half dev          # figures on the half that detectors may be tuned on
    mlsd eval meta                            # figures on the held-out half

The held-out wordings (`heldout.yaml`) were written by someone who had not seen the detectors, those in `dev.yaml` by
the detectors' own author. The two halves share no base interview either.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

from app.bootstrap import App
from app.settings import load_settings
from evals.flaws.bases import Base, load_bases
from evals.flaws.material import Material
from evals.flaws.plant import no_op, plant
from evals.flaws.wordings import SEVERITIES, Half, load_wordings
from evals.suites.meta import Planted
from evals.vocabulary import Flaw

PER_SEVERITY = 104
"""Planted transcripts of each flaw and severity: 312 a flaw, and as many rewrites that change nothing."""
_TRIES = 40
# Bases into which a flaw cannot be planted are passed over, so it takes more of them.
_ROUNDS = 12


def planted(
    *, half: Half = Half.HELDOUT, per_severity: int = PER_SEVERITY, seed: int = 6, app: App | None = None
) -> Iterable[Planted]:
    """Pairs of transcripts before and after a change, the same ones for the same arguments.

    Args:
        half: whose wordings and base interviews.
        per_severity: how many of each flaw and severity; three times as many rewrites without a flaw.
        app: reads content; one of the settings if None.

    Raises:
        NoFigures: the base interviews or wordings are not here.
    """
    app = app or App(load_settings())
    wordings = load_wordings(half)
    bases = load_bases(app, half=half)
    material = {base.transcript.case: Material(app.catalog.brief(base.transcript.case)) for base in bases}
    for flaw in Flaw:
        for severity in SEVERITIES:
            rng = random.Random(f"{seed}/{half}/{flaw}/{severity}")
            texts = wordings.of(flaw, severity)
            made = 0
            for count, base in _turns_about(bases, _ROUNDS * per_severity, rng):
                found = _try(base, flaw, severity, texts, material[base.transcript.case], rng, count)
                if found is not None:
                    yield found
                    made += 1
                if made == per_severity:
                    break
    rng = random.Random(f"{seed}/{half}/no-op")
    for count, base in _turns_about(bases, 3 * per_severity, rng):
        yield no_op(base, wordings.no_op, rng=rng, name=f"no-op.{count}")


def _turns_about(bases: list[Base], wanted: int, rng: random.Random) -> Iterator[tuple[int, Base]]:
    order = list(bases)
    for count in range(wanted):
        if count % len(order) == 0:
            rng.shuffle(order)
        yield count, order[count % len(order)]


def _try(
    base: Base, flaw: Flaw, severity: str, texts: tuple[str, ...], material: Material, rng: random.Random, count: int
) -> Planted | None:
    """A planted flaw; some drawings do not fit the base (no term left, no step to skip) and are drawn again."""
    for _ in range(_TRIES):
        found = plant(base, flaw, severity, texts, material=material, rng=rng, name=f"{flaw}.{severity}.{count}")
        if found is not None:
            return found
    return None
