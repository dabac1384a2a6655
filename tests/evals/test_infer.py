"""What each turn of an interviewer does is told from the words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.bootstrap import App
from app.domain.catalog import Catalog
from app.domain.vocabulary import Step
from app.settings import load_settings
from evals.infer.act_features import Surroundings
from evals.infer.acts import infer_act, sure_act
from evals.infer.ends import closings, openings
from evals.infer.labels import Label, label
from evals.infer.questions import count_questions
from evals.infer.soundness import Soundness
from evals.infer.step_words import begins_with_step, named_step
from evals.samples import Speaker, Transcript, Turn, read_samples
from evals.vocabulary import Act

DEV = Path(__file__).parents[2] / "evals" / "dev"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Okay. Go on.", 0),
        ("What would you log?", 1),
        ("Which metric would you use, and why?", 1),
        ("Walk me through serving.", 1),
        ("And deployment? Walk me through what happens when a request comes in.", 1),
        ("What features would you use? How would you split the data?", 2),
        ("How do you sample, how do you split, and which loss do you train with?", 3),
        ("That's clear. Does that make sense?", 0),
        ("Why do I ask? Because the auction multiplies it by the bid.", 0),
        ('You asked "how many users do we have?" a while ago.', 0),
        ("Sixty million people a day.", 0),
        ("So: what do you throw out, which features does the ranker get, and how do you split train and test?", 3),
        ("With that: what does one call look like, and which label do you learn from when clicks mislead?", 2),
        ("Now the data. Who or what would tell your machine that a post is bad?", 1),
        ("A camera photo comes in. Follow it through our machines until there are 25 pictures.", 1),
        ("I love it! They scroll, they tap, they don't. Tell me how that turns into examples.", 1),
        ("Talk me out of stopping there.", 1),
        ("Um, can I stop you at the replay? Where would those frauds be in your table?", 1),
        ("Now I'm dying to hear what would convince you.", 1),
        ("What has shifted by then, would you say?", 1),
        ("What is a positive and what is a negative row?", 1),
        ("Three million pairs a second. On forty GPUs? And what goes if it doesn't fit?", 2),
        ("Absurd scores, not late ones. Say everything comes back at forty percent.", 1),
        ("Okay. Next. Modeling.", 0),
        ("And how do you know, on the day of training, what will come later?", 1),
        ("Two billion, can you believe it? So no.", 0),
        ("And what does that tell us? It tells us that calibration matters.", 0),
        ("From all that people do on boards, what would you learn?", 1),
        ("What if the service dies, what does the user see?", 1),
        ("Let's do operations: it's winter, what's broken and who noticed?", 1),
        ("Which would you take? A or B?", 1),
        ("You'd retrain daily? Why not hourly?", 1),
        ("What model do you propose, and begin with the humble one.", 1),
        ("Feel free to ask me anything. I'm interested in your reasoning.", 0),
        ("Can we talk about the data?", 0),
        ("And don't split randomly! Split by time.", 0),
        ("I'd like to hear how you would evaluate this.", 1),
        ("Can we move on to serving? What happens when a request arrives?", 1),
        ("Tell me about the labels, and also describe the features you would compute from the logs.", 2),
        ("A page is opened at noon; what's on it a minute later?", 1),
        ("Your list is made at night. She opens it at six, so talk me through what she sees.", 1),
        ("I'm curious about the quiet ones. Who would ever notice them?", 1),
        ("I'd like to understand how you label it. And how do you split?", 2),
        ("Pick one of the two. What would it cost?", 1),
        ("Five machines, one index. Do the arithmetic for me.", 1),
        ("Help me see how those two live together.", 1),
        ("Who reads it afterwards? I should like to know what a query costs.", 2),
        ("", 0),
    ],
)
def test_only_genuine_requests_count(text: str, asked: int) -> None:
    assert count_questions(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("What do you optimise? Clicks? Watch time?", 1),
        ("Which data do you need, how would you label it, and how would you balance it?", 3),
        ("How about people without history, what would they see?", 1),
        ("Nothing else? Then we go on.", 0),
        ("Go deeper on the features.", 1),
    ],
)
def test_alternatives_and_lists_within_a_turn(text: str, asked: int) -> None:
    assert count_questions(text) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Card payments. Design what decides on them. Begin.", 0),
        ("Card payments. Tell me how you'd design it!", 1),
        ("Card payments. Design it. Where do you start?", 1),
    ],
)
def test_the_problem_itself_is_no_request(text: str, asked: int) -> None:
    assert count_questions(text, opens=True) == asked


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Good. Serving.", Step.SERVING),
        ("Okay, next. ML task.", Step.FRAMING),
        ("Great!\n\nStage 5: Evaluation.\n\nIt is tricky.", Step.EVALUATION),
        ("Now we arrive at Model Development", Step.MODELING),
        ("I like the data. Go on.", None),
    ],
)
def test_a_step_is_named_in_a_heading_or_alone(text: str, step: Step | None) -> None:
    assert named_step(text) is step


def test_an_answer_may_begin_with_its_step() -> None:
    assert begins_with_step("Data! Positives: play over thirty seconds.") is Step.DATA
    assert begins_with_step("The data is late, so I wait.") is None


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, catalog: Catalog) -> App:
    app = App(load_settings(home=tmp_path_factory.mktemp("home")))
    app.catalog = catalog
    return app


def dev_labels(app: App, file: Path) -> tuple[Transcript, dict[int, Label], list[dict[str, object]]]:
    [sample] = read_samples([file], cases=app.catalog.case_ids())
    assert isinstance(sample, Transcript)
    sound = Soundness(app.catalog.brief(sample.case), None)
    found = {each.index: each for each in label(sample, soundness=sound, embedder=None)}
    return sample, found, json.loads(file.read_text(encoding="utf-8"))["labels"]


def test_the_words_alone_label_most_turns_of_the_dev_transcripts(app: App) -> None:
    rows = [
        (found[int(str(row["index"]))], row)
        for file in DEV.glob("*.json")
        for _, found, rows in [dev_labels(app, file)]
        for row in rows
    ]
    assert len(rows) >= 100
    assert sum(found.questions == row["questions"] for found, row in rows) / len(rows) >= 0.95
    assert sum(found.step == row["step"] for found, row in rows) / len(rows) >= 0.85
    assert sum(found.act == row["act"] for found, row in rows) / len(rows) >= 0.80


_SAID = "I'd use a gradient boosted tree on counts from the last week, and retrain daily."


@pytest.mark.parametrize(
    ("before", "text", "act"),
    [
        (_SAID, "Quick check of the clock: twelve minutes to go.", Act.TIME_CHECK),
        (_SAID, "You've got until ten to three.", Act.TIME_CHECK),
        (_SAID, "For orientation: half the time is gone.", Act.TIME_CHECK),
        (_SAID, "Enough on that. Your move.", Act.TRANSITION),
        (_SAID, "What's the next thing you'd want to settle?", Act.TRANSITION),
        ("Not sure what's missing. Hint please.", "What does the old model decide about the data?", Act.HINT),
        ("Could you nudge me?", "Gladly. The label isn't there yet when you need it.", Act.HINT),
        ("I don't know.", "That's fine. Would you like a hint, or shall we move on?", Act.ACKNOWLEDGE_ONLY),
        (_SAID, "Nice! 10 points for that.", Act.PRAISE),
        (_SAID, "Couldn't have put it better. And the features?", Act.PRAISE),
        ("How many users?", "Okay. Next. Modeling.", Act.TRANSITION),
        (
            _SAID,
            "Embeddings, then. People forget that these go back a long way. Somebody counts which words keep company, "
            "somebody else makes the table smaller, and then a network learns the smaller table right away. In our "
            "shop it began with a table on a disk that nobody dared to touch. We had a colleague who rebuilt it every "
            "night by hand, and when he left we found out how much stood on it. That is why I always say that data is "
            "the product and the model is a guest. You learn that in your third year, never in your first.",
            Act.LECTURE,
        ),
    ],
)
def test_rare_acts_are_told_from_their_words(before: str, text: str, act: Act) -> None:
    around = Surroundings(before=before, step=Step.DATA, previous=Step.DATA)
    turn = Turn(index=3, speaker=Speaker.INTERVIEWER, content=text)
    assert infer_act(turn, around, praises_wrong=lambda: act is Act.PRAISE) is act


def test_an_amount_of_time_alone_is_no_time_check() -> None:
    around = Surroundings(before=_SAID, step=Step.DATA, previous=Step.DATA)
    turn = Turn(index=3, speaker=Speaker.INTERVIEWER, content="Half of our events arrive ten minutes late.")
    assert sure_act(turn, around) is None


def test_praise_gives_way_to_the_question_that_opens_a_step() -> None:
    around = Surroundings(before=_SAID, step=Step.SERVING, previous=Step.EVALUATION)
    turn = Turn(index=3, speaker=Speaker.INTERVIEWER, content="Perfect choice! Final stage: how do you serve it?")
    assert infer_act(turn, around, praises_wrong=lambda: True) is Act.OPEN_STEP


def test_praise_alone_counts_whatever_it_praises() -> None:
    around = Surroundings(before=_SAID, step=Step.DATA, previous=Step.DATA)
    turn = Turn(index=3, speaker=Speaker.INTERVIEWER, content="Superb! That is brilliant thinking! Well done.")
    assert infer_act(turn, around, praises_wrong=lambda: False) is Act.PRAISE


def test_a_question_that_opens_the_next_step_outweighs_the_answer_before_it() -> None:
    around = Surroundings(before="Shall I stop?", step=Step.SERVING, previous=Step.DATA)
    turn = Turn(index=3, speaker=Speaker.INTERVIEWER, content="No, it's fine. How is it served?")
    assert infer_act(turn, around, praises_wrong=lambda: False) is Act.OPEN_STEP


def said(*turns: str) -> tuple[Turn, ...]:
    """Turns in alternation, the interviewer's first."""
    speakers = (Speaker.INTERVIEWER, Speaker.CANDIDATE)
    return tuple(Turn(index=at, speaker=speakers[at % 2], content=text) for at, text in enumerate(turns))


def test_a_long_first_turn_is_the_whole_opening() -> None:
    first = "Each slot goes to whoever bids most, times a number from an old linear thing. Replace that number. You have forty-five minutes, and I will interrupt you."
    assert openings(said(first, "Who uses it?", "The auction system, for today.")) == {0}


def test_a_candidate_may_have_the_last_word() -> None:
    turns = said("Design a search.", _SAID, "Okay. We are finished. Goodbye.", "Thanks, bye.")
    assert closings(turns, frozenset({0})) == {2}


def test_opening_and_closing_have_no_step(app: App) -> None:
    for file in DEV.glob("*.json"):
        _, found, _ = dev_labels(app, file)
        ends = [each for each in found.values() if each.act in {Act.OPEN_PROBLEM, Act.CLOSE}]
        assert len(ends) == 2 and all(each.step is None for each in ends)
