"""Everything that the metrics look at, found once per transcript: labels, leaks, repeats, praise, what was covered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.domain.kinds import Move
from app.domain.vocabulary import Step
from app.ports import ContentEmbedder, Matcher
from app.services.tells import shows
from evals.infer.act_words import answers, asks_interviewer
from evals.infer.agreement import agreement
from evals.infer.case_words import CaseWords
from evals.infer.labels import Label, label
from evals.infer.leaks import Leak, find_leaks
from evals.infer.passing_over import FOLLOWING, passes_over
from evals.infer.repeats import find_repeats
from evals.infer.soundness import Soundness
from evals.infer.text import sentences, spoken_words, stems
from evals.samples import Speaker, Transcript, Turn
from evals.vocabulary import Act

_ASKED_AS_PROBE = 0.40
_SHORT = 14
# A criterion's name in a question, though it was asked for two turns of the interviewer's before or earlier.
_TOPIC_AGAIN, _TURNS_BETWEEN = 0.6, 4
_OPEN_ASKING = {Act.PROBE, Act.OPEN_STEP}
_EFFUSIVE = re.compile(
    r"\b(?:excellent|perfect\w*|fantastic|awesome|wonderful|brilliant|amazing|terrific|superb|impress\w*|outstanding|exactly|spot on|love (?:it|that|this)|great (?:answer|point|choice|idea|job|thinking|approach)|absolutely|nailed|well done|couldn't (?:agree|have))\b",
    re.IGNORECASE,
)
_LOVES = re.compile(r"(?:oh,? )?(?:i )?(?:really )?(?:love|like) (?:it|that|this)\b", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:(?:okay|ok|so|and|all)[, ]+)*(?:(?:right|good|fine|(?:that's|that is) (?:fine|okay|ok|all right|alright)(?:, let's leave (?:it|that))?|sure|fair|fair enough|great|nice|cool|understood|okay|i see|noted|good to know|makes sense|that makes sense|got it|thanks)[.,! ]*)+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Exchange:
    """An interviewer's turn between what the candidate said before and says after.

    Attributes:
        before: what the candidate said since the interviewer's last turn; empty at the start.
        after: what the candidate said until the interviewer's next turn.
        criterion: what it asks for, where that is recorded or can be told.
        praise: how plainly it praises or agrees, 0 to 1.
        wrong: whether what was said before is wrong; None where that cannot be told.
        repeats: how surely it says again what it said before, 0 to 1.
        known: whether what it asks for had been covered by the candidate before; None where that cannot be told.
        agrees: how probably it sounds like agreement, whatever the words; None where that cannot be told.
        passes_over: how probably it passes over what was said before; None where it does not ask on in a step, and
            where that cannot be told.
    """

    turn: Turn
    label: Label
    before: str
    after: str
    criterion: str | None = None
    praise: float = 0.0
    wrong: bool | None = None
    repeats: float = 0.0
    known: bool | None = None
    agrees: float | None = None
    passes_over: float | None = None
    leaks: tuple[Leak, ...] = ()

    @cached_property
    def leak(self) -> float:
        """How plainly the turn gives something away, 0 to 1."""
        return max((leak.weight for leak in self.leaks), default=0.0)


@dataclass(frozen=True)
class Reading:
    """A transcript, understood.

    Attributes:
        covered: criterion to the candidate's turn that first covered it; None where that is not known.
        core: ids of the case's core criteria among the steps agreed on.
    """

    transcript: Transcript
    exchanges: tuple[Exchange, ...]
    covered: dict[str, int] | None
    core: tuple[str, ...]


class Reader:
    """Reads transcripts on one case.

    Args:
        words: the case's texts.
        matcher: finds what a candidate covers where nobody recorded it; None leaves that unknown.
        embedder: None reads by words and recorded moves alone.
    """

    def __init__(self, words: CaseWords, *, matcher: Matcher | None, embedder: ContentEmbedder | None) -> None:
        self._words = words
        self._matcher = matcher
        self._embedder = embedder
        self._soundness = Soundness(words.brief, embedder)

    def read(self, transcript: Transcript) -> Reading:
        """Everything that the metrics look at."""
        labels = label(transcript, soundness=self._soundness, embedder=self._embedder)
        by_index = {each.index: each for each in labels}
        exempt = frozenset(each.index for each in labels if each.act in {Act.OPEN_PROBLEM, Act.CLOSE})
        hints = frozenset(each.index for each in labels if each.act is Act.HINT)
        replies = frozenset(each.index for each in labels if each.act is Act.ANSWER_CLARIFICATION)
        leaks = find_leaks(
            transcript.turns, words=self._words, exempt=exempt, answers=replies, hints=hints, embedder=self._embedder
        )
        repeats = find_repeats(transcript.turns, embedder=self._embedder)
        own_turns = transcript.interviewer
        heard = agreement([turn.content for turn in own_turns], embedder=self._embedder)
        agrees = {turn.index: likely for turn, likely in zip(own_turns, heard, strict=True)}
        covered = self._covered(transcript)
        exchanges: list[Exchange] = []
        asked: dict[str, int] = {}
        for place, turn in enumerate(transcript.turns):
            if turn.speaker is not Speaker.INTERVIEWER:
                continue
            own, before = by_index[turn.index], _said(transcript.turns[:place][::-1])[::-1]
            criterion = turn.criterion or self._asked_for(turn, own)
            dealt_with = asked if covered is None else covered | asked
            named = self._named_again(turn, own, dealt_with) if turn.move is None else None
            about = criterion or (self._nearest_probe(turn) if own.questions and turn.index not in exempt else None)
            if about is not None:
                asked.setdefault(about, turn.index)
            exchanges.append(
                Exchange(
                    turn=turn,
                    label=own,
                    before="\n".join(before),
                    after="\n".join(_said(transcript.turns[place + 1 :])),
                    criterion=criterion,
                    praise=_praise(turn.content),
                    wrong=self._wrong("\n".join(before)),
                    repeats=max(repeats.get(turn.index, 0.0), _TOPIC_AGAIN if named else 0.0),
                    known=_known(turn, own, criterion, covered),
                    agrees=agrees[turn.index],
                    passes_over=self._passes_over(transcript, place, own),
                    leaks=tuple(leak for leak in leaks if leak.index == turn.index),
                )
            )
        core = tuple(each.id for each in self._words.brief.criteria if each.core and each.step in transcript.steps)
        return Reading(transcript=transcript, exchanges=tuple(exchanges), covered=covered, core=core)

    def _wrong(self, message: str) -> bool | None:
        if not self._soundness.available or not message:
            return None
        return self._soundness.wrong(message)

    def _passes_over(self, transcript: Transcript, place: int, own: Label) -> float | None:
        turn = transcript.turns[place]
        if turn.move is not None or own.act not in FOLLOWING or not own.questions:
            return None
        return passes_over(transcript.turns, place, self._embedder)

    def _covered(self, transcript: Transcript) -> dict[str, int] | None:
        if transcript.recorded:
            first: dict[str, int] = {}
            for credit in transcript.credits:
                first[credit.criterion] = min(credit.turn, first.get(credit.criterion, credit.turn))
            return first
        if self._matcher is None:
            return None
        spoken = [
            (turn.index, span.text)
            for turn in transcript.turns
            if turn.speaker is Speaker.CANDIDATE
            for span in sentences(turn.content)
            if span.words >= 5 and not span.text.endswith("?")
        ]
        matches = self._matcher.observe(self._words.brief, [text for _, text in spoken])
        first = {}
        for (index, _), match in zip(spoken, matches, strict=True):
            for each in match.criteria:
                if each.credit:
                    first.setdefault(each.criterion, index)
        return first

    def _named_again(self, turn: Turn, own: Label, dealt_with: dict[str, int]) -> str | None:
        """The criterion that a question names as its subject though it was asked for or covered some turns before."""
        if not own.questions:
            return None
        words = stems(turn.content)
        for criterion, index in dealt_with.items():
            name = self._words.names.get(criterion)
            if name and turn.index - index >= _TURNS_BETWEEN and name <= words:
                return criterion
        return None

    def _asked_for(self, turn: Turn, own: Label) -> str | None:
        """The criterion of the probe that is nearest to a question, if one of its step is near."""
        if turn.move is not None or self._embedder is None or own.act not in _OPEN_ASKING or own.step is None:
            return None
        return self._nearest_probe(turn, step=own.step)

    def _nearest_probe(self, turn: Turn, *, step: Step | None = None) -> str | None:
        """The criterion whose probe, of a step or of any, is nearest to a turn; None where none is near."""
        if self._embedder is None or turn.move is not None:
            return None
        similar = (self._embedder.embed([turn.content]) @ self._words.probes.T)[0]
        best, found = _ASKED_AS_PROBE, None
        for value, owner in zip(similar, self._words.probe_owners, strict=True):
            if value > best and step in {None, self._words.brief.criterion_by_id[owner].step}:
                best, found = float(value), owner
        return found


def unanswered(exchange: Exchange) -> bool:
    """Whether the candidate asked something and the turn neither answers nor hands it back."""
    if not asks_interviewer(exchange.before) or exchange.label.act is Act.ANSWER_CLARIFICATION:
        return False
    return not answers(exchange.turn.content)


@lru_cache(maxsize=8_192)
def _praise(text: str) -> float:
    """1 for an effusive sentence, 0.5 for plain agreement; questions and bare "right" do not count."""
    said = [span.text for span in sentences(text) if not span.text.endswith("?") and not _BARE.match(span.text)]
    found = [
        each
        for each in said
        if shows("praise", each) or _LOVES.match(each) or (shows("verdict", each) and spoken_words(each) <= _SHORT)
    ]
    if not found:
        return 0.0
    return 1.0 if any(_EFFUSIVE.search(each) for each in found) or len(found) > 1 else 0.5


def _known(turn: Turn, own: Label, criterion: str | None, covered: dict[str, int] | None) -> bool | None:
    if covered is None or criterion is None or own.act not in _OPEN_ASKING or not own.questions:
        return None
    if turn.move in {Move.DEEPEN, Move.ADVANCE, Move.HAND_OVER}:
        return None
    return criterion in covered and covered[criterion] < turn.index


def _said(turns: tuple[Turn, ...]) -> list[str]:
    """What the candidate says until the interviewer's next turn."""
    found: list[str] = []
    for turn in turns:
        if turn.speaker is Speaker.INTERVIEWER:
            break
        found.append(turn.content)
    return found
