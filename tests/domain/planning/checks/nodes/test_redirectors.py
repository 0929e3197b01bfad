"""What may rewrite the network it lives in is kept out of the node's network."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.messages.findings import Finding, Severity
from migrator.domain.planning.checks.nodes.redirectors import node_network_stays
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import HOST_PORT, SPEC, deployment, template, world

ADMIN = {"securityContext": {"capabilities": {"add": ["NET_ADMIN", "NET_RAW"]}}}
PRIVILEGED = {"securityContext": {"privileged": True}}


def found(spec: Any = SPEC, init: Any = (), beside: Any = ()) -> list[Finding]:
    sound: Any = template()["spec"]
    made = template(initContainers=list(init), containers=[*sound["containers"], *beside])
    return list(node_network_stays(propose(world(source=deployment(made)), spec)))


REWRITING = [
    pytest.param(
        {"name": "linkerd-init", "image": "cr.l5d.io/linkerd/proxy-init:v2.4.1", **ADMIN}, id="Linkerd, by hand"
    ),
    pytest.param({"name": "init", "image": "my/proxy-init:1", **ADMIN}, id="only its image tells"),
    pytest.param(
        {"name": "a", "image": "x", "args": ["istio-iptables", "-p", "15001"], **ADMIN}, id="only its arguments tell"
    ),
    pytest.param(
        {"name": "a", "image": "x", "command": ["sh", "-c", "iptables -t nat -A OUTPUT"], **PRIVILEGED}, id="iptables"
    ),
    pytest.param({"name": "a", "image": "x", "command": ["ip", "-6", "rule", "add"], **ADMIN}, id="ip rule"),
    pytest.param(
        {
            "name": "a",
            "image": "x",
            "command": ["sysctl", "-w", "net.core.somaxconn=32768", "kernel.x=1"],
            **PRIVILEGED,
        },
        id="a sysctl of the network",
    ),
    pytest.param(
        {"name": "a", "image": "x", "args": ["echo 1 > /proc/sys/net/ipv4/ip_forward"], **PRIVILEGED}, id="by file"
    ),
    pytest.param(
        {"name": "a", "image": "x", "env": [{"name": "RUN", "value": "nft add table"}], **ADMIN}, id="in a variable"
    ),
    pytest.param(
        {
            "name": "a",
            "image": "x",
            "securityContext": {"capabilities": {"add": ["CAP_SYS_ADMIN"]}},
            "args": ["tc qdisc add"],
        },
        id="another capability, with its prefix",
    ),
]


@pytest.mark.parametrize("container", REWRITING)
def test_a_container_that_rewrites_its_network_blocks_in_the_nodes(container: Any) -> None:
    (told,) = found(init=[container])

    assert (told.code, told.severity) == ("hostnetwork.rewrites-node", Severity.BLOCK)
    assert told["words"]


@pytest.mark.parametrize("container", REWRITING)
def test_in_its_own_network_a_pod_may_do_what_it_likes(container: Any) -> None:
    assert found(HOST_PORT, init=[container]) == []


def test_the_patch_takes_the_redirector_out_with_its_proxy_and_nothing_else() -> None:
    init = [{"name": "linkerd-init", "image": "x", **ADMIN}, {"name": "wait", "image": "y"}]
    beside = [{"name": "linkerd-proxy", "image": "p"}, {"name": "logs", "image": "l"}]
    (told,) = found(init=init, beside=beside)
    patch = json.loads(str(told["patch"]))
    patched = replace(SPEC, target=replace(SPEC.target, patch=patch))

    assert found(patched, init=init, beside=beside) == []
    pod: Any = propose(
        world(source=deployment(template(initContainers=init, containers=[*_sound(), *beside]))), patched
    ).new_pod
    assert [row["name"] for row in pod["initContainers"]] == ["wait"]
    assert [row["name"] for row in pod["containers"]] == ["istio-proxy", "logs"]


def _sound() -> list[Any]:
    rows: Any = template()["spec"]
    return list(rows["containers"])


def test_the_gateway_itself_is_never_taken_out_by_the_patch() -> None:
    (told,) = found(init=[{"name": "istio-init", "image": "proxyv2", **ADMIN}])

    assert json.loads(str(told["patch"])) == {
        "spec": {"template": {"spec": {"initContainers": [{"name": "istio-init", "$patch": "delete"}]}}}
    }


@pytest.mark.parametrize("right", [ADMIN, PRIVILEGED, {"securityContext": {"capabilities": {"add": ["ALL"]}}}])
def test_a_right_that_nobody_is_seen_to_use_is_told(right: Any) -> None:
    (told,) = found(beside=[{"name": "agent", "image": "agent:1", "args": ["--verbose"], **right}])

    assert (told.code, told.severity) == ("hostnetwork.may-rewrite", Severity.WARN)


def test_a_container_without_such_a_right_may_speak_of_it() -> None:
    assert found(init=[{"name": "linkerd-init", "image": "x", "args": ["iptables -L"]}]) == []
    assert found(init=[{"name": "x", "image": "x", "securityContext": {"capabilities": {"add": "odd"}}}]) == []


def test_without_a_source_there_is_nothing_to_look_at() -> None:
    assert list(node_network_stays(propose(replace(world(), source=None), SPEC))) == []
