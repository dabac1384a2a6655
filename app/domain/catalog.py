"""All content together: the rubrics, the cases, and each case with its shared criteria resolved."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cached_property

from pydantic import ConfigDict

from app.domain.case import Case, Choice, Decision, Fact, Note, SharedUse, Tension
from app.domain.levels import LevelRules
from app.domain.quoting import LIKELY, QuoteHead, Quoter
from app.domain.rubric import Criterion, RedFlag, SharedCriterion, StepRubric
from app.domain.speech import Topic, stems
from app.domain.topics import topics
from app.domain.vocabulary import Frozen, Step
from app.errors import ContentError, InputError

_ALIKE, _LEAST = 0.5, 1.5
"""The share of the best score from which a criterion counts as what a choice is about, and the least score of all.

Ours; read against the choices of the shipped cases, where the nearest criterion with less was mostly another matter.
"""


class Brief(Frozen):
    """A case as the interview uses it: its own criteria and the shared ones it chose, in one list.

    Attributes:
        criteria: in the order of the steps; within a step core ones first, then by weight.
        red_flags: the case's own and those shared ones whose criterion the case has.
        quoting: tells which words of what was said are quoted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    case: Case
    criteria: tuple[Criterion, ...]
    red_flags: tuple[RedFlag, ...]
    notes: tuple[Note, ...]
    quoting: QuoteHead = QuoteHead()

    @cached_property
    def criterion_by_id(self) -> Mapping[str, Criterion]:
        """Criteria by id."""
        return {criterion.id: criterion for criterion in self.criteria}

    @cached_property
    def fact_by_id(self) -> Mapping[str, Fact]:
        """Facts by id."""
        return {fact.id: fact for fact in self.case.facts}

    @cached_property
    def decision_by_id(self) -> Mapping[str, Decision]:
        """Decisions that are the candidate's, by id."""
        return {decision.id: decision for decision in self.case.decisions}

    @cached_property
    def choice_by_id(self) -> Mapping[str, Choice]:
        """Choices by id."""
        return {choice.id: choice for choice in self.case.choices}

    @cached_property
    def tension_by_id(self) -> Mapping[str, Tension]:
        """Tensions by id."""
        return {tension.id: tension for tension in self.case.tensions}

    @cached_property
    def flag_by_id(self) -> Mapping[str, RedFlag]:
        """Red flags by id."""
        return {flag.id: flag for flag in self.red_flags}

    @cached_property
    def criterion_topics(self) -> Mapping[str, Topic]:
        """The words that each criterion is spoken of in, by its id; its name counts twice."""
        return topics({one.id: (one.name, *one.spoken_of) for one in self.criteria})

    @cached_property
    def choice_topics(self) -> Mapping[str, Topic]:
        """The words that each choice is made in, by its id."""
        return topics({one.id: (one.label, one.label, *one.says) for one in self.case.choices})

    @cached_property
    def flag_topics(self) -> Mapping[str, Topic]:
        """The words that each wrong claim is made in, by its id."""
        return topics({one.id: one.says for one in self.red_flags})

    def criterion_quoter(self, criterion: str) -> Quoter:
        """Picks what is quoted of what was said of a criterion."""
        subject = self.criterion_by_id[criterion].subject
        return Quoter(self.criterion_topics[criterion], self.quoting, subject, least=LIKELY if subject else 0.0)

    def choice_quoter(self, choice: str) -> Quoter:
        """Picks what is quoted of what was said in making a choice.

        Its subject says what was chosen, so any words of the candidate's own go before it.
        """
        return Quoter(self.choice_topics[choice], self.quoting, self.choice_by_id[choice].subject)

    def flag_quoter(self, flag: str) -> Quoter:
        """Picks what is quoted of what was said in making a wrong claim."""
        return Quoter(self.flag_topics[flag], self.quoting, self.flag_by_id[flag].subject)

    @cached_property
    def choice_criteria(self) -> Mapping[str, tuple[str, ...]]:
        """The criteria of its own step that each choice is spoken of like, the nearest first, by the choice's id."""
        return {one.id: self._criteria_like(one) for one in self.case.choices}

    def _criteria_like(self, choice: Choice) -> tuple[str, ...]:
        words = [stems(sentence) for sentence in (choice.label, *choice.says)]
        near = {
            criterion.id: sum(self.criterion_topics[criterion.id].get(word, 0.0) for said in words for word in said)
            for criterion in self.of_step(choice.step)
        }
        best = max(near.values(), default=0.0)
        like = [criterion for criterion, score in near.items() if score >= max(_LEAST, _ALIKE * best)]
        return tuple(sorted(like, key=lambda criterion: -near[criterion]))

    def of_step(self, step: Step) -> tuple[Criterion, ...]:
        """The criteria of one step, heaviest first."""
        return tuple(criterion for criterion in self.criteria if criterion.step is step)


class Catalog(Frozen):
    """Everything in `rubrics/` and `knowledge/`.

    Attributes:
        paths: the file of each case, for messages.
        content_hash: 16 hex digits over all content files.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    rubrics: tuple[StepRubric, ...]
    levels: LevelRules
    cases: tuple[Case, ...]
    notes: tuple[Note, ...]
    paths: dict[str, str]
    content_hash: str
    quoting: QuoteHead = QuoteHead()

    @cached_property
    def _briefs(self) -> dict[str, Brief]:
        return {}

    @cached_property
    def shared_by_id(self) -> Mapping[str, tuple[Step, SharedCriterion]]:
        """Shared criteria by id, with their step."""
        return {criterion.id: (rubric.step, criterion) for rubric in self.rubrics for criterion in rubric.criteria}

    def case_ids(self) -> tuple[str, ...]:
        """The ids of all cases, in alphabetical order."""
        return tuple(sorted(case.id for case in self.cases))

    def brief(self, case_id: str) -> Brief:
        """A case with its shared criteria resolved.

        Raises:
            InputError: there is no such case.
            ContentError: the case refers to a shared criterion that does not exist.
        """
        if case_id not in self._briefs:
            self._briefs[case_id] = self._resolve(case_id)
        return self._briefs[case_id]

    def _resolve(self, case_id: str) -> Brief:
        case = next((case for case in self.cases if case.id == case_id), None)
        if case is None:
            near = get_close_matches(case_id, self.case_ids(), n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else "; `mlsd cases` lists them"
            raise InputError(f"there is no case {case_id!r}{hint}")
        criteria = [self._choose(use, case) for use in case.shared] + list(case.criteria)
        order = {step: step.number for step in Step}
        criteria.sort(key=lambda criterion: (order[criterion.step], not criterion.core, -criterion.weight))
        ids = {criterion.id for criterion in criteria}
        shared_flags = [
            RedFlag(step=rubric.step, **flag.model_dump())
            for rubric in self.rubrics
            for flag in rubric.red_flags
            if flag.criterion in ids
        ]
        return Brief(
            case=case,
            criteria=tuple(criteria),
            red_flags=(*case.red_flags, *shared_flags),
            notes=tuple(note for note in self.notes if note.case == case_id),
            quoting=self.quoting,
        )

    def _choose(self, use: SharedUse, case: Case) -> Criterion:
        if use.use not in self.shared_by_id:
            near = get_close_matches(use.use, self.shared_by_id, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else "; mend the id"
            raise ContentError(
                f"there is no shared criterion {use.use!r} in rubrics/{hint}",
                file=self.paths[case.id],
                field="shared",
            )
        step, shared = self.shared_by_id[use.use]
        return Criterion(
            id=shared.id,
            step=step,
            name=shared.name,
            description=shared.description,
            subject=shared.subject,
            weight=use.weight or shared.weight,
            core=use.core,
            anchors=shared.anchors,
            levels=shared.levels,
            covers=(*use.covers, *shared.covers),
            near_misses=(*use.near_misses, *shared.near_misses),
            probes=use.probes or shared.probes,
            follow_ups=use.follow_ups or shared.follow_ups,
            hints=use.hints or shared.hints,
            giveaways=tuple(dict.fromkeys((*use.giveaways, *shared.giveaways))),
            asking=shared.asking,
        )
