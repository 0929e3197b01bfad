"""The detour of an old side that holds the host ports which the new one needs: over temporary node ports, and back.

For its time the old Deployment has *stand-ins*: pods of its own without host ports, to which a NodePort Service of our own
leads. Everything here is worked out by the plan; the steps of `steps/detour` make it so and undo it.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.domain.model.balancer import Backend, Weighted
from migrator.domain.model.change import Change
from migrator.domain.model.manifests import Json
from migrator.domain.model.pod_targets import Door
from migrator.domain.model.workload import Pod, Workload

STAND_IN = ("migrator.dev/stand-in", "node-port")
"""The label of a stand-in, by which the Service of the detour selects."""


def is_stand_in(pod: Pod) -> bool:
    """Say whether a pod of the old side is one without host ports."""
    return STAND_IN in pod.labels


@dataclass(frozen=True, slots=True)
class Detour:
    """The Service to be, the rows of the balancer that dial it (each with the weight of the host row in whose place it comes),
    and the old side's doors there.

    `lend` changes the template of the old Deployment, so that its pods hold no host port; `hold` keeps its controller from
    ending one kind of its pods before the other is off the balancer. Each has its undo. `at_a_time`: so many of them change
    places at a time, each without weight first (0: all at once, the others beside them).
    """

    service: Json
    rows: tuple[Weighted, ...]
    doors: tuple[Door, ...]
    lend: Change
    hold: Change
    at_a_time: int = 0


def on_host_ports(workload: Workload) -> tuple[Pod, ...]:
    """Give the pods that hold host ports of their nodes, ending ones too: they hold them to the end."""
    return tuple(pod for pod in workload.pods if pod.ref.node and not is_stand_in(pod))


def stand_ins(workload: Workload) -> tuple[Pod, ...]:
    """Give the stand-ins, ending ones too."""
    return tuple(pod for pod in workload.pods if is_stand_in(pod))


def dials(backend: Backend, rows: tuple[Weighted, ...]) -> bool:
    """Say whether a backend is dialled at a port at which these are, behind the same listener."""
    return any((row.backend.listener, row.backend.port) == (backend.listener, backend.port) for row in rows)
