"""The doors as a part of a lab: the files that lead through them, the process, the commands that order, a trial's fault."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from click.testing import CliRunner

from migrator.cli.commands.lab import lab
from migrator.lab.ground import kubeconfig
from migrator.lab.ground.layout import DOORS, Layout, Scenario
from migrator.lab.process import ready_line, spawn, stop
from migrator.lab.trials import carry_out
from migrator.lab.trials.trial import Trial
from migrator.lab.world import doors, record

pytestmark = [pytest.mark.lab, pytest.mark.slow]


@pytest.fixture
def layout(net: str, tmp_path: Path) -> Iterator[Layout]:
    """The doors of a lab of which nothing else runs; its folder is the test's."""
    scenario = Scenario(net=net, parts=(DOORS,))
    kubeconfig.write(tmp_path / "kubeconfig", scenario.layout)
    doors.prepare(scenario, tmp_path / "kubeconfig", tmp_path)
    running = spawn([sys.executable, "-P", "-m", "migrator.lab.faults", "--config", str(doors.config(tmp_path))])
    try:
        assert ready_line(running, 60.0)["part"] == "faults"
        mine = record.process(running.pid)
        record.write(tmp_path, record.Record(net, "up", mine, str(tmp_path / "kubeconfig"), scenario.addresses()))
        yield scenario.layout
    finally:
        stop(running)


def asked(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(lab, ["fault", words[0], "--dir", str(folder), *words[1:]])
    return done.exit_code, done.output


def test_faults_are_ordered_listed_and_taken_back_by_command_and_a_trials_passes_by_itself(
    layout: Layout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(tmp_path, "set", "api", "status", "--status", "401", "--share", "50")[0] == 0
    code, said = asked(tmp_path, "set", "balancer", "late", "--writes", "--count", "1", "--output", "json")
    assert code == 0
    assert [row["kind"] for row in json.loads(said)["faults"]] == ["status", "late"]
    assert "50% of requests" in asked(tmp_path, "list")[1]
    assert [row["target"] for row in json.loads(asked(tmp_path, "clear", "api", "--output", "json")[1])["faults"]] == [
        "balancer"
    ]
    assert "no fault is in force" in asked(tmp_path, "clear")[1]

    monkeypatch.setattr(carry_out, "STRIKES", 0.2)
    passing = carry_out.Passing(Trial("gateways", "reset", share=0.05), layout)
    passing.strike()
    assert len(doors.ask(layout, "GET")["faults"]) == 1
    passing.end()
    assert doors.ask(layout, "GET")["faults"] == []
    with pytest.raises(doors.Refused, match="target"):
        doors.ask(layout, "POST", {"target": "moon", "kind": "reset"})


def test_the_plan_that_is_led_through_the_doors_reaches_each_of_them_by_tls_where_the_api_is(
    layout: Layout, tmp_path: Path
) -> None:
    code, text = asked(tmp_path, "route", "plans/lab.yaml")
    spec = yaml.safe_load(text)["spec"]

    assert code == 0
    assert spec["loadBalancer"]["endpoint"] == f"http://{layout.doors['balancer']}"
    with kubeconfig.connect(Path(spec["cluster"]["kubeconfig"])) as http:
        assert str(http.base_url) == f"https://{layout.doors['api']}"
        doors.ask(layout, "POST", {"target": "api", "kind": "status", "status": 403})
        assert http.get("/version").json()["reason"] == "Forbidden"
    with pytest.raises(httpx.TransportError):  # nothing is behind it here
        httpx.get(f"http://{layout.doors['balancer']}/", trust_env=False, timeout=20)


def test_without_a_lab_the_command_says_so(tmp_path: Path) -> None:
    code, said = asked(tmp_path, "list")

    assert code == 1
    assert "there is no lab" in said
