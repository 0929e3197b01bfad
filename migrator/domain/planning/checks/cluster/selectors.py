"""Checks of whatever chooses pods by label: what would catch the new pods, what would miss them, who would adopt whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrator.domain.messages.findings import Finding, Severity, block, finding, info, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import called, controller_of, labels_of, matches, name_of, namespace_of
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, text
from migrator.domain.model.refs import apart, here, source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.subjects import pairs
from migrator.domain.model.target import Kept
from migrator.domain.observation.world import template_labels
from migrator.domain.planning.guards import LAST_RESORT, Treatment, choose
from migrator.domain.planning.proposal import Proposal

MANAGED, OF_KUBERNETES = "endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"
"""The label that says who writes an EndpointSlice, and its value where that is Kubernetes, from a Service's selector."""

WORKLOADS = ("Deployment", "DaemonSet", "StatefulSet")


def services_are_told_apart(proposal: Proposal) -> Iterable[Finding]:
    """Say of each Service what becomes of it, and block where it would catch the new pods or end with the old ones."""
    told = proposal.services.telling
    for service, what in () if apart(proposal.spec) else proposal.services.treated:
        subject, kind = f"Service {called(service)}", _type(service)
        chosen = pairs(labels(service, "spec", "selector"))
        if what is Treatment.APART:
            yield info("selectors.service-apart", subject, type=kind, labels=pairs(proposal.spec.target.labels))
        elif what is Treatment.NARROWED and told is not None:
            yield info("selectors.service-catches-new", subject, type=kind, label=pairs([told]))
        elif what is Treatment.UNTOLD:
            yield _untold(proposal, subject, kind, chosen)
        elif what is Treatment.ASKED:
            yield block("selectors.service-not-for-clients", subject, type=kind, selector=chosen, name=name_of(service))
        elif what is Treatment.OWNED:
            yield info("selectors.service-owned", subject, type=kind)
        elif what is Treatment.LEFT:
            yield info("selectors.service-left", subject, type=kind)
        else:  # behind: it leads to the old pods alone
            yield block("selectors.service-left-behind", subject, type=kind, selector=chosen)


def services_stay_behind(proposal: Proposal) -> Iterable[Finding]:
    """A Service cannot lead to the pods of another namespace: whoever comes through it needs another one there."""
    there, target = target_ref(proposal.spec).namespace, proposal.spec.target
    for service, what in proposal.services.treated:
        subject, kind = f"Service {called(service)}", _type(service)
        if what is Treatment.ELSEWHERE and isinstance(target, Kept):
            yield info("selectors.service-elsewhere:back", subject, type=kind, namespace=there)
        elif what is Treatment.ELSEWHERE:
            yield block("selectors.service-elsewhere", subject, type=kind, namespace=there, labels=pairs(target.labels))


def _untold(proposal: Proposal, subject: str, kind: str, chosen: tuple[str, ...]) -> Finding:
    """Say that a Service would catch the new pods, and which label would keep them out if there is one."""
    caught = [service for service, what in proposal.services.treated if what is Treatment.UNTOLD]
    better = choose(proposal.source or {}, proposal.world, caught)
    if better == (LAST_RESORT,):
        return block("selectors.service-not-narrowed:no-label", subject, type=kind, selector=chosen)
    advised = tuple(f"{key}: {value}" for key, value in better)
    return block("selectors.service-not-narrowed", subject, type=kind, selector=chosen, better=advised)


def _type(service: Manifest) -> str:
    return text(service, "spec", "type") or "ClusterIP"


def policies_mean_both(proposal: Proposal) -> Iterable[Finding]:
    """A NetworkPolicy that selects one side only cuts traffic there. With hostNetwork none applies (host_network.py), to old
    pods that live in their node's network neither."""
    if proposal.source is None or proposal.on_host:
        return
    old, new = proposal.old_labels, proposal.new_labels
    for policy in proposal.world.all("NetworkPolicy"):
        at_old, at_new = here(policy, proposal.spec)
        chosen = mapping(policy, "spec", "podSelector")
        of_old = at_old and matches(chosen, old) and not proposal.was_on_host
        of_new = at_new and matches(chosen, new)
        if of_old is not of_new:
            side, other = ("old", "new") if of_old else ("new", "old")
            yield block(
                "selectors.network-policy",
                f"NetworkPolicy {called(policy)}",
                side=side,
                other=other,
                selector=str(chosen),
            )


def slices_are_followed(proposal: Proposal) -> Iterable[Finding]:
    """An EndpointSlice that Kubernetes does not manage and that names old pods leads nowhere once they are gone."""
    old = {pod.ref.ip for pod in proposal.world.old.live}
    for each in proposal.world.all("EndpointSlice"):
        named = labels_of(each)
        addresses = [row.get("addresses") for row in items(each, "endpoints")]
        held = sorted(
            {one for row in addresses if isinstance(row, list) for one in row if isinstance(one, str) and one in old}
        )
        if held and named.get(MANAGED) != OF_KUBERNETES:
            yield warn(
                "selectors.endpoints-by-address",
                f"EndpointSlice {called(each)}",
                service=named.get("kubernetes.io/service-name"),
                addresses=tuple(held),
            )


def monitors_see_both(proposal: Proposal) -> Iterable[Finding]:
    """A PodMonitor or ServiceMonitor that misses the new pods makes them invisible to whoever watches the graphs."""
    world, spec = proposal.world, proposal.spec
    if proposal.source is None:
        return
    old, new = proposal.old_labels, proposal.new_labels
    for monitor in world.all("PodMonitor"):
        chosen = mapping(monitor, "spec", "selector")
        of_old = _watches(monitor, source_ref(spec).namespace) and matches(chosen, old)
        if of_old and not (_watches(monitor, target_ref(spec).namespace) and matches(chosen, new)):
            yield _unwatched(monitor, say("monitor.selector", selector=str(chosen)), spec)
    for monitor in world.all("ServiceMonitor"):
        chosen = mapping(monitor, "spec", "selector")
        caught = [name_of(row) for row in proposal.services.leading if matches(chosen, labels_of(row))]
        if _watches(monitor, source_ref(spec).namespace) and caught:
            yield _unwatched(monitor, say("monitor.service", services=tuple(caught)), spec)


def _watches(monitor: Manifest, namespace: str) -> bool:
    chosen = mapping(monitor, "spec", "namespaceSelector")
    names = dig(chosen, "matchNames")
    if chosen.get("any") is True:
        return True
    return namespace in names if isinstance(names, list) else namespace_of(monitor) == namespace


def _unwatched(monitor: Manifest, why: Message, spec: Spec) -> Finding:
    alone = spec.judge.scrape is None and spec.judge.prometheus is not None
    return finding(
        "selectors.monitor-misses-new:alone" if alone else "selectors.monitor-misses-new",
        Severity.BLOCK if alone else Severity.WARN,
        f"{text(monitor, 'kind')} {called(monitor)}",
        why=why,
        labels=pairs(spec.target.labels),
        namespace=target_ref(spec).namespace,
    )


def nobody_is_adopted(proposal: Proposal) -> Iterable[Finding]:
    """A pod without a controller whose labels match the new selector would be adopted by the DaemonSet, and then deleted."""
    made = proposal.workload
    chosen = mapping(made, "spec", "selector")
    if proposal.source is None or not labels(chosen, "matchLabels"):
        return
    orphans = [
        pod
        for pod in proposal.world.pods_in(target_ref(proposal.spec).namespace)
        if not controller_of(pod)
        and matches(chosen, labels_of(pod))
        and "deletionTimestamp" not in mapping(pod, "metadata")
    ]
    if orphans:
        yield block(
            "selectors.orphan-adopted",
            say("subject.listed", names=tuple(f"Pod {name_of(pod)}" for pod in orphans)),
            pods=len(orphans),
            selector=pairs(labels(chosen, "matchLabels")),
        )


def workloads_are_distinct(proposal: Proposal) -> Iterable[Finding]:
    """Another workload must not select the new pods, nor the new DaemonSet another's: ownership alone keeps them apart."""
    spec = proposal.spec
    if proposal.source is None:
        return
    made = proposal.workload
    ours, new = mapping(made, "spec", "selector"), proposal.new_labels
    for kind in WORKLOADS:
        for other in proposal.world.all(kind):
            if (kind, name_of(other)) in ((spec.source.kind, spec.source.name), (spec.target.kind, spec.target.name)):
                continue
            if namespace_of(other) == target_ref(spec).namespace and _mixed(other, ours, new):
                yield warn(
                    "selectors.other-workload",
                    f"{kind} {called(other)}",
                    selector=pairs(labels(other, "spec", "selector", "matchLabels")),
                )


def _mixed(other: Manifest, ours: Json, new: Mapping[str, str]) -> bool:
    theirs = mapping(other, "spec", "selector")
    return bool(theirs) and (matches(theirs, new) or matches(ours, template_labels(other)))


def selector_is_kept(proposal: Proposal) -> Iterable[Finding]:
    """A DaemonSet's selector is immutable: one that is there already must have the selector that the plan wants."""
    spec = proposal.spec
    wanted = mapping(proposal.workload, "spec", "selector")
    for present in proposal.world.all(spec.target.kind):
        ours = name_of(present) == spec.target.name and namespace_of(present) == target_ref(spec).namespace
        if ours and wanted and mapping(present, "spec", "selector") != wanted:
            yield block(
                "selectors.immutable",
                f"{spec.target.kind} {called(present)}",
                present=str(mapping(present, "spec", "selector")),
                planned=str(wanted),
            )


def owners_are_as_expected(proposal: Proposal) -> Iterable[Finding]:
    """Pods that match the Deployment's selector belong to its ReplicaSets; strays serve beside them and are not moved."""
    world, spec = proposal.world, proposal.spec
    if proposal.source is None:
        return
    chosen = mapping(proposal.source, "spec", "selector")
    own = {pod.ref.name for pod in (*world.old.pods, *world.new.pods)}
    strays = [
        pod
        for pod in world.pods_in(source_ref(spec).namespace)
        if chosen and matches(chosen, labels_of(pod)) and name_of(pod) not in own and not _of_new(pod, spec)
    ]
    if strays:
        yield warn(
            "selectors.stray-pod",
            say("subject.listed", names=tuple(f"Pod {name_of(pod)}" for pod in strays)),
            pods=len(strays),
            workload=str(world.old.ref),
            owners=tuple(f"{text(controller_of(pod), 'kind')} {text(controller_of(pod), 'name')}" for pod in strays),
        )


def _of_new(pod: Manifest, spec: Spec) -> bool:
    owners = items(pod, "metadata", "ownerReferences")
    return any(text(row, "kind") == "DaemonSet" and text(row, "name") == spec.target.name for row in owners)
