"""The candidate's own notes, kept beside the dialogue: the last ones count, and no turn waits for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.domain.events import AnyEvent, NotesKept
from app.domain.vocabulary import Frozen
from app.errors import ConflictError
from app.ports import Clock, InterviewStore
from app.services.typed import clean_notes


class Notes(Frozen):
    """The notes as they stand; `seq` is that of their event, 0 before the first."""

    text: str = ""
    seq: int = 0


def latest_notes(events: Sequence[AnyEvent]) -> Notes:
    """The last notes of an interview."""
    kept = next((event for event in reversed(events) if isinstance(event, NotesKept)), None)
    return Notes() if kept is None else Notes(text=kept.text, seq=kept.seq)


async def keep_notes(store: InterviewStore, interview_id: str, text: str, *, clock: Clock) -> Notes:
    """Append the notes to the log, behind whatever comes meanwhile; nothing is written if they stand there already.

    Raises:
        InputError: they are too long.
        UnknownInterview: there is no such interview.
        StoreError: the disk refused.
    """
    text = clean_notes(text)
    while True:
        stored = await store.load(interview_id)
        before = latest_notes(stored.events)
        if before.text == text:
            return before
        event = NotesKept(seq=stored.seq + 1, at=clock.now(), text=text)
        try:
            await store.append(interview_id, [event], expected_seq=stored.seq)
        except ConflictError:
            continue
        return Notes(text=text, seq=event.seq)


async def append_behind_notes(
    store: InterviewStore, interview_id: str, events: Iterable[AnyEvent], *, expected_seq: int
) -> None:
    """Append a turn's events; where only notes were kept since, the events are renumbered instead of made anew.

    Raises:
        ConflictError: something else came between.
        StoreError: the disk refused.
    """
    events = list(events)
    while True:
        try:
            await store.append(interview_id, events, expected_seq=expected_seq)
        except ConflictError:
            between = (await store.load(interview_id)).events[expected_seq:]
            if not between or not all(isinstance(event, NotesKept) for event in between):
                raise
            expected_seq += len(between)
            events = [event.model_copy(update={"seq": seq}) for seq, event in enumerate(events, start=expected_seq + 1)]
        else:
            return
