"""`mlsd doctor`: what works on this machine, and what to do about what does not.

Builds no index and changes nothing that is there. A model endpoint is tried out only if one is named; with none,
servers on this machine are looked for at their usual ports, and offered.
"""

from __future__ import annotations

import asyncio
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import console, print_json
from app.cli.parts import parts_of

if TYPE_CHECKING:
    from app.adapters.endpoint_probe import EndpointFindings
    from app.adapters.endpoint_trial import Trial
    from app.adapters.local_servers import FoundServer
    from app.bootstrap import App
    from app.cli.documents import DoctorCheck, DoctorReport, EndpointExample
    from app.errors import InterviewError

_EMBEDDING_S = 8.0


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(doctor)


def doctor(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False
) -> None:
    """Say what works on this machine, and how to name a model. Exit status 1 if something needed is broken."""
    report = examine(parts_of(context))
    if as_json:
        print_json(report)
    else:
        _print(report)
    if not report.ok:
        raise typer.Exit(1)


def examine(parts: App) -> DoctorReport:
    """Look at everything; what is broken is reported, never raised."""
    from importlib.metadata import version

    from app.cli.documents import CheckStatus, DoctorReport

    home = _home(parts)
    usable = home.status is CheckStatus.OK
    content = _content(parts)
    endpoint = _endpoint(parts)
    local = _local(parts) if endpoint is None else ()
    checks = [_python(), home, content, _embedder(parts)]
    if usable:
        checks.append(_store(parts))
        if content.status is CheckStatus.OK:
            checks.append(_index(parts))
    checks += [_page(), _judged(endpoint, local)]
    return DoctorReport(
        ok=all(check.status is not CheckStatus.BROKEN for check in checks),
        version=version("mlsd"),
        home=str(parts.settings.home),
        checks=tuple(checks),
        endpoint=endpoint,
        local=local,
        examples=examples(),
    )


def examples() -> tuple[EndpointExample, ...]:
    """How to name the usual model servers, at the addresses they use by default."""
    from app.cli.documents import EndpointExample

    return (
        EndpointExample(server="Ollama", model="llama3.1:8b", api_base="http://127.0.0.1:11434/v1"),
        EndpointExample(server="OpenAI", model="gpt-4.1-mini", api_base=None),
        EndpointExample(server="vLLM", model="Qwen/Qwen2.5-7B-Instruct", api_base="http://127.0.0.1:8000/v1"),
        EndpointExample(server="llama.cpp", model="default", api_base="http://127.0.0.1:8080/v1"),
        EndpointExample(server="LM Studio", model="qwen2.5-7b-instruct", api_base="http://127.0.0.1:1234/v1"),
    )


def _python() -> DoctorCheck:
    import platform
    import sys

    from app.cli.documents import CheckName, CheckStatus, DoctorCheck

    tested = (3, 11) <= sys.version_info[:2] < (3, 14)
    return DoctorCheck(
        name=CheckName.PYTHON,
        status=CheckStatus.OK if tested else CheckStatus.NOTE,
        message=platform.python_version() + ("" if tested else "; mlsd is tested with 3.11 to 3.13"),
    )


def _home(parts: App) -> DoctorCheck:
    from app.cli.documents import CheckName, CheckStatus, DoctorCheck
    from app.errors import SettingsError
    from app.settings import writable_home

    try:
        home = writable_home(parts.settings)
    except SettingsError as error:
        return _broken(CheckName.HOME, error)
    return DoctorCheck(name=CheckName.HOME, status=CheckStatus.OK, message=f"{home} can be written")


def _content(parts: App) -> DoctorCheck:
    from app.cli.documents import CheckName, CheckStatus, DoctorCheck
    from app.errors import ContentError

    try:
        catalog = parts.catalog
        briefs = [catalog.brief(case_id) for case_id in catalog.case_ids()]
    except ContentError as error:
        return _broken(CheckName.CONTENT, error)
    criteria = sum(len(brief.criteria) for brief in briefs)
    facts = sum(len(brief.case.facts) for brief in briefs)
    message = f"{len(briefs)} cases, {criteria} criteria, {facts} facts, {len(catalog.notes)} notes"
    return DoctorCheck(name=CheckName.CONTENT, status=CheckStatus.OK, message=message)


def _embedder(parts: App) -> DoctorCheck:
    from app.adapters.embedding import EndpointEmbedder, MiniLmEmbedder
    from app.cli.documents import CheckName, CheckStatus, DoctorCheck
    from app.errors import InterviewError

    settings = parts.settings
    embedder: EndpointEmbedder | MiniLmEmbedder = MiniLmEmbedder()
    words = "the bundled model is whole and runs"
    if settings.embedding_model is not None and settings.api_base is not None:
        embedder = EndpointEmbedder(
            settings.embedding_model, api_base=settings.api_base, api_key=_key(parts), timeout=_EMBEDDING_S
        )
        words = "the endpoint's model answers"
    try:
        if settings.embedding_model is not None and settings.api_base is None:
            _ = parts.embedder  # raises, saying what is missing
        dimension = embedder.embed(["Is it ready?"]).shape[1]
    except InterviewError as error:
        return _broken(CheckName.EMBEDDER, error)
    message = f"{words}: {embedder.name}, {dimension} dimensions"
    return DoctorCheck(name=CheckName.EMBEDDER, status=CheckStatus.OK, message=message)


def _store(parts: App) -> DoctorCheck:
    from app.cli.documents import CheckName, CheckStatus, DoctorCheck
    from app.errors import InterviewError

    async def count() -> int:
        store = parts.store
        try:
            return len(await store.headers())
        finally:
            await store.close()

    try:
        stored = asyncio.run(count())
    except InterviewError as error:
        return _broken(CheckName.STORE, error)
    message = f"{stored} interview{'' if stored == 1 else 's'} stored"
    return DoctorCheck(name=CheckName.STORE, status=CheckStatus.OK, message=message)


def _index(parts: App) -> DoctorCheck:
    """An index that is missing, stale or damaged is built anew when it is needed, so that is no fault."""
    from app.adapters.chroma_notes import ChromaNotes, index_name
    from app.cli.documents import CheckName, CheckStatus, DoctorCheck
    from app.errors import InterviewError

    def note(message: str) -> DoctorCheck:
        return DoctorCheck(name=CheckName.INDEX, status=CheckStatus.NOTE, message=message)

    remedy = "the next search builds it, or `mlsd index` does"
    try:
        folder = parts.index_folder
        place = folder / index_name(parts.catalog, parts.embedder)
        if not place.is_dir():
            others = [each for each in folder.glob("[0-9a-f]*") if each.is_dir()] if folder.is_dir() else []
            return note(f"stale: made from other content; {remedy}" if others else f"not built yet; {remedy}")
        found = ChromaNotes(place, embedder=parts.embedder)
        passages = found.count()
        found.close()
    except InterviewError as error:
        return note(str(error))
    return DoctorCheck(name=CheckName.INDEX, status=CheckStatus.OK, message=f"{place.name}, {passages} passages")


def _page() -> DoctorCheck:
    from importlib.metadata import PackageNotFoundError, version

    from app.cli.documents import CheckName, CheckStatus, DoctorCheck

    try:
        message = f"Chainlit {version('chainlit')}; any browser will do"
    except PackageNotFoundError:
        message = "the package 'chainlit' is not installed; run `make install`"
        return DoctorCheck(name=CheckName.PAGE, status=CheckStatus.BROKEN, message=message)
    return DoctorCheck(name=CheckName.PAGE, status=CheckStatus.OK, message=message)


def _endpoint(parts: App) -> EndpointFindings | None:
    from app.adapters.endpoint_probe import probe
    from app.bootstrap import BUILTIN

    settings = parts.settings
    model = None if settings.model == BUILTIN else settings.model
    if model is None and settings.api_base is None:
        return None
    reach = parts.reached_by(model)
    return asyncio.run(
        probe(model=reach.model, api_base=reach.api_base, api_key=reach.api_key, label=model, thorough=True)
    )


def _local(parts: App) -> tuple[FoundServer, ...]:
    from app.adapters.local_servers import find_servers
    from app.bootstrap import BUILTIN

    if parts.settings.model == BUILTIN:  # whoever says so wants no offers
        return ()
    return asyncio.run(find_servers(parts.local_ports))


def _judged(found: EndpointFindings | None, local: tuple[FoundServer, ...]) -> DoctorCheck:
    from app.adapters.endpoint_probe import named
    from app.cli.documents import CheckName, CheckStatus, DoctorCheck

    def check(status: CheckStatus, message: str) -> DoctorCheck:
        return DoctorCheck(name=CheckName.ENDPOINT, status=status, message=message)

    if found is None and any(each.models for each in local):
        servers = ", ".join(f"{each.server} ({named(each.models)})" for each in local if each.models)
        return check(
            CheckStatus.NOTE,
            f"found on this machine: {servers}; until one is named, the built-in interviewer is used",
        )
    if found is None:
        return check(CheckStatus.OK, "none is named, so the built-in interviewer is used; it needs none")
    if found.problem is not None:
        return check(CheckStatus.BROKEN, f"{found.problem}; until then the built-in interviewer stands in")
    if found.model is None:
        offer = f"; it serves {named(found.models)}" if found.models else ""
        return check(
            CheckStatus.NOTE,
            f"{found.api_base} can be reached{offer}; name a model in MLSD_MODEL to use it instead of the built-in "
            "interviewer",
        )
    answers = f"{found.model} answers" + (f" at {found.api_base}" if found.api_base else "")
    trial = found.trial
    if trial is None:
        return check(CheckStatus.OK, answers)
    if trial.problem is not None:
        return check(CheckStatus.BROKEN, f"{answers}, but not a longer prompt: {trial.problem}")
    expected = f"; {trial.expectation}" if trial.expectation else ""
    return check(CheckStatus.OK, f"{answers}{expected}")


def _print_trial(trial: Trial) -> None:
    def said(value: bool | None) -> str:
        return "unknown" if value is None else "yes" if value else "no"

    pace = "unknown" if trial.tokens_per_second is None else f"{trial.tokens_per_second:g} tokens/s"
    context = "unknown" if trial.context_length is None else f"{trial.context_length} tokens"
    console().print(
        f"        streaming: {said(trial.streams)} · JSON schema: {said(trial.json_schema)} · prefix caching: "
        f"{said(trial.prefix_caching)} · speed: {pace} · context: {context}",
        markup=False,
        soft_wrap=True,
    )


def _key(parts: App) -> str | None:
    key = parts.settings.api_key
    return key.get_secret_value() if key is not None else None


def _broken(name: str, error: InterviewError) -> DoctorCheck:
    from app.cli.documents import CheckName, CheckStatus, DoctorCheck

    return DoctorCheck(name=CheckName(name), status=CheckStatus.BROKEN, message=str(error))


def _print(report: DoctorReport) -> None:
    out = console()
    for check in report.checks:
        out.print(f"{check.status.value:7} {check.name.value:9} {check.message}", markup=False, soft_wrap=True)
    if report.endpoint is not None and report.endpoint.trial is not None:
        _print_trial(report.endpoint.trial)
    for server in report.local:
        for model in server.names:
            out.print(f"        use it:   MLSD_MODEL={quote(model)}", markup=False, soft_wrap=True)
    if report.endpoint is None:
        out.print("\nA model behind an OpenAI-compatible address is named by two variables:", markup=False)
        for each in report.examples:
            base = "MLSD_API_KEY=..." if each.api_base is None else f"MLSD_API_BASE={each.api_base}"
            out.print(f"  {each.server:10} MLSD_MODEL={each.model} {base}", markup=False, soft_wrap=True)
