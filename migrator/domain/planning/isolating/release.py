"""Putting a pod back that was set apart, or ending it: whether it may be, and the steps. Its mark says what it was. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migrator.domain.gateways import gateway_profile
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side, Weighted
from migrator.domain.model.manifests import Manifest
from migrator.domain.model.pod_targets import PodPort
from migrator.domain.model.spec import Spec
from migrator.domain.model.workload import Pod
from migrator.domain.planning.isolating.ground import Ground, believed, own_ports, rows_of
from migrator.domain.planning.isolating.isolation import Outline, burdens
from migrator.domain.steps import Step
from migrator.domain.steps.isolating.bring import Bring, TakeOff, Unmark
from migrator.domain.steps.isolating.captive import Captive
from migrator.domain.steps.isolating.let_go import EndPod, PutBack
from migrator.domain.steps.isolating.mark import Isolated, having, priced, unmarking
from migrator.domain.steps.isolating.set_aside import Empty, SetAside


def surplus(ground: Ground) -> Pod | None:
    """Give the pod that makes room: the one that the controller has to delete, for it is one too many once ours is back.

    Of a Deployment the newest Ready one, for it goes by the deletion cost that we write. A DaemonSet has one for each node
    and goes by no cost: it is the one on the same node. None where the controller deletes one that has no node, or where
    nobody is too many.
    """
    others = [pod for pod in ground.workload.live if pod.ref.uid != ground.ref.uid]
    if ground.shares_node:
        return None
    if ground.is_daemon:
        return _newest(pod for pod in others if pod.ready and pod.ref.node == ground.ref.node)
    return _newest(pod for pod in others if pod.ready) if len(others) >= ground.workload.wanted else None


def _newest(pods: Iterable[Pod]) -> Pod | None:
    return max(pods, key=lambda pod: (pod.made_at.timestamp() if pod.made_at else 0.0, pod.ref.name), default=None)


def refused(spec: Spec, ground: Ground, said: Isolated, end: bool) -> tuple[Message, ...]:
    """Give every reason for which the pod must not be put back now; none: it may be."""
    if not ground.workload.exists:
        return () if end else (say("release.no-workload", workload=str(said.workload)),)
    reasons = []
    heavy = tuple(str(row.backend) for row in said.rows if row.weight)
    if heavy and not end and not any(row.weight for row in believed(said.rows, spec, ground)):
        reasons.append(say("release.rows-of-others", rows=heavy))
    if ground.workload.rolling and not end:
        reasons.append(say("isolate.rolling", workload=str(ground.workload.ref)))
    goes = None if end else surplus(ground)
    if goes is not None:
        ports = own_ports(spec, ground)
        bare = _bare_without(spec, ground, ports, goes)
        reasons += [say("release.last-one", listener=listener, pod=goes.ref.name) for listener in bare]
    return tuple(reasons)


def _bare_without(spec: Spec, ground: Ground, ports: tuple[PodPort, ...], goes: Pod) -> list[str]:
    """Give the listeners behind which nobody would carry while the one that makes room has no weight."""
    other = Ground(
        _as_manifest(goes),
        ground.workload,
        ground.manifest,
        (),
        (),
        (),
        ground.targets,
        ground.capabilities,
    )
    return [each.listener for each in burdens(spec, other, ports) if each.now and not each.then]


def _as_manifest(pod: Pod) -> Manifest:
    meta: Manifest = {"namespace": pod.ref.namespace, "name": pod.ref.name, "uid": pod.ref.uid}
    return {
        "metadata": meta,
        "spec": {"nodeName": pod.ref.node},
        "status": {"podIP": pod.ref.ip, "hostIP": pod.host_ip},
    }


def outline(spec: Spec, ground: Ground, said: Isolated, room: Manifest | None, end: bool) -> Outline:
    """Give the steps and what they mean. `room` is the object of the pod that makes room."""
    ports = own_ports(spec, ground)
    said = replace(said, rows=believed(said.rows, spec, ground))
    steps = _ending(spec, ground, said) if end else _returning(spec, ground, said, ports, room)
    goes = surplus(ground)
    if end:
        follows = say("release.ends", pod=ground.ref.name)
    elif goes is not None:
        follows = say("release.makes-room", pod=goes.ref.name)
    else:
        follows = say("release.one-waits", workload=str(said.workload))
    taken = tuple(key for key, _ in said.labels)
    return Outline(ground.ref.name, str(said.workload), (), taken, (), follows, steps, ports)


def _returning(
    spec: Spec, ground: Ground, said: Isolated, ports: tuple[PodPort, ...], room: Manifest | None
) -> tuple[Step, ...]:
    pod, patience = ground.ref, spec.deadlines.ready
    goes = surplus(ground)
    spared: tuple[Weighted, ...] = ()
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()
    makes_room: Captive | None = None
    if goes is not None and room is not None:
        spared = rows_of(goes.ref, goes.host_ip, ports, ground)
        makes_room = Captive(goes.ref, spared)
        before = (
            SetAside(makes_room, priced(room, cheapest=True)),
            Empty(goes.ref, spec.drain.timeout, spec.drain.on_timeout, gateway_profile(spec, Side.NEW).reversible),
        )
        after = (TakeOff(tuple(row.backend for row in spared)), Unmark(goes.ref, priced(room, cheapest=False)))
    return (
        *before,
        PutBack(pod, having(dict(said.labels)), patience, makes_room),
        Bring(pod, said.rows, spared, patience + spec.deadlines.healthy),
        *after,
        Unmark(pod, unmarking()),
    )


def _ending(spec: Spec, ground: Ground, said: Isolated) -> tuple[Step, ...]:
    pod = ground.ref
    patience = spec.deadlines.ready + spec.deadlines.healthy
    last: Step = (
        Bring(pod, said.rows, (), patience)
        if ground.shares_node and ground.workload.exists
        else TakeOff(tuple(row.backend for row in said.rows))
    )
    return (
        SetAside(Captive(pod, said.rows), {}),
        Empty(pod, spec.drain.timeout, spec.drain.on_timeout, gateway_profile(spec, Side.NEW).reversible),
        EndPod(pod, said.rows),
        last,
    )
