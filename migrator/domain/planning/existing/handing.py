"""The hand-over of an old workload that a controller owns: whose it is, and what a person does with the owner. Pure.

It never has a person delete what the balancer goes with: then there is no order, and the checks say why.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrator.domain.model.change import Hand, Order
from migrator.domain.model.kubernetes import annotations_of
from migrator.domain.model.kubernetes import owner_of as owner_reference
from migrator.domain.model.manifests import Manifest, items, ref_of, text, uid_of
from migrator.domain.model.refs import source_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.target import Derived
from migrator.domain.owners.owner import Owner, owner_of
from migrator.domain.planning.proposal import Proposal
from migrator.domain.planning.rbac import Permission

API = "apps/v1"
"""Of the workloads that a run may remove."""


@dataclass(frozen=True, slots=True)
class Handing:
    """Whose the old workload is, what a person is to do, and the Services whose balancer goes with the owner, or may."""

    owner: Owner
    orders: tuple[Order, ...]
    balancing: tuple[Manifest, ...] = ()


def handing(proposal: Proposal) -> Handing | None:
    """Give the hand-over of the old workload; None where no controller that we know owns it."""
    source = proposal.source
    owner = owner_of(source) if source is not None else None
    if source is None or owner is None:
        return None
    balancing = tuple(row for row in services_of(owner, proposal) if may_own_balancer(row, proposal.spec))
    return Handing(owner, _orders(proposal, source, owner, balancing), balancing)


def orders_of(proposal: Proposal) -> tuple[Order, ...] | None:
    """Give what a person does in place of Retire; None: the run itself removes the old workload, for no controller owns it.

    One that somebody unknown owns is left standing. Where a workload is derived from it the checks have refused that before.
    """
    if found := handing(proposal):
        return found.orders
    return () if is_handed_over(proposal.source or {}, proposal.spec) else None


def is_handed_over(source: Manifest, spec: Spec) -> bool:
    """Say whether somebody else owns the old workload, so that the run leaves its removal to them."""
    return owner_of(source) is not None or (bool(owner_reference(source)) and not isinstance(spec.target, Derived))


def spared(needed: Iterable[Permission], source: Manifest | None, spec: Spec) -> tuple[Permission, ...]:
    """Give what a run needs to be allowed without the removal of an old workload that is handed over."""
    if source is None or not is_handed_over(source, spec):
        return tuple(needed)
    removal = ("delete", API, spec.source.kind, source_ref(spec).namespace)
    return tuple(need for need in needed if need != removal)


def _orders(proposal: Proposal, source: Manifest, owner: Owner, balancing: tuple[Manifest, ...]) -> tuple[Order, ...]:
    gateway = owner.gateway
    if gateway is None or isinstance(proposal.spec.target, Derived) or is_shared(owner, proposal):
        return ()
    proof, uid = ref_of(source), uid_of(source)
    if proposal.spec.cleanup.hand_over is Hand.SCALE:
        emptying = owner.controller.emptying(proposal.world, gateway)
        return (Order(Hand.SCALE, emptying.ref, emptying.command, proof, uid),) if emptying else ()
    line = f"kubectl delete gateways.gateway.networking.k8s.io {gateway.name} -n {gateway.namespace}"
    return () if balancing else (Order(Hand.DELETE, gateway, line, proof, uid),)


def is_shared(owner: Owner, proposal: Proposal) -> bool:
    """Say whether the new workload has the same owner: what is done with it would reach both sides."""
    return owner_of(proposal.workload) == owner


def services_of(owner: Owner, proposal: Proposal) -> list[Manifest]:
    """Give the Services that the same owner makes."""
    return [row for row in proposal.world.all("Service") if owner_of(row) == owner]


def may_own_balancer(service: Manifest, spec: Spec) -> bool:
    """Say whether the plan's balancer may be a Service's own, so that it goes with it: it is not known to be another one."""
    if text(service, "spec", "type") != "LoadBalancer":
        return False
    return names_balancer(service, spec) or not _has_another(service, spec)


def names_balancer(service: Manifest, spec: Spec) -> bool:
    """Say whether a Service names the plan's balancer, in an annotation or by its address."""
    address = spec.balancer.address
    return spec.balancer.id in annotations_of(service).values() or (
        address is not None and address in _addresses(service)
    )


def _has_another(service: Manifest, spec: Spec) -> bool:
    """Say whether a Service is known to have another balancer: both addresses are known, and they differ."""
    found = _addresses(service)
    return spec.balancer.address is not None and bool(found) and spec.balancer.address not in found


def _addresses(service: Manifest) -> list[str]:
    rows = items(service, "status", "loadBalancer", "ingress")
    return [text(row, "ip") or text(row, "hostname") for row in rows]
