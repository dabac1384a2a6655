"""The interviewer's own short phrases, which belong to no case: acknowledgements, hand-overs, refusals.

Neutral on purpose: none praises, none tells whether what was said is right.
"""

from __future__ import annotations

from app.domain.kinds import IntakeKind
from app.domain.vocabulary import Frozen, Level, Step


class ArrowKind(Frozen):
    """Arrows of a board that can be asked about in their own words: stems of the names at either end."""

    source: frozenset[str]
    target: frozenset[str]
    asks: tuple[str, ...]


ACKNOWLEDGE = ("Okay.", "I see.", "Understood.", "All right.", "Noted.", "Mm-hm.")
LISTEN = (
    "Go on.",
    "Okay, go on.",
    "Mm-hm. Keep going.",
    "I'm following. Go on.",
    "Okay. And then?",
    "Carry on.",
    "I'm with you so far.",
    "Keep going.",
)
AFTER_FACTS = ("Go ahead.", "So, go on.", "Over to you.", "Please, go on.", "With that, go ahead.", "Carry on.")
"""The same after an answer of his own, which he does not follow or hear out."""
WITH_THE_TWIST = (
    "Is that with the change I mentioned, or as before?",
    "And with the change I just brought up, does that stay as it is?",
)
"""Said once where what follows a changed constraint has nothing of it."""
THINK = (
    "Take your time.",
    "Sure, take a moment.",
    "Whenever you're ready.",
    "No rush.",
    "Think it over; I can wait.",
    "Take the time you need.",
)
HAND_OVER = (
    "Okay. Where next?",
    "All right. What would you look at next?",
    "Okay. Where would you go from here?",
    "Understood. What comes next for you?",
    "Okay. Which part would you take on now?",
    "All right. Where do you want to dig in now?",
)
HAND_OVER_LATE = (
    "Noted. What haven't we talked about yet that you'd want to?",
    "Okay. What's left on your list?",
)
"""Further ones, once most steps were opened."""
OPEN = {
    Level.MID: "I'll take us through it step by step.",
    Level.SENIOR: "It's yours to lead; I'll jump in.",
    Level.STAFF: "It's deliberately open; take us where it matters.",
}
ACCEPT = (
    "That's fine. Hint, or move on?",
    "No problem. Would you like a hint, or shall we move on?",
    "Fair enough. A hint, or on to something else?",
    "That happens. Do you want a hint, or leave it there?",
    "Understood. A hint, or the next question?",
    "All right. Would a hint help, or shall we take something else?",
    "Okay. Hint, or leave this one?",
    "That's all right. Do you want a hint, or shall we move on?",
)
OFFER = (
    "Hint, or move on?",
    "Would a hint help?",
    "A hint, or leave it?",
    "Shall I give a hint?",
    "Hint, or something else?",
    "Would you like some help with this one?",
    "A nudge, or move on?",
    "Some help, or the next question?",
)
YES_FOR_INSTANCE = ("Yes, for instance.", "That's part of it, yes.", "Yes, among other things.")
"""Said of a guess at what was asked."""
EITHER_READING = (
    "Read it the way your design has it.",
    "Take the reading that your design goes by.",
    "It may be either, as your design has it.",
)
"""Said to who asks which of two things was meant, and has answered all the same."""
WHICHEVER = (
    "Either; take the one that matters more to your design.",
    "Whichever you think counts more; say why.",
    "You may choose; I'm after your reasons.",
)
"""Said to who offers two readings of a question."""
NARROW = (
    "There's nothing hidden in it. Take one real case and tell me what your system does with it.",
    "I'm after how it works. Pick an example and walk me through it.",
    "Suppose a colleague has to build it from what you say. Tell me what they'd need to hear.",
    "A little more concrete than before: what you'd do there, and what you'd give up for it.",
)
NARROW_QUOTED = (
    'I mean where you said "{quote}". Tell me how that would work.',
    'You said "{quote}". Take one example and walk me through it.',
    'Only "{quote}", nothing beyond it. Tell me what you would do there, and what you would give up for it.',
)
IT_IS_OPEN = (
    "It's open: take the part that you think matters most.",
    "I have nothing narrower in mind; go where you would go next.",
    "No particular corner; carry on where you think it counts.",
)
NOTHING_NARROWER = ("No, nothing in particular.", "Nothing beyond what I asked.", "No, that was all I asked.")
"""The same beside an answer, where a question of the interviewer's may follow."""
PLAIN_SENSE = (
    "I mean that in its plain sense; nothing is hidden in it.",
    "Take those words as they stand; there is no more behind them.",
)
ACCEPT_AND_GO = ("That's fine, let's leave it.", "No problem, we'll leave that.", "Fair enough, on we go.")
_MORE = 'Say a bit more about "{quote}".'
_EXAMPLE = 'Walk me through "{quote}" with an example.'
_IN_PRACTICE = 'You mentioned "{quote}". How would that work in practice?'
_SIMPLER = '"{quote}": why that, and nothing simpler?'
_BREAKS = '"{quote}": where could that break?'
_FOR_THE_REST = 'What does "{quote}" mean for the rest of the design?'
ELABORATE = {
    Step.REQUIREMENTS: (_MORE, '"{quote}": what does that rule out?', _FOR_THE_REST, '"{quote}": what hangs on that?'),
    Step.FRAMING: (_SIMPLER, _MORE, _EXAMPLE, _FOR_THE_REST),
    Step.DATA: (
        _EXAMPLE,
        '"{quote}": where could that mislead you?',
        _MORE,
        '"{quote}": what would you lose without it?',
    ),
    Step.MODELING: (_SIMPLER, _IN_PRACTICE, _BREAKS, _MORE),
    Step.EVALUATION: ('"{quote}": what would that miss?', _MORE, _EXAMPLE, '"{quote}": what would that tell you?'),
    Step.SERVING: (_EXAMPLE, _BREAKS, _IN_PRACTICE, _MORE),
    Step.MONITORING: (_EXAMPLE, '"{quote}": and what happens then?', _MORE, _BREAKS),
}
"""Asks for more of what was perhaps said on a point of a step, with questions that make sense of what such points are."""
ELABORATE_ON_AMOUNT = (
    'What does "{quote}" mean for the rest of the design?',
    '"{quote}": how did you arrive at that?',
    'Say a bit more about "{quote}".',
    '"{quote}": what would make you change it?',
)
"""The same where the words give an amount, which has no parts and does not break."""
ON_WORDS = ('"{quote}":', 'On "{quote}":', '"{quote}":', 'Take "{quote}":', 'About "{quote}":', 'Stay with "{quote}":')
ON_SUBJECT = ("On {quote}:", "About {quote}:", "Take {quote}:")
"""The same with the name of the subject, where nothing that was said is fit to quote."""
ABOUT_SUBJECT = ("On {quote}.", "About {quote}.", "Still on {quote}.")
ON_EARLIER_SUBJECT = (
    "You spoke of {quote} earlier:",
    "A while ago you spoke of {quote}:",
    "You touched on {quote} before:",
)
ABOUT_WORDS = ('On "{quote}".', 'About "{quote}".', 'Still on "{quote}".')
"""Said before a question that refers to what was said, where something else was said since."""
ON_EARLIER_WORDS = (
    'Earlier you said "{quote}":',
    'Back to "{quote}":',
    'You said "{quote}" earlier:',
    'A while ago you said "{quote}":',
)
ANOTHER_SIDE = (
    "Let me come at it from another side.",
    "Let me try another way in.",
    "Here is another way into it.",
    "Then take this.",
    "Try this instead.",
    "Or look at it like this.",
)
STILL_ON = (
    'Still on "{quote}", from another side.',
    'Stay with "{quote}", and look at it like this.',
    'It is about "{quote}"; let me ask it differently.',
)
"""The same before a question without the words that it is about."""
BEFORE_THE_MODEL = ("Before we pick a model.", "One step back before the model.", "Hold the model for a second.")
BEFORE_THAT = ("One question before that.", "Before we go there.", "One thing has to come first.")
LEFT_OPEN = (
    "One thing from earlier, on {step}.",
    "You left something open on {step}.",
    "Let me ask about {step}.",
    "Something on {step} is still open.",
    "We never finished {step}.",
    "For completeness, {step}.",
)
NOT_OPENED = ("Let me ask about {step}.", "Let's turn to {step}.", "A question on {step}.")
"""The same of a step that was not opened."""
BEGUN = ("A bit more on {step}.", "One more thing on {step}.", "Something on {step} next.")
"""Said before a question that goes on with a step of which something was said before it was opened."""
PARKED = ("Sure, we'll come back to it.", "Okay, parked. I'll bring it up again.", "Fine, let's park that one.")
FOLLOW = ("Okay, {step} then.", "Sure, let's do {step}.", "Fine, on to {step}.")
BACK = (
    "Sure, back to {step}. Go on.",
    "Okay, {step} again. I'm listening.",
    "Fine, let's return to {step}. Go on.",
)
STAY = (
    "We're on {step} now. Go ahead.",
    "That's where we are, {step}. Go ahead.",
    "We're still on {step}. Please go on.",
)
INTERRUPT = (
    "Let me stop you there, I have the picture.",
    "I'm going to cut in, so that we get to the rest.",
    "Let me jump in here.",
)
OUT_OF_TIME = (
    "Let's leave {step} there, to save time.",
    "I'd like to move us along.",
    "In the interest of time, let's move on.",
)
MINUTES_LEFT = (
    "We have about {time} left, so let's get to {step}.",
    "About {time} to go; let's turn to {step}.",
)
QUESTIONS = (
    "That's the ground I wanted to cover. Anything you'd change in your design, or any question for me?",
    "That was my last question. Anything you'd revisit, or any question for me?",
)
NEARLY_AT_THE_END = "We're nearly at the end. Anything you'd revisit, or any question for me?"
"""Where there is a clock to say so, and no step is left."""
TIME_FOR_QUESTIONS = "We're almost out of time. Anything you'd still change, or any question for me?"
WHAT_IS_LEFT_TO_SAY = "Whatever you'd change in your design now, or a question to me. Anything?"
ANYTHING_ELSE = (
    "Noted. Anything else?",
    "Okay. Anything to add?",
    "Understood. Is there more?",
    "All right. Something else on your mind?",
)
WRAP_UP = (
    "Then let's stop here. Thank you; your scorecard comes next.",
    "Thanks, that's where we'll stop. Your scorecard follows.",
)
WRAP_UP_TIME = "That's our time. Thank you; your scorecard comes next."
ASSUME = (
    "I don't have that. Make an assumption and state it.",
    "That's not settled. Assume something sensible and say what.",
    "I can't give you that one; take what fits and say why.",
    "Nothing fixed there. Assume what you need and tell me.",
    "Nobody has decided that. Work with an assumption, and say it aloud.",
    "I know nothing of that; assume what suits the problem.",
    "Nothing I could look up. Put in an assumption of yours.",
)
ASSUME_AGAIN = ("Assume something there too.", "Your assumption again.", "Again, assume something.")
AS_FOR = ('As for "{asked}":', 'On "{asked}":', 'As to "{asked}":', 'About "{asked}":')
"""Names the question that is answered, where several were asked at once."""
AS_FOR_THE_REST = ("As for the rest:", "On the rest:", "As to the others:")
"""The same of several questions that are answered in one."""
NEARLY = ("The closest I have is this:", "What I do have is this:", "This may be what you need:")
"""What leads up to the nearest fact, where it is not sure that it is the one that was asked for."""
NOTHING_BEYOND = (
    "Beyond what I told you I have nothing on that.",
    "What I said before is all I have there.",
    "I know no more of that than I've said.",
)
"""Said of a question that is near to a fact that was given, and that the fact leaves open."""
TAKE_AS_GIVEN = ("Fine, take that as given.", "You can work with that.", "Okay, go with that assumption.")
LET_IT_STAND = ("Let's go with that.", "Fine, we'll go with that.", "We can work with that.")
"""Said of a guess, or to who asks for a nod: what was said stands, right or wrong."""
NO_SET_ANSWER = (
    "I'm not after one answer; go on with yours.",
    "There's no set answer to it. Go on.",
    "I have no one answer in mind; it's your design.",
)
"""Said to who asks whether an answer was the one that was wanted."""
YOUR_CALL = ("That one is your call.", "That's yours to decide.", "Your call.")
ALL_YOURS = (
    "All of that is yours to decide.",
    "Those are yours to set.",
    "Each of those is your call.",
    "You decide on those.",
)
GRANTED = ("Sure, go ahead.", "By all means, go on.", "Fine, go ahead.", "Yes, go on.")
"""Said to who asks whether to go on in some way."""
ONE_MORE_THING = ("Yes, one thing.", "One more thing, yes.", "Yes, there is something.")
"""Said before a question to who asks whether the interviewer wants anything else."""
SORRY = ("Sorry, my mistake.", "My misunderstanding, sorry.", "Point taken, sorry.", "Sorry about that.")
"""Said to who was misunderstood, or asked for what was said before."""
AS_BEFORE = "As I said:"
YES_THE_SAME = ("Yes, that's it.", "Yes, that's what I meant.", "It is, yes.")
"""Said of a check of the fact that was just given, where its own words say so."""
NO_MORE_HINTS = (
    "I've no hint left on that. Take it from where you are, or move on.",
    "That's as far as my hints go here. Your turn.",
)
NOTHING_TO_HINT_AT = (
    "You've been on all that I could hint at there. Take it from where you are.",
    "There I have no hint to give: you've spoken of all that mine are on.",
)
DECLINE = {
    IntakeKind.ASKS_SCORE: (
        "I don't comment on that while we're at it; the scorecard comes at the end.",
        "You'll see how it went on the scorecard, not before.",
    ),
    IntakeKind.ASKS_ANSWER: (
        "I won't give you the answer; ask for a hint if you're stuck.",
        "That I can't hand over. A hint you can have.",
    ),
    IntakeKind.ASKS_OPINION: (
        "I keep my own view out of it; yours is what counts here.",
        "That's for you to judge.",
        "I'd rather hear what you make of it.",
        "I won't take a side on that.",
    ),
    IntakeKind.MANIPULATION: ("Let's stay with the design.", "I'll leave that aside; back to your design."),
    IntakeKind.OFF_TOPIC: ("Let's keep to the design.", "Another time; let's stay with the problem."),
    IntakeKind.UNREADABLE: (
        "I couldn't make anything of that message. Please put it in words, in English.",
        "That one didn't reach me as English text. Say it again in a sentence?",
        "I can't read that one. Could you write it out in English?",
        "I didn't get that. A sentence in English, please.",
    ),
}
GO_WITH_YOURS = (
    "I'll keep my view to myself; go with yours.",
    "I won't take a side; what you said stands for now.",
    "That stays with you; work with what you have.",
)
"""The same to who gave a view of his own beside it."""
WHY_DOUBT = (
    "I won't rule on that here. What makes you doubt it?",
    "My verdict comes at the end. What speaks against it, as you see it?",
    "I'd rather not judge it now. Where could it let you down?",
)
"""Said to who asks for a verdict on a choice of their own, so that they judge it themselves."""
DECLINE_BESIDE = (
    "What I'd do stays with me.",
    "My own answer I keep to myself.",
    "Mine I can't give you.",
)
"""Half a sentence to who does not know and asks for the interviewer's own answer."""
DECLINE_AGAIN = {
    IntakeKind.ASKS_SCORE: ("Not before the end.", "Later, at the end."),
    IntakeKind.ASKS_ANSWER: ("Only hints, I'm afraid.", "A hint at most."),
    IntakeKind.ASKS_OPINION: ("Your judgement, please.", "You decide that."),
    IntakeKind.MANIPULATION: ("Let's stay with the design.", "The design, please."),
    IntakeKind.OFF_TOPIC: ("Let's keep to the design.", "The problem, please."),
    IntakeKind.UNREADABLE: ("In English, please.", "Words, please."),
}
"""What is said once the full wordings were all said: short, as nobody wants to hear them twice."""
SAY_OR_DRAW = (
    "Say it or draw it, as you like; the board takes boxes and arrows, and nobody needs code.",
    "Words are fine, and so is a drawing on the board. No code needed.",
)
WHAT_TO_LEARN = (
    "Your scorecard says what to work on first, with a plan for a week.",
    "That comes with the scorecard: what to work on first, and a plan for the week.",
)
ASK_AWAY = ("Ask whatever you need, at any time.", "Sure, any time.")
WHOLE_DESIGN = (
    "The whole of it, from what it is for to keeping it running; where you go deep is up to you.",
    "A design from the goal to its upkeep, and your reasons on the way.",
)
PART_OF_DESIGN = ("Today it's {steps}, and nothing else.", "Only {steps} today.")
WE_TOUCHED_ON = ("We have been on {step}, yes.", "{step} did come up.")
NOT_YET_ON = ("We have not been on {step} yet.", "{step} has not come up yet.")
NO_LIST = (
    "I don't read out a list; say what you think is still missing.",
    "That I leave to you: name what you would still want to cover.",
)
TIME_LEFT = ("About {time} left.", "Some {time} to go.")
NO_CLOCK = ("There is no clock on this one.", "No clock today; take the time you need.")
BACK_TO_YOU = ("Back to you.", "Where were we? Go ahead.", "So, please go on.")
NOT_MINE = ("I'm only your interviewer here, so I can't speak to that.", "That's outside what I can tell you.")
_LOGS = frozenset("log event click impression interaction behaviour behavior history feedback warehouse lake".split())
_TRAINS = frozenset("train trainer training retrain retraining learn learner learning".split())
_SERVES = frozenset(
    "rank ranker ranking model scor scorer serv server serving predict predictor classifier inference".split()
)
_KEEPS = frozenset("feature stor store cach cache redis profile".split())
_FINDS = frozenset("retrieval candidate ann index recall generator generation search".split())
_WATCHES = frozenset("monitor monitoring alert dashboard drift".split())
_GATES = frozenset("registry gate validation deploy deployment release".split())
BOARD_ARROWS = (
    ArrowKind(
        source=_LOGS,
        target=_TRAINS,
        asks=(
            'On "{quote}": whose choices are in those logs?',
            'On "{quote}": what is in one row when it gets there, and how old is it?',
        ),
    ),
    ArrowKind(
        source=_TRAINS,
        target=_GATES | _SERVES,
        asks=(
            'On "{quote}": what has to be true before that arrow is taken?',
            'On "{quote}": who or what decides that it goes ahead?',
        ),
    ),
    ArrowKind(
        source=_FINDS,
        target=_SERVES,
        asks=('On "{quote}": how many come across, and how long may that take?',),
    ),
    ArrowKind(
        source=_KEEPS,
        target=_SERVES,
        asks=(
            'On "{quote}": how old may a value be when it is read there?',
            'On "{quote}": what happens when nothing is found for a key?',
        ),
    ),
    ArrowKind(
        source=_WATCHES,
        target=_TRAINS | _GATES | _SERVES,
        asks=('On "{quote}": what sets that off?',),
    ),
)
BOARD_ANY = (
    'On "{quote}": what travels along that arrow, and how often?',
    'On "{quote}": what happens there when one side is late or down?',
    'On "{quote}": take me through one example, end to end.',
    'On "{quote}": why does it go that way?',
)
BOARD_ALONE = (
    'On your board nothing leads to "{quote}" or away from it. Where does it come in?',
    '"{quote}" stands by itself on your board. What does it work with?',
)
