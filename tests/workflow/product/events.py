"""What can happen to a run from outside, as values: what happens, how long it lasts, and how it is over."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

from migrator.domain.messages.errors import Denied, Unreachable
from migrator.domain.messages.message import verbatim
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping, merged, text
from tests.fakes import upheaval
from tests.fakes.objects import NEW, OLD
from tests.fakes.orders import Orders
from tests.fakes.world import DEPLOYMENT, SERVICE
from tests.workflow.product.world import REPLICAS, LivingWorld

Act = Callable[[LivingWorld], None]

SILENT = Unreachable(verbatim("no answer"))
USUAL = "envoy"
LASTS = 12.0
"""Seconds: longer than every patience of the product's plan."""


def nothing(_world: LivingWorld) -> None:
    """Do nothing: some things are over by themselves."""


@dataclass(frozen=True, slots=True)
class Event:
    """`act` makes it happen, `over` ends it `lasts` seconds later; `blind` says which judge it takes the sight of."""

    name: str
    act: Act
    over: Act = nothing
    lasts: float = LASTS
    by_prometheus: bool = False

    def __str__(self) -> str:
        return self.name


# --- the old side --------------------------------------------------------------------------------------------------


def _restart(world: LivingWorld) -> None:
    upheaval.end(world)


def _evict(world: LivingWorld) -> None:
    upheaval.end(world, 1)


def _lose_node(world: LivingWorld) -> None:
    world.cluster.objects.pop(ObjectRef("v1", "Node", "", "node-0"))
    for ref, pod in list(world.cluster.objects.items()):
        if ref.kind == "Pod" and text(pod, "spec", "nodeName") == "node-0":
            world.cluster.lose(ref)


def _node_is_back(world: LivingWorld) -> None:
    world.cluster.add_node("node-0", "10.1.0.1", role="gateway")


def _replace_node(world: LivingWorld) -> None:
    """Let another node of the plan's selector come for one that is gone for good, as a node pool does."""
    _lose_node(world)
    world.cluster.add_node("node-9", "10.1.0.9", role="gateway")


def _scaled(replicas: int) -> Act:
    def act(world: LivingWorld) -> None:
        if DEPLOYMENT in world.cluster.objects:
            upheaval.scale(world, replicas)

    return act


def _crashed(workload: str) -> Act:
    """Let every pod of a workload crash where it stands; its process starts anew when it is over."""

    def act(world: LivingWorld) -> None:
        world.cluster.trouble(workload, "CrashLoopBackOff")
        for pod in world.pods(workload):
            world.gateways.restart(text(pod, "metadata", "name"))

    return act


def _well(workload: str) -> Act:
    return lambda world: world.cluster.trouble(workload, "")


def _image(image: str) -> Act:
    """Let another hand change the old template's image; the Deployment replaces its pods, not when it is changed back."""

    def act(world: LivingWorld) -> None:
        if DEPLOYMENT not in world.cluster.objects:
            return
        spec = mapping(world.cluster.objects[DEPLOYMENT], "spec", "template", "spec")
        spec["containers"] = [{**each, "image": image} for each in spec["containers"]]  # type: ignore[union-attr, dict-item]
        if image != USUAL:
            upheaval.end(world)

    return act


# --- the new side --------------------------------------------------------------------------------------------------


def _evict_new(world: LivingWorld) -> None:
    for pod in world.pods(NEW)[:1]:
        mapping(pod, "metadata").setdefault("deletionTimestamp", world.clock.now().isoformat())


def _answers(kind: str, share: float) -> Act:
    return lambda world: getattr(world.traffic, kind).update({Side.NEW: share})


# --- losing sight ---------------------------------------------------------------------------------------------------


def _failing(orders: Callable[[LivingWorld], list[Orders]], error: BaseException | None, seconds: float = 0.0) -> Act:
    def act(world: LivingWorld) -> None:
        for each in orders(world):
            each.lasting(error, seconds)

    return act


def _answering(orders: Callable[[LivingWorld], list[Orders]]) -> Act:
    def over(world: LivingWorld) -> None:
        for each in orders(world):
            each.forgive()

    return over


def _cluster(world: LivingWorld) -> list[Orders]:
    """The gateways' admin ports are reached through the API server."""
    return [world.cluster.orders, world.gateways.orders]


def _balancer(world: LivingWorld) -> list[Orders]:
    return [world.balancer.orders]


def _admin(world: LivingWorld) -> list[Orders]:
    return [world.gateways.orders]


def _prometheus(mute: bool, error: Unreachable | None = None) -> Act:
    def act(world: LivingWorld) -> None:
        assert world.prometheus is not None
        world.prometheus.mute, world.prometheus.error = mute, error

    return act


# --- other hands ----------------------------------------------------------------------------------------------------


def _service(field: str, value: Json) -> tuple[Act, Act]:
    """Let another hand change a field of the old Service, and change it back if nobody has done so."""

    def act(world: LivingWorld) -> None:
        spec = mapping(world.cluster.objects[SERVICE], "spec")
        world.before = copy.deepcopy(spec[field])
        world.cluster.objects[SERVICE] = changed(world, value)

    def over(world: LivingWorld) -> None:
        if mapping(world.cluster.objects[SERVICE], "spec")[field] == mapping(changed(world, value), "spec")[field]:
            world.cluster.objects[SERVICE] = changed(world, world.before)

    def changed(world: LivingWorld, value: Json) -> Manifest:
        found = merged(world.cluster.objects[SERVICE], {"spec": {field: value}})
        assert isinstance(found, dict)
        return found

    return act, over


def sight(
    name: str, of: Callable[[LivingWorld], list[Orders]], error: BaseException | None, seconds: float = 0.0
) -> Event:
    """Give a loss of sight that ends."""
    return Event(name, _failing(of, error, seconds), _answering(of))


EVENTS = (
    Event("old restarted", _restart),
    Event("old pod evicted", _evict),
    Event("node lost", _lose_node, _node_is_back),
    Event("node replaced by another", _replace_node),
    Event("old scaled up", _scaled(REPLICAS + 1)),
    Event("old scaled down", _scaled(REPLICAS - 1), _scaled(REPLICAS)),
    Event("old out of memory", _crashed(OLD), _well(OLD), lasts=3.0),
    Event("old image changed", _image("envoy:other"), _image(USUAL)),
    Event("new crashed", _crashed(NEW), _well(NEW), lasts=5.0),
    Event("new pod evicted", _evict_new),
    Event("new answers 404", _answers("not_found", 1.0), _answers("not_found", 0.0)),
    Event("new answers 5xx", _answers("bad", 0.3), _answers("bad", 0.0)),
    sight("token ended (401)", _cluster, Denied(verbatim("401 Unauthorized"))),
    sight("token revoked (403)", _cluster, Denied(verbatim("403 Forbidden"))),
    sight("API server gone", _cluster, SILENT),
    sight("API server hangs", _cluster, SILENT, 3.0),
    sight("API server slow", _cluster, None, 0.5),
    sight("balancer gone", _balancer, SILENT),
    sight("balancer hangs", _balancer, SILENT, 5.0),
    sight("balancer slow", _balancer, None, 1.0),
    sight("admin silent", _admin, SILENT),
    Event("Prometheus silent", _prometheus(False, SILENT), _prometheus(False), by_prometheus=True),
    Event("Prometheus stale, empty, NaN", _prometheus(True), _prometheus(False), by_prometheus=True),
    Event("Service's port changed", *_service("ports", [{"port": 80, "targetPort": 9090}])),
    Event("Service widened", *_service("selector", {"version": None})),
)
