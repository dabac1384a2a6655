"""Puts a conversation and a turn's directive into the messages that a model gets.

Append-only, so that an endpoint can reuse what it has read: the system text never changes within an
interview, the dialogue only grows, and the directive comes last and is not kept. When the dialogue
outgrows its budget, the older half goes at once, so that the beginning stays the same for many turns.

What may enter is only what the candidate may know: the problem, the dialogue, and the curated words of
the moves that are possible now. No note, anchor or unreleased hint is ever passed to this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.catalog import Brief
from app.domain.directive import Answer, Directive
from app.domain.events import AnyEvent, AssumptionStated, CandidateMessage, Header, InterviewerMessage
from app.ports import ChatMessage
from app.prompts import entries, render

_Said = CandidateMessage | InterviewerMessage
_GAP = " [...] "


def instructions(header: Header, brief: Brief) -> str:
    """The system text: who the interviewer is, how it talks, and the problem."""
    return render("interviewer", level=header.level.value, problem=brief.case.prompt.strip())


def dialogue(events: Iterable[AnyEvent]) -> list[_Said]:
    """What was said, in order."""
    return [event for event in events if isinstance(event, CandidateMessage | InterviewerMessage)]


def tagged(moves: Sequence[Directive]) -> Mapping[str, Directive]:
    """Moves by the tag that names them in a prompt: the move, numbered from the second of its kind."""
    found: dict[str, Directive] = {}
    for directive in moves:
        same = sum(1 for other in found.values() if other.move is directive.move)
        found[f"{directive.move}-{same + 1}" if same else str(directive.move)] = directive
    return found


def directive_text(moves: Mapping[str, Directive], *, answers: Sequence[Answer], rejected: str | None = None) -> str:
    """The turn's directive.

    Args:
        moves: what may be done, by tag; at least one.
        answers: what this reply has already said.
        rejected: the rule for which a first draft was dropped.
    """
    said = " ".join(answer.text for answer in answers)
    return render(
        "turn",
        answered=render("answered", answers=said) if said else "",
        moves="\n".join(f"{tag}: {directive.text}" for tag, directive in moves.items()),
        first=next(iter(moves)),
        correction=render("correction", reason=entries("reasons")[rejected]) if rejected else "",
    )


def note_words() -> str:
    """What stands in every turn's directive, whatever its moves."""
    return render("turn", answered="", moves="", first="", correction="")


def messages(
    events: Sequence[AnyEvent], *, header: Header, brief: Brief, directive: str, budget: int
) -> list[ChatMessage]:
    """The whole prompt: system, then user and assistant in strict alternation, the directive at the very end.

    Some models' chat templates refuse a conversation that does not begin with the user, two messages of one
    side in a row, or a system message in the middle. So the interview begins with a stage direction,
    messages of one side are joined, and the directive follows the candidate's words in the same message.

    Args:
        events: the interview's events so far.
        directive: of this turn.
        budget: characters of dialogue that are kept; at least the latest message is, shortened if need be.
    """
    said = dialogue(events)
    start = _first_kept(said, budget)
    parts = [ChatMessage(role="user", content=_beginning(said[:start], events, brief))]
    parts += [
        ChatMessage(
            role="user" if isinstance(event, CandidateMessage) else "assistant",
            content=_shortened(event.content, budget // 2),
        )
        for event in said[start:]
    ]
    parts.append(ChatMessage(role="user", content=directive))
    return [ChatMessage(role="system", content=instructions(header, brief)), *_joined(parts)]


def _first_kept(said: Sequence[_Said], budget: int) -> int:
    """Index of the first message that is kept; moves on by half a budget at a time."""
    start, size = 0, 0
    for place, event in enumerate(said):
        size += min(len(event.content), budget // 2)
        if size <= budget:
            continue
        while start < place and size > budget // 2:
            size -= min(len(said[start].content), budget // 2)
            start += 1
    return start


def _beginning(dropped: Sequence[_Said], events: Iterable[AnyEvent], brief: Brief) -> str:
    if not dropped:
        return render("beginning")
    facts = dict.fromkeys(fact for event in dropped if isinstance(event, InterviewerMessage) for fact in event.facts)
    given = [brief.fact_by_id[fact].answer for fact in facts if fact in brief.fact_by_id]
    turns = {event.index for event in dropped}
    assumed = [event.quote for event in events if isinstance(event, AssumptionStated) and event.turn in turns]
    return render("earlier", facts=" ".join(given) or "none.", assumptions=" ".join(assumed) or "none.")


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    keep = max(0, most - len(_GAP)) // 2
    return text[:keep] + _GAP + text[len(text) - keep :]


def _joined(parts: Iterable[ChatMessage]) -> list[ChatMessage]:
    found: list[ChatMessage] = []
    for part in parts:
        if found and found[-1].role == part.role:
            found[-1] = ChatMessage(role=part.role, content=f"{found[-1].content}\n\n{part.content}")
        else:
            found.append(part)
    return found
