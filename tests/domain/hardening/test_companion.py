"""A container of ours beside the gateway: off by default, it asks the cluster for nothing, and the hook waits for it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from migrator.domain.gateways.products.envoys import PLAIN_ENVOY
from migrator.domain.hardening import Ground, What, harden
from migrator.domain.hardening.companion import FOLLOWER, beside, raising, written
from migrator.domain.hardening.credential import TOKEN
from migrator.domain.hardening.patches import combined
from migrator.domain.model.manifests import Manifest, ObjectRef, dig
from migrator.domain.model.side.companion import By, CompanionSpec
from migrator.domain.model.spec import BalancerSpec, ListenerSpec
from tests.domain.hardening.ground import ground, measures, remarks, workload

BALANCER = BalancerSpec(
    "tencent", "lb-1", (ListenerSpec("l-1", 443),), "ap-1", "http://127.0.0.1:1", None, (("a", "b"),)
)
HOST = {"hostNetwork": True}
READY = {"readinessProbe": {"httpGet": {"path": "/healthz/ready", "port": 15021}}}


LEASE = ObjectRef("coordination.k8s.io/v1", "Lease", "edge", "migrator-gw")


def wanted(by: By = By.BALANCER, made: Any = None, **facts: Any) -> Ground:
    companion = CompanionSpec("registry.example.com/migrator:1", by)
    return ground(made, companion=companion, **{"product": PLAIN_ENVOY, "balancer": BALANCER, "lease": LEASE, **facts})


def containers(of: Ground) -> dict[str, Any]:
    rows = dig(combined(harden(of).measures), "spec", "template", "spec", "containers")
    return {row["name"]: row for row in rows}


def test_nothing_is_put_beside_a_gateway_unless_it_is_wanted() -> None:
    assert What.COMPANION not in measures(ground(product=PLAIN_ENVOY))


def test_the_hook_asks_the_container_and_takes_the_place_of_a_sleep() -> None:
    found = containers(wanted(made=workload(HOST, {"lifecycle": {"preStop": {"sleep": {"seconds": 3}}}})))

    hook = found["istio-proxy"]["lifecycle"]["preStop"]
    assert hook == {"sleep": None, "httpGet": {"path": "/leave", "port": 15099, "host": "127.0.0.1"}}
    assert list(found) == ["istio-proxy", "migrator-farewell"]


def test_by_the_balancer_it_has_a_secret_of_its_own_and_knows_its_rows() -> None:
    made = containers(wanted(made=workload(HOST, READY)))["migrator-farewell"]

    assert made["envFrom"] == [{"secretRef": {"name": "migrator-farewell", "optional": True}}]
    assert json.loads(made["env"][1]["value"]) == json.loads(written(BALANCER))
    assert made["env"][0]["valueFrom"]["fieldRef"]["fieldPath"] == "status.hostIP"
    asked = ["--lease", "edge/migrator-gw", "--port", "8080", "--port", "8443", "--serves", "15021/healthz/ready"]
    assert made["args"][-8:] == asked


def test_the_rows_it_knows_are_those_of_the_ports_that_the_balancer_dials() -> None:
    args = containers(wanted(dialled=(18080,)))["migrator-farewell"]["args"]

    assert [args[at + 1] for at, word in enumerate(args) if word == "--port"] == ["18080"]


def test_it_reads_the_gateways_lease_by_a_token_of_its_own() -> None:
    of = wanted(made=workload({"serviceAccountName": "gw"}))
    pod = dig(combined(harden(of).measures), "spec", "template", "spec")
    role, binding = beside(of)

    assert isinstance(pod, dict)
    assert [row["name"] for row in pod["volumes"]] == [TOKEN]  # type: ignore[index, call-overload, union-attr]
    assert [row["name"] for row in containers(of)["migrator-farewell"]["volumeMounts"]] == [TOKEN]
    assert dig(role, "metadata", "name") == "migrator-farewell-gw"
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "gw", "namespace": "edge"}]
    assert harden(of).objects[-2:] == (role, binding)


@pytest.mark.parametrize("of", [wanted(By.FOLLOWER), wanted(lease=None)])
def test_one_that_needs_nothing_of_the_cluster_gets_nothing(of: Ground) -> None:
    assert beside(of) == ()
    assert "volumeMounts" not in containers(of)["migrator-farewell"]


def test_by_the_follower_it_has_no_credential() -> None:
    made = containers(wanted(By.FOLLOWER))["migrator-farewell"]

    assert "envFrom" not in made
    assert len(made["env"]) == 1
    assert made["args"][-2:] == ["--follower", FOLLOWER]
    assert made["args"][2] == "0.0.0.0:15099"
    assert "host" not in made["readinessProbe"]["httpGet"]
    assert made["env"][0]["valueFrom"]["fieldRef"]["fieldPath"] == "status.podIP"


def test_the_grace_holds_the_longest_wait() -> None:
    assert measures(wanted(longest=20.0))[What.GRACE].now == 40
    assert What.GRACE not in measures(wanted(longest=5.0))


def test_a_products_own_drain_stays_beside_it_and_takes_care_of_the_last_requests() -> None:
    own = wanted(product=ground().product)

    assert What.DRAIN in measures(own)
    assert containers(own)["migrator-farewell"]["args"][6] == "0"
    assert containers(wanted())["migrator-farewell"]["args"][6] == "5"
    assert "harden.companion-alone" not in remarks(own)


def test_it_is_said_what_the_container_needs_and_what_it_is_worth() -> None:
    assert remarks(wanted()) >= {"harden.companion-secret", "harden.companion-raises", "harden.companion-alone"}
    assert remarks(wanted(By.FOLLOWER)) >= {"harden.companion-follower", "harden.companion-alone"}
    assert "harden.nothing-turns" not in remarks(wanted())


def test_a_hook_of_somebody_stays_and_is_named() -> None:
    hook = {"lifecycle": {"preStop": {"exec": {"command": ["/bin/true"]}}}}
    of = wanted(made=workload(HOST, hook))

    assert What.PRE_STOP not in measures(of)
    assert "harden.hook-kept" in remarks(of)


def test_a_balancer_of_few_words_is_written_in_few() -> None:
    plain = BalancerSpec("haproxy", "lb", (ListenerSpec("be", 80),))

    assert json.loads(written(plain)) == {"provider": "haproxy", "id": "lb", "listeners": [{"id": "be", "port": 80}]}


def test_a_gateway_whose_readiness_is_not_asked_over_http_counts_as_serving() -> None:
    made = containers(wanted(made=workload(HOST, {"readinessProbe": {"tcpSocket": {"port": 80}}})))["migrator-farewell"]

    assert "--serves" not in made["args"]


def test_a_gateway_that_can_be_told_to_go_is_told_by_the_container() -> None:
    args = containers(wanted(By.FOLLOWER, admin=15000))["migrator-farewell"]["args"]

    assert args[args.index("--tell") + 1] == "http://127.0.0.1:15000/healthcheck/fail"
    assert "--tell" not in containers(wanted(By.FOLLOWER))["migrator-farewell"]["args"]


def having(*rows: Any) -> Manifest:
    return {"spec": {"template": {"spec": {"containers": [{"name": "istio-proxy"}, *rows]}}}}


def test_only_the_one_that_asks_the_balancer_raises_its_pods_row_by_itself() -> None:
    assert raising(having({"name": "migrator-farewell"}), LEASE) == "migrator-farewell"
    assert raising(having({"name": "off", "args": ["farewell", "--plan", "edge.yaml"]}), LEASE) == "off"
    assert raising(having({"name": "off", "env": [{"name": "MIGRATOR_FAREWELL_BALANCER"}]}), LEASE) == "off"
    assert not raising(having(containers(wanted(By.FOLLOWER))["migrator-farewell"]), LEASE)
    assert not raising(having(), LEASE)


@pytest.mark.parametrize(
    ("lease", "raises"),
    [
        pytest.param(LEASE, False, id="this gateway's"),
        pytest.param(replace(LEASE, name="migrator-other"), True, id="another gateway's"),
        pytest.param(None, True, id="nobody holds one"),
    ],
)
def test_one_that_minds_a_lease_writes_nothing_while_that_is_held(lease: ObjectRef | None, raises: bool) -> None:
    made = containers(wanted(made=workload(HOST, READY)))["migrator-farewell"]

    assert bool(raising(having(made), lease)) is raises
    assert not raising(having({**made, "args": ["farewell", "--lease=edge/migrator-gw"]}), LEASE)
