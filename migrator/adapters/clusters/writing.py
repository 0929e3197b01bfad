"""Changing two clusters behind one port, and the way into the pods of both: each write goes to its object's own cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from migrator.adapters.cluster.tunnel import Stream
from migrator.adapters.clusters.reading import at_home
from migrator.domain.model.actions import ApplyObject, DeleteObject, Op, PatchObject, PodRef
from migrator.domain.model.manifests import of_cluster, ref_of
from migrator.domain.ports.outside import ClusterWriter


class Streams(Protocol):
    """Opens streams to pods of one cluster."""

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        """Open one."""
        ...


class RoutedWriter:
    """Writes to the gateway's home and to one other cluster."""

    def __init__(self, home: ClusterWriter, others: Mapping[str, ClusterWriter]) -> None:
        self._of = {"": home, **others}

    def apply(self, action: ApplyObject) -> Op:
        """Apply a manifest in its own cluster, which does not get to know its name."""
        manifest = action.manifest if isinstance(action.manifest, dict) else {}
        return self._of[ref_of(manifest).cluster].apply(ApplyObject(of_cluster(manifest, "")))

    def patch(self, action: PatchObject) -> Op:
        """Patch an object in its own cluster."""
        return self._of[action.ref.cluster].patch(replace(action, ref=at_home(action.ref)))

    def delete(self, action: DeleteObject) -> Op:
        """Delete an object in its own cluster."""
        return self._of[action.ref.cluster].delete(replace(action, ref=at_home(action.ref)))


class RoutedPorts:
    """Opens streams to the pods of both clusters, through each one's own API server."""

    def __init__(self, home: Streams, others: Mapping[str, Streams]) -> None:
        self._of = {"": home, **others}

    def open(self, pod: PodRef, port: int, seconds: float) -> Stream:
        """Open a stream to a port of a pod."""
        return self._of[pod.cluster].open(pod, port, seconds)
