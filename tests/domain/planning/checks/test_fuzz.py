"""No check raises, whatever a cluster answers: objects lose fields, or hold nulls and values of another type anywhere."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.app.plan.digest import digest
from migrator.domain.gateways import PROFILES
from migrator.domain.model.manifests import Manifest
from migrator.domain.observation.world import World
from migrator.domain.planning import make_plan as planning
from migrator.domain.planning.advice import advise
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.port_conflicts import ways_out
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import (
    HASH,
    HOST_PORT,
    OLD,
    SHARED,
    SPACE,
    SPEC,
    deployment,
    node,
    pod,
    service,
    thing,
    world,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
MATCH = {"matchLabels": dict(SHARED)}
ISTIO = "networking.istio.io/v1"
PATCH = {
    "applyTo": "LISTENER",
    "match": {"listener": {"portNumber": 8080}},
    "patch": {"operation": "MERGE", "value": {}},
}
RULE = {"from": [{"source": {"ipBlocks": ["10.0.0.0/8"]}}], "to": [{"operation": {"ports": ["8080"]}}]}
PEER = {"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}, {"podSelector": MATCH, "namespaceSelector": {}}]}
PORTS = [{"port": 80, "targetPort": 8080, "nodePort": 30080}]
CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}}


def objects() -> list[Manifest]:
    """Give one of everything that the checks read."""
    scaled = {"scaleTargetRef": {"kind": "Deployment", "name": OLD}}
    return [
        deployment(),
        node("old-1", "10.2.0.1", spec={"taints": [{"key": "a", "value": "b", "effect": "NoSchedule"}]}),
        service("gw", type="LoadBalancer", ports=PORTS, externalTrafficPolicy="Local"),
        pod(
            f"{OLD}-{HASH}-1",
            dict(SHARED),
            f"{OLD}-{HASH}",
            containers=[{"name": "c", "image": "i", "ports": [{"hostPort": 80}]}],
        ),
        pod("stray", dict(SHARED)),
        thing(
            "Namespace", SPACE, space="", labels={"pod-security.kubernetes.io/enforce": "baseline", "istio.io/rev": "x"}
        ),
        thing("PodDisruptionBudget", "pdb", {"selector": MATCH, "minAvailable": "50%"}, api="policy/v1"),
        thing("HorizontalPodAutoscaler", "hpa", {**scaled, "maxReplicas": 9, "metrics": [CPU]}, api="autoscaling/v2"),
        thing("ScaledObject", "so", {**scaled, "minReplicaCount": 1}, api="keda.sh/v1alpha1"),
        thing("NetworkPolicy", "np", {"podSelector": MATCH, "ingress": [PEER]}, api="networking.k8s.io/v1"),
        thing("PodMonitor", "pm", {"selector": MATCH}, api="monitoring.coreos.com/v1"),
        thing("ServiceMonitor", "sm", {"selector": MATCH}, api="monitoring.coreos.com/v1"),
        thing(
            "Gateway",
            "public",
            {"selector": {"istio": "ingressgateway"}, "servers": [{"port": {"number": 80}}]},
            api=ISTIO,
        ),
        thing("VirtualService", "vs", {"gateways": ["public"], "hosts": ["a"]}, api=ISTIO),
        thing("EnvoyFilter", "ef", {"workloadSelector": {"labels": SHARED}, "configPatches": [PATCH]}, api=ISTIO),
        thing("AuthorizationPolicy", "ap", {"selector": MATCH, "rules": [RULE]}, api="security.istio.io/v1"),
        thing("PeerAuthentication", "pa", {"portLevelMtls": {"8080": {"mode": "STRICT"}}}, api="security.istio.io/v1"),
        thing("Sidecar", "sc", {"workloadSelector": {"labels": SHARED}}, api=ISTIO),
        thing("DaemonSet", "other", {"selector": MATCH}, api="apps/v1"),
        thing("Application", "app", {"destination": {"namespace": SPACE}}, api="argoproj.io/v1alpha1"),
        thing("TargetGroupBinding", "tgb", {"serviceRef": {"name": "gw"}}, api="elbv2.k8s.aws/v1beta1"),
        {**thing("ConfigMap", "istio", space="istio-system"), "data": {"mesh": "rootNamespace: x"}},
    ]


SOUND = objects()


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Give the way to every value below `value`."""
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in rows:
        yield (*at, key)
        yield from paths(inner, (*at, key))


EVERY = [(index, path) for index, made in enumerate(SOUND) for path in paths(made)]
KEPT = {("apiVersion",), ("kind",), ("metadata",), ("metadata", "name"), ("metadata", "namespace"), ("metadata", "uid")}
HURTS = [each for each in EVERY if each[1] not in KEPT]
"""Everything but what makes an object of Kubernetes one: a server never leaves that out."""

WRONG = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 70000), st.text(max_size=8), st.just([]), st.just({}), st.just([None]),
    st.just(["x"]), st.just({"": None}),
)  # fmt: skip
WOUNDS = st.lists(st.tuples(st.sampled_from(HURTS), st.one_of(st.just(...), WRONG)), min_size=1, max_size=4)


def wounded(wounds: list[tuple[tuple[int, tuple[Any, ...]], Any]]) -> World:
    """Give the look with these values replaced, or (`...`) taken out."""
    made: list[Any] = copy.deepcopy(SOUND)
    for (index, path), value in wounds:
        holder: Any = made[index]
        try:
            for key in path[:-1]:
                holder = holder[key]
            if value is ...:
                del holder[path[-1]]
            else:
                holder[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):  # an earlier wound took the place away
            continue
    seen = world(*made[1:], source=made[0], plain=())
    return seen


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WOUNDS, st.sampled_from([*PROFILES]), st.booleans())
def test_no_check_and_no_derivation_raises_on_a_wounded_cluster(wounds: Any, kind: str, own: bool) -> None:
    seen, spec = wounded(wounds), HOST_PORT if own else SPEC
    spec = replace(spec, gateway=replace(spec.gateway, kind=kind))

    assert preflight(propose(seen, spec))
    assert advise(propose(seen, spec))
    assert planning.make(propose(seen, spec), AT, "ann", digest).digest
    assert ways_out(propose(seen, spec)) is not None


def test_what_is_wounded_holds_something_for_every_check_to_read() -> None:
    assert len(preflight(propose(wounded([]), SPEC))) > 20
