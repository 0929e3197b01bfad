"""A container of ours beside the new gateways: only where the plan says so, and never the old side's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.hardening import What
from migrator.domain.hardening.credential import TOKEN, volume
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Capabilities, Scope
from migrator.domain.model.manifests import Json, Manifest, dig
from migrator.domain.model.side.companion import By, CompanionSpec
from migrator.domain.model.spec import After, Spec
from migrator.domain.model.target import Derived
from migrator.domain.planning.checks import CHECKS
from migrator.domain.planning.checks.nodes import ports
from migrator.domain.planning.checks.workloads import beside, termination
from migrator.domain.planning.proposal import Proposal, propose
from tests.domain.planning.checks.ground import HOST_PORT, SPEC, codes, deployment, pod, template, world

OURS: Manifest = {
    "name": "migrator-farewell",
    "args": ["farewell", "--port", "8080", "--lease", "gateways/migrator-gw"],
}
HOOK: Manifest = {"httpGet": {"path": "/leave", "port": 15099}}


def wanting(by: By | None, spec: Spec = SPEC, harden: bool = True) -> Spec:
    assert isinstance(spec.target, Derived)
    companion = CompanionSpec("registry.example.com/migrator:1", by) if by else None
    return replace(spec, target=replace(spec.target, harden=harden, companion=companion))


def of_one_that_has_it(spec: Spec) -> Proposal:
    """Propose for a source that has the container, its hook and its token."""
    made = template()
    pod: Any = made["spec"]
    pod["containers"] = [{**pod["containers"][0], "lifecycle": {"preStop": HOOK}}, OURS]
    pod["volumes"] = [volume(), {"name": "other"}]
    return propose(world(source=deployment(made)), spec)


def names(proposal: Proposal, of: str = "containers") -> list[str]:
    rows: Any = dig(proposal.workload, "spec", "template", "spec", of) or []
    return [row["name"] for row in rows]


def hook(proposal: Proposal) -> Json:
    rows: Any = proposal.new_pod["containers"]
    return dig(rows[0], "lifecycle", "preStop")


def test_it_stands_beside_the_new_gateway_where_the_plan_says_so() -> None:
    proposal = propose(world(), wanting(By.BALANCER))
    made: Any = proposal.new_pod["containers"]

    assert names(proposal) == ["istio-proxy", "migrator-farewell"]
    assert names(proposal, "volumes") == [TOKEN]
    assert "--lease gateways/migrator-gw --port 18080" in " ".join(made[1]["args"])
    assert hook(proposal) == {"httpGet": {"path": "/leave", "port": 15099, "host": "127.0.0.1"}}
    assert What.COMPANION in {measure.what for measure in proposal.new.hardened}


def test_behind_a_host_port_it_knows_the_rows_of_the_nodes_port() -> None:
    made: Any = propose(world(), wanting(By.BALANCER, HOST_PORT)).new_pod["containers"]

    assert "--port 18080" in " ".join(made[1]["args"])


@pytest.mark.parametrize("harden", [True, False])
def test_the_old_sides_own_is_left_behind_with_its_hook_and_its_token(harden: bool) -> None:
    proposal = of_one_that_has_it(wanting(None, harden=harden))

    assert names(proposal) == ["istio-proxy"]
    assert names(proposal, "volumes") == ["other"]
    assert hook(proposal) is None
    assert say("derived.farewell") in [row.reason for row in proposal.new.differences]


def test_hooks_of_others_stay_as_they_are() -> None:
    made = template()
    pod: Any = made["spec"]
    begins, theirs = {"exec": {"command": ["/begin"]}}, {"preStop": {"exec": {"command": ["/end"]}}}
    gateway = {**pod["containers"][0], "lifecycle": {"preStop": HOOK, "postStart": begins}}
    pod["containers"] = [gateway, {"name": "log", "image": "log:1", "lifecycle": theirs}, OURS]

    rows: Any = propose(world(source=deployment(made)), wanting(None, harden=False)).new_pod["containers"]

    assert [row.get("lifecycle") for row in rows] == [{"postStart": begins}, theirs]


def test_a_new_one_takes_the_place_of_the_old_sides_own() -> None:
    proposal = of_one_that_has_it(wanting(By.FOLLOWER))
    made: Any = proposal.new_pod["containers"]

    assert names(proposal) == ["istio-proxy", "migrator-farewell"]
    assert "--follower" in made[1]["args"]
    assert "--port" not in made[1]["args"]


def test_no_side_of_such_a_plan_raises_itself() -> None:
    assert list(termination.nobody_raises_itself(of_one_that_has_it(wanting(By.BALANCER)))) == []


@pytest.mark.parametrize(
    ("spec", "can", "found"),
    [
        pytest.param(wanting(None), Capabilities(), set(), id="none is wanted"),
        pytest.param(wanting(By.BALANCER), Capabilities(), {"termination.companion info"}, id="by the balancer"),
        pytest.param(
            wanting(By.BALANCER),
            Capabilities(weights_of=Scope.POOL),
            {"termination.companion info", "termination.companion-no-weight block"},
            id="by the balancer, whose weights are groups'",
        ),
        pytest.param(
            wanting(By.BALANCER),
            Capabilities(controlled=True),
            {"termination.companion info", "termination.companion-no-weight block"},
            id="by the balancer, whose weights are a controller's",
        ),
        pytest.param(
            replace(wanting(By.FOLLOWER), after=After.MIGRATOR),
            Capabilities(),
            {"termination.companion info"},
            id="by the follower",
        ),
        pytest.param(
            wanting(By.FOLLOWER),
            Capabilities(),
            {"termination.companion info", "termination.companion-no-follower warn"},
            id="by a follower that is nowhere",
        ),
    ],
)
def test_the_plan_says_what_it_needs(spec: Spec, can: Capabilities, found: set[str]) -> None:
    said = list(beside.companion_has_what_it_needs(propose(replace(world(), capabilities=can), spec)))

    assert codes(said) == found


def test_it_is_told_whose_right_it_is() -> None:
    [told] = beside.companion_has_what_it_needs(propose(world(), wanting(By.BALANCER)))

    assert (told["secret"], told["namespace"], told["lease"], told["account"]) == (
        "migrator-farewell",
        "gateways",
        "gateways/migrator-gw",
        "default",
    )
    assert beside.companion_has_what_it_needs in CHECKS


def test_of_a_source_that_is_not_there_nothing_is_told() -> None:
    assert list(beside.companion_has_what_it_needs(propose(replace(world(), source=None), wanting(By.BALANCER)))) == []


def beside_another(**more: Any) -> Manifest:
    return pod("p", {}, "other", "DaemonSet", "node-1", hostNetwork=True, containers=[{"name": "g"}, OURS], **more)


@pytest.mark.parametrize(
    ("spec", "there", "found"),
    [
        pytest.param(wanting(By.FOLLOWER), beside_another(), {"ports.companion-taken block"}, id="one beside another"),
        pytest.param(wanting(None), beside_another(), set(), id="no second one"),
        pytest.param(
            wanting(By.BALANCER), {**beside_another(), "status": {"phase": "Failed"}}, set(), id="one that ended"
        ),
        pytest.param(wanting(By.BALANCER, HOST_PORT), beside_another(), set(), id="a pod of its own network"),
        pytest.param(
            wanting(By.BALANCER),
            pod("p", {}, "other", "DaemonSet", "node-1", containers=[{"name": "g"}, OURS]),
            set(),
            id="another in its own network",
        ),
    ],
)
def test_two_on_one_node_would_need_the_same_port(spec: Spec, there: Manifest, found: set[str]) -> None:
    assert codes(ports.port_beside_is_free(propose(world(there), spec))) == found
    assert ports.port_beside_is_free in CHECKS


def test_of_a_source_that_is_not_there_no_port_is_asked() -> None:
    assert list(ports.port_beside_is_free(propose(replace(world(), source=None), wanting(By.BALANCER)))) == []
