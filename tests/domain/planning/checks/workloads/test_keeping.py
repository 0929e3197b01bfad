"""A plan that wants the worst gateway kept says which labels it loses, or is refused with every reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrator.domain.model.manifests import mapping
from migrator.domain.model.spec import ClusterSpec, OnBreach, Spec
from migrator.domain.model.target import Existing
from migrator.domain.planning.checks.workloads.keeping import breach_can_be_kept
from migrator.domain.planning.isolating.keeping import aside, in_the_way
from migrator.domain.planning.make_plan import permissions
from migrator.domain.planning.proposal import Proposal, propose
from tests.domain.planning.checks.ground import SPEC, world

KEEPING = replace(SPEC, on_breach=OnBreach.ISOLATE)


def proposed(spec: Spec = KEEPING) -> Proposal:
    return propose(world(), spec)


def codes_of(proposal: Proposal) -> list[str]:
    return [reason.code for reason in in_the_way(proposal)]


def test_the_plan_names_the_labels_that_the_gateway_loses() -> None:
    (found,) = breach_can_be_kept(proposed())

    assert (found.code, found.subject) == ("breach.kept", "spec.onBreach")
    assert aside(proposed())
    assert set(aside(proposed())) <= proposed().new_labels.keys()
    assert dict(found.values)["labels"] == aside(proposed())


def test_without_the_key_nothing_is_said_or_asked_for() -> None:
    assert list(breach_can_be_kept(proposed(SPEC))) == []
    assert aside(proposed(SPEC)) == ()
    driver = world().driver
    more = set(permissions(KEEPING, driver)) - set(permissions(SPEC, driver))
    assert {(verb, kind) for verb, _, kind, _ in more} == {("patch", "Pod")}


def test_a_workload_of_somebody_else_stays_and_so_nobody_is_kept() -> None:
    standing = replace(KEEPING, target=Existing("gw-ds", "DaemonSet"))
    assert "keep.existing" in codes_of(proposed(standing))
    assert aside(proposed(standing)) == ()


@pytest.mark.parametrize(
    ("proposal", "reason"),
    [
        pytest.param(
            replace(proposed(), spec=replace(KEEPING, second=ClusterSpec("edge", "there"))),
            "keep.two-clusters",
            id="two clusters",
        ),
        pytest.param(
            proposed().knowing(replace(world(), capabilities=replace(world().capabilities, controlled=True))),
            "keep.controlled",
            id="a controller registers pods",
        ),
    ],
)
def test_where_isolation_would_be_refused_the_plan_is_refused_with_the_reason(proposal: Proposal, reason: str) -> None:
    (found,) = breach_can_be_kept(proposal)

    assert found.code == "breach.not-kept"
    assert reason in codes_of(proposal)
    assert isinstance(dict(found.values)["reasons"], tuple)


def with_pod(**changed: object) -> Proposal:
    proposal = proposed()
    made = dict(proposal.workload)
    spec = mapping(made, "spec")
    template = mapping(spec, "template")
    pod = {**mapping(template, "spec"), **changed}
    made["spec"] = {**spec, "template": {**template, "spec": pod}}  # type: ignore[dict-item]  # JSON
    return replace(proposal, new=replace(proposal.new, manifest=made))


def test_pods_on_their_nodes_network_have_to_declare_their_ports() -> None:
    silent = with_pod(hostNetwork=True, containers=[{"name": "gw"}])

    assert codes_of(silent) == ["keep.ports-undeclared"]


def test_a_container_that_raises_its_own_row_is_not_left_running() -> None:
    env = [{"name": "MIGRATOR_FAREWELL_BALANCER", "value": "x"}]
    ports = [{"containerPort": 80, "hostPort": 80}]
    raising = with_pod(containers=[{"name": "migrator-farewell", "env": env, "ports": ports}])

    assert codes_of(raising) == ["keep.raises-itself"]


def test_a_pod_that_is_chosen_without_any_label_is_not_kept() -> None:
    proposal = proposed()
    everything = {**proposal.workload, "spec": {**mapping(proposal.workload, "spec"), "selector": {}}}
    chosen = replace(proposal, new=replace(proposal.new, manifest=everything))  # type: ignore[arg-type]  # JSON

    assert codes_of(chosen) == ["keep.chosen-anyway"]
    assert aside(chosen) == ()


def test_nothing_is_worked_out_without_a_source() -> None:
    nothing = propose(replace(world(), source=None), KEEPING)

    assert codes_of(nothing) == []
    assert list(breach_can_be_kept(nothing)) == []
