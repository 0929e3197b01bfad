"""Who else writes, how the gateway is exposed, and what the balancer and the judge can see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.balancers.monitoring import MonitoringLook
from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.gateways.nginx import classes_are_counted
from migrator.domain.messages.findings import Severity
from migrator.domain.messages.message import say
from migrator.domain.model.answers import AnswersSpec
from migrator.domain.model.balancer import Backend, Health, Side, Target
from migrator.domain.model.manifests import Json, Manifest
from migrator.domain.model.outside.warned import LogLook, Trouble, Warned
from migrator.domain.model.spec import (
    After,
    GatewaySpec,
    JudgeSpec,
    LatencySpec,
    ListenerSpec,
    PrometheusSpec,
    QuerySpec,
    ScrapeSpec,
)
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.model.workload import Pod
from migrator.domain.observation.world import Traffic, World
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.checks.balancer import exposure, health_checks
from migrator.domain.planning.checks.cluster import ownership
from migrator.domain.planning.checks.judging import data, logs, sources
from migrator.domain.planning.checks.workloads import sides
from migrator.domain.planning.proposal import propose
from migrator.domain.steps import Confirm
from migrator.wording import remedy
from tests.domain.planning.checks.ground import (
    HEALTHY,
    NEW,
    SPEC,
    codes,
    deployment,
    node,
    service,
    template,
    thing,
    with_container,
    world,
)
from tests.domain.planning.checks.test_fuzz import AT

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


OPERATED = [
    pytest.param({"gateway.envoyproxy.io/owning-gatewayclass": "eg"}, [], "envoy-gateway", id="merged Gateways"),
    pytest.param(
        {"gateway.envoyproxy.io/owning-gatewayclass": "eg"},
        [{"kind": "GatewayClass", "name": "eg"}],
        "envoy-gateway",
        id="merged Gateways, with an owner that is no controller",
    ),
    pytest.param({"gateway.envoyproxy.io/owning-gateway-name": "g"}, [], "envoy-gateway", id="one Gateway"),
    pytest.param({"projectcontour.io/owning-gateway-name": "g"}, [], "contour", id="Contour's provisioner"),
    pytest.param({"gateway.networking.k8s.io/gateway-name": "g"}, [], "gateway-api", id="another controller"),
    pytest.param({}, [{"kind": "IngressController", "name": "i"}], "unknown", id="an owner that nobody knows"),
]


@pytest.mark.parametrize(("labels", "owners", "setting"), OPERATED)
def test_no_operator_is_told_to_replace_a_gateway_that_serves(labels: Any, owners: Any, setting: str) -> None:
    """Envoy Gateway deletes the Deployment before it makes the DaemonSet: the advice must be the way that loses nothing."""
    made = deployment(labels=labels, ownerReferences=owners)

    (found,) = ownership.operators_let_go(propose(world(source=made), SPEC))

    assert found.code == "ownership.operator"
    assert getattr(found["setting"], "code", None) == f"operator.{setting}-setting"
    said = remedy(found)
    assert "in steps" in said
    assert "last" in said
    assert not said.startswith("set ")


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


def test_every_other_way_in_is_one_finding_and_a_balancers_own_node_ports_are_for_the_record() -> None:
    ports = [{"port": 80, "targetPort": 8080, "nodePort": at} for at in (30099, 30098)]
    led = [
        service(name, type=kind, ports=[port])
        for name, kind, port in zip(("a", "b"), ("LoadBalancer", "NodePort"), ports, strict=True)
    ]
    (both,) = exposure.other_ways_in(propose(world(plain=led), SPEC))
    (alone,) = exposure.other_ways_in(propose(world(plain=led[:1]), SPEC))

    assert (both.severity, both["ports"]) == (Severity.WARN, ("gateways/a 30099", "gateways/b 30098"))
    assert (alone.severity, alone["types"]) == (Severity.INFO, ("LoadBalancer",))


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
    ("soak", "window", "found"),
    [
        pytest.param(600.0, 10.0, set(), id="a long soak"),
        pytest.param(10.0, 10.0, {"judge.latency-late warn"}, id="a soak of two flushes"),
        pytest.param(600.0, 5.0, {"judge.latency-window info"}, id="a window shorter than two flushes"),
        pytest.param(3.0, 5.0, {"judge.latency-late warn", "judge.latency-window info"}, id="both"),
    ],
)
def test_a_soak_must_be_longer_than_two_flushes_of_the_histograms(soak: float, window: float, found: set[str]) -> None:
    judged = JudgeSpec(ScrapeSpec(window=window), latency=LatencySpec(1.0))
    spec = replace(SPEC, judge=judged, traffic=replace(SPEC.traffic, soak=soak))

    assert codes(sources.latency_is_in_time(propose(world(), spec))) == found
    assert codes(sources.latency_is_in_time(propose(world(), replace(spec, judge=JudgeSpec())))) == set()
    alone = replace(spec, judge=replace(judged, scrape=None))
    assert codes(sources.latency_is_in_time(propose(world(), alone))) == set()


def test_a_latency_limit_that_no_gateway_measures_is_told() -> None:
    judged = replace(SPEC, judge=JudgeSpec(latency=LatencySpec(1.0)))
    silent = world(old_rate=Traffic(100, 10.0), slow_over=())

    assert codes(sources.latency_is_measured(propose(silent, judged))) == {"judge.latency-unmeasured warn"}
    assert codes(sources.latency_is_measured(propose(replace(silent, old_rate=None), judged))) == set()
    unscraped = replace(judged, judge=replace(judged.judge, scrape=None))
    assert codes(sources.latency_is_measured(propose(silent, unscraped))) == set()


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


@pytest.mark.parametrize(("judge", "severity"), [(ALONE, "block"), (BESIDE, "warn")], ids=["alone", "beside"])
def test_a_prometheus_that_does_not_accept_us_is_told_with_what_that_means(judge: JudgeSpec, severity: str) -> None:
    (found,) = data.prometheus_speaks(propose(world(prometheus=-1, prometheus_denied=401), replace(SPEC, judge=judge)))

    assert (found.code, found.severity) == ("judge.prometheus-denied", severity)


def test_what_the_plans_own_queries_say_now_is_told() -> None:
    queries = tuple(QuerySpec(name, "q", 1.0, side=side) for name, side in (("a", "new"), ("b", "old"), ("c", "new")))
    judge = JudgeSpec(prometheus=PrometheusSpec("http://p", queries=queries))
    numbers = (("a", None, False), ("b", None, False), ("c", 0.5, False), ("d", None, True))
    found = data.queries_speak(propose(world(prometheus_numbers=numbers), replace(SPEC, judge=judge)))

    assert [f"{each.code} {each.severity} {each.subject}" for each in found] == [
        "judge.query-silent warn spec.judge.prometheus.queries.b",
        "judge.query info spec.judge.prometheus.queries.c",
        "judge.query-refused block spec.judge.prometheus.queries.d",
    ]
    assert not list(data.queries_speak(propose(world(), SPEC)))


@pytest.mark.parametrize(
    ("kind", "silent", "judge", "found"),
    [
        pytest.param("nginx", False, JudgeSpec(), set(), id="nginx counts"),
        pytest.param("nginx", True, JudgeSpec(), {"judge.blind block"}, id="nginx has it off"),
        pytest.param("nginx", True, BESIDE, set(), id="nginx has it off, beside a Prometheus"),
        pytest.param("none", False, JudgeSpec(), {"judge.blind block"}, id="a kind that never counts"),
        pytest.param("istio", True, BESIDE, {"judge.gateway-silent block"}, id="a kind that always counts"),
    ],
)
def test_somebody_must_count(kind: str, silent: bool, judge: JudgeSpec, found: set[str]) -> None:
    off = (("gw-1", say("gateway.status", asked="/metrics", status=404)),)
    look = world(silent=off) if silent else world(old_rate=Traffic(100, 5.0))
    spec = replace(SPEC, judge=judge, gateway=replace(SPEC.gateway, kind=kind))

    assert codes(sources.judge_can_see(propose(look, spec))) == found


def test_what_may_not_be_listed_is_named() -> None:
    assert codes(data.nothing_is_hidden(propose(world(unseen=("Pod",)), SPEC))) == {"permission.blind warn"}
    assert not list(data.nothing_is_hidden(propose(world(), SPEC)))


def test_a_service_that_has_the_targets_name_already_blocks_unless_it_is_ours() -> None:
    theirs = service(NEW, {"app": "x"})
    ours = {**theirs, "metadata": {**theirs["metadata"], "labels": {"app.kubernetes.io/managed-by": "migrator"}}}  # type: ignore[dict-item]
    elsewhere = {**theirs, "metadata": {**theirs["metadata"], "namespace": "other"}}  # type: ignore[dict-item]
    envoy = replace(SPEC, gateway=GatewaySpec("envoy"))

    assert codes(sides.own_service_is_free(propose(world(theirs), SPEC))) == {"target.service-taken block"}
    assert not list(sides.own_service_is_free(propose(world(ours), SPEC)))
    assert not list(sides.own_service_is_free(propose(world(elsewhere), SPEC)))
    assert not list(sides.own_service_is_free(propose(world(theirs), envoy)))


ACK = "service.beta.kubernetes.io/alibaba-cloud-loadbalancer-"
DRAINING = {f"{ACK}id": "lb-1", f"{ACK}connection-drain": "on"}


@pytest.mark.parametrize(
    ("annotations", "after", "found"),
    [
        pytest.param(DRAINING, After.CONTROLLER, [("ownership.draining-stops", "")], id="until the end"),
        pytest.param(DRAINING, After.MIGRATOR, [("ownership.draining-stops", "stays")], id="for good"),
        pytest.param({**DRAINING, f"{ACK}connection-drain": "off"}, After.MANUAL, [], id="it does not drain"),
        pytest.param({**DRAINING, f"{ACK}ignore-weight-update": "on"}, After.MANUAL, [], id="it keeps off already"),
        pytest.param({TKE: "lb-1"}, After.MANUAL, [], id="nobody can tell it"),
    ],
)
def test_a_controller_that_drains_ending_pods_and_will_not_is_told(
    annotations: dict[str, str], after: After, found: list[tuple[str, str]]
) -> None:
    told = list(ownership.draining_stops(propose(balanced(**annotations), replace(SPEC, after=after))))

    assert [(f.code, f.variant) for f in told] == found
    assert [f["drains"] for f in told] == [(f"{ACK}connection-drain=on",)] * len(found)


@pytest.mark.parametrize(("after", "undone"), [(After.CONTROLLER, True), (After.MANUAL, True), (After.MIGRATOR, False)])
def test_what_keeps_a_controller_off_is_undone_at_the_end_unless_a_follower_goes_on(after: After, undone: bool) -> None:
    spec = replace(SPEC, after=after)
    plan = planning.make(propose(balanced(**DRAINING), spec), AT, "ann", lambda _: "d" * 64)
    confirm = next(step for step in plan.steps if isinstance(step, Confirm))
    given_back = [change for change in confirm.restore if change.why.code == "change.weights-given-back"]

    patch = {"metadata": {"annotations": {f"{ACK}ignore-weight-update": None}}}
    assert [change.patch for change in given_back] == ([patch] if undone else [])


@pytest.mark.parametrize(
    ("most", "found"),
    [(2000, set()), (5, {"answers.most-small warn"}), (None, set())],
    ids=["enough", "too few", "nothing is asked"],
)
def test_a_bound_that_is_used_up_before_the_last_comparison_is_told(most: int | None, found: set[str]) -> None:
    spec = replace(SPEC, answers=AnswersSpec(most=most) if most is not None else None)

    assert codes(sources.answers_have_requests(propose(world(), spec))) == found


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["--enable-metrics=false"], {"nginx.metrics-off warn"}),
        (["--enable-metrics=true"], set()),
        ([], set()),
    ],
)
def test_a_controller_that_is_told_to_count_nothing_is_found(args: list[Json], found: set[str]) -> None:
    seen = world(source=deployment(with_container(args=args)))

    assert codes(classes_are_counted(propose(seen, replace(SPEC, gateway=GatewaySpec("nginx"))))) == found


@pytest.mark.parametrize(
    ("kind", "manager", "found"),
    [
        pytest.param("envoy", "contour", {"envoy.takes-no-orders block"}, id="Contour's pods as Envoys"),
        pytest.param("envoy", "envoy-gateway", set(), id="Envoy Gateway's"),
        pytest.param("contour", "contour", set(), id="Contour's pods as what they are"),
    ],
)
def test_an_admin_port_that_only_answers_reads_is_told_before_the_drain_needs_it(
    kind: str, manager: str, found: set[str]
) -> None:
    stopped: Json = {"preStop": {"exec": {"command": [manager, "envoy", "shutdown"]}}}
    planned = propose(
        world(source=deployment(with_container(lifecycle=stopped))), replace(SPEC, gateway=GatewaySpec(kind))
    )
    own = [check for check, _ in planned.gateways.old.checks]

    assert {code for check in own for code in codes(check(planned))} == found


@pytest.mark.parametrize(
    ("look", "said"),
    [
        pytest.param(None, [], id="no judge"),
        pytest.param(MonitoringLook(34), ["judge.balancer-read info"], id="read"),
        pytest.param(MonitoringLook(0), ["judge.balancer-no-figures warn"], id="nothing there"),
        pytest.param(MonitoringLook(0, say("x.silent")), ["judge.balancer-unread warn"], id="silent"),
        pytest.param(MonitoringLook(0, say("x.no"), refused=True), ["judge.balancer-refused block"], id="refused"),
    ],
)
def test_a_clouds_monitoring_that_is_a_judge_must_be_readable(look: MonitoringLook | None, said: list[str]) -> None:
    found = data.monitoring_speaks(propose(world(monitoring=look), SPEC))

    assert [f"{each.code} {each.severity}" for each in found] == said


def test_logs_that_a_plan_does_not_read_say_nothing_and_those_it_reads_do() -> None:
    rejected = Warned(Trouble.REJECTED, "edge/new-0", "new-0", Side.NEW)

    assert [*logs.logs_are_quiet(propose(world(), SPEC))] == []
    assert [
        f"{each.code} {each.severity}"
        for each in logs.logs_are_quiet(propose(world(logs=LogLook(60.0, 1, (rejected,))), SPEC))
    ] == ["logs.rejected block", "logs.read info"]
