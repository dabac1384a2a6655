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
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from app.adapters.local_servers import LocalServer
from app.adapters.transcript_files import write_transcript
from app.bootstrap import BUILTIN, App
from app.domain.events import InterviewerMessage
from app.domain.vocabulary import Frozen, Level
from app.errors import ModelError
from app.ports import StoredInterview
from app.services.conduct import Agreement
from app.settings import Settings, load_settings
from evals.checkout import servers_with_llama
from evals.gateway import passing_on, tag_grammar
from evals.metrics import Better, better_way
from evals.persona import load_personas
from evals.report.bootstrap import interval
from evals.samples import from_stored
from evals.score import Depth, Row, Scorer
from evals.simulate import CandidateSpec, Planned, candidate_named, file_name, is_current, record, whole_recording
from evals.wording_share import Worded, WordingShare, worded_by, wording_share

if TYPE_CHECKING:
    from tests.servers import Exchange

MEASURES = ("single_question", "leakage", "loops", "reask", "non_sycophancy")
_MODEL_MINUTES = 10.0
"""Of the interview's own clock; a small model takes seconds a turn, and more interviews tell more than longer ones."""
_FEWEST_PAIRS = 5


class Pair(Frozen):
    """One candidate, interviewed by both; planned as for the model."""

    planned: Planned
    model: StoredInterview
    builtin: StoredInterview


class Compared(Frozen):
    """One measure of both interviewers.

    Attributes:
        model: the measure's value by pair; None where it has none.
        builtin: likewise.
    """

    measure: str
    model: tuple[float | None, ...]
    builtin: tuple[float | None, ...]

    @property
    def differences(self) -> list[float]:
        """Model minus built-in, of the pairs in which both have a value."""
        both = zip(self.model, self.builtin, strict=True)
        return [mine - theirs for mine, theirs in both if mine is not None and theirs is not None]

    @property
    def judgement(self) -> str:
        """In words; "as good as" only if no value of the interval is worse."""
        found = interval(self.differences)
        if found.low is None or found.high is None or found.n < _FEWEST_PAIRS:
            return "too few pairs"
        worst, best = found.low, found.high
        if better_way(self.measure) is Better.LOWER:
            worst, best = -best, -worst
        if worst >= 0:
            return "as good as"
        return "worse" if best < 0 else "cannot tell"


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


def compare(rows: Sequence[Row], builtin: Sequence[Row]) -> list[Compared]:
    """The measures of both, pair by pair."""
    return [
        Compared(
            measure=measure,
            model=tuple(row.metrics[measure] for row in rows),
            builtin=tuple(row.metrics[measure] for row in builtin),
        )
        for measure in MEASURES
    ]


def report(pairs: Sequence[Pair], scorer: Scorer) -> list[str]:
    """The figures, a line each."""
    rows = [scorer.row(from_stored(pair.model)) for pair in pairs]
    others = [scorer.row(from_stored(pair.builtin)) for pair in pairs]
    lines = [f"{len(pairs)} candidates, each interviewed by both", ""]
    lines.append(f"{'':<18}{'model':<24}{'built-in':<24}{'model - built-in':<36}the model is")
    for each in compare(rows, others):
        figures = [_figure(each.model), _figure(each.builtin)]
        change = f"{_figure(each.differences, signed=True)} ({len(each.differences)} pairs)"
        lines.append(f"{each.measure:<18}{figures[0]:<24}{figures[1]:<24}{change:<36}{each.judgement}")
    share = wording_share(pair.model for pair in pairs)
    return [*lines, "", *_share_lines(share), *_own_lines([pair.model for pair in pairs], rows)]


def _figure(values: Sequence[float | None], *, signed: bool = False) -> str:
    found = interval(values)
    if found.mean is None:
        return "none"
    sign = "+" if signed else ""
    if found.low is None or found.high is None:
        return f"{found.mean:{sign}.3f}"
    return f"{found.mean:{sign}.3f} [{found.low:{sign}.3f}, {found.high:{sign}.3f}]"


def _share_lines(share: WordingShare) -> Iterator[str]:
    yield (
        f"{share.all} turns of the model's interviews, {share.asked} of them put to the model; it worded "
        f"{share.by_model} itself ({_percent(share.by_model, share.all)} of all, "
        f"{_percent(share.by_model, share.asked)} of those put to it)"
    )
    for how in Worded:
        if count := share.turns.get(how, 0):
            yield f"  {count:>4}  {how}"
    if share.rules:
        yield "turned down or cut, attempts by rule: " + _counted(share.rules)
    if share.failures:
        yield "failures: " + _counted(share.failures)


def _own_lines(interviews: Sequence[StoredInterview], rows: Sequence[Row]) -> Iterator[str]:
    """What the evals flag in the turns that hold words of the model's."""
    flags: Counter[str] = Counter()
    own = 0
    for stored, row in zip(interviews, rows, strict=True):
        labelled = {turn.index: turn for turn in row.turns}
        for event in stored.events:
            if isinstance(event, InterviewerMessage) and worded_by(event).by_model:
                own += 1
                flags.update(flag.value for flag in labelled[event.index].flags)
    yield f"flagged by the evals among those {own}: {_counted(dict(flags.most_common())) or 'none'}"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "none"


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
        for line in report(pairs, Scorer(Depth(), app=parts)):
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
