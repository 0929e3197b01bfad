"""Reading two clusters behind one port: an object is asked of its own cluster, everything else of the gateway's home."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from migrator.domain.messages.message import Message
from migrator.domain.model.change import Node
from migrator.domain.model.manifests import Manifest, ObjectRef, of_cluster, ref_of
from migrator.domain.model.workload import Workload
from migrator.domain.observation.logins import Login
from migrator.domain.observation.nodes import Host
from migrator.domain.ports.outside import ClusterReader, Keep, KnowsLogin, whole
from migrator.domain.ports.watching import WatchesPods


class Single(ClusterReader, WatchesPods, KnowsLogin, Protocol):
    """All that a reader of one cluster says."""


class Marking:
    """Reads one cluster that is not the gateway's home; every object and every pod that it gives says so."""

    def __init__(self, reader: Single, cluster: str) -> None:
        self._reader, self._cluster = reader, cluster

    def get(self, ref: ObjectRef) -> Manifest | None:
        """Give the object as it is, or None."""
        found = self._reader.get(at_home(ref))
        return None if found is None else of_cluster(found, self._cluster)

    def list_objects(
        self, api_version: str, kind: str, namespace: str = "", selector: str = "", keep: Keep = whole
    ) -> list[Manifest]:
        """Give all objects of a kind."""

        def marked(thing: Manifest) -> Manifest:
            return of_cluster(keep(thing), self._cluster)

        return self._reader.list_objects(api_version, kind, namespace, selector, marked)

    def kinds(self, group: str) -> tuple[str, ...]:
        """Give the kinds of an API group."""
        return self._reader.kinds(group)

    def workload(self, ref: ObjectRef) -> Workload:
        """Give a workload with its pods."""
        return self._marked(self._reader.workload(at_home(ref)))

    def workload_as_watched(self, ref: ObjectRef) -> Workload:
        """Give the same, without a list where the watch has told of no change."""
        return self._marked(self._reader.workload_as_watched(at_home(ref)))

    def follow_pods(self, namespace: str, moved: Callable[[], None]) -> None:
        """Watch a namespace's pods."""
        self._reader.follow_pods(namespace, moved)

    def unfollow(self) -> None:
        """End the watch that stands, for good."""
        self._reader.unfollow()

    def nodes(self, selector: Sequence[tuple[str, str]]) -> tuple[Node, ...]:
        """Give the nodes with these labels."""
        return self._reader.nodes(selector)

    def hosts(self, selector: Sequence[tuple[str, str]]) -> tuple[Host, ...]:
        """Give the nodes with these labels as they are now."""
        return self._reader.hosts(selector)

    def allowed(self, verb: str, api_version: str, kind: str, namespace: str) -> bool:
        """Ask whether we may."""
        return self._reader.allowed(verb, api_version, kind, namespace)

    def dry_run(self, manifest: Manifest) -> Message | None:
        """Dry-run an apply."""
        return self._reader.dry_run(of_cluster(manifest, ""))

    def previewed(self, ref: ObjectRef, patch: Manifest) -> Manifest:
        """Give the object as it would be after a patch."""
        return of_cluster(self._reader.previewed(at_home(ref), patch), self._cluster)

    def exposed(self) -> Message | None:
        """Say how what we send lies open to others."""
        return self._reader.exposed()

    def login(self) -> Login | None:
        """Say how long the server knows us."""
        return self._reader.login()

    def version(self) -> str:
        """Give the server's version."""
        return self._reader.version()

    def _marked(self, found: Workload) -> Workload:
        pods = tuple(replace(pod, ref=replace(pod.ref, cluster=self._cluster)) for pod in found.pods)
        return replace(found, ref=replace(found.ref, cluster=self._cluster), pods=pods)


def at_home(ref: ObjectRef) -> ObjectRef:
    """Give a reference as the object's own cluster knows it."""
    return replace(ref, cluster="")


class RoutedReader:
    """Reads the gateway's home and one other cluster."""

    def __init__(self, home: Single, others: Mapping[str, Single]) -> None:
        self._home = home
        self._others = {name: Marking(reader, name) for name, reader in others.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """Give the clusters' names, the home's first."""
        return ("", *self._others)

    def of(self, cluster: str) -> Single:
        """Give the reader of one cluster."""
        return self._others[cluster] if cluster else self._home

    def get(self, ref: ObjectRef) -> Manifest | None:
        """Give the object as its own cluster has it."""
        return self.of(ref.cluster).get(ref)

    def workload(self, ref: ObjectRef) -> Workload:
        """Give a workload with its pods, of its own cluster."""
        return self.of(ref.cluster).workload(ref)

    def workload_as_watched(self, ref: ObjectRef) -> Workload:
        """Give the same, without a list where the watch has told of no change."""
        return self.of(ref.cluster).workload_as_watched(ref)

    def dry_run(self, manifest: Manifest) -> Message | None:
        """Dry-run an apply in the manifest's own cluster."""
        return self.of(ref_of(manifest).cluster).dry_run(manifest)

    def previewed(self, ref: ObjectRef, patch: Manifest) -> Manifest:
        """Give the object as it would be after a patch, in its own cluster."""
        return self.of(ref.cluster).previewed(ref, patch)

    def list_objects(
        self, api_version: str, kind: str, namespace: str = "", selector: str = "", keep: Keep = whole
    ) -> list[Manifest]:
        """Give all objects of a kind at home."""
        return self._home.list_objects(api_version, kind, namespace, selector, keep)

    def kinds(self, group: str) -> tuple[str, ...]:
        """Give the kinds of an API group at home."""
        return self._home.kinds(group)

    def follow_pods(self, namespace: str, moved: Callable[[], None]) -> None:
        """Watch a namespace's pods at home."""
        self._home.follow_pods(namespace, moved)

    def unfollow(self) -> None:
        """End the watch that stands at home, for good."""
        self._home.unfollow()

    def nodes(self, selector: Sequence[tuple[str, str]]) -> tuple[Node, ...]:
        """Give the nodes with these labels at home."""
        return self._home.nodes(selector)

    def hosts(self, selector: Sequence[tuple[str, str]]) -> tuple[Host, ...]:
        """Give the nodes with these labels as they are now at home."""
        return self._home.hosts(selector)

    def allowed(self, verb: str, api_version: str, kind: str, namespace: str) -> bool:
        """Ask whether we may, at home."""
        return self._home.allowed(verb, api_version, kind, namespace)

    def exposed(self) -> Message | None:
        """Say how what we send to either lies open to others."""
        found = (self.of(name).exposed() for name in self.names)
        return next((why for why in found if why is not None), None)

    def login(self) -> Login | None:
        """Say how long the home's server knows us."""
        return self._home.login()

    def version(self) -> str:
        """Give the home's version, once both have answered."""
        *_, first = (self.of(name).version() for name in reversed(self.names))
        return first
