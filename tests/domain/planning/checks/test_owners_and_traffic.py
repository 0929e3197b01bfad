"""Who else writes, how the gateway is exposed, and what the balancer and the judge can see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Health, Target
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.spec import JudgeSpec, LatencySpec, ListenerSpec, PrometheusSpec, ScrapeSpec
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.model.workload import Pod
from migrator.domain.observation.world import Traffic, World
from migrator.domain.planning import advice
from migrator.domain.planning.checks.balancer import exposure, health_checks
from migrator.domain.planning.checks.cluster import ownership
from migrator.domain.planning.checks.judging import data, sources
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HEALTHY, SPEC, codes, deployment, node, service, template, thing, world

ARGO = {"annotations": {"argocd.argoproj.io/tracking-id": "edge:apps/Deployment:gateways/gw"}}
FLUX = {"labels": {"kustomize.toolkit.fluxcd.io/name": "edge", "kustomize.toolkit.fluxcd.io/namespace": "flux-system"}}


def app(**policy: Any) -> Manifest:
    return thing("Application", "edge", {"syncPolicy": policy}, "argocd")


def kustomization(suspend: bool) -> Manifest:
    return thing("Kustomization", "edge", {"suspend": suspend}, "flux-system")


GITOPS = [
    pytest.param(ARGO, [], {"ownership.argo-cd block"}, id="Argo CD, its application unseen"),
    pytest.param(ARGO, [app(automated={})], {"ownership.argo-cd block"}, id="Argo CD that syncs by itself"),
    pytest.param(ARGO, [app()], {"ownership.argo-cd warn"}, id="Argo CD that syncs when told"),
    pytest.param(FLUX, [], {"ownership.flux block"}, id="Flux"),
    pytest.param(FLUX, [kustomization(False)], {"ownership.flux block"}, id="Flux at work"),
    pytest.param(FLUX, [kustomization(True)], set(), id="Flux suspended"),
    pytest.param(
        {**FLUX, "annotations": {"kustomize.toolkit.fluxcd.io/reconcile": "disabled"}},
        [],
        set(),
        id="Flux told to leave it",
    ),
    pytest.param({}, [app(automated={})], set(), id="an application of something else"),
]


@pytest.mark.parametrize(("meta", "others", "found"), GITOPS)
def test_gitops_must_let_go_of_what_the_run_changes(meta: Any, others: list[Manifest], found: set[str]) -> None:
    assert codes(ownership.gitops_lets_go(propose(world(*others, source=deployment(**meta)), SPEC))) == found


def test_helm_and_istioctl_are_named() -> None:
    helm = deployment(labels={"app.kubernetes.io/managed-by": "Helm", "install.operator.istio.io/owning-resource": "x"})

    assert codes(ownership.installers_are_known(propose(world(source=helm), SPEC))) == {
        "ownership.helm warn",
        "ownership.istioctl warn",
    }
    assert not list(ownership.installers_are_known(propose(world(), SPEC)))


def test_an_operator_that_owns_the_deployment_blocks() -> None:
    owned = deployment(ownerReferences=[{"kind": "Gateway", "name": "g", "controller": True}])
    labelled = deployment(labels={"gateway.envoyproxy.io/owning-gateway-name": "g"})

    assert codes(ownership.operators_let_go(propose(world(source=owned), SPEC))) == {"ownership.operator block"}
    assert codes(ownership.operators_let_go(propose(world(source=labelled), SPEC))) == {"ownership.operator block"}
    assert not list(ownership.operators_let_go(propose(world(), SPEC)))


def balanced(**annotations: str) -> World:
    live = service("gw", {"app": "gw"}, type="LoadBalancer")
    live["metadata"] = {**live["metadata"], "annotations": annotations}  # type: ignore[dict-item]
    return world(plain=[live])


TKE = "service.kubernetes.io/tke-existed-lbid"
CLOUDS = [
    pytest.param({TKE: "lb-1"}, {"ownership.cloud-controller block"}, id="TKE with this balancer"),
    pytest.param({TKE: "lb-other"}, {"ownership.cloud-controller warn"}, id="TKE with another balancer"),
    pytest.param(
        {}, {"ownership.cloud-controller block"}, id="a Service that says nothing belongs to the plan's cloud"
    ),
    pytest.param(
        {"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-id": "lb-1"},
        set(),
        id="ACK, which Guard tells to keep off",
    ),
]


@pytest.mark.parametrize(("annotations", "found"), CLOUDS)
def test_a_cloud_controller_that_writes_weights_blocks(annotations: dict[str, str], found: set[str]) -> None:
    assert codes(ownership.controllers_leave_weights(propose(balanced(**annotations), SPEC))) == found
    assert codes(ownership.load_balancer_services(propose(balanced(**annotations), SPEC))) == {
        "ownership.load-balancer-service warn"
    }


def test_a_target_group_binding_of_the_live_service_blocks() -> None:
    ours = thing("TargetGroupBinding", "t", {"serviceRef": {"name": "gw"}})
    other = thing("TargetGroupBinding", "t", {"serviceRef": {"name": "shop"}})

    assert codes(ownership.bindings_are_known(propose(world(ours), SPEC))) == {"ownership.target-group-binding block"}
    assert not list(ownership.bindings_are_known(propose(world(other), SPEC)))


def test_an_ingress_that_fills_the_balancers_rules_blocks_on_layer_7_only() -> None:
    """Its address in a status is no evidence: ingress-nginx publishes the balancer before it."""
    rules = replace(SPEC, balancer=replace(SPEC.balancer, listeners=(ListenerSpec("l-1/loc", 80, layer=7),)))
    ours = thing("Ingress", "web", annotations={"kubernetes.io/ingress.existLbId": "lb-1", "x": "y"})
    other = thing("Ingress", "shop", annotations={"kubernetes.io/ingress.existLbId": "lb-2"})

    (found,) = ownership.ingresses_leave_rules(propose(world(ours, other), rules))
    assert (found.code, found.severity) == ("ownership.ingress", "block")
    assert (found.subject, found["annotations"]) == ("Ingress gateways/web", ("kubernetes.io/ingress.existLbId",))
    assert not list(ownership.ingresses_leave_rules(propose(world(ours), SPEC)))


CHECKS = [
    pytest.param(HEALTHY, {"detection info"}, id="as recommended"),
    pytest.param(replace(HEALTHY, enabled=False), {"no-health-check warn"}, id="switched off"),
    pytest.param(replace(HEALTHY, path=""), {"detection info", "tcp-check warn"}, id="a TCP connect"),
    pytest.param(replace(HEALTHY, interval=10.0, unhealthy=3), {"detection info", "slow-check warn"}, id="slow"),
    pytest.param(
        replace(HEALTHY, port=8080), {"detection info"}, id="a port that the plan moves: the mapped one is declared"
    ),
]


@pytest.mark.parametrize(("check", "found"), CHECKS)
def test_what_a_health_check_can_see_is_said(check: HealthCheck, found: set[str]) -> None:
    assert codes(health_checks.health_checks_work(propose(world(health=(check,)), SPEC))) == {
        f"balancer.{name}" for name in found
    }


def test_listeners_that_are_checked_alike_are_told_of_once() -> None:
    checks = (HEALTHY, replace(HEALTHY, listener="l-2"), replace(HEALTHY, listener="l-3", interval=2.0))
    found = [finding.subject for finding in health_checks.health_checks_work(propose(world(health=checks), SPEC))]

    assert found == [listeners_subject(["l-1", "l-2"]), listeners_subject(["l-3"])]


@pytest.mark.parametrize(
    ("check", "soak", "needed", "found"),
    [
        pytest.param(replace(HEALTHY, port=0), 600.0, 3000, {"check-counted warn"}, id="a tenth and more"),
        pytest.param(replace(HEALTHY, port=0), 600.0, 4000, set(), id="less than a tenth"),
        pytest.param(replace(HEALTHY, port=0), 600.0, 0, {"check-counted warn"}, id="no request is needed"),
        pytest.param(HEALTHY, 600.0, 200, set(), id="on a port that does not count"),
        pytest.param(replace(HEALTHY, port=0, path=""), 600.0, 200, set(), id="a connect is no request"),
        pytest.param(replace(HEALTHY, port=0, enabled=False), 600.0, 200, set(), id="switched off"),
        pytest.param(replace(HEALTHY, port=0, listener="l-2"), 600.0, 200, set(), id="not the plan's listener"),
        pytest.param(None, 600.0, 0, set(), id="not known"),
    ],
)
def test_health_checks_that_fill_a_soak_are_told(
    check: HealthCheck | None, soak: float, needed: int, found: set[str]
) -> None:
    """Three nodes, asked every 5 s for 600 s, are 360 answers."""
    spec = replace(SPEC, traffic=replace(SPEC.traffic, soak=soak, min_requests=needed))
    seen = world(health=(check,) if check else None)

    assert codes(health_checks.checks_are_no_traffic(propose(seen, spec))) == {f"balancer.{name}" for name in found}


def test_advice_names_no_port_where_the_balancer_checks_only_the_backends_own() -> None:
    there, here = (
        next(
            f
            for f in health_checks.health_checks_work(propose(world(health=(check,)), SPEC))
            if f.code == "balancer.tcp-check"
        )
        for check in (replace(HEALTHY, path=""), replace(HEALTHY, path="", own_port=True))
    )

    assert there["ask"] == say("istio.health-target")
    assert here["ask"] == say("check.ask-route")


def test_nothing_is_said_of_health_checks_that_the_driver_does_not_know() -> None:
    assert not list(health_checks.health_checks_work(propose(world(health=None), SPEC)))


def by_node_port(policy: str = "Cluster") -> World:
    ports = [{"port": 80, "targetPort": 8080, "nodePort": 30080}]
    live = service("gw", {"app": "gw"}, type="NodePort", externalTrafficPolicy=policy, ports=ports)
    seen = world(node("old-1", "10.2.0.1"), plain=[live])
    return replace(seen, targets=(Target(Backend("l-1", "10.2.0.1", 30080), 100, Health.HEALTHY),))


def crowded(seen: World) -> World:
    pods: tuple[Pod, ...] = tuple(replace(pod, ref=replace(pod.ref, node="old-1")) for pod in seen.old.pods)
    return replace(seen, old=replace(seen.old, pods=pods))


WAYS = [
    pytest.param(world(), exposure.Exposure.DIRECT, id="pods dialled directly"),
    pytest.param(by_node_port(), exposure.Exposure.NODE_PORT, id="a node port"),
    pytest.param(by_node_port("Local"), exposure.Exposure.LOCAL, id="a local node port"),
    pytest.param(
        world(source=deployment(template(hostNetwork=True))), exposure.Exposure.HOST, id="the node's network already"
    ),
    pytest.param(replace(world(), targets=()), exposure.Exposure.UNKNOWN, id="nothing is dialled"),
]


@pytest.mark.parametrize(("seen", "way"), WAYS)
def test_the_way_of_today_is_told_by_what_the_balancer_dials(seen: World, way: exposure.Exposure) -> None:
    assert exposure.exposure(propose(seen, SPEC)) is way


def test_several_pods_behind_one_node_port_hide_from_the_balancer() -> None:
    several = "exposure.several-per-node warn"

    assert several in codes(exposure.exposed_how(propose(crowded(by_node_port()), SPEC)))
    assert several not in codes(exposure.exposed_how(propose(by_node_port(), SPEC)))
    assert several not in codes(exposure.exposed_how(propose(crowded(world()), SPEC)))


def test_a_node_port_that_no_listener_dials_is_another_way_in() -> None:
    ports = [{"port": 443, "targetPort": 8443, "nodePort": 30443}]
    second = service("second", {"app": "gw"}, type="NodePort", ports=ports)

    assert codes(exposure.other_ways_in(propose(world(second), SPEC))) == {"exposure.other-way-in warn"}
    assert not list(exposure.other_ways_in(propose(by_node_port(), SPEC)))


RATES = [
    pytest.param(Traffic(2000, 2.0), {"judge.traffic info"}, id="plenty"),
    pytest.param(Traffic(60, 20.0), {"judge.soak-extends warn"}, id="enough within maxSoak"),
    pytest.param(Traffic(20, 60.0), {"judge.traffic-too-low warn"}, id="too little"),
    pytest.param(Traffic(0, 1.0), {"judge.soak-extends warn"}, id="none in so short a look that it proves little"),
    pytest.param(None, set(), id="no counter was read twice"),
]


@pytest.mark.parametrize(("rate", "found"), RATES)
def test_the_first_share_must_bring_enough_requests(rate: Traffic | None, found: set[str]) -> None:
    assert codes(data.traffic_is_enough(propose(world(old_rate=rate), SPEC))) == found


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        pytest.param((2.5,), {"judge.latency-edge info"}, id="another edge"),
        pytest.param((1.0, 2.5), {"judge.latency-edge info"}, id="gateways that differ"),
        pytest.param((1.0,), set(), id="the plan's own limit"),
        pytest.param((), set(), id="nobody has measured yet"),
    ],
)
def test_a_limit_that_the_histogram_does_not_know_is_said(edges: tuple[float, ...], found: set[str]) -> None:
    judged = replace(SPEC, judge=JudgeSpec(latency=LatencySpec(1.0)))

    assert codes(sources.latency_is_measured(propose(world(slow_over=edges), judged))) == found
    assert (
        codes(sources.latency_is_measured(propose(world(slow_over=edges), replace(SPEC, judge=JudgeSpec())))) == set()
    )


ALONE = JudgeSpec(scrape=None, prometheus=PrometheusSpec("http://p"))
BESIDE = JudgeSpec(scrape=ScrapeSpec(), prometheus=PrometheusSpec("http://p"))
ANSWERS = [
    pytest.param(ALONE, -1, {"judge.prometheus-silent block"}, id="silent, and the only source"),
    pytest.param(BESIDE, -1, {"judge.prometheus-silent warn"}, id="silent beside the counters"),
    pytest.param(BESIDE, 300, {"judge.prometheus info"}, id="it speaks"),
    pytest.param(JudgeSpec(), None, set(), id="not asked"),
]


@pytest.mark.parametrize(("judge", "said", "found"), ANSWERS)
def test_prometheus_must_speak_of_the_old_side_now(judge: JudgeSpec, said: int | None, found: set[str]) -> None:
    assert codes(data.prometheus_speaks(propose(world(prometheus=said), replace(SPEC, judge=judge)))) == found


def test_what_may_not_be_listed_is_named() -> None:
    assert codes(data.nothing_is_hidden(propose(world(unseen=("Pod",)), SPEC))) == {"permission.blind warn"}
    assert not list(data.nothing_is_hidden(propose(world(), SPEC)))


def test_the_advice_follows_what_was_seen() -> None:
    busy = advice.advise(propose(world(old_rate=Traffic(5000, 1.0)), SPEC))
    scarce = advice.advise(propose(replace(world(), nodes=(Node("n", "10.1.0.1"),)), SPEC))

    assert [row.fits for row in busy] == [False, True, None, False]
    assert [row.fits for row in scarce] == [None, False, None, False]
