"""One function per port that carries an action out. It asks once and waits for nothing."""

from __future__ import annotations

from typing import assert_never

from migrator.domain.model.actions import (
    Action,
    ApplyObject,
    DeleteObject,
    Deregister,
    Op,
    PatchObject,
    Register,
    SetWeights,
    Tell,
)
from migrator.domain.ports.balancer import BalancerWriter
from migrator.domain.ports.outside import ClusterWriter, Writers


def perform(writers: Writers, action: Action) -> Op:
    """Carry out one action through its port. Raises Unreachable (perhaps done) or Refused."""
    match action:
        case SetWeights() | Register() | Deregister():
            return _on_balancer(writers.balancer, action)
        case ApplyObject() | PatchObject() | DeleteObject():
            return _on_cluster(writers.cluster, action)
        case Tell():
            return writers.gateways.tell(action)
        case _:
            assert_never(action)


def _on_balancer(balancer: BalancerWriter, action: SetWeights | Register | Deregister) -> Op:
    match action:
        case SetWeights():
            return balancer.set_weights(action)
        case Register():
            return balancer.register(action)
        case Deregister():
            return balancer.deregister(action)
        case _:
            assert_never(action)


def _on_cluster(cluster: ClusterWriter, action: ApplyObject | PatchObject | DeleteObject) -> Op:
    match action:
        case ApplyObject():
            return cluster.apply(action)
        case PatchObject():
            return cluster.patch(action)
        case DeleteObject():
            return cluster.delete(action)
        case _:
            assert_never(action)
