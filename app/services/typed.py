"""What a candidate typed or pasted, made fit to record."""

from __future__ import annotations

from app.errors import InputError

MOST_CHARACTERS = 50_000
MOST_NOTES = 10_000


def clean(content: str) -> str:
    """A message fit to record: white space made plain, control characters dropped, the ends trimmed.

    Raises:
        InputError: nothing is left, or it is too long.
    """
    if len(content) > MOST_CHARACTERS:
        raise InputError(
            f"the message has {len(content):,} characters; {MOST_CHARACTERS:,} is the most. Send the part that matters"
        )
    lines = "\n".join(content.splitlines())
    kept = "".join(_plain(ch) for ch in lines).strip()
    if not kept:
        raise InputError("the message is empty; type what you would say")
    return kept


def clean_notes(text: str) -> str:
    """Notes fit to record: control characters dropped; they may be empty, and spaces at the ends stay.

    Raises:
        InputError: they are too long.
    """
    if len(text) > MOST_NOTES:
        raise InputError(f"the notes have {len(text):,} characters; {MOST_NOTES:,} is the most. Shorten them")
    return "".join(_plain(ch) for ch in text.replace("\r\n", "\n").replace("\r", "\n"))


def _plain(ch: str) -> str:
    if ch in "\n\t":
        return ch
    if ch.isspace():  # a no-break space from a web page still parts two words
        return " "
    return ch if ch.isprintable() else ""
