"""What a candidate is after with a question, an objection or a request that the words alone do not tell.

A fitted rule (the Aims port) is asked where neither a fact of the case nor a turn of phrase decides; what the candidate
goes on to say decides the rest: whoever answers a question himself has put it to nobody.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

from app.domain.events import Segment
from app.domain.kinds import Aim, IntakeKind
from app.domain.speech import Span, is_question, last_sentence, stems, words_of
from app.domain.turn import count_words
from app.ports import Aims, Aside, AskMatch
from app.services import cues, steering
from app.services.put_back import OPTIONS, of_his_words, put_back

SURE_AIM = 0.4
"""The probability from which what somebody is after counts as known.

Of what the rule is no surer of than half, in writers left out of its fit, half is right; an eighth asks for a fact.
"""
_SURE_OF_OTHER, _OVER_A_FACT = 0.6, 0.45
"""The same where it is of the course of the interview, and where it seems to ask for a fact, though not for sure."""
_SURE_OF_NOTHING = 0.8
"""The same that a question with which a message ends is put to nobody."""
_OBJECTS = 0.6
"""The same of a statement that may be an objection."""
_HARDLY = 0.15
"""The probability that a question asks for a fact, from which on down it hardly does, though a fact is near."""
_LEAST_SAID, _A_TRY = 4, 20
"""Words of the candidate's own that go on from an echo; that are an answer, whatever stands beside them."""
_AN_ECHO = 4
_LONGEST_OBJECTION = 24
_MAY_ASK_FOR_MORE = {IntakeKind.ASKS_PROCEDURE, IntakeKind.ASKS_BACK, IntakeKind.ASKS_OPINION}
_KINDS = {
    Aim.DECISION: IntakeKind.ASKS_DECISION,
    Aim.LEAVE: IntakeKind.ASKS_LEAVE,
    Aim.MORE: IntakeKind.ASKS_MORE,
    Aim.MEANT: IntakeKind.ASKS_BACK,
    Aim.VIEW: IntakeKind.ASKS_OPINION,
    Aim.NOTHING: IntakeKind.ANSWER,
    Aim.OBJECTION: IntakeKind.OBJECTION,
}


class Asides:
    """The sentences of a message, each with what stands around it.

    Args:
        spans: the sentences, in order.
        asked: what the interviewer said last.
        aims: tells what somebody is after; None to go by the words alone.
        invited: whether the candidate's own questions were invited, so that any is one.
    """

    def __init__(self, spans: Sequence[Span], *, asked: str, aims: Aims | None, invited: bool = False) -> None:
        self.asked = asked
        self._invited = invited
        self._spans = spans
        self._aims = aims
        self._starts, self._ends = [span.start for span in spans], [span.end for span in spans]
        self._told: dict[Aside, dict[Aim, float]] = {}

    def of(self, part: Span | Segment, text: str) -> Aside:
        """A part of the message with the sentences next to it."""
        before, after = self.before(part), self.after(part)
        return Aside(
            said=text,
            before=before.text if before is not None else "",
            after=after.text if after is not None else "",
            asked=self._last_asked,
        )

    def guess_before(self, part: Span) -> Span | None:
        """The sentence before a part, if it guesses."""
        before = self.before(part)
        return before if before is not None and cues.GUESSED.search(before.text) else None

    def before(self, part: Span | Segment) -> Span | None:
        """The sentence before a part."""
        place = bisect_right(self._ends, part.start)
        return self._spans[place - 1] if place else None

    def after(self, part: Span | Segment) -> Span | None:
        """The sentence after a part."""
        place = bisect_left(self._starts, part.end)
        return self._spans[place] if place < len(self._spans) else None

    @cached_property
    def _last_asked(self) -> str:
        return last_sentence(self.asked)

    def put(self, aside: Aside, about: AskMatch, *, before: IntakeKind | None) -> IntakeKind:
        """Whether a question is about the case, or which kind of question to the interviewer it is.

        Args:
            aside: the question.
            about: what it is about, as far as the case knows.
            before: what the question before it in the message is.
        """
        known = about.known
        if self._asks_what_he_meant(aside.said):
            return IntakeKind.ASKS_BACK
        if steering.MORE_TO_COME.search(aside.said):
            return IntakeKind.ASKS_MORE
        if steering.SHALL_I_GO.search(aside.said) or cues.OFFERS_SUMS.search(aside.said):
            return IntakeKind.ASKS_LEAVE
        if about.sure and ("?" in aside.said or not aside.before):
            return IntakeKind.ANSWER if self._answers_himself(aside) else IntakeKind.QUESTION
        if cues.CONFIRMS.search(aside.said):
            return IntakeKind.QUESTION if known else IntakeKind.ASKS_LEAVE
        if cues.DOUBTS_OWN.match(aside.said) and not known and not self._invited and not goes_on(aside):
            return IntakeKind.ASKS_OPINION
        if cues.ASKS_IF_SOUND.search(aside.said) and cues.GUESSED.search(aside.before):
            return IntakeKind.QUESTION if about.fact is not None or about.near is not None else IntakeKind.ASKS_LEAVE
        if cues.ASKS_CONSENT.search(aside.said) or cues.ASKS_IF_MEANT.search(aside.said):
            return IntakeKind.ASKS_LEAVE
        if any(
            cue.search(aside.said)
            for cue in (steering.OFFERS_CHOICE, steering.ASKS_LEAVE, steering.OR_GO_ON, steering.LATER)
        ):
            return IntakeKind.ASKS_LEAVE
        if cues.SAID_BEFORE.search(aside.said):
            return IntakeKind.OBJECTION
        if cues.GUESS_ASKED.match(aside.said) and not known and not self._invited:
            return IntakeKind.ANSWER
        kind = put_back(aside.said, asked=self.asked)
        digs = kind is not IntakeKind.ASKS_BACK or cues.DIGS.search(aside.said) is not None
        if kind in _MAY_ASK_FOR_MORE and digs and self._aimed(aside, least=_SURE_OF_OTHER) is IntakeKind.ASKS_MORE:
            return IntakeKind.ASKS_MORE
        if kind is None and not known:
            if of_his_words(aside.said, self.asked):
                kind = IntakeKind.ASKS_BACK
            elif before is IntakeKind.ASKS_BACK and OPTIONS.match(aside.said):
                kind = IntakeKind.ASKS_BACK
            elif goes_on(aside) and cues.HEDGE.match(aside.said):
                kind = IntakeKind.ANSWER
        return kind or self._aimed(aside, least=_OVER_A_FACT if known else SURE_AIM)

    def _aimed(self, aside: Aside, *, least: float) -> IntakeKind:
        """What a question is by what the candidate is after, if that is likely enough; else about the case."""
        if self._aims is None or self._invited:
            return IntakeKind.QUESTION
        told = self._tell([aside])[0]
        best = max(told, key=lambda aim: told[aim])
        if best is Aim.MORE and not cues.MORE.search(aside.said):
            return IntakeKind.QUESTION
        if best is Aim.NOTHING and cues.ASKS_WHAT_IS_KNOWN.search(aside.said):
            return IntakeKind.QUESTION
        if best is Aim.NOTHING and not (goes_on(aside) if aside.after else told[best] >= _SURE_OF_NOTHING):
            return IntakeKind.QUESTION
        return _KINDS.get(best, IntakeKind.QUESTION) if told[best] >= least else IntakeKind.QUESTION

    def _answers_himself(self, aside: Aside) -> bool:
        """Whether a question that a fact would answer is thought aloud all the same: what follows goes on."""
        if self._aims is None or self._invited or not goes_on(aside):
            return False
        told = self._tell([aside])[0]
        return told[Aim.FACT] <= _HARDLY and max(told, key=lambda aim: told[aim]) in {Aim.NOTHING, Aim.LEAVE}

    def _tell(self, asides: Sequence[Aside]) -> list[dict[Aim, float]]:
        new = [aside for aside in dict.fromkeys(asides) if aside not in self._told]
        if new and self._aims is not None:
            self._told |= dict(zip(new, self._aims.told(new), strict=True))
        return [self._told[aside] for aside in asides]

    def objections(self, segments: Sequence[Segment], content: str) -> list[Segment]:
        """The segments, those statements marked that object to what the interviewer said."""
        if self._aims is None or not self.asked:
            return list(segments)
        texts = [content[segment.start : segment.end] for segment in segments]
        asides = {
            place: self.of(segment, text)
            for place, (segment, text) in enumerate(zip(segments, texts, strict=True))
            if segment.kind is IntakeKind.ANSWER and _may_object(text) and not self._is_made_exact(segment)
        }
        told = dict(zip(asides, self._tell(list(asides.values())), strict=True))
        return [
            segment.model_copy(update={"kind": IntakeKind.OBJECTION})
            if place in told
            and (told[place][Aim.OBJECTION] >= _OBJECTS or cues.NOT_UNDERSTOOD.search(texts[place]) is not None)
            else segment
            for place, segment in enumerate(segments)
        ]

    def _is_made_exact(self, part: Segment) -> bool:
        """Whether the next sentence makes what the candidate said more precise."""
        after = self.after(part)
        return after is not None and cues.MORE_EXACTLY.match(after.text) is not None

    def went_on(self, segments: Sequence[Segment], content: str) -> list[Segment]:
        """The segments by what was said after them, in order.

        Whoever goes on without waiting for an answer has neither asked, where it is the interviewer's words again or a
        reading of them, nor asked for leave; whoever says more than a sentence after "I'm not sure" has not given up.
        """
        settled: list[Segment] = []
        after = 0
        for segment in sorted(segments, key=lambda one: one.start, reverse=True):
            text = content[segment.start : segment.end]
            words = len(words_of(text)) if segment.kind is IntakeKind.ANSWER else 0
            settled.append(self._settled(segment, text, after=after))
            after += words
        return settled[::-1]

    def _settled(self, segment: Segment, text: str, *, after: int) -> Segment:
        about_nothing = segment.fact is None and segment.decision is None
        asks = segment.kind in {IntakeKind.QUESTION, IntakeKind.ASKS_BACK} and about_nothing
        echo = asks and after >= _LEAST_SAID and self._is_echo(text)
        echo |= segment.kind is IntakeKind.QUESTION and self._is_echo(text) and self._is_answered(segment)
        asks_back = segment.kind is IntakeKind.ASKS_BACK or segment.near is None
        reads = asks and asks_back and after >= _A_TRY and cues.YOU_MEAN.match(text) is not None
        if echo or reads or (segment.kind in {IntakeKind.ASKS_LEAVE, IntakeKind.DONT_KNOW} and after >= _A_TRY):
            nothing = {"fact": None, "decision": None, "near": None, "step": None}
            return segment.model_copy(update={"kind": IntakeKind.ANSWER, **nothing})
        return segment

    def _is_answered(self, part: Segment) -> bool:
        """Whether the next sentence answers a question that is only the interviewer's words again."""
        after = self.after(part)
        return after is not None and cues.ANSWERS_ECHO.match(after.text) is not None

    def _asks_what_he_meant(self, text: str) -> bool:
        if cues.OF_WHAT.search(text):
            return True
        asks = cues.MEANS.search(text)
        meant = stems(asks["of"]) if asks is not None else set()
        return bool(meant & stems(self._last_asked))

    def _is_echo(self, text: str) -> bool:
        """Whether a question only says a few of the interviewer's last words again ("Doc id?")."""
        said = stems(text)
        few = text.rstrip().endswith("?") and len(words_of(text)) <= _AN_ECHO
        return few and bool(said) and said <= stems(self._last_asked) and not cues.WH_WORD.search(text)


def goes_on(aside: Aside) -> bool:
    """Whether a statement of the candidate's own follows that does not ask on."""
    after = aside.after
    if not after or is_question(Span(start=0, end=len(after), text=after)):
        return False
    if cues.tells_what_hangs_on_it(aside.said, after):
        return False
    return not any(
        cue.search(after) for cue in (cues.ASKS_ON, cues.TELLS_WHY, cues.DONT_KNOW, steering.ADVANCE)
    ) and not cues.PLEASANT.match(after)


def leave_to_go(segments: Sequence[Segment], content: str) -> list[Segment]:
    """The segments; beside an answer, a request to go to a step that is put as a question waits for leave."""
    own = count_words(content, [one for one in segments if one.kind is IntakeKind.ANSWER])
    return [_leave(segment, content) if own >= _A_TRY else segment for segment in segments]


def _leave(segment: Segment, content: str) -> Segment:
    text = content[segment.start : segment.end]
    if segment.kind is not IntakeKind.ADVANCE or not text.rstrip().endswith("?"):
        return segment
    either = cues.EITHER_OR.search(text) is not None
    return segment.model_copy(update={"kind": IntakeKind.ASKS_LEAVE, "step": None if either else segment.step})


def _may_object(text: str) -> bool:
    if cues.NOT_UNDERSTOOD.search(text):
        return len(words_of(text)) <= _LONGEST_OBJECTION
    if len(words_of(text)) > _LONGEST_OBJECTION or cues.OWN_FAULT.match(text):
        return False
    if (
        cues.TAKES_UP.search(text)
        or cues.TAKES_FACT.search(text)
        or cues.CONFIRMS.search(text)
        or (cues.NOT_YET.search(text) and not cues.YOU_SAID.search(text))
    ):
        return False
    return cues.TO_HIM.search(text) is not None and cues.OBJECTS.search(text) is not None
