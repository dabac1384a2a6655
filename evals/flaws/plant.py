"""Plants a flaw into some turns of a clean interview, or rewrites turns without changing anything.

Each function takes all randomness from the generator handed in. What the candidate says stays as it was, but for the
plea for a hint; where steps are skipped both sides' turns of those steps are gone.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence

from app.domain.vocabulary import Step
from evals.flaws.bases import Base
from evals.flaws.material import SPOKEN, Material, fill
from evals.infer.text import sentences, spoken_words
from evals.samples import Speaker, Transcript, Turn
from evals.suites.meta import Planted
from evals.vocabulary import Act, Flaw

_ASKING = {Act.PROBE, Act.CHALLENGE, Act.OPEN_STEP}
_REPLYING = _ASKING | {Act.ACKNOWLEDGE_ONLY, Act.TRANSITION}
_SUBSTANTIAL = 8
# How many turns carry the flaw: praise is a habit, the others are slips.
_TURNS = {Flaw.SYCOPHANTIC: (3, 6), Flaw.TALKS_TOO_MUCH: (2, 4)}
_OTHERWISE = (1, 3)
_SKIPPED = {"blatant": 3, "medium": 2, "subtle": 1}
_PLEAS = (
    "Honestly I'm stuck here, could I get a hint?",
    "Beyond that I don't know. Can you give me a hint?",
    "Not sure how to go on, a hint would help.",
    "Could you help me a little with this one?",
    "Hm, I have no idea for the rest. Any hint?",
)


def plant(
    base: Base, flaw: Flaw, severity: str, texts: Sequence[str], *, material: Material, rng: random.Random, name: str
) -> Planted | None:
    """A flaw of a severity in some turns of a base; None where what was drawn does not fit it.

    Args:
        texts: the wordings of this flaw and severity.
        name: what the changed transcript's id ends with.
    """
    if flaw is Flaw.SKIPS_STEPS:
        after = _skip(base, texts, _SKIPPED[severity], rng)
        return _pair(base, flaw, severity, base.transcript, after, name)
    if flaw is Flaw.HINT_IS_SOLUTION:
        return _hint(base, severity, texts, material, rng, name)
    rewrite = _REWRITES[flaw]
    low, high = _TURNS.get(flaw, _OTHERWISE)
    wanted = rng.randint(low, high)
    changed: dict[int, str] = {}
    # No wording twice in one interview: it would be a repeated sentence, which is another flaw.
    left = rng.sample(list(texts), len(texts))
    for place in rng.sample(places := _places(base, flaw), len(places)):
        if not left:
            break
        new = rewrite(base, place, left.pop(), material, rng)
        if new is not None:
            changed[place] = new
        if len(changed) == wanted:
            break
    return _pair(base, flaw, severity, base.transcript, _with(base.transcript, changed), name) if changed else None


def no_op(base: Base, texts: Sequence[str], *, rng: random.Random, name: str) -> Planted:
    """A few turns in other words that say the same."""
    places = [place for place, turn in _interviewer(base) if base.acts[turn.index] in _REPLYING]
    chosen = rng.sample(places, min(len(places), rng.randint(*_OTHERWISE)))
    changed = {place: fill(rng.choice(texts), {"turn": base.transcript.turns[place].content}) or "" for place in chosen}
    after = _with(base.transcript, changed)
    return Planted(flaw=None, before=base.transcript, after=_named(after, base, name))


def _pair(
    base: Base, flaw: Flaw, severity: str, before: Transcript, after: Transcript | None, name: str
) -> Planted | None:
    if after is None:
        return None
    return Planted.model_validate(
        {"flaw": flaw, "severity": severity, "before": before, "after": _named(after, base, name)}
    )


def _named(transcript: Transcript, base: Base, name: str) -> Transcript:
    return transcript.model_copy(update={"id": f"{base.transcript.id}.{name}"})


def _with(transcript: Transcript, changed: Mapping[int, str]) -> Transcript:
    """The transcript with other words at some places."""
    turns = [
        turn.model_copy(update={"content": changed[place]}) if place in changed else turn
        for place, turn in enumerate(transcript.turns)
    ]
    return transcript.model_copy(update={"turns": tuple(turns)})


def _interviewer(base: Base) -> list[tuple[int, Turn]]:
    return [(place, turn) for place, turn in enumerate(base.transcript.turns) if turn.speaker is Speaker.INTERVIEWER]


def _places(base: Base, flaw: Flaw) -> list[int]:
    """Where a flaw fits: after an answer of some length, at a turn of the right kind."""
    acts = _REPLYING if flaw is Flaw.SYCOPHANTIC else _ASKING
    if flaw is Flaw.IGNORES_ANSWER:
        acts = {Act.PROBE, Act.CHALLENGE}
    found = []
    for place, turn in _interviewer(base):
        if place < 2 or base.acts[turn.index] not in acts or base.steps[turn.index] is None:
            continue
        before = base.transcript.turns[place - 1]
        heard = before.speaker is Speaker.CANDIDATE and not before.content.rstrip().endswith("?")
        if heard and spoken_words(before.content) >= _SUBSTANTIAL:
            found.append(place)
    return found


def _said(base: Base, place: int) -> str:
    return "\n".join(turn.content for turn in base.transcript.turns[:place])


def _step(base: Base, place: int) -> Step:
    return base.steps[base.transcript.turns[place].index] or Step.REQUIREMENTS


def _covered(base: Base, place: int) -> set[str]:
    return {criterion for criterion, index in base.covered.items() if index < base.transcript.turns[place].index}


def _given_away(base: Base, place: int, wording: str, material: Material, rng: random.Random) -> str | None:
    """A wording filled with the answer to something of the step that was not covered."""
    said = _said(base, place)
    criterion = material.unsaid(_step(base, place), covered=_covered(base, place), said=said, rng=rng)
    if criterion is None:
        return None
    slots = {
        "answer": material.answer(criterion, rng=rng),
        "term": rng.choice(material.terms(criterion, said=said)),
    }
    return fill(wording, slots)


def _leak(base: Base, place: int, wording: str, material: Material, rng: random.Random) -> str | None:
    text = _given_away(base, place, wording, material, rng)
    return None if text is None else _told(base.transcript.turns[place].content, text)


def _told(content: str, text: str) -> str:
    """A turn that says something before its question; a text that asks takes the question's place."""
    spans = [span.text for span in sentences(content)]
    asks = [place for place, each in enumerate(spans) if each.endswith("?")]
    if "?" in text:
        return " ".join([*(each for each in spans if not each.endswith("?")), text])
    at = asks[-1] if asks else len(spans)
    return " ".join([*spans[:at], text, *spans[at:]])


def _first(base: Base, place: int, wording: str, material: Material, rng: random.Random) -> str | None:
    return f"{wording} {base.transcript.turns[place].content}"


def _more(base: Base, place: int, wording: str, material: Material, rng: random.Random) -> str | None:
    content = base.transcript.turns[place].content
    asked = material.questions(_step(base, place), said=_said(base, len(base.transcript.turns)), rng=rng)
    if content.count("?") != 1 or len(asked) < 2:
        return None
    text = fill(wording, {"q1": asked[0], "q2": asked[1]})
    return None if text is None else f"{content} {text}"


def _ignore(base: Base, place: int, wording: str, material: Material, rng: random.Random) -> str | None:
    asked = material.questions(_step(base, place), said=_said(base, len(base.transcript.turns)), rng=rng)
    return fill(wording, {"q1": asked[0]}) if asked else None


def _again(base: Base, place: int, wording: str, material: Material, rng: random.Random) -> str | None:
    """A question that was asked two turns or more before, in the same step where there is one."""
    earlier = []
    for other, turn in _interviewer(base):
        if other > place - 4 or other < 2 or base.acts[turn.index] not in _ASKING or turn.content.count("?") != 1:
            continue
        question = next((span.text for span in sentences(turn.content)[::-1] if span.text.endswith("?")), "")
        topic = material.topic(base.asked.get(turn.index, ""))
        if spoken_words(question) >= 5 and ("{topic}" not in wording or topic is not None):
            earlier.append((_step(base, other) is _step(base, place), question, topic))
    near = [each for each in earlier if each[0]] or earlier[-3:]
    if not near:
        return None
    _, question, topic = rng.choice(near)
    return fill(wording, {"q1": question} | ({"topic": topic} if topic else {}))


def _hint(
    base: Base, severity: str, texts: Sequence[str], material: Material, rng: random.Random, name: str
) -> Planted | None:
    """The candidate asks for a hint: before he gets the lightest one, after the solution."""
    before: dict[int, str] = {}
    after: dict[int, str] = {}
    places = _places(base, Flaw.HINT_IS_SOLUTION)
    for place in rng.sample(places, min(len(places), rng.randint(1, 2))):
        said, step = _said(base, place), _step(base, place)
        criterion = material.unsaid(step, covered=_covered(base, place), said=said, rng=rng)
        if criterion is None:
            continue
        slots = {
            "answer": material.answer(criterion, rng=rng),
            "term": rng.choice(material.terms(criterion, said=said)),
        }
        text = fill(rng.choice(texts), slots)
        if text is None:
            continue
        plea = f"{base.transcript.turns[place - 1].content} {rng.choice(_PLEAS)}"
        before |= {place - 1: plea, place: material.nudge(criterion)}
        after |= {place - 1: plea, place: text}
    if not after:
        return None
    helped = _named(_with(base.transcript, before), base, f"{name}.helped")
    return _pair(base, Flaw.HINT_IS_SOLUTION, severity, helped, _with(base.transcript, after), name)


def _skip(base: Base, texts: Sequence[str], count: int, rng: random.Random) -> Transcript | None:
    """The turns of some steps in a row are gone, both sides', and the interviewer says that it goes on."""
    steps = list(Step)
    if not set(steps) <= set(base.steps.values()):
        return None  # it skips one already
    first = rng.randint(1, len(steps) - count - 1)
    gone, goal = set(steps[first : first + count]), steps[first + count]
    kept: list[Turn] = []
    dropping = False
    for turn in base.transcript.turns:
        if turn.speaker is Speaker.INTERVIEWER:
            dropping = base.steps[turn.index] in gone
        if not dropping:
            kept.append(turn)
    arrives = next((place for place, turn in enumerate(kept) if base.steps.get(turn.index) is goal), None)
    if arrives is None or len(kept) == len(base.transcript.turns):
        return None
    text = fill(rng.choice(texts), {"step": SPOKEN[goal]})
    content = kept[arrives].content
    kept[arrives] = kept[arrives].model_copy(update={"content": f"{text} {content}"})
    turns = tuple(turn.model_copy(update={"index": index}) for index, turn in enumerate(kept))
    return base.transcript.model_copy(update={"turns": turns})


_Rewrite = Callable[[Base, int, str, Material, random.Random], str | None]
_REWRITES: dict[Flaw, _Rewrite] = {
    Flaw.LEAKS_ANSWER: _leak,
    Flaw.SYCOPHANTIC: _first,
    Flaw.MULTI_QUESTION: _more,
    Flaw.IGNORES_ANSWER: _ignore,
    Flaw.LOOPS: _again,
    Flaw.TALKS_TOO_MUCH: _first,
}
