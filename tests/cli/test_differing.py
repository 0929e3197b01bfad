"""The lines in which two configurations differ stand where a person looks: on the running process, in `status`, in `report`."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from migrator.cli.views.human import report as human_report
from migrator.cli.views.human import route
from migrator.cli.views.json import report as json_report
from migrator.cli.views.json import status as json_status
from migrator.cli.views.live import numbers
from migrator.cli.views.live.lines import Lines
from migrator.cli.views.live.screen import screen
from migrator.domain.messages.findings import block, told_of
from migrator.domain.messages.message import Message, say
from migrator.domain.model.decisions import Decision, Done, Wait
from migrator.domain.model.runs import State
from migrator.domain.model.spec import Allowance, ParitySpec
from migrator.domain.observation.sighting import Configs, Sighting
from migrator.domain.observation.snapshot import Snapshot
from migrator.domain.steps.verification import shown
from migrator.wording import render
from migrator.workflow.progress import Progress
from tests.cli.samples import World, world

LINE = say(
    "config.differs", unit="route/http.80", path="virtual_hosts[shop.x].timeout", old='"15s"', new='"16s"', by=""
)
OTHER = say("config.missing", unit="cluster/x", path="", old=None, by="DestinationRule shop/x")
WORDS = 'route/http.80 virtual_hosts[shop.x].timeout: old "15s", new "16s"'
WHY = told_of((block("config.not-equal", "gw-1", differences=(LINE, OTHER)),))


@pytest.fixture(name="seen", scope="module")
def _seen(tmp_path_factory: pytest.TempPathFactory) -> World:
    return world(tmp_path_factory.mktemp("store"))


def waiting(of: World, *lines: Message, decision: Decision | None = None) -> Progress:
    configs = Configs(differences=(("gw-1", lines),), reference="old-1")
    words = say("config.waiting", left=1, first=WHY)
    decided = decision or Wait(words, 5.0)
    return Progress(
        replace(of.run, state=State.RUNNING), (say("step.verify-config"),) * 9, decided, Sighting(configs), words
    )


def test_a_process_without_a_panel_tells_each_line_once(seen: World) -> None:
    told: list[str] = []
    lines = Lines(told.append)
    lines(waiting(seen, LINE))
    lines(waiting(seen, LINE, OTHER))

    assert [row for row in told if row.startswith("  ")] == [
        f"  gw-1: {WORDS}",
        "  gw-1: cluster/x: missing on the new gateway (made by DestinationRule shop/x)",
    ]


def test_a_panel_shows_the_first_lines_and_says_where_the_others_are(
    seen: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from rich.console import Console

    many = tuple(say("config.extra", unit=f"cluster/{n}", path="", new=None, by="") for n in range(9))
    status = replace(seen.status, run=replace(seen.run, state=State.RUNNING), holder="ann", pending=(), answers=None)
    console = Console(width=100, height=40)
    console.print(screen(replace(status, newest=Snapshot(troubles=many)), console, leaves=True))
    out = capsys.readouterr().out

    assert "cluster/5: only on the new gateway" in out
    assert "cluster/6" not in out
    assert "and 3 more: `migrator status" in out


def test_nothing_differs_any_more_once_the_step_is_done(seen: World) -> None:
    assert numbers.differing(waiting(seen, LINE, decision=Done(say("config.verified", backends=1)))) == []
    assert numbers.differing(replace(waiting(seen, LINE), seen=None)) == []


def test_a_status_shows_the_lines_of_the_reason_and_of_the_last_look(seen: World) -> None:
    halted = replace(seen.status, run=replace(seen.run, state=State.HALTED, why=WHY))
    look = seen.status.newest or seen.status.look
    assert look is not None
    watching = replace(
        seen.status,
        newest=replace(look, troubles=shown(Configs(differences=(("gw-1", (LINE,)),), reference="old-1"))),
        holder="ann",
    )

    assert any(WORDS in fact.words.plain for fact in route.facts(halted))
    assert any(WORDS in fact.words.plain for fact in route.facts(watching))
    for status in (halted, watching):
        found = json_status.status(status)["differences"]
        assert [row["words"] for row in found][:1] == [WORDS]


def test_a_report_shows_the_lines(seen: World, capsys: pytest.CaptureFixture[str]) -> None:
    report = replace(seen.report, differing=(LINE, OTHER))
    human_report.show(report)
    words = " ".join(capsys.readouterr().out.split())

    assert f"The configurations differ: {WORDS} cluster/x: missing" in words
    assert json.loads(json.dumps(json_report.report(report)))["differences"][1]["by"] == "DestinationRule shop/x"


def test_a_process_that_leaves_a_halted_run_shows_the_lines(seen: World) -> None:
    left = route.left(replace(seen.left, run=replace(seen.run, state=State.HALTED, why=WHY)))

    assert WORDS in left


MAY = say("config.allowed", line=OTHER, place="cluster/x", reason="it is for the new side")


def test_a_line_that_may_differ_is_shown_with_its_reason_and_is_no_difference(seen: World) -> None:
    rows = shown(Configs(allowed=(("gw-1", (MAY,)),), reference="old-1"))
    halted = replace(
        seen.status, run=replace(seen.run, state=State.HALTED, why=say("config.waiting", left=1, first=MAY))
    )

    assert [render(row) for row in rows] == [
        "gw-1: cluster/x: missing on the new gateway (made by DestinationRule shop/x); allowed by the plan (cluster/x): "
        "it is for the new side"
    ]
    assert json_status.status(halted)["differences"] == []


def test_where_the_configurations_may_differ_stands_in_status_and_report(
    seen: World, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = (Allowance("cluster/x", "it is for the new side"),)
    status = replace(seen.status, allows=allowed)
    spec = replace(seen.report.plan.spec, parity=ParitySpec(allowed))
    report = replace(seen.report, plan=replace(seen.report.plan, spec=spec))
    human_report.show(report)
    words = "The configurations may differ at cluster/x: it is for the new side"

    assert words in [fact.words.plain for fact in route.facts(status)]
    assert words in " ".join(capsys.readouterr().out.split())
    row = {"place": "cluster/x", "reason": "it is for the new side"}
    assert json_status.status(status)["allows"] == json_report.report(report)["allows"] == [row]
