"""A simulated candidate: hears the interviewer's turn, and says what its persona would say.

Deterministic for a case, a persona and a seed. It hears what a person at the table would: the move and what
it asks for, since an interviewer's question tells that to somebody who knows the field.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from app.domain.catalog import Brief
from app.domain.events import InterviewerMessage
from app.domain.interview import InterviewState
from app.domain.kinds import Move
from app.domain.vocabulary import Step
from app.ports import ContentEmbedder
from app.services.script import ScriptLine
from evals.persona import Kind, Persona, Rewrite
from evals.sentence_pool import SentencePool

MOST_TURNS = 80
"""A candidate that has spoken so often ends by itself, so that no recording goes on for ever."""
_LEADS_IN = re.compile(
    r"^(?:so|and|also|then|first|well|okay|ok|basically|plus|besides|but|next|right|let me)\b", re.IGNORECASE
)
_BEFORE_QUESTIONS = ("A few questions first.", "Before I start, some questions.", "Let me clarify some things.")
_KEEPS_CASE = re.compile(r"^(?:I\b|I'|[A-Z][A-Z/0-9&]|[A-Z][a-z]+[A-Z0-9])")


class Candidate:
    """One persona in one interview.

    Args:
        brief: the case.
        persona: how it behaves.
        embedder: finds what fits a question.
        seed: varies everything that the persona leaves open.
    """

    def __init__(self, brief: Brief, persona: Persona, *, embedder: ContentEmbedder, seed: int) -> None:
        self._brief = brief
        self._persona = persona
        self._rng = random.Random(f"{brief.case.id}/{persona.id}/{seed}")
        self._pool = SentencePool(brief, embedder=embedder, rng=self._rng)
        self._plan = {step: self._planned(step) for step in Step}
        self._choices = {step: self._rng.random() < persona.volunteers for step in Step}
        self._left = list(persona.order)
        self._entered: set[Step] = set()
        self._closed = 0
        self._turns = 0
        self._used: dict[Sequence[str], int] = {}

    def reply(self, heard: InterviewerMessage, state: InterviewState) -> ScriptLine:
        """What it says next; a line that begins with "/" is a command.

        Args:
            heard: the interviewer's last message.
            state: the interview as it stands.
        """
        self._turns += 1
        content = "/end" if self._turns > MOST_TURNS else self._content(heard, state)
        if not content.startswith("/"):
            content = self._in_its_own_english(content)
        persona = self._persona
        thinks = self._rng.uniform(persona.thinks.least, persona.thinks.most)
        listens = len(heard.content.split()) / 3
        seconds = thinks + listens + len(content.split()) / persona.words_per_second
        return ScriptLine(content=content, seconds=round(seconds, 1))

    # --- what to do ---

    def _content(self, heard: InterviewerMessage, state: InterviewState) -> str:
        persona = self._persona
        if heard.move is Move.OPEN:
            return self._opening(heard, state)
        if state.invited:
            closing = persona.closing[min(self._closed, len(persona.closing) - 1)]
            self._closed += 1
            return closing
        if persona.short and self._happens(persona.short_chance):
            return self._rng.choice(persona.short)
        if heard.move is Move.ACCEPT:
            return self._when_offered(state)
        if heard.criterion is not None and heard.asks is not None and self._happens(persona.dont_know):
            return self._gap(state)
        return self._talk(heard, state)

    def _opening(self, heard: InterviewerMessage, state: InterviewState) -> str:
        if not self._persona.asks_first:
            return self._talk(heard, state)
        lead = self._rng.choice(
            ("A few questions first.", "Before I start, some questions.", "Let me clarify some things.")
        )
        return " ".join([lead, *self._pool.questions(self._persona.asks_first)])

    def _when_offered(self, state: InterviewState) -> str:
        if self._happens(self._persona.wants_hint):
            return "/hint" if self._happens(self._persona.by_command) else "A hint, please."
        return "/next" if self._happens(self._persona.by_command) else "Let's move on."

    def _gap(self, state: InterviewState) -> str:
        """It does not know, and may ask for a hint at once."""
        words = self._next_of(self._persona.unsure)
        if not self._happens(0.5 * self._persona.wants_hint):
            return words
        if self._happens(self._persona.by_command):
            return "/hint"
        return f"{words} {self._next_of(self._persona.hint_words)}"

    def _talk(self, heard: InterviewerMessage, state: InterviewState) -> str:
        said: list[str] = []
        if (heard.asks is not None or heard.move is Move.HINT) and self._happens(self._persona.takes_up):
            said += self._answer(heard, state)
        step = self._where(state)
        opened: Step | None = None
        if not said and step is not state.step and step not in self._entered:
            opened = step
            self._entered.add(step)
        elif not said and not self._has_more(step) and self._happens(self._persona.leads_on):
            opened = self._next_step(step, state)
            if opened is not None and self._happens(self._persona.by_command):
                return "/next" if opened.number == step.number + 1 else f"/next {opened.value}"
            step = opened or step
        said += self._own_plan(step, words=sum(len(part.split()) for part in said), begun=bool(said))
        message = self._joined(said, heard) if said else self._next_of(self._persona.idle)
        if opened is not None:
            message = f"{self._next_of(self._persona.next_words).format(step=opened.spoken)} {message if said else ''}"
        return self._with_extras(message.strip())

    # --- what to say ---

    def _answer(self, heard: InterviewerMessage, state: InterviewState) -> list[str]:
        """One or two sentences on what was asked."""
        near = heard.asks or heard.content
        about, weights = heard.about or "", self._persona.quality
        found: str | None = None
        if about in self._brief.flag_by_id:
            if self._happens(self._persona.holds_on):
                found = self._pool.claim(about)
            elif self._happens(_soundness(weights)):
                found = self._pool.correction(about, near=near)
        elif about in self._brief.tension_by_id and Kind.COVERS in weights:
            found = self._pool.resolution(about, near=near) if self._happens(_soundness(weights)) else None
        said = [found] if found is not None else []
        if heard.move is Move.HINT and self._persona.after_hint:
            weights = self._persona.after_hint
        if heard.criterion is not None:
            for _ in range(2):
                if len(said) < 2 and (more := self._pool.take(heard.criterion, weights, near=near)):
                    said.append(more)
        elif not said:
            steps = [heard.step] if heard.step is not None else [state.step]
            nearest = self._pool.take_nearest(near, weights, steps=steps)
            said += [nearest] if nearest is not None else []
        if heard.move is Move.TWIST and self._persona.twisted:
            said.insert(0, self._next_of(self._persona.twisted))
        return said

    def _own_plan(self, step: Step, *, words: int, begun: bool) -> list[str]:
        """Sentences that it had in mind for the step, until the message is as long as the persona's are."""
        said: list[str] = []
        limit = self._rng.randint(self._persona.words.least, self._persona.words.most)
        if self._choices[step] and words < limit:
            self._choices[step] = False
            if (choice := self._pool.choice(step)) is not None:
                said.append(choice)
                words += len(choice.split())
        plan = self._plan[step]
        while plan and words < limit - 8:
            sentence = self._pool.take(plan[0], self._persona.quality)
            if sentence is None or not self._happens(0.4):  # now and then it says more on the same point
                plan.pop(0)
            if sentence is not None:
                said.append(sentence)
                words += len(sentence.split())
        return said

    def _has_more(self, step: Step) -> bool:
        return bool(self._plan[step]) or self._choices[step]

    def _planned(self, step: Step) -> list[str]:
        """The criteria of a step that it comes to by itself, the important ones first."""
        criteria = self._brief.of_step(step)
        number = round(self._persona.volunteers * len(criteria))
        ranked = sorted(criteria, key=lambda criterion: (not criterion.core) + self._rng.random())
        return [criterion.id for criterion in ranked[:number]]

    def _where(self, state: InterviewState) -> Step:
        """The step that it is in: the open one, or the next of an order of its own."""
        while self._left and not self._has_more(self._left[0]):
            self._left.pop(0)
        return self._left[0] if self._left else state.step

    def _next_step(self, step: Step, state: InterviewState) -> Step | None:
        if self._persona.order:
            return None  # `_where` has gone on already
        return next((later for later in state.header.steps if later.number > step.number), None)

    # --- how it sounds ---

    def _joined(self, said: Sequence[str], heard: InterviewerMessage) -> str:
        persona = self._persona
        parts: list[str] = []
        if persona.before and heard.move is not Move.TWIST and self._happens(persona.before_chance):
            parts.append(self._next_of(persona.before))
        for place, sentence in enumerate(said):
            link = persona.links and place and not _LEADS_IN.match(sentence) and self._happens(persona.link_chance)
            parts.append(f"{self._next_of(persona.links)} {_lowered(sentence)}" if link else _capital(sentence))
            if persona.fillers and self._happens(persona.filler_chance):
                parts.append(self._next_of(persona.fillers))
        while persona.fillers and sum(len(part.split()) for part in parts) < persona.words.least:
            parts.append(self._next_of(persona.fillers))
        return " ".join(_stopped(part) for part in parts)

    def _with_extras(self, message: str) -> str:
        """Questions and whatever else the persona cannot leave out."""
        persona = self._persona
        if self._happens(persona.asks):
            number = self._rng.randint(persona.questions.least, persona.questions.most)
            asked = self._pool.questions(number) or self._pool.delegations(1)
            if persona.odd_questions and self._happens(persona.odd):
                asked.append(self._next_of(persona.odd_questions))
            message = f"{message} {' '.join(asked)}"
        if persona.inserts and self._happens(persona.insert_chance):
            message = f"{message} {self._next_of(persona.inserts)}"
        return message

    def _in_its_own_english(self, text: str) -> str:
        for rewrite in self._persona.speech:

            def rewritten(found: re.Match[str], rewrite: Rewrite = rewrite) -> str:
                return found.expand(rewrite.into) if self._happens(rewrite.chance) else found.group()

            text = re.sub(rewrite.pattern, rewritten, text)
        return text

    def _happens(self, chance: float) -> bool:
        return self._rng.random() < chance

    def _next_of(self, phrases: Sequence[str]) -> str:
        """The phrases of a list in turn, from a place that differs between interviews."""
        key = tuple(phrases)
        place = self._used.get(key, self._rng.randrange(len(phrases)))
        self._used[key] = place + 1
        return phrases[place % len(phrases)]


def _soundness(weights: Mapping[Kind, float]) -> float:
    """The share of what it says that is sound."""
    return weights.get(Kind.COVERS, 0.0) / sum(weights.values())


def _lowered(sentence: str) -> str:
    return sentence if _KEEPS_CASE.match(sentence) else sentence[0].lower() + sentence[1:]


def _capital(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _stopped(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?" else f"{sentence}."
