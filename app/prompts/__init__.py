"""The prompts: one Markdown file per purpose, filled in with string.Template.

What a candidate typed only ever enters as a value, and values are not looked through for variables.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from string import Template


def render(name: str, **values: str) -> str:
    """Fill in a prompt.

    Args:
        name: the file in this package, without `.md`.
        **values: one value for each variable of the file; an empty one is fine.

    Returns:
        The text without white space at its ends.

    Raises:
        ValueError: there is no such prompt, or its variables and the values do not match.
    """
    template = Template(_read(name))
    if not template.is_valid():
        raise ValueError(f"prompt {name!r} holds a stray '$'; write '$$' for the sign itself")
    wanted = set(template.get_identifiers())
    if missing := sorted(wanted - values.keys()):
        raise ValueError(f"prompt {name!r} needs {', '.join(missing)}; pass a value for each")
    if unused := sorted(values.keys() - wanted):
        raise ValueError(f"prompt {name!r} has no variable {', '.join(unused)}; drop the value or name it there")
    return template.substitute(values).strip()


def entries(name: str) -> Mapping[str, str]:
    """The entries of a prompt file that is a list of `- key: text` lines; other lines are remarks.

    Raises:
        ValueError: there is no such prompt.
    """
    found: dict[str, str] = {}
    for line in _read(name).splitlines():
        key, colon, text = line.removeprefix("- ").partition(": ")
        if line.startswith("- ") and colon:
            found[key] = text.strip()
    return found


def _read(name: str) -> str:
    try:
        return (files(__name__) / f"{name}.md").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ValueError(f"there is no prompt {name!r}") from error
