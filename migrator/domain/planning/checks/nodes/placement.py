"""The check that the new pods may run on each of the plan's nodes: what they ask of a node, and who keeps them off it.

The DaemonSet controller makes no pod for a node that the template's nodeSelector or required node affinity leaves out, and
waits for nothing: the DaemonSet looks whole without it. Required pod (anti-)affinity leaves the pod Pending instead, and the
rule of a pod that is there keeps later ones away too (kube-scheduler, InterPodAffinity).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from migrator.domain.messages.findings import Finding, block
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import called, controller_of, labels_of, name_of, namespace_of, term_of
from migrator.domain.model.manifests import Json, Manifest, items, labels, text
from migrator.domain.model.refs import namespaces, target_ref
from migrator.domain.model.subjects import nodes_subject, pairs
from migrator.domain.planning.checks.nodes.affinity import REQUIRED, chosen, in_words, terms_of
from migrator.domain.planning.checks.nodes.capacity import planned
from migrator.domain.planning.proposal import Proposal

HOSTNAME = "kubernetes.io/hostname"


def nodes_are_chosen(proposal: Proposal) -> Iterable[Finding]:
    """Every node of the plan must have the labels that the new pods ask of a node: the template's own, too."""
    if proposal.source is None:
        return
    pod = proposal.new_pod
    wanted = labels(pod, "nodeSelector")
    left_out = [node for node in planned(proposal.world) if any(labels_of(node).get(k) != v for k, v in wanted.items())]
    if left_out:
        missing = {k: v for k, v in wanted.items() if any(labels_of(node).get(k) != v for node in left_out)}
        yield _unchosen(
            left_out, say("placement.selector", labels=pairs(missing)), {"nodeSelector": dict.fromkeys(missing)}
        )
    terms = items(pod, "affinity", "nodeAffinity", REQUIRED, "nodeSelectorTerms")
    refused = [node for node in planned(proposal.world) if terms and not any(term_of(term, node) for term in terms)]
    if refused:
        patch: Json = {"affinity": {"nodeAffinity": {REQUIRED: None}}}
        yield _unchosen(refused, say("placement.affinity", terms=tuple(map(in_words, terms))), patch)


def _unchosen(nodes: list[Manifest], why: Message, patch: Json) -> Finding:
    whole = json.dumps({"spec": {"template": {"spec": patch}}})
    return block("nodes.not-chosen", nodes_subject(map(name_of, nodes)), why=why, patch=whole)


def nobody_keeps_pods_off(proposal: Proposal) -> Iterable[Finding]:
    """A pod that is there with a required anti-affinity against the new pods' labels leaves them Pending around it."""
    if proposal.source is None:
        return
    home, spaces = target_ref(proposal.spec).namespace, proposal.world.namespace_labels
    found: dict[tuple[str, tuple[str, ...], str], list[str]] = {}
    for pod in proposal.world.all("Pod"):
        if text(pod, "status", "phase") in ("Succeeded", "Failed") or _is_of_a_side(pod, proposal):
            continue
        for term in terms_of(pod, "podAntiAffinity"):
            near = _around(proposal, pod, term.topology)
            if near and term.means(proposal.new_labels, home, spaces):
                owner = f"{text(controller_of(pod), 'kind') or 'Pod'} {text(controller_of(pod), 'name') or called(pod)}"
                found.setdefault((owner, chosen(term.selector), term.topology), []).extend(near)
    for (owner, whom, topology), nodes in found.items():
        yield block("nodes.kept-off", nodes_subject(nodes), owner=owner, labels=whom, topology=topology)


def _is_of_a_side(pod: Manifest, proposal: Proposal) -> bool:
    """Return whether a pod is the old side's (derivation tells of its rule) or the new side's own."""
    names = {p.ref.name for p in (*proposal.world.old.pods, *proposal.world.new.pods)}
    return name_of(pod) in names and namespace_of(pod) in namespaces(proposal.spec)


def _around(proposal: Proposal, pod: Manifest, topology: str) -> list[str]:
    """Give the plan's nodes that share the pod's domain; nodes whose labels were not seen share only their name."""
    seen = {name_of(node): labels_of(node) for node in proposal.world.all("Node")}
    where = text(pod, "spec", "nodeName")
    domain = seen.get(where, {}).get(topology)
    names = [node.name for node in proposal.world.nodes]
    if domain is None:
        return [name for name in names if name == where and topology == HOSTNAME]
    return [name for name in names if name == where or seen.get(name, {}).get(topology) == domain]


def company_is_there(proposal: Proposal) -> Iterable[Finding]:
    """A new pod that must be near others, by required pod affinity, stays Pending on a node without them."""
    if proposal.source is None:
        return
    home, spaces, having = target_ref(proposal.spec).namespace, proposal.world.namespace_labels, proposal.new_labels
    meta: Manifest = {"namespace": home, "labels": {**having}}
    for term in terms_of({"metadata": meta, "spec": proposal.new_pod}, "podAffinity"):
        abroad = term.spaces is not None or term.namespaces != frozenset({home})
        if abroad or term.means(having, home, spaces):
            continue  # other namespaces' labels are not seen; the first of a group may come alone
        pods = [pod for pod in proposal.world.pods_in(home) if term.means(labels_of(pod), home, spaces)]
        near = {name for pod in pods for name in _around(proposal, pod, term.topology)}
        if alone := [node.name for node in proposal.world.nodes if node.name not in near]:
            whom = chosen(term.selector)
            yield block("nodes.without-company", nodes_subject(alone), labels=whom, topology=term.topology)
