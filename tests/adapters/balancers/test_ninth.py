"""A ninth balancer from the outside: one module and one line of the table, and everything knows it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from migrator.adapters.balancers import DRIVERS, balancer
from migrator.adapters.planfile.read import read
from migrator.app.plan.waivers import accepting
from migrator.domain.messages.findings import blocking
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import items, mapping, text
from migrator.domain.model.runs import State
from migrator.domain.model.spec import BalancerSpec, ListenerSpec, Spec
from migrator.domain.ports.outside import Readers, Writers
from migrator.wording import evidence, problem, remedy, render, subject
from tests.adapters.balancers import ninth
from tests.cli.world import Terminal, secretive
from tests.fakes.harness import Harness
from tests.fakes.world import LISTENERS, SERVICE, FakeWorld, quick

ENDPOINT = "https://ninth.example"
PLAN = Path(__file__).parents[3] / "plans" / "lab.yaml"


class NinthWorld(FakeWorld):
    """The fake world, whose balancer is reached through the table of drivers alone."""

    def __init__(self, spec: BalancerSpec) -> None:
        super().__init__()
        self.spec = spec
        ninth.APIS[ENDPOINT] = self.balancer

    @property
    def readers(self) -> Readers:
        """Give the read ports, the balancer's by its provider."""
        return replace(super().readers, balancer=balancer(self.spec)[0])

    @property
    def writers(self) -> Writers:
        """Give the write ports, the balancer's by its provider."""
        return replace(super().writers, balancer=balancer(self.spec)[1])


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add the one line, and take it away again."""
    monkeypatch.setitem(DRIVERS, ninth.PROVIDER, ninth.PACKAGE)
    yield
    ninth.APIS.clear()


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal with an empty home."""
    secretive(monkeypatch)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return Terminal(tmp_path)


def spec(**options: str) -> Spec:
    rows = tuple(ListenerSpec(name, 80) for name in LISTENERS)
    chosen = BalancerSpec(ninth.PROVIDER, "ninth-1", rows, endpoint=ENDPOINT, options=tuple(options.items()))
    return replace(quick(), balancer=chosen)


def test_a_whole_run_goes_through_the_ninth_driver_and_its_controller_is_told_to_keep_off(tmp_path: Path) -> None:
    world = NinthWorld(spec().balancer)
    world.cluster.objects[SERVICE]["metadata"]["annotations"] = {"ninth.example/owner": "me"}
    harness = Harness(tmp_path, world, spec())

    assert harness.process().state is State.COMPLETED
    assert (world.share, world.balancer.harm) == (100.0, [])
    key, value = ninth.KEEP_OFF
    patches = [event.data["action"]["patch"] for event in harness.events() if "patch" in event.data.get("action", {})]
    told = [mapping(patch, "metadata", "annotations").get(key, "unsaid") for patch in patches]
    assert [word for word in told if word != "unsaid"] == [
        value,
        value,
        None,
    ]  # Guard, Retire, Confirm
    assert key not in mapping(world.cluster.get(SERVICE), "metadata", "annotations")


def test_its_own_finding_blocks_a_plan_until_it_is_waived_by_its_code() -> None:
    asleep = spec(asleep="yes")
    world = NinthWorld(asleep.balancer)
    accepted = accepting(asleep, [ninth.ASLEEP], ["it wakes by itself"])

    assert [row.code for row in blocking(world.plan(asleep).findings, asleep.waivers)] == [ninth.ASLEEP]
    assert not blocking(world.plan(accepted).findings, accepted.waivers)


def test_its_own_finding_is_shown_in_its_own_words() -> None:
    asleep = spec(asleep="yes")
    (found,) = (row for row in NinthWorld(asleep.balancer).plan(asleep).findings if row.code == ninth.ASLEEP)

    assert (subject(found), problem(found)) == ("balancer ninth-1", "it sleeps until an alarm at 7 h")
    assert (evidence(found), remedy(found)) == ("2 nights in a row", "wake it")


def test_its_words_are_gone_with_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding without words is shown by its code and values, and nothing is raised."""
    monkeypatch.delitem(DRIVERS, ninth.PROVIDER)

    assert render(say(ninth.ASLEEP, until=7)) == "balancer.ninth-asleep until=7"


def plan_file(waive: str = "") -> str:
    value = yaml.safe_load(PLAN.read_text(encoding="utf-8"))
    value["spec"]["loadBalancer"] |= {"provider": ninth.PROVIDER, "endpoint": ENDPOINT, "id": "ninth-1"}
    if waive:
        value["spec"]["waive"] = [{"code": waive, "reason": "it wakes by itself"}]
    return yaml.safe_dump(value)


def test_a_plan_file_may_waive_its_code_while_it_is_registered() -> None:
    assert [waiver.code for waiver in read(plan_file(ninth.ASLEEP)).waivers] == [ninth.ASLEEP]


def test_its_page_its_policy_and_its_rights_in_the_cluster_are_printed(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "ninth.yaml"
    file.write_text(plan_file(), encoding="utf-8")

    said = terminal.call("rbac", str(file)).output
    found = json.loads(terminal.call("rbac", str(file), "--output", "json").output)

    assert "# docs/ninth.md says more of provider ninth." in said
    assert "ninth:Weigh" in said
    assert (found["page"], found["cloud_policy"]) == (
        "docs/ninth.md",
        {"grant": ["ninth:Look", "ninth:Weigh"], "on": "ninth-1"},
    )
    rules = [rule for role in found["roles"] for rule in items(role, "rules")]
    assert any("secrets" in json.dumps(rule) and text(rule, "verbs", 0) == "get" for rule in rules)
