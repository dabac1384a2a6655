"""The debrief as Markdown, for files and terminals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.debrief import Debrief, Gap, Pace, PlanDay
from app.domain.pacing import clock
from app.services.debrief import escape


def debrief_markdown(debrief: Debrief) -> str:
    """The whole debrief but for the dialogue; what the candidate typed is escaped."""
    blocks = [
        f"# Debrief: {debrief.title}, {debrief.level.value} level",
        f"**{debrief.headline}**{_score(debrief)}",
        _bullets(debrief.reasons),
        f"{debrief.level.value.capitalize()} asks for this: {debrief.level_asks} {debrief.outlook}",
        "## What went well",
        *_strengths(debrief),
    ]
    if debrief.gaps:
        blocks.append(f"## The gaps that matter most at {debrief.level.value} level")
        for place, gap in enumerate(debrief.gaps, start=1):
            blocks += _gap(gap, place, debrief)
        if debrief.more_gaps:
            blocks.append(f"Below the level too, and for later: {'; '.join(debrief.more_gaps)}.")
    if debrief.wrong_claims:
        blocks += ["## Claims to put right", _bullets(_claims(debrief))]
    if debrief.doubts:
        blocks += ["## Where it is not certain what you meant", _bullets(_doubts(debrief))]
        blocks.append(
            'Nothing was credited for these. If you meant it, say so: `mlsd dispute ID CRITERION --quote "..."`.'
        )
    blocks += ["## Time", *_pace(debrief.pace), "## Hints", _hints(debrief)]
    if debrief.answers:
        blocks.append(f"## What an answer at {debrief.level.value} level sounds like")
        for answer in debrief.answers:
            blocks.append(f"**{answer.step.heading}.** {answer.text}")
            if answer.next_text is not None:
                blocks.append(f"*One level up.* {answer.next_text}")
    blocks.append("## One week, about an hour a day")
    blocks += [_day(day) for day in debrief.plan]
    if debrief.notes:
        blocks.append("## Notes")
        for note in debrief.notes:
            blocks += [f"### {note.heading} ({note.step.heading})", f"*For: {'; '.join(note.criteria)}*", note.text]
    if debrief.board is not None:
        blocks += [f"## {board_heading(debrief)}", _fenced(debrief.board.text)]
        blocks.append(_bullets([escape(remark) for remark in debrief.board.remarks]))
    if debrief.architecture is not None:
        groups = [f"**{each.group}**: {', '.join(each.components)}" for each in debrief.architecture.groups]
        blocks += ["## A reference architecture, one of several good ones", _bullets(groups)]
        blocks.append(_bullets(debrief.architecture.edges))
    return "\n\n".join(block for block in blocks if block) + "\n"


def board_heading(debrief: Debrief) -> str:
    """What the section on the candidate's board is called."""
    return "Your board and one good architecture" if debrief.architecture is not None else "Your board"


def _fenced(text: str) -> str:
    """A text as it is, in a code block that none of its lines can close."""
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", text)), 3)
    return f"{fence}text\n{text}\n{fence}"


def _bullets(lines: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _score(debrief: Debrief) -> str:
    if debrief.score is None:
        return ""
    if debrief.range is None or debrief.range.high is None:
        return f" {debrief.score} of 100."
    return f" {debrief.score} of 100; {debrief.range.high} if what you dispute were credited."


def _strengths(debrief: Debrief) -> list[str]:
    if not debrief.strengths:
        return ["Nothing could be credited yet, so there is nothing to quote. The week below begins with that."]
    blocks = []
    if all(each.rating < 3 for each in debrief.strengths):
        blocks.append("Nothing was worked out yet; these were begun:")
    for each in debrief.strengths:
        lines = [f"- **{each.name}** ({each.rating} of 4). {escape(each.why)}"]
        lines += [
            f'  - "{escape(quote.quote)}" (message {quote.turn + 1}, {quote.provenance.value})' for quote in each.quotes
        ]
        blocks.append("\n".join(lines))
    return ["\n".join(blocks) if blocks[0].startswith("- ") else "\n\n".join([blocks[0], "\n".join(blocks[1:])])]


def _gap(gap: Gap, place: int, debrief: Debrief) -> list[str]:
    rated = "not rated" if gap.rating is None else f"{gap.rating} of 4"
    worth = f"; worth up to {gap.worth} point{'' if gap.worth == 1 else 's'}" if gap.worth else ""
    lines = [escape(gap.why)]
    lines += [f'You said "{escape(quote.quote)}" (message {quote.turn + 1}).' for quote in gap.quotes[:3]]
    lines += [
        f"A {debrief.level.value} candidate: {gap.at_level}",
        f"{gap.lift_heading}: {gap.lift}",
    ]
    if gap.beyond:
        lines.append(f"What {debrief.level.value} needs, {gap.expected} of 4: {gap.beyond}")
    if gap.example is not None:
        lines.append(f'It can sound like this: "{gap.example}"')
    headings = {note.place: note.heading for note in debrief.notes}
    if gap.notes:
        cited = ", ".join(f'"{headings[each]}"' for each in gap.notes)
        lines.append(f"Note: {cited} (below).")
    core = ", core" if gap.core else ""
    return [
        f"### {place}. {gap.name} ({gap.step.heading}: {rated}, {gap.expected} expected{core}{worth})",
        _bullets(lines),
    ]


def _claims(debrief: Debrief) -> Iterator[str]:
    for each in debrief.wrong_claims:
        later = " You put it right later, so it does not count against you." if each.corrected else ""
        yield f'"{escape(each.quote)}" (message {each.turn + 1}), on {each.name}: {each.claim}{later}'


def _doubts(debrief: Debrief) -> Iterator[str]:
    for each in debrief.doubts:
        place = "" if each.turn is None else f" (message {each.turn + 1})"
        yield f'"{escape(each.quote)}"{place}: perhaps {each.name} (`{each.criterion}`)'


def _pace(pace: Pace) -> list[str]:
    rows = ["| Step | Used | Planned |", "|---|---|---|"]
    for line in pace.steps:
        rows.append(
            f"| {line.step.heading} | {line.used} | {'untimed' if line.budget is None else clock(line.budget)} |"
        )
    return ["\n".join(rows), _bullets(pace.remarks)]


def _hints(debrief: Debrief) -> str:
    if not debrief.hints:
        return "None were taken."
    return _bullets(
        [
            f"{each.name}, rung {each.rung} (message {each.turn + 1}): what came later could earn {each.caps_at} of 4"
            for each in debrief.hints
        ]
    )


def _day(day: PlanDay) -> str:
    lines = [f"**Day {day.day}. {day.title}** ({day.minutes} min)", ""]
    for task in day.tasks:
        lines.append(f"- {task.minutes} min: {task.text}")
        if task.command is not None:
            lines.append(f"  `{task.command}`")
    return "\n".join(lines)
