"""Checks of a second Deployment beside the old one: each of its pods is a backend, and nothing scales them yet."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.model.kubernetes import called
from migrator.domain.model.pod_targets import Entry
from migrator.domain.model.subjects import listeners_subject
from migrator.domain.planning.proposal import Proposal


def pods_are_dialled_themselves(proposal: Proposal) -> Iterable[Finding]:
    """A node port leads to any pod behind its Service: two Deployments cannot be told apart there by a weight."""
    rows = [slot for slot in proposal.old if slot.entry is Entry.NODE_PORT]
    if rows:
        subject = listeners_subject(dict.fromkeys(slot.listener for slot in rows))
        yield block("placed.by-node-port", subject, ports=tuple(sorted({slot.backend.port for slot in rows})))


def nothing_scales_them(proposal: Proposal) -> Iterable[Finding]:
    """What scales the old Deployment goes with it, and means no other by name: the new one keeps its replicas until then."""
    scaling = [f"{row.get('kind')} {called(row)}" for row in (*proposal.scaled, *proposal.scalers)]
    if scaling:
        replicas = proposal.spec.target.pod_targets.replicas
        yield warn("placed.no-scaler", str(proposal.world.new.ref), scalers=tuple(scaling), replicas=replicas)
