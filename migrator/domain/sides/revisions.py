"""The two sides of a restart: the pods of one DaemonSet as it was, and those of the revision that it was given since. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from migrator.domain.model.workload import Pod, Workload
from migrator.domain.observation.sighting import Workloads

REVISION = "controller-revision-hash"
"""The label by which the DaemonSet's controller says of which revision a pod is."""


def revision(pod: Pod) -> str:
    """Give the name of a pod's revision; "" where nobody has said it."""
    return dict(pod.labels).get(REVISION, "")


def parted(whole: Workload, former: Collection[str]) -> Workloads:
    """Give the pods of the former revisions as the old side, and all others as the new one."""
    old = tuple(pod for pod in whole.pods if revision(pod) in former)
    new = tuple(pod for pod in whole.pods if revision(pod) not in former)
    return Workloads(_of(whole, old), _of(whole, new))


def _of(whole: Workload, pods: tuple[Pod, ...]) -> Workload:
    return replace(whole, pods=pods, wanted=len(pods), ready=sum(pod.ready for pod in pods))
