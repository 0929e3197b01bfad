"""A derived DaemonSet that is safe from its first rolling update: what it lacks is added, what somebody decided is left."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.hardening import What
from migrator.domain.model.manifests import Json, dig, items, mapping
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived, Kept, Network
from migrator.domain.planning.checks.workloads import probes, termination
from migrator.domain.planning.derive.hardening import speaks_of
from migrator.domain.planning.proposal import Proposal, propose
from tests.domain.planning.checks.ground import SPEC, codes, deployment, template, with_container, world

BARE = with_container(lifecycle=None, startupProbe=None)
CONFIG = "proxy.istio.io/config"


def hardening(network: Network = Network.HOST, patch: Json = None) -> Spec:
    assert isinstance(SPEC.target, Derived)
    return replace(SPEC, target=replace(SPEC.target, harden=True, network=network, patch=patch))


def made(spec: Spec, pod: Any = None) -> Proposal:
    mounts = [{"name": "podinfo", "mountPath": "/etc/istio/pod"}]
    source = pod or with_container(lifecycle=None, startupProbe=None, volumeMounts=mounts)
    return propose(world(source=deployment(source)), spec)


def container(proposal: Proposal) -> Any:
    return items(proposal.new_pod, "containers")[0]


def test_the_daemonset_is_given_what_it_lacks() -> None:
    proposal = made(hardening())

    notes = dig(proposal.workload, "spec", "template", "metadata", "annotations")
    assert notes == {CONFIG: "terminationDrainDuration: 20s\n"}
    assert container(proposal)["startupProbe"]["tcpSocket"] == {"port": 18080}
    assert dig(proposal.workload, "spec", "minReadySeconds") == 15
    assert mapping(proposal.workload, "spec", "updateStrategy") == {"type": "OnDelete"}


def test_every_difference_has_its_numbers_and_its_reason() -> None:
    proposal = made(hardening())
    reasons = {row.path: row.reason for row in proposal.new.differences if row.reason.code == "derived.hardened"}

    assert "spec.minReadySeconds" in reasons
    assert any(path.startswith("spec.template.metadata.annotations") for path in reasons)


def test_the_checks_find_nothing_short_any_more_and_tell_what_was_added() -> None:
    proposal = made(hardening())

    assert codes(termination.pods_end_in_time(proposal)) == {"termination.numbers info", "termination.hardened info"}
    assert codes(probes.probes_are_there(proposal)) == set()


def test_a_plan_of_before_is_derived_as_it_was() -> None:
    proposal = made(SPEC)

    assert proposal.new.hardened == ()
    assert "startupProbe" not in container(proposal)
    assert codes(termination.pods_end_in_time(proposal)) == {"termination.numbers info", "termination.no-prestop warn"}


def test_behind_a_host_port_the_pods_own_port_is_asked_for() -> None:
    assert container(made(hardening(Network.HOST_PORT)))["startupProbe"]["tcpSocket"] == {"port": 8080}


def test_a_sound_template_is_given_only_what_is_missing() -> None:
    proposal = made(hardening(), template())

    assert {measure.what for measure in proposal.new.hardened} == {What.DRAIN, What.MIN_READY}


def test_a_grace_that_is_too_short_is_raised_and_told() -> None:
    source: Any = with_container(lifecycle=None)
    source["spec"]["terminationGracePeriodSeconds"] = 10

    proposal = made(hardening(), source)
    (found,) = [row for row in termination.pods_end_in_time(proposal) if row.code == "termination.hardened"]

    assert proposal.new_pod["terminationGracePeriodSeconds"] == 25
    changes: Any = found["changes"]
    assert ("terminationGracePeriodSeconds", "10", "25") in [(row["place"], row["was"], row["now"]) for row in changes]


def test_what_the_plans_patch_says_is_left_alone_and_found_too_short() -> None:
    patch: Json = {"spec": {"template": {"spec": {"terminationGracePeriodSeconds": 7}}}}

    proposal = made(hardening(patch=patch))

    assert proposal.new_pod["terminationGracePeriodSeconds"] == 7
    assert "termination.grace-short warn" in codes(termination.pods_end_in_time(proposal))


def test_a_probe_of_the_plans_patch_is_not_given_a_second_handler() -> None:
    asked: Json = {"httpGet": {"path": "/x", "port": 1}}
    rows: Json = [{"name": "istio-proxy", "startupProbe": asked}]
    proposal = made(hardening(patch={"spec": {"template": {"spec": {"containers": rows}}}}))

    assert container(proposal)["startupProbe"] == asked


def test_a_slower_balancer_makes_a_longer_drain() -> None:
    slow = (HealthCheck("l-1", interval=10.0, unhealthy=3, path="/healthz/ready"),)

    proposal = propose(world(source=deployment(BARE), health=slow), hardening())

    assert {row.what: row.now for row in proposal.new.hardened}[What.DRAIN] == "40s"


PATCHES = [
    pytest.param({"spec": {"a": 1}}, {"spec": {"b": 1}}, False, id="another key"),
    pytest.param({"spec": {"a": 1}}, {"spec": {"a": 2}}, True, id="the same key"),
    pytest.param({"spec": None}, {"spec": {"a": 2}}, True, id="the whole taken away"),
    pytest.param({"c": [{"name": "x", "a": 1}]}, {"c": [{"name": "x", "a": 2}]}, True, id="the same container"),
    pytest.param({"c": [{"name": "y", "a": 1}]}, {"c": [{"name": "x", "a": 2}]}, False, id="another container"),
    pytest.param({"c": [{"name": "x", "b": 1}]}, {"c": [{"name": "x", "a": 2}]}, False, id="its other key"),
]


@pytest.mark.parametrize(("own", "ours", "speaks"), PATCHES)
def test_a_patch_speaks_of_what_it_names(own: Json, ours: Json, speaks: bool) -> None:
    assert speaks_of(own, ours) is speaks


def test_a_workload_that_returns_is_as_it_was_kept() -> None:
    assert Kept.harden.fget(None) is False  # type: ignore[attr-defined]  # a property
