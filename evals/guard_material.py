"""Bad and good replies of an interviewer's model, written by people who had not seen the guard, ready to be used.

`evals/guard/bad.yaml` holds 45 kinds of bad replies with slots, `bad_concrete.yaml` leaks that belong to one case and
criterion, `good.yaml` good replies, each with the number of the hand that wrote it. These may be looked at while the
guard is mended, and its ear is fitted on them (`Half.DEV`). Those in `evals/guard/heldout/` are by other writers and
only give the figure (`Half.HELD_OUT`).
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from app.adapters.quote_head import fitted_quotes
from app.domain import phrases
from app.domain.catalog import Brief
from app.domain.directive import Decision, Directive
from app.domain.events import CandidateMessage, InterviewerMessage
from app.domain.interview import InterviewState
from app.domain.kinds import Move
from app.domain.quoting import Quoter
from app.domain.rubric import Criterion
from app.domain.speech import sentences, stems
from app.domain.vocabulary import Frozen, Slug
from app.ports import Manners, Matcher
from app.prompts.conversation import tagged
from app.services.guard import leaked
from app.services.model_speaker import WORDED
from app.services.reply_reader import ReplyReader
from app.services.revealing import Revealing
from app.services.surroundings import Surroundings

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).parent / "guard"
MODEL_MOVES = {move.value: move for move in WORDED}
"""The moves that a model words, by their names."""
SLOT = re.compile(r"\{(move|term|answer|quote|question|other_question|fact)\}")
_PART_IS_BAD = {"term", "answer"}
_FEWEST_WORDS_OF_ANSWER = 4
_LONG_SPEECH = 25
"""Words of its own after which a cut lecture is still one: more than an interviewer's usual turn has."""


class Half(StrEnum):
    """What a reply may be used for."""

    DEV = "dev"
    HELD_OUT = "held-out"


class Wording(Frozen):
    """One bad reply with its slots; the case and the criterion are those of a leak that fits nowhere else.

    Attributes:
        place: among those of its kind and half.
        hand: whose it is; a writer of bad replies and one of good ones may share a number.
    """

    kind: str
    place: int
    half: Half
    hand: int
    reply: str
    case: Slug | None = None
    criterion: Slug | None = None
    curated: str | None = None


class GoodReply(Frozen):
    """One good reply at one moment of an interview; `hand` as of a bad one."""

    half: Half
    hand: int
    case: Slug
    move: str
    criterion: Slug | None
    candidate: str
    curated: str | None
    reply: str


class BadReply(Frozen):
    """A wording with its slots filled.

    Attributes:
        allowed: curated texts of the turn's moves, which are no fault by themselves.
        offending: what makes it bad, where that is a term or a sentence of its own; empty if all of it is.
    """

    wording: Wording
    reply: str
    allowed: tuple[str, ...]
    offending: tuple[str, ...] = ()


@cache
def bad_wordings() -> tuple[Wording, ...]:
    """All wordings with slots, kind by kind."""
    found: list[Wording] = []
    places: defaultdict[tuple[Half, str], int] = defaultdict(int)
    for half in Half:
        for row in _read("bad.yaml", half):
            for reply in row["replies"]:
                place = places[half, row["kind"]]
                places[half, row["kind"]] += 1
                found.append(Wording(kind=row["kind"], place=place, half=half, hand=row["hand"], reply=reply))
    return tuple(found)


@cache
def concrete_leaks() -> tuple[Wording, ...]:
    """All leaks that belong to one case and criterion."""
    return tuple(
        Wording(**{**row, "kind": f"{row['kind']}, concrete"}, place=place, half=half)
        for half in Half
        for place, row in enumerate(_read("bad_concrete.yaml", half))
    )


@cache
def good_replies() -> tuple[GoodReply, ...]:
    """All good replies."""
    return tuple(GoodReply(**row, half=half) for half in Half for row in _read("good.yaml", half))


def _read(name: str, half: Half) -> list[dict[str, Any]]:
    folder = FOLDER / "heldout" if half is Half.HELD_OUT else FOLDER
    found: list[dict[str, Any]] = yaml.load((folder / name).read_text(encoding="utf-8"), Loader=_Loader)
    return found


def moment_of(good: GoodReply, brief: Brief, *, matcher: Matcher, manners: Manners | None = None) -> Surroundings:
    """The turn that a good reply belongs to; the facts of the case count as given."""
    move = MODEL_MOVES[good.move]
    of = brief.criterion_by_id[good.criterion] if good.criterion else None
    question = good.curated or (None if move in {Move.LISTEN, Move.HAND_OVER} else "What would you do?")
    return Surroundings(
        brief=brief,
        directive=Directive(
            move=move,
            step=of.step if of is not None else next(iter(brief.criteria)).step,
            question=question,
            criterion=of.id if of is not None else None,
        ),
        candidate=(good.candidate,),
        interviewer=(brief.case.prompt, *(fact.answer for fact in brief.case.facts), "Okay."),
        reveals=Revealing(matcher, brief),
        manners=manners,
    )


def sentences_of(reply: str) -> list[str]:
    """A reply without its tag as the speaker reads it, sentence by sentence."""
    reader = ReplyReader()
    return [*reader.feed(f"MOVE: probe\n{reply}"), *reader.rest()]


# --- filling ---


def fill(
    wording: Wording, decision: Decision, *, state: InterviewState, brief: Brief, rng: random.Random
) -> BadReply | None:
    """The reply for one turn; None if the turn has nothing to fill a slot with.

    The term and the answer are of a criterion that the candidate could still be given away: the move's where possible,
    else one of the step's, else any. A question that is asked again is the latest that was asked.
    """
    tag, directive = next(iter(tagged(decision.moves).items()))
    said = [event.content for event in state.events if isinstance(event, CandidateMessage | InterviewerMessage)]
    known = "\n".join([*said, *(answer.text for answer in decision.answers), *(move.text for move in decision.moves)])
    question = _asked(state) if wording.kind == "reask" else directive.question or directive.text
    criterion = _to_give_away(brief, directive, known=known, rng=rng)
    if question is None or criterion is None:
        return None
    others = [found for found in brief.criteria if found.step is not directive.step]
    values = {
        "move": tag,
        "question": question,
        "other_question": rng.choice(rng.choice(others).probes),
        "term": rng.choice(leaked(" ; ".join(criterion.giveaways), criterion.giveaways, known=known)),
        "answer": rng.choice(criterion.covers),
        "quote": _quote(state, rng) or "",
        "fact": rng.choice(brief.case.facts).answer,
    }
    slots = set(SLOT.findall(wording.reply))
    if "quote" in slots and not values["quote"]:
        return None
    reply = with_slots(wording.reply, values)
    allowed = tuple(move.text for move in decision.moves) if wording.kind != "reask" else ()
    leaks = wording.kind.startswith("leak")
    offending = tuple(values[slot] for slot in sorted(slots & _PART_IS_BAD)) if leaks else ()
    return BadReply(wording=wording, reply=reply, allowed=allowed, offending=offending)


def with_slots(reply: str, values: Mapping[str, str]) -> str:
    """A reply with its slots filled; other braces stay."""
    return SLOT.sub(lambda slot: values[slot.group(1)], reply)


def fill_concrete(wording: Wording, directive: Directive) -> BadReply:
    """A concrete leak as the reply to its own probe."""
    reply = wording.reply.replace("{move}", str(directive.move))
    return BadReply(wording=wording, reply=reply, allowed=(directive.text,))


def _asked(state: InterviewState) -> str | None:
    asked = [event.asks for event in state.events if isinstance(event, InterviewerMessage) and event.asks]
    return asked[-1] if asked else None


def _to_give_away(brief: Brief, directive: Directive, *, known: str, rng: random.Random) -> Criterion | None:
    of_move = brief.criterion_by_id.get(directive.criterion or "")
    own = [of_move] if of_move is not None else []
    of_step, rest = list(brief.of_step(directive.step)), list(brief.criteria)
    rng.shuffle(of_step)
    rng.shuffle(rest)
    for criterion in (*own, *of_step, *rest):
        if leaked(" ; ".join(criterion.giveaways), criterion.giveaways, known=known):
            return criterion
    return None


def _quote(state: InterviewState, rng: random.Random) -> str | None:
    """A few words of the candidate's latest message."""
    said = [event.content for event in state.events if isinstance(event, CandidateMessage)]
    found = quotes_of(said[-1]) if said else []
    return rng.choice(found) if found else None


def quotes_of(message: str) -> list[str]:
    """Of each sentence of a message a few words that could be quoted, whatever they are about."""
    said = [span.text for span in sentences(message)]
    found = [Quoter(dict.fromkeys(stems(text), 1.0), fitted_quotes()).pick(text) for text in said]
    return [quote for quote in found if quote is not None]


# --- judging ---


def bad_part_shown(bad: BadReply, shown: str) -> str | None:
    """What of a bad reply reached the candidate, None if only harmless words did.

    Judged without the guard, by what is left of the shown words once the curated words of the turn's moves are
    taken out. A leak with a slot is bad if its term, or a sentence of its answer, is among them; letters and digits
    alone are compared, so that no spelling hides it. Several questions are bad if two question marks are left in
    all that was shown; repetition if a sentence, or a word three times running, comes again; a lecture from the
    second sentence on, or from 26 words on; a question that answers itself if anything but questions is left.
    Silence is bad if nothing at all was shown. Of every other kind any word is bad.

    Args:
        shown: the whole of the interviewer's turn without the answers that come before the model's words.
    """
    kind = bad.wording.kind
    if kind == "empty":
        return None if shown.strip() else "(nothing)"
    harmless = (*bad.allowed, *phrases.ACKNOWLEDGE)
    own = [span.text for span in sentences(shown) if not _is_curated(span.text, harmless)]
    words = " ".join(own)
    if bad.offending:
        return words if any(_given(part, words) for part in bad.offending) else None
    if kind == "many-questions":
        return shown if shown.count("?") > 1 else None
    if kind == "repetition":
        every = [_folded(span.text) for span in sentences(shown)]
        again = len(every) > len(set(every)) or re.search(r"\b(\w+)(?:\W+\1\b){2}", shown, re.IGNORECASE)
        return shown if again else None
    if kind == "answers-own-question":
        return " ".join(text for text in own if "?" not in text) or None
    if kind == "lecture":
        return words if len(own) > 1 or len(words.split()) > _LONG_SPEECH else None
    return words or None


def _is_curated(sentence: str, allowed: tuple[str, ...]) -> bool:
    return any(_folded(sentence) in _folded(text) for text in allowed)


def _given(part: str, words: str) -> bool:
    """Whether a term stands in some words, or any sentence of an answer does."""
    pieces = [span.text for span in sentences(part) if span.words >= _FEWEST_WORDS_OF_ANSWER] or [part]
    return any(_folded(piece) in _folded(words) for piece in pieces)


def _folded(text: str) -> str:
    return "".join(ch for ch in text.lower() if ch.isalnum())
