from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from app.domain.directive import Answer, Directive
from app.domain.events import AnyEvent, AssumptionStated, CandidateMessage, Header, Interviewer, InterviewerMessage
from app.domain.kinds import InterviewerKind, Move
from app.domain.vocabulary import Level, Step
from app.ports import ChatMessage
from app.prompts import entries, render
from app.prompts.conversation import directive_text, instructions, messages, tagged
from app.services.guard import Rule
from tests.factories import make_catalog

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BRIEF = make_catalog().brief("parcel-eta")
HEADER = Header(
    id="one",
    case="parcel-eta",
    level=Level.SENIOR,
    interviewer=Interviewer(kind=InterviewerKind.MODEL, model="m"),
    started_at=AT,
    content_hash="0" * 16,
)


def dialogue(*texts: str, facts: dict[int, tuple[str, ...]] | None = None) -> list[AnyEvent]:
    """Texts by interviewer and candidate in turn, the interviewer first."""
    events: list[AnyEvent] = []
    for index, text in enumerate(texts):
        at = AT + timedelta(seconds=index)
        if index % 2:
            events.append(
                CandidateMessage(seq=index + 1, at=at, id=f"m{index}", index=index, content=text, step=Step.DATA)
            )
        else:
            events.append(
                InterviewerMessage(
                    seq=index + 1,
                    at=at,
                    id=f"m{index}",
                    index=index,
                    content=text,
                    step=Step.DATA,
                    move=Move.LISTEN,
                    facts=(facts or {}).get(index, ()),
                )
            )
    return events


def prompt(events: list[AnyEvent], *, directive: str = "DIRECTIVE", budget: int = 24_000) -> list[ChatMessage]:
    return messages(events, header=HEADER, brief=BRIEF, directive=directive, budget=budget)


def test_a_missing_and_an_unused_variable_raise_and_are_named() -> None:
    with pytest.raises(ValueError, match="needs answers"):
        render("answered")
    with pytest.raises(ValueError, match="no variable mood"):
        render("answered", answers="x", mood="good")
    with pytest.raises(ValueError, match="no prompt 'nowhere'"):
        render("nowhere")


def test_values_are_never_looked_through_for_variables() -> None:
    assert "$moves and ${answers}" in render("answered", answers="$moves and ${answers}")


def test_every_prompt_file_is_a_valid_template_or_a_list() -> None:
    for file in files("app.prompts").iterdir():
        name = file.name.removesuffix(".md")
        if file.name.endswith(".md") and not entries(name):
            with pytest.raises(ValueError, match="no variable zz"):
                render(name, zz="", **dict.fromkeys(_variables(file.read_text(encoding="utf-8")), "x"))


def _variables(text: str) -> list[str]:
    from string import Template

    return Template(text).get_identifiers()


def test_each_rule_of_the_guard_has_a_reason_to_tell() -> None:
    assert set(entries("reasons")) == {rule.value for rule in Rule}


def test_the_system_text_holds_the_problem_and_nothing_private() -> None:
    text = instructions(HEADER, BRIEF)
    assert BRIEF.case.prompt in text
    for criterion in BRIEF.criteria:
        for private in (criterion.anchors.r3, criterion.hints.pointer, criterion.covers[0], criterion.name):
            assert private not in text


def test_moves_of_one_kind_get_numbered_tags() -> None:
    first, second = (Directive(move=Move.PROBE, step=Step.DATA, question=q) for q in ("A?", "B?"))
    tags = tagged([Directive(move=Move.LISTEN, step=Step.DATA, lead="Go on."), first, second])
    assert list(tags) == ["listen", "probe", "probe-2"]
    assert tags["probe-2"] is second


def test_the_directive_names_tags_answers_and_the_reason_of_a_rejection() -> None:
    moves = tagged([Directive(move=Move.PROBE, step=Step.DATA, lead="I see.", question="Which rows?")])
    answers = [Answer(text="Nine countries.")]
    text = directive_text(moves, answers=answers, rejected="leak")
    assert "probe: I see. Which rows?" in text
    assert "Nine countries." in text
    assert entries("reasons")["leak"] in text
    assert "first draft" not in directive_text(moves, answers=answers)


def test_roles_alternate_and_the_directive_comes_last() -> None:
    events = dialogue("Welcome.", "Hello.", "Go on.", "More.")
    found = prompt(events)
    assert [message.role for message in found] == [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
    ]
    assert found[-1].content == "More.\n\nDIRECTIVE"


def test_two_messages_of_one_side_are_joined() -> None:
    events = [*dialogue("Welcome.", "Hello."), dialogue("", "", "", "And then.")[3]]
    found = prompt(events)
    assert found[-1].content == "Hello.\n\nAnd then.\n\nDIRECTIVE"


def test_prompts_are_append_only_up_to_the_directive() -> None:
    shorter = prompt(dialogue("Welcome.", "Hello."), directive="ONE")
    longer = prompt(dialogue("Welcome.", "Hello.", "Go on.", "More."), directive="TWO")
    assert longer[: len(shorter) - 1] == shorter[:-1]
    assert longer[len(shorter) - 1].content == shorter[-1].content.removesuffix("\n\nONE")


def test_trimming_drops_the_oldest_half_at_once_and_keeps_facts_and_assumptions() -> None:
    texts = [f"{index} " + "x" * 98 for index in range(40)]
    events: list[AnyEvent] = dialogue(*texts, facts={2: ("volume",), 38: ("latency",)})
    events.append(AssumptionStated(seq=50, at=AT, turn=3, quote="say we keep a year"))
    found = prompt(events, budget=1_000)
    assert sum(len(message.content) for message in found[2:]) <= 1_000 + len("DIRECTIVE") + 10
    assert "Two million parcels a day" in found[1].content
    assert "say we keep a year" in found[1].content
    assert "100 milliseconds" not in found[1].content, "that fact is still in the dialogue"
    assert texts[39] in found[-1].content

    begins = [prompt(dialogue(*texts[:n]), budget=1_000)[1:3] for n in range(20, 40)]
    changes = sum(1 for before, after in zip(begins, begins[1:], strict=False) if before != after)
    assert 0 < changes <= 5, "the beginning stays the same for several turns"


def test_a_message_longer_than_the_budget_is_shortened_and_kept() -> None:
    found = prompt(dialogue("Welcome.", "a" * 5_000 + "END"), budget=1_000)
    assert len(found[-1].content) < 600
    assert "END" in found[-1].content and "[...]" in found[-1].content
