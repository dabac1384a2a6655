from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from app.domain import phrases, wordings
from app.domain.directive import Answer
from app.domain.kinds import IntakeKind, Move
from app.domain.ledger import Said
from app.domain.quoting import Quoter
from app.domain.speech import negated, words_of
from app.domain.vocabulary import Step
from tests.domain.sitting import Sitting
from tests.factories import make_catalog, make_criterion

CATALOG = make_catalog()


def on(*words: str) -> Quoter:
    """What is quoted on a topic of a few words."""
    return Quoter(dict.fromkeys(words, 1.0), CATALOG.quoting)


PRAISE = re.compile(
    r"\b(?:great|good|excellent|perfect|nice|well done|correct|right answer|wrong|exactly|impressive|brilliant|love)\b",
    re.I,
)


def every_phrase() -> Iterator[str]:
    for name in dir(phrases):
        value = getattr(phrases, name)
        if name.isupper():
            found = value.values() if isinstance(value, dict) else [value]
            if name == "BOARD_ARROWS":
                found = [kind.asks for kind in value]
            for entry in found:
                yield from [entry] if isinstance(entry, str) else entry


def test_the_interviewers_own_phrases_neither_praise_nor_judge() -> None:
    said = list(every_phrase())
    assert len(said) > 60
    assert [phrase for phrase in said if PRAISE.search(phrase)] == []


def test_no_phrase_asks_more_than_one_thing_but_the_invitation() -> None:
    twice = [phrase for phrase in every_phrase() if phrase.count("?") > 1]
    assert [phrase for phrase in twice if phrase not in phrases.QUESTIONS] == []


def test_equal_phrases_take_turns() -> None:
    sitting = Sitting(CATALOG)
    said = []
    for _ in range(len(phrases.LISTEN)):
        phrase = wordings.rotate(phrases.LISTEN, sitting.state)
        said.append(phrase)
        sitting.state.ledger.said_by_interviewer.append(phrase)
    assert all(one != other for one, other in zip(said, said[1:], strict=False))
    assert len(set(said)) >= len(phrases.LISTEN) - 2, "a phrase that holds another counts for both"


def test_equal_phrases_differ_between_interviews() -> None:
    first = {wordings.rotate(phrases.LISTEN, Sitting(CATALOG, seed=seed).state) for seed in range(8)}
    assert len(first) > 3


def test_a_question_is_asked_once_in_any_dress() -> None:
    sitting = Sitting(CATALOG)
    criterion = sitting.brief.criterion_by_id["time-split"]
    asked = []
    for _ in criterion.probes:
        question = wordings.probe(criterion, sitting.state)
        assert question is not None
        asked.append(question.text)
        sitting.state.ledger.questions.add(wordings.normalise(question.text.upper()))
    assert sorted(asked) == sorted(criterion.probes)
    assert wordings.probe(criterion, sitting.state) is None
    assert wordings.unasked((), sitting.state) == []


def test_a_wording_with_a_quote_is_not_used_twice_with_other_words() -> None:
    sitting = Sitting(CATALOG)
    sitting.next(Step.DATA)
    sitting.say("I'd split train and test by date.", evidence=["time-split"])
    assert sitting.move is Move.DEEPEN
    first = sitting.last.stands_for
    sitting.say("Well, the scans of a later date.", evidence=["time-split"])
    assert sitting.move is Move.DEEPEN and sitting.last.stands_for != first


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("I'd split train and test by date so that no future scan leaks.", True),
        ("We would never split by date.", False),
        ("Without a split by date.", False),
        ("Whatever you say.", False),
        ("", False),
    ],
)
def test_quotes_are_short_verbatim_and_never_denied(said: str, quoted: bool) -> None:
    sitting = Sitting(CATALOG)
    criterion = sitting.brief.criterion_by_id["time-split"]
    quoter = sitting.brief.criterion_quoter("time-split")
    question = wordings.follow_up(criterion, sitting.state, said=said, quoter=quoter)
    if not quoted:
        assert question is None, "all follow-ups quote, and there is nothing fit to quote"
        return
    assert question is not None and question.quote is not None
    assert question.quote in said and f'"{question.quote}"' in question.text
    assert 2 <= len(words_of(question.quote)) <= 7 and not negated(question.quote)
    assert "{" not in question.text and "{quote}" in question.template


def test_without_anything_to_quote_a_wording_without_a_quote_is_taken() -> None:
    sitting = Sitting(CATALOG)
    question = wordings.fill(('Why "{quote}"?', "Why so?"), sitting.state, said=None, quoter=on())
    assert question is not None and (question.text, question.quote) == ("Why so?", None)
    better = wordings.fill(("Why so?", 'Why "{quote}"?'), sitting.state, said="depot scans", quoter=on("scan"))
    assert better is not None and better.text == 'Why "depot scans"?'


def named(subject: str, *words: str) -> Quoter:
    return Quoter(dict.fromkeys(words, 1.0), CATALOG.quoting, subject)


def test_where_nothing_is_fit_to_quote_the_subject_is_named() -> None:
    sitting = Sitting(CATALOG)
    question = wordings.fill(
        ['"{quote}": who pays?'], sitting.state, said="Whatever.", quoter=named("the split", "date")
    )
    assert question is not None and question.quote is None
    assert question.text in [f"{lead.replace('{quote}', 'the split')} who pays?" for lead in phrases.ON_SUBJECT]
    [flag] = [one for one in sitting.brief.red_flags if one.id == "shuffled-scans"]
    flag = flag.model_copy(update={"presses": ('"{quote}": who pays?',)})
    quoter = named("the split", "date")
    back = wordings.press_flag(flag, sitting.state, said="Whatever.", quoter=quoter, earlier=True)
    assert back is not None and "the split" in back.text and back.text.endswith(" who pays?") and "{" not in back.text
    inside = wordings.fill(['"{quote}" in June?'], sitting.state, said=None, quoter=named("the split"))
    assert inside is not None and inside.text == "The split in June?"


@pytest.mark.parametrize("said", ["Do we split by date?", "I ask this because of the split by date."])
def test_what_is_asked_is_never_quoted(said: str) -> None:
    assert on("split", "date", "ask").pick(said) is None


def test_a_question_that_only_refers_names_the_subject() -> None:
    sitting = Sitting(CATALOG)
    refers = wordings.Question(text="What does that do in a village?", template="What does that do in a village?")
    found = wordings.grounded(refers, sitting.state, said="Whatever.", quoter=named("the split", "date"))
    assert found.text in [f"{lead.replace('{quote}', 'the split')} {refers.text}" for lead in phrases.ABOUT_SUBJECT]


def test_a_wrong_claim_has_as_many_presses_as_were_written() -> None:
    sitting = Sitting(CATALOG)
    flag = sitting.brief.flag_by_id["shuffled-scans"]
    texts = []
    for times in range(3):
        sitting.state.ledger.pressed[flag.id] = times
        question = wordings.press_flag(flag, sitting.state, said="shuffle the scans", quoter=on())
        texts.append(None if question is None else question.text)
    assert texts == [*flag.presses, None]


def test_a_tension_quotes_both_sides_or_is_not_raised() -> None:
    sitting = Sitting(CATALOG)
    tension = sitting.brief.case.tensions[0]
    first, second = (sitting.brief.choice_quoter(choice) for choice in tension.between)
    gps, booking = Said(1, "I'd feed the live GPS trace of the van into it"), Said(3, "we predict at booking time")
    question = wordings.press_tension(tension, (gps, booking), sitting.state, quoters=(first, second))
    assert question is not None
    quotes = re.findall(r'"([^"]+)"', question.text)
    assert len(quotes) == 2 and quotes[0] in gps.quote and quotes[1] in booking.quote
    denied = Said(3, "never")
    assert wordings.press_tension(tension, (gps, denied), sitting.state, quoters=(first, second)) is None


def test_a_refusal_in_full_is_said_once_and_then_in_short() -> None:
    sitting = Sitting(CATALOG)
    full, short = phrases.DECLINE[IntakeKind.ASKS_SCORE], phrases.DECLINE_AGAIN[IntakeKind.ASKS_SCORE]
    heard = []
    for _ in range(4):
        heard.append(wordings.once(full, sitting.state, again=short))
        sitting.say("How did I do?", answers=[Answer(text=heard[-1], declines=True)])
    assert set(heard[:2]) == set(full) and set(heard[2:]) <= set(short)


@pytest.mark.parametrize(("said", "first"), [("Hm.", "Short one?"), ("A full answer. " * 20, "A much longer one?")])
def test_a_candidate_of_few_words_is_asked_in_few_words(said: str, first: str) -> None:
    sitting = Sitting(CATALOG)
    for _ in range(3):
        sitting.say(said)
    assert wordings.unasked(("A much longer one?", "Short one?"), sitting.state)[0] == first


def test_two_short_messages_do_not_yet_show_that_somebody_says_little() -> None:
    sitting = Sitting(CATALOG)
    sitting.say("Hm.")
    sitting.say("Yes.")
    assert not sitting.state.heard.is_little


def test_a_follow_up_differs_from_the_question_that_was_just_asked_about_the_same() -> None:
    sitting, criterion = (
        Sitting(CATALOG),
        make_criterion(
            "split",
            Step.DATA,
            follow_ups=["Which parcels are missing from it, and for how long?", "Who would notice it first?"],
        ),
    )
    beside = '"the log": which parcels are missing, and how long?'
    first = wordings.follow_up(criterion, sitting.state, said="the log", quoter=on(), beside=beside)
    assert first is not None and first.text == "Who would notice it first?"


def test_whoever_gave_numbers_is_asked_for_something_else_first() -> None:
    sitting = Sitting(CATALOG)
    criterion = make_criterion(
        "split", Step.DATA, follow_ups=["How much does that cost per day?", "Who would notice it first?"]
    )
    asked = wordings.follow_up(criterion, sitting.state, said="one percent", quoter=on(), in_numbers=True)
    assert asked is not None and asked.text == "Who would notice it first?"
    only = make_criterion(
        "split", Step.DATA, follow_ups=["How much does that cost per day?", "How long would you run that for?"]
    )
    assert wordings.follow_up(only, sitting.state, said="one percent", quoter=on(), in_numbers=True) is not None


def test_words_that_come_first_are_led_up_to_in_turns() -> None:
    sitting = Sitting(CATALOG)
    asked = []
    for _ in range(len(phrases.ON_WORDS)):
        question = wordings.quoting(['"{quote}": who pays?'], sitting.state, quote="all of it")
        assert question is not None and question.template == '"{quote}": who pays?'
        asked.append(question.text)
        sitting.state.ledger.said_by_interviewer.append(question.text)
    assert sorted(asked) == sorted(f"{lead} who pays?".replace("{quote}", "all of it") for lead in phrases.ON_WORDS)
    assert all(one != other for one, other in zip(asked, asked[1:], strict=False))


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("What does that do in a village?", True),
        ("It disagrees with your fortnight. Who is right?", True),
        ("Somebody books on the web. What happens to your row?", False),
        ("Somebody books on the web. What does that change?", False),
    ],
)
def test_a_question_that_only_refers_to_what_was_said_names_it(asked: str, led: bool) -> None:
    state = Sitting(CATALOG).state
    question = wordings.Question(text=asked, template=asked)
    said = "I'd split by date and keep a gap."
    grounded = wordings.grounded(question, state, said=said, quoter=on("split", "date"))
    assert grounded.template == asked and grounded.text.endswith(asked)
    assert (grounded.quote is not None) is led
    assert ('"' in grounded.text) is led
    assert wordings.grounded(question, state, said="", quoter=on("split")) == question


def test_what_was_said_before_is_come_back_to_as_such() -> None:
    sitting = Sitting(CATALOG)
    [flag] = [one for one in sitting.brief.red_flags if one.id == "shuffled-scans"]
    quoter = on("split", "date")

    def back(press: str, said: str = "I'd split by date and keep a gap.") -> str | None:
        asked = flag.model_copy(update={"presses": (press,)})
        found = wordings.press_flag(asked, sitting.state, said=said, quoter=quoter, earlier=True)
        return found.text if found is not None else None

    later = [lead.replace("{quote}", "split by date") for lead in phrases.ON_EARLIER_WORDS]
    assert back('"{quote}": who pays?') in {f"{lead} who pays?" for lead in later}
    assert back('Who pays for "{quote}"?') == 'Who pays for "split by date"?'
    pointing = "Go through a hundred of those by hand."
    assert back(pointing) in {f"{lead.rstrip(':')}. {pointing}" for lead in later}
    assert back(pointing, "Whatever.") is None, "nobody would know what it is about"
    assert back("Who pays?", "Whatever.") == "Who pays?"
