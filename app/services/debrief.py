"""The scorecard in words: Markdown for the terminal, the page and exports."""

from __future__ import annotations

from app.domain.catalog import Brief
from app.domain.dispute import claim_words
from app.domain.events import CandidateMessage, InterviewerMessage
from app.domain.scorecard import RUBRICS_WORDS, CriterionScore, Scorecard, Status, StepScore
from app.ports import StoredInterview
from app.services.debriefing import VERDICTS
from app.services.notes import latest_notes

_STATUSES = {
    Status.MET: "shown",
    Status.PARTIAL: "partly",
    Status.WRONG: "wrong",
    Status.NOT_SHOWN: "not shown",
    Status.NOT_ASSESSED: "not assessed",
}


def scorecard_markdown(card: Scorecard, brief: Brief) -> str:
    """The whole scorecard; every credited point with the candidate's own words.

    Quotes are escaped, so that nothing a candidate typed is rendered as Markdown or HTML.
    """
    stated = 1 if card.overall.score is not None else 0  # the first reason is the score, at which level and of how much
    score = card.overall.reasons[0].rstrip(".") if stated else f"no score at {card.level.value} level"
    if card.overall.range is not None and card.overall.claimed_verdict is not None:
        high = "no score" if card.overall.range.high is None else str(card.overall.range.high)
        score += f" ({high} with what you dispute credited: {VERDICTS[card.overall.claimed_verdict].lower()})"
    parts = [
        f"## Scorecard: {brief.case.title}",
        f"**{VERDICTS[card.overall.verdict]}**: {score}.",
        *(f"- {reason}" for reason in card.overall.reasons[stated:]),
    ]
    if card.recorded_hash is not None and card.recorded_hash != card.content_hash:
        parts.append("- The content has changed since this interview; it is scored by today's.")
    if any(line.rating is not None and line.next_level for step in card.steps for line in step.criteria):
        parts.append(RUBRICS_WORDS)
    parts += [_step(step) for step in card.steps]
    if card.red_flags:
        claims = {flag.id: flag.claim for flag in brief.red_flags}
        parts.append("### Claims to look at again")
        parts += [
            f'- "{escape(flag.quote)}" (message {flag.turn + 1}): {claims.get(flag.id, flag.id)}'
            + (" Put right later, so it does not count." if flag.corrected else "")
            for flag in card.red_flags
        ]
    if card.hints:
        names = {criterion.id: criterion.name for criterion in brief.criteria}
        parts.append("### Hints taken")
        parts += [f"- {names.get(hint.criterion, hint.criterion)}, rung {hint.rung}" for hint in card.hints]
    if card.study:
        parts.append("### To study first")
        parts += [f"- {item.why} (note {item.case}/{item.note})" for item in card.study]
    return "\n\n".join(_joined(parts)) + "\n"


def _joined(parts: list[str]) -> list[str]:
    """Bullets that follow each other form one list."""
    blocks: list[str] = []
    for part in parts:
        if part.startswith("- ") and blocks and blocks[-1].rsplit("\n", 1)[-1].startswith("- "):
            blocks[-1] += "\n" + part
        else:
            blocks.append(part)
    return blocks


def _step(step: StepScore) -> str:
    score = "not assessed" if step.score is None else f"{step.score} of 100"
    lines = [f"### {step.step.number} {step.step.heading}: {score}", ""]
    lines += [_criterion(line) for line in step.criteria if line.rating is not None]
    for status, words in (
        (Status.NOT_SHOWN, "Not shown"),
        (Status.NOT_ASSESSED, "Did not come up, so it does not count"),
    ):
        names = [
            f"{line.name}{' (core)' if line.core else ''}"
            for line in step.criteria
            if line.status is status and line.uncertain is None
        ]
        if names:
            lines.append(f"- {words}: {'; '.join(names)}.")
    lines += [
        f"- {line.name}{' (core)' if line.core else ''}, perhaps: {_uncertain(line)}"
        for line in step.criteria
        if line.uncertain is not None
    ]
    lines += [
        f'- {line.name}, disputed: you point at "{escape(quote.quote)}" (message {quote.turn + 1}, '
        f"{quote.provenance.value}); {claim_words(line, quote)}."
        for line in step.criteria
        for quote in line.disputed
    ]
    return "\n".join(lines)


def _uncertain(line: CriterionScore) -> str:
    counts = "" if line.assessed else " It was not asked for, so it does not count."
    return f'"{escape(line.uncertain or "")}" may have been meant for it; too uncertain to credit.{counts}'


def _criterion(line: CriterionScore) -> str:
    core = ", core" if line.core else ""
    parts = [f"- **{line.name}** ({_STATUSES[line.status]}, {line.rating} of 4{core}). {escape(line.reason)}"]
    for quote in line.evidence:
        parts.append(f'  - "{escape(quote.quote)}" (message {quote.turn + 1}, {quote.provenance.value})')
    if line.next_level:
        parts.append(f"  - {line.next_label}: {line.next_level}")
    return "\n".join(parts)


def escape(text: str) -> str:
    """Text as itself in Markdown: on one line, with marks and tags disarmed."""
    flat = " ".join(text.split())
    for mark in "\\`*_[]<>#|~&":
        flat = flat.replace(mark, f"\\{mark}")
    return flat


def _lines(content: str) -> str:
    """A message in the lines that it was typed in, each as itself; a list stays one."""
    lines = [escape(line) for line in content.strip().splitlines()]
    kept = [f"\\{line}" if line and not line.strip("-= ") else line for line in lines]  # no rule, no heading
    return "\n".join(kept)


def interview_markdown(stored: StoredInterview, card: Scorecard, brief: Brief) -> str:
    """The scorecard, then the dialogue, with the numbers that quotes refer to, then the candidate's own notes."""
    parts = [scorecard_markdown(card, brief), "## The interview"]
    for event in stored.events:
        match event:
            case CandidateMessage(index=index, content=content):
                parts.append(f"**{index + 1}. You:** {_lines(content)}")
            case InterviewerMessage(index=index, content=content):
                parts.append(f"**{index + 1}. Interviewer:** {_lines(content)}")
            case _:
                pass
    if notes := latest_notes(stored.events).text:
        parts += ["## Your notes", "\n".join(f"> {escape(line)}".rstrip() for line in notes.strip().splitlines())]
    return "\n\n".join(parts) + "\n"
