"""Reading one cluster. It writes nothing: even its dry run is marked as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

from migrator.adapters.cluster.connection import Connection, objects_of
from migrator.adapters.cluster.hosts import host_of, internal_ip
from migrator.adapters.cluster.pods import pod_of, unwell
from migrator.adapters.cluster.resources import Resource, Resources
from migrator.adapters.cluster.watching import PodWatch
from migrator.adapters.cluster.words import Failed, Missing
from migrator.adapters.cluster.workloads import is_short, left_behind, owned, selector_of, workload_of
from migrator.adapters.cluster.writer import APPLY, FIELD_MANAGER, STRATEGIC
from migrator.domain.messages.errors import Refused, Unreachable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Json, Manifest, ObjectRef, mapping, ref_of, text, uid_of
from migrator.domain.model.workload import Workload
from migrator.domain.observation.logins import Login
from migrator.domain.observation.nodes import Host
from migrator.domain.ports.outside import Keep, whole

PAGE = 250
MOST_PAGES = 800


LISTED_FOR = 10.0
"""Seconds for which a list stands while the watch tells of no change: a watch that has died in silence hides no more."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """What a workload owned: at which count of changes and which version of itself, when (monotonic), and what."""

    stamp: int | None
    version: str
    at: float
    replica_sets: list[Manifest]
    pods: list[Manifest]


def without_images(node: Manifest) -> Manifest:
    """Give a node without the list of its images, which is most of its bytes."""
    mapping(node, "status").pop("images", None)
    return node


class KubeReader:
    """What one API server says. Every method raises Unreachable or Refused and nothing else; lists are complete."""

    def __init__(
        self, connection: Connection, resources: Resources, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._connection = connection
        self._resources = resources
        self._now = now
        self._watch = PodWatch(connection, resources)
        self._listed: dict[ObjectRef, _Listed] = {}

    def get(self, ref: ObjectRef) -> Manifest | None:
        """Give the object as it is, or None when it (or its kind) does not exist."""
        resource = self._resources.of(ref)
        if resource is None:
            return None
        try:
            return self._connection.ask("GET", resource.path(ref.namespace, ref.name))
        except Missing:
            return None

    def list_objects(
        self, api_version: str, kind: str, namespace: str = "", selector: str = "", keep: Keep = whole
    ) -> list[Manifest]:
        """Give all objects of a kind, each as `keep` makes it; none when the server does not know the kind."""
        resource = self._resources.find(api_version, kind)
        wanted = {"labelSelector": selector} if selector else {}
        return self._list(resource, namespace, wanted, keep) if resource else []

    def kinds(self, group: str) -> tuple[str, ...]:
        """Give the kinds of an API group, of all its versions, in order; none when the server does not know the group."""
        return self._resources.kinds(group)

    def workload(self, ref: ObjectRef) -> Workload:
        """Give a Deployment or DaemonSet with the pods its controller owns.

        One that is missing has no uid, and the pods that it left behind and that are still ending.

        Pods are found by ownership: ReplicaSets stand between a Deployment and its pods. Warnings are asked for only
        when a pod is neither ready nor leaving, the workload's own only when it has fewer pods than it wants.
        """
        manifest = self.get(ref)
        if manifest is None:
            pods = left_behind(ref, self.list_objects("v1", "Pod", ref.namespace))
            return Workload(ref, pods=tuple(pod_of(pod, (), self._now()) for pod in pods))
        return self._workload(ref, manifest, *self._listed_now(ref, manifest))

    def workload_as_watched(self, ref: ObjectRef) -> Workload:
        """Give the same, without a list as long as the watch has told of no change of pods since the last one.

        The workload itself is read each time: whatever its controller does to ReplicaSets shows in it. A list stands for a
        few seconds only, and for none while nobody watches.
        """
        stamp, at = self._watch.stamp(ref.namespace), monotonic()
        manifest = self.get(ref) if stamp is not None else None
        if manifest is None:
            return self.workload(ref)
        version, was = text(manifest, "metadata", "resourceVersion"), self._listed.get(ref)
        if was is None or (was.stamp, was.version) != (stamp, version) or at - was.at >= LISTED_FOR:
            was = self._listed[ref] = _Listed(stamp, version, at, *self._listed_now(ref, manifest))
        return self._workload(ref, manifest, was.replica_sets, was.pods)

    def follow_pods(self, namespace: str, moved: Callable[[], None]) -> None:
        """Watch a namespace's pods until the server ends it, and call `moved` at every change."""
        self._watch.follow(namespace, moved)

    def unfollow(self) -> None:
        """End the watch that stands, for good."""
        self._watch.end()

    def _listed_now(self, ref: ObjectRef, manifest: Manifest) -> tuple[list[Manifest], list[Manifest]]:
        """List the ReplicaSets and pods that a workload owns."""
        selector = selector_of(manifest)
        owners, replica_sets = {uid_of(manifest)}, list[Manifest]()
        if ref.kind == "Deployment":
            replica_sets = owned(self.list_objects("apps/v1", "ReplicaSet", ref.namespace, selector), owners)
            owners = {uid_of(replica_set) for replica_set in replica_sets}
        return replica_sets, owned(self.list_objects("v1", "Pod", ref.namespace, selector), owners)

    def _workload(
        self, ref: ObjectRef, manifest: Manifest, replica_sets: list[Manifest], pods: list[Manifest]
    ) -> Workload:
        events = self._warnings(ref.namespace, "involvedObject.kind=Pod") if any(unwell(pod) for pod in pods) else []
        if is_short(ref, manifest, pods):
            events += self._warnings(ref.namespace, f"involvedObject.uid={uid_of(manifest)}")
        return workload_of(ref, manifest, replica_sets, pods, events, self._now())

    def nodes(self, selector: Sequence[tuple[str, str]]) -> tuple[Node, ...]:
        """Give the nodes with these labels and their InternalIP, by name. A node without an InternalIP has address ""."""
        rows = self._nodes(selector, without_images)
        return tuple(sorted(Node(text(row, "metadata", "name"), internal_ip(row)) for row in rows))

    def hosts(self, selector: Sequence[tuple[str, str]]) -> tuple[Host, ...]:
        """Give the nodes with these labels as they are now, by name."""
        return tuple(sorted((host_of(row) for row in self._nodes(selector)), key=lambda host: host.name))

    def allowed(self, verb: str, api_version: str, kind: str, namespace: str) -> bool:
        """Ask the server whether we may (SelfSubjectAccessReview); False for a kind that the server does not know.

        `kind` is a kind, or a resource with a subresource such as `pods/portforward`.
        """
        resource, _, subresource = kind.partition("/")
        if not subresource:
            known = self._resources.find(api_version, kind)
            if known is None:
                return False
            resource = known.plural
        asked: dict[str, Json] = {
            "verb": verb,
            "group": api_version.rpartition("/")[0],
            "resource": resource,
            "subresource": subresource,
            "namespace": namespace,
        }
        path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        review: Manifest = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": asked},
        }
        status = self._connection.ask("POST", path, body=review, question=True).get("status")
        return isinstance(status, dict) and status.get("allowed") is True

    def dry_run(self, manifest: Manifest) -> Message | None:
        """Server-side dry run of an apply: None when it would be admitted, else why not.

        A server that fails twice with the same words will fail at the run's own apply, too: then its words are why not.
        """
        ref = ref_of(manifest)
        resource = self._resources.of(ref)
        if resource is None:
            return say("cluster.kind-unknown", kind=ref.kind, version=ref.api_version)
        path = resource.path(ref.namespace, ref.name)
        try:
            return self._tried(path, manifest)
        except Failed as failed:
            first = failed.message
        try:
            return self._tried(path, manifest)
        except Failed as failed:
            if failed.message != first:
                raise
            return first

    def previewed(self, ref: ObjectRef, patch: Manifest) -> Manifest:
        """Give the object as it would be after a strategic merge patch. Refused for what the server would not take."""
        resource = self._resources.of(ref)
        if resource is None:
            raise Refused(say("cluster.write-kind-unknown", kind=ref.kind, version=ref.api_version))
        path, query = resource.path(ref.namespace, ref.name), {"fieldManager": FIELD_MANAGER, "dryRun": "All"}
        return self._connection.ask("PATCH", path, query, patch, STRATEGIC, question=True)

    def _tried(self, path: str, manifest: Manifest) -> Message | None:
        query = {"fieldManager": FIELD_MANAGER, "force": "false", "dryRun": "All"}
        try:
            self._connection.ask("PATCH", path, query, manifest, APPLY, question=True)
        except Refused as refusal:
            return refusal.message
        return None

    def exposed(self) -> Message | None:
        """Say how what we send to the server lies open to others; None: it does not."""
        return self._connection.exposed

    def login(self) -> Login:
        """Say how long the server knows us; nobody is asked for it."""
        return self._connection.login

    def version(self) -> str:
        """Give the server's version; the cheapest proof that it is there and knows us.

        `/version` is open to strangers on most clusters, so an authenticated question is asked with it.
        """
        version = text(self._connection.ask("GET", "/version"), "gitVersion")
        self._connection.ask("GET", "/api/v1")
        return version

    def _list(self, resource: Resource, namespace: str, query: dict[str, str], keep: Keep = whole) -> list[Manifest]:
        """Read page by page, so that of 5,000 pods only a page lies in memory beside what is kept of the others."""
        objects, token = list[Manifest](), ""
        for _ in range(MOST_PAGES):
            page = {**query, "limit": str(PAGE), **({"continue": token} if token else {})}
            answer = self._connection.ask("GET", resource.path(namespace), page)
            objects += map(keep, objects_of(answer))
            token = text(answer, "metadata", "continue")
            if not token:
                return objects
        raise Unreachable(say("cluster.list-endless", kind=resource.plural, most=MOST_PAGES * PAGE))

    def _nodes(self, selector: Sequence[tuple[str, str]], keep: Keep = whole) -> list[Manifest]:
        wanted = ",".join(f"{key}={value}" for key, value in selector)
        return self.list_objects("v1", "Node", selector=wanted, keep=keep)

    def _warnings(self, namespace: str, about: str) -> list[Manifest]:
        events = self._resources.find("v1", "Event")
        wanted = {"fieldSelector": f"{about},type=Warning"}
        return self._list(events, namespace, wanted) if events else []
