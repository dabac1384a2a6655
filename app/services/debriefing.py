"""From transcript and scorecard to the debrief: the one document that is rendered as Markdown, HTML and JSON.

Everything follows from the transcript and the content; there is no clock and no chance in it, so the same
transcript gives the same bytes. It reveals notes and anchors: build it after the end only (`disputes.is_over`).
"""

from __future__ import annotations

from collections import Counter

from app.domain.catalog import Brief, Catalog
from app.domain.debrief import (
    ComponentGroup,
    Debrief,
    DialogueLine,
    Doubt,
    Gap,
    HintLine,
    ReferenceArchitecture,
    Strength,
    WrongClaim,
)
from app.domain.events import CandidateMessage, InterviewerMessage
from app.domain.levels import LevelRules, Verdict
from app.domain.scorecard import Scorecard, Status
from app.domain.vocabulary import Mode, Provenance
from app.ports import StoredInterview
from app.services.board_remarks import drawn_board
from app.services.gaps import answers, excerpts, ranked_gaps
from app.services.notes import latest_notes
from app.services.pace import hurried, pace_of
from app.services.week_plan import week_plan

MOST_GAPS = 5
MOST_STRENGTHS = 6
VERDICTS = {
    Verdict.STRONG_NO_HIRE: "Strong no hire",
    Verdict.NO_HIRE: "No hire",
    Verdict.LEAN_NO_HIRE: "Lean no hire",
    Verdict.LEAN_HIRE: "Lean hire",
    Verdict.HIRE: "Hire",
    Verdict.STRONG_HIRE: "Strong hire",
    Verdict.INSUFFICIENT_EVIDENCE: "Not enough was seen for a verdict",
}
_PLAINLY = {
    Verdict.STRONG_NO_HIRE: "very little of what the level asks for was heard",
    Verdict.NO_HIRE: "too much of what the level asks for was missing",
    Verdict.LEAN_NO_HIRE: "some of it was there, and an interviewer would still lean to no",
    Verdict.LEAN_HIRE: "an interviewer would lean to yes, with doubts that another round would have to settle",
    Verdict.HIRE: "an interviewer would say yes",
    Verdict.STRONG_HIRE: "an interviewer would argue for you",
    Verdict.INSUFFICIENT_EVIDENCE: "that says nothing about you, only that too little was said or asked",
}
_RISING = (Verdict.NO_HIRE, Verdict.LEAN_NO_HIRE, Verdict.LEAN_HIRE, Verdict.HIRE, Verdict.STRONG_HIRE)


def debrief_of(stored: StoredInterview, card: Scorecard, catalog: Catalog) -> Debrief:
    """The debrief of an interview that is over.

    Args:
        stored: the transcript.
        card: its scorecard, for the level that the debrief is about.
        catalog: all content; the plan names other cases.
    """
    brief, rules = catalog.brief(card.case), catalog.levels
    asked = [event.content for event in stored.events if isinstance(event, InterviewerMessage)]
    ranked = ranked_gaps(card, brief, rules, asked=asked)
    gaps = ranked[:MOST_GAPS]
    pace = pace_of(stored, card, rules)
    hints = _hints(card, brief, rules)
    wrong = _wrong_claims(card, brief)
    plan = week_plan(
        ranked,
        card=card,
        catalog=catalog,
        wrong=[each for each in wrong if not each.corrected],
        hints=hints,
        hurried=hurried(pace),
    )
    reads = {place for day in plan for task in day.tasks for place in task.reads}
    needed = [*gaps, *(gap for gap in ranked[MOST_GAPS:] if reads.intersection(gap.notes))]
    return Debrief(
        case=card.case,
        title=brief.case.title,
        level=card.level,
        mode=stored.header.mode,
        official=stored.header.mode is Mode.MOCK,
        verdict=card.overall.verdict,
        score=card.overall.score,
        range=card.overall.range,
        claimed_verdict=card.overall.claimed_verdict,
        headline=f"{VERDICTS[card.overall.verdict]}: {_PLAINLY[card.overall.verdict]}.",
        reasons=_reasons(stored, card),
        outlook=_outlook(card, gaps, rules),
        level_asks=rules.levels[card.level].expects,
        strengths=_strengths(card),
        gaps=tuple(gaps),
        more_gaps=tuple(gap.name for gap in ranked[MOST_GAPS:]),
        wrong_claims=wrong,
        doubts=_doubts(stored, card),
        hints=hints,
        pace=pace,
        notes=excerpts(needed, brief),
        answers=answers(gaps, brief, card.level),
        architecture=_architecture(brief),
        board=drawn_board(stored, brief),
        plan=plan,
        dialogue=_dialogue(stored),
        own_notes=latest_notes(stored.events).text,
    )


def _reasons(stored: StoredInterview, card: Scorecard) -> tuple[str, ...]:
    stated = 1 if card.overall.score is not None else 0  # the first reason is the score, which the headline tells
    reasons = [*card.overall.reasons[stated:], _tally(card)]
    if stored.header.mode is Mode.COACH:
        reasons.append("This was coached, with feedback after each step, so the score is unofficial.")
    if stored.header.mode is Mode.DRILL:
        reasons.append(f"This was a drill of {len(card.steps)} of 7 steps; the score is theirs alone.")
    if card.recorded_hash is not None and card.recorded_hash != card.content_hash:
        reasons.append("The content has changed since this interview; it is scored by today's.")
    return tuple(reasons)


def _tally(card: Scorecard) -> str:
    """How many points became what."""
    lines = [line for step in card.steps for line in step.criteria]
    statuses = Counter(line.status for line in lines if line.uncertain is None)
    perhaps = sum(line.uncertain is not None for line in lines)
    parts = [
        f"{statuses[status]} {words}"
        for status, words in (
            (Status.MET, "worked out"),
            (Status.PARTIAL, "named without a reason"),
            (Status.WRONG, "wrong"),
            (Status.NOT_SHOWN, "asked for or passed by, and not shown"),
            (Status.NOT_ASSESSED, "never reached, which costs nothing"),
        )
        if statuses[status]
    ]
    if perhaps:
        parts.append(f"{perhaps} perhaps said, and too uncertain to credit")
    return f"Of the {len(lines)} points this interview looks for: {', '.join(parts)}."


def hire_line(card: Scorecard, rules: LevelRules) -> str:
    """Where a hire begins at the level of a scorecard."""
    thresholds = rules.levels[card.level].thresholds
    return (
        f"At {card.level.value} level a lean hire begins at {thresholds.lean_hire:g} of 100 "
        f"and a hire at {thresholds.hire:g}."
    )


def _outlook(card: Scorecard, gaps: list[Gap], rules: LevelRules) -> str:
    """What would lift the verdict: the next threshold and what the first gaps are worth, or the cap that holds it."""
    score, level = card.overall.score, card.level.value
    if score is None:
        return "Say something on every step next time; a score needs to see most of them."
    thresholds = rules.levels[card.level].thresholds
    reached = [verdict for verdict in _RISING if score >= getattr(thresholds, verdict.value)]
    if reached and reached[-1] is not card.overall.verdict:
        alone = VERDICTS[reached[-1]].lower()
        return f"By score alone this would be {alone}; what holds it down is named above, so mend that first."
    if len(reached) == len(_RISING):
        return "There is no verdict above this one; what is left is polish, or the next level."
    above = _RISING[max(len(reached), _RISING.index(Verdict.LEAN_HIRE))]
    least = getattr(thresholds, above.value)
    need = f"At {level} level a {VERDICTS[above].lower()} begins at {least:g}; you are at {score}."
    worth = [gap.worth for gap in gaps[:3] if gap.worth]
    if not worth:
        return need
    which = "The first gap below is" if len(worth) == 1 else f"The first {len(worth)} gaps below are together"
    return f"{need} {which} worth up to {sum(worth)} point{'' if sum(worth) == 1 else 's'}."


def _strengths(card: Scorecard) -> tuple[Strength, ...]:
    """What was met, the best first and what came unasked before what was asked for; else what was begun."""
    lines = [(step.step, line) for step in card.steps for line in step.criteria if line.rating and line.evidence]
    met = [each for each in lines if each[1].status is Status.MET]
    begun = [each for each in lines if each[1].status is Status.PARTIAL and (each[1].rating or 0) >= 2]

    def order(place: int) -> tuple[int, bool, bool, int, int]:
        line = chosen[place][1]
        unasked = any(quote.provenance is Provenance.VOLUNTEERED for quote in line.evidence)
        return -(line.rating or 0), not line.core, not unasked, -line.weight, place

    chosen = met or begun
    best = sorted(range(len(chosen)), key=order)[: MOST_STRENGTHS if met else 3]
    return tuple(
        Strength(
            criterion=line.id, name=line.name, step=step, rating=line.rating or 1, why=line.reason, quotes=line.evidence
        )
        for step, line in (chosen[place] for place in best)
    )


def _wrong_claims(card: Scorecard, brief: Brief) -> tuple[WrongClaim, ...]:
    found = []
    for flag in card.red_flags:
        known = brief.flag_by_id[flag.id]
        criterion = brief.criterion_by_id[known.criterion]
        found.append(
            WrongClaim(
                claim=known.claim,
                name=criterion.name,
                step=criterion.step,
                turn=flag.turn,
                quote=flag.quote,
                corrected=flag.corrected,
            )
        )
    return tuple(found)


def _doubts(stored: StoredInterview, card: Scorecard) -> tuple[Doubt, ...]:
    said = [event for event in stored.events if isinstance(event, CandidateMessage)]
    return tuple(
        Doubt(
            criterion=line.id,
            name=line.name,
            step=step.step,
            turn=next((message.index for message in said if line.uncertain in message.content), None),
            quote=line.uncertain,
        )
        for step in card.steps
        for line in step.criteria
        if line.uncertain is not None
    )


def _hints(card: Scorecard, brief: Brief, rules: LevelRules) -> tuple[HintLine, ...]:
    return tuple(
        HintLine(
            criterion=hint.criterion,
            name=brief.criterion_by_id[hint.criterion].name,
            step=hint.step,
            rung=hint.rung,
            caps_at=rules.hint_caps[hint.rung - 1],
            turn=hint.turn,
        )
        for hint in card.hints
    )


def _architecture(brief: Brief) -> ReferenceArchitecture | None:
    drawn = brief.case.architecture
    if drawn is None:
        return None
    names = {component.id: component.name for component in drawn.components}
    groups = dict.fromkeys(component.group for component in drawn.components)
    return ReferenceArchitecture(
        groups=tuple(
            ComponentGroup(group=group, components=tuple(each.name for each in drawn.components if each.group == group))
            for group in groups
        ),
        edges=tuple(
            f"{names[edge.source]} → {names[edge.target]}{f': {edge.label}' if edge.label else ''}"
            for edge in drawn.edges
        ),
    )


def _dialogue(stored: StoredInterview) -> tuple[DialogueLine, ...]:
    return tuple(
        DialogueLine(
            turn=event.index,
            speaker="candidate" if isinstance(event, CandidateMessage) else "interviewer",
            step=event.step,
            content=event.content,
            board=isinstance(event, CandidateMessage) and event.board,
        )
        for event in stored.events
        if isinstance(event, CandidateMessage | InterviewerMessage)
    )
