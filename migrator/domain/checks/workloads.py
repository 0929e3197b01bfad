"""Checks of the two workloads: present, settled, told apart, room for the new one, and our permission to do it all."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.domain.derive import derived
from migrator.domain.findings import Finding, Severity
from migrator.domain.manifests import Manifest, items, labels, number, selects, text
from migrator.domain.spec import Approval, Network, Spec, Strategy
from migrator.domain.world import World, containers, template_labels

SHORTEST_KEEP = 600.0


def source_is_there(world: World, spec: Spec) -> Iterable[Finding]:
    """The workload to leave must exist, and in-place is not built."""
    if spec.strategy is Strategy.IN_PLACE:
        yield Finding(
            "strategy.in-place",
            Severity.BLOCK,
            "spec.strategy",
            "in-place replaces the pods under live traffic and loses requests; migrator does not do it",
            "",
            "use canary or blue-green",
        )
    if world.source is None:
        where = f"{spec.source.kind} {spec.cluster.namespace}/{spec.source.name}"
        yield Finding(
            "source.missing",
            Severity.BLOCK,
            where,
            "the workload to migrate does not exist in this cluster",
            f"context {spec.cluster.context or 'current'}",
            "check spec.source, spec.cluster.namespace and spec.cluster.context; `kubectl get deployments -A`",
        )


def old_is_there(world: World, spec: Spec) -> Iterable[Finding]:
    """The old side must be serving, or there is nothing to go back to."""
    if world.source is not None and not any(pod.ready for pod in world.old.live):
        yield Finding(
            "source.not-serving",
            Severity.BLOCK,
            str(world.old.ref),
            f"none of its {len(world.old.live)} pods is Ready",
            "; ".join(pod.trouble for pod in world.old.live if pod.trouble),
            "mend the old side first: a rollback needs it",
        )


def not_rolling(world: World, spec: Spec) -> Iterable[Finding]:
    """A rollout under way changes the old side beneath the plan."""
    if world.old.exists and world.old.rolling:
        yield Finding(
            "source.rolling",
            Severity.BLOCK,
            str(world.old.ref),
            "a rollout is under way",
            f"{world.old.ready} of {world.old.wanted} ready",
            "wait for `kubectl rollout status`, then plan again",
        )


def target_is_free(world: World, spec: Spec) -> Iterable[Finding]:
    """The new workload's name must be free, or an object of ours."""
    if world.new.exists and not world.new.ours:
        yield Finding(
            "target.taken",
            Severity.BLOCK,
            str(world.new.ref),
            "a DaemonSet of this name exists and migrator did not make it",
            f"uid {world.new.uid}",
            "choose another spec.target.name",
        )


def labels_tell_apart(world: World, spec: Spec) -> Iterable[Finding]:
    """The new labels must differ from the old pods', or two controllers claim the same pods."""
    if world.source is None:
        return
    old = template_labels(world.source)
    extra = dict(spec.target.labels)
    if not extra or selects(extra, old):
        yield Finding(
            "labels.same",
            Severity.BLOCK,
            "spec.target.labels",
            "the new pods' labels would not tell them from the old ones: orphaned pods could be adopted by either side",
            f"old {old}, added {extra}",
            "add a label whose value the old pods do not have, e.g. {version: v2}",
        )
    if selects(labels(world.source, "spec", "selector", "matchLabels"), {**old, **extra}):
        yield Finding(
            "labels.old-selector-matches",
            Severity.INFO,
            str(world.old.ref),
            "the Deployment's selector also matches the new pods; they have another owner, so it leaves them alone",
            "",
            "do not orphan the new pods (`kubectl delete --cascade=orphan`) while the Deployment exists",
        )


def nodes_to_run_on(world: World, spec: Spec) -> Iterable[Finding]:
    """There must be nodes, and enough of them to carry what the old replicas carry with one node lost."""
    wanted = ", ".join(f"{key}={value}" for key, value in spec.target.node_selector) or "all nodes"
    if not world.nodes:
        yield Finding(
            "nodes.none", Severity.BLOCK, "spec.target.nodeSelector", "no node matches", wanted, "label the nodes first"
        )
    elif len(world.nodes) - 1 < len(world.old.live):
        yield Finding(
            "nodes.few",
            Severity.WARN,
            "spec.target.nodeSelector",
            f"{len(world.nodes)} nodes take over from {len(world.old.live)} replicas: less capacity with one node lost",
            wanted,
            "add gateway nodes, or make sure that each carries more",
        )


def ports_are_free(world: World, spec: Spec) -> Iterable[Finding]:
    """No pod on the plan's nodes may hold a host port that a new pod needs."""
    if world.source is None:
        return
    wanted = _host_ports(derived(world, spec)[0])
    names = {node.name for node in world.nodes}
    for pod in world.all("Pod"):
        node = text(pod, "spec", "nodeName")
        taken = wanted & _pod_host_ports(pod)
        if node in names and taken and not _ours(pod, spec):
            yield Finding(
                "ports.taken",
                Severity.BLOCK,
                f"node {node}",
                f"host port {', '.join(map(str, sorted(taken)))} is held by another pod; the new pod would stay Pending",
                f"Pod {text(pod, 'metadata', 'namespace')}/{text(pod, 'metadata', 'name')}",
                "map to free ports in spec.target.ports, or choose other nodes",
            )


def _ours(pod: Manifest, spec: Spec) -> bool:
    owners = items(pod, "metadata", "ownerReferences")
    return any(text(o, "kind") == "DaemonSet" and text(o, "name") == spec.target.name for o in owners)


def _host_ports(workload: Manifest) -> set[int]:
    ports = (number(port, "hostPort") for container in containers(workload) for port in items(container, "ports"))
    return {port for port in ports if port}


def _pod_host_ports(pod: Manifest) -> set[int]:
    ports = [port for container in items(pod, "spec", "containers") for port in items(container, "ports")]
    return {number(port, "hostPort") for port in ports if number(port, "hostPort")}


def server_would_admit(world: World, spec: Spec) -> Iterable[Finding]:
    """A server-side dry run of what will be applied must be admitted."""
    for subject, words in world.refused:
        yield Finding(
            "deploy.refused",
            Severity.BLOCK,
            subject,
            "the API server would refuse it",
            words,
            "mend what the words name (spec.target.ports, labels, patch), then plan again",
        )


def may_do_it_all(world: World, spec: Spec) -> Iterable[Finding]:
    """Every verb of the route and of the route back must be allowed before the first of them is used."""
    for denied in world.denied:
        yield Finding(
            "permission.denied",
            Severity.BLOCK,
            denied,
            "the cluster does not allow us to do this, and the route or the route back needs it",
            "SelfSubjectAccessReview said no",
            "grant it to the user of this kubeconfig",
        )


def way_back_is_open(world: World, spec: Spec) -> Iterable[Finding]:
    """A plan that removes the old side without asking must keep it for at least ten minutes, or say why not."""
    cleanup = spec.cleanup
    if cleanup.approval is Approval.AUTO and cleanup.keep_old < SHORTEST_KEEP:
        yield Finding(
            "cleanup.keep-old-short",
            Severity.BLOCK,
            "spec.cleanup",
            f"the old side would be removed without asking, {cleanup.keep_old:g} s after the last shift",
            f"approval auto, keepOld {cleanup.keep_old:g}s",
            "set keepOld to 10m or more, or waive this code with a reason",
        )
    if spec.target.network is Network.HOST:
        yield Finding(
            "network.host",
            Severity.INFO,
            spec.target.name,
            "with hostNetwork no NetworkPolicy applies to the gateway, every port it opens is open on the node, and its "
            "backends see the node's address",
            "",
            "check firewalls and policies that name pod addresses",
        )
