"""Events find the gateways of both sides, by whichever labels the plans keep them apart."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from migrator.lab.demo.demonstration import PLANS
from migrator.lab.ground.cluster import Cluster
from migrator.lab.ground.layout import Layout
from migrator.lab.ground.manifests import SELECTOR
from migrator.lab.soak import events
from migrator.lab.soak.events import World


def pod(name: str, kind: str, labels: dict[str, str]) -> dict[str, Any]:
    owner = {"kind": kind, "name": "owner"}
    status = {"podIP": "127.90.1.1", "conditions": [{"type": "Ready", "status": "True"}]}
    return {"metadata": {"name": name, "labels": labels, "ownerReferences": [owner]}, "status": status}


def world(*pods: dict[str, Any]) -> World:
    """Give a world whose API server lists pods as a real one does: by every label that is asked for."""
    gone: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            gone.append(request.url.path.split("/")[-2])
            return httpx.Response(201, json={})
        asked = [pair.split("=") for pair in request.url.params["labelSelector"].split(",")]
        left = [each for each in pods if each["metadata"]["name"] not in gone]
        found = [each for each in left if all(each["metadata"]["labels"].get(key) == is_ for key, is_ in asked)]
        return httpx.Response(200, json={"items": found})

    http = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://127.90.0.1")
    return World(Layout("127.90"), Cluster(http), 1, random.Random(1))


def new_labels() -> Iterator[Any]:
    for name, plan in PLANS.items():
        target = yaml.safe_load(Path(plan).read_text(encoding="utf-8"))["spec"]["target"]
        yield pytest.param({**SELECTOR, **target.get("labels", {})}, id=name)


@pytest.mark.parametrize("labels", list(new_labels()))
def test_pods_of_both_sides_are_found_whatever_labels_a_plan_gives_the_new_ones(labels: dict[str, str]) -> None:
    old = [pod(f"old-{number}", "ReplicaSet", SELECTOR) for number in (1, 2)]
    new = [pod(f"new-{number}", "DaemonSet", labels) for number in (1, 2)]
    seen = world(*old, *new)

    assert seen.pods("Deployment") == old
    assert seen.pods("DaemonSet") == new


@pytest.mark.parametrize("kind", ["Deployment", "DaemonSet"])
def test_an_eviction_takes_one_pod_of_its_side_and_leaves_the_last_one(kind: str) -> None:
    owner = "ReplicaSet" if kind == "Deployment" else kind
    other = "DaemonSet" if kind == "Deployment" else "ReplicaSet"
    seen = world(*(pod(f"{whose}-{number}", whose, SELECTOR) for whose in (owner, other) for number in (1, 2)))

    first, second = events.evict(kind)(seen), events.evict(kind)(seen)

    assert first in {f"Pod {owner}-1", f"Pod {owner}-2"}
    assert second == ""
