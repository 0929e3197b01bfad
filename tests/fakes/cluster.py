"""A small cluster in memory: objects, nodes, and controllers that turn Deployments and DaemonSets into Ready pods.

It reads workloads with the very code that reads the real cluster's, so a fake pod in trouble looks like a real one.
"""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from migrator.adapters.cluster.hosts import host_of
from migrator.adapters.cluster.pods import pod_of
from migrator.adapters.cluster.workloads import left_behind, owned, selector_of, workload_of
from migrator.domain.messages.errors import LeaseHeld, Refused
from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.actions import ApplyObject, DeleteObject, Op, PatchObject
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import (
    Json,
    Manifest,
    ObjectRef,
    dig,
    items,
    labels,
    mapping,
    merged,
    number,
    ref_of,
    selects,
    text,
    uid_of,
)
from migrator.domain.model.workload import Workload
from migrator.domain.observation.logins import Login
from migrator.domain.observation.nodes import Host
from migrator.domain.ports.outside import Keep, whole
from migrator.domain.sides.revisions import REVISION
from tests.fakes.clock import FakeClock
from tests.fakes.controllers import Controller
from tests.fakes.orders import Orders

DONE = Op("cluster")
_BY_PLACE = attrgetter("namespace", "name")


class FakeCluster:
    """ClusterReader, ClusterWriter and ClusterLease in one. Pods are Ready `ready_after` seconds after they are made and
    gone `gone_after` seconds after they were told to go; `orders` makes calls fail or slow."""

    def __init__(self, clock: FakeClock, ready_after: float = 1.0, gone_after: float = 1.0) -> None:
        self.clock, self.ready_after, self.gone_after = clock, ready_after, gone_after
        self.orders = Orders(clock.sleep)
        self.objects: dict[ObjectRef, Manifest] = {}
        self.denied: set[tuple[str, str]] = set()
        self.served: dict[str, tuple[str, ...]] = {}
        self.unfit: dict[str, str] = {}
        self.silent: dict[str, str] = {}
        self.known: Login | None = None
        self.applied: list[Manifest] = []
        self._made = 0
        self._first: dict[str, str] = {}
        self._lease: tuple[str, datetime] = ("", datetime.min.replace(tzinfo=UTC))

    # --- arranging -----------------------------------------------------------------------------------------------
    def add(self, manifest: Manifest) -> str:
        """Put an object there as if somebody had created it; give its uid."""
        stored = copy.deepcopy(manifest)
        meta = stored["metadata"] = mapping(stored, "metadata")
        meta.setdefault("uid", self._uid())
        meta.setdefault("generation", 1)
        meta.setdefault("creationTimestamp", self._stamp())
        self.objects[ref_of(stored)] = stored
        self._control()
        return uid_of(stored)

    def add_node(self, name: str, address: str, **node_labels: str) -> None:
        """Add a node; dashes in label keys are written as underscores."""
        shown: dict[str, Json] = {key.replace("_", "-"): value for key, value in node_labels.items()}
        addresses: list[Json] = [{"type": "InternalIP", "address": address}]
        meta: Manifest = {"name": name, "labels": shown}
        self.add({"apiVersion": "v1", "kind": "Node", "metadata": meta, "status": {"addresses": addresses}})

    def lose(self, ref: ObjectRef) -> None:
        """Take an object away, with nobody's consent."""
        self.objects.pop(ref, None)

    def trouble(self, workload: str, reason: str) -> None:
        """Let the pods of this workload wait for ever for this reason (`CrashLoopBackOff`, …); "" makes them well."""
        self.unfit = {**self.unfit, workload: reason}

    # --- reading -------------------------------------------------------------------------------------------------
    def get(self, ref: ObjectRef) -> Manifest | None:
        """Give a copy of the object, or None."""
        with self.orders.obeyed("get"):
            self._control()
            return copy.deepcopy(self.objects.get(ref))

    def list_objects(
        self, api_version: str, kind: str, namespace: str = "", selector: str = "", keep: Keep = whole
    ) -> list[Manifest]:
        """Give copies; `selector` understands `key=value`, joined by commas."""
        with self.orders.obeyed("list_objects"):
            self._control()
            return [keep(copy.deepcopy(thing)) for thing in self._all(api_version, kind, namespace, selector)]

    def kinds(self, group: str) -> tuple[str, ...]:
        """Give the kinds of the group's objects that are there, and those that a test says the server has."""
        with self.orders.obeyed("kinds"):
            there = {ref.kind for ref in self.objects if ref.api_version.rpartition("/")[0] == group}
            return tuple(sorted({*there, *self.served.get(group, ())}))

    def workload(self, ref: ObjectRef) -> Workload:
        """Give the workload as the real reader would."""
        with self.orders.obeyed("workload"):
            self._control()
            found = self.objects.get(ref)
            if found is None:
                pods = left_behind(ref, self._all("v1", "Pod", ref.namespace, ""))
                return Workload(ref, pods=tuple(pod_of(pod, [], self.clock.now()) for pod in pods))
            owners = {uid_of(found)}
            sets = owned(self._all("apps/v1", "ReplicaSet", ref.namespace, ""), owners)
            owners |= {uid_of(each) for each in sets}
            pods = owned(self._all("v1", "Pod", ref.namespace, selector_of(found)), owners)
            return workload_of(ref, found, sets, pods, [], self.clock.now())

    def nodes(self, selector: Sequence[tuple[str, str]]) -> tuple[Node, ...]:
        """Give the nodes with these labels, by name."""
        with self.orders.obeyed("nodes"):
            wanted = ",".join(f"{key}={value}" for key, value in selector)
            found = self._all("v1", "Node", "", wanted)
            return tuple(sorted(Node(_name(node), text(node, "status", "addresses", 0, "address")) for node in found))

    def hosts(self, selector: Sequence[tuple[str, str]]) -> tuple[Host, ...]:
        """Give the nodes with these labels as they are now, by name."""
        with self.orders.obeyed("hosts"):
            wanted = ",".join(f"{key}={value}" for key, value in selector)
            return tuple(sorted(map(host_of, self._all("v1", "Node", "", wanted)), key=lambda host: host.name))

    def allowed(self, verb: str, api_version: str, kind: str, namespace: str) -> bool:
        """Say yes, unless (verb, kind) is in `denied`."""
        with self.orders.obeyed("allowed"):
            return (verb, kind) not in self.denied

    def dry_run(self, manifest: Manifest) -> Message | None:
        """Refuse only what a real server would refuse first: a selector that does not match its own template."""
        with self.orders.obeyed("dry_run"):
            wanted = labels(manifest, "spec", "selector", "matchLabels")
            having = labels(manifest, "spec", "template", "metadata", "labels")
            is_well = not wanted or selects(wanted, having)
            return None if is_well else verbatim("`selector` does not match template `labels`")

    def previewed(self, ref: ObjectRef, patch: Manifest) -> Manifest:
        """Give the object as it would be; of lists only those of containers are merged, by their names."""
        with self.orders.obeyed("dry_run"):
            now = copy.deepcopy(self.objects[ref])
            after = merged(now, patch)
            assert isinstance(after, dict)
            rows, wanted = (items(each, "spec", "template", "spec", "containers") for each in (now, patch))
            by_name = {text(row, "name"): row for row in wanted}
            made: list[Json] = [merged(row, by_name.pop(text(row, "name"), {})) for row in rows]
            made += by_name.values()
            mapping(after, "spec", "template", "spec")["containers"] = made
            return after

    def login(self) -> Login | None:
        """Say what a test has set."""
        return self.known

    def exposed(self) -> Message | None:
        """Lie open to nobody."""
        return None

    def version(self) -> str:
        """Give a version."""
        with self.orders.obeyed("version"):
            return "v1.32.0"

    # --- writing -------------------------------------------------------------------------------------------------
    def apply(self, action: ApplyObject) -> Op:
        """Create, or merge into what is there; a spec that changes raises the generation."""
        with self.orders.obeyed("apply"):
            manifest = action.manifest if isinstance(action.manifest, dict) else {}
            self.applied.append(copy.deepcopy(manifest))
            self._change(ref_of(manifest), manifest)
            return DONE

    def patch(self, action: PatchObject) -> Op:
        """Merge-patch; another uid, or nothing there, is Refused."""
        with self.orders.obeyed("patch"):
            found = self.objects.get(action.ref)
            if found is None or uid_of(found) != action.uid:
                raise Refused(verbatim(f"{action.ref} is not the object with uid {action.uid}"))
            self._change(action.ref, action.patch)
            return DONE

    def delete(self, action: DeleteObject) -> Op:
        """Delete; gone already is fine, another uid is Refused. Pods of a workload go `gone_after` seconds later."""
        with self.orders.obeyed("delete"):
            found = self.objects.get(action.ref)
            if found is not None and uid_of(found) != action.uid:
                raise Refused(verbatim(f"{action.ref} is another object now"))
            if action.ref.kind == "Pod" and found is not None:
                mapping(found, "metadata").setdefault("deletionTimestamp", self._stamp())
            else:
                self.objects.pop(action.ref, None)
            self._control()
            return DONE

    # --- the lease -----------------------------------------------------------------------------------------------
    def acquire(self, holder: str, seconds: int, over: Callable[[str], bool] | None = None, anew: bool = True) -> None:
        """Take or keep the lease; LeaseHeld while another's has not run out, is not one to follow, or is not there."""
        with self.orders.obeyed("acquire"):
            other, ends = self._lease
            if not other and not anew:
                raise LeaseHeld(say("cluster.lease-gone", lease="ns/gw"))
            if other not in ("", holder) and self.clock.now() < ends:
                raise LeaseHeld(say("cluster.lease-held", lease="ns/gw", holder=other, until=str(ends), renewed=""))
            if other not in ("", holder) and over is not None and not over(other):
                names = {"namespace": "ns", "name": "gw", "renewed": "", "gateway": "gw"}
                raise LeaseHeld(say("cluster.lease-of-open-run", holder=other, **names))
            self._lease = (holder, self.clock.now() + timedelta(seconds=seconds))

    def release(self, holder: str) -> None:
        """Give the lease back when it is ours."""
        with self.orders.obeyed("release"):
            if self._lease[0] == holder:
                self._lease = ("", self._lease[1])

    # --- inside --------------------------------------------------------------------------------------------------
    def _all(self, api_version: str, kind: str, namespace: str, selector: str) -> Iterator[Manifest]:
        wanted = dict(pair.split("=", 1) for pair in selector.split(",") if pair)
        meant = (r for r in self.objects if r.kind == kind and r.api_version == api_version)
        for ref in sorted((r for r in meant if namespace in ("", r.namespace)), key=_BY_PLACE):
            thing = self.objects[ref]
            if not wanted or selects(wanted, labels(thing, "metadata", "labels")):
                yield thing

    def _change(self, ref: ObjectRef, patch: Json) -> None:
        before = self.objects.get(ref)
        if before is None:
            self.add(patch if isinstance(patch, dict) else {})
            return
        after = merged(copy.deepcopy(before), copy.deepcopy(patch))
        assert isinstance(after, dict)
        if dig(after, "spec") != dig(before, "spec"):
            mapping(after, "metadata")["generation"] = number(before, "metadata", "generation") + 1
        self.objects[ref] = after
        self._control()

    def _control(self) -> None:
        """Do what the controllers would have done by now."""
        for workload in [*self._all("apps/v1", "Deployment", "", ""), *self._all("apps/v1", "DaemonSet", "", "")]:
            Controller(self, workload).act()
        living = {uid_of(thing) for thing in self.objects.values()}
        for thing in list(self.objects.values()):
            if any(text(row, "uid") not in living for row in items(thing, "metadata", "ownerReferences")):
                self._orphaned(thing)
        for pod in list(self._all("v1", "Pod", "", "")):
            self._age(pod)

    def _orphaned(self, thing: Manifest) -> None:
        if text(thing, "kind") == "Pod":
            mapping(thing, "metadata").setdefault("deletionTimestamp", self._stamp())
        else:
            self.objects.pop(ref_of(thing))
            self._control()

    def _age(self, pod: Manifest) -> None:
        leaving = text(pod, "metadata", "deletionTimestamp")
        if leaving and self._since(leaving) >= self.gone_after:
            self.objects.pop(ref_of(pod), None)
            return
        reason = self.unfit.get(labels(pod, "metadata", "annotations").get("workload", ""), "")
        made = text(pod, "metadata", "creationTimestamp")
        well = not reason and bool(text(pod, "spec", "nodeName")) and self._since(made) >= self.ready_after
        status = mapping(pod, "status")
        since = datetime.fromisoformat(made) + timedelta(seconds=self.ready_after)
        stamp = since.isoformat()
        if lost := self.silent.get(text(pod, "metadata", "name"), ""):
            well, stamp = False, lost
        condition: Manifest = {"type": "Ready", "status": str(well), "lastTransitionTime": stamp}
        status["conditions"] = [condition]
        waiting: Manifest = {"name": "gateway", "restartCount": 5, "state": {"waiting": {"reason": reason}}}
        status["containerStatuses"] = [waiting] if reason else []

    def _uid(self) -> str:
        self._made += 1
        return f"uid-{self._made}"

    def _since(self, stamp: str) -> float:
        return (self.clock.now() - datetime.fromisoformat(stamp)).total_seconds()

    def _stamp(self) -> str:
        return self.clock.now().isoformat()

    def revision_mark(self, workload: Manifest) -> str:
        """Give the end of the names of a DaemonSet's pods: nothing for its first revision, so that names stay short."""
        found = revision_of(dig(workload, "spec", "template"))
        return "" if self._first.setdefault(uid_of(workload), found) == found else f"-{found[:5]}"

    def make_pod(self, owner: Manifest, template: Json, name: str, node: str, ip: str, workload: str) -> None:
        """Create one pod for a controller."""
        ours: Json = [{"controller": True, "uid": uid_of(owner), "kind": owner["kind"], "name": _name(owner)}]
        meta: Manifest = {
            "name": name,
            "namespace": text(owner, "metadata", "namespace"),
            "labels": {**mapping(template, "metadata", "labels"), **_hash_of(owner), **_revision_of(owner, template)},
            "annotations": {"workload": workload},
            "ownerReferences": ours,
            "creationTimestamp": self._stamp(),
            "uid": self._uid(),
        }
        spec: Manifest = {**mapping(template, "spec"), "nodeName": node}
        pod: Manifest = {"apiVersion": "v1", "kind": "Pod", "metadata": meta, "spec": spec}
        at = self.objects.get(ObjectRef("v1", "Node", "", node), {})
        host = text(at, "status", "addresses", 0, "address")
        pod["status"] = {"podIP": ip, "hostIP": host, "phase": "Running"}
        self.objects[ref_of(pod)] = pod


def revision_of(template: Json) -> str:
    """Give the name of a DaemonSet's revision: a hash of its template."""
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:8]


def _revision_of(owner: Manifest, template: Json) -> dict[str, Json]:
    return {REVISION: revision_of(template)} if text(owner, "kind") == "DaemonSet" else {}


def _hash_of(owner: Manifest) -> dict[str, str]:
    """Give the label that a ReplicaSet puts on its pods."""
    return {k: v for k, v in labels(owner, "metadata", "labels").items() if k == "pod-template-hash"}


def _name(thing: Manifest) -> str:
    return text(thing, "metadata", "name")
