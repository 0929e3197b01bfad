"""A gateway kind is a value: one that migrator does not know is planned for, driven, asked and judged as its profile says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrator.adapters.gateways import CLIENTS, gateways
from migrator.adapters.gateways.envoy import EnvoyReader
from migrator.adapters.metrics.queries import queries
from migrator.adapters.planfile.read import read
from migrator.app.plan import planning
from migrator.app.plan.access import needs
from migrator.domain.gateways import PROFILES, gateway_profile
from migrator.domain.messages.errors import PlanFileInvalid, UsageError
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import PrometheusSpec, Spec
from migrator.domain.model.target import PortMapping
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.proposal import propose
from migrator.domain.steps import Drain
from tests.domain.seen import START
from tests.fakes.fifth_gateway import HAPROXY, haproxies
from tests.fakes.harness import Harness
from tests.fakes.world import FakeWorld, quick
from tests.words import refused
from tests.workflow.conftest import Make

PLAN_FILE = Path(__file__).parents[2] / "plans" / "lab.yaml"
SNIPPET: Manifest = {
    "apiVersion": "haproxy.example/v1",
    "kind": "Snippet",
    "metadata": {"name": "limits", "namespace": "edge"},
}


@pytest.fixture
def fifth() -> Iterator[Spec]:
    """Give a quick spec for gateways of the kind from the outside."""
    spec = quick()
    with haproxies():
        yield replace(spec, gateway=replace(spec.gateway, kind=HAPROXY.kind))


@pytest.fixture
def harness(fifth: Spec, make: Make) -> Harness:
    return make(None, fifth)


def test_a_run_for_a_fifth_gateway_kind_completes_and_loses_nothing(harness: Harness) -> None:
    harness.process()

    assert harness.run.state == "completed"
    assert harness.world.share == 100.0
    assert not harness.world.balancer.harm
    assert [step.tells for step in harness.plan.steps if isinstance(step, Drain)] == [True]


def test_its_own_list_is_read_and_its_own_check_is_run(fifth: Spec) -> None:
    world = FakeWorld()
    world.cluster.add(SNIPPET)

    plan = planning.make_plan(fifth, world.readers, START, "ann")

    (found,) = [finding for finding in plan.findings if finding.code == "haproxy.snippet"]
    assert found.subject == "Snippet edge/limits"
    assert ("list", "haproxy.example/v1", "Snippet", "") in needs(fifth, scaled=False)
    assert ("create", "v1", "pods/exec", "edge") in needs(fifth, scaled=False)


def test_the_general_checks_say_what_its_profile_says(fifth: Spec) -> None:
    target = replace(fifth.target, ports=(PortMapping(8080, 8404),))
    proposal = propose(FakeWorld().look(), replace(fifth, target=target))

    found = {finding.code: finding for finding in preflight(proposal)}

    assert (found["ports.istio-reserved"]["gateway"], found["ports.istio-reserved"]["port"]) == ("HAProxy", 8404)
    assert ("drain", 7.0) in found["termination.no-prestop"]["numbers"].values
    assert '"path": "/up", "port": 8404' in str(found["probes.no-startup"]["patch"])
    assert "derive.listener-moves" in found
    assert not [code for code in found if code.startswith("istio.")]


def test_it_is_asked_by_the_client_and_judged_by_the_metric_that_its_profile_names(fifth: Spec) -> None:
    reader, _ = gateways(fifth, lambda _pod, _port: None)  # type: ignore[arg-type, return-value]
    asked = queries(fifth, PrometheusSpec("http://p"), Side.NEW, 60.0)

    assert isinstance(reader, EnvoyReader)
    assert asked is not None
    assert "haproxy_requests{pod=~" in asked.total


def test_a_plan_file_may_name_it_while_it_is_in_the_table() -> None:
    text = PLAN_FILE.read_text(encoding="utf-8").replace("kind: istio ", "kind: haproxy ")

    with pytest.raises(PlanFileInvalid) as refused:
        read(text)
    assert "given=haproxy" in str(refused.value)
    assert "values=[istio, envoy, contour, nginx, none]" in str(refused.value)
    with haproxies():
        assert read(text).gateway.kind == "haproxy"


def test_a_plan_for_a_kind_that_is_not_known_is_refused_with_those_that_are() -> None:
    spec = quick()

    with refused(UsageError, "gateway.kind-unknown", kind="haproxy", known=tuple(PROFILES)):
        gateway_profile(replace(spec, gateway=replace(spec.gateway, kind="haproxy")), Side.OLD)


@pytest.mark.parametrize("kind", PROFILES)
def test_a_profile_stands_under_its_own_name_and_names_a_client_that_there_is(kind: str) -> None:
    profile = PROFILES[kind]

    assert profile.kind == kind
    assert profile.client in CLIENTS
    assert bool(profile.mute) is (profile.client in {"no-admin", "nginx-metrics"})
    assert profile.containers
