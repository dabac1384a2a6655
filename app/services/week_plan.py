"""Seven days of about an hour each, made from the gaps: read, say it aloud, drill, carry over, mock.

What a week can change is a few points, so the first days go to the gaps that cost most, each is first
understood and then drilled on the clock, and the end is another mock on a case that asks for them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from app.domain.case import Case
from app.domain.catalog import Catalog
from app.domain.debrief import Gap, HintLine, PlanDay, PlanTask, WrongClaim
from app.domain.levels import Verdict
from app.domain.scorecard import Scorecard
from app.domain.vocabulary import Level, Step
from app.services.gaps import sections

HOUR = 60
_SPEAK, _WRITE, _LOOK_BACK = 10, 10, 15
_DRILL = {1: 20, 2: 35}
"""Minutes of a drill by its number of steps: about twice what a mock gives them, so that all of it can be said."""
_MOCK = 45
_LONGEST_READING = 10


def week_plan(
    gaps: Sequence[Gap],
    *,
    card: Scorecard,
    catalog: Catalog,
    wrong: Sequence[WrongClaim] = (),
    hints: Sequence[HintLine] = (),
    hurried: bool = False,
) -> tuple[PlanDay, ...]:
    """The plan.

    Args:
        gaps: all gaps, what matters most first.
        card: the scorecard that they are from.
        catalog: all cases, to choose the next ones from.
        wrong: wrong claims that stood.
        hints: hints that were taken.
        hurried: whether the clock was a problem.
    """
    brief, level = catalog.brief(card.case), card.level
    case, headings = brief.case, {place: section.heading for place, section in sections(brief).items()}
    if not gaps:
        return _nothing_missing(case, level, catalog)
    steps = list(dict.fromkeys(gap.step for gap in gaps))
    first, rest = steps[:1], steps[1:3]
    transfer, mock = _next_cases(gaps, case, catalog)
    first_gaps = [gap for gap in gaps if gap.step is first[0]]
    other_gaps = [gap for gap in gaps if gap.step is not first[0]] or first_gaps[2:]
    start = [*first_gaps[:2], *(gap for gap in gaps if gap.step is not first[0])][:2]
    then = [gap for gap in dict.fromkeys((*other_gaps, *gaps)) if gap not in start][:2] or start
    lost = card.overall.verdict is Verdict.INSUFFICIENT_EVIDENCE or (card.overall.score or 0) < 10
    if lost:
        second = _coached(case, level)
    else:
        second = _drill(f"On the clock: {_headings(first)}", first, case, level, first_gaps, hints)
    return tuple(
        PlanDay(day=day, title=title, tasks=tuple(tasks))
        for day, (title, tasks) in enumerate(
            (
                (_title("Understand", start), _study(start, headings)),
                second,
                (_title("Understand", then), _study(then, headings)),
                _drill(f"On the clock: {_headings(rest or first)}", rest or first, case, level, other_gaps, hints),
                _carried_over(steps[:2], gaps, transfer, level),
                _repair(case, gaps, wrong, hints, hurried=hurried, level=level),
                _last(mock, level, gaps, card),
            ),
            start=1,
        )
    )


def _study(gaps: Sequence[Gap], headings: Mapping[str, str]) -> list[PlanTask]:
    """Read, close, say it, hold it against the anchor; two gaps fill an hour."""
    tasks: list[PlanTask] = []
    used = 0
    read: set[str] = set()
    for gap in gaps:
        again = [place for place in gap.notes if place not in read]
        reading = min(_LONGEST_READING, max(3, gap.minutes))
        needed = (reading if again else 0) + _SPEAK + _WRITE
        used += needed
        read.update(gap.notes)
        if again:
            titles = " and ".join(f'"{headings[place]}"' for place in again)
            text = f"Read {titles} in the notes of this debrief, then close them."
            tasks.append(PlanTask(minutes=reading, text=text, reads=tuple(again)))
        tasks.append(PlanTask(minutes=_SPEAK, text=f"Say aloud, in two minutes and from memory: {gap.question}"))
        tasks.append(
            PlanTask(
                minutes=_WRITE,
                text=f"Write it down in three sentences and hold them against the rubric: {gap.goal}",
            )
        )
    if used < HOUR / 2:
        text = (
            f"Say the whole step ({gaps[0].step.spoken}) aloud in five minutes, three times, the last without looking."
        )
        tasks.append(PlanTask(minutes=20, text=text))
    return tasks


def _drill(
    title: str, steps: Sequence[Step], case: Case, level: Level, gaps: Sequence[Gap], hints: Sequence[HintLine]
) -> tuple[str, list[PlanTask]]:
    aims = [gap for gap in gaps if gap.step in steps][:3]
    hinted = any(hint.step in steps for hint in hints)
    text = f"Drill {_names(steps)} on the same case{', this time without /hint' if hinted else ''}."
    if aims:
        text += f" Bring up before you are asked: {_listed(gap.name for gap in aims)}."
    command = _interview(case.id, level, steps=steps, minutes=_DRILL[min(2, len(steps))])
    tasks = [PlanTask(minutes=_DRILL[min(2, len(steps))], text=text, command=command), _look_back(aims)]
    if len(steps) == 1:
        tasks.append(PlanTask(minutes=20, text="Once more, from the start. The second run should need half the words."))
        tasks[-1] = tasks[-1].model_copy(update={"command": command})
    return title, tasks


def _look_back(aims: Sequence[Gap]) -> PlanTask:
    wanted = f"{aims[0].expected} of 4 for {_low(aims[0].name)}" if aims else "a quote of yours for each point"
    return PlanTask(
        minutes=_LOOK_BACK,
        text=f"Look for {wanted} in its debrief, and say each sentence that was missing aloud, once. The "
        "newest line of mlsd history names its ID.",
        command="mlsd export ID --format html --out drill.html",
    )


def _coached(case: Case, level: Level) -> tuple[str, list[PlanTask]]:
    text = (
        "Do the same case with a coach, who says after each step what was missing. Say something in every step, even "
        "if it is a guess with a reason: what is not said cannot be credited."
    )
    return "Once through, with feedback", [
        PlanTask(minutes=_MOCK, text=text, command=_interview(case.id, level, mode="coach")),
        PlanTask(minutes=_LOOK_BACK, text="Write down, per step, the one thing you would say first next time."),
    ]


def _carried_over(steps: Sequence[Step], gaps: Sequence[Gap], case: Case, level: Level) -> tuple[str, list[PlanTask]]:
    shared = _also_asked(gaps, case)
    why = f"It asks for the same again: {_listed(shared)}." if shared else "It asks for the same steps in other words."
    return f"The same points, another problem: {case.title}", [
        PlanTask(
            minutes=5, text=f"Read the summary ({_low(case.summary)}) and note the first five questions you would ask."
        ),
        PlanTask(
            minutes=_DRILL[min(2, len(steps))],
            text=f"Drill {_names(steps)} there. {why}",
            command=_interview(case.id, level, steps=steps, minutes=_DRILL[min(2, len(steps))]),
        ),
        _look_back([]),
    ]


def _repair(
    case: Case,
    gaps: Sequence[Gap],
    wrong: Sequence[WrongClaim],
    hints: Sequence[HintLine],
    *,
    hurried: bool,
    level: Level,
) -> tuple[str, list[PlanTask]]:
    """What is particular to this interview: claims to put right, hints to do without, the clock, the picture."""
    tasks: list[PlanTask] = []
    titles: list[str] = []
    if wrong:
        titles.append("put the wrong claims right")
        claims = " ".join(
            f'({place}) "{_short(each.quote)}": {each.claim}' for place, each in enumerate(wrong[:3], start=1)
        )
        minutes = _WRITE * min(2, len(wrong))
        tasks.append(
            PlanTask(minutes=minutes, text=f"Write the sentence you would say instead, with its reason. {claims}")
        )
    if hints:
        titles.append("do without the hints")
        names = _listed(dict.fromkeys(hint.name for hint in hints[:3]))
        questions = {gap.criterion: gap.question for gap in gaps}
        again = next((questions[hint.criterion] for hint in hints if hint.criterion in questions), "")
        text = f"Answer without a hint what you took one for ({names}). {again}".strip()
        tasks.append(PlanTask(minutes=_SPEAK, text=text))
    if hurried:
        titles.append("keep the clock")
        text = "The whole case in half the time: one sentence of choice and one of reason for each point, then move on."
        tasks.append(PlanTask(minutes=25, text=text, command=_interview(case.id, level, minutes=25)))
    used = sum(task.minutes for task in tasks)
    if case.architecture is not None and used + 20 <= HOUR:
        titles.append("draw the system")
        boxes = len(case.architecture.components)
        text = (
            f"Draw the system from memory, then compare with the reference architecture below ({boxes} boxes). For "
            "each box you left out, say what breaks without it."
        )
        tasks.append(PlanTask(minutes=20, text=text))
        used += 20
    for gap in gaps[2:6]:
        if used + _SPEAK <= HOUR:
            tasks.append(PlanTask(minutes=_SPEAK, text=f"Aloud, two minutes: {gap.question} Aim for: {gap.goal}"))
            used += _SPEAK
    if used < HOUR / 2:
        text = "Tell the whole design aloud in eight minutes, goal to monitoring, twice; note where you falter."
        tasks.append(PlanTask(minutes=20, text=text))
    if not titles:
        titles.append("say the rest aloud")
    return _sentence("; ".join(titles)), tasks


def _last(case: Case, level: Level, gaps: Sequence[Gap], card: Scorecard) -> tuple[str, list[PlanTask]]:
    score = card.overall.score
    before = "against this one" if score is None else f"against today's {score}"
    names = _listed(gap.name for gap in gaps[:3])
    return f"Mock: {case.title}", [
        PlanTask(
            minutes=_MOCK,
            text=f"A full mock with no help. It counts as progress if these come unasked: {names}.",
            command=_interview(case.id, level),
        ),
        PlanTask(
            minutes=_LOOK_BACK,
            text=f"Hold its score {before}, step by step, and plan the next week from it.",
            command="mlsd history",
        ),
    ]


def _nothing_missing(case: Case, level: Level, catalog: Catalog) -> tuple[PlanDay, ...]:
    """Nothing was below the level: other problems, and the level above."""
    above = list(Level)[min(list(Level).index(level) + 1, len(Level) - 1)]
    others = sorted((each for each in catalog.cases if each.id != case.id), key=lambda each: _distance(each, case)) or [
        case
    ]
    days = []
    for day in range(1, 8):
        other = others[(day - 1) % len(others)]
        if day in {2, 4, 6}:
            text = "Go through that debrief and say aloud, for each point below 4, what a 4 would have needed."
            tasks = [PlanTask(minutes=30, text=text, command="mlsd export ID --format html --out mock.html")]
            title = "Look back"
        else:
            at = above if day > 1 else level
            text = (
                f"A mock at {at.value} level on {_low(other.title)}, which shares the least with what you have shown."
            )
            tasks = [PlanTask(minutes=_MOCK, text=text, command=_interview(other.id, at))]
            title = f"Mock: {other.title}"
        days.append(PlanDay(day=day, title=title, tasks=tuple(tasks)))
    return tuple(days)


def _distance(other: Case, case: Case) -> tuple[int, str]:
    return len({use.use for use in other.shared} & {use.use for use in case.shared}), other.id


def _next_cases(gaps: Sequence[Gap], case: Case, catalog: Catalog) -> tuple[Case, Case]:
    """The two other cases that ask most for what is missing; this one again where there is no other."""

    def fit(other: Case) -> tuple[int, bool, str]:
        asks = {use.use for use in other.shared}
        points = sum(gap.weight * (gap.expected - (gap.rating or 1)) for gap in gaps if gap.criterion in asks)
        return -points, other.category != case.category, other.id

    others = sorted((other for other in catalog.cases if other.id != case.id), key=fit)
    return (others[0] if others else case), (others[1] if len(others) > 1 else (others or [case])[0])


def _also_asked(gaps: Sequence[Gap], case: Case) -> list[str]:
    asks = {use.use for use in case.shared}
    return [gap.name for gap in gaps if gap.criterion in asks][:3]


def _interview(
    case: str, level: Level, *, steps: Sequence[Step] = (), minutes: int | None = None, mode: str | None = None
) -> str:
    parts = ["mlsd interview", case, "--level", level.value]
    parts += ["--mode", mode] if mode else []
    parts += ["--steps", ",".join(step.value for step in sorted(steps, key=lambda step: step.number))] if steps else []
    parts += ["--minutes", str(minutes)] if minutes else []
    return " ".join(parts)


def _title(verb: str, gaps: Sequence[Gap]) -> str:
    return f"{verb}: {_listed(gap.name for gap in gaps)}"


def _names(steps: Iterable[Step]) -> str:
    return " and ".join(step.spoken for step in sorted(steps, key=lambda step: step.number))


def _headings(steps: Iterable[Step]) -> str:
    return "; ".join(_low(step.heading) for step in sorted(steps, key=lambda step: step.number))


def _listed(names: Iterable[str]) -> str:
    return "; ".join(_low(name) for name in names)


def _low(text: str) -> str:
    """A name within a sentence; abbreviations stay as they are."""
    plain = len(text) > 1 and (text[1].islower() or text[1] == " ")
    return (text[0].lower() + text[1:] if plain else text).rstrip(".")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _short(text: str, *, most: int = 90) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[:most].rsplit(' ', 1)[0]} ..."
