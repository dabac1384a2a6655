"""The report: intervals, targets, comparison, table, page, and the command that makes it."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from app.cli import main
from app.errors import ContentError, InputError
from evals import suites
from evals.metrics import METRICS
from evals.report.bootstrap import interval
from evals.report.compare import compare
from evals.report.comparison import Change
from evals.report.document import EvalReport, read_report, summarise
from evals.report.page import page
from evals.score import Row, TurnRow
from evals.suites import Check, load_suite, suite_names
from evals.suites.meta import Planted, units_of
from evals.vocabulary import Act, Flaw
from tests.servers import Exchange, StubEndpoint

ROOT = Path(__file__).parents[2]
DEV = ROOT / "evals" / "dev"


def row(name: str, *, interviewer: str = "builtin", **metrics: float | None) -> Row:
    return Row(
        id=name,
        case="ad-click-prediction",
        file="",
        interviewer=interviewer,
        metrics={**dict.fromkeys(METRICS), **metrics},
        flaw_scores=dict.fromkeys(Flaw, 0.0),
        turns=(TurnRow(index=0, step=None, act=Act.OPEN_PROBLEM, questions=1, flags=()),),
    )


def report(rows: list[Row]) -> EvalReport:
    summary = summarise([load_suite("conduct")], rows, {})
    return EvalReport(transcripts=tuple(rows), summary=summary, skipped=(), versions={})


class TestInterval:
    def test_it_holds_the_mean_and_is_the_same_each_time(self) -> None:
        values = [0.1, 0.9, 0.4, 0.6, 0.5, None]
        found = interval(values)
        assert found == interval(values)
        assert found.n == 5 and found.mean == pytest.approx(0.5)
        assert found.low is not None and found.high is not None and 0.1 < found.low < 0.5 < found.high < 0.9

    def test_it_covers_a_known_mean_about_as_often_as_it_says(self) -> None:
        import numpy as np

        draws = np.random.default_rng(3)
        hits = 0
        for _ in range(200):
            found = interval(list(draws.normal(0.0, 1.0, size=40)))
            hits += found.low is not None and found.high is not None and found.low <= 0 <= found.high
        assert 0.88 <= hits / 200 <= 0.99

    @pytest.mark.parametrize(("values", "n"), [([], 0), ([None], 0), ([0.3], 1)])
    def test_without_two_figures_there_is_none(self, values: list[float | None], n: int) -> None:
        found = interval(values)
        assert (found.low, found.high, found.n) == (None, None, n)


class TestComparison:
    def test_better_worse_and_cannot_tell(self) -> None:
        old = [row(f"t{n}", coverage=0.9 + n / 200, leakage=0.0, depth=1 + n % 3, talk_share=0.5) for n in range(12)]
        new = [
            row(f"t{n}", coverage=0.5 + n / 200, leakage=0.0, depth=1 + (n + 1) % 3, talk_share=0.3) for n in range(12)
        ]
        found = {each.measure: each for each in compare(report(new), report(old))}
        assert found["coverage"].change is Change.WORSE and found["coverage"].regression
        assert found["talk_share"].change is Change.BETTER
        assert found["depth"].change is Change.CANNOT_TELL
        assert found["leakage"].change is Change.SAME and found["leakage"].difference == 0
        assert found["coverage"].gates and not found["depth"].gates
        assert found["uptake"].difference is None

    def test_what_is_not_validated_is_no_regression(self) -> None:
        old, new = ([row(f"t{n}", uptake=value) for n in range(12)] for value in (0.9, 0.1))
        [found] = [each for each in compare(report(new), report(old)) if each.measure == "uptake"]
        assert found.change is Change.WORSE and not found.regression

    def test_what_rests_on_inferred_steps_is_no_regression(self) -> None:
        old = [row(f"t{n}", interviewer="external", coverage=0.9, loops=0.0) for n in range(8)]
        new = [row(f"t{n}", interviewer="external", coverage=0.4, loops=0.5) for n in range(8)]
        found = {each.measure: each for each in compare(report(new), report(old))}
        assert found["coverage"].change is Change.WORSE and not found["coverage"].regression
        assert found["loops"].regression

    def test_neutrality_is_better_nearer_to_a_half(self) -> None:
        old, new = ([row(f"t{n}", neutrality=value) for n in range(12)] for value in (0.2, 0.6))
        [found] = [each for each in compare(report(new), report(old)) if each.measure == "neutrality"]
        assert found.change is Change.BETTER

    def test_only_the_same_transcripts_are_compared(self) -> None:
        old, new = ([row(f"{name}{n}", coverage=value) for n in range(12)] for name, value in (("a", 0.9), ("b", 0.1)))
        assert all(each.pairs == 0 and not each.regression for each in compare(report(new), report(old)))


class TestSuites:
    def test_all_that_ship_load_and_say_what_they_measure(self) -> None:
        assert suite_names() == ["conduct", "grading", "hints", "labels", "meta", "robustness"]
        for name in suite_names():
            suite = load_suite(name)
            assert suite.about and any(check.target for check in suite.checks)

    def test_an_unknown_name_is_put_right(self) -> None:
        with pytest.raises(InputError, match="did you mean 'conduct'"):
            load_suite("conducts")

    def test_a_wrong_measure_names_the_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(suites, "FOLDER", tmp_path)
        (tmp_path / "own.yaml").write_text("title: t\nabout: a\nfrom: transcripts\nchecks: [{measure: charm}]\n")
        with pytest.raises(ContentError, match=r"own\.yaml: checks: there is no measure 'charm'"):
            load_suite("own")

    @pytest.mark.parametrize(
        ("check", "value", "met"),
        [
            (Check(measure="x", at_least=0.5), 0.5, True),
            (Check(measure="x", at_most=0.5), 0.6, False),
            (Check(measure="x", at_least=0.4, at_most=0.6), 0.7, False),
            (Check(measure="x"), 0.7, None),
            (Check(measure="x", at_least=0.5), None, None),
        ],
    )
    def test_bounds(self, check: Check, value: float | None, met: bool | None) -> None:
        assert check.met_by(value) is met

    def test_meta_finds_a_planted_flaw_and_no_other(self, tmp_path: Path) -> None:
        from evals.samples import Transcript, read_samples
        from evals.score import Depth, Scorer

        depth = Depth(home=tmp_path, vectors=False)
        cases = Scorer(depth).app.catalog.case_ids()
        found = [each for each in read_samples(sorted(DEV.glob("*.json")), cases=cases) if isinstance(each, Transcript)]

        def more(transcript: Transcript, text: str) -> Transcript:
            place = transcript.interviewer[4].index
            turns = [
                each.model_copy(update={"content": each.content + text})
                if each.index >= place and each.speaker == "interviewer"
                else each
                for each in transcript.turns
            ]
            return transcript.model_copy(update={"turns": tuple(turns)})

        planted = [
            Planted(
                flaw=Flaw.MULTI_QUESTION,
                severity="blatant",
                before=each,
                after=more(each, " How large is it? Who pays for that?"),
            )
            for each in found
        ]
        planted += [Planted(flaw=None, before=each, after=each) for each in found]
        values = {unit.id: unit.values for unit in units_of(planted, depth=depth)}
        assert (values["multi-question"]["meta/blatant"] or 0) >= 0.9
        assert values["multi-question"]["meta/no_op"] == 0.5
        assert values["loops"]["meta/other_flaws"] is None


class Loads(HTMLParser):
    """Gathers what a page would load, its ids and the places it leads to."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.leads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.loads += [given[name] or "" for name in ("src", "srcset", "data") if name in given]
        self.loads += [given.get("href") or ""] if tag == "link" else []
        self.leads += [given.get("href") or ""] if tag == "a" else []
        self.ids += [given["id"] or ""] if "id" in given else []


@pytest.mark.slow
class TestCommand:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        target = tmp_path / "transcripts"
        shutil.copytree(DEV, target)
        (target / "zz-broken.json").write_text('{"case": "chess", "messages": []', encoding="utf-8")
        return target

    def run(self, *arguments: str) -> int:
        try:
            main(["eval", "--lexical", "--workers", "1", *arguments])
        except SystemExit as stop:
            return int(stop.code or 0)
        return 0

    def test_the_document_is_as_its_schema_says(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run("conduct", "hints", "--transcripts", str(folder), "--json") == 0
        document = json.loads(capsys.readouterr().out)
        schema = json.loads((ROOT / "docs/schemas/eval-report.schema.json").read_text(encoding="utf-8"))
        jsonschema.validate(document, schema)
        assert len(document["transcripts"]) == 7 and len(document["skipped"]) == 1
        assert set(document["transcripts"][0]["metrics"]) == set(METRICS)
        assert set(document["summary"]["coverage"]) >= {"mean", "ci_low", "ci_high", "n", "target", "ok"}

    def test_a_regression_gives_status_1_and_no_change_gives_0(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "before.json"
        assert self.run("--transcripts", str(folder), "--report", str(file)) == 0
        assert self.run("--transcripts", str(folder), "--baseline", str(file)) == 0
        for each in folder.glob("*.json"):
            if not each.name.startswith("zz"):
                chat = json.loads(each.read_text(encoding="utf-8"))
                for message in chat["messages"]:
                    if message["role"] == "assistant":
                        message["content"] += (
                            " How much would that cost? Who would maintain it? When would you be done?"
                        )
                each.write_text(json.dumps(chat), encoding="utf-8")
        assert self.run("--transcripts", str(folder), "--baseline", str(file)) == 1
        said = capsys.readouterr().out
        [line] = [each for each in said.splitlines() if each.startswith("a real regression (exit status 1) in ")]
        assert (
            "single_question" in line and "coverage" not in line and said.count("worse, gates") == line.count(",") + 1
        )
        assert "worse" in said and "skipped" in said and "zz-broken.json" in said
        assert self.run("--transcripts", str(folder), "--baseline", str(file), "--json") == 1
        compared = {each["measure"]: each for each in json.loads(capsys.readouterr().out)["comparison"]}
        assert compared["single_question"]["gates"] and compared["single_question"]["regression"]
        assert compared["single_question"]["high"] < 0
        assert compared["coverage"]["change"] == "same" and not compared["coverage"]["regression"]

    def test_nothing_got_worse_than_the_committed_baseline(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """The fast suites, as CI runs them; after a change that is meant, write the baseline again (docs/evals.md)."""
        monkeypatch.chdir(ROOT)
        arguments = ["conduct", "hints", "--transcripts", "evals/dev", "--baseline", "evals/baselines/dev.json"]
        assert self.run(*arguments, "--json") == 0
        pairs = {each["measure"]: each["pairs"] for each in json.loads(capsys.readouterr().out)["comparison"]}
        assert pairs["coverage"] == pairs["flaw/loops"] == len(list(DEV.glob("*.json")))

    def test_a_judge_compares_two_folders_side_by_side(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        earlier = tmp_path / "earlier"
        earlier.mkdir()
        shutil.copy(folder / "brisk-ads.json", earlier)

        def reply(exchange: Exchange) -> None:
            compares = "preference" in str(exchange.request.body["response_format"])
            answer = {"better": "first"} if compares else {"rating": 4}
            exchange.complete(json.dumps({"reason": "x", **answer}))

        with StubEndpoint(reply) as endpoint:
            main_arguments = ["hints", "--transcripts", str(folder), "--judge", "openai/stub", "--json"]
            monkeypatch.setenv("MLSD_API_BASE", endpoint.base_url)
            monkeypatch.setenv("MLSD_API_KEY", "x")
            assert self.run(*main_arguments, "--against", str(earlier)) == 0
        document = json.loads(capsys.readouterr().out)
        assert [unit["id"] for unit in document["units"]["pairwise"]] == ["brisk-ads"]
        # It always prefers the first place, so it prefers neither.
        assert set(document["units"]["pairwise"][0]["values"].values()) == {0.0}
        assert document["summary"]["judge/clear"]["mean"] == 4.0
        assert not document["summary"]["judge/clear_preferred"]["validated"]

    def judged(self, folder: Path, reply: Callable[[Exchange], None], monkeypatch: pytest.MonkeyPatch) -> int:
        """The status of a run with a judge who answers like that; its page is judged.html, its report judged.json."""
        monkeypatch.setattr("evals.judge._WAIT_S", 0.0)
        with StubEndpoint(reply) as endpoint:
            monkeypatch.setenv("MLSD_API_BASE", endpoint.base_url)
            monkeypatch.setenv("MLSD_API_KEY", "x")
            files = ["--html", str(folder / "judged.html"), "--report", str(folder / "judged.json")]
            return self.run("hints", "--transcripts", str(folder / "*y-*.json"), "--judge", "openai/stub", *files)

    def test_a_judge_s_reasons_and_what_is_unscored_are_shown(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = itertools.count()

        def reply(exchange: Exchange) -> None:
            if next(asked) < 3:
                exchange.send(500, b"<html>down</html>", kind="text/html")
            else:
                exchange.complete(json.dumps({"reason": "turn 2 <takes> it up", "rating": 4}))

        monkeypatch.setattr("evals.judge._AT_ONCE", 1)
        monkeypatch.setattr("evals.judge._TRIES", 1)
        assert self.judged(folder, reply, monkeypatch) == 0
        ran = capsys.readouterr()
        assert "3 of 24 votes are unscored" in " ".join(ran.out.split()) and ran.err == ""
        text = (folder / "judged.html").read_text(encoding="utf-8")
        assert "turn 2 &lt;takes&gt; it up" in text and "unscored" in text
        document = json.loads((folder / "judged.json").read_text(encoding="utf-8"))
        votes = [vote for unit in document["units"]["judge"] for each in unit["votes"].values() for vote in each]
        assert len(votes) == 24 and votes.count({"value": None, "reason": None}) == 3
        assert votes.count({"value": 4.0, "reason": "turn 2 <takes> it up"}) == 21

    def test_a_judge_that_is_down_leaves_the_report_and_is_no_regression(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def reply(exchange: Exchange) -> None:
            exchange.send(200, b"<html>a proxy's page</html>", kind="text/html")

        assert self.judged(folder, reply, monkeypatch) == 2
        ran = capsys.readouterr()
        assert ran.err.count("no longer asked") == 1 and "rated nothing" in ran.err and ran.err.count("\n") == 2
        assert len(json.loads((folder / "judged.json").read_text(encoding="utf-8"))["transcripts"]) == 2
        assert "hint-is-solution" in ran.out

    def test_the_page_loads_nothing_and_leads_to_flagged_turns(self, folder: Path, tmp_path: Path) -> None:
        chat = json.loads((folder / "chatty-video.json").read_text(encoding="utf-8"))
        chat["messages"][1]["content"] += " <img src=x onerror=alert(1)>"
        chat["id"] = "0b1f6a52"
        (folder / "chatty-video.json").write_text(json.dumps(chat), encoding="utf-8")
        file = tmp_path / "report.html"
        assert self.run("--transcripts", str(folder), "--html", str(file)) == 0
        text = file.read_text(encoding="utf-8")
        found = Loads()
        found.feed(text)
        assert text.count(">0b1f6a52<") == text.count("chatty-video.json") > 1, "a file's name beside each id"
        assert found.loads == [] and "http" not in text
        assert len(found.ids) == len(set(found.ids))
        assert all(lead.removeprefix("#") in found.ids for lead in found.leads)
        assert "<img" not in text and "&lt;img src=x" in text
        assert any("-" in lead for lead in found.leads)

    def test_the_first_run_says_that_content_is_embedded(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("MLSD_HOME", str(tmp_path))
        monkeypatch.setattr("evals.score.score_all", lambda transcripts, **_: iter(()))
        for arguments, said in (([], True), (["--lexical"], False)):
            with pytest.raises(SystemExit):
                main(["eval", "--transcripts", str(DEV), *arguments])
            assert ("the content is embedded, once" in capsys.readouterr().err) is said
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache" / "embeddings.sqlite3").touch()
        with pytest.raises(SystemExit):
            main(["eval", "--transcripts", str(DEV)])
        assert "embedded" not in capsys.readouterr().err

    def test_nothing_scored_is_no_pass(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "broken.json").write_text('{"case": "chess", "messages": []', encoding="utf-8")
        assert self.run("--transcripts", str(tmp_path), "--json") == 2
        ran = capsys.readouterr()
        assert "broken.json" in json.loads(ran.out)["skipped"][0]["file"]
        assert "nothing was scored" in ran.err and ran.err.count("\n") == 1
        assert self.run("--transcripts", str(tmp_path)) == 2
        assert "skipped" in capsys.readouterr().out

    def test_a_baseline_of_other_transcripts_is_no_pass(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file, other = tmp_path / "before.json", tmp_path / "other"
        other.mkdir()
        shutil.move(folder / "brisk-ads.json", other)
        assert self.run("--transcripts", str(other), "--report", str(file)) == 0
        assert self.run("--transcripts", str(folder), "--baseline", str(file)) == 2
        ran = capsys.readouterr()
        assert "no pairs" in ran.out and "no transcript" in ran.err and "before.json" in ran.err

    def test_a_baseline_that_was_read_in_another_way_is_turned_down_at_once(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "before.json"
        assert self.run("--transcripts", str(folder), "--report", str(file)) == 0
        capsys.readouterr()
        before = json.loads(file.read_text(encoding="utf-8"))
        before["versions"]["reading"] = "an-embedder"
        file.write_text(json.dumps(before), encoding="utf-8")
        assert self.run("--transcripts", str(folder), "--baseline", str(file)) == 2
        ran = capsys.readouterr()
        assert "before.json" in ran.err and "'an-embedder'" in ran.err and "without --lexical" in ran.err
        assert ran.err.count("\n") == 1 and ran.out == ""

    def test_a_baseline_on_other_content_is_compared_with_a_warning(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "before.json"
        assert self.run("--transcripts", str(folder), "--report", str(file)) == 0
        assert self.run("--transcripts", str(folder), "--baseline", str(file)) == 0
        assert capsys.readouterr().err == ""
        before = json.loads(file.read_text(encoding="utf-8"))
        before["versions"]["content"] = "0123456789abcdef"
        file.write_text(json.dumps(before), encoding="utf-8")
        assert self.run("--transcripts", str(folder), "--baseline", str(file)) == 0
        said = capsys.readouterr().err
        assert "before.json" in said and "other content" in said and said.count("\n") == 1

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["conducts"], "did you mean 'conduct'"),
            (["--transcripts", "nowhere.json"], "nowhere.json: is missing"),
            (["--against", "evals/dev"], "name one with --judge"),
            (["--baseline", "nowhere.json"], "nowhere.json: cannot be read"),
        ],
    )
    def test_bad_usage_is_one_line_and_status_2(
        self, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(*arguments) == 2
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1

    def test_a_file_that_is_no_report_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "other.json"
        file.write_text('{"rows": []}', encoding="utf-8")
        with pytest.raises(InputError, match=r"other\.json: transcripts: Field required"):
            read_report(file)


def test_a_page_of_nothing_is_a_page() -> None:
    assert "0 transcripts" in page(report([]))
