"""Ports below 1024 in the node's network: istiod must send them, and the process must be able to bind them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.istio.pods import listeners_are_sent
from migrator.domain.messages.findings import Severity
from migrator.domain.model.subjects import container_subject
from migrator.domain.model.target import Network
from migrator.domain.planning.checks.nodes import low_ports
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import SPEC, codes, deployment, mapped, template, with_container, world

LOW = mapped((8080, 80))


def test_an_unprivileged_pod_gets_no_low_port() -> None:
    said = [{"name": "ISTIO_META_UNPRIVILEGED_POD", "value": "true"}]
    seen = world(source=deployment(with_container(env=said)))

    assert codes(listeners_are_sent(propose(seen, LOW))) == {"ports.unprivileged-pod block"}
    assert not list(listeners_are_sent(propose(seen, SPEC)))
    assert not list(listeners_are_sent(propose(world(), LOW)))


@pytest.mark.parametrize(
    ("security", "said"),
    [
        pytest.param({"runAsUser": 1000}, True, id="a user"),
        pytest.param({"runAsNonRoot": True}, True, id="not root"),
        pytest.param({"runAsUser": 1000, "privileged": True}, False, id="privileged"),
        pytest.param({"runAsUser": 0}, False, id="root"),
        pytest.param({}, False, id="the image decides"),
    ],
)
def test_a_low_port_without_root_is_said(security: dict[str, Any], said: bool) -> None:
    odd = world(source=deployment(with_container(securityContext=security)))

    assert bool(list(low_ports.ports_can_be_bound(propose(odd, LOW)))) is said


@pytest.mark.parametrize("who", [{"runAsUser": 101}, {"runAsNonRoot": True}])
def test_without_privilege_escalation_nobody_but_root_can_bind_so_it_blocks_with_the_patch(who: dict[str, Any]) -> None:
    security = {
        **who,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]},
    }
    odd = world(source=deployment(with_container(securityContext=security)))

    [found] = low_ports.ports_can_be_bound(propose(odd, LOW))
    patched = replace(LOW, target=replace(LOW.target, patch=json.loads(str(found["patch"]))))
    assert (found.code, found.variant, found.severity) == ("derive.low-port-without-root", "certain", Severity.BLOCK)
    assert not list(low_ports.ports_can_be_bound(propose(odd, patched)))
    assert not list(low_ports.ports_can_be_bound(propose(odd, SPEC)))


def test_the_whole_pods_user_counts_where_its_container_names_none() -> None:
    odd = world(source=deployment(template(securityContext={"runAsUser": 101})))

    [found] = low_ports.ports_can_be_bound(propose(odd, LOW))
    assert (found.code, found.subject) == ("derive.low-port-without-root", container_subject("istio-proxy"))
    assert (found["ports"], found["user"]) == ((80,), 101)
    assert not list(low_ports.ports_can_be_bound(propose(odd, SPEC)))


def test_with_host_ports_no_low_port_is_the_gateways_own() -> None:
    odd = world(source=deployment(with_container(securityContext={"runAsUser": 1000})))
    plain = replace(LOW, target=replace(LOW.target, network=Network.HOST_PORT))

    assert not list(low_ports.ports_can_be_bound(propose(odd, plain)))


def test_without_a_source_there_is_nothing_to_say() -> None:
    nowhere = replace(world(), source=None)

    assert not list(low_ports.ports_can_be_bound(propose(nowhere, LOW)))
    assert not list(listeners_are_sent(propose(nowhere, LOW)))
