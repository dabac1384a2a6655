"""What a case lets an interviewer say, and what would give its answers away: prepared once per case."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from app.domain.catalog import Brief
from app.domain.vocabulary import Step
from app.ports import ContentEmbedder, Vectors
from app.services.guard import form
from evals.infer.text import normalise, sentences, stems

_WORD = re.compile(r"[a-z0-9]+")
LONGEST_TERM = 6


@lru_cache(maxsize=65_536)
def form_of(word: str) -> str:
    """A word without its ending, as the guard compares give-away terms."""
    return form(word)


def forms_of(text: str) -> list[str]:
    """The words of a text without their endings, but for the step "framing", which has nothing of a video's frames."""
    return [word if word == Step.FRAMING else form_of(word) for word in _WORD.findall(text.lower())]


class CaseWords:
    """A case's texts as the evals compare with them.

    Args:
        embedder: None leaves out all that goes by meaning.
    """

    def __init__(self, brief: Brief, embedder: ContentEmbedder | None) -> None:
        self.brief = brief
        self._embedder = embedder

    @cached_property
    def terms(self) -> dict[tuple[str, ...], str]:
        """Give-away terms as tuples of forms, with the criterion whose answer each gives away.

        A term that the case itself says in public (prompt, facts) gives nothing away.
        """
        public = f" {' '.join(forms_of(self.public))} "
        found: dict[tuple[str, ...], str] = {}
        for criterion in self.brief.criteria:
            for term in criterion.giveaways:
                key = tuple(forms_of(term))
                if key and len(key) <= LONGEST_TERM and f" {' '.join(key)} " not in public:
                    found.setdefault(key, criterion.id)
        return found

    @cached_property
    def first_of_terms(self) -> frozenset[str]:
        """The forms that give-away terms begin with."""
        return frozenset(term[0] for term in self.terms)

    @cached_property
    def public(self) -> str:
        """What anybody may hear: the prompt and the facts."""
        return "\n".join((self.brief.case.prompt, *(fact.answer for fact in self.brief.case.facts)))

    @cached_property
    def public_stems(self) -> frozenset[str]:
        """Stems of the words of it."""
        return stems(self.public)

    @cached_property
    def allowed(self) -> frozenset[str]:
        """Normalised sentences that a curated interviewer says, bottom-out hints aside: none gives anything away."""
        case = self.brief.case
        texts = [case.prompt, *(text for openers in case.openers.values() for text in openers)]
        texts += [fact.answer for fact in case.facts] + [decision.reply for decision in case.decisions]
        texts += [twist.text for twist in case.twists]
        texts += [text for tension in case.tensions for text in tension.asks]
        texts += [text for choice in case.choices for text in choice.presses]
        texts += [text for flag in self.brief.red_flags for text in flag.presses]
        for criterion in self.brief.criteria:
            texts += [*criterion.probes, *criterion.follow_ups, criterion.hints.nudge, criterion.hints.pointer]
        return frozenset(normalise(span.text) for text in texts for span in sentences(text))

    @cached_property
    def bottom_outs(self) -> frozenset[str]:
        """Normalised sentences of the last rungs."""
        texts = [criterion.hints.bottom_out for criterion in self.brief.criteria]
        return frozenset(normalise(span.text) for text in texts for span in sentences(text))

    @cached_property
    def answers(self) -> Vectors:
        """Vectors of what covers a criterion, its upper anchors and its last hint."""
        assert self._embedder is not None
        return self._embedder.embed_content(self._answer_texts)

    @cached_property
    def _answer_texts(self) -> list[str]:
        return [
            text
            for each in self.brief.criteria
            for text in (*each.covers, each.anchors.r3, each.anchors.r4, each.hints.bottom_out)
        ]

    @cached_property
    def asking(self) -> Vectors:
        """Vectors of the curated questions and hints, which are close to the subject without giving it away."""
        assert self._embedder is not None
        return self._embedder.embed_content(
            [text for each in self.brief.criteria for text in (*each.probes, each.hints.nudge, each.hints.pointer)]
        )

    @cached_property
    def facts(self) -> Vectors:
        """Vectors of the facts, which anybody may hear."""
        assert self._embedder is not None
        return self._embedder.embed_content([fact.answer for fact in self.brief.case.facts])

    @cached_property
    def probes(self) -> Vectors:
        """Vectors of the probes; rows as in `probe_owners`."""
        assert self._embedder is not None
        return self._embedder.embed_content([text for each in self.brief.criteria for text in each.probes])

    @cached_property
    def probe_owners(self) -> tuple[str, ...]:
        """The criterion of each row of `probes`."""
        return tuple(each.id for each in self.brief.criteria for _ in each.probes)

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Stems of the name of each criterion, as far as they are two or more."""
        found = {each.id: frozenset(stems(each.name.split(":")[0])) for each in self.brief.criteria}
        return {criterion: name for criterion, name in found.items() if len(name) >= 2}

    @cached_property
    def covering_stems(self) -> tuple[frozenset[str], ...]:
        """Stems of each sentence that covers a criterion."""
        return tuple(stems(text) for each in self.brief.criteria for text in each.covers)
