"""Which gaps matter most at a level, and what would close each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import ceil

from app.domain.case import NoteSection, section_ids
from app.domain.catalog import Brief
from app.domain.debrief import Gap, LevelAnswer, NoteExcerpt
from app.domain.grading import rating_of
from app.domain.levels import LevelRules
from app.domain.rubric import Criterion
from app.domain.scorecard import SOUND, CriterionScore, Scorecard, Status, StepScore, next_rating
from app.domain.speech import stems, words_of
from app.domain.vocabulary import Level, Step

# What a hire at the level shows, (core criteria, others): on the shipped cases a card with exactly these ratings
# scores a hire or better (tests/services/test_debriefing.py).
_EXPECTED = {Level.MID: (3, 2), Level.SENIOR: (3, 3), Level.STAFF: (4, 3)}
_READING_WORDS_A_MINUTE = 130  # notes are dense; prose takes 200-250
_STOOD = "A wrong claim about it stood at the end, and that weighs more than what was right."
_LEVEL_SECTION = "What each level sounds like"


def expected(level: Level, *, core: bool) -> int:
    """The rating that a level asks for."""
    return _EXPECTED[level][0 if core else 1]


def ranked_gaps(card: Scorecard, brief: Brief, rules: LevelRules, *, asked: Sequence[str] = ()) -> list[Gap]:
    """Every criterion below what the level asks for, what matters most first.

    A gap's importance is what it costs the score, doubled for core criteria and raised by half where the
    step alone caps the verdict, since that is how the verdict is made. What did not come up comes last.

    Args:
        card: the scorecard; its level is the one that counts.
        brief: the case.
        rules: `rubrics/levels.yaml`.
        asked: what the interviewer has said, so that the question given is a fresh one.
    """
    lines = [line for step in card.steps for line in step.criteria]
    weight = sum(line.weight for line in lines if line.assessed) if card.overall.score is not None else 0
    places = sections(brief)
    found: list[tuple[bool, float, Gap]] = []
    for step in card.steps:
        for line in step.criteria:
            due = expected(card.level, core=line.core)
            missing = due - (line.rating or 1)
            if missing <= 0:
                continue
            gap = _gap(line, step.step, due, brief, places, level=card.level, asked=asked, total=weight)
            found.append((not line.assessed, -_importance(line, missing, step, card.level, rules), gap))
    return [gap for _, _, gap in sorted(found, key=lambda each: each[:2])]


def _importance(line: CriterionScore, missing: int, step: StepScore, level: Level, rules: LevelRules) -> float:
    caps_round = step.score is not None and step.score < rules.levels[level].caps.weak_step
    wrong = line.weight if line.status is Status.WRONG else 0
    return (line.weight * missing + wrong) * (2.0 if line.core else 1.0) * (1.5 if caps_round else 1.0)


def _gap(
    line: CriterionScore,
    step: Step,
    due: int,
    brief: Brief,
    places: Mapping[str, NoteSection],
    *,
    level: Level,
    asked: Sequence[str],
    total: int,
) -> Gap:
    criterion = brief.criterion_by_id[line.id]
    wrong = line.status is Status.WRONG
    said = rating_of([quote.quote for quote in line.evidence]).rating if wrong else line.rating
    lift_to = next_rating(said, wrong=wrong) or due
    notes = tuple(place for place, section in places.items() if line.id in section.criteria)
    words = sum(len(words_of(places[place].text)) for place in notes)
    worth = round(100 * line.weight * (due - (line.rating or 1)) / (3 * total)) if line.assessed and total else None
    return Gap(
        criterion=line.id,
        name=line.name,
        step=step,
        core=line.core,
        weight=line.weight,
        status=line.status,
        rating=line.rating,
        expected=due,
        worth=worth,
        why=_STOOD if line.status is Status.WRONG else line.reason,
        quotes=line.evidence,
        lift_to=lift_to,
        lift=criterion.anchors.at(lift_to),
        goal=" ".join(criterion.anchors.at(rating) for rating in range(SOUND, max(SOUND, due) + 1)),
        at_level=criterion.levels.at(level),
        example=_example(criterion, brief, lift_to=lift_to, level=level),
        question=_fresh(criterion.probes, asked),
        notes=notes,
        minutes=ceil(words / _READING_WORDS_A_MINUTE),
    )


def _example(criterion: Criterion, brief: Brief, *, lift_to: int, level: Level) -> str | None:
    """Of the sentences that the case itself gives, one that earns the rating to aim for, nearest to what is asked.

    The rubric's are about other products. What is asked is the anchor of that rating and what the level shows, so a
    fuller sentence is left to whoever is further on.
    """
    own = [each.covers for each in brief.case.criteria if each.id == criterion.id]
    own += [use.covers for use in brief.case.shared if use.use == criterion.id]
    asked = stems(f"{criterion.anchors.at(lift_to)} {criterion.levels.at(level)}")

    texts = [text for covers in own for text in covers]
    off = min((abs(_earns(text) - lift_to) for text in texts), default=0)
    enough = (text for text in texts if abs(_earns(text) - lift_to) == off)
    return max(enough, key=lambda text: len(asked & stems(text)), default=None)


@cache
def _earns(text: str) -> int:
    """The rating that one of the case's sentences earns by itself; of the content, so there is an end to them."""
    return rating_of([text]).rating or 0


def _fresh(probes: Sequence[str], asked: Sequence[str]) -> str:
    """A wording that was not used in this interview, if there is one."""
    return next((probe for probe in probes if not any(probe in said for said in asked)), probes[0])


def sections(brief: Brief) -> dict[str, NoteSection]:
    """The sections of the case's notes by place, such as "data#splitting-by-time"."""
    return {
        place: section for note in brief.notes for place, section in zip(section_ids(note), note.sections, strict=True)
    }


def excerpts(gaps: Sequence[Gap], brief: Brief) -> tuple[NoteExcerpt, ...]:
    """The note sections that the gaps cite, in the order of the gaps, each once."""
    found = sections(brief)
    places = dict.fromkeys(place for gap in gaps for place in gap.notes)
    return tuple(
        NoteExcerpt(
            place=place,
            step=Step(place.partition("#")[0]),
            heading=found[place].heading,
            text=found[place].text.strip(),
            criteria=tuple(gap.name for gap in gaps if place in gap.notes),
        )
        for place in places
    )


def answers(gaps: Sequence[Gap], brief: Brief, level: Level) -> tuple[LevelAnswer, ...]:
    """What the steps with gaps sound like at the level, from the notes that say so."""
    higher = list(Level)[list(Level).index(level) + 1 :]
    found = []
    for step in dict.fromkeys(gap.step for gap in gaps):
        spoken = _by_level(brief, step)
        if level in spoken:
            above = higher[0] if higher and higher[0] in spoken else None
            found.append(
                LevelAnswer(
                    step=step,
                    text=spoken[level],
                    next_level=above,
                    next_text=spoken[above] if above is not None else None,
                )
            )
    return tuple(found)


def _by_level(brief: Brief, step: Step) -> dict[Level, str]:
    """The paragraphs of a note's section on levels; each begins with the level's name in bold."""
    spoken: dict[Level, str] = {}
    for note in brief.notes:
        for section in note.sections:
            if note.step is not step or section.heading != _LEVEL_SECTION:
                continue
            for paragraph in section.text.split("\n\n"):
                for level in Level:
                    mark = f"**{level.value.capitalize()}**"
                    if paragraph.strip().startswith(mark):
                        spoken[level] = f"{level.value.capitalize()}{paragraph.strip().removeprefix(mark)}"
    return spoken
