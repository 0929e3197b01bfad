"""A cloud controller for the old gateways: it registers Ready pods, zeroes those that go, and removes the gone ones.

The same event under it and without any migration is what an event costs by itself.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from migrator.lab.ground.cloud import Cloud, CloudError
from migrator.lab.ground.cluster import Cluster, is_ready
from migrator.lab.ground.layout import GATEWAY_NAMESPACE, GATEWAY_PORT, Address
from migrator.lab.ground.manifests import SELECTOR, Json

EVERY = 0.5
"""Seconds between two of its looks: a controller that watches is told within that time."""

FULL = 100


@dataclass(frozen=True, slots=True)
class Orders:
    """What has to be written so that the balancer follows the pods."""

    register: Mapping[Address, int]
    weights: Mapping[Address, int]
    remove: tuple[Address, ...]


def orders(pods: list[Json], weights: Mapping[Address, int]) -> Orders:
    """Compare the pods with the balancer's rows. Nothing is zeroed or removed while no pod is Ready."""
    own = [pod for pod in pods if not pod["spec"].get("hostNetwork") and pod.get("status", {}).get("podIP")]
    wanted = {Address(pod["status"]["podIP"], GATEWAY_PORT): FULL if is_ready(pod) else 0 for pod in own}
    if FULL not in wanted.values():
        return Orders({}, {}, ())
    changed = {at: weight for at, weight in wanted.items() if weights.get(at, weight) != weight}
    fresh = {at: weight for at, weight in wanted.items() if at not in weights and weight}
    return Orders(fresh, changed, tuple(at for at in weights if at not in wanted))


@contextmanager
def controlling(cluster: Cluster, cloud: Cloud) -> Iterator[None]:
    """Let the controller work for the length of a block. What fails is tried again at its next look."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(EVERY):
            try:
                _follow(cluster, cloud)
            except (httpx.HTTPError, CloudError):
                continue

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(10.0)


def _follow(cluster: Cluster, cloud: Cloud) -> None:
    query = ",".join(f"{key}={value}" for key, value in SELECTOR.items())
    path = f"/api/v1/namespaces/{GATEWAY_NAMESPACE}/pods?labelSelector={query}"
    todo = orders(list(cluster.get(path)["items"]), cloud.weights())
    if todo.register:
        cloud.register(todo.register)
    if todo.weights:
        cloud.set_weights(todo.weights)
    if todo.remove:
        cloud.deregister(list(todo.remove))
