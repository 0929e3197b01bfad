"""The facts about draining that migrator is built on, shown on a real Envoy with Istio's flags."""

import http.client
import time

import pytest

from tests.lab.gateway.world import until

pytestmark = pytest.mark.lab


def test_healthcheck_fail_keeps_accepting_and_says_goodbye(gateway):
    gateway.admin("/healthcheck/fail")

    for _ in range(20):
        assert gateway.ask(8080, "/")[::2] == (200, "close")
    assert gateway.server_info()["state"] == "DRAINING"


def test_healthcheck_ok_undoes_healthcheck_fail(gateway):
    gateway.admin("/healthcheck/fail")
    gateway.admin("/healthcheck/ok")

    assert gateway.ask(8080, "/")[::2] == (200, "")
    assert gateway.server_info()["state"] == "LIVE"


def test_istio_readiness_stays_200_while_envoy_says_it_fails(gateway):
    gateway.admin("/healthcheck/fail")

    assert gateway.status(15021, "/healthz/ready") == 200


def test_healthcheck_ok_does_not_undo_drain_listeners(gateway):
    gateway.admin("/drain_listeners?graceful&skip_exit")
    gateway.admin("/healthcheck/ok")

    assert gateway.ask(8080, "/")[::2] == (200, "close")


def test_inboundonly_does_nothing_to_a_gateway(gateway):
    gateway.admin("/drain_listeners?inboundonly")

    assert gateway.ask(8080, "/")[::2] == (200, "")


def test_drain_listeners_without_graceful_refuses_new_connections(gateway):
    gateway.admin("/drain_listeners")

    until(lambda: gateway.status(8080) == 0, "new connections are refused", seconds=1.0)


def test_an_idle_connection_is_never_told_to_go(gateway):
    connection = http.client.HTTPConnection(gateway.ip, 8080, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    gateway.admin("/healthcheck/fail")
    time.sleep(1.5)

    connection.request("GET", "/")
    answer = connection.getresponse()

    assert (answer.status, answer.headers["connection"]) == (200, "close")
    connection.close()
