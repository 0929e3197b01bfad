"""From a DaemonSet that stands to the plan of its restart: what stands in the way, the nodes in order, the changes. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from operator import attrgetter

from migrator.domain.drift.marking import markable
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Health, ProbeWay, Target, Weighted
from migrator.domain.model.change import Change, Node
from migrator.domain.model.manifests import Json, Manifest, dig, mapping, number, ref_of, text, uid_of
from migrator.domain.model.pod_targets import Door
from migrator.domain.model.refs import gateway_name
from migrator.domain.model.spec import SilenceSpec, Spec
from migrator.domain.model.workload import Workload
from migrator.domain.planning.following.standing import Standing, rows_of
from migrator.domain.planning.plan import Plan, Seen
from migrator.domain.planning.restarting.template import difference
from migrator.domain.planning.restarting.ways import forward, proof_of
from migrator.domain.planning.restarting.zones import batches, of_the_pools, zones
from migrator.domain.sides.revisions import revision
from migrator.domain.steps.estimate import GRACE
from migrator.domain.steps.restarting.place import NodeRows
from migrator.domain.turn.journeys import RESTART

SUFFIX = "-restart"
"""What the name of a restart's run has besides that of the plan file."""

_BY_BACKEND = attrgetter("backend")
LEAST_LEFT = 2
"""One in so many nodes may be out at a time, at most: the others have to carry its share."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of a restart: the pods' template, how many nodes at a time, and the watched seconds after each."""

    template: Manifest
    at_once: int
    soak: float


def in_the_way(spec: Spec, seen: Standing, workload: Workload, at_once: int) -> Message | None:
    """Say why the DaemonSet cannot be restarted so, as it stands; None: it can."""
    return _of_the_workload(seen, workload) or _of_the_nodes(spec, seen, workload, at_once)


def _of_the_workload(seen: Standing, workload: Workload) -> Message | None:
    name = str(workload.ref)
    if workload.ref.kind != "DaemonSet":
        return say("restart.kind", object=name)
    if owner := _owner(seen.workload):
        return say("restart.owned", object=name, owner=owner)
    if workload.rolling:
        return say("restart.rolling", object=name)
    found = tuple(sorted({revision(pod) for pod in workload.live}))
    if len(found) != 1 or not found[0]:
        return say("restart.mixed", object=name, revisions=found)
    return None


def _of_the_nodes(spec: Spec, seen: Standing, workload: Workload, at_once: int) -> Message | None:
    serving = _serving(spec, seen, workload)
    if others := _of_other_addresses(spec, seen, workload):
        return say("restart.other-address", rows=others)
    if at_once * LEAST_LEFT > len(serving):
        return say("restart.too-few", nodes=len(serving), at_once=at_once)
    unwell = [node.name for node in serving if not _is_well(node, seen, workload)]
    if len(unwell) > at_once:
        return say("restart.unwell", nodes=tuple(unwell), at_once=at_once)
    return of_the_pools(spec, seen, serving)


def _of_other_addresses(spec: Spec, seen: Standing, workload: Workload) -> tuple[str, ...]:
    """Give the rows at a node's second address (another family's, say): nobody could tell whose they are while the run goes
    on, for it knows a node by its first one, and a pod by its own."""
    known = {host.address for host in seen.hosts} | {pod.ref.ip for pod in workload.live}
    return tuple(str(row.backend) for row in rows_of(spec, seen) if row.backend.address not in known)


def restart(
    spec: Spec,
    seen: Standing,
    workload: Workload,
    wanted: Wanted,
    ways: tuple[tuple[str, ProbeWay], ...],
    at: datetime,
    by: str,
    digest: Callable[[object], str],
) -> Plan:
    """Give the plan; nothing may be in the way."""
    spec = replace(spec.settled(), name=f"{spec.name}{SUFFIX}", hooks=(), live=(), on_silence=SilenceSpec())
    nodes = _in_order(spec, seen, workload)
    together = zones(seen, nodes)
    strategy, template = _changes(seen.workload, wanted.template)
    proof = proof_of(spec, _grace(seen.workload), _is_told_apart(nodes, workload))
    steps = forward(spec, (strategy, template), batches(nodes, wanted.at_once, together), wanted.soak, proof, together)
    stands = _stands(spec, seen, workload, nodes, ways)
    seal = digest((spec, stands.facts, stands.old, steps, at.isoformat()))
    changes = (strategy, template)
    return Plan(seal[:12], seal, at, by, spec, stands, (), changes, (), (), steps, (), way=RESTART.name)


def _stands(
    spec: Spec, seen: Standing, workload: Workload, nodes: Sequence[NodeRows], ways: tuple[tuple[str, ProbeWay], ...]
) -> Seen:
    rows = tuple(sorted((row for node in nodes for row in node.rows), key=_BY_BACKEND))
    backends = tuple(row.backend for row in rows)
    doors = tuple(sorted({Door(each.listener, each.port) for each in backends}))
    former = tuple(sorted({revision(pod) for pod in workload.live}))
    facts = (("restarts gateway", gateway_name(spec)), ("workload", workload.uid), ("revision", ", ".join(former)))
    places = tuple(Node(node.name, node.address) for node in nodes)
    return Seen(
        seen.workload,
        workload.uid,
        (),
        rows,
        backends,
        places,
        seen.capabilities,
        facts,
        ways=ways,
        doors=doors,
        former=former,
    )


def _in_order(spec: Spec, seen: Standing, workload: Workload) -> list[NodeRows]:
    """Give the nodes that have a pod or a row: first those that are not well, then those without weight, then the others."""
    there = {pod.ref.node for pod in workload.live}
    nodes = [node for node in _nodes(spec, seen) if node.rows or node.name in there]
    return sorted(nodes, key=lambda node: (_is_well(node, seen, workload), any(r.weight for r in node.rows), node.name))


def _nodes(spec: Spec, seen: Standing) -> list[NodeRows]:
    rows = rows_of(spec, seen)
    nodes = []
    for host in seen.hosts:
        mine = {host.address, *host.addresses} - {""}
        here = tuple(sorted((_weighted(row) for row in rows if row.backend.address in mine), key=_BY_BACKEND))
        nodes.append(NodeRows(host.name, here[0].backend.address if here else host.address, here))
    return nodes


def _weighted(row: Target) -> Weighted:
    return Weighted(row.backend, row.weight)


def _serving(spec: Spec, seen: Standing, workload: Workload) -> list[NodeRows]:
    return [node for node in _in_order(spec, seen, workload) if any(row.weight for row in node.rows)]


def _is_well(node: NodeRows, seen: Standing, workload: Workload) -> bool:
    sick = {target.backend for target in seen.targets if target.health is Health.UNHEALTHY}
    ready = any(pod.ready for pod in workload.live if pod.ref.node == node.name)
    return ready and not any(row.weight and row.backend in sick for row in node.rows)


def _owner(workload: Manifest) -> str:
    """Name the controller that makes the DaemonSet: it would write its own template over ours."""
    owner = dig(workload, "metadata", "ownerReferences", 0)
    return " ".join(filter(None, (text(owner, "kind"), text(owner, "name"))))


def _changes(workload: Manifest, template: Manifest) -> tuple[Change, Change]:
    """Give what the DaemonSet is given: it restarts nobody by itself, and has another template."""
    ref, uid = ref_of(workload), uid_of(workload)
    former, was = mapping(workload, "spec", "template"), mapping(workload, "spec", "updateStrategy")
    still: Manifest = {"type": "OnDelete", "rollingUpdate": None}
    given_back: Json = {} if text(was, "type") == "OnDelete" else {"spec": {"updateStrategy": dict(was)}}
    strategy = Change(ref, uid, {"spec": {"updateStrategy": still}}, given_back, say("restart.strategy"))
    there, home = (_of_template(difference(*pair)) for pair in ((former, template), (template, former)))
    made = Change(ref, uid, there, home, say("restart.template"))
    first, second = markable((strategy, made))
    return first, second


def _is_told_apart(nodes: Sequence[NodeRows], workload: Workload) -> bool:
    """Say whether each row leads to a pod's own address: only then is it known which revision answers there."""
    pods = {pod.ref.ip for pod in workload.live}
    return all(row.backend.address in pods for node in nodes for row in node.rows)


def _grace(workload: Manifest) -> float:
    """Give how long a pod may take to end; Kubernetes' own time where the template does not say."""
    return float(number(workload, "spec", "template", "spec", "terminationGracePeriodSeconds") or GRACE)


def _of_template(patch: Json) -> Json:
    return {"spec": {"template": patch}}
