"""How pods end: the product's own drain outlasts the balancer, preStop sleeps where there is none, grace holds it all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.products import Product
from migrator.domain.gateways.products.envoys import CONTOUR, ENVOY_GATEWAY, PLAIN_ENVOY
from migrator.domain.gateways.products.istio import CONFIG, ISTIO_GATEWAY
from migrator.domain.gateways.products.nginxes import INGRESS_NGINX, PLAIN_NGINX
from migrator.domain.hardening import What
from migrator.domain.hardening.removal import removal_of
from migrator.domain.messages.message import say
from migrator.domain.model.manifests import dig
from tests.domain.hardening.ground import CHECK, ground, measures, remarks, workload

ON_ZERO = {"name": "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "value": "true"}


def notes(words: str) -> dict[str, Any]:
    return {"annotations": {CONFIG: words}}


def told(**facts: Any) -> Any:
    patch = measures(ground(**facts))[What.DRAIN].patch
    return dig(patch, "spec", "template", "metadata", "annotations", CONFIG)


def test_an_istio_gateway_accepts_for_as_long_as_the_balancer_may_still_send() -> None:
    measure = measures(ground())[What.DRAIN]

    assert (measure.was, measure.now) == ("5s", "20s")
    assert measure.numbers == say(
        "harden.numbers",
        interval=5.0,
        threshold=2,
        buffer=5.0,
        longest=5.0,
        wanted=20.0,
        source=say("termination.measured"),
    )
    assert told() == "terminationDrainDuration: 20s\n"


CONFIGS = [
    pytest.param("concurrency: 2\n", "concurrency: 2\nterminationDrainDuration: 20s\n", id="YAML in lines"),
    pytest.param('{"concurrency": 2}', '{"concurrency": 2, "terminationDrainDuration": "20s"}', id="JSON"),
    pytest.param("{concurrency: 2}", "{terminationDrainDuration: 20s, concurrency: 2}", id="YAML in one line"),
    pytest.param("terminationDrainDuration: 7s", "terminationDrainDuration: 20s", id="a shorter one"),
    pytest.param(
        '{"terminationDrainDuration": "7s"}', '{"terminationDrainDuration": "20s"}', id="a shorter one in JSON"
    ),
]


@pytest.mark.parametrize(("was", "now"), CONFIGS)
def test_a_proxy_config_keeps_what_it_says_besides(was: str, now: str) -> None:
    assert told(made=workload(meta=notes(was))) == now


def test_listeners_stay_open_for_as_long_as_a_slow_balancer_sends() -> None:
    slow = removal_of([replace(CHECK, interval=10.0, unhealthy=5)])

    assert told(removal=slow) == "terminationDrainDuration: 60s\ndrainDuration: 60s\n"
    assert told(removal=slow, made=workload(meta=notes("drainDuration: 70s"))) == (
        "drainDuration: 70s\nterminationDrainDuration: 60s\n"
    )


def test_a_drain_that_outlasts_its_listeners_is_too_short_all_the_same() -> None:
    slow = removal_of([replace(CHECK, interval=10.0, unhealthy=5)])
    made = workload({"terminationGracePeriodSeconds": 300}, meta=notes("terminationDrainDuration: 120s"))

    found = measures(ground(made, removal=slow))

    assert (found[What.DRAIN].was, found[What.DRAIN].now) == ("45s", "60s")


LONG_ENOUGH = [
    pytest.param(workload(meta=notes("terminationDrainDuration: 20s")), "", id="the annotation"),
    pytest.param(workload(), "terminationDrainDuration: 1m", id="the mesh"),
    pytest.param(
        workload(container={"env": [{"name": "PROXY_CONFIG", "value": '{"terminationDrainDuration":"30s"}'}]}),
        "",
        id="what the webhook wrote",
    ),
    pytest.param(
        workload(container={"env": [ON_ZERO, {"name": "MINIMUM_DRAIN_DURATION", "value": "20s"}]}),
        "",
        id="exit on zero",
    ),
]


@pytest.mark.parametrize(("made", "mesh"), LONG_ENOUGH)
def test_a_drain_that_is_long_enough_is_left_alone(made: Any, mesh: str) -> None:
    assert What.DRAIN not in measures(ground(made, settings=mesh))


def test_a_gateway_that_exits_on_zero_connections_does_so_only_once_the_balancer_has_noticed() -> None:
    patch = measures(ground(workload(container={"env": [ON_ZERO]})))[What.DRAIN].patch

    (row,) = dig(patch, "spec", "template", "spec", "containers")  # type: ignore[misc]  # a list of one
    assert row == {"name": "istio-proxy", "env": [{"name": "MINIMUM_DRAIN_DURATION", "value": "20s"}]}


def test_a_least_drain_that_is_no_duration_counts_as_the_default() -> None:
    made = workload(container={"env": [ON_ZERO, {"name": "MINIMUM_DRAIN_DURATION", "value": "soon"}]})

    assert measures(ground(made))[What.DRAIN].was == "5s"


def test_an_agent_that_never_sees_its_annotations_is_told_by_its_environment() -> None:
    patch = measures(ground(workload(container={"volumeMounts": None})))[What.DRAIN].patch

    (row,) = dig(patch, "spec", "template", "spec", "containers")  # type: ignore[misc]  # a list of one
    assert row["env"] == [{"name": "PROXY_CONFIG", "value": '{"terminationDrainDuration": "20s"}'}]  # type: ignore[index]


GRACES = [
    pytest.param(workload(), {}, None, id="30 s are enough for 20 s and 5 s to end"),
    pytest.param(workload({"terminationGracePeriodSeconds": 20}), {}, (20, 25), id="too short"),
    pytest.param(
        workload(container={"lifecycle": {"preStop": {"sleep": {"seconds": 15}}}}), {}, (30, 40), id="with a preStop"
    ),
    pytest.param(workload({"terminationGracePeriodSeconds": 300}), {}, None, id="long enough"),
    pytest.param(workload(meta=notes("terminationDrainDuration: 60s")), {}, (30, 65), id="a drain of the user's own"),
    pytest.param(workload(), {"longest": 60.0}, (30, 80), id="requests of a minute"),
]


@pytest.mark.parametrize(("made", "facts", "change"), GRACES)
def test_the_grace_holds_the_preStop_the_drain_and_some_seconds_to_end(made: Any, facts: Any, change: Any) -> None:
    measure = measures(ground(made, **facts)).get(What.GRACE)

    assert (measure and (measure.was, measure.now)) == change


SLEEPS = [
    pytest.param(None, "v1.30.0", 20, {"harden.nothing-turns"}, id="none"),
    pytest.param(None, "", 20, {"harden.nothing-turns"}, id="none, and a server of an unknown version"),
    pytest.param(None, "v1.29.4", None, {"harden.nothing-turns", "harden.no-native-sleep"}, id="a server too old"),
    pytest.param({"sleep": {"seconds": 5}}, "v1.31.1", 20, {"harden.nothing-turns"}, id="too short"),
    pytest.param({"sleep": {"seconds": 40}}, "v1.31.1", None, {"harden.nothing-turns"}, id="longer"),
    pytest.param(
        {"exec": {"command": ["sleep", "5"]}},
        "v1.31.1",
        None,
        {"harden.nothing-turns", "harden.hook-kept"},
        id="somebody's own command, too short",
    ),
    pytest.param(
        {"exec": {"command": ["sleep", "30"]}}, "v1.31.1", None, {"harden.nothing-turns"}, id="somebody's own command"
    ),
]


@pytest.mark.parametrize(("hook", "server", "seconds", "said"), SLEEPS)
@pytest.mark.parametrize("product", [PLAIN_ENVOY, PLAIN_NGINX])
def test_a_gateway_without_a_drain_of_its_own_sleeps_before_sigterm(
    product: Product, hook: Any, server: str, seconds: int | None, said: set[str]
) -> None:
    seen = ground(workload(container={"lifecycle": {"preStop": hook}} if hook else {}), product, server=server)
    measure = measures(seen).get(What.PRE_STOP)

    assert (measure and measure.now) == seconds
    assert {code for code in remarks(seen) if "budget" not in code} == said


def shutdown(*command: str, name: str = "shutdown-manager") -> dict[str, Any]:
    hook = {"preStop": {"exec": {"command": list(command)}}}
    return {"containers": [{"name": "envoy", "image": "envoy:1.33"}, {"name": name, "image": "m", "lifecycle": hook}]}


MANAGED = [
    pytest.param(
        CONTOUR,
        shutdown("/bin/contour", "envoy", "shutdown"),
        ["/bin/contour", "envoy", "shutdown", "--check-delay=20s"],
        "0s",
        id="Contour's default",
    ),
    pytest.param(
        CONTOUR,
        shutdown("/bin/contour", "envoy", "shutdown", "--check-delay=10s", "--min-open-connections=1"),
        ["/bin/contour", "envoy", "shutdown", "--min-open-connections=1", "--check-delay=20s"],
        "10s",
        id="a shorter one of Contour's",
    ),
    pytest.param(
        ENVOY_GATEWAY,
        shutdown("envoy-gateway", "envoy", "shutdown", "--drain-timeout=60s"),
        ["envoy-gateway", "envoy", "shutdown", "--drain-timeout=60s", "--min-drain-duration=20s"],
        "5s",
        id="Envoy Gateway's default",
    ),
]


@pytest.mark.parametrize(("product", "pod", "command", "was"), MANAGED)
def test_a_shutdown_manager_waits_for_the_balancer_before_it_counts_connections(
    product: Product, pod: Any, command: list[str], was: str
) -> None:
    measure = measures(ground(workload(pod), product))[What.DRAIN]

    (row,) = dig(measure.patch, "spec", "template", "spec", "containers")  # type: ignore[misc]  # a list of one
    assert row == {"name": "shutdown-manager", "lifecycle": {"preStop": {"exec": {"command": command}}}}
    assert measure.was == was


def test_a_shutdown_manager_that_waits_long_enough_is_left_alone() -> None:
    pod = shutdown("/bin/contour", "envoy", "shutdown", "--check-delay=60s")

    assert What.DRAIN not in measures(ground(workload(pod), CONTOUR))


def test_ingress_nginx_goes_on_accepting_and_is_given_the_time_to_end() -> None:
    pod = {"containers": [{"name": "controller", "args": ["/nginx-ingress-controller", "--shutdown-grace-period=5"]}]}
    found = measures(ground(workload(pod), INGRESS_NGINX))

    (row,) = dig(found[What.DRAIN].patch, "spec", "template", "spec", "containers")  # type: ignore[misc]  # a list of one
    assert row["args"] == ["/nginx-ingress-controller", "--shutdown-grace-period=20"]  # type: ignore[index]
    assert found[What.GRACE].now == 35


def test_a_check_that_only_connects_is_told_to_be_too_late() -> None:
    assert "harden.connects" in remarks(ground(removal=removal_of([replace(CHECK, path="")])))
    assert "harden.connects" not in remarks(ground(removal=removal_of([])))


def test_a_workload_that_a_controller_writes_is_told_so() -> None:
    assert "harden.owned" in remarks(ground(workload(shutdown("envoy-gateway", "envoy", "shutdown")), ENVOY_GATEWAY))
    assert "harden.owned" not in remarks(ground(product=ISTIO_GATEWAY))
