"""Small valid content for tests: a case about parcels, its rubrics and notes, with no finding in any of it.

Every factory takes the fields to change by name, so that a test shows the one thing it is about:

    make_case(id="ads", tensions=())
    make_criterion("fair-depots", Step.EVALUATION, weight=3)
    make_catalog(make_case(), make_case(id="ads"))
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from app.adapters.quote_head import fitted_quotes
from app.domain.case import Case, Note
from app.domain.catalog import Catalog
from app.domain.levels import LevelRules
from app.domain.rubric import Criterion, RedFlag, SharedCriterion, StepRubric
from app.domain.vocabulary import Step


class Theme(NamedTuple):
    """What a criterion is about; its sentences are made from it."""

    step: Step
    topic: str
    does: str
    wrong: str
    probe: str
    giveaway: str


SHARED: dict[str, Theme] = {
    "business-goal": Theme(
        Step.REQUIREMENTS,
        "the business goal",
        "measure success by fewer where-is-my-parcel calls",
        "the goal of the business is a lower training loss, nothing else counts",
        "Which number on the operations dashboard moves?",
        "calls",
    ),
    "ml-task": Theme(
        Step.FRAMING,
        "the learning task",
        "frame it as regression on the minutes until delivery",
        "it is clustering, each parcel gets a group and the group is the answer",
        "What goes in, and what comes out?",
        "regression",
    ),
    "time-split": Theme(
        Step.DATA,
        "how the data is divided",
        "split train and test by date so that no future scan leaks",
        "shuffle the scans of all parcels and take a fifth of them as the test set",
        "Which rows do you hold back?",
        "by date",
    ),
    "baseline": Theme(
        Step.MODELING,
        "what to compare with",
        "start from the depot's median transit time as a baseline",
        "go straight to a large transformer, anything simpler is a waste of time",
        "What would you run on the very first day?",
        "median",
    ),
    "offline-metric": Theme(
        Step.EVALUATION,
        "how errors are counted",
        "report the absolute error in minutes per distance band",
        "accuracy is the metric, and above ninety percent we are done with it",
        "How do you tell a good model from a bad one?",
        "absolute error",
    ),
    "latency-budget": Theme(
        Step.SERVING,
        "the time budget of a request",
        "answer from a cache of precomputed predictions within fifty milliseconds",
        "latency does not depend on the model, so ten seconds a request is normal",
        "A customer opens the tracking page. What happens before it is drawn?",
        "cache",
    ),
    "drift": Theme(
        Step.MONITORING,
        "how the world changes",
        "alert when the input distribution drifts from last month's",
        "a model that was right once stays right, so nobody has to look at it",
        "Christmas comes. How do you notice that something is off?",
        "drifts",
    ),
}
OWN: dict[str, Theme] = {
    "interval": Theme(
        Step.FRAMING,
        "how sure a promise is",
        "predict the tenth and ninetieth quantile and show the window",
        "one exact minute is always best because customers hate a range",
        "How much would you promise a customer?",
        "quantile",
    ),
    "scan-gaps": Theme(
        Step.DATA,
        "missing depot scans",
        "impute lost scans from the route's schedule and flag them",
        "a lost scan means a lost parcel, so those rows are thrown away",
        "A depot's scanner was off for a day. What do you do with that day?",
        "impute",
    ),
}


def theme_of(criterion_id: str, step: Step) -> Theme:
    """The theme of a known id, else one made from the id's words."""
    words = criterion_id.replace("-", " ")
    return (SHARED | OWN).get(criterion_id) or Theme(
        step,
        f"the matter of {words}",
        f"handle {words} with a plan of its own",
        f"there is no such thing as {words} when parcels are delivered",
        "What happens to a parcel then?",
        f"{words} plan",
    )


def _criterion_fields(criterion_id: str, step: Step) -> dict[str, Any]:
    theme = theme_of(criterion_id, step)
    topic, does = theme.topic, theme.does
    return {
        "id": criterion_id,
        "name": topic[0].upper() + topic[1:],
        "description": f"Says what is done about {topic}.",
        "weight": 2,
        "anchors": {
            "r1": f"Misunderstands {topic}.",
            "r2": f"Names {topic}.",
            "r3": f"Would {does}, with a reason.",
            "r4": f"Would {does}, and says what that costs.",
        },
        "levels": {
            "mid": f"Names {topic}.",
            "senior": f"Would {does}.",
            "staff": f"Raises {topic} unasked.",
        },
        "covers": [
            f"I'd {does}",
            f"so we'd {does}, and I'd say so up front",
            f"first thing, we {does}",
            f"what matters here is to {does}",
            f"we {does} from day one",
            f"my plan is to {does} before the rest",
        ],
        "near_misses": [
            {
                "kind": "vague",
                "text": f"{topic} is important so we should think about it carefully at some point",
            },
            {"kind": "vague", "text": f"we need to get {topic} right somehow, that's always a big one"},
            {"kind": "negated", "text": f"I wouldn't {does}"},
            {"kind": "negated", "text": f"we don't {does} in the first version"},
            {"kind": "wrong", "text": theme.wrong},
        ],
        "probes": [
            theme.probe,
            f"Take a parcel from Leeds to Rome. {theme.probe}",
            f"Two million parcels a day. {theme.probe}",
        ],
        "follow_ups": [
            '"{quote}": how much, and what does it cost?',
            'Why "{quote}", and not something simpler?',
        ],
        "hints": {
            "nudge": f"Think about {topic} for a moment.",
            "pointer": f"Something about {topic} is still open in your design.",
            "bottom_out": f"You could {does}.",
        },
        "giveaways": [theme.giveaway],
    }


def make_criterion(id: str, step: Step, **changes: Any) -> Criterion:
    """A criterion of a case; ids of SHARED and OWN have sentences about parcels."""
    return Criterion.model_validate({**_criterion_fields(id, step), "step": step, **changes})


def make_shared_criterion(id: str, step: Step, **changes: Any) -> SharedCriterion:
    """A criterion of `rubrics/`."""
    return SharedCriterion.model_validate({**_criterion_fields(id, step), **changes})


def make_flag(id: str = "shuffled-scans", **changes: Any) -> RedFlag:
    """A red flag about dividing the data."""
    return RedFlag.model_validate({"step": Step.DATA, **_flag_fields(id), **changes})


def _flag_fields(flag_id: str) -> dict[str, Any]:
    return {
        "id": flag_id,
        "claim": "Divides the scans of one parcel at random.",
        "criterion": "time-split",
        "says": [
            "I'd just shuffle all the scans and take twenty percent",
            "a random split over scans is fine here",
            "train_test_split on the scan rows does it",
            "we sample scans at random for the test set",
        ],
        "sound": [
            "I'd shuffle only within a training batch",
            "a random split over scans leaks, so I divide by week",
            "we sample whole parcels of a later month for the test set",
        ],
        "presses": [
            "A parcel is scanned nine times. Where do those nine go?",
            "What does that score tell you about tomorrow?",
        ],
    }


def make_fact(id: str, **changes: Any) -> dict[str, Any]:
    """The fields of a fact, for `make_case(facts=[...])`."""
    words = id.replace("-", " ")
    return {
        "id": id,
        "topic": words,
        "answer": f"The {words} are as you would expect.",
        "asks": [f"what about the {words}", f"tell me the {words}"],
        **changes,
    }


FACTS: tuple[dict[str, Any], ...] = (
    make_fact(
        "volume",
        answer="Two million parcels a day, from 400 depots; so about 5,000 a depot.",
        asks=["how many parcels are there", "what scale are we at"],
        values={"parcels_per_day": 2_000_000, "depots": 400, "parcels_per_depot": 5_000},
        derived={"parcels_per_depot": "parcels_per_day / depots"},
    ),
    make_fact(
        "latency",
        answer="The tracking page has 100 milliseconds for us.",
        asks=["how fast must it answer", "what is the latency requirement"],
        values={"budget_ms": 100},
    ),
    make_fact(
        "history",
        answer="We keep scans for three years.",
        asks=["how much history is kept", "how far back does the data go"],
    ),
    make_fact(
        "labels",
        answer="The delivery scan has the minute at which the parcel was handed over.",
        asks=["do we have ground truth", "where do labels come from"],
    ),
    make_fact(
        "countries",
        answer="Nine countries in Europe.",
        asks=["which countries is this for", "is it global"],
    ),
    make_fact(
        "drivers",
        answer="Drivers choose their own order of stops.",
        asks=["are the routes fixed", "who plans the tour"],
    ),
    make_fact(
        "complaints",
        answer="One parcel in fifty leads to a call.",
        asks=["how often do customers complain", "how many calls come in"],
    ),
    make_fact("team", answer="Four engineers and one analyst.", asks=["how big is the team", "who will maintain it"]),
)


def case_fields(**changes: Any) -> dict[str, Any]:
    """The fields of the case, as they would stand in case.yaml."""
    return {
        "id": "parcel-eta",
        "title": "Parcel arrival times",
        "category": "Forecasting",
        "difficulty": "medium",
        "summary": "Tell a customer when the parcel will arrive.",
        "full": False,
        "prompt": "We deliver parcels, and customers keep asking when theirs will come. Design something.",
        "openers": {str(step): [f"Let's turn to {step.spoken}.", f"What about {step.spoken}?"] for step in Step},
        "facts": list(FACTS),
        "decisions": [
            {
                "id": "window-or-point",
                "asks": ["should we show a window or one time"],
                "reply": "Your call. Which would you show, and why?",
            }
        ],
        "choices": [
            {
                "id": "gps-features",
                "step": "data",
                "label": "the van's GPS trace",
                "says": ["I'd feed the live GPS trace of the van into it", "the van's position is a feature"],
                "unlike": ["we have no GPS, so I'd skip that"],
                "presses": ['"{quote}": what does that buy you, and when would it not?'],
            },
            {
                "id": "predict-at-booking",
                "step": "framing",
                "label": "predict at booking",
                "says": ["we predict once, when the parcel is booked", "the promise is made at booking time"],
                "unlike": ["predicting at booking is too early for me"],
                "presses": ['Why "{quote}"?'],
            },
        ],
        "tensions": [
            {
                "id": "gps-at-booking",
                "between": ["gps-features", "predict-at-booking"],
                "asks": ['You said "{a}", and "{b}". How do those fit?'],
                "resolved_by": ["at booking there is no van yet, so I'd use the depot's schedule instead"],
                "criterion": "time-split",
            }
        ],
        "twists": [
            {
                "id": "no-location",
                "after": "modeling",
                "text": "Live location has just been ruled out. What changes?",
                "expects": "Falls back to scans and widens the window.",
                "criterion": "interval",
            }
        ],
        "shared": [{"use": criterion, "core": True} for criterion in SHARED],
        "criteria": [make_criterion(id, theme.step) for id, theme in OWN.items()],
        "red_flags": [],
        "architecture": {
            "components": [
                {"id": "scans", "name": "Scan events", "group": "Data"},
                {"id": "trainer", "name": "Trainer", "group": "Training"},
            ],
            "edges": [{"source": "scans", "target": "trainer", "label": "nightly"}],
        },
        **changes,
    }


def make_case(**changes: Any) -> Case:
    """A case of the minimal tier."""
    return Case.model_validate(case_fields(**changes))


def make_note(step: Step, *, case: str = "parcel-eta", **changes: Any) -> Note:
    """The note of a step: a section per criterion of the step."""
    themes = {id: theme for id, theme in (SHARED | OWN).items() if theme.step is step}
    sections = [
        {
            "heading": f"On {theme.topic}",
            "criteria": [id],
            "text": f"A strong answer would {theme.does}. A weak one holds that {theme.wrong}.",
        }
        for id, theme in themes.items()
    ]
    return Note.model_validate(
        {"case": case, "step": step, "title": f"Parcels: {step}", "sections": sections, **changes}
    )


def make_rubrics() -> tuple[StepRubric, ...]:
    """One rubric per step, each with its criterion of SHARED; data has a red flag as well."""
    return tuple(
        StepRubric.model_validate(
            {
                "step": step,
                "criteria": [make_shared_criterion(id, step) for id, t in SHARED.items() if t.step is step],
                "red_flags": [_flag_fields("shuffled-scans")] if step is Step.DATA else [],
            }
        )
        for step in Step
    )


def levels_fields() -> dict[str, Any]:
    """The fields of levels.yaml."""
    caps = {
        "weak_step": 20,
        "weak_step_verdict": "lean_no_hire",
        "unmet_core": 3,
        "unmet_core_verdict": "lean_no_hire",
        "red_flags": 2,
        "red_flags_verdict": "lean_no_hire",
        "led_share": 1,
        "led_verdict": "strong_hire",
        "prompted_rating": 4,
    }
    thresholds = {"no_hire": 15, "lean_no_hire": 30, "lean_hire": 45, "hire": 60, "strong_hire": 75}
    minutes = dict(zip(map(str, Step), (6, 4, 9, 9, 6, 5, 3), strict=True))
    return {
        "levels": {
            level: {"expects": f"What a {level} engineer shows.", "thresholds": thresholds, "caps": caps}
            for level in ("mid", "senior", "staff")
        },
        "pacing": {"steps": minutes, "wrap_up": 3},
        "hint_caps": [3, 2, 1],
        "assessed_share": 0.5,
        "modes": {"mock": "No feedback.", "coach": "After each step.", "drill": "Chosen steps only."},
    }


def make_levels() -> LevelRules:
    """Rules with plain numbers."""
    return LevelRules.model_validate(levels_fields())


def make_catalog(
    *cases: Case, notes: Iterable[Note] | None = None, content_hash: str = "0123456789abcdef", **changes: Any
) -> Catalog:
    """A catalog; without arguments of one case with all its notes."""
    chosen = cases or (make_case(),)
    if notes is None:
        notes = [make_note(step, case=case.id) for case in chosen for step in Step]
    fields: dict[str, Any] = {
        "rubrics": make_rubrics(),
        "levels": make_levels(),
        "cases": chosen,
        "notes": tuple(notes),
        "paths": {case.id: f"knowledge/{case.id}/case.yaml" for case in chosen},
        "content_hash": content_hash,
        "quoting": fitted_quotes(),
        **changes,
    }
    return Catalog(**fields)
