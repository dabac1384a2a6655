"""What a message claims and chooses: a clause counts as far as its whole sentence bears it out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from app.adapters.matcher import ExampleMatcher
from app.domain.catalog import Brief, Catalog
from app.domain.events import AnyEvent, CandidateMessage, ChoiceMade, EvidenceFound, RedFlagSeen, Segment
from app.domain.kinds import IntakeKind
from app.domain.speech import sentences
from app.domain.vocabulary import Provenance, Step
from app.ports import AskMatch, CriterionMatch, Matcher, SentenceMatch
from app.services.observe import observe
from tests.factories import make_catalog

AT = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
PARCELS = make_catalog().brief("parcel-eta")
CLAUSE, REST = "We shuffle all of the scans before the split", "because we want it to be even for each of the depots"
SENTENCE = f"{CLAUSE}, {REST}."
SHUFFLES = SentenceMatch(flags=("shuffled-scans",), near_flags=("shuffled-scans",))
CREDITED = (CriterionMatch(criterion="time-split", score=0.9, alone=0.9, credit=True, doubt=True),)
CHOOSES = SentenceMatch(choices=("gps-features",), near_choices=("gps-features",), sure_choices=("gps-features",))


class Says:
    """A matcher for which some texts say something, and all others nothing."""

    def __init__(self, matches: dict[str, SentenceMatch]) -> None:
        self._matches = matches
        self.within: list[Sequence[str]] = []

    def observe(
        self, brief: Brief, sentences: Sequence[str], *, within: Sequence[Sequence[str]] = ()
    ) -> list[SentenceMatch]:
        self.within = list(within)
        return [self._matches.get(sentence, SentenceMatch()) for sentence in sentences]

    def asks(self, brief: Brief, questions: Sequence[str]) -> list[AskMatch]:
        return [AskMatch() for _ in questions]

    def topic(self, brief: Brief, text: str) -> list[str]:
        return []


def found(text: str, matcher: Matcher, brief: Brief, *, asked: tuple[str, ...] = ()) -> list[AnyEvent]:
    message = CandidateMessage(seq=1, at=AT, id="c1", index=1, content=text, step=Step.REQUIREMENTS)
    segments = [Segment(kind=IntakeKind.ANSWER, start=one.start, end=one.end) for one in sentences(text)]
    return observe(
        message,
        segments,
        brief=brief,
        matcher=matcher,
        provenance=lambda _: Provenance.VOLUNTEERED,
        plan=tuple(Step),
        asked=asked,
        facts=(),
        at=AT,
    )


def test_what_a_question_is_about_needs_less_to_be_credited() -> None:
    said, one, other = "We would look at it by the day.", *(each.id for each in PARCELS.criteria[:2])
    heard = tuple(
        CriterionMatch(criterion=each, score=0.45, alone=0.45, credit=False, doubt=True) for each in (one, other)
    )
    matcher = Says({said: SentenceMatch(criteria=heard)})

    def credited(*asked: str) -> set[str]:
        return {
            event.criterion for event in found(said, matcher, PARCELS, asked=asked) if isinstance(event, EvidenceFound)
        }

    assert credited() == set() and credited(one) == {one} and credited(one, other) == {one, other}


@pytest.mark.parametrize("count", [1, 5, 6, 11])
def test_a_sentence_is_weighed_in_its_part_of_the_message(count: int) -> None:
    said = [f"This is the sentence number {number}." for number in range(count)]
    listens = Says({})
    found(" ".join(said), listens, PARCELS)
    parts = list(dict.fromkeys(listens.within))
    assert [sentence for part in parts for sentence in part] == said and len(listens.within) == count
    assert all(sentence in part for sentence, part in zip(said, listens.within, strict=True))
    sizes = [listens.within.count(part) for part in parts]
    assert max(sizes) <= 5 and max(sizes) - min(sizes) <= 1


def test_what_is_taken_back_bears_out_nothing_around_it() -> None:
    wrong, better = "We shuffle all of the scans.", "The last weeks are the test set."
    listens = Says({wrong: SHUFFLES})
    events = found(f"{wrong} No, sorry, that's wrong. {better}", listens, PARCELS)
    assert not flags(events) and all(wrong not in part for part in listens.within)
    assert any(better in part for part in listens.within)


def test_several_sentences_make_a_point_together(catalog: Catalog, matcher: ExampleMatcher) -> None:
    said = "Below one percent I let it through. Above a half I refuse. In between they get a code on their phone."
    brief, texts = catalog.brief("fraud-detection"), [one.text for one in sentences(said)]

    def best(matches: Sequence[SentenceMatch]) -> float:
        return max(one.score for match in matches for one in match.criteria if one.criterion == "three-way-decision")

    assert best(matcher.observe(brief, texts, within=[texts] * len(texts))) > best(matcher.observe(brief, texts))


def flags(events: Sequence[AnyEvent]) -> list[str]:
    return [event.flag for event in events if isinstance(event, RedFlagSeen)]


@pytest.mark.parametrize(
    ("matches", "raised"),
    [
        ({SENTENCE: SHUFFLES, CLAUSE: SHUFFLES}, ["shuffled-scans"]),
        ({CLAUSE: SHUFFLES, SENTENCE: SentenceMatch(near_flags=("shuffled-scans",))}, ["shuffled-scans"]),
        ({CLAUSE: SHUFFLES}, []),
        ({CLAUSE: SHUFFLES, SENTENCE: SentenceMatch(near_flags=("shuffled-scans",), criteria=CREDITED)}, []),
        ({CLAUSE: SHUFFLES.model_copy(update={"criteria": CREDITED}), SENTENCE: SentenceMatch()}, []),
    ],
)
def test_a_clause_makes_a_wrong_claim_if_its_sentence_does_not_say_otherwise(
    matches: dict[str, SentenceMatch], raised: list[str]
) -> None:
    assert flags(found(SENTENCE, Says(matches), PARCELS)) == raised


@pytest.mark.parametrize(
    ("matches", "sure"),
    [
        ({CLAUSE: CHOOSES, SENTENCE: SentenceMatch(near_choices=("gps-features",))}, [True]),
        ({SENTENCE: SentenceMatch(choices=("gps-features",), near_choices=("gps-features",))}, [False]),
        ({CLAUSE: CHOOSES}, []),
    ],
)
def test_a_clause_makes_a_choice_if_its_sentence_is_near_to_it(
    matches: dict[str, SentenceMatch], sure: list[bool]
) -> None:
    events = found(SENTENCE, Says(matches), PARCELS)
    assert [event.sure for event in events if isinstance(event, ChoiceMade)] == sure


@pytest.mark.parametrize(
    ("case", "text", "flag"),
    [
        ("fraud-detection", "Accuracy is useless at 0.3 percent, never blocking anything gives 99.7, so PR-AUC.", None),
        (
            "visual-search",
            "Profiles, uploaded contacts with their consent flags, and interactions after connecting, by member id.",
            None,
        ),
        (
            "video-search",
            "Maybe keep the keyword search also next to the vectors, since vectors can miss exact names like a singer "
            "or a model number, and then merge both lists with rank fusion.",
            None,
        ),
        (
            "video-recommendation",
            "No control group is needed, we compare the week before the launch with the week after.",
            "before-and-after",
        ),
    ],
)
def test_the_shipped_cases_raise_what_is_wrong_and_not_what_begins_like_it(
    case: str, text: str, flag: str | None, catalog: Catalog, matcher: ExampleMatcher
) -> None:
    raised = flags(found(text, matcher, catalog.brief(case)))
    assert (flag in raised) if flag is not None else not raised


@pytest.mark.parametrize(
    "text",
    [
        "Also, in-batch negatives only work if I build the batches by market, so a batch is all Lisbon.",
        "Simple co-view counts do well for the busy homes but are empty for the tail, so vectors generalise better.",
    ],
)
def test_what_only_sounds_like_a_choice_is_never_sure(text: str, catalog: Catalog, matcher: ExampleMatcher) -> None:
    events = found(text, matcher, catalog.brief("similar-listings"))
    assert not [event for event in events if isinstance(event, ChoiceMade) and event.sure]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("OK so 6 million is 30 percent, that means about 20 million accepts a day.", False),
        ("So 80 million times 8 is 640 million rows a day.", False),
        ("2 towers is what I'd train on the 30 days of clicks.", True),
    ],
)
def test_who_works_something_out_chooses_nothing(text: str, chosen: bool) -> None:
    events = found(text, Says({text: CHOOSES}), PARCELS)
    assert any(isinstance(event, ChoiceMade) for event in events) is chosen


def test_every_choice_in_its_own_words_is_sure(catalog: Catalog, matcher: ExampleMatcher) -> None:
    choices = catalog.brief("similar-listings").case.choices
    texts = [choice.says[0] for choice in choices]
    matches = matcher.observe(catalog.brief("similar-listings"), texts)
    sure = [choice.id in match.sure_choices for choice, match in zip(choices, matches, strict=True)]
    assert sum(sure) >= 0.8 * len(sure)


@pytest.mark.parametrize(
    ("text", "shows"),
    [
        ("But I'm not sure how I use the scans for the split.", False),
        ("Thanks, I enjoyed the one on the split.", False),
        ("I'm not sure how often to split, but I'd do it by date.", True),
        ("I'm not sure the split by date is enough.", True),
        ("I'm not sure which split is best: I'd compare them.", True),
        ("So I liked the option with the split by date in that case too.", True),
    ],
)
def test_not_knowing_how_and_thanks_show_nothing(text: str, shows: bool) -> None:
    events = found(text, Says({text: SentenceMatch(criteria=CREDITED)}), PARCELS)
    assert any(isinstance(event, EvidenceFound) for event in events) is shows
