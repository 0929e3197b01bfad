"""Checks of the two workloads: present, settled, told apart, room for the new one, and our permission to do it all."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.messages.findings import Finding
from migrator.domain.model.manifests import labels, selects
from migrator.domain.model.spec import Approval, Strategy
from migrator.domain.model.worded import block, info
from migrator.domain.observation.world import template_labels
from migrator.domain.planning.proposal import Proposal

SHORTEST_KEEP = 600.0


def source_is_there(proposal: Proposal) -> Iterable[Finding]:
    """The workload to leave must exist, and in-place is not built."""
    spec = proposal.spec
    if spec.strategy is Strategy.IN_PLACE:
        yield block(
            "strategy.in-place",
            "spec.strategy",
            "in-place replaces the pods under live traffic and loses requests; migrator does not do it",
            "",
            "use canary or blue-green",
        )
    if proposal.source is None:
        where = f"{spec.source.kind} {spec.cluster.namespace}/{spec.source.name}"
        yield block(
            "source.missing",
            where,
            "the workload to migrate does not exist in this cluster",
            f"context {spec.cluster.context or 'current'}",
            "check spec.source, spec.cluster.namespace and spec.cluster.context; `kubectl get deployments -A`",
        )


def old_is_there(proposal: Proposal) -> Iterable[Finding]:
    """The old side must be serving, or there is nothing to go back to."""
    world = proposal.world
    if proposal.source is not None and not any(pod.ready for pod in world.old.live):
        yield block(
            "source.not-serving",
            str(world.old.ref),
            f"none of its {len(world.old.live)} pods is Ready",
            "; ".join(pod.trouble for pod in world.old.live if pod.trouble),
            "mend the old side first: a rollback needs it",
        )


def not_rolling(proposal: Proposal) -> Iterable[Finding]:
    """A rollout under way changes the old side beneath the plan."""
    world = proposal.world
    if world.old.exists and world.old.rolling:
        yield block(
            "source.rolling",
            str(world.old.ref),
            "a rollout is under way",
            f"{world.old.ready} of {world.old.wanted} ready",
            "wait for `kubectl rollout status`, then plan again",
        )


def target_is_free(proposal: Proposal) -> Iterable[Finding]:
    """The new workload's name must be free, or an object of ours."""
    world = proposal.world
    if world.new.exists and not world.new.ours:
        yield block(
            "target.taken",
            str(world.new.ref),
            "a DaemonSet of this name exists and migrator did not make it",
            f"uid {world.new.uid}",
            "choose another spec.target.name",
        )


def labels_tell_apart(proposal: Proposal) -> Iterable[Finding]:
    """The new labels must differ from the old pods', or two controllers claim the same pods."""
    if proposal.source is None:
        return
    old = template_labels(proposal.source)
    extra = dict(proposal.spec.target.labels)
    if not extra or selects(extra, old):
        yield block(
            "labels.same",
            "spec.target.labels",
            "the new pods' labels would not tell them from the old ones: orphaned pods could be adopted by either side",
            f"old {old}, added {extra}",
            "add a label whose value the old pods do not have, e.g. {version: v2}",
        )
    if selects(labels(proposal.source, "spec", "selector", "matchLabels"), {**old, **extra}):
        yield info(
            "labels.old-selector-matches",
            str(proposal.world.old.ref),
            "the Deployment's selector also matches the new pods; they have another owner, so it leaves them alone",
            "",
            "do not orphan the new pods (`kubectl delete --cascade=orphan`) while the Deployment exists",
        )


def server_would_admit(proposal: Proposal) -> Iterable[Finding]:
    """A server-side dry run of what will be applied must be admitted."""
    for subject, words in proposal.world.refused:
        remedy = "mend what the words name (spec.target.ports, labels, patch), then plan again"
        if subject.startswith("Pod "):
            problem = "the API server would refuse the DaemonSet's pods, though not the DaemonSet"
            yield block("deploy.pod-refused", subject, problem, words, remedy)
        else:
            yield block("deploy.refused", subject, "the API server would refuse it", words, remedy)


def may_do_it_all(proposal: Proposal) -> Iterable[Finding]:
    """Every verb of the route and of the route back must be allowed before the first of them is used."""
    for denied in proposal.world.denied:
        yield block(
            "permission.denied",
            denied,
            "the cluster does not allow us to do this, and the route or the route back needs it",
            "SelfSubjectAccessReview said no",
            "grant it to the user of this kubeconfig",
        )


def way_back_is_open(proposal: Proposal) -> Iterable[Finding]:
    """A plan that removes the old side without asking must keep it for at least ten minutes, or say why not."""
    cleanup = proposal.spec.cleanup
    if cleanup.approval is Approval.AUTO and cleanup.keep_old < SHORTEST_KEEP:
        yield block(
            "cleanup.keep-old-short",
            "spec.cleanup",
            f"the old side would be removed without asking, {cleanup.keep_old:g} s after the last shift",
            f"approval auto, keepOld {cleanup.keep_old:g}s",
            "set keepOld to 10m or more, or waive this code with a reason",
        )
