"""What events can be of: the interviewer's moves, the parts of a message, and the other enumerations of the log."""

from __future__ import annotations

from enum import StrEnum


class Move(StrEnum):
    """What an interviewer can do with a turn."""

    OPEN = "open"
    HAND_OVER = "hand-over"
    LISTEN = "listen"
    CLARIFY = "clarify"
    ASK_GROUND = "ask-ground"
    PROBE = "probe"
    DEEPEN = "deepen"
    PRESS = "press"
    PARK = "park"
    NUDGE = "nudge"
    HINT = "hint"
    TWIST = "twist"
    ACCEPT = "accept"
    INTERRUPT = "interrupt"
    TIME_WARNING = "time-warning"
    ADVANCE = "advance"
    FEEDBACK = "feedback"
    QUESTIONS = "questions"
    WRAP_UP = "wrap-up"
    DECLINE = "decline"


class IntakeKind(StrEnum):
    """What a part of a candidate's message is."""

    ANSWER = "answer"
    QUESTION = "question"
    ASSUMPTION = "assumption"
    HINT_REQUEST = "hint-request"
    DONT_KNOW = "dont-know"
    ADVANCE = "advance"
    PARK = "park"
    END = "end"
    CONSENT = "consent"
    REFUSAL = "refusal"
    ASKS_SCORE = "asks-score"
    ASKS_ANSWER = "asks-answer"
    ASKS_BACK = "asks-back"
    ASKS_OPINION = "asks-opinion"
    ASKS_PROCEDURE = "asks-procedure"
    ASKS_DECISION = "asks-decision"
    ASKS_LEAVE = "asks-leave"
    ASKS_MORE = "asks-more"
    OBJECTION = "objection"
    MANIPULATION = "manipulation"
    OFF_TOPIC = "off-topic"
    PLEASANTRY = "pleasantry"
    UNREADABLE = "unreadable"


class Aim(StrEnum):
    """What somebody is after with a sentence that looks like a question.

    Attributes:
        FACT: something about the company, its data or its limits.
        DECISION: that the interviewer decides or allows something in the design.
        LEAVE: how to go on ("should I do monitoring now?").
        MORE: whether the interviewer wants anything else.
        MEANT: what the interviewer's words meant, or whether a reading of them is right.
        VIEW: the interviewer's opinion, experience or verdict.
        NOTHING: no answer; it is thought aloud, or part of the design.
        OBJECTION: that the interviewer repeats himself, or misunderstood.
    """

    FACT = "fact"
    DECISION = "decision"
    LEAVE = "leave"
    MORE = "more"
    MEANT = "meant"
    VIEW = "view"
    NOTHING = "nothing"
    OBJECTION = "objection"


class EndReason(StrEnum):
    """Why an interview ended."""

    CANDIDATE = "candidate"
    COMPLETED = "completed"
    TIME = "time"
    SCRIPT = "script"


class Source(StrEnum):
    """Whose words an interviewer's message is."""

    CURATED = "curated"
    MODEL = "model"
    IMPORTED = "imported"


class Observer(StrEnum):
    """Who found a piece of evidence."""

    MATCHER = "matcher"
    GRADER = "grader"


class InterviewerKind(StrEnum):
    """What plays the interviewer."""

    BUILTIN = "builtin"
    MODEL = "model"
    EXTERNAL = "external"


class CandidateKind(StrEnum):
    """What played the candidate in a recording that was made on purpose."""

    PERSONA = "persona"
    SCRIPT = "script"
