from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.grading import rating_of

NAMED = "I would split train and test by date"
REASONED = "I would split train and test by date, because otherwise a later scan of the parcel leaks"
NUMBERED = "I would hold back the last 14 days of scans, which is about a tenth of the whole year"
WEIGHED = (
    "I would split train and test by date because a later scan leaks, "
    "but the trade-off is that we lose two weeks of fresh rows"
)

HOW_IT_WORKS = (
    "And I log the exact feature values used, so training uses what serving saw.",
    "We write down the vector at scoring time, so both sides read identical numbers later on.",
    "One library computes the features in the batch job and online, so they cannot drift apart.",
    "I'd keep them equal by replaying the live events through the same counter code every night.",
    "A nightly job scores yesterday's requests again and compares, and that catches a column that differs.",
    "The joins take the snapshot from the moment of the request, so nothing from later leaks in.",
    "The feature store serves both paths from one definition, thereby no second implementation can go wrong.",
    "We shard the index by region, meaning a query only ever touches a fifth of the vectors.",
    "Popular results are cached for a minute at the edge, which saves most of the lookups at peak.",
    "I would hold out whole sellers from training, so near copies never sit on both sides.",
    "We mask the user id in the input, thus the model has to learn from behaviour alone.",
    "Retrain every night on the last month of data to reduce the lag behind new trends.",
    "I'd warm up fresh items by mapping their content into the same space as the known ones.",
    "The ranker sees only two hundred candidates per request, this way it can afford a cross encoder.",
    "Reviews get sampled at random from all decisions, so precision stays measurable after we launch.",
    "Each arm gets its own copy of the index, and as a result neither experiment pollutes the other.",
    "The queue is sorted by expected views in the hour ahead and severity, not by arrival.",
    "Offline I train up to Sunday and test on what came after, never shuffled, per user.",
    "A click that leads to a booking is worth more than one after which somebody just wanders.",
    "Clicks where they left after a few seconds go out, maybe anything under thirty for a page.",
    "Appeals within two weeks go to another reviewer and the post stays up in the meantime.",
    "A shallow model on hand-made inputs has to be beaten by a tenth before we go on.",
)
THAT_IT_IS_DONE = (
    "For monitoring I'd watch the data, so volumes, missing rates and feature drift with dashboards for the team.",
    "I'd use recall at k, so how many of the top results are the right product on the test set.",
    "I'd rather learn embeddings, so a vector for every image, and do nearest neighbours on all of them.",
    "Then retrain daily or weekly, plus fast features that adapt without retraining, and look at the dashboards.",
    "There's the search logs, what people clicked and saved, the boards where people put the pictures.",
    "We should make sure that training and serving use the same features everywhere in the whole system.",
    "I would monitor the model by using dashboards and alerts on all of the important metrics we have.",
    "Probably a vision transformer like CLIP, pretrained, and then fine-tuned with the contrastive loss on our pairs.",
    "The system has a gateway, a feature store, a model server, a ranking service and a database.",
    "I'd collect user features, item features, context features and so on from the logs and the profiles.",
    "So far the design has a retrieval stage, a ranking stage and then some kind of filter.",
    "Features would be the age, the country, the device, the hour of day and the user's history.",
    "We'd group the results by category and order them by predicted relevance on the page for people.",
    "I'd look at system metrics, so latency and the rate of errors, and at business metrics too.",
    "We take request logs, so request logs from the app and from the web site, as our source.",
    "The label is whether somebody clicked on the item or not within the session that we logged.",
    "I would use a two tower model for retrieval, that is not a hard thing to build for us.",
    "I have never worked with bandits in practice and would use the usual library for this part.",
    "We would take a third party feature store and look at it again in each quarter of the year.",
    "We train a model against the click label and then rank all of the items with it.",
)


@pytest.mark.parametrize(
    ("quotes", "rating"),
    [
        ([], None),
        ([NAMED], 2),
        ([NAMED, NAMED.upper()], 2),
        ([NAMED, "whole parcels go to one side"], 3),
        ([REASONED], 3),
        ([NUMBERED], 3),
        (["by date because it leaks"], 2),
        (["10 ms"], 2),
        ([WEIGHED], 4),
        ([REASONED, "but the trade-off is that we lose two weeks of rows"], 4),
        (["but it is expensive and it fails"], 2),
    ],
)
def test_depth_is_read_off_the_words(quotes: list[str], rating: int | None) -> None:
    assert rating_of(quotes).rating == rating


def test_every_rating_says_what_was_heard() -> None:
    reasons = [rating_of(quotes).reason for quotes in ([NAMED], [REASONED], [WEIGHED])]
    assert len(set(reasons)) == 3 and all(reasons)
    assert rating_of([]).reason == ""


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([NAMED, REASONED, NUMBERED, WEIGHED, "by date", "5 ms"]), min_size=1, max_size=5))
def test_saying_more_never_lowers_a_rating_and_repeating_never_lifts_it(quotes: list[str]) -> None:
    rating = rating_of(quotes).rating
    assert rating is not None and 2 <= rating <= 4
    assert rating_of([*quotes, *quotes]) == rating_of(quotes)
    shorter = rating_of(quotes[:-1]).rating
    assert shorter is None or shorter <= rating


def test_questions_earn_naming_and_are_no_second_point() -> None:
    asked = (
        "Also do we have labels?",
        "How many people review cases by hand, and because of what?",
        "And the latency?",
    )
    assert rating_of(asked).rating == 2
    assert rating_of((*asked, "I'd assume two thousand payments a second")).rating == 2
    assert rating_of((*asked, "Two thousand a second, so one machine", "and a copy of it elsewhere")).rating == 3


@pytest.mark.parametrize(
    ("quote", "rating"), [*((one, 3) for one in HOW_IT_WORKS), *((one, 2) for one in THAT_IT_IS_DONE)]
)
def test_what_follows_or_by_which_means_is_a_reason(quote: str, rating: int) -> None:
    assert rating_of([quote]).rating == rating


def test_the_so_that_begins_a_sentence_is_no_reason() -> None:
    quotes = ["So older panoramas can be looked at again in the archive of the company.", "So blocks are guarantees."]
    assert rating_of(quotes[:1]).rating == 2
