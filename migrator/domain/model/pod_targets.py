"""Where a side's backends come from: what is dialled, at which port behind each listener, and which pods come later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from migrator.domain.model.balancer import Backend

if TYPE_CHECKING:
    from migrator.domain.model.workload import Pod


class Entry(StrEnum):
    """What the balancer dials at a slot: a pod itself, a hostPort that leads to one pod, or a node port that leads to any."""

    POD = "pod"
    HOST_PORT = "hostPort"
    NODE_PORT = "nodePort"


@dataclass(frozen=True, slots=True, order=True)
class Door:
    """The port at which a side is dialled behind one listener.

    `local`: a node port that leads only to pods on its own node (`externalTrafficPolicy: Local`).
    """

    listener: str
    port: int
    entry: Entry = Entry.POD
    local: bool = False


@dataclass(frozen=True, slots=True, order=True)
class PodPort:
    """The port on which each pod of a side is dialled behind one listener: its own, or a hostPort of its node."""

    listener: str
    port: int
    entry: Entry = Entry.POD

    def at(self, pod: Pod) -> str:
        """Give the address at which a pod is dialled; "" while it has none."""
        return pod.host_ip if self.entry is Entry.HOST_PORT else pod.ref.ip


@dataclass(frozen=True, slots=True)
class PodTargets:
    """Pods that the scheduler places: how many of them, and where each is dialled.

    0 replicas: the plan names a node for every pod. No ports: the plan knows the backends itself (ports of nodes).
    """

    replicas: int = 0
    ports: tuple[PodPort, ...] = ()


ON_NODES = PodTargets()
"""Pods on the plan's own nodes, dialled at the nodes' addresses."""


def reached(known: tuple[Backend, ...], scattered: PodTargets, pods: Iterable[Pod]) -> tuple[Backend, ...]:
    """Give a side's backends: those that the plan knows, and each Ready pod on each of its ports."""
    ready = [pod for pod in pods if pod.ready and not pod.terminating]
    return known + tuple(sorted(claimed(scattered.ports, ready)))


def claimed(ports: tuple[PodPort, ...], pods: Iterable[Pod]) -> set[Backend]:
    """Give every backend that is one of these pods, whatever state it is in."""
    dialled = tuple(pods)
    found = {Backend(each.listener, each.at(pod), each.port) for each in ports for pod in dialled}
    return {backend for backend in found if backend.address}


def left_by(ports: tuple[PodPort, ...], accounted: Iterable[Backend]) -> set[Backend]:
    """Give the backends of a run's own that are on a pod's port: the pods may be gone, and they are the side's all the same."""
    wanted = {(each.listener, each.port) for each in ports}
    return {backend for backend in accounted if (backend.listener, backend.port) in wanted}
