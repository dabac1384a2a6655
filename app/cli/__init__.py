"""The command line. Commands live in the modules beside this one; each imports what it needs when it runs."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import typer
from typer.exceptions import TyperException
from typer.main import get_command

from app.errors import ContentError, InputError, InterviewError, SettingsError, UnknownInterview

if TYPE_CHECKING:
    from app.bootstrap import App
    from app.settings import Settings

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_INTERRUPTED = 130
_GLOBAL = {"--help", "--version"}


def build() -> typer.Typer:
    """The command tree."""
    from app.cli import content, disputing, doctor, evals, history, interview, page, rehearsal, replay, scoring, users

    app = typer.Typer(
        name="mlsd",
        help="A mock interviewer for machine-learning system design. `mlsd` alone opens the page.",
        no_args_is_help=False,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for module in (page, interview, history, scoring, disputing, content, doctor, rehearsal, replay, evals, users):
        module.register(app)
    return app


@cache
def _program() -> Callable[..., Any]:
    """What runs the commands: typer reads the signatures of all of them to make it."""
    return get_command(build())


def main(argv: Sequence[str] | None = None, *, make: Callable[[Settings], App] | None = None) -> None:
    """Run a command; errors become one line on stderr and an exit status.

    Args:
        argv: the arguments after the program's name; those of the process if None.
        make: makes the product's parts from the settings; the bootstrap's App if None.

    Raises:
        SystemExit: with 2 after bad usage or unreadable input, 1 after findings or another failure.
    """
    arguments = with_command(list(sys.argv[1:] if argv is None else argv))
    _print_whatever_it_is()
    if arguments[0] == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"mlsd {version('mlsd')}\n")
        return
    try:
        status = _program()(arguments, prog_name="mlsd", standalone_mode=False, obj=make)
        sys.stdout.flush()  # a closed pipe is noticed here at the latest, and not when Python shuts down
    except InterviewError as error:
        bad_usage = isinstance(error, InputError | ContentError | SettingsError | UnknownInterview)
        _fail(str(error), status=EXIT_USAGE if bad_usage else EXIT_FINDINGS)
    except TyperException as error:
        _fail(f"{error.format_message().rstrip('.')}; {_help_of(arguments[0])}", status=error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(EXIT_FINDINGS) from None
    if status == EXIT_INTERRUPTED:
        sys.stderr.write("\n")
    if status:
        raise SystemExit(status)


def with_command(arguments: list[str]) -> list[str]:
    """The arguments with a command in front: options alone, or nothing at all, mean `chat`."""
    if arguments and arguments[0] == "-h":
        return ["--help", *arguments[1:]]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in _GLOBAL):
        return ["chat", *arguments]
    return arguments


def _fail(message: str, *, status: int) -> None:
    sys.stderr.write(f"mlsd: {' '.join(message.split())}\n")
    raise SystemExit(status) from None


def _help_of(command: str) -> str:
    known = {info.name or getattr(info.callback, "__name__", "") for info in build().registered_commands}
    return f"see `mlsd {command} --help`" if command in known else "`mlsd --help` lists the commands"


def _print_whatever_it_is() -> None:
    """Show a character that the terminal cannot, or bytes that are no text, as a question mark."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
