"""Whether a pod may be set apart now, what the others carry meanwhile, and the steps. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from migrator.domain.gateways import gateway_profile
from migrator.domain.hardening.companion import raising
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Scope, Side, Target, Weighted
from migrator.domain.model.kubernetes import matches
from migrator.domain.model.manifests import Manifest, dig, number, ref_of, text
from migrator.domain.model.pod_targets import PodPort
from migrator.domain.model.spec import Spec
from migrator.domain.planning.isolating.choosing import choosers
from migrator.domain.planning.isolating.configured import lost, to_take
from migrator.domain.planning.isolating.ground import (
    Ground,
    believed,
    carries,
    own_ports,
    owner_labels,
    rows_of,
    rows_of_all,
)
from migrator.domain.steps import Step
from migrator.domain.steps.isolating.bring import TakeOver
from migrator.domain.steps.isolating.captive import Captive, listed_in
from migrator.domain.steps.isolating.let_go import LetGo
from migrator.domain.steps.isolating.mark import Isolated, marking, read, stamp, without
from migrator.domain.steps.isolating.set_aside import Empty, SetAside


@dataclass(frozen=True, slots=True)
class Burden:
    """What the others carry behind one listener: how many gateways carry now, how many then, and by how much the part of
    each of those grows (0.5 is by half)."""

    listener: str
    now: int
    then: int
    grows: float


@dataclass(frozen=True, slots=True)
class Outline:
    """What a yes means, before the question: the pod, what the others carry, the labels, whom it leaves, what comes of it.

    `loses` are resources that configure the pod no longer, `unlisted` kinds of which nobody could see that.
    """

    pod: str
    workload: str
    burdens: tuple[Burden, ...]
    labels: tuple[str, ...]
    leaves: tuple[str, ...]
    follows: Message
    steps: tuple[Step, ...]
    ports: tuple[PodPort, ...]
    loses: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()


def refused(spec: Spec, ground: Ground) -> tuple[Message, ...]:
    """Give every reason for which the pod must not be set apart now; none: it may be."""
    return tuple(_reasons(spec, ground))


def _reasons(spec: Spec, ground: Ground) -> Iterable[Message]:
    name, workload = ground.ref.name, ground.workload
    ports = own_ports(spec, ground)
    mine = rows_of(ground.ref, text(ground.pod, "status", "hostIP"), ports, ground)
    yield from _of_the_balancer(spec, ground, mine)
    if ground.shares_node and not ground.host_ports:
        yield say("isolate.ports-undeclared", pod=name, workload=str(workload.ref))
    if workload.rolling:
        yield say("isolate.rolling", workload=str(workload.ref))
    if not mine and (led := _led(spec, ground, ports)):
        yield say("isolate.many-pods", pod=name, rows=led)
    if container := raising(ground.manifest):
        yield say("isolate.raises-itself", workload=str(workload.ref), container=container)
    for each in _closed(ground):
        yield say("isolate.budget", budget=text(each, "metadata", "name"))
    if to_take(ground) is None:
        yield say("isolate.chosen-anyway", pod=name)
    yield from _floors(spec, ground, ports)


def _of_the_balancer(spec: Spec, ground: Ground, mine: Iterable[Weighted]) -> Iterable[Message]:
    """Give why its rows are not ours to take the weight from: a controller's, or without a weight of their own."""
    provider = spec.balancer.provider
    if ground.capabilities.controlled:
        yield say("isolate.controlled", provider=provider, pod=ground.ref.name, namespace=ground.ref.namespace)
    if ground.capabilities.weights_of is Scope.POOL:
        rows = tuple(str(row.backend) for row in mine)
        yield say("isolate.not-by-row", provider=provider, rows=rows or None)


def _led(spec: Spec, ground: Ground, ports: tuple[PodPort, ...]) -> tuple[str, ...]:
    """Give rows with weight that lead to no single pod of the workload: any pod may get what comes by them."""
    named = {(row.backend) for row in rows_of_all(spec, ports, ground)}
    listeners = {listener.id for listener in spec.balancer.listeners}
    every = (t for t in ground.targets if t.weight and t.backend.listener in listeners and t.backend not in named)
    return tuple(str(target.backend) for target in every)


def _closed(ground: Ground) -> list[Manifest]:
    """Give the disruption budgets of the pod that allow nobody to go now: their owner's own floor."""
    having = owner_labels(ground)
    meant = (each for each in ground.budgets if matches(dig(each, "spec", "selector"), having))
    return [each for each in meant if not number(each, "status", "disruptionsAllowed")]


def _floors(spec: Spec, ground: Ground, ports: tuple[PodPort, ...]) -> Iterable[Message]:
    """Give where the others do not carry: nobody is left behind a listener, or more would be without weight than the plan
    allows gateways to be at a time (`follow.maxZeroed`, one always)."""
    for burden in burdens(spec, ground, ports):
        rows = [t for t in rows_of_all(spec, ports, ground) if t.backend.listener == burden.listener]
        idle, lost = len(rows) - burden.now, burden.now - burden.then
        if burden.now and not burden.then:
            yield say("isolate.last-one", listener=burden.listener)
        elif idle and lost and idle + lost > max(1, int(len(rows) * spec.follow.max_zeroed)):
            yield say("isolate.floor", listener=burden.listener, idle=idle, rows=len(rows))


def burdens(spec: Spec, ground: Ground, ports: tuple[PodPort, ...]) -> tuple[Burden, ...]:
    """Give what the others carry, behind each listener on which the pod has a row."""
    host = text(ground.pod, "status", "hostIP")
    mine = {row.backend for row in rows_of(ground.ref, host, ports, ground)}
    every = rows_of_all(spec, ports, ground)
    return tuple(
        _burden(name, [t for t in every if t.backend.listener == name and carries(t)], mine)
        for name in sorted({backend.listener for backend in mine})
    )


def _burden(listener: str, carrying: list[Target], mine: Iterable[object]) -> Burden:
    left = [target for target in carrying if target.backend not in mine]
    whole, rest = sum(target.weight for target in carrying), sum(target.weight for target in left)
    return Burden(listener, len(carrying), len(left), whole / rest - 1.0 if rest else 0.0)


def outline(spec: Spec, ground: Ground, at: datetime, by: str) -> Outline:
    """Give the steps and what they mean. Nothing may be refused."""
    ports, having = own_ports(spec, ground), owner_labels(ground)
    pod, who = ground.ref, choosers(ground)
    rows = rows_of(pod, text(ground.pod, "status", "hostIP"), ports, ground)
    gone = to_take(ground) or ()
    before = read(ground.pod)
    said = (
        replace(before, rows=_as_marked(rows, believed(before.rows, spec, ground)))
        if before
        else Isolated(ground.workload.ref, tuple((k, having[k]) for k in gone), rows, by, stamp(at))
    )
    captive = Captive(pod, said.rows)
    tells, patience = gateway_profile(spec, Side.NEW).reversible, spec.deadlines.ready
    slices = tuple(ref_of(each) for each in ground.slices if listed_in((each,), pod))
    steps: tuple[Step, ...] = (
        SetAside(captive, marking(said)),
        Empty(pod, spec.drain.timeout, spec.drain.on_timeout, tells),
        LetGo(pod, without(tuple(key for key, _ in said.labels)), slices, ground.shares_node, patience, said.rows),
        *(() if ground.shares_node else (TakeOver(_known(ground), patience + spec.deadlines.healthy),)),
    )
    follows = say(
        "isolate.follows-daemon" if ground.shares_node else "isolate.follows", workload=str(ground.workload.ref)
    )
    return Outline(
        pod.name,
        str(ground.workload.ref),
        burdens(spec, ground, ports),
        tuple(key for key, _ in said.labels),
        tuple(each.name for each in who),
        follows,
        steps,
        ports,
        lost(ground, (key for key, _ in said.labels)),
        ground.unlisted,
    )


def _as_marked(now: tuple[Weighted, ...], marked: tuple[Weighted, ...]) -> tuple[Weighted, ...]:
    """Give the pod's rows: those at 0 with the weight that the mark of an earlier beginning says, and what is only there."""
    before = {row.backend: row.weight for row in marked}
    mine = {row.backend: row.weight or before.get(row.backend, 0) for row in now}
    return tuple(Weighted(backend, weight) for backend, weight in sorted({**before, **mine}.items()))


def _known(ground: Ground) -> tuple[str, ...]:
    return tuple(sorted({pod.ref.uid for pod in ground.workload.pods} | {ground.ref.uid}))
