"""How pods start: a startup probe that waits for a client's listener, and a liveness that no drain flips."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.domain.gateways.products.envoys import PLAIN_ENVOY
from migrator.domain.gateways.products.nginxes import INGRESS_NGINX
from migrator.domain.hardening import What
from tests.domain.hardening.ground import ground, measures, remarks, workload

ASKS = {"httpGet": {"path": "/healthz/ready", "port": 15021}}


def test_a_gateway_whose_control_plane_opens_its_ports_starts_with_its_first_listener() -> None:
    measure = measures(ground())[What.STARTUP]

    assert measure.now == {
        "tcpSocket": {"port": 8080},
        "periodSeconds": 1,
        "failureThreshold": 300,
        "timeoutSeconds": 3,
    }


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        pytest.param({"ports": ()}, "/healthz/ready", id="no port that clients reach is known"),
        pytest.param({"product": INGRESS_NGINX}, "/healthz", id="nginx listens before it has any configuration"),
    ],
)
def test_where_a_port_tells_nothing_the_start_is_asked_for_as_readiness_is(facts: Any, path: str) -> None:
    now: Any = measures(ground(**facts))[What.STARTUP].now

    assert now["httpGet"]["path"] == path


def test_a_missing_port_is_asked_for() -> None:
    assert "harden.no-port" in remarks(ground(ports=()))
    assert "harden.no-port" not in remarks(ground())
    assert "harden.no-port" not in remarks(ground(ports=(), product=INGRESS_NGINX))


def test_probes_that_are_there_are_left_alone() -> None:
    found = measures(ground(workload(container={"startupProbe": ASKS, "readinessProbe": ASKS})))

    assert not {What.STARTUP, What.READINESS} & found.keys()


def test_a_missing_readiness_is_added_unless_a_webhook_brings_it() -> None:
    assert measures(ground())[What.READINESS].was is None
    assert What.READINESS not in measures(ground(filled_in=True))


LIVES = [
    pytest.param({"httpGet": {"path": "/ready", "port": 19001}}, {"port": 8080}, id="what a drain flips"),
    pytest.param({"exec": {"command": ["curl", "localhost:9901/ready"]}}, {"port": 8080}, id="the same by a command"),
    pytest.param({"httpGet": {"path": "/server_info", "port": 9901}}, None, id="what stays"),
    pytest.param(None, None, id="none: a slow gateway is not killed"),
]


@pytest.mark.parametrize(("probe", "socket"), LIVES)
def test_a_liveness_that_the_drain_flips_connects_instead_and_none_is_added(probe: Any, socket: Any) -> None:
    made = workload(container={"livenessProbe": probe} if probe else {})
    now: Any = measures(ground(made, PLAIN_ENVOY)).get(What.LIVENESS)

    assert (now and now.now) == (socket and {"httpGet": None, "exec": None, "tcpSocket": socket})


def test_a_liveness_cannot_be_changed_where_no_port_is_known() -> None:
    made = workload(container={"livenessProbe": {"httpGet": {"path": "/ready", "port": 9901}}})

    assert What.LIVENESS not in measures(ground(made, PLAIN_ENVOY, ports=()))
