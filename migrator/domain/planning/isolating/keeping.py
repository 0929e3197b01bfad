"""Which labels a new gateway loses when it is kept for a look after a breach, and why none can be kept. Pure.

Both follow from the plan's look: on the way back nobody waits for lists of the cluster.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.gateways import gateway_profile
from migrator.domain.gateways.istio.profile import SECURITY
from migrator.domain.hardening.companion import raising
from migrator.domain.messages.message import Message, say
from migrator.domain.model.balancer import Side
from migrator.domain.model.kubernetes import namespace_of
from migrator.domain.model.manifests import Manifest, dig
from migrator.domain.model.refs import target_ref
from migrator.domain.model.spec import OnBreach
from migrator.domain.model.target import Existing
from migrator.domain.model.workload import Workload
from migrator.domain.observation.world import World
from migrator.domain.planning.isolating.configured import SELECTING, to_take
from migrator.domain.planning.isolating.ground import Ground
from migrator.domain.planning.proposal import Proposal


def aside(proposal: Proposal) -> tuple[str, ...]:
    """Give the keys of the labels that the gateway loses; none where none is kept."""
    if proposal.spec.on_breach is OnBreach.REMOVE or tuple(in_the_way(proposal)):
        return ()
    return to_take(_ground(proposal)) or ()


def in_the_way(proposal: Proposal) -> Iterable[Message]:
    """Give every reason for which no new gateway can be kept; none without a workload to be."""
    spec, ground = proposal.spec, _ground(proposal)
    name = str(ground.workload.ref)
    if spec.second is not None:
        yield say("keep.two-clusters")
    if isinstance(spec.target, Existing):
        yield say("keep.existing", workload=name)
    if proposal.world.capabilities.controlled:
        yield say("keep.controlled", provider=spec.balancer.provider)
    if not proposal.workload:
        return
    if ground.shares_node and not ground.host_ports:
        yield say("keep.ports-undeclared", workload=name)
    if container := raising(proposal.workload):
        yield say("keep.raises-itself", workload=name, container=container)
    if to_take(ground) is None:
        yield say("keep.chosen-anyway", workload=name)


def _ground(proposal: Proposal) -> Ground:
    """Give the ground of a pod to be: what its template says of it, beside what the plan has seen of its namespace."""
    world, spec = proposal.world.there, proposal.spec
    ref = target_ref(spec)
    pod: Manifest = {
        "metadata": {"namespace": ref.namespace, "labels": dict(proposal.new_labels)},
        "spec": dig(proposal.workload, "spec", "template", "spec") or {},
    }
    return Ground(
        pod,
        Workload(ref),
        proposal.workload,
        (*_within(world, "Service", ref.namespace), *((proposal.services.own,) if proposal.services.own else ())),
        _within(world, "PodDisruptionBudget", ref.namespace),
        (),
        (),
        world.capabilities,
        tuple(thing for key in _configuring(proposal) for thing in world.all(key)),
    )


def _within(world: World, kind: str, namespace: str) -> tuple[Manifest, ...]:
    return tuple(thing for thing in world.all(kind) if namespace_of(thing) == namespace)


def _configuring(proposal: Proposal) -> tuple[str, ...]:
    """Give the kinds, as the plan's look has them, that may configure gateways of the new side's kind by labels."""
    lists = [each for each in gateway_profile(proposal.spec, Side.NEW).lists if each.kind in SELECTING]
    more = ("AuthorizationPolicy",) if any(each.versions == SECURITY for each in lists) else ()
    return tuple(dict.fromkeys((*(each.key for each in lists), *more)))
