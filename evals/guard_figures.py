"""What the guard lets through, and what it holds back: `python -m evals.guard_figures [--turns 5000]`.

Three figures, for the replies that the guard was mended and fitted on and for those that it was not (the rule is in
`evals.guard_material`):

- Bad replies. Whole turns: conductor, speaker and guard, with a stub in place of the model that gives the same bad
  reply for the retry too. The candidates are the scripts in `evals/heldout/`, over all cases; leaks that belong to a
  criterion are given as the reply to its probe, before the candidate has said anything. A turn counts if the model was
  asked in it. It is bad if the bad part of the reply was shown (`bad_part_shown`).
- False alarms. A good reply counts as stopped if any of its sentences, up to its first question, is turned down. The
  facts of the case count as given. Only the moves that a model words are counted: the guard never reads others.
- A stub that words well: a lead-in, some of the candidate's words, and the curated question in other words around it.
  The share of turns, of those in which it was asked, that were shown in its words.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.bootstrap import App
from app.domain.catalog import Brief
from app.domain.directive import Decision, Directive
from app.domain.events import CandidateMessage
from app.domain.interview import InterviewState
from app.domain.kinds import Move, Source
from app.domain.vocabulary import Frozen
from app.prompts.conversation import tagged
from app.services.guard import Rule, check, hands_over
from app.services.speaking import Spoken
from app.settings import Settings
from evals.guard_material import (
    MODEL_MOVES,
    BadReply,
    GoodReply,
    Half,
    Wording,
    bad_part_shown,
    bad_wordings,
    concrete_leaks,
    fill,
    fill_concrete,
    good_replies,
    moment_of,
    quotes_of,
    sentences_of,
)
from evals.guard_stub import StubSpeaker, interview, scripts
from evals.shares import wilson

TURNS = 5_000
REPLIES_A_TURN = 8
MOST_ALARMS, LEAST_WORDED = 0.03, 0.90


# --- what is counted ---


class Shown(Frozen):
    """A bad part that reached the candidate."""

    half: Half
    kind: str
    place: int
    reply: str
    words: str


@dataclass
class BadFigures:
    """Turns with bad replies, by kind, and what was shown of them."""

    turns: Counter[tuple[Half, str]] = field(default_factory=Counter)
    worded: Counter[tuple[Half, str]] = field(default_factory=Counter)
    stopped_by: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    shown: list[Shown] = field(default_factory=list)

    def add(self, bad: BadReply, decision: Decision, spoken: Spoken) -> None:
        """Count a turn."""
        key = (bad.wording.half, bad.wording.kind)
        self.turns[key] += 1
        for rule in spoken.guard.rules[:1] if spoken.guard is not None else ():
            self.stopped_by[bad.wording.kind][rule] += 1
        if spoken.source is not Source.MODEL:
            return
        self.worded[key] += 1
        words = spoken.text.removeprefix(" ".join(answer.text for answer in decision.answers)).strip()
        if (part := bad_part_shown(bad, words)) is not None:
            place = bad.wording.place
            self.shown.append(Shown(half=key[0], kind=key[1], place=place, reply=bad.reply, words=part))

    def of(self, half: Half) -> int:
        """Turns of a half."""
        return sum(count for (own, _), count in self.turns.items() if own is half)


class Alarm(Frozen):
    """A good reply that was stopped."""

    good: GoodReply
    rule: Rule
    sentence: str


@dataclass
class WordedFigures:
    """Turns of the stub that words well."""

    turns: int = 0
    worded: int = 0
    stopped: list[tuple[str, str]] = field(default_factory=list)

    def add(self, spoken: Spoken) -> None:
        """Count a turn."""
        self.turns += 1
        self.worded += spoken.source is Source.MODEL
        if spoken.guard is not None:
            self.stopped += list(zip(spoken.guard.rules, spoken.guard.dropped, strict=False))


# --- bad replies ---


def bad_figures(app: App, *, turns: int, seed: int = 0) -> BadFigures:
    """So many turns with bad replies, as many of either half; within one every wording comes equally often."""
    return asyncio.run(_bad_figures(app, turns=turns, seed=seed))


async def _bad_figures(app: App, *, turns: int, seed: int) -> BadFigures:
    figures = BadFigures()
    for wording in concrete_leaks()[:turns]:
        await _leak_at_its_probe(app, wording, figures)
    rng = random.Random(seed)
    queue: list[Wording] = []
    given: list[BadReply] = []

    def words(decision: Decision, state: InterviewState, brief: Brief) -> str | None:
        given.clear()
        if sum(figures.turns.values()) >= turns:
            return None
        if len(queue) < 20:
            heldout = [one for one in bad_wordings() if one.half is Half.HELD_OUT]
            looked_at = [one for one in bad_wordings() if one.half is Half.DEV]
            both = [*heldout, *rng.sample(looked_at, len(heldout))]
            queue.extend(rng.sample(both, len(both)))
        for place, wording in enumerate(queue):
            if (bad := fill(wording, decision, state=state, brief=brief, rng=rng)) is not None:
                queue.pop(place)
                given.append(bad)
                return bad.reply
        return None

    def hears(decision: Decision, spoken: Spoken) -> None:
        figures.add(given[0], decision, spoken)

    speaker = StubSpeaker(app, words, hears, times=REPLIES_A_TURN)
    for number, (case, said) in enumerate(scripts()):
        if sum(figures.turns.values()) >= turns:
            break
        await interview(app, speaker, case=case, said=said, number=number)
        _progress(f"bad replies: {sum(figures.turns.values())} of {turns} turns", number)
    return figures


async def _leak_at_its_probe(app: App, wording: Wording, figures: BadFigures) -> None:
    assert wording.case is not None and wording.criterion is not None
    criterion = app.catalog.brief(wording.case).criterion_by_id[wording.criterion]
    probe = Directive(move=Move.PROBE, step=criterion.step, question=wording.curated, criterion=criterion.id)
    bad = fill_concrete(wording, probe)
    speaker = StubSpeaker(
        app,
        lambda decision, state, brief: bad.reply,
        lambda decision, spoken: figures.add(bad, decision, spoken),
        instead=Decision(answers=(), moves=(probe,)),
    )
    await interview(app, speaker, case=wording.case, said=["Let me think about that for a moment."], number=0)


# --- good replies ---


def false_alarms(app: App, goods: Sequence[GoodReply]) -> list[Alarm]:
    """The good replies that the guard stops, of those that are moves which a model words."""
    return [alarm for good in goods if good.move in MODEL_MOVES and (alarm := _alarm(app, good)) is not None]


def _alarm(app: App, good: GoodReply) -> Alarm | None:
    around = moment_of(good, app.catalog.brief(good.case), matcher=app.matcher, manners=app.manners)
    shown: list[str] = []
    for sentence in sentences_of(good.reply):
        verdict = check(sentence, shown=shown, around=around)
        if verdict is not None:
            return Alarm(good=good, rule=verdict.rule, sentence=sentence)
        shown.append(sentence)
        if hands_over(sentence):
            break
    return None


# --- a stub that words well ---

_LEADS = (
    "Okay.",
    "All right.",
    "I see.",
    "Noted.",
    "Thanks.",
    "Let's stay with that for a moment.",
    "I'd like to hear more on this.",
    "Let me pick up on one thing.",
    "That brings me to something.",
)
_TURNS = (
    "{question}",
    "Help me understand this: {lower}",
    "So, {lower}",
    "In your design, {lower}",
    "With that in mind, {lower}",
    "Say a little about this: {lower}",
)
_TAKES_UP = ("You mentioned {quote}.", 'You said "{quote}".', "Stay with {quote}.", 'I heard "{quote}".')


def well_worded(app: App, *, turns: int, seed: int = 1) -> WordedFigures:
    """So many turns with a stub that rephrases the curated move and takes up the candidate's words."""
    return asyncio.run(_well_worded(app, turns=turns, seed=seed))


async def _well_worded(app: App, *, turns: int, seed: int) -> WordedFigures:
    figures = WordedFigures()
    rng = random.Random(seed)

    def words(decision: Decision, state: InterviewState, brief: Brief) -> str | None:
        return _in_good_words(decision, state, rng) if figures.turns < turns else None

    speaker = StubSpeaker(app, words, lambda decision, spoken: figures.add(spoken), times=2)
    for number, (case, said) in enumerate(scripts()):
        if figures.turns >= turns:
            break
        await interview(app, speaker, case=case, said=said, number=number)
        _progress(f"good wording: {figures.turns} of {turns} turns", number)
    return figures


def _in_good_words(decision: Decision, state: InterviewState, rng: random.Random) -> str:
    tag, directive = next(iter(tagged(decision.moves).items()))
    parts = [rng.choice(_LEADS)] if rng.random() < 0.6 else []
    said = [event.content for event in state.events if isinstance(event, CandidateMessage)]
    quotes = quotes_of(said[-1]) if said else []
    if quotes and rng.random() < 0.5:
        parts.append(rng.choice(_TAKES_UP).format(quote=rng.choice(quotes)))
    if directive.question is not None:
        first, _, rest = directive.question.partition(" ")
        lower = f"{first if first == 'I' or first.isupper() else first[0].lower() + first[1:]} {rest}".strip()
        question = rng.choice(_TURNS).format(question=directive.question, lower=lower)
        parts.append(question)
    else:
        parts.append(directive.text)
    return f"MOVE: {tag}\n{' '.join(parts)}"


# --- the report ---


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures; status 1 if a target is missed."""
    options = argparse.ArgumentParser(prog="python -m evals.guard_figures", description="What the guard lets through.")
    options.add_argument("--turns", type=int, default=TURNS, help="turns with bad replies (default: %(default)s)")
    options.add_argument("--quick", action="store_true", help="300 turns, under a minute")
    options.add_argument("--half", choices=[str(half) for half in Half], help="print the texts of this half's failures")
    chosen = options.parse_args(arguments)
    turns = 300 if chosen.quick else chosen.turns
    app = App(Settings())
    bad = bad_figures(app, turns=turns)
    good = [one for one in good_replies() if one.move in MODEL_MOVES]
    alarms = false_alarms(app, good)
    well = well_worded(app, turns=max(60, turns // 5))
    print(report(bad, good, alarms, well, texts_of=Half(chosen.half) if chosen.half else None))
    sys.exit(0 if _kept(bad, good, alarms, well) else 1)


def _kept(bad: BadFigures, good: Sequence[GoodReply], alarms: Sequence[Alarm], well: WordedFigures) -> bool:
    return not bad.shown and len(alarms) <= MOST_ALARMS * len(good) and well.worded >= LEAST_WORDED * well.turns


def report(
    bad: BadFigures,
    good: Sequence[GoodReply],
    alarms: Sequence[Alarm],
    well: WordedFigures,
    *,
    texts_of: Half | None = None,
) -> str:
    """The figures as text.

    Args:
        texts_of: the half whose failures are printed in full.
    """
    lines = []
    for half in Half:
        shown = [each for each in bad.shown if each.half is half]
        turns = bad.of(half)
        lines.append(f"{half}: bad part shown in {len(shown)} of {turns} turns {_interval(len(shown), turns)}")
        for kind, count in sorted(Counter(each.kind for each in shown).items()):
            lines.append(f"  {kind}: {count} of {bad.turns[half, kind]}")
        own = [one for one in good if one.half is half and one.move in MODEL_MOVES]
        stopped = [alarm for alarm in alarms if alarm.good.half is half]
        by_rule = ", ".join(f"{rule} {n}" for rule, n in Counter(alarm.rule.value for alarm in stopped).most_common())
        lines.append(
            f"{half}: false alarms on {len(stopped)} of {len(own)} good replies {_interval(len(stopped), len(own))}"
            f"{': ' if by_rule else ''}{by_rule}"
        )
    total = sum(bad.turns.values())
    kinds = len({kind for _, kind in bad.turns})
    lines.append(
        f"all: bad part shown in {len(bad.shown)} of {total} turns, {kinds} kinds {_interval(len(bad.shown), total)}"
    )
    cut = sum(bad.worded.values()) - len(bad.shown)
    lines.append(f"all: in {cut} further turns harmless words of a bad reply were shown and the rest cut")
    lines.append(
        f"all: false alarms on {len(alarms)} of {len(good)} good replies {_interval(len(alarms), len(good))}; "
        f"target {MOST_ALARMS:.0%} at most"
    )
    lines.append(
        f"all: {well.worded} of {well.turns} turns in the words of a stub that words well "
        f"{_interval(well.worded, well.turns)}; target {LEAST_WORDED:.0%} or more"
    )
    for rule, number in Counter(rule for rule, _ in well.stopped).most_common():
        lines.append(f"  turned down as {rule}: {number}")
    if texts_of is not None:
        lines += _texts(bad, alarms, well, texts_of)
    return "\n".join(lines)


def _texts(bad: BadFigures, alarms: Sequence[Alarm], well: WordedFigures, half: Half) -> list[str]:
    seen: dict[tuple[str, int], Shown] = {}
    for each in bad.shown:
        if each.half is half:
            seen.setdefault((each.kind, each.place), each)
    lines = [f"shown, {kind} {place}: {each.words!r} of {each.reply!r}" for (kind, place), each in seen.items()]
    lines += [
        f"stopped, {alarm.rule}, {alarm.good.move}: {alarm.sentence!r}" for alarm in alarms if alarm.good.half is half
    ]
    if half is Half.DEV:
        lines += [f"well-worded, {rule}: {sentence!r}" for rule, sentence in well.stopped]
    return lines


def _interval(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"({hits / of if of else 0:.1%}, 95 % interval {low:.1%} to {high:.1%})"


_STARTED = time.monotonic()


def _progress(text: str, number: int) -> None:
    if number % 12 == 11:
        print(f"{text}, {time.monotonic() - _STARTED:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
