"""A gateway as a pod: the tools inside it, a crash of its Envoy, its polite end, and the right to low ports."""

import http.client
import os
import time

import pytest

from migrator.lab.process import stop
from tests.lab.gateway.world import Istiod, config, start_app
from tests.lab.node.world import condition, container, until

pytestmark = [pytest.mark.lab, pytest.mark.slow]

READY = {"httpGet": {"path": "/healthz/ready", "port": 15021}, "periodSeconds": 1}


@pytest.fixture(scope="module", autouse=True)
def backends(world):
    """The application and a config server that routes to it."""
    app = start_app(world.net)
    istiod = Istiod(world.net)
    istiod.give(config(world.net))
    yield
    world.stop("node")  # and with it the gateways, which hold connections to both
    istiod.close()
    stop(app)


def gateway(**raw):
    """A gateway container that drains for one second."""
    env = [{"name": "DRAIN_SECONDS", "value": "1"}]
    return {"image": "istio/proxyv2:1.27", "env": env, "readinessProbe": READY, **raw}


def ask(ip, path="/", method="GET", port=8080):
    """Status, Connection header; status 0 if refused."""
    connection = http.client.HTTPConnection(ip, port, timeout=5)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("connection", "")
    except OSError:
        return 0, ""
    finally:
        connection.close()


def test_a_hook_can_call_pilot_agent_and_traffic_is_served_to_the_end(world):
    hook = {"exec": {"command": ["/bin/sh", "-c", "pilot-agent request POST healthcheck/fail && sleep 1.5"]}}
    world.run("hooked", gateway(lifecycle={"preStop": hook}))
    ip = world.until_ready("hooked")["status"]["podIP"]
    world.delete("hooked", grace=20)
    until(lambda: ask(ip) == (200, "close"), "it says goodbye but serves")

    served = 0
    while world.pod("hooked") and ask(ip)[0] == 200:
        served += 1
        time.sleep(0.05)

    assert served > 10
    until(lambda: not world.pod("hooked"), "it is gone")


def test_a_dead_envoy_is_a_restart_of_the_container(world):
    world.run("dying", gateway())
    ip = world.until_ready("dying")["status"]["podIP"]
    ask(ip, "/quitquitquit", "POST", port=15000)

    until(lambda: container(world.pod("dying")).get("restartCount") == 1, "a restart is counted")

    assert container(world.pod("dying"))["lastState"]["terminated"]["exitCode"] == 1
    world.until_ready("dying")
    assert ask(ip) == (200, "")


def test_two_gateways_on_one_host_address_do_not_both_live(world):
    world.run("first", gateway(), hostNetwork=True)
    world.until_ready("first")
    world.run("second", gateway(), hostNetwork=True)

    until(lambda: container(world.pod("second")).get("restartCount", 0) >= 1, "the second crashes")

    assert condition(world.pod("first"), "Ready") == "True"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be refused or granted a low port")
@pytest.mark.parametrize("granted", [False, True], ids=["without", "with"])
def test_a_low_port_of_the_node_needs_net_bind_service(world, granted):
    name = f"low-{granted}".lower()
    context = {"capabilities": {"add": ["NET_BIND_SERVICE"]}} if granted else {}
    args = ["--port", "81"]
    world.run(name, {"image": "lab/httpd", "args": args, "securityContext": context}, hostNetwork=True)
    world.until_ready(name)

    if granted:
        until(lambda: ask(f"{world.net}.1.1", port=81)[0] == 200, "it serves")
    else:
        until(lambda: container(world.pod(name)).get("restartCount", 0) >= 1, "it crashes")
    world.delete(name, grace=0)
