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
from migrator.domain.planning.matrix import audit
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
    template,
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
GATEWAY_API, ENVOY_GATEWAY = "gateway.networking.k8s.io/v1", "gateway.envoyproxy.io/v1alpha1"
TRAFFIC = [{"mode": "CLIENT", "ports": [{"number": 8080}]}]
NAMED = {
    "match": {
        "context": "GATEWAY",
        "proxy": {"proxyVersion": "^1", "metadata": {"WORKLOAD_NAME": OLD}},
        "routeConfiguration": {"name": "http.8080"},
    }
}
ROUTES = [{"match": [{"sourceLabels": {"version": "v2"}}, {"gateways": ["public"]}], "delegate": {"name": "vs"}}]
SUBSETS = [{"name": "a", "labels": {"version": "v2"}}]
WHEN = {"when": [{"key": "source.ip", "notValues": ["10.0.0.0/24"]}, {"key": "destination.port", "values": ["8080"]}]}
REF = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "api"}
AUTHORIZED = {"rules": [{"principal": {"clientCIDRs": ["192.0.2.0/24"]}}]}
CHOSEN = [{"kind": "Gateway", "matchLabels": {"a": "b"}, "namespaces": {"from": "Selector", "selector": {}}}]
CALICO_API, ADMIN_API = "crd.projectcalico.org/v1", "policy.networking.k8s.io/v1alpha1"
CILIUM = {"fromEndpoints": [MATCH], "fromEntities": ["host"], "fromCIDRSet": [{"cidr": "10.0.0.0/8", "except": ["x"]}]}
CALICO = {"action": "Allow", "source": {"selector": "has(app)", "namespaceSelector": "all()", "nets": ["10.0.0.0/8"]}}
PODS = {"podSelector": MATCH, "namespaceSelector": {}}
ADMIN = {"action": "Allow", "from": [{"pods": PODS}, {"namespaces": {}}]}
HOOK = {
    "rules": [{"operations": ["*"], "resources": ["pods"], "apiGroups": [""]}],
    "objectSelector": MATCH,
    "name": "h",
}
SCOPED = {"matchExpressions": [{"scopeName": "PriorityClass", "operator": "In", "values": ["x"]}]}
OF_A_GATEWAY = (
    ("gateway.envoyproxy.io/owning-gateway-name", "api"),
    ("gateway.envoyproxy.io/owning-gateway-namespace", SPACE),
)
PORTS = [{"port": 80, "targetPort": 8080, "nodePort": 30080}]
CPU = {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}}


TERM = {"labelSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]}, "topologyKey": "zone"}
RULES = {
    "requiredDuringSchedulingIgnoredDuringExecution": [{**TERM, "matchLabelKeys": ["app"], "namespaces": ["x"]}, TERM]
}
CHOICE = {"nodeSelectorTerms": [{"matchExpressions": [{"key": "rank", "operator": "Gt", "values": ["3"]}]}]}
AWAY: Any = {
    "podAntiAffinity": RULES,
    "podAffinity": RULES,
    "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": CHOICE},
}
ASKED = {
    "name": "c",
    "ports": [{"name": "a", "containerPort": 53}],
    "livenessProbe": {"httpGet": {"port": "a"}},
    "readinessProbe": {"exec": {"command": ["curl", "http://localhost:18080/"]}},
}
REDIRECTS = {
    "name": "linkerd-init",
    "image": "proxy-init",
    "args": ["iptables"],
    "env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}],
    "ports": [{"name": "x", "containerPort": 1}, {"name": "y", "containerPort": 1}],
    "securityContext": {"capabilities": {"add": ["NET_ADMIN"]}, "procMount": "Unmasked"},
    "volumeMounts": [{"name": "kept", "mountPath": "/kept"}],
}
RICH: Any = {
    "affinity": AWAY,
    "nodeSelector": {"pool": "web"},
    "initContainers": [REDIRECTS],
    "readinessGates": [{"conditionType": "mine/ready"}],
    "hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a"]}, {"ip": "10.0.0.1", "hostnames": ["b"]}],
    "imagePullSecrets": [{"name": "s"}, {"name": "s"}],
    "hostUsers": False,
    "resourceClaims": [{"name": "nic", "resourceClaimName": "n"}],
    "volumes": [
        {"name": "v", "persistentVolumeClaim": {"claimName": "acme"}},
        {"name": "kept", "hostPath": {"path": "/kept"}},
    ],
}


def objects() -> list[Manifest]:
    """Give one of everything that the checks read."""
    scaled = {"scaleTargetRef": {"kind": "Deployment", "name": OLD}}
    return [
        deployment(template(**RICH)),
        pod("cache-0", {"app": "cache"}, where="node-1", hostNetwork=True, containers=[ASKED], affinity=AWAY),
        thing("PersistentVolumeClaim", "acme", {"accessModes": ["ReadWriteOnce"]}),
        thing(
            "CiliumLocalRedirectPolicy",
            "local",
            {"redirectFrontend": {"addressMatcher": {"ip": "10.1.0.1", "toPorts": [{"port": "18080"}]}}},
            api="cilium.io/v2",
        ),
        {
            **service("ext", {"app": "x"}, externalIPs=["10.1.0.1"], ports=[{"port": 18080, "targetPort": "http2"}]),
            "status": {"loadBalancer": {"ingress": [{"ip": "10.1.0.2"}]}},
        },
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
        thing("ServiceEntry", "se", {"workloadSelector": {"labels": SHARED}, "hosts": ["a"]}, api=ISTIO),
        thing("WorkloadEntry", "we", {"address": "10.0.0.1"}, api=ISTIO),
        thing("WasmPlugin", "wp", {"selector": MATCH, "match": TRAFFIC}, api="extensions.istio.io/v1alpha1"),
        thing("TrafficExtension", "te", {"match": TRAFFIC}, api="extensions.istio.io/v1alpha1"),
        thing("EnvoyFilter", "named", {"configPatches": [NAMED]}, api=ISTIO),
        thing("VirtualService", "of-match", {"gateways": ["./public"], "http": ROUTES, "tcp": ROUTES}, api=ISTIO),
        thing("DestinationRule", "dr", {"host": "gw", "subsets": SUBSETS}, api=ISTIO),
        thing("AuthorizationPolicy", "by-key", {"rules": [WHEN]}, "shop", api="security.istio.io/v1"),
        thing("AuthorizationPolicy", "by-ref", {"targetRefs": [REF]}, api="security.istio.io/v1"),
        thing("Ingress", "ing", {"ingressClassName": "istio"}, api="networking.k8s.io/v1"),
        thing("Gateway", "api", {"addresses": [{"value": "gw"}], "gatewayClassName": "eg"}, api=GATEWAY_API),
        thing("GatewayClass", "eg", {"parametersRef": {"name": "ep", "namespace": SPACE}}, "", api=GATEWAY_API),
        thing("HTTPRoute", "r", {"parentRefs": [{"name": "api"}]}, api=GATEWAY_API),
        thing("EnvoyProxy", "ep", {}, api=ENVOY_GATEWAY),
        thing("SecurityPolicy", "sp", {"targetRefs": [REF], "authorization": AUTHORIZED}, api=ENVOY_GATEWAY),
        thing("ClientTrafficPolicy", "ctp", {"targetSelectors": CHOSEN}, api=ENVOY_GATEWAY),
        thing("CiliumNetworkPolicy", "cnp", {"endpointSelector": {}, "ingress": [CILIUM]}, "shop", api="cilium.io/v2"),
        thing("GlobalNetworkPolicy", "gnp", {"selector": "app == 'x'", "ingress": [CALICO]}, "", api=CALICO_API),
        thing("AdminNetworkPolicy", "anp", {"subject": {"pods": PODS}, "ingress": [ADMIN]}, "", api=ADMIN_API),
        {**thing("MutatingWebhookConfiguration", "m", space=""), "webhooks": [HOOK]},
        thing("ResourceQuota", "q", {"hard": {"pods": "1"}, "scopes": ["NotTerminating"], "scopeSelector": SCOPED}),
        thing("VerticalPodAutoscaler", "v", {"targetRef": {"kind": "Deployment", "name": OLD}, "updatePolicy": {}}),
        {**thing("EndpointSlice", "s", labels={"a": "b"}), "endpoints": [{"addresses": ["10.0.0.1"]}]},
        {**thing("RuntimeClass", "r", space=""), "scheduling": {"nodeSelector": {"a": "b"}}},
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
            if isinstance(holder, dict) and not isinstance(path[-1], str):
                continue  # an earlier wound made a map of the list, and no JSON has numbers for keys
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
    if kind == "envoy":
        pods = tuple(replace(each, labels=(*each.labels, *OF_A_GATEWAY)) for each in seen.old.pods)
        seen = replace(seen, old=replace(seen.old, pods=pods))

    assert preflight(propose(seen, spec))
    assert audit(propose(seen, spec)).rows is not None
    assert advise(propose(seen, spec))
    assert planning.make(propose(seen, spec), AT, "ann", digest).digest
    assert ways_out(propose(seen, spec)) is not None


def test_what_is_wounded_holds_something_for_every_check_to_read() -> None:
    assert len(preflight(propose(wounded([]), SPEC))) > 20
