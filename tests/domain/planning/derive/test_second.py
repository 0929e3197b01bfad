"""A second Deployment beside the first: its pods are the first one's, but for what tells them apart and the patch."""

from __future__ import annotations

from dataclasses import replace

from migrator.domain.model.manifests import dig, items, labels
from migrator.domain.model.pod_targets import PodTargets
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Network
from migrator.domain.planning.derive import second
from tests.domain.planning.derive.gateways import deployment, spec

POD = ("spec", "template", "spec")


def plan(replicas: int = 3, **more: object) -> Spec:
    wanted = {"workload_kind": "Deployment", "pod_targets": PodTargets(replicas), "node_selector": (), **more}
    return spec(network=Network.POD, **wanted)


def test_it_is_told_apart_and_everything_else_of_its_pods_is_kept() -> None:
    source = deployment()

    made, said = second(source, plan(), gates=("no.such/gate",))

    assert (made["kind"], dig(made, "metadata", "name")) == ("Deployment", "gateway-ds")
    assert labels(made, "spec", "selector", "matchLabels") == {"app": "gateway", "version": "v2"}
    assert dig(made, *POD, "affinity") == dig(source, *POD, "affinity")
    assert "hostPort" not in items(items(made, *POD, "containers")[0], "ports")[0]
    assert dig(made, "spec", "strategy") == dig(source, "spec", "strategy")
    assert {"spec.replicas", "spec.strategy"}.isdisjoint(row.path for row in said)


def test_its_number_of_pods_is_the_plans_and_it_is_never_paused() -> None:
    source = deployment()
    source["spec"]["paused"] = True

    made, said = second(source, plan(5))

    assert (dig(made, "spec", "replicas"), dig(made, "spec", "paused")) == (5, None)
    assert {"spec.replicas", "spec.paused"} <= {row.path for row in said}


def test_the_operators_patch_makes_it_the_new_version() -> None:
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "proxy", "image": "proxy:2"}]}}}}

    made, said = second(deployment(), replace(plan(), target=replace(plan().target, patch=patch)))

    assert "proxy:2" in [row.get("image") for row in items(made, *POD, "containers")]
    assert any(row.path.endswith(".image") for row in said)
