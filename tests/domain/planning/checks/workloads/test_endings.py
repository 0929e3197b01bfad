"""How a pod ends and starts: preStop, grace, the words of a drain, liveness and probes, with the numbers put in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from migrator.domain.balancers.settings import HealthCheck
from migrator.domain.gateways import PROFILES
from migrator.domain.gateways.istio.pods import exit_has_a_bound, readiness_is_sticky
from migrator.domain.messages.message import say
from migrator.domain.model.balancer import Backend, Capabilities, Health, Target
from migrator.domain.model.manifests import mapping
from migrator.domain.model.spec import GatewaySpec, Spec
from migrator.domain.planning.checks.workloads import probes, termination
from migrator.domain.planning.proposal import propose
from tests.domain.planning.checks.ground import (
    NEW,
    OLD,
    SPEC,
    codes,
    deployment,
    node,
    service,
    thing,
    with_container,
    world,
)

ENVOY = replace(SPEC, gateway=GatewaySpec("envoy"))


def hook(words: str) -> dict[str, Any]:
    return {"lifecycle": {"preStop": {"exec": {"command": ["/bin/sh", "-c", words]}, "sleep": None}}}


def env(*values: str) -> dict[str, Any]:
    return {"env": [{"name": "WAIT", "value": value} for value in values]}


ENDINGS = [
    pytest.param({}, set(), id="sleeps long enough"),
    pytest.param({"lifecycle": None}, {"termination.no-prestop warn"}, id="no preStop"),
    pytest.param(hook("sleep 10"), {"termination.prestop-short warn"}, id="sleeps too short"),
    pytest.param(hook("sleep 10; sleep 5"), set(), id="sleeps twice"),
    pytest.param(hook("sleep 0.5m"), set(), id="sleeps half a minute"),
    pytest.param(hook("sleep '20s'"), set(), id="sleeps, in quotes"),
    pytest.param({**hook("sleep $WAIT"), **env("20")}, set(), id="a variable says how long"),
    pytest.param({**hook('sleep "${WAIT}"'), **env("20s")}, set(), id="a variable in quotes, with its unit"),
    pytest.param({**hook("sleep $(WAIT)"), **env("20")}, set(), id="a variable as Kubernetes writes it"),
    pytest.param({**hook("sleep ${WAIT:-90}"), **env("20")}, set(), id="a variable before its default"),
    pytest.param(hook("sleep ${WAIT:-20}"), set(), id="a default without its variable"),
    pytest.param(
        {**hook("sleep $WAIT"), **env("5")}, {"termination.prestop-short warn"}, id="a variable says too short"
    ),
    pytest.param(
        {**hook("sleep $WAIT"), **env("soon")}, {"termination.unknown-length info"}, id="a variable says nothing"
    ),
    pytest.param(hook("sleep $WAIT"), {"termination.unknown-length info"}, id="a variable of nobody"),
    pytest.param(hook("sleep 88"), {"termination.grace-short warn"}, id="grace ends inside the drain"),
    pytest.param(
        {"lifecycle": {"preStop": {"httpGet": {"path": "/shutdown"}, "sleep": None}}},
        {"termination.unknown-length info"},
        id="waits nobody knows how long",
    ),
]


@pytest.mark.parametrize(("changes", "found"), ENDINGS)
def test_a_pod_that_others_delete_must_end_in_time(changes: Any, found: set[str]) -> None:
    seen = world(source=deployment(with_container(**changes)))

    assert codes(termination.pods_end_in_time(propose(seen, SPEC))) == {"termination.numbers info", *found}


def test_the_formula_is_printed_with_its_numbers() -> None:
    slow = (HealthCheck("l-1", interval=10.0, unhealthy=3),)

    first, *_ = termination.pods_end_in_time(propose(world(health=slow), SPEC))

    assert first["numbers"] == say(
        "termination.formula",
        waits=20.0,
        interval=10.0,
        threshold=3,
        buffer=5.0,
        wanted=35.0,
        source=say("termination.measured"),
        grace=90.0,
        drain=5.0,
    )


QUICK, SLOW_BALANCER = Capabilities(settle=1.0), Capabilities(settle=30.0)
NOTICED = [
    pytest.param({}, SPEC, QUICK, "ends-noticed info", id="a preStop that sleeps"),
    pytest.param({"lifecycle": None}, SPEC, QUICK, "ends-noticed info", id="Istio's own drain is long enough"),
    pytest.param({"lifecycle": None}, ENVOY, QUICK, "ends-unnoticed warn", id="nothing waits"),
    pytest.param(hook("sleep 2"), ENVOY, QUICK, "ends-unnoticed warn", id="as long as it takes, and no longer"),
    pytest.param({}, SPEC, SLOW_BALANCER, "ends-unnoticed warn", id="a balancer slower than the pods' end"),
    pytest.param(hook("sleep $WAIT"), ENVOY, QUICK, "ends-unnoticed warn", id="nobody can tell how long"),
    pytest.param(hook("sleep $WAIT"), SPEC, QUICK, "ends-noticed info", id="nobody can tell, but the drain is enough"),
]


@pytest.mark.parametrize(("changes", "spec", "can", "said"), NOTICED)
def test_the_plan_says_of_each_side_whether_the_end_of_a_pod_is_noticed_in_time(
    changes: Any, spec: Spec, can: Capabilities, said: str
) -> None:
    seen = world(source=deployment(with_container(**changes)), capabilities=can)

    found = list(termination.ends_are_noticed(propose(seen, spec)))

    assert [str(row.subject) for row in found] == [f"Deployment {OLD}", f"DaemonSet {NEW}"]
    assert codes(found) == {f"termination.{said}"}


def test_a_preStop_of_unknown_length_is_told_as_unknown() -> None:
    seen = world(source=deployment(with_container(**hook("sleep $WAIT"))), capabilities=QUICK)

    assert {row.variant for row in termination.ends_are_noticed(propose(seen, ENVOY))} == {"unknown"}


def test_the_end_of_a_pod_is_cut_off_by_its_grace_period() -> None:
    made = with_container()
    made["spec"] = {**mapping(made, "spec"), "terminationGracePeriodSeconds": 2}
    seen = world(source=deployment(made), capabilities=QUICK)

    old, _ = termination.ends_are_noticed(propose(seen, SPEC))

    assert (old.code, old["serves"], old["within"]) == ("termination.ends-unnoticed", 2.0, 2.0)


def test_each_side_is_judged_by_its_own_pods() -> None:
    waits: Any = {"name": "istio-proxy", "lifecycle": {"preStop": {"sleep": {"seconds": 20}}}}
    patch: Any = {"spec": {"template": {"spec": {"containers": [waits]}}}}
    lively = replace(SPEC.target, patch=patch)
    seen = world(source=deployment(with_container(lifecycle=None)), capabilities=Capabilities(settle=6.0))

    old, new = termination.ends_are_noticed(propose(seen, replace(SPEC, target=lively)))

    assert (old.code, new.code) == ("termination.ends-unnoticed", "termination.ends-noticed")


WHO = [
    pytest.param({"capabilities": QUICK}, "run", 2.0, id="the run"),
    pytest.param({"capabilities": replace(QUICK, controlled=True)}, "controller", 2.0, id="a cloud's controller"),
    pytest.param(
        {
            "capabilities": QUICK,
            "targets": (Target(Backend("l-1", "10.1.0.1", 30080), 100, Health.HEALTHY),),
        },
        "nodes",
        1.0,
        id="the nodes, behind a node port",
    ),
]


@pytest.mark.parametrize(("facts", "who", "within"), WHO)
def test_who_keeps_connections_from_a_pod_that_ends_is_said(facts: Any, who: str, within: float) -> None:
    ports: Any = [{"name": "http2", "port": 80, "targetPort": 8080, "nodePort": 30080}]
    leading: Any = {"plain": [service(type="NodePort", ports=ports)], **facts}
    seen = world(node(), **leading)

    old, _ = termination.ends_are_noticed(propose(seen, SPEC))

    assert (old["by"], old["within"]) == (say(f"termination.by-{who}"), within)


def test_of_a_source_that_is_gone_no_end_is_told() -> None:
    assert not list(termination.ends_are_noticed(propose(replace(world(), source=None), SPEC)))


DRAINS = [
    pytest.param("terminationDrainDuration: 30s", "", 30.0, id="the pod's annotation"),
    pytest.param("", "terminationDrainDuration: 1m", 60.0, id="the mesh configuration"),
    pytest.param("", 'terminationDrainDuration: "1m30s"', 90.0, id="in several units"),
    pytest.param("", "", 5.0, id="Istio's default"),
]


@pytest.mark.parametrize(("own", "mesh", "seconds"), DRAINS)
def test_the_drain_of_istio_is_read_where_it_is_set(own: str, mesh: str, seconds: float) -> None:
    made = with_container()
    made["metadata"] = {
        "labels": {"app": "gw", "istio": "ingressgateway"},
        "annotations": {"proxy.istio.io/config": own},
    }
    config = {**thing("ConfigMap", "istio", space="istio-system"), "data": {"mesh": mesh}}

    assert termination.ending(propose(world(config, source=deployment(made)), SPEC)).drain == seconds
    assert termination.ending(propose(world(), ENVOY)).drain == 0.0


WORDS = [
    pytest.param(
        "curl -X POST localhost:15000/drain_listeners?inboundonly", SPEC, {"drain-no-effect"}, id="inboundonly on Istio"
    ),
    pytest.param(
        "curl -X POST localhost:9901/drain_listeners?inboundonly", ENVOY, {"drain-refuses"}, id="inboundonly on Envoy"
    ),
    pytest.param("curl -X POST localhost:9901/drain_listeners", ENVOY, {"drain-refuses"}, id="without graceful"),
    pytest.param("curl localhost:9901/drain_listeners?graceful", ENVOY, {"drain-not-posted"}, id="by GET"),
    pytest.param("pilot-agent request POST drain_listeners?graceful&skip_exit", SPEC, set(), id="the safe words"),
    pytest.param("curl -X POST localhost:9901/healthcheck/fail", ENVOY, set(), id="healthcheck/fail"),
]


@pytest.mark.parametrize(("words", "spec", "found"), WORDS)
def test_what_drain_listeners_really_does_is_said(words: str, spec: Spec, found: set[str]) -> None:
    seen = world(source=deployment(with_container(**hook(words))))

    assert codes(termination.drain_is_meant(propose(seen, spec))) == {f"termination.{name} warn" for name in found}


LIVES = [
    pytest.param({"httpGet": {"path": "/ready", "port": 9901}}, ENVOY, True, id="/ready of Envoy"),
    pytest.param(
        {"httpGet": None, "exec": {"command": ["curl", "localhost:15000/ready"]}}, SPEC, True, id="/ready by a command"
    ),
    pytest.param(
        {"httpGet": {"path": "/healthz/ready", "port": 15021}}, SPEC, False, id="Istio's own, which stays 200"
    ),
    pytest.param({"httpGet": None, "tcpSocket": {"port": 9901}}, ENVOY, False, id="a TCP connect"),
]


@pytest.mark.parametrize(("probe", "spec", "blocks"), LIVES)
def test_a_liveness_probe_that_the_word_to_go_flips_blocks(probe: Any, spec: Spec, blocks: bool) -> None:
    seen = world(source=deployment(with_container(livenessProbe=probe)))

    assert codes(termination.liveness_survives_the_word(propose(seen, spec))) == (
        {"termination.liveness block"} if blocks else set()
    )


def test_waiting_for_zero_connections_has_no_bound_of_its_own() -> None:
    said = [{"name": "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", "value": "true"}]
    seen = world(source=deployment(with_container(env=said)))

    (found,) = exit_has_a_bound(propose(seen, SPEC))
    assert (found.code, found["grace"]) == ("termination.exit-on-zero", 90.0)
    assert not list(exit_has_a_bound(propose(world(), SPEC)))
    assert not list(exit_has_a_bound(propose(replace(seen, source=None), SPEC)))


def test_connections_that_never_go_by_themselves_are_told_of() -> None:
    assert codes(termination.long_connections_are_decided(propose(world(), SPEC))) == {
        "termination.long-connections info"
    }


PROBES = [
    pytest.param({}, set(), id="all three"),
    pytest.param({"startupProbe": None}, {"probes.no-startup warn"}, id="no startup probe"),
    pytest.param({"readinessProbe": None}, {"probes.no-readiness warn"}, id="no readiness probe"),
    pytest.param(
        {"startupProbe": {"periodSeconds": 10, "failureThreshold": 60}},
        {"probes.start-longer-than-deadline warn"},
        id="a start longer than the deadline",
    ),
]


@pytest.mark.parametrize(("changes", "found"), PROBES)
def test_probes_that_are_missing_are_named_with_a_suggestion(changes: Any, found: set[str]) -> None:
    seen = world(source=deployment(with_container(**changes)))

    assert codes(probes.probes_are_there(propose(seen, SPEC))) == found


def test_the_readiness_of_istio_is_told_to_be_sticky() -> None:
    assert codes(readiness_is_sticky(propose(world(), SPEC))) == {"probes.sticky-ready info"}
    assert not list(readiness_is_sticky(propose(replace(world(), source=None), SPEC)))


def exec_probe(words: str, image: str = "proxyv2:1.29") -> dict[str, Any]:
    return {"image": image, "startupProbe": {"httpGet": None, "exec": {"command": ["sh", "-c", words]}}}


COMMANDS = [
    pytest.param(
        exec_probe("curl -s localhost:15000/listeners | jq length"), {"probes.listeners-text warn"}, id="text into jq"
    ),
    pytest.param(exec_probe("curl -s 'localhost:15000/listeners?format=json' | jq length"), set(), id="JSON into jq"),
    pytest.param(
        exec_probe("curl x", "proxyv2:1.29-distroless"), {"probes.no-shell warn"}, id="a shell in a distroless image"
    ),
    pytest.param(exec_probe("true"), set(), id="a command that needs nothing"),
]


@pytest.mark.parametrize(("changes", "found"), COMMANDS)
def test_commands_that_cannot_run_are_named(changes: Any, found: set[str]) -> None:
    assert codes(probes.words_can_be_run(propose(world(source=deployment(with_container(**changes))), SPEC))) == found


def test_the_suggested_set_does_not_let_the_word_to_go_kill() -> None:
    suggestion: Any = probes.suggested(PROFILES["envoy"], ENVOY.gateway.admin_port)

    assert "tcpSocket" in suggestion["livenessProbe"]
    made = with_container(**{"livenessProbe": {"httpGet": None}, **suggestion})
    assert not list(termination.liveness_survives_the_word(propose(world(source=deployment(made)), ENVOY)))


@pytest.mark.parametrize("kind", ["istio", "envoy", "nginx"])
@pytest.mark.parametrize("missing", ["startupProbe", "readinessProbe"])
def test_the_suggested_probe_can_be_pasted_into_the_plan_and_mends_what_it_is_suggested_for(
    kind: str, missing: str
) -> None:
    spec = replace(SPEC, gateway=replace(SPEC.gateway, kind=kind))
    seen = world(source=deployment(with_container(**{missing: None})))
    (found,) = [row for row in probes.probes_are_there(propose(seen, spec)) if row.code.startswith("probes.no-")]

    pasted: Any = {"target": {"patch": yaml.safe_load(str(found["patch"]))}}
    mended = replace(spec, target=replace(spec.target, patch=pasted["target"]["patch"]))

    assert not [row for row in probes.probes_are_there(propose(seen, mended)) if row.code.startswith("probes.no-")]
