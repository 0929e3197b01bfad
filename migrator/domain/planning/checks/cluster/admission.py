"""Checks of what changes or refuses pods on their way in: webhooks that mutate one side alone, quotas, and runtime classes.

What one pod is refused for (LimitRange, PriorityClass, validating webhooks) the dry run of a pod tells
(`deploy.pod-refused`); here is what shows with all of them, or on one side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from migrator.domain.messages.findings import Finding, block, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import (
    called,
    holds,
    labels_of,
    matches,
    name_of,
    namespace_of,
    quantity,
    requests_of,
)
from migrator.domain.model.manifests import Manifest, items, labels, mapping, selects, text
from migrator.domain.model.refs import target_ref
from migrator.domain.model.subjects import nodes_subject, pairs
from migrator.domain.observation.world import template_labels
from migrator.domain.planning.checks.nodes.capacity import planned
from migrator.domain.planning.proposal import Proposal

INJECTS = ("sidecar.istio.io/", "istio.io/")
"""How the labels begin by which Istio's own webhook chooses pods: in a node's network derivation stands in for it."""


def webhooks_mean_both(proposal: Proposal) -> Iterable[Finding]:
    """A webhook that changes one side's pods alone makes gateways that differ where no manifest shows it."""
    source = proposal.source
    if source is None:
        return
    spaces = proposal.world.namespace_labels(target_ref(proposal.spec).namespace)
    old, new = template_labels(source), template_labels(proposal.workload)
    for config in proposal.world.all("MutatingWebhookConfiguration"):
        for hook in items(config, "webhooks"):
            chosen = mapping(hook, "objectSelector")
            if not _sees_pods(hook) or not matches(mapping(hook, "namespaceSelector"), spaces):
                continue
            if matches(chosen, old) is matches(chosen, new) or (proposal.on_host and _injects(chosen)):
                continue
            side, other = ("old", "new") if matches(chosen, old) else ("new", "old")
            subject = f"MutatingWebhookConfiguration {name_of(config)}"
            yield warn(
                "selectors.webhook", subject, hook=text(hook, "name"), side=side, other=other, selector=str(chosen)
            )


def _sees_pods(hook: Manifest) -> bool:
    """Say whether a webhook is asked when a pod is made (admissionregistration.k8s.io/v1, RuleWithOperations)."""
    return any(
        _has(row, "operations", "CREATE")
        and _has(row, "resources", "pods", "pods/*", "*/*")
        and _has(row, "apiGroups", "")
        for row in items(hook, "rules")
    )


def _has(row: Manifest, key: str, *names: str) -> bool:
    listed = row.get(key)
    return isinstance(listed, list) and any(each in (*names, "*") for each in listed if isinstance(each, str))


def _injects(selector: Manifest) -> bool:
    keys = [*labels(selector, "matchLabels"), *(text(row, "key") for row in items(selector, "matchExpressions"))]
    return any(key.startswith(INJECTS) for key in keys)


def quotas_have_room(proposal: Proposal) -> Iterable[Finding]:
    """A quota that has room for one new pod may not have it for all: the others would never be made."""
    nodes = len(proposal.nodes)
    if proposal.source is None or proposal.world.new.exists or not nodes:
        return
    for quota in proposal.world.all("ResourceQuota"):
        here = namespace_of(quota) == target_ref(proposal.spec).namespace
        lacks = (
            tuple(_lacking(quota, amounts_of(proposal.new_pod), nodes))
            if here and _counts(quota, proposal.new_pod)
            else ()
        )
        if lacks:
            yield block("capacity.quota", f"ResourceQuota {called(quota)}", lacks=lacks, pods=nodes)


def amounts_of(pod: Manifest) -> dict[str, float]:
    """Give what a quota counts of one pod, by the quota's names (Kubernetes, "Resource Quotas")."""
    asked = requests_of(pod)
    limits: dict[str, float] = {}
    for container in items(pod, "containers"):
        for name, value in mapping(container, "resources", "limits").items():
            limits[name] = limits.get(name, 0.0) + (quantity(value) or 0.0)
    return {
        "pods": 1.0,
        "count/pods": 1.0,
        **asked,
        **{f"requests.{name}": amount for name, amount in asked.items()},
        **{f"limits.{name}": amount for name, amount in limits.items()},
    }


def _lacking(quota: Manifest, amounts: Mapping[str, float], nodes: int) -> Iterator[Message]:
    hard = mapping(quota, "status", "hard") or mapping(quota, "spec", "hard")
    for name, most in hard.items():
        limit, used = quantity(most), quantity(mapping(quota, "status", "used").get(name)) or 0.0
        needed = amounts.get(name, 0.0) * nodes
        if limit is not None and needed and used + needed > limit:
            yield say("quota.lack", resource=name, used=used, limit=limit, needed=needed)


def _counts(quota: Manifest, pod: Manifest) -> bool:
    """Say whether a quota counts such a pod: by its scopes, which must all hold."""
    scopes = mapping(quota, "spec").get("scopes")
    listed = scopes if isinstance(scopes, list) else []
    rows: list[Manifest] = [{"scopeName": name, "operator": "Exists"} for name in listed]
    return all(_holds(row, pod) for row in (*rows, *items(quota, "spec", "scopeSelector", "matchExpressions")))


def _holds(row: Manifest, pod: Manifest) -> bool:
    asks, name = bool(requests_of(pod)), text(row, "scopeName")
    if name == "PriorityClass":
        own = text(pod, "priorityClassName")
        return holds({**row, "key": name}, {name: own} if own else {})
    return {"NotTerminating": True, "BestEffort": not asks, "NotBestEffort": asks}.get(name, False)


def runtime_class_has_nodes(proposal: Proposal) -> Iterable[Finding]:
    """A runtime class may ask for nodes of its own: admission adds that to each pod, and the DaemonSet counts without it."""
    wanted = text(proposal.new_pod, "runtimeClassName")
    for each in proposal.world.all("RuntimeClass"):
        asked = labels(each, "scheduling", "nodeSelector")
        if not wanted or name_of(each) != wanted or not asked:
            continue
        others = [name_of(node) for node in planned(proposal.world) if not selects(asked, labels_of(node))]
        if others:
            yield block("nodes.runtime-class", nodes_subject(others), name=wanted, labels=pairs(asked))
