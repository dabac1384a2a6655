"""Whether a sentence of a model's keeps to its move: it stays on the subject, and asks what the move asks."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.interview import normalise
from app.domain.kinds import Move
from app.domain.speech import stems, words_of
from app.domain.wordings import topic_of
from app.services.plain_words import PERSON, SCENE, SIGNS, SUGGESTION, SUPPOSED, content_of, form
from app.services.surroundings import Surroundings, asks, tells_of
from app.services.tells import shows

_NEW_GROUND = {Move.PROBE, Move.ASK_GROUND, Move.NUDGE, Move.ADVANCE}
_FOLLOW_UPS = {Move.DEEPEN, Move.PRESS, Move.INTERRUPT}
_SCENE_WORDS = 20
_OF_ANOTHER = 0.7
"""Of the words of another criterion's question: from this share on a question is that one."""
_NEW_OF_PERSONS, _NEW_WORDS, _NEW_SUGGESTED = 2, 4, 3
"""New words that make a statement one on other things. On the development half of `evals/guard/good.yaml` few
statements of a good interviewer's have so many."""


def is_off_course(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """Apologises, refuses, ends, repeats itself, leaves the subject or gets personal, which no curated move does."""
    move = around.directive.move
    if move is Move.HAND_OVER:
        return False
    if move is not Move.ADVANCE and shows("moves_on", sentence):
        return True
    return shows("leaves", sentence) or tells_of("off_course", sentence, around)


def brings_up_other_things(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A statement in words that nobody has used.

    One such word is enough if nothing else is said, two if it speaks of the two at the table, four in all that was
    said in this reply otherwise, and a second one that speaks of neither. A short scene may be set. A question is let
    pass unless it suggests three of them.
    """
    content = content_of(sentence)
    new = content - around.vocabulary
    if asks(sentence):
        return len(new) >= _NEW_SUGGESTED and bool(SUGGESTION.match(sentence))
    if normalise(sentence) in normalise(around.directive.text):
        return False
    if content and not PERSON.search(sentence) and any(content_of(text) and not asks(text) for text in shown):
        return True
    if SCENE.match(sentence) and len(sentence.split()) <= _SCENE_WORDS:
        if not PERSON.search(sentence) or SUPPOSED.match(sentence):
            return False
    if new and new == content:
        return True
    stated = [content_of(text) - around.vocabulary for text in shown if not asks(text)]
    return len(new) >= (_NEW_OF_PERSONS if PERSON.search(sentence) else _NEW_WORDS) or (
        bool(stated) and len(new.union(*stated)) >= _NEW_WORDS
    )


def is_off_move(sentence: str, shown: Sequence[str], around: Surroundings) -> bool:
    """A question that is another criterion's, or shares no word with the curated one, its criterion or its step.

    Follow-ups (deepen, press) may point at whatever was said in any words, so they are held to that alone.
    """
    directive = around.directive
    if asks(sentence) == 0:
        return False
    words, curated = stems(" ".join((*shown, sentence))), stems(directive.text)
    if any(
        len(words & other) >= max(_OF_ANOTHER * len(other), 2) and not other <= curated for other in around.elsewhere
    ):
        if len(words & curated) < _OF_ANOTHER * len(curated):
            return True
    latest = around.candidate[-1] if around.candidate else ""
    own = around.criterion
    near = {form(word) for word in {*words_of(f"{directive.text} {latest}"), *curated, *(topic_of(own) if own else ())}}
    held = {form(word) for word in words_of(" ".join((*shown, sentence)))} - near
    if any(held & signs for step, signs in SIGNS.items() if step is not directive.step) and not words & curated:
        return True
    if directive.move in _FOLLOW_UPS:
        return not words & around.vocabulary and (bool(content_of(sentence)) or len(words_of(sentence)) > 6)
    if directive.move not in _NEW_GROUND:
        return False
    topic = curated
    if own is not None:
        topic |= topic_of(own)
    if directive.move is Move.ADVANCE:
        topic |= {word for criterion in around.brief.of_step(directive.step) for word in topic_of(criterion)}
    return not words & topic and not {form(word) for word in words} & {form(word) for word in topic}
