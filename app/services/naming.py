"""Which stored interview a person means: by its id, by the beginning of that, or as the last one."""

from __future__ import annotations

from collections.abc import Sequence

from app.errors import InputError, UnknownInterview
from app.ports import InterviewStore

LAST = "last"
_SHORTEST = 4  # a slip of the finger names no interview
_SHOWN = 8


async def interview_named(store: InterviewStore, name: str) -> str:
    """The id of a stored interview.

    Args:
        store: where it is.
        name: the id, a beginning of it that no other one has, or `last` for the one that began last.

    Raises:
        InputError: several ids begin with it.
        UnknownInterview: none does.
    """
    try:
        await store.owner(name)
    except UnknownInterview:
        pass
    else:
        return name
    ids = [header.id for header in await store.headers()]
    if name.lower() == LAST and ids:
        return ids[0]
    meant = [id for id in ids if id.lower().startswith(name.lower())] if len(name) >= _SHORTEST else []
    if len(meant) > 1:
        raise InputError(
            f"{name!r} is the beginning of {len(meant)} interviews ({', '.join(meant[:3])}); give more of the id"
        )
    if not meant:
        raise UnknownInterview(name)
    return meant[0]


def short_ids(ids: Sequence[str]) -> dict[str, str]:
    """Each id by as much of its beginning as tells it from the others; eight characters at least."""
    length = _SHOWN
    while len({id[:length] for id in ids}) < len(set(ids)):
        length += 1
    return {id: id[:length] for id in ids}


def short_name(interview_id: str) -> str:
    """An id that this product made, as `interview_named` finds it again."""
    return interview_id[:_SHOWN]
