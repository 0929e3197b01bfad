"""A plan as people and as programs see it: within 80 columns, nothing left out that decides, the same numbers in both."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from migrator.cli.views.human.plan import gantt, page, weights
from migrator.cli.views.json.plan import plan as as_json
from migrator.cli.views.json.plan import ways as ways_as_json
from migrator.cli.views.plan_diff import diff
from migrator.cli.views.wrap import wrapped
from migrator.domain.messages.findings import Severity, Waiver, worded
from migrator.domain.model.spec import Allowance, ParitySpec
from migrator.domain.planning.timeline import timeline
from tests.domain.planning.timeline.test_timeline import CANARY, made
from tests.fakes.returned import done, returning
from tests.words import texts


@pytest.fixture
def text(monkeypatch, capsys):
    """Give what `show` prints on a terminal of 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")

    def shown(found):
        page.show(found)
        return capsys.readouterr().out

    return shown


def clear(found):
    """Give the plan without its findings."""
    return replace(found, findings=())


def test_the_parts_stand_in_the_order_in_which_they_decide(text):
    shown = text(clear(made(CANARY)))

    parts = [
        "Plan ",
        "No findings",
        "New: on 4 nodes",
        "--- Deployment",
        "Why (",
        "Steps, and",
        "Weights, as",
        "\nTime\n",
        "Next:",
    ]
    places = [shown.index(part) for part in parts]
    assert places == sorted(places)
    assert shown.rstrip().endswith(f"Next: migrator run {made(CANARY).id}")


def test_a_blocked_plan_says_what_to_mend_and_names_no_run(text):
    found = replace(made(CANARY), findings=(worded("a.b", Severity.BLOCK, "x", "is wrong", "", "mend it"),))

    shown = text(found)

    assert "1 finding blocks: this plan cannot be run" in shown
    assert "a.b" in shown
    assert "migrator run" not in shown


def test_a_plan_back_says_how_many_pods_return_and_what_waits_for_the_end(text):
    found = clear(returning(*done()))

    shown = " ".join(text(found).split())

    assert "DaemonSet gw-ds -> Deployment gw in edge" in shown
    assert "New: 2 replicas, wherever there is room" in shown
    assert "--- DaemonSet +++ Deployment (spec)" in shown
    assert "Service edge/gw not yet" in shown
    assert 'at the very end: {"spec": {"selector": {"version": null}}}' in shown
    assert "new l-1/pod 2:8080" in shown
    assert "plan --reverse" not in shown
    assert as_json(found)["reverses"] == 7


def test_a_plan_forward_says_how_to_come_back_from_its_end(text):
    assert "`migrator plan --reverse RUN` plans the way back" in " ".join(text(clear(made(CANARY))).split())


def test_a_plan_says_which_differences_it_allows_and_why(text):
    found = made(
        replace(CANARY, parity=ParitySpec((Allowance("route/http.80 *.timeout", "the new side waits longer"),)))
    )

    shown = text(found)

    assert "allows" in shown
    assert "route/http.80 *.timeout\n    the new side waits longer" in shown
    assert as_json(found)["allows"] == [{"place": "route/http.80 *.timeout", "reason": "the new side waits longer"}]


def test_many_backends_are_counted_and_not_all_shown(text):
    shown = text(clear(made(CANARY, pods=40, nodes=1000)))

    assert "old and 70 more" in shown
    assert "new and 1990 more" in shown
    assert "and 990 more" in shown
    assert len(shown.splitlines()) < 300


def test_bars_fit_80_columns_and_never_leave_them():
    for width in (
        timeline(made(CANARY)),
        timeline(made(replace(CANARY, cleanup=replace(CANARY.cleanup, keep_old=86400.0)))),
    ):
        lines = [line.plain for line in gantt.lines(width)]

        assert max(map(len, lines)) <= 80
        assert len([line for line in lines if "point of no return" in line]) == 1


def test_without_unicode_the_bars_are_ascii():
    lines = gantt.lines(timeline(made(CANARY)), unicode=False)

    assert all(line.plain.isascii() for line in lines)


def test_the_json_has_the_same_values():
    found = clear(made(CANARY))

    value = as_json(found)

    times = timeline(found)
    assert [row["step"] for row in value["timeline"]] == texts(span.title for span in times.spans)
    assert value["point_of_no_return"] == "Retire"
    assert value["next"] == f"migrator run {found.id}"
    assert value["expected_seconds"] == pytest.approx(times.expected, abs=0.1)
    assert value["diff"] == diff(found)


def test_every_key_of_the_json_is_documented():
    docs = (Path(__file__).parents[2] / "docs/json.md").read_text(encoding="utf-8")
    keys = docs.partition("**plan keys**")[2].partition("**run keys**")[0]

    assert [key for key in (*as_json(made(CANARY)), "ways_out") if f"`{key}`" not in keys] == []
    assert ways_as_json(()) == []


def test_the_table_of_weights_has_a_column_per_share():
    lines = [line.plain for line in weights.lines(made(CANARY))]

    assert lines[0].split()[-6:] == ["10", "%", "50", "%", "100", "%"]
    assert all(len(line) <= 80 for line in lines)


def test_wrapped_lines_leave_no_blanks_behind():
    out = io.StringIO()
    console = Console(file=out, width=40)

    wrapped(console, Text("some words that are longer than the line is wide"), 4)

    assert all(line == line.rstrip() for line in out.getvalue().splitlines())


def test_the_verdict_stands_last_and_a_waived_finding_is_called_waived(text):
    rows = (worded("a.b", Severity.BLOCK, "x", "is wrong"), worded("c.d", Severity.WARN, "y", "is odd"))
    base = made(CANARY)
    found = replace(base, findings=rows, spec=replace(base.spec, waivers=(Waiver("a.b", "known"),)))

    shown = text(found)

    assert "waived a.b" in shown
    assert "block  a.b" not in shown
    assert shown.index("c.d") < shown.index("a.b")
    last = " ".join(shown.split("\n\n")[-1].split())
    assert last == f"Plan {found.id} is saved: 0 block, 1 warn, 0 info, 1 waived Next: migrator run {found.id}"


def test_the_words_before_the_question_are_few_and_say_what_a_yes_means(capsys):
    found = clear(made(CANARY))

    page.brief(found)
    shown = capsys.readouterr().out

    assert len(shown.splitlines()) < 10
    for words in (found.id, "0 block", "Shares of new connections", "expected", "Point of no return: Retire"):
        assert words in shown
