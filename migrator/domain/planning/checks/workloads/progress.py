"""Checks for a migration that somebody has begun, or ended, already: a plan made in the middle of one would take its
half-way weights for the originals. They never guess: what is seen on the balancer and in the cluster decides."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.manifests import Manifest, labels, mapping, text
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.planning.proposal import Proposal
from migrator.domain.steps.prepare import DIGEST, MANAGED_BY


def migrated(proposal: Proposal) -> Iterable[Finding]:
    """A target that serves beside no old backend is the end of a migration, and nothing to begin one with."""
    world, spec = proposal.world, proposal.spec
    serving = [each for each in proposal.sides.present if each.weight]
    if world.new.exists and serving and not proposal.old:
        yield block(
            "target.migrated:source-gone" if proposal.source is None else "target.migrated",
            str(world.new.ref),
            backends=len(serving),
            source=f"{spec.source.kind} {spec.source.name}",
            made=made_by(proposal),
        )


def nobody_holds_the_gateway(proposal: Proposal) -> Iterable[Finding]:
    """The cluster's Lease names who carries out a run of this gateway, whichever store it belongs to."""
    world, spec = proposal.world, proposal.spec
    if world.held:
        yield block(
            "target.run-active",
            f"{spec.source.kind} {source_ref(spec).namespace}/{spec.source.name}",
            holder=world.held,
        )


def new_side_has_no_weight(proposal: Proposal) -> Iterable[Finding]:
    """New backends that serve already make the old weights half-way ones: a rollback would restore those as originals."""
    weighted = [each for each in proposal.sides.present if each.weight]
    if weighted:
        yield block(
            "balancer.new-side-weighted",
            str(weighted[0].backend),
            rows=tuple(f"{each.backend}={each.weight}" for each in weighted),
        )


def target_is_nobodys(proposal: Proposal) -> Iterable[Finding]:
    """A DaemonSet that another run made is that run's to remove; one that serves nobody may be taken over."""
    world = proposal.world
    if not (world.new.exists and world.new.ours):
        return
    if any(each.weight for each in proposal.sides.present):
        yield block("target.in-use", str(world.new.ref), made=made_by(proposal))
        return
    yield warn("target.leftover", str(world.new.ref), made=made_by(proposal))


def made_by(proposal: Proposal) -> tuple[str, ...]:
    """Return who made the target, as its own labels and annotations tell."""
    meta = mapping(_target(proposal), "metadata")
    told = {
        MANAGED_BY: labels(meta, "labels").get(MANAGED_BY, ""),
        DIGEST: labels(meta, "annotations").get(DIGEST, ""),
        "made": text(meta, "creationTimestamp"),
        "uid": proposal.world.new.uid,
    }
    return tuple(f"{name} {words}" for name, words in told.items() if words)


def _target(proposal: Proposal) -> Manifest:
    spec = proposal.spec
    found = (
        each for each in proposal.world.all(spec.target.kind) if text(each, "metadata", "name") == spec.target.name
    )
    return next((each for each in found if text(each, "metadata", "namespace") == target_ref(spec).namespace), {})
