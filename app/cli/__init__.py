"""The command line. Commands live in the modules beside this one; each imports what it needs when it runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import typer

from app.errors import ContentError, InputError, InterviewError, SettingsError

EXIT_FINDINGS = 1
EXIT_USAGE = 2


def build() -> typer.Typer:
    """The command tree."""
    from app.cli import content, interview, page, scoring

    app = typer.Typer(
        name="mlsd",
        help="A mock interviewer for machine-learning system design. `mlsd` alone opens the page.",
        no_args_is_help=False,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    for module in (page, interview, scoring, content):
        module.register(app)
    return app


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command; errors become one line on stderr and an exit status of contracts' meaning."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in {"--help", "-h", "--version"}):
        arguments.insert(0, "chat")
    if arguments[0] == "-h":
        arguments[0] = "--help"
    if arguments[0] == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"mlsd {version('mlsd')}\n")
        return
    try:
        build()(arguments, prog_name="mlsd", standalone_mode=True)
    except InterviewError as error:
        sys.stderr.write(f"mlsd: {_one_line(error)}\n")
        bad_usage = isinstance(error, InputError | ContentError | SettingsError)
        raise SystemExit(EXIT_USAGE if bad_usage else EXIT_FINDINGS) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(EXIT_FINDINGS) from None
    except KeyboardInterrupt:
        sys.stderr.write("\n")
        raise SystemExit(130) from None


def _one_line(error: InterviewError) -> str:
    return " ".join(str(error).split())
