"""`mlsd users`: who may log in where the page is hosted."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.output import console
from app.cli.parts import parts_of

if TYPE_CHECKING:
    from app.bootstrap import App

Name = Annotated[str, typer.Argument(help="The user's name; capitals do not matter.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    users = typer.Typer(help="Who may log in where the page is hosted.", no_args_is_help=False)
    users.command("add")(add)
    users.command("change")(change)
    users.command("remove")(remove)
    users.command("list")(list_users)
    app.add_typer(users, name="users")


def add(context: typer.Context, name: Name) -> None:
    """Let somebody in; asks for the password, or reads it from standard input."""
    from app.adapters.users_file import checked_name

    parts = parts_of(context)
    name = checked_name(name)
    parts.users.add(name, _password(name))
    console().print(f"{name} may log in.", markup=False)
    left = asyncio.run(_interviews(parts, name, delete=False))
    if left:
        console().print(f"{left} interviews of an earlier {name} are stored, and are this user's now.", markup=False)


def change(context: typer.Context, name: Name) -> None:
    """Set another password; ends the user's logins."""
    users = parts_of(context).users
    name = users.known_name(name)
    users.change(name, _password(name))
    console().print(f"{name} has another password, and is logged out everywhere.", markup=False)


def remove(
    context: typer.Context,
    name: Name,
    interviews: Annotated[bool, typer.Option("--interviews", help="Delete the user's interviews, too.")] = False,
) -> None:
    """Let somebody in no more; ends the user's logins. The interviews stay unless --interviews is given."""
    parts = parts_of(context)
    name = parts.users.known_name(name)
    parts.users.remove(name)
    count = asyncio.run(_interviews(parts, name, delete=interviews))
    console().print(f"{name} may not log in any more.", markup=False)
    if count:
        what = "were deleted" if interviews else f"stay; whoever is added as {name} again has them"
        console().print(f"{count} interviews {what}.", markup=False)


def list_users(context: typer.Context) -> None:
    """List who may log in."""
    names = parts_of(context).users.names()
    for name in names or ["Nobody may log in yet; `mlsd users add NAME` lets somebody in."]:
        console().print(name, markup=False)


def _password(name: str) -> str:
    """The new password: typed twice at a terminal, else the first line of standard input.

    Raises:
        InputError: the two differ, or there is none.
    """
    from getpass import getpass

    from app.errors import InputError

    if not sys.stdin.isatty():
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise InputError("there is no password on standard input; type it at a terminal, or pipe it in as one line")
        return line
    password = getpass(f"Password for {name} (15 characters or more): ")
    if getpass("The same again: ") != password:
        raise InputError("the two passwords differ; nothing was changed, try again")
    return password


async def _interviews(parts: App, owner: str, *, delete: bool) -> int:
    """How many interviews somebody has, or had before they were deleted."""
    try:
        headers = await parts.store.headers(owner=owner)
        if delete:
            for header in headers:
                await parts.store.delete(header.id)
        return len(headers)
    finally:
        await parts.store.close()
