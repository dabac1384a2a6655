"""Labels every interviewer's turn of a transcript: step, act and number of questions.

Of a recording of ours step and act are what the recorded move says; of anything else they are inferred.
Questions of a recording are counted in the words, of anything else inferred too (`evals.infer.asked`).
"""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.vocabulary import Frozen, Step
from app.ports import Embedder
from evals.infer.act_features import Surroundings
from evals.infer.act_words import asks_interviewer
from evals.infer.acts import by_move, infer_act
from evals.infer.asked import infer_questions
from evals.infer.ends import closings, openings
from evals.infer.questions import count_questions
from evals.infer.readable import readable_turns
from evals.infer.soundness import Soundness
from evals.infer.step_words import named_step, step_words
from evals.infer.steps import infer_steps
from evals.samples import Speaker, Transcript, Turn
from evals.vocabulary import Act

_CLEARLY = 1.5
_ENDS = {Act.OPEN_PROBLEM, Act.CLOSE}


class Label(Frozen):
    """What an interviewer's turn does.

    Attributes:
        step: the step that it leaves the candidate in; None for opening and closing.
    """

    index: int
    step: Step | None
    act: Act
    questions: int


class Places(Frozen):
    """Where in an interview the interviewer does what.

    Attributes:
        opened: places of the turns that greet and state the problem.
        closed: places of those that end the interview.
        between: places of his other turns, in order.
        answers: of those, where the candidate asked him something right before.
    """

    opened: frozenset[int]
    closed: frozenset[int]
    between: tuple[int, ...]
    answers: frozenset[int]


def places_of(turns: tuple[Turn, ...]) -> Places:
    """Where an interviewer of whom nothing is recorded opens, closes, and is asked something."""
    opened = openings(turns)
    closed = closings(turns, opened)
    between = tuple(
        place
        for place, turn in enumerate(turns)
        if turn.speaker is Speaker.INTERVIEWER and place not in opened | closed
    )
    answers = frozenset(place for place in between if asks_interviewer(_before(turns, place)))
    return Places(opened=opened, closed=closed, between=between, answers=answers)


def label(transcript: Transcript, *, soundness: Soundness, embedder: Embedder | None) -> tuple[Label, ...]:
    """The labels of the interviewer's turns, in order.

    Args:
        soundness: tells whether what a candidate says is wrong on this case.
        embedder: what steps are inferred with beside the plain words; None for the words alone.
    """
    if transcript.recorded:
        return _recorded(transcript)
    turns = readable_turns(transcript.turns)
    places = places_of(turns)
    opened, closed = places.opened, places.closed
    steps = infer_steps(turns, between=places.between, answers=places.answers, embedder=embedder)
    around = surroundings(turns, places, steps)
    labels: list[Label] = []
    for place, turn in enumerate(turns):
        if turn.speaker is not Speaker.INTERVIEWER:
            continue
        step = steps.get(turn.index)
        if place in opened:
            act = Act.OPEN_PROBLEM
        elif place in closed:
            act = Act.CLOSE
        else:
            before = around[place].before
            act = infer_act(
                turn,
                around[place],
                praises_wrong=lambda said=before: soundness.wrong(said),  # type: ignore[misc]
                embedder=embedder,
            )
        questions = infer_questions(transcript.turns[place].content, act, embedder=embedder)
        labels.append(Label(index=turn.index, step=step, act=act, questions=questions))
    return tuple(labels)


def surroundings(turns: tuple[Turn, ...], places: Places, steps: Mapping[int, Step]) -> dict[int, Surroundings]:
    """What the act of each turn between opening and closing is judged by, by the turn's place.

    Args:
        steps: the step of each of these turns by the turn's index.
    """
    found: dict[int, Surroundings] = {}
    previous: Step | None = None
    if places.between and not places.opened:
        previous = steps.get(turns[places.between[0]].index)
    for place in places.between:
        step, before, last = steps.get(turns[place].index), _before(turns, place), previous or Step.REQUIREMENTS
        found[place] = Surroundings(
            before=before, step=step, previous=last, candidate_moved=speaks_of(before, step, than=last)
        )
        previous = step
    return found


def _recorded(transcript: Transcript) -> tuple[Label, ...]:
    labels: list[Label] = []
    previous: Step | None = None
    for turn in transcript.interviewer:
        act = by_move(turn, previous=previous) or Act.PROBE
        step = None if act in _ENDS else turn.step
        previous = turn.step
        labels.append(Label(index=turn.index, step=step, act=act, questions=count_questions(turn.content)))
    return tuple(labels)


def _before(turns: tuple[Turn, ...], place: int) -> str:
    """What the candidate said since the interviewer's last turn."""
    said: list[str] = []
    for turn in reversed(turns[:place]):
        if turn.speaker is Speaker.INTERVIEWER:
            break
        said.append(turn.content)
    return "\n".join(reversed(said))


def speaks_of(message: str, step: Step | None, *, than: Step) -> bool:
    """Whether a candidate's message is on a step already, rather than on the one before."""
    if step is None or step is than:
        return False
    words = step_words(message)
    return named_step(message) is step or words[step.number - 1] > words[than.number - 1] + _CLEARLY
