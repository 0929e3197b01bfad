"""Envoy Gateway: whose configuration both sides ask for, who gets each resource, and what its policies say of clients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.envoy_gateway.matrix import (
    matrix,
    rules_by_client,
    same_gateway,
    wants_proxy_protocol,
)
from migrator.domain.gateways.envoy_gateway.owner import cluster_of
from migrator.domain.model.manifests import Json, Manifest, ObjectRef
from migrator.domain.model.spec import GatewaySpec
from migrator.domain.model.target import Derived
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import World
from migrator.domain.planning.checks import preflight
from migrator.domain.planning.proposal import Proposal, propose
from tests.domain.planning.checks.ground import OLD, SPACE, SPEC, codes, deployment, template, thing, world

ENVOY = replace(SPEC, gateway=GatewaySpec("envoy"))
OF_ONE = {
    "gateway.envoyproxy.io/owning-gateway-name": "edge",
    "gateway.envoyproxy.io/owning-gateway-namespace": "shop",
    "app": "envoy",
}
OF_CLASS = {"gateway.envoyproxy.io/owning-gatewayclass": "eg", "app": "envoy"}
ARGS = ("--service-cluster", "shop/edge", "--service-node", "$(ENVOY_POD_NAME)")
API, EG = "gateway.networking.k8s.io/v1", "gateway.envoyproxy.io/v1alpha1"


def gateway(
    name: str = "edge", space: str = "shop", parameters: str = "", labels: Any = None, cls: str = "eg"
) -> Manifest:
    infrastructure: Any = {"infrastructure": {"parametersRef": {"name": parameters}}} if parameters else {}
    return thing("Gateway", name, {"gatewayClassName": cls, **infrastructure}, space, API, labels=labels or {})


def policy(kind: str = "ClientTrafficPolicy", space: str = "shop", **spec: Any) -> Manifest:
    return thing(kind, "p", spec, space, EG)


def ref(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"group": "gateway.networking.k8s.io", "kind": kind, "name": name, **more}


def chosen(kind: str = "Gateway", **selector: Any) -> dict[str, Any]:
    return {"targetSelectors": [{"kind": kind, **selector}]}


def seen(*objects: Manifest, labels: Any = None, args: tuple[str, ...] = ARGS) -> World:
    """Give the look at an Envoy of Envoy Gateway."""
    made = template(containers=[{"name": "envoy", "image": "envoy:1.40", "args": list(args)}])
    having = dict(OF_ONE if labels is None else labels)
    made["metadata"] = {"labels": having}
    looked = world(*objects, source=deployment(made))
    pods = tuple(replace(pod, labels=tuple(sorted(having.items()))) for pod in looked.old.pods)
    old = Workload(ObjectRef("apps/v1", "Deployment", SPACE, OLD), f"u-{OLD}", wanted=2, ready=2, pods=pods)
    return replace(looked, old=old)


def proposal(*objects: Manifest, labels: Any = None, args: tuple[str, ...] = ARGS, target: Any = None) -> Proposal:
    spec = replace(ENVOY, target=replace(ENVOY.target, **target)) if target else ENVOY
    return propose(seen(*objects, labels=labels, args=args), spec)


ROUTE = thing("HTTPRoute", "r", {"parentRefs": [{"name": "edge"}]}, "shop", API, labels={"team": "a"})
SETS = thing("ListenerSet", "l", {"parentRef": {"kind": "Gateway", "name": "edge"}}, "shop", API)
BY_SET = thing("GRPCRoute", "s", {"parentRefs": [{"kind": "ListenerSet", "name": "l"}]}, "shop", API)
ELSEWHERE = thing(
    "TCPRoute", "e", {"parentRefs": [{"name": "edge", "namespace": "shop"}, {"kind": "Service"}]}, "apps", API
)
OTHER = gateway("other")
OF_OTHER = thing("TLSRoute", "t", {"parentRefs": [{"name": "other"}, {"kind": "Service", "name": "s"}]}, "shop", API)
SPACES = thing("Namespace", "shop", space="", labels={"tier": "web"})

POLICIES = [
    pytest.param(policy(targetRef=ref("Gateway", "edge")), "both", id="the old single reference"),
    pytest.param(policy(targetRefs=[ref("Gateway", "edge", sectionName="https")]), "both", id="one listener"),
    pytest.param(policy(targetRefs=[ref("Gateway", "other")]), "none", id="another Gateway"),
    pytest.param(policy(space="apps", targetRefs=[ref("Gateway", "edge")]), "none", id="from another namespace"),
    pytest.param(policy(targetRefs=[ref("HTTPRoute", "r")]), "both", id="a route"),
    pytest.param(policy(targetRefs=[ref("HTTPRoute", "nobody")]), "none", id="a route that is not there"),
    pytest.param(policy(targetRefs=[ref("TLSRoute", "t")]), "none", id="a route of another Gateway and of a Service"),
    pytest.param(policy(targetRefs=[ref("ListenerSet", "l")]), "both", id="a listener set"),
    pytest.param(policy(targetRefs=[ref("GRPCRoute", "s")]), "both", id="a route through a listener set"),
    pytest.param(policy(space="apps", targetRefs=[ref("TCPRoute", "e")]), "both", id="a route of another namespace"),
    pytest.param(policy(targetRefs=[ref("GatewayClass", "eg")]), "none", id="the class, where Gateways are not merged"),
    pytest.param(policy(**chosen(matchLabels={"zone": "dmz"})), "both", id="by a label"),
    pytest.param(policy(**chosen(matchLabels={"zone": "lan"})), "none", id="by another label"),
    pytest.param(
        policy(**chosen(matchExpressions=[{"key": "zone", "operator": "NotIn", "values": ["lan"]}])),
        "both",
        id="by an expression",
    ),
    pytest.param(policy(**chosen("HTTPRoute", matchLabels={"team": "a"})), "both", id="a route by a label"),
    pytest.param(policy(space="apps", **chosen(matchLabels={"zone": "dmz"})), "none", id="of its own namespace only"),
    pytest.param(
        policy(space="apps", **chosen(matchLabels={"zone": "dmz"}, namespaces={"from": "All"})), "both", id="everywhere"
    ),
    pytest.param(
        policy(
            space="apps",
            **chosen(
                matchLabels={"zone": "dmz"},
                namespaces={"from": "Selector", "selector": {"matchLabels": {"tier": "web"}}},
            ),
        ),
        "both",
        id="in namespaces by a label",
    ),
    pytest.param(policy(), "none", id="nobody"),
]


@pytest.mark.parametrize("kind", ["ClientTrafficPolicy", "SecurityPolicy", "EnvoyPatchPolicy"])
@pytest.mark.parametrize(("made", "cell"), POLICIES)
def test_a_policy_reaches_the_envoys_of_the_gateway_that_it_means(kind: str, made: Manifest, cell: str) -> None:
    own = {**made, "kind": kind}
    rows = matrix(
        proposal(own, gateway(labels={"zone": "dmz"}), OTHER, ROUTE, SETS, BY_SET, ELSEWHERE, OF_OTHER, SPACES)
    )

    assert [str(row.reach) for row in rows if row.kind == kind] == [cell]
    assert [str(row.reach) for row in rows if row.kind == "Gateway"] == ["both", "none"]


def test_merged_gateways_are_all_those_of_the_class() -> None:
    by_class = policy("EnvoyPatchPolicy", targetRef=ref("GatewayClass", "eg"))
    made = (gateway(), OTHER, gateway("lone", cls="x"), by_class, thing("GatewayClass", "eg", {}, "", API))

    rows = matrix(proposal(*made, labels=OF_CLASS, args=("--service-cluster=eg",)))

    assert [(row.name, str(row.reach)) for row in rows] == [
        ("shop/edge", "both"),
        ("shop/other", "both"),
        ("shop/lone", "none"),
        ("shop/p", "both"),
    ]


def test_an_envoy_proxy_is_that_of_the_gateway_else_of_its_class() -> None:
    def proxy(name: str, space: str) -> Manifest:
        return thing("EnvoyProxy", name, {}, space, EG)

    of_class = thing("GatewayClass", "eg", {"parametersRef": {"name": "class", "namespace": "eg-system"}}, "", API)
    proxies = (proxy("own", "shop"), proxy("class", "eg-system"), of_class)

    named = matrix(proposal(gateway(parameters="own"), *proxies))
    unnamed = matrix(proposal(gateway(), *proxies))

    assert [str(row.reach) for row in named if row.kind == "EnvoyProxy"] == ["both", "none"]
    assert [str(row.reach) for row in unnamed if row.kind == "EnvoyProxy"] == ["none", "both"]


ANOTHER = "spec.template.spec.containers"
CHANGES = [
    pytest.param({}, set(), id="the same"),
    pytest.param({"labels": (("gateway.envoyproxy.io/owning-gateway-name", "b"),)}, set(), id="a label, cluster kept"),
    pytest.param(
        {
            "patch": {
                "spec": {"template": {"spec": {"containers": [{"name": "envoy", "args": ["--service-cluster", "b"]}]}}}
            }
        },
        {"envoygateway.another-gateway block"},
        id="the cluster",
    ),
]


@pytest.mark.parametrize(("target", "found"), CHANGES)
def test_the_new_envoys_must_ask_for_the_same_configuration(target: Any, found: set[str]) -> None:
    said = codes(same_gateway(proposal(gateway(), target={"ports": (), **target})))

    assert said - {"envoygateway.matrix info"} == found


def test_without_a_cluster_the_labels_say_whose_configuration_it_is() -> None:
    other = {"labels": (("gateway.envoyproxy.io/owning-gateway-name", "other"),)}
    found = list(same_gateway(proposal(gateway(), OTHER, args=(), target=other)))
    rows = matrix(proposal(gateway(), OTHER, args=(), target=other))

    assert [each.code for each in found] == ["envoygateway.another-gateway", "envoygateway.matrix"]
    assert (found[0]["old"], found[0]["new"]) == ("shop/edge", "shop/other")
    assert [str(row.reach) for row in rows] == ["old only", "new only"]
    assert not [row for row in rows if row.widening]


def test_new_envoys_that_belong_to_nobody_ask_for_nothing() -> None:
    live = seen(gateway(), labels=OF_CLASS, args=())
    spec = replace(ENVOY, target=Derived("gw-ds", labels=(("gateway.envoyproxy.io/owning-gatewayclass", ""),)))

    (block, matrix_) = same_gateway(propose(live, spec))

    assert (block.code, block["old"], block["new"]) == ("envoygateway.another-gateway", "eg", "")
    assert matrix_["old"] == 1


def test_other_envoys_have_nothing_of_envoy_gateway() -> None:
    made = (gateway(), policy(targetRef=ref("Gateway", "edge")))

    assert matrix(proposal(*made, labels={"app": "contour"})) == ()
    assert not list(same_gateway(proposal(*made, labels={"app": "contour"})))
    assert rules_by_client(proposal(*made, labels={"app": "contour"})) == []
    nothing = propose(replace(seen(*made), source=None), ENVOY)
    assert matrix(nothing) == ()
    assert not list(same_gateway(nothing))
    assert not list(same_gateway(proposal()))


AT = {"targetRefs": [ref("Gateway", "edge")]}
CIDR = {"clientSelectors": [{"sourceCIDR": {"value": "192.0.2.0/24"}}]}
BY_CLIENT = [
    pytest.param(
        policy("SecurityPolicy", **AT, authorization={"rules": [{"principal": {"clientCIDRs": ["192.0.2.0/24"]}}]}),
        True,
        id="authorization",
    ),
    pytest.param(
        policy("SecurityPolicy", **AT, authorization={"rules": [{"principal": {"jwt": {}}}]}), False, id="by token"
    ),
    pytest.param(
        policy("BackendTrafficPolicy", **AT, rateLimit={"global": {"rules": [CIDR]}}), True, id="rate limit for all"
    ),
    pytest.param(policy("BackendTrafficPolicy", **AT, rateLimit={"local": {"rules": [CIDR]}}), True, id="rate limit"),
    pytest.param(
        policy("SecurityPolicy", authorization={"rules": [{"principal": {"clientCIDRs": ["::/0"]}}]}),
        False,
        id="nobody's",
    ),
]


@pytest.mark.parametrize(("made", "named"), BY_CLIENT)
def test_policies_that_name_clients_are_known(made: Manifest, named: bool) -> None:
    assert rules_by_client(proposal(made, gateway())) == (["shop/p"] if named else [])


@pytest.mark.parametrize(
    ("spec", "expects"),
    [({"enableProxyProtocol": True}, True), ({"proxyProtocol": {"optional": True}}, True), ({"tls": {}}, False)],
)
def test_policies_that_expect_proxy_protocol_are_known(spec: Any, expects: bool) -> None:
    found = wants_proxy_protocol(proposal(policy(**AT, **spec), gateway()))

    assert found == (["ClientTrafficPolicy shop/p"] if expects else [])


WORDS: list[Any] = [
    (["--service-cluster", "a/b"], "a/b"),
    (["--service-cluster a/b"], "a/b"),
    (["--service-cluster=a/b"], "a/b"),
    (["--service-cluster"], ""),
    (["--service-node", "x"], ""),
    ("no list", ""),
    ([7, "--service-cluster", "a"], "a"),
]


@pytest.mark.parametrize(("args", "name"), WORDS)
def test_the_cluster_is_read_however_it_is_written(args: Json, name: str) -> None:
    assert cluster_of({"containers": [{"name": "envoy", "args": args}]}) == name


def test_the_preflight_of_an_envoy_gateway_tells_what_it_found() -> None:
    found = {each.code for each in preflight(proposal(gateway(), policy(**AT)))}

    assert "envoygateway.matrix" in found
    assert "envoygateway.another-gateway" not in found
    assert set(PROFILES["envoy"].understood) == {"gateway.envoyproxy.io"}
