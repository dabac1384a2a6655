"""`mlsd chat`: the page."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.parts import parts_of


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("chat")(chat)


def chat(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8000,
    model: Annotated[str | None, typer.Option(help="The interviewer's model; `builtin` for none.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
) -> None:
    """Open the interview page (the default command)."""
    from app.web.launch import serve

    serve(parts_of(context, model=model), host=host, port=port, open_browser=not no_browser)
