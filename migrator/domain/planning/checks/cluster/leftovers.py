"""Checks of what an earlier run has left behind: objects that still carry its mark, and so its change."""

from __future__ import annotations

import json
from collections.abc import Iterable

from migrator.domain.drift.marking import Left, left_on
from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.model.manifests import text
from migrator.domain.model.refs import home
from migrator.domain.model.spec import Spec
from migrator.domain.planning.clusters.typed import kubectl
from migrator.domain.planning.proposal import Proposal

KINDS = ("Service", "HorizontalPodAutoscaler", "ScaledObject")
"""Of these kinds are the objects that Guard changes."""


def no_run_has_left_its_guard(proposal: Proposal) -> Iterable[Finding]:
    """A run that was lost with its store leaves what Guard changed: the plan would take that for how things are."""
    space, lost = home(proposal.spec).namespace, proposal.world.lost
    adoptable = lost is not None and not lost.ended and lost.damage is None
    for kind in () if adoptable else KINDS:  # adopting the run undoes it, in the right order
        for thing in proposal.world.all(kind):
            left = left_on(thing)
            if left is not None and text(thing, "metadata", "namespace") == space:
                yield block(
                    "guard.left-behind",
                    str(left.ref),
                    run=left.run,
                    plan=left.plan[:12],
                    command=undoing(left, proposal.spec),
                )


def no_run_was_lost(proposal: Proposal) -> Iterable[Finding]:
    """A run that nobody carries out has its record in the cluster: it is taken over, and then goes back or on."""
    lost = proposal.world.lost
    if lost is None:
        return
    namespace, _, gateway = lost.gateway.partition("/")
    called = kubectl(proposal.spec, namespace)
    if lost.damage is not None:
        away = f"{called} delete configmap migrator-{gateway}-run"
        yield block("run.record-damaged", lost.gateway, why=lost.damage, run=lost.run or None, command=away)
    elif lost.ended:
        away = f"{called} delete configmap migrator-{gateway}-run"
        yield info("run.record-left", lost.gateway, run=lost.run, name=lost.name, command=away)
    else:
        yield block("run.lost", lost.gateway, run=lost.run, name=lost.name, holder=lost.holder, gateway=lost.gateway)


def undoing(left: Left, spec: Spec) -> str:
    """Give the command that gives the object back what it had."""
    patch = json.dumps(left.undo, separators=(",", ":")).replace("'", "'\\''")
    kind = left.ref.kind.lower()
    called = kubectl(spec, left.ref.namespace, left.ref.cluster)
    return f"{called} patch {kind} {left.ref.name} --type merge -p '{patch}'"
