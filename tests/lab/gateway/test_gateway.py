"""The gateway container: config from the server, faults, readiness, its end."""

import http.client
import os
import signal
import time
from pathlib import Path

import pytest

from migrator.lab.process import stop
from tests.lab.gateway.world import config, until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

ENVOYS_TICK = 0.01
"""Envoy counts a delay in whole milliseconds from its event loop's cached time, which lies before our clock's."""


def test_a_gateway_routes_to_the_application_once_ready(gateway):
    status, body, _ = gateway.ask(8080, "/")

    assert (status, body) == (200, b"ok\n")


def test_envoy_says_whose_gateway_it_is(gateway):
    node = gateway.server_info()["node"]

    assert node["id"] == f"router~{gateway.ip}~gw-5d9c7b4f6d-abcde.edge~edge.svc.cluster.local"
    assert node["cluster"] == "gw.edge"


def test_every_answer_names_its_gateway_the_gateways_own_ones_too(gateway):
    proxied = named(gateway)
    gateway.admin("/runtime_modify?fault.abort.percent=100")
    until(lambda: gateway.status(8080) == 503, "the fault is on")

    assert proxied == named(gateway) == f"{gateway.ip}:8080"


def named(gateway) -> str | None:
    connection = http.client.HTTPConnection(gateway.ip, 8080, timeout=10)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers.get("x-gateway")


def test_a_gateway_without_config_is_not_ready(start, istiod):
    istiod.give(None)
    gateway = start()
    until(lambda: gateway.status(15020, "/healthz/ready") == 503, "the agent answers")

    time.sleep(0.5)

    assert gateway.status(15020, "/healthz/ready") == 503
    assert gateway.status(15021, "/healthz/ready") == 0


def test_a_gateway_is_ready_although_it_was_given_no_listener(start, istiod, prefix):
    istiod.give({**config(prefix), "listeners": []})
    gateway = start()

    gateway.until_ready()

    assert gateway.status(8080) == 0


def test_a_new_config_is_taken_without_a_lost_request(gateway, istiod, prefix):
    answers = [gateway.status(8080)]
    istiod.give(config(prefix, version="2", app_port=9))  # a dead port, what a stale config looks like

    until(lambda: gateway.status(8080) == 503, "the dead upstream is used")
    istiod.give(config(prefix, version="3"))
    until(lambda: gateway.status(8080) == 200, "the living upstream is used")

    assert answers == [200]


def test_a_kept_connection_survives_a_change_of_config(gateway, istiod, prefix):
    connection = http.client.HTTPConnection(gateway.ip, 8080, timeout=10)
    connection.request("GET", "/")
    connection.getresponse().read()
    istiod.give({**config(prefix, version="2"), "clusters": config(prefix)["clusters"] * 1})
    time.sleep(0.5)

    connection.request("GET", "/")

    assert connection.getresponse().status == 200
    connection.close()


def test_faults_are_switched_at_run_time(gateway):
    gateway.admin("/runtime_modify?fault.abort.percent=100")
    aborted = gateway.status(8080)
    gateway.admin("/runtime_modify?fault.abort.percent=0&fault.delay.percent=100")
    began = time.monotonic()
    delayed = gateway.status(8080)
    took = time.monotonic() - began
    gateway.admin("/runtime_modify?fault.delay.percent=0")

    assert (aborted, delayed, gateway.status(8080)) == (503, 200, 200)
    assert took >= 2.0 - ENVOYS_TICK


def test_metrics_name_listener_and_status_class(gateway):
    gateway.status(8080)
    labels = 'envoy_response_code_class="2",envoy_http_conn_manager_prefix="outbound_0.0.0.0_8080"'
    wanted = f"envoy_http_downstream_rq_xx{{{labels}}} 1"

    assert wanted in gateway.ask(15090, "/stats/prometheus")[1].decode()
    assert wanted in gateway.ask(15020, "/stats/prometheus")[1].decode()


def test_a_dead_envoy_ends_the_container_with_an_error(gateway):
    envoy = int(Path(f"/proc/{gateway.popen.pid}/task/{gateway.popen.pid}/children").read_text())

    os.kill(envoy, signal.SIGKILL)

    assert gateway.popen.wait(5) == 1


def test_envoy_dies_with_a_killed_agent(gateway):
    gateway.popen.kill()

    until(lambda: gateway.status(8080) == 0, "nothing listens any more")


def test_sigterm_drains_politely_and_then_ends(start):
    gateway = start(DRAIN_SECONDS="2")
    gateway.until_ready()
    began = time.monotonic()
    gateway.popen.send_signal(signal.SIGTERM)
    until(lambda: gateway.ask(8080, "/")[2] == "close", "answers say goodbye")

    assert gateway.status(15021, "/healthz/ready") == 503
    assert gateway.status(15020, "/healthz/ready") == 0
    assert gateway.popen.wait(10) == 0
    assert time.monotonic() - began >= 2.0, "it drained for as long as it was told to"


def test_a_request_in_flight_at_sigterm_is_answered(start):
    gateway = start(DRAIN_SECONDS="1.5")
    gateway.until_ready()
    connection = http.client.HTTPConnection(gateway.ip, 8080, timeout=10)
    connection.request("GET", "/slow?s=0.5")
    gateway.popen.send_signal(signal.SIGTERM)

    assert connection.getresponse().status == 200
    connection.close()
    assert gateway.popen.wait(10) == 0


def test_sigterm_after_a_requested_drain_ends_at_once(start):
    gateway = start(DRAIN_SECONDS="30")
    gateway.until_ready()
    assert gateway.ask(15020, "/drain", "POST")[0] == 200
    assert gateway.ask(8080, "/")[::2] == (200, "close")

    assert stop(gateway.popen, grace=3) == 0


def test_exit_on_zero_connections_waits_for_the_last_one(start):
    gateway = start(EXIT_ON_ZERO_ACTIVE_CONNECTIONS="true", MINIMUM_DRAIN_DURATION="0")
    gateway.until_ready()
    connection = http.client.HTTPConnection(gateway.ip, 8080, timeout=10)
    connection.request("GET", "/slow?s=1")
    time.sleep(0.2)
    began = time.monotonic()
    gateway.popen.send_signal(signal.SIGTERM)

    assert connection.getresponse().status == 200
    connection.close()
    assert gateway.popen.wait(10) == 0
    assert time.monotonic() - began >= 0.5
