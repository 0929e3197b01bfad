"""What a plan looks at in the new side's cluster, where it is another than the old side's. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TypeAlias

from migrator.app.plan.looking import listing
from migrator.app.plan.looking.listing import Listed
from migrator.domain.balancers.profile import Cloud
from migrator.domain.drift.recalled import lists_of
from migrator.domain.messages.errors import Refused
from migrator.domain.model.balancer import Side
from migrator.domain.model.manifests import ObjectRef
from migrator.domain.model.refs import Place, place
from migrator.domain.model.spec import Spec
from migrator.domain.observation.world import Beyond, Referred, World
from migrator.domain.planning.clusters.referred import SECRET, Named, referred, says
from migrator.domain.planning.clusters.rights import needed_at
from migrator.domain.planning.proposal import Proposal
from migrator.domain.planning.rbac import Permission
from migrator.domain.ports.clusters import reader_of
from migrator.domain.ports.outside import ClusterReader

AT_ONCE = 8

Lists: TypeAlias = "list[Future[Listed]]"


def of_side(cluster: ClusterReader, spec: Spec, side: Side) -> ClusterReader:
    """Give who reads the cluster of a side."""
    return reader_of(cluster, place(spec, side).at)


def submit(pool: Executor, spec: Spec, cluster: ClusterReader, clouds: Sequence[Cloud]) -> Lists | None:
    """Ask the new side's cluster for every kind; None where it is the old side's."""
    if spec.second is None:
        return None
    there = place(spec, Side.NEW)
    return listing.submit(pool, reader_of(cluster, there.at), (there.namespace,), lists_of(spec), clouds)


def beyond(lists: Lists | None) -> Beyond | None:
    """Give what was listed there."""
    if lists is None:
        return None
    found = listing.gathered(each.result() for each in lists)
    return Beyond(tuple((each.key, each.objects) for each in found), tuple(each.key for each in found if each.refused))


def with_referred(proposal: Proposal, cluster: ClusterReader) -> World:
    """Give the look with what both clusters have of what the new pods refer to. Secrets are named, and never read."""
    spec, world = proposal.spec, proposal.world
    if world.beyond is None:
        return world
    here, there = place(spec, Side.OLD), place(spec, Side.NEW)
    named = referred(proposal.new_pod)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(lambda name: _read(name, here, there, cluster), named))
    unread = tuple(f"{row.kind} {row.name}" for row in found if row.kind != SECRET and row.unread)
    more = replace(world.beyond, referred=tuple(found), unseen=(*world.beyond.unseen, *unread))
    return replace(world, beyond=more)


def _read(named: Named, here: Place, there: Place, cluster: ClusterReader) -> Referred:
    kind, name = named
    if kind == SECRET:
        return Referred(kind, name, unread=True)
    refs = [ObjectRef("v1", kind, at.namespace, name, at.at) for at in (here, there)]
    try:
        first, second = (says(cluster.get(ref)) for ref in refs)
    except Refused:
        return Referred(kind, name, unread=True)
    return Referred(kind, name, first, second)


def denied(needed: Iterable[Permission], cluster: ClusterReader, spec: Spec) -> tuple[str, ...]:
    """Give what we may not do, in the words of a person; of two clusters each is asked for its own."""
    wanted = tuple(needed)
    sides = tuple(Side) if spec.second is not None else (Side.OLD,)
    return tuple(
        lack for side in sides for lack in _denied(needed_at(wanted, spec, side), cluster, place(spec, side).at)
    )


def _denied(needed: Sequence[Permission], cluster: ClusterReader, at: str) -> list[str]:
    reader = reader_of(cluster, at)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda need: reader.allowed(*need), needed))
    there = f"{at}:" if at else ""
    return [
        f"{verb} {kind} in {there}{namespace or 'the cluster'}"
        for (verb, _, kind, namespace), allowed in zip(needed, answers, strict=True)
        if not allowed
    ]
