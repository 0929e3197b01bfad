"""A cluster in memory: applies the controllers' writes with the API's semantics, and plays the kubelets. No network."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from migrator.lab.controllers.api.objects import is_deleting, name_of, namespace_of, stamp, uid_of
from migrator.lab.controllers.api.resources import (
    DAEMON_SETS,
    DEPLOYMENTS,
    NODES,
    PODS,
    REPLICA_SETS,
    SERVICES,
    Resource,
)
from migrator.lab.controllers.api.writes import Apply, Bind, Create, Delete, Patch, RecordEvent, Sync, World, Write
from migrator.lab.controllers.nodes.scheduler import Scheduler
from migrator.lab.controllers.services import endpointslices
from migrator.lab.controllers.workloads import deployment, replicaset
from migrator.lab.controllers.workloads.daemonset import sync as daemon_sync
from tests.lab.controllers import collector

Json = dict[str, Any]
_ROUNDS = 60


def merge(old: Any, new: Any) -> Any:
    """Apply a JSON merge patch."""
    if not isinstance(new, dict):
        return copy.deepcopy(new)
    result = dict(old) if isinstance(old, dict) else {}
    for key, value in new.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


class Cluster:
    """Objects, a clock that moves only when told, and the controllers under test."""

    def __init__(self, nodes: int = 0) -> None:
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        self.events: list[RecordEvent] = []
        self.refuse: str | None = None
        self._refusals: dict[str, str] = {}
        self._objects: dict[Resource, dict[tuple[str, str], Json]] = {}
        self._numbers = count(1)
        self._syncs: dict[str, Callable[[World], Sync]] = {
            "deployment": deployment.sync,
            "replicaset": replicaset.sync,
            "daemonset": daemon_sync,
            "scheduler": Scheduler().sync,
            "endpointslice": endpointslices.sync,
            "garbage": collector.sync,
        }
        for number in range(1, nodes + 1):
            self.add(NODES, node(f"n{number}"))

    def also(self, name: str, sync: Callable[[World], Sync]) -> None:
        """Let one more controller act."""
        self._syncs[name] = sync

    def add(self, resource: Resource, item: Json) -> Json:
        """Create an object as the server would."""
        made = copy.deepcopy(item)
        made |= {"kind": resource.kind, "apiVersion": resource.group_version}
        meta = made["metadata"]
        if resource.namespaced:
            meta.setdefault("namespace", "default")
        number = next(self._numbers)
        meta.setdefault("name", f"{meta.get('generateName', 'x-')}{number:05d}")
        meta |= {"uid": f"uid-{number}", "resourceVersion": str(number), "creationTimestamp": stamp(self.now)}
        meta["generation"] = 1
        key = (namespace_of(made), name_of(made))
        assert key not in self._of(resource), f"{key} already exists"
        self._of(resource)[key] = made
        return made

    def change(self, resource: Resource, name: str, patch: Json, namespace: str = "default") -> Json:
        """Merge-patch an object by name; a change of spec counts a generation."""
        key = (namespace if resource.namespaced else "", name)
        old = self._of(resource)[key]
        new = merge(old, patch)
        if new != old:
            new["metadata"]["resourceVersion"] = str(next(self._numbers))
            if new.get("spec") != old.get("spec"):
                new["metadata"]["generation"] = old["metadata"]["generation"] + 1
            self._of(resource)[key] = new
        return new

    def remove(self, resource: Resource, name: str, *, orphan: bool = False, foreground: bool = False) -> None:
        """Ask for the deletion of an object in the `default` namespace."""
        finalizer = collector.ORPHAN if orphan else collector.FOREGROUND if foreground else None
        self._delete(resource, self.get(resource, name), finalizer)

    def erase(self, resource: Resource, name: str) -> None:
        """Take an object away without ceremony."""
        del self._of(resource)[("default" if resource.namespaced else "", name)]

    def delete_pod(self, pod: str) -> None:
        """Ask for the deletion of a pod, as a person would."""
        self._delete(PODS, self.get(PODS, pod), None)

    def get(self, resource: Resource, name: str, namespace: str = "default") -> Json:
        """Give an object by name."""
        return self._of(resource)[(namespace if resource.namespaced else "", name)]

    def all(self, resource: Resource) -> list[Json]:
        """Give all objects of a type."""
        return list(self._of(resource).values())

    def pods(self, **labels: str) -> list[Json]:
        """Give the pods with these labels that are not being deleted."""
        found = [pod for pod in self.all(PODS) if labels.items() <= (pod["metadata"].get("labels") or {}).items()]
        return [pod for pod in found if not is_deleting(pod)]

    def world(self) -> World:
        """Give what a controller would look at now."""
        objects = {resource: list(items.values()) for resource, items in self._objects.items()}
        return World(self.now, objects, dict(self._refusals))

    def settle(self, *, kubelets: bool = True) -> None:
        """Let controllers, and kubelets if wanted, act until nothing changes any more."""
        for _ in range(_ROUNDS):
            writes = [write for sync in self._syncs.values() for write in self._acted(sync)]
            moved = self.kubelets() if kubelets else False
            if not moved and all(isinstance(write, RecordEvent) for write in writes):
                return
        raise AssertionError(f"not settled after {_ROUNDS} rounds: {writes}")

    def step(self, *names: str) -> None:
        """Let each of the named controllers act once."""
        for name in names:
            self._acted(self._syncs[name])

    def _acted(self, sync: Callable[[World], Sync]) -> tuple[Write, ...]:
        writes = sync(self.world()).writes
        done = [write for write in writes if self.perform(write)]
        return tuple(done)

    def pass_time(self, seconds: float) -> None:
        """Move the clock."""
        self.now += timedelta(seconds=seconds)

    def perform(self, write: Write) -> bool:
        """Apply one write; say whether the server took it."""
        match write:
            case Create():
                return self._create(write)
            case Patch():
                self.change(write.resource, name_of(write.target), write.body, namespace_of(write.target))
            case Apply():
                self._apply(write)
            case Delete():
                self._delete(write.resource, write.target, None)
            case Bind():
                self.change(PODS, name_of(write.pod), {"spec": {"nodeName": write.node}}, namespace_of(write.pod))
            case RecordEvent():
                self.events.append(write)
        return True

    def _apply(self, write: Apply) -> None:
        """Make it, or merge it in: the fields that an earlier apply had and this one has not stay, unlike at a server."""
        key = (namespace_of(write.body), name_of(write.body))
        if key in self._of(write.resource):
            self.change(write.resource, key[1], write.body, key[0])
        else:
            self.add(write.resource, write.body)

    def _create(self, write: Create) -> bool:
        if self.refuse is not None and write.resource is PODS and write.owner is not None:
            self._refusals[uid_of(write.owner)] = self.refuse
            return False
        self.add(write.resource, write.body)
        return True

    def _delete(self, resource: Resource, item: Json, finalizer: str | None) -> None:
        key = (namespace_of(item), name_of(item))
        held = self._of(resource).get(key)
        if held is None:
            return
        running = resource is PODS and held["spec"].get("nodeName")
        if running or finalizer:
            finalizers = [finalizer] if finalizer else None
            meta = {"deletionTimestamp": stamp(self.now), "finalizers": finalizers}
            self._of(resource)[key] = merge(held, {"metadata": meta})
        else:
            del self._of(resource)[key]

    def kubelets(self) -> bool:
        """Start bound pods, end deleted ones, and finish deletions; say whether anything changed."""
        before = copy.deepcopy(self._objects)
        for key, pod in list(self._of(PODS).items()):
            if is_deleting(pod) and not pod["metadata"].get("finalizers"):
                del self._of(PODS)[key]
            elif pod["spec"].get("nodeName") and "status" not in pod:
                self.report(pod)
        for resource in (DEPLOYMENTS, REPLICA_SETS, DAEMON_SETS, SERVICES):
            for key, item in list(self._of(resource).items()):
                if is_deleting(item) and not item["metadata"].get("finalizers"):
                    del self._of(resource)[key]
        return before != self._objects

    def report(self, pod: Json, *, ready: bool = True) -> None:
        """Report a pod as running, Ready or not, as its kubelet would."""
        condition = {"type": "Ready", "status": str(ready), "lastTransitionTime": stamp(self.now)}
        address = f"127.11.0.{uid_of(pod).removeprefix('uid-')}"
        status = {"phase": "Running", "podIP": address, "conditions": [condition]}
        self.change(PODS, name_of(pod), {"status": status}, namespace_of(pod))

    def _of(self, resource: Resource) -> dict[tuple[str, str], Json]:
        return self._objects.setdefault(resource, {})


def node(name: str, **labels: str) -> Json:
    """Give a healthy node."""
    own = {"kubernetes.io/hostname": name, **labels}
    ready = {"type": "Ready", "status": "True", "lastHeartbeatTime": "2030-01-01T00:00:00Z"}
    return {"metadata": {"name": name, "labels": own}, "spec": {}, "status": {"conditions": [ready]}}


def template(image: str = "lab/httpd", ports: tuple[int, ...] = (), **extra: Any) -> Json:
    """Give a pod template labelled app=gw."""
    declared = [{"containerPort": port} for port in ports]
    container = {"name": "c", "image": image} | ({"ports": declared} if ports else {})
    return {"metadata": {"labels": {"app": "gw"}}, "spec": {"containers": [container], **extra}}


def deployment_of(replicas: int, **spec: Any) -> Json:
    """Give the Deployment `gw`."""
    body = {"replicas": replicas, "selector": {"matchLabels": {"app": "gw"}}, "template": template()}
    return {"metadata": {"name": "gw"}, "spec": body | spec}


def daemon_set_of(name: str = "ds", pod: Json | None = None, **spec: Any) -> Json:
    """Give a DaemonSet whose pods carry app=NAME."""
    wanted = copy.deepcopy(pod or template())
    wanted["metadata"]["labels"] = {"app": name}
    body = {"selector": {"matchLabels": {"app": name}}, "template": wanted}
    return {"metadata": {"name": name}, "spec": body | spec}
