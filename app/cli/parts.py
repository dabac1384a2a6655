"""Where commands get the product's parts from: the caller of `main`, else the bootstrap and the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from app.bootstrap import App


def parts_of(context: typer.Context, *, model: str | None = None) -> App:
    """The parts, on today's settings; made anew for each command.

    Args:
        context: of the command; its `obj` makes the parts where the caller of `main` gave such a function.
        model: replaces the model that the settings name.

    Raises:
        SettingsError: the environment holds something that cannot be used.
    """
    from app.settings import load_settings

    settings = load_settings(model=model)
    if context.obj is not None:
        made: App = context.obj(settings)
        return made
    from app.bootstrap import App

    return App(settings)
