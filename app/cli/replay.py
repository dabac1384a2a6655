"""`mlsd replay`: recorded interviews against today's policy, prompts, model and content."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import console, print_json
from app.cli.parts import parts_of
from app.cli.progress import ProgressBar

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from evals.replay import Change, ReplayedInterview, ReplayedTurn, Side
    from evals.replay_report import Done, ReplayReport


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(replay)


def replay(
    context: typer.Context,
    transcript: Annotated[Path, typer.Argument(help="A transcript, ours or chat JSON, or a folder of such.")],
    turn: Annotated[int | None, typer.Option(min=0, help="Only the interviewer's message of this index.")] = None,
    model: Annotated[
        str | None, typer.Option(help="The interviewer: builtin, or a model's name; as recorded if not given.")
    ] = None,
    scores: Annotated[bool, typer.Option("--scores", help="Also which verdicts and ratings flipped, and why.")] = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write the turns that changed most here.")] = None,
    case: Annotated[str | None, typer.Option("--case", help="The case, for chat JSON of another product.")] = None,
    with_models: Annotated[
        bool,
        typer.Option("--with-models", help="List turns of models' recordings that no model answers anew, too."),
    ] = False,
    jobs: Annotated[int | None, typer.Option(min=1, max=256, help="Processes; all cores if not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show what the interviewer would say today at each turn of a recorded interview."""
    from app.errors import InputError
    from evals.replay_report import Order, files_in, page, replay_all

    parts = parts_of(context)
    many = transcript.is_dir()
    if many and turn is not None:
        raise InputError("--turn goes with one transcript, not with a folder; leave it out or name a file")
    order = Order(model=model, turn=turn, scores=scores, case=case, apart=with_models)
    files = files_in(transcript)
    with ProgressBar("replaying", total=len(files)) as bar:

        def told(done: Done) -> None:
            bar.advance(Path(done.file).name, complaint=done.skipped.reason if many and done.skipped else None)

        report = replay_all(files, parts, order=order, jobs=jobs or os.cpu_count() or 1, told=told)
    if not report.interviews:
        raise InputError(report.skipped[0].reason if not many else f"{transcript}: no file in it can be replayed")
    if html is not None:
        _write(html, page(report))
    if as_json:
        print_json(report)
    else:
        _print(report, many=many)


def _write(html: Path, text: str) -> None:
    from app.errors import InputError

    try:
        html.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"{html}: cannot be written ({error.strerror}); name another file with --html") from error


def _print(report: ReplayReport, *, many: bool) -> None:
    from evals.replay import Change

    screen = console()
    apart = [each for each in report.interviews if each.apart]
    here = {change: report.changes[change] - report.changes_apart[change] for change in Change}
    if len(apart) < len(report.interviews):
        screen.print(_counted(len(report.interviews) - len(apart), here), soft_wrap=True)
    if apart:
        note = "Models' recordings that no model answers anew, on other content or by another interviewer: "
        screen.print(note + _counted(len(apart), report.changes_apart), soft_wrap=True)
        if len(apart) < len(report.interviews):
            screen.print("They are not in the list unless asked for by --with-models, and last then.", soft_wrap=True)
    places = {(place.file, place.id, place.turn) for place in report.most_changed}
    for interview in report.interviews:
        shown = [turn for turn in interview.turns if not many or (interview.file, interview.id, turn.index) in places]
        if not many or shown:
            _print_interview(interview, shown, screen)
        elif interview.scores is not None and interview.scores.flips:
            _print_interview(interview, [], screen)
    if report.verdicts_flipped is not None:
        screen.print(f"\n{report.verdicts_flipped} verdicts flipped.")


def _counted(interviews: int, changes: Mapping[Change, int]) -> str:
    from evals.replay import Change

    return (
        f"{interviews} interviews, {sum(changes.values())} turns: {changes[Change.MOVE]} with another move, "
        f"{changes[Change.CRITERION]} with another aim, {changes[Change.WORDS]} in other words, "
        f"{changes[Change.NONE]} unchanged."
    )


def _print_interview(interview: ReplayedInterview, turns: list[ReplayedTurn], screen: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    from evals.replay import Change

    screen.print()
    screen.print(Text(f"{interview.file} ({interview.case}, {interview.level.value})", style="bold"))
    if not interview.words_compared:
        screen.print("A model's recording, replayed without it: only moves are compared; --model compares words.")
    if interview.content_then != interview.content_now:
        screen.print("The content has changed since the recording.")
    if turns:
        table = Table(show_lines=True, expand=True)
        table.add_column("turn", no_wrap=True)
        table.add_column("then", ratio=1)
        table.add_column("today", ratio=1)
        for turn in turns:
            today = Text("the same", style="dim") if turn.change is Change.NONE else _side(turn.new)
            if turn.change is not Change.NONE:
                today.append(f"\nother {_CHANGES[turn.change.value]}, distance {turn.distance:.2f}", style="dim")
            for heard in turn.hearings:
                sign = "now heard" if heard.gained else "no longer heard"
                today.append(f"\n{sign} as {heard.heard_as.value} {heard.id}: {heard.quote}", style="dim")
            table.add_row(str(turn.index), _side(turn.old), today)
        screen.print(table)
    if interview.scores is not None:
        _print_scores(interview, screen)


_CHANGES = {"move": "move", "criterion": "aim", "words": "words"}


def _side(side: Side) -> Text:
    from rich.text import Text

    marks = [side.move.value if side.move is not None else "", side.criterion or "", side.about or ""]
    marks += [f"guard: {rule}" for rule in side.guard] + [f"flag: {flag}" for flag in side.flags]
    text = Text(side.content)
    text.append(f"\n{' · '.join(mark for mark in marks if mark)}", style="cyan")
    return text


def _print_scores(interview: ReplayedInterview, screen: Console) -> None:
    scores = interview.scores
    assert scores is not None
    screen.print(
        f"Score {scores.score_then} ({scores.verdict_then.value}) then, {scores.score_now} "
        f"({scores.verdict_now.value}) today.",
        markup=False,
    )
    for flip in scores.flips:
        then, now = (
            f"{status.value} {rating or ''}".strip()
            for status, rating in ((flip.status_then, flip.rating_then), (flip.status_now, flip.rating_now))
        )
        screen.print(f"  {flip.criterion}: {then} -> {now}", markup=False)
        for quote in flip.lost:
            screen.print(f"    no longer counts, turn {quote.turn}: {quote.quote}", markup=False)
        for quote in flip.gained:
            screen.print(f"    counts now, turn {quote.turn}: {quote.quote}", markup=False)
