"""Checks of the two workloads: present, settled, told apart, room for the new one, and our permission to do it all."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block, info
from migrator.domain.model.kubernetes import called
from migrator.domain.model.manifests import labels, mapping, selects, text
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Approval
from migrator.domain.model.subjects import pairs
from migrator.domain.observation.world import template_labels
from migrator.domain.planning.proposal import Proposal
from migrator.domain.steps.prepare import is_ours

SHORTEST_KEEP = 600.0


def source_is_there(proposal: Proposal) -> Iterable[Finding]:
    """The workload to leave must exist."""
    spec = proposal.spec
    if proposal.source is None:
        where = f"{spec.source.kind} {source_ref(spec).namespace}/{spec.source.name}"
        yield block("source.missing", where, context=spec.cluster.context or "")


def old_is_there(proposal: Proposal) -> Iterable[Finding]:
    """The old side must be serving, or there is nothing to go back to."""
    world = proposal.world
    if proposal.source is not None and not any(pod.ready for pod in world.old.live):
        yield block(
            "source.not-serving",
            str(world.old.ref),
            pods=len(world.old.live),
            troubles=tuple(pod.trouble for pod in world.old.live if pod.trouble),
        )


def not_rolling(proposal: Proposal) -> Iterable[Finding]:
    """A rollout under way changes the old side beneath the plan."""
    world = proposal.world
    if world.old.exists and world.old.rolling:
        yield block("source.rolling", str(world.old.ref), ready=world.old.ready, wanted=world.old.wanted)


def target_is_free(proposal: Proposal) -> Iterable[Finding]:
    """The new workload's name must be free, or an object of ours."""
    world = proposal.world
    if world.new.exists and not world.new.ours:
        yield block("target.taken", str(world.new.ref), uid=world.new.uid)


def own_service_is_free(proposal: Proposal) -> Iterable[Finding]:
    """The headless Service that new pods get of their own has the target's name, which no other Service may have."""
    own = proposal.services.own
    for service in proposal.world.all("Service") if own else ():
        meta = mapping(service, "metadata")
        same = text(meta, "name") == proposal.spec.target.service
        if same and text(meta, "namespace") == target_ref(proposal.spec).namespace and not is_ours(service):
            yield block("target.service-taken", f"Service {called(service)}", name=proposal.spec.target.name)


def labels_tell_apart(proposal: Proposal) -> Iterable[Finding]:
    """The new labels must differ from the old pods', or two controllers claim the same pods."""
    if proposal.source is None:
        return
    old = template_labels(proposal.source)
    extra = dict(proposal.spec.target.labels)
    if not extra or selects(extra, old):
        yield block("labels.same", "spec.target.labels", old=pairs(old), added=pairs(extra))
    if selects(labels(proposal.source, "spec", "selector", "matchLabels"), {**old, **extra}):
        yield info("labels.old-selector-matches", str(proposal.world.old.ref))


def server_would_admit(proposal: Proposal) -> Iterable[Finding]:
    """A server-side dry run of what will be applied must be admitted."""
    for subject, words in proposal.world.refused:
        if subject.startswith("Pod "):
            yield block("deploy.pod-refused", subject, answer=words)
        else:
            yield block("deploy.refused", subject, answer=words)
    for subject, words in proposal.world.hanging:
        yield block("deploy.untried", subject, answer=words)


def may_do_it_all(proposal: Proposal) -> Iterable[Finding]:
    """Every verb of the route and of the route back must be allowed before the first of them is used."""
    for denied in proposal.world.denied:
        yield block("permission.denied", denied)


def way_back_is_open(proposal: Proposal) -> Iterable[Finding]:
    """A plan that removes the old side without asking must keep it for at least ten minutes, or say why not."""
    cleanup = proposal.spec.cleanup
    keep = proposal.spec.least("keepOld", cleanup.keep_old)
    if cleanup.approval is Approval.AUTO and keep < SHORTEST_KEEP:
        yield block("cleanup.keep-old-short", "spec.cleanup", keep=keep)
