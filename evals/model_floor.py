"""How far down a bad model can pull an interview: `python -m evals.model_floor` (a quarter of an hour; loopback only).

SmolLM2-135M, on a llama.cpp server that is started for it and ended with it, interviews simulated candidates; the
built-in interviewer interviews the same ones: same case, level, persona and seed. The measures are those of
`mlsd eval`, with intervals over transcripts; the difference is paired, candidate by candidate. "As good as" is only
said where the whole interval of the difference leaves nothing worse, which few pairs seldom do.

Beside it stands who worded the turns, since a model of which nothing passes the guard is the built-in interviewer.
SmolLM2 hardly ever names its move, so left alone it says nothing at all. With `--tagged` a grammar makes it write one
of the tags that it is offered, and any words after it: what a bad model can do that keeps to the form.

What the evals flag in turns that hold the model's own words is counted apart, as whole interviews thin it out.
Needs a checkout and its development packages.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from app.adapters.local_servers import LocalServer
from app.adapters.transcript_files import write_transcript
from app.bootstrap import BUILTIN, App
from app.domain.vocabulary import Frozen, Level
from app.errors import ModelError
from app.ports import StoredInterview
from app.services.conduct import Agreement
from app.settings import Settings, load_settings
from evals.checkout import servers_with_llama
from evals.floor_figures import report
from evals.gateway import passing_on, tag_grammar
from evals.persona import load_personas
from evals.score import Depth, Scorer
from evals.simulate import CandidateSpec, Planned, candidate_named, file_name, is_current, record, whole_recording

if TYPE_CHECKING:
    from tests.servers import Exchange

_MODEL_MINUTES = 10.0
"""Of the interview's own clock; a small model takes seconds a turn, and more interviews tell more than longer ones."""


class Pair(Frozen):
    """One candidate, interviewed by both; planned as for the model."""

    planned: Planned
    model: StoredInterview
    builtin: StoredInterview


def plan(parts: App, *, model: str) -> Iterator[Planned]:
    """Candidates without end: cases, personas and levels go round, each at its own pace."""
    cases, personas, levels = parts.catalog.case_ids(), list(load_personas()), list(Level)
    number = 0
    while True:
        agreement = Agreement(
            case=cases[number % len(cases)],
            level=levels[number % len(levels)],
            minutes=_MODEL_MINUTES,
            seed=number // len(cases),
        )
        yield _planned(agreement, candidate_named(personas[number % len(personas)]), model=model)
        number += 1


def _planned(agreement: Agreement, candidate: CandidateSpec, *, model: str) -> Planned:
    file = Path(file_name(agreement, candidate=candidate.name, model=model))
    return Planned(agreement=agreement, candidate=candidate, model=model, file=file)


def by_builtin(planned: Planned) -> Planned:
    """The same interview, with the built-in interviewer."""
    return _planned(planned.agreement, planned.candidate, model=BUILTIN)


def play_pairs(
    parts: App,
    candidates: Iterator[Planned],
    *,
    seconds: float,
    told: Callable[[str], None],
    keep: Path | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> list[Pair]:
    """Play candidate after candidate, as many as fit: one more is begun while the longest so far would still end.

    An interview that is not over in time makes no pair, nor one in which the model did not answer once; `told` hears
    of it.

    Args:
        seconds: for all of them together.
        keep: where recordings are written; those of an earlier run that are there already count too.
        clock: in seconds; only differences count.
    """
    until = clock() + seconds
    longest = 0.0
    pairs: list[Pair] = []
    for planned in candidates:
        began = clock()
        if began + longest >= until:
            break
        if keep is not None and (before := _kept(planned, parts, keep)) is not None:
            pairs.append(before)
            continue
        name = f"{planned.agreement.case}, {planned.candidate.name}, {planned.agreement.level}"
        try:
            pair = asyncio.run(_play_pair(planned, parts, seconds=until - began))
            if keep is not None:
                write_transcript(pair.model, keep / planned.file)
                write_transcript(pair.builtin, keep / by_builtin(planned).file)
            pairs.append(pair)
            told(f"{name}: {clock() - began:.0f} s")
        except ModelError as error:
            told(f"{name}: {error}")
        except TimeoutError:
            told(f"{name}: was not over in time, and does not count")
        longest = max(longest, clock() - began)
    return pairs


async def _play_pair(planned: Planned, parts: App, *, seconds: float) -> Pair:
    async with asyncio.timeout(seconds):
        by_model = await record(planned, parts)
        return Pair(planned=planned, model=by_model, builtin=await record(by_builtin(planned), parts))


def _kept(planned: Planned, parts: App, folder: Path) -> Pair | None:
    found = [whole_recording(folder / each.file) for each in (planned, by_builtin(planned))]
    now = parts.catalog.content_hash
    current = [each for each in found if each is not None and is_current(each, planned, content_hash=now)]
    return Pair(planned=planned, model=current[0], builtin=current[1]) if len(current) == len(found) else None


def main(
    minutes: Annotated[float, typer.Option(min=0.5, max=60, help="For all interviews together.")] = 12,
    tagged: Annotated[bool, typer.Option("--tagged", help="Make the model name its move, by a grammar.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep recordings here; count those that are there.")] = None,
) -> None:
    """Play, measure, and print the figures; they are reported, and no status hangs on them."""
    servers = servers_with_llama()
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    with ExitStack() as running:
        local = running.enter_context(servers.llama_server())
        address = local.base_url
        if tagged:
            gateway = servers.StubEndpoint(passing_on(address, adds=_tagged), models=[local.model])
            address = running.enter_context(gateway).base_url
        parts = _parts(port=urlsplit(address).port or 0)
        model = f"{LocalServer.LLAMA_CPP}:{local.model}"
        asyncio.run(parts.chat(model).warm_up())
        pairs = play_pairs(parts, plan(parts, model=model), seconds=60 * minutes, told=typer.echo, keep=keep)
        if not pairs:
            typer.echo("mlsd: no interview was played; give it more --minutes", err=True)
            raise typer.Exit(1)
        typer.echo("")
        models, others = [pair.model for pair in pairs], [pair.builtin for pair in pairs]
        for line in report(models, others, scorer=Scorer(Depth(), app=parts)):
            typer.echo(line)


def _tagged(exchange: Exchange) -> dict[str, str]:
    prompt = exchange.request.body["messages"][-1]["content"]
    return {"grammar": tag_grammar(prompt)} if "Pick one of these moves." in prompt else {}


def _parts(*, port: int) -> App:
    """The product's parts; of the user's settings only the folder: no address, no key, no other embedder."""
    home = load_settings().home
    return App(Settings(_env_file=None, home=home, content=None, model=None, embedding_model=None, llama_cpp_port=port))


if __name__ == "__main__":
    typer.run(main)
