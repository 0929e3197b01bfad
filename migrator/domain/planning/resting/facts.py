"""What a plan rests on, by name, and what of it has moved since: whatever decisions rest on, and no pod by its address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from migrator.domain.messages.message import Message, say, verbatim
from migrator.domain.model.balancer import Weighted
from migrator.domain.model.manifests import Json, labels, mapping, ref_of, uid_of
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.target import Existing
from migrator.domain.planning.backends import old_doors
from migrator.domain.planning.derive import injected
from migrator.domain.planning.plan import Plan
from migrator.domain.planning.proposal import Proposal

Digest = Callable[[object], str]
NODES, WEIGHTS, PLACES = "nodes", "backends and weights", "places of the old side's pods"
LISTED = (NODES, WEIGHTS, PLACES)
"""The facts that are lists to be read; the others are uids and digests."""
UID, TEMPLATE, SELECTOR, BOUNDS = " uid", " template and selector", " selector and ports", " bounds"
"""How the names of the other facts end, after the object: plans on disk have them so."""
LIVE = "injected containers of the live pods"


def facts(proposal: Proposal, digest: Digest) -> tuple[tuple[str, str], ...]:
    """Give what the plan rests on, by name: specs, selectors, places, weights and nodes; never status, and no pod's address."""
    spec, world, source = proposal.spec, proposal.world, proposal.source or {}
    places = {slot.backend for slot in proposal.old if slot.entry is not Entry.NODE_PORT}
    template: Json = {
        "template": mapping(source, "spec", "template"),
        "selector": mapping(source, "spec", "selector"),
    }
    rests_on = {
        f"{spec.source.kind} {spec.source.name}{UID}": uid_of(source),
        f"{spec.source.kind} {spec.source.name}{TEMPLATE}": digest(template)[:16] if source else "",
        NODES: ", ".join(f"{node.name}={node.address}" for node in proposal.nodes),
        WEIGHTS: ", ".join(
            f"{target.backend}={target.weight}"
            for target in sorted(world.targets, key=lambda t: t.backend)
            if target.backend not in places
        ),
        PLACES: _told(_places(proposal)),
    }
    if isinstance(spec.target, Existing):
        rests_on |= _of_standing(proposal, digest)
    if proposal.new.from_live and proposal.new.injected is not None:
        rests_on[LIVE] = digest(injected(source, proposal.new.injected))[:16]
    for service in proposal.services.changed:
        picked: Json = {"selector": dict(labels(service, "spec", "selector")), "ports": service.get("spec")}
        rests_on[f"{ref_of(service)}{SELECTOR}"] = f"{uid_of(service)} {digest(picked)[:16]}"
    for scaler in proposal.companions:
        rests_on[f"{ref_of(scaler)}{BOUNDS}"] = f"{uid_of(scaler)} {digest(mapping(scaler, 'spec'))[:16]}"
    return tuple(sorted(rests_on.items()))


def _of_standing(proposal: Proposal, digest: Digest) -> dict[str, str]:
    """Give what a plan rests on of a new side's workload that somebody else has made."""
    workload, named = proposal.workload, f"{proposal.spec.target.kind} {proposal.spec.target.name}"
    template: Json = {key: mapping(workload, "spec", key) for key in ("template", "selector")}
    return {f"{named}{UID}": uid_of(workload), f"{named}{TEMPLATE}": digest(template)[:16] if workload else ""}


def _places(proposal: Proposal) -> list[Weighted]:
    """Give a row for each place of an old pod. Whoever came since an earlier record fills a place that is free by now, though
    he may not be on the balancer yet; what a cloud's controller has registered has the weight of the place it fills."""
    world = proposal.world
    slots = [slot for slot in proposal.old if slot.entry is not Entry.NODE_PORT]
    known = {row.backend: row.weight for row in world.recorded}
    found = []
    for door in sorted({(slot.listener, slot.backend.port) for slot in slots}):
        here = [slot for slot in slots if (slot.listener, slot.backend.port) == door]
        filled = [slot for slot in here if not slot.vacant]
        stands = {slot.backend for slot in filled}
        free = sorted(
            (weight for b, weight in known.items() if (b.listener, b.port) == door and b not in stands), reverse=True
        )
        came = [slot for slot in filled if slot.backend not in known]
        weights = [slot.weight for slot in filled if slot not in came or not world.capabilities.controlled or not free]
        coming = len(world.old.live) - len(weights)
        found += [Weighted(here[0].backend, weight) for weight in (*weights, *free[: max(0, coming)])]
    return found


def _told(places: Iterable[Weighted]) -> str:
    """Give places as a list to be read: how many of which weight there are at a listener's port."""
    counted = Counter((row.backend.listener, row.backend.port, row.weight) for row in places)
    return ", ".join(
        f"{listener}:{port}={weight} ({count})" for (listener, port, weight), count in sorted(counted.items())
    )


def resting_on(plan: Plan) -> tuple[tuple[str, str], ...]:
    """Give what a saved plan rests on; one of an older version listed the old pods' addresses among the backends."""
    said = dict(plan.seen.facts)
    if PLACES in said:
        return plan.seen.facts
    by_node = {(door.listener, door.port) for door in old_doors(plan) if door.entry is Entry.NODE_PORT}
    places = [row for row in plan.seen.old if (row.backend.listener, row.backend.port) not in by_node]
    gone = {f"{row.backend}={row.weight}" for row in places}
    others = ", ".join(entry for entry in said.get(WEIGHTS, "").split(", ") if entry not in gone)
    return tuple(sorted({**said, WEIGHTS: others, PLACES: _told(places)}.items()))


def moved(planned: tuple[tuple[str, str], ...], now: tuple[tuple[str, str], ...]) -> tuple[Message, ...]:
    """Return what has changed in the world since the plan was made; nothing when the plan still holds."""
    was, then = dict(planned), dict(now)
    return tuple(
        say("moved", fact=_fact(name), difference=_difference(name, was.get(name, ""), then.get(name, "")))
        for name in sorted(was.keys() | then.keys())
        if was.get(name) != then.get(name)
    )


def _fact(name: str) -> Message:
    """Return a fact as people call it; its name is a key of plans on disk."""
    named = {
        NODES: say("fact.nodes"),
        WEIGHTS: say("fact.weights"),
        PLACES: say("fact.places"),
        LIVE: say("fact.live"),
    }
    if name in named:
        return named[name]
    if name.endswith(UID):
        return say("fact.uid", object=name.removesuffix(UID))
    if name.endswith(TEMPLATE):
        return say("fact.template", object=name.removesuffix(TEMPLATE))
    if name.endswith(SELECTOR):
        return say("fact.selector", object=name.removesuffix(SELECTOR))
    return say("fact.bounds", object=name.removesuffix(BOUNDS)) if name.endswith(BOUNDS) else verbatim(name)


def _difference(name: str, was: str, now: str) -> Message:
    """Return what is different: the entries of a list, the whole of a uid; a digest is nothing to read."""
    if name in LISTED:
        before, after = set(was.split(", ")) - {""}, set(now.split(", ")) - {""}
        gone, come = tuple(sorted(before - after)), tuple(sorted(after - before))
        if before & after:
            return say("moved.entries", gone=gone or say("moved.nothing"), come=come or say("moved.nothing"))
        return say("moved.all-entries", gone=gone or say("moved.nothing"), come=come or say("moved.nothing"))
    if not now and name.endswith((UID, TEMPLATE)):  # of the workloads themselves
        return say("moved.gone")
    if not was or not now:
        return say("moved.appeared") if now else say("moved.vanished")
    if name.endswith(UID):
        return say("moved.replaced", was=was, now=now)
    return say("moved.changed")
