"""What derivation cannot decide or will not rewrite, as findings: ports in commands, an injector that stays away, old
pods that keep new ones off their nodes. It changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrator.domain.gateways import GatewayProfile
from migrator.domain.messages.findings import Finding, Severity, block, finding, warn
from migrator.domain.messages.message import Message, say
from migrator.domain.model.kubernetes import name_of, pod_containers
from migrator.domain.model.manifests import Json, Manifest, dig, items, labels, mapping, number, selects, text
from migrator.domain.model.refs import source_ref, target_ref
from migrator.domain.model.spec import Spec
from migrator.domain.model.subjects import container_subject
from migrator.domain.model.target import Network
from migrator.domain.observation.world import template_labels
from migrator.domain.planning.checks.nodes.affinity import chosen, terms_of
from migrator.domain.planning.derive.draft import ALL_CONTAINERS
from migrator.domain.planning.derive.live import HASH, STATUS, needs_live
from migrator.domain.planning.derive.network import PROBES
from migrator.domain.planning.proposal import Proposal


def undecided(proposal: Proposal) -> Iterable[Finding]:
    """Say what a person must look at before the derived DaemonSet is right."""
    spec = proposal.spec
    if proposal.source is None:
        return
    made = proposal.workload
    yield from _not_injected(proposal, proposal.source)
    yield from _left_behind(proposal, proposal.source)
    yield from _gated(proposal, proposal.source)
    yield from _ports_in_words(made, spec, proposal.gateways.new)
    yield from _repelled(proposal, proposal.source)
    yield from _broken_by_patch(made, spec)


def _not_injected(proposal: Proposal, source: Manifest) -> Iterator[Finding]:
    spec, pod = proposal.spec, proposal.new.injected
    if needs_live(source, spec, proposal.gateways.new) and pod is None:
        yield block(
            "derive.no-injected-pod", f"{spec.source.kind} {spec.source.name}", pods=len(proposal.world.old.live)
        )
    elif (
        spec.target.network is Network.HOST and not needs_live(source, spec, proposal.gateways.new) and pod is not None
    ):
        yield block("derive.sidecar-stays-away", f"Pod {text(pod, 'metadata', 'name')}", annotation=STATUS)


def _left_behind(proposal: Proposal, source: Manifest) -> Iterator[Finding]:
    """Name the containers that somebody put into the live pods and that the new ones will not have: a mesh's proxy, an agent.

    Injectors leave pods with hostNetwork alone, as Istio's does. What the plan's patch takes out is somebody's decision.
    """
    if not proposal.on_host or proposal.new.from_live or proposal.new.injected is not None:
        return
    planned = {*_names(mapping(source, "spec", "template", "spec")), *_names(proposal.new_pod)}
    ready = {pod.ref.name for pod in proposal.world.old.live}
    added: dict[str, str] = {}
    for pod in proposal.world.pods_in(source_ref(proposal.spec).namespace):
        if name_of(pod) in ready:
            added |= {name: name_of(pod) for name in _names(mapping(pod, "spec")) if name not in planned}
    for name, pod_name in sorted(added.items()):
        yield block("derive.container-stays-away", container_subject(name), pod=pod_name)


def _names(pod_spec: Manifest) -> list[str]:
    return [text(row, "name") for row in pod_containers(pod_spec)]


def _gated(proposal: Proposal, source: Manifest) -> Iterator[Finding]:
    """Name the readiness gates that new pods have, or may get: somebody must set them, or they are never Ready."""
    own = _gates(proposal.new_pod)
    for gate in own:
        yield warn("derive.readiness-gate", f"{proposal.spec.target.kind} {proposal.spec.target.name}", gate=gate)
    written = {*own, *_gates(mapping(source, "spec", "template", "spec"))}
    live = {pod.ref.name for pod in proposal.world.old.live}
    pods = [pod for pod in proposal.world.pods_in(source_ref(proposal.spec).namespace) if name_of(pod) in live]
    for gate in dict.fromkeys(gate for pod in pods for gate in _gates(mapping(pod, "spec")) if gate not in written):
        yield warn("derive.readiness-gate:injected", str(proposal.world.old.ref), gate=gate)


def _gates(pod_spec: Manifest) -> list[str]:
    return [text(row, "conditionType") for row in items(pod_spec, "readinessGates")]


def _ports_in_words(made: Manifest, spec: Spec, gateway: GatewayProfile) -> Iterator[Finding]:
    """Name each command, argument and variable that speaks of a port the plan moves."""
    moved = {row.old: row.new for row in spec.target.ports if row.old != row.new}
    if spec.target.network is not Network.HOST or not moved:
        return
    said = [(where, old) for where, words in _words(made) for old in moved if _speaks_of(words, old)]
    declared = {name: ports for name, ports in _declared(made).items() if ports & set(moved.values())}
    for where, old in said:
        told = where["part"] in ("command", "args") and moved[old] in declared.get(str(where["name"]), ())
        yield finding(
            "derive.port-in-words:listens" if told else "derive.port-in-words",
            Severity.BLOCK if told else Severity.WARN,
            where,
            port=old,
            moved=moved[old],
        )
    if not gateway.follows_services:
        yield warn(
            "derive.listener-moves",
            spec.target.name,
            ports=tuple(f"{old} -> {new}" for old, new in sorted(moved.items())),
        )


def _declared(made: Manifest) -> dict[str, set[int]]:
    """Give the ports that each container declares, by its name."""
    rows = [row for kind in ALL_CONTAINERS for row in items(made, "spec", "template", "spec", kind)]
    return {text(row, "name"): {number(port, "containerPort") for port in items(row, "ports")} for row in rows}


def _words(made: Manifest) -> Iterator[tuple[Message, str]]:
    for kind in ALL_CONTAINERS:
        for container in items(made, "spec", "template", "spec", kind):
            name = text(container, "name")
            for place in (("command",), ("args",), *((probe, "exec", "command") for probe in PROBES)):
                yield container_subject(name, ".".join(place)), _joined(dig(container, *place))
            for hook in ("preStop", "postStart"):
                words = _joined(dig(container, "lifecycle", hook, "exec", "command"))
                yield container_subject(name, f"lifecycle.{hook}.exec.command"), words
            for variable in items(container, "env"):
                yield container_subject(name, f"env {text(variable, 'name')}"), text(variable, "value")


def _joined(words: Json) -> str:
    return " ".join(str(word) for word in words) if isinstance(words, list) else ""


def _speaks_of(words: str, port: int) -> bool:
    return re.search(rf"(?<![\d.]){port}(?![\d.]*\d)", words) is not None


def _repelled(proposal: Proposal, source: Manifest) -> Iterator[Finding]:
    """Old pods with a required anti-affinity that also means the new ones keep them off: it works both ways.

    The old pods' own labels are known with their template hash, by which a rule may tell revisions apart (matchLabelKeys).
    """
    home, spaces = source_ref(proposal.spec).namespace, proposal.world.namespace_labels
    having = {HASH: "", **template_labels(source), **proposal.old_labels}
    meta: Manifest = {"namespace": home, "labels": {**having}}
    for term in terms_of({"metadata": meta, "spec": proposal.old_pod}, "podAntiAffinity"):
        if term.means(template_labels(proposal.workload), home, spaces):
            where = str(proposal.world.old.ref)
            yield block("derive.old-pods-repel", where, labels=chosen(term.selector), topology=term.topology)


def _broken_by_patch(made: Manifest, spec: Spec) -> Iterator[Finding]:
    """A patch may say anything; what must hold for the run to find its pods again must hold all the same."""
    if spec.target.patch is None:
        return
    meta = mapping(made, "metadata")
    chosen = labels(made, "spec", "selector", "matchLabels")
    host = mapping(made, "spec", "template", "spec").get("hostNetwork") is True
    on_host = spec.target.network is Network.HOST
    faults = (
        (text(meta, "name") != spec.target.name, say("patch.name")),
        (text(meta, "namespace") != target_ref(spec).namespace, say("patch.namespace")),
        (not selects(chosen, template_labels(made)), say("patch.selector")),
        (spec.target.network is not Network.POD and host is not on_host, say("patch.network")),
    )
    for wrong, fault in faults:
        if wrong:
            yield block("derive.patch-breaks", "spec.target.patch", fault=fault)
