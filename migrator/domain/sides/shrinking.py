"""Which of a Deployment's pods its controller ends when it is given fewer replicas, by the controller's own order. Pure."""

from __future__ import annotations

from migrator.domain.model.workload import Pod, Workload


def ended_with(workload: Workload, replicas: int) -> tuple[Pod, ...]:
    """Give the pods that may end with so many replicas: those without a node first, then those that are not Ready, then the
    cheapest (`getPodsToDelete` of Kubernetes' controllers). Where the order does not tell pods apart, all of them.

    Of pods that are not Ready their phase comes before their cost, and nobody has seen it: they are not told apart.
    """
    pods = sorted(workload.live, key=_rank)
    surplus = len(pods) - max(replicas, 0)
    if surplus <= 0:
        return ()
    last = _rank(pods[surplus - 1])
    return tuple(pod for pod in pods if _rank(pod) <= last)


def _rank(pod: Pod) -> tuple[bool, bool, int]:
    return bool(pod.ref.node), pod.ready, pod.deletion_cost if pod.ready else 0
