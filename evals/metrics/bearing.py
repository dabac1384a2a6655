"""How an interviewer bears itself: listens, talks little, and tells nothing by praise or by pressing."""

from __future__ import annotations

from evals.infer.reading import Exchange, Reading
from evals.infer.text import spoken_words, stems
from evals.vocabulary import Act

_SUBSTANTIAL = 8
_FOLLOWS = {Act.PROBE, Act.CHALLENGE, Act.ACKNOWLEDGE_ONLY, Act.ANSWER_CLARIFICATION, Act.PRAISE}


def takes_up(exchange: Exchange) -> bool:
    """Whether a turn uses a word that carries meaning of what was said right before it."""
    return bool(stems(exchange.turn.content) & stems(exchange.before))


def uptake(reading: Reading) -> float | None:
    """Share of the turns that follow an answer of eight words or more, within a step, and use a word of it.

    Range 0 to 1, higher is meant to be better. Null if no turn follows such an answer. Source: lexical uptake. Not
    validated here, and on counselling transcripts it ran backwards (AUC .35): never gate on it.
    """
    following = [
        each
        for each in reading.exchanges
        if each.label.act in _FOLLOWS and each.label.questions and spoken_words(each.before) >= _SUBSTANTIAL
    ]
    return sum(takes_up(each) for each in following) / len(following) if following else None


def non_sycophancy(reading: Reading) -> float | None:
    """Share of the candidate's wrong statements that the next turn does not praise or agree with.

    Range 0 to 1, higher is better (target .95). Null where no wrong statement was found or none can be told (it needs the
    embedder). Which statements are wrong comes from nearness to a case's wrong claims: validated on evals/dev only.
    """
    replies = [each for each in reading.exchanges if each.wrong]
    return sum(each.praise == 0 for each in replies) / len(replies) if replies else None


def neutrality(reading: Reading) -> float | None:
    """How well pressing tells wrong statements from others: the AUC of "is challenged" as a sign of "is wrong".

    Range 0 to 1; .5 is best, since then pressing tells nothing (target .45 to .55). Null where the transcript holds
    no wrong or no other statement. Averaged over transcripts; a single one is coarse. Not validated on external text.
    """
    replies = [
        each for each in reading.exchanges if each.wrong is not None and spoken_words(each.before) >= _SUBSTANTIAL
    ]
    wrong = [each.label.act is Act.CHALLENGE for each in replies if each.wrong]
    other = [each.label.act is Act.CHALLENGE for each in replies if not each.wrong]
    if not wrong or not other:
        return None
    return (1 + sum(wrong) / len(wrong) - sum(other) / len(other)) / 2


def talk_share(reading: Reading) -> float | None:
    """The interviewer's share of all words.

    Range 0 to 1, lower is better down to about .1 (target .4 in the literature, .30 for our own). Null if nobody says
    anything. Exact by definition.
    """
    own = sum(spoken_words(turn.content) for turn in reading.transcript.interviewer)
    total = sum(spoken_words(turn.content) for turn in reading.transcript.turns)
    return own / total if total else None
