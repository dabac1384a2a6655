"""From a transcript to a scorecard, with today's content: one function for page, command and evals.

The messages are read and observed anew; what the log recorded when the interview ran is used only on
request. Works on imported transcripts too, whose events are messages and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.case import section_ids
from app.domain.catalog import Brief, Catalog
from app.domain.combining import BESIDE_THE_POINT, Reading, combine, credible
from app.domain.dispute import open_disputes, with_disputes
from app.domain.events import (
    AdvanceRequested,
    CandidateMessage,
    DoubtNoted,
    EndRequested,
    EvidenceFound,
    Graded,
    InterviewerMessage,
    RedFlagSeen,
    StepStarted,
)
from app.domain.grades import CriterionGrade, Grading
from app.domain.interview import passes_by
from app.domain.kinds import IntakeKind, Move, Observer
from app.domain.rubric import Criterion
from app.domain.scorecard import (
    CriterionScore,
    FlagQuote,
    GraderReport,
    HintTaken,
    Quote,
    Scorecard,
    Status,
    StudyItem,
    Weighed,
    overall,
    rate,
    step_score,
)
from app.domain.speech import asks_only
from app.domain.vocabulary import Level, Provenance, Step
from app.ports import Aims, Matcher, StoredInterview
from app.services.corrections import Exchange, settled, upheld
from app.services.intake import IntakeReader
from app.services.made_use import Sentence, Told, best_use
from app.services.observe import observe, telling

# From what score a sentence is shown as "perhaps meant for" a criterion. In the labelled messages of the tuned cases
# 14 of the 31 above were on the criterion, and 37 of the 141 below (`evals.spoken_answers`).
PERHAPS = 0.35
# Of questions that show a criterion the most telling are quoted; the others say the same once more.
_MOST_QUESTIONS = 3
_OWN_WORDS = {IntakeKind.ANSWER, IntakeKind.OBJECTION, IntakeKind.ASSUMPTION}
_ASKING = {Move.PROBE, Move.ASK_GROUND, Move.NUDGE, Move.PRESS, Move.INTERRUPT}
# A changed constraint is about more than the point that it bears on: an answer may show that, but need not.
_BEARING = {Move.DEEPEN, Move.HINT, Move.TWIST}


@dataclass
class _Record:
    """What a transcript holds about each criterion."""

    quotes: dict[str, list[Quote]] = field(default_factory=dict)
    doubts: dict[str, DoubtNoted] = field(default_factory=dict)
    near: dict[str, DoubtNoted] = field(default_factory=dict)
    exchange: Exchange = field(default_factory=Exchange)
    pressed: str | None = None
    asked: dict[str, int] = field(default_factory=dict)
    rungs: dict[str, int] = field(default_factory=dict)
    passed: set[Step] = field(default_factory=set)
    flags: list[FlagQuote] = field(default_factory=list)
    unsure: set[tuple[str, int]] = field(default_factory=set)
    hints: list[HintTaken] = field(default_factory=list)
    step: Step = Step.REQUIREMENTS
    handed_over: bool = False
    question: str | None = None
    about: tuple[str, ...] = ()
    invited: bool = False
    put: str = ""
    facts: set[str] = field(default_factory=set)
    drawn: list[str] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    said: list[Sentence] = field(default_factory=list)

    def doubt(self, event: DoubtNoted) -> None:
        """Keep the sentence that is most likely meant for a criterion, and the nearest in a reply to a question for it.

        In a reply any sentence that is in doubt will do: it is what the candidate said when asked.
        """
        if (event.score or 0.0) >= PERHAPS:
            self.exchange.near.add((event.criterion, event.turn))
            _keep_likelier(self.doubts, event)
        asked = self.asked.get(event.criterion, event.turn) < event.turn
        if asked and self.exchange.replies_to.get(event.turn) == event.criterion:
            _keep_likelier(self.near, event)

    def claim(self, event: RedFlagSeen) -> None:
        """Keep a wrong claim."""
        self.flags.append(FlagQuote(id=event.flag, turn=event.turn, quote=event.quote))
        if not event.sure:
            self.unsure.add((event.flag, event.turn))

    def held(self, flags: Sequence[FlagQuote], brief: Brief) -> list[FlagQuote]:
        """The claims that are held against the candidate: made in two messages or surely, with nothing said to it.

        Whoever is credited for the same point in other words hardly ever claims the contrary: in the labelled scripts a
        tenth of the wrong claims stand beside such words, and nearly all sentences that were only taken for one do.
        """
        turns = {flag.id: {other.turn for other in flags if other.id == flag.id} for flag in flags}
        likely = [flag for flag in flags if len(turns[flag.id]) > 1 or (flag.id, flag.turn) not in self.unsure]
        return [flag for flag in likely if not self._is_credited_beside(flag, brief)]

    def _is_credited_beside(self, flag: FlagQuote, brief: Brief) -> bool:
        credited = self.quotes.get(brief.flag_by_id[flag.id].criterion, ())
        return any(quote.quote not in flag.quote and flag.quote not in quote.quote for quote in credited)

    def hear(self, message: CandidateMessage) -> None:
        """Keep what a message answers."""
        self.exchange.said[message.index] = message.content
        if self.question is not None:
            self.exchange.replies_to[message.index] = self.question
        if self.pressed is not None:
            self.exchange.pressed[message.index] = self.pressed

    def provenance_at(self, criterion: str, turn: int) -> Provenance:
        """How what was said in some turn came about."""
        if any(hint.criterion == criterion and hint.turn < turn for hint in self.hints):
            return Provenance.HINTED
        asked = self.asked.get(criterion)
        return Provenance.PROMPTED if asked is not None and asked < turn else Provenance.VOLUNTEERED

    def provenance(self, criterion: str) -> Provenance:
        if self.rungs.get(criterion):
            return Provenance.HINTED
        return Provenance.PROMPTED if criterion in self.asked else Provenance.VOLUNTEERED


def _keep_likelier(known: dict[str, DoubtNoted], event: DoubtNoted) -> None:
    held = known.get(event.criterion)
    if held is None or (event.score or 0.0) > (held.score or 0.0):
        known[event.criterion] = event


class Assessor:
    """Scores transcripts with the built-in matcher, and with a grader's reading where one is given."""

    def __init__(self, *, catalog: Catalog, matcher: Matcher, aims: Aims | None = None) -> None:
        self._catalog = catalog
        self._matcher = matcher
        self._reader = IntakeReader(matcher, aims)

    def assess(
        self,
        stored: StoredInterview,
        *,
        level: Level | None = None,
        recorded: bool = False,
        grading: Grading | None = None,
    ) -> Scorecard:
        """The scorecard of a transcript.

        Args:
            stored: the interview, ended or not.
            level: the level to score for; None for the interview's own.
            recorded: use the evidence that the log holds instead of observing anew.
            grading: what a grader model made of it; None for the built-in rating alone.

        Raises:
            InputError: the case is not known.
        """
        brief = self._catalog.brief(stored.header.case)
        rules = self._catalog.levels
        at = level or stored.header.level
        record = self._read(stored, brief, recorded=recorded)
        standing = [flag for flag in record.flags if not flag.corrected]
        readings = self._readings(grading, record, brief) if grading is not None else {}
        steps = []
        for step in stored.header.steps:
            weighed = [self._weigh(criterion, record, standing, brief) for criterion in brief.of_step(step)]
            lines = [
                combine(line, readings[line.id], weighed=one, level=at, rules=rules) if line.id in readings else line
                for one, line in ((one, rate(one, level=at, rules=rules)) for one in weighed)
            ]
            steps.append(step_score(step, lines))
        total = overall(steps, flags=len({flag.id for flag in standing}), level=at, rules=rules)
        report = _report(grading, readings) if grading is not None else None
        if report is not None:
            total = total.model_copy(update={"reasons": (*total.reasons, *_said_of(report))})
        card = Scorecard(
            case=brief.case.id,
            level=at,
            scored_by=report.model if report is not None and report.graded else "builtin",
            content_hash=self._catalog.content_hash,
            recorded_hash=stored.header.content_hash or None,
            overall=total,
            steps=tuple(steps),
            red_flags=tuple(record.flags),
            hints=tuple(record.hints),
            study=study([line for step in steps for line in step.criteria], brief),
            grader=report,
        )
        return with_disputes(card, open_disputes(stored.events), brief=brief, rules=rules, asked=record.asked)

    def _readings(self, grading: Grading, record: _Record, brief: Brief) -> dict[str, Reading]:
        """The grader's readings with their quotes checked anew; without effect if most of them are beside the point."""
        found = {grade.criterion: self._reading(grade, record, brief) for grade in grading.grades}
        return found if credible(found.values()) else {id: reading.discarded() for id, reading in found.items()}

    def _reading(self, grade: CriterionGrade, record: _Record, brief: Brief) -> Reading:
        quotes = tuple(
            Quote(
                turn=quote.turn,
                quote=quote.quote,
                provenance=record.provenance_at(grade.criterion, quote.turn),
                source=Observer.GRADER,
            )
            for quote in grade.quotes
            if quote.quote in record.exchange.said.get(quote.turn, "")
        )
        if grade.rating is not None and not quotes:
            grade = CriterionGrade(criterion=grade.criterion, problem="it quotes nothing that the candidate said")
        matches = self._matcher.observe(brief, [quote.quote for quote in quotes]) if quotes else []
        supported = any(one.criterion == grade.criterion for match in matches for one in match.criteria)
        return Reading(grade=grade, quotes=quotes, supported=supported)

    def kept_grading(self, stored: StoredInterview) -> Grading | None:
        """The grading that the log holds, if it was made with today's content; the last one counts."""
        mine = self._catalog.content_hash
        found = [event for event in stored.events if isinstance(event, Graded) and event.content_hash == mine]
        return found[-1].grading if found else None

    def _read(self, stored: StoredInterview, brief: Brief, *, recorded: bool) -> _Record:
        record = _Record(step=stored.header.steps[0])
        for event in stored.events:
            match event:
                case CandidateMessage():
                    record.hear(event)
                    self._hear(event, brief, record, plan=stored.header.steps, recorded=recorded)
                case InterviewerMessage():
                    self._note_question(event, brief, record)
                case StepStarted(step=step):
                    record.step = step
                case AdvanceRequested(step=step, to=to) if passes_by(step, to=to):
                    record.passed.add(step)
                case EndRequested():
                    record.passed.update(stored.header.steps)
                case EvidenceFound() if recorded and event.criterion in brief.criterion_by_id:
                    quote = Quote(turn=event.turn, quote=event.quote, provenance=event.provenance, source=event.source)
                    record.quotes.setdefault(event.criterion, []).append(quote)
                case RedFlagSeen() if recorded and event.flag in brief.flag_by_id:
                    record.claim(event)
                case DoubtNoted() if recorded and event.criterion in brief.criterion_by_id:
                    record.doubt(event)
                case _:
                    pass
        quotes = upheld(record.quotes, record.flags, record.exchange)
        record.flags = settled(record.flags, quotes, record.exchange, brief=brief)
        record.quotes = quotes
        record.flags = record.held(record.flags, brief)
        return record

    def _hear(
        self, message: CandidateMessage, brief: Brief, record: _Record, *, plan: Sequence[Step], recorded: bool
    ) -> None:
        segments = self._reader.read_message(message, brief, asked=record.put)
        jumps = [part.step for part in segments if part.kind is IntakeKind.ADVANCE]
        jumps += [part.step for part in segments if part.kind is IntakeKind.ASKS_LEAVE and part.step is not None]
        if any(passes_by(record.step, to=to) for to in jumps) and not record.handed_over:
            record.passed.add(record.step)
        if any(segment.kind is IntakeKind.END for segment in segments):
            record.passed.update(plan)
        record.told += [
            Told(turn=message.index, answer=brief.fact_by_id[one.fact].answer) for one in segments if one.fact
        ]
        if not message.board:
            record.said += [
                Sentence(turn=message.index, text=message.content[one.start : one.end])
                for one in segments
                if one.kind in _OWN_WORDS
            ]
        if recorded:
            return
        found = observe(
            message,
            segments,
            brief=brief,
            matcher=self._matcher,
            provenance=record.provenance,
            plan=plan,
            asked=record.about,
            facts=record.facts,
            invited=record.invited,
            at=message.at,
            drawn=record.drawn,
            most=None,
        )
        if message.board:
            record.drawn.append(message.content)
        record.facts.update(segment.fact for segment in segments if segment.fact is not None)
        for event in found:
            if isinstance(event, EvidenceFound):
                quote = Quote(turn=event.turn, quote=event.quote, provenance=event.provenance)
                record.quotes.setdefault(event.criterion, []).append(quote)
            elif isinstance(event, RedFlagSeen):
                record.claim(event)
            elif isinstance(event, DoubtNoted):
                record.doubt(event)

    def _note_question(self, message: InterviewerMessage, brief: Brief, record: _Record) -> None:
        record.put = message.content
        record.invited = record.invited or message.move is Move.QUESTIONS
        record.handed_over = message.move in {Move.HAND_OVER, Move.ACCEPT}
        record.question = message.criterion if message.move in _ASKING | _BEARING else None
        record.about = (record.question,) if record.question else brief.choice_criteria.get(message.about or "", ())
        pressed = message.move is Move.PRESS and message.about in brief.flag_by_id
        record.pressed = message.about if pressed else None
        criterion = message.criterion
        if criterion is None or criterion not in brief.criterion_by_id:
            return
        if message.move is Move.HINT and message.rung is not None:
            record.rungs[criterion] = max(record.rungs.get(criterion, 0), message.rung)
            step = brief.criterion_by_id[criterion].step
            record.hints.append(HintTaken(criterion=criterion, step=step, rung=message.rung, turn=message.index))
        elif message.move in _ASKING:
            record.asked.setdefault(criterion, message.index)

    def _weigh(self, criterion: Criterion, record: _Record, standing: Sequence[FlagQuote], brief: Brief) -> Weighed:
        quotes = record.quotes.get(criterion.id, [])
        only_asked = bool(quotes) and criterion.asking is not None and all(asks_only(one.quote) for one in quotes)
        use = best_use(record.told, record.said) if only_asked else None
        return Weighed(
            criterion=criterion,
            quotes=tuple(_most_telling(quotes) if only_asked else quotes),
            used=None
            if use is None
            else Quote(turn=use.turn, quote=use.text, provenance=record.provenance_at(criterion.id, use.turn)),
            asked=criterion.id in record.asked,
            passed=criterion.step in record.passed,
            rung=record.rungs.get(criterion.id, 0),
            wrong=any(brief.flag_by_id[flag.id].criterion == criterion.id for flag in standing),
            uncertain=doubt.quote if (doubt := record.doubts.get(criterion.id)) is not None else None,
            near=near.quote if (near := record.near.get(criterion.id)) is not None else None,
        )


def _most_telling(questions: Sequence[Quote]) -> list[Quote]:
    """The questions to quote, in order; what came unasked goes before what was asked for."""
    unasked = sorted(questions, key=lambda one: (one.provenance is not Provenance.VOLUNTEERED, -telling(one.quote)))
    return [one for one in questions if one in unasked[:_MOST_QUESTIONS]]


def _report(grading: Grading, readings: Mapping[str, Reading]) -> GraderReport:
    discarded = [BESIDE_THE_POINT] if any(one.grade.problem == BESIDE_THE_POINT for one in readings.values()) else []
    return GraderReport(
        model=grading.model,
        votes=grading.votes,
        graded=sum(1 for reading in readings.values() if not reading.grade.problem),
        criteria=len(readings),
        problems=(*discarded, *grading.problems),
    )


def _said_of(report: GraderReport) -> list[str]:
    """How the grader fared, for the reasons of a scorecard: one line, and one more if anything is missing."""
    missing = "; ".join(report.problems)
    if not report.graded:
        why = f" ({missing})" if missing else ""
        return [f"The grader {report.model} could not be used{why}; this is the built-in scorecard."]
    said = [f"{report.model} graded {report.graded} of {report.criteria} points beside the built-in reading."]
    return said + ([f"The built-in rating stands for the others: {missing}."] if missing else [])


def study(lines: Sequence[CriterionScore], brief: Brief) -> tuple[StudyItem, ...]:
    """The note sections that help with the gaps, the heaviest gap first; five at most."""
    gaps = sorted(
        (line for line in lines if line.status is not Status.MET),
        key=lambda line: (not line.core, -line.weight, line.status is Status.NOT_ASSESSED, line.rating or 0),
    )
    found: dict[str, StudyItem] = {}
    for line in gaps:
        for note in brief.notes:
            for place, section in zip(section_ids(note), note.sections, strict=True):
                if line.id in section.criteria and place not in found:
                    found[place] = StudyItem(case=brief.case.id, note=place, why=f"{line.name}: {_say(line)}")
    return tuple(list(found.values())[:5])


def _say(line: CriterionScore) -> str:
    if line.uncertain is not None:
        return "perhaps said, too uncertain to credit"
    return {
        Status.MET: "shown",
        Status.PARTIAL: "named, not worked out",
        Status.WRONG: "a wrong claim stood",
        Status.NOT_SHOWN: "not shown",
        Status.NOT_ASSESSED: "did not come up",
    }[line.status]
